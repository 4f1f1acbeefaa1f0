using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>The form of a customer; a new one has no id.</summary>
public sealed record CustomerForm(long? Id, string Name, FormState Form, int? Version, int AddressFields)
{
    /// <summary>Where it is sent.</summary>
    public string Action => Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"/people/{id}/edit") : "/people/new";

    /// <summary>Where one goes back to.</summary>
    public string Back => Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"/people/{id}") : "/people";
}

static class EditCustomer
{
    const int MostAddresses = 20;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/new", (string? name, string? address) => View.Page<CustomerFormPage>(new CustomerForm(null, "", FormState.With(("name", name), ("address1", address)), null, 3))).Needs(Verb.ChangePeople);
        app.MapPost("/people/new", Make).Needs(Verb.ChangePeople);
        app.MapGet("/people/{id:long}/edit", Show).Needs(Verb.ChangePeople);
        app.MapPost("/people/{id:long}/edit", Save).Needs(Verb.ChangePeople);
    }

    static async Task<IResult> Show(long id, Databases databases)
    {
        using var db = databases.Open();
        var one = await db.Set<Customer>().Include(c => c.Addresses).FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere();
        var addresses = one.Addresses.OrderBy(a => a.Kind).ThenBy(a => a.Id).Select((a, i) => ($"address{i + 1}", (object?)a.Shown)).ToArray();
        var form = FormState.With([("name", one.Name), ("language", one.Language), ("zone", one.Zone), ("prefers", one.Prefers), ("needs", one.Needs), ("about", one.About), .. addresses]);
        return View.Page<CustomerFormPage>(new CustomerForm(id, one.Name, form, one.Version, Math.Min(MostAddresses, addresses.Length + 2)));
    }

    sealed record Typed(string Name, string? Language, string? Zone, string? Prefers, string? Needs, string? About, List<(string Field, string Text)> Addresses);

    static Typed Read(FormState form)
    {
        var typed = new Typed(form.Need("name", 200), form.May("language", 2), form.May("zone", 60), form.May("prefers", 10), form.May("needs", 500), form.May("about", 10_000), []);
        if (typed.Language is { } language && !Languages.Knows(language)) form.Wrong("language", Words.NoLanguage);
        if (typed.Zone is { } zone && !Zones.Knows(zone)) form.Wrong("zone", Words.NoZone);
        if (typed.Prefers is not (null or "mail" or "phone" or WritingOnly.Value)) form.Wrong("prefers", Words.NoChoice);
        for (var i = 1; i <= MostAddresses; i++)
            if (form.May($"address{i}", CustomerAddresses.Longest) is { } text)
            {
                typed.Addresses.Add(($"address{i}", text));
                if (CustomerAddresses.Read(text) is null) form.Wrong($"address{i}", Words.NoAddress);
            }
        return typed;
    }

    static int Fields(FormState form) => Math.Clamp(Enumerable.Range(1, MostAddresses).LastOrDefault(i => form[$"address{i}"].Length > 0) + 2, 3, MostAddresses);

    static async Task<IResult> Make(HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var typed = Read(form);
        if (!form.IsValid) return View.Invalid<CustomerFormPage>(new CustomerForm(null, "", form, null, Fields(form)));
        try
        {
            var id = await write.Run(http.Who(), form.Once, async db =>
            {
                var one = await Customers.Make(db, typed.Name, [.. typed.Addresses.Select(a => a.Text)], typed.Language);
                (one.Zone, one.Prefers, one.Needs, one.About) = (typed.Zone, typed.Prefers, typed.Needs, typed.About);
                return one.Id;
            });
            return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{id}"));
        }
        catch (Refused no) { return View.Invalid<CustomerFormPage>(new CustomerForm(null, "", form.Wrong(no), null, Fields(form))); }
    }

    static async Task<IResult> Save(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var typed = Read(form);
        if (!form.IsValid) return View.Invalid<CustomerFormPage>(new CustomerForm(id, form["name"], form, form.Version, Fields(form)));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var one = Database.Checked(await db.Set<Customer>().AsTracking().Include(c => c.Addresses).FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere(), form.Version);
                var texts = new Texts(id);
                one.Name = texts.Set("name", one.Name, typed.Name)!;
                one.Language = texts.Set("language", one.Language, typed.Language);
                one.Zone = texts.Set("zone", one.Zone, typed.Zone);
                one.Prefers = texts.Set("prefers", one.Prefers, typed.Prefers);
                one.Needs = texts.Set("needs", one.Needs, typed.Needs);
                one.About = texts.Set("about", one.About, typed.About);
                await PutAddresses(db, one, typed.Addresses, texts);
                if (texts.Any) one.Changed(false, texts.All);
            });
        }
        catch (Refused no) { return View.Invalid<CustomerFormPage>(new CustomerForm(id, form["name"], form.Wrong(no), form.Version, Fields(form))); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{id}"));
    }

    // What stays keeps its row, and so the mark that mail came back.
    static async Task PutAddresses(Database db, Customer one, List<(string Field, string Text)> typed, Texts texts)
    {
        var code = await Customers.CallingCode(db);
        var kept = new List<CustomerAddress>();
        foreach (var (field, text) in typed)
        {
            if (CustomerAddresses.Read(text, code) is not { } read) throw new Refused(field, Words.NoAddress);
            if (kept.Exists(a => a.Kind == read.Kind && a.Value == read.Value)) continue;
            var row = one.Addresses.Find(a => a.Value == read.Value);
            if (row is null)
            {
                row = new CustomerAddress
                {
                    Id = db.Ids!.Next(),
                    CustomerId = one.Id,
                    Kind = read.Kind,
                    Value = read.Value,
                    Shown = text,
                    Tail = read.Kind == AddressKind.Phone ? CustomerAddresses.Tail(read.Value) : null,
                    Claim = await db.Set<CustomerAddress>().AnyAsync(a => a.Claim == read.Value) ? null : read.Value
                };
                db.Add(row);
                texts.Set("address", null, text);
            }
            else row.Shown = texts.Set("address", row.Shown, text)!;
            kept.Add(row);
        }
        foreach (var gone in one.Addresses.Except(kept).ToList())
        {
            texts.Set("address", gone.Shown, null);
            one.Addresses.Remove(gone);
            db.Remove(gone);
        }
    }
}

/// <summary>Gathers what changed, for the texts beside a fact.</summary>
sealed class Texts(long? person)
{
    readonly List<FactTextDraft> all = [];

    public bool Any => all.Count > 0;
    public FactTextDraft[] All => [.. all];

    /// <summary>Notes a difference and answers the new text.</summary>
    public string? Set(string field, string? before, string? after)
    {
        if (before != after) all.Add(new FactTextDraft(field, before, after, person));
        return after;
    }
}
