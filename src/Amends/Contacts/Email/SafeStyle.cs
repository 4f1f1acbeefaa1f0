using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Amends.Contacts.Email;

/// <summary>
/// The part of CSS that a mail may bring in its <c>style</c> attributes: listed properties whose values are plain words, numbers, colours and font names.
/// Nothing can load, cover, move or name anything: a value that is not fully understood is left out with its property.
/// </summary>
static class SafeStyle
{
    static readonly FrozenSet<string> Properties = new[]
    {
        "color", "background-color", "opacity", "font", "font-family", "font-size", "font-style", "font-weight", "font-variant", "line-height",
        "letter-spacing", "word-spacing", "text-align", "text-decoration", "text-decoration-line", "text-decoration-color", "text-decoration-style",
        "text-indent", "text-transform", "vertical-align", "white-space", "word-break", "word-wrap", "overflow-wrap", "direction",
        "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
        "border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width",
        "border-top-color", "border-top-style", "border-top-width", "border-right-color", "border-right-style", "border-right-width",
        "border-bottom-color", "border-bottom-style", "border-bottom-width", "border-left-color", "border-left-style", "border-left-width",
        "border-radius", "border-top-left-radius", "border-top-right-radius", "border-bottom-left-radius", "border-bottom-right-radius",
        "border-collapse", "border-spacing", "table-layout", "caption-side", "empty-cells", "width", "height", "min-width", "min-height", "max-width",
        "max-height", "display", "visibility", "float", "clear", "list-style-type", "list-style-position", "box-sizing",
    }.ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string> Display = new[]
    {
        "none", "block", "inline", "inline-block", "list-item", "table", "inline-table", "table-row", "table-cell", "table-row-group",
        "table-header-group", "table-footer-group", "table-column", "table-column-group", "table-caption",
    }.ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string> Functions = new[] { "rgb", "rgba", "hsl", "hsla" }.ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string> Units = new[]
    {
        "", "px", "pt", "em", "rem", "ex", "ch", "pc", "in", "cm", "mm", "vw", "vh", "deg",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is left of a declaration list, in one spelling; empty where nothing is.</summary>
    /// <param name="style">The attribute's value.</param>
    /// <param name="loads">True where it tried to load something.</param>
    /// <param name="coloured">True where it sets a colour.</param>
    public static string Clean(string style, out bool loads, out bool coloured)
    {
        loads = style.Contains("url(", StringComparison.OrdinalIgnoreCase) || style.Contains("image-set(", StringComparison.OrdinalIgnoreCase);
        coloured = false;
        // Longer than any hand or program writes; and an escape has no honest use here.
        if (style.Length > 8000)
            return "";
        var result = new StringBuilder();
        foreach (var declaration in Split(style))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var name = declaration[..colon].Trim().ToLowerInvariant();
            var value = declaration[(colon + 1)..];
            string? clean;
            if (name == "background")
            {
                // The shorthand may load; only its colour is taken.
                name = "background-color";
                clean = Colour(value);
            }
            else if (name == "list-style")
            {
                name = "list-style-type";
                clean = Value(name, value);
                if (clean is not null && clean.Contains(' ', StringComparison.Ordinal))
                    clean = null;
            }
            else
            {
                clean = Properties.Contains(name) ? Value(name, value) : null;
            }
            if (string.IsNullOrEmpty(clean))
                continue;
            if (name == "display" && !Display.Contains(clean))
                continue;
            coloured |= name.EndsWith("color", StringComparison.Ordinal) && clean is not ("inherit" or "transparent" or "initial" or "currentcolor");
            if (result.Length > 0)
                result.Append(';');
            result.Append(name).Append(':').Append(clean);
        }
        return result.ToString();
    }

    /// <summary>True for a colour as the old attributes (<c>bgcolor</c>, <c>color</c>) write it.</summary>
    public static bool IsColour(string text) =>
        text is ['#', .. var digits] ? digits.Length is 3 or 4 or 6 or 8 && digits.All(char.IsAsciiHexDigit) : text.Length is > 0 and <= 30 && text.All(char.IsAsciiLetter);

