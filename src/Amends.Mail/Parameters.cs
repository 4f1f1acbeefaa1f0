using System.Text;

namespace Amends.Mail;

/// <summary>A value with parameters, as Content-Type and Content-Disposition have (RFC 2045 section 5.1, RFC 2231, and RFC 2047 by mistake).</summary>
public sealed class ParameterList
{
    readonly List<KeyValuePair<string, string>> _parameters;

    ParameterList(string value, List<KeyValuePair<string, string>> parameters) => (Value, _parameters) = (value, parameters);

    internal static ParameterList None { get; } = new("", []);

    /// <summary>What stands before the first semicolon, lower case, without comments: "text/plain", "attachment".</summary>
    public string Value { get; }

    /// <summary>All parameters, decoded, names in lower case, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters;

    /// <summary>The decoded parameter of that name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _parameters)
            {
                if (key == name)
                    return value;
            }
            return null;
        }
    }

    // Where a semicolon was forgotten, only these names begin a new parameter; anything else may be part of a file name with blanks.
    static readonly string[] WithoutSemicolon = ["charset", "format", "boundary", "name", "filename", "delsp", "type", "protocol", "micalg", "size", "report-type"];

    readonly record struct Segment(int Number, bool Encoded, string Text);

    const int MostParameters = 200;

    /// <summary>Reads a header's unfolded text. Never throws; what makes no sense is left out.</summary>
    public static ParameterList Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return None;
        var span = text.AsSpan();
        var semicolon = span.IndexOf(';');
        var head = semicolon < 0 ? span : span[..semicolon];
        // "text/plain charset=utf-8": the semicolon was forgotten.
        var blank = head.Trim().IndexOfAny(" \t");
        if (blank > 0 && head.IndexOf('=') > 0)
        {
            head = head.Trim();
            semicolon = text.AsSpan().IndexOf(head, StringComparison.Ordinal) + blank;
            head = head[..blank];
        }
        var comment = head.IndexOf('(');
        if (comment >= 0)
            head = head[..comment];
        head = head.Trim(" \t\"';");
        var value = Common(head, CommonValues) ?? string.Concat(head.ToString().Split(' ', '\t')).ToLowerInvariant();
        if (semicolon < 0)
            return new(value, []);
        var parameters = new List<KeyValuePair<string, string>>(2);
        Dictionary<string, List<Segment>>? continued = null;
        var at = semicolon + 1;
        var count = 0;
        while (at < span.Length && count++ < MostParameters)
        {
            at = SkipBlanks(span, at);
            if (at >= span.Length)
                break;
            var rest = span[at..];
            var equals = rest.IndexOfAny('=', ';');
            if (equals < 0)
                break;
            if (rest[equals] == ';')
            {
                at += equals + 1;
                continue;
            }
            var written = rest[..equals].Trim();
            var name = Common(written, CommonNames) ?? written.ToString().ToLowerInvariant();
            var content = ReadValue(span, SkipBlanks(span, at + equals + 1), out at);
            if (name.Length == 0)
                continue;
            var star = name.IndexOf('*');
            if (star < 0)
            {
                parameters.Add(new(name, Clean(EncodedWords.Decode(content))));
                continue;
            }
            var encoded = name.EndsWith('*');
            var middle = name.AsSpan()[(star + 1)..].TrimEnd('*');
            if (!middle.IsEmpty && (!int.TryParse(middle, out var number) || number is < 0 or > 9_999))
                continue;
            else
                number = middle.IsEmpty ? 0 : int.Parse(middle, System.Globalization.CultureInfo.InvariantCulture);
            continued ??= [];
            var key = name[..star];
            if (!continued.TryGetValue(key, out var segments))
                continued[key] = segments = [];
            segments.Add(new(number, encoded, content));
        }
        if (continued is not null)
        {
            foreach (var (key, segments) in continued)
            {
                // The extended form wins over the plain one beside it (RFC 5987 section 4.2 speaks of HTTP, mail programs follow it).
                var joined = Join(segments);
                parameters.RemoveAll(p => p.Key == key);
                parameters.Add(new(key, Clean(joined)));
            }
        }
        return new(value, parameters);
    }

    const int KeptBytes = 100, KeptLists = 64;

    sealed record Written(byte[] Raw, ParameterList List);

    // A handful of spellings makes up nearly all parts of all mails ("text/plain; charset=utf-8"): each is read once. One slot for each hash, so this never grows.
    static readonly Written?[] Seen = new Written?[KeptLists];

    /// <summary>The parameters of a header, or none.</summary>
    internal static ParameterList Of(MailHeader? header)
    {
        if (header is null)
            return None;
        var raw = header.Raw.Span;
        if (raw.Length is < 4 or > KeptBytes)
            return Parse(header.Text);
        var slot = (int)((uint)(raw.Length * 31 + raw[^1] * 7 + raw[^3] * 13 + raw[raw.Length / 2] * 17 + raw[raw.Length / 3] * 5) % KeptLists);
        if (Volatile.Read(ref Seen[slot]) is { } seen && seen.Raw.AsSpan().SequenceEqual(raw))
            return seen.List;
        var list = Parse(header.Text);
        if (System.Text.Ascii.IsValid(raw) && list._parameters.TrueForAll(p => p.Key is "charset" or "format" or "delsp"))
            Volatile.Write(ref Seen[slot], new(raw.ToArray(), list));
        return list;
    }

    // One string for what nearly all mail says.
    static readonly string[] CommonValues =
        ["text/plain", "text/html", "inline", "attachment", "multipart/alternative", "multipart/mixed", "multipart/related", "image/png", "image/jpeg", "image/gif", "application/pdf", "message/rfc822", "multipart/report"];

    static readonly string[] CommonNames = ["charset", "boundary", "name", "filename", "format", "type", "delsp", "size", "report-type"];

    static readonly string[] CommonCharsets = ["utf-8", "UTF-8", "us-ascii", "US-ASCII", "iso-8859-1", "ISO-8859-1", "flowed"];

    static string? Common(ReadOnlySpan<char> written, string[] among)
    {
        foreach (var one in among)
        {
            if (one.Length == written.Length && written.Equals(one, StringComparison.OrdinalIgnoreCase))
                return one;
        }
        return null;
    }

    static string Kept(ReadOnlySpan<char> value)
    {
        foreach (var one in CommonCharsets)
        {
            if (value.SequenceEqual(one))
                return one;
        }
        return value.ToString();
    }

    static string Join(List<Segment> segments)
    {
        segments.Sort((a, b) => a.Number.CompareTo(b.Number));
        string? charset = null;
        var bytes = new List<byte>();
        var text = new StringBuilder();
        var first = true;
        foreach (var segment in segments)
        {
            var content = segment.Text.AsSpan();
            if (!segment.Encoded)
            {
                Flush();
                text.Append(content);
                first = false;
                continue;
            }
            if (first)
            {
                var quote = content.IndexOf('\'');
                var second = quote < 0 ? -1 : content[(quote + 1)..].IndexOf('\'');
                if (second >= 0)
                {
                    charset = content[..quote].ToString();
                    content = content[(quote + second + 2)..];
                }
                first = false;
            }
            for (var i = 0; i < content.Length; i++)
            {
                if (content[i] == '%' && i + 2 < content.Length && TransferDecoding.Hex(content[i + 1]) is >= 0 and var high && TransferDecoding.Hex(content[i + 2]) is >= 0 and var low)
                {
                    bytes.Add((byte)((high << 4) | low));
                    i += 2;
                }
                else if (content[i] < 0x80)
                    bytes.Add((byte)content[i]);
                else
                {
                    Flush();
                    text.Append(content[i]);
                }
            }
        }
        Flush();
        var joined = text.ToString();
        return joined.Contains("=?", StringComparison.Ordinal) ? EncodedWords.Decode(joined) : joined;

        void Flush()
        {
            if (bytes.Count == 0)
                return;
            text.Append(Charsets.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes), charset));
            bytes.Clear();
        }
    }

    static string ReadValue(ReadOnlySpan<char> span, int at, out int next)
    {
        if (at < span.Length && span[at] == '"')
        {
            var rest = span[(at + 1)..];
            var plain = rest.IndexOfAny('"', '\\');
            if (plain >= 0 && rest[plain] == '"' && EndsValue(span, at + plain + 2))
            {
                next = AfterSemicolon(span, at + plain + 2);
                return Kept(rest[..plain]);
            }
            var text = new StringBuilder();
            for (var i = at + 1; i < span.Length; i++)
            {
                if (span[i] == '\\' && i + 1 < span.Length)
                {
                    // Windows paths come unescaped: only quotes and backslashes are escapes.
                    if (span[i + 1] is '"' or '\\')
                        text.Append(span[++i]);
                    else
                        text.Append('\\');
                }
                else if (span[i] == '"')
                {
                    // A quote in the middle of a name that nobody escaped.
                    if (!EndsValue(span, i + 1))
                    {
                        text.Append('"');
                        continue;
                    }
                    next = AfterSemicolon(span, i + 1);
                    return text.ToString();
                }
                else
                    text.Append(span[i]);
            }
            // Never closed: take up to the semicolon, if there is one.
            var open = rest.IndexOf(';');
            next = open < 0 ? span.Length : at + 1 + open + 1;
            return (open < 0 ? rest : rest[..open]).Trim().ToString();
        }
        var raw = span[Math.Min(at, span.Length)..];
        var end = raw.IndexOf(';');
        var value = end < 0 ? raw : raw[..end];
        next = end < 0 ? span.Length : at + end + 1;
        // name=a b.txt charset=utf-8
        for (var i = value.IndexOfAny(" \t"); i >= 0 && i < value.Length;)
        {
            var word = value[i..].TrimStart();
            var start = value.Length - word.Length;
            var equals = word[..Math.Min(word.Length, 16)].IndexOf('=');
            if (equals > 0 && IsKnown(word[..equals]))
            {
                next = at + start;
                value = value[..start];
                break;
            }
            var further = word.IndexOfAny(" \t");
            i = further < 0 ? -1 : start + further;
        }
        return Kept(value.Trim(" \t"));
    }

    static bool IsKnown(ReadOnlySpan<char> word)
    {
        foreach (var known in WithoutSemicolon)
        {
            if (word.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    static bool EndsValue(ReadOnlySpan<char> span, int at) => at >= span.Length || span[at] is ';' or ' ' or '\t' or '(' or ',' or '\r' or '\n';

    static int AfterSemicolon(ReadOnlySpan<char> span, int at)
    {
        at = SkipBlanks(span, at);
        if (at < span.Length && span[at] == '(')
        {
            var close = span[at..].IndexOf(')');
            at = close < 0 ? span.Length : SkipBlanks(span, at + close + 1);
        }
        return at < span.Length && span[at] is ';' or ',' ? at + 1 : at;
    }

    static int SkipBlanks(ReadOnlySpan<char> span, int at)
    {
        while (at < span.Length && span[at] is ' ' or '\t' or '\r' or '\n')
            at++;
        return at;
    }

    static string Clean(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
}
