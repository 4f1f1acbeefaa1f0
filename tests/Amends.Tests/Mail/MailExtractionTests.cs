using System.Buffers.Binary;
using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Files and bodies that lie inside other parts: uuencoded texts and winmail.dat.</summary>
public class MailExtractionTests
{
    static MailMessage Read(string text) => MailMessage.Read(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")));

    [Fact]
    public void A_uuencoded_file_in_a_text_is_a_file_and_no_text()
    {
        var m = Read("From: a@b.c\n\nHello,\n\nbegin 644 ../cat.txt\n#0V%T\n`\nend\n\nRegards\n");
        m.TextBody.ShouldBe("Hello,\n\n\nRegards\n");
        var file = m.Files.ShouldHaveSingleItem();
        file.FileName.ShouldBe("cat.txt");
        file.MediaType.ShouldBe("text/plain");
        file.IsExtracted.ShouldBeTrue();
        Encoding.ASCII.GetString(file.Decode().Span).ShouldBe("Cat");
    }

    [Theory]
    [InlineData("From: a@b.c\n\nbegin 644 people have asked me\nhow this works\nend\n")]
    [InlineData("From: a@b.c\n\nbegin 644 cat.txt\n#0V%T\nand it never ends")]
    [InlineData("From: a@b.c\n\nbegin 644 cat.txt\nend\n")]
    public void What_only_looks_uuencoded_stays_text(string mail)
    {
        var m = Read(mail);
        m.Files.ShouldBeEmpty();
        m.TextBody.ShouldStartWith("begin 644");
    }

    [Fact]
    public void Winmail_is_taken_apart_as_the_lists_beside_it_say()
    {
        var folder = Path.Combine(Corpora.Need("mail-mimekit"), "files", "tnef");
        var files = Directory.GetFiles(folder, "*.tnef");
        files.ShouldNotBeEmpty();
        foreach (var path in files)
        {
            var tnef = Tnef.Read(File.ReadAllBytes(path));
            var expected = File.ReadAllLines(Path.ChangeExtension(path, ".list")).Where(l => l.Length > 0).ToList();
            var found = tnef.Files.Select(f => f.Name ?? "").ToList();
            foreach (var name in expected.Where(e => e is not ("(null)" or "NULL") && !e.StartsWith("Untitled", StringComparison.Ordinal) && !e.StartsWith("body.", StringComparison.Ordinal)))
                found.ShouldContain(name, $"{Path.GetFileName(path)}: {string.Join(" | ", found)}");
            tnef.Files.ShouldAllBe(f => f.Content.Length > 0 && f.MediaType.Contains('/'));
        }
    }

    [Fact]
    public void Files_and_body_of_winmail_are_those_of_the_mail()
    {
        var tnef = Winmail("Hello from Outlook", ("a.pdf", "%PDF"u8.ToArray()), ("b.txt", "text"u8.ToArray()));
        var m = Read($"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(tnef)}\n--x--\n");
        m.TextBody.ShouldBe("Hello from Outlook");
        m.Files.Select(f => f.FileName).ShouldBe(["a.pdf", "b.txt"]);
        m.Files[0].MediaType.ShouldBe("application/pdf");
        Encoding.ASCII.GetString(m.Files[1].Decode().Span).ShouldBe("text");
    }

    [Fact]
    public void Winmail_cut_anywhere_gives_what_there_is_and_stays_a_file()
    {
        var tnef = Winmail("Hello", ("a.txt", "content"u8.ToArray()));
        for (var length = 0; length < tnef.Length; length++)
            Tnef.Read(tnef.AsMemory(0, length)).Files.Count.ShouldBeLessThanOrEqualTo(1);
        var m = Read($"From: a@b.c\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(tnef[..^12])}\n");
        m.Files.ShouldContain(f => f.FileName == "winmail.dat");
    }

    [Fact]
    public void Damaged_winmail_does_no_harm()
    {
        var seeds = new List<byte[]> { Winmail("Hello", ("a.txt", "content"u8.ToArray())) };
        var folder = Path.Combine(Corpora.Data, "mail-mimekit", "files", "tnef");
        if (Directory.Exists(folder))
            seeds.AddRange(Directory.GetFiles(folder, "*.tnef").Select(File.ReadAllBytes).Where(b => b.Length < 20_000));
        var random = new Random(7);
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Count].Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = Tnef.Read(bytes).Files.Sum(f => f.Content.Length);
        }
    }

    /// <summary>The attributes a small Outlook message has (MS-OXTNEF).</summary>
    internal static byte[] Winmail(string body, params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        stream.Write([0x78, 0x9F, 0x3E, 0x22, 1, 0]);
        Attribute(1, 0x0002800C, Encoding.ASCII.GetBytes(body + "\0"));
        foreach (var (name, content) in files)
        {
            Attribute(2, 0x00069002, new byte[14]);
            Attribute(2, 0x00018010, Encoding.ASCII.GetBytes(name + "\0"));
            Attribute(2, 0x0006800F, content);
        }
        return stream.ToArray();

        void Attribute(byte level, uint tag, byte[] data)
        {
            Span<byte> head = stackalloc byte[9];
            head[0] = level;
            BinaryPrimitives.WriteUInt32LittleEndian(head[1..], tag);
            BinaryPrimitives.WriteInt32LittleEndian(head[5..], data.Length);
            stream.Write(head);
            stream.Write(data);
            var sum = (ushort)data.Sum(b => b);
            stream.Write([(byte)sum, (byte)(sum >> 8)]);
        }
    }
}
