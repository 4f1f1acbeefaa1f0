using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>Somebody tells us of it who is not the customer: each of the two sees what is his, and hears what he should know.</summary>
public class ReporterTests
{
    const string Shop = "shop@dealer.example", Maria = "maria@casaverde.example", Hers = "oleander", His = "hibiscus";

    static async Task<(HttpClient Browser, Case One)> Reported(Post post, string? forAddress = Maria, string text = $"{His}: her pump stops.")
    {
        var browser = post.House.Client();
        var page = await browser.See("/ask");
        (await browser.SendFiles(page, page.Document.QuerySelector("form")!.GetAttribute("action")!, [("files", $"{His}-photo.txt", "photo"u8.ToArray())],
            ("whom", "other"), ("for-name", "Maria Lopez"), ("for-address", forAddress), ("name", "Shop Nord"), ("address", Shop), ("subject", "Pump of Maria"), ("text", text))).Status.ShouldBe(HttpStatusCode.OK);
        await post.Quiet();
        using var db = post.House.Databases.Open();
        return (browser, await db.CasesVisibleTo(Who.House("test")).OrderByDescending(c => c.Id).FirstAsync());
    }

    static string LinkIn(Amends.Mail.MailMessage mail) => new Uri(mail.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;

    static async Task<string> LinkOf(Post post, string address) => LinkIn((await post.LastTo(address)).Mail);

    static async Task<int> MailsTo(Post post, string address)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<OutgoingMail>().CountAsync(m => m.Recipients.Any(r => r.Address == address));
    }

