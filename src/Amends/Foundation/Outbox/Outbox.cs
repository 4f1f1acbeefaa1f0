using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Mail;

namespace Amends.Foundation.Outbox;

/// <summary>A mail whose bytes are fixed and stored, ready to be queued by the write that it belongs to.</summary>
/// <param name="MessageId">Without brackets.</param>
/// <param name="From">The envelope sender; empty for automatic mail.</param>
/// <param name="Recipients">Addresses of the envelope, each once.</param>
public sealed record ReadyMail(Blob Blob, string MessageId, string From, string Subject, IReadOnlyList<string> Recipients);

/// <summary>The one way out for mail: prepared before the write, queued inside of it, sent by a job.</summary>
public sealed class Outbox(BlobStore blobs)
{
    /// <summary>Renders a draft and stores its bytes. Before the write: a retry of the write sends the same bytes.</summary>
    /// <param name="bounces">Where reports go: the draft's From; <c>false</c> for automatic mail, which must not come back.</param>
    public async Task<ReadyMail> Prepare(MailDraft draft, bool bounces = true, CancellationToken stop = default)
    {
        var bytes = draft.Write();
        return new(await blobs.Put(bytes, stop), draft.MessageId!, bounces ? draft.From!.Address : "", draft.Subject, [.. draft.Recipients.Select(r => r.Address)]);
    }

    /// <summary>Queues inside of a write. It is sent after the commit, not before <paramref name="sendAt"/>.</summary>
    public static OutgoingMail Queue(Database db, ReadyMail ready, long? caseId = null, long? contactId = null, DateTime? sendAt = null)
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
