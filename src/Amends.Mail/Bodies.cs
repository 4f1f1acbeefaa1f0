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
