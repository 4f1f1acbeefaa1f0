using System.Net;
using System.Text;

namespace Amends.Mail;

/// <summary>Finds quotes in the HTML of the known programs: by their containers first, by what the text says second, by the last blockquote third.</summary>
static class ReplyHtml
{
    // Containers that hold the announcement and the quote, and nothing of the writer's.
    static readonly string[] QuoteClasses =
        ["gmail_quote", "gmail_quote_container", "gmail_extra_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "zmail_extra", "tutanota_quote", "WordSection1Quote", "quote-pm", "mail_quote", "ms-outlook-quote", "fastmail-quote", "hey-quote"];

    // From here on everything is the old mail.
    static readonly string[] EndIds = ["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container", "OLK_SRC_BODY_SECTION", "reply-intro", "x_divRplyFwdMsg", "ms-outlook-mobile-reference", "zwchr", "isForwardContent", "x_appendonsend"];
    static readonly string[] EndClasses = ["OutlookMessageHeader", "yahoo_quoted_begin"];

    public static (string NewHtml, string QuotedHtml) Split(string html)
    {
        var kept = new StringBuilder(html.Length);
        var quoted = new StringBuilder();
        var at = 0;
        foreach (var (from, to) in Ranges(html))
        {
            kept.Append(html, at, from - at);
            quoted.Append(html, from, to - from);
            at = to;
        }
        return (kept.Append(html, at, html.Length - at).ToString(), quoted.ToString());
    }

    /// <summary>Where the quotes stand, in order, none within another.</summary>
    public static List<(int From, int To)> Ranges(string html)
    {
        var tokens = HtmlTokens.Of(html);
        var cut = ByContainer(html, tokens) ?? ByText(html, tokens) ?? ByBlockquote(html, tokens);
        if (cut is not { Count: > 0 })
            return [];
        var ranges = new List<(int, int)>();
        var kept = new StringBuilder(html.Length);
        var at = 0;
        foreach (var (begin, to) in cut)
        {
            var from = Math.Max(begin, at);
            if (to <= from)
                continue;
            ranges.Add((from, to));
            kept.Append(html, at, from - at);
            at = to;
        }
        var result = kept.Append(html, at, html.Length - at).ToString();
        // Nothing of the writer's left: then it was no quote but all he sent.
        return HtmlText.ToText(result).Length == 0 && !result.Contains("<img", StringComparison.OrdinalIgnoreCase) ? [] : ranges;
    }

    static List<(int From, int To)>? ByContainer(string html, List<HtmlToken> tokens)
    {
        var cuts = new List<(int, int)>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind != HtmlTokenKind.Open || token.End - token.Start < 8)
                continue;
            var isEnd = Array.Exists(EndIds, id => token.Attribute(html, "id").Equals(id, StringComparison.OrdinalIgnoreCase)) || Array.Exists(EndClasses, c => token.HasClass(html, c)) || IsOutlookBorder(html, tokens, i);
            if (isEnd)
            {
                if (LooksForwarded(html, tokens, i))
                    return null;
                var from = token.Start;
                // The rule above belongs to it.
                for (var j = i - 1; j >= 0 && j > i - 6; j--)
                {
                    if (tokens[j].Kind == HtmlTokenKind.Open && tokens[j].Name == "hr")
                        from = tokens[j].Start;
                    else if (tokens[j].Kind == HtmlTokenKind.Text && tokens[j].Source(html).Trim().Length > 0)
                        break;
                }
                cuts.Add((from, EndOfBody(html, tokens)));
                return cuts;
            }
            var isQuote = token.Name == "blockquote"
                ? "cite".AsSpan().Equals(token.Attribute(html, "type"), StringComparison.OrdinalIgnoreCase)
                : Array.Exists(QuoteClasses, c => token.HasClass(html, c));
            if (!isQuote)
                continue;
            var close = Close(tokens, i);
            if (LooksForwarded(html, tokens, i))
            {
                i = close;
                continue;
            }
            var to = close < tokens.Count ? tokens[close].End : html.Length;
            var start = AttributionBefore(html, tokens, i);
            cuts.Add((start, to));
            i = close;
        }
        // Answers between several quotes: leave all.
        if (cuts.Count > 2 && Enumerable.Range(1, cuts.Count - 1).Count(n => HtmlText.ToText(html[cuts[n - 1].Item2..Math.Max(cuts[n - 1].Item2, cuts[n].Item1)]).Length > 0) > 1)
            return [];
        return cuts.Count > 0 ? cuts : null;
    }

    // Outlook on the desktop draws a line above From, Sent, To, Subject.
    static bool IsOutlookBorder(string html, List<HtmlToken> tokens, int i)
    {
        var token = tokens[i];
        if (token.Name != "div")
            return false;
        var style = token.Attribute(html, "style").ToString().Replace(" ", "", StringComparison.Ordinal);
        return style.Contains("border:none;border-top:solid", StringComparison.OrdinalIgnoreCase) && style.Contains("padding:3.0ptcm0cm0cm", StringComparison.OrdinalIgnoreCase)
            || style.Contains("border-top:solid#E1E1E11.0pt", StringComparison.OrdinalIgnoreCase) || style.Contains("border-top:solid#B5C4DF1.0pt", StringComparison.OrdinalIgnoreCase);
    }

    static bool LooksForwarded(string html, List<HtmlToken> tokens, int from)
    {
        var text = new StringBuilder();
        for (var i = from; i < tokens.Count && i < from + 12 && text.Length < 200; i++)
        {
            if (tokens[i].Kind == HtmlTokenKind.Text)
                text.Append(tokens[i].Source(html));
        }
        return ReplyText.IsForwardLine(text.ToString().Trim() is { } all && all.Length > 60 ? all[..60] : text.ToString().Trim());
    }

    /// <summary>"On such a day Bob wrote:" directly above a quote goes with it.</summary>
    static int AttributionBefore(string html, List<HtmlToken> tokens, int quote)
    {
        var text = "";
        var start = tokens[quote].Start;
        for (var i = quote - 1; i >= 0 && i > quote - 14; i--)
        {
            var token = tokens[i];
            if (token.Kind == HtmlTokenKind.Close && token.Name == "blockquote")
                break;
            if (token.Kind == HtmlTokenKind.Text)
            {
                text = WebUtility.HtmlDecode(token.Source(html).ToString()) + text;
                if (text.Length > 400)
                    break;
                var lines = text.Trim().Split('\n');
                if (lines.Length <= 6 && lines[0].Length > 0 && ReplyText.IsAttribution(lines, 0))
                    start = token.Start;
            }
        }
        return start;
    }

    /// <summary>By what the text says, line by line as a reader sees it.</summary>
    static List<(int From, int To)>? ByText(string html, List<HtmlToken> tokens)
    {
        var lines = new List<string>();
        var starts = new List<(int Source, int Token)>();
        var line = new StringBuilder();
        var start = (-1, -1);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == HtmlTokenKind.Text)
            {
                if (start.Item1 < 0)
                    start = (token.Start, i);
                line.Append(WebUtility.HtmlDecode(token.Source(html).ToString()).Replace('\n', ' ').Replace('\r', ' '));
            }
            else if (token.Name is "div" or "p" or "br" or "tr" or "blockquote" or "li" or "hr" or "body" or "b" && (token.Name != "b" || token.Kind == HtmlTokenKind.Open && line.Length > 0 && Follows(html, tokens, i)))
                End();
        }
        End();
        var all = lines.ToArray();
        var written = false;
        for (var i = 0; i < all.Length; i++)
        {
            if (ReplyText.IsForwardLine(all[i]))
                return [];
            var attribution = ReplyText.IsAttribution(all, i);
            if ((attribution || ReplyText.IsQuoteHeader(all, i)) && written)
            {
                var token = starts[i].Token;
                // A blockquote below ends the quote where it ends; what stands below that is the writer's.
                var quote = attribution ? NextBlockquote(html, tokens, token) : -1;
                var close = quote < 0 ? -1 : Close(tokens, quote);
                var from = starts[i].Source;
                var body = EndOfBody(html, tokens);
                return [(from, close >= 0 && close < tokens.Count ? Math.Max(tokens[close].End, from) : Math.Max(body, from))];
            }
            written |= all[i].Length > 0;
        }
        return null;

        void End()
        {
            var text = line.ToString().Trim();
            if (text.Length > 0)
            {
                lines.Add(text);
                starts.Add(start);
            }
            line.Clear();
            start = (-1, -1);
        }
    }

    // <b>From:</b> ... <b>Sent:</b> on one line.
    static bool Follows(string html, List<HtmlToken> tokens, int bold) =>
        bold + 1 < tokens.Count && tokens[bold + 1].Kind == HtmlTokenKind.Text && tokens[bold + 1].Source(html).IndexOf(':') >= 0;

    static int NextBlockquote(string html, List<HtmlToken> tokens, int from)
    {
        for (int i = from, texts = 0; i < tokens.Count && texts < 8; i++)
        {
            if (tokens[i].Kind == HtmlTokenKind.Open && tokens[i].Name == "blockquote")
                return i;
            if (tokens[i].Kind == HtmlTokenKind.Text && tokens[i].Source(html).Trim().Length > 0)
                texts++;
        }
        return -1;
    }

    static List<(int From, int To)>? ByBlockquote(string html, List<HtmlToken> tokens)
    {
        var last = -1;
        var count = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == HtmlTokenKind.Open && tokens[i].Name == "blockquote")
            {
                (last, count) = (i, count + 1);
                i = Close(tokens, i);
            }
        }
        // Gmail's own class on a bare blockquote is one that the writer put in by hand.
        if (count != 1 || tokens[last].HasClass(html, "gmail_quote"))
            return null;
        var close = Close(tokens, last);
        return [(tokens[last].Start, close < tokens.Count ? tokens[close].End : html.Length)];
    }

    /// <summary>The token that closes an element, or the number of tokens when nothing does.</summary>
    static int Close(List<HtmlToken> tokens, int open)
    {
        var depth = 0;
        var name = tokens[open].Name;
        for (var i = open; i < tokens.Count; i++)
        {
            if (tokens[i].Name != name || tokens[i].IsVoid)
                continue;
            if (tokens[i].Kind == HtmlTokenKind.Open)
                depth++;
            else if (tokens[i].Kind == HtmlTokenKind.Close && --depth == 0)
                return i;
        }
        return tokens.Count;
    }

    static int EndOfBody(string html, List<HtmlToken> tokens)
    {
        for (var i = tokens.Count - 1; i >= 0 && i > tokens.Count - 12; i--)
        {
            if (tokens[i].Kind == HtmlTokenKind.Close && tokens[i].Name == "body")
                return tokens[i].Start;
        }
        return html.Length;
    }
}
