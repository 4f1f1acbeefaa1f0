using System.Buffers;
using System.Text;

namespace Amends.Mail;

/// <summary>Divides a header block into fields (RFC 5322 section 2.2 and what comes instead). One pass, no copies of values.</summary>
static class HeaderReader
{
    // Names that nearly every mail has: one string for all of them.
    static readonly string[] Common =
    [
        "To", "Cc", "Bcc", "From", "Date", "Sender", "Subject", "Received", "Reply-To", "Message-ID", "Message-Id", "X-Mailer", "References", "Precedence",
        "Return-Path", "In-Reply-To", "MIME-Version", "Mime-Version", "Content-ID", "Content-Id", "Content-Type", "Delivered-To", "Received-SPF",
        "User-Agent", "X-Priority", "X-Original-To", "Content-Language", "Auto-Submitted", "DKIM-Signature", "List-Id", "Content-Disposition",
        "Content-Description", "Content-Location", "Content-Transfer-Encoding", "Authentication-Results", "List-Unsubscribe", "Importance", "Thread-Topic", "Thread-Index",
    ];

    static readonly (string Name, KnownHeader Known)[][] CommonByLength =
        [.. Enumerable.Range(0, 32).Select(n => Common.Where(c => c.Length == n).Select(c => (c, KnownOf(c))).ToArray())];

