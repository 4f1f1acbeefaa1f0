using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

public class PublicTests
{
    static (string, string?)[] Ask(string address, string text = "The pump stops.", string subject = "Pump stops") =>
        [("name", "Maria Lopez"), ("address", address), ("subject", subject), ("text", text), ("whom", "me")];

    static async Task<string> ActionOf(Seen page) => await Task.FromResult(page.Document.QuerySelector("form")!.GetAttribute("action")!);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_customer_asks_without_an_account_and_follows_the_link_of_the_mail(On on)
    {
        await using var post = await Post.Open(on);
        using var browser = post.House.Client();
        var page = await browser.See("/ask");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        page.Body.ShouldContain("class=\"public\"");
        var wrong = await browser.Send(page, await ActionOf(page), Ask("not an address"));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Error("address").ShouldNotBeNull();
        wrong.Value("text").ShouldBe("The pump stops.");
        var thanks = await browser.SendFiles(wrong, await ActionOf(wrong), [("files", "floor.txt", "wet"u8.ToArray())], Ask("maria@casaverde.example"));
        thanks.Status.ShouldBe(HttpStatusCode.OK, thanks.Body);
        thanks.Text(".reference")!.ShouldContain("1001");
        thanks.Body.ShouldNotContain("/c/");
        await post.Quiet();
        var mail = (await post.LastTo("maria@casaverde.example")).Mail;
        var link = mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim();
        var path = new Uri(link).AbsolutePath;
        var seen = await browser.See(path);
        seen.Status.ShouldBe(HttpStatusCode.OK, seen.Body);
        seen.Text(".state").ShouldBe("We have heard you");
        seen.Body.ShouldContain("next in line");
        // The link shows where it stands, and not what was said.
        seen.Body.ShouldNotContain("The pump stops.");
        seen.Body.ShouldNotContain("Service");
        seen.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);

