using System.Buffers.Binary;
using System.Text;

namespace Amends.Foundation.Web;

/// <summary>
/// What a file is, decided from its bytes alone: neither its name nor the type that a sender claims is asked.
/// </summary>
/// <param name="MediaType">One of a short list; <c>application/octet-stream</c> for all that is not on it (SVG, HTML and scripts among them).</param>
/// <param name="Inline">May be shown in a page: only a raster image with a whole header and no more than <see cref="MaxPixels"/>.</param>
/// <param name="Width">Pixels, 0 where it is no image.</param>
/// <param name="Height">Pixels, 0 where it is no image.</param>
public sealed record FileKind(string MediaType, bool Inline, int Width, int Height)
{
    /// <summary>Some 160 MB once decoded in a browser.</summary>
    public const long MaxPixels = 40_000_000;

    /// <summary>On one side.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Bytes from the start that <see cref="Of"/> wants to see: a JPEG's size may stand behind a long comment or a thumbnail.</summary>
    public const int Head = 256 * 1024;

    static readonly FileKind Unknown = new("application/octet-stream", false, 0, 0);

    /// <summary>Reads the start of a file, at best <see cref="Head"/> bytes or the whole file.</summary>
    public static FileKind Of(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A }))
            return Image("image/png", Png(start));
        if (start.StartsWith(new byte[] { 0xFF, 0xD8, 0xFF }))
            return Image("image/jpeg", Jpeg(start));
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
            return Image("image/gif", Gif(start));
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..12].SequenceEqual("WEBP"u8))
            return Image("image/webp", WebP(start));
        // Readers accept the mark within the first kilobyte; we want it in front, so that nothing is two things at once.
        if (start.StartsWith("%PDF-"u8))
            return Unknown with { MediaType = "application/pdf" };
        return IsText(start) ? Unknown with { MediaType = "text/plain; charset=utf-8" } : Unknown;
    }

    static FileKind Image(string type, (int Width, int Height)? size) => size switch
    {
        ( > 0 and <= MaxSide, > 0 and <= MaxSide) both when (long)both.Width * both.Height <= MaxPixels => new(type, true, both.Width, both.Height),
        { } known => new(type, false, Math.Max(0, known.Width), Math.Max(0, known.Height)),
        // The mark is right and what follows is not: not an image that we know.
        null => Unknown,
    };

    // ISO/IEC 15948: IHDR comes first and has 13 bytes.
    static (int, int)? Png(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33 || BinaryPrimitives.ReadUInt32BigEndian(file[8..]) != 13 || !file[12..16].SequenceEqual("IHDR"u8))
            return null;
        var depth = file[24];
        var sane = file[25] switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return sane && file[26] == 0 && file[27] == 0 && file[28] <= 1
            ? (Side(BinaryPrimitives.ReadUInt32BigEndian(file[16..])), Side(BinaryPrimitives.ReadUInt32BigEndian(file[20..])))
            : null;
    }

    // ITU T.81: segments with their length, until the frame header.
    static (int, int)? Jpeg(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF)
                return null;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD9))
                return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2)
                return null;
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
                return length >= 8 && at + 9 <= file.Length
                    ? (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]))
                    : null;
            at += 2 + length;
        }
        return null;
    }

    static (int, int)? Gif(ReadOnlySpan<byte> file) =>
        file.Length >= 13 ? (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])) : null;

    // RFC 9649: one of three first chunks.
    static (int, int)? WebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30)
            return null;
        var chunk = file[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
            return (1 + UInt24(file[24..]), 1 + UInt24(file[27..]));
        if (chunk.SequenceEqual("VP8L"u8) && file[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        if (chunk.SequenceEqual("VP8 "u8) && file[23] == 0x9D && file[24] == 0x01 && file[25] == 0x2A)
            return (BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF);
        return null;
    }

    static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;

    static int Side(uint value) => value > int.MaxValue ? int.MaxValue : (int)value;

    // UTF-8 without control characters; the last character may be cut by the end of what we were given.
    static bool IsText(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            return false;
        while (!file.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(file, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                return file.Length < 4;
            if (status != System.Buffers.OperationStatus.Done || (rune.Value < 0x20 && rune.Value is not ('\t' or '\n' or '\r' or '\f')) || rune.Value == 0x7F)
                return false;
            file = file[used..];
        }
        return true;
    }
}
