using System.Security.Cryptography;
using System.Text;
using Amends.Mail;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Submission to a real Postfix, which asks a real Dovecot for passwords and delivers into its mailboxes; what arrives is fetched from there.</summary>
public class RealSmtpTests
{
    static readonly DateTimeOffset When = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Mailbox Address(string box) => new($"{box}@amends.test");

    static async Task<SmtpSubmission> SubmissionAsync(string box, MailSecurity security = MailSecurity.Tls) => new((await Postfix.SharedAsync()).Server(security, box), RealClock.It);

    static byte[] Hello(string from, string subject = "Hello") => Encoding.UTF8.GetBytes($"From: {from}@amends.test\r\nTo: x@amends.test\r\nDate: Sun, 22 Nov 2026 01:02:03 +0000\r\nMessage-ID: <{subject}@amends.test>\r\nSubject: {subject}\r\n\r\nHello\r\n");

    /// <summary>The mails in a mailbox, once so many have come.</summary>
    static async Task<List<byte[]>> ArrivedAsync(string box, int count)
    {
        await using var client = await ImapClient.ConnectAsync((await Dovecot.SharedAsync()).Server(box), RealClock.It, Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (client.Exists < count)
            await client.WaitAsync(TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(100), patience.Token);
        var mails = new List<byte[]>();
        foreach (var uid in await client.SearchAsync(cancel: Stop))
        {
            using var sink = new MemoryStream();
            await client.FetchAsync(uid, sink, cancel: Stop);
            mails.Add(sink.ToArray());
        }
        return mails;
    }

    /// <summary>What was sent, without the headers that servers put above it.</summary>
    static byte[] WithoutTrace(byte[] mail)
    {
        var text = Encoding.Latin1.GetString(mail);
        while (true)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || text[..colon] is not ("Return-Path" or "X-Original-To" or "Delivered-To" or "Received"))
                return Encoding.Latin1.GetBytes(text);
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            while (text.Length > end + 2 && text[end + 2] is ' ' or '\t')
                end = text.IndexOf("\r\n", end + 2, StringComparison.Ordinal);
            text = text[(end + 2)..];
        }
    }

    [Theory]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.StartTls)]
    public async Task Signs_in_and_hands_over(MailSecurity security)
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var outcome = await (await SubmissionAsync(from, security)).SendAsync(Address(from), [Address(to)], Hello(from), Stop);
        outcome.Recipients[0].ShouldSatisfyAllConditions(r => r.State.ShouldBe(RecipientState.Accepted, r.Text), r => r.EnhancedCode.ShouldBe("2.0.0"));
        outcome.Answer.ShouldContain("queued as");
        var arrived = (await ArrivedAsync(to, 1)).ShouldHaveSingleItem();
        WithoutTrace(arrived).ShouldBe(Hello(from));
        var message = MailMessage.Read(arrived);
        message.Headers["Return-Path"].ShouldBe($"<{from}@amends.test>");
        // The server tells in its own words that TLS and the name were in order.
        message.Headers["Received"].ShouldNotBeNull().ShouldContain("client.amends.test");
        message.Headers["Received"].ShouldNotBeNull().ShouldContain("ESMTPSA");
    }

    [Fact]
    public async Task A_token_signs_in_too()
    {
        var dovecot = await Dovecot.SharedAsync();
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var until = RealClock.Now.AddHours(1);
        var server = (await Postfix.SharedAsync()).Server(MailSecurity.Tls, from) with { Password = null, AccessToken = _ => Task.FromResult(dovecot.Token(from, until)) };
        (await new SmtpSubmission(server, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).Recipients[0].ShouldSatisfyAllConditions(r => r.State.ShouldBe(RecipientState.Accepted, r.Text));
        until = RealClock.Now.AddHours(-1);
        (await new SmtpSubmission(server, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).Recipients[0].ShouldSatisfyAllConditions(r => r.State.ShouldBe(RecipientState.Temporary), r => r.Code.ShouldBe(535));
    }

    [Fact]
    public async Task A_wrong_password_and_a_certificate_of_nobody_hand_over_nothing()
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var server = (await Postfix.SharedAsync()).Server(MailSecurity.StartTls, from);
        var wrong = (await new SmtpSubmission(server with { Password = "wrong" }, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).Recipients[0];
        (wrong.State, wrong.Code).ShouldBe((RecipientState.Temporary, 535), wrong.Text);
        foreach (var bad in new[] { server with { TrustedRoot = null }, server with { Host = "ip6-localhost" } })
        {
            var refused = (await new SmtpSubmission(bad, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).Recipients[0];
            (refused.State, refused.Code).ShouldBe((RecipientState.Temporary, 0), refused.Text);
        }
        // Without signing in nobody sends anywhere by us.
        var open = (await new SmtpSubmission(server with { UserName = null }, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).Recipients[0];
        open.State.ShouldBe(RecipientState.Permanent, open.Text);
        (await new SmtpSubmission(server, RealClock.It).SendAsync(Address(from), [Address(to)], Hello(from), Stop)).AllAccepted.ShouldBeTrue();
        (await ArrivedAsync(to, 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_recipient_does_not_keep_the_others_from_theirs()
    {
        var (from, one, two) = (Dovecot.NewBox(), Dovecot.NewBox(), Dovecot.NewBox());
        var outcome = await (await SubmissionAsync(from)).SendAsync(Address(from), [Address(one), new Mailbox("nobody@amends.test"), Address(two)], Hello(from), Stop);
        outcome.Recipients.Select(r => (r.State, r.Code)).ShouldBe([(RecipientState.Accepted, 250), (RecipientState.Permanent, 550), (RecipientState.Accepted, 250)]);
        outcome.Recipients[1].EnhancedCode.ShouldBe("5.1.1");
        foreach (var box in new[] { one, two })
            WithoutTrace((await ArrivedAsync(box, 1)).ShouldHaveSingleItem()).ShouldBe(Hello(from));
        var none = await (await SubmissionAsync(from)).SendAsync(Address(from), [new Mailbox("nobody@amends.test"), new Mailbox("nor-he@amends.test")], Hello(from), Stop);
        none.Recipients.ShouldAllBe(r => r.State == RecipientState.Permanent && r.Code == 550);
    }

    [Fact]
    public async Task A_hundred_and_thirty_recipients_are_said_in_groups_and_each_is_answered()
    {
        var from = Dovecot.NewBox();
        var recipients = Enumerable.Range(0, 130).Select(n => n % 10 == 3 ? new Mailbox($"nobody{n}@amends.test") : new Mailbox($"box{270 + n}@amends.test")).ToList();
        var outcome = await (await SubmissionAsync(from)).SendAsync(Address(from), recipients, Hello(from), Stop);
        outcome.Recipients.Select(r => r.State == RecipientState.Accepted).ShouldBe(recipients.Select(r => !r.LocalPart.StartsWith("nobody", StringComparison.Ordinal)));
        outcome.Recipients.Select(r => r.Recipient).ShouldBe(recipients);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_before_it_is_sent()
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var outcome = await (await SubmissionAsync(from)).SendAsync(Address(from), [Address(to)], new byte[Postfix.SizeLimit + 1].Select(_ => (byte)'x').ToArray(), Stop);
        outcome.Recipients[0].ShouldSatisfyAllConditions(r => r.State.ShouldBe(RecipientState.Permanent), r => r.EnhancedCode.ShouldBe("5.3.4"));
        (await Postfix.SharedAsync()).Log.ShouldNotContain($"to=<{to}@amends.test>");
    }

    [Fact]
    public async Task What_arrives_is_what_was_sent()
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var mails = new List<byte[]>();
        foreach (var text in new[] { ".", "..\n.\n\n.x\n", "From here\nto there", "ü\nblank at the end \n\ttab", new string('y', 5_000), "日本語\n" + new string('語', 400), "", "\n\n\n" })
        {
            var draft = new MailDraft { From = new Mailbox($"{from}@amends.test", "Jörg \"X\" Müller"), Date = When, Subject = $"Grüße {mails.Count} 日本語 {new string('z', mails.Count * 30)}", Text = text, Html = mails.Count % 2 == 0 ? null : $"<p>{text}</p>" };
            draft.To.Add(Address(to));
            draft.Files.Add(new DraftFile("Übersicht.bin", "application/octet-stream", RandomNumberGenerator.GetBytes(3_000)));
            mails.Add(draft.Write());
        }
        // Eight-bit mail as others write it, and dots wherever a line begins.
        mails.Add(Encoding.UTF8.GetBytes("From: a@amends.test\r\nTo: b@amends.test\r\nDate: Sun, 22 Nov 2026 01:02:03 +0000\r\nMessage-ID: <8@bit>\r\nSubject: Grüße\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n.ü\r\n..\r\n...\r\n.\r\nend\r\n"));
        var submission = await SubmissionAsync(from);
        foreach (var mail in mails)
            (await submission.SendAsync(Address(from), [Address(to)], mail, Stop)).Recipients[0].ShouldSatisfyAllConditions(r => r.State.ShouldBe(RecipientState.Accepted, r.Text));
        var arrived = (await ArrivedAsync(to, mails.Count)).Select(m => Convert.ToHexString(SHA256.HashData(WithoutTrace(m)))).Order(StringComparer.Ordinal);
        arrived.ShouldBe(mails.Select(m => Convert.ToHexString(SHA256.HashData(m))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_report_of_delivery_that_was_asked_for_comes_and_is_understood()
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        var submission = await SubmissionAsync(from);
        var wish = new ReportWish(ReportWhen.Delivered | ReportWhen.Failed) { EnvelopeId = "case+12=a b" };
        (await submission.SendAsync(Address(from), [Address(to)], Hello(from, "wanted"), wish, Stop)).AllAccepted.ShouldBeTrue();
        var report = MailMessage.Read((await ArrivedAsync(from, 1)).ShouldHaveSingleItem());
        var delivered = report.DeliveryReport.ShouldNotBeNull().Recipients.ShouldHaveSingleItem();
        delivered.Action.ShouldBe("delivered");
        delivered.Address.ShouldBe($"{to}@amends.test");
        report.DeliveryReport!.OriginalMessageId.ShouldBe("wanted@amends.test");
        Encoding.ASCII.GetString(report.Raw.Span).ShouldContain("Original-Envelope-Id: case+12=a b");
        report.Origin.Kind.ShouldBe(MailKind.Bounce);
        // And who asks for nothing hears nothing, even of what fails far away.
        (await Postfix.SharedAsync()).Outside.Answers = about => about.StartsWith("RCPT TO:<gone@", StringComparison.Ordinal) ? "550 5.1.1 No such user here" : null;
        (await submission.SendAsync(Address(from), [new Mailbox("gone@elsewhere.test")], Hello(from, "silent"), new ReportWish(ReportWhen.Never), Stop)).AllAccepted.ShouldBeTrue();
        (await submission.SendAsync(Address(from), [new Mailbox("gone@elsewhere.test")], Hello(from, "loud"), Stop)).AllAccepted.ShouldBeTrue();
        var bounces = (await ArrivedAsync(from, 2)).Select(m => MailMessage.Read(m)).Where(m => m.DeliveryReport?.OriginalMessageId != "wanted@amends.test").ToList();
        var bounce = bounces.ShouldHaveSingleItem().DeliveryReport.ShouldNotBeNull();
        bounce.OriginalMessageId.ShouldBe("loud@amends.test");
        bounce.Recipients.ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Address.ShouldBe("gone@elsewhere.test"), r => r.Action.ShouldBe("failed"), r => r.Status.ShouldBe("5.1.1"), r => r.Reason.ShouldBe(BounceReason.NoSuchAddress));
    }

    [Fact]
    public async Task What_we_sign_is_good_behind_a_real_server_and_by_anothers_verifier()
    {
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        using var key = RSA.Create(2048);
        using var signer = new DkimSigner("amends.test", "s1", key.ExportPkcs8PrivateKeyPem());
        var draft = new MailDraft { From = new Mailbox($"{from}@amends.test", "Jörg Müller"), Date = When, Subject = "Grüße und ein sehr langer Betreff, der gefaltet werden muss, damit er passt", Text = "Hallo\n\n.\n  zwei  Blanks \n\n\n", Html = "<p>Hallo</p>" };
        draft.To.Add(Address(to));
        draft.Files.Add(new DraftFile("a.bin", "application/octet-stream", RandomNumberGenerator.GetBytes(2_000)));
        var signed = signer.Sign(draft.Write(), When);
        (await (await SubmissionAsync(from)).SendAsync(Address(from), [Address(to)], signed, Stop)).AllAccepted.ShouldBeTrue();
        var arrived = (await ArrivedAsync(to, 1)).ShouldHaveSingleItem();
        var verifier = new DkimVerifier((name, _) => Task.FromResult(name == "s1._domainkey.amends.test" ? new DkimKey(DnsState.Found, [signer.Record]) : new DkimKey(DnsState.None, [])), RealClock.It);
        var result = (await verifier.VerifyAsync(arrived, Stop)).ShouldHaveSingleItem();
        result.Result.ShouldBe(DkimResult.Pass, result.Reason);
        result.Verifies(draft.From).ShouldBeTrue();
        var forged = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(arrived).Replace("Subject:", "Subject: x", StringComparison.Ordinal));
        (await verifier.VerifyAsync(forged, Stop)).ShouldHaveSingleItem().Result.ShouldBe(DkimResult.Fail);

        OtherVerifier(arrived, signer.Record).ShouldBe("True");
        OtherVerifier(forged, signer.Record).ShouldBe("False");
    }

    /// <summary>dkimpy, which others use.</summary>
    static string OtherVerifier(byte[] mail, string record)
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python) && Directory.Exists("/usr/lib/python3/dist-packages/dkim"), "The other verifier is not installed: apt-get install -y --no-install-recommends python3-dkim");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, mail);
            return Programs.Do(python, "-c", "import dkim,sys; print(dkim.verify(open(sys.argv[1],'rb').read(), dnsfunc=lambda name, timeout=5: sys.argv[2].encode()))", file, record).Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
