using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Trust;

/// <summary>A time in which a colleague is not here, and who is asked in that time. What is the colleague's stays so. docs/decisions/0017-escalation.md</summary>
public sealed class Absence : Noun
{
    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(2 * 366);

    public long ColleagueId { get; init; }

    /// <summary>UTC; the end is the first moment at which the colleague is here again.</summary>
    public DateTime FromAt { get; init; }
    public DateTime UntilAt { get; private set; }

    /// <summary>Who is asked; null: who leads the team.</summary>
    public long? StandInId { get; init; }

    /// <summary>A word why, up to 200 characters, for colleagues; or null.</summary>
    public string? Why { get; private set; }

    /// <summary>When it was called off before it began; null otherwise.</summary>
    public DateTime? RemovedAt { get; private set; }

    /// <summary>True at a moment within it.</summary>
    public bool Covers(DateTime at) => RemovedAt is null && FromAt <= at && at < UntilAt;

    /// <summary>Plans it.</summary>
    /// <exception cref="Refused">Past, its end before its beginning, too long, with oneself as stand-in, or over another one.</exception>
    public static Absence Plan(long id, long colleague, DateTime from, DateTime until, DateTime today, long? standIn, string? why, IEnumerable<Absence> others, DateTime at)
    {
        if (until <= from) throw new Refused("until", Words.AbsenceEndFirst);
        if (until <= at) throw new Refused("until", Words.AbsencePast);
        if (from < today) throw new Refused("from", Words.AbsenceBeganBefore);
        if (until - from > Longest || from - at > Longest) throw new Refused("until", Words.AbsenceLong);
        if (standIn == colleague) throw new Refused("stand-in", Words.AbsenceOneself);
        if (others.Any(o => o.RemovedAt is null && o.FromAt < until && from < o.UntilAt)) throw new Refused("from", Words.AbsenceOverlaps);
        var one = new Absence { Id = id, ColleagueId = colleague, FromAt = from, UntilAt = until, StandInId = standIn, Why = why };
        one.Say(AbsenceDeed.Planned);
        return one;
    }

    /// <summary>Here again: ends one that runs, calls off one that lies ahead.</summary>
    /// <exception cref="Refused">It is over.</exception>
    public void End(DateTime at)
    {
        if (RemovedAt is not null || UntilAt <= at) throw new Refused("", Words.AbsenceOver);
        if (FromAt > at) (RemovedAt, Why) = (at, null);
        else UntilAt = at;
        Say(RemovedAt is null ? AbsenceDeed.Ended : AbsenceDeed.CalledOff);
    }

    void Say(AbsenceDeed deed) => Record(new AbsenceChanged(ColleagueId, Id, deed, FromAt, UntilAt, StandInId));
}

/// <summary>What was done with an absence.</summary>
public enum AbsenceDeed : byte { Planned = 1, Ended = 2, CalledOff = 3 }

/// <summary>An absence was planned or ended. Why stands in no fact.</summary>
[FactKind("colleague.absence")]
public sealed record AbsenceChanged(long Colleague, long Absence, AbsenceDeed Deed, DateTime From, DateTime Until, long? StandIn) : IFact { public long Subject => Colleague; }
