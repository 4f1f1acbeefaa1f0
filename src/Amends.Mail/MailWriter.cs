using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Amends.Mail;

/// <summary>Writes a draft: folded headers (RFC 5322), 2047 and 2231 where needed, bodies wrapped by what is in them.</summary>
static class MailWriter
{
    const int Fold = 76;

    static readonly UTF8Encoding Utf8 = new(false);

    public static byte[] Write(MailDraft draft)
    {
        using var stream = new MemoryStream();
        var head = new StringBuilder();
        Addresses(head, "From", [draft.From!]);
        if (draft.Sender is not null)
            Addresses(head, "Sender", [draft.Sender]);
        Addresses(head, "Reply-To", draft.ReplyToAddresses);
        Addresses(head, "To", draft.To);
        Addresses(head, "Cc", draft.Cc);
        if (draft.To.Count == 0 && draft.Cc.Count == 0)
            head.Append("To: undisclosed-recipients:;\r\n");
        Unstructured(head, "Subject", draft.Subject);
        head.Append("Date: ").Append(MailDates.Format(draft.Date!.Value)).Append("\r\n");
        head.Append("Message-ID: <").Append(draft.MessageId).Append(">\r\n");
        Ids(head, "In-Reply-To", draft.InReplyTo is null ? [] : [draft.InReplyTo]);
        Ids(head, "References", draft.References);
        if (draft.AutoSubmitted is not null)
            Unstructured(head, "Auto-Submitted", draft.AutoSubmitted);
        if (draft.ListUnsubscribe is { } leave)
        {
            head.Append("List-Unsubscribe: <").Append(leave.AbsoluteUri).Append(">\r\n");
            if (draft.OneClickUnsubscribe && leave.Scheme == "https")
                head.Append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        }
        foreach (var (name, value) in draft.Headers)
            Unstructured(head, name, value);
        head.Append("MIME-Version: 1.0\r\n");
        stream.Write(Utf8.GetBytes(head.ToString()));

        var inline = draft.Files.Where(f => f.ContentId is not null && draft.Html is not null).ToList();
        var attached = draft.Files.Except(inline).ToList();
        Node body = draft switch
        {
            { Html: null } => new TextNode("plain", draft.Text ?? "", draft.Flowed),
            { Text: null } => HtmlNode(draft, inline),
            _ => new MultiNode("alternative", [new TextNode("plain", draft.Text, draft.Flowed), HtmlNode(draft, inline)]),
        };
        if (attached.Count > 0)
        {
            List<Node> parts = draft.Html is null && draft.Text is null ? [] : [body];
            body = new MultiNode("mixed", [.. parts, .. attached.Select(f => new FileNode(f))]);
        }
        body.Write(stream, last: true);
        return stream.ToArray();
    }

    static Node HtmlNode(MailDraft draft, List<DraftFile> inline)
    {
        var html = new TextNode("html", draft.Html!);
        return inline.Count == 0 ? html : new MultiNode("related", [html, .. inline.Select(f => new FileNode(f))]) { Parameters = "; type=\"text/html\"" };
    }

    abstract class Node
    {
        public abstract void Write(Stream into, bool last);

        protected static void Ascii(Stream into, string text) => into.Write(Utf8.GetBytes(text));
    }

    sealed class MultiNode(string subtype, IReadOnlyList<Node> children) : Node
    {
        public string Parameters { get; init; } = "";

        public override void Write(Stream into, bool last)
        {
            // "=_" cannot occur in quoted-printable and base64; 128 random bits keep it out of the rest.
            var boundary = $"=_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
            Ascii(into, $"Content-Type: multipart/{subtype}{Parameters};\r\n boundary=\"{boundary}\"\r\n\r\n");
            foreach (var child in children)
            {
                Ascii(into, $"--{boundary}\r\n");
                child.Write(into, last: false);
                Ascii(into, "\r\n");
            }
            Ascii(into, $"--{boundary}--\r\n");
        }
    }

