using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Promises.Finding;

namespace Amends.Promises;

/// <summary>Open, or how it ended.</summary>
public enum PromiseState : byte
{
    Open = 0,

    /// <summary>Done by the moment that was said.</summary>
    Kept = 1,

    /// <summary>Done, and later than was said.</summary>
    Late = 2,

    /// <summary>It will not be done.</summary>
    Broken = 3,

    /// <summary>Another one stands in its place: the customer agreed to it, or was told it (<see cref="Promise.ToldIn"/>).</summary>
    Changed = 4,

    /// <summary>The customer said that it need not be done.</summary>
    Released = 5,

    /// <summary>It was never a promise, or was never sent.</summary>
    Withdrawn = 6
}

/// <summary>What we said we would do: to whom, by when, who keeps it, where it was said. It is never without a keeper.</summary>
public sealed class Promise : Noun
{
    /// <summary>How far ahead one may lie.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public long CaseId { get; init; }
    public long CustomerId { get; init; }
    public PromiseKind Kind { get; init; }

    /// <summary>In words, up to 200 characters: “Call back with the result”; empty where only its kind was said.</summary>
    public required string Named { get; init; }

    /// <summary>Its words; else, where its kind says nothing, how it was said, up to 80 characters; else its kind in the language of who reads.</summary>
    public string What => Named.Length > 0 ? Named : Kind == PromiseKind.Other && Quote is { Length: > 0 } said ? said.Length > 80 ? $"{Intake.Cut(said, 79)}…" : said : KindWords.Of(Kind);

    /// <summary>The words of the contact in which it was found, up to 400 characters; null where it was made by hand.</summary>
    public string? Quote { get; init; }

    /// <summary>The contact in which it was said, or null.</summary>
    public long? SaidIn { get; init; }
    public DateTime MadeAt { get; init; }
    public long? MadeBy { get; init; }

    /// <summary>By when, UTC.</summary>
    public DateTime DueAt { get; init; }

    /// <summary>The same as it was said: local time of <see cref="Zone"/>.</summary>
    public DateTime DueLocal { get; init; }

    /// <summary>IANA name of the zone in which it was said: the customer's, where we know it.</summary>
    public required string Zone { get; init; }
    public long KeeperId { get; private set; }
    public PromiseState State { get; private set; }

    /// <summary>When half and four fifths of the time have passed.</summary>
    public DateTime HalfAt { get; init; }
    public DateTime AskAt { get; init; }

    /// <summary>When the keeper was reminded, was asked, and when it went past due; null before.</summary>
    public DateTime? RemindedAt { get; private set; }
    public DateTime? AskedAt { get; private set; }
    public DateTime? PassedAt { get; private set; }

    public DateTime? EndedAt { get; private set; }

    /// <summary>The contact that proves it was kept, or null.</summary>
    public long? ProvedBy { get; private set; }

    /// <summary>How it was kept, why it was broken or released; up to 300 characters.</summary>
    public string? EndedWhy { get; private set; }

    /// <summary>The promise that stands in the place of this one.</summary>
    public long? Into { get; private set; }

    /// <summary>The contact that told the customer another time; null where he agreed to it, or it was not changed.</summary>
    public long? ToldIn { get; private set; }

    public bool IsOpen => State == PromiseState.Open;

    /// <summary>True where its moment passed before it was done, or it will not be done.</summary>
    public bool IsLate(DateTime now) => State is PromiseState.Broken || IsOpen && DueAt <= now;

    /// <summary>It was made.</summary>
    /// <exception cref="Refused">In the past, or further away than a year.</exception>
    public void Make(long keeper, DateTime at)
    {
        MayBeDue(DueAt, at);
        KeeperId = keeper;
        Record(new PromiseMade(CaseId, Id, Kind, keeper, DueAt, SaidIn), new FactTextDraft("what", null, Named, CustomerId));
    }

    /// <summary>Checks a moment that is about to be promised.</summary>
    /// <exception cref="Refused">In the past, or further away than a year.</exception>
    public static void MayBeDue(DateTime due, DateTime at)
    {
        if (due <= at) throw new Refused("due", Words.DuePast);
        if (due - at > Furthest) throw new Refused("due", Words.DueFar);
    }

    /// <summary>Another colleague keeps it.</summary>
    public void HandOver(long keeper)
    {
        if (keeper == KeeperId) return;
        NeedsOpen();
        Record(new PromiseHandedOver(CaseId, Id, KeeperId, keeper));
        (KeeperId, RemindedAt, AskedAt) = (keeper, null, null);
    }

