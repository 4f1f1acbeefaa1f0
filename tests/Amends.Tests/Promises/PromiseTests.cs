using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Promises;

/// <summary>What we said we would do is a record: made by hand or found in a reply, followed by the clock, and it stands in the way of resolving until something came of it.</summary>
public class PromiseTests
{
    internal static async Task<(Post Post, Case Case)> Open(On on, string zone = "Europe/Berlin")
    {
        var post = await Post.Open(on);
        var one = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump stops.")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var maria = await db.Load<Customer>(one.CustomerId);
            maria.Zone = zone;
            maria.Changed(false);
            (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(post.Ben, post.Team, db.At);
        });
        await post.Quiet();
        return (post, await post.CaseOf(one.Id));
    }

    internal static async Task<List<Promise>> All(Post post)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<Promise>().OrderBy(p => p.Id).ToListAsync();
    }

    internal static async Task<Seen> Make(Post post, Case one, string due, string kind = "2", string? zone = "Europe/Berlin", string? keeper = null, string? what = null)
    {
        var path = $"/cases/{one.Number}/promises/new";
        return await post.Desk.Send(await post.Desk.See(path), path, ("kind", kind), ("what", what), ("due", due), ("zone", zone), ("keeper", keeper ?? post.Ben.ToString(CultureInfo.InvariantCulture)));
    }

    internal static async Task<Seen> Reply(Post post, Case one, string text, params (string, string?)[] more)
    {
        var path = $"/cases/{one.Number}/reply";
        return await post.Desk.Send(await post.Desk.See(path), path, [("text", text), ("to", "maria@casaverde.example"), ("next", "open"), ("anyway", "true"), .. more]);
    }

    internal static string Local(DateTime utc, int hours) => utc.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_by_hand_holds_time_zone_and_instant_stands_on_the_case_and_keeps_it_from_being_resolved(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        // Noon in Berlin, in March an hour ahead of UTC.
        var day = post.House.Now.Date.AddDays(1);
        (await Make(post, one, day.ToString("yyyy-MM-dd'T'12:00", CultureInfo.InvariantCulture), what: "Call with the result")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var promise = (await All(post)).ShouldHaveSingleItem();
        (promise.Kind, promise.What, promise.DueAt, promise.DueLocal, promise.Zone, promise.KeeperId, promise.State).ShouldBe((PromiseKind.Call, "Call with the result", day.AddHours(11), day.AddHours(12), "Europe/Berlin", post.Ben, PromiseState.Open));
        await Reply(post, one, "We are sorry.");
        var now = await post.CaseOf(one.Id);
        (now.NextStep, now.NextStepAt, now.NextStepWho, now.NextStepSays, now.Promised, now.PromisedLateAt).ShouldBe((StepKind.Published, day.AddHours(11), post.Ben, "Call with the result", PartState.UnderWay, day.AddHours(11)));
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("12:00 (Berlin)");
        (await post.Desk.See("/promises")).Body.ShouldContain("Call with the result");
        var refused = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/resolve"), $"/cases/{one.Number}/resolve", ("summary", "Done."));
        refused.Body.ShouldContain("A promise is open: Call with the result");
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_without_words_of_its_own_is_said_in_the_language_of_who_reads(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 26));
        (await post.Desk.See("/promises")).Text("main b").ShouldBe("Call");
        using var olga = await post.House.ClientOf(await Some.Colleague(post.House, "Olga Stein", await Some.AdminRole(post.House)));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var reader = await db.Set<Colleague>().AsTracking().SingleAsync(c => c.Name == "Olga Stein");
            reader.Language = "de";
            reader.Did(ColleagueDeed.PreferencesChanged);
        });
        (await olga.See($"/promises/{(await All(post))[0].Id}")).Text("h1").ShouldBe("Anruf");
        await Reply(post, one, "We are sorry.");
        (await post.CaseOf(one.Id)).NextStepSays.ShouldBe("Call", "the step is said in the language of the house");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_promised_call_is_kept_by_a_logged_call_in_which_we_talked_and_by_nothing_else(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 26));
        var page = $"/promises/{(await All(post))[0].Id}";
        (await post.Desk.Send(await post.Desk.See(page), page, ("do", "keep"), ("said", "I think I did."))).Body.ShouldContain("kept by a call that is logged");
        await Reply(post, one, "We are sorry.");
        async Task Call(string outcome) => (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/call"), $"/cases/{one.Number}/call", ("direction", "out"), ("outcome", outcome), ("text", "Spoke of the pump."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var outcomes = Enum.GetValues<CallOutcome>().Where(o => o != CallOutcome.Talked).Select(o => ((int)o).ToString(CultureInfo.InvariantCulture)).ToList();
        foreach (var outcome in outcomes) await Call(outcome);
        (await All(post))[0].State.ShouldBe(PromiseState.Open);
        await post.Pass(TimeSpan.FromMinutes(5));
        await Call("1");
        var kept = (await All(post))[0];
        kept.State.ShouldBe(PromiseState.Kept);
        kept.ProvedBy.ShouldNotBeNull();
        (await post.CaseOf(one.Id)).Promised.ShouldBe(PartState.Done);
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/resolve"), $"/cases/{one.Number}/resolve", ("summary", "Done."))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_a_reply_promises_is_recorded_when_it_is_sent_once_unless_it_is_refused_and_that_is_learned(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        const string text = "We are sorry. We will call you tomorrow before noon.";
        var path = $"/cases/{one.Number}/promises/find";
        var found = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), path, ("text", text));
        found.Body.ShouldContain("A promise was found");
        var field = found.Document.QuerySelector("#found-promises input[type=datetime-local]").ShouldNotBeNull();
        var day = post.House.Now.Date.AddDays(1);
        field.GetAttribute("value").ShouldBe(day.ToString("yyyy-MM-dd'T'12:00", CultureInfo.InvariantCulture));
        var key = field.GetAttribute("name")!["due-".Length..];

        // The same form twice is one reply and one promise.
        var form = await post.Desk.See($"/cases/{one.Number}/reply");
        (string, string?)[] fields = [("text", text), ("to", "maria@casaverde.example"), ("next", "open"), ("anyway", "true")];
        await Task.WhenAll(post.Desk.Send(form, $"/cases/{one.Number}/reply", fields), post.Desk.Send(form, $"/cases/{one.Number}/reply", fields));
        var promise = (await All(post)).ShouldHaveSingleItem();
        (promise.Kind, promise.DueAt, promise.Zone, promise.KeeperId).ShouldBe((PromiseKind.Call, day.AddHours(11), "Europe/Berlin", post.Ben));
        promise.Quote!.ShouldContain("call you tomorrow");
        promise.SaidIn.ShouldNotBeNull();

        // Another time than the one that was read.
        await Reply(post, one, text, ($"due-{key}", day.ToString("yyyy-MM-dd'T'15:00", CultureInfo.InvariantCulture)));
        (await All(post))[^1].DueAt.ShouldBe(day.AddHours(14));

        await Reply(post, one, text, ($"no-{key}", "true"));
        (await All(post)).Count.ShouldBe(2);
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), path, ("text", text))).Body.ShouldNotContain("was found");
        await Reply(post, one, text);
        (await All(post)).Count.ShouldBe(2, "it was learned");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_a_text_promises_first_is_the_next_step_on_the_button_and_the_case_stays_open_for_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var (composer, find) = ($"/cases/{one.Number}/reply", $"/cases/{one.Number}/promises/find");
        const string text = "We will send you the list within three working days. We will call you tomorrow before noon.";
        static (string Value, string Says) Button(Seen page) => page.Document.QuerySelector("#reply-next > button[name=next]") is { } button ? (button.GetAttribute("value") ?? "", button.TextContent) : ("", "");
        var empty = await post.Desk.See(composer);
        Button(empty).Value.ShouldStartWith("wait ");

        var found = await post.Desk.Send(empty, find, ("text", text));
        found.Document.QuerySelector("#reply-next")!.HasAttribute("hx-swap-oob").ShouldBeTrue();
        var (value, says) = Button(found);
        value.ShouldBe("open");
        says.ShouldStartWith("Send, next: Call by ");
        found.Document.QuerySelectorAll("#reply-next [value^=wait]").Length.ShouldBe(3);
        var was = found.Document.QuerySelector("[name=next-was]")!.GetAttribute("value");
        (await post.Desk.Send(empty, find, ("text", text + " Yours"), ("next-was", was))).Document.QuerySelector("#reply-next").ShouldBeNull("it says so already");
        Button(await post.Desk.Send(empty, find, ("text", "We look into it."), ("next-was", was))).Value.ShouldStartWith("wait ");
        var key = found.Document.QuerySelectorAll("#found-promises [name^='no-']").Select(n => n.GetAttribute("name")!).Last();
        Button(await post.Desk.Send(empty, find, ("text", text), (key, "true"))).Says.ShouldNotContain("Call by", Shouldly.Case.Sensitive, "it is no promise");

        await post.Desk.Send(empty, $"/cases/{one.Number}/draft?kind=reply", ("text", text));
        Button(await post.Desk.See(composer)).Says.ShouldBe(says);
        await Reply(post, one, text);
        var now = await post.CaseOf(one.Id);
        (now.State, now.NextStep, now.NextStepAt).ShouldBe((CaseState.Open, StepKind.Published, post.House.Now.Date.AddDays(1).AddHours(11)));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task It_is_kept_beside_its_case_with_what_shows_it_and_a_call_is_logged_there(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 24), kind: "4", what: "Send the pump");
        await Make(post, one, Local(post.House.Now, 26));
        var page = await post.Desk.See($"/cases/{one.Number}");
        var (delivery, call) = ((await All(post))[0], (await All(post))[1]);
        page.Document.QuerySelectorAll(".end-it form").Length.ShouldBe(1, "only a logged call keeps the other");
        page.Document.QuerySelector($".promises a[href='/cases/{one.Number}/call?way=out']").ShouldNotBeNull();
        (await post.Desk.Send(page, $"/promises/{delivery.Id}", ("do", "keep"), ("said", " "))).Body.ShouldContain("Send the pump");
        (await post.Desk.Send(page, $"/promises/{delivery.Id}", ("do", "keep"), ("said", "She has it."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Select(p => p.State).ShouldBe([PromiseState.Kept, PromiseState.Open]);
        (await post.Desk.See($"/cases/{one.Number}")).Document.QuerySelectorAll(".end-it").ShouldBeEmpty();

        // A mistake in the log of a call leaves the page of the case as it is.
        var form = page.Document.QuerySelector("#call-form").ShouldNotBeNull();
        (form.GetAttribute("hx-post"), form.GetAttribute("hx-select"), form.GetAttribute("hx-target")).ShouldBe(($"/cases/{one.Number}/call", "#call-form", "this"));
        var wrong = await post.Desk.Send(page, $"/cases/{one.Number}/call", ("direction", "out"), ("outcome", "1"), ("number", "12"), ("text", "We talked of the filter."));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Document.QuerySelector("#call-form .error").ShouldNotBeNull();
        wrong.Document.QuerySelector("#call-form textarea")!.TextContent.ShouldBe("We talked of the filter.");
        (await All(post))[1].State.ShouldBe(PromiseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_that_is_taken_back_has_promised_nothing_and_one_that_was_kept_by_it_is_open_again(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 26), kind: "1");
        await Reply(post, one, "Here is the answer. And we will call you tomorrow before noon.");
        (await All(post)).Select(p => (p.Kind, p.State)).ShouldBe([(PromiseKind.Answer, PromiseState.Kept), (PromiseKind.Call, PromiseState.Open)]);
        var contact = (await All(post))[1].SaidIn!.Value;
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}"), $"/contacts/{contact}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Select(p => (p.Kind, p.State)).ShouldBe([(PromiseKind.Answer, PromiseState.Open), (PromiseKind.Call, PromiseState.Withdrawn)]);
        (await post.CaseOf(one.Id)).PromisedLateAt.ShouldBe((await All(post))[0].DueAt);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_keeper_is_reminded_at_half_asked_at_four_fifths_and_when_it_passed_nothing_is_the_next_step(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one, "We are sorry.");
        await Make(post, one, Local(post.House.Now, 11));
        async Task<List<NotifyOf>> Told()
        {
            await post.Quiet();
            using var db = post.House.Databases.Open();
            return await db.Set<Notification>().Where(n => n.ColleagueId == post.Ben && n.Of >= NotifyOf.PromiseReminded).OrderBy(n => n.Id).Select(n => n.Of).ToListAsync();
        }
        async Task Follow()
        {
            await PromiseClock.Follow(post.House.App.Services, TestContext.Current.CancellationToken);
            await CaseClock.PassSteps(post.House.App.Services, TestContext.Current.CancellationToken);
        }
        // Ten hours: Berlin is one ahead.
        await post.Pass(TimeSpan.FromHours(4.9));
        await Follow();
        (await Told()).ShouldBeEmpty();
        await post.Pass(TimeSpan.FromHours(0.2));
        for (var twice = 0; twice < 2; twice++) await Follow();
        (await Told()).ShouldBe([NotifyOf.PromiseReminded]);
        await post.Pass(TimeSpan.FromHours(3));
        for (var twice = 0; twice < 2; twice++) await Follow();
        (await Told()).ShouldBe([NotifyOf.PromiseReminded, NotifyOf.PromiseAsked]);
        (await post.LastTo("ben.kim@amends.example")).Mail.Subject!.ShouldContain("comes due");
        (await post.Desk.See("/desk/risk")).Body.ShouldContain("Pump stops");
        (await post.Desk.See("/desk/none")).Body.ShouldNotContain("Pump stops");
        await post.Pass(TimeSpan.FromHours(2));
        for (var twice = 0; twice < 2; twice++) await Follow();
        (await Told()).ShouldBe([NotifyOf.PromiseReminded, NotifyOf.PromiseAsked, NotifyOf.PromisePassed]);
        (await post.Desk.See("/desk/none")).Body.ShouldContain("Pump stops");
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("Promised late");
        // The clock was ahead and is set right: nothing is told again.
        post.House.Clock.Set(post.House.Clock.GetUtcNow().AddHours(-6));
        await Follow();
        (await Told()).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("2026-03-01T12:00", "Europe/Berlin", "That moment is past")]
    [InlineData("2028-03-01T12:00", "Europe/Berlin", "more than a year away")]
    [InlineData("2026-03-29T02:30", "Europe/Berlin", "that time does not exist")]
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "that time comes twice")]
    [InlineData("", "Europe/Berlin", "Choose day and time")]
    [InlineData("2026-03-30T12:00", "Europe/Nowhere", "Choose whose time it is")]
    public async Task A_time_that_cannot_be_is_refused_with_its_reason(string due, string zone, string says)
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        var answer = await Make(post, one, due, zone: zone);
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Body.ShouldContain(says);
        (await All(post)).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task It_is_never_without_a_keeper_and_never_with_one_who_may_not_see_the_case(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var role = await Some.Role(post.House, "Agent", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        var other = await Some.Team(post.House, "Other");
        var (olga, far) = (await Some.Colleague(post.House, "Olga Petrova", role, post.Team), await Some.Colleague(post.House, "Far Away", role, other));
        (await Make(post, one, Local(post.House.Now, 26), keeper: far.ToString(CultureInfo.InvariantCulture))).Body.ShouldContain("Far Away does not see this case");
        await Make(post, one, Local(post.House.Now, 26), keeper: olga.ToString(CultureInfo.InvariantCulture));
        (await All(post))[0].KeeperId.ShouldBe(olga);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var gone = await db.Load<Colleague>(olga);
            gone.State = ColleagueState.Disabled;
            gone.Did(ColleagueDeed.Disabled);
        });
        await PromiseClock.FindKeepers(post.House.App.Services, TestContext.Current.CancellationToken);
        (await All(post))[0].KeeperId.ShouldBe(post.Ben);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task It_ends_as_kept_late_changed_released_or_broken_each_with_its_reason(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        for (var n = 0; n < 4; n++) await Make(post, one, Local(post.House.Now, 24 + n), kind: "4", what: $"Send part {n}");
        async Task<Seen> Do(int which, string act, string? said, params (string, string?)[] more)
        {
            var page = $"/promises/{(await All(post))[which].Id}";
            return await post.Desk.Send(await post.Desk.See(page), page, [("do", act), ("said", said), .. more]);
        }
        (await Do(0, "keep", "")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Do(0, "keep", "The carrier has it.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Do(1, "release", "She found one herself.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Do(2, "change", "She said Friday is fine.", ("due", Local(post.House.Now, 100)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromHours(30));
        (await Do(3, "keep", "It went a day late.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See($"/promises/{(await All(post))[3].Id}")).Body.ShouldNotContain("name=\"do\"", Shouldly.Case.Sensitive, "it has ended");
        var all = await All(post);
        all.Select(p => p.State).ShouldBe([PromiseState.Kept, PromiseState.Released, PromiseState.Changed, PromiseState.Late, PromiseState.Open]);
        all[2].Into.ShouldBe(all[4].Id);
        (await Do(4, "break", "The maker is bankrupt.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).Promised.ShouldBe(PartState.Late);
        var history = WebUtility.HtmlDecode((await post.Desk.See($"/cases/{one.Number}/history")).Body).Replace("</b>", "", StringComparison.Ordinal);
        foreach (var said in (string[])["promised “Send part 0”", "kept “Send part 0”", "needs it no more", "agreed another time", "kept “Send part 3”", "will not be kept"]) history.ShouldContain(said);
    }
}
