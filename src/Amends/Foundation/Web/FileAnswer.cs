using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amends.Foundation.Web;

/// <summary>How a stored file leaves the house: the headers that keep it from being anything but data, and a name that no system trips over.</summary>
public static class FileAnswer
{
    /// <summary>Bytes of UTF-8; most file systems take 255, and some programs add to it.</summary>
    public const int MaxNameBytes = 150;

    static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>
    /// Sets type, disposition (RFC 6266) and the guards of an answer that carries a file. Without <paramref name="show"/>, or where the kind may not be
    /// shown, the file is an attachment. <paramref name="embedded"/> is for a picture behind a short-lived signed link inside the mail viewer: its
    /// document has no origin, so <c>same-origin</c> would keep the picture from it.
    /// </summary>
    public static void Guard(IHeaderDictionary headers, FileKind kind, string name, bool show, bool embedded = false)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(kind);
        var inline = show && kind.Inline;
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(SafeName(name));
        headers.ContentType = kind.MediaType;
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = inline && embedded ? "cross-origin" : "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>
    /// A file name fit for any system: the last part of a path, composed (NFC), without control, invisible or direction characters, no device name,
    /// no leading dot, at most <see cref="MaxNameBytes"/> with its extension kept; <c>file</c> where nothing is left.
    /// </summary>
    public static string SafeName(string? name)
    {
        var clean = new StringBuilder();
        foreach (var rune in (name ?? "").Length > 4000 ? name![^4000..].EnumerateRunes() : (name ?? "").EnumerateRunes())
        {
            if (rune.Value is '/' or '\\')
            {
                clean.Clear();
                continue;
            }
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate:
                    break;
                case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                default:
                    if (rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' or 0xFFFD)
                        clean.Append('_');
                    // Variation selectors and fillers show nothing and make twins.
                    else if (rune.Value is not ((>= 0xFE00 and <= 0xFE0F) or 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180D)))
                        clean.Append(rune.ToString());
                    break;
            }
        }
        var text = string.Join(' ', clean.ToString().Normalize(NormalizationForm.FormC).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim('.', ' ');
        var dot = text.LastIndexOf('.');
        var (stem, extension) = dot > 0 && text.Length - dot <= 17 ? (text[..dot].TrimEnd('.', ' '), text[dot..]) : (text, "");
        if (stem.Length == 0)
            stem = "file";
        // Windows looks at what stands before the first dot.
        if (Devices.Contains(stem.Split('.')[0].TrimEnd()))
            stem = "_" + stem;
        var room = MaxNameBytes - Encoding.UTF8.GetByteCount(extension);
        while (Encoding.UTF8.GetByteCount(stem) > room)
        {
            var cut = stem.Length - (char.IsLowSurrogate(stem[^1]) ? 2 : 1);
            stem = stem[..cut].TrimEnd('.', ' ');
        }
        return stem + extension;
    }
}
