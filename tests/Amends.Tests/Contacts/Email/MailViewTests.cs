using System.Net;
using System.Text;
using Amends.Contacts;
using Amends.Contacts.Email;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

/// <summary>A mail as it came: its own pictures, its quotes, its paper.</summary>
public class MailViewTests
{
    static byte[] Related(string html, params (string Headers, byte[] Bytes)[] parts)
    {
        var raw = new StringBuilder(string.Join("\r\n", ["From: Eve <eve@customer.example>", "To: service@amends.example", "Subject: With pictures", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "MIME-Version: 1.0",
            "Content-Type: multipart/related; boundary=b1", "", "--b1", "Content-Type: text/html; charset=utf-8", "Content-Location: http://shop.example/news/today.html", "", html, ""]));
        foreach (var (headers, bytes) in parts) raw.Append(string.Join("\r\n", ["--b1", headers, "Content-Transfer-Encoding: base64", "", Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks), ""]));
        return Encoding.UTF8.GetBytes(raw.Append("--b1--\r\n").ToString());
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Pictures_of_the_mail_itself_are_shown_by_their_id_and_by_their_place(On on)
    {
        await using var post = await Post.Open(on);
        var contact = (await post.SendAndRead(Related("<p>See</p><img src=\"cid:one@x\"><img src=\"img/two.png\"><img src=\"http://shop.example/three.png\"><img src=\"cid:drawing@x\"><img src=\"http://shop.example/not-here.png\">",
            ("Content-Type: image/png\r\nContent-ID: <one@x>\r\nContent-Disposition: inline; filename=one.png", FarServer.Png),
            ("Content-Type: image/png\r\nContent-Location: img/two.png", FarServer.Png),
            ("Content-Type: image/png\r\nContent-Location: http://shop.example/three.png", FarServer.Png),
            ("Content-Type: image/png\r\nContent-ID: <drawing@x>", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()),
            ("Content-Type: application/pdf\r\nContent-ID: <part5@x>\r\nContent-Disposition: attachment; filename=offer.pdf", "%PDF-1.4 offer"u8.ToArray()),
            ("Content-Type: image/png\r\nContent-ID: <screen@x>\r\nContent-Disposition: inline; filename=screen.png", [.. FarServer.Png, .. new byte[40_000]]))))!;
        var seen = await post.Desk.See($"/contacts/{contact.Id}/html");
        var sources = seen.Document.Images.Select(i => i.GetAttribute("src")).ToList();
        var png = "data:image/png;base64," + Convert.ToBase64String(FarServer.Png);
        // What claims to be a picture and is none, and what lies elsewhere, are not.
        sources.ShouldBe([png, png, png, null, null]);
        // What the mail only gave an id is an attachment as any other; what it shows small within is not listed again.
        using var db = post.House.Databases.Open();
        var number = (await post.CaseOf(contact.CaseId)).Number;
        var listed = (await post.Desk.See($"/cases/{number}")).Document.QuerySelectorAll("#timeline .file").Select(f => f.QuerySelector("img")?.GetAttribute("alt") ?? f.TextContent).ToList();
        listed.ShouldContain(f => f.Contains("offer.pdf", StringComparison.Ordinal));
        listed.ShouldContain(f => f.Contains("screen.png", StringComparison.Ordinal));
        listed.ShouldNotContain(f => f.Contains("one.png", StringComparison.Ordinal));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_picture_that_is_named_again_and_again_does_not_fill_the_memory(On on)
    {
        await using var post = await Post.Open(on);
        var images = string.Concat(Enumerable.Repeat("<img src=\"cid:one@x\"><img src=\"img/one.png\">", 200));
        var contact = (await post.SendAndRead(Related("<p>See</p>" + images, ("Content-Type: image/png\r\nContent-ID: <one@x>\r\nContent-Location: img/one.png\r\nContent-Disposition: inline; filename=one.png", [.. FarServer.Png, .. new byte[1_000_000]]))))!;
        var seen = await post.Desk.See($"/contacts/{contact.Id}/html");
        seen.Status.ShouldBe(HttpStatusCode.OK);
        seen.Body.Length.ShouldBeLessThan(18_000_000);
        var shown = seen.Document.Images.Select(i => i.GetAttribute("src") is not null).ToList();
        shown.Count.ShouldBe(400);
        shown.Count(s => s).ShouldBeInRange(8, 16);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mail_is_printed_whole_under_its_head_and_is_at_hand_as_text(On on)
    {
        await using var post = await Post.Open(on);
        var contact = (await post.SendAndRead(Related("<p>New <b>words</b></p><div class=gmail_quote>On Monday Ann wrote:<blockquote>old words</blockquote></div><script>alert(1)</script>")))!;
        var shown = await post.Desk.See($"/contacts/{contact.Id}/html");
        shown.Text("details")!.ShouldContain("old words");
        var print = await post.Desk.See($"/contacts/{contact.Id}/print");
        print.Status.ShouldBe(HttpStatusCode.OK);
        (print.Document.QuerySelector("details"), print.Document.QuerySelector("script"), print.Document.QuerySelector("form"), print.Document.QuerySelector("button")).ShouldBe((null, null, null, null));
        print.Body.ShouldContain("old words");
        print.Text("h1").ShouldBe("With pictures");
        print.Text(".head")!.ShouldContain("eve@customer.example");
        print.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldEndWith("sandbox " + SafeHtml.ViewerSandbox);
        var text = await post.Desk.See($"/contacts/{contact.Id}/original?as=text");
        text.Text("pre")!.ShouldContain("New words");
        text.Document.QuerySelector("iframe").ShouldBeNull();
    }

    public static TheoryData<string, string, string, string> Quotes => new()
    {
        { "Outlook's line", "<div class=WordSection1><p>It works now.</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p><b>From:</b> Service<br><b>Sent:</b> Monday<br><b>To:</b> Eve<br><b>Subject:</b> Pump</p></div><p>We sent a part.</p></div>", "It works now.", "We sent a part." },
        { "Outlook on the web", "<div>It works now.</div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Service</div><div>We sent a part.</div>", "It works now.", "We sent a part." },
        { "Gmail", "<div dir=ltr>It works now.</div><br><div class=\"gmail_quote\"><div class=gmail_attr>On Mon, 5 Oct 2026 at 10:00, Service &lt;s@x.example&gt; wrote:</div><blockquote class=gmail_quote>We sent a part.</blockquote></div>", "It works now.", "We sent a part." },
        { "Apple Mail", "<div>It works now.</div><div><br><blockquote type=\"cite\"><div>On 5 Oct 2026, at 10:00, Service wrote:</div><div>We sent a part.</div></blockquote></div>", "It works now.", "We sent a part." },
        { "a quote of no known program", "<p>It works now.</p>\r\n<p>On Mon, 5 Oct 2026 at 10:00, Service &lt;s@x.example&gt; wrote:</p>\r\n<blockquote style=\"margin:0\">We sent a part.</blockquote>\r\n<p>And thank you.</p>", "It works now.|And thank you.", "We sent a part." },
        { "Fastmail", "<div>It works now.</div><div>On Mon, 5 Oct 2026, at 10:00 AM, Service wrote:</div><blockquote type=cite id=fastmail-quoted class=fastmail-quote><div>We sent a part.</div></blockquote>", "It works now.", "We sent a part." },
    };

    [Theory, MemberData(nameof(Quotes))]
    public void Quotes_are_folded_and_what_is_new_is_not(string program, string html, string open, string folded)
    {
        var seen = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(SafeHtml.Clean(html).Html);
        var fold = seen.QuerySelectorAll("details");
        string.Concat(fold.Select(f => f.TextContent)).ShouldContain(folded, customMessage: program);
        fold.ShouldAllBe(f => f.QuerySelector("summary") != null);
        var outside = seen.Body!.TextContent;
        foreach (var one in fold) outside = outside.Replace(one.TextContent, "", StringComparison.Ordinal);
        foreach (var words in open.Split('|')) outside.ShouldContain(words, customMessage: program);
    }

    [Theory]
    [InlineData("<p>See below.</p><div class=gmail_quote>---------- Forwarded message ---------<br>From: Bob<br>The pump drips.</div>")]
    [InlineData("<blockquote type=cite>All that he sent.</blockquote>")]
    public void What_is_forwarded_or_all_there_is_stays_open(string html) => SafeHtml.Clean(html).Html.ShouldNotContain("<details");

    [Fact]
    public void A_mail_with_colours_of_its_own_stays_on_light_paper()
    {
        string Page(string html) => SafeHtml.ViewerDocument(SafeHtml.Clean(html), null, ViewerPaper.Dark);
        foreach (var html in (string[])["<p>Plain words</p>", "<p>Words</p><img src=\"cid:logo\" style=\"background-color:#ffffff\">"]) Page(html).ShouldContain("<html class=dark>", customMessage: html);
        foreach (var html in (string[])["<p style=\"color:#1f497d\">x</p>", "<table bgcolor=white><tr><td>x</table>", "<body style=\"background:#fff\">x", "<font color=black>x</font>", "<p style=\"border:1px solid;background:white\">x</p>"])
            Page(html).ShouldContain("<html>", customMessage: html);
    }
}
