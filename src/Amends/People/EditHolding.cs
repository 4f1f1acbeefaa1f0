using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>Holdings of somebody, and whether they may be changed.</summary>
public sealed record HoldingsModel(IReadOnlyList<Holding> Holdings, bool MayChange);

/// <summary>The form of a holding; a new one has no id.</summary>
public sealed record HoldingForm(long? Id, string OwnerName, string OwnerHref, string Action, FormState Form, int? Version);

static class EditHolding
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/{owner:long}/holdings/new", (long owner, Databases databases) => New(PersonKind.Customer, owner, databases)).Needs(Verb.ChangePeople);
        app.MapGet("/people/organisations/{owner:long}/holdings/new", (long owner, Databases databases) => New(PersonKind.Organisation, owner, databases)).Needs(Verb.ChangePeople);
        app.MapPost("/people/{owner:long}/holdings/new", (long owner, HttpContext http, Databases databases, Writer write) => Save(PersonKind.Customer, owner, null, http, databases, write)).Needs(Verb.ChangePeople);
        app.MapPost("/people/organisations/{owner:long}/holdings/new", (long owner, HttpContext http, Databases databases, Writer write) => Save(PersonKind.Organisation, owner, null, http, databases, write)).Needs(Verb.ChangePeople);
        app.MapGet("/people/holdings/{id:long}", Show).Needs(Verb.ChangePeople);
        app.MapPost("/people/holdings/{id:long}", (long id, HttpContext http, Databases databases, Writer write) => Save(PersonKind.Holding, 0, id, http, databases, write)).Needs(Verb.ChangePeople);
        app.MapPost("/people/holdings/{id:long}/remove", Remove).Needs(Verb.ChangePeople);
    }

    static async Task<IResult> New(PersonKind kind, long owner, Databases databases)
    {
        using var db = databases.Open();
        return View.Page<HoldingFormPage>(await Model(db, kind, owner, null, new FormState(), null));
    }

    static async Task<IResult> Show(long id, Databases databases)
    {
        using var db = databases.Open();
        var one = await db.Set<Holding>().FirstOrDefaultAsync(h => h.Id == id) ?? throw new NotThere();
        var form = FormState.With(("product", one.Product), ("variant", one.Variant), ("batch", one.Batch), ("serial", one.Serial), ("contract", one.Contract), ("site", one.Site), ("since", Day(one.Since)), ("until", Day(one.Until)));
        return View.Page<HoldingFormPage>(await Model(db, PersonKind.Holding, 0, id, form, one.Version));
    }

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static async Task<HoldingForm> Model(Database db, PersonKind kind, long owner, long? id, FormState form, int? version)
    {
        if (id is { } known)
        {
            var one = await db.Set<Holding>().FirstOrDefaultAsync(h => h.Id == known) ?? throw new NotThere();
            (kind, owner) = one.CustomerId is { } customer ? (PersonKind.Customer, customer) : (PersonKind.Organisation, one.OrganisationId ?? 0);
        }
        var name = kind == PersonKind.Customer ? await db.Set<Customer>().Where(c => c.Id == owner).Select(c => c.Name).FirstOrDefaultAsync() : await db.Set<Organisation>().Where(o => o.Id == owner).Select(o => o.Name).FirstOrDefaultAsync();
        var href = Href(kind, owner);
        return new(id, name ?? throw new NotThere(), href, id is { } there ? string.Create(CultureInfo.InvariantCulture, $"/people/holdings/{there}") : href + "/holdings/new", form, version);
    }

    static string Href(PersonKind kind, long owner) => string.Create(CultureInfo.InvariantCulture, $"/people/{(kind == PersonKind.Customer ? "" : "organisations/")}{owner}");

    static async Task<IResult> Save(PersonKind kind, long owner, long? id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var product = form.Need("product", 200);
        var (variant, batch, serial, contract, site) = (form.May("variant", 120), form.May("batch", 120), form.May("serial", 120), form.May("contract", 120), form.May("site", 120));
        var (since, until) = (DayOf(form, "since"), DayOf(form, "until"));
        if (since > until) form.Wrong("until", Words.UntilBeforeSince);
        if (form.IsValid)
        {
            var href = await write.Run(http.Who(), form.Once, async db =>
            {
                Holding one;
                if (id is { } known) one = await db.Load<Holding>(known, form.Version);
                else
                {
                    if (!(kind == PersonKind.Customer ? await db.Set<Customer>().AnyAsync(c => c.Id == owner) : await db.Set<Organisation>().AnyAsync(o => o.Id == owner))) throw new NotThere();
                    one = new Holding { Id = db.Ids!.Next(), Product = "", CustomerId = kind == PersonKind.Customer ? owner : null, OrganisationId = kind == PersonKind.Customer ? null : owner };
                }
                Fill(one, id is null, product, variant, batch, serial, contract, site, since, until);
                if (id is null) db.Add(one);
                return one.CustomerId is { } customer ? Href(PersonKind.Customer, customer) : Href(PersonKind.Organisation, one.OrganisationId ?? 0);
            });
            return View.Go(http, href);
        }
        using var look = databases.Open();
        return View.Invalid<HoldingFormPage>(await Model(look, kind, owner, id, form, form.Version));
    }

    /// <summary>Sets what is known of a holding, and records what changed. True when anything did.</summary>
    internal static bool Fill(Holding one, bool isNew, string product, string? variant, string? batch, string? serial, string? contract, string? site, DateOnly? since, DateOnly? until)
    {
        var texts = new Texts(one.CustomerId);
        one.Product = texts.Set("product", isNew ? null : one.Product, product)!;
        one.Variant = texts.Set("variant", one.Variant, variant);
        one.Batch = texts.Set("batch", one.Batch, batch);
        one.Serial = texts.Set("serial", one.Serial, serial);
        one.Contract = texts.Set("contract", one.Contract, contract);
        one.Site = texts.Set("site", one.Site, site);
        texts.Set("since", Day(one.Since), Day(since));
        texts.Set("until", Day(one.Until), Day(until));
        (one.Since, one.Until) = (since, until);
        if (texts.Any) one.Changed(texts.All);
        return texts.Any;
    }

    static DateOnly? DayOf(FormState form, string field)
    {
        var text = form.May(field, 10);
        if (text is null) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200) return day;
        form.Wrong(field, Words.NoDay);
        return null;
    }

    static async Task<IResult> Remove(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var href = await write.Run(http.Who(), form.Once, async db =>
        {
            var one = await db.Load<Holding>(id, form.Version);
            one.Changed(new FactTextDraft("product", one.Product, null, one.CustomerId), new FactTextDraft("batch", one.Batch, null, one.CustomerId), new FactTextDraft("serial", one.Serial, null, one.CustomerId));
            db.Remove(one);
            return one.CustomerId is { } customer ? Href(PersonKind.Customer, customer) : Href(PersonKind.Organisation, one.OrganisationId ?? 0);
        });
        return View.Go(http, href);
    }
}
