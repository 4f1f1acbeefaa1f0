using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Web;

namespace Amends.Trust;

/// <summary>An absence as it stands.</summary>
/// <param name="Until">The first moment at which the colleague is here again, UTC.</param>
public sealed record Away(DateTime From, DateTime Until, long? StandIn, string? Why);

/// <summary>
/// Who is here, who is asked in the place of who is not, and who leads which team: kept in memory until one of them changes, so that pages and the clock ask
/// the database nothing for it. It carries no right: who is asked must see the case, and that is asked where it matters.
/// </summary>
public sealed class WhoIsHere : IDisposable
{
    // What ended lately is kept: the clocks of two programs differ, and one may be set back.
    static readonly TimeSpan Back = TimeSpan.FromDays(40);

    readonly Databases databases;
    readonly TimeProvider clock;
    readonly HintBoard hints;
    Kept? kept;
    int heard = 1;

    // Where changes of others are not heard it is read anew after so long.
    static readonly TimeSpan Unheard = TimeSpan.FromSeconds(5);

    sealed record Kept(int Heard, long Stamp, DateTime Since, IReadOnlyDictionary<long, string> Active, ILookup<long, long> TeamsOf, ILookup<long, long> LeadsOf, ILookup<long, Away> Absences);

    public WhoIsHere(Databases databases, TimeProvider clock, HintBoard hints)
    {
        (this.databases, this.clock, this.hints) = (databases, clock, hints);
        hints.Told += Hear;
    }

    void Hear(Hint hint)
    {
        if (hint.Kind is "absence" or "colleague" or "team" or "all") Interlocked.Increment(ref heard);
    }

    Kept Now
    {
        get
        {
            var (at, since) = (Volatile.Read(ref heard), clock.GetUtcNow().UtcDateTime - Back);
            if (Volatile.Read(ref kept) is { } known && known.Heard == at && known.Since <= since && (hints.HearsAll || clock.GetElapsedTime(known.Stamp) < Unheard)) return known;
            since -= Back;
            using var db = databases.Open();
            var active = db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).Select(c => new { c.Id, c.Name }).ToDictionary(c => c.Id, c => c.Name);
            var members = db.Set<TeamMember>().OrderBy(m => m.TeamId).ThenBy(m => m.ColleagueId).Select(m => new { m.TeamId, m.ColleagueId, m.Lead }).ToList();
            var away = db.Set<Absence>().Where(a => a.RemovedAt == null && a.UntilAt > since).OrderBy(a => a.FromAt).Select(a => new { a.ColleagueId, a.FromAt, a.UntilAt, a.StandInId, a.Why }).ToList();
            var read = new Kept(at, clock.GetTimestamp(), since, active, members.ToLookup(m => m.ColleagueId, m => m.TeamId), members.Where(m => m.Lead).ToLookup(m => m.TeamId, m => m.ColleagueId),
                away.ToLookup(a => a.ColleagueId, a => new Away(a.FromAt, a.UntilAt, a.StandInId, a.Why)));
            Volatile.Write(ref kept, read);
            return read;
        }
    }

    /// <summary>Has a sign-in that works.</summary>
    public bool IsActive(long colleague) => Now.Active.ContainsKey(colleague);

    /// <summary>The absence of a colleague at a moment, or null.</summary>
    public Away? AwayAt(long colleague, DateTime at) => Now.Absences[colleague].FirstOrDefault(a => a.From <= at && at < a.Until);

    /// <summary>Active, and not absent.</summary>
    public bool IsHere(long colleague, DateTime at) => IsActive(colleague) && AwayAt(colleague, at) is null;

    /// <summary>Who leads a team, whether here or not.</summary>
    public IReadOnlyList<long> LeadsOf(long team) => [.. Now.LeadsOf[team].Where(IsActive)];

    /// <summary>Who leads the case's team; where nobody does, who leads those of its owner.</summary>
    public IReadOnlyList<long> LeadsOf(long team, long? owner) => LeadsOf(team) is { Count: > 0 } leads || owner is null ? LeadsOf(team) : [.. Now.TeamsOf[owner.Value].SelectMany(t => LeadsOf(t)).Distinct()];

    /// <summary>Oneself while here; else the stand-in, or whom that one names while absent too. Null where they lead to nobody, or in a circle.</summary>
    public long? StandInOf(long colleague, DateTime at)
    {
        var seen = new HashSet<long>();
        for (long? one = colleague; one is { } id && seen.Add(id) && IsActive(id);)
        {
            if (AwayAt(id, at) is not { } away) return id;
            one = away.StandIn;
        }
        return null;
    }

    /// <summary>Who is asked for a colleague, the first first: oneself while here; else the stand-in, then those who lead the team, then those who lead one's own teams.</summary>
    /// <param name="team">The team of the case; null where it is about none.</param>
    public IReadOnlyList<long> AskedFor(long colleague, long? team, DateTime at)
    {
        if (IsHere(colleague, at)) return [colleague];
        var leads = (team is { } of ? LeadsOf(of) : []).Concat(Now.TeamsOf[colleague].SelectMany(t => LeadsOf(t))).Where(l => l != colleague && IsHere(l, at));
        return [.. (StandInOf(colleague, at) is { } standIn ? [standIn] : Array.Empty<long>()).Concat(leads).Distinct()];
    }

    /// <summary>Those who are absent and in whose place this colleague is asked.</summary>
    public IReadOnlyList<long> AskedInPlaceOf(long colleague, DateTime at) =>
        [.. Now.Absences.Where(a => a.Key != colleague && a.Any(x => x.From <= at && at < x.Until) && AskedFor(a.Key, null, at) is [var first, ..] && first == colleague).Select(a => a.Key)];

    /// <summary>“absent until Fri 27 Nov”, or null for who is here.</summary>
    public string? Says(long colleague, DateTime at, string zone) => AwayAt(colleague, at) is { } away ? Absences.UntilWords(away.Until, zone) : null;

    /// <summary>A name, with the absence behind it where there is one.</summary>
    public string Named(long colleague, string name, DateTime at, string zone) => Says(colleague, at, zone) is { } says ? string.Format(CultureInfo.CurrentCulture, Words.AbsentBeside, name, says) : name;

    /// <summary>The name of one who is active.</summary>
    public string? NameOf(long colleague) => Now.Active.GetValueOrDefault(colleague);

    public void Dispose() => hints.Told -= Hear;
}
