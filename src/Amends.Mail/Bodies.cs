using System.Text;

namespace Amends.Mail;

/// <summary>Finds what of a tree is the message itself, what is a file, what is shown within, and what is noise.</summary>
sealed class Bodies
{
    readonly List<MailPart> _files = [];
    readonly List<(MailPart? Text, MailPart? Html)> _blocks = [];
    readonly List<MailPart> _undecided = [];

    public string? Text { get; private set; }
    public string? Html { get; private set; }
    public MailPart? Calendar { get; private set; }
    public IReadOnlyList<MailPart> Files => _files;

    public static Bodies Of(MailMessage message)
    {
        var bodies = new Bodies();
        bodies.Walk(message.Root, message.Root, related: false);
        bodies.UnwrapTexts();
        bodies.Join();
        if (bodies._undecided.Count > 0 && bodies.Html is { } html)
        {
            // A Content-ID alone says nothing: Outlook gives one to every file. What the HTML shows is inline.
            var shown = HtmlText.ContentIds(html);
            foreach (var part in bodies._undecided)
            {
                if (part.ContentId is { } id && shown.Contains(id))
                    part.Role = PartRole.Inline;
            }
        }
        return bodies;
    }

    void Walk(MailPart part, MailPart root, bool related)
    {
        if (part.Children.Count == 0 || part.Message is not null)
        {
            Leaf(part, root, related);
            return;
        }
        part.Role = PartRole.Container;
        switch (part.MediaType)
        {
            case "multipart/alternative":
                Alternative(part, root, related);
                break;
            case "multipart/related":
                var start = part.ContentType["start"]?.Trim('<', '>', ' ');
                var main = part.Children.FirstOrDefault(c => start is not null && c.ContentId == start) ?? part.Children[0];
                // The root first, wherever it stands, so that what it shows is known.
                foreach (var child in part.Children)
                    Walk(child, root, related: child != main || related);
                break;
            case "multipart/signed":
                for (var i = 0; i < part.Children.Count; i++)
                {
                    var child = part.Children[i];
                    if (i > 0 && child.FileName is null && child.MediaType.Contains("signature", StringComparison.Ordinal))
                        child.Role = PartRole.Signature;
                    else
                        Walk(child, root, related);
                }
                break;
            case "multipart/encrypted":
                foreach (var child in part.Children)
                {
                    if (child.MediaType == "application/pgp-encrypted")
                        child.Role = PartRole.Signature;
                    else
                        Walk(child, root, related);
                }
                break;
            case "multipart/report":
                for (var i = 0; i < part.Children.Count; i++)
                {
                    var child = part.Children[i];
                    if (child.MediaType is "message/delivery-status" or "message/disposition-notification" or "message/feedback-report" or "message/global-delivery-status"
                        or "message/global-disposition-notification" or "text/rfc822-headers" or "message/global-headers"
                        || i > 0 && child.MediaType is "message/rfc822" or "message/global")
                    {
                        foreach (var inner in child.All())
                            inner.Role = PartRole.Report;
                    }
                    else
                        Walk(child, root, related);
                }
                break;
            case "multipart/appledouble":
                foreach (var child in part.Children)
                {
                    if (child.MediaType == "application/applefile")
                        child.Role = PartRole.Noise;
                    else
                        Walk(child, root, related);
                }
                break;
            default:
                foreach (var child in part.Children)
                    Walk(child, root, related);
                break;
        }
    }

