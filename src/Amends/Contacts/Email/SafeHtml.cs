using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Web;
using Amends.Mail;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Amends.Contacts.Email;

/// <summary>What the caller decides about a mail that is shown.</summary>
public sealed record SafeHtmlOptions
{
    /// <summary>
    /// The address under which an inline image is fetched, by its Content-ID (without brackets); null where the mail has none such.
    /// The viewer has no origin and sends no cookies: give a <c>data:</c> address, or a short-lived signed one answered with
    /// <c>Cross-Origin-Resource-Policy: cross-origin</c>. The answer is used as it is.
    /// </summary>
    public Func<string, string?> InlineImage { get; init; } = static _ => null;

    /// <summary>The same for an image that the mail names by its address (<c>Content-Location</c>, RFC 2557), given as it is written; null where no part of the mail has it.</summary>
    public Func<string, string?> InlineLocation { get; init; } = static _ => null;

    /// <summary>The address of our own proxy for a remote image; null (also for the whole): the image is not loaded and counted as blocked.</summary>
    public Func<Uri, string?>? RemoteImage { get; init; }

    /// <summary>What stands on a folded quote; null: quotes are not folded.</summary>
    public string? FoldQuotesUnder { get; init; } = "···";

    /// <summary>Characters of HTML that are read; what is longer is shown as its text.</summary>
    public int MaxLength { get; init; } = 4_000_000;

    /// <summary>Elements and attributes together; a mail with more is shown as its text.</summary>
    public int MaxParts { get; init; } = 100_000;

    /// <summary>Text kept in <see cref="SafeHtmlResult.PlainText"/> and when a mail is shown as text, in characters.</summary>
    public int MaxText { get; init; } = 1_000_000;
}

/// <summary>A mail made safe.</summary>
/// <param name="Html">A fragment of listed elements only. Parsing and writing it again gives the same.</param>
/// <param name="BlockedImages">Remote images and backgrounds that were not loaded.</param>
/// <param name="Cids">Content-IDs shown in place, so that they need not be listed as attachments too.</param>
/// <param name="PlainText">Its words, with lines.</param>
/// <param name="HasColours">It sets colours of its own; then it must be shown on light paper.</param>
/// <param name="AsText">It was beyond the limits, and only its text is shown.</param>
public sealed record SafeHtmlResult(string Html, int BlockedImages, IReadOnlyList<string> Cids, string PlainText, bool HasColours, bool AsText);

/// <summary>How the viewer's paper looks.</summary>
public enum ViewerPaper { Light, Dark, AsSystem }

/// <summary>
/// HTML mail, made safe at display: a better list heals old mail too. Parsed by AngleSharp, then written anew from a list of elements, attributes and
/// style properties. The output holds no element whose content is not parsed as ordinary HTML (no script, style, svg, math, template, textarea …), so a
/// browser reads exactly the tags that were written here: there is nothing for a second parser to understand otherwise.
/// </summary>
public static partial class SafeHtml
{
    // Written: browsers flatten at 512 levels, and our page has some of its own.
    const int MaxDepth = 120;

    // Beyond this a search for quotes costs more than a fold is worth.
    const int MostToFold = 1_000_000;

    // Read: a mail that is deeper is shown as its text.
    const int MaxParsedDepth = 500;

    static readonly FrozenSet<string> Kept = Set(
        "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
        "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong",
        "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr");

    // Gone with all they hold. Everything that is on neither list is unwrapped: its children are looked at one by one.
    static readonly FrozenSet<string> Dropped = Set(
        "applet", "area", "audio", "base", "basefont", "bgsound", "canvas", "embed", "frame", "frameset", "head", "iframe", "input", "keygen", "link", "map",
        "meta", "noembed", "noframes", "object", "param", "portal", "script", "slot", "source", "style", "svg", "math", "template", "title",
        "track", "video");

    static readonly FrozenSet<string> Void = Set("br", "col", "hr", "img", "wbr");

