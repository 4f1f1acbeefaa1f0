using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.People;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>What mail systems say about mail of ours stands on its case, small and in words, and makes no new one.</summary>
public class BounceTests
{
    const string Maria = "maria@casaverde.example";

    /// <summary>A case to which Ben has replied; the reply went.</summary>
    static async Task<(Case One, OutgoingMail Mail, string Raw)> Replied(Post post, string to = Maria)
    {
        var contact = await post.SendAndRead(Post.Mail($"Maria Lopez <{to}>", "Pump stops", "It stops.", $"first-{to}"));
        var one = await post.CaseOf(contact!.CaseId);
        (await post.Desk.Post($"/cases/{one.Number}/reply", ("text", "We send a part."), ("to", to), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        using var db = post.House.Databases.Open();
        var mail = await db.Set<OutgoingMail>().Include(m => m.Recipients).OrderByDescending(m => m.Id).FirstAsync(m => m.ContactId != null);
        return (one, mail, Encoding.UTF8.GetString((await post.LastTo(to)).Mail.Raw.Span));
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    /// <summary>A report with fields for machines, as Postfix, Exchange and Google send it.</summary>
    internal static byte[] Report(string original, string to, string action, string status, string said, string from = "MAILER-DAEMON@mx.amends.example") => Bytes($"""
        Return-Path: <>
        From: Mail Delivery System <{from}>
        To: service@amends.example
        Subject: Undelivered Mail Returned to Sender
        Date: Sat, 21 Nov 2026 10:00:00 +0000
        Message-ID: <{Guid.NewGuid():N}@mx.amends.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

        --b1
        Content-Type: text/plain; charset=us-ascii

        This is the mail system. Your message could not be delivered to one or more recipients.

        --b1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.amends.example

        Final-Recipient: rfc822; {to}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {said}

        --b1
        Content-Type: text/rfc822-headers

        {original.ReplaceLineEndings("\n").Split("\n\n")[0].ReplaceLineEndings("\n        ").Trim()}

        --b1--

        """.Replace("\n        ", "\n", StringComparison.Ordinal));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mail_that_came_back_stands_on_its_case_in_words_marks_the_address_and_tells_who_wrote_it(On on)
    {
        await using var post = await Post.Open(on);
        var (one, mail, raw) = await Replied(post);
        var report = await post.SendAndRead(Report(raw, Maria, "failed", "5.1.1", "550 5.1.1 <maria@casaverde.example>: Recipient address rejected: User unknown"));
        (report!.CaseId, report.Nature, report.Automatic, report.CustomerId).ShouldBe((one.Id, Nature.CameBack, true, (long?)null));
        report.Text.ShouldStartWith("maria@casaverde.example did not get your message: there is no such address (550 5.1.1");
        report.Quoted!.ShouldContain("This is the mail system.");
        await post.Quiet();
        using (var db = post.House.Databases.Open())
        {
            (await db.CasesVisibleTo(Who.House("test")).CountAsync()).ShouldBe(1);
            (await db.Set<OutgoingMail>().Include(m => m.Recipients).SingleAsync(m => m.Id == mail.Id)).State.ShouldBe(OutgoingState.Failed);
            (await db.Set<CustomerAddress>().SingleAsync(a => a.Value == Maria)).BouncedAt.ShouldNotBeNull();
            (await db.Set<Notification>().CountAsync(n => n.Of == NotifyOf.Bounced && n.ColleagueId == post.Ben)).ShouldBe(1);
        }
        var page = await post.Desk.See($"/cases/{one.Number}");
        page.Text($"#contact-{report.Id} .chip").ShouldBe("not delivered");
        page.Document.QuerySelector($"#contact-{report.Id}")!.ClassList.ShouldContain("report");
        page.Text("#reply-form .recipients .text-broken").ShouldStartWith("Mail to maria@casaverde.example came back on");
        page.Text("#side .chip.broken").ShouldBe("mail came back");
        (await post.Desk.See("/notices")).Body.ShouldContain("A mail of yours came back");
        // Unproved mail in her name shows nothing; proved mail shows that the address lives.
        await post.SendAndRead(Post.Mail(Maria, "Re: Pump stops", "I am here.", null, "service@amends.example", $"In-Reply-To: <{mail.MessageId}>"));
        using (var db = post.House.Databases.Open()) (await db.Set<CustomerAddress>().SingleAsync(a => a.Value == Maria)).BouncedAt.ShouldNotBeNull();
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var box = await db.Load<Mailbox>(post.Mailbox);
            box.Receivers = "mx.amends.example";
            box.Changed();
        });
        await post.SendAndRead(Post.Mail(Maria, "Re: Pump stops", "I am really here.", null, "service@amends.example", $"In-Reply-To: <{mail.MessageId}>", LoopTests.Proof(Maria)));
        using (var db = post.House.Databases.Open()) (await db.Set<CustomerAddress>().SingleAsync(a => a.Value == Maria)).BouncedAt.ShouldBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_late_or_full_is_noted_and_marks_nobody(On on)
    {
        await using var post = await Post.Open(on);
        var (one, mail, raw) = await Replied(post);
        var late = await post.SendAndRead(Report(raw, Maria, "delayed", "4.4.1", "connect to mail.casaverde.example: Connection timed out"));
        (late!.CaseId, late.Nature).ShouldBe((one.Id, Nature.Late));
        late.Text.ShouldContain("is late: its server could not be reached in time");
        var there = await post.SendAndRead(Report(raw, Maria, "delivered", "2.0.0", "250 ok"));
        there!.Nature.ShouldBe(Nature.Delivered);
        await post.Quiet();
        using (var db = post.House.Databases.Open())
        {
            (await db.Set<OutgoingMail>().SingleAsync(m => m.Id == mail.Id)).State.ShouldBe(OutgoingState.Sent);
            (await db.Set<Notification>().CountAsync(n => n.Of == NotifyOf.Bounced)).ShouldBe(0);
        }
        // It did not arrive, and the address is a good one.
        (await post.SendAndRead(Report(raw, Maria, "failed", "5.2.2", "552 5.2.2 mailbox full")))!.Text.ShouldContain("the mailbox is full");
        await post.Quiet();
        using var look = post.House.Databases.Open();
        (await look.Set<Notification>().CountAsync(n => n.Of == NotifyOf.Bounced)).ShouldBe(1);
        (await look.Set<CustomerAddress>().SingleAsync(a => a.Value == Maria)).BouncedAt.ShouldBeNull();
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_server_that_gave_our_mail_another_id_is_understood_by_our_own_token_and_a_forger_is_not(On on)
    {
        await using var post = await Post.Open(on);
        var (one, mail, raw) = await Replied(post);
        var other = raw.Replace(mail.MessageId, "0100018c@email.provider.example", StringComparison.Ordinal);
        (await post.SendAndRead(Report(other, Maria, "failed", "5.1.1", "550 no such user")))!.CaseId.ShouldBe(one.Id);
        // A token of one recipient says nothing of another; without any it is nobody's report.
        var forged = await post.Send(Report(other, "ceo@casaverde.example", "failed", "5.1.1", "550 no such user"));
        forged.EnsureSuccessStatusCode();
        (await post.Send(Report("From: service@amends.example\r\nMessage-ID: <guessed@amends.example>\r\nSubject: Re: Pump stops [#1001]", Maria, "failed", "5.1.1", "550 no such user"))).EnsureSuccessStatusCode();
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined)).ShouldBe(2);
        (await db.CasesVisibleTo(Who.House("test")).CountAsync()).ShouldBe(1);
        // A person may make a case of it.
        var waits = await db.Set<Delivery>().Where(d => d.State == DeliveryState.Quarantined).Select(d => d.Id).FirstAsync();
        (await post.Desk.PostFrom($"/quarantine/{waits}", $"/quarantine/{waits}/release")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        using var after = post.House.Databases.Open();
        (await after.CasesVisibleTo(Who.House("test")).CountAsync()).ShouldBe(2);
    }

    /// <summary>The forms of the big servers: fields for machines in their own ways, and words alone.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "Microsoft 365", "Return-Path: <>\r\nFrom: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@amends.example>\r\nTo: service@amends.example\r\nSubject: Undeliverable: Re: Pump stops [#1001]\r\nMessage-ID: <{new}@prod.outlook.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html; charset=us-ascii\r\n\r\n<p>Your message to {to} couldn't be delivered.</p>\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;DB9PR08MB.eurprd08.prod.outlook.com\r\nReceived-From-MTA: dns;AM6PR08.eurprd08.prod.outlook.com\r\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nFinal-Recipient: rfc822;{to}\r\nAction: failed\r\nStatus: 5.1.10\r\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--x--\r\n" },
        { "Google", "Return-Path: <>\r\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\nTo: service@amends.example\r\nSubject: Delivery Status Notification (Failure)\r\nAuto-Submitted: auto-replied\r\nX-Failed-Recipients: {to}\r\nMessage-ID: <{new}@mx.google.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=\"g\"; report-type=delivery-status\r\n\r\n--g\r\nContent-Type: multipart/related; boundary=\"h\"\r\n\r\n--h\r\nContent-Type: multipart/alternative; boundary=\"i\"\r\n\r\n--i\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n\r\n** Address not found **\r\n\r\nYour message wasn't delivered to {to} because the address couldn't be found.\r\n--i--\r\n--h--\r\n--g\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; googlemail.com\r\nReceived-From-MTA: dns; service@amends.example\r\nX-Original-Message-ID: <{id}>\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.casaverde.example\r\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\r\n\r\n--g\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--g--\r\n" },
        { "Exim, in words", "Return-Path: <>\r\nX-Failed-Recipients: {to}\r\nAuto-Submitted: auto-replied\r\nFrom: Mail Delivery System <Mailer-Daemon@mx.amends.example>\r\nTo: service@amends.example\r\nSubject: Mail delivery failed: returning message to sender\r\nMessage-ID: <{new}@mx.amends.example>\r\n\r\nThis message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  {to}\r\n    host mail.casaverde.example [192.0.2.1]\r\n    SMTP error from remote mail server after RCPT TO:<{to}>:\r\n    550 5.1.1 User unknown\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\nMessage-ID: <{id}>\r\n" },
        { "qmail, in words", "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.amends.example\r\nTo: service@amends.example\r\nSubject: failure notice\r\nMessage-ID: <{new}@mx.amends.example>\r\n\r\nHi. This is the qmail-send program at mx.amends.example.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n<{to}>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 no such user\r\nGiving up on 192.0.2.1.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <{id}>\r\n" },
    };

    [Theory, MemberData(nameof(Forms))]
    public async Task Reports_of_the_big_servers_find_the_case_and_mark_the_address(string server, string form)
    {
        await using var post = await Post.Open(On.Sqlite);
        var (one, mail, raw) = await Replied(post);
        var text = form.Replace("{to}", Maria, StringComparison.Ordinal).Replace("{id}", mail.MessageId, StringComparison.Ordinal).Replace("{new}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal).Replace("{original}", raw, StringComparison.Ordinal);
        var report = await post.SendAndRead(Encoding.UTF8.GetBytes(text));
        report.ShouldNotBeNull(server);
        (report.CaseId, report.Nature).ShouldBe((one.Id, Nature.CameBack), server);
        report.Text.ShouldContain("there is no such address", Shouldly.Case.Sensitive, server);
        using var db = post.House.Databases.Open();
        (await db.Set<CustomerAddress>().SingleAsync(a => a.Value == Maria)).BouncedAt.ShouldNotBeNull(server);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Receipts_for_reading_and_complaints_are_small_entries_on_the_case(On on)
    {
        await using var post = await Post.Open(on);
        var (one, mail, raw) = await Replied(post);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("done", post.Ben, db.At));
        string Head(string from, string type) => $"From: {from}\r\nTo: service@amends.example\r\nSubject: About your mail\r\nMessage-ID: <{Guid.NewGuid():N}@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={type}; boundary=\"r\"\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--r\r\n";
        var read = await post.SendAndRead(Encoding.UTF8.GetBytes(Head($"Maria <{Maria}>", "disposition-notification") + $"Content-Type: message/disposition-notification\r\n\r\nReporting-UA: mail.casaverde.example; Mail\r\nFinal-Recipient: rfc822; {Maria}\r\nOriginal-Message-ID: <{mail.MessageId}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--r--\r\n"));
        (read!.CaseId, read.Nature, read.Text).ShouldBe((one.Id, Nature.ReadReceipt, $"{Maria} has opened your message."));
        var complaint = await post.SendAndRead(Encoding.UTF8.GetBytes(Head("feedback@provider.example", "feedback-report") + $"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\n{raw[..raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)]}\r\n\r\n--r--\r\n"));
        (complaint!.CaseId, complaint.Nature).ShouldBe((one.Id, Nature.Complaint));
        complaint.Text.ShouldContain("told the mail provider that your message is unwanted");
        // Somebody who was not sent it cannot have read it.
        (await post.Send(Encoding.UTF8.GetBytes(Head("mallory@evil.example", "disposition-notification") + $"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; mallory@evil.example\r\nOriginal-Message-ID: <{mail.MessageId}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--r--\r\n"))).EnsureSuccessStatusCode();
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined)).ShouldBe(1);
        (await db.CasesVisibleTo(Who.House("test")).CountAsync()).ShouldBe(1);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
    }