        (await browser.Send(seen, path + "/write", ("text", ""))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Send(seen, path + "/write", ("text", "It also smells."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        using var db = post.House.Databases.Open();
        var all = await db.Set<Contact>().OrderBy(c => c.Id).ToListAsync();
        all.Select(c => (c.Channel, c.Why)).ShouldBe([(Channel.Web, WhyHere.NewCase), (Channel.Portal, WhyHere.Link)]);

        (await browser.Send(seen, path + "/code")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo("maria@casaverde.example")).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        var wrongCode = code == "000000" ? "000001" : "000000";
        for (var i = 0; i < 4; i++) (await browser.Send(seen, path + "/open", ("code", wrongCode))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Send(seen, path + "/open", ("code", code))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var open = await browser.See(path);
        open.Body.ShouldContain("The pump stops.");
        open.Body.ShouldContain("It also smells.");
        var file = open.Document.QuerySelector("a.file")!.GetAttribute("href")!;
        (await browser.See(file)).Body.ShouldBe("wet");
        using var other = post.House.Client();
        (await other.See(file)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.Send(seen, path + "/open", ("code", code))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a code serves once");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_code_is_dead_after_five_wrong_tries_and_after_fifteen_minutes(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, path, _) = await WithLink(post);
        using var __ = browser;
        async Task<string> Code()
        {
            (await browser.Send(await browser.See(path), path + "/code")).Status.ShouldBe(HttpStatusCode.SeeOther);
            await post.Quiet();
            return (await post.LastTo("maria@casaverde.example")).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        }
        var first = await Code();
        var page = await browser.See(path);
        for (var i = 0; i < 5; i++) await browser.Send(page, path + "/open", ("code", first == "111111" ? "222222" : "111111"));
        (await browser.Send(page, path + "/open", ("code", first))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var second = await Code();
        post.House.Clock.Advance(TimeSpan.FromMinutes(16));
        (await browser.Send(page, path + "/open", ("code", second))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    static async Task<(HttpClient Browser, string Path, Case One)> WithLink(Post post)
    {
        var browser = post.House.Client();
        var page = await browser.See("/ask");
        (await browser.Send(page, await ActionOf(page), Ask("maria@casaverde.example"))).Status.ShouldBe(HttpStatusCode.OK);
        await post.Quiet();
        var link = (await post.LastTo("maria@casaverde.example")).Mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim();
        using var db = post.House.Databases.Open();
        return (browser, new Uri(link).AbsolutePath, await db.CasesVisibleTo(Who.House("test")).SingleAsync());
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Whether_it_is_solved_is_answered_by_a_button_and_never_by_looking(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, path, one) = await WithLink(post);
        using var _ = browser;
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("sent a new one", post.Ben, db.At));
        for (var i = 0; i < 20; i++) (await browser.See(path + "/solved?answer=yes")).Status.ShouldBe(HttpStatusCode.OK);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
        (await browser.Send(await browser.See(path + "/solved?answer=no"), path + "/solved", ("answer", "no"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("sent another", post.Ben, db.At));
        (await browser.Send(await browser.See(path), path + "/solved", ("answer", "yes"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var now = await post.CaseOf(one.Id);
        (now.State, now.Confirmation).ShouldBe((CaseState.Confirmed, ConfirmedHow.ByCustomer));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_a_link_ends_when_it_is_revoked_and_ninety_days_after_closing_and_none_is_guessed(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, path, one) = await WithLink(post);
        using var _ = browser;
        foreach (var guess in (string[])["/c/" + new string('a', 22), path[..^1], path + "a", path[..^1] + (path[^1] == 'A' ? 'Q' : 'A'), "/c/%20", "/c/*"])
            (await browser.See(guess)).Status.ShouldBe(HttpStatusCode.NotFound, guess);
        // A second link, to be revoked; the first one ends by time.
        var number = one.Number;
        async Task Links(bool revoke)
        {
            using var desk = await post.House.ClientOf(post.Ben);
            var page = await desk.See($"/cases/{number}/reply");
            if (revoke) (await desk.Send(page, $"/cases/{number}/links/revoke")).Status.ShouldBe(HttpStatusCode.SeeOther);
            else (await desk.Send(page, $"/cases/{number}/reply", ("text", "We come."), ("next", "resolve"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        }
        await Links(revoke: true);
        (await browser.See(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        await Links(revoke: false);
        await post.Pass(TimeSpan.FromSeconds(11));
        var second = new Uri((await post.LastTo("maria@casaverde.example")).Mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), number, null)).Close(db.At));
        post.House.Clock.Set(post.House.Clock.GetUtcNow().AddDays(89));
        (await browser.See(second)).Status.ShouldBe(HttpStatusCode.OK);
        post.House.Clock.Set(post.House.Clock.GetUtcNow().AddDays(2));
        (await browser.See(second)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A21_the_form_sends_a_victim_one_mail_a_day_without_a_word_of_the_attacker(On on)
    {
        await using var post = await Post.Open(on);
        using var browser = post.House.Client();
        var page = await browser.See("/ask");
        var sent = 0;
        for (var i = 0; i < 40; i++)
        {
            var answer = await browser.Send(page, await ActionOf(page), [("name", "BUY NOW http://evil.example"), ("address", "victim@elsewhere.example"), ("subject", "Cheap pills " + i), ("text", "Visit evil.example"), ("whom", "me"), ("once", Guid.NewGuid().ToString("N"))]);
            if (answer.Status == HttpStatusCode.OK) sent++;
        }
        sent.ShouldBe(20, "the network's limit");
        await post.Quiet();
        using var db = post.House.Databases.Open();
        var mails = await db.Set<OutgoingMail>().Where(m => m.Recipients.Any(r => r.Address == "victim@elsewhere.example")).ToListAsync();
        mails.Count.ShouldBe(1);
        mails[0].From.ShouldBe("", "it must not come back");
        var (_, mail) = await post.LastTo("victim@elsewhere.example");
        var raw = System.Text.Encoding.UTF8.GetString(mail.Raw.Span);
        foreach (var word in (string[])["evil", "pills", "BUY"]) raw.ShouldNotContain(word);
        mail.Headers["Auto-Submitted"].ShouldBe("auto-replied");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_fills_in_the_field_that_nobody_sees_is_thanked_and_forgotten(On on)
    {
        await using var post = await Post.Open(on);
        using var browser = post.House.Client();
        var page = await browser.See("/ask");
        (await browser.Send(page, await ActionOf(page), [.. Ask("maria@casaverde.example"), ("website", "http://x")])).Status.ShouldBe(HttpStatusCode.OK);
        using var db = post.House.Databases.Open();
        (await db.Set<Contact>().CountAsync()).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A31_links_in_mails_hold_the_configured_address_whatever_a_request_names(On on)
    {
        await using var post = await Post.Open(on);
        var house = post.House;
        await house.Write.Run(Actor.System("test"), null, db => house.Get<House>().Set(db, HouseSettings.PublicUrl, "https://desk.amends.example"));
        house.Get<House>().Forget();
        using var browser = house.Client();
        var page = await browser.See("/ask");
        var n = 0;
        foreach (var host in (string[])["evil.example", "127.0.0.1:1@evil.example", "desk.amends.example.evil.example", "localhost.evil.example"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, await ActionOf(page)) { Content = new FormUrlEncodedContent(Browsing.Filled(page, await ActionOf(page), [.. Ask($"a{n}@casaverde.example"), ("once", $"k{n}")])) };
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
            request.Headers.TryAddWithoutValidation("Forwarded", $"host={host}");
            (await browser.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await post.Quiet();
            (await post.LastTo($"a{n}@casaverde.example")).Mail.TextBody!.ShouldContain("https://desk.amends.example/c/");
            n++;
        }
    }

    [Theory, InlineData("#1a7f5a"), InlineData("#ffff00"), InlineData("#000000"), InlineData("#ffffff"), InlineData("#808080")]
    public void A_brands_colour_can_be_read_whatever_it_is(string colour)
    {
        var sheet = BrandColours.Sheet(colour);
        sheet.ShouldStartWith(":root{--brand:light-dark(#");
        BrandColours.Sheet("red;}body{display:none").ShouldBe("");
    }
}
