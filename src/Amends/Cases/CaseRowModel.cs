using Amends.Foundation.Data;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A row of a list: plain values, read in one go.</summary>
public sealed record CaseRowModel(long Id, long Number, string Subject, string Customer, string? Organisation, CaseState State, CaseKind Kind, Severity Severity, long? OwnerId, DateTime? FirstAnsweredAt,
    DateTime? FirstAnswerDue, DateTime? ConfirmedAt, ConfirmedHow? Confirmation, DateTime? ResolvedAt, DateTime? ClosedAt, DateTime? CustomerWaitsSince, DateTime LastContactAt, StepKind NextStep, DateTime? NextStepAt,
    string? NextStepSays, string? WaitFor, bool Confidential, DateTime? SpamAt, DateTime? DeletedAt, DateTime? ReadTo, string? Owner, int Version, PartState Promised, DateTime? PromisedLateAt, DateTime? PastTargetFrom)
{
    /// <summary>Names of its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Something was said that this colleague has not opened yet.</summary>
    public bool Unread => ReadTo is null || ReadTo < LastContactAt;

    /// <summary>A service target of it has passed.</summary>
    public bool IsPastTarget(DateTime now) => PastTargetFrom <= now && State < CaseState.Resolved;

    /// <summary>The ring's source.</summary>
    public CaseRing.Facts Ring => new(State, OwnerId, FirstAnsweredAt, FirstAnswerDue, ConfirmedAt, Promised, PromisedLateAt);

    static readonly Hot<Func<Database, long, List<long>, IAsyncEnumerable<CaseRowModel>>> rows = new(() => EF.CompileAsyncQuery((Database db, long me, List<long> wanted) =>
        from c in db.Set<Case>()
        join customer in db.Set<Customer>() on c.CustomerId equals customer.Id
        where wanted.Contains(c.Id)
        select new CaseRowModel(c.Id, c.Number, c.Subject, customer.Name, db.Set<Organisation>().Where(o => o.Id == c.OrganisationId).Select(o => o.Name).FirstOrDefault(),
            c.State, c.Kind, c.Severity, c.OwnerId, c.FirstAnsweredAt, c.FirstAnswerDue, c.ConfirmedAt, c.Confirmation, c.ResolvedAt, c.ClosedAt, c.CustomerWaitsSince, c.LastContactAt, c.NextStep, c.NextStepAt,
            c.NextStepSays, c.WaitFor, c.Confidential, c.SpamAt, c.DeletedAt, db.Set<CaseRead>().Where(r => r.ColleagueId == me && r.CaseId == c.Id).Select(r => (DateTime?)r.UpTo).FirstOrDefault(),
            db.Set<Colleague>().Where(o => o.Id == c.OwnerId).Select(o => o.Name).FirstOrDefault(), c.Version, c.Promised, c.PromisedLateAt, c.PastTargetFrom)));

    static readonly Hot<Func<Database, List<long>, IAsyncEnumerable<Marked>>> marks = new(() => EF.CompileAsyncQuery((Database db, List<long> wanted) =>
        from t in db.Set<CaseTag>() join tag in db.Set<Tag>() on t.TagId equals tag.Id where wanted.Contains(t.CaseId) orderby tag.Name select new Marked(t.CaseId, tag.Name)));

    sealed record Marked(long CaseId, string Tag);

    /// <summary>The rows of these cases, in the order of the ids. The ids come from a query through visibility.</summary>
    public static async Task<IReadOnlyList<CaseRowModel>> Read(Database db, Who who, IReadOnlyList<long> ids)
    {
        if (ids.Count == 0) return [];
        var wanted = ids.ToList();
        var byId = await rows.On(db)(db, who.Id, wanted).ToDictionaryAsync(r => r.Id);
        var tags = (await marks.On(db)(db, wanted).ToListAsync()).ToLookup(t => t.CaseId, t => t.Tag);
        return [.. ids.Where(byId.ContainsKey).Select(id => tags.Contains(id) ? byId[id] with { Tags = [.. tags[id]] } : byId[id])];
    }
}

