using System.Globalization;
using System.Net;
using System.Text;
using Amends.Foundation;

namespace Amends.Contacts;

/// <summary>What stands in the mail of a reply, before it is made text and HTML.</summary>
/// <param name="Text">Light Markdown.</param>
/// <param name="Signature">Plain text, its fields filled; null for none.</param>
/// <param name="Link">The customer's page of the case; null where the mail goes to somebody else.</param>
/// <param name="QuoteHead">“On …, Maria wrote:”.</param>
/// <param name="Quoted">What is answered, plain text; null for nothing.</param>
/// <param name="Colour"><c>#rrggbb</c>, or null.</param>
/// <param name="Logo">The Content-ID of the brand's picture and its size in pixels, or null.</param>
public sealed record ReplyContent(string Text, string? Signature, string? Link, string CaseNumber, string? QuoteHead, string? Quoted, string Brand, string? Colour, (string Cid, int Width, int Height)? Logo);

/// <summary>
/// The two forms of a reply's mail. Text, for who reads text: lines folded, links written out. HTML as a person's mail is: no tables, styles on the elements
/// only, no ground and no ink of its own, so that it follows a dark client; nothing in it is fetched from anywhere.
/// </summary>
public static class ReplyBodies
{
    // Pixels: taller logos are scaled to it.
    const int LogoHeight = 40, LogoWidth = 240;

    const string Rule = "border-top:1px solid #9a9a9a";

    /// <summary>The text part.</summary>
    public static string Plain(ReplyContent reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var body = new StringBuilder(LightMarkdown.ToPlainText(reply.Text)).Append("\n\n");
        if (reply.Signature is { } signature) body.Append("-- \n").Append(signature.Trim().ReplaceLineEndings("\n")).Append("\n\n");
        if (reply.Link is { } link) body.Append(Words.LetterLine).Append('\n').Append(link).Append('\n');
        if (reply.Quoted is { } quoted) body.Append('\n').Append(reply.QuoteHead).Append('\n').AppendJoin('\n', quoted.Split('\n').Select(line => ("> " + line).TrimEnd())).Append('\n');
        return body.Replace("\0", "").ToString();
    }

    /// <summary>The HTML part.</summary>
    /// <param name="picture">The address of a picture that the text shows, or null.</param>
    public static string Html(ReplyContent reply, Func<string, string?> picture)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var body = new StringBuilder("<!doctype html>\n<html lang=\"").Append(Speech.Now).Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            // Both words: without them some clients turn colours around by themselves.
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\"></head>\n")
            .Append("<body style=\"margin:0;padding:0\"><div dir=\"auto\" style=\"max-width:640px;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5\">\n");
        Head(body, reply);
        body.Append(Styled(LightMarkdown.ToHtml(reply.Text, picture))).Append('\n');
        if (reply.Signature is { } signature) body.Append("<div style=\"margin:20px 0 0\">").Append(Lines(signature.Trim())).Append("</div>\n");
        if (reply.Link is { } link)
            body.Append("<p style=\"margin:20px 0 0;padding:12px 0 0;").Append(Rule).Append(";font-size:13px\">").Append(WebUtility.HtmlEncode(Words.LetterLine)).Append(" <a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">")
                .Append(WebUtility.HtmlEncode(string.Format(CultureInfo.CurrentCulture, Words.CustomerLink, reply.CaseNumber))).Append("</a></p>\n");
        if (reply.Quoted is { } quoted)
            body.Append("<p style=\"margin:20px 0 8px;font-size:13px\">").Append(WebUtility.HtmlEncode(reply.QuoteHead)).Append("</p>\n<blockquote type=\"cite\" style=\"margin:0;padding:0 0 0 12px;border-left:2px solid #9a9a9a\">").Append(Lines(quoted)).Append("</blockquote>\n");
        return body.Append("</div></body></html>\n").Replace("\0", "").ToString();
    }

    // The brand's own picture goes with the mail; white under it, for clients that are dark. Its colour is a bar, never ink: a colour that can be read on white and on black alike hardly is one.
    static void Head(StringBuilder body, ReplyContent reply)
    {
        if (reply.Logo is { } logo)
        {
            var scale = Math.Min(1.0, Math.Min((double)LogoHeight / logo.Height, (double)LogoWidth / logo.Width));
            body.Append(CultureInfo.InvariantCulture, $"<p style=\"margin:0 0 16px\"><img src=\"cid:{logo.Cid}\" width=\"{Math.Max(1, (int)(logo.Width * scale))}\" height=\"{Math.Max(1, (int)(logo.Height * scale))}\" alt=\"{WebUtility.HtmlEncode(reply.Brand)}\" style=\"border:0;padding:4px;border-radius:4px;background-color:#ffffff\"></p>\n");
        }
        else if (BrandColours.IsColour(reply.Colour))
        {
            body.Append(CultureInfo.InvariantCulture, $"<p style=\"margin:0 0 16px;padding:0 0 0 10px;border-left:4px solid {reply.Colour!.ToLowerInvariant()};font-weight:600\">{WebUtility.HtmlEncode(reply.Brand)}</p>\n");
        }
    }

    // Our own fragment, written by our own list: its tags have one spelling, and what people wrote holds no bracket.
    static string Styled(string fragment)
    {
        foreach (var (tag, style) in new[]
        {
            ("<p>", "margin:0 0 12px"), ("<ul>", "margin:0 0 12px;padding:0 0 0 24px"), ("<ol>", "margin:0 0 12px;padding:0 0 0 24px"), ("<blockquote>", "margin:0 0 12px;padding:0 0 0 12px;border-left:2px solid #9a9a9a"),
            ("<pre>", "margin:0 0 12px;white-space:pre-wrap;font-family:ui-monospace,Consolas,monospace;font-size:13px"), ("<code>", "font-family:ui-monospace,Consolas,monospace;font-size:13px"),
            ("<h1>", "margin:20px 0 8px;font-size:19px;line-height:1.3"), ("<h2>", "margin:18px 0 8px;font-size:17px;line-height:1.3"), ("<h3>", "margin:16px 0 8px;font-size:15px")
        }) fragment = fragment.Replace(tag, $"{tag[..^1]} style=\"{style}\">", StringComparison.Ordinal);
        return fragment.Replace("<img src=", "<img style=\"max-width:100%;height:auto\" src=", StringComparison.Ordinal);
    }

    static string Lines(string text) => WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>\n");
}
