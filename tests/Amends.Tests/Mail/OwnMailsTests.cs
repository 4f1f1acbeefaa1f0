using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>The mails under Mails/, written for these tests.</summary>
public class OwnMailsTests
{
    static MailMessage Read(string name) => MailMessage.Read(File.ReadAllBytes(Path.Combine(OwnMails.Folder, name + ".eml")));

    [Fact]
    public void An_order_with_an_invoice()
    {
        var m = Read("order-with-invoice");
        m.From.ShouldHaveSingleItem().DisplayName.ShouldBe("Rosa Müller");
        m.To.ShouldHaveSingleItem().DisplayName.ShouldBe("Help, desk");
        m.Subject.ShouldBe("Bestellung 4711: Rechnung doppelt");
        ReplyText.Split(m.TextBody!).Signature.ShouldEndWith("Rosa Müller");
        m.InlineFiles.ShouldHaveSingleItem().FileName.ShouldBe("stamp.png");
        m.Attachments.ShouldHaveSingleItem().FileName.ShouldBe("Rechnung € 47.pdf");
        m.Defects.ShouldBeEmpty();
        m.Origin.Kind.ShouldBe(MailKind.Personal);
    }

    /// <summary>Found by the long run: the charset of a text is no key to the header above it.</summary>
    [Fact]
    public void A_header_is_not_read_by_a_charset_that_hides_characters_in_ascii()
    {
        var m = Read("Found/line-end-by-utf-7");
        m.MessageId.ShouldBe("28713a1f47+AA3e@shop.example");
        m.Subject.ShouldBe("café +AAo-x");
        m.TextBody.ShouldBe("It stops é again.\n");
    }

    [Fact]
    public void A_reply_below_a_quote()
    {
        var m = Read("reply-below-a-quote");
        m.MessageId.ShouldBe("strange@@id@shop.example");
        m.References.ShouldBe(["out.0@amends.example", "out.1@amends.example"]);
        ReplyText.Split(m.TextBody!).NewText.ShouldBe("The green one.");
    }

    [Fact]
    public void An_automatic_answer_with_raw_eight_bit()
    {
        var m = Read("away");
        m.Subject.ShouldBe("Frånvaro: semester");
        m.Origin.Kind.ShouldBe(MailKind.AutoReply);
        m.Origin.RefusesAutomaticAnswers.ShouldBeTrue();
        m.TextBody.ShouldBe("Jag är tillbaka på måndag.\n");
    }

    [Fact]
    public void A_bounce()
    {
        var m = Read("could-not-be-delivered");
        m.Origin.HasNullReturnPath.ShouldBeTrue();
        var outcome = m.DeliveryReport!.Recipients.ShouldHaveSingleItem();
        outcome.DiagnosticCode.ShouldBe("smtp; 550 5.1.1 no such user");
        outcome.Address.ShouldBe("gone@firm.example");
        m.DeliveryReport.OriginalMessageId.ShouldBe("out.7@amends.example");
    }

    [Fact]
    public void A_mail_in_which_everything_is_wrong_is_still_read()
    {
        var m = Read("everything-wrong");
        MailProbe.Everything(m);
        m.Defects.ShouldNotContain(d => d.Kind == DefectKind.ReaderFault);
        m.From.ShouldContain(f => f.Address == "x@y.example");
        m.Files.ShouldContain(f => f.Message != null && f.Message.Subject == "inner");
        m.Date.ShouldBeNull();
    }

    [Fact]
    public void A_western_mail_that_declares_nothing()
    {
        var m = Read("western-without-a-word");
        m.From[0].DisplayName.ShouldBe("Jörg");
        m.TextBody.ShouldBe("Schöne Grüße aus Köln\n");
    }

    [Fact]
    public void An_answer_to_an_invitation()
    {
        var m = Read("invitation");
        m.Origin.Kind.ShouldBe(MailKind.CalendarAnswer);
        m.TextBody.ShouldBe("I come.");
        m.Files.ShouldBeEmpty();
        m.Calendar.ShouldNotBeNull();
    }
}
