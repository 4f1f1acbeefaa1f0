using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>The form of an organisation; a new one has no id.</summary>
public sealed record OrganisationForm(long? Id, string Name, FormState Form, int? Version)
{
    /// <summary>Where it is sent.</summary>
    public string Action => Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"/people/organisations/{id}/edit") : "/people/organisations/new";

    /// <summary>Where one goes back to.</summary>
    public string Back => Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"/people/organisations/{id}") : "/people/organisations";
}

static class EditOrganisation
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/organisations/new", () => View.Page<OrganisationFormPage>(new OrganisationForm(null, "", new FormState(), null))).Needs(Verb.ChangePeople);
        app.MapPost("/people/organisations/new", (HttpContext http, Writer write) => Save(null, http, write)).Needs(Verb.ChangePeople);
        app.MapGet("/people/organisations/{id:long}/edit", async (long id, Databases databases) =>
        {
            using var db = databases.Open();
            var one = await db.Set<Organisation>().FirstOrDefaultAsync(o => o.Id == id) ?? throw new NotThere();
            return View.Page<OrganisationFormPage>(new OrganisationForm(id, one.Name, FormState.With(("name", one.Name), ("domains", one.Domains), ("place", one.Place), ("about", one.About)), one.Version));
        }).Needs(Verb.ChangePeople);
        app.MapPost("/people/organisations/{id:long}/edit", (long id, HttpContext http, Writer write) => Save(id, http, write)).Needs(Verb.ChangePeople);
    }

    static async Task<IResult> Save(long? id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (name, typed, place, about) = (form.Need("name", 200), form.May("domains", 2000), form.May("place", 200), form.May("about", 10_000));
        var domains = Domains(typed, why => form.Wrong("domains", why));
        if (!form.IsValid) return View.Invalid<OrganisationFormPage>(new OrganisationForm(id, form["name"], form, form.Version));
        try
        {
            var made = await write.Run(http.Who(), form.Once, async db =>
            {
                var sort = Customers.Fold(name);
                if (id is null && await db.Set<Organisation>().AnyAsync(o => o.Sort == sort && o.Name == name)) throw new Refused("name", Words.OrganisationThere);
                var one = id is { } known ? await db.Load<Organisation>(known, form.Version) : new Organisation { Id = db.Ids!.Next(), Name = name };
                var texts = new Texts(null);
                one.Name = texts.Set("name", id is null ? null : one.Name, name)!;
                one.Domains = texts.Set("domains", one.Domains, domains);
                one.Place = texts.Set("place", one.Place, place);
                one.About = texts.Set("about", one.About, about);
                if (texts.Any) one.Changed(texts.All);
                if (id is null) db.Add(one);
                return one.Id;
            });
            return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/organisations/{made}"));
        }
        catch (Refused no) { return View.Invalid<OrganisationFormPage>(new OrganisationForm(id, form["name"], form.Wrong(no), form.Version)); }
    }

    /// <summary>Domains as they are compared, separated by a space; null for none.</summary>
    internal static string? Domains(string? typed, Action<string> wrong)
    {
        var all = new List<string>();
        foreach (var one in (typed ?? "").Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
            if (CustomerAddresses.Domain(one) is { } domain && domain.Contains('.', StringComparison.Ordinal)) { if (!all.Contains(domain)) all.Add(domain); }
            else wrong(string.Format(CultureInfo.CurrentCulture, Words.NoDomain, one));
        return all.Count == 0 ? null : string.Join(' ', all);
    }
}
