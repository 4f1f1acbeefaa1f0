using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A case in which nothing happens.</summary>
/// <param name="Since">From when on nothing lies ahead (<see cref="Case.StandsFrom"/>), UTC.</param>
/// <param name="Last">What was last done by a person, or null.</param>
public sealed record StandingCase(long Id, long Number, int Version, string Subject, long TeamId, string Team, long? OwnerId, string? Owner, DateTime Since)
{
    public FactLine? Last { get; init; }
    public bool MayAssign { get; init; }

    /// <summary>Who of the line was told last, when, and why; null where nobody was.</summary>
    public long? ToldId { get; init; }
    public DateTime? ToldAt { get; init; }
    public EscalationCause? ToldOf { get; init; }
    public string? ToldTo { get; init; }
}

/// <summary>Those of one team and one owner that stand on this page.</summary>
/// <param name="Count">How many there are, on all pages.</param>
public sealed record StandingGroup(string Team, string? Owner, int Count, IReadOnlyList<StandingCase> Cases);

/// <summary>A page of them.</summary>
public sealed record NothingModel(IReadOnlyList<StandingGroup> Groups, LocalTimes Times, int Page, bool More, bool MayExport);

/// <summary><c>/nothing-happens</c>: for those who see the cases of a team. Teams and owners stand by their names: nobody is ranked.</summary>
static class NothingHappens
{
    const int PageSize = 50, MostPages = 400;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/nothing-happens", Show).Needs(Verb.SeeCases);

    /// <summary>Whether somebody sees more than what is his own.</summary>
    public static bool IsFor(Actor actor) => actor is Who who && who.ScopeOf(Verb.SeeCases) >= Scope.Team;

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock, CaseHooks hooks, Names kept, int? page)
    {
        if (!IsFor(http.Who())) throw new NotThere();
        using var db = databases.Open();
        var asked = Desk.Asked(db, http, clock);
        var at = Math.Clamp(page ?? 1, 1, MostPages);
        var cases = DeskViews.Fixed.First(v => v.Key == "none").Cases(asked);
        var rows = await (from c in cases
                          join t in db.Set<Team>() on c.TeamId equals t.Id
                          join o in db.Set<Colleague>() on c.OwnerId equals o.Id into owners
                          from o in owners.DefaultIfEmpty()
                          orderby t.Name, t.Id, c.OwnerId != null, o.Name, c.OwnerId, c.StandsFrom, c.Id
                          select new StandingCase(c.Id, c.Number, c.Version, c.Subject, c.TeamId, t.Name, c.OwnerId, o.Name, c.StandsFrom ?? c.LastContactAt) { ToldId = c.EscalatedTo, ToldAt = c.EscalatedAt, ToldOf = c.EscalatedFor }).Skip((at - 1) * PageSize).Take(PageSize + 1).ToListAsync();
        var counts = await cases.GroupBy(c => new { c.TeamId, c.OwnerId }).Select(g => new { g.Key.TeamId, g.Key.OwnerId, Count = g.Count() }).ToListAsync();
        var shown = rows.Take(PageSize).ToList();
        var times = new LocalTimes(asked.Who.Zone, asked.Now);
        var last = await Last(db, [.. shown.Select(r => r.Id)], times, hooks, kept);
        var ids = shown.ConvertAll(r => r.Id);
        var mine = (await db.Set<Case>().Where(c => ids.Contains(c.Id)).ToListAsync()).Where(c => Visibility.MayDo(asked.Who, Verb.WorkCases, c)).Select(c => c.Id).ToHashSet();
        var everyone = await kept.Read(db);
        var groups = shown.GroupBy(r => (r.TeamId, r.OwnerId)).Select(g => new StandingGroup(g.First().Team, g.First().Owner, counts.Find(c => c.TeamId == g.Key.TeamId && c.OwnerId == g.Key.OwnerId)?.Count ?? g.Count(),
            [.. g.Select(r => r with { Last = last.GetValueOrDefault(r.Id), MayAssign = mine.Contains(r.Id), ToldTo = r.ToldId is { } told ? everyone.Colleagues.GetValueOrDefault(told, Words.SomeoneGone) : null })]));
        return View.Page<NothingHappensPage>(new NothingModel([.. groups], times, at, rows.Count > PageSize && at < MostPages, asked.Who.Can(Verb.ExportCases)));
    }

    // The newest fact of each that a person made: what the clock noted is nothing done.
    static async Task<Dictionary<long, FactLine>> Last(Database db, List<long> ids, LocalTimes times, CaseHooks hooks, Names kept)
    {
        var newest = await db.Set<Fact>().Where(f => ids.Contains(f.Subject) && f.ActorKind != ActorKind.System).GroupBy(f => f.Subject).Select(g => g.Max(f => f.Id)).ToListAsync();
        var facts = await db.Set<Fact>().Where(f => newest.Contains(f.Id)).ToListAsync();
        var read = facts.Select(f => f.Read()).ToList();
        var names = await FactNames.Read(db, kept, facts, read, hooks: hooks);
        var texts = (await db.Set<FactText>().Where(t => newest.Contains(t.FactId)).ToListAsync()).ToLookup(t => t.FactId);
        var lines = new Dictionary<long, FactLine>();
        for (var i = 0; i < facts.Count; i++)
            if (FactWords.Line(facts[i], read[i], names, times, texts, hooks, all: true) is { } line) lines[facts[i].Subject] = line;
        return lines;
    }

    /// <summary>“3 d”, “5 h”: how long already.</summary>
    public static string Age(TimeSpan age) => age.TotalDays >= 2 ? string.Format(CultureInfo.CurrentCulture, Words.AgeDays, (int)age.TotalDays) : string.Format(CultureInfo.CurrentCulture, Words.AgeHours, (int)Math.Max(0, age.TotalHours));
}
