using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
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

/// <summary>Who is absent keeps what is hers, and the stand-in is asked; who leaves hands it on. No promise is ever without a keeper.</summary>
public class AbsenceTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string N(long id) => id.ToString(CultureInfo.InvariantCulture);

    static string Day(Post post, int days) => post.House.Now.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static Task Look(Post post) => PromiseClock.Follow(post.House.App.Services, Stop);

    static Task<long> Colleague(Post post, string name, bool sees = true) => Some.Role(post.House, "Role of " + name, sees ? [(Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team)] : [])
        .ContinueWith(role => Some.Colleague(post.House, name, role.Result, post.Team), TaskScheduler.Default).Unwrap();

    static async Task<Seen> Plan(HttpClient web, string path, params (string, string?)[] fields) => await web.Send(await web.See(path), path, fields);

    static Task Absent(Post post, long who, long? standIn, DateTime until, DateTime? from = null) => post.House.Write.Run(Actor.System("test"), null, db =>
    {
        db.Add(Absence.Plan(db.Ids!.Next(), who, from ?? db.At, until, db.At.Date, standIn, null, [], db.At));
        return Task.CompletedTask;
    });

    static async Task<List<(long Who, NotifyOf Of)>> Told(Post post, NotifyOf of)
    {
        await post.Quiet();
        using var db = post.House.Databases.Open();
        return [.. (await db.Set<Notification>().Where(n => n.Of == of).OrderBy(n => n.Id).Select(n => new { n.ColleagueId, n.Of }).ToListAsync(Stop)).Select(n => (n.ColleagueId, n.Of))];
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Promises_of_who_is_absent_are_asked_of_the_stand_in_and_are_hers_again_when_she_is_back(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var olga = await Colleague(post, "Olga Petrova");
        (await Plan(post.Desk, "/me/absence", ("from", Day(post, 0)), ("until", Day(post, 0)), ("stand-in", N(olga)), ("why", "Dentist"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        WebUtility.HtmlDecode((await post.Desk.See("/me")).Body).ShouldContain("Olga Petrova stands in");
        await post.Promise(one, "Call with the result", post.House.Now.AddHours(10), before: TimeSpan.FromHours(10));
        foreach (var (of, hours) in new[] { (NotifyOf.PromiseReminded, 5.1), (NotifyOf.PromiseAsked, 8.1), (NotifyOf.PromisePassed, 10.1) })
        {
            post.House.Clock.Set(FakeTime.Start.AddHours(hours));
            await Look(post);
            // The owner is told that it passed as before: that is no question.
            (await Told(post, of)).ConvertAll(t => t.Who).Order().ToList().ShouldBe(of == NotifyOf.PromisePassed ? new List<long> { post.Ben, olga } : [olga], of.ToString());
        }
        // The stand-in finds it with her own promises and calls; the keeper stays the keeper.
        using var desk = await post.House.ClientOf(olga);
        foreach (var page in (string[])["/promises", "/calls"])
        {
            var seen = WebUtility.HtmlDecode((await desk.See(page)).Body);
            seen.ShouldContain(page == "/promises" ? "Call with the result" : "Maria Lopez");
            seen.ShouldContain("Ben Kim · absent until");
        }
        (await All(post)).Single().KeeperId.ShouldBe(post.Ben);

        // Back: what comes is asked of him alone.
        post.House.Clock.Set(FakeTime.Start.AddDays(1));
        using var ben = await post.House.ClientOf(post.Ben);
        (await desk.See("/promises")).Body.ShouldNotContain("Call with the result");
        (await ben.See("/promises")).Body.ShouldContain("Call with the result");
        await post.Promise(one, "Send the part", post.House.Now.AddHours(1), before: TimeSpan.FromHours(10), kind: PromiseKind.Delivery);
        await Look(post);
        (await Told(post, NotifyOf.PromiseAsked)).Select(t => t.Who).ShouldBe([olga, post.Ben]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_comes_due_in_an_absence_that_lies_ahead_is_asked_of_both(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var olga = await Colleague(post, "Olga Petrova");
        await Absent(post, post.Ben, olga, post.House.Now.AddDays(9), from: post.House.Now.AddDays(1));
        await post.Promise(one, "Call", post.House.Now.AddHours(26), before: TimeSpan.FromDays(7));
        await Look(post);
        (await Told(post, NotifyOf.PromiseAsked)).Select(t => t.Who).Order().ShouldBe([post.Ben, olga]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_absent_stand_in_leads_to_the_next_then_to_the_lead_and_in_a_circle_to_nobody_but_the_lead(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var (olga, vera, lena, blind) = (await Colleague(post, "Olga Petrova"), await Colleague(post, "Vera Stone"), await Colleague(post, "Lena Lead"), await Colleague(post, "Bo Blind", sees: false));
        var until = post.House.Now.AddDays(3);
        var here = post.House.Get<WhoIsHere>();
        await Absent(post, post.Ben, olga, until);
        here.AskedFor(post.Ben, one.TeamId, post.House.Now).ShouldBe([olga]);
        await Absent(post, olga, vera, until);
        here.AskedFor(post.Ben, one.TeamId, post.House.Now).ShouldBe([vera]);
        await Absent(post, vera, post.Ben, until);
        here.AskedFor(post.Ben, one.TeamId, post.House.Now).ShouldBeEmpty("they lead in a circle, and nobody leads the team");
        // Nobody at all: the keeper is asked, however absent. Nothing is asked of nobody.
        await post.Promise(one, "Call", post.House.Now.AddHours(1), before: TimeSpan.FromHours(9));
        await Look(post);
        (await Told(post, NotifyOf.PromiseAsked)).Select(t => t.Who).ShouldBe([post.Ben]);

        var page = await post.Desk.See($"/settings/teams/{post.Team}");
        (await post.Desk.Send(page, $"/settings/teams/{post.Team}", ("lead-" + N(lena), "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See("/settings/teams")).Document.QuerySelector("td[data-label='Lead']")!.TextContent.ShouldBe("Lena Lead");
        here.AskedFor(post.Ben, one.TeamId, post.House.Now).ShouldBe([lena]);
        await post.Promise(one, "Visit", post.House.Now.AddHours(1), before: TimeSpan.FromHours(9), kind: PromiseKind.Visit);
        await Look(post);
        (await Told(post, NotifyOf.PromiseAsked)).Select(t => t.Who).ShouldBe([post.Ben, lena]);

        // A stand-in who may not see the case is not asked about it: the lead is.
        post.House.Clock.Set(FakeTime.Start.AddDays(4));
        await Absent(post, post.Ben, blind, post.House.Now.AddDays(1));
        await post.Promise(one, "Deliver", post.House.Now.AddHours(1), before: TimeSpan.FromHours(9), kind: PromiseKind.Delivery);
        await Look(post);
        (await Told(post, NotifyOf.PromiseAsked)).Select(t => t.Who).ShouldBe([post.Ben, lena, lena]);

        // Out of the team a lead is no lead any more.
        using var desk = await post.House.ClientOf(post.Ben);
        page = await desk.See($"/settings/teams/{post.Team}");
        (await desk.Send(page, $"/settings/teams/{post.Team}", ("member-" + N(lena), null))).Status.ShouldBe(HttpStatusCode.SeeOther);
        here.LeadsOf(post.Team).ShouldBeEmpty();
        using var db = post.House.Databases.Open();
        (await db.Set<Amends.Foundation.Facts.Fact>().CountAsync(f => f.Kind == "team.lead", Stop)).ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_case_and_a_promise_given_to_who_is_absent_say_so_with_one_click_for_the_stand_in(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var olga = await Colleague(post, "Olga Petrova");
        await post.Promise(one, "Call with the result", post.House.Now.AddHours(10));
        var path = $"/cases/{one.Number}";
        (await post.Desk.See(path)).Body.ShouldNotContain("owner-away");
        // To the end of Saturday in Berlin.
        await Absent(post, post.Ben, olga, post.House.Now.Date.AddDays(3).AddHours(-1));
        foreach (var form in (string[])[path + "/assign", path + "/promises/new", "/desk/open?pick=1"])
            WebUtility.HtmlDecode((await post.Desk.See(form)).Body).ShouldContain("Ben Kim · absent until Sat 14 Mar", Shouldly.Case.Sensitive, form);
        var page = await post.Desk.See(path);
        WebUtility.HtmlDecode(page.Document.QuerySelector("#owner-away")!.TextContent).ShouldContain("Ben Kim is absent until Sat 14 Mar; Olga Petrova stands in.");
        var promise = (await All(post)).Single();
        (await post.Desk.Send(page, $"/promises/{promise.Id}", ("do", "hand-over"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Single().KeeperId.ShouldBe(olga);
        page = await post.Desk.See(path);
        (await post.Desk.Send(page, path + "/assign")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var now = await post.CaseOf(one.Id);
        (now.OwnerId, now.TeamId).ShouldBe((olga, one.TeamId));
        (await post.Desk.See(path)).Body.ShouldNotContain("owner-away");
        (await post.Desk.See("/settings/colleagues")).Body.ShouldContain("absent until");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_absence_that_cannot_be_is_refused_beside_its_field_and_one_that_runs_is_ended(On on)
    {
        var (post, _) = await Open(on);
        await using var house = post;
        var olga = await Colleague(post, "Olga Petrova");
        async Task Wrong(string field, string says, params (string, string?)[] fields)
        {
            var answer = await Plan(post.Desk, "/me/absence", fields);
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, says);
            WebUtility.HtmlDecode(answer.Document.QuerySelector($"#{field}-error").ShouldNotBeNull(says).TextContent).ShouldContain(says);
        }
        await Wrong("until", "over already", ("from", Day(post, -3)), ("until", Day(post, -1)));
        await Wrong("from", "today at the earliest", ("from", Day(post, -1)), ("until", Day(post, 3)));
        await Wrong("until", "before the beginning", ("from", Day(post, 3)), ("until", Day(post, 1)));
        await Wrong("until", "before the beginning", ("from", Day(post, 1)), ("from-hour", "14:00"), ("until", Day(post, 1)), ("until-hour", "09:00"));
        await Wrong("until", "two years", ("from", Day(post, 1)), ("until", Day(post, 900)));
        await Wrong("stand-in", "Nobody stands in for himself", ("from", Day(post, 1)), ("until", Day(post, 2)), ("stand-in", N(post.Ben)));
        await Wrong("stand-in", "somebody who works here", ("from", Day(post, 1)), ("until", Day(post, 2)), ("stand-in", "7"));
        await Wrong("from", "Choose a day", ("from", "2026-02-30"), ("until", Day(post, 2)));
        await Wrong("until-hour", "14:00", ("from", Day(post, 1)), ("until", Day(post, 2)), ("until-hour", "25:00"));
        (await Plan(post.Desk, "/me/absence", ("from", Day(post, 1)), ("from-hour", "14:00"), ("until", Day(post, 4)), ("until-hour", "12:00"), ("stand-in", N(olga)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Wrong("from", "already", ("from", Day(post, 4)), ("until", Day(post, 6)));
        // From the hour at which the other one ends there is none.
        (await Plan(post.Desk, "/me/absence", ("from", Day(post, 4)), ("from-hour", "12:00"), ("until", Day(post, 6)), ("stand-in", ""))).Status.ShouldBe(HttpStatusCode.SeeOther);
        List<Absence> rows;
        using (var db = post.House.Databases.Open()) rows = await db.Set<Absence>().OrderBy(a => a.FromAt).ToListAsync(Stop);
        (rows[0].FromAt, rows[0].UntilAt, rows[0].StandInId).ShouldBe((post.House.Now.Date.AddDays(1).AddHours(13), post.House.Now.Date.AddDays(4).AddHours(11), olga), "in the time of the house, which is in Berlin");

        var here = post.House.Get<WhoIsHere>();
        post.House.Clock.Advance(TimeSpan.FromDays(2));
        using var desk = await post.House.ClientOf(post.Ben);
        here.IsHere(post.Ben, post.House.Now).ShouldBeFalse();
        foreach (var row in rows) (await desk.PostFrom("/me/absence", $"/me/absence/{row.Id}/end")).Status.ShouldBe(HttpStatusCode.SeeOther);
        here.IsHere(post.Ben, post.House.Now).ShouldBeTrue();
        here.IsHere(post.Ben, post.House.Now.AddDays(3)).ShouldBeTrue();
        (await desk.PostFrom("/me/absence", $"/me/absence/{rows[0].Id}/end")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A26_the_absence_of_another_is_planned_by_who_may_edit_that_account_and_by_nobody_else()
    {
        var (post, _) = await Open(On.Sqlite);
        await using var house = post;
        var olga = await Colleague(post, "Olga Petrova");
        var manager = await Some.Colleague(post.House, "Mia Manager", await Some.Role(post.House, "Manager", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ManageColleagues, Scope.All)), post.Team);
        using var mia = await post.House.ClientOf(manager);
        using var plain = await post.House.ClientOf(olga);
        var (ofOlga, ofBen) = ($"/settings/colleagues/{olga}/absence", $"/settings/colleagues/{post.Ben}/absence");
        (string, string?)[] fields = [("from", Day(post, 1)), ("until", Day(post, 2)), ("stand-in", "")];
        (await Plan(mia, ofOlga, fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        // Ben may do more than she may.
        (await mia.PostFrom(ofOlga, ofBen, fields)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await plain.PostFrom("/me/absence", ofBen, fields)).Status.ShouldBe(HttpStatusCode.Forbidden);
        long row;
        using (var db = post.House.Databases.Open()) row = (await db.Set<Absence>().SingleAsync(Stop)).Id;
        // By the address of one's own page nobody ends another's.
        (await mia.PostFrom("/me/absence", $"/me/absence/{row}/end")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await mia.PostFrom(ofOlga, $"{ofOlga}/{row}/end")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_leaves_hands_on_every_promise_to_somebody_who_is_here_and_sees_the_case(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var (olga, vera, lena) = (await Colleague(post, "Olga Petrova"), await Colleague(post, "Vera Stone"), await Colleague(post, "Lena Lead"));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            foreach (var row in await db.Set<TeamMember>().AsTracking().Where(m => m.ColleagueId == lena).ToListAsync(Stop)) row.Lead = true;
            db.Record(new TeamLeadChanged(post.Team, lena, true));
            db.Tell(new Amends.Foundation.Data.Hint("team", post.Team, 0));
        });
        await post.Promise(one, "Call", post.House.Now.AddHours(30), keeper: olga);
        await post.Promise(one, "Visit", post.House.Now.AddHours(30), keeper: olga, kind: PromiseKind.Visit);
        // The owner is absent, and the one who leaves named nobody: the lead takes them.
        await Absent(post, post.Ben, vera, post.House.Now.AddDays(3));
        async Task Leave(long who)
        {
            await post.House.Write.Run(Actor.System("test"), null, async db =>
            {
                var gone = await db.Load<Colleague>(who);
                gone.State = ColleagueState.Disabled;
                gone.Did(ColleagueDeed.Disabled);
            });
            await PromiseClock.FindKeepers(post.House.App.Services, Stop);
        }
        await Leave(olga);
        (await All(post)).ShouldAllBe(p => p.KeeperId == lena);
        // She leaves too, while she is absent herself: her stand-in takes them.
        await Absent(post, lena, vera, post.House.Now.AddDays(3));
        await Leave(lena);
        (await All(post)).ShouldAllBe(p => p.KeeperId == vera);
        // And when nobody is left who is here: the owner, absent as he is. A promise is never without a keeper.
        await Leave(vera);
        (await All(post)).ShouldAllBe(p => p.KeeperId == post.Ben && p.State == PromiseState.Open);
        // The case of who left stands with the customers who are lost.
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var back = await db.Load<Colleague>(vera);
            back.State = ColleagueState.Active;
            back.Did(ColleagueDeed.Enabled);
            (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(vera, one.TeamId, db.At);
        });
        (await post.Desk.See("/desk/lost")).Body.ShouldNotContain("Pump stops");
        await Leave(vera);
        (await post.Desk.See("/desk/lost")).Body.ShouldContain("Pump stops");
        (await All(post)).ShouldAllBe(p => p.KeeperId == post.Ben);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_keeper_who_has_no_right_to_the_case_or_is_gone_is_refused_with_a_clear_answer(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var blind = await Colleague(post, "Bo Blind", sees: false);
        var made = await Make(post, one, Local(post.House.Now, 26), keeper: N(blind));
        made.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        WebUtility.HtmlDecode(made.Body).ShouldContain("Bo Blind does not see this case, so cannot keep a promise on it.");
        await Make(post, one, Local(post.House.Now, 26));
        var promise = (await All(post)).Single();
        var path = $"/promises/{promise.Id}";
        WebUtility.HtmlDecode((await post.Desk.PostFrom(path, path, ("do", "hand-over"), ("keeper", N(blind)))).Body).ShouldContain("Bo Blind does not see this case");
        foreach (var nobody in (string[])["", "7", "x"]) (await post.Desk.PostFrom(path, path, ("do", "hand-over"), ("keeper", nobody))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await All(post)).Single().KeeperId.ShouldBe(post.Ben);
    }
}
