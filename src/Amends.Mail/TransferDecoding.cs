using System.Buffers;
using System.Buffers.Text;

namespace Amends.Mail;

/// <summary>How the bytes of a part are wrapped for the way (RFC 2045 section 6).</summary>
public enum TransferEncoding
{
    /// <summary>As they are, 7 bit.</summary>
    SevenBit,
    /// <summary>As they are, 8 bit.</summary>
    EightBit,
    /// <summary>As they are, without lines.</summary>
    Binary,
    /// <summary>Quoted-printable.</summary>
    QuotedPrintable,
    /// <summary>Base64.</summary>
    Base64,
    /// <summary>Uuencode.</summary>
    Uuencode,
    /// <summary>A name nobody knows; taken as it is.</summary>
    Unknown,
}

/// <summary>Unwraps base64, quoted-printable and uuencode as they really come. Never throws; linear.</summary>
public static class TransferDecoding
{
    /// <summary>The encoding of a header's value; null or empty is 7 bit.</summary>
    public static TransferEncoding Parse(string? value)
    {
        var name = value.AsSpan().Trim(" \t\"';");
        var end = name.IndexOfAny(" \t;(");
        if (end > 0)
            name = name[..end];
        return name switch
        {
            [] => TransferEncoding.SevenBit,
            _ when Is(name, "7bit") || Is(name, "7-bit") || Is(name, "7bits") || Is(name, "plain") || Is(name, "none") || Is(name, "us-ascii") => TransferEncoding.SevenBit,
            _ when Is(name, "8bit") || Is(name, "8-bit") || Is(name, "8bits") => TransferEncoding.EightBit,
            _ when Is(name, "binary") => TransferEncoding.Binary,
            _ when Is(name, "base64") || Is(name, "base-64") || Is(name, "x-base64") => TransferEncoding.Base64,
            _ when Is(name, "quoted-printable") || Is(name, "quotedprintable") || Is(name, "quoted-printeable") || Is(name, "quoted_printable") => TransferEncoding.QuotedPrintable,
            _ when Is(name, "x-uuencode") || Is(name, "uuencode") || Is(name, "x-uue") || Is(name, "uue") => TransferEncoding.Uuencode,
            _ => TransferEncoding.Unknown,
        };

        static bool Is(ReadOnlySpan<char> a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The encoding a header says; most say it in a few letters, for which no string is made.</summary>
    internal static TransferEncoding Of(MailHeader? header)
    {
        if (header is null)
            return TransferEncoding.SevenBit;
        var raw = header.Raw.Span.Trim(" \t"u8);
        if (System.Text.Ascii.EqualsIgnoreCase(raw, "7bit"u8))
            return TransferEncoding.SevenBit;
        if (System.Text.Ascii.EqualsIgnoreCase(raw, "quoted-printable"u8))
            return TransferEncoding.QuotedPrintable;
        if (System.Text.Ascii.EqualsIgnoreCase(raw, "base64"u8))
            return TransferEncoding.Base64;
        return System.Text.Ascii.EqualsIgnoreCase(raw, "8bit"u8) ? TransferEncoding.EightBit : Parse(header.Text);
    }

    /// <summary>The unwrapped bytes. Where nothing is wrapped, the same memory comes back without a copy.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> raw, TransferEncoding encoding) => encoding switch
    {
        TransferEncoding.Base64 => Base64Bytes(raw.Span),
        TransferEncoding.QuotedPrintable => QuotedPrintable(raw.Span),
        TransferEncoding.Uuencode => Uuencode(raw.Span),
        _ => raw,
    };

    internal static int SixBits(int c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        _ => -1,
    };

    /// <summary>Base64 with whatever lies between: line rubbish is skipped, missing padding is nothing, a second block may follow the first.</summary>
    public static ReadOnlyMemory<byte> Base64Bytes(ReadOnlySpan<byte> raw)
    {
        var result = GC.AllocateUninitializedArray<byte>(raw.Length / 4 * 3 + 3);
        return result.AsMemory(0, Base64Bytes(raw, result));
    }

    /// <summary>As above, into a span of at least three quarters of the length and 3; returns how many bytes were written.</summary>
    internal static int Base64Bytes(ReadOnlySpan<byte> raw, Span<byte> result)
    {
        int written = 0, bits = 0, value = 0;
        var padded = false;
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOf((byte)'\n');
            var line = end < 0 ? raw : raw[..end];
            raw = end < 0 ? default : raw[(end + 1)..];
            line = line.TrimEnd(" \t\r"u8);
            // Whole clean lines go through the vectorised decoder.
            if (bits == 0 && line.Length % 4 == 0 && !line.IsEmpty
                && Base64.DecodeFromUtf8(line, result[written..], out _, out var fast) == OperationStatus.Done)
            {
                written += fast;
                padded = line[^1] == '=';
                continue;
            }
            // A footer that some list server added after the end.
            if (padded && line.IndexOfAnyExcept(Alphabet) >= 0)
                continue;
            foreach (var c in line)
            {
                if (c == '=')
                {
                    (bits, value, padded) = (0, 0, true);
                    continue;
                }
                var six = SixBits(c);
                if (six < 0)
                    continue;
                padded = false;
                value = (value << 6) | six;
                bits += 6;
                if (bits >= 8)
                {
                    bits -= 8;
                    result[written++] = (byte)(value >> bits);
                    value &= (1 << bits) - 1;
                }
            }
        }
        return written;
    }

    static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Quoted-printable: soft breaks with blanks behind them or at the very end, hex of either case; a bare "=" stays itself.</summary>
    public static ReadOnlyMemory<byte> QuotedPrintable(ReadOnlySpan<byte> raw)
    {
        var result = GC.AllocateUninitializedArray<byte>(raw.Length);
        return result.AsMemory(0, QuotedPrintable(raw, result));
    }

    /// <summary>As above, into a span at least as long; returns how many bytes were written.</summary>
    internal static int QuotedPrintable(ReadOnlySpan<byte> raw, Span<byte> result)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOf((byte)'\n');
            var line = end < 0 ? raw : raw[..(end + 1)];
            raw = raw[line.Length..];
            var ending = line.EndsWith("\r\n"u8) ? 2 : end < 0 ? 0 : 1;
            var content = line[..^ending].TrimEnd(" \t\r"u8);
            var soft = false;
            while (!content.IsEmpty)
            {
                var equals = content.IndexOf((byte)'=');
                if (equals < 0)
                {
                    content.CopyTo(result[written..]);
                    written += content.Length;
                    break;
                }
                content[..equals].CopyTo(result[written..]);
                written += equals;
                content = content[(equals + 1)..];
                if (content.IsEmpty)
                    soft = true;
                else if (content.Length >= 2 && Hex(content[0]) is >= 0 and var high && Hex(content[1]) is >= 0 and var low)
                {
                    result[written++] = (byte)((high << 4) | low);
                    content = content[2..];
                }
                else
                    result[written++] = (byte)'=';
            }
            if (!soft)
            {
                line[^ending..].CopyTo(result[written..]);
                written += ending;
            }
        }
        return written;
    }

    internal static int Hex(int c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'F' => c - 'A' + 10,
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };

    /// <summary>The first uuencoded file of a text, or the text itself when there is none.</summary>
    public static ReadOnlyMemory<byte> Uuencode(ReadOnlySpan<byte> raw)
    {
        var result = GC.AllocateUninitializedArray<byte>(raw.Length);
        var written = 0;
        var inside = false;
        var rest = raw;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = line.TrimEnd("\r"u8);
            if (!inside)
            {
                inside = IsUuBegin(line);
                continue;
            }
            if (line.SequenceEqual("end"u8) || line.IsEmpty)
                break;
            var count = (line[0] - 32) & 63;
            if (count == 0)
                continue;
            line = line[1..];
            for (var i = 0; i < line.Length && count > 0; i += 4)
            {
                var value = 0;
                for (var j = 0; j < 4; j++)
                    value = (value << 6) | (i + j < line.Length ? (line[i + j] - 32) & 63 : 0);
                for (var j = 16; j >= 0 && count > 0; j -= 8, count--)
                    result[written++] = (byte)(value >> j);
            }
        }
        return inside ? result.AsMemory(0, written) : raw.ToArray();
    }

    internal static bool IsUuBegin(ReadOnlySpan<byte> line) =>
        line.Length > 10 && line.StartsWith("begin "u8) && line[6..9].IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0
        && (line[9] == ' ' || line.Length > 11 && line[9] is >= (byte)'0' and <= (byte)'7' && line[10] == ' ');
}
