using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Amends.Foundation.Web;
using AngleSharp.Dom;

namespace Amends.Contacts.Email;

public static partial class SafeHtml
{
    /// <summary>Walks a tree without recursion and writes what is listed. Without options, the tree is our own output and attributes are taken as they are.</summary>
    sealed class Writer(SafeHtmlOptions? options, IReadOnlyList<(int From, int To)> quotes)
    {
        readonly record struct Step(INode? Node, string? Close, bool Fold, bool Pre);

        readonly Stack<Step> steps = new();
        int depth;
        int links;
        int folds;
        bool words;

        public StringBuilder Output { get; } = new();

        public StringBuilder Text { get; } = new();

        public HashSet<string> Cids { get; } = new(StringComparer.Ordinal);

        public int Blocked { get; private set; }

        public bool Coloured { get; private set; }

        public void Write(IElement root)
        {
            steps.Push(new(root, null, false, false));
            while (steps.TryPop(out var step))
            {
                if (step.Close is { } close)
                {
                    Output.Append("</").Append(close).Append('>');
                    depth--;
                    if (close == "a")
                        links--;
                    if (step.Fold)
                        folds--;
                    Break(close);
                    continue;
                }
                switch (step.Node)
                {
                    case IElement element:
                        Element(element, step.Pre);
                        break;
                    case IText text:
                        Escape(Output, text.Data);
                        Say(text.Data, step.Pre);
                        break;
                }
            }
        }

        void Element(IElement element, bool pre)
        {
            var name = element.LocalName;
            if (element.NamespaceUri != "http://www.w3.org/1999/xhtml" || Dropped.Contains(name))
                return;
            if (options is not null)
            {
                if (element.HasAttribute("background"))
                    Blocked++;
                if (options.FoldQuotesUnder is { } label && folds == 0 && words && Quoted(element) is { } end)
                {
                    Open("details", "");
                    Output.Append("<summary>");
                    Escape(Output, label);
                    Output.Append("</summary>");
                    folds++;
                    var inside = Following(element, end);
                    steps.Push(new(null, "details", true, pre));
                    for (var i = inside.Count - 1; i >= 0; i--)
                        steps.Push(new(inside[i], null, false, pre));
                    return;
                }
            }
            var keep = Kept.Contains(name) && depth < MaxDepth && !(name == "a" && links > 0);
            var attributes = "";
            var fold = false;
            if (name == "body" && options is not null)
            {
                attributes = BodyAttributes(element);
                keep = attributes.Length > 0;
                name = "div";
            }
            else if (keep)
            {
                if (name == "img")
                {
                    Image(element);
                    return;
                }
                attributes = options is null ? AsTheyAre(element) : Attributes(element, name);
            }
            Break(name);
            if (name == "br")
                Text.Append('\n');
            if (name == "li")
                Text.Append("- ");
            if (name == "td" && Text.Length > 0 && Text[^1] != '\n')
                Text.Append('\t');
            if (keep)
            {
                if (Void.Contains(name))
                {
                    Output.Append('<').Append(name).Append(attributes).Append('>');
                    return;
                }
                Open(name, attributes);
                if (name == "a")
                    links++;
                if (name == "details")
                {
                    // Already folded, by us in an earlier life of this text or by its writer.
                    fold = true;
                    folds++;
                }
                // The first line end after this tag is eaten by the next parser.
                if (name == "pre" && element.FirstChild is IText { Data: ['\n', ..] or ['\r', ..] })
                    Output.Append('\n');
                steps.Push(new(null, name, fold, pre));
            }
            var children = element.ChildNodes;
            pre |= name == "pre";
            for (var i = children.Length - 1; i >= 0; i--)
                steps.Push(new(children[i], null, false, pre));
        }

        // Where in the source the quote ends that begins with this element: behind itself (-1), at the end of its container (all there is), or where the reader of replies says.
        int? Quoted(IElement element)
        {
            if (IsQuote(element, out var rest))
                return rest ? int.MaxValue : -1;
            if (quotes.Count == 0 || PlaceOf(element) is not { } at || PartOfAnother.Contains(element.LocalName))
                return null;
            foreach (var (from, to) in quotes)
                if (at >= from && at < to)
                    return to;
            return null;
        }

        // A fold between them and what they belong to would be thrown out by the next parser.
        static readonly FrozenSet<string> PartOfAnother = Set("html", "body", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "col", "colgroup", "li", "dt", "dd");

