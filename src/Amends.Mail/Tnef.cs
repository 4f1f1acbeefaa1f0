using System.Buffers.Binary;
using System.Text;

namespace Amends.Mail;

/// <summary>A file within winmail.dat.</summary>
/// <param name="Name">The name, without folders; null when none is given.</param>
/// <param name="MediaType">"image/png"; "application/octet-stream" when nothing is said.</param>
/// <param name="ContentId">What HTML calls it by, or null.</param>
/// <param name="Content">The bytes: a slice of what was read.</param>
public sealed record TnefFile(string? Name, string MediaType, string? ContentId, ReadOnlyMemory<byte> Content);

/// <summary>Outlook's own wrapping of a message, sent as winmail.dat (MS-OXTNEF). Reading never throws; what is broken ends the reading and the rest stands.</summary>
public sealed class Tnef
{
    const uint Signature = 0x223E9F78;
    const int MostFiles = 1_000, MostDepth = 5, MostProperties = 20_000, MostValues = 10_000;

    readonly List<TnefFile> _files = [];

    Tnef()
    {
    }

    /// <summary>The files, in order; those of attached messages after the file before them.</summary>
    public IReadOnlyList<TnefFile> Files => _files;

    /// <summary>The plain text, line ends \n, or null.</summary>
    public string? Text { get; private set; }

    /// <summary>The HTML: as it stands, or out of the rich text it was put into (MS-OXRTFEX); null when there is none.</summary>
    public string? Html { get; private set; }

    /// <summary>The subject, or null.</summary>
    public string? Subject { get; private set; }

    /// <summary>False when the bytes end in the middle of something or begin with something else.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Reads the bytes of a winmail.dat.</summary>
    public static Tnef Read(ReadOnlyMemory<byte> bytes)
    {
        var tnef = new Tnef();
        tnef.Read(bytes, 0);
        return tnef;
    }

    /// <summary>True when the bytes begin as a winmail.dat does.</summary>
    public static bool IsTnef(ReadOnlySpan<byte> bytes) => bytes.Length >= 6 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Signature;

    sealed class Pending
    {
        public string? Title, LongName, ShortName, Display, Transport, MediaType, ContentId;
        public ReadOnlyMemory<byte>? Data, Property, Embedded;
    }

    int _codePage = 1252;
    ReadOnlyMemory<byte> _rtf, _html;
    int _htmlPage;

