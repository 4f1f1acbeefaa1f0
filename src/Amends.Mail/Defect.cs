namespace Amends.Mail;

/// <summary>What is wrong with a message. None of them keeps the rest from being read.</summary>
public enum DefectKind
{
    /// <summary>The message is longer than <see cref="MailLimits.MessageBytes"/>; the rest was not read.</summary>
    MessageTooLarge,
    /// <summary>Parts lie deeper than <see cref="MailLimits.Depth"/>; what is below is kept as one undivided part.</summary>
    TooDeep,
    /// <summary>More parts than <see cref="MailLimits.Parts"/>; the rest is not divided.</summary>
    TooManyParts,
    /// <summary>More header fields than <see cref="MailLimits.Headers"/>; the rest are skipped.</summary>
    TooManyHeaders,
    /// <summary>More header bytes than <see cref="MailLimits.HeaderBytes"/>; the rest are skipped.</summary>
    HeadersTooLarge,
    /// <summary>A line is longer than <see cref="MailLimits.LineBytes"/>.</summary>
    LineTooLong,
    /// <summary>An address header names more than <see cref="MailLimits.Recipients"/>; the rest are skipped.</summary>
    TooManyRecipients,
    /// <summary>A line among the headers is no header (no name and colon).</summary>
    BadHeaderLine,
    /// <summary>The blank line between headers and body is missing.</summary>
    NoBlankLine,
    /// <summary>A header that may stand once stands more often; the first is taken.</summary>
    DuplicateHeader,
    /// <summary>A header holds bytes above 127 that no encoding declares.</summary>
    RawEightBit,
    /// <summary>Content-Type cannot be read; the part is taken as plain text.</summary>
    BadContentType,
    /// <summary>A multipart declares no boundary.</summary>
    NoBoundary,
    /// <summary>The declared boundary does not occur; the real one was found by looking.</summary>
    WrongBoundary,
    /// <summary>A multipart's boundary does not occur at all; the body is kept as one part.</summary>
    BoundaryNotFound,
    /// <summary>A multipart ends without its closing boundary.</summary>
    BoundaryNotClosed,
    /// <summary>Further parts follow a closing boundary.</summary>
    PartAfterClose,
    /// <summary>Content-Transfer-Encoding is not known; the bytes are taken as they are.</summary>
    UnknownTransferEncoding,
    /// <summary>Lines end with a bare carriage return.</summary>
    BareCarriageReturn,
    /// <summary>There are no bytes at all.</summary>
    Empty,
    /// <summary>No usable From.</summary>
    NoFrom,
    /// <summary>More than one From header or address.</summary>
    SeveralFrom,
    /// <summary>The date is missing or cannot be read.</summary>
    BadDate,
    /// <summary>A fault of the reader itself; the message holds what had been read until then. Tests demand that it never occurs.</summary>
    ReaderFault,
}

/// <summary>One thing that is wrong with a message.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where: the byte, counted from the beginning of the raw message (or of the decoded part it lies in).</param>
/// <param name="Detail">The header or boundary it is about, where there is one.</param>
public readonly record struct Defect(DefectKind Kind, int Offset, string? Detail = null);
