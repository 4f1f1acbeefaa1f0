using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

static class JoinOrganisation
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/people/{id:long}/organisations", Join).Needs(Verb.ChangePeople);
        app.MapPost("/people/{id:long}/organisations/leave", Leave).Needs(Verb.ChangePeople);
    }

    static async Task<IResult> Join(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("organisation", 200);
        var role = form.May("role", 120);
        try
        {
            if (form.IsValid)
            {
                await write.Run(http.Who(), form.Once, async db =>
                {
                    var one = Database.Checked(await db.Set<Customer>().AsTracking().Include(c => c.Memberships).FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere(), form.Version);
                    var organisation = await Organisations.FindOrMake(db, name);
                    if (one.Memberships.Find(m => m.OrganisationId == organisation.Id) is { } there) there.Role = role;
                    else one.Memberships.Add(new Membership { CustomerId = id, OrganisationId = organisation.Id, Role = role });
                    one.Changed(false, new FactTextDraft("organisation", null, organisation.Name, id));
                });
                return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{id}"));
            }
        }
        catch (Refused no) { form.Wrong(no); }
        using var look = databases.Open();
        return View.Invalid<CustomerPage>(await ShowCustomer.Model(look, id, http, form));
    }

    static async Task<IResult> Leave(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var one = Database.Checked(await db.Set<Customer>().AsTracking().Include(c => c.Memberships).FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere(), form.Version);
            if (one.Memberships.Find(m => m.OrganisationId == form.Id("organisation")) is not { } there) return;
            var name = await db.Set<Organisation>().Where(o => o.Id == there.OrganisationId).Select(o => o.Name).FirstAsync();
            one.Memberships.Remove(there);
            one.Changed(false, new FactTextDraft("organisation", name, null, id));
        });
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{id}"));
    }
}

/// <summary>Finds and makes organisations.</summary>
static class Organisations
{
    /// <summary>Inside of a write: the organisation of this name, compared without case and accents, or a new one.</summary>
    public static async Task<Organisation> FindOrMake(Database db, string name)
    {
        name = Customers.Cut(name.Trim(), 200);
        var sort = Customers.Fold(name);
        var there = db.Set<Organisation>().Local.FirstOrDefault(o => o.Sort == sort && (sort.Length > 0 || o.Name == name))
            ?? await db.Set<Organisation>().AsTracking().Where(o => o.Sort == sort && (sort.Length > 0 || o.Name == name)).OrderBy(o => o.Id).FirstOrDefaultAsync();
        if (there is not null) return there;
        var made = new Organisation { Id = db.Ids!.Next(), Name = name };
        made.Changed(new FactTextDraft("name", null, name));
        db.Add(made);
        return made;
    }
}
