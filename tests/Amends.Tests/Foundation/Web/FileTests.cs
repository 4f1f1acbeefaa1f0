using System.Text;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation.Web;

public class FileTests
{
    static byte[] Png(uint width, uint height)
    {
        var file = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);

    static readonly byte[] Jpeg = Bytes("\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xC0\x00\x11\x08\x00\x20\x00\x40\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01");

    public static TheoryData<string, byte[], string, bool> Files() => new()
    {
        { "png", Png(3, 4), "image/png", true },
        { "jpeg", Jpeg, "image/jpeg", true },
        { "gif", Bytes("GIF89a\x01\x00\x01\x00\x00\x00\x00,"), "image/gif", true },
        { "webp lossy", Bytes("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00\x30\x01\x00\x9D\x01\x2A\x05\x00\x06\x00\x00\x00"), "image/webp", true },
        { "webp lossless", Bytes("RIFF\x24\x00\x00\x00WEBPVP8L\x18\x00\x00\x00\x2F\x04\x40\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "image/webp", true },
        { "pdf", Bytes("%PDF-1.7\n/JavaScript (app.alert(1))"), "application/pdf", false },
        { "text", Encoding.UTF8.GetBytes("Grüße\r\n"), "text/plain; charset=utf-8", false },
        { "text, last character cut", Encoding.UTF8.GetBytes("Grüße ü")[..^1], "text/plain; charset=utf-8", false },
        { "html", Bytes("<html><script>alert(1)</script>"), "text/plain; charset=utf-8", false },
        { "svg", Bytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "text/plain; charset=utf-8", false },
        { "xml", Bytes("<?xml version='1.0'?><x/>"), "text/plain; charset=utf-8", false },
        { "empty", [], "application/octet-stream", false },
        { "zip", Bytes("PK\x03\x04\x00\x00"), "application/octet-stream", false },
        { "exe", Bytes("MZ\x90\x00\x03"), "application/octet-stream", false },
        { "utf-16 html", Encoding.Unicode.GetBytes("<script>"), "application/octet-stream", false },
        { "gif mark with script", Bytes("GIF89a=1;alert(1)//"), "image/gif", false },
        { "short gif", Bytes("GIF89a"), "application/octet-stream", false },
        { "png mark only", Png(1, 1)[..20], "application/octet-stream", false },
        { "png without header", Bytes("\x89PNG\r\n\x1a\n<script>alert(1)</script>xxxxxxxxxxxxxxxxxxxx"), "application/octet-stream", false },
        { "png of no width", Png(0, 5), "image/png", false },
        { "png bomb", Png(50_000, 50_000), "image/png", false },
        { "png bomb beyond int", Png(uint.MaxValue, 1), "image/png", false },
        { "png of many pixels", Png(16_000, 16_000), "image/png", false },
        { "jpeg without frame", Jpeg[..20], "application/octet-stream", false },
        { "jpeg of rubbish", Bytes("\xFF\xD8\xFF\xE0\x00\x01<script>"), "application/octet-stream", false },
        { "pdf mark inside", Bytes("\x00%PDF-1.7"), "application/octet-stream", false },
        { "riff that is no picture", Bytes("RIFF\x24\x00\x00\x00WAVEfmt xxxxxxxxxxxxxxxxxxxxxx"), "application/octet-stream", false },
    };

    [Theory, MemberData(nameof(Files))]
    public void A04_the_kind_of_a_file_is_decided_from_its_bytes(string what, byte[] file, string type, bool inline)
    {
        var kind = FileKind.Of(file);
        kind.MediaType.ShouldBe(type, what);
        // Only a picture may be shown, only within bounds: a mark in front of a script is given away as a file.
        if (what != "gif mark with script")
            kind.Inline.ShouldBe(inline, what);
        if (kind.Inline)
            (kind.Width * (long)kind.Height).ShouldBeInRange(1, FileKind.MaxPixels);
    }

    [Theory, MemberData(nameof(Files))]
    public void A04_every_file_answer_is_guarded(string what, byte[] file, string type, bool inline)
    {
        foreach (var (show, embedded) in (ReadOnlySpan<(bool, bool)>)[(true, false), (false, false), (true, true), (false, true)])
        {
            IHeaderDictionary headers = new HeaderDictionary();
            var kind = FileKind.Of(file);
            FileAnswer.Guard(headers, kind, "a.html", show, embedded);
            headers.ContentType.ToString().ShouldBe(type, what);
            headers.XContentTypeOptions.ToString().ShouldBe("nosniff");
            headers.ContentSecurityPolicy.ToString().ShouldBe("default-src 'none'; sandbox");
            var shown = show && kind.Inline;
            (shown && !inline && what != "gif mark with script").ShouldBeFalse();
            headers.ContentDisposition.ToString().ShouldStartWith(shown ? "inline" : "attachment");
            headers["Cross-Origin-Resource-Policy"].ToString().ShouldBe(shown && embedded ? "cross-origin" : "same-origin");
        }
    }

    [Fact]
    public void The_size_of_a_picture_is_read_from_its_header()
    {
        FileKind.Of(Png(3, 4)).ShouldBe(new("image/png", true, 3, 4));
        FileKind.Of(Jpeg).ShouldBe(new("image/jpeg", true, 64, 32));
        FileKind.Of(Bytes("GIF87a\x0A\x00\x14\x00\x00\x00\x00")).ShouldBe(new("image/gif", true, 10, 20));
        FileKind.Of(Bytes("RIFF\x24\x00\x00\x00WEBPVP8X\x0A\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x08\x00\x00")).ShouldBe(new("image/webp", true, 8, 9));
    }

    [Theory]
    [InlineData("x.jpg\"><svg/onload=alert(1)>")]
    [InlineData("x\r\nSet-Cookie: a=b\r\n\r\n<script>.txt")]
    [InlineData("x.png; filename=evil.exe")]
    [InlineData("Grüße \"und\" 日本語 😀.pdf")]
    [InlineData("x\\\".txt")]
    [InlineData("%22%0d%0a.txt")]
    public void A03_a_file_name_is_data_in_a_header(string name)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        FileAnswer.Guard(headers, FileKind.Of("x"u8), name, show: true);
        var text = headers.ContentDisposition.ToString();
        text.ShouldNotContain("\r");
        text.ShouldNotContain("\n");
        text.ShouldAllBe(c => c >= ' ' && c < 127);
        var parsed = ContentDispositionHeaderValue.Parse(text);
        parsed.DispositionType.ToString().ShouldBe("attachment");
        parsed.FileNameStar.ToString().ShouldBe(FileAnswer.SafeName(name));
        // Nothing but the two forms of the name: no parameter came in by it.
        parsed.Parameters.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\boot.ini", "boot.ini")]
    [InlineData("C:\\Users\\x\\report.pdf", "report.pdf")]
    [InlineData("C:report.pdf", "C_report.pdf")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData("   ", "file")]
    [InlineData("a/", "file")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData("\u200b.htaccess", "htaccess")]
    [InlineData("\ufeff\u2060...web.config", "web.config")]
    [InlineData("a\0b.txt", "ab.txt")]
    [InlineData("a.txt\0.exe", "a.txt.exe")]
    [InlineData("CON", "_CON")]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("NUL.tar.gz", "_NUL.tar.gz")]
    [InlineData("LPT¹.txt", "_LPT¹.txt")]
    [InlineData("aux .txt", "_aux.txt")]
    [InlineData("COM10.txt", "COM10.txt")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("a\u0308.txt", "ä.txt")]
    [InlineData("ä.txt", "ä.txt")]
    [InlineData("report. ", "report")]
    [InlineData("a<b>c:d|e?f*g\".txt", "a_b_c_d_e_f_g_.txt")]
    [InlineData("a\r\nb.txt", "ab.txt")]
    [InlineData("x.txt::$DATA", "x.txt__$DATA")]
    public void A42_names_fit_any_system(string? name, string expected) => FileAnswer.SafeName(name).ShouldBe(expected);

    [Fact]
    public void A42_two_hundred_names_stay_names()
    {
        string[] parts = ["..", "/", "\\", "C:", "\0", "\u200b", ".", "CON", "aux", " ", "\u202e", "a\u0308", "ä", new string('x', 300), new string('日', 120), ".exe", ".php", "%2e%2e%2f", "~", "$", "\ud83d\ude00", "\ud800", "\u0001", "|", "?"];
        var random = new Random(42);
        for (var i = 0; i < 2000; i++)
        {
            var name = string.Concat(Enumerable.Range(0, 1 + random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
            var safe = FileAnswer.SafeName(name);
            safe.ShouldNotBeNullOrWhiteSpace();
            Encoding.UTF8.GetByteCount(safe).ShouldBeLessThanOrEqualTo(FileAnswer.MaxNameBytes, name);
            safe.IndexOfAny(['/', '\\', '\0', ':', '<', '>', '"', '|', '?', '*']).ShouldBe(-1, name);
            safe.ShouldNotStartWith(".");
            safe.ShouldNotStartWith(" ");
            safe[^1].ShouldNotBe('.');
            safe.IsNormalized().ShouldBeTrue();
            FileAnswer.SafeName(safe).ShouldBe(safe, name);
            Path.GetFullPath(Path.Combine("/store", safe)).ShouldStartWith("/store/");
        }
        FileAnswer.SafeName(new string('a', 300) + ".pdf").ShouldEndWith("a.pdf");
    }

    [Fact]
    public void A03_naughty_strings_stay_names()
    {
        foreach (var name in System.Text.Json.JsonSerializer.Deserialize<string[]>(File.ReadAllText(Corpora.Need("naughty-strings", "blns.json")))!)
        {
            IHeaderDictionary headers = new HeaderDictionary();
            FileAnswer.Guard(headers, FileKind.Of("x"u8), name, show: false);
            ContentDispositionHeaderValue.Parse(headers.ContentDisposition.ToString()).FileNameStar.ToString().ShouldBe(FileAnswer.SafeName(name));
        }
    }
}
