using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>Open promises by whom and when; mine, or the team's.</summary>
/// <param name="Late">Those past due, oldest first.</param>
public sealed record MyPromisesModel(bool Team, IReadOnlyList<PromiseShown> Late, IReadOnlyList<PromiseShown> Today, IReadOnlyList<PromiseShown> Later, bool More);

/// <summary><c>/promises</c>: what I keep, and what my teams do. Only of cases that are seen.</summary>
static class MyPromises
{
    const int Most = 200;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/promises", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock, string? whose)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        var times = new LocalTimes(who.Zone, now);
        using var db = databases.Open();
        var teams = who.Teams.ToList();
        var open = db.Set<Promise>().Where(p => p.State == PromiseState.Open);
        var cases = db.CasesVisibleTo(who);
        var rows = await (from p in whose == "team" ? open : open.Where(p => p.KeeperId == who.Id)
                          join c in whose == "team" ? cases.Where(c => teams.Contains(c.TeamId)) : cases on p.CaseId equals c.Id
                          orderby p.DueAt, p.Id
                          select new { Promise = p, c.Number, Keeper = db.Set<Colleague>().Where(x => x.Id == p.KeeperId).Select(x => x.Name).FirstOrDefault() }).Take(Most + 1).ToListAsync();
        var all = rows.Take(Most).Select(r => (r.Promise.DueAt, Shown: PromiseHooks.Shown(r.Promise, r.Number, r.Keeper ?? "", now))).ToList();
        var end = times.EndOfToday;
        return View.Page<MyPromisesPage>(new MyPromisesModel(whose == "team", [.. all.Where(p => p.DueAt <= now).Select(p => p.Shown)], [.. all.Where(p => p.DueAt > now && p.DueAt < end).Select(p => p.Shown)], [.. all.Where(p => p.DueAt > now && p.DueAt >= end).Select(p => p.Shown)], rows.Count > Most));
    }
}