    void Alternative(MailPart part, MailPart root, bool related)
    {
        MailPart? text = null, html = null;
        var first = _blocks.Count;
        foreach (var child in part.Children)
        {
            if (child.Children.Count > 0 && child.Message is null)
            {
                // text beside related(html + pictures), or beside mixed(html + files): their blocks are one with the text.
                Walk(child, root, related);
                continue;
            }
            if (IsAttachment(child))
                Leaf(child, root, related);
            else if (child.MediaType == "text/plain" && text is null)
                (text, child.Role) = (child, PartRole.Body);
            else if (child.MediaType == "text/html")
            {
                // The last is the richest (RFC 2046 section 5.1.4).
                if (html is not null)
                    html.Role = PartRole.Noise;
                (html, child.Role) = (child, PartRole.Body);
            }
            else if (child.MediaType == "text/calendar")
            {
                child.Role = PartRole.Calendar;
                Calendar ??= child;
            }
            else if (child.IsText && child.FileName is null)
                child.Role = PartRole.Noise;
            else
                Leaf(child, root, related);
        }
        var inner = _blocks.GetRange(first, _blocks.Count - first);
        _blocks.RemoveRange(first, inner.Count);
        if (text is null && html is null)
        {
            _blocks.AddRange(inner);
            return;
        }
        // Inner blocks hold the rich form; the plain text stands for all of them.
        if (inner.Count == 0)
            _blocks.Add((text, html));
        else if (html is null && inner.TrueForAll(b => b.Html is not null))
        {
            _blocks.Add((text, inner[0].Html));
            for (var i = 1; i < inner.Count; i++)
                _htmlOnly.Add(inner[i].Html!);
        }
        else if (html is not null && text is null)
        {
            _blocks.Add((inner.Find(b => b.Text is not null).Text, html));
        }
        else
        {
            var rich = inner.Find(b => b.Html is not null).Html;
            _blocks.Add((text, html ?? rich));
            foreach (var block in inner)
            {
                if (block.Html is null && block.Text is not null)
                    _blocks.Add(block);
            }
        }
    }

    // Further HTML of an alternative whose plain text has already been counted.
    readonly List<MailPart> _htmlOnly = [];

    static bool IsAttachment(MailPart part) => part.Disposition is "attachment";

    void Leaf(MailPart part, MailPart root, bool related)
    {
        var type = part.MediaType;
        if (part.Message is not null)
        {
            File(part, PartRole.Attachment);
            return;
        }
        if (type == "text/calendar")
            Calendar ??= part;
        if ((type is "application/ms-tnef" or "application/vnd.ms-tnef" || type == "application/octet-stream" && "winmail.dat".Equals(part.FileName, StringComparison.OrdinalIgnoreCase)) && Unwrap(part))
            return;
        if (IsAttachment(part))
        {
            File(part, PartRole.Attachment);
            return;
        }
        var name = part.FileName;
        var isBody = type is "text/plain" or "text/html" || type.StartsWith("multipart/", StringComparison.Ordinal)
            || part.IsText && type is not "text/calendar" && name is null && _blocks.Count == 0
            || part == root && type.StartsWith("message/", StringComparison.Ordinal);
        if (isBody && (name is null || part == root || part.Disposition is null && _blocks.Count == 0) && !(related && part.ContentId is not null))
        {
            part.Role = PartRole.Body;
            _blocks.Add(type == "text/html" ? (null, part) : (part, null));
            return;
        }
        if (type is "application/pgp-signature" or "application/pkcs7-signature" or "application/x-pkcs7-signature" && name is null)
        {
            part.Role = PartRole.Signature;
            return;
        }
        var shown = type.StartsWith("image/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal);
        if (related && (part.ContentId is not null || part.ContentLocation is not null || shown))
            File(part, PartRole.Inline);
        else if (part.Disposition == "inline" && (shown || part.ContentId is not null && type != "application/pdf"))
            File(part, PartRole.Inline);
        else
        {
            File(part, PartRole.Attachment);
            if (shown && part.ContentId is not null)
                _undecided.Add(part);
        }
    }

    MailPart? _wrappedText, _wrappedHtml;

    /// <summary>Takes a winmail.dat apart. What could not be read whole stays a file as well, so that nothing of it is lost.</summary>
    bool Unwrap(MailPart part)
    {
        var tnef = Tnef.Read(part.Decode());
        if (tnef.Files.Count == 0 && tnef.Text is null && tnef.Html is null)
            return false;
        if (tnef.IsWhole)
            part.Role = PartRole.Noise;
        else
            File(part, PartRole.Attachment);
        if (tnef.Text is { } text && !string.IsNullOrWhiteSpace(text))
            _wrappedText ??= new(part, null, "text/plain", null, "utf-8", Encoding.UTF8.GetBytes(text), TransferEncoding.EightBit);
        if (tnef.Html is { } html)
            _wrappedHtml ??= new(part, null, "text/html", null, "utf-8", Encoding.UTF8.GetBytes(html), TransferEncoding.EightBit);
        foreach (var file in tnef.Files)
        {
            var found = new MailPart(part, file.Name, file.MediaType, file.ContentId, null, file.Content, TransferEncoding.Binary);
            File(found, PartRole.Attachment);
            if (file.ContentId is not null)
                _undecided.Add(found);
        }
        return true;
    }

    /// <summary>What stands within other parts: the body of a winmail.dat where the mail has no better one, and uuencoded files in its texts.</summary>
    void UnwrapTexts()
    {
        if (_blocks.Count == 0 && (_wrappedText ?? _wrappedHtml) is not null)
            _blocks.Add((_wrappedText, _wrappedHtml));
        else if (_blocks is [(not null, null)] && _wrappedHtml is not null)
            _blocks[0] = (_blocks[0].Text, _wrappedHtml);
        foreach (var (text, _) in _blocks)
        {
            if (text is { IsExtracted: false, Children.Count: 0, TransferEncoding: TransferEncoding.SevenBit or TransferEncoding.EightBit or TransferEncoding.Binary })
                Uuencoded(text);
        }
    }

    const int MostUuFiles = 1_000;

    void Uuencoded(MailPart part)
    {
        var span = part.Raw.Span;
        var at = span.StartsWith("begin "u8) ? 0 : span.IndexOf("\nbegin "u8) + 1;
        if (at == 0 && !span.StartsWith("begin "u8) || part.Cuts is not null)
            return;
        while (at < span.Length && (part.Cuts?.Count ?? 0) < MostUuFiles)
        {
            var first = HeaderReader.LineEnd(span, at);
            var head = span[at..first.Content];
            var end = TransferDecoding.IsUuBegin(head) ? UuEnd(span, first.Next) : -1;
            if (end > 0)
            {
                (part.Cuts ??= []).Add(new(at, end));
                var name = Charsets.Guess(head[(head[9] == ' ' ? 10 : 11)..]).Trim();
                name = MailText.WithoutControl(name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..]);
                File(new(part, name is "" or "." or ".." ? null : name, FileTypes.Of(name), null, null, part.Raw[at..end], TransferEncoding.Uuencode), PartRole.Attachment);
            }
            // A block that is none has been looked at up to its first wrong line only: no line is looked at twice as content.
            at = end > 0 ? end : first.Next;
            if (at < span.Length && !span[at..].StartsWith("begin "u8))
            {
                var next = span[at..].IndexOf("\nbegin "u8);
                if (next < 0)
                    return;
                at += next + 1;
            }
        }
    }