    sealed class TextNode(string subtype, string text, bool flowed = false) : Node
    {
        public override void Write(Stream into, bool last)
        {
            var normal = text.ReplaceLineEndings("\n");
            if (flowed)
                normal = FlowedText.Fold(normal);
            var bytes = Utf8.GetBytes(normal);
            var (encoding, wrapped) = BodyEncoding.Text(bytes);
            var charset = System.Text.Ascii.IsValid(bytes) ? "us-ascii" : "utf-8";
            Ascii(into, $"Content-Type: text/{subtype}; charset={charset}{(flowed ? "; format=flowed" : "")}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
            into.Write(wrapped);
            if (last && !(wrapped is [.., (byte)'\n']))
                Ascii(into, "\r\n");
        }
    }

    sealed class FileNode(DraftFile file) : Node
    {
        public override void Write(Stream into, bool last)
        {
            var head = new StringBuilder();
            head.Append("Content-Type: ").Append(file.MediaType);
            // Old programs read the name here, and only as encoded words.
            Parameter(head, "name", file.Name, extended: false);
            head.Append("\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: ").Append(file.ContentId is null ? "attachment" : "inline");
            Parameter(head, "filename", file.Name, extended: true);
            head.Append("\r\n");
            if (file.ContentId is not null)
                head.Append("Content-ID: <").Append(file.ContentId).Append(">\r\n");
            head.Append("\r\n");
            Ascii(into, head.ToString());
            into.Write(BodyEncoding.Base64(file.Content.Span));
        }
    }

    static void Parameter(StringBuilder head, string name, string value, bool extended)
    {
        if (System.Text.Ascii.IsValid(value) && value.Length < 60 && !value.Contains("=?", StringComparison.Ordinal))
        {
            head.Append(";\r\n ").Append(name).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
            return;
        }
        if (!extended)
        {
            head.Append(";\r\n ").Append(name).Append("=\"").AppendJoin("\r\n ", EncodedWordWriter.Words(value, name.Length + 4)).Append('"');
            return;
        }
        var encoded = new StringBuilder();
        var number = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            var one = Percent(rune);
            if (encoded.Length + one.Length + name.Length > 60)
                FlushSegment();
            encoded.Append(one);
        }
        FlushSegment();

        void FlushSegment()
        {
            if (encoded.Length == 0)
                return;
            head.Append(CultureInfo.InvariantCulture, $";\r\n {name}*{number}*={(number == 0 ? "utf-8''" : "")}{encoded}");
            number++;
            encoded.Clear();
        }

