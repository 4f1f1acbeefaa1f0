using System.Globalization;

namespace Amends.Cases;

/// <summary>Why a case is told along the line.</summary>
public enum EscalationCause : byte { NothingHappens = 1, PromisePassed = 2, TargetMissed = 3, WithNobody = 4, PassedOn = 5 }

/// <summary>Who is told: whose it is, who leads the team, a named colleague.</summary>
public enum EscalationStep : byte { Own = 1, Lead = 2, Named = 3 }

// Told along the line: from when on it stands so decides, so that a moment is told of once whatever the clock does. docs/decisions/0017-escalation.md
public sealed partial class Case
{
    // More open promises than these, and of the latest nothing is told: what was told of must fit on the row.
    const int MostPromises = 20;

    /// <summary>When the next of the line is to be told, UTC; null where nobody is.</summary>
    public DateTime? EscalateAt { get; private set; }

    /// <summary>What was told of and still stands: <c>cause:milliseconds since 1970:steps</c>, joined by semicolons.</summary>
    public string? Escalated { get; private set; }

    /// <summary>Who was told last, when, and why; null where nothing that was told of still stands.</summary>
    public long? EscalatedTo { get; private set; }
    public DateTime? EscalatedAt { get; private set; }
    public EscalationCause? EscalatedFor { get; private set; }
    public DateTime? EscalatedSince { get; private set; }

    /// <summary>What stands, or will stand from a moment ahead unless something happens, each with that moment.</summary>
    /// <param name="owned">Its owner is still there.</param>
    /// <param name="promised">What the module of promises published for it.</param>
    internal IEnumerable<(EscalationCause Cause, DateTime Since)> Causes(bool owned, RingPart? promised)
    {
        if (!IsOpen || SpamAt is not null || DeletedAt is not null || MergedInto is not null) yield break;
        if (StandsFrom is { } stands) yield return (EscalationCause.NothingHappens, stands);
        // Each promise by itself: another keeper may keep it. One that was broken is told of until something was said, whatever else is promised.
        foreach (var due in (promised?.Due ?? []).Order().Distinct().Take(MostPromises)) yield return (EscalationCause.PromisePassed, due);
        if (PromisedBrokenAt is { } broken && LastContactAt < broken) yield return (EscalationCause.PromisePassed, broken);
        if (PastTargetFrom is { } missed) yield return (EscalationCause.TargetMissed, missed);
        if (CustomerWaitsSince is { } waits && !owned) yield return (EscalationCause.WithNobody, waits);
        // Each time anew: another one was no help either.
        if (PassedOnAt is { } passed) yield return (EscalationCause.PassedOn, passed);
    }

    /// <summary>What is to be told, of what stands: each step that was not told of, with its moment.</summary>
    internal IEnumerable<(EscalationCause Cause, DateTime Since, EscalationStep Step, DateTime At)> Untold(EscalationRules rules, RingPart? promised)
    {
        var told = ToldOf().ToDictionary(t => (t.Cause, t.Since), t => t.Steps);
        foreach (var (cause, since) in Causes(rules.IsOwned(this), promised))
            foreach (var step in Enum.GetValues<EscalationStep>())
                if ((told.GetValueOrDefault((cause, Whole(since))) >> (int)step & 1) == 0 && rules.Due(this, cause, step, since) is { } at) yield return (cause, since, step, at);
    }

    /// <summary>Forgets what has ended, and plans what is to be told next.</summary>
    internal void PlanEscalation(EscalationRules rules, RingPart? promised, DateTime at)
    {
        var stands = Causes(rules.IsOwned(this), promised).Select(c => (c.Cause, Whole(c.Since))).ToHashSet();
        Keep(ToldOf().Where(t => stands.Contains((t.Cause, t.Since))));
        EscalateAt = rules.Next(this, promised, at);
    }

    /// <summary>Some of the line were told.</summary>
    /// <param name="steps">The steps that this was; more than one where nobody of the first may see it.</param>
    /// <param name="to">Those who were told; nobody where all of these steps were told by the one before, at the same moment.</param>
    /// <param name="whose">The owner or keeper, or null.</param>
    internal void Escalate(EscalationCause cause, DateTime since, IReadOnlyCollection<EscalationStep> steps, IReadOnlyList<long> to, long? whose, DateTime at)
    {
        foreach (var one in to) Record(new CaseEscalated(Id, cause, steps.Max(), since, one, whose));
        var mask = steps.Aggregate(0, (all, step) => all | 1 << (int)step);
        var told = ToldOf().ToList();
        mask |= told.Find(t => t.Cause == cause && t.Since == Whole(since)).Steps;
        Keep([.. told.Where(t => t.Cause != cause || t.Since != Whole(since)), (cause, Whole(since), mask)]);
        if (to.Count > 0) (EscalatedTo, EscalatedAt, EscalatedFor, EscalatedSince, ChangedAt) = (to[0], at, cause, Whole(since), at);
    }

    IEnumerable<(EscalationCause Cause, DateTime Since, int Steps)> ToldOf() => (Escalated ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text =>
    {
        var parts = text.Split(':');
        return ((EscalationCause)byte.Parse(parts[0], CultureInfo.InvariantCulture), Moment(parts[1]), int.Parse(parts[2], CultureInfo.InvariantCulture));
    });

    void Keep(IEnumerable<(EscalationCause Cause, DateTime Since, int Steps)> told)
    {
        var kept = told.ToList();
        Escalated = kept.Count == 0 ? null : string.Join(';', kept.Select(t => string.Create(CultureInfo.InvariantCulture, $"{(byte)t.Cause}:{Text(t.Since)}:{t.Steps}")));
        if (EscalatedFor is { } cause && !kept.Exists(t => t.Cause == cause && t.Since == EscalatedSince)) (EscalatedTo, EscalatedAt, EscalatedFor, EscalatedSince) = (null, null, null, null);
    }

    // As it is stored.
    static DateTime Whole(DateTime at) => Moment(Text(at));
}