    /// <summary>Where a uuencoded block ends, its last line included; -1 when it is none.</summary>
    static int UuEnd(ReadOnlySpan<byte> span, int at)
    {
        var lines = 0;
        while (at < span.Length)
        {
            var end = HeaderReader.LineEnd(span, at);
            var line = span[at..end.Content];
            if (line.SequenceEqual("end"u8))
                return lines > 0 ? end.Next : -1;
            var count = line.IsEmpty ? 0 : (line[0] - 32) & 63;
            var characters = (count + 2) / 3 * 4;
            // Blanks at line ends get lost on the way, check characters are added by some.
            if (!line.IsEmpty && (line.Length > characters + 4 || count > 45 + 18 || line.IndexOfAnyExceptInRange((byte)32, (byte)96) >= 0))
                return -1;
            lines += count > 0 ? 1 : 0;
            at = end.Next;
        }
        return -1;
    }

    void File(MailPart part, PartRole role)
    {
        part.Role = role;
        _files.Add(part);
    }

    void Join()
    {
        if (_blocks.Exists(b => b.Text is not null))
        {
            Text = _blocks is [var one]
                ? one.Text!.Text()
                : JoinLines(_blocks.Select(b => b.Text?.Text() ?? HtmlText.ToText(b.Html!.Text())));
        }
        if (_blocks.Exists(b => b.Html is not null))
        {
            if (_blocks.Count == 1 && _htmlOnly.Count == 0)
            {
                Html = _blocks[0].Html!.Text();
                return;
            }
            var html = new StringBuilder();
            foreach (var (text, rich) in _blocks)
                html.Append(rich is null ? HtmlText.FromText(text!.Text()) : rich.Text());
            foreach (var rich in _htmlOnly)
                html.Append(rich.Text());
            Html = html.ToString();
        }
    }

    static string JoinLines(IEnumerable<string> texts)
    {
        var joined = new StringBuilder();
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(text) && joined.Length > 0)
                continue;
            if (joined.Length > 0 && joined[^1] != '\n')
                joined.Append('\n');
            joined.Append(text);
        }
        return joined.ToString();
    }
}
