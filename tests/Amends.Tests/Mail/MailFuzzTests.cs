using System.Diagnostics;
using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Mails that were damaged on purpose, always the same ones (seeded). Nothing may throw, and nothing may take more than its share.</summary>
public class MailFuzzTests
{
    const int Mutations = 50_000;

    // Pieces that parsers trip over, put in at random places.
    static readonly byte[][] Pieces = [.. new[]
    {
        "\r\n\r\n", "\r\n", "\n\n", "\r", "\0", "--", "=?", "?=", "=?utf-8?B?", "=?iso-2022-jp?Q?=1B$B", "\"", "(", ")", "<", ">", "@", ",", ";", ":", "\\", "=", "*0*=", "''", "%", "boundary=", "multipart/mixed", "message/rfc822",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n", "charset=utf-7", "charset=utf-16", "charset=x", "format=flowed; delsp=yes",
        "From ", "\u001b$B", "\u001b(B", "+AA", "&#x10FFFF;", "<!--", "<style>", "<blockquote type=cite>", "On Mon, 1 Jan 2024 at 10:00, a@b.c wrote:", "begin 644 a\n#0V%T\nend\n", "\nbegin 644 a\n", "Content-Type: application/ms-tnef\r\n\r\nx\u009f>\"", "Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\nATTENDEE;CN=\"a:b", "Date: 99999999999999999999", "+9999", ": ;,<@:>",
    }.Select(Encoding.Latin1.GetBytes)];

    static bool Nightly => Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1";

    static byte[][] Seeds { get; } = [.. OwnMails.All().Concat(OwnMails.Found()).Concat(Corpora.MailFiles().Select(File.ReadAllBytes)).Where(b => b.Length is > 0 and < 6_000)];

    static readonly DkimVerifier Dkim = new((_, _) => Task.FromResult(new DkimKey(DnsState.None, [])), Amends.Tests.Cast.RealClock.It);

    [Fact]
    public void Fifty_thousand_damaged_mails_do_no_harm()
    {
        Seeds.Length.ShouldBeGreaterThan(5);
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var bytes = Damage(20_261_121, Mutations, TestContext.Current.CancellationToken);
        // 50 ms for a megabyte is the promise for one mail; tiny mails have a floor, and the machine is shared.
        // This thread worked no longer than the clock ran, nor than the whole program worked: the smaller of the two is what is held against the promise.
        var worked = Math.Min(clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        worked.ShouldBeLessThan(Mutations * 1.5 + bytes / 1e6 * 200);
    }

    /// <summary>The long run: ten million, other ones each night (the seed is the day; AMENDS_TEST_SEED asks for a certain one, AMENDS_TEST_MUTATIONS for another number), on all processors.</summary>
    [Fact]
    public void Ten_million_damaged_mails_do_no_harm()
    {
        Assert.SkipUnless(Nightly, "a nightly run");
        var day = int.TryParse(Environment.GetEnvironmentVariable("AMENDS_TEST_SEED"), out var told) ? told : (int)(Amends.Tests.Cast.RealClock.Now.ToUnixTimeSeconds() / 86_400);
        TestContext.Current.SendDiagnosticMessage("seed {0}", day);
        var count = int.TryParse(Environment.GetEnvironmentVariable("AMENDS_TEST_MUTATIONS"), out var asked) ? asked : 10_000_000;
        const int shares = 200;
        Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken }, share =>
            Damage(HashCode(day, share), count / shares, TestContext.Current.CancellationToken));

