using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>A customer's page.</summary>
public sealed record CustomerModel(Customer Customer, IReadOnlyList<(Organisation Organisation, string? Role)> Organisations, IReadOnlyList<Holding> Holdings, IReadOnlyList<Customer> MergedHere, Customer? MergedInto,
    IReadOnlyList<CustomerPanel> Panels, HistoryModel History, IReadOnlyList<string> KnownOrganisations, FormState Form, Who Who)
{
    /// <summary>True for those who may change people, on a customer that stands.</summary>
    public bool MayChange => Who.Can(Verb.ChangePeople) && MergedInto is null;

    /// <summary>Under each other: mail, phone, handles.</summary>
    public IEnumerable<CustomerAddress> Addresses => Customer.Addresses.OrderBy(a => a.Kind).ThenBy(a => a.Id);
}

static class ShowCustomer
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/people/{id:long}", async (long id, HttpContext http, Databases databases) =>
    {
        using var db = databases.Open();
        return View.Page<CustomerPage>(await Model(db, id, http, new FormState()));
    }).Needs(Verb.SeePeople);

    public static async Task<CustomerModel> Model(Database db, long id, HttpContext http, FormState form)
    {
        var one = await db.Set<Customer>().Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere();
        var merged = await db.Set<Customer>().Where(c => c.MergedInto == id).OrderBy(c => c.Id).Take(50).Include(c => c.Addresses).ToListAsync();
        var into = one.MergedInto is { } other ? await db.Set<Customer>().FirstOrDefaultAsync(c => c.Id == other) : null;
        long[] ids = [id, .. merged.Select(c => c.Id)];
        var roles = (await db.Set<Membership>().Where(m => ids.Contains(m.CustomerId)).ToListAsync()).GroupBy(m => m.OrganisationId).ToDictionary(g => g.Key, g => g.Select(m => m.Role).FirstOrDefault(r => r is not null));
        var organisationIds = roles.Keys.ToList();
        var organisations = await db.Set<Organisation>().Where(o => organisationIds.Contains(o.Id)).OrderBy(o => o.Sort).ToListAsync();
        var holdings = await db.Set<Holding>().Where(h => h.CustomerId != null && ids.Contains(h.CustomerId.Value)).OrderBy(h => h.Product).ThenBy(h => h.Id).Take(200).ToListAsync();
        var who = http.Who();
        var panels = new List<CustomerPanel>();
        foreach (var hook in http.RequestServices.GetRequiredService<PeopleHooks>().CustomerPanels)
            if (await hook(new CustomerAsked(one, ids, who, db, http.RequestServices)) is { } panel) panels.Add(panel);
        var known = who.Can(Verb.ChangePeople) ? await db.Set<Organisation>().OrderBy(o => o.Sort).Take(300).Select(o => o.Name).ToListAsync() : [];
        return new(one, [.. organisations.Select(o => (o, roles[o.Id]))], holdings, merged, into, panels, new HistoryModel(await History.Of(db, [.. ids, .. holdings.Select(h => h.Id)]), who.Zone), known, form, who);
    }
}
