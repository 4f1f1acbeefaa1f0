using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Mail that no person wrote, and what it says: receipts, complaints, bounces in words, calendar answers, notices of absence.</summary>
public class MailReportTests
{
    static MailMessage Read(string text) => MailMessage.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    [Fact]
    public void A_receipt_says_whose_and_of_what()
    {
        var m = Read("""
            From: ann@example.com
            Content-Type: multipart/report; report-type=disposition-notification; boundary=x

            --x

            Your message was read.
            --x
            Content-Type: message/disposition-notification

            Reporting-UA: pc; Foo 97
            Original-Recipient: rfc822;ann@example.com
            Final-Recipient: rfc822;ann@example.com
            Original-Message-ID: <sent-1@desk.example>
            Disposition: manual-action/MDN-sent-manually; displayed

            --x--
            """);
        m.Origin.Kind.ShouldBe(MailKind.ReadReceipt);
        var receipt = m.ReadReceipt.ShouldNotBeNull();
        receipt.Address.ShouldBe("ann@example.com");
        receipt.OriginalMessageId.ShouldBe("sent-1@desk.example");
        receipt.Disposition.ShouldBe("displayed");
        receipt.IsAutomatic.ShouldBeFalse();
        m.FeedbackReport.ShouldBeNull();
    }

    [Fact]
    public void A_complaint_says_what_about()
    {
        var m = Read("""
            From: fbl@provider.example
            Content-Type: multipart/report; report-type=feedback-report; boundary=x

            --x

            A complaint.
            --x
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: SomeGenerator/1.0
            Version: 1
            Original-Mail-From: <desk@example.com>
            Original-Rcpt-To: <bob@provider.example>
            Source-IP: 192.0.2.1

            --x
            Content-Type: message/rfc822

            From: desk@example.com
            Message-ID: <sent-2@desk.example>

            Hello
            --x--
            """);
        m.Origin.Kind.ShouldBe(MailKind.FeedbackReport);
        var report = m.FeedbackReport.ShouldNotBeNull();
        (report.FeedbackType, report.Recipient, report.OriginalFrom, report.OriginalMessageId, report.SourceIp).ShouldBe(("abuse", "bob@provider.example", "desk@example.com", "sent-2@desk.example", "192.0.2.1"));
    }

