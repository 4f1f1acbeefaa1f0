using Amends.Foundation.Facts;

namespace Amends.Cases;

/// <summary>A fact about a case.</summary>
public interface ICaseFact : IFact
{
    /// <summary>The case.</summary>
    long Case { get; }
}

/// <summary>A fact by which we act on what the customer told: a promise, a fix, a remedy was made. After it no apology before it is an empty one.</summary>
public interface IAct : ICaseFact
{
    /// <summary>What was made.</summary>
    long Made { get; }
}

/// <summary>What was made by an <see cref="IAct"/> is as if it had never been: taken back with the answer that said it.</summary>
public interface IActUndone : ICaseFact
{
    /// <summary>What had been made.</summary>
    long Made { get; }
}

/// <summary>Somebody told us of it who is not the customer.</summary>
[FactKind("case.reported")] public sealed record CaseReported(long Case, long Reporter, long Contact) : ICaseFact { public long Subject => Case; }

/// <summary>What somebody reported for a customer was resolved: both are to hear of it.</summary>
[FactKind("case.report-resolved")] public sealed record CaseReportResolved(long Case, long Reporter) : ICaseFact { public long Subject => Case; }

[FactKind("case.heard")] public sealed record CaseHeard(long Case, Channel Channel) : ICaseFact { public long Subject => Case; }
[FactKind("case.assigned")] public sealed record CaseAssigned(long Case, long? FromOwner, long? ToOwner, long FromTeam, long ToTeam, DateTime? OwnedBefore = null) : ICaseFact { public long Subject => Case; }
[FactKind("case.waiting")] public sealed record CaseWaiting(long Case, DateTime Until, DateTime? Before, bool ForCustomer = false, bool ForCustomerBefore = false) : ICaseFact { public long Subject => Case; }
[FactKind("case.wait-ended")] public sealed record CaseWaitEnded(long Case, DateTime? Until, WaitEnd Why, bool ForCustomer = false) : ICaseFact { public long Subject => Case; }
[FactKind("case.resolved")] public sealed record CaseResolved(long Case, CaseState From, DateTime? WaitedUntil, DateTime? CustomerWaited = null, bool ForCustomer = false, DateTime? CameBack = null) : ICaseFact { public long Subject => Case; }
[FactKind("case.reopened")] public sealed record CaseReopened(long Case, CaseState From, ReopenWhy Why, DateTime? ResolvedAt = null, long? ResolvedBy = null, DateTime? ConfirmedAt = null, ConfirmedHow? Confirmation = null, DateTime? ClosedAt = null) : ICaseFact { public long Subject => Case; }
[FactKind("case.confirmed")] public sealed record CaseConfirmed(long Case, ConfirmedHow How) : ICaseFact { public long Subject => Case; }
[FactKind("case.closed")] public sealed record CaseClosed(long Case, CaseState From) : ICaseFact { public long Subject => Case; }
[FactKind("case.spam")] public sealed record CaseSpam(long Case, bool Spam) : ICaseFact { public long Subject => Case; }
[FactKind("case.deleted")] public sealed record CaseDeleted(long Case, bool Deleted) : ICaseFact { public long Subject => Case; }
[FactKind("case.merged")] public sealed record CaseMerged(long Case, long From, long Merge) : ICaseFact { public long Subject => Case; }
[FactKind("case.unmerged")] public sealed record CaseUnmerged(long Case, long From, long Merge) : ICaseFact { public long Subject => Case; }
[FactKind("case.split")] public sealed record CaseSplit(long Case, long Into, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("case.linked")] public sealed record CaseLinked(long Case, long Other, bool Linked) : ICaseFact { public long Subject => Case; }
[FactKind("case.sorted")] public sealed record CaseSorted(long Case, CaseKind KindBefore, CaseKind Kind, Severity SeverityBefore, Severity Severity) : ICaseFact { public long Subject => Case; }
[FactKind("case.renamed")] public sealed record CaseRenamed(long Case) : ICaseFact { public long Subject => Case; }
[FactKind("case.customer")] public sealed record CaseCustomerChanged(long Case, long Before, long After, long? OrganisationBefore = null, long? OrganisationAfter = null) : ICaseFact { public long Subject => Case; }
[FactKind("case.confidential")] public sealed record CaseConfidential(long Case, bool Confidential) : ICaseFact { public long Subject => Case; }
[FactKind("case.tagged")] public sealed record CaseTagged(long Case, long Tag, bool Tagged) : ICaseFact { public long Subject => Case; }
[FactKind("case.followed")] public sealed record CaseFollowed(long Case, long Colleague, Watching Why, bool On) : ICaseFact { public long Subject => Case; }
[FactKind("case.undone")] public sealed record CaseUndone(long Case, long Undone) : ICaseFact { public long Subject => Case; }
[FactKind("case.step-passed")] public sealed record CaseStepPassed(long Case, StepKind Step, DateTime Due) : ICaseFact { public long Subject => Case; }
[FactKind("case.out-of-turn")] public sealed record CaseServedOutOfTurn(long Case, long Row, int Passed, long First, TurnWhy Why) : ICaseFact { public long Subject => Case; }
[FactKind("case.target-missed")] public sealed record CaseTargetMissed(long Case, TargetKind Target, DateTime Due) : ICaseFact { public long Subject => Case; }
[FactKind("case.escalated")] public sealed record CaseEscalated(long Case, EscalationCause Cause, EscalationStep Step, DateTime Since, long To, long? Whose) : ICaseFact { public long Subject => Case; }
[FactKind("case.apologised")] public sealed record CaseApologised(long Case, long Contact, DateTime Due) : ICaseFact { public long Subject => Case; }
[FactKind("case.apology-ended")] public sealed record CaseApologyEnded(long Case, long Contact, ApologyEnd Why) : ICaseFact { public long Subject => Case; }
[FactKind("case.apology-empty")] public sealed record CaseApologyEmpty(long Case, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("note.written")] public sealed record NoteWritten(long Case, long Note, NoteDeed Deed) : ICaseFact { public long Subject => Case; }
[FactKind("tag.changed")] public sealed record TagChanged(long Tag) : IFact { public long Subject => Tag; }
[FactKind("canned.changed")] public sealed record CannedTextChanged(long CannedText) : IFact { public long Subject => CannedText; }
[FactKind("cases.exported")] public sealed record CasesExported(bool Lines, string? View) : IFact { public long Subject => 0; }
[FactKind("view.changed")] public sealed record SavedViewChanged(long View) : IFact { public long Subject => View; }

/// <summary>Why an apology stands open no longer.</summary>
public enum ApologyEnd : byte { Acted = 1, WasNone = 2, TakenBack = 3 }

public enum WaitEnd : byte { ByHand = 1, TimeCame = 2, CustomerWrote = 3, Resolved = 4 }
public enum ReopenWhy : byte { ByHand = 1, CustomerWrote = 2, CustomerSaidNo = 3, Undo = 4 }
public enum NoteDeed : byte { Written = 1, Edited = 2, Deleted = 3, Restored = 4 }
