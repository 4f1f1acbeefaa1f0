using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

public class DeskPagesTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_call_becomes_a_contact_of_the_customer_found_by_his_number(On on)
    {
        await using var post = await Post.Open(on);
        var page = await post.Desk.See("/calls/new");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        (await post.Desk.Send(page, "/calls/new", ("text", "Nobody named"), ("number", ""))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var saved = await post.Desk.Send(page, "/calls/new", ("number", "+49 30 5550118"), ("name", "Maria Lopez"), ("text", "The pump stops again."), ("outcome", "1"), ("minutes", "4:30"), ("back", post.House.Now.AddDays(1).ToString("yyyy-MM-dd'T'HH:mm")));
        saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Body);
        Contact call;
        using (var db = post.House.Databases.Open()) call = await db.Set<Contact>().SingleAsync();
        (call.Channel, call.Seconds, call.Outcome, call.Direction, call.ColleagueId).ShouldBe((Channel.Phone, 270, CallOutcome.Talked, Direction.In, post.Ben));
        var one = await post.CaseOf(call.CaseId);
        (one.HeardBy, one.OwnerId, one.State, one.NextStep).ShouldBe((Channel.Phone, post.Ben, CaseState.Waiting, StepKind.Wait));
        var found = await post.Desk.See("/calls/find?number=30555011", htmx: true);
        found.Body.ShouldContain("Maria Lopez");
        found.Body.ShouldContain(one.Number.ToString());
        var again = await post.Desk.Send(page, $"/cases/{one.Number}/call", ("text", "Called back, nobody there."), ("direction", "out"), ("outcome", "2"), ("once", "second"));
        again.Status.ShouldBe(HttpStatusCode.SeeOther, again.Body);
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("Called back, nobody there.");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_colleague_makes_a_case_or_writes_first(On on)
    {
        await using var post = await Post.Open(on);
        var page = await post.Desk.See("/cases/new");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        (await post.Desk.Send(page, "/cases/new", ("subject", "Broken seal"), ("text", "Shown at the counter."))).Error("name").ShouldNotBeNull();
        var made = await post.Desk.Send(page, "/cases/new", ("subject", "Broken seal"), ("text", "Shown at the counter."), ("name", "Ana Silva"), ("address", "ana@silva.example"), ("kind", "1"), ("severity", "2"), ("way", "counter"), ("once", "a"));
        made.Status.ShouldBe(HttpStatusCode.SeeOther, made.Body);
        var shown = await post.Desk.See(made.Location!);
        shown.Body.ShouldContain("Shown at the counter.");
        var first = await post.Desk.Send(page, "/cases/new", ("subject", "Recall of batch 22-C"), ("text", "Please stop using it."), ("address", "ana@silva.example"), ("way", "out"), ("once", "b"));
        first.Location!.ShouldEndWith("/reply");
        var composer = await post.Desk.See(first.Location!);
        (composer.Value("text"), composer.Value("to")).ShouldBe(("Please stop using it.", "ana@silva.example"));
        using var db = post.House.Databases.Open();
        (await db.Set<Amends.People.Customer>().CountAsync()).ShouldBe(1);
    }

    // “For whom?”: who told us is the reporter, whom it concerns is the customer; by a call and at the counter, as by the web form.
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Every_way_in_asks_for_whom_and_keeps_who_told_us(On on)
    {
        await using var post = await Post.Open(on);
        (string, string?)[] told = [("name", "Ana Silva"), ("text", "My mother's pump stops."), ("subject", "Pump"), ("whom", "other"), ("for-name", "Rosa Silva"), ("for-address", "rosa@silva.example")];
        foreach (var (path, more) in new[] { ("/cases/new", ("address", "ana@silva.example")), ("/calls/new", ("number", "+49 30 5550118")) })
        {
            var page = await post.Desk.See(path);
            page.Document.QuerySelectorAll("input[name=whom]").Length.ShouldBe(2, path);
            (await post.Desk.Send(page, path, [.. told.Where(t => t.Item1 != "for-name"), more])).Error("for-name").ShouldNotBeNull(path);
            (await post.Desk.Send(page, path, [.. told.Where(t => t.Item1 != "for-address"), ("for-address", "no address"), more])).Error("for-address").ShouldNotBeNull(path);
            (await post.Desk.Send(page, path, [.. told, more])).Status.ShouldBe(HttpStatusCode.SeeOther, path);
        }
        using (var outside = post.House.Client())
        {
            var form = await outside.See("/ask");
            var action = form.Document.QuerySelector("form[enctype]")!.GetAttribute("action")!;
            form.Document.QuerySelectorAll("input[name=whom]").Length.ShouldBe(2);
            (await outside.Send(form, action, [.. told.Where(t => t.Item1 != "for-name"), ("address", "ana@silva.example")])).Error("for-name").ShouldNotBeNull();
            var taken = await outside.Send(form, action, [.. told, ("address", "ana@silva.example")]);
            taken.Document.QuerySelector(".thanks").ShouldNotBeNull(taken.Body);
        }
        using var db = post.House.Databases.Open();
        var people = await db.Set<Amends.People.Customer>().Include(c => c.Addresses).ToDictionaryAsync(c => c.Id);
        var cases = await db.CasesVisibleTo(Who.House("test")).OrderBy(c => c.Id).ToListAsync();
        cases.Select(c => (people[c.CustomerId].Name, people[c.ReporterId!.Value].Name, c.HeardBy)).ShouldBe([("Rosa Silva", "Ana Silva", Channel.Counter), ("Rosa Silva", "Ana Silva", Channel.Phone), ("Rosa Silva", "Ana Silva", Channel.Web)]);
        // The other one's address is hers; who told us keeps her own: by mail the same Ana both times, by phone one of her number.
        var rosa = people.Values.Single(c => c.Name == "Rosa Silva");
        rosa.Addresses.Select(a => a.Shown).ShouldBe(["rosa@silva.example"]);
        cases.ConvertAll(c => people[c.ReporterId!.Value].Addresses.Select(a => a.Value).Single()).ShouldBe(["ana@silva.example", "+49305550118", "ana@silva.example"]);
        cases[2].ReporterId.ShouldBe(cases[0].ReporterId);
        // Who told us wrote the contact, and stands on the case beside the customer.
        var contact = await db.Set<Contact>().SingleAsync(c => c.CaseId == cases[2].Id);
        (contact.FromName, contact.FromAddress, contact.CustomerId).ShouldBe(("Ana Silva", "ana@silva.example", cases[2].ReporterId));
        var page2 = (await post.Desk.See($"/cases/{cases[2].Number}")).Text("#side")!;
        page2.ShouldContain("Rosa Silva");
        page2.ShouldContain("Ana Silva");
    }

    // The clock of the page: from when it was opened to when it was sent; what is typed goes before it.
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_call_is_as_long_as_its_clock_ran_or_as_was_typed(On on)
    {
        await using var post = await Post.Open(on);
        async Task<Seen> Save(TimeSpan took, params (string, string?)[] more)
        {
            var page = await post.Desk.See("/calls/new");
            page.Document.QuerySelector("time[data-timer]")!.GetAttribute("datetime").ShouldBe(page.Value("began"));
            post.House.Clock.Advance(took);
            return await post.Desk.Send(page, "/calls/new", [("name", "Maria Lopez"), ("text", "It hums."), .. more]);
        }
        async Task<int?> Length(TimeSpan took, params (string, string?)[] more)
        {
            var saved = await Save(took, more);
            saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Body);
            using var db = post.House.Databases.Open();
            return await db.Set<Contact>().OrderByDescending(c => c.Id).Select(c => c.Seconds).FirstAsync();
        }
        (await Length(TimeSpan.FromSeconds(274), ("timed", "true"))).ShouldBe(274);
        (await Length(TimeSpan.FromSeconds(274))).ShouldBeNull("nobody asked for the clock");
        (await Length(TimeSpan.FromSeconds(274), ("timed", "true"), ("minutes", "2"))).ShouldBe(120);
        (await Length(TimeSpan.FromSeconds(274), ("minutes", "2:05"))).ShouldBe(125);
        (await Length(TimeSpan.FromHours(11), ("timed", "true"))).ShouldBeNull("a page that stood open over night is no call");
        (await Length(TimeSpan.FromSeconds(5), ("timed", "true"), ("began", "2099-01-01T00:00:00Z"))).ShouldBeNull("a call ends after it began");
        foreach (var wrong in (string[])["two", "1:75", "-3", "1:2:3"]) (await Save(TimeSpan.Zero, ("minutes", wrong))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        // On the timeline it can be read.
        var number = (await post.CaseOf(await First(post))).Number;
        (await post.Desk.See($"/cases/{number}")).Text("#timeline")!.ShouldContain("4 min 34 s");
    }

    static async Task<long> First(Post post)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<Contact>().OrderBy(c => c.Id).Select(c => c.CaseId).FirstAsync();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_could_not_be_read_is_seen_read_again_released_and_put_away(On on)
    {
        await using var post = await Post.Open(on);
        (await post.Send("Subject: nobody\r\n\r\nNo sender at all."u8.ToArray(), from: "")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await post.Send("\0\u0001 rubbish <script>"u8.ToArray(), from: "")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await post.Quiet();
        var list = await post.Desk.See("/quarantine");
        var links = list.Document.QuerySelectorAll("a.row-link").Select(a => a.GetAttribute("href")!).ToList();
        links.Count.ShouldBe(2);
        foreach (var link in links) (await post.Desk.See(link)).Status.ShouldBe(HttpStatusCode.OK);
        var nobody = links[1];
        (await post.Desk.GetStringAsync(nobody + "/raw")).ShouldBe("Subject: nobody\r\n\r\nNo sender at all.");
        foreach (var link in links) (await post.Desk.See(link)).Document.QuerySelectorAll(".defects li").Select(d => d.TextContent.Trim()).ShouldAllBe(said => said.Contains(' ') && (said.EndsWith('.') || said.EndsWith(").", StringComparison.Ordinal)));
        var again = await post.Desk.Send(await post.Desk.See(nobody), nobody + "/retry");
        (again.Status, again.Location).ShouldBe((HttpStatusCode.SeeOther, nobody));
        await post.Quiet();
        (await post.Desk.See(nobody)).Text("#came-of-it")!.ShouldStartWith("It was read again and still cannot be taken in: No sender");
        var released = await post.Desk.Send(await post.Desk.See(nobody), nobody + "/release");
        released.Status.ShouldBe(HttpStatusCode.SeeOther, released.Body);
        (await post.Desk.See(released.Location!)).Body.ShouldContain("No sender at all.");
        (await post.Desk.Send(await post.Desk.See(links[0]), links[0] + "/put-away")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See("/quarantine")).Document.QuerySelectorAll("a.row-link").Length.ShouldBe(0);
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().Select(d => d.State).OrderBy(s => s).ToListAsync()).ShouldBe([DeliveryState.Taken, DeliveryState.PutAway]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_read_again_says_where_it_went(On on)
    {
        await using var post = await Post.Open(on);
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        long id;
        using (var db = post.House.Databases.Open()) id = await db.Set<Delivery>().Select(d => d.Id).SingleAsync();
        // Nobody had it read again: it is no matter of this page.
        (await post.Desk.See($"/quarantine/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        await post.Send(Post.Mail("olga@plant.example", "Invoice", "It is wrong."));
        await post.Quiet();
        using (var db = post.House.Databases.Open()) id = await db.Set<Delivery>().OrderByDescending(d => d.Id).Select(d => d.Id).FirstAsync();
        await post.House.Write.Run(Actor.System("test"), null, db => db.Set<Delivery>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Allowed, true)));
        var page = await post.Desk.See($"/quarantine/{id}");
        page.Text("#came-of-it")!.ShouldStartWith("It could be read now: it stands on case 1002.");
        page.Document.QuerySelector("a.main[href='/cases/1002']").ShouldNotBeNull();
        page.Document.QuerySelector(".raw").ShouldBeNull("the message itself is the case's");
        // While the job has it before it.
        await post.House.Write.Run(Actor.System("test"), null, db => db.Set<Delivery>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Received)));
        page = await post.Desk.See($"/quarantine/{id}");
        page.Document.QuerySelector($"#came-of-it[hx-get='/quarantine/{id}']").ShouldNotBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_outbox_shows_what_went_out_and_no_door_of_others(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var one = await post.CaseOf(first!.CaseId);
        await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("text", "We **come**."), ("next", "open"));
        await post.Pass(TimeSpan.FromSeconds(11));
        var outbox = post.House.Get<Outbox>();
        var draft = new Amends.Mail.MailDraft { From = new("service@amends.example"), Subject = "Set your password", Date = post.House.Clock.GetUtcNow(), Text = "https://secret-door" };
        draft.To.Add(new("olga@amends.example"));
        var ready = await outbox.PrepareAutomatic(draft, AutomaticKind.Letter);
        await post.House.Write.Run(Actor.System("test"), null, db => { Outbox.Queue(db, ready); return Task.CompletedTask; });
        await post.Quiet();
        var list = await post.Desk.See("/outbox");
        list.Status.ShouldBe(HttpStatusCode.OK, list.Body);
        var (row, _) = await post.LastTo("maria@casaverde.example");
        var mail = await post.Desk.See($"/outbox/{row.Id}");
        mail.Body.ShouldContain("lies in the Outbox for maria@casaverde.example");
        (await post.Desk.See($"/outbox/{row.Id}/html")).Body.ShouldContain("<strong>come</strong>");
        var (door, __) = await post.LastTo("olga@amends.example");
        var lead = await Some.Colleague(post.House, "Lea Stone", await Some.Role(post.House, "Lead", (Verb.SeeCases, Scope.Own), (Verb.SeeOutbox, Scope.All)));
        using var outside = await post.House.ClientOf(lead);
        // Nobody reads what a door says, whatever he holds; that it went is seen.
        var shut = await post.Desk.See($"/outbox/{door.Id}");
        shut.Body.ShouldNotContain("secret-door");
        shut.Body.ShouldContain("olga@amends.example");
        shut.Body.ShouldContain("Set your password");
        (await post.Desk.See($"/outbox/{door.Id}/html")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await outside.See($"/outbox/{door.Id}")).Body.ShouldNotContain("secret-door");
        (await outside.See($"/outbox/{door.Id}/html")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await outside.See($"/outbox/{row.Id}")).Status.ShouldBe(HttpStatusCode.NotFound, "a case that she does not see");
        (await outside.See("/outbox")).Body.ShouldNotContain("Pump stops");
        // In the demo nothing leaves the house and its accounts are nobody's.
        var house = post.House.Get<Amends.Foundation.Settings.House>();
        await post.House.Write.Run(Actor.System("test"), null, db => house.Set(db, Amends.Foundation.Settings.HouseSettings.IsDemo, true));
        house.Forget();
        (await post.Desk.See($"/outbox/{door.Id}")).Body.ShouldContain("secret-door");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_could_not_be_read_is_listed_by_one_question_however_much_it_is(On on)
    {
        await using var post = await Post.Open(on);
        for (var i = 0; i < 12; i++) await post.Send(System.Text.Encoding.UTF8.GetBytes(new string((char)('a' + i), 40)));
        await post.Quiet();
        using var asked = await CommandCount.Of(post.House);
        var page = await post.Desk.See("/quarantine");
        page.Document.QuerySelectorAll("a.row-link").Length.ShouldBe(12);
        page.Body.ShouldContain("service@amends.example");
        asked.Of("\"Mailbox\"").ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A23_who_may_not_see_a_case_is_told_nothing_of_it(On on)
    {
        await using var post = await Post.Open(on);
        var elsewhere = await Some.Team(post.House, "Elsewhere");
        var blind = await Some.Colleague(post.House, "Bert Blind", await Some.Role(post.House, "Keeper of tags", (Verb.WriteCannedTexts, Scope.All)), elsewhere);
        var seeing = await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), post.Team);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        foreach (var colleague in new[] { blind, seeing })
            await post.House.Write.Run(new Actor(ActorKind.Colleague, post.Ben, "Ben Kim"), null, async db => (await db.LoadCase(Who.House("test"), number, null)).Watch(colleague, Watching.Mentioned, true, db.At));
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Notification>().Select(n => n.ColleagueId).ToListAsync()).ShouldBe([seeing]);
        (await db.Set<OutgoingMail>().SelectMany(m => m.Recipients).Select(r => r.Address).ToListAsync()).ShouldNotContain("bert.blind@amends.example");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Colleagues_are_told_once_and_by_mail_as_they_wish(On on)
    {
        await using var post = await Post.Open(on);
        var olga = await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), post.Team);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.", "n1@casaverde.example"));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        await post.House.Write.Run(new Actor(ActorKind.Colleague, post.Ben, "Ben Kim"), null, async db => (await db.LoadCase(Who.House("test"), number, null)).Assign(olga, post.Team, db.At));
        await post.Quiet();
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "Still.", null, "service@amends.example", "In-Reply-To: <n1@casaverde.example>"));
        using var db = post.House.Databases.Open();
        (await db.Set<Notification>().OrderBy(n => n.Id).Select(n => new { n.ColleagueId, n.Of }).ToListAsync()).Select(n => (n.ColleagueId, n.Of)).ShouldBe([(olga, NotifyOf.Assigned), (olga, NotifyOf.Answered)]);
        var mails = await db.Set<OutgoingMail>().Where(m => m.Recipients.Any(r => r.Address == "olga.petrova@amends.example")).ToListAsync();
        mails.Count.ShouldBe(1, "assigned by mail, answered only on the page unless wished");
        using var client = await post.House.ClientOf(olga);
        var page = await client.See("/notices");
        page.Document.QuerySelectorAll(".notice-row.new").Length.ShouldBe(2);
        (await client.Send(page, "/notices/read")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await client.See("/notices")).Document.QuerySelectorAll(".notice-row.new").Length.ShouldBe(0);
        (await post.Desk.See("/notices")).Document.QuerySelectorAll(".notice-row").Length.ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Settings_of_mail_and_web_are_kept_and_the_test_says_what_is_wrong(On on)
    {
        await using var post = await Post.Open(on);
        var bad = await post.Desk.Post("/settings/mail-out", ("on", "true"), ("host", ""), ("port", "99999"), ("do", "save"));
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (bad.Error("host"), bad.Error("port")).ShouldNotBe((null, null));
        var test = await post.Desk.Post("/settings/mail-out", ("host", "127.0.0.1"), ("port", "9"), ("security", "none"), ("do", "test"));
        test.Status.ShouldBe(HttpStatusCode.OK, test.Body);
        test.Text(".banner")!.ShouldContain("Check both, and whether a firewall stands between.");
        (await post.Desk.Post("/settings/mail-out", ("host", "smtp.amends.example"), ("port", "587"), ("security", "starttls"), ("user", "me"), ("password", "s3cret-canary"), ("undo", "10"), ("do", "save"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See("/settings/mail-out")).Body.ShouldNotContain("s3cret-canary");
        var made = await post.Desk.PostFrom("/settings/mailboxes/new", "/settings/mailboxes/new", ("address", "Help@Amends.example"), ("name", "Help"));
        made.Status.ShouldBe(HttpStatusCode.SeeOther, made.Body);
        (await post.Desk.See("/settings/mailboxes")).Body.ShouldContain("help@amends.example");
        (await post.Desk.PostFrom("/settings/mailboxes/new", "/settings/mailboxes/new", ("address", "help@amends.example"), ("name", "Twice"))).Error("address").ShouldNotBeNull();
        (await post.Desk.PostFrom("/settings/brands/new", "/settings/brands/new", ("name", "Blue"), ("colour", "blue"))).Error("colour").ShouldNotBeNull();
        (await post.Desk.PostFrom("/settings/brands/new", "/settings/brands/new", ("name", "Blue"), ("colour", "#0044cc"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.Post("/settings/web-form", ("on", null), ("team", "0"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        using var browser = post.House.Client();
        (await browser.See("/ask")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