    [Theory]
    [InlineData("qmail", "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<bob@far.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@example.com>\nFrom: desk@example.com\nTo: other@far.example\nMessage-ID: <sent-3@desk.example>\n", "5.1.1", true)]
    [InlineData("exim", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  bob@far.example\n    SMTP error from remote mail server after RCPT TO:<bob@far.example>:\n    host mx.far.example [192.0.2.7]: 550 No such user here\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <sent-3@desk.example>\nTo: other@far.example\n", "5.1.1", true)]
    [InlineData("full", "Delivery to the following recipient failed:\n\n     bob@far.example\n\nThe mailbox is full (552 5.2.2 over quota).\n\n----- Original message -----\nMessage-ID: <sent-3@desk.example>\n", "5.2.2", true)]
    [InlineData("not yet", "Your message to <bob@far.example> could not be delivered yet. Connection timed out. It will be retried.\n\n----- Original message -----\nMessage-ID: <sent-3@desk.example>\n", "4.4.0", false)]
    public void A_bounce_in_words_is_understood(string what, string text, string status, bool permanent)
    {
        var m = Read($"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: desk@example.com\nSubject: Mail delivery failed\n\n{text}");
        var report = m.DeliveryReport.ShouldNotBeNull(what);
        report.FromWords.ShouldBeTrue();
        var one = report.Recipients.ShouldHaveSingleItem();
        one.Address.ShouldBe("bob@far.example");
        one.Status.ShouldBe(status);
        one.IsPermanent.ShouldBe(permanent);
        one.DiagnosticCode.ShouldNotBeNullOrEmpty();
        report.OriginalMessageId.ShouldBe("sent-3@desk.example");
    }

    [Theory]
    [InlineData("Return-Path: <>\nFrom: shop@example.com\nSubject: News\n\nWrite to info@example.com. Orders over 550 units are denied.")]
    [InlineData("From: postmaster@example.com\nSubject: New rules\n\nPlease write to info@example.com from now on.")]
    public void A_notice_that_names_an_address_is_no_report(string mail) => Read(mail).DeliveryReport.ShouldBeNull();

    [Theory]
    [InlineData("5.1.1", null, BounceReason.NoSuchAddress)]
    [InlineData("5.1.2", null, BounceReason.NoSuchDomain)]
    [InlineData("5.1.10", null, BounceReason.NoSuchDomain)]
    [InlineData("5.2.1", null, BounceReason.Disabled)]
    [InlineData("4.2.2", null, BounceReason.MailboxFull)]
    [InlineData("5.3.4", null, BounceReason.TooLarge)]
    [InlineData("4.4.1", null, BounceReason.NotReachable)]
    [InlineData("5.7.1", null, BounceReason.Refused)]
    [InlineData("5.6.0", null, BounceReason.Content)]
    [InlineData("5.0.0", "smtp; 550 User unknown", BounceReason.NoSuchAddress)]
    [InlineData("5.0.0", "smtp; 554 5.7.1 Message rejected as spam", BounceReason.Refused)]
    [InlineData(null, "552 over quota", BounceReason.MailboxFull)]
    [InlineData("5.0.0", null, BounceReason.Unknown)]
    [InlineData("nonsense", null, BounceReason.Unknown)]
    public void The_reason_is_told(string? status, string? said, BounceReason reason) =>
        new DeliveryOutcome("rfc822; a@b.c", null, "failed", status, said, null, null!).Reason.ShouldBe(reason);

    [Fact]
    public void A_personal_mail_that_names_an_address_is_no_report() =>
        Read("From: ann@example.com\nTo: desk@example.com\nSubject: Where is my mail\n\nI wrote to bob@far.example: user unknown, 550.").DeliveryReport.ShouldBeNull();

    const string Answer = """
        From: bob@example.com
        Content-Type: text/calendar; method=REPLY; charset=utf-8

        BEGIN:VCALENDAR
        METHOD:REPLY
        BEGIN:VEVENT
        UID:meeting-1@desk.example
        ATTENDEE;PARTSTAT=DECLINED;CN="Doe; Bob":mailto:bob@example.com
        SUMMARY:Visit\, second floor of the long hou
         se
        DTSTART:20260301T090000Z
        COMMENT:Not on Sunday\nsorry
        BEGIN:VALARM
        SUMMARY:no
        END:VALARM
        END:VEVENT
        END:VCALENDAR
        """;

    [Fact]
    public void A_calendar_answer_says_who_comes()
    {
        var m = Read(Answer);
        m.Origin.Kind.ShouldBe(MailKind.CalendarAnswer);
        var item = m.CalendarItem.ShouldNotBeNull();
        item.IsAnswer.ShouldBeTrue();
        item.Uid.ShouldBe("meeting-1@desk.example");
        item.Summary.ShouldBe("Visit, second floor of the long house");
        item.Comment.ShouldBe("Not on Sunday\nsorry");
        item.Start.ShouldBe(new DateTime(2026, 3, 1, 9, 0, 0));
        item.StartZone.ShouldBe("UTC");
        item.Attendees.ShouldBe([new Attendee("bob@example.com", "Doe; Bob", Participation.Declined)]);
    }

    [Theory]
    [InlineData("Out of Office: your order")]
    [InlineData("Abwesenheitsnotiz: Ihre Bestellung")]
    [InlineData("Réponse automatique : commande")]
    [InlineData("Respuesta automática: pedido")]
    [InlineData("Risposta automatica: ordine")]
    [InlineData("Resposta automática: pedido")]
    [InlineData("Automatisch antwoord: bestelling")]
    [InlineData("Autosvar: beställning")]
    [InlineData("Automatisk svar: ordre")]
    [InlineData("Automaattinen vastaus: tilaus")]
    [InlineData("Odpowiedź automatyczna: zamówienie")]
    [InlineData("Automatická odpověď: objednávka")]
    [InlineData("Автоматический ответ: заказ")]
    [InlineData("自動応答: 注文")]
    [InlineData("Otomatik yanıt: sipariş")]
    [InlineData("自动回复: 订单")]
    [InlineData("Re: Automatische Antwort: x")]
    [InlineData("AW: Abwesend bis Montag")]
    public void Notices_of_absence_are_known_in_many_languages(string subject)
    {
        var origin = Read($"From: a@b.c\nSubject: {subject}\n\nx").Origin;
        origin.Kind.ShouldBe(MailKind.AutoReply);
        origin.IsOutOfOffice.ShouldBeTrue();
    }

    [Theory]
    [InlineData("On holiday and my card is blocked", "Please help")]
    [InlineData("Absence of the driver", "Nobody came")]
    [InlineData("Re: your question", "I am out of the office until Monday, please ring me then.")]
    public void A_person_who_is_away_is_still_a_person(string subject, string text) =>
        Read($"From: a@b.c\nSubject: {subject}\n\n{text}").Origin.Kind.ShouldBe(MailKind.Personal);

    [Theory]
    [InlineData("Re: your question", "This is an automated response. We will get back to you.", true)]
    [InlineData("AW: Ihre Frage", "Dies ist eine automatische Antwort.", true)]
    [InlineData("What does your mail say?", "This is an automated response. Is that true?", false)]
    [InlineData("Re: your question", "No.\n> This is an automated response.", false)]
    public void An_answer_that_calls_itself_automatic_is_believed(string subject, string text, bool automatic) =>
        Read($"From: a@b.c\nSubject: {subject}\n\n{text}").Origin.IsAutomatic.ShouldBe(automatic);

    [Fact]
    public async Task A_stream_is_read_up_to_the_limit()
    {
        var mail = Encoding.ASCII.GetBytes("From: a@b.c\r\n\r\n" + new string('x', 5_000));
        using var stream = new MemoryStream(mail);
        var m = await MailMessage.ReadAsync(stream, new MailLimits { MessageBytes = 1_000 }, TestContext.Current.CancellationToken);
        m.Defects.ShouldContain(d => d.Kind == DefectKind.MessageTooLarge);
        stream.Position.ShouldBe(1_001);
        stream.Position = 0;
        (await MailMessage.ReadAsync(stream, null, TestContext.Current.CancellationToken)).TextBody!.Length.ShouldBe(5_000);
    }
}
