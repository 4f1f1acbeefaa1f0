using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Mail;

namespace Amends.Contacts;

public enum Direction : byte { In = 0, Out = 1 }

/// <summary>Where a contact stands.</summary>
public enum ContactState : byte
{
    /// <summary>Received, or sent.</summary>
    Done = 0,

    /// <summary>Ours, on its way; can be taken back for some seconds.</summary>
    Sending = 1,

    /// <summary>Could not be read: visible, with its raw form, until a person retries or releases it.</summary>
    Quarantined = 2,

    /// <summary>Taken back before it went.</summary>
    TakenBack = 3
}

/// <summary>What a message is, where no person wrote it.</summary>
public enum Nature : byte
{
    /// <summary>A person's, as far as is known.</summary>
    Person = 0,

    /// <summary>A machine's.</summary>
    Automatic = 1,

    /// <summary>Somebody is away.</summary>
    Away = 2,

    /// <summary>Mail of ours did not arrive.</summary>
    CameBack = 3,

    /// <summary>Mail of ours is late, and still tried.</summary>
    Late = 4,

    /// <summary>Mail of ours arrived.</summary>
    Delivered = 5,

    /// <summary>Mail of ours was read, or thrown away unread.</summary>
    ReadReceipt = 6,

    /// <summary>Somebody told his provider that mail of ours is unwanted.</summary>
    Complaint = 7,

    /// <summary>Sent to many.</summary>
    List = 8,

    /// <summary>An answer to an invitation.</summary>
    Invitation = 9
}

/// <summary>Whether the sender is who he says.</summary>
public enum SenderTrust : byte { NotVerified = 0, Verified = 1, Failed = 2 }

/// <summary>Why a contact stands on its case.</summary>
public enum WhyHere : byte { NewCase = 1, ReplyToken = 2, References = 3, KnownThread = 4, NumberAndParticipant = 5, ByHand = 6, Link = 7, Split = 8 }

/// <summary>One message or call, in or out, on any channel. Never changes its case.</summary>
public sealed class Contact : Noun
{
    public long CaseId { get; init; }
    public Direction Direction { get; init; }
    public Channel Channel { get; init; }
    public ContactState State { get; internal set; }

    /// <summary>When it happened; order on the case.</summary>
    public DateTime At { get; init; }
    public long? CustomerId { get; init; }

    /// <summary>Our writer or the one who took the call.</summary>
    public long? ColleagueId { get; init; }

    /// <summary>The sender's name and address as they were told.</summary>
    public string? FromName { get; init; }
    public string? FromAddress { get; init; }

    /// <summary>Recipients as shown: addresses, separated by commas.</summary>
    public string? To { get; init; }
    public string? Cc { get; init; }
    public string? Subject { get; init; }

    /// <summary>What is new in it, as plain text (of ours: light Markdown). Stored raw, made safe when shown.</summary>
    public required string Text { get; init; }

    /// <summary>What it quotes, plain text; folded when shown.</summary>
    public string? Quoted { get; init; }

    /// <summary>True when the raw mail has an HTML form to show.</summary>
    public bool HasHtml { get; init; }

    /// <summary>Its HTML names images that lie elsewhere.</summary>
    public bool HasRemote { get; init; }

    /// <summary>The message as it came, byte for byte.</summary>
    public long? RawBlobId { get; init; }

    /// <summary>Without angle brackets.</summary>
    public string? MessageId { get; init; }
    public SenderTrust Trust { get; init; }

    /// <summary>A digest of all by which the same mail in another mailbox is known: id, sender, subject, text, files. Unique, so that two that are read at the same moment are one; null where it is no mail that came in.</summary>
    public byte[]? Same { get; init; }

    /// <summary>Our other mailboxes that it came to as well.</summary>
    public string? AlsoTo { get; init; }
    public WhyHere Why { get; init; }

    /// <summary>All signals by which its case was found, for people: “reply token; known sender”.</summary>
    public string? Signals { get; init; }

    /// <summary>Sent by a machine (RFC 3834): nothing is triggered by it.</summary>
    public bool Automatic { get; init; }

    /// <summary>It thanks and says nothing else: no case opened for it, no wait ended. One click says otherwise.</summary>
    public bool OnlyThanks { get; private set; }

    /// <summary>What it is, where a machine sent it.</summary>
    public Nature Nature { get; init; }

    /// <summary>Until when its writer is away, where that could be found.</summary>
    public DateOnly? AwayUntil { get; init; }

    /// <summary>Its files still lie in the raw mail: the disk was nearly full when it came.</summary>
    public bool FilesLater { get; internal set; }

    /// <summary>Read though damaged: what was wrong, for people.</summary>
    public string? Defects { get; init; }

    /// <summary>Of a call: the number, how long, and what came of it.</summary>
    public string? Number { get; init; }
    public int? Seconds { get; init; }
    public CallOutcome? Outcome { get; init; }

    /// <summary>Of ours: the apology or assurance in it that nothing stands behind, as it was written, up to 200 characters; null for none, or where its writer said that it is none.</summary>
    public string? Apology { get; internal set; }

