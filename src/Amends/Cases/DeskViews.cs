using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>How a list is ordered.</summary>
public enum DeskSort : byte { NextStep = 0, Newest = 1 }

/// <summary>The moment and the person for whom views are drawn.</summary>
public sealed record DeskAsked(Database Db, Who Who, DateTime Now, DateTime EndOfToday);

/// <summary>A view of the desk: a name in the address, words, and which cases stand in it. All narrow what its asker may see.</summary>
public sealed record DeskView(string Key, Func<string> Name, DeskSort Sort, Func<DeskAsked, IQueryable<Case>> Cases);

/// <summary>The numbers beside the views.</summary>
public sealed record DeskCounts(int All, int Mine, int Team, int New, int Waiting, int Today, int None, int Following = 0, int Resolved = 0, int Risk = 0, int Apologies = 0, int Lost = 0, int Call = 0, int Late = 0)
{
    public static readonly DeskCounts Nothing = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>The number beside a view, or null where none is counted.</summary>
    public int? Of(string key) => key switch
    {
        "mine" => Mine,
        "team" => Team,
        "new" => New,
        "following" => Following,
        "waiting" => Waiting,
        "today" => Today,
        "none" => None,
        "call" => Call,
        "resolved" => Resolved,
        "late" => Late,
        "risk" => Risk,
        "apologies" => Apologies,
        "lost" => Lost,
        "open" => All,
        _ => null
    };
}