        static string Percent(Rune rune)
        {
            if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '.' or '_'))
                return rune.ToString();
            Span<byte> bytes = stackalloc byte[4];
            var text = new StringBuilder();
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            return text.ToString();
        }
    }

    static void Ids(StringBuilder head, string name, IReadOnlyList<string> ids)
    {
        if (ids.Count > 0)
            Folded(head, name, ids.Select(id => $"<{id}>"), " ");
    }

    static void Addresses(StringBuilder head, string name, IList<Mailbox> mailboxes)
    {
        if (mailboxes.Count > 0)
            Folded(head, name, mailboxes.Select(m => Address(m, name.Length + 2)), ", ");
    }

    static void Folded(StringBuilder head, string name, IEnumerable<string> items, string separator)
    {
        head.Append(name).Append(':');
        var column = name.Length + 1;
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                head.Append(separator.TrimEnd());
            var width = item.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var fold ? fold : item.Length;
            if (!first && column + width + 3 > Fold)
            {
                head.Append("\r\n ");
                column = 1;
            }
            else
            {
                head.Append(' ');
                column += 1 + separator.TrimEnd().Length;
            }
            head.Append(item);
            var lastFold = item.LastIndexOf('\n');
            column = lastFold < 0 ? column + item.Length : item.Length - lastFold;
            first = false;
        }
        head.Append("\r\n");
    }

    static string Address(Mailbox mailbox, int column)
    {
        // A domain goes out in ASCII: only then every server takes it.
        var address = mailbox.AsciiAddress;
        if (mailbox.DisplayName.Length == 0)
            return $"<{address}>";
        return $"{Phrase(mailbox.DisplayName, column)}{(mailbox.DisplayName.Length > 40 ? "\r\n " : " ")}<{address}>";
    }

    static string Phrase(string name, int column)
    {
        if (!System.Text.Ascii.IsValid(name) || name.Contains("=?", StringComparison.Ordinal) || name.Length > 60)
            return string.Join("\r\n ", EncodedWordWriter.Words(name, column));
        if (!name.Contains("  ", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '+' or '\'' or '&'))
            return name;
        return $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    static void Unstructured(StringBuilder head, string name, string value)
    {
        head.Append(name).Append(':');
        if (value.Length == 0)
        {
            head.Append("\r\n");
            return;
        }
        if (IsPlain(value))
        {
            var column = name.Length + 1;
            var rest = value.AsSpan();
            while (!rest.IsEmpty)
            {
                var blank = rest.IndexOf(' ');
                var word = blank < 0 ? rest : rest[..blank];
                if (column > name.Length + 1 && column + 1 + word.Length > Fold)
                {
                    head.Append("\r\n");
                    column = 0;
                }
                head.Append(' ').Append(word);
                column += 1 + word.Length;
                rest = blank < 0 ? default : rest[(blank + 1)..];
            }
            head.Append("\r\n");
            return;
        }
        head.Append(' ').AppendJoin("\r\n ", EncodedWordWriter.Words(value, name.Length + 2)).Append("\r\n");
    }

    // What can go out as it is and comes back the same: single blanks between words that fit a line.
    static bool IsPlain(string value)
    {
        if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || value.Contains("=?", StringComparison.Ordinal) || value.Contains("  ", StringComparison.Ordinal)
            || value[0] == ' ' || value[^1] == ' ')
            return false;
        foreach (var word in value.AsSpan().Tokenize())
        {
            if (word.Length > 500)
                return false;
        }
        return true;
    }
}

/// <summary>Text as encoded words (RFC 2047), each at most 75 long, never split within a character.</summary>
static class EncodedWordWriter
{
    const int Longest = 75;

    public static IEnumerable<string> Words(string text, int column)
    {
        // Q where most is ASCII and can be read by eye, B where it is shorter.
        var ascii = text.Count(c => char.IsAsciiLetterOrDigit(c) || c == ' ');
        var q = ascii * 2 > text.Length;
        var bytes = new List<byte>();
        var length = 0;
        var room = Math.Max(30, Longest - 12 - Math.Min(column, 30));
        var buffer = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(buffer);
            var cost = 0;
            for (var i = 0; i < count; i++)
                cost += q ? IsQPlain(buffer[i]) || buffer[i] == ' ' ? 1 : 3 : 0;
            var next = q ? length + cost : (bytes.Count + count + 2) / 3 * 4;
            if (next > room && bytes.Count > 0)
            {
                yield return Word(bytes, q);
                bytes.Clear();
                length = 0;
                room = Longest - 12 - 1;
            }
            bytes.AddRange(buffer.AsSpan(0, count));
            length += cost;
        }
        if (bytes.Count > 0)
            yield return Word(bytes, q);
    }

    // RFC 2047 section 5 (3): what may stand in a phrase.
    static bool IsQPlain(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'!' or (byte)'*' or (byte)'+' or (byte)'-' or (byte)'/';

    static string Word(List<byte> bytes, bool q)
    {
        if (!q)
            return $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";
        var text = new StringBuilder("=?utf-8?Q?");
        foreach (var b in bytes)
        {
            if (b == ' ')
                text.Append('_');
            else if (IsQPlain(b))
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"={b:X2}");
        }
        return text.Append("?=").ToString();
    }
}

