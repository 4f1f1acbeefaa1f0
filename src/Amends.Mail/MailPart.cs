using System.Buffers;
using System.Text;

namespace Amends.Mail;

/// <summary>What a part is for the reader of the mail.</summary>
public enum PartRole
{
    /// <summary>Holds other parts.</summary>
    Container,
    /// <summary>Text or HTML of the message itself.</summary>
    Body,
    /// <summary>A picture or the like that is shown within the message.</summary>
    Inline,
    /// <summary>A file that came with the message; an attached message too.</summary>
    Attachment,
    /// <summary>The invitation among the alternatives of a body (text/calendar).</summary>
    Calendar,
    /// <summary>Part of a delivery, reading or abuse report: the machine's fields or the returned original.</summary>
    Report,
    /// <summary>A signature, or a protocol part of signed or encrypted mail, without a file name.</summary>
    Signature,
    /// <summary>What programs add and nobody reads: further alternatives, resource forks.</summary>
    Noise,
}

/// <summary>One node of the tree of a message (RFC 2045, 2046). Bytes are slices of the raw message; nothing is copied or decoded until it is asked for.</summary>
public sealed class MailPart
{
    ParameterList? _contentType, _disposition;
    string? _mediaType;
    TransferEncoding? _encoding;

    internal MailPart(MailHeaders headers, MailPart? parent, string defaultType)
    {
        (Headers, Parent, DefaultType) = (headers, parent, defaultType);
    }

    string DefaultType { get; }

    readonly string? _name, _contentId, _charset;

    /// <summary>A file found inside another part.</summary>
    internal MailPart(MailPart within, string? name, string mediaType, string? contentId, string? charset, ReadOnlyMemory<byte> content, TransferEncoding encoding)
        : this(MailHeaders.None, within, mediaType)
    {
        (_name, _contentId, _charset, _mediaType, _encoding, Raw, IsExtracted) = (name, contentId, charset, mediaType, encoding, content, true);
        (Offset, BodyOffset) = (within.Offset, within.BodyOffset);
    }

    /// <summary>True for what was found inside another part: a uuencoded file in a text, the content of a winmail.dat. It has no headers and is no child of <see cref="Parent"/>.</summary>
    public bool IsExtracted { get; }

    /// <summary>What of the raw text is not text but a file of its own.</summary>
    internal List<Range>? Cuts { get; set; }

    /// <summary>The header fields of this part. For the root these are the message's.</summary>
    public MailHeaders Headers { get; }

    /// <summary>The part this one lies in, or null at the root.</summary>
    public MailPart? Parent { get; }

    /// <summary>The parts within; for an attached message its root, alone.</summary>
    public IReadOnlyList<MailPart> Children { get; internal set; } = [];

    /// <summary>The body as it stands in the raw message, still wrapped; for a multipart everything up to its end.</summary>
    public ReadOnlyMemory<byte> Raw { get; internal set; }

    /// <summary>Where the headers of this part begin, in bytes of the raw message (or of the decoded part it lies in).</summary>
    public int Offset { get; internal set; }

    /// <summary>Where the raw body begins, likewise.</summary>
    public int BodyOffset { get; internal set; }

    /// <summary>What stands before the first boundary of a multipart.</summary>
    public ReadOnlyMemory<byte> Preamble { get; internal set; }

    /// <summary>What stands behind the closing boundary of a multipart.</summary>
    public ReadOnlyMemory<byte> Epilogue { get; internal set; }

    /// <summary>What the part is for.</summary>
    public PartRole Role { get; internal set; } = PartRole.Noise;

    /// <summary>Content-Type with all its parameters.</summary>
    public ParameterList ContentType => _contentType ??= ParameterList.Of(Headers.First(KnownHeader.ContentType));

    /// <summary>Content-Disposition with all its parameters; its value is empty where there is none.</summary>
    public ParameterList ContentDisposition => _disposition ??= ParameterList.Of(Headers.First(KnownHeader.ContentDisposition));

    /// <summary>Type and subtype, lower case: "text/plain" where the mail says nothing readable.</summary>
    public string MediaType => _mediaType ??= FindMediaType();

    /// <summary>The parameters of Content-Type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => ContentType.Parameters;

    /// <summary>"inline", "attachment" or another word; null where the mail says none.</summary>
    public string? Disposition => ContentDisposition.Value is { Length: > 0 } value ? value : null;

    /// <summary>The declared charset, or null.</summary>
    public string? Charset => _charset ?? ContentType["charset"];