/// <summary>The next step in words, with what it means.</summary>
/// <param name="Tone"><c>risk</c>, <c>broken</c>, <c>promised</c>, <c>good</c> or empty.</param>
/// <param name="At">The instant that the words speak of, or null.</param>
public sealed record StepWords(string Text, string Tone, DateTime? At)
{
    /// <summary>What comes next on a case.</summary>
    public static StepWords Of(CaseState state, StepKind step, DateTime? at, string? says, string? waitFor, DateTime? firstAnswerDue, DateTime? firstAnsweredAt, DateTime? customerWaitsSince, ConfirmedHow? how, DateTime? resolvedAt,
        DateTime? confirmedAt, DateTime? closedAt, LocalTimes times)
    {
        string Said(string words, params object[] what) => string.Format(System.Globalization.CultureInfo.CurrentCulture, words, what);
        if (state == CaseState.Closed) return new(closedAt is { } closed ? Said(Words.StepClosed, times.Day(closed)) : Words.StateClosed, "", closedAt);
        if (state == CaseState.Confirmed) return new(Said(how == ConfirmedHow.Silent ? Words.StepSilent : Words.StepConfirmed, times.Day(confirmedAt ?? times.Now)), "good", confirmedAt);
        if (state == CaseState.Resolved) return new(Said(Words.StepToConfirm, times.Day(resolvedAt ?? times.Now)), "good", resolvedAt);
        if (at is { } then && then >= times.Now)
        {
            var soon = then - times.Now < TimeSpan.FromHours(1);
            if (step == StepKind.Published) return new(Said(Words.StepPublished, says ?? "", times.Moment(then), times.FromNow(then)), soon ? "risk" : "promised", then);
            return step == StepKind.Wait
                ? new(string.IsNullOrWhiteSpace(waitFor) ? Said(Words.StepWaits, times.Moment(then)) : Said(Words.StepWaitsFor, waitFor, times.Moment(then)), soon ? "risk" : "promised", then)
                : new(Said(Words.StepFirstAnswer, times.Moment(then), times.FromNow(then)), soon ? "risk" : "", then);
        }
        if (step == StepKind.CameBack) return new(Said(Words.StepCameBack, LocalTimes.Length(times.Now - (customerWaitsSince ?? times.Now))), "broken", customerWaitsSince);
        if (at is { } late) return new(step == StepKind.Published ? Said(Words.StepPublishedLate, says ?? "", times.Moment(late)) : Said(step == StepKind.Wait ? Words.StepWaitOver : Words.StepFirstLate, times.Moment(late)), "broken", late);
        if (customerWaitsSince is { } since) return new(Said(Words.StepCustomerWaits, LocalTimes.Length(times.Now - since)), "broken", since);
        // What a machine wrote waits for nobody's answer; that it lies here is said all the same.
        if (firstAnswerDue is null && firstAnsweredAt is null) return new(Words.StepByMachine, "", null);
        return new(Words.StepNothing, "broken", null);
    }

    /// <inheritdoc cref="Of(CaseState, StepKind, DateTime?, string?, string?, DateTime?, DateTime?, DateTime?, ConfirmedHow?, DateTime?, DateTime?, DateTime?, LocalTimes)"/>
    public static StepWords Of(CaseRowModel r, LocalTimes times) =>
        Of(r.State, r.NextStep, r.NextStepAt, r.NextStepSays, r.WaitFor, r.FirstAnswerDue, r.FirstAnsweredAt, r.CustomerWaitsSince, r.Confirmation, r.ResolvedAt, r.ConfirmedAt, r.ClosedAt, times);

    /// <inheritdoc cref="Of(CaseState, StepKind, DateTime?, string?, string?, DateTime?, DateTime?, DateTime?, ConfirmedHow?, DateTime?, DateTime?, DateTime?, LocalTimes)"/>
    public static StepWords Of(Case c, LocalTimes times) =>
        Of(c.State, c.NextStep, c.NextStepAt, c.NextStepSays, c.WaitFor, c.FirstAnswerDue, c.FirstAnsweredAt, c.CustomerWaitsSince, c.Confirmation, c.ResolvedAt, c.ConfirmedAt, c.ClosedAt, times);
}
