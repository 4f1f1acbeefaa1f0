using Amends.Foundation;
using Amends.Foundation.Facts;

namespace Amends.Cases;

public sealed partial class Case
{
    /// <summary>The longest wait that needs no reason.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromDays(14);

    /// <summary>It is new: somebody told us.</summary>
    public void Hear(DateTime at)
    {
        Record(new CaseHeard(Id, HeardBy));
        newPauses = true;
        Plan(at);
    }

    /// <summary>Gives it to an owner and a team. Passing on counts as a handover, taking what nobody has does not.</summary>
    public void Assign(long? owner, long team, DateTime at)
    {
        if (owner == OwnerId && team == TeamId) return;
        Record(new CaseAssigned(Id, OwnerId, owner, TeamId, team, OwnedAt));
        if (((OwnerId is not null && owner != OwnerId) || (OwnerId is null && OwnedAt is null && team != TeamId)) && ++Handovers > MostHandovers) PassedOnAt = at;
        (OwnerId, TeamId) = (owner, team);
        if (owner is not null) OwnedAt ??= at;
        Plan(at);
    }

    /// <summary>Rests by agreement until a moment, for something. Over 14 days it needs a reason.</summary>
    /// <param name="forCustomer">It is the customer's turn: the solution target stands still.</param>
    /// <exception cref="Refused">Not open, in the past, or long without a reason.</exception>
    public void Wait(DateTime until, string? waitFor, DateTime at, bool forCustomer = false)
    {
        if (!IsOpen) throw new Refused("", Words.WaitNotOpen);
        if (until <= at) throw new Refused("until", Words.WaitPast);
        if (until - at > LongWait && string.IsNullOrWhiteSpace(waitFor)) throw new Refused("for", Words.WaitReason);
        Record(new CaseWaiting(Id, until, WaitUntil, forCustomer, WaitsForCustomer), new FactTextDraft("for", WaitFor, waitFor, CustomerId));
        EndPause(at);
        if (forCustomer) Pause(at, until);
        (State, WaitUntil, WaitFor) = (CaseState.Waiting, until, waitFor);
        Plan(at);
    }

    /// <summary>The wait is over.</summary>
    public void EndWait(WaitEnd why, DateTime at)
    {
        if (State != CaseState.Waiting) return;
        Record(new CaseWaitEnded(Id, WaitUntil, why, WaitsForCustomer), WaitFor is null ? [] : [new FactTextDraft("for", WaitFor, null, CustomerId)]);
        EndPause(at);
        (State, WaitUntil, WaitFor) = (CaseState.Open, null, null);
        Plan(at);
    }

    /// <summary>We say that it is done.</summary>
    /// <param name="summary">What was done, for the next colleague; up to 2,000 characters.</param>
    /// <param name="by">The colleague.</param>
    /// <exception cref="Refused">It is not open.</exception>
    public void Resolve(string? summary, long? by, DateTime at)
    {
        if (!IsOpen) throw new Refused("", Words.ResolveNotOpen);
        Record(new CaseResolved(Id, State, WaitUntil, CustomerWaitsSince, WaitsForCustomer, CameBackAt), new FactTextDraft("summary", Summary, summary ?? Summary, CustomerId), new FactTextDraft("for", WaitFor, null, CustomerId));
        if (ReporterId is { } reporter && reporter != CustomerId) Record(new CaseReportResolved(Id, reporter));
        EndPause(at);
        (State, ResolvedAt, ResolvedBy, Summary) = (CaseState.Resolved, at, by, summary ?? Summary);
        (WaitUntil, WaitFor, CustomerWaitsSince, CameBackAt) = (null, null, null, null);
        EndCallAdvice(CallAdviceEnd.Left, null, at);
        Plan(at);
    }

    /// <summary>It is not done after all.</summary>
    /// <exception cref="Refused">It is open already.</exception>
    public void Reopen(ReopenWhy why, DateTime at)
    {
        if (IsOpen) throw new Refused("", Words.ReopenOpen);
        Record(new CaseReopened(Id, State, why, ResolvedAt, ResolvedBy, ConfirmedAt, Confirmation, ClosedAt));
        (State, ResolvedAt, ResolvedBy, ConfirmedAt, Confirmation, ClosedAt) = (CaseState.Open, null, null, null, null, null);
        if (why is ReopenWhy.CustomerSaidNo or ReopenWhy.CustomerWrote) (CameBackAt, CustomerWaitsSince) = (at, CustomerWaitsSince ?? at);
        CountAnew();
        Plan(at);
    }

    /// <summary>The customer says it is done, or was silent for five working days.</summary>
    /// <exception cref="Refused">It was not resolved.</exception>
    public void Confirm(ConfirmedHow how, DateTime at)
    {
        if (State != CaseState.Resolved) throw new Refused("", Words.ConfirmNotResolved);
        Record(new CaseConfirmed(Id, how));
        (State, ConfirmedAt, Confirmation) = (CaseState.Confirmed, at, how);
        Plan(at);
    }

    /// <summary>Put away. Only what is resolved or confirmed.</summary>
    /// <exception cref="Refused">It is open, or closed already.</exception>
    public void Close(DateTime at)
    {
        if (State is not (CaseState.Resolved or CaseState.Confirmed)) throw new Refused("", Words.CloseNotResolved);
        Record(new CaseClosed(Id, State));
        (State, ClosedAt) = (CaseState.Closed, at);
        Plan(at);
    }

