using System.Net;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Trust;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

/// <summary>What a reply's mail is made of, read back from its bytes, and who signs it.</summary>
public class ReplyLooksTests
{
    const string Long = "The seal of your pump has come off, which is why it stops after ten minutes: the water runs back into the motor and the thermostat switches it off.";

    static async Task<MailMessage> Reply(Post post, string text, long number, string once)
    {
        var page = await post.Desk.See($"/cases/{number}/reply");
        (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", text), ("next", "open"), ("once", once))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        return (await post.LastTo("maria@casaverde.example")).Mail;
    }

    static async Task<long> Case(Post post)
    {
        var first = await post.SendAndRead(Amends.Tests.Contacts.Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump <b>stops</b> & drips.\n\n> said before"));
        return (await post.CaseOf(first!.CaseId)).Number;
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_reads_well_as_text_and_looks_right_as_html(On on)
    {
        await using var post = await Post.Open(on);
        var page = await post.Desk.See($"/settings/brands/{post.Brand}");
        (await post.Desk.SendFiles(page, $"/settings/brands/{post.Brand}", [("logo", "logo.png", FarServer.Png)], ("name", "Casa Verde"), ("colour", "#117744"), ("signature", "{agent.firstName} of {team.name}\n{brand.name}"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var mail = await Reply(post, Long + "\n\n- a new **seal**\n- [how it is put in](https://casaverde.example/seals?a=1&b=2)\n\n<img src=x onerror=alert(1)>", await Case(post), "one");
        mail.Defects.ShouldBeEmpty();

        // Text: folded for who reads it raw, whole for who knows the format; links written out, the signature behind its mark, the quote last.
        var part = mail.Root.All().Single(p => p.MediaType == "text/plain");
        part.ContentType["format"].ShouldBe("flowed");
        System.Text.Encoding.UTF8.GetString(part.Decode().Span).Split("\r\n").ShouldAllBe(line => line.Length <= 78 || !line.Contains(' ', StringComparison.Ordinal));
        var text = mail.TextBody!;
        text.ShouldContain(Long);
        text.ShouldContain("- how it is put in <https://casaverde.example/seals?a=1&b=2>");
        text.ShouldContain("-- \nBen of Service\nCasa Verde");
        text.ShouldContain("> The pump <b>stops</b> & drips.");
        text.IndexOf("-- \n", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("/c/", StringComparison.Ordinal));
        text.IndexOf("/c/", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("> The pump", StringComparison.Ordinal));
        // Our own reader finds what is new in it.
        ReplyText.Split(text).NewText.ShouldContain("a new seal");

        // HTML: styles on the elements, no script, no ground or ink of its own but under the logo, and nothing from elsewhere.
        var html = new HtmlParser().ParseDocument(mail.HtmlBody!);
        html.QuerySelectorAll("script, style, link, iframe, table, form").ShouldBeEmpty();
        html.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content").ShouldBe("light dark");
        NoInk(html);
        html.QuerySelectorAll("p, ul, blockquote").ShouldAllBe(e => e.HasAttribute("style"));
        html.QuerySelectorAll("[src]").Select(e => e.GetAttribute("src")).ShouldBe(["cid:logo@amends"]);
        html.QuerySelector("img")!.GetAttribute("alt").ShouldBe("Casa Verde");
        mail.InlineFiles.Single().ContentId.ShouldBe("logo@amends");
        html.QuerySelector("strong")!.TextContent.ShouldBe("seal");
        html.QuerySelector("blockquote[type=cite]")!.TextContent.ShouldContain("The pump <b>stops</b> & drips.");
        html.QuerySelectorAll("a").Select(a => new Uri(a.GetAttribute("href")!).AbsolutePath).ShouldContain(p => p.StartsWith("/c/", StringComparison.Ordinal));
        html.Body!.TextContent.ShouldContain("<img src=x onerror=alert(1)>");
        ReplyText.SplitHtml(mail.HtmlBody!).NewHtml.ShouldContain("seal");
        ReplyText.SplitHtml(mail.HtmlBody!).NewHtml.ShouldNotContain("drips");

        // And without a picture its name beside its colour.
        (await post.Desk.Send(await post.Desk.See($"/settings/brands/{post.Brand}"), $"/settings/brands/{post.Brand}", ("nologo", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var plain = await Reply(post, "Again.", await Case(post), "two");
        plain.InlineFiles.ShouldBeEmpty();
        plain.HtmlBody!.ShouldContain("border-left:4px solid #117744");
        plain.HtmlBody!.ShouldNotContain("cid:");
        NoInk(new HtmlParser().ParseDocument(plain.HtmlBody!));
    }

    // What sets neither ground nor letters follows a dark client.
    static void NoInk(IDocument html) => html.All.Where(e => e.LocalName != "img").SelectMany(e => (e.GetAttribute("style") ?? "").Split(';')).Select(s => s.Split(':')[0].Trim()).Where(s => s is "color" || s.StartsWith("background", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A36_a_mailbox_signs_with_named_fields_and_nothing_else(On on)
    {
        await using var post = await Post.Open(on);
        var number = await Case(post);
        async Task<Seen> Sign(string signature) => await post.Desk.Post($"/settings/mailboxes/{post.Mailbox}", ("signature", signature));
        foreach (var wrong in (string[])["{agent.password}", "{customer.name}", "{agent.name.length}"]) (await Sign(wrong)).Error("signature")!.ShouldContain(wrong);
        // What is no field is what it is: letters.
        (await Sign("{agent.name}, {team.name}\n{brand.name} {{7*7}} ${x} {%y%} <b>{agent.firstName}</b>")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            await db.Set<Colleague>().Where(c => c.Id == post.Ben).ExecuteUpdateAsync(c => c.SetProperty(x => x.Name, "{brand.name} {team.name} Kim").SetProperty(x => x.Signature, "My own"));
            var brand = await db.Load<Brand>(post.Brand);
            (brand.Name, brand.Signature) = ("Casa {agent.name}", "Of the brand");
            brand.Changed();
        });
        const string filled = "{brand.name} {team.name} Kim, Service\nCasa {agent.name} {{7*7}} ${x} {%y%} <b>{brand.name}</b>";
        (await post.Desk.See($"/cases/{number}/reply")).Text("details.signature p").ShouldBe(filled);
        var mail = await Reply(post, "Hello.", number, "one");
        mail.TextBody!.ShouldContain("-- \n" + filled);
        new HtmlParser().ParseDocument(mail.HtmlBody!).Body!.TextContent.ShouldContain("Service\nCasa {agent.name} {{7*7}} ${x} {%y%} <b>{brand.name}</b>");
        (await post.Desk.See($"/settings/mailboxes/{post.Mailbox}")).Document.QuerySelector("iframe")!.GetAttribute("src").ShouldBe($"/settings/mailboxes/{post.Mailbox}/preview");
        (await post.Desk.See($"/settings/mailboxes/{post.Mailbox}/preview")).Document.Body!.TextContent.ShouldContain("{brand.name} {team.name} Kim, Service");
        // Without the mailbox's the writer's own, without that the brand's.
        (await Sign("")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Reply(post, "Hello.", await Case(post), "two")).TextBody!.ShouldContain("-- \nMy own");
        await post.House.Write.Run(Actor.System("test"), null, db => db.Set<Colleague>().Where(c => c.Id == post.Ben).ExecuteUpdateAsync(c => c.SetProperty(x => x.Signature, (string?)null)));
        (await Reply(post, "Hello.", await Case(post), "three")).TextBody!.ShouldContain("-- \nOf the brand");
        (await post.Desk.See($"/cases/{number}/reply")).Text(".who-sees")!.ShouldContain("service@amends.example");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A04_a_logo_is_a_picture_of_a_sane_size(On on)
    {
        await using var post = await Post.Open(on);
        var path = $"/settings/brands/{post.Brand}";
        var page = await post.Desk.See(path);
        foreach (var (name, bytes) in new[] { ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()), ("logo.png", "<!doctype html><script>alert(1)</script>"u8.ToArray()), ("large.png", [.. FarServer.Png, .. new byte[300_000]]) })
        {
            var no = await post.Desk.SendFiles(page, path, [("logo", name, bytes)], ("name", "Kept as typed"));
            no.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, name);
            no.Error("logo").ShouldNotBeNull(name);
            no.Value("name").ShouldBe("Kept as typed");
        }
        (await post.Desk.See(path + "/logo")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await post.Desk.SendFiles(page, path, [("logo", "logo.html", FarServer.Png)])).Status.ShouldBe(HttpStatusCode.SeeOther);
        var logo = await post.Desk.See(path + "/logo");
        (logo.Answer.Content.Headers.ContentType!.MediaType, logo.Answer.Headers.GetValues("Content-Security-Policy").Single()).ShouldBe(("image/png", "default-src 'none'; sandbox"));
    }
}
