using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Amends.Mail;

/// <summary>Bytes to text, by what the mail says of itself and, where that is nothing or a lie, by looking. Never throws.</summary>
public static class Charsets
{
    const int MaxNameLength = 64;

    // Names as mail programs write them, mapped to the widest code page that reads them (as the WHATWG encoding standard does).
    static readonly FrozenDictionary<string, int> Aliases = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = 65001,
        ["utf8"] = 65001,
        ["unicode-1-1-utf-8"] = 65001,
        ["utf-8n"] = 65001,
        ["x-unicode20utf8"] = 65001,
        ["us-ascii"] = 20127,
        ["ascii"] = 20127,
        ["ansi_x3.4-1968"] = 20127,
        ["iso646-us"] = 20127,
        ["646"] = 20127,
        ["us"] = 20127,
        ["iso-8859-1"] = 1252,
        ["iso8859-1"] = 1252,
        ["iso_8859-1"] = 1252,
        ["latin1"] = 1252,
        ["latin-1"] = 1252,
        ["l1"] = 1252,
        ["8859-1"] = 1252,
        ["iso-8859-9"] = 1254,
        ["iso8859-9"] = 1254,
        ["latin5"] = 1254,
        ["iso-8859-11"] = 874,
        ["tis-620"] = 874,
        ["iso-8859-15"] = 28605,
        ["iso-8859-8-i"] = 28598,
        ["iso-8859-8-e"] = 28598,
        ["iso-8859-6-i"] = 28596,
        ["iso-8859-6-e"] = 28596,
        ["iso-8859-10"] = 1257,
        ["iso-8859-14"] = 1252,
        ["iso-8859-16"] = 28592,
        ["latin-9"] = 28605,
        ["latin9"] = 28605,
        ["gb2312"] = 54936,
        ["gbk"] = 54936,
        ["gb18030"] = 54936,
        ["gb-18030"] = 54936,
        ["x-gbk"] = 54936,
        ["cp936"] = 54936,
        ["ms936"] = 54936,
        ["gb_2312-80"] = 54936,
        ["euc-cn"] = 54936,
        ["csgb2312"] = 54936,
        ["chinese"] = 54936,
        ["hz-gb-2312"] = 52936,
        ["hz"] = 52936,
        ["big5"] = 950,
        ["big-5"] = 950,
        ["big5-hkscs"] = 950,
        ["cn-big5"] = 950,
        ["x-x-big5"] = 950,
        ["csbig5"] = 950,
        ["shift_jis"] = 932,
        ["shift-jis"] = 932,
        ["sjis"] = 932,
        ["x-sjis"] = 932,
        ["ms_kanji"] = 932,
        ["cp932"] = 932,
        ["windows-31j"] = 932,
        ["ms932"] = 932,
        ["euc-jp"] = 51932,
        ["x-euc-jp"] = 51932,
        ["eucjp"] = 51932,
        ["x-euc"] = 51932,
        ["iso-2022-jp"] = 50220,
        ["csiso2022jp"] = 50220,
        ["iso-2022-jp-1"] = 50220,
        ["iso-2022-jp-2"] = 50220,
        ["iso-2022-jp-3"] = 50220,
        ["iso-2022-jp-ms"] = 50220,
        ["cp50220"] = 50220,
        ["euc-kr"] = 949,
        ["ks_c_5601-1987"] = 949,
        ["ks_c_5601"] = 949,
        ["ksc5601"] = 949,
        ["ksc_5601"] = 949,
        ["korean"] = 949,
        ["uhc"] = 949,
        ["cp949"] = 949,
        ["iso-2022-kr"] = 50225,
        ["koi8-r"] = 20866,
        ["koi8"] = 20866,
        ["koi8-u"] = 21866,
        ["koi8-ru"] = 21866,
        ["macintosh"] = 10000,
        ["mac"] = 10000,
        ["x-mac-roman"] = 10000,
        ["x-mac-cyrillic"] = 10007,
        ["utf-16"] = 1200,
        ["utf-16le"] = 1200,
        ["utf-16be"] = 1201,
        ["unicode"] = 1200,
        ["ucs-2"] = 1200,
        ["utf-32"] = 12000,
        ["utf-32le"] = 12000,
        ["utf-32be"] = 12001,
        ["utf-7"] = 65000,
        ["utf7"] = 65000,
        ["unicode-1-1-utf-7"] = 65000,
        ["x-unicode-2-0-utf-7"] = 65000,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    static readonly ConcurrentDictionary<int, Encoding> ByPage = new();

