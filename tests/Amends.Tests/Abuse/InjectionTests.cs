using System.Text;
using Amends.Mail;
using Amends.Tests.Cast;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>A12: whatever stands in an address, a name, a subject, a file name or the name of a folder, the server hears exactly the commands that were meant, and the mail has exactly the
/// headers that were set. A value may be refused (<see cref="ArgumentException"/>, and then nothing was said at all); it may never become something else.</summary>
public class InjectionTests
{
    static readonly DateTimeOffset When = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Any characters, and those that end lines, words, quotes and literals far more often.
    static readonly string[] Traps =
    [
        "\r\n", "\n", "\r", "\0", "\u0001", "\u0085", "\u2028", "\u2029", "\uD800", "\u007F", "\"", "\\", "<", ">", "{5}", "{5+}", "}", "(", ")", " ", "\t", "@", "@b.c", ".", "..", "\r\n.\r\n", "\r\nRCPT TO:<evil@x.y>\r\n", "> NOTIFY=NEVER", "\r\nBcc: evil@x.y\r\n", "\r\n\r\n",
        "A9 DELETE x\r\n", "&", "&-", "&AAoADQ-", "%", "*", "=?utf-8?Q?=0D=0ABcc:_evil@x.y?=", "=0D=0A", "%0d%0a", ";", ",", ":", "ü", "日", "😀", "\u202E", "[", "]", "~", "+", "-", "NIL", "INBOX",
    ];

    static Gen<string> Piece { get; } = Gen.Frequency(
        (3, Gen.Elements(Traps)),
        (2, Gen.Choose('a', 'z').Select(c => ((char)c).ToString())),
        (1, ArbMap.Default.GeneratorFor<char>().Select(c => c.ToString())));

    static Gen<string> Text { get; } = Piece.ListOf().Select(string.Concat);

    /// <summary>Texts that look enough like addresses for some to be taken.</summary>
    static Gen<string> Address { get; } = Gen.OneOf(
        Text,
        from local in Text from domain in Gen.Elements("b.c", "bücher.example", "[192.0.2.1]") select $"{local}@{domain}",
        from local in Text select $"\"{local}\"@b.c",
        from domain in Text select $"a@{domain}",
        from local in Piece select $"x{local}y@b.c");