        static int? PlaceOf(IElement element) => element.SourceReference?.Position.Index;

        List<INode> Following(IElement element, int end)
        {
            var list = new List<INode> { element };
            if (end < 0)
                return list;
            var after = new Stack<Step>();
            // They lie on the stack, directly above the end of their parent.
            while (steps.TryPeek(out var next) && next.Close is null && next.Node!.Parent == element.Parent)
            {
                if (next.Node is IElement one && PlaceOf(one) is { } at && at >= end)
                    break;
                after.Push(steps.Pop());
                // Words behind the last element may be the quote's or the writer's: only to the end of everything are they sure to be the quote's.
                if (end == int.MaxValue || next.Node is IElement)
                    for (; after.Count > 0; after.Clear())
                        list.AddRange(after.Reverse().Select(step => step.Node!));
            }
            while (after.TryPop(out var back))
                steps.Push(back);
            return list;
        }

        void Open(string name, string attributes)
        {
            Output.Append('<').Append(name).Append(attributes).Append('>');
            depth++;
        }

        // The containers that mail programs put around what they quote.
        static bool IsQuote(IElement element, out bool rest)
        {
            rest = false;
            var name = element.LocalName;
            if (name == "blockquote")
                return element.GetAttribute("type") == "cite" || HasClass(element, "gmail_quote") || HasClass(element, "protonmail_quote");
            if (name is not ("div" or "hr" or "span"))
                return false;
            if (HasClass(element, "gmail_quote") || HasClass(element, "gmail_quote_container") || HasClass(element, "yahoo_quoted")
                || HasClass(element, "protonmail_quote") || HasClass(element, "zmail_extra") || HasClass(element, "moz-forward-container"))
                return !IsForward(element);
            if (HasClass(element, "moz-cite-prefix"))
                return rest = element.NextElementSibling is { LocalName: "blockquote" };
            // Outlook writes a line, then the header of the quoted mail, then the mail, side by side.
            return rest = element.Id is "appendonsend" or "divRplyFwdMsg" or "mail-editor-reference-message-container" || HasClass(element, "OutlookMessageHeader");
        }

        // A forwarded mail is what the sender wants to show.
        static bool IsForward(IElement element)
        {
            INode? node = element;
            for (var step = 0; step < 6 && node is not null; step++)
            {
                if (node is IText { Data: var data } && !string.IsNullOrWhiteSpace(data))
                    return data.TrimStart().StartsWith("-----", StringComparison.Ordinal);
                node = node.FirstChild ?? node.NextSibling;
            }
            return HasClass(element, "moz-forward-container");
        }

        static bool HasClass(IElement element, string name) =>
            element.GetAttribute("class") is { Length: > 0 and < 500 } classes && classes.Split(' ').Contains(name);

        string BodyAttributes(IElement body)
        {
            var style = body.GetAttribute("style") is { } own ? Style(own) : "";
            foreach (var (attribute, property) in (ReadOnlySpan<(string, string)>)[("bgcolor", "background-color"), ("text", "color")])
                if (body.GetAttribute(attribute) is { } colour && SafeStyle.IsColour(colour.Trim()))
                {
                    style = $"{property}:{colour.Trim().ToLowerInvariant()}{(style.Length > 0 ? ";" : "")}{style}";
                    Coloured = true;
                }
            var text = new StringBuilder();
            if (body.GetAttribute("dir") is { } dir && dir.ToLowerInvariant() is "rtl" or "ltr" or "auto")
                Attribute(text, "dir", body.GetAttribute("dir")!.ToLowerInvariant());
            if (style.Length > 0)
                Attribute(text, "style", style);
            return text.ToString();
        }

        string Attributes(IElement element, string name)
        {
            var text = new StringBuilder();
            foreach (var attribute in element.Attributes)
                if (Value(name, attribute.LocalName, attribute.Value) is { } value && attribute.NamespaceUri is null)
                    Attribute(text, attribute.LocalName, value);
            if (name == "a" && text.ToString().Contains(" href=", StringComparison.Ordinal))
            {
                Attribute(text, "rel", "noopener noreferrer nofollow");
                Attribute(text, "target", "_blank");
            }
            return text.ToString();
        }

