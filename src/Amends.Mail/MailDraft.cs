using System.Text;

namespace Amends.Mail;

/// <summary>A file to send with a message.</summary>
public sealed class DraftFile
{
    /// <summary>A file.</summary>
    /// <param name="name">The file name, without folders.</param>
    /// <param name="mediaType">"image/png"; "application/octet-stream" when unknown.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="contentId">For a picture within the HTML: what "cid:" refers to, without brackets. Null for an ordinary attachment.</param>
    /// <exception cref="ArgumentException">A value holds a control character, or the type is none.</exception>
    public DraftFile(string name, string mediaType, ReadOnlyMemory<byte> content, string? contentId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        MailText.Refuse(name, nameof(name));
        MailText.Refuse(mediaType, nameof(mediaType));
        MailText.Refuse(contentId, nameof(contentId));
        var slash = mediaType.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == mediaType.Length - 1 || !mediaType.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '+' or '.' or '_') || mediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("Not a media type of a file.", nameof(mediaType));
        if (contentId is not null && (contentId.Length == 0 || contentId.AsSpan().IndexOfAny("<> ") >= 0 || !Ascii.IsValid(contentId)))
            throw new ArgumentException("A Content-ID is ASCII without blanks and brackets.", nameof(contentId));
        (Name, MediaType, Content, ContentId) = (name, mediaType, content, contentId);
    }

    /// <summary>The file name.</summary>
    public string Name { get; }

    /// <summary>Type and subtype.</summary>
    public string MediaType { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What the HTML calls it by, or null.</summary>
    public string? ContentId { get; }
}

/// <summary>A message to be written. Every value is checked when it is set: CR, LF and NUL are refused with <see cref="ArgumentException"/>,
/// so that no value can become a second header. Bodies may have line ends, but no NUL.</summary>
public sealed class MailDraft
{
    readonly List<KeyValuePair<string, string>> _headers = [];

    /// <summary>Who writes. Required when the message is written.</summary>
    public Mailbox? From { get; set; }

    /// <summary>Who really sends, when that is not <see cref="From"/>.</summary>
    public Mailbox? Sender { get; set; }

    /// <summary>Where answers go; empty for <see cref="From"/>.</summary>
    public IList<Mailbox> ReplyToAddresses { get; } = [];

    /// <summary>Recipients.</summary>
    public IList<Mailbox> To { get; } = [];

    /// <summary>Recipients of a copy.</summary>
    public IList<Mailbox> Cc { get; } = [];

    /// <summary>Recipients that nobody sees: they are never written, but stand in <see cref="Recipients"/>.</summary>
    public IList<Mailbox> Bcc { get; } = [];

    /// <summary>To, Cc and Bcc, each address once: the envelope.</summary>
    public IReadOnlyList<Mailbox> Recipients => [.. To.Concat(Cc).Concat(Bcc).Distinct()];