    static readonly Encoding Windows1252 = ByCodePage(1252)!;

    /// <summary>The encoding of a name or alias, or null when nobody knows it. UTF-7 is not an <see cref="Encoding"/> here; use <see cref="Decode"/>.</summary>
    public static Encoding? Find(string? name) => PageOf(name) is int page and not Utf7Page ? ByCodePage(page) : null;

    const int Utf7Page = 65000;

    /// <summary>Text of bytes. The declared charset is believed unless the bytes prove it wrong; without one the bytes are looked at.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="charset">The declared name, or null.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.IsEmpty)
            return "";
        if (bytes[0] == 0xEF && bytes.StartsWith(Encoding.UTF8.Preamble))
            return Encoding.UTF8.GetString(bytes[3..]);
        var page = PageOf(charset);
        if (IsPlainAscii(bytes, page))
            return Encoding.Latin1.GetString(bytes);
        if (page is 1200 or 1201 or 12000 or 12001)
            return Wide(bytes, page.Value);
        if (bytes.Length >= 2 && bytes.Length % 2 == 0 && page is null or 20127 or 65001 or 1252)
        {
            if (bytes is [0xFF, 0xFE, ..])
                return Encoding.Unicode.GetString(bytes[2..]);
            if (bytes is [0xFE, 0xFF, ..])
                return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        }
        if (page == Utf7Page)
            return Utf7.Decode(bytes);
        if (Ascii.IsValid(bytes))
        {
            if (page is 50220 or 50225 or 52936 or 50221 or 50222)
                return ByCodePage(page.Value) is { } escaped ? Once(escaped, bytes) : Encoding.Latin1.GetString(bytes);
            // Undeclared or mislabelled ISO-2022-JP shows by its escapes; nothing else uses them.
            if (bytes.IndexOf("\u001b$"u8) >= 0 && page is null or 20127 or 65001 or 1252 or 932 or 51932)
                return ByCodePage(50220)?.GetString(bytes) ?? Encoding.Latin1.GetString(bytes);
            return Encoding.Latin1.GetString(bytes);
        }
        switch (page)
        {
            case null or 20127:
                return Guess(bytes);
            case 65001:
                return Utf8.IsValid(bytes) || MostlyUtf8(bytes) ? Encoding.UTF8.GetString(bytes) : Windows1252.GetString(bytes);
            case 1252 or 28605 or 28591:
                // Western declarations are the default that programs write without looking; valid UTF-8 with 8-bit bytes is no accident.
                return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : ByCodePage(page.Value)!.GetString(bytes);
            default:
                return ByCodePage(page.Value) is { } encoding ? Once(encoding, bytes) : Guess(bytes);
        }
    }

    /// <summary>Text of a raw header value. The body's charset is a hint for bytes that are not ASCII, and no more: an address may have a plus, which UTF-7 would read as a beginning. No line end and no NUL comes out, whatever the charset makes of the bytes.</summary>
    internal static string DecodeHeader(ReadOnlySpan<byte> bytes, string? charset)
    {
        var text = Decode(bytes, PageOf(charset) is Utf7Page or 1200 or 1201 or 12000 or 12001 ? null : charset);
        return text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? text : text.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
    }

    /// <summary>True when the bytes are ASCII and mean that in this code page: no escapes, and none of the pages that hide characters in ASCII.</summary>
    static bool IsPlainAscii(ReadOnlySpan<byte> bytes, int? page) =>
        page is null or 65001 or 20127 or 1252 or 28605 && Ascii.IsValid(bytes) && bytes.IndexOf((byte)0x1B) < 0;

    /// <summary>As <see cref="Decode"/>, with all line ends as \n.</summary>
    internal static string DecodeLines(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.IsEmpty)
            return "";
        var returns = bytes.Count((byte)'\r');
        if (returns == 0)
            return Decode(bytes, charset);
        var page = PageOf(charset);
        if (IsPlainAscii(bytes, page))
        {
            // Each CR becomes \n or goes, where \n follows.
            var length = bytes.Length - PairsOf(bytes);
            return string.Create(length, bytes, static (into, from) =>
            {
                while (true)
                {
                    var cr = from.IndexOf((byte)'\r');
                    var run = cr < 0 ? from : from[..cr];
                    Encoding.Latin1.GetChars(run, into);
                    if (cr < 0)
                        return;
                    into[cr] = '\n';
                    into = into[(cr + 1)..];
                    from = from[(cr + (cr + 1 < from.Length && from[cr + 1] == '\n' ? 2 : 1))..];
                }
            });
        }
        if (bytes[0] == 0xEF && bytes.StartsWith(Encoding.UTF8.Preamble))
            return OneLineEnd(Encoding.UTF8.GetString(bytes[3..]));
        if (page is null or 65001 or 1252 or 20127 && bytes[0] < 0xFE && Utf8.IsValid(bytes) && bytes.IndexOf((byte)0x1B) < 0)
        {
            var chars = ArrayPool<char>.Shared.Rent(bytes.Length);
            var count = WithOneLineEnd(chars.AsSpan(0, Encoding.UTF8.GetChars(bytes, chars)));
            var text = new string(chars, 0, count);
            ArrayPool<char>.Shared.Return(chars);
            return text;
        }
        return OneLineEnd(Decode(bytes, charset));
    }

    // GetString walks over the bytes twice; the old multi-byte pages are slow enough once.
    static string Once(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var chars = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(bytes.Length));
        var text = new string(chars, 0, encoding.GetChars(bytes, chars));
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }

    static int PairsOf(ReadOnlySpan<byte> bytes)
    {
        var pairs = 0;
        while (true)
        {
            var at = bytes.IndexOf((byte)'\r');
            if (at < 0 || at + 1 >= bytes.Length)
                return pairs;
            pairs += bytes[at + 1] == '\n' ? 1 : 0;
            bytes = bytes[(at + 1)..];
        }
    }

    static string OneLineEnd(string text)
    {
        if (!text.Contains('\r', StringComparison.Ordinal))
            return text;
        var chars = ArrayPool<char>.Shared.Rent(text.Length);
        text.CopyTo(chars);
        var result = new string(chars, 0, WithOneLineEnd(chars.AsSpan(0, text.Length)));
        ArrayPool<char>.Shared.Return(chars);
        return result;
    }

    /// <summary>Moves the text together in its place; returns how long it is then.</summary>
    static int WithOneLineEnd(Span<char> text)
    {
        var length = text.IndexOf('\r');
        if (length < 0)
            return text.Length;
        var from = length;
        while (true)
        {
            text[length++] = '\n';
            from += from + 1 < text.Length && text[from + 1] == '\n' ? 2 : 1;
            var run = text[from..].IndexOf('\r');
            var piece = run < 0 ? text[from..] : text.Slice(from, run);
            piece.CopyTo(text[length..]);
            length += piece.Length;
            from += piece.Length;
            if (run < 0)
                return length;
        }
    }

    /// <summary>Text of bytes that declare nothing: UTF-8 where it is valid or nearly, else Windows-1252.</summary>
    public static string Guess(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
            return Encoding.Latin1.GetString(bytes);
        if (Utf8.IsValid(bytes) || MostlyUtf8(bytes))
            return Encoding.UTF8.GetString(bytes);
        var (shift, gb, euc) = (Score(bytes, IsShiftJisPair), Score(bytes, IsGbPair), Score(bytes, IsEucJpPair));
        // Only a text that is nearly all pairs is taken as East Asian: a western one has single bytes between letters.
        if (euc.Kana > 2 && euc.Bad == 0)
            return ByCodePage(51932)!.GetString(bytes);
        if (shift.Kana > 2 && shift.Bad == 0)
            return ByCodePage(932)!.GetString(bytes);
        if (gb.Pairs > 3 && gb.Bad == 0 && gb.Runs)
            return ByCodePage(54936)!.GetString(bytes);
        return Windows1252.GetString(bytes);
    }

    readonly record struct PairScore(int Pairs, int Kana, int Bad, bool Runs);

    static PairScore Score(ReadOnlySpan<byte> bytes, Func<byte, byte, int> pair)
    {
        bytes = bytes[..Math.Min(bytes.Length, 4096)];
        int pairs = 0, kana = 0, bad = 0, run = 0, longest = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
            {
                run = 0;
                continue;
            }
            if (i + 1 >= bytes.Length)
                break;
            var kind = pair(bytes[i], bytes[i + 1]);
            if (kind == 0)
            {
                bad++;
                run = 0;
                continue;
            }
            pairs++;
            kana += kind == 2 ? 1 : 0;
            longest = Math.Max(longest, ++run);
            i++;
        }
        return new(pairs, kana, bad, longest >= 4);
    }

    static int IsShiftJisPair(byte a, byte b) =>
        a is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC) && b is (>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFC)
            ? a == 0x82 && b >= 0x9F || a == 0x83 && b <= 0x96 ? 2 : 1
            : 0;

    static int IsEucJpPair(byte a, byte b) => a is >= 0xA1 and <= 0xFE && b is >= 0xA1 and <= 0xFE ? a is 0xA4 or 0xA5 && b <= 0xF6 ? 2 : 1 : 0;

    static int IsGbPair(byte a, byte b) => a is >= 0xA1 and <= 0xF7 && b is >= 0xA1 and <= 0xFE ? 1 : 0;

    static string Wide(ReadOnlySpan<byte> bytes, int page)
    {
        // Short ASCII under a UTF-16 name is a lie that occurs.
        if (bytes.IndexOf((byte)0) < 0 && Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        if (bytes is [0xFE, 0xFF, ..] && page is 1200 or 1201)
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        if (bytes is [0xFF, 0xFE, ..] && page is 1200 or 1201)
            return Encoding.Unicode.GetString(bytes[2..]);
        return ByCodePage(page)!.GetString(bytes);
    }

    /// <summary>True when a text is UTF-8 but for a few broken places (cut in the middle of a character, a stray byte).</summary>
    static bool MostlyUtf8(ReadOnlySpan<byte> bytes)
    {
        int good = 0, bad = 0;
        while (!bytes.IsEmpty)
        {
            var ascii = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                break;
            bytes = bytes[ascii..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var used) == OperationStatus.Done)
                good++;
            else
                bad++;
            bytes = bytes[Math.Max(used, 1)..];
        }
        return good > 3 * bad || good > 0 && bad <= 1;
    }

    static int? PageOf(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength)
            return null;
        if (name is "utf-8" or "UTF-8")
            return 65001;
        if (name is "us-ascii" or "US-ASCII")
            return 20127;
        if (name is "iso-8859-1" or "ISO-8859-1")
            return 1252;
        var bare = name.AsSpan().Trim(" \t\"'<>;,");
        var end = bare.IndexOfAny(" \t(;*");
        if (end >= 0)
            bare = bare[..end];
        if (bare.IsEmpty)
            return null;
        if (Aliases.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(bare, out var page))
            return page;
        if (Learnt.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(bare, out page))
            return page == 0 ? null : page;
        var found = Search(bare);
        // Names come from outside: what is kept of them has a bound.
        if (Learnt.Count < 1_000)
            Learnt.TryAdd(bare.ToString(), found ?? 0);
        return found;
    }

    static readonly ConcurrentDictionary<string, int> Learnt = new(StringComparer.OrdinalIgnoreCase);

    static int? Search(ReadOnlySpan<char> bare)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["windows-", "cp-", "cp", "x-cp", "ms", "ibm-", "ibm", "x-windows-", "win-", "win", "codepage-", "dos-"])
        {
            if (bare.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(bare[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                && ByCodePage(page) is not null)
                return page;
        }
        if (bare.StartsWith("iso8859-", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("iso_8859-", StringComparison.OrdinalIgnoreCase))
            return PageOf(string.Concat("iso-8859-", bare[(bare.IndexOf('-') + 1)..]));
        return Named(bare.ToString())?.CodePage;
    }

    static Encoding? Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    static Encoding? ByCodePage(int page)
    {
        if (ByPage.TryGetValue(page, out var known))
            return known;
        // Pages that .NET knows but refuses (UTF-7) or that nobody has.
        if (page is <= 0 or > 65535 or Utf7Page)
            return null;
        try
        {
            var found = CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);
            return ByPage.GetOrAdd(page, found);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
