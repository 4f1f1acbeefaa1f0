using Amends.Cases;
using Amends.Foundation.Blobs;

namespace Amends.Contacts;

/// <summary>What a channel delivers to intake: everything that was told, nothing decided. Its files' bytes lie in the blob store already.</summary>
public sealed record IncomingContact
{
    public required Channel Channel { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>As told by the sender; nothing of it is proved.</summary>
    public string? FromName { get; init; }
    public string? FromAddress { get; init; }

    /// <summary>The language in which the sender met us, two letters: kept for a customer who is new.</summary>
    public string? Language { get; init; }

    /// <summary>Whom it concerns, where the sender speaks for somebody else: a name, and an address or number where one was given.</summary>
    public string? ForName { get; init; }
    public string? ForAddress { get; init; }

    /// <summary>Chosen by a colleague, or known by a link.</summary>
    public long? CustomerId { get; init; }
    public long? CaseId { get; init; }
    public WhyHere? Why { get; init; }

    public string Subject { get; init; } = "";
    public required string Text { get; init; }
    public string? Quoted { get; init; }
    public bool HasHtml { get; init; }
    public bool HasRemote { get; init; }
    public string? To { get; init; }
    public string? Cc { get; init; }

    /// <summary>Every address that it was sent to, the envelope's too: reply tokens are looked for in them.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];

    /// <summary>Whom the message names beside our mailbox and its sender: To and Cc.</summary>
    public IReadOnlyList<Amends.Mail.Mailbox> Beside { get; init; } = [];
    public string? MessageId { get; init; }

    /// <summary>In-Reply-To and References, newest first.</summary>
    public IReadOnlyList<string> AnswersTo { get; init; } = [];
    public SenderTrust Trust { get; init; }

    /// <summary>A digest of text and HTML, by which the same mail in two mailboxes is known.</summary>
    public long BodyMark { get; init; }
    public bool Automatic { get; init; }

    /// <summary>Its mailbox gives receipts, and nothing in the message speaks against one.</summary>
    public bool WantsReceipt { get; init; }

    /// <summary>What it is, where a machine sent it, and until when somebody is away.</summary>
    public Nature Nature { get; init; }
    public DateOnly? AwayUntil { get; init; }

    /// <summary>What it reports about a mail of ours: that it came back or is late, was read, or was complained about. At most one of them.</summary>
    public Amends.Mail.DeliveryReport? Report { get; init; }
    public Amends.Mail.ReadReceipt? Receipt { get; init; }
    public Amends.Mail.FeedbackReport? Complaint { get; init; }

    /// <summary>It is a report about mail of ours, and nobody's matter.</summary>
    public bool IsReport => Report is not null || Receipt is not null || Complaint is not null;
    public string? Defects { get; init; }

    public string? Number { get; init; }
    public int? Seconds { get; init; }
    public CallOutcome? Outcome { get; init; }
    public Direction Direction { get; init; }

    /// <summary>Who took the call or wrote it down.</summary>
    public long? ColleagueId { get; init; }

    /// <summary>Where a new case goes.</summary>
    public required long BrandId { get; init; }
    public required long TeamId { get; init; }
    public long? OwnerId { get; init; }
    public CaseKind Kind { get; init; }
    public Severity Severity { get; init; }

    /// <summary>The raw mail, and the delivery that brought it.</summary>
    public long? RawBlobId { get; init; }
    public long? DeliveryId { get; init; }
    public IReadOnlyList<IncomingFile> Files { get; init; } = [];

    /// <summary>Its files are left in the raw mail until there is room.</summary>
    public bool FilesLater { get; init; }
}

/// <summary>A file that came along.</summary>
/// <param name="Blob">Put already; its row is added by intake.</param>
/// <param name="Name">As the sender named it, made fit to be shown.</param>
/// <param name="Type">Decided from the bytes.</param>
/// <param name="Cid">The id by which HTML refers to it, or null.</param>
public sealed record IncomingFile(Blob Blob, string Name, string Type, string? Cid);

/// <summary>What became of it.</summary>
/// <param name="Known">True when the very same contact was there before: nothing was made.</param>
public sealed record TakenIn(long CaseId, long CaseNumber, long ContactId, bool NewCase, bool Known);
