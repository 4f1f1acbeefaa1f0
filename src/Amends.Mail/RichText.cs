using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Amends.Mail;

/// <summary>Rich text as Outlook sends it: compressed (MS-OXRTFCP), and often HTML in disguise (MS-OXRTFEX). Linear; never throws.</summary>
static class RichText
{
    const int MostBytes = 16 * 1024 * 1024, MostDepth = 500;

    // What every compressed text begins with in the dictionary (MS-OXRTFCP section 2.1.2.1).
    static readonly byte[] Beginning = Encoding.ASCII.GetBytes(
        "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx");

    /// <summary>The bytes of the rich text, or null when they are none.</summary>
    public static byte[]? Decompress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            return null;
        var size = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), MostBytes);
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        bytes = bytes[16..];
        // "MELA": not compressed.
        if (kind == 0x414C454D)
            return bytes[..Math.Min(size, bytes.Length)].ToArray();
        // "LZFu".
        if (kind != 0x75465A4C)
            return null;
        // A run of two bytes gives at most 17: a lying size does not allocate more than that.
        var result = new byte[Math.Min(size, bytes.Length * 9L + 64)];
        var window = new byte[4096];
        Beginning.CopyTo(window, 0);
        int write = Beginning.Length, at = 0, made = 0;
        while (at < bytes.Length && made < result.Length)
        {
            var control = bytes[at++];
            for (var bit = 0; bit < 8 && made < result.Length; bit++)
            {
                if ((control & (1 << bit)) == 0)
                {
                    if (at >= bytes.Length)
                        return result[..made];
                    Put(bytes[at++]);
                    continue;
                }
                if (at + 1 >= bytes.Length)
                    return result[..made];
                var reference = (bytes[at] << 8) | bytes[at + 1];
                at += 2;
                int from = reference >> 4, length = (reference & 15) + 2;
                if (from == write)
                    return result[..made];
                for (var i = 0; i < length && made < result.Length; i++)
                    Put(window[(from + i) & 4095]);
            }
        }
        return result[..made];

        void Put(byte b)
        {
            result[made++] = b;
            window[write] = b;
            write = (write + 1) & 4095;
        }
    }

    static readonly HashSet<string> Skipped = ["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "listtable", "listoverridetable", "themedata", "datastore", "latentstyles", "fldinst", "xmlnstbl", "generator", "rsidtbl"];

    readonly record struct Group(bool Skip, bool Tag, bool Hidden, int Unicode);

    /// <summary>The text of rich text; when it was HTML before (\fromhtml1) that HTML, and true.</summary>
    public static (string Text, bool IsHtml) Read(ReadOnlySpan<byte> rtf)
    {
        var isHtml = rtf[..Math.Min(rtf.Length, 1_000)].IndexOf("\\fromhtml1"u8) >= 0;
        var text = new StringBuilder(rtf.Length / 2);
        var raw = new List<byte>();
        var groups = new Stack<Group>();
        var now = new Group(false, false, false, 1);
        string? page = null;
        int at = 0, unread = 0, tooDeep = 0;
        while (at < rtf.Length)
        {
            var c = rtf[at];
            switch (c)
            {
                case (byte)'{':
                    at++;
                    if (groups.Count >= MostDepth)
                        tooDeep++;
                    else
                        groups.Push(now);
                    // {\*\htmltag64 <b>}: what stands in it is HTML; any other {\*\word} may be left out.
                    if (rtf[at..].StartsWith("\\*\\"u8))
                    {
                        var tag = rtf[at..].StartsWith("\\*\\htmltag"u8);
                        now = now with { Skip = !tag, Tag = tag };
                        at += tag ? 10 : 2;
                        while (tag && at < rtf.Length && char.IsAsciiDigit((char)rtf[at]))
                            at++;
                        if (tag && at < rtf.Length && rtf[at] == ' ')
                            at++;
                    }
                    continue;
                case (byte)'}':
                    at++;
                    if (tooDeep > 0)
                        tooDeep--;
                    else if (groups.TryPop(out var outer))
                        now = outer;
                    continue;
                case (byte)'\r' or (byte)'\n':
                    at++;
                    continue;
                case (byte)'\\':
                    at++;
                    if (at >= rtf.Length)
                        break;
                    Control(rtf);
                    continue;
                default:
                    at++;
                    Byte(c);
                    continue;
            }
            break;
        }
        Flush();
        return (isHtml ? text.ToString() : text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Trim('\n'), isHtml);

        void Control(ReadOnlySpan<byte> rtf)
        {
            var c = rtf[at];
            if (c == '\'' && at + 2 < rtf.Length && TransferDecoding.Hex(rtf[at + 1]) is >= 0 and var high && TransferDecoding.Hex(rtf[at + 2]) is >= 0 and var low)
            {
                at += 3;
                Byte((byte)((high << 4) | low));
                return;
            }
            if (!char.IsAsciiLetter((char)c))
            {
                at++;
                if (c is (byte)'\\' or (byte)'{' or (byte)'}')
                    Byte(c);
                else if (c == '~')
                    Say("\u00A0");
                else if (c is (byte)'\r' or (byte)'\n')
                    Say("\n");
                return;
            }
            var start = at;
            while (at < rtf.Length && char.IsAsciiLetter((char)rtf[at]) && at - start < 32)
                at++;
            var word = Encoding.ASCII.GetString(rtf[start..at]);
            var number = at;
            if (number < rtf.Length && rtf[number] == '-')
                number++;
            var digits = number;
            while (number < rtf.Length && char.IsAsciiDigit((char)rtf[number]) && number - digits < 9)
                number++;
            int? value = number > digits && int.TryParse(rtf[at..number], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;
            if (value is not null)
                at = number;
            if (at < rtf.Length && rtf[at] == ' ')
                at++;
            switch (word)
            {
                case "ansicpg" when value is > 0:
                    page = $"cp{value}";
                    break;
                case "uc":
                    now = now with { Unicode = Math.Clamp(value ?? 1, 0, 100) };
                    break;
                case "u" when value is int unit:
                    Say(((char)(ushort)unit).ToString());
                    unread = now.Unicode;
                    break;
                case "par" or "line" or "sect" or "page":
                    Say(isHtml ? "\r\n" : "\n");
                    break;
                case "tab":
                    Say("\t");
                    break;
                case "cell":
                    Say("\t");
                    break;
                case "row":
                    Say("\n");
                    break;
                case "lquote":
                    Say("\u2018");
                    break;
                case "rquote":
                    Say("\u2019");
                    break;
                case "ldblquote":
                    Say("\u201C");
                    break;
                case "rdblquote":
                    Say("\u201D");
                    break;
                case "bullet":
                    Say("\u2022");
                    break;
                case "endash":
                    Say("\u2013");
                    break;
                case "emdash":
                    Say("\u2014");
                    break;
                case "htmlrtf":
                    Flush();
                    now = now with { Hidden = value != 0 };
                    break;
                case "bin" when value is > 0:
                    at = (int)Math.Min(rtf.Length, at + (long)value.Value);
                    break;
                default:
                    if (Skipped.Contains(word) && !now.Tag)
                        now = now with { Skip = true };
                    break;
            }
        }

        bool Silent() => now.Skip || isHtml && now.Hidden && !now.Tag;

        void Say(string what)
        {
            unread = 0;
            if (Silent())
                return;
            Flush();
            text.Append(what);
        }

        void Byte(byte b)
        {
            if (unread > 0)
            {
                // The stand-in for readers that know no Unicode.
                unread--;
                return;
            }
            if (!Silent())
                raw.Add(b);
        }

        void Flush()
        {
            if (raw.Count == 0)
                return;
            text.Append(Charsets.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(raw), page ?? "cp1252"));
            raw.Clear();
        }
    }
}