    static readonly FrozenSet<string> Blocks = Set(
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tr", "ul", "caption", "form", "fieldset", "body");

    static readonly FrozenSet<string> Aligns = Set("left", "right", "center", "justify", "top", "middle", "bottom", "baseline", "absmiddle", "texttop", "char");

    /// <summary>The whole style sheet of the viewer.</summary>
    const string ViewerStyle =
        "html{color-scheme:light;background:#fff;color:#1a1a1a}body{margin:0;padding:12px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
        + "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:0 0 0 8px;padding-left:12px;border-left:2px solid #8888}"
        + "summary{cursor:pointer;width:max-content;padding:0 8px;border-radius:8px;background:#8882}a{color:#0b57d0}"
        // A picture without a ground of its own is drawn for white.
        + "html.dark{color-scheme:dark;background:#17181b;color:#e4e4e7}html.dark a{color:#9ac0ff}html.dark img{background:#fff}"
        + "@media screen and (prefers-color-scheme:dark){html.system{color-scheme:dark;background:#17181b;color:#e4e4e7}html.system a{color:#9ac0ff}html.system img{background:#fff}}"
        + ".head{margin:0 0 16px;padding:0 0 12px;border-bottom:1px solid #8888}.head h1{font-size:20px;line-height:1.3;margin:0 0 8px}.head p{margin:0}.head b{display:inline-block;min-width:5em}"
        // On paper: whole, in ink, nothing to press.
        + "@media print{html,html.dark{color-scheme:light;background:#fff;color:#000}body{padding:0;font-size:11pt}html.dark a{color:#0b57d0}summary{display:none}details::details-content{content-visibility:visible;block-size:auto}img,tr{break-inside:avoid}pre{white-space:pre-wrap}}";

    /// <summary>
    /// For the policy of the page around the viewer, which a <c>srcdoc</c> document inherits:
    /// <c>style-src-elem 'self' 'sha256-…'; style-src-attr 'unsafe-inline'; img-src 'self' data:</c>.
    /// </summary>
    public static string ViewerStyleHash { get; } = "'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(ViewerStyle))) + "'";

    /// <summary>What the viewer's frame may do: open a link in a new tab, nothing else.</summary>
    public const string ViewerSandbox = "allow-popups allow-popups-to-escape-sandbox";

    /// <summary>Makes the HTML of a mail safe to show. Never throws on what it reads.</summary>
    public static SafeHtmlResult Clean(string html, SafeHtmlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        options ??= new();
        if (html.Length > options.MaxLength)
            return AsText(html, options);
        IElement root;
        try
        {
            root = Parse(html, options.MaxParts, places: true);
        }
        catch (TooMuchException)
        {
            return AsText(html, options);
        }
        var writer = new Writer(options, options.FoldQuotesUnder is null || html.Length > MostToFold ? [] : ReplyText.QuotesIn(html));
        writer.Write(root);
        var text = writer.Output.ToString();

        // Unwrapping may leave what a parser would place otherwise (a paragraph in a paragraph). Settle it here, so that every browser shows the same.
        for (var round = 0; round < 4; round++)
        {
            var again = Rewrite(text);
            if (again == text)
                return new(text, writer.Blocked, [.. writer.Cids], writer.Text.ToString().Trim(), writer.Coloured, false);
            text = again;
        }
        return AsText(html, options) with { BlockedImages = writer.Blocked };
    }

    /// <summary>Parses what <see cref="Clean"/> wrote, and writes it again.</summary>
    internal static string Rewrite(string clean)
    {
        var writer = new Writer(null, []);
        writer.Write(Parse(clean, int.MaxValue));
        return writer.Output.ToString();
    }

    /// <summary>
    /// The document for <c>&lt;iframe sandbox="<see cref="ViewerSandbox"/>" srcdoc="…"&gt;</c>: no scripts and no origin, so no cookies and nothing of ours to read.
    /// </summary>
    /// <param name="mail">A cleaned mail.</param>
    /// <param name="images">
    /// The origin (<c>https://desk.example</c>) that serves inline and proxied images; null where all of them are <c>data:</c>.
    /// It must be named: without an origin, <c>'self'</c> matches nothing.
    /// </param>
    /// <param name="paper">A mail with colours of its own is always shown on light paper: half of it turned dark cannot be read.</param>
    /// <param name="head">What stands above it when it is printed: pairs of a word and what it says, the first as a heading without its word.</param>
    public static string ViewerDocument(SafeHtmlResult mail, string? images, ViewerPaper paper, IReadOnlyList<(string Word, string Says)>? head = null)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var origin = "";
        if (images is not null)
        {
            if (!Uri.TryCreate(images, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new ArgumentException("An http or https origin is needed.", nameof(images));
            origin = " " + uri.GetLeftPart(UriPartial.Authority);
        }
        var look = mail.HasColours ? "" : paper switch { ViewerPaper.Dark => " class=dark", ViewerPaper.AsSystem => " class=system", _ => "" };
        var above = new StringBuilder();
        if (head is { Count: > 0 })
        {
            above.Append("<div class=head><h1 dir=auto>");
            Writer.Escape(above, head[0].Says);
            above.Append("</h1>");
            foreach (var (word, says) in head.Skip(1))
            {
                Writer.Escape(above.Append("<p><b>"), word);
                Writer.Escape(above.Append("</b> <span dir=auto>"), says);
                above.Append("</span></p>");
            }
            above.Append("</div>");
        }
        return $"""
            <!doctype html><html{look}><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src{WebUtility.HtmlEncode(origin)} data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"><meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width"><style>{ViewerStyle}</style><title>{WebUtility.HtmlEncode(head is [var first, ..] ? first.Says : "")}</title></head><body>{above}{mail.Html}</body></html>
            """;
    }

    static IElement Parse(string html, int maxParts, bool places = false)
    {
        var parts = 0;
        long work = 0;
        IElement? before = null;
        var depths = new Dictionary<INode, int>(ReferenceEqualityComparer.Instance);
        var parser = new HtmlParser(new HtmlParserOptions
        {
            SkipComments = true,
            SkipProcessingInstructions = true,
            IsKeepingSourceReferences = places,
            ShouldEmitAttribute = (ref tag, _) => ++parts <= maxParts ? true : throw new TooMuchException(),
            // The parser searches its open elements for most tags, and the siblings for what it moves in front of a table: a hundred thousand nested
            // tags would cost the square of it (measured: 83 s). So the work is counted, on the element before, which has found its place by now.
            OnCreated = (element, _) =>
            {
                if (++parts > maxParts)
                    throw new TooMuchException();
                if (before?.Parent is { } parent)
                {
                    // Formatting that is opened again in a next paragraph is copied without a word: up to the first element that we know.
                    var depth = 1;
                    for (INode? above = parent; above is not null; above = above.Parent, depth++)
                        if (depths.TryGetValue(above, out var known))
                        {
                            work += depth;
                            depth += known;
                            break;
                        }
                    depths[before] = depth;
                    work += depth + (parent.LastChild == before ? 0 : parent.ChildNodes.Length);
                    if (depth > MaxParsedDepth || work > 20_000_000)
                        throw new TooMuchException();
                }
                before = element;
            },
        });
        return parser.ParseDocument(html).DocumentElement;
    }

    static SafeHtmlResult AsText(string html, SafeHtmlOptions options)
    {
        var text = TextOf(html, options.MaxText);
        var shown = new StringBuilder("<div>");
        foreach (var line in text.Split('\n'))
        {
            if (shown.Length > 5)
                shown.Append("<br>");
            Writer.Escape(shown, line);
        }
        return new(shown.Append("</div>").ToString(), 0, [], text, false, true);
    }

    // One look at each character, for what no parser should be given.
    static string TextOf(string html, int max)
    {
        var text = new StringBuilder();
        var at = 0;
        while (at < html.Length && text.Length < max)
        {
            var tag = html.IndexOf('<', at);
            if (tag < 0)
                tag = html.Length;
            text.Append(html, at, Math.Min(tag - at, max - text.Length));
            if (tag == html.Length)
                break;
            var end = html.IndexOf('>', tag);
            if (end < 0)
                break;
            var name = html.AsSpan(tag + 1, Math.Min(10, end - tag - 1));
            if (name.StartsWith("br", StringComparison.OrdinalIgnoreCase) || name.StartsWith("p", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("/p", StringComparison.OrdinalIgnoreCase) || name.StartsWith("/div", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("/tr", StringComparison.OrdinalIgnoreCase) || name.StartsWith("li", StringComparison.OrdinalIgnoreCase))
                text.Append('\n');
            at = end + 1;
            foreach (var raw in (ReadOnlySpan<string>)["script", "style", "title"])
                if (name.StartsWith(raw, StringComparison.OrdinalIgnoreCase))
                {
                    var close = html.IndexOf("</" + raw, at, StringComparison.OrdinalIgnoreCase);
                    at = close < 0 ? html.Length : close;
                }
        }
        var lines = WebUtility.HtmlDecode(text.ToString()).Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return string.Join('\n', lines.Where((line, index) => line.Length > 0 || index == 0)).Trim();
    }

    static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);

    sealed class TooMuchException : Exception;
}
