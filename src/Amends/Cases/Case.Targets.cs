using System.Globalization;
using Amends.Cases.Targets;

namespace Amends.Cases;

/// <summary>What a service target is for.</summary>
public enum TargetKind : byte { FirstAnswer = 1, NextAnswer = 2, Solution = 3 }

// Deadlines by service targets: moments that stand on the row, so that nothing is reckoned on reading. docs/decisions/0015-targets.md
public sealed partial class Case
{
    // More pauses than these and the oldest is forgotten: the deadline comes sooner, never later.
    const int MostPauses = 200;

    // What a verb changed that a deadline hangs on; not stored.
    bool newBasis, newPauses, newTurn;

    /// <summary>By when the customer who waits again is answered, UTC; null where nobody waits, before the first answer, and without a target.</summary>
    public DateTime? NextAnswerDue { get; private set; }

    /// <summary>By when it is solved, UTC; null without a target.</summary>
    public DateTime? SolutionDue { get; private set; }

    /// <summary>The wait that runs is for the customer: the solution target stands still.</summary>
    public bool WaitsForCustomer { get; private set; }

    /// <summary>The waits for the customer, as milliseconds since 1970: <c>from-until;from-until</c>.</summary>
    public string? Paused { get; private set; }

    /// <summary>The moment for which it was told that the first answer was missed; likewise below.</summary>
    public DateTime? FirstMissed { get; private set; }
    public DateTime? NextMissed { get; private set; }
    public DateTime? SolutionMissed { get; private set; }

    /// <summary>The earliest deadline that runs: past target from then on. Null where none runs.</summary>
    public DateTime? PastTargetFrom { get; private set; }

    /// <summary>The earliest deadline that runs and was not told of as missed.</summary>
    public DateTime? TargetWatchAt { get; private set; }

    /// <summary>From when on the first answer is reckoned: since a person waits for it.</summary>
    public DateTime FirstAnswerFrom => FirstAnsweredAt is null && CustomerWaitsSince is { } since ? since : HeardAt;

    /// <summary>What its targets are chosen by.</summary>
    public TargetBasis Basis => new(Kind, Severity, CustomerId, OrganisationId, BrandId);

    /// <summary>The waits for the customer, in their order. One that runs ends when it is planned to.</summary>
    public IReadOnlyList<Pause> Pauses() => [.. (Paused ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(text =>
    {
        var ends = text.Split('-');
        return new Pause(Moment(ends[0]), Moment(ends[1]));
    })];

    /// <summary>The deadlines that run, with the moment for which each was told as missed.</summary>
    public IEnumerable<(TargetKind Kind, DateTime Due, DateTime? Missed)> RunningTargets()
    {
        if (!IsOpen || SpamAt is not null || DeletedAt is not null || MergedInto is not null) yield break;
        if (FirstAnsweredAt is null && FirstAnswerDue is { } first) yield return (TargetKind.FirstAnswer, first, FirstMissed);
        if (NextAnswerDue is { } next) yield return (TargetKind.NextAnswer, next, NextMissed);
        if (SolutionDue is { } solution) yield return (TargetKind.Solution, solution, SolutionMissed);
    }

    /// <summary>Sets the deadlines that changed with what the verbs of this write changed.</summary>
    /// <param name="due">The deadline of a target from a moment, over pauses; null without a target.</param>
    internal void SetTargets(Func<TargetKind, DateTime, IReadOnlyList<Pause>, DateTime?> due)
    {
        if (newBasis && FirstAnsweredAt is null && FirstAnswerDue is not null) FirstAnswerDue = due(TargetKind.FirstAnswer, FirstAnswerFrom, []) ?? FirstAnswerDue;
        if (FirstAnsweredAt is null || CustomerWaitsSince is not { } since || !IsOpen) NextAnswerDue = null;
        else if (NextAnswerDue is null || newBasis || newTurn) NextAnswerDue = due(TargetKind.NextAnswer, since, []);
        if (newBasis || newPauses) SolutionDue = due(TargetKind.Solution, HeardAt, Pauses());
        (newBasis, newPauses, newTurn) = (false, false, false);
        Watch();
    }

    /// <summary>Tells of the deadlines that passed, each once.</summary>
    internal void MissTargets(DateTime at)
    {
        foreach (var (kind, due, missed) in RunningTargets().ToList())
        {
            if (due > at || missed == due) continue;
            Record(new CaseTargetMissed(Id, kind, due));
            if (kind == TargetKind.FirstAnswer) FirstMissed = due;
            else if (kind == TargetKind.NextAnswer) NextMissed = due;
            else SolutionMissed = due;
            ChangedAt = at;
        }
        if (HasRecorded) Watch();
    }

    void Watch()
    {
        var running = RunningTargets().ToList();
        PastTargetFrom = running.Count == 0 ? null : running.Min(t => t.Due);
        TargetWatchAt = running.Where(t => t.Missed != t.Due).Select(t => (DateTime?)t.Due).Min();
    }

    void Pause(DateTime from, DateTime until)
    {
        var pauses = (Paused ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).TakeLast(MostPauses - 1);
        Paused = string.Join(';', [.. pauses, $"{Text(from)}-{Text(until)}"]);
        (WaitsForCustomer, newPauses) = (true, true);
    }

    // A wait that ends sooner than it was planned to.
    void EndPause(DateTime at)
    {
        if (!WaitsForCustomer) return;
        (WaitsForCustomer, newPauses) = (false, true);
        if (Pauses() is not [.., var last] || last.Until <= at) return;
        var before = Paused!.Split(';')[..^1];
        Paused = last.From >= at ? before.Length == 0 ? null : string.Join(';', before) : string.Join(';', [.. before, $"{Text(last.From)}-{Text(at)}"]);
    }

    static string Text(DateTime at) => ((at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture);

    static DateTime Moment(string text) => DateTime.UnixEpoch.AddMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));
}