        static string AsTheyAre(IElement element)
        {
            var text = new StringBuilder();
            foreach (var attribute in element.Attributes)
                Attribute(text, attribute.LocalName, attribute.Value);
            return text.ToString();
        }

        // One attribute of a listed element: its value in our spelling, or null to leave it out. Never id, name, class, or anything that begins with "on".
        string? Value(string element, string attribute, string value)
        {
            if (value.Length > 10_000)
                return null;
            var trimmed = value.Trim();
            switch (attribute)
            {
                case "style":
                    var style = Style(value);
                    return style.Length > 0 ? style : null;
                case "title" or "alt" or "summary" or "abbr":
                    return value;
                case "lang":
                    return trimmed.Length is > 0 and <= 35 && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? trimmed : null;
                case "dir":
                    return trimmed.ToLowerInvariant() is "rtl" or "ltr" or "auto" ? trimmed.ToLowerInvariant() : null;
                case "href" when element == "a":
                    return Link(value);
                case "align" or "valign":
                    return Aligns.Contains(trimmed.ToLowerInvariant()) ? trimmed.ToLowerInvariant() : null;
                case "width" or "height" when element is "table" or "td" or "th" or "tr" or "col" or "colgroup" or "img" or "hr":
                    return Length(trimmed);
                case "border" or "cellpadding" or "cellspacing" or "hspace" or "vspace" when element is "table" or "img":
                    return Length(trimmed);
                case "bgcolor" when element is "table" or "td" or "th" or "tr" or "tbody" or "thead" or "tfoot":
                case "color" when element is "font" or "hr":
                    if (!SafeStyle.IsColour(trimmed))
                        return null;
                    Coloured = true;
                    return trimmed;
                case "face" when element == "font":
                    return trimmed.Length <= 200 && trimmed.All(c => char.IsLetterOrDigit(c) || c is ' ' or ',' or '-' or '_' or '.') ? trimmed : null;
                case "size" when element is "font" or "hr":
                    return trimmed.Length <= 4 && trimmed.TrimStart('+', '-').All(char.IsAsciiDigit) ? trimmed : null;
                case "colspan" or "rowspan" when element is "td" or "th":
                case "span" when element is "col" or "colgroup":
                    return Whole(trimmed, 1, 1000);
                case "start" when element == "ol":
                case "value" when element == "li":
                    return Whole(trimmed, -100_000, 100_000);
                case "type" when element is "ol" or "ul" or "li":
                    return trimmed is "1" or "a" or "A" or "i" or "I" || trimmed.ToLowerInvariant() is "disc" or "circle" or "square" ? trimmed : null;
                case "type" when element == "blockquote":
                    return trimmed.Equals("cite", StringComparison.OrdinalIgnoreCase) ? "cite" : null;
                case "nowrap" or "noshade" or "reversed" or "open":
                    return "";
                case "clear" when element == "br":
                    return trimmed.ToLowerInvariant() is "left" or "right" or "all" ? trimmed.ToLowerInvariant() : null;
                default:
                    return null;
            }
        }

        string Style(string value)
        {
            var style = SafeStyle.Clean(value, out var loads, out var coloured);
            if (loads)
                Blocked++;
            Coloured |= coloured;
            return style;
        }

        static string? Length(string text) =>
            text.EndsWith('%') ? Whole(text[..^1], 0, 1000) is { } share ? share + "%" : null : Whole(text.EndsWith("px", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text, 0, 9999);

        static string? Whole(string text, int min, int max) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                ? number.ToString(CultureInfo.InvariantCulture) : null;

        // A browser takes tabs and line ends out of an address and controls and spaces off its ends (WHATWG URL); so do we, before looking at its scheme.
        static string Bare(string url) =>
            new(url.Where(c => c is not ('\t' or '\n' or '\r')).SkipWhile(c => c <= ' ').ToArray() is var bare ? bare.AsSpan().TrimEnd(" \0\u0001\u001f") : default);

        static string? Link(string url)
        {
            url = Bare(url);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || url.Any(char.IsControl))
                return null;
            return uri.Scheme switch
            {
                "http" or "https" => uri.Host.Length > 0 && url.Contains("://", StringComparison.Ordinal) ? uri.AbsoluteUri : null,
                "mailto" or "tel" => url.Length <= 2000 ? uri.AbsoluteUri : null,
                _ => null,
            };
        }