    static T? Allowed<T>(Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    sealed record Letter(string From, string FromName, string To, string Subject, string FileName, string HeaderName, string HeaderValue, string Body);

    [Fact]
    public void A_mail_has_exactly_the_headers_that_were_set_and_they_say_what_was_set()
    {
        var letters = from f in Address from n in Text from t in Address from s in Text from file in Text from hn in Gen.OneOf(Gen.Constant("X-A"), Text) from hv in Text from b in Text select new Letter(f, n, t, s, file, hn, hv, b);
        int written = 0, refused = 0;
        Prop.ForAll(letters.ToArbitrary(), letter =>
        {
            var draft = new MailDraft { From = Allowed(() => new Mailbox(letter.From, letter.FromName)) ?? new Mailbox("desk@example.com"), Date = When, MessageId = "1@example.com" };
            var to = Allowed(() => new Mailbox(letter.To)) ?? new Mailbox("b@example.com");
            draft.To.Add(to);
            refused += Allowed(() => draft.Subject = letter.Subject) is null ? 1 : 0;
            Allowed(() => draft.Text = letter.Body);
            var file = Allowed(() => new DraftFile(letter.FileName, "application/octet-stream", "x"u8.ToArray()));
            if (file is not null)
                draft.Files.Add(file);
            var extra = Allowed(() =>
            {
                draft.AddHeader(letter.HeaderName, letter.HeaderValue);
                return letter.HeaderName;
            });
            written++;
            var bytes = draft.Write();
            var message = MailMessage.Read(bytes);
            string[] expected = ["From", "To", "Subject", "Date", "Message-ID", .. extra is null ? [] : new[] { extra }, "MIME-Version", "Content-Type"];
            message.Headers.Select(h => h.Name).Where(n => n != "Content-Transfer-Encoding").ShouldBe(expected.Where(n => n != "Subject" || message.Headers.Has("Subject")));
            message.From.ShouldHaveSingleItem().Key.ShouldBe(draft.From.Key);
            message.To.ShouldHaveSingleItem().Key.ShouldBe(to.Key);
            message.Cc.ShouldBeEmpty();
            message.Headers.Has("Bcc").ShouldBeFalse();
            message.Files.Count.ShouldBe(file is null ? 0 : 1);
            foreach (var part in message.Root.All())
                part.Headers.Select(h => h.Name).ShouldBeSubsetOf([.. expected, "Content-Transfer-Encoding", "Content-Disposition"]);
            if (file is not null)
                message.Files[0].Decode().ToArray().ShouldBe("x"u8.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        // Both ways were gone often, or the generator proves nothing.
        refused.ShouldBeGreaterThan(200);
        (written - refused).ShouldBeGreaterThan(200);
    }

    [Fact]
    public void An_address_whose_domain_ends_with_the_root_is_the_same_without()
    {
        // Found by the property above.
        (new Mailbox("a@y.").Key, new Mailbox("a@b.example.").Address).ShouldBe(("a@y", "a@b.example"));
    }

    sealed record Envelope(string From, IReadOnlyList<string> To, string ClientName, string EnvelopeId, string Body);

    [Fact]
    public async Task The_server_hears_exactly_the_envelope_that_was_meant()
    {
        await using var server = new FakeSmtp();
        var envelopes = from f in Address from t in Address.ListOf(3) from c in Gen.OneOf(Gen.Constant("client.example"), Text) from e in Text from b in Text select new Envelope(f, [.. t], c, e, b);
        int sent = 0, refused = 0, odd = 0;
        Prop.ForAll(envelopes.ToArbitrary(), envelope =>
        {
            server.Forget();
            var from = Allowed(() => new Mailbox(envelope.From));
            var to = envelope.To.Select(t => Allowed(() => new Mailbox(t))).OfType<Mailbox>().Append(new Mailbox("good@example.com")).ToList();
            var wish = Allowed(() => new ReportWish(ReportWhen.Failed) { EnvelopeId = envelope.EnvelopeId }) ?? new ReportWish(ReportWhen.Failed);
            var body = Encoding.UTF8.GetBytes($"From: a@b.c\r\n\r\n{envelope.Body}");
            SmtpOutcome outcome;
            try
            {
                outcome = new SmtpSubmission(server.Server with { ClientName = envelope.ClientName }, RealClock.It).SendAsync(from, to, body, wish, Stop).GetAwaiter().GetResult();
            }
            catch (ArgumentException)
            {
                refused++;
                server.Heard.ShouldBeEmpty();
                return;
            }
            sent++;
            odd += to.Count > 1 ? 1 : 0;
            server.Malformed.ShouldBeEmpty();
            server.Heard.Select(h => h.Split(' ', ':')[0]).ShouldBe(["EHLO", "MAIL", .. to.Select(_ => "RCPT"), "DATA", "QUIT"]);
            var taken = server.Taken.ShouldHaveSingleItem();
            taken.From.ShouldBe(from?.AsciiAddress ?? "");
            taken.To.ShouldBe(to.Select(t => t.AsciiAddress));
            outcome.AllAccepted.ShouldBeTrue();
            // Line ends of every kind become CRLF, and nothing else changes; a dot alone on its line does not end the message.
            Encoding.UTF8.GetString(taken.Data).ReplaceLineEndings("\n").TrimEnd('\n').ShouldBe(Encoding.UTF8.GetString(body).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').ReplaceLineEndings("\n").TrimEnd('\n'));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
        refused.ShouldBeGreaterThan(30);
        odd.ShouldBeGreaterThan(30);
        sent.ShouldBeGreaterThan(100);
    }

    sealed record Errand(string Folder, string Flag, string User, string Password, string Body);

    [Fact]
    public async Task The_server_hears_exactly_the_folders_and_flags_that_were_meant()
    {
        await using var server = new FakeImap();
        server.Deliver("From: a@b.c\r\n\r\nx"u8);
        var errands = from folder in Text from flag in Gen.OneOf(Text, Piece.Select(p => "\\" + p), Piece.Select(p => "$x" + p)) from user in Gen.OneOf(Text, Gen.Constant("desk")) from password in Gen.OneOf(Text, Gen.Constant(FakeImap.Password)) from b in Text select new Errand(folder, flag, user, password, b);
        int done = 0, refused = 0;
        Prop.ForAll(errands.ToArbitrary(), errand =>
        {
            var body = Encoding.UTF8.GetBytes(errand.Body);
            var heard = server.Heard.Count;
            List<string> expected = [];
            // A name and a password that nobody has; or that cannot be said.
            try
            {
                ImapClient.ConnectAsync(server.Server with { UserName = errand.User, Password = errand.Password }, RealClock.It, Stop).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
                expected.Add($"AUTHENTICATE|PLAIN|{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{errand.User}\0{errand.Password}"))}");
            }
            catch (ArgumentException)
            {
                refused++;
            }
            catch (ImapException e)
            {
                e.Fault.ShouldBe(ImapFault.WrongPassword);
                if (!errand.User.Contains('\0') && !errand.Password.Contains('\0'))
                    expected.Add($"AUTHENTICATE|PLAIN|{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{errand.User}\0{errand.Password}"))}");
            }
            var client = ImapClient.ConnectAsync(server.Server, RealClock.It, Stop).GetAwaiter().GetResult();
            expected.Add($"AUTHENTICATE|PLAIN|{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0desk\0{FakeImap.Password}"))}");
            client.SelectAsync("INBOX", cancel: Stop).GetAwaiter().GetResult();
            expected.Add("SELECT|INBOX");
            var wire = ImapNames.Encode(errand.Folder);
            Try(() => client.FlagAsync([1], true, [errand.Flag], Stop), $"UID|STORE|1|+FLAGS.SILENT|(|{errand.Flag}|)");
            Try(() => client.MoveAsync([1], errand.Folder + "?", Stop), $"UID|MOVE|1|{ImapNames.Encode(errand.Folder + "?")}");
            Try(() => client.AppendAsync(errand.Folder + "?", body, [], Stop), $"APPEND|{ImapNames.Encode(errand.Folder + "?")}|(|)|{Encoding.UTF8.GetString(body)}");
            Try(() => client.CreateAsync(errand.Folder, Stop), $"CREATE|{wire}");
            Try(() => client.ListAsync(errand.Folder, Stop), $"LIST||{wire}");
            Try(() => client.SelectAsync(errand.Folder, cancel: Stop), $"SELECT|{wire}");
            Try(() => client.SelectAsync(new ImapFolder(errand.Folder, errand.Folder, '/', []), cancel: Stop), null);
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            server.Malformed.ShouldBeEmpty();
            server.Heard.Skip(heard).Take(expected.Count).ShouldBe(expected);
            // Only a bare name from the server itself can still follow, in its own one command.
            server.Heard.Skip(heard + expected.Count).ShouldAllBe(h => h.StartsWith("SELECT|", StringComparison.Ordinal));
            server.Heard.Skip(heard + expected.Count).Count().ShouldBeLessThanOrEqualTo(1);

            void Try(Func<Task> act, string? command)
            {
                try
                {
                    act().GetAwaiter().GetResult();
                    done++;
                }
                catch (ArgumentException)
                {
                    refused++;
                    return;
                }
                catch (ImapException e)
                {
                    e.Fault.ShouldBeOneOf(ImapFault.NoSuchFolder, ImapFault.Refused);
                }
                if (command is not null)
                    expected.Add(command);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        refused.ShouldBeGreaterThan(100);
        done.ShouldBeGreaterThan(300);
        server.Inbox.Messages.Count.ShouldBe(1);
    }
}
