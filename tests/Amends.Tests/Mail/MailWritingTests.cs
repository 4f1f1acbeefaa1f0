using System.Text;
using Amends.Mail;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Writing: strict values, and whatever is written is read back equal.</summary>
public class MailWritingTests
{
    static readonly DateTimeOffset When = new(2026, 11, 21, 14, 30, 5, TimeSpan.FromHours(-3.5));

    static MailDraft Draft() => new() { From = new Mailbox("desk@example.com", "Desk"), Date = When };

    [Theory]
    [InlineData("a\r\nBcc: x@y")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void Line_ends_and_nul_are_refused_in_every_value(string evil)
    {
        var draft = Draft();
        Should.Throw<ArgumentException>(() => draft.Subject = evil);
        Should.Throw<ArgumentException>(() => draft.MessageId = evil);
        Should.Throw<ArgumentException>(() => draft.InReplyTo = evil);
        Should.Throw<ArgumentException>(() => draft.References = [evil]);
        Should.Throw<ArgumentException>(() => draft.AutoSubmitted = evil);
        Should.Throw<ArgumentException>(() => draft.AddHeader("X-A", evil));
        Should.Throw<ArgumentException>(() => draft.AddHeader("X-A" + evil, "b"));
        Should.Throw<ArgumentException>(() => new Mailbox("a@b.c", evil));
        Should.Throw<ArgumentException>(() => new Mailbox(evil + "@b.c"));
        Should.Throw<ArgumentException>(() => new Mailbox("a@b" + evil));
        Should.Throw<ArgumentException>(() => new Mailbox($"\"{evil}\"@b.c"));
        Should.Throw<ArgumentException>(() => new DraftFile(evil, "text/plain", default));
        Should.Throw<ArgumentException>(() => new DraftFile("a", "text/plain" + evil, default));
        Should.Throw<ArgumentException>(() => new DraftFile("a", "text/plain", default, evil));
        Mailbox.TryParse(evil + "@b.c", out _).ShouldBeFalse();
    }

    [Fact]
    public void Any_text_in_any_header_yields_exactly_the_headers_that_were_set()
    {
        // Random unicode with line ends among it: either refused, or one header and no more.
        var gen = ArbMap.Default.GeneratorFor<string>().Where(s => s is not null);
        Prop.ForAll(gen.ToArbitrary(), text =>
        {
            var draft = Draft();
            try
            {
                draft.Subject = text;
                draft.AddHeader("X-Custom", text);
                draft.To.Add(new Mailbox("to@example.com", text));
            }
            catch (ArgumentException)
            {
                return text.AsSpan().IndexOfAnyInRange('\0', '\u009F') >= 0 || text.Contains('\u2028') || text.Contains('\u2029');
            }
            var read = MailMessage.Read(draft.Write());
            return read.Headers.Select(h => h.Name).SequenceEqual(["From", "To", "Subject", "Date", "Message-ID", "X-Custom", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]);
        }).QuickCheckThrowOnFailure();
    }

    sealed record Sample(string Subject, string Name, string Text, string? Html, string File, byte[] Content);

    [Theory, InlineData(70), InlineData(71), InlineData(72), InlineData(200), InlineData(20_000)]
    public void A_line_whose_quote_marks_fill_it_is_written_and_read_back_equal(int depth)
    {
        var draft = Draft();
        draft.To.Add(new Mailbox("joe@example.com"));
        var wanted = $"{new string('>', depth)} {string.Join(' ', Enumerable.Repeat("word", 5_000))}";
        (draft.Text, draft.Flowed) = ($"{wanted}\n{new string('>', depth)}", true);
        var raw = draft.Write();
        raw.Length.ShouldBeLessThan(1_000_000, "the marks are not written again for each word");
        MailMessage.Read(raw).TextBody!.ReplaceLineEndings("\n").TrimEnd().ShouldBe($"{wanted}\n{new string('>', depth)}");
    }

    [Fact]
    public void What_is_folded_is_read_back_equal()
    {
        var word = Gen.Frequency((20, Gen.Choose(1, 12).Select(n => new string('w', n))), (2, Gen.Elements("From", "-- ", "--", ">", "", "https://desk.example/c/" + new string('x', 90), "größer", ">quoted", "日本語のテキスト")));
        var line = from mark in Gen.Frequency((6, Gen.Constant("")), (1, Gen.Elements("> ", ">> ", "    ", " ")))
                   from words in word.ListOf()
                   select (mark + string.Join(' ', words)).TrimEnd(' ');
        var text = Gen.Frequency((12, line), (1, Gen.Constant("-- "))).ListOf().Select(l => string.Join('\n', l).TrimEnd('\n', ' '));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(text.ToArbitrary(), wanted =>
        {
            var draft = Draft();
            draft.To.Add(new Mailbox("joe@example.com"));
            (draft.Text, draft.Flowed) = (wanted, true);
            var raw = draft.Write();
            var read = MailMessage.Read(raw);
            // Marks have one spelling, and an empty quoted line may have a blank.
            static string Plain(string t) => string.Join('\n', t.ReplaceLineEndings("\n").Split('\n').Select(l => l.StartsWith('>') ? new string('>', l.TakeWhile(c => c is '>' or ' ').Count(c => c == '>')) + " " + l.TrimStart('>', ' ') : l).Select(l => l == "-- " ? l : l.TrimEnd(' '))).TrimEnd('\n');
            var lines = System.Text.Encoding.UTF8.GetString(read.Root.Decode().Span).Split('\n');
            return Plain(read.TextBody!) == Plain(wanted) && lines.All(l => l.TrimEnd('\r').Length <= 76 || !l.Trim('>', ' ', '\r').Contains(' ', StringComparison.Ordinal) || l.StartsWith("    ", StringComparison.Ordinal) || l.StartsWith("     ", StringComparison.Ordinal) || l.Contains("https://", StringComparison.Ordinal));
        }));
    }

