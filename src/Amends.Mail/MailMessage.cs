using System.Text;

namespace Amends.Mail;

/// <summary>A message that was read: bytes in, a tree and a list of defects out. Reading never throws, whatever the bytes are.</summary>
public sealed class MailMessage
{
    readonly ReadState _state;
    Bodies? _bodies;
    MailOrigin? _origin;
    IReadOnlyList<string>? _inReplyTo, _references;

    internal MailMessage(MailPart root, ReadOnlyMemory<byte> raw, string? envelopeLine, ReadState state)
    {
        (Root, Raw, EnvelopeLine, _state) = (root, raw, envelopeLine, state);
        From = Addresses(KnownHeader.From);
        Sender = Addresses(KnownHeader.Sender) is [var sender, ..] ? sender : null;
        ReplyTo = Addresses(KnownHeader.ReplyTo);
        To = Addresses(KnownHeader.To);
        Cc = Addresses(KnownHeader.Cc);
        Bcc = Addresses(KnownHeader.Bcc);
        Date = MailDates.Parse(Headers.First(KnownHeader.Date)?.Text);
    }

    /// <summary>Reads a message (RFC 5322, 2045 to 2047, 2231, 6532 and what really comes). Linear in the bytes; parts are slices, so keep the memory unchanged.</summary>
    /// <param name="raw">The message, with or without an mbox "From " line above it.</param>
    /// <param name="limits">What is read at most; <see cref="MailLimits.Default"/> when null.</param>
    public static MailMessage Read(ReadOnlyMemory<byte> raw, MailLimits? limits = null)
    {
        var state = new ReadState(limits ?? MailLimits.Default);
        try
        {
            return ReadWith(raw, state);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The last line of defence: one mail must not stop the others. The tests demand that it is never reached.
            state.Note(DefectKind.ReaderFault, 0, e.GetType().Name);
            return new(new MailPart(MailHeaders.None, null, "text/plain") { Raw = raw }, raw, null, state);
        }
    }

    /// <summary>Reads a message from a stream. No more than <see cref="MailLimits.MessageBytes"/> and one byte are held; what lies beyond is not read.</summary>
    /// <exception cref="IOException">The stream failed; what a message holds never throws.</exception>
    public static async Task<MailMessage> ReadAsync(Stream stream, MailLimits? limits = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= MailLimits.Default;
        using var held = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (held.Length <= limits.MessageBytes)
        {
            var room = (int)Math.Min(buffer.Length, limits.MessageBytes + 1L - held.Length);
            var count = await stream.ReadAsync(buffer.AsMemory(0, room), cancel).ConfigureAwait(false);
            if (count == 0)
                break;
            held.Write(buffer, 0, count);
        }
        return Read(held.GetBuffer().AsMemory(0, (int)held.Length), limits);
    }

    static MailMessage ReadWith(ReadOnlyMemory<byte> raw, ReadState state)
    {
        var whole = raw;
        if (raw.Length > state.Limits.MessageBytes)
        {
            state.Note(DefectKind.MessageTooLarge, state.Limits.MessageBytes);
            raw = raw[..state.Limits.MessageBytes];
        }
        if (raw.IsEmpty)
            state.Note(DefectKind.Empty, 0);
        if (raw.Span.StartsWith(Encoding.UTF8.Preamble))
            raw = raw[3..];
        if (raw.Span.IndexOf((byte)'\r') >= 0 && raw.Span.IndexOf((byte)'\n') < 0)
        {
            state.Note(DefectKind.BareCarriageReturn, 0);
            var copy = raw.ToArray();
            copy.AsSpan().Replace((byte)'\r', (byte)'\n');
            raw = copy;
        }
        // Blank lines above the headers are not the end of them.
        var blank = raw.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (blank > 0)
            raw = raw[blank..];
        var root = new MimeReader(raw, state, 0).ReadRoot(0, out var envelope);
        var message = new MailMessage(root, whole, envelope, state);
        message.NoteDefects();
        return message;
    }

    void NoteDefects()
    {
        uint seen = 0, noted = 0;
        foreach (var header in Headers)
        {
            if (header.Known is KnownHeader.Other or > KnownHeader.ContentTransferEncoding)
                continue;
            var bit = 1u << (int)header.Known;
            if ((seen & bit & ~noted) != 0)
            {
                noted |= bit;
                _state.Note(DefectKind.DuplicateHeader, header.Offset, header.Name);
            }
            seen |= bit;
        }
        foreach (var header in Headers)
        {
            if (Ascii.IsValid(header.Raw.Span))
                continue;
            _state.Note(DefectKind.RawEightBit, header.Offset, header.Name);
            break;
        }
        if (From.Count == 0)
            _state.Note(DefectKind.NoFrom, 0);
        else if (From.Count > 1)
            _state.Note(DefectKind.SeveralFrom, Headers.First(KnownHeader.From)?.Offset ?? 0);
        if (Date is null)
            _state.Note(DefectKind.BadDate, Headers.First(KnownHeader.Date)?.Offset ?? 0);
    }

    /// <summary>The bytes that were given to read.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The tree.</summary>
    public MailPart Root { get; }

    /// <summary>The header fields of the message.</summary>
    public MailHeaders Headers => Root.Headers;

    /// <summary>What is wrong, in the order found, at most 200. Attached messages share the list of the message they came in.</summary>
    public IReadOnlyList<Defect> Defects => _state.Defects;

    /// <summary>The mbox line "From sender date" above the headers, without the word "From ", or null.</summary>
    public string? EnvelopeLine { get; }

