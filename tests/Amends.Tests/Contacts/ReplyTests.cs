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
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

public class ReplyTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mail_becomes_a_case_is_answered_from_the_desk_and_the_customers_answer_joins_it(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump stops after ten minutes."));
        first.ShouldNotBeNull();
        first.Why.ShouldBe(WhyHere.NewCase);
        var one = await post.CaseOf(first.CaseId);
        (one.Subject, one.TeamId, one.BrandId, one.State).ShouldBe(("Pump stops", post.Team, post.Brand, CaseState.Open));
        one.NextStep.ShouldBe(StepKind.FirstAnswer);

        var page = await post.Desk.See($"/cases/{one.Number}/reply");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Value("to").ShouldBe("maria@casaverde.example");
        var sent = await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("text", "We are sorry. **Olga** comes today."), ("next", "open"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        await post.Quiet();
        var (queued, mail) = await post.LastTo("maria@casaverde.example");
        queued.State.ShouldBe(OutgoingState.Queued);
        await post.Pass(TimeSpan.FromSeconds(11));
        (await post.LastTo("maria@casaverde.example")).Row.State.ShouldBe(OutgoingState.Sent);
        mail.Subject.ShouldBe($"Re: Pump stops [#{one.Number}]");
        mail.From[0].Address.ShouldBe("service@amends.example");
        mail.InReplyTo.ShouldBe([first.MessageId!]);
        mail.TextBody!.ShouldContain("Olga comes today");
        mail.TextBody!.ShouldContain("> The pump stops after ten minutes.");
        mail.HtmlBody!.ShouldContain("<strong>Olga</strong>");
        one = await post.CaseOf(one.Id);
        (one.FirstAnsweredAt, one.OwnerId, one.CustomerWaitsSince).ShouldBe((one.LastContactAt, post.Ben, null));

        var again = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Re: Pump stops", "Thank you!\n\nOn Sat, 21 Nov 2026 Ben Kim wrote:\n> We are sorry.", to: mail.ReplyTo[0].Address));
        (again!.CaseId, again.Why).ShouldBe((one.Id, WhyHere.ReplyToken));
        again.Text.ShouldBe("Thank you!");
        again.Quoted!.ShouldContain("We are sorry.");
        var byThread = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "And one more thing.", null, "service@amends.example", $"In-Reply-To: <{mail.MessageId}>"));
        byThread!.CaseId.ShouldBe(one.Id);
    }

    static byte[] Report(string about, string recipient, string from = "MAILER-DAEMON@mx.customer.example") => System.Text.Encoding.UTF8.GetBytes(string.Join("\r\n",
        $"From: Mail Delivery System <{from}>", "To: service@amends.example", "Subject: Undelivered Mail Returned to Sender", "Date: Sat, 21 Nov 2026 10:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@mx.customer.example>",
        "Auto-Submitted: auto-replied", "MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "",
        "--b", "Content-Type: text/plain; charset=utf-8", "", "Your mail was not delivered.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.customer.example", "", $"Final-Recipient: rfc822; {recipient}", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such user", "",
        "--b", "Content-Type: text/rfc822-headers", "", $"Message-ID: <{about}>", "From: service@amends.example", $"To: {recipient}", "", "--b--", ""));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A13_a_mail_that_came_back_is_told_on_its_case_and_makes_nobody_a_participant(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "It stops."));
        var one = await post.CaseOf(first!.CaseId);
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("text", "Olga comes."), ("next", "open"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        var mail = (await post.LastTo("maria@casaverde.example")).Mail;

        // Who has seen the id of our mail, and reports about somebody whom it did not go to, is kept out of the case.
        (await post.SendAndRead(Report(mail.MessageId!, "mallory@evil.example", "mallory@evil.example"))).ShouldBeNull();
        using (var db = post.House.Databases.Open()) (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined)).ShouldBe(1);
        (await post.LastTo("maria@casaverde.example")).Row.Recipients.ShouldAllBe(r => r.State != RecipientState.Refused);

        var told = await post.SendAndRead(Report(mail.MessageId!, "maria@casaverde.example"));
        (told!.CaseId, told.Automatic, told.CustomerId).ShouldBe((one.Id, true, null));
        (await post.LastTo("maria@casaverde.example")).Row.Recipients.Single().State.ShouldBe(RecipientState.Refused);
        var now = await post.CaseOf(one.Id);
        (now.State, now.CustomerWaitsSince).ShouldBe((CaseState.Open, null));
        (await post.Desk.See($"/cases/{one.Number}")).Text("#timeline")!.ShouldContain("no such user");
        // The answer still goes to her, and the robot cannot write into the case.
        (await post.Desk.See($"/cases/{one.Number}/reply")).Value("to").ShouldBe("maria@casaverde.example");
        (await post.SendAndRead(Post.Mail("MAILER-DAEMON@mx.customer.example", "Re: Pump stops", "Buy now.", null, mail.ReplyTo[0].Address, $"In-Reply-To: <{mail.MessageId}>")))!.CaseId.ShouldNotBe(one.Id);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mail_to_a_supplier_carries_no_key_to_the_customers_page_and_is_not_shown_on_it(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "It stops."));
        var one = await post.CaseOf(first!.CaseId);
        async Task<Amends.Mail.MailMessage> Reply(string to, string text)
        {
            (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("to", to), ("text", text), ("next", "open"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            await post.Pass(TimeSpan.FromSeconds(11));
            return (await post.LastTo(to)).Mail;
        }
        (await Reply("parts@supplier.example", "What would a rotor cost us? She must not know.")).TextBody!.ShouldNotContain("/c/");
        var hers = await Reply("maria@casaverde.example", "A rotor is on its way.");
        var path = new Uri(hers.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        using var browser = post.House.Client();
        (await browser.Send(await browser.See(path), path + "/code")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo("maria@casaverde.example")).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        (await browser.Send(await browser.See(path), path + "/open", ("code", code))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var open = await browser.See(path);
        open.Body.ShouldContain("A rotor is on its way.");
        open.Body.ShouldNotContain("She must not know.");

        // The case turns out to be another customer's matter: her link ends.
        var other = (await post.SendAndRead(Post.Mail("Karl <karl@casaverde.example>", "Other", "Other.")))!.CustomerId!.Value;
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).BelongsTo(other, null, db.At));
        (await browser.See(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A15_below_a_reply_stands_nothing_that_its_reader_may_not_read(On on)
    {
        await using var post = await Post.Open(on);
        var one = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump stops after ten minutes.")))!.CaseId);
        async Task<Amends.Mail.MailMessage> Reply(string to, string text, string? cc = null)
        {
            var sent = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("to", to), ("cc", cc), ("text", text), ("next", "open"), ("anyway", "true"));
            sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
            await post.Pass(TimeSpan.FromSeconds(11));
            return (await post.LastTo(to)).Mail;
        }
        var asked = await Reply("parts@supplier.example", "What would a rotor cost us?");
        asked.TextBody!.ShouldNotContain("ten minutes");
        (await post.SendAndRead(Post.Mail("parts@supplier.example", "Re: Pump stops", "It costs us 40, do not tell.", null, asked.ReplyTo[0].Address, $"In-Reply-To: <{asked.MessageId}>")))!.CaseId.ShouldBe(one.Id);
        // The newest is the supplier's: she gets her own words below, he his.
        var hers = await Reply("maria@casaverde.example", "A rotor is on its way.");
        (hers.TextBody! + hers.HtmlBody).ShouldNotContain("do not tell");
        hers.TextBody!.ShouldContain("> The pump stops after ten minutes.");
        (await Reply("parts@supplier.example", "Please send it.")).TextBody!.ShouldContain("> It costs us 40, do not tell.");
        // To both: what one of them wrote is not the other's.
        var both = await Reply("maria@casaverde.example", "You two may speak.", "parts@supplier.example");
        both.TextBody!.ShouldNotContain("do not tell");
        both.TextBody!.ShouldNotContain("ten minutes");
        // Another customer's case that was merged in stays his.
        var away = await post.CaseOf((await post.SendAndRead(Post.Mail("Karl <karl@elsewhere.example>", "Other pump", "My alarm code is 4711.")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db => await MergeCase.Into(db, await db.LoadCase(Who.House("test"), away.Number, null), await db.LoadCase(Who.House("test"), one.Number, null), post.Ben, post.House.Get<CaseSearch>()));
        var after = await Reply("maria@casaverde.example", "It has arrived.");
        (after.TextBody! + after.HtmlBody).ShouldNotContain("4711");
        after.TextBody!.ShouldContain("> The pump stops after ten minutes.");
        (await Reply("karl@elsewhere.example", "Yours too.")).TextBody!.ShouldContain("> My alarm code is 4711.");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_waits_when_the_customer_wrote_meanwhile_and_nothing_typed_is_lost(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.", "one@casaverde.example"));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        var page = await post.Desk.See($"/cases/{number}/reply");
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "It runs again!", null, "service@amends.example", "In-Reply-To: <one@casaverde.example>"));
        var held = await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "Olga comes tomorrow."), ("next", "open"));
        held.Status.ShouldBe(HttpStatusCode.Conflict);
        held.Text("#held")!.ShouldContain("It runs again!");
        held.Value("text").ShouldBe("Olga comes tomorrow.");
        using (var db = post.House.Databases.Open()) (await db.Set<OutgoingMail>().CountAsync()).ShouldBe(0);
        var sent = await post.Desk.Send(held, $"/cases/{number}/reply", ("text", "Good to hear."), ("next", "resolve"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        (await post.CaseOf(first.CaseId)).State.ShouldBe(CaseState.Resolved);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_is_taken_back_within_ten_seconds_and_the_case_stands_as_before(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var before = await post.CaseOf(first!.CaseId);
        var page = await post.Desk.See($"/cases/{before.Number}/reply");
        var wait = page.Document.QuerySelector(".btn-group button.main[name=next]")!.GetAttribute("value")!;
        wait.ShouldStartWith("wait ");
        (await post.Desk.SendFiles(page, $"/cases/{before.Number}/reply", [("files", "plan.txt", "hello"u8.ToArray())], ("text", "Too quick."), ("next", wait))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(before.Id)).State.ShouldBe(CaseState.Waiting);
        long contact;
        using (var db = post.House.Databases.Open()) contact = (await db.Set<Contact>().SingleAsync(c => c.Direction == Direction.Out)).Id;
        (await post.Desk.Send(page, $"/contacts/{contact}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromMinutes(1));
        using var look = post.House.Databases.Open();
        (await look.Set<OutgoingMail>().SingleAsync()).State.ShouldBe(OutgoingState.Cancelled);
        (await look.Set<Contact>().SingleAsync(c => c.Id == contact)).State.ShouldBe(ContactState.TakenBack);
        var after = await post.CaseOf(before.Id);
        (after.State, after.FirstAnsweredAt, after.CustomerWaitsSince, after.LastContactAt, after.NextStep).ShouldBe((CaseState.Open, null, before.CustomerWaitsSince, before.LastContactAt, StepKind.FirstAnswer));
        var again = await post.Desk.See($"/cases/{before.Number}/reply");
        again.Value("text").ShouldBe("Too quick.");
        again.Body.ShouldContain("plan.txt");

        // The same after it went: too late, and said so.
        var second = await post.Desk.Send(again, $"/cases/{before.Number}/reply", ("text", "Now."), ("next", "open"));
        second.Status.ShouldBe(HttpStatusCode.SeeOther, second.Body);
        await post.Pass(TimeSpan.FromSeconds(30));
        using var then = post.House.Databases.Open();
        var went = await then.Set<Contact>().SingleAsync(c => c.Direction == Direction.Out && c.State == ContactState.Done);
        (await post.Desk.Send(again, $"/contacts/{went.Id}/take-back")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await post.LastTo("maria@casaverde.example")).Mail.Attachments.Single().FileName.ShouldBe("plan.txt");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_files_raw_mail_and_html_are_seen_by_those_who_see_the_case_and_by_nobody_else(On on)
    {
        await using var post = await Post.Open(on);
        var raw = System.Text.Encoding.UTF8.GetBytes("From: maria@casaverde.example\r\nTo: service@amends.example\r\nSubject: Photo\r\nMessage-ID: <p@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>See <script>alert(1)</script>photo</p>\r\n--b\r\nContent-Type: image/svg+xml; name=\"x.jpg\\\"><svg onload=alert(1)>.png\"\r\nContent-Disposition: attachment\r\n\r\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>\r\n--b--\r\n");
        var contact = await post.SendAndRead(raw);
        contact!.HasHtml.ShouldBeTrue();
        long file;
        using (var db = post.House.Databases.Open()) file = (await db.Set<CaseFile>().SingleAsync()).Id;
        var stranger = await Some.Colleague(post.House, "Zoe Stone", await Some.Role(post.House, "Own", (Amends.Trust.Verb.SeeCases, Amends.Trust.Scope.Own)));
        using var outside = await post.House.ClientOf(stranger);
        using var nobody = post.House.Client();
        string[] paths = [$"/files/{file}", $"/contacts/{contact.Id}/html", $"/contacts/{contact.Id}/raw", $"/contacts/{contact.Id}/original"];
        foreach (var path in paths)
        {
            (await post.Desk.See(path)).Status.ShouldBe(HttpStatusCode.OK, path);
            (await outside.See(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
            (await nobody.See(path)).Status.ShouldBe(HttpStatusCode.Redirect, path);
            (await post.Desk.See(path.Replace(file.ToString(), (file + 1).ToString()).Replace(contact.Id.ToString(), (contact.Id + 1).ToString()))).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }
        // A03, A04: data, never a page of ours.
        var answer = (await post.Desk.See(paths[0])).Answer;
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        var html = await post.Desk.See(paths[1]);
        html.Body.ShouldNotContain("<script");
        html.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        html.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await post.Desk.GetByteArrayAsync(paths[2])).ShouldBe(raw);
        // Who took which file along stands in the book of accesses; who was refused does not.
        await post.House.Get<Openings>().Flush();
        using var book = post.House.Databases.Open();
        for (var i = 0; i < 60 && await book.Set<Access>().CountAsync(a => a.What != "case") < 2; i++) await Task.Delay(50);
        (await book.Set<Access>().Where(a => a.What != "case").Select(a => new { a.What, a.Subject, a.ActorId }).ToListAsync()).OrderBy(a => a.What).ShouldBe([new { What = "file", Subject = file, ActorId = post.Ben }, new { What = "raw mail", Subject = contact.Id, ActorId = post.Ben }]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_A23_what_was_merged_away_is_seen_where_it_went_and_nowhere_else(On on)
    {
        await using var post = await Post.Open(on);
        var house = post.House;
        var raw = System.Text.Encoding.UTF8.GetBytes("From: maria@casaverde.example\r\nTo: service@amends.example\r\nSubject: zqphoto\r\nMessage-ID: <p@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>photo</p>\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nserial\r\n--b--\r\n");
        var contact = (await post.SendAndRead(raw))!;
        var away = await post.CaseOf(contact.CaseId);
        // The one that it goes into is another team's, and nobody's of the first team.
        var workshop = await Some.Team(house, "Workshop");
        var root = await Some.Case(house, away.CustomerId, workshop, post.Brand, "zqroot");
        long file;
        using (var db = house.Databases.Open()) file = (await db.Set<CaseFile>().SingleAsync()).Id;
        (Amends.Trust.Verb, Amends.Trust.Scope)[] may = [(Amends.Trust.Verb.SeeCases, Amends.Trust.Scope.Team), (Amends.Trust.Verb.WorkCases, Amends.Trust.Scope.Team), (Amends.Trust.Verb.ReplyToCases, Amends.Trust.Scope.Team), (Amends.Trust.Verb.ExportCases, Amends.Trust.Scope.All)];
        var agent = await Some.Role(house, "Agent", may);
        using var first = await house.ClientOf(await Some.Colleague(house, "Ira First", agent, post.Team));
        using var second = await house.ClientOf(await Some.Colleague(house, "Sam Second", agent, workshop));
        string[] paths = [$"/files/{file}", $"/contacts/{contact.Id}/html", $"/contacts/{contact.Id}/raw", $"/contacts/{contact.Id}/original"];
        string[] sheets = [$"/cases/{away.Number}/assign", $"/cases/{away.Number}/history", $"/cases/{away.Number}/presence", $"/cases/{away.Number}/rename"];
        async Task Must(HttpClient who, bool sees, string when)
        {
            foreach (var path in paths) (await who.See(path)).Status.ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound, $"{path} {when}");
            if (!sees) foreach (var path in sheets) (await who.See(path)).Status.ShouldBe(HttpStatusCode.NotFound, $"{path} {when}");
            (await who.Send(await who.See("/me"), "/cases/export")).Body.Contains("zqphoto", StringComparison.Ordinal).ShouldBe(sees, "export " + when);
            ((await who.See("/search?q=zqphoto")).Document.QuerySelector("a[href^='/cases/']") is not null).ShouldBe(sees, "search " + when);
            if (!sees) (await who.Send(await who.See("/me"), $"/cases/{away.Number}/drafts/note", ("text", "x"))).Status.ShouldBe(HttpStatusCode.NotFound, "draft " + when);
        }
        await Must(first, true, "before");
        await Must(second, false, "before");
        await house.Write.Run(Actor.System("test"), null, async db => await MergeCase.Into(db, await db.LoadCase(Who.House("test"), away.Number, null), await db.LoadCase(Who.House("test"), root.Number, null), post.Ben, house.Get<CaseSearch>()));
        await Must(first, false, "merged away");
        await Must(second, true, "merged away");
        (await second.See($"/cases/{away.Number}")).Location.ShouldBe($"/cases/{root.Number}");
        // Confidential, and deleted: what was merged in goes with it.
        foreach (var how in new Action<Case, DateTime>[] { (c, at) => c.KeepConfidential(true, at), (c, at) => c.Delete(true, at) })
        {
            await house.Write.Run(Actor.System("test"), null, async db => how(await db.LoadCase(Who.House("test"), root.Number, null), db.At));
            await Must(second, false, "hidden");
            await house.Write.Run(Actor.System("test"), null, async db =>
            {
                var one = await db.LoadCase(Who.House("test"), root.Number, null);
                one.KeepConfidential(false, db.At);
                one.Delete(false, db.At);
            });
            await Must(second, true, "shown again");
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_history_of_a_case_tells_in_words_what_came_and_what_went(On on)
    {
        await using var post = await Post.Open(on);
        var contact = (await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.")))!;
        var one = await post.CaseOf(contact.CaseId);
        await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("text", "We come."), ("next", "open"));
        await post.Pass(TimeSpan.FromSeconds(11));
        var history = await post.Desk.See($"/cases/{one.Number}/history");
        foreach (var says in (string[])["A mail came in", "wrote a reply", "A mail went out", "The reply is on its way"]) history.Body.ShouldContain(says);
        // Which mail, and to whom.
        System.Net.WebUtility.HtmlDecode(history.Body).ShouldContain($"A mail went out: “Re: Pump stops [#{one.Number}]” to maria@casaverde.example");
        // No fact of a case, of whatever module, is told by the name of its kind.
        var hooks = post.House.Get<CaseHooks>();
        var none = System.Linq.Enumerable.Empty<Amends.Foundation.Facts.FactText>().ToLookup(t => 0L);
        var names = new FactNames(new Dictionary<long, string>(), new Dictionary<long, string>(), new Dictionary<long, string>(), new Dictionary<long, string>(), new Dictionary<long, long>());
        foreach (var kind in Amends.Foundation.Facts.FactKinds.All.Where(t => typeof(ICaseFact).IsAssignableFrom(t) || t.Name.StartsWith("Mail", StringComparison.Ordinal) && t.Name != nameof(MailboxChanged)))
        {
            var fact = (Amends.Foundation.Facts.IFact)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(kind);
            var line = FactWords.Line(new Amends.Foundation.Facts.Fact { Kind = Amends.Foundation.Facts.FactKinds.Of(kind).Kind, Body = "" }, fact, names, new LocalTimes("Etc/UTC", post.House.Now), none, hooks, all: true)!;
            line.Plain.ShouldNotContain(Amends.Foundation.Facts.FactKinds.Of(kind).Kind);
            line.Plain.Length.ShouldBeGreaterThan(8);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Uploads_lie_with_the_writers_draft_and_go_with_the_reply(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        var page = await post.Desk.See($"/cases/{number}/reply");
        var up = await post.Desk.SendFiles(page, $"/cases/{number}/uploads", [("file", "floor.png", Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))]);
        up.Status.ShouldBe(HttpStatusCode.OK, up.Body);
        var id = up.Document.QuerySelector("[name=uploads]")!.GetAttribute("value")!;
        var other = await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), post.Team);
        using (var olga = await post.House.ClientOf(other)) (await olga.See($"/files/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await post.Desk.See($"/files/{id}")).Answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        var sent = await post.Desk.Send(page, $"/cases/{number}/reply", ("text", $"Look: ![floor](/files/{id})"), ("uploads", id), ("next", "open"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        var mail = (await post.LastTo("maria@casaverde.example")).Mail;
        mail.HtmlBody!.ShouldContain($"cid:f{id}@amends");
        mail.InlineFiles.Single().ContentId.ShouldBe($"f{id}@amends");
    }
}
