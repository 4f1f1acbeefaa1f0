using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>Who is named in copy gets nothing before a yes, and never what was said before (A15).</summary>
public class FollowerTests
{
    const string Maria = "maria@casaverde.example", Attacker = "attacker@evil.example", Secret = "zq-serial-4711";

    static async Task<List<string>> SentTo(Post post, string address)
    {
        using var db = post.House.Databases.Open();
        var all = new List<string>();
        foreach (var row in await db.Set<OutgoingMail>().Where(m => m.Recipients.Any(r => r.Address == address)).OrderBy(m => m.Id).ToListAsync())
            all.Add(Amends.Mail.MailMessage.Read(await post.House.Get<BlobStore>().Read(await db.Set<Blob>().SingleAsync(b => b.Id == row.BlobId))) is var mail ? $"{mail.TextBody}\n{mail.HtmlBody}\n{Encoding.UTF8.GetString(mail.Raw.Span)}" : "");
        return all;
    }

    static async Task<Seen> Reply(Post post, long number, string text, params (string, string?)[] more)
    {
        var seen = await post.Desk.Post($"/cases/{number}/reply", [("text", text), ("next", "open"), ("anyway", "true"), .. more]);
        await post.Pass(TimeSpan.FromSeconds(11));
        return seen;
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A15_an_attacker_in_copy_gets_nothing_before_a_yes_and_no_earlier_word_after_it(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail($"Maria <{Maria}>", "Pump stops", $"It stops, {Secret}-first.", "m1@casaverde.example"));
        var one = await post.CaseOf(first!.CaseId);
        (await Reply(post, one.Number, $"Thank you, {Secret}-answer.")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        // Somebody in her name, with himself in copy; in blind copy, another one.
        var taken = await post.SendAndRead(Post.Mail($"Maria <{Maria}>", "Re: Pump stops", $"Please keep him in copy, {Secret}-second.", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>", $"Cc: Mallory <{Attacker}>, ben.kim@amends.example, Service <service@amends.example>", "Bcc: blind@evil.example"));
        taken!.CaseId.ShouldBe(one.Id);
        using (var db = post.House.Databases.Open())
        {
            var proposed = await db.Set<MailFollower>().SingleAsync();
            (proposed.Address, proposed.State, proposed.ContactId).ShouldBe((Attacker, FollowerState.Proposed, taken.Id));
        }
        var page = await post.Desk.See($"/cases/{one.Number}");
        page.Body.ShouldNotContain("blind@evil.example");
        page.Value("cc").ShouldBeNullOrEmpty();
        page.Text(".in-copy")!.ShouldContain(Attacker);
        (await Reply(post, one.Number, $"We look, {Secret}-third.")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await SentTo(post, Attacker)).ShouldBeEmpty("0 bytes");
        // His own answer joins nothing.
        (await post.SendAndRead(Post.Mail(Attacker, "Re: Pump stops [#1001]", "Let me in.", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>")))!.CaseId.ShouldNotBe(one.Id);

        long id;
        using (var db = post.House.Databases.Open()) id = await db.Set<MailFollower>().Where(f => f.CaseId == one.Id).Select(f => f.Id).SingleAsync();
        (await post.Desk.PostFrom($"/cases/{one.Number}", $"/cases/{one.Number}/followers/{id}", ("answer", "yes"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await SentTo(post, Attacker)).ShouldBeEmpty("a yes sends nothing by itself");
        (await post.Desk.See($"/cases/{one.Number}")).Value("cc")!.ShouldContain(Attacker);
        (await Reply(post, one.Number, "The part comes on Monday.")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        var got = await SentTo(post, Attacker);
        got.Count.ShouldBe(1);
        got[0].ShouldContain("The part comes on Monday.");
        foreach (var earlier in (string[])["first", "answer", "second", "third"]) got[0].ShouldNotContain($"{Secret}-{earlier}");
        got[0].ShouldNotContain("/c/", Shouldly.Case.Sensitive, "the page is the customer's");
        // To her alone what she wrote stands below, and the link.
        (await post.Desk.PostFrom($"/cases/{one.Number}", $"/cases/{one.Number}/followers/{id}", ("answer", "no"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await post.Desk.See($"/cases/{one.Number}")).Value("cc").ShouldBeNullOrEmpty();
        (await Reply(post, one.Number, "It is on its way.")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await SentTo(post, Attacker)).Count.ShouldBe(1);
        var hers = (await SentTo(post, Maria))[^1];
        hers.ShouldContain($"{Secret}-second");
        hers.ShouldContain("/c/");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A15_the_customer_decides_on_the_own_page_behind_the_code_and_a_link_alone_decides_nothing(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail($"Maria <{Maria}>", "Pump stops", "It stops.", "m1@casaverde.example", "service@amends.example", "Cc: Paul <paul@casaverde.example>, Eve <eve@evil.example>"));
        var one = await post.CaseOf(first!.CaseId);
        await Reply(post, one.Number, "We look.");
        var path = new Uri((await post.LastTo(Maria)).Mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        using var browser = post.House.Client();
        var page = await browser.See(path);
        page.Body.ShouldNotContain("paul@casaverde.example");
        List<MailFollower> both;
        using (var db = post.House.Databases.Open()) both = await db.Set<MailFollower>().OrderBy(f => f.Id).ToListAsync();
        (await browser.Send(page, $"{path}/followers/{both[0].Id}", ("answer", "yes"))).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await browser.Send(page, path + "/code")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo(Maria)).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        (await browser.Send(page, path + "/open", ("code", code))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        page = await browser.See(path);
        page.Body.ShouldContain("paul@casaverde.example");
        (await browser.Send(page, $"{path}/followers/{both[0].Id}", ("answer", "yes"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await browser.Send(page, $"{path}/followers/{both[1].Id}", ("answer", "no"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        using (var db = post.House.Databases.Open()) (await db.Set<MailFollower>().OrderBy(f => f.Id).Select(f => f.State).ToListAsync()).ShouldBe([FollowerState.Confirmed, FollowerState.Refused]);
        (await post.Desk.See($"/cases/{one.Number}")).Value("cc").ShouldBe("Paul <paul@casaverde.example>");
        // Paul is part of it now; Eve is not.
        (await post.SendAndRead(Post.Mail("paul@casaverde.example", "Re: Pump stops", "I can help.", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>", "Authentication-Results: x")))!.CaseId.ShouldNotBe(one.Id, "not by her own thread, which only her customer knows");
        var ours = (await post.LastTo(Maria)).Row.MessageId;
        using (var db = post.House.Databases.Open()) ours = await db.Set<OutgoingMail>().Where(m => m.ContactId != null).OrderByDescending(m => m.Id).Select(m => m.MessageId).FirstAsync();
        (await post.SendAndRead(Post.Mail("paul@casaverde.example", "Re: Pump stops", "I can help.", null, "service@amends.example", $"In-Reply-To: <{ours}>")))!.CaseId.ShouldBe(one.Id);
        (await post.SendAndRead(Post.Mail("eve@evil.example", "Re: Pump stops", "Me too.", null, "service@amends.example", $"In-Reply-To: <{ours}>")))!.CaseId.ShouldNotBe(one.Id);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A15_whom_another_customer_named_on_a_merged_case_is_neither_shown_nor_decided(On on)
    {
        const string zed = "zed@other.example";
        await using var post = await Post.Open(on);
        var hers = await post.CaseOf((await post.SendAndRead(Post.Mail($"Maria <{Maria}>", "Pump stops", "It stops.", null, "service@amends.example", "Cc: Paul <paul@casaverde.example>")))!.CaseId);
        var his = await post.CaseOf((await post.SendAndRead(Post.Mail($"Zed <{zed}>", "Same pump", "Mine too.", null, "service@amends.example", "Cc: Ida <ida@other.example>")))!.CaseId);
        await Reply(post, his.Number, "We look.");
        var path = new Uri((await post.LastTo(zed)).Mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        await post.House.Write.Run(Actor.System("test"), null, async db =>
            await MergeCase.Into(db, await db.LoadCase(Who.House("test"), his.Number, null), await db.LoadCase(Who.House("test"), hers.Number, null), post.Ben, post.House.Get<CaseSearch>()));
        using var browser = post.House.Client();
        var page = await browser.See(path);
        (await browser.Send(page, path + "/code")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo(zed)).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        (await browser.Send(page, path + "/open", ("code", code))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        page = await browser.See(path);
        page.Body.ShouldContain("ida@other.example");
        page.Body.ShouldNotContain("paul@casaverde.example");
        List<MailFollower> both;
        using (var db = post.House.Databases.Open()) both = await db.Set<MailFollower>().OrderBy(f => f.Id).ToListAsync();
        (await browser.Send(page, $"{path}/followers/{both.Single(f => f.CaseId == hers.Id).Id}", ("answer", "yes"))).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await browser.Send(page, $"{path}/followers/{both.Single(f => f.CaseId == his.Id).Id}", ("answer", "yes"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A15_of_a_mail_to_very_many_only_some_are_proposed_and_forged_or_automatic_mail_proposes_nobody(On on)
    {
        await using var post = await Post.Open(on);
        var many = string.Join(", ", Enumerable.Range(0, 200).Select(n => $"p{n}@crowd.example"));
        await post.SendAndRead(Post.Mail(Maria, "To all", "Hello.", null, "service@amends.example", "Cc: " + many));
        using (var db = post.House.Databases.Open()) (await db.Set<MailFollower>().CountAsync()).ShouldBe(50);
        await post.SendAndRead(Post.Mail("other@casaverde.example", "Away", "Hello.", null, "service@amends.example", "Auto-Submitted: auto-replied", $"Cc: {Attacker}"));
        using (var db = post.House.Databases.Open()) (await db.Set<MailFollower>().CountAsync()).ShouldBe(50);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Thirty_people_in_copy_are_one_question_and_one_line(On on)
    {
        await using var post = await Post.Open(on);
        var names = Enumerable.Range(1, 30).Select(i => $"p{i:00}@plant.example").ToList();
        var first = await post.SendAndRead(Post.Mail($"Maria <{Maria}>", "Pump stops", "It stops.", null, "service@amends.example", $"Cc: {string.Join(",\r\n ", names)}, ben.kim@amends.example"));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        async Task<List<MailFollower>> All()
        {
            using var db = post.House.Databases.Open();
            return await db.Set<MailFollower>().OrderBy(f => f.Id).ToListAsync();
        }
        var all = await All();
        all.Select(f => f.Address).ShouldBe(names, "each of them, and no colleague");
        var page = await post.Desk.See($"/cases/{number}");
        page.Document.QuerySelectorAll("form[action$='/followers']").Length.ShouldBe(1);
        page.Document.QuerySelectorAll("form[action*='/followers/']").Length.ShouldBe(0);
        page.Text("form[action$='/followers'] > p")!.ShouldContain("and 27 more");
        var copied = page.Document.QuerySelector("#reply-form .copied")!;
        copied.QuerySelector("details summary")!.TextContent.ShouldBe("and 27 more");
        copied.ChildNodes.Where(n => n.NodeName == "#text").Sum(n => n.TextContent.Split('@').Length - 1).ShouldBe(3);
        page.Document.QuerySelector("#reply-form .for-cc")!.TextContent.ShouldStartWith("Without history and link, because others read it");
        // No answer is no answer; one whose name came while the page stood open is asked about later.
        (await post.Desk.Send(page, $"/cases/{number}/followers")).Status.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        (await post.Desk.Send(page, $"/cases/{number}/followers", ("answer", "ticked"), ("asked", string.Join(',', all.SkipLast(1).Select(f => f.Id))), ("who", all[4].Id.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("who", all[7].Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await All()).Select(f => f.State).ShouldBe(all.Select((f, i) => i is 4 or 7 ? FollowerState.Confirmed : i == 29 ? FollowerState.Proposed : FollowerState.Refused));
        page = await post.Desk.See($"/cases/{number}");
        page.Value("cc").ShouldBe("p05@plant.example, p08@plant.example");
        page.Document.QuerySelectorAll(".in-copy > li").Length.ShouldBe(30);
        page.Document.QuerySelectorAll("section.panel > .in-copy > li").Length.ShouldBe(3);
        // One that is left is asked about by name; yes for all is a yes for those who wait for one.
        (await post.Desk.Send(page, $"/cases/{number}/followers", ("answer", "yes"), ("asked", string.Join(',', all.Select(f => f.Id))))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await All()).Count(f => f.State == FollowerState.Confirmed).ShouldBe(3);
    }
}