    static KnownHeader KnownOf(string name) =>
        Enum.TryParse<KnownHeader>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known) ? known : KnownHeader.Other;

    /// <summary>Reads fields from <paramref name="start"/>; returns the byte at which the body begins.</summary>
    /// <param name="all">The memory that <paramref name="start"/> counts in.</param>
    /// <param name="start">First byte of the header block.</param>
    /// <param name="end">Where the block must end at the latest.</param>
    /// <param name="into">Receives the fields.</param>
    /// <param name="state">Limits and defects of the whole message.</param>
    /// <param name="delimiter">Tells a boundary line, at which a header block without blank line ends.</param>
    /// <param name="envelope">The mbox "From " line above the fields, where there is one.</param>
    internal static int Read(ReadOnlyMemory<byte> all, int start, int end, List<MailHeader> into, ReadState state, Func<int, bool>? delimiter, out string? envelope)
    {
        envelope = null;
        var data = all.Span[..end];
        var at = start;
        var full = false;
        while (at < end)
        {
            var lineEnd = LineEnd(data, at);
            var line = data[at..lineEnd.Content];
            if (line.IsEmpty)
                return lineEnd.Next;
            if (delimiter is not null && line is [(byte)'-', (byte)'-', ..] && delimiter(at))
            {
                state.Note(DefectKind.NoBlankLine, at);
                return at;
            }
            if (into.Count == 0 && at == start && (line.StartsWith("From "u8) || line.StartsWith(">From "u8)))
            {
                envelope = Charsets.Guess(line[(line.IndexOf((byte)' ') + 1)..]).Trim();
                at = lineEnd.Next;
                continue;
            }
            var colon = NameLength(line);
            if (colon < 0)
            {
                if (IsBlank(line))
                {
                    // A line of blanks is a fold (obsolete, but it occurs) when more of the block follows, else the missing blank line.
                    if (!LooksLikeHeaders(data, lineEnd.Next))
                        return lineEnd.Next;
                    at = lineEnd.Next;
                    continue;
                }
                if (line[0] is (byte)' ' or (byte)'\t' && (into.Count > 0 || LooksLikeHeaders(data, lineEnd.Next)))
                {
                    at = lineEnd.Next;
                    continue;
                }
                // No name and colon. When headers go on below it is rubbish among them, else the body has begun: nothing of it may be lost.
                if (!LooksLikeHeaders(data, lineEnd.Next))
                {
                    state.Note(DefectKind.NoBlankLine, at);
                    return at;
                }
                state.Note(DefectKind.BadHeaderLine, at);
                at = lineEnd.Next;
                continue;
            }
            var name = line[..colon].TrimEnd(" \t"u8);
            var valueStart = at + colon + 1;
            var valueEnd = lineEnd.Content;
            var next = lineEnd.Next;
            while (next < end)
            {
                var fold = LineEnd(data, next);
                var text = data[next..fold.Content];
                if (text.IsEmpty)
                    break;
                var blank = text[0] is (byte)' ' or (byte)'\t';
                if (blank && IsBlank(text) && !LooksLikeHeaders(data, fold.Next))
                    break;
                if (!blank)
                {
                    // A fold whose indent was lost: no colon, but the block goes on below.
                    if (NameLength(text) >= 0 || !LooksLikeHeaders(data, fold.Next) || delimiter is not null && text is [(byte)'-', (byte)'-', ..] && delimiter(next))
                        break;
                    state.Note(DefectKind.BadHeaderLine, next);
                }
                valueEnd = fold.Content;
                next = fold.Next;
            }
            if (full || into.Count >= state.Limits.Headers)
            {
                if (!full)
                    state.Note(DefectKind.TooManyHeaders, at);
                full = true;
            }
            else if (state.HeaderBytes + (next - at) > state.Limits.HeaderBytes)
            {
                state.Note(DefectKind.HeadersTooLarge, at);
                full = true;
            }
            else
            {
                state.HeaderBytes += next - at;
                if (valueEnd - valueStart > state.Limits.LineBytes)
                {
                    state.Note(DefectKind.LineTooLong, at);
                    valueEnd = valueStart + state.Limits.LineBytes;
                }
                var named = NameOf(name, out var known);
                into.Add(new MailHeader(named, all[valueStart..Math.Max(valueStart, valueEnd)], at) { Known = known });
            }
            at = next;
        }
        return end;
    }

    internal readonly record struct Line(int Content, int Next);

    /// <summary>Where the line at <paramref name="at"/> ends without, and with, its line end.</summary>
    internal static Line LineEnd(ReadOnlySpan<byte> data, int at)
    {
        var length = data[at..].IndexOf((byte)'\n');
        if (length < 0)
            return new(data.Length, data.Length);
        var content = at + length;
        return new(content > at && data[content - 1] == '\r' ? content - 1 : content, content + 1);
    }

    static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0;

    // Bytes of a name: printable ASCII but the colon.
    static readonly SearchValues<byte> NameBytes =
        SearchValues.Create([.. Enumerable.Range(33, 94).Where(b => b != ':').Select(b => (byte)b)]);

    /// <summary>Where the colon of a field stands in its first line, or -1 when the line is no field.</summary>
    static int NameLength(ReadOnlySpan<byte> line)
    {
        var window = line[..Math.Min(line.Length, 256)];
        var name = window.IndexOfAnyExcept(NameBytes);
        if (name <= 0)
            return -1;
        if (window[name] == ':')
            return name;
        // "Subject : text" is the obsolete form.
        var colon = window[name..].IndexOfAnyExcept((byte)' ', (byte)'\t');
        return colon >= 0 && window[name + colon] == ':' ? name + colon : -1;
    }

    static bool LooksLikeHeaders(ReadOnlySpan<byte> data, int at)
    {
        if (at >= data.Length)
            return false;
        var line = data[at..Math.Min(data.Length, at + 256)];
        if (line[0] is (byte)' ' or (byte)'\t')
            return line.IndexOfAnyExcept((byte)' ', (byte)'\t') is > 0 and var text && line[text] is not ((byte)'\n' or (byte)'\r');
        // A web address at the beginning of a line is text.
        var colon = NameLength(line);
        return colon > 0 && !line[colon..].StartsWith("://"u8);
    }

    static string NameOf(ReadOnlySpan<byte> name, out KnownHeader known)
    {
        known = KnownHeader.Other;
        if (name.Length < CommonByLength.Length)
        {
            foreach (var (common, which) in CommonByLength[name.Length])
            {
                // The last letter divides most names of one length at once.
                if (((name[^1] ^ common[^1]) & ~0x20) != 0 || !Ascii.EqualsIgnoreCase(name, common))
                    continue;
                known = which;
                if (Ascii.Equals(name, common))
                    return common;
            }
        }
        return Encoding.ASCII.GetString(name);
    }

    /// <summary>The text of a raw value: folds removed, raw 8-bit guessed, trimmed; CR, LF and NUL become blanks.</summary>
    internal static string Unfold(ReadOnlySpan<byte> raw, string? charset)
    {
        while (raw is [(byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..])
            raw = raw[1..];
        while (raw is [.., (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'])
            raw = raw[..^1];
        if (raw.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0)
            return Charsets.DecodeHeader(raw, charset);
        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c is (byte)'\r' or (byte)'\n')
            {
                // The line end of a fold goes, the blank behind it stays; where the indent was lost, a blank keeps words apart.
                if (c == '\r' && i + 1 < raw.Length && raw[i + 1] == '\n')
                    i++;
                if (i + 1 < raw.Length && raw[i + 1] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                    buffer[length++] = (byte)' ';
                continue;
            }
            buffer[length++] = c == 0 ? (byte)' ' : c;
        }
        var text = Charsets.DecodeHeader(buffer.AsSpan(0, length), charset);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }
}

/// <summary>What one reading of one message counts and notes.</summary>
sealed class ReadState(MailLimits limits)
{
    const int MostDefects = 200;

    public MailLimits Limits { get; } = limits;
    public List<Defect> Defects { get; } = [];
    public int HeaderBytes { get; set; }
    public int Parts { get; set; }
    public int BoundaryGuesses { get; set; }

    public void Note(DefectKind kind, int offset, string? detail = null)
    {
        // A hostile mail could have a defect for each of its bytes.
        if (Defects.Count < MostDefects)
            Defects.Add(new(kind, offset, detail));
    }
}
