using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>Open promises by whom and when; mine, or the team's.</summary>
/// <param name="Late">Those past due, oldest first.</param>
/// <param name="Feed">When the address of the calendar was made, in words; null where there is none.</param>
/// <param name="Address">The address itself, right after it was made and never again.</param>
public sealed record MyPromisesModel(bool Team, IReadOnlyList<PromiseShown> Late, IReadOnlyList<PromiseShown> Today, IReadOnlyList<PromiseShown> Later, bool More, string? Feed, string? Address);

/// <summary><c>/promises</c>: what I keep, and what my teams do. Only of cases that are seen.</summary>
static class MyPromises
{
    const int Most = 200;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/promises", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock, string? whose) => View.Page<MyPromisesPage>(await Model(http, databases, clock, whose == "team", null));

    /// <summary>What the page shows.</summary>
    internal static async Task<MyPromisesModel> Model(HttpContext http, Databases databases, TimeProvider clock, bool team, string? address)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        var times = new LocalTimes(who.Zone, now);
        using var db = databases.Open();
        var here = http.RequestServices.GetRequiredService<WhoIsHere>();
        // Those who are absent and in whose place I am asked.
        var also = here.AskedInPlaceOf(who.Id, now);
        var rows = await Of(db, who, team, db.Set<Promise>().Where(p => p.State == PromiseState.Open), also).OrderBy(r => r.Promise.DueAt).ThenBy(r => r.Promise.Id).Take(Most + 1).ToListAsync();
        var all = rows.Take(Most).Select(r => (r.Promise.DueAt, Shown: PromiseHooks.Shown(r.Promise, r.Number, here.Named(r.Promise.KeeperId, r.Keeper ?? "", now, who.Zone), now))).ToList();
        var end = times.EndOfToday;
        var feed = await db.Set<PromiseFeed>().Where(f => f.ColleagueId == who.Id && f.EndedAt == null).Select(f => (DateTime?)f.MadeAt).FirstOrDefaultAsync();
        return new(team, [.. all.Where(p => p.DueAt <= now).Select(p => p.Shown)], [.. all.Where(p => p.DueAt > now && p.DueAt < end).Select(p => p.Shown)], [.. all.Where(p => p.DueAt > now && p.DueAt >= end).Select(p => p.Shown)], rows.Count > Most,
            feed is { } made ? times.Moment(made) : null, address);
    }

    /// <summary>A promise with the number of its case and who keeps it.</summary>
    internal sealed class Row
    {
        public required Promise Promise { get; init; }
        public required long Number { get; init; }
        public string? Keeper { get; init; }
    }

    /// <summary>Of these promises one's own (and those of <paramref name="also"/>), or those on cases of one's teams; in any case only of cases that this person sees.</summary>
    internal static IQueryable<Row> Of(Database db, Who who, bool team, IQueryable<Promise> some, IReadOnlyList<long>? also = null)
    {
        List<long> mine = [who.Id, .. also ?? []];
        var teams = who.Teams.ToList();
        var cases = db.CasesVisibleTo(who);
        return from p in team ? some : some.Where(p => mine.Contains(p.KeeperId))
               join c in team ? cases.Where(c => teams.Contains(c.TeamId)) : cases on p.CaseId equals c.Id
               select new Row { Promise = p, Number = c.Number, Keeper = db.Set<Colleague>().Where(x => x.Id == p.KeeperId).Select(x => x.Name).FirstOrDefault() };
    }
}
