using System.Text;

namespace Amends.Mail;

/// <summary>Divides a message into its parts (RFC 2046): one pass over the bytes with a stack of the boundaries that are open.</summary>
sealed class MimeReader(ReadOnlyMemory<byte> data, ReadState state, int encodedNesting)
{
    const int MostBoundaryGuesses = 8, MostEncodedNesting = 3, LongestBoundary = 250;

    readonly List<byte[]> _boundaries = [];
    Func<int, bool>? _isBoundary;

    /// <summary>Where a body ended: at a boundary line of one of the open multiparts, or (level -1) at the end of the data.</summary>
    readonly record struct Stop(int LineStart, int Next, int Level, bool Close);

    public MailPart ReadRoot(int depth, out string? envelope)
    {
        var part = ReadEntity(0, depth, "text/plain", null, out _, out envelope);
        return part;
    }

    MailPart ReadEntity(int start, int depth, string defaultType, MailPart? parent, out Stop stop, out string? envelope)
    {
        state.Parts++;
        var fields = new List<MailHeader>(parent is null ? 16 : 4);
        var bodyStart = HeaderReader.Read(data, start, data.Length, fields, state, _boundaries.Count == 0 ? null : _isBoundary ??= IsBoundary, out envelope);
        var part = new MailPart(new MailHeaders(fields), parent, defaultType) { Offset = start, BodyOffset = bodyStart };
        if (part.Charset is { } charset)
        {
            foreach (var field in fields)
                field.Charset = charset;
        }
        if (part.Headers.First(KnownHeader.ContentType) is { } type && part.ContentType.Value.IndexOf('/', StringComparison.Ordinal) < 0)
            state.Note(DefectKind.BadContentType, type.Offset, type.Text.Length > 80 ? type.Text[..80] : type.Text);
        var encoding = part.TransferEncoding;
        if (encoding == TransferEncoding.Unknown)
            state.Note(DefectKind.UnknownTransferEncoding, bodyStart);
        var divisible = depth < state.Limits.Depth && state.Parts < state.Limits.Parts;
        var isMultipart = part.MediaType.StartsWith("multipart/", StringComparison.Ordinal);
        var isMessage = part.MediaType is "message/rfc822" or "message/global" or "message/news";
        if ((isMultipart || isMessage) && !divisible)
            state.Note(depth >= state.Limits.Depth ? DefectKind.TooDeep : DefectKind.TooManyParts, start);
        if (isMultipart && divisible)
            stop = ReadMultipart(part, bodyStart, depth);
        else if (isMessage && divisible && encoding is not (TransferEncoding.Base64 or TransferEncoding.QuotedPrintable or TransferEncoding.Uuencode))
        {
            var inner = ReadEntity(bodyStart, depth + 1, "text/plain", part, out stop, out var innerEnvelope);
            part.Children = [inner];
            part.Message = new MailMessage(inner, Slice(bodyStart, stop), innerEnvelope, state);
        }
        else
        {
            stop = Scan(bodyStart);
            if (isMessage && divisible && encodedNesting < MostEncodedNesting)
            {
                // Not allowed by RFC 2046 section 5.2.1, but sent.
                var decoded = TransferDecoding.Decode(Slice(bodyStart, stop), encoding);
                var inner = new MimeReader(decoded, state, encodedNesting + 1).ReadRoot(depth + 1, out var innerEnvelope);
                part.Children = [inner];
                part.Message = new MailMessage(inner, decoded, innerEnvelope, state);
            }
        }
        part.Raw = Slice(bodyStart, stop);
        if (part.Children.Count == 0 && part.Raw.Length > state.Limits.LineBytes && HasLongLine(part.Raw.Span, state.Limits.LineBytes))
            state.Note(DefectKind.LineTooLong, bodyStart);
        return part;
    }

