using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Calls;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Promises;

/// <summary>The rule of three, promised calls with all that is needed to make them, and calls by a person with authority.</summary>
public class CallTests
{
    const string Maria = "maria@casaverde.example";

    static async Task<(Post Post, Case Case)> Open(On on, string? prefers = null, string? needs = null, string zone = "Europe/Berlin", string? number = "+49 30 1234567")
    {
        var post = await Post.Open(on);
        var one = await post.CaseOf((await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Pump stops", "The pump stops.", "first@casaverde.example")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var maria = await db.Set<Customer>().AsTracking().Include(c => c.Addresses).SingleAsync(c => c.Id == one.CustomerId);
            (maria.Zone, maria.Prefers, maria.Needs, maria.Language) = (zone, prefers, needs, "es");
            if (number is not null) maria.Addresses.Add(new CustomerAddress { Id = db.Ids!.Next(), CustomerId = maria.Id, Kind = AddressKind.Phone, Value = "+49301234567", Shown = number });
            maria.Changed(false);
            (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(post.Ben, post.Team, db.At);
        });
        await post.Quiet();
        return (post, await post.CaseOf(one.Id));
    }

    static async Task Reply(Post post, Case one, string text = "Please press the reset button.")
    {
        var path = $"/cases/{one.Number}/reply";
        (await post.Desk.Send(await post.Desk.See(path), path, ("text", text), ("to", Maria), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromMinutes(2));
    }

    static Task<Contact?> Write(Post post, string text) => post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Re: Pump stops", text, null, "service@amends.example", "In-Reply-To: <first@casaverde.example>"));

    static async Task<Case> ThreeLetters(Post post, Case one)
    {
        await Reply(post, one);
        await Write(post, "I pressed it; it still stops.");
        return await post.CaseOf(one.Id);
    }

    static async Task<Seen> Call(Post post, Case one, string outcome = "1", HttpClient? desk = null)
    {
        var path = $"/cases/{one.Number}/call";
        var done = await (desk ?? post.Desk).Send(await (desk ?? post.Desk).See(path), path, ("direction", "out"), ("outcome", outcome), ("text", "Spoke of the pump."));
        done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Body);
        return done;
    }

    static async Task<List<T>> All<T>(Post post) where T : class
    {
        using var db = post.House.Databases.Open();
        return await db.Set<T>().ToListAsync();
    }

    static async Task<long> Name(Post post, string name, int rank)
    {
        var id = await Some.Colleague(post.House, name, await Some.AdminRole(post.House), post.Team);
        await post.House.Write.Run(Actor.System("test"), null, db =>
        {
            var officer = new Officer { Id = db.Ids!.Next(), ColleagueId = id, Rank = rank };
            officer.Did(removed: false);
            db.Add(officer);
            return Task.CompletedTask;
        });
        return id;
    }

    static string N(long id) => id.ToString(CultureInfo.InvariantCulture);

    static string Local(DateTime utc, string zone = "Europe/Berlin") => Times.Field(utc, zone);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task After_theirs_ours_and_theirs_the_desk_says_pick_up_the_phone_with_all_that_is_needed(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        one.PhoneSince.ShouldBeNull();
        // Two of theirs are no exchange.
        await Write(post, "Are you there?");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull();
        (await ThreeLetters(post, one)).PhoneSince.ShouldNotBeNull();
        var page = await post.Desk.See($"/cases/{one.Number}");
        var bar = page.Document.QuerySelector("#call-bar").ShouldNotBeNull().TextContent;
        page.Document.QuerySelector("#call-bar a[href='tel:+49301234567']").ShouldNotBeNull();
        bar.ShouldContain("I pressed it; it still stops.");
        bar.ShouldContain("Please press the reset button.");
        bar.ShouldContain("Buenos días, soy Ben Kim");
        bar.ShouldContain("in Berlin");
        bar.ShouldContain("Spanish");
        (await post.Desk.See("/desk/call")).Body.ShouldContain("Pump stops");
        (await post.Desk.See("/desk/mine/views")).Document.QuerySelector("a[href='/desk/call'] .count")!.TextContent.ShouldBe("1");
        // A call in which we talked ends it and is counted as followed.
        await Call(post, one);
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull();
        (await All<CallAdvice>(post)).ShouldHaveSingleItem().How.ShouldBe(CallAdviceEnd.Talked);
        (await post.Desk.See("/calls")).Text("#call-share").ShouldNotBeNull().ShouldContain("1 times somebody called or promised to (100 %)");
        (await post.Desk.See("/desk/mine/views")).Document.QuerySelector("a[href='/desk/call'] .count")!.TextContent.ShouldBe("0");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Thanks_are_no_third_letter_and_a_call_that_reached_nobody_ends_nothing(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one);
        await Write(post, "Thank you very much!");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull();
        await Write(post, "It stopped again.");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldNotBeNull();
        await Call(post, one, outcome: "2");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_wants_writing_only_is_never_to_be_called()
    {
        foreach (var (prefers, needs) in new (string?, string?)[] { ("writing", null), (null, "Is deaf: please write"), ("mail", "Bitte nur schriftlich") })
        {
            var (post, one) = await Open(On.Sqlite, prefers, needs);
            await using var house = post;
            (await ThreeLetters(post, one)).PhoneSince.ShouldBeNull();
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Declined_with_a_reason_it_is_not_said_again_before_the_case_opens_anew_and_never_where_the_customer_asked_for_writing(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await ThreeLetters(post, one);
        var path = $"/cases/{one.Number}/call-declined";
        (await post.Desk.Post(path, ("why", "other"), ("text", ""))).Error("text").ShouldNotBeNull();
        (await post.Desk.Post(path, ("why", "other"), ("text", new string('x', 301)))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await post.Desk.Post(path, ("why", "nonsense"))).Error("why").ShouldNotBeNull();
        (await post.Desk.Post(path, ("why", "other"), ("text", "She is in\u0007\u202E the mountains"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See($"/cases/{one.Number}/history")).Body.ShouldContain("keeps to writing: She is in the mountains");
        await Reply(post, one);
        await Write(post, "And again.");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull("it was declined");
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("Done.", post.Ben, db.At));
        await Write(post, "It stops again.");
        await Reply(post, one);
        await Write(post, "And again!");
        (await post.CaseOf(one.Id)).PhoneSince.ShouldNotBeNull("it was opened anew");
        (await post.Desk.Post(path, ("why", "writing"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Resolve("Done.", post.Ben, db.At));
        await Write(post, "Once more it stops.");
        await ThreeLetters(post, one);
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull("the customer asked for writing");
        (await All<CallAdvice>(post)).Select(a => a.How).ShouldBe([CallAdviceEnd.Other, CallAdviceEnd.WritingOnly], ignoreOrder: true);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_call_is_promised_with_number_hours_language_and_script_and_only_a_talk_keeps_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await ThreeLetters(post, one);
        var path = $"/cases/{one.Number}/call-back";
        var form = await post.Desk.See(path);
        (form.Value("number"), form.Value("language")).ShouldBe(("+49 30 1234567", "es"));
        form.Value("script")!.ShouldContain("I pressed it; it still stops.");
        var due = post.House.Now.Date.AddDays(2);
        (await post.Desk.Send(form, path, ("due", due.ToString("yyyy-MM-dd'T'11:30", CultureInfo.InvariantCulture)), ("from", "10:00"), ("until", "12:00"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var promise = (await All<Promise>(post)).ShouldHaveSingleItem();
        var row = (await All<CallBack>(post)).ShouldHaveSingleItem();
        (row.PromiseId, row.Number, row.FromMinute, row.UntilMinute, row.Language, row.ByOfficer).ShouldBe((promise.Id, "+49 30 1234567", 600, 720, "es", false));
        (promise.DueAt, promise.KeeperId).ShouldBe((due.AddHours(10.5), post.Ben));
        (await post.CaseOf(one.Id)).PhoneSince.ShouldBeNull("a call is promised");
        (await All<CallAdvice>(post)).ShouldHaveSingleItem().How.ShouldBe(CallAdviceEnd.Promised);
        var calls = await post.Desk.See("/calls");
        calls.Document.QuerySelector("a[href='tel:+49301234567']").ShouldNotBeNull();
        calls.Document.Body!.TextContent.ShouldContain("10:00–12:00");

        // Nobody there: an attempt, a next time, and the promise stays open.
        var page = $"/promises/{promise.Id}";
        var next = post.House.Now.AddHours(20);
        (await post.Desk.PostFrom(page, page + "/not-reached", ("next", Local(next, "Etc/UTC")), ("outcome", "voicemail"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        row = (await All<CallBack>(post)).ShouldHaveSingleItem();
        (row.Attempts, row.NextTryAt is not null, (await All<Promise>(post))[0].State).ShouldBe((1, true, PromiseState.Open));
        (await All<Contact>(post)).Single(c => c.Channel == Channel.Phone).Outcome.ShouldBe(CallOutcome.Voicemail);
        (await post.Desk.See(page)).Body.ShouldContain("Tried once");
        await Call(post, one, outcome: "2");
        (await All<CallBack>(post))[0].Attempts.ShouldBe(2);
        await post.Pass(TimeSpan.FromMinutes(5));

        // Another time agreed: what is needed goes along.
        (await post.Desk.PostFrom(page, page, ("do", "change"), ("said", "She asked for later."), ("due", due.AddDays(1).ToString("yyyy-MM-dd'T'11:00", CultureInfo.InvariantCulture)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All<CallBack>(post)).Count(c => c.Number == "+49 30 1234567").ShouldBe(2);
        await post.Pass(TimeSpan.FromMinutes(5));
        await Call(post, one);
        (await All<Promise>(post)).Single(p => p.Id != promise.Id).State.ShouldBe(PromiseState.Kept);
        (await post.Desk.See("/calls")).Body.ShouldContain("Nobody waits for a call");
    }

    [Fact]
    public async Task What_cannot_be_called_is_refused_beside_its_field()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        var path = $"/cases/{one.Number}/call-back";
        var due = Local(post.House.Now.AddDays(1));
        async Task Wrong(string field, params (string, string?)[] fields)
        {
            var seen = await post.Desk.Post(path, [("due", due), .. fields]);
            (seen.Status, seen.Error(field) is not null).ShouldBe((HttpStatusCode.UnprocessableEntity, true), $"{field}: {string.Join(", ", fields)}");
        }
        await Wrong("number", ("number", ""));
        await Wrong("number", ("number", "no number"));
        await Wrong("number", ("number", "+49 30\r\n1234567"));
        await Wrong("number", ("number", "+49 30 \u0007 1234567"));
        await Wrong("number", ("number", new string('1', 61)));
        await Wrong("script", ("script", new string('x', PromiseCall.MostScript + 1)));
        await Wrong("until", ("from", "12:00"), ("until", "09:00"));
        await Wrong("until", ("from", "12:00"), ("until", ""));
        await Wrong("from", ("from", "noonish"), ("until", "13:00"));
        await Wrong("language", ("language", "zq"));
        await Wrong("due", ("due", Local(post.House.Now.AddDays(-1))));
        await Wrong("due", ("due", post.House.Now.Date.AddDays(2).ToString("yyyy-MM-dd'T'16:00", CultureInfo.InvariantCulture)), ("from", "09:00"), ("until", "12:00"));
        (await All<Promise>(post)).ShouldBeEmpty();
        // A script of tricks is kept as words.
        (await post.Desk.Post(path, ("due", due), ("script", "Say\u0007 <script>window.ran=1</script>\u202E\r\nand this"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All<CallBack>(post)).ShouldHaveSingleItem().Script.ShouldBe("Say <script>window.ran=1</script>\nand this");
        (await post.Desk.See("/calls")).Body.ShouldNotContain("<script>window.ran");
    }

    [Fact]
    public async Task Calls_of_cases_that_one_may_not_see_are_not_there()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        (await post.Desk.Post($"/cases/{one.Number}/call-back", ("due", Local(post.House.Now.AddDays(1))))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var promise = (await All<Promise>(post))[0].Id;
        await ThreeLetters(post, one);
        var role = await Some.Role(post.House, "Own", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        using var olga = await post.House.ClientOf(await Some.Colleague(post.House, "Olga Petrova", role, await Some.Team(post.House, "Workshop")));
        (await olga.See("/calls?whose=all")).Body.ShouldNotContain("1234567");
        foreach (var path in new[] { $"/cases/{one.Number}/call-back", $"/cases/{one.Number}/call-declined" })
        {
            (await olga.See(path)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await olga.PostFrom("/me", path, ("why", "writing"), ("number", "+49301234567"), ("due", Local(post.House.Now.AddDays(1))))).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        foreach (var path in new[] { $"/promises/{promise}/not-reached", $"/promises/{promise}/officer" })
            (await olga.PostFrom("/me", path, ("next", Local(post.House.Now.AddDays(1), "Etc/UTC")), ("officer", "1"), ("why", "So"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await post.CaseOf(one.Id)).PhoneSince.ShouldNotBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_call_with_authority_has_a_clock_the_officer_is_told_and_nobody_else_keeps_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        (await post.Desk.Post($"/cases/{one.Number}/call-back", ("officer", "true"))).Body.ShouldContain("Nobody is named");
        var vera = await Name(post, "Vera Stone", 1);
        var otto = await Name(post, "Otto Frank", 2);
        (await post.Desk.Post($"/cases/{one.Number}/call-back", ("officer", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        var promise = (await All<Promise>(post)).ShouldHaveSingleItem();
        promise.KeeperId.ShouldBe(vera);
        using (var db = post.House.Databases.Open())
        {
            promise.DueAt.ShouldBe(HouseCalendar.Of(post.House.Get<House>()).After(promise.MadeAt, TimeSpan.FromHours(4)), TimeSpan.FromSeconds(1));
            (await db.Set<Notification>().AnyAsync(n => n.ColleagueId == vera && n.Of == NotifyOf.OfficerAsked)).ShouldBeTrue();
        }
        (await post.Desk.Post($"/cases/{one.Number}/call-back", ("officer", "true"))).Body.ShouldContain("open on this case already");
        (await post.Desk.See("/calls?whose=all")).Body.ShouldContain("by a person with authority");
        await post.Pass(TimeSpan.FromMinutes(5));
        await Call(post, one);
        (await All<Promise>(post))[0].State.ShouldBe(PromiseState.Open, "Ben is not who was asked");
        var page = $"/promises/{promise.Id}";
        (await post.Desk.PostFrom(page, page, ("do", "hand-over"), ("keeper", N(post.Ben)))).Body.ShouldContain("Only another one can take it");
        // For a reason another person with authority takes it.
        (await post.Desk.PostFrom(page, page + "/officer", ("officer", N(otto)), ("why", " "))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await post.Desk.PostFrom(page, page + "/officer", ("officer", N(post.Ben)), ("why", "I can."))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await post.Desk.PostFrom(page, page + "/officer", ("officer", N(otto)), ("why", "Vera is on a plane."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All<Promise>(post))[0].KeeperId.ShouldBe(otto);
        using var desk = await post.House.ClientOf(otto);
        await Call(post, one, desk: desk);
        (await All<Promise>(post))[0].State.ShouldBe(PromiseState.Kept);
    }

    [Fact]
    public async Task Who_is_away_or_gone_is_stood_in_for_by_the_next()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        var (vera, otto) = (await Name(post, "Vera Stone", 1), await Name(post, "Otto Frank", 2));
        var path = $"/settings/colleagues/{vera}/absence";
        // A stand-in who was named for her absence has no authority: the next officer has.
        (await post.Desk.PostFrom(path, path, ("from", Day(0)), ("until", Day(3)), ("stand-in", N(post.Ben)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See("/settings/officers")).Body.ShouldContain("absent until");
        (await post.Desk.Post($"/cases/{one.Number}/call-back", ("officer", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All<Promise>(post))[0].KeeperId.ShouldBe(otto);
        (await post.Desk.PostFrom(path, $"{path}/{(await All<Absence>(post)).Single().Id}/end")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var gone = await db.Load<Colleague>(otto);
            gone.State = ColleagueState.Disabled;
            gone.Did(ColleagueDeed.Disabled);
        });
        await PromiseClock.FindKeepers(post.House.App.Services, default);
        (await All<Promise>(post))[0].KeeperId.ShouldBe(vera);

        string Day(int days) => post.House.Now.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_customer_asks_for_the_call_where_the_house_has_switched_it_on_one_at_a_time(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var (letter, token) = CaseLetters.Make(one.Id, one.CustomerId, post.House.Now);
        await post.House.Write.Run(Actor.System("test"), null, db => { db.Add(letter); return Task.CompletedTask; });
        using var outside = post.House.Client();
        var path = $"/c/{token}/call";
        (await outside.See(path)).Status.ShouldBe(HttpStatusCode.NotFound, "not switched on");
        var vera = await Name(post, "Vera Stone", 1);
        (await post.Desk.Post("/settings/officers", ("hours", "0"))).Error("hours").ShouldNotBeNull();
        (await post.Desk.Post("/settings/officers", ("hours", "2"), ("ask", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await outside.See($"/c/{token}")).Body.ShouldContain("alguien con autoridad");
        var form = await outside.See(path);
        form.Body.ShouldNotContain("1234567", Shouldly.Case.Sensitive, "the number that we know is nobody's to read");
        (await outside.Post(path, ("number", "+49 30\r\n99"), ("about", "x"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await outside.Post(path, ("about", new string('x', 501)))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Twice at once it is one.
        await Task.WhenAll(outside.Send(form, path, ("about", "La bomba")), outside.Send(form, path, ("about", "La bomba")));
        await post.Quiet();
        var promise = (await All<Promise>(post)).ShouldHaveSingleItem();
        promise.KeeperId.ShouldBe(vera);
        var row = (await All<CallBack>(post)).ShouldHaveSingleItem();
        (row.Number, row.ByCustomer, row.ByOfficer, row.Language).ShouldBe(("+49 30 1234567", true, true, "es"));
        (await outside.Send(form, path, ("about", "Otra vez"), ("once", Guid.NewGuid().ToString("N")))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await outside.See($"/c/{token}");
        page.Body.ShouldContain("Llamada de alguien con autoridad para decidir");
        page.Document.QuerySelector($"a[href='{path}']").ShouldBeNull("one is open");
        (await All<Contact>(post)).ShouldContain(c => c.Channel == Channel.Portal && c.Text.Contains("La bomba", StringComparison.Ordinal));
        using var db = post.House.Databases.Open();
        (await db.Set<Fact>().CountAsync(f => f.Kind == "promise.officer-asked" && f.ActorKind == ActorKind.Customer)).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_that_asks_again_and_again_is_answered_three_times_in_thirty_days()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Name(post, "Vera Stone", 1);
        (await post.Desk.Post("/settings/officers", ("hours", "2"), ("ask", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var (letter, token) = CaseLetters.Make(one.Id, one.CustomerId, post.House.Now);
        await post.House.Write.Run(Actor.System("test"), null, db => { db.Add(letter); return Task.CompletedTask; });
        using var outside = post.House.Client();
        for (var n = 1; n <= 4; n++)
        {
            var answer = await outside.Post($"/c/{token}/call", ("about", "Again"));
            answer.Status.ShouldBe(n <= 3 ? HttpStatusCode.SeeOther : HttpStatusCode.UnprocessableEntity);
            await post.House.Write.Run(Actor.System("test"), null, async db =>
            {
                foreach (var open in await db.Set<Promise>().AsTracking().Where(p => p.State == PromiseState.Open).ToListAsync()) open.Release("He called himself.", db.At);
            });
        }
        // Floods meet the brake of the link.
        for (var n = 0; n < 10; n++) await outside.Post($"/c/{token}/call", ("about", "Again"));
        (await All<CallBack>(post)).Count.ShouldBe(3);
        // Another one's token opens nothing.
        (await outside.See("/c/" + new string('a', 22) + "/call")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void The_hours_for_a_call_are_the_houses_and_decent_ones_where_the_customer_is()
    {
        var calendar = WorkingCalendar.Read("Mon-Fri 09:00-17:00", "Europe/Berlin");
        static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
        // Ten in Berlin: good there, four in the morning in New York, whose eight is two in the afternoon.
        CallTimes.Next(Utc("2026-11-23T09:00:00"), calendar, "Europe/Berlin").ShouldBe(Utc("2026-11-23T09:00:00"));
        CallTimes.Next(Utc("2026-11-23T09:00:00"), calendar, "America/New_York").ShouldBe(Utc("2026-11-23T13:00:00"));
        // In Tokyo it is past eight in the evening from noon on: the next morning of the house.
        CallTimes.Next(Utc("2026-11-23T12:30:00"), calendar, "Asia/Tokyo").ShouldBe(Utc("2026-11-24T08:00:00"));
        // On a Saturday: Monday.
        CallTimes.Next(Utc("2026-11-21T10:00:00"), calendar, "Europe/Berlin").ShouldBe(Utc("2026-11-23T08:00:00"));
        // The hours that she said.
        CallTimes.Next(Utc("2026-11-23T09:00:00"), calendar, "Europe/Berlin", 14 * 60, 15 * 60).ShouldBe(Utc("2026-11-23T13:00:00"));
        // Never while the house is there: Honolulu at night.
        CallTimes.Next(Utc("2026-11-23T09:00:00"), calendar, "Pacific/Honolulu").ShouldBeNull();
    }
}