    // With the code that was sent to the address.
    static async Task<Seen> Opened(Post post, HttpClient browser, string path, string address)
    {
        (await browser.Send(await browser.See(path), path + "/code")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo(address)).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        (await browser.Send(await browser.See(path), path + "/open", ("code", code))).Status.ShouldBe(HttpStatusCode.SeeOther);
        return await browser.See(path);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Both_are_told_each_with_a_link_of_his_own_and_no_typed_word_goes_to_a_third(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        one.ReporterId.ShouldNotBeNull();
        (await MailsTo(post, Shop)).ShouldBe(1);
        (await MailsTo(post, Maria)).ShouldBe(1);
        var (hers, his) = ((await post.LastTo(Maria)).Mail, (await post.LastTo(Shop)).Mail);
        LinkIn(hers).ShouldNotBe(LinkIn(his));
        hers.TextBody!.ShouldContain("reported");
        foreach (var typed in (string[])[His, "Shop Nord", "Pump of Maria", "Maria Lopez"]) { hers.TextBody!.ShouldNotContain(typed); hers.Subject!.ShouldNotContain(typed); }
        // Her page says who reported it, behind the code: whoever typed the name has proved nothing, and neither has whoever holds the link.
        (await browser.See(LinkIn(hers))).Body.ShouldNotContain("Shop Nord");
        using var maria = post.House.Client();
        (await Opened(post, maria, LinkIn(hers), Maria)).Body.ShouldContain("Shop Nord");
        // A second one on the same day: the web form proves nobody, so she has one mail a day.
        var before = await MailsTo(post, Maria);
        var (again, __) = await Reported(post);
        again.Dispose();
        (await MailsTo(post, Maria)).ShouldBe(before);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Where_the_house_says_no_or_no_address_is_known_only_the_reporter_hears(On on)
    {
        await using var post = await Post.Open(on);
        await post.House.Write.Run(Actor.System("test"), null, db => post.House.Get<House>().Set(db, Reporting.TellCustomer, false));
        post.House.Get<House>().Forget();
        var (browser, _) = await Reported(post);
        browser.Dispose();
        ((await MailsTo(post, Maria)), await MailsTo(post, Shop)).ShouldBe((0, 1));
        await using var other = await Post.Open(on);
        var (second, one) = await Reported(other, forAddress: null);
        second.Dispose();
        one.ReporterId.ShouldNotBeNull();
        using var look = other.House.Databases.Open();
        (await look.Set<OutgoingMail>().CountAsync()).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_a_reporters_page_holds_no_word_and_no_file_of_the_customer(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var (hers, his) = (await LinkOf(post, Maria), await LinkOf(post, Shop));
        using var maria = post.House.Client();
        (await maria.SendFiles(await maria.See(hers), hers + "/write", [("files", $"{Hers}-photo.txt", "secret"u8.ToArray())], ("text", $"{Hers}: only for you."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        // We answer her alone, and then him alone.
        foreach (var (to, word) in new[] { (Maria, Hers + "-answer"), (Shop, His + "-answer") })
        {
            var page = await post.Desk.See($"/cases/{one.Number}/reply");
            (await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("to", to), ("text", $"About {word}."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            await post.Pass(TimeSpan.FromSeconds(11));
        }
        var before = await browser.See(his);
        before.Status.ShouldBe(HttpStatusCode.OK, before.Body);
        foreach (var word in (string[])[Hers, His, Maria, "Maria Lopez"]) before.Body.ShouldNotContain(word);
        var open = await Opened(post, browser, his, Shop);
        open.Body.ShouldContain($"{His}: her pump stops.");
        open.Body.ShouldContain(His + "-answer");
        open.Body.ShouldContain(His + "-photo.txt");
        foreach (var word in (string[])[Hers, Maria, "Maria Lopez"]) open.Body.ShouldNotContain(word);

        // She reads what was reported for her, not what was said between the two of us and him, nor his files.
        var own = await Opened(post, maria, hers, Maria);
        own.Body.ShouldContain($"{His}: her pump stops.");
        own.Body.ShouldContain(Hers + "-answer");
        own.Body.ShouldNotContain(His + "-answer");
        own.Body.ShouldNotContain(His + "-photo");
        // A file's address of the other's opens nothing.
        using (var db = post.House.Databases.Open())
        {
            var files = await db.Set<CaseFile>().Where(f => f.CaseId == one.Id).ToListAsync();
            (await browser.See($"{his}/files/{files.Single(f => f.Name.StartsWith(Hers, StringComparison.Ordinal)).Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await browser.See($"{his}/files/{files.Single(f => f.Name.StartsWith(His, StringComparison.Ordinal)).Id}")).Status.ShouldBe(HttpStatusCode.OK);
            (await maria.See($"{hers}/files/{files.Single(f => f.Name.StartsWith(His, StringComparison.Ordinal)).Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Whether_it_is_solved_is_asked_of_the_customer_and_the_reporter_hears_of_it(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var his = await LinkOf(post, Shop);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("sent a new one", post.Ben, db.At));
        // As long as it can be taken back nobody is told.
        await post.Quiet();
        (await post.LastTo(Shop)).Mail.TextBody!.ShouldNotContain("is done");
        await post.Pass(TimeSpan.FromSeconds(15));
        LinkIn((await post.LastTo(Maria)).Mail).ShouldEndWith("/solved");
        (await post.LastTo(Shop)).Mail.TextBody!.ShouldContain("is done");
        var page = await browser.See(his);
        page.Body.ShouldNotContain("name=\"answer\"");
        (await browser.Send(page, his + "/solved", ("answer", "yes"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
        (await browser.See(his + "/call")).Status.ShouldBe(HttpStatusCode.NotFound);
        // Said once a day, however often it is opened and resolved again.
        var count = await MailsTo(post, Shop);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Reopen(ReopenWhy.ByHand, db.At));
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("again", post.Ben, db.At));
        await post.Pass(TimeSpan.FromSeconds(15));
        (await MailsTo(post, Shop)).ShouldBe(count);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_he_has_reported_stands_behind_the_code_and_one_button_reports_again(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var (hers, his) = (await LinkOf(post, Maria), await LinkOf(post, Shop));
        foreach (var path in (string[])["/reported", "/report"]) (await browser.See(his + path)).Status.ShouldBe(HttpStatusCode.NotFound, "the link alone may have been passed on");
        await Opened(post, browser, his, Shop);
        var list = await browser.See(his + "/reported");
        list.Status.ShouldBe(HttpStatusCode.OK, list.Body);
        list.Body.ShouldContain("Pump of Maria");
        list.Body.ShouldContain("#" + one.Number);
        list.Body.ShouldNotContain(Maria);
        var form = await browser.See(his + "/report");
        (form.Value("name"), form.Value("address")).ShouldBe(("Shop Nord", Shop));
        (await browser.Send(form, form.Document.QuerySelector("form")!.GetAttribute("action")!, ("whom", "other"), ("for-name", "Jan"), ("subject", "Again"), ("text", "Another one."))).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.See(his + "/reported")).Body.ShouldContain("Again");
        // On the customer's own link there is none of it.
        using var maria = post.House.Client();
        await Opened(post, maria, hers, Maria);
        foreach (var path in (string[])["/reported", "/report"]) (await maria.See(hers + path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_answer_goes_to_who_wrote_last_unless_another_is_chosen(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var page = await post.Desk.See($"/cases/{one.Number}/reply");
        page.Value("to").ShouldBe(Shop);
        (await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("to", Shop), ("to-was", Shop), ("whom", "both"), ("text", "We come."), ("next", "open"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        using var db = post.House.Databases.Open();
        var sent = await db.Set<Contact>().SingleAsync(c => c.Direction == Direction.Out);
        sent.To!.ShouldContain(Maria);
        sent.To!.ShouldContain(Shop);
        // What is typed by hand is what counts.
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("to", "expert@works.example"), ("to-was", Shop), ("whom", "customer"), ("text", "Please look."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await db.Set<Contact>().OrderByDescending(c => c.Id).FirstAsync()).To!.ShouldBe("expert@works.example");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_resolved_and_taken_back_at_once_is_told_to_nobody_and_one_household_hears_it_once(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        Task Do(Action<Case, DateTime> verb) => post.House.Write.Run(Actor.System("test"), null, async db => verb(await db.LoadCase(Who.House("test"), one.Number, null), db.At));
        var before = (await MailsTo(post, Maria), await MailsTo(post, Shop));
        await Do((c, at) => c.Resolve("done", post.Ben, at));
        await post.Quiet();
        await Do((c, at) => c.Reopen(ReopenWhy.Undo, at));
        await post.Pass(TimeSpan.FromSeconds(15));
        (await MailsTo(post, Maria), await MailsTo(post, Shop)).ShouldBe(before);
        // Both have the same first address: the job must not fail, and they are asked once.
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var of = await db.Set<CustomerAddress>().AsTracking().Where(a => a.CustomerId == one.ReporterId).SingleAsync();
            (of.Value, of.Shown) = (Maria, Maria);
            (await db.Load<Customer>(one.ReporterId!.Value)).Changed(false);
        });
        await Do((c, at) => c.Resolve("done", post.Ben, at));
        await post.Pass(TimeSpan.FromSeconds(15));
        (await MailsTo(post, Maria)).ShouldBe(before.Item1 + 1);
        (await post.LastTo(Maria)).Mail.TextBody!.ShouldContain("/solved");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task To_the_one_no_word_of_the_other_is_quoted_nor_the_name_of_his_mail(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        // She answers the mail that told her of it.
        var told = (await post.LastTo(Maria)).Mail;
        (await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Re: " + told.Subject, $"{Hers}: my bell is broken, use the back door.", "hers@casaverde.example", told.ReplyTo[0].Address)))!.CaseId.ShouldBe(one.Id);
        var page = await post.Desk.See($"/cases/{one.Number}/reply");
        (await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("to", Shop), ("text", "We come on Friday."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        var sent = (await post.LastTo(Shop)).Mail;
        var raw = sent.TextBody + sent.HtmlBody + string.Join(' ', sent.References) + string.Join(' ', sent.InReplyTo);
        foreach (var word in (string[])[Hers, Maria, "Maria Lopez", "hers@casaverde.example"]) raw.ShouldNotContain(word);
        // Her own words stand below what goes to her.
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("to", Maria), ("text", "We come on Friday."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        (await post.LastTo(Maria)).Mail.TextBody!.ShouldContain("use the back door");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A33_who_names_another_s_address_as_his_own_learns_no_name_that_we_know(On on)
    {
        await using var post = await Post.Open(on);
        (await post.SendAndRead(Post.Mail("Viktor Stone <victim@casaverde.example>", "A bill", "A bill.")))!.ShouldNotBeNull();
        using var browser = post.House.Client();
        var page = await browser.See("/ask");
        (await browser.SendFiles(page, page.Document.QuerySelector("form")!.GetAttribute("action")!, [], ("whom", "other"), ("for-name", "Mallory"), ("for-address", "mallory@far.example"), ("name", "Anybody"), ("address", "victim@casaverde.example"), ("subject", "x"), ("text", "y"))).Status.ShouldBe(HttpStatusCode.OK);
        await post.Quiet();
        var link = await LinkOf(post, "mallory@far.example");
        var open = await Opened(post, browser, link, "mallory@far.example");
        open.Body.ShouldContain("Anybody");
        open.Body.ShouldNotContain("Viktor");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Whoever_stands_in_To_is_whom_it_goes_to_also_after_the_form_came_back_and_a_choice_is_shown_at_once(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var path = $"/cases/{one.Number}/reply";
        // Refused for another reason, the form comes back: it still goes to the expert.
        var back = await post.Desk.Send(await post.Desk.See(path), path, ("to", "expert@works.example"), ("to-was", Shop), ("whom", "reporter"), ("text", ""), ("next", "open"));
        back.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        back.Value("to").ShouldBe("expert@works.example");
        back.Document.QuerySelector("#whom option[selected]")!.GetAttribute("value").ShouldBe("");
        (await post.Desk.Send(back, path, ("to", back.Value("to")), ("to-was", back.Value("to-was")), ("whom", ""), ("text", "What do you say?"), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        using (var db = post.House.Databases.Open()) (await db.Set<Contact>().OrderByDescending(c => c.Id).FirstAsync()).To!.ShouldBe("expert@works.example");
        foreach (var (whom, to) in new[] { ("reporter", Shop), ("customer", Maria), ("both", $"{Maria}, {Shop}"), ("", "x@y.example") })
            (await post.Desk.See($"{path}/to?whom={whom}&to=x@y.example")).Value("to").ShouldBe(to);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_promised_to_who_reported_it_is_his_and_no_new_time_of_hers_is_told_to_him(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var path = $"/cases/{one.Number}/reply";
        async Task<Seen> Reply(string to, string text, params (string, string?)[] more) => await post.Desk.Send(await post.Desk.See(path), path, [("to", to), ("text", text), ("next", "open"), ("anyway", "true"), .. more]);
        (await Reply(Shop, "We will write to you by Friday.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Reply(Maria, "We will send you the new pump tomorrow.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        using (var db = post.House.Databases.Open())
            (await db.Set<Amends.Promises.Promise>().OrderBy(p => p.Id).Select(p => p.CustomerId).ToListAsync()).ShouldBe([one.ReporterId!.Value, one.CustomerId]);
        var (hers, his) = (await LinkOf(post, Maria), await LinkOf(post, Shop));
        using var maria = post.House.Client();
        var (her, him) = ((await maria.See(hers)).Body, (await browser.See(his)).Body);
        (her.Contains("Delivery", StringComparison.Ordinal), her.Contains("Answer", StringComparison.Ordinal)).ShouldBe((true, false));
        (him.Contains("Delivery", StringComparison.Ordinal), him.Contains("Answer", StringComparison.Ordinal)).ShouldBe((false, true));
        // An answer to him keeps his.
        (await Reply(Shop, "All is well.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        using (var db = post.House.Databases.Open())
            (await db.Set<Amends.Promises.Promise>().OrderBy(p => p.Id).Select(p => p.State).ToListAsync()).ShouldBe([Amends.Promises.PromiseState.Kept, Amends.Promises.PromiseState.Open]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_split_off_belongs_to_the_reporter_only_where_he_told_it(On on)
    {
        await using var post = await Post.Open(on);
        var (browser, one) = await Reported(post);
        using var _ = browser;
        var told = (await post.LastTo(Maria)).Mail;
        var hers = (await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Re: " + told.Subject, "And the bill is wrong.", "bill@casaverde.example", told.ReplyTo[0].Address)))!;
        long first;
        using (var db = post.House.Databases.Open()) first = await db.Set<Contact>().Where(c => c.CaseId == one.Id).OrderBy(c => c.Id).Select(c => c.Id).FirstAsync();
        foreach (var (contact, reporter) in new[] { (hers.Id, (long?)null), (first, one.ReporterId) })
        {
            var path = $"/cases/{one.Number}/split/{contact}";
            (await post.Desk.Send(await post.Desk.See(path), path, ("subject", "Apart"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            using var db = post.House.Databases.Open();
            (await db.CasesVisibleTo(Who.House("test")).OrderByDescending(c => c.Id).FirstAsync()).ReporterId.ShouldBe(reporter);
        }
    }
}
