using Amends.Foundation;
using Amends.Foundation.Data;

namespace Amends.Cases;

/// <summary>Where a case stands. Definitions: GLOSSARY.md.</summary>
public enum CaseState : byte { Open = 0, Waiting = 1, Resolved = 2, Confirmed = 3, Closed = 4 }

public enum CaseKind : byte { Question = 0, Failure = 1, Complaint = 2, Request = 3 }

public enum Severity : byte { Normal = 0, Minor = 1, Serious = 2, Critical = 3 }

/// <summary>The way by which something was said.</summary>
public enum Channel : byte { Mail = 0, Web = 1, Phone = 2, Portal = 3, Counter = 4, Desk = 5 }

/// <summary>Who confirmed: the customer, or five working days of silence, which is kept apart.</summary>
public enum ConfirmedHow : byte { ByCustomer = 1, Silent = 2 }

/// <summary>What comes next: two sources of the case's own, and what other modules publish (<see cref="CaseHooks.NextSteps"/>).</summary>
public enum StepKind : byte { None = 0, FirstAnswer = 1, Wait = 2, Published = 3, CameBack = 4 }

/// <summary>A step that lies before a case, as another module publishes it: a promise, a fix, a review.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="At">By when, UTC.</param>
/// <param name="Who">The colleague who takes it, or null.</param>
/// <param name="Says">What it is, up to 200 characters: “Call back with the result”.</param>
public sealed record CaseStep(long CaseId, DateTime At, long? Who, string Says);

/// <summary>How a segment of the ring stands that another module keeps.</summary>
public enum PartState : byte { None = 0, UnderWay = 1, Done = 2, Late = 3 }

/// <summary>How the promised segment of a case stands, as the module of promises publishes it.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="LateAt">When what is under way becomes late, UTC; null otherwise.</param>
/// <param name="RiskAt">From when on it is at risk, UTC; null where nothing is under way.</param>
/// <param name="BrokenAt">When the last one was said to be broken, UTC; null where none was.</param>
/// <param name="EndedAt">When the last one ended, kept or not, UTC; null where none did. What was withdrawn never was one.</param>
/// <param name="Due">The moments of those that are open, UTC, past or ahead; null for none.</param>
public sealed record RingPart(long CaseId, PartState State, DateTime? LateAt, DateTime? RiskAt, DateTime? BrokenAt = null, DateTime? EndedAt = null, IReadOnlyList<DateTime>? Due = null)
{
    /// <summary>Both in one: of a case and of one that was merged into it.</summary>
    public RingPart With(RingPart? other)
    {
        if (other is null) return this;
        static DateTime? First(DateTime? a, DateTime? b) => a < b || b is null ? a : b;
        static DateTime? Last(DateTime? a, DateTime? b) => a > b || b is null ? a : b;
        var states = new[] { State, other.State };
        var state = Array.Find([PartState.Late, PartState.UnderWay, PartState.Done], states.Contains);
        return new(CaseId, state, First(LateAt, other.LateAt), First(RiskAt, other.RiskAt), Last(BrokenAt, other.BrokenAt), Last(EndedAt, other.EndedAt), [.. Due ?? [], .. other.Due ?? []]);
    }
}

/// <summary>One customer's one matter, until it is solved. Its verbs stand here and in the files beside.</summary>
public sealed partial class Case : Noun
{
    /// <summary>The number that people say. Unique, gaps allowed; carries no right.</summary>
    public long Number { get; init; }

    /// <summary>Up to 300 characters.</summary>
    public required string Subject { get; set; }
    public CaseKind Kind { get; set; }
    public Severity Severity { get; set; }
    public CaseState State { get; private set; }
    public Channel HeardBy { get; init; }
    public DateTime HeardAt { get; init; }
    public long CustomerId { get; set; }

    /// <summary>Who told us, where that is not the customer.</summary>
    public long? ReporterId { get; set; }
    public long? OrganisationId { get; set; }
    public long BrandId { get; set; }
    public long TeamId { get; set; }
    public long? OwnerId { get; set; }
    public DateTime? OwnedAt { get; set; }

    /// <summary>Only the owner and those named see it.</summary>
    public bool Confidential { get; set; }

    /// <summary>By when the first answer is due; null where none is: a machine wrote, and no person since.</summary>
    public DateTime? FirstAnswerDue { get; set; }
    public DateTime? FirstAnsweredAt { get; set; }

