namespace Amends.Cases;

/// <summary>The ring of a case, computed: heard, owned, promised, confirmed. Segments of later modules go between them by their order.</summary>
public static class CaseRing
{
    /// <summary>What the ring is computed from.</summary>
    public readonly record struct Facts(CaseState State, long? OwnerId, DateTime? FirstAnsweredAt, DateTime? FirstAnswerDue, DateTime? ConfirmedAt, PartState Promised = PartState.None, DateTime? PromisedLateAt = null);

    /// <summary>The segments, clockwise.</summary>
    /// <param name="now">UTC.</param>
    public static IReadOnlyList<RingSegment> Segments(Facts of, DateTime now) =>
    [
        new(Words.RingHeard, SegmentState.Done),
        new(Words.RingOwned, Owned(of, now)),
        new(Words.RingPromised, Promised(of, now)),
        new(Words.RingConfirmed, Confirmed(of)),
    ];

    // Where nothing was promised until it was done, nothing had to be.
    static SegmentState Promised(Facts of, DateTime now) => of.Promised switch
    {
        PartState.UnderWay => of.PromisedLateAt <= now ? SegmentState.Late : SegmentState.UnderWay,
        PartState.Done => SegmentState.Done,
        PartState.Late => SegmentState.Late,
        _ => of.State is CaseState.Open or CaseState.Waiting ? SegmentState.ToDo : SegmentState.NotNeeded
    };

    static SegmentState Owned(Facts of, DateTime now) => of.OwnerId is not null ? SegmentState.Done
        : of.State is CaseState.Open or CaseState.Waiting ? of.FirstAnsweredAt is null && of.FirstAnswerDue < now ? SegmentState.Late : SegmentState.ToDo
        : SegmentState.NotNeeded;

    // Closed without a word of the customer is not confirmed, and nobody will ask any more.
    static SegmentState Confirmed(Facts of) => of.ConfirmedAt is not null ? SegmentState.Done
        : of.State switch { CaseState.Resolved => SegmentState.UnderWay, CaseState.Closed => SegmentState.NotNeeded, _ => SegmentState.ToDo };

    /// <summary>The ring of a case at a size in CSS pixels.</summary>
    public static RingView Of(Case one, DateTime now, int size = 22) =>
        new(Segments(new Facts(one.State, one.OwnerId, one.FirstAnsweredAt, one.FirstAnswerDue, one.ConfirmedAt, one.Promised, one.PromisedLateAt), now), size);
}
