using Amends.Foundation;
using Amends.Foundation.Facts;

namespace Amends.Cases;

// Ways back. Each checks that what it takes back still stands; else it refuses with words.
public sealed partial class Case
{
    internal void Unassign(CaseAssigned done, DateTime at)
    {
        Still(OwnerId == done.ToOwner && TeamId == done.ToTeam);
        Record(new CaseAssigned(Id, OwnerId, done.FromOwner, TeamId, done.FromTeam, OwnedAt));
        if (done.FromOwner is not null && done.FromOwner != done.ToOwner || done.FromOwner is null && done.OwnedBefore is null && done.FromTeam != done.ToTeam) Handovers = Math.Max(0, Handovers - 1);
        if (Handovers <= MostHandovers) PassedOnAt = null;
        (OwnerId, TeamId, OwnedAt) = (done.FromOwner, done.FromTeam, done.OwnedBefore);
        Plan(at);
    }

    internal void Unwait(CaseWaiting done, string? waitedFor, DateTime at)
    {
        Still(State == CaseState.Waiting && WaitUntil == done.Until);
        if (done.Before is { } before && before > at) WaitAgain(before, waitedFor, at, done.ForCustomerBefore);
        else EndWait(WaitEnd.ByHand, at);
    }

    internal void Unend(CaseWaitEnded done, string? waitedFor, DateTime at)
    {
        Still(State == CaseState.Open && done.Until > at);
        WaitAgain(done.Until!.Value, waitedFor, at, done.ForCustomer);
    }

    internal void Unresolve(CaseResolved done, string? summary, string? waitedFor, DateTime at)
    {
        Still(State == CaseState.Resolved);
        Reopen(ReopenWhy.Undo, at);
        (Summary, CustomerWaitsSince, CameBackAt) = (summary, done.CustomerWaited, done.CameBack);
        Plan(at);
        if (done.From == CaseState.Waiting && done.WaitedUntil is { } until && until > at) WaitAgain(until, waitedFor, at, done.ForCustomer);
    }

    internal void Unreopen(CaseReopened done, long fact, DateTime at)
    {
        Still(State == CaseState.Open);
        Record(new CaseUndone(Id, fact));
        (State, ResolvedAt, ResolvedBy, ConfirmedAt, Confirmation, ClosedAt) = (done.From, done.ResolvedAt, done.ResolvedBy, done.ConfirmedAt, done.Confirmation, done.ClosedAt);
        Plan(at);
    }

    internal void Unconfirm(long fact, DateTime at)
    {
        Still(State == CaseState.Confirmed);
        Record(new CaseUndone(Id, fact));
        (State, ConfirmedAt, Confirmation) = (CaseState.Resolved, null, null);
        Plan(at);
    }

    internal void Unclose(CaseClosed done, long fact, DateTime at)
    {
        Still(State == CaseState.Closed);
        Record(new CaseUndone(Id, fact));
        (State, ClosedAt) = (done.From, null);
        Plan(at);
    }

    internal void Took(long fact, DateTime at)
    {
        Record(new CaseUndone(Id, fact));
        ChangedAt = at;
    }

    /// <summary>Stands in another case from now on, or for itself again. The merge records the fact.</summary>
    internal void GoesInto(long? into, DateTime at)
    {
        MergedInto = into;
        Plan(at);
    }

    // The length of an old wait was settled when it was made.
    void WaitAgain(DateTime until, string? waitedFor, DateTime at, bool forCustomer)
    {
        Record(new CaseWaiting(Id, until, WaitUntil, forCustomer, WaitsForCustomer), new FactTextDraft("for", WaitFor, waitedFor, CustomerId));
        EndPause(at);
        if (forCustomer) Pause(at, until);
        (State, WaitUntil, WaitFor) = (CaseState.Waiting, until, waitedFor);
        Plan(at);
    }

    /// <summary>Refuses where something else happened in between.</summary>
    internal static void Still(bool stands)
    {
        if (!stands) throw new Refused("", Words.UndoTooLate);
    }
}
