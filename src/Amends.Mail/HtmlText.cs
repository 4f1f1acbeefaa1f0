using System.Buffers;
using System.Net;
using System.Text;

namespace Amends.Mail;

/// <summary>HTML to plain text and back, for reading and searching; not for showing HTML safely. Linear; never throws.</summary>
public static class HtmlText
{
    static readonly SearchValues<char> IdEnd = SearchValues.Create("\"' )>\r\n\t;");
    static readonly SearchValues<byte> CharsetEnd = SearchValues.Create("\"' ;>/"u8);

    /// <summary>The text a person would read: blocks on lines of their own, entities resolved, style and script left out.</summary>
    public static string ToText(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        var text = new StringBuilder(html.Length / 2);
        var pre = 0;
        var skip = "";
        foreach (var token in HtmlTokens.Of(html))
        {
            switch (token.Kind)
            {
                case HtmlTokenKind.Text when skip.Length == 0:
                    Append(text, WebUtility.HtmlDecode(token.Source(html).ToString()), pre > 0);
                    break;
                case HtmlTokenKind.Open:
                    if (token.Name is "head" or "style" or "script" or "title" && skip.Length == 0)
                        skip = token.Name;
                    else if (token.Name == "body")
                        skip = "";
                    else if (token.Name == "br")
                        text.Append('\n');
                    else if (token.Name == "hr")
                        Break(text, 1);
                    else if (token.Name == "pre")
                    {
                        pre++;
                        Break(text, 1);
                    }
                    else if (token.Name == "li")
                    {
                        Break(text, 1);
                        text.Append("- ");
                    }
                    else if (token.Name == "p" || token.Name is ['h', >= '1' and <= '6'])
                        Break(text, 2);
                    else if (IsBlock(token.Name))
                        Break(text, 1);
                    else if (token.Name is "td" or "th" && text.Length > 0 && text[^1] is not ('\n' or ' '))
                        text.Append(' ');
                    break;
                case HtmlTokenKind.Close:
                    if (token.Name == skip)
                        skip = "";
                    else if (token.Name == "pre")
                    {
                        pre = Math.Max(0, pre - 1);
                        Break(text, 1);
                    }
                    else if (token.Name == "p" || token.Name is ['h', >= '1' and <= '6'])
                        Break(text, 2);
                    else if (IsBlock(token.Name))
                        Break(text, 1);
                    break;
            }
        }
        return Tidy(text);
    }

    static bool IsBlock(string name) => name is "div" or "tr" or "table" or "blockquote" or "ul" or "ol" or "li" or "section" or "article" or "header" or "footer" or "body" or "dl" or "dd" or "dt" or "center" or "form" or "address";

    static void Append(StringBuilder text, string piece, bool pre)
    {
        if (pre)
        {
            text.Append(piece);
            return;
        }
        foreach (var c in piece)
        {
            if (c is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                if (text.Length > 0 && text[^1] is not (' ' or '\n'))
                    text.Append(' ');
            }
            else if (c is '\u200B' or '\uFEFF')
                continue;
            else
                text.Append(c == '\u00A0' ? ' ' : c);
        }
    }

    static void Break(StringBuilder text, int lines)
    {
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        if (text.Length == 0)
            return;
        var have = 0;
        while (have < lines && have < text.Length && text[^(have + 1)] == '\n')
            have++;
        text.Append('\n', lines - have);
    }

    static string Tidy(StringBuilder text)
    {
        var result = new StringBuilder(text.Length);
        var blank = 0;
        foreach (var line in text.ToString().Split('\n'))
        {
            var trimmed = line.TrimEnd();
            blank = trimmed.Length == 0 ? blank + 1 : 0;
            if (blank > 2)
                continue;
            result.Append(trimmed).Append('\n');
        }
        return result.ToString().Trim('\n');
    }

    /// <summary>Plain text as HTML that shows it: escaped, lines kept.</summary>
    public static string FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"<div style=\"white-space:pre-wrap\">{WebUtility.HtmlEncode(text)}</div>";
    }

    /// <summary>The Content-IDs that the HTML refers to by "cid:".</summary>
    internal static HashSet<string> ContentIds(string html)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rest = html.AsSpan();
        while (ids.Count < 10_000)
        {
            var at = rest.IndexOf("cid:", StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                break;
            rest = rest[(at + 4)..];
            var end = rest.IndexOfAny(IdEnd);
            var id = end < 0 ? rest : rest[..end];
            if (id.Length is > 0 and < 1_000)
            {
                ids.Add(id.ToString());
                ids.Add(Uri.UnescapeDataString(id.ToString()));
            }
        }
        return ids;
    }

    /// <summary>The charset an HTML document names in its first bytes, or null.</summary>
    internal static string? DeclaredCharset(ReadOnlySpan<byte> html)
    {
        var head = html[..Math.Min(html.Length, 1_024)];
        var at = -1;
        for (var i = 0; i + 8 < head.Length; i++)
        {
            if ((head[i] | 0x20) == 'c' && Ascii.EqualsIgnoreCase(head.Slice(i, 8), "charset="u8))
            {
                at = i + 8;
                break;
            }
        }
        if (at < 0)
            return null;
        var value = head[at..].TrimStart("\"' "u8);
        var end = value.IndexOfAny(CharsetEnd);
        var name = end < 0 ? value : value[..end];
        if (name.Length is 0 or > 40)
            return null;
        var found = Encoding.ASCII.GetString(name);
        // A document that can be read up to its declaration is not UTF-16, whatever it says.
        return found.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) ? "utf-8" : found;
    }
}