/// <summary>Where a page of a list begins: behind this row.</summary>
public readonly record struct DeskKey(DateTime? At, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(At is { } at ? ((at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture) : "n")}_{Id}");

    /// <summary>Reads it back; null when it is none.</summary>
    public static DeskKey? Read(string? text)
    {
        var parts = text?.Split('_');
        if (parts is not { Length: 2 } || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        if (parts[0] == "n") return new DeskKey(null, id);
        // To the year 9999.
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000 ? new DeskKey(DateTime.UnixEpoch.AddMilliseconds(ms), id) : null;
    }
}

/// <summary>The views, their rows and their counts.</summary>
static class DeskViews
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    /// <summary>The fixed views, in their order.</summary>
    public static readonly IReadOnlyList<DeskView> Fixed =
    [
        new("mine", () => Words.ViewMine, DeskSort.NextStep, a => Open(a).Where(c => c.OwnerId == a.Who.Id)),
        new("team", () => Words.ViewTeam, DeskSort.NextStep, a => { var teams = a.Who.Teams.ToList(); return Open(a).Where(c => teams.Contains(c.TeamId)); }),
        new("new", () => Words.ViewNew, DeskSort.NextStep, a => Open(a).Where(c => c.OwnerId == null)),
        new("following", () => Words.ViewFollowing, DeskSort.Newest, a => Open(a).Where(c => a.Db.Set<Watcher>().Any(w => w.CaseId == c.Id && w.ColleagueId == a.Who.Id))),
        new("today", () => Words.ViewToday, DeskSort.NextStep, a => Open(a).Where(c => c.NextStepAt >= a.Now && c.NextStepAt < a.EndOfToday)),
        new("waiting", () => Words.ViewWaiting, DeskSort.NextStep, a => Open(a).Where(c => c.State == CaseState.Waiting)),
        new("resolved", () => Words.ViewResolved, DeskSort.Newest, a => Standing(a).Where(c => c.State == CaseState.Resolved)),
        new("none", () => Words.ViewNone, DeskSort.Newest, a => Open(a).Where(c => c.NextStepAt == null || c.NextStepAt < a.Now)),
        new("risk", () => Words.ViewRisk, DeskSort.NextStep, a => Open(a).Where(c => c.PromisedRiskAt != null && c.PromisedRiskAt <= a.Now)),
        new("call", () => Words.ViewCall, DeskSort.NextStep, a => Open(a).Where(c => c.PhoneSince != null)),
        new("late", () => Words.ViewLate, DeskSort.NextStep, a => Open(a).Where(c => c.PastTargetFrom != null && c.PastTargetFrom <= a.Now)),
        new("apologies", () => Words.ViewApologies, DeskSort.NextStep, a => Open(a).Where(c => c.ApologyDue != null && c.ApologyDue <= a.Now)),
        new("lost", () => Words.ViewLost, DeskSort.Newest, Lost),
        new("open", () => Words.ViewOpen, DeskSort.NextStep, Open),
        new("closed", () => Words.ViewClosed, DeskSort.Newest, a => Standing(a).Where(c => c.State > CaseState.Resolved)),
        new("spam", () => Words.ViewSpam, DeskSort.Newest, a => a.Db.CasesVisibleTo(a.Who).Where(c => c.SpamAt != null && c.MergedInto == null)),
        new("deleted", () => Words.ViewDeleted, DeskSort.Newest, a => a.Db.CasesVisibleToWithDeleted(a.Who).Where(c => c.DeletedAt != null)),
    ];

    /// <summary>What stands for itself: no spam, not merged away.</summary>
    public static IQueryable<Case> Standing(DeskAsked a) => a.Db.CasesVisibleTo(a.Who).Where(c => c.SpamAt == null && c.MergedInto == null);

    /// <summary>What is open.</summary>
    public static IQueryable<Case> Open(DeskAsked a) => Standing(a).Where(c => c.State < CaseState.Resolved);

    // Passed on more than three times; or the customer waits for us, and who owns it is here no longer, or nobody took it while there was time, or its team has nobody.
    static IQueryable<Case> Lost(DeskAsked a) => Open(a).Where(c => c.Handovers > Case.MostHandovers || c.CustomerWaitsSince != null
        && (c.OwnerId == null
            ? c.FirstAnsweredAt != null || c.FirstAnswerDue < a.Now || !a.Db.Set<TeamMember>().Any(m => m.TeamId == c.TeamId && a.Db.Set<Colleague>().Any(o => o.Id == m.ColleagueId && o.State == ColleagueState.Active))
            : a.Db.Set<Colleague>().Any(o => o.Id == c.OwnerId && o.State != ColleagueState.Active)));

    /// <summary>A saved view as a view.</summary>
    public static DeskView Of(SavedView saved) => new("v" + saved.Id.ToString(CultureInfo.InvariantCulture), () => saved.Name, DeskSort.NextStep, a => Narrow(a, saved));

    static IQueryable<Case> Narrow(DeskAsked a, SavedView saved)
    {
        var cases = saved.State is { } state ? Standing(a).Where(c => c.State == state) : Open(a);
        if (saved.Kind is { } kind) cases = cases.Where(c => c.Kind == kind);
        if (saved.Severity is { } severity) cases = cases.Where(c => c.Severity == severity);
        if (saved.TeamId is { } team) cases = cases.Where(c => c.TeamId == team);
        if (saved.CaseOwnerId is { } owner) cases = cases.Where(c => c.OwnerId == owner);
        if (saved.TagId is { } tag) cases = cases.Where(c => c.Tags.Any(t => t.TagId == tag));
        return Question.Read(saved.Words) is { IsEmpty: false } question ? CaseFinding.Among(a.Db, cases, question) : cases;
    }

    /// <summary>The view of an address, or null: fixed ones by name, saved ones that are one's own or shared.</summary>
    public static async Task<DeskView?> Find(Database db, Who who, string key)
    {
        if (Fixed.Concat(StandStill.Segments).FirstOrDefault(v => v.Key == key) is { } known) return known.Key == "deleted" && !who.Can(Verb.DeleteCases) ? null : known;
        if (key.Length < 2 || key[0] != 'v' || !long.TryParse(key.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        return await db.Set<SavedView>().FirstOrDefaultAsync(v => v.Id == id && (v.OwnerId == null || v.OwnerId == who.Id)) is { } saved ? Of(saved) : null;
    }

    /// <summary>All numbers: what is open in one pass over the open cases, then what is followed, then what is to confirm.</summary>
    public static async Task<DeskCounts> Count(DeskAsked a) => (await CountWithNext(a)).Counts;

    /// <summary>The numbers, and when the first of the planned steps comes due: then they are others.</summary>
    public static async Task<(DeskCounts Counts, DateTime? Next)> CountWithNext(DeskAsked a)
    {
        var (me, now, end, teams) = (a.Who.Id, a.Now, a.EndOfToday, a.Who.Teams.ToList());
        var found = await Open(a)
            .Select(c => new
            {
                Mine = c.OwnerId == me,
                Team = teams.Contains(c.TeamId),
                New = c.OwnerId == null,
                Waiting = c.State == CaseState.Waiting,
                Today = c.NextStepAt >= now && c.NextStepAt < end,
                None = c.NextStepAt == null || c.NextStepAt < now,
                Planned = c.NextStepAt >= now ? c.NextStepAt : null
            })
            .GroupBy(_ => 1)
            .Select(g => new { Counts = new DeskCounts(g.Count(), g.Count(x => x.Mine), g.Count(x => x.Team), g.Count(x => x.New), g.Count(x => x.Waiting), g.Count(x => x.Today), g.Count(x => x.None), 0, 0, 0, 0, 0, 0, 0), Next = g.Min(x => x.Planned) })
            .FirstOrDefaultAsync();
        // From the index of deadlines alone: when the next one passes.
        var passes = await Open(a).Where(c => c.PastTargetFrom != null && c.PastTargetFrom > now).OrderBy(c => c.PastTargetFrom).Select(c => c.PastTargetFrom).FirstOrDefaultAsync();
        IQueryable<Case> In(string key) => Fixed.First(v => v.Key == key).Cases(a);
        var (following, resolved, risk, apologies, lost, call, late) = (In("following"), In("resolved"), In("risk"), In("apologies"), In("lost"), In("call"), In("late"));
        // All that have an index of their own, in one statement: a case has a team, so that there is a row to hang them on.
        var rest = await a.Db.Set<Team>().OrderBy(t => t.Id).Take(1)
            .Select(_ => new { Following = following.Count(), Resolved = resolved.Count(), Risk = risk.Count(), Apologies = apologies.Count(), Lost = lost.Count(), Call = call.Count(), Late = late.Count() }).FirstOrDefaultAsync();
        return ((found?.Counts ?? DeskCounts.Nothing) with { Following = rest?.Following ?? 0, Resolved = rest?.Resolved ?? 0, Risk = rest?.Risk ?? 0, Apologies = rest?.Apologies ?? 0, Lost = rest?.Lost ?? 0, Call = rest?.Call ?? 0, Late = rest?.Late ?? 0 },
            found?.Next is { } step && !(passes < step) ? step : passes);
    }

    /// <summary>One page of ids, and the key behind it when there is more.</summary>
    public static async Task<(List<long> Ids, DeskKey? Next)> Page(IQueryable<Case> cases, DeskSort sort, DeskKey? after, int size = PageSize)
    {
        if (sort == DeskSort.Newest)
        {
            if (after is { At: { } at, Id: var id }) cases = cases.Where(c => c.LastContactAt < at || (c.LastContactAt == at && c.Id < id));
            var found = await cases.OrderByDescending(c => c.LastContactAt).ThenByDescending(c => c.Id).Take(size + 1).Select(c => new { c.Id, c.LastContactAt }).ToListAsync();
            return ([.. found.Take(size).Select(f => f.Id)], found.Count > size ? new DeskKey(found[size - 1].LastContactAt, found[size - 1].Id) : null);
        }
        // Those without a step stand at the end, by their ids. Asked one after the other: each is then the beginning of an index (for PostgreSQL only where it is
        // ordered by the step, too), and the second is mostly not needed.
        var rows = new List<DeskKey>();
        if (after is not { At: null })
        {
            var planned = cases.Where(c => c.NextStepAt != null);
            if (after is { At: { } step, Id: var last }) planned = planned.Where(c => c.NextStepAt > step || (c.NextStepAt == step && c.Id > last));
            rows.AddRange((await planned.OrderBy(c => c.NextStepAt).ThenBy(c => c.Id).Take(size + 1).Select(c => new { c.Id, c.NextStepAt }).ToListAsync()).Select(r => new DeskKey(r.NextStepAt, r.Id)));
        }
        if (rows.Count <= size)
        {
            var without = cases.Where(c => c.NextStepAt == null);
            if (after is { At: null, Id: var lastOfNone }) without = without.Where(c => c.Id > lastOfNone);
            rows.AddRange((await without.OrderBy(c => c.NextStepAt).ThenBy(c => c.Id).Take(size + 1 - rows.Count).Select(c => c.Id).ToListAsync()).Select(id => new DeskKey(null, id)));
        }
        return ([.. rows.Take(size).Select(r => r.Id)], rows.Count > size ? rows[size - 1] : null);
    }
}