    /// <summary>Marks as spam, or takes the mark away.</summary>
    public void Spam(bool spam, DateTime at)
    {
        if (spam == SpamAt is not null) return;
        Record(new CaseSpam(Id, spam));
        SpamAt = spam ? at : null;
        Plan(at);
    }

    /// <summary>Deletes, or brings back. Rows and files stay until retention takes them.</summary>
    public void Delete(bool deleted, DateTime at)
    {
        if (deleted == DeletedAt is not null) return;
        Record(new CaseDeleted(Id, deleted));
        DeletedAt = deleted ? at : null;
        Plan(at);
    }

    /// <summary>Kind and severity.</summary>
    public void Sort(CaseKind kind, Severity severity, DateTime at)
    {
        if (kind == Kind && severity == Severity) return;
        Record(new CaseSorted(Id, Kind, kind, Severity, severity));
        (Kind, Severity) = (kind, severity);
        (newBasis, ChangedAt) = (true, at);
    }

    /// <summary>Another subject.</summary>
    public void Rename(string subject, DateTime at)
    {
        if (subject == Subject) return;
        Record(new CaseRenamed(Id), new FactTextDraft("subject", Subject, subject, CustomerId));
        Subject = subject;
        ChangedAt = at;
    }

    /// <summary>It is another customer's matter.</summary>
    public void BelongsTo(long customer, long? organisation, DateTime at)
    {
        if (customer == CustomerId && organisation == OrganisationId) return;
        Record(new CaseCustomerChanged(Id, CustomerId, customer, OrganisationId, organisation));
        (CustomerId, OrganisationId, ChangedAt) = (customer, organisation, at);
        newBasis = true;
    }

    /// <summary>Only the owner and those named see it; or all within their scope again.</summary>
    public void KeepConfidential(bool confidential, DateTime at)
    {
        if (confidential == Confidential) return;
        Record(new CaseConfidential(Id, confidential));
        (Confidential, ChangedAt) = (confidential, at);
    }

    /// <summary>Puts a tag on, or takes it off.</summary>
    public void Mark(long tag, bool tagged, DateTime at)
    {
        var there = Tags.Find(t => t.TagId == tag);
        if (tagged == there is not null) return;
        if (tagged) Tags.Add(new CaseTag { CaseId = Id, TagId = tag });
        else Tags.Remove(there!);
        Record(new CaseTagged(Id, tag, tagged));
        ChangedAt = at;
    }

    /// <summary>A colleague follows, was mentioned, is named; or no longer.</summary>
    public void Watch(long colleague, Watching why, bool on, DateTime at)
    {
        var there = Watchers.Find(w => w.ColleagueId == colleague);
        if (on == (there?.Why.HasFlag(why) ?? false)) return;
        if (there is null) Watchers.Add(there = new Watcher { CaseId = Id, ColleagueId = colleague });
        there.Why = on ? there.Why | why : there.Why & ~why;
        if (there.Why == 0) Watchers.Remove(there);
        Record(new CaseFollowed(Id, colleague, why, on));
        ChangedAt = at;
    }

    /// <summary>The customer was heard again: the wait ends, a resolved case opens.</summary>
    /// <param name="answerBy">By when a first answer is due from now on, where none was (a machine had written).</param>
    public void HearAgain(DateTime at, bool isThanks = false, DateTime? answerBy = null)
    {
        LastContactAt = at;
        if (isThanks) { ChangedAt = at; return; }
        CustomerWaitsSince ??= at;
        if (FirstAnsweredAt is null) FirstAnswerDue ??= answerBy;
        if (State == CaseState.Waiting) EndWait(WaitEnd.CustomerWrote, at);
        else if (!IsOpen) Reopen(ReopenWhy.CustomerWrote, at);
        Plan(at);
    }

    /// <summary>We answered.</summary>
    public void Answered(DateTime at)
    {
        FirstAnsweredAt ??= at;
        (LastContactAt, CustomerWaitsSince) = (at, null);
        // Where no step lies ahead it stands anew from now on.
        if (StandsFrom < at) StandsFrom = at;
        Plan(at);
    }

    /// <summary>A step passed and another one lies behind it: that one counts from now on.</summary>
    internal void PassStep(DateTime at)
    {
        if (PlanAgainAt is not { } due || due > at) return;
        Record(new CaseStepPassed(Id, NextStep, due), NextStepSays is null ? [] : [new FactTextDraft("step", null, NextStepSays, CustomerId)]);
        Plan(at);
    }

    /// <summary>It was answered before others of its team that were heard earlier.</summary>
    /// <param name="row">The row that is kept of it.</param>
    /// <param name="said">Why, in words, or null.</param>
    internal void TookTurn(OutOfTurn row, long first, string? said, DateTime at)
    {
        Record(new CaseServedOutOfTurn(Id, row.Id, row.Passed, first, row.Why), said is null ? [] : [new FactTextDraft("why", null, said, CustomerId)]);
        ChangedAt = at;
    }

    /// <summary>Something on it changed that has its own fact (a note, a file).</summary>
    public void Touch(DateTime at) => ChangedAt = at;

    /// <summary>Two cases belong together, or no longer.</summary>
    internal void Linked(long other, bool linked, DateTime at)
    {
        Record(new CaseLinked(Id, other, linked));
        ChangedAt = at;
    }

    internal void SplitOff(long into, long contact, DateTime at)
    {
        Record(new CaseSplit(Id, into, contact));
        ChangedAt = at;
    }
}
