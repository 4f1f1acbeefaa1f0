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
    public string? To { get; init; }
    public string? Cc { get; init; }

    /// <summary>Every address that it was sent to, the envelope's too: reply tokens are looked for in them.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];
    public string? MessageId { get; init; }

    /// <summary>In-Reply-To and References, newest first.</summary>
    public IReadOnlyList<string> AnswersTo { get; init; } = [];
    public SenderTrust Trust { get; init; }
    public bool Automatic { get; init; }

    /// <summary>What it reports about a mail of ours, where it is a delivery report.</summary>
    public Amends.Mail.DeliveryReport? Report { get; init; }
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