    [Fact]
    public void What_is_written_is_read_back_equal()
    {
        var rune = Gen.Frequency((60, Gen.Choose(32, 126)), (10, Gen.Choose(0xA0, 0x24F)), (5, Gen.Choose(0x400, 0x4FF)), (5, Gen.Choose(0x3040, 0x30FF)), (3, Gen.Choose(0x1F300, 0x1F5FF)), (2, Gen.Elements((int)'=', '?', '"', '\\', '<', ',', ';', '_', '.')));
        var line = rune.ListOf().Select(r => string.Concat(r.Select(char.ConvertFromUtf32)));
        var text = Gen.Frequency((9, line), (1, Gen.Elements("From here", ".", "..", "a ", "=?utf-8?Q?x?=", "-- ", new string('x', 2_000), "ü" + new string('y', 999))))
            .ListOf().Select(l => string.Join('\n', l));
        var sample = from subject in line
                     from name in line
                     from body in text
                     from html in Gen.OneOf(Gen.Constant<string?>(null), text.Select(t => (string?)$"<p>{t}</p>"))
                     from file in line
                     from content in ArbMap.Default.GeneratorFor<byte[]>()
                     select new Sample(subject, name, body, html, file, content);
        Prop.ForAll(sample.ToArbitrary(), s =>
        {
            var draft = Draft();
            draft.Subject = s.Subject;
            draft.To.Add(new Mailbox("joe@bücher.example", s.Name));
            draft.Cc.Add(new Mailbox("ann@example.com"));
            draft.Text = s.Text;
            draft.Html = s.Html;
            draft.InReplyTo = "a@b";
            draft.References = [.. Enumerable.Range(0, 12).Select(i => $"reference-number-{i}@mail.example.com")];
            var fileName = s.File.Trim().Split('/', '\\')[^1].Trim() is { Length: > 0 } n and not "." and not ".." ? n : "f.bin";
            draft.Files.Add(new DraftFile(fileName, "application/octet-stream", s.Content));
            if (s.Html is not null)
                draft.Files.Add(new DraftFile("logo.png", "image/png", new byte[] { 1, 2, 3 }, "logo@x"));
            var bytes = draft.Write();
            foreach (var l in Encoding.Latin1.GetString(bytes).Split("\r\n"))
            {
                l.Length.ShouldBeLessThanOrEqualTo(998);
                l.ShouldNotContain("\n");
                l.ShouldNotContain("\r");
            }
            var m = MailMessage.Read(bytes);
            m.Defects.ShouldBeEmpty();
            m.Subject.ShouldBe(s.Subject.Trim(' ').Length == 0 && s.Subject.Length > 0 ? s.Subject : s.Subject);
            m.To[0].DisplayName.ShouldBe(s.Name.Trim());
            m.To[0].ShouldBe(new Mailbox("joe@bücher.example"));
            m.Date.ShouldBe(When);
            m.Date!.Value.Offset.ShouldBe(When.Offset);
            m.MessageId.ShouldBe(draft.MessageId);
            m.References.ShouldBe(draft.References);
            m.InReplyTo.ShouldBe(["a@b"]);
            m.TextBody.ShouldBe(s.Text);
            m.HtmlBody.ShouldBe(s.Html);
            var file = m.Attachments.ShouldHaveSingleItem();
            file.FileName.ShouldBe(fileName.Trim());
            file.Decode().ToArray().ShouldBe(s.Content);
            m.InlineFiles.Count().ShouldBe(s.Html is null ? 0 : 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_message_without_parts_is_read_back_equal_but_for_its_last_line_end()
    {
        foreach (var text in new[] { "Hello", "Hello\n", "", "ü\nä", "trailing \nblank", "From me\n.\n..x", new string('x', 3_000) })
        {
            var draft = Draft();
            draft.Text = text;
            var m = MailMessage.Read(draft.Write());
            m.TextBody!.TrimEnd('\n').ShouldBe(text.TrimEnd('\n'));
            m.Defects.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Automatic_mail_and_unsubscribing_are_said_in_headers()
    {
        var draft = Draft();
        draft.AutoSubmitted = "auto-replied";
        draft.ListUnsubscribe = new Uri("https://desk.example/leave/abc");
        draft.OneClickUnsubscribe = true;
        draft.Bcc.Add(new Mailbox("secret@example.com"));
        var m = MailMessage.Read(draft.Write());
        m.Origin.Kind.ShouldBe(MailKind.AutoReply);
        m.Headers["List-Unsubscribe"].ShouldBe("<https://desk.example/leave/abc>");
        m.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        Encoding.ASCII.GetString(m.Raw.Span).ShouldNotContain("secret@");
        draft.Recipients.ShouldHaveSingleItem().Address.ShouldBe("secret@example.com");
    }

    [Fact]
    public void A_reply_joins_the_thread()
    {
        var m = MailMessage.Read("From: Ann <ann@x.example>\r\nReply-To: help@x.example\r\nSubject: Broken\r\nMessage-ID: <2@x>\r\nReferences: <0@x> <1@x>\r\n\r\nx"u8.ToArray());
        var reply = MailDraft.ReplyTo(m);
        reply.Subject.ShouldBe("Re: Broken");
        reply.InReplyTo.ShouldBe("2@x");
        reply.References.ShouldBe(["0@x", "1@x", "2@x"]);
        reply.To.ShouldHaveSingleItem().Address.ShouldBe("help@x.example");
        MailDraft.ReplyTo(MailMessage.Read("Subject: RE: x\r\n\r\n"u8.ToArray())).Subject.ShouldBe("RE: x");
    }
}
