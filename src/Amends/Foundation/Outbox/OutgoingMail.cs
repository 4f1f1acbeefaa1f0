using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Foundation.Outbox;

/// <summary>What became of a mail as a whole.</summary>
public enum OutgoingState : byte
{
    /// <summary>Waits for its time, or for a server that answers.</summary>
    Queued = 0,

    /// <summary>Handed to the server for every recipient; or, without a server, laid into the outbox for people to see.</summary>
    Sent = 1,

    /// <summary>Refused for at least one recipient, for good.</summary>
    Failed = 2,

    /// <summary>Taken back before it went.</summary>
    Cancelled = 3
}

/// <summary>
/// A mail of ours on its way out. Its bytes are fixed when it is queued, its Message-ID with them: each retry sends the same.
/// Sent by a job in the lane <see cref="Jobs.Lane.Mail"/>.
/// </summary>
public sealed class OutgoingMail : Noun
{
    /// <summary>Without angle brackets, unique.</summary>
    public required string MessageId { get; set; }

    /// <summary>The envelope sender; empty for automatic mail that must not bounce back.</summary>
    public required string From { get; set; }
    public required string Subject { get; set; }

    /// <summary>The mail as bytes.</summary>
    public long BlobId { get; set; }
    public OutgoingState State { get; private set; }
    public DateTime QueuedAt { get; set; }
    public DateTime SendAt { get; set; }
    public DateTime? SentAt { get; private set; }

    /// <summary>The last thing that went wrong, in words.</summary>
    public string? Trouble { get; private set; }
    public long? CaseId { get; set; }
    public long? ContactId { get; set; }

    /// <summary>What kind of automatic mail it is; null where a person wrote it.</summary>
    public AutomaticKind? Automatic { get; set; }
    public List<OutgoingRecipient> Recipients { get; } = [];

    /// <summary>Marks what happened on a try. Recipients carry their own outcome.</summary>
    public void Tried(DateTime at, string? trouble)
    {
        // That one did not get it stays said when the others did.
        Trouble = trouble ?? (Recipients.Exists(r => r.State == RecipientState.Refused) ? Trouble : null);
        if (Recipients.TrueForAll(r => r.State == RecipientState.Accepted)) (State, SentAt) = (OutgoingState.Sent, at);
        else if (Recipients.TrueForAll(r => r.State is RecipientState.Accepted or RecipientState.Refused)) (State, SentAt) = (OutgoingState.Failed, at);
        if (State is OutgoingState.Sent or OutgoingState.Failed) Record(new MailSent(Id, CaseId, ContactId, State));
        else Record(new MailDelayed(Id, CaseId));
    }

    /// <summary>It had been handed over and came back; its recipients say who did not get it.</summary>
    public void CameBack(string trouble)
    {
        Trouble = trouble;
        // Others still wait for it: it goes to them first.
        if (State == OutgoingState.Queued && Recipients.Exists(r => r.State == RecipientState.Waiting))
        {
            Record(new MailDelayed(Id, CaseId));
            return;
        }
        State = OutgoingState.Failed;
        Record(new MailSent(Id, CaseId, ContactId, State));
    }

    /// <summary>Gives up: the time to try is over.</summary>
    public void GiveUp(string why, DateTime at)
    {
        foreach (var one in Recipients.Where(r => r.State == RecipientState.Waiting)) one.Refuse(null, why);
        Tried(at, why);
    }

    /// <summary>Takes the mail back. False when it is too late.</summary>
    public bool Cancel()
    {
        if (State != OutgoingState.Queued || Recipients.Exists(r => r.State == RecipientState.Accepted)) return false;
        State = OutgoingState.Cancelled;
        Record(new MailCancelled(Id, CaseId));
        return true;
    }

    /// <summary>It goes at another moment. False when it is too late for that.</summary>
    public bool SendsAt(DateTime at)
    {
        if (State != OutgoingState.Queued) return false;
        SendAt = at;
        Record(new MailTimed(Id, CaseId, at));
        return true;
    }

    /// <summary>A person tries again what failed.</summary>
    public void Retry(DateTime at)
    {
        // What only lay in the outbox, with no code of a server, goes as well once there is one.
        foreach (var one in Recipients.Where(r => r.State == RecipientState.Refused || r is { State: RecipientState.Accepted, Code: null })) one.Wait();
        (State, SendAt, Trouble) = (OutgoingState.Queued, at, null);
        Record(new MailRetried(Id, CaseId));
    }

    /// <summary>Queued by a clock that was ahead: it goes as long after now as it was to go after that.</summary>
    internal void QueuedAnew(DateTime at)
    {
        (SendAt, QueuedAt) = (SendAt > QueuedAt ? at + (SendAt - QueuedAt) : at, at);
        Record(new MailDelayed(Id, CaseId));
    }

    /// <summary>Says that it was queued.</summary>
    internal void Queued() => Record(new MailQueued(Id, CaseId, ContactId));
}

/// <summary>What a server said about one recipient.</summary>
public enum RecipientState : byte { Waiting = 0, Accepted = 1, Refused = 2 }

/// <summary>One recipient of a mail and what became of it.</summary>
public sealed class OutgoingRecipient
{
    public long Id { get; set; }
    public long MailId { get; set; }
    public required string Address { get; set; }
    public RecipientState State { get; private set; }

    /// <summary>The server's code, for example 550.</summary>
    public int? Code { get; private set; }
    public string? Text { get; private set; }

    public void Accept(int? code, string? text) => (State, Code, Text) = (RecipientState.Accepted, code, text);
    public void Refuse(int? code, string? text) => (State, Code, Text) = (RecipientState.Refused, code, text);

    /// <summary>Not now: the server said so, or was not there.</summary>
    public void Delay(int? code, string? text) => (Code, Text) = (code, text);
    internal void Wait() => State = RecipientState.Waiting;
}

[FactKind("mail.queued")] public sealed record MailQueued(long Mail, long? Case, long? Contact) : IFact { public long Subject => Case ?? Mail; }
[FactKind("mail.sent")] public sealed record MailSent(long Mail, long? Case, long? Contact, OutgoingState State) : IFact { public long Subject => Case ?? Mail; }
[FactKind("mail.delayed")] public sealed record MailDelayed(long Mail, long? Case) : IFact { public long Subject => Case ?? Mail; }
[FactKind("mail.cancelled")] public sealed record MailCancelled(long Mail, long? Case) : IFact { public long Subject => Case ?? Mail; }
[FactKind("mail.timed")] public sealed record MailTimed(long Mail, long? Case, DateTime SendAt) : IFact { public long Subject => Case ?? Mail; }
[FactKind("mail.retried")] public sealed record MailRetried(long Mail, long? Case) : IFact { public long Subject => Case ?? Mail; }