        static int HashCode(int a, int b) => unchecked(a * 1_000_003 + b);
    }

    /// <summary>What was once found stays a test.</summary>
    [Fact]
    public void What_was_once_found_does_no_harm_any_more()
    {
        foreach (var mail in OwnMails.Found())
            Read(mail, everything: true, "a mail that was found");
    }

    static long Damage(int seed, int count, CancellationToken stop)
    {
        var random = new Random(seed);
        long bytes = 0;
        for (var i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            var mail = Mutate(Seeds[i % Seeds.Length], Seeds, random);
            bytes += mail.Length;
            Read(mail, everything: i % 8 == 0, $"Mutation {i} of seed {seed}");
        }
        return bytes;
    }

    static void Read(byte[] mail, bool everything, string which)
    {
        var message = MailMessage.Read(mail);
        try
        {
            MailProbe.Everything(message);
            if (everything)
            {
                ReplyText.Split(message.ReadableText);
                ReplyText.SplitHtml(message.HtmlBody ?? message.ReadableText);
                foreach (var header in message.Headers.Take(20))
                    AuthenticationResults.Parse(header.Text);
                foreach (var signature in Dkim.VerifyAsync(mail).GetAwaiter().GetResult())
                    signature.Result.ShouldNotBe(DkimResult.Pass);
                if (message.From.Any(f => f.IsValid))
                    MailDraft.ReplyTo(message);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{which}: {e.Message}\n{Convert.ToBase64String(mail)}", e);
        }
        if (message.Defects.Any(d => d.Kind == DefectKind.ReaderFault))
            throw new InvalidOperationException($"{which}: the reader stumbled\n{Convert.ToBase64String(mail)}");
    }

    static byte[] Mutate(byte[] seed, byte[][] seeds, Random random)
    {
        var mail = new List<byte>(seed);
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var at = random.Next(mail.Count + 1);
            switch (random.Next(7))
            {
                case 0:
                    mail.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 1 when at < mail.Count:
                    mail[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mail.RemoveRange(at, Math.Min(random.Next(40), mail.Count - at));
                    break;
                case 3 when mail.Count < 30_000:
                    var length = Math.Min(random.Next(200), mail.Count - at);
                    mail.InsertRange(at, mail.GetRange(at, length));
                    break;
                case 4:
                    mail.RemoveRange(at, mail.Count - at);
                    break;
                case 5 when mail.Count < 30_000:
                    var other = seeds[random.Next(seeds.Length)];
                    var from = random.Next(other.Length);
                    mail.InsertRange(at, other.AsSpan(from, Math.Min(300, other.Length - from)));
                    break;
                case 6 when at < mail.Count:
                    var b = mail[at];
                    mail.InsertRange(at, Enumerable.Repeat(b, random.Next(50)));
                    break;
            }
        }
        return [.. mail];
    }

    static string Repeat(string piece, int count) => string.Concat(Enumerable.Repeat(piece, count));

    public static TheoryData<string, string, string> Hostile() => new()
    {
        { "encoded words", "From: a@b.c\nSubject: ", "=?utf-8?Q?" },
        { "encoded words without end", "From: a@b.c\nSubject: ", "=?a?b?c " },
        { "open comments", "From: ", "(" },
        { "open quotes", "From: ", "\"a" },
        { "open brackets", "To: ", "<a@b " },
        { "groups", "To: ", "a:b;" },
        { "colons", "To: ", "a@b:" },
        { "parameters", "From: a@b.c\nContent-Type: text/plain", "; a=b c" },
        { "quoted parameters", "From: a@b.c\nContent-Type: text/plain", "; a=\"b\\\"\"x" },
        { "continuations", "From: a@b.c\nContent-Type: text/plain", "; a*0*=%41" },
        { "references", "References: ", "<a@b" },
        { "boundary lines", "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n", "--y\n" },
        { "boundary lines of one part", "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n", "--x\n" },
        { "dashes", "From: a@b.c\nContent-Type: multipart/mixed; boundary=-\n\n", "-\n" },
        { "nested without end", "From: a@b.c\n", "Content-Type: multipart/mixed; boundary=x\n\n--x\n" },
        { "nested with wrong boundaries", "From: a@b.c\n", "Content-Type: multipart/mixed; boundary=z\n\n--x\n" },
        { "messages in messages", "From: a@b.c\n", "Content-Type: message/rfc822\n\n" },
        { "bad header lines", "From: a@b.c\n", "x\n" },
        { "bad header lines among good ones", "From: a@b.c\n", "x\ny:z\n" },
        { "folds", "From: a@b.c\nSubject: ", " \n " },
        { "tags", "From: a@b.c\nContent-Type: text/html\n\n", "<a =\"" },
        { "comments in html", "From: a@b.c\nContent-Type: text/html\n\n", "<!--" },
        { "styles", "From: a@b.c\nContent-Type: text/html\n\n", "<style><script>" },
        { "blockquotes", "From: a@b.c\nContent-Type: text/html\n\n", "<blockquote type=cite>" },
        { "quote classes", "From: a@b.c\nContent-Type: text/html\n\n", "<div class=gmail_quote>On Mon, 1 Jan 2024, a@b.c wrote:" },
        { "entities", "From: a@b.c\nContent-Type: text/html\n\n", "&amp;&#" },
        { "attributions", "From: a@b.c\n\n", "On Mon, 1 Jan 2024, Bob\n" },
        { "header blocks", "From: a@b.c\n\n", "From: b\nTo: c\n" },
        { "quotes", "From: a@b.c\n\n", "> a\nb\n" },
        { "closings", "From: a@b.c\n\n", "Regards,\nBob\n-- \n" },
        { "base64", "From: a@b.c\nContent-Transfer-Encoding: base64\n\n", "=a=" },
        { "quoted-printable", "From: a@b.c\nContent-Transfer-Encoding: quoted-printable\n\n", "=\n=" },
        { "utf-7", "From: a@b.c\nContent-Type: text/plain; charset=utf-7\n\n", "+A" },
        { "flowed", "From: a@b.c\nContent-Type: text/plain; format=flowed\n\n", ">>  \n" },
        { "uuencoded beginnings", "From: a@b.c\n\n", "begin 644 a\n#0V%T\n" },
        { "uuencoded files", "From: a@b.c\n\n", "begin 644 a\n#0V%T\nend\n" },
        { "bounce addresses", "From: mailer-daemon@b.c\n\n", "a@b.c: 550 no\n" },
        { "calendar attendees", "From: a@b.c\nContent-Type: text/calendar\n\nBEGIN:VEVENT\n", "ATTENDEE;CN=\"a\":mailto:a@b.c\n" },
        { "calendar folds", "From: a@b.c\nContent-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:", "a\n " },
        { "raw 8-bit", "From: a@b.c\n\n", "\u00E4\u00B8" },
    };

    /// <summary>Eight times the bytes may take eight times the work. What is allocated is counted and has little noise; time has much, so it only has to stay
    /// below what quadratic work (sixty-four times) would take.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_mail_takes_linear_time(string what, string head, string piece)
    {
        // Headers are cut at a megabyte; what stands before that must be linear too.
        var count = 60_000 / piece.Length;
        var (small, large) = (Encoding.Latin1.GetBytes(head + Repeat(piece, count)), Encoding.Latin1.GetBytes(head + Repeat(piece, count * 8)));
        Cost(small);
        var (one, eight) = (Cost(small), Cost(large));
        // On a busy machine a measure may be anything: what is quadratic is so every time.
        for (var again = 0; again < 5 && eight.Time >= one.Time * 45 + 400; again++)
            (one, eight) = (Cost(small), Cost(large));
        eight.Bytes.ShouldBeLessThan(one.Bytes * 12 + 2_000_000, $"{what}: {one.Bytes} bytes allocated for {small.Length}, {eight.Bytes} for {large.Length}");
        eight.Time.ShouldBeLessThan(one.Time * 45 + 400, $"{what}: {one.Time:0.0} ms for {small.Length}, {eight.Time:0.0} ms for {large.Length} bytes");

        static (double Time, long Bytes) Cost(byte[] mail)
        {
            var best = double.MaxValue;
            var bytes = long.MaxValue;
            for (var i = 0; i < 2; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var clock = Stopwatch.StartNew();
                var m = MailMessage.Read(mail);
                MailProbe.Everything(m);
                if (m.TextBody is { } text)
                    ReplyText.Split(text);
                if (m.HtmlBody is { } html)
                    ReplyText.SplitHtml(html);
                best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
                bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
                m.Defects.ShouldNotContain(d => d.Kind == DefectKind.ReaderFault);
            }
            return (best, bytes);
        }
    }
}

/// <summary>The mails that ship with the tests: written here, one trap each.</summary>
static class OwnMails
{
    public static string Folder { get; } = Path.Combine(Corpora.Root, "tests", "Amends.Tests", "Mails");

    /// <summary>Mails on which something was found, each kept as it was.</summary>
    public static IEnumerable<byte[]> Found() => Directory.Exists(Path.Combine(Folder, "Found")) ? Directory.EnumerateFiles(Path.Combine(Folder, "Found"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];

    public static IEnumerable<byte[]> All() => Directory.EnumerateFiles(Folder, "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
}
