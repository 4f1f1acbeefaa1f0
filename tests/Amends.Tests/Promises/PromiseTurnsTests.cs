using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Amends.Tests.Promises.PromiseTests;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Promises;

/// <summary>What happens around a promise: the text is corrected, the case is merged, somebody else is answered, a step is taken back. It stays what was said, to whom, with somebody who is asked.</summary>
public class PromiseTurnsTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string N(long id) => id.ToString(CultureInfo.InvariantCulture);

    static async Task<List<long>> Told(Post post, NotifyOf of)
    {
        await post.Quiet();
        using var db = post.House.Databases.Open();
        return await db.Set<Notification>().Where(n => n.Of == of).OrderBy(n => n.Id).Select(n => n.ColleagueId).ToListAsync(Stop);
    }

    static async Task<long> Undo(Post post, Seen done, long number)
    {
        var fact = Regex.Match(done.Location!, @"did=(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
        (await post.Desk.Send(await post.Desk.See($"/cases/{number}"), $"/cases/{number}/undo/{fact}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        return long.Parse(fact, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task An_hour_or_a_day_that_is_corrected_in_the_text_is_the_one_that_counts()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        async Task<(string Name, string Due)> Found(string text, params (string, string?)[] shown)
        {
            var seen = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/promises/find", [("text", text), .. shown]);
            var field = seen.Document.QuerySelector("input[name^=due-]")!;
            return (field.GetAttribute("name")!, field.GetAttribute("value")!);
        }
        var first = await Found("We will call you tomorrow by 14:00.");
        first.Due.ShouldEndWith("14:00");
        // What the page shows is sent with each look.
        (await Found("We will call you tomorrow by 16:00.", (first.Name, first.Due))).Due.ShouldEndWith("16:00");
        // What the writer set himself stays while the words stay.
        var set = first.Due.Replace("14:00", "15:30", StringComparison.Ordinal);
        (await Found("Dear Maria, we will call you tomorrow by 14:00.", (first.Name, set))).Due.ShouldBe(set);
        // Two that differ in their digits alone are two.
        (await Reply(post, one, "We will call you on 20 March at 10:00.\n\nWe will call you on 24 March at 10:00.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Select(p => p.DueLocal.Day).ShouldBe([20, 24]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task On_a_confidential_case_who_keeps_it_or_stands_in_is_asked_where_he_may_see_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var vera = await Some.Colleague(post.House, "Vera Stone", await Some.AdminRole(post.House), post.Team);
        var otto = await Some.Colleague(post.House, "Otto Vale", await Some.Role(post.House, "Agents", (Verb.SeeCases, Scope.All), (Verb.WorkCases, Scope.All)), post.Team);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            (await db.LoadCase(Who.House("test"), one.Number, null)).KeepConfidential(true, db.At);
            db.Add(Absence.Plan(db.Ids!.Next(), post.Ben, db.At, db.At.AddDays(3), db.At.Date, vera, null, [], db.At));
        });
        await post.Promise(one, "Call with the result", post.House.Now.AddHours(10), before: TimeSpan.FromHours(10));
        post.House.Clock.Set(FakeTime.Start.AddHours(8.1));
        await PromiseClock.Follow(post.House.App.Services, Stop);
        (await Told(post, NotifyOf.PromiseAsked)).ShouldBe([vera]);
        // Nobody is told of it who does not see it; and nobody is named who could be let in by a click.
        (await Told(post, NotifyOf.PromiseAsked)).ShouldNotContain(otto);
        var page = WebUtility.HtmlDecode((await (await post.House.ClientOf(vera)).See($"/cases/{one.Number}")).Body);
        page.ShouldContain("is absent until");
        page.ShouldNotContain("Give it to");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_promised_on_a_case_that_is_merged_is_the_next_step_and_the_ring_of_the_other_and_goes_with_it_when_that_is_taken_back(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var other = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Another pump", "The other pump stops as well.")))!.CaseId);
        other.Id.ShouldNotBe(one.Id);
        await Reply(post, other, "We are sorry.");
        await post.Promise(one, "Call with the result", post.House.Now.AddHours(10), before: TimeSpan.FromHours(10));
        await Reply(post, one, "We are sorry.");
        var due = (await All(post)).Single().DueAt;
        async Task Stands(long where, PartState ring, DateTime? next)
        {
            var row = await post.CaseOf(where);
            (row.Promised, row.NextStepAt, row.PromisedLateAt).ShouldBe((ring, next, next));
        }
        await Stands(one.Id, PartState.UnderWay, due);
        var merged = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/merge"), $"/cases/{one.Number}/merge", ("target", N(other.Number)), ("version", N((await post.CaseOf(one.Id)).Version)));
        merged.Status.ShouldBe(HttpStatusCode.SeeOther, merged.Body);
        await Stands(other.Id, PartState.UnderWay, due);
        // A write on the other leaves it standing; the keeper is asked, and where it passed the case stands still.
        await Reply(post, other, "We are on it.");
        await Stands(other.Id, PartState.UnderWay, due);
        post.House.Clock.Set(FakeTime.Start.AddHours(10.2));
        await PromiseClock.Follow(post.House.App.Services, Stop);
        (await post.Desk.See("/desk/none")).Body.ShouldContain("Another pump");
        (await Told(post, NotifyOf.PromisePassed)).ShouldBe([post.Ben]);
        // It is kept: the fact is told of the case that was merged away.
        await post.House.Write.Run(new Actor(ActorKind.Colleague, post.Ben, "Ben Kim"), null, async db => (await db.Load<Promise>((await All(post)).Single().Id)).Keep(db.At, null, "Called.", db.At));
        (await post.CaseOf(other.Id)).Promised.ShouldBe(PartState.Done);
        // Taken back, each has its own again.
        var number = other.Number;
        await Undo(post, merged, number);
        (await post.CaseOf(other.Id)).Promised.ShouldBe(PartState.None);
        (await post.CaseOf(one.Id)).Promised.ShouldBe(PartState.Done);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_said_to_who_reported_it_keeps_nothing_that_the_customer_was_promised(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        const string shop = "shop@dealer.example";
        var reporter = await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = new Customer { Id = db.Ids!.Next(), Name = "Shop Nord" };
            row.Addresses.Add(new CustomerAddress { Kind = AddressKind.Mail, Value = shop, Shown = shop });
            row.Changed(true);
            db.Add(row);
            var told = await db.LoadCase(Who.House("test"), one.Number, null);
            told.ReporterId = row.Id;
            told.Touch(db.At);
            return row.Id;
        });
        await post.Promise(one, "Answer", post.House.Now.AddHours(30), kind: PromiseKind.Answer);
        await post.Promise(one, "Call", post.House.Now.AddHours(30));
        async Task<Seen> To(string to, string text, string? cc = null) => await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/reply", ("text", text), ("to", to), ("cc", cc), ("next", "open"), ("anyway", "true"));
        (await To(shop, "Thank you for telling us.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).ShouldAllBe(p => p.IsOpen);
        await post.House.Write.Run(new Actor(ActorKind.Colleague, post.Ben, "Ben Kim"), null, db =>
        {
            var call = new Contact { Id = db.Ids!.Next(), CaseId = one.Id, Direction = Direction.Out, Channel = Amends.Cases.Channel.Phone, At = db.At, CustomerId = reporter, ColleagueId = post.Ben, FromName = "Ben Kim", Text = "Told the shop.", Why = WhyHere.ByHand, Outcome = CallOutcome.Talked };
            call.Arrived();
            db.Add(call);
            return Task.CompletedTask;
        });
        (await All(post)).ShouldAllBe(p => p.IsOpen);
        // Written to both, or in copy, it is said to the customer.
        (await To(shop, "A new pump comes.", "Maria <maria@casaverde.example>")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Select(p => (p.Kind, p.IsOpen)).ShouldBe([(PromiseKind.Answer, false), (PromiseKind.Call, true)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_that_promises_where_the_owner_has_left_is_kept_by_who_writes_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var anna = await Some.Colleague(post.House, "Anna Berg", await Some.AdminRole(post.House), post.Team);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(anna, post.Team, db.At);
            var gone = await db.Load<Colleague>(anna);
            gone.State = ColleagueState.Disabled;
            gone.Did(ColleagueDeed.Disabled);
        });
        var sent = await Reply(post, one, "We will call you tomorrow before noon.");
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        (await All(post)).Single().KeeperId.ShouldBe(post.Ben);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Resolving_that_is_taken_back_takes_back_what_was_chosen_for_promises_and_leaves_the_case_in_front(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one, "We are sorry.");
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), one.Number, null);
            row.Resolve("Done.", post.Ben, db.At);
            row.Reopen(ReopenWhy.CustomerSaidNo, db.At);
        });
        var kept = await post.Promise(one, "Visit", post.House.Now.AddHours(30), kind: PromiseKind.Visit);
        var earlier = await post.Promise(one, "Refund", post.House.Now.AddHours(30), kind: PromiseKind.Refund, then: (p, _) => p.Release("Needed no more", post.House.Now.AddHours(-1)));
        var came = (await post.CaseOf(one.Id)).CameBackAt.ShouldNotBeNull();
        var path = $"/cases/{one.Number}/resolve";
        var resolved = await post.Desk.Send(await post.Desk.See(path), path, ("summary", "Done."), ($"promise-{kept}", "released"), ("anyway", "true"));
        resolved.Status.ShouldBe(HttpStatusCode.SeeOther, resolved.Body);
        (await All(post)).ShouldAllBe(p => p.State == PromiseState.Released);
        await Undo(post, resolved, one.Number);
        (await All(post)).Select(p => (p.Id, p.State)).ShouldBe([(kept, PromiseState.Open), (earlier, PromiseState.Released)]);
        var now = await post.CaseOf(one.Id);
        (now.IsOpen, now.CameBackAt).ShouldBe((true, came));
        now.NextStepSays.ShouldBe("Visit");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_promise_of_a_merged_case_goes_to_those_who_work_where_it_went(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var team = await Some.Team(post.House, "Accounting");
        var role = await Some.Role(post.House, "Own team", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        var (ines, olga) = (await Some.Colleague(post.House, "Ines Moreau", role, team), await Some.Colleague(post.House, "Olga Petrova", role, post.Team));
        var other = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "The bill", "The bill is wrong.")))!.CaseId);
        await post.Promise(one, "Answer", post.House.Now.AddHours(30), keeper: olga, kind: PromiseKind.Answer);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var (from, into) = (await db.LoadCase(Who.House("test"), one.Number, null), await db.LoadCase(Who.House("test"), other.Number, null));
            into.Assign(ines, team, db.At);
            from.Assign(null, post.Team, db.At);
            await MergeCase.Into(db, from, into, post.Ben, post.House.Get<CaseSearch>());
        });
        await PromiseClock.FindKeepers(post.House.App.Services, Stop);
        (await All(post)).Single().KeeperId.ShouldBe(ines, "the other one does not see the case that it is about now");
        await PromiseClock.FindKeepers(post.House.App.Services, Stop);
        (await All(post)).Single().KeeperId.ShouldBe(ines);
    }

    [Fact]
    public async Task Days_end_by_the_calendar_of_the_brand_where_it_has_one()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        // Thursday: the house works from Monday to Friday, the shop every day until eight.
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var calendar = new Amends.Cases.Targets.NamedCalendar { Id = db.Ids!.Next(), Name = "Shop", Zone = "Europe/Berlin", Hours = "Mon-Sun 08:00-20:00" };
            calendar.Changed();
            db.Add(calendar);
            var brand = await db.Load<Amends.Foundation.Settings.Brand>(one.BrandId);
            brand.CalendarId = calendar.Id;
            brand.Changed();
        });
        await Reply(post, one, "We will send you the list within two working days.");
        (await All(post)).Single().DueLocal.ShouldBe(post.House.Now.Date.AddDays(2).AddHours(20));
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldNotContain("Nobody works");
    }

    [Fact]
    public async Task A_call_with_authority_has_its_hours_by_the_calendar_of_the_brand()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        // Friday: the house closes before the hours are over, the shop does not.
        await post.Pass(TimeSpan.FromDays(((int)DayOfWeek.Friday - (int)post.House.Now.DayOfWeek + 7) % 7));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var calendar = new Amends.Cases.Targets.NamedCalendar { Id = db.Ids!.Next(), Name = "Shop", Zone = "Europe/Berlin", Hours = "Mon-Sun 00:00-24:00" };
            calendar.Changed();
            db.Add(calendar);
            var brand = await db.Load<Amends.Foundation.Settings.Brand>(one.BrandId);
            brand.CalendarId = calendar.Id;
            brand.Changed();
            await post.House.Get<Amends.Foundation.Settings.House>().Set(db, Amends.Promises.Calls.Officers.Hours, 9);
            var officer = new Amends.Promises.Calls.Officer { Id = db.Ids!.Next(), ColleagueId = post.Ben, Rank = 1 };
            officer.Did(removed: false);
            db.Add(officer);
        });
        (await post.Desk.PostFrom($"/cases/{one.Number}/call-back", $"/cases/{one.Number}/call-back", ("officer", "true"), ("number", "+49 30 1234567"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Single().DueAt.ShouldBe(post.House.Now.AddHours(9), TimeSpan.FromMinutes(1));
    }
}
