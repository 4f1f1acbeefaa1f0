namespace Amends.Mail;

enum HtmlTokenKind { Text, Open, Close, Other }

/// <summary>One piece of HTML source: a run of text, a tag, or something else (comment, doctype, content of style and script).</summary>
readonly record struct HtmlToken(HtmlTokenKind Kind, int Start, int End, string Name)
{
    /// <summary>The source of the token.</summary>
    public ReadOnlySpan<char> Source(string html) => html.AsSpan(Start, End - Start);

    /// <summary>An attribute's value as written, quotes removed, or empty.</summary>
    public ReadOnlySpan<char> Attribute(string html, string name)
    {
        var rest = Source(html);
        while (true)
        {
            var at = rest.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return default;
            var before = at == 0 ? ' ' : rest[at - 1];
            rest = rest[(at + name.Length)..];
            if (before is not (' ' or '\t' or '\n' or '\r' or '"' or '\'' or '/'))
                continue;
            var value = rest.TrimStart();
            if (value is not ['=', ..])
                continue;
            value = value[1..].TrimStart();
            if (value is ['"' or '\'', ..])
            {
                var close = value[1..].IndexOf(value[0]);
                return close < 0 ? value[1..] : value.Slice(1, close);
            }
            var end = value.IndexOfAny(" \t\r\n>");
            return end < 0 ? value : value[..end];
        }
    }

    /// <summary>True when the class attribute holds the word.</summary>
    public bool HasClass(string html, string word)
    {
        foreach (var one in Attribute(html, "class").Tokenize())
        {
            if (one.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    public bool IsVoid => Name is "br" or "hr" or "img" or "input" or "meta" or "link" or "area" or "base" or "col" or "embed" or "source" or "track" or "wbr" or "param" or "o:p/";
}

/// <summary>Cuts HTML source into tokens, tolerant and linear. It finds where things stand; it makes nothing safe.</summary>
static class HtmlTokens
{
    public static List<HtmlToken> Of(string html)
    {
        var tokens = new List<HtmlToken>();
        var at = 0;
        bool noComment = false, noTagEnd = false;
        HashSet<string>? neverClosed = null;
        while (at < html.Length)
        {
            var rest = html.AsSpan(at);
            var open = rest.IndexOf('<');
            if (open < 0 || noTagEnd)
                open = rest.Length;
            if (open > 0)
            {
                tokens.Add(new(HtmlTokenKind.Text, at, at + open, ""));
                at += open;
                continue;
            }
            if (!noComment && rest.StartsWith("<!--"))
            {
                var close = rest[4..].IndexOf("-->");
                if (close >= 0)
                {
                    tokens.Add(new(HtmlTokenKind.Other, at, at + 4 + close + 3, ""));
                    at += 4 + close + 3;
                    continue;
                }
                noComment = true;
            }
            var closing = rest.Length > 1 && rest[1] == '/';
            var nameStart = closing ? 2 : 1;
            if (nameStart >= rest.Length || !(char.IsAsciiLetter(rest[nameStart]) || rest[1] is '!' or '?'))
            {
                tokens.Add(new(HtmlTokenKind.Text, at, at + 1, ""));
                at++;
                continue;
            }
            var end = TagEnd(rest, ref noTagEnd);
            if (end < 0)
            {
                tokens.Add(new(HtmlTokenKind.Text, at, at + 1, ""));
                at++;
                continue;
            }
            var name = Name(rest[nameStart..end]);
            var kind = rest[1] is '!' or '?' ? HtmlTokenKind.Other : closing ? HtmlTokenKind.Close : HtmlTokenKind.Open;
            tokens.Add(new(kind, at, at + end, name));
            at += end;
            if (kind == HtmlTokenKind.Open && name is "style" or "script" or "title" && neverClosed?.Contains(name) != true)
            {
                var close = html.AsSpan(at).IndexOf($"</{name}", StringComparison.OrdinalIgnoreCase);
                if (close < 0)
                    (neverClosed ??= []).Add(name);
                else if (close > 0)
                {
                    tokens.Add(new(HtmlTokenKind.Other, at, at + close, ""));
                    at += close;
                }
            }
        }
        return tokens;
    }

    static int TagEnd(ReadOnlySpan<char> tag, ref bool none)
    {
        var plain = tag.IndexOf('>');
        if (plain < 0)
        {
            none = true;
            return -1;
        }
        // A ">" within a quoted value ends nothing, unless the quote is never closed in reasonable distance.
        var window = tag[..Math.Min(tag.Length, Math.Max(plain + 1, 8_192))];
        var quote = '\0';
        for (var i = 1; i < window.Length; i++)
        {
            var c = window[i];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
            }
            else if (c is '"' or '\'' && LastNonBlank(window, i) == '=')
                quote = c;
            else if (c == '>')
                return i + 1;
        }
        return plain + 1;
    }

    static char LastNonBlank(ReadOnlySpan<char> text, int before)
    {
        for (var i = before - 1; i >= 0 && i > before - 8; i--)
        {
            if (!char.IsWhiteSpace(text[i]))
                return text[i];
        }
        return '\0';
    }

    static string Name(ReadOnlySpan<char> tag)
    {
        var length = 0;
        while (length < tag.Length && length < 24 && (char.IsAsciiLetterOrDigit(tag[length]) || tag[length] is ':' or '-' or '!'))
            length++;
        var name = tag[..length];
        foreach (var known in Known)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return known;
        }
        return name.ToString().ToLowerInvariant();
    }

    static readonly string[] Known =
        ["div", "p", "br", "span", "a", "b", "font", "td", "tr", "table", "tbody", "blockquote", "html", "head", "body", "hr", "img", "style", "li", "ul", "o:p", "i", "u", "strong", "em", "pre", "title", "meta"];
}