        void Image(IElement element)
        {
            var attributes = new StringBuilder();
            var alt = element.GetAttribute("alt") ?? "";
            if (options is null)
            {
                attributes.Append(AsTheyAre(element));
            }
            else
            {
                var source = element.GetAttribute("src") is { Length: > 0 } given ? Source(given) : null;
                if (source is null && element.HasAttribute("srcset"))
                    Blocked++;
                if (source is not null)
                    Attribute(attributes, "src", source);
                // A ground under a picture says nothing of the paper.
                var coloured = Coloured;
                foreach (var attribute in element.Attributes)
                    if (attribute.NamespaceUri is null && Value("img", attribute.LocalName, attribute.Value) is { } value)
                        Attribute(attributes, attribute.LocalName, value);
                Coloured = coloured;
            }
            Output.Append("<img").Append(attributes).Append('>');
            if (alt.Length is > 0 and <= 1000)
                Say(alt, pre: false);
        }

        string? Source(string source)
        {
            if (source.Length < 10_000)
                source = Bare(source);
            if (source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
            {
                var id = Uri.UnescapeDataString(source[4..]).Trim('<', '>', ' ');
                if (options!.InlineImage(id) is not { } address)
                    return null;
                Cids.Add(id);
                return address;
            }
            if (source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
                return Picture(source);
            if (source.Length < 2000 && options!.InlineLocation(source) is { } part)
                return part;
            var full = source.StartsWith("//", StringComparison.Ordinal) ? "https:" + source : source;
            if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                return null;
            if (options!.RemoteImage?.Invoke(uri) is { } proxied)
                return proxied;
            Blocked++;
            return null;
        }

        // Only what its own bytes say is a raster image, in our spelling.
        static string? Picture(string data)
        {
            var comma = data.IndexOf(',', StringComparison.Ordinal);
            if (comma is < 0 or > 100 || !data.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
                return null;
            var bytes = new byte[(data.Length - comma) / 4 * 3 + 3];
            if (!Convert.TryFromBase64String(Uri.UnescapeDataString(data[(comma + 1)..]), bytes, out var length))
                return null;
            var kind = FileKind.Of(bytes.AsSpan(0, length));
            return kind.Inline ? $"data:{kind.MediaType};base64,{Convert.ToBase64String(bytes, 0, length)}" : null;
        }

        static void Attribute(StringBuilder to, string name, string value)
        {
            to.Append(' ').Append(name).Append("=\"");
            Escape(to, value);
            to.Append('"');
        }

        /// <summary>Text for content and for attributes alike: a parser can read it in one way only.</summary>
        public static void Escape(StringBuilder to, string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                switch (c)
                {
                    case '&': to.Append("&amp;"); break;
                    case '<': to.Append("&lt;"); break;
                    case '>': to.Append("&gt;"); break;
                    case '"': to.Append("&quot;"); break;
                    case '\u00A0': to.Append("&nbsp;"); break;
                    // A parser would make it a line end, or a line end of two.
                    case '\r': to.Append(i + 1 < text.Length && text[i + 1] == '\n' ? "" : "\n"); break;
                    case '\t' or '\n': to.Append(c); break;
                    case < ' ' or '\u007F' or '\uFFFE' or '\uFFFF': break;
                    // Backticks were quotes once, in a browser that still reads mail somewhere.
                    case '`': to.Append("&#96;"); break;
                    case >= '\uD800' and <= '\uDFFF':
                        if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                            to.Append(c).Append(text[++i]);
                        else
                            to.Append('\uFFFD');
                        break;
                    default: to.Append(c); break;
                }
            }
        }

        void Break(string name)
        {
            if (!Blocks.Contains(name))
                return;
            if (Text.Length > 0 && Text[^1] is ' ')
                Text.Length--;
            if (Text.Length > 0 && Text[^1] != '\n')
                Text.Append('\n');
        }

        void Say(string text, bool pre)
        {
            var max = options?.MaxText ?? 0;
            foreach (var c in text)
            {
                if (Text.Length >= max)
                    break;
                if (!char.IsWhiteSpace(c))
                    words = true;
                if (pre || !char.IsWhiteSpace(c))
                    Text.Append(c);
                else if (Text.Length > 0 && Text[^1] is not (' ' or '\n' or '\t'))
                    Text.Append(' ');
            }
            if (options is null)
                words = false;
        }
    }
}
