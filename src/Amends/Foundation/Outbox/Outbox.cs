using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Mail;

namespace Amends.Foundation.Outbox;

/// <summary>A mail whose bytes are fixed and stored, ready to be queued by the write that it belongs to.</summary>
/// <param name="MessageId">Without brackets.</param>
/// <param name="From">The envelope sender; empty for automatic mail.</param>
/// <param name="Recipients">Addresses of the envelope, each once.</param>
/// <param name="Automatic">What kind of automatic mail it is; null where a person wrote it.</param>
public sealed record ReadyMail(Blob Blob, string MessageId, string From, string Subject, IReadOnlyList<string> Recipients, AutomaticKind? Automatic = null);

/// <summary>The one way out for mail: prepared before the write, queued inside of it, sent by a job.</summary>
public sealed class Outbox(BlobStore blobs, House house)
{
    /// <summary>Renders what a person wrote and stores its bytes. Before the write: a retry of the write sends the same bytes. Reports come back to its From.</summary>
    public async Task<ReadyMail> Prepare(MailDraft draft, CancellationToken stop = default)
    {
        var bytes = draft.Write();
        return new(await blobs.Put(bytes, stop), draft.MessageId!, draft.From!.Address, draft.Subject, [.. draft.Recipients.Select(r => r.Address)]);
    }

    /// <summary>The same of what the house writes by itself: marked as such, and with an empty return path, so that nothing comes back.</summary>
    public async Task<ReadyMail> PrepareAutomatic(MailDraft draft, AutomaticKind kind, CancellationToken stop = default)
    {
        AutomaticMail.Mark(draft, kind);
        return (await Prepare(draft, stop)) with { From = "", Automatic = kind };
    }

    /// <summary>Queues an automatic mail inside of a write. False when there were too many: then it is not sent.</summary>
    public async Task<bool> QueueAutomatic(Database db, ReadyMail ready, long? caseId = null)
    {
        if (!await AutomaticMail.MayGo(db, house, ready.Automatic!.Value, caseId)) return false;
        Add(db, ready, caseId, null, null);
        return true;
    }

    /// <summary>Queues inside of a write. It is sent after the commit, not before <paramref name="sendAt"/>.</summary>
    public static OutgoingMail Queue(Database db, ReadyMail ready, long? caseId = null, long? contactId = null, DateTime? sendAt = null) =>
        ready.Automatic is AutomaticKind.Answer or AutomaticKind.Notice ? throw new InvalidOperationException("Automatic mail is queued by QueueAutomatic, which counts it.") : Add(db, ready, caseId, contactId, sendAt);

    static OutgoingMail Add(Database db, ReadyMail ready, long? caseId, long? contactId, DateTime? sendAt)
    {
        var mail = new OutgoingMail
        {
            Id = db.Ids!.Next(),
            MessageId = ready.MessageId,
            From = ready.From,
            Subject = ready.Subject,
            BlobId = ready.Blob.Id,
            QueuedAt = db.At,
            SendAt = sendAt ?? db.At,
            Automatic = ready.Automatic,
            CaseId = caseId,
            ContactId = contactId
        };
        foreach (var address in ready.Recipients) mail.Recipients.Add(new OutgoingRecipient { Id = db.Ids.Next(), MailId = mail.Id, Address = address });
        ready.Blob.CaseId = caseId;
        db.Add(ready.Blob);
        db.Add(mail);
        mail.Queued();
        SendMail.Enqueue(db, mail.Id, mail.SendAt);
        return mail;
    }
}