    [Theory]
    [InlineData("I am out of the office until 3 December and will read your mail then.", "2026-12-03")]
    [InlineData("Back on December 3rd, 2026.", "2026-12-03")]
    [InlineData("Ich bin bis 03.12.2026 nicht im Büro.", "2026-12-03")]
    [InlineData("Ich bin vom 20.11. bis zum 3. Dezember abwesend.", "2026-12-03")]
    [InlineData("Je suis absent jusqu'au 3 décembre 2026.", "2026-12-03")]
    [InlineData("Estaré fuera hasta el 3 de diciembre de 2026.", "2026-12-03")]
    [InlineData("Jestem na urlopie do 3 grudnia.", "2026-12-03")]
    [InlineData("Я в отпуске до 3 декабря.", "2026-12-03")]
    [InlineData("Returning 2026-12-03", "2026-12-03")]
    [InlineData("I am away from 5 January until 12 January", "2027-01-12")]
    [InlineData("Away until 03/12/2026", null)]
    [InlineData("Call 0351 4711 or see case 1001.", null)]
    [InlineData("Since 1 March 2020 we are at a new place.", null)]
    public void The_day_on_which_somebody_is_back_is_found_where_it_stands_plainly(string text, string? day) =>
        ReturnDate.Find(text, new DateTime(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc)).ShouldBe(day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Out_of_office_is_shown_with_its_day_and_changes_nothing(On on)
    {
        await using var post = await Post.Open(on);
        var (one, mail, _) = await Replied(post);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Wait(db.At.AddDays(2), "the part", db.At));
        var away = await post.SendAndRead(Post.Mail(Maria, "Out of office: Pump stops", "I am away until 30 March.", null, "service@amends.example", $"In-Reply-To: <{mail.MessageId}>"));
        (away!.CaseId, away.Nature, away.AwayUntil).ShouldBe((one.Id, Nature.Away, new DateOnly(2026, 3, 30)));
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Waiting);
        (await post.Desk.See($"/cases/{one.Number}")).Document.QuerySelectorAll($"#contact-{away.Id} .chip").Select(c => c.TextContent.Trim()).ShouldContain("out of office until 30 Mar");
    }
}