    /// <summary>The subject.</summary>
    public string Subject
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            MailText.RefuseLineEnds(value, nameof(Subject));
            field = value;
        }
    } = "";

    /// <summary>The plain text, or null.</summary>
    public string? Text { get; set => field = WithoutNul(value, nameof(Text)); }

    /// <summary>
    /// Long lines of <see cref="Text"/> go out as <c>format=flowed</c> (RFC 3676): folded at 72 characters, and whole again for who knows the format.
    /// Blanks at the ends of lines are lost, and quote marks are written in one way.
    /// </summary>
    public bool Flowed { get; set; }

    /// <summary>The HTML, or null. With <see cref="Text"/> both go out as alternatives.</summary>
    public string? Html { get; set => field = WithoutNul(value, nameof(Html)); }

    /// <summary>Files. One with a <see cref="DraftFile.ContentId"/> goes beside the HTML, the others are attached.</summary>
    public IList<DraftFile> Files { get; } = [];

    /// <summary>The Message-ID without brackets. The same id must be used on every retry; made anew when null.</summary>
    public string? MessageId { get; set => field = CheckId(value, nameof(MessageId)); }

    /// <summary>The id answered to, without brackets, or null.</summary>
    public string? InReplyTo { get; set => field = CheckId(value, nameof(InReplyTo)); }

    /// <summary>The ids of the thread, oldest first, without brackets.</summary>
    public IReadOnlyList<string> References
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var id in value)
                CheckId(id, nameof(References));
            field = value;
        }
    } = [];

    /// <summary>The date. Required when the message is written: there is no clock in here.</summary>
    public DateTimeOffset? Date { get; set; }

    /// <summary>"auto-replied" or "auto-generated" for mail no person wrote (RFC 3834), null for a person's.</summary>
    public string? AutoSubmitted { get; set => field = Checked(value, nameof(AutoSubmitted)); }

    /// <summary>An https address by which the recipient leaves (RFC 2369), or null.</summary>
    public Uri? ListUnsubscribe
    {
        get;
        set
        {
            if (value is not null && value.Scheme is not ("https" or "mailto"))
                throw new ArgumentException("Only https and mailto.", nameof(ListUnsubscribe));
            field = value;
        }
    }

    /// <summary>True to add List-Unsubscribe-Post, so that one click leaves (RFC 8058); needs an https <see cref="ListUnsubscribe"/>.</summary>
    public bool OneClickUnsubscribe { get; set; }

    /// <summary>Further headers, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    static readonly string[] Own =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References", "Date", "Auto-Submitted", "List-Unsubscribe",
        "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID",
    ];

    /// <summary>Adds a header of any other name.</summary>
    /// <exception cref="ArgumentException">The name is no header name or one that has a property here, or the value holds CR, LF or NUL.</exception>
    public void AddHeader(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Length > 76 || name.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || name.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException("Not a header name.", nameof(name));
        if (Own.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException("This header has a property of its own.", nameof(name));
        MailText.RefuseLineEnds(value, nameof(value));
        _headers.Add(new(name, value));
    }

    /// <summary>A draft that answers a message: recipients, subject and thread are set, From and the text are not.</summary>
    public static MailDraft ReplyTo(MailMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var subject = message.Subject;
        var draft = new MailDraft
        {
            Subject = subject.StartsWith("re:", StringComparison.OrdinalIgnoreCase) ? subject : $"Re: {subject}".TrimEnd(),
        };
        foreach (var to in (message.ReplyTo.Count > 0 ? message.ReplyTo : message.From).Where(b => b.IsValid))
            draft.To.Add(to);
        if (message.MessageId is { } id && IsId(id))
        {
            draft.InReplyTo = id;
            // RFC 5322 section 3.6.4; a long thread keeps its first id and the newest.
            var known = message.References.Count > 0 ? message.References : message.InReplyTo is [var only] ? [only] : [];
            var references = known.Where(IsId).Where(r => r != id).ToList();
            if (references.Count > 30)
                references.RemoveRange(1, references.Count - 30);
            draft.References = [.. references, id];
        }
        return draft;
    }

    /// <summary>True when the message can only be sent by servers that offer SMTPUTF8 (a local part beyond ASCII).</summary>
    public bool NeedsUtf8 =>
        To.Concat(Cc).Concat(ReplyToAddresses).Concat(Bcc).Append(From).Append(Sender).Any(b => b?.NeedsUtf8 == true);

    /// <summary>The message as bytes, lines ended by CRLF, none longer than 998 (RFC 5322). Sets <see cref="MessageId"/> when it was null.</summary>
    /// <exception cref="InvalidOperationException"><see cref="From"/> or <see cref="Date"/> is missing.</exception>
    public byte[] Write()
    {
        if (From is null)
            throw new InvalidOperationException("A message needs From.");
        if (Date is null)
            throw new InvalidOperationException("A message needs Date.");
        MessageId ??= MessageIds.New(From.AsciiAddress[(From.AsciiAddress.LastIndexOf('@') + 1)..]);
        return MailWriter.Write(this);
    }

    static bool IsId(string id) => id.Length is > 0 and < 900 && Ascii.IsValid(id) && !MailText.HasControl(id) && id.AsSpan().IndexOfAny("<> ") < 0;

    static string? CheckId(string? id, string name)
    {
        MailText.Refuse(id, name);
        if (id is not null && !IsId(id))
            throw new ArgumentException("A message id is ASCII without blanks and brackets, at most 900 long.", name);
        return id;
    }

    static string? Checked(string? value, string name)
    {
        MailText.Refuse(value, name);
        return value;
    }

    static string? WithoutNul(string? value, string name) =>
        value is not null && value.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("NUL is not allowed.", name) : value;
}