    /// <summary>The newest contact, either way; lists are sorted by it.</summary>
    public DateTime LastContactAt { get; set; }

    /// <summary>When the customer last wrote or called and was not answered since; null when it is the customer's turn.</summary>
    public DateTime? CustomerWaitsSince { get; set; }

    /// <summary>When the customer said that what we had resolved is not; null when that was never so, or since it was resolved again.</summary>
    public DateTime? CameBackAt { get; private set; }
    public DateTime? WaitUntil { get; private set; }
    public string? WaitFor { get; private set; }

    public DateTime? ResolvedAt { get; private set; }
    public long? ResolvedBy { get; private set; }

    /// <summary>What was done, in words for the next colleague.</summary>
    public string? Summary { get; private set; }
    public DateTime? ConfirmedAt { get; private set; }
    public ConfirmedHow? Confirmation { get; private set; }
    public DateTime? ClosedAt { get; private set; }

    public DateTime? SpamAt { get; private set; }
    public DateTime? DeletedAt { get; private set; }

    /// <summary>The case that this one was merged into; null when it stands for itself.</summary>
    public long? MergedInto { get; internal set; }
    public long? ParentId { get; set; }

    /// <summary>How often it was passed from one owner or team to another.</summary>
    public int Handovers { get; private set; }

    /// <summary>More handovers than these, and its customer counts as lost.</summary>
    public const int MostHandovers = 3;

    /// <summary>When it was last passed on, UTC, where that was once too often; else null.</summary>
    public DateTime? PassedOnAt { get; private set; }

    public StepKind NextStep { get; private set; }
    public DateTime? NextStepAt { get; private set; }
    public long? NextStepWho { get; private set; }

    /// <summary>What a published step is, in words; null for the case's own.</summary>
    public string? NextStepSays { get; private set; }

    /// <summary>When the next step passes and another one lies behind it: then it is planned anew. Null where nothing lies behind.</summary>
    public DateTime? PlanAgainAt { get; private set; }
    public DateTime ChangedAt { get; private set; }

    /// <summary>How its promises stand: kept before the commit, never by hand.</summary>
    public PartState Promised { get; private set; }

    /// <summary>When the earliest open promise passes, and from when on one is at risk; null without one.</summary>
    public DateTime? PromisedLateAt { get; private set; }
    public DateTime? PromisedRiskAt { get; private set; }

    /// <summary>When a promise of it was last said to be broken; null where none was.</summary>
    public DateTime? PromisedBrokenAt { get; private set; }

    /// <summary>
    /// From when on nothing lies ahead: the moment of its next step while there is one; behind it the moment at which it passed or was taken away, or at which
    /// we last did something since. Null where it is not ours to act.
    /// </summary>
    public DateTime? StandsFrom { get; private set; }

    /// <summary>The contact in which we apologised or assured and did not say what is done; null when a promise followed, or none was said.</summary>
    public long? ApologyIn { get; private set; }

    /// <summary>From when on that apology is an empty one, and when that was recorded; null without one.</summary>
    public DateTime? ApologyDue { get; private set; }
    public DateTime? ApologyEmptyAt { get; private set; }

    public List<Watcher> Watchers { get; } = [];
    public List<CaseTag> Tags { get; } = [];

    /// <summary>True while it is ours to act or to wait.</summary>
    public bool IsOpen => State is CaseState.Open or CaseState.Waiting;

    /// <summary>
    /// Computes the next step: the earliest of those that are not past due. Where nothing lies ahead, the oldest that was missed stands there, so that it
    /// can be said: it counts as none. Verbs call this with the case's own steps; with those of other modules it is done before the commit.
    /// </summary>
    /// <param name="published">What other modules published for this case.</param>
    /// <param name="ended">When the last of its promises ended, or null.</param>
    public void Plan(DateTime at, IEnumerable<CaseStep>? published = null, DateTime? ended = null)
    {
        ChangedAt = at;
        Compute(at, published, ended);
    }

    /// <summary>Plans it anew where something was told of it that did not change it: it has changed only where its step or its ring are others now.</summary>
    internal void PlanAnew(DateTime at, IEnumerable<CaseStep> published, RingPart? promised)
    {
        var before = (NextStep, NextStepAt, NextStepWho, NextStepSays, PlanAgainAt, Promised, PromisedLateAt, PromisedRiskAt, PromisedBrokenAt);
        Stand(promised);
        Compute(at, published, promised?.EndedAt);
        if (before != (NextStep, NextStepAt, NextStepWho, NextStepSays, PlanAgainAt, Promised, PromisedLateAt, PromisedRiskAt, PromisedBrokenAt)) ChangedAt = at;
    }