    /// <summary>The contact that this one is a copy of, after a split.</summary>
    public long? CopyOf { get; init; }

    /// <summary>It is a word of a machine about mail of ours: shown small.</summary>
    public bool IsReport => Nature is Nature.CameBack or Nature.Late or Nature.Delivered or Nature.ReadReceipt or Nature.Complaint;

    /// <summary>Says that it is there.</summary>
    /// <param name="first">It made its case.</param>
    /// <param name="receipt">Its mailbox gives receipts, and nothing in the mail speaks against one.</param>
    internal void Arrived(bool first = false, bool receipt = false) => Record(Direction == Direction.In
        ? new ContactReceived(CaseId, Id, Channel, Automatic, first, receipt)
        : new ContactSent(CaseId, Id, Channel));

    /// <summary>It thanks only.</summary>
    internal void ThanksOnly()
    {
        OnlyThanks = true;
        Record(new ContactOnlyThanks(CaseId, Id, Only: true));
    }

    /// <summary>A person says that it is more.</summary>
    internal void MoreThanThanks()
    {
        OnlyThanks = false;
        Record(new ContactOnlyThanks(CaseId, Id, Only: false));
    }

    /// <summary>A copy of a contact of another case, after a split: nobody wrote anew.</summary>
    internal void CopiedHere() => Record(new ContactCopied(CaseId, Id, CopyOf!.Value));

    /// <summary>Its files were taken out of the raw mail.</summary>
    internal void FilesCame()
    {
        FilesLater = false;
        Record(new ContactFilesCame(CaseId, Id));
    }

    /// <summary>Taken back before it went out.</summary>
    internal void TakeBack()
    {
        State = ContactState.TakenBack;
        Record(new ContactTakenBack(CaseId, Id));
    }

    /// <summary>What was taken for an apology is none.</summary>
    internal void NoApology()
    {
        Apology = null;
        Record(new ContactNoApology(CaseId, Id));
    }

    internal void Went()
    {
        State = ContactState.Done;
        Record(new ContactWent(CaseId, Id));
    }
}

public enum CallOutcome : byte { Talked = 1, NoAnswer = 2, Voicemail = 3, WrongNumber = 4 }

[FactKind("contact.received")] public sealed record ContactReceived(long Case, long Contact, Channel Channel, bool Automatic, bool First = false, bool Receipt = false) : ICaseFact { public long Subject => Case; }
[FactKind("contact.sent")] public sealed record ContactSent(long Case, long Contact, Channel Channel) : ICaseFact { public long Subject => Case; }
[FactKind("contact.taken-back")] public sealed record ContactTakenBack(long Case, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("contact.copied")] public sealed record ContactCopied(long Case, long Contact, long From) : ICaseFact { public long Subject => Case; }
[FactKind("mail.came-back")] public sealed record MailCameBack(long Case, long Contact, long? Written) : ICaseFact { public long Subject => Case; }
[FactKind("contact.files-came")] public sealed record ContactFilesCame(long Case, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("contact.no-apology")] public sealed record ContactNoApology(long Case, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("contact.went")] public sealed record ContactWent(long Case, long Contact) : ICaseFact { public long Subject => Case; }

/// <summary>An address of ours that is read and sent from.</summary>
public sealed class Mailbox : Noun
{
    /// <summary>Lower case, unique.</summary>
    public required string Address { get; set; }
    public required string Name { get; set; }
    public long BrandId { get; set; }

    /// <summary>Set under each reply from here; plain text with named fields; null for the brand's.</summary>
    public string? Signature { get; set; }

    /// <summary>The team whose queue new cases join.</summary>
    public long TeamId { get; set; }
    public bool Retired { get; set; }

    /// <summary>Mail is fetched from the server below; otherwise it is handed to us (a pipe, the intake).</summary>
    public bool ImapOn { get; set; }

    /// <summary>The certificate must be for this name.</summary>
    public string? ImapHost { get; set; }
    public int ImapPort { get; set; } = 993;
    public MailSecurity ImapSecurity { get; set; }
    public MailLogin ImapLogin { get; set; }
    public string? ImapUser { get; set; }

    /// <summary>Whose account signs in at the provider, where that is another than <see cref="ImapUser"/>: a mailbox that several share.</summary>
    public string? ImapAccount { get; set; }

    /// <summary>The account that has to sign in.</summary>
    public string SignsInAs => ImapAccount ?? ImapUser ?? Address;

    /// <summary>The password, sealed with the house key; shown to nobody.</summary>
    public byte[]? ImapSecret { get; set; }

    /// <summary>The folder that is read, by its name for people.</summary>
    public string? ImapFolder { get; set; }
    public AfterFetch ImapThen { get; set; }

    /// <summary>Where a stored message goes; only with <see cref="AfterFetch.Move"/>.</summary>
    public string? ImapMoveTo { get; set; }

    /// <summary>What arrived there before is left alone; null to take all that lies in the folder.</summary>
    public DateTime? ImapFrom { get; set; }

    /// <summary>Names (authserv-ids, RFC 8601) of the servers whose word on a sender counts, divided by blanks; what others write into a mail is nobody's word.</summary>
    public string? Receivers { get; set; }