    Stop ReadMultipart(MailPart part, int bodyStart, int depth)
    {
        var declared = part.ContentType["boundary"]?.TrimEnd();
        if (string.IsNullOrEmpty(declared))
        {
            declared = null;
            state.Note(DefectKind.NoBoundary, part.Offset);
        }
        Stop stop;
        var level = _boundaries.Count;
        if (declared is not null && declared.Length <= LongestBoundary)
        {
            _boundaries.Add(Encoding.UTF8.GetBytes(declared));
            stop = Scan(bodyStart);
        }
        else
        {
            _boundaries.Add([]);
            stop = Scan(bodyStart);
        }
        if (stop.Level != level)
        {
            var guess = state.BoundaryGuesses++ < MostBoundaryGuesses ? Guess(bodyStart, stop.LineStart) : null;
            if (guess is null)
            {
                if (declared is not null)
                    state.Note(DefectKind.BoundaryNotFound, part.Offset, declared);
                _boundaries.RemoveAt(level);
                return stop;
            }
            if (declared is not null)
                state.Note(DefectKind.WrongBoundary, part.Offset, declared);
            _boundaries[level] = guess;
            stop = Scan(bodyStart);
        }
        part.Preamble = data[bodyStart..Math.Max(bodyStart, BodyEnd(bodyStart, stop))];
        var children = new List<MailPart>();
        var childType = part.MediaType == "multipart/digest" ? "message/rfc822" : "text/plain";
        while (stop.Level == level)
        {
            if (stop.Close)
            {
                var from = stop.Next;
                stop = Scan(from);
                part.Epilogue = data[from..Math.Max(from, BodyEnd(from, stop))];
                if (stop.Level == level && !stop.Close)
                    state.Note(DefectKind.PartAfterClose, stop.LineStart);
                if (stop.Level != level)
                {
                    part.Children = children;
                    _boundaries.RemoveAt(level);
                    return stop;
                }
                continue;
            }
            if (state.Parts >= state.Limits.Parts)
            {
                state.Note(DefectKind.TooManyParts, stop.LineStart);
                while (stop.Level == level && !stop.Close)
                    stop = Scan(stop.Next);
                continue;
            }
            // A boundary line directly before the end opens no part.
            if (stop.Next >= data.Length)
            {
                stop = new(data.Length, data.Length, -1, false);
                break;
            }
            children.Add(ReadEntity(stop.Next, depth + 1, childType, part, out stop, out _));
        }
        state.Note(DefectKind.BoundaryNotClosed, part.Offset, declared);
        part.Children = children;
        _boundaries.RemoveAt(level);
        return stop;
    }

    ReadOnlyMemory<byte> Slice(int from, Stop stop) => data[from..Math.Max(from, BodyEnd(from, stop))];

    /// <summary>The line end before a boundary belongs to the boundary.</summary>
    int BodyEnd(int from, Stop stop)
    {
        if (stop.Level < 0)
            return stop.LineStart;
        var end = stop.LineStart;
        var span = data.Span;
        if (end > from && span[end - 1] == '\n')
            end--;
        if (end > from && span[end - 1] == '\r')
            end--;
        return end;
    }

    bool IsBoundary(int at) => Match(data.Span, at, out _);

    Stop Scan(int from)
    {
        var span = data.Span;
        if (_boundaries.Count > 0)
        {
            var at = from;
            while (at < span.Length)
            {
                if (span[at] == '-' && at + 1 < span.Length && span[at + 1] == '-' && Match(span, at, out var stop))
                    return stop;
                var next = span[at..].IndexOf("\n--"u8);
                if (next < 0)
                    break;
                at += next + 1;
            }
        }
        return new(span.Length, span.Length, -1, false);
    }

    bool Match(ReadOnlySpan<byte> span, int at, out Stop stop)
    {
        stop = default;
        // A boundary has 70 characters by the standard; nobody's has this many.
        var window = span[at..Math.Min(span.Length, at + LongestBoundary + 64)];
        var end = window.IndexOf((byte)'\n');
        if (end < 0 && at + window.Length < span.Length)
            return false;
        var line = (end < 0 ? window : window[..end]).TrimEnd(" \t\r"u8);
        if (line.Length < 3)
            return false;
        line = line[2..];
        var next = end < 0 ? span.Length : at + end + 1;
        for (var level = _boundaries.Count - 1; level >= 0; level--)
        {
            var boundary = _boundaries[level];
            if (boundary.Length == 0 || line.Length < boundary.Length || line.Length > boundary.Length + 2 || !line.StartsWith(boundary))
                continue;
            if (line.Length == boundary.Length)
            {
                stop = new(at, next, level, false);
                return true;
            }
            if (line.Length == boundary.Length + 2 && line.EndsWith("--"u8))
            {
                stop = new(at, next, level, true);
                return true;
            }
        }
        return false;
    }

    /// <summary>The first line that looks like a boundary: two dashes, and a Content- header or a blank line below.</summary>
    byte[]? Guess(int from, int to)
    {
        const int window = 64 * 1024;
        var span = data.Span[from..Math.Min(to, from + window)];
        var at = 0;
        while (at < span.Length)
        {
            var line = HeaderReader.LineEnd(span, at);
            var text = span[at..line.Content].TrimEnd(" \t"u8);
            if (text.Length > 2 && text.Length < LongestBoundary && text.StartsWith("--"u8) && text.IndexOfAnyExcept((byte)'-') > 0 && line.Next < span.Length)
            {
                var below = span[line.Next..Math.Min(span.Length, line.Next + 8)];
                if (below.Length == 8 && Ascii.EqualsIgnoreCase(below, "Content-"u8))
                    return text[2..].ToArray();
            }
            at = line.Next;
        }
        return null;
    }

    static bool HasLongLine(ReadOnlySpan<byte> body, int limit)
    {
        while (body.Length > limit)
        {
            var end = body[..(limit + 1)].LastIndexOf((byte)'\n');
            if (end < 0)
                return true;
            body = body[(end + 1)..];
        }
        return false;
    }
}