    void Compute(DateTime at, IEnumerable<CaseStep>? published, DateTime? ended)
    {
        var next = Steps(published).OrderBy(s => s.At <= at).ThenBy(s => s.At).ToList();
        (NextStep, NextStepAt, NextStepWho, NextStepSays) = next is [var first, ..] ? (first.Kind, (DateTime?)first.At, first.Who, first.Says) : default;
        // What was planned and is taken away ends now; what passed ended when it passed, and a promise that ended since then was something that we did.
        StandsFrom = !IsOpen ? null : NextStepAt > at ? NextStepAt : StandsFrom is not { } since || since > at ? at : ended > since && ended <= at ? ended : since;
        PlanAgainAt = next is [var soon, ..] && soon.At > at && next.Exists(s => s.At > soon.At) ? soon.At : null;
    }

    /// <summary>What the ring says of its promises.</summary>
    internal void Stand(RingPart? promised) => (Promised, PromisedLateAt, PromisedRiskAt, PromisedBrokenAt) = promised is { } part ? (part.State, part.LateAt, part.RiskAt, part.BrokenAt) : default;

    IEnumerable<(StepKind Kind, DateTime At, long? Who, string? Says)> Steps(IEnumerable<CaseStep>? published)
    {
        if (!IsOpen || SpamAt is not null || DeletedAt is not null || MergedInto is not null) yield break;
        if (FirstAnsweredAt is null && FirstAnswerDue is { } due) yield return (StepKind.FirstAnswer, due, OwnerId, null);
        if (State == CaseState.Waiting && WaitUntil is { } until) yield return (StepKind.Wait, until, OwnerId, null);
        // Past from the beginning, and so no next step: it stands in front, with the place of when it was first heard.
        if (State == CaseState.Open && CameBackAt is not null && CustomerWaitsSince is not null) yield return (StepKind.CameBack, HeardAt, OwnerId, null);
        foreach (var step in published ?? []) if (step.CaseId == Id) yield return (StepKind.Published, step.At, step.Who, step.Says);
    }
}

/// <summary>Why a colleague has a case before his eyes beyond his scope.</summary>
[Flags]
public enum Watching : byte { Follows = 1, Mentioned = 2, Named = 4 }

/// <summary>A colleague who follows a case, was mentioned in it, or is named for it.</summary>
public sealed class Watcher
{
    public long CaseId { get; set; }
    public long ColleagueId { get; set; }
    public Watching Why { get; set; }
}

/// <summary>How far a colleague has read a case.</summary>
public sealed class CaseRead
{
    public long CaseId { get; set; }
    public long ColleagueId { get; set; }
    public DateTime UpTo { get; set; }
}

/// <summary>A word that cases are sorted by.</summary>
public sealed class Tag : Noun
{
    /// <summary>Up to 60 characters, unique without regard to case.</summary>
    public required string Name { get; set; }

    /// <summary>For comparing.</summary>
    public required string Folded { get; set; }
    public bool Retired { get; set; }
    public void Changed() => Record(new TagChanged(Id));
}

public sealed class CaseTag
{
    public long CaseId { get; set; }
    public long TagId { get; set; }
}

/// <summary>Two cases that belong together and stay two.</summary>
public sealed class CaseLink
{
    public long CaseId { get; set; }
    public long OtherId { get; set; }
    public DateTime At { get; set; }
}

/// <summary>A merge, with what is needed to undo it.</summary>
public sealed class CaseMerge : Noun
{
    public long FromId { get; set; }
    public long IntoId { get; set; }
    public DateTime At { get; set; }
    public long By { get; set; }
    public DateTime? UndoneAt { get; set; }

    /// <summary>Cases that had been merged into the one that was merged: they moved with it.</summary>
    public string Moved { get; set; } = "";
    internal void Did(bool undone) => Record(undone ? new CaseUnmerged(IntoId, FromId, Id) : new CaseMerged(IntoId, FromId, Id));
}

/// <summary>Written on a case for colleagues only.</summary>
public sealed class Note : Noun
{
    public long CaseId { get; set; }
    public long? AuthorId { get; set; }