/// <summary>Wraps bodies for the way: as they are when every server takes them so, else quoted-printable or base64, whichever is shorter.</summary>
static class BodyEncoding
{
    public static (string Name, byte[] Bytes) Text(byte[] lines)
    {
        if (IsSafe(lines))
            return ("7bit", WithCrLf(lines));
        var odd = 0;
        foreach (var b in lines)
        {
            if (b is >= 0x80 or (byte)'=' or < 0x20 and not (byte)'\n' and not (byte)'\t')
                odd++;
        }
        // Quoted-printable takes three bytes for an odd one; base64 four for any three.
        return odd * 6 < lines.Length || odd * 6 < 1_000 && odd * 3 < lines.Length
            ? ("quoted-printable", QuotedPrintable(lines))
            : ("base64", Base64(WithCrLf(lines)));
    }

    static bool IsSafe(ReadOnlySpan<byte> lines)
    {
        if (!Ascii.IsValid(lines))
            return false;
        while (true)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            // Blanks at line ends get lost, "From " grows a ">", long lines are cut, control characters filtered; a lone dot is the client's to stuff.
            if (line.Length > 78 || line is [.., (byte)' ' or (byte)'\t'] || line.StartsWith("From "u8) || HasControl(line))
                return false;
            if (end < 0)
                return true;
            lines = lines[(end + 1)..];
        }

        static bool HasControl(ReadOnlySpan<byte> line)
        {
            foreach (var b in line)
            {
                if (b is < 0x20 and not (byte)'\t' or 0x7F)
                    return true;
            }
            return false;
        }
    }

    static byte[] WithCrLf(ReadOnlySpan<byte> lines)
    {
        var count = lines.Count((byte)'\n');
        var result = new byte[lines.Length + count];
        var at = 0;
        foreach (var b in lines)
        {
            if (b == '\n')
                result[at++] = (byte)'\r';
            result[at++] = b;
        }
        return result;
    }

    public static byte[] Base64(ReadOnlySpan<byte> bytes)
    {
        const int perLine = 57;
        using var stream = new MemoryStream(bytes.Length / 3 * 4 + bytes.Length / perLine * 2 + 8);
        Span<byte> line = stackalloc byte[78];
        for (var at = 0; at < bytes.Length; at += perLine)
        {
            var piece = bytes.Slice(at, Math.Min(perLine, bytes.Length - at));
            System.Buffers.Text.Base64.EncodeToUtf8(piece, line, out _, out var written);
            (line[written], line[written + 1]) = ((byte)'\r', (byte)'\n');
            stream.Write(line[..(written + 2)]);
        }
        if (stream.Length >= 2)
            stream.SetLength(stream.Length - 2);
        return stream.ToArray();
    }

    static byte[] QuotedPrintable(ReadOnlySpan<byte> lines)
    {
        const int widest = 76;
        using var stream = new MemoryStream(lines.Length * 2);
        Span<byte> code = stackalloc byte[3];
        while (true)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            var column = 0;
            for (var i = 0; i < line.Length; i++)
            {
                var b = line[i];
                var lastOnLine = i == line.Length - 1;
                var plain = b is >= 33 and <= 126 and not (byte)'=' || b is (byte)' ' or (byte)'\t' && !lastOnLine;
                // "From " and a lone dot at the beginning of a line are changed by some servers.
                if (column == 0 && (b == '.' || b == 'F' && line[i..].StartsWith("From "u8)))
                    plain = false;
                var width = plain ? 1 : 3;
                if (column + width > (lastOnLine ? widest : widest - 1))
                {
                    stream.Write("=\r\n"u8);
                    column = 0;
                    if (b == '.' || b == 'F' && line[i..].StartsWith("From "u8))
                        (plain, width) = (false, 3);
                }
                if (plain)
                    stream.WriteByte(b);
                else
                {
                    (code[0], code[1], code[2]) = ((byte)'=', Digit(b >> 4), Digit(b & 15));
                    stream.Write(code);
                }
                column += width;
            }
            if (end < 0)
                return stream.ToArray();
            stream.Write("\r\n"u8);
            lines = lines[(end + 1)..];
        }

        static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
    }
}
