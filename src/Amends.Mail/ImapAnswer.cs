using System.Globalization;

namespace Amends.Mail;

enum ImapTokenKind { Atom, String, Open, Close }

/// <summary>One piece of an answer. Text holds one byte in each character.</summary>
readonly record struct ImapToken(ImapTokenKind Kind, string Text)
{
    public bool Is(string atom) => Kind == ImapTokenKind.Atom && Text.Equals(atom, StringComparison.OrdinalIgnoreCase);

    public bool IsNil => Is("NIL");
}

enum ImapAnswerKind { Data, Status, Go }

/// <summary>One answer of the server (RFC 3501 section 7): data, a status, or the word to go on.</summary>
sealed class ImapAnswer
{
    public ImapAnswerKind Kind { get; init; }

    /// <summary>"*" or the tag.</summary>
    public string Tag { get; init; } = "*";

    /// <summary>Of a status: OK, NO, BAD, BYE, PREAUTH, in capitals.</summary>
    public string Status { get; init; } = "";

    /// <summary>Of a status: the word in brackets, in capitals ("UIDVALIDITY"), or empty.</summary>
    public string Code { get; init; } = "";

    /// <summary>What stands behind the code's word.</summary>
    public string CodeText { get; init; } = "";

    /// <summary>Of a status or a word to go on: what is said to people, or to a mechanism.</summary>
    public string Text { get; init; } = "";

    public List<ImapToken> Tokens { get; init; } = [];

    /// <summary>Bytes that went into the caller's stream instead of a token, or null.</summary>
    public long? Streamed { get; set; }

    /// <summary>The message was longer than was wanted.</summary>
    public bool IsCut { get; set; }

    /// <summary>"* 12 EXISTS": the word behind the number, or the first word.</summary>
    public string Word => Tokens switch
    {
        [{ Kind: ImapTokenKind.Atom } first, { Kind: ImapTokenKind.Atom } second, ..] when first.Text.All(char.IsAsciiDigit) => second.Text.ToUpperInvariant(),
        [{ Kind: ImapTokenKind.Atom } first, ..] => first.Text.ToUpperInvariant(),
        _ => "",
    };

    /// <summary>The number in front, or null.</summary>
    public uint? Number => Tokens is [{ Kind: ImapTokenKind.Atom } first, ..] ? ToNumber(first.Text) : null;

    public static uint? ToNumber(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A line that is a status or the word to go on; null when it is data.</summary>
    public static ImapAnswer? Plain(string line)
    {
        if (line.StartsWith('+'))
            return new() { Kind = ImapAnswerKind.Go, Text = line[1..].Trim() };
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank <= 0)
            return null;
        var rest = line.AsSpan(blank + 1).TrimStart(' ');
        var end = rest.IndexOf(' ');
        var word = (end < 0 ? rest : rest[..end]).ToString().ToUpperInvariant();
        if (word is not ("OK" or "NO" or "BAD" or "BYE" or "PREAUTH"))
            return null;
        var text = end < 0 ? default : rest[(end + 1)..].TrimStart(' ');
        string code = "", codeText = "";
        if (text is ['[', ..] && text.IndexOf(']') is > 0 and var close)
        {
            var inside = text[1..close];
            var space = inside.IndexOf(' ');
            code = (space < 0 ? inside : inside[..space]).ToString().ToUpperInvariant();
            codeText = space < 0 ? "" : inside[(space + 1)..].Trim().ToString();
            text = text[(close + 1)..];
        }
        return new() { Kind = ImapAnswerKind.Status, Tag = line[..blank], Status = word, Code = code, CodeText = codeText, Text = text.Trim().ToString() };
    }

    /// <summary>Cuts one line of data into tokens. A literal at its end is announced by the length returned; -1 where there is none.</summary>
    public static long Cut(ReadOnlySpan<char> line, List<ImapToken> into)
    {
        while (true)
        {
            line = line.TrimStart(' ');
            if (line.IsEmpty)
                return -1;
            switch (line[0])
            {
                case '(':
                    into.Add(new(ImapTokenKind.Open, "("));
                    line = line[1..];
                    continue;
                case ')':
                    into.Add(new(ImapTokenKind.Close, ")"));
                    line = line[1..];
                    continue;
                case '"':
                    line = Quoted(line[1..], into);
                    continue;
                case '{' or '~' when LiteralLength(line) is >= 0 and var length:
                    return length;
            }
            // BODY[HEADER.FIELDS (A B)]<0> is one word.
            var end = 0;
            var depth = 0;
            while (end < line.Length && (depth > 0 || line[end] is not (' ' or '(' or ')')))
            {
                depth += line[end] == '[' ? 1 : line[end] == ']' && depth > 0 ? -1 : 0;
                end++;
            }
            into.Add(new(ImapTokenKind.Atom, line[..end].ToString()));
            line = line[end..];
        }
    }

    static ReadOnlySpan<char> Quoted(ReadOnlySpan<char> line, List<ImapToken> into)
    {
        var stop = line.IndexOfAny('"', '\\');
        if (stop >= 0 && line[stop] == '"')
        {
            into.Add(new(ImapTokenKind.String, line[..stop].ToString()));
            return line[(stop + 1)..];
        }
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
                text.Append(line[++i]);
            else if (line[i] == '"')
            {
                into.Add(new(ImapTokenKind.String, text.ToString()));
                return line[(i + 1)..];
            }
            else
                text.Append(line[i]);
        }
        // Never closed: the line closes it.
        into.Add(new(ImapTokenKind.String, text.ToString()));
        return default;
    }

    /// <summary>"{12}", "{12+}", "~{12}" at the end of a line; -1 when it is none, long.MaxValue when nobody can count that far.</summary>
    static long LiteralLength(ReadOnlySpan<char> line)
    {
        if (line[0] == '~')
            line = line[1..];
        if (line is not ['{', .., '}'])
            return -1;
        var digits = line[1..^1].TrimEnd("+-");
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
            return -1;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : long.MaxValue;
    }
}