    /// <summary>The colleague who is told when the mailbox cannot be read.</summary>
    public long? OwnerId { get; set; }

    /// <summary>Whether who writes for the first time about something is told that we have it; null: where mail is fetched.</summary>
    public bool? Receipts { get; set; }

    /// <summary>Whether receipts are given.</summary>
    public bool GivesReceipts => Receipts ?? ImapOn;
    public void Changed() => Record(new MailboxChanged(Id));
}

/// <summary>What is done on the server with a message once it is stored here.</summary>
public enum AfterFetch : byte { MarkRead = 0, Move = 1, Delete = 2 }

[FactKind("mailbox.changed")] public sealed record MailboxChanged(long Mailbox) : IFact { public long Subject => Mailbox; }

public enum DeliveryState : byte
{
    /// <summary>Stored; intake has it before it.</summary>
    Received = 0,

    /// <summary>A contact stands for it.</summary>
    Taken = 1,

    /// <summary>Could not be read: visible with its raw form.</summary>
    Quarantined = 2,

    /// <summary>A person looked at it and put it away.</summary>
    PutAway = 3
}

/// <summary>
/// A raw message as it reached one of our mailboxes: stored first, acknowledged after the commit, read afterwards. The same bytes in the
/// same mailbox are the same message, for ever.
/// </summary>
public sealed class Delivery : Noun
{
    public long MailboxId { get; init; }

    /// <summary>SHA-256 of the raw bytes; unique with the mailbox.</summary>
    public required byte[] Sha256 { get; init; }
    public long BlobId { get; init; }
    public DateTime ReceivedAt { get; init; }
    public string? EnvelopeFrom { get; init; }
    public string? EnvelopeTo { get; init; }

    /// <summary>How it came: <c>intake</c>, <c>import</c> or <c>imap</c>.</summary>
    public required string Way { get; init; }

    /// <summary>It was longer than is taken: only its beginning was stored.</summary>
    public bool IsCut { get; init; }
    public DeliveryState State { get; internal set; }
    public long? ContactId { get; internal set; }
    public string? Trouble { get; internal set; }

    /// <summary>Who sent it, as compared, and its length: what one address sends on one day is limited. Known once it was read.</summary>
    public string? Sender { get; internal set; }
    public long Bytes { get; internal set; }

    /// <summary>A person wants it read whatever its sender has sent.</summary>
    public bool Allowed { get; internal set; }

    internal void Stored() => Record(new DeliveryStored(Id, MailboxId));

    internal void TakenAs(long contact)
    {
        (State, ContactId, Trouble) = (DeliveryState.Taken, contact, null);
        Record(new DeliveryRead(Id, contact));
    }

    internal void Quarantine(string trouble)
    {
        (State, Trouble) = (DeliveryState.Quarantined, trouble);
        Record(new DeliveryQuarantined(Id));
    }

    internal void Retry()
    {
        (State, Allowed) = (DeliveryState.Received, true);
        Record(new DeliveryRetried(Id));
    }

    internal void PutAway()
    {
        State = DeliveryState.PutAway;
        Record(new DeliveryPutAway(Id));
    }
}

[FactKind("delivery.stored")] public sealed record DeliveryStored(long Delivery, long Mailbox) : IFact { public long Subject => Delivery; }
[FactKind("delivery.read")] public sealed record DeliveryRead(long Delivery, long Contact) : IFact { public long Subject => Delivery; }
[FactKind("delivery.quarantined")] public sealed record DeliveryQuarantined(long Delivery) : IFact { public long Subject => Delivery; }
[FactKind("delivery.retried")] public sealed record DeliveryRetried(long Delivery) : IFact { public long Subject => Delivery; }
[FactKind("delivery.put-away")] public sealed record DeliveryPutAway(long Delivery) : IFact { public long Subject => Delivery; }

/// <summary>A link that shows a customer one case. Only the digest of its 128-bit token stands here. Ends 90 days after closing; can be revoked.</summary>
public sealed class CaseLetter
{
    public long Id { get; set; }
    public required byte[] TokenHash { get; set; }
    public long CaseId { get; set; }
    public long CustomerId { get; set; }
    public DateTime MadeAt { get; set; }
    public DateTime? RevokedAt { get; set; }
}

/// <summary>A code of six digits that opens a case's history to the customer who has its link. Only its keyed digest stands here.</summary>
public sealed class LetterCode
{
    public long Id { get; set; }
    public long LetterId { get; set; }
    public required byte[] Digest { get; set; }
    public DateTime EndsAt { get; set; }

    /// <summary>Wrong tries; at five the code is dead.</summary>
    public int Tries { get; set; }
    public DateTime? UsedAt { get; set; }
}

/// <summary>An address was sent an automatic answer: at most one for each address, case and day; where nothing proves the sender, one a day for all cases (A20, A21).</summary>
public sealed class Receipt
{
    /// <summary>Keyed digest of the address.</summary>
    public required byte[] Address { get; set; }
    public DateOnly Day { get; set; }

    /// <summary>The case; 0 for those of senders that nothing proves.</summary>
    public long CaseId { get; set; }
    public DateTime At { get; set; }
}