    /// <summary>Light Markdown, up to 50,000 characters.</summary>
    public required string Text { get; set; }
    public DateTime At { get; set; }
    public DateTime? EditedAt { get; set; }
    public DateTime? DeletedAt { get; set; }
    internal void Did(NoteDeed deed, params Foundation.Facts.FactTextDraft[] texts) => Record(new NoteWritten(CaseId, Id, deed), texts);
}

/// <summary>A file of a contact, a note or a draft.</summary>
public sealed class CaseFile
{
    public long Id { get; set; }
    public long CaseId { get; set; }

    /// <summary>The contact, note or draft it belongs to.</summary>
    public long OfId { get; set; }
    public FileOf Of { get; set; }
    public long BlobId { get; set; }

    /// <summary>As people named it: data, never a path.</summary>
    public required string Name { get; set; }
    public required string ContentType { get; set; }
    public long Length { get; set; }

    /// <summary>The id by which HTML of the mail refers to it, without angle brackets.</summary>
    public string? Cid { get; set; }
}

public enum FileOf : byte { Contact = 1, Note = 2, Draft = 3 }

/// <summary>What a colleague has begun to write: one per case, colleague and kind. Kept on the server, not a noun: drafts leave no facts.</summary>
public sealed class Draft
{
    public long Id { get; set; }
    public long CaseId { get; set; }
    public long ColleagueId { get; set; }
    public bool IsNote { get; set; }
    public string Text { get; set; } = "";
    public string? To { get; set; }
    public string? Cc { get; set; }

    /// <summary>The version of the case that the writer had before his eyes when he began.</summary>
    public int SeenVersion { get; set; }
    public DateTime At { get; set; }
}

/// <summary>A step that was taken on many cases at once: the facts that its one undo takes back. Kept for a day; a plain row.</summary>
public sealed class BulkStep
{
    public long Id { get; set; }

    /// <summary>Who took it, and who may take it back by this row.</summary>
    public long ColleagueId { get; set; }
    public DateTime At { get; set; }

    /// <summary>Ids of facts, separated by commas.</summary>
    public required string FactIds { get; set; }

    /// <summary>Of those chosen, how many were left as they were.</summary>
    public int Left { get; set; }

    /// <summary>The ids as numbers.</summary>
    public List<long> Facts() => [.. FactIds.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];
}

/// <summary>A text used again and again, with named fields only.</summary>
public sealed class CannedText : Noun
{
    public required string Name { get; set; }
    public required string Text { get; set; }

    /// <summary>For one team, or null for all.</summary>
    public long? TeamId { get; set; }
    public bool Retired { get; set; }
    public void Changed() => Record(new CannedTextChanged(Id));
}

/// <summary>A view of one's own or shared: typed rows, not text.</summary>
public sealed class SavedView : Noun
{
    public required string Name { get; set; }

    /// <summary>Whose it is; null when shared.</summary>
    public long? OwnerId { get; set; }
    public CaseState? State { get; set; }
    public CaseKind? Kind { get; set; }
    public Severity? Severity { get; set; }
    public long? TeamId { get; set; }
    public long? CaseOwnerId { get; set; }
    public long? TagId { get; set; }
    public string? Words { get; set; }
    public void Changed() => Record(new SavedViewChanged(Id));
}

/// <summary>What a colleague is told: of a case (assigned, mentioned, answered, reopened, a mail that came back), of a mailbox that cannot be read, or that automatic mail was stopped.</summary>
public sealed class Notification
{
    public long Id { get; set; }
    public long ColleagueId { get; set; }
    public long? CaseId { get; set; }
    public long? MailboxId { get; set; }
    public NotifyOf Of { get; set; }
    public long? ById { get; set; }
    public DateTime At { get; set; }
    public DateTime? SeenAt { get; set; }

    /// <summary>Of what is told along the line: why, since when, and whose it is; null otherwise.</summary>
    public EscalationCause? Cause { get; set; }
    public DateTime? Since { get; set; }
    public long? WhoseId { get; set; }
}

public enum NotifyOf : byte { Assigned = 1, Mentioned = 2, Answered = 3, Reopened = 4, MailboxFails = 5, AutomaticStopped = 6, Bounced = 7, PromiseReminded = 8, PromiseAsked = 9, PromisePassed = 10, PromiseGiven = 11, OfficerAsked = 20, Escalated = 30 }
