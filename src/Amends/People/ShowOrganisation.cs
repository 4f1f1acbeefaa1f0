using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>An organisation's page. At most 200 members are shown.</summary>
public sealed record OrganisationModel(Organisation Organisation, IReadOnlyList<(Customer Customer, string? Role)> Members, int MemberCount, IReadOnlyList<Holding> Holdings, IReadOnlyList<CustomerPanel> Panels, HistoryModel History, Who Who)
{
    /// <summary>True for those who may change people.</summary>
    public bool MayChange => Who.Can(Verb.ChangePeople);
}

static class ShowOrganisation
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/people/organisations/{id:long}", Show).Needs(Verb.SeePeople);

    static async Task<IResult> Show(long id, HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        var one = await db.Set<Organisation>().FirstOrDefaultAsync(o => o.Id == id) ?? throw new NotThere();
        var memberships = db.Set<Membership>().Where(m => m.OrganisationId == id);
        var members = await db.Standing().Where(c => memberships.Any(m => m.CustomerId == c.Id)).OrderBy(c => c.Sort).ThenBy(c => c.Id).Take(200).Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().ToListAsync();
        var count = await memberships.CountAsync();
        var holdings = await db.Set<Holding>().Where(h => h.OrganisationId == id).OrderBy(h => h.Product).ThenBy(h => h.Id).Take(200).ToListAsync();
        var who = http.Who();
        var panels = new List<CustomerPanel>();
        foreach (var hook in http.RequestServices.GetRequiredService<PeopleHooks>().OrganisationPanels)
            if (await hook(new OrganisationAsked(one, who, db, http.RequestServices)) is { } panel) panels.Add(panel);
        return View.Page<OrganisationPage>(new OrganisationModel(one, [.. members.Select(c => (c, c.Memberships.First(m => m.OrganisationId == id).Role))], count, holdings, panels, new HistoryModel(await History.Of(db, [id, .. holdings.Select(h => h.Id)]), who.Zone), who));
    }
}