    // Declarations end at a semicolon that stands in no string and no bracket. Comments separate like a space.
    static IEnumerable<string> Split(string style)
    {
        var piece = new StringBuilder();
        var quote = '\0';
        var depth = 0;
        for (var at = 0; at < style.Length; at++)
        {
            var c = style[at];
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
            }
            else if (c == '/' && at + 1 < style.Length && style[at + 1] == '*')
            {
                var end = style.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0)
                    break;
                at = end + 1;
                piece.Append(' ');
                continue;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (c == ')')
            {
                depth = Math.Max(0, depth - 1);
            }
            else if (c == ';' && depth == 0)
            {
                yield return piece.ToString();
                piece.Clear();
                continue;
            }
            piece.Append(c);
        }
        if (quote == '\0' && depth == 0)
            yield return piece.ToString();
    }

    static string? Colour(string value)
    {
        var found = Tokens(value, fonts: false, lenient: true)?.Where(token => token.StartsWith('#') || token.Contains('(', StringComparison.Ordinal) || IsNamedColour(token)).ToList();
        return found is [var one] ? one : null;
    }

    static bool IsNamedColour(string token) =>
        token is "transparent" || (token.All(char.IsAsciiLetter) && System.Drawing.Color.FromName(token) is { IsKnownColor: true, IsSystemColor: false });

    static string? Value(string name, string value)
    {
        var tokens = Tokens(value, fonts: name is "font" or "font-family", lenient: false);
        if (tokens is null || tokens.Count == 0)
            return null;
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (text.Length > 0 && token is not ("," or "/") && text[^1] is not ('/' or ','))
                text.Append(' ');
            text.Append(token);
        }
        return text.ToString();
    }

    // The value as a list of words; null where anything in it is not one of those that we know. Lenient: skips functions that we do not know.
    static List<string>? Tokens(string value, bool fonts, bool lenient)
    {
        var tokens = new List<string>();
        var at = 0;
        while (at < value.Length)
        {
            var c = value[at];
            if (c is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                at++;
            }
            else if (c is ',' or '/')
            {
                tokens.Add(c.ToString());
                at++;
            }
            else if (c is '"' or '\'')
            {
                var end = value.IndexOf(c, at + 1);
                if (end < 0)
                    return null;
                var inner = value[(at + 1)..end].Trim();
                if (!fonts || inner.Length is 0 or > 80 || !inner.All(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' or '+'))
                    return null;
                tokens.Add($"'{inner}'");
                at = end + 1;
            }
            else if (c == '!')
            {
                // Its weight is dropped, the declaration stays.
                return value[at..].Replace(" ", "", StringComparison.Ordinal).Trim().Equals("!important", StringComparison.OrdinalIgnoreCase) ? tokens : null;
            }
            else if (c == '#')
            {
                var end = at + 1;
                while (end < value.Length && char.IsAsciiHexDigit(value[end]))
                    end++;
                if (!IsColour(value[at..end]))
                    return null;
                tokens.Add(value[at..end].ToLowerInvariant());
                at = end;
            }
            else if (char.IsAsciiDigit(c) || c is '+' or '-' or '.' && at + 1 < value.Length && (char.IsAsciiDigit(value[at + 1]) || value[at + 1] == '.'))
            {
                if (Number(value, ref at) is not { } number)
                    return null;
                tokens.Add(number);
            }
            else if (char.IsLetter(c) || c == '-')
            {
                var end = at + 1;
                while (end < value.Length && (char.IsLetterOrDigit(value[end]) || value[end] is '-' or '_'))
                    end++;
                var word = value[at..end];
                if (word.Length > 80 || (!fonts && !word.All(char.IsAscii)))
                    return null;
                at = end;
                if (at < value.Length && value[at] == '(')
                {
                    var close = value.IndexOf(')', at);
                    if (close < 0)
                        return null;
                    var arguments = value[(at + 1)..close];
                    var known = Functions.Contains(word.ToLowerInvariant()) && arguments.Length <= 60
                        && arguments.All(letter => char.IsAsciiDigit(letter) || letter is ' ' or ',' or '.' or '%' or '/' or '-');
                    if (!known && !lenient)
                        return null;
                    if (known)
                        tokens.Add($"{word.ToLowerInvariant()}({arguments.Trim()})");
                    at = close + 1;
                }
                else
                {
                    tokens.Add(fonts ? word : word.ToLowerInvariant());
                }
            }
            else
            {
                return null;
            }
            if (tokens.Count > 60)
                return null;
        }
        return tokens;
    }

    static string? Number(string value, ref int at)
    {
        var start = at;
        if (value[at] is '+' or '-')
            at++;
        while (at < value.Length && (char.IsAsciiDigit(value[at]) || value[at] == '.'))
            at++;
        var digits = value[start..at];
        // No mail needs more than 9999 of anything; more only makes pages that cannot be scrolled.
        if (!decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) >= 10_000)
            return null;
        var unit = at;
        if (at < value.Length && value[at] == '%')
            at++;
        else
            while (at < value.Length && char.IsAsciiLetter(value[at]))
                at++;
        var name = value[unit..at].ToLowerInvariant();
        return name == "%" || Units.Contains(name) ? number.ToString(CultureInfo.InvariantCulture) + name : null;
    }
}