    /// <summary>All addresses of all From headers. More than one is legal (RFC 5322) and suspicious.</summary>
    public IReadOnlyList<Mailbox> From { get; }

    /// <summary>Who really sent, when that is not From.</summary>
    public Mailbox? Sender { get; }

    /// <summary>Where answers should go; empty means to From.</summary>
    public IReadOnlyList<Mailbox> ReplyTo { get; }

    /// <summary>All addresses of To, those in groups included.</summary>
    public IReadOnlyList<Mailbox> To { get; }

    /// <summary>All addresses of Cc.</summary>
    public IReadOnlyList<Mailbox> Cc { get; }

    /// <summary>All addresses of Bcc, where a server left it in.</summary>
    public IReadOnlyList<Mailbox> Bcc { get; }

    /// <summary>The subject, decoded; empty when there is none.</summary>
    public string Subject => Headers.First(KnownHeader.Subject)?.Value ?? "";

    /// <summary>The Message-ID without brackets, however strange, or null.</summary>
    public string? MessageId => MessageIds.First(Headers.First(KnownHeader.MessageId)?.Text);

    /// <summary>The ids of In-Reply-To, in order. Phrases are left out.</summary>
    public IReadOnlyList<string> InReplyTo => _inReplyTo ??= FirstIds(KnownHeader.InReplyTo);

    /// <summary>The ids of the first References header that has any, in order. Phrases are left out.</summary>
    public IReadOnlyList<string> References => _references ??= FirstIds(KnownHeader.References);

    /// <summary>The date the sender claims, with the offset written, or null. It may be any; do not sort by it alone.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>The plain text of the message, line ends \n; null when it has none (then there may be <see cref="HtmlBody"/>).</summary>
    public string? TextBody => Walked.Text;

    /// <summary>The HTML of the message, raw: it must be made safe before it is shown. Null when it has none.</summary>
    public string? HtmlBody => Walked.Html;

    /// <summary>What a person reads: the plain text, else the HTML turned into text, else empty.</summary>
    public string ReadableText => TextBody ?? (HtmlBody is { } html ? HtmlText.ToText(html) : "");

    /// <summary>All files that came with the message, pictures within it included, in order; tell them apart by <see cref="MailPart.Role"/>.</summary>
    public IReadOnlyList<MailPart> Files => Walked.Files;

    /// <summary>The files that are not shown within the message.</summary>
    public IEnumerable<MailPart> Attachments => Files.Where(f => f.Role == PartRole.Attachment);

    /// <summary>The pictures and the like that are shown within the message, by cid or because they say inline.</summary>
    public IEnumerable<MailPart> InlineFiles => Files.Where(f => f.Role == PartRole.Inline);

    /// <summary>The invitation of the message, from among its alternatives or files, or null.</summary>
    public MailPart? Calendar => Walked.Calendar;

    /// <summary>The delivery report that this message is, or null.</summary>
    public DeliveryReport? DeliveryReport => DeliveryReport.Of(this);

    /// <summary>The receipt for reading that this message is (RFC 8098), or null.</summary>
    public ReadReceipt? ReadReceipt => ReadReceipt.Of(this);

    /// <summary>The complaint that this message passes on (RFC 5965), or null.</summary>
    public FeedbackReport? FeedbackReport => FeedbackReport.Of(this);

    /// <summary>The event of <see cref="Calendar"/>: an invitation, an answer to one, a cancelling; or null.</summary>
    public CalendarItem? CalendarItem => Calendar is { } part ? CalendarItem.Parse(part.Text(), part.ContentType["method"]) : null;

    /// <summary>Whether a person or a machine wrote it, and why that is thought.</summary>
    public MailOrigin Origin => _origin ??= MailOrigin.Of(this);

    /// <summary>How urgent the sender says it is, or null when nothing is said.</summary>
    public MailPriority? Priority => MailOrigin.PriorityOf(Headers);

    Bodies Walked => _bodies ??= Bodies.Of(this);

    IReadOnlyList<string> FirstIds(KnownHeader name)
    {
        foreach (var header in Headers)
        {
            if (header.Known == name && MessageIds.Parse(header.Text) is { Count: > 0 } ids)
                return ids;
        }
        return [];
    }

    IReadOnlyList<Mailbox> Addresses(KnownHeader name)
    {
        List<Mailbox>? several = null;
        IReadOnlyList<Mailbox>? one = null;
        foreach (var header in Headers)
        {
            if (header.Known != name)
                continue;
            var left = _state.Limits.Recipients - (several?.Count ?? one?.Count ?? 0);
            if (left <= 0)
                break;
            var list = AddressList.Parse(header.Text, left);
            if (list.Cut)
                _state.Note(DefectKind.TooManyRecipients, header.Offset, header.Name);
            // A whole address within one encoded word is wrong, but the only one there is.
            if (list.Mailboxes.Count == 0 && header.Text.Contains("=?", StringComparison.Ordinal) && header.Value.Contains('@', StringComparison.Ordinal))
                list = AddressList.Parse(header.Value, left);
            if (one is null)
                one = list.Mailboxes;
            else
                (several ??= [.. one]).AddRange(list.Mailboxes);
        }
        return several ?? one ?? [];
    }

    /// <summary>The names of address groups in a header ("undisclosed-recipients"), in order.</summary>
    public IReadOnlyList<string> Groups(string header) =>
        [.. Headers.All(header).SelectMany(h => AddressList.Parse(h.Text, _state.Limits.Recipients).Groups)];
}