    void Read(ReadOnlyMemory<byte> bytes, int depth)
    {
        if (!IsTnef(bytes.Span))
            return;
        var at = 6;
        Pending? file = null;
        while (bytes.Length - at >= 11)
        {
            var head = bytes.Span[at..];
            var level = head[0];
            var tag = BinaryPrimitives.ReadUInt32LittleEndian(head[1..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[5..]);
            at += 9;
            if (level is not (1 or 2) || length > bytes.Length - at)
            {
                Close(file, depth);
                Finish();
                return;
            }
            var data = bytes.Slice(at, (int)length);
            // The checksum is believed to be right: programs that write a wrong one exist, and the lengths have to fit anyway.
            at += (int)Math.Min(length + 2, bytes.Length - at);
            switch (tag & 0xFFFF)
            {
                case 0x9007 when data.Length >= 4:
                    _codePage = BinaryPrimitives.ReadInt32LittleEndian(data.Span);
                    break;
                case 0x8004 when level == 1:
                    Subject ??= Ansi(data.Span);
                    break;
                case 0x800C when level == 1:
                    Text ??= Lines(Ansi(data.Span));
                    break;
                case 0x9003 when level == 1:
                    Properties(data, null);
                    break;
                case 0x9002:
                    Close(file, depth);
                    file = new();
                    break;
                case 0x8010 when level == 2:
                    (file ??= new()).Title = Ansi(data.Span);
                    break;
                case 0x9001 when level == 2:
                    (file ??= new()).Transport = Ansi(data.Span);
                    break;
                case 0x800F when level == 2:
                    (file ??= new()).Data = data;
                    break;
                case 0x9005 when level == 2:
                    Properties(data, file ??= new());
                    break;
            }
        }
        Close(file, depth);
        Finish();
        IsWhole = bytes.Length - at < 2;
    }

    void Close(Pending? file, int depth)
    {
        if (file is null || _files.Count >= MostFiles)
            return;
        if (file.Embedded is { } inner)
        {
            var message = new Tnef { _codePage = _codePage };
            if (depth < MostDepth)
                message.Read(inner, depth + 1);
            var name = message.Subject ?? file.Display ?? file.Title ?? "message";
            if (message.Html is { } html)
                _files.Add(new($"{name}.html", "text/html", null, Encoding.UTF8.GetBytes(html)));
            else if (message.Text is { } text)
                _files.Add(new($"{name}.txt", "text/plain", null, Encoding.UTF8.GetBytes(text)));
            _files.AddRange(message._files.Take(MostFiles - _files.Count));
            if (message.Html is null && message.Text is null && message._files.Count == 0)
                _files.Add(new($"{name}.dat", "application/ms-tnef", null, inner));
            return;
        }
        if ((file.Data ?? file.Property) is not { } content)
            return;
        var called = Bare(file.LongName) ?? Bare(file.Title) ?? Bare(file.Transport) ?? Bare(file.ShortName) ?? Bare(file.Display);
        var type = file.MediaType is { Length: > 0 } said && said.Contains('/', StringComparison.Ordinal) && !MailText.HasControl(said) ? said.ToLowerInvariant() : FileTypes.Of(called);
        _files.Add(new(called, type, MessageIds.First(file.ContentId), content));
    }

    static string? Bare(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return null;
        name = MailText.WithoutControl(name).Trim();
        name = name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        return name is "" or "." or ".." ? null : name;
    }

    void Finish()
    {
        if (!_html.IsEmpty)
            Html ??= Lines(Charsets.Decode(_html.Span, HtmlText.DeclaredCharset(_html.Span) ?? (_htmlPage > 0 ? $"cp{_htmlPage}" : null)));
        if (_rtf.IsEmpty || Html is not null)
            return;
        if (RichText.Decompress(_rtf.Span) is not { } rich)
            return;
        var (text, isHtml) = RichText.Read(rich);
        if (isHtml)
            Html = Lines(text);
        else
            Text ??= text;
    }

    static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd('\0');

    string Ansi(ReadOnlySpan<byte> bytes)
    {
        while (bytes is [.., 0])
            bytes = bytes[..^1];
        return Charsets.Decode(bytes, $"cp{_codePage}");
    }

    static string Wide(ReadOnlySpan<byte> bytes) => Encoding.Unicode.GetString(bytes[..(bytes.Length & ~1)]).TrimEnd('\0');

    void Properties(ReadOnlyMemory<byte> bytes, Pending? file)
    {
        var at = 0;
        if (!Take(4, out var counted))
            return;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(counted.Span);
        for (var i = 0; i < Math.Min(count, MostProperties); i++)
        {
            if (!Take(4, out var tag))
                return;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(tag.Span);
            var id = BinaryPrimitives.ReadUInt16LittleEndian(tag.Span[2..]);
            if (id >= 0x8000)
            {
                if (!Take(20, out var named))
                    return;
                if (BinaryPrimitives.ReadUInt32LittleEndian(named.Span[16..]) == 0)
                {
                    if (!Take(4, out _))
                        return;
                }
                else if (!TakeCounted(out _))
                    return;
            }
            var several = (type & 0x1000) != 0;
            type &= 0x0FFF;
            var variable = type is 0x1E or 0x1F or 0x102 or 0x0D;
            uint values = 1;
            if (several || variable)
            {
                if (!Take(4, out var number))
                    return;
                values = BinaryPrimitives.ReadUInt32LittleEndian(number.Span);
            }
            for (uint v = 0; v < values; v++)
            {
                if (v >= MostValues)
                    return;
                ReadOnlyMemory<byte> value;
                if (variable)
                {
                    if (!TakeCounted(out value))
                        return;
                }
                else
                {
                    var size = type switch { 0x02 or 0x03 or 0x04 or 0x0A or 0x0B => several && type == 0x02 ? 2 : 4, 0x05 or 0x06 or 0x07 or 0x14 or 0x40 => 8, 0x48 => 16, _ => -1 };
                    if (size < 0 || !Take(size, out value))
                        return;
                }
                if (v == 0)
                    Property(id, type, value, file);
            }
            if (several && type == 0x02 && values % 2 == 1 && !Take(2, out _))
                return;
        }

        bool Take(int size, out ReadOnlyMemory<byte> value)
        {
            value = default;
            if (size > bytes.Length - at)
                return false;
            value = bytes.Slice(at, size);
            at += size;
            return true;
        }

        bool TakeCounted(out ReadOnlyMemory<byte> value)
        {
            value = default;
            if (!Take(4, out var number))
                return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(number.Span);
            if (length > bytes.Length - at)
                return false;
            value = bytes.Slice(at, (int)length);
            // To the next four bytes; the last may lack them.
            at = (int)Math.Min(bytes.Length, at + ((long)length + 3 & ~3L));
            return true;
        }
    }

    void Property(int id, int type, ReadOnlyMemory<byte> value, Pending? file)
    {
        var text = type switch { 0x1E => Ansi(value.Span), 0x1F => Wide(value.Span), _ => null };
        if (file is null)
        {
            switch (id)
            {
                case 0x0037 when text is not null:
                    Subject = text;
                    break;
                case 0x1000 when text is not null:
                    Text = Lines(text);
                    break;
                case 0x1009 when type == 0x102:
                    _rtf = value;
                    break;
                case 0x1013 when type == 0x102:
                    _html = value;
                    break;
                case 0x1013 when text is not null:
                    Html = Lines(text);
                    break;
                case 0x3FDE when value.Length == 4:
                    _htmlPage = BinaryPrimitives.ReadInt32LittleEndian(value.Span);
                    break;
            }
            return;
        }
        switch (id)
        {
            case 0x3701 when type == 0x0D && value.Length > 16 && IsTnef(value.Span[16..]):
                file.Embedded = value[16..];
                break;
            case 0x3701 when type == 0x0D && value.Length > 16:
                file.Property = value[16..];
                break;
            case 0x3701 when type == 0x102:
                file.Property = value;
                break;
            case 0x3707:
                file.LongName = text;
                break;
            case 0x3704:
                file.ShortName = text;
                break;
            case 0x3001:
                file.Display = text;
                break;
            case 0x370E:
                file.MediaType = text;
                break;
            case 0x3712:
                file.ContentId = text;
                break;
        }
    }
}

/// <summary>Media types of file names, for files that come without one.</summary>
static class FileTypes
{
    public static string Of(string? name) => Path.GetExtension(name ?? "").ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".pdf" => "application/pdf",
        ".txt" or ".log" => "text/plain",
        ".csv" => "text/csv",
        ".htm" or ".html" => "text/html",
        ".ics" => "text/calendar",
        ".zip" => "application/zip",
        ".doc" => "application/msword",
        ".xls" => "application/vnd.ms-excel",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
}