    /// <summary>The file name without any folders and control characters, or null.</summary>
    public string? FileName
    {
        get
        {
            if (IsExtracted)
                return _name;
            var name = ContentDisposition["filename"] is { Length: > 0 } disposition ? disposition : ContentType["name"] is { Length: > 0 } type ? type : ContentDisposition["name"];
            if (string.IsNullOrWhiteSpace(name))
                return null;
            name = MailText.WithoutControl(name).Trim();
            var folder = name.AsSpan().LastIndexOfAny('/', '\\');
            if (folder == name.Length - 1)
                folder = -1;
            name = name[(folder + 1)..].TrimEnd('/', '\\');
            return name is "" or "." or ".." ? null : name;
        }
    }

    /// <summary>Content-ID without brackets, or null.</summary>
    public string? ContentId => _contentId ?? MessageIds.First(Headers.First(KnownHeader.ContentId)?.Text);

    /// <summary>Content-Location, or null.</summary>
    public string? ContentLocation => Headers.First(KnownHeader.ContentLocation)?.Value is { Length: > 0 } location ? location : null;

    /// <summary>How the body is wrapped.</summary>
    public TransferEncoding TransferEncoding => _encoding ??= TransferDecoding.Of(Headers.First(KnownHeader.ContentTransferEncoding));

    /// <summary>The attached message of a message/rfc822 or message/global part, else null.</summary>
    public MailMessage? Message { get; internal set; }

    /// <summary>True for multipart/anything that could be divided.</summary>
    public bool IsMultipart => Children.Count > 0 && MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>True for text/anything.</summary>
    public bool IsText => MediaType.StartsWith("text/", StringComparison.Ordinal);

    /// <summary>The unwrapped bytes. A slice of the raw message when nothing is wrapped.</summary>
    public ReadOnlyMemory<byte> Decode() => Children.Count > 0 ? Raw : TransferDecoding.Decode(Raw, TransferEncoding);

    /// <summary>The unwrapped bytes as a stream.</summary>
    public Stream OpenRead()
    {
        var bytes = Decode();
        return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
    }

    /// <summary>The text: unwrapped, decoded, line ends as \n, format=flowed joined (RFC 3676). For any part, never throws.</summary>
    public string Text()
    {
        if (Children.Count == 0 && TransferEncoding is TransferEncoding.QuotedPrintable or TransferEncoding.Base64)
        {
            // The bytes between are nobody's: they lie in a rented buffer.
            var buffer = ArrayPool<byte>.Shared.Rent(Raw.Length + 4);
            var length = TransferEncoding == TransferEncoding.Base64 ? TransferDecoding.Base64Bytes(Raw.Span, buffer) : TransferDecoding.QuotedPrintable(Raw.Span, buffer);
            var text = TextOf(buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
            return text;
        }
        if (Cuts is null || Children.Count > 0)
            return TextOf(Decode().Span);
        var kept = ArrayPool<byte>.Shared.Rent(Raw.Length);
        int from = 0, left = 0;
        foreach (var cut in Cuts)
        {
            Raw.Span[from..cut.Start.Value].CopyTo(kept.AsSpan(left));
            left += cut.Start.Value - from;
            from = cut.End.Value;
        }
        Raw.Span[from..].CopyTo(kept.AsSpan(left));
        var rest = TextOf(kept.AsSpan(0, left + Raw.Length - from));
        ArrayPool<byte>.Shared.Return(kept);
        return rest;
    }

    string TextOf(ReadOnlySpan<byte> bytes)
    {
        var charset = Charset;
        if (charset is null && MediaType == "text/html")
            charset = HtmlText.DeclaredCharset(bytes);
        var text = Charsets.DecodeLines(bytes, charset);
        return MediaType == "text/plain" && ContentType["format"] is { } format && format.Equals("flowed", StringComparison.OrdinalIgnoreCase)
            ? FlowedText.Join(text, "yes".Equals(ContentType["delsp"], StringComparison.OrdinalIgnoreCase))
            : text;
    }

    string FindMediaType()
    {
        var value = ContentType.Value;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && slash < value.Length - 1 && value.Length < 200)
            return value;
        return value switch
        {
            "text" => "text/plain",
            "html" => "text/html",
            "multipart" => "multipart/mixed",
            _ => DefaultType,
        };
    }

    /// <summary>This part and all within it, outer first. Attached messages are entered only when asked.</summary>
    public IEnumerable<MailPart> All(bool intoMessages = false)
    {
        yield return this;
        if (Message is not null && !intoMessages)
            yield break;
        foreach (var child in Children)
        {
            foreach (var part in child.All(intoMessages))
                yield return part;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{MediaType} {Role} {Raw.Length} bytes";
}