    /// <summary>It was done.</summary>
    /// <param name="done">When; not the moment at which it was written down.</param>
    /// <param name="proof">The contact that shows it, or null.</param>
    /// <param name="how">What shows it where no contact does.</param>
    /// <exception cref="Refused">It is not open.</exception>
    public void Keep(DateTime done, long? proof, string? how, DateTime at)
    {
        NeedsOpen();
        var state = done <= DueAt ? PromiseState.Kept : PromiseState.Late;
        Record(new PromiseKept(CaseId, Id, state == PromiseState.Late, proof), how is null ? [] : [new FactTextDraft("how", null, how, CustomerId)]);
        (State, EndedAt, ProvedBy, EndedWhy) = (state, at, proof, how);
    }

    /// <summary>It will not be done.</summary>
    /// <exception cref="Refused">It is not open.</exception>
    public void Break(string why, DateTime at)
    {
        NeedsOpen();
        Record(new PromiseBroken(CaseId, Id), new FactTextDraft("why", null, why, CustomerId));
        (State, EndedAt, EndedWhy) = (PromiseState.Broken, at, why);
    }

    /// <summary>The customer said that it need not be done.</summary>
    /// <exception cref="Refused">It is not open.</exception>
    public void Release(string why, DateTime at)
    {
        NeedsOpen();
        Record(new PromiseReleased(CaseId, Id), new FactTextDraft("why", null, why, CustomerId));
        (State, EndedAt, EndedWhy) = (PromiseState.Released, at, why);
    }

    /// <summary>The customer agreed to another one in its place.</summary>
    /// <exception cref="Refused">It is not open.</exception>
    public void Change(long into, string agreed, DateTime at)
    {
        NeedsOpen();
        Record(new PromiseChanged(CaseId, Id, into), new FactTextDraft("agreed", null, agreed, CustomerId));
        (State, EndedAt, EndedWhy, Into) = (PromiseState.Changed, at, agreed, into);
    }

    /// <summary>The customer was told another time, which stands in its place.</summary>
    /// <param name="contact">What told him: where it is taken back, this one is open again.</param>
    /// <exception cref="Refused">It is not open.</exception>
    public void Tell(long into, long contact, DateTime at)
    {
        NeedsOpen();
        Record(new PromiseToldAnew(CaseId, Id, into, contact));
        (State, EndedAt, Into, ToldIn) = (PromiseState.Changed, at, into, contact);
    }

    /// <summary>It was none, or what it was said in never went.</summary>
    public void Withdraw(DateTime at)
    {
        if (!IsOpen) return;
        Record(new PromiseWithdrawn(CaseId, Id));
        (State, EndedAt) = (PromiseState.Withdrawn, at);
    }

    /// <summary>What proved it, told another time, or ended it, was taken back: it is open again.</summary>
    internal void OpenAgain()
    {
        if (State is not (PromiseState.Kept or PromiseState.Late or PromiseState.Broken or PromiseState.Released) && ToldIn is null) return;
        Record(new PromiseOpenAgain(CaseId, Id));
        (State, EndedAt, ProvedBy, EndedWhy, Into, ToldIn) = (PromiseState.Open, null, null, null, null, null);
    }

    /// <summary>What may lie between the clocks of two programs on one database.</summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    // Noted by a clock that has been set back since, it was no reminder at its time.
    static bool Was(DateTime? noted, DateTime at) => noted is { } then && then <= at + Slack;

    /// <summary>Half of the time is over.</summary>
    internal void Remind(DateTime at)
    {
        if (!IsOpen || Was(RemindedAt, at)) return;
        Record(new PromiseReminded(CaseId, Id, KeeperId, Asked: false));
        RemindedAt = at;
    }

    /// <summary>Four fifths are over: the keeper is asked what will be.</summary>
    internal void Ask(DateTime at)
    {
        if (!IsOpen || Was(AskedAt, at)) return;
        Record(new PromiseReminded(CaseId, Id, KeeperId, Asked: true));
        (RemindedAt, AskedAt) = (Was(RemindedAt, at) ? RemindedAt : at, at);
    }

    /// <summary>No more reminders: it passed before they went.</summary>
    internal void Asked(DateTime at) => (RemindedAt, AskedAt) = (Was(RemindedAt, at) ? RemindedAt : at, Was(AskedAt, at) ? AskedAt : at);

    /// <summary>Its moment passed.</summary>
    internal void Pass(DateTime at)
    {
        if (!IsOpen || Was(PassedAt, at) || DueAt > at) return;
        Record(new PromisePassed(CaseId, Id, KeeperId, DueAt));
        PassedAt = at;
    }

    void NeedsOpen()
    {
        if (!IsOpen) throw new Refused("", Words.AlreadyEnded);
    }
}
