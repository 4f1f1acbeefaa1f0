using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;
using Amends.Promises;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Tests.Promises;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>What stands still is told along the line: whose it is, who leads the team, a named colleague; each once, after working time, and only to who may see it.</summary>
public class EscalationTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static readonly Actor Me = Actor.System("test");

    static string N(long id) => id.ToString(CultureInfo.InvariantCulture);

    static Task Tell(TestHouse house) => EscalationClock.Tell(house.App.Services, Stop);

    // All that looks at cases by the clock.
    static async Task Turn(TestHouse house)
    {
        var all = house.App.Services;
        await PromiseClock.Follow(all, Stop);
        await CaseClock.PassSteps(all, Stop);
        await CaseClock.EndWaits(all, Stop);
        await CaseClock.MissTargets(all, Stop);
        await EscalationClock.Tell(all, Stop);
    }

    // What the page of what stands still and its export say of a case.
    static async Task<(string Since, string Told, Func<string, string> Exported)> Standing(HttpClient desk, Case one)
    {
        var page = await desk.See("/nothing-happens");
        var row = page.Document.QuerySelectorAll("tbody tr").Single(r => r.QuerySelector($"a[href^='/cases/{one.Number}?']") is not null);
        var lines = (await desk.Send(page, "/cases/export", ("format", "csv"))).Body.Split("\r\n");
        var (names, cells) = (lines[0].Split(','), lines.Single(l => l.StartsWith($"{one.Number},", StringComparison.Ordinal)).Split(','));
        return (row.QuerySelector("td[data-label='Stands since'] time")!.GetAttribute("datetime")!, row.QuerySelector("td[data-label='Told to']")!.TextContent, name => cells[Array.IndexOf(names, name)]);
    }

    // Since when nothing happens: all say the same.
    static async Task StandsSince(HttpClient desk, Case one, DateTime since)
    {
        var (page, _, exported) = await Standing(desk, one);
        var says = since.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        (page[..16], exported("nothing_since")[..16]).ShouldBe((says, says));
    }

    // In the order in which they were told.
    static async Task<List<CaseEscalated>> Told(TestHouse house, long? id = null)
    {
        using var db = house.Databases.Open();
        return [.. (await db.Set<Fact>().Where(f => f.Kind == "case.escalated" && (id == null || f.Subject == id)).OrderBy(f => f.Id).ToListAsync(Stop)).Select(f => (CaseEscalated)f.Read())];
    }

    // Only these steps are on: cause and step with their minutes.
    static async Task Rules(TestHouse house, long named, params (EscalationCause Cause, EscalationStep Step, int Minutes)[] on)
    {
        var settings = house.Get<Amends.Foundation.Settings.House>();
        await house.Write.Run(Me, null, async db =>
        {
            foreach (var cause in Enum.GetValues<EscalationCause>())
                foreach (var step in Enum.GetValues<EscalationStep>())
                    if (EscalationRules.Of(cause, step) is { } name) await settings.Set(db, name, on.FirstOrDefault(o => o.Cause == cause && o.Step == step).Minutes);
            await settings.Set(db, EscalationRules.Named, named);
        });
        settings.Forget();
    }

    static Task Lead(TestHouse house, long team, params long[] leads) => house.Write.Run(Me, null, async db =>
    {
        foreach (var member in await db.Set<TeamMember>().AsTracking().Where(m => m.TeamId == team && leads.Contains(m.ColleagueId)).ToListAsync(Stop))
        {
            member.Lead = true;
            db.Record(new TeamLeadChanged(team, member.ColleagueId, true));
            db.Tell(new Amends.Foundation.Data.Hint("team", team, 0));
        }
    });

    static Task Absent(TestHouse house, long who, long? standIn, DateTime until) => house.Write.Run(Me, null, db =>
    {
        db.Add(Absence.Plan(db.Ids!.Next(), who, db.At, until, db.At.Date, standIn, null, [], db.At));
        return Task.CompletedTask;
    });

    static Task Do(DeskCast cast, Case one, Action<Case, DateTime> work) => cast.House.Write.Run(Me, null, async db => work(await db.Set<Case>().AsTracking().Include(c => c.Watchers).FirstAsync(c => c.Id == one.Id, Stop), db.At));

    // As a contact does, which has its own fact.
    static Task Say(DeskCast cast, Case one, Action<Case, DateTime> work) => cast.House.Write.Run(Me, null, async db =>
    {
        work(await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id, Stop), db.At);
        db.Record(new CaseRenamed(one.Id));
    });

    // Until what was written is told: that asks too.
    static async Task Rest(TestHouse house)
    {
        for (var n = 0; n < 600; n++)
        {
            using (var db = house.Databases.Open())
            {
                var now = house.Now;
                if (!await db.Set<Amends.Foundation.Jobs.Dispatch>().AnyAsync(Stop) && !await db.Set<Amends.Foundation.Jobs.Job>().AnyAsync(j => j.State == Amends.Foundation.Jobs.JobState.Waiting && (j.RunAt <= now || j.LeasedUntil != null), Stop)) return;
            }
            await Task.Delay(50, Stop);
        }
    }

    static DateTime At(int day, int hour, int minute = 0) => new(2026, 3, day, hour, minute, 0, DateTimeKind.Utc);

    // Looks each quarter of an hour until then, and answers when something was told.
    static async Task<List<(DateTime At, long To, EscalationStep Step)>> Until(TestHouse house, DateTime until)
    {
        var (told, before) = (new List<(DateTime, long, EscalationStep)>(), (await Told(house)).Count);
        while (true)
        {
            await Turn(house);
            told.AddRange((await Told(house)).Skip(before + told.Count).Select(f => (house.Now, f.To, f.Step)));
            if (house.Now >= until) return told;
            // Nobody works by night: nothing comes due then.
            var next = house.Clock.GetUtcNow().AddMinutes(15);
            house.Clock.Set(next.Hour >= 18 ? next.AddHours(12) : next);
        }
    }

    // The same with why.
    static async Task<List<(EscalationCause Cause, DateTime Since, EscalationStep Step, long To)>> Causes(TestHouse house, Case one, int after = 0) => [.. (await Told(house, one.Id)).Skip(after).Select(f => (f.Cause, f.Since, f.Step, f.To))];

    static readonly (EscalationCause, EscalationStep, int)[] Nothing =
        [(EscalationCause.NothingHappens, EscalationStep.Own, 120), (EscalationCause.NothingHappens, EscalationStep.Lead, 360), (EscalationCause.NothingHappens, EscalationStep.Named, 780)];

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Nothing_that_happens_is_told_to_the_owner_the_lead_and_the_named_colleague_each_once_after_its_working_time(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var vera = await Some.Colleague(cast.House, "Vera Stone", await Some.AdminRole(cast.House));
        await Lead(cast.House, cast.Team, cast.Admin);
        await Rules(cast.House, vera, Nothing);
        // Thursday 09:00; its first answer is due at 13:00, and from then on nothing lies ahead. The house is in Berlin: it closes at 16:00 here, over night and the weekend.
        var one = await cast.Case("Pump stops", cast.Ben);
        (await Until(cast.House, At(18, 12))).ShouldBe([(At(12, 15), cast.Ben, EscalationStep.Own), (At(13, 11), cast.Admin, EscalationStep.Lead), (At(16, 10), vera, EscalationStep.Named)]);
        var facts = await Told(cast.House, one.Id);
        facts.ShouldAllBe(f => f.Cause == EscalationCause.NothingHappens && f.Since == At(12, 13) && f.Whose == cast.Ben);
        var now = await cast.Now(one);
        (now.EscalatedTo, now.EscalatedAt, now.EscalatedFor, now.EscalateAt).ShouldBe((vera, At(16, 10), EscalationCause.NothingHappens, null));

        // On the case, in its history, and on the page of what stands still.
        var page = WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}")).Text);
        page.ShouldContain("Told to Vera Stone: nothing has happened since");
        WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}/history")).Text).ShouldContain("(Lead of the team): nothing has happened since");
        var list = new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await cast.Get("/nothing-happens")).Text);
        list.QuerySelector("td[data-label='Told to']").ShouldNotBeNull().TextContent.ShouldContain("Vera Stone");

        // Something happens: it ends. When it stands again all begins anew.
        await Do(cast, one, (c, at) => c.Wait(at.AddHours(1), "the part", at));
        (await cast.Now(one)).EscalatedTo.ShouldBeNull();
        (await cast.Get($"/cases/{one.Number}")).Text.ShouldNotContain("Told to");
        await Do(cast, one, (c, at) => c.EndWait(WaitEnd.ByHand, at));
        (await Until(cast.House, At(18, 15))).ShouldBe([(At(18, 14), cast.Ben, EscalationStep.Own)]);
        // What is done is nobody's to be told of.
        await Do(cast, one, (c, at) => c.Resolve("Done.", cast.Ben, at));
        (await Until(cast.House, At(19, 17))).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_target_a_promise_and_a_customer_with_nobody_are_told_to_the_lead_of_the_team_or_of_the_owners_team(On on)
    {
        var post = await Post.Open(on);
        await using var house = post;
        var lead = await Some.Colleague(post.House, "Lena Lead", await Some.AdminRole(post.House), post.Team);
        await Lead(post.House, post.Team, lead);
        await Rules(post.House, 0, (EscalationCause.TargetMissed, EscalationStep.Lead, 30), (EscalationCause.PromisePassed, EscalationStep.Own, 15), (EscalationCause.PromisePassed, EscalationStep.Lead, 60), (EscalationCause.WithNobody, EscalationStep.Lead, 120));
        var maria = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        var nobody = await Some.Case(post.House, maria, post.Team, post.Brand, "Nobody has it");
        (await Until(post.House, At(12, 15))).ShouldBe([(At(12, 11), lead, EscalationStep.Lead), (At(12, 13, 30), lead, EscalationStep.Lead)]);
        (await Told(post.House, nobody.Id)).Select(f => (f.Cause, f.Since, f.Whose)).ShouldBe([(EscalationCause.WithNobody, At(12, 9), null), (EscalationCause.TargetMissed, At(12, 13), null)]);

        // A team without a lead: the one of its owner's team. And a promise: its keeper, and the lead.
        var other = await Some.Team(post.House, "Workshop");
        var olga = await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), other);
        await Rules(post.House, 0, (EscalationCause.PromisePassed, EscalationStep.Own, 15), (EscalationCause.PromisePassed, EscalationStep.Lead, 60));
        var one = await Some.Case(post.House, maria, other, post.Brand, "Promised", post.Ben);
        var id = await Amends.Tests.Promises.PromiseCast.Promise(post, one, "Call with the result", At(12, 15, 30), keeper: olga);
        (await Until(post.House, At(13, 12))).ShouldBe([(At(12, 15, 45), olga, EscalationStep.Own), (At(13, 8, 30), lead, EscalationStep.Lead)]);
        (await Told(post.House, one.Id)).ShouldAllBe(f => f.Cause == EscalationCause.PromisePassed && f.Since == At(12, 15, 30) && f.Whose == olga);

        // Broken, with nothing said since: it is told anew. With a word to the customer it ends.
        await post.House.Write.Run(Me, null, async db => (await db.Load<Amends.Promises.Promise>(id)).Break("The part is lost.", db.At));
        (await Until(post.House, At(13, 14))).ShouldBe([(At(13, 12, 15), post.Ben, EscalationStep.Own), (At(13, 13), lead, EscalationStep.Lead)]);
        (await post.CaseOf(one.Id)).EscalatedFor.ShouldBe(EscalationCause.PromisePassed);
        await post.House.Write.Run(Me, null, async db =>
        {
            var now = await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id, Stop);
            now.LastContactAt = db.At;
            db.Record(new CaseRenamed(one.Id));
        });
        var said = await post.CaseOf(one.Id);
        (said.EscalatedFor, said.EscalatedTo, said.Escalated).ShouldBe((null, null, null));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_may_not_see_the_case_is_told_nothing_and_the_next_of_the_line_is(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var agent = await Some.Role(cast.House, "Agent of the team", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        var lena = await Some.Colleague(cast.House, "Lena Lead", agent, cast.Team);
        await Lead(cast.House, cast.Team, lena);
        await Rules(cast.House, cast.Admin, (EscalationCause.NothingHappens, EscalationStep.Lead, 60), (EscalationCause.NothingHappens, EscalationStep.Named, 600));
        var hidden = await cast.Case("Confidential matter", cast.Ben, confidential: true);
        var open = await cast.Case("Open matter", cast.Ben);
        // At the time of the lead, who sees the one and not the other; the named colleague is not told twice of that.
        await Until(cast.House, At(17, 12));
        (await Told(cast.House, hidden.Id)).Select(f => (f.To, f.Step)).ShouldBe([(cast.Admin, EscalationStep.Named)]);
        (await Told(cast.House, open.Id)).Select(f => (f.To, f.Step)).ShouldBe([(lena, EscalationStep.Lead), (cast.Admin, EscalationStep.Named)]);

        // Nobody of the line may see it: nothing is told, until somebody may.
        await Rules(cast.House, cast.Olga, (EscalationCause.NothingHappens, EscalationStep.Lead, 60), (EscalationCause.NothingHappens, EscalationStep.Named, 120));
        var blind = await cast.Case("Nobody of them", cast.Ben, confidential: true);
        await Until(cast.House, At(19, 12));
        (await Told(cast.House, blind.Id)).ShouldBeEmpty();
        await Do(cast, blind, (c, at) => c.Watch(lena, Watching.Named, true, at));
        await Until(cast.House, At(19, 14));
        (await Told(cast.House, blind.Id)).Select(f => (f.To, f.Step)).ShouldBe([(lena, EscalationStep.Lead)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_is_absent_is_gone_past_by_the_stand_in_or_the_lead(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var (vera, lena) = (await Some.Colleague(cast.House, "Vera Stone", await Some.AdminRole(cast.House)), await Some.Colleague(cast.House, "Lena Lead", await Some.AdminRole(cast.House), cast.Team));
        await Lead(cast.House, cast.Team, lena);
        await Rules(cast.House, 0, (EscalationCause.NothingHappens, EscalationStep.Own, 60), (EscalationCause.NothingHappens, EscalationStep.Lead, 180));
        await Absent(cast.House, cast.Ben, vera, At(14, 0));
        var one = await cast.Case("Pump stops", cast.Ben);
        (await Until(cast.House, At(12, 16, 30))).ShouldBe([(At(12, 14), vera, EscalationStep.Own), (At(12, 16), lena, EscalationStep.Lead)]);
        // In a circle nobody stands in, and the lead is absent too: at the first time her own stand-in is told, once.
        await Absent(cast.House, vera, cast.Ben, At(14, 0));
        await Absent(cast.House, lena, cast.Admin, At(14, 0));
        await Do(cast, one, (c, at) => c.Wait(at.AddMinutes(15), "the part", at));
        await Do(cast, one, (c, at) => c.EndWait(WaitEnd.ByHand, at));
        (await Until(cast.House, At(13, 13))).ShouldBe([(At(13, 9), cast.Admin, EscalationStep.Lead)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_a_clock_that_jumps_tells_nothing_early_after_it_is_right_and_nothing_twice(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Rules(cast.House, 0, Nothing);
        var right = cast.House.Clock.GetUtcNow();
        var first = await cast.Case("First", cast.Ben);
        foreach (var ahead in (double[])[7, 24 * 365, -3])
        {
            cast.House.Clock.Set(right.AddHours(ahead));
            await Turn(cast.House);
            cast.House.Clock.Set(right);
            await Turn(cast.House);
        }
        // By the wrong clock it was told once; a year ahead it is no news.
        (await Told(cast.House, first.Id)).Count.ShouldBe(1);
        var second = await cast.Case("Second", cast.Ben);
        await Until(cast.House, At(12, 14, 45));
        (await Told(cast.House)).Count.ShouldBe(1, "not before its time");
        await Until(cast.House, At(13, 17));
        (await Told(cast.House, first.Id)).Count.ShouldBe(1);
        (await Told(cast.House, second.Id)).Count.ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_we_did_and_set_no_next_step_behind_it_stands_since_then_and_is_told_anew(On on)
    {
        var post = await Post.Open(on);
        await using var house = post;
        var admins = await Some.AdminRole(post.House);
        var (lena, vera) = (await Some.Colleague(post.House, "Lena Lead", admins, post.Team), await Some.Colleague(post.House, "Vera Stone", admins));
        await Lead(post.House, post.Team, lena);
        await Rules(post.House, vera, Nothing);
        var one = await Some.Case(post.House, await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example"), post.Team, post.Brand, "Pump stops", post.Ben);
        await post.Promise(one, "Call with the result", At(16, 12));
        // It passes on Monday at noon, and all of the line are told.
        (await Until(post.House, At(20, 9))).ShouldBe([(At(16, 14), post.Ben, EscalationStep.Own), (At(17, 10), lena, EscalationStep.Lead), (At(18, 9), vera, EscalationStep.Named)]);
        using var desk = await post.House.ClientOf(post.Ben);
        await StandsSince(desk, one, At(16, 12));

        // On Friday the call is made at last, and then nothing again.
        var path = $"/cases/{one.Number}/call";
        (await desk.Send(await desk.See(path), path, ("direction", "out"), ("outcome", "1"), ("text", "Spoke of the pump."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).EscalatedTo.ShouldBeNull();
        await StandsSince(desk, one, At(20, 9));
        (await Until(post.House, At(23, 16))).ShouldBe([(At(20, 11), post.Ben, EscalationStep.Own), (At(20, 15), lena, EscalationStep.Lead), (At(23, 14), vera, EscalationStep.Named)]);
        (await Causes(post.House, one, after: 3)).ShouldAllBe(t => t.Since == At(20, 9));

        // A promise that ends without a word to the customer is a deed too.
        var id = await post.Promise(one, "Send the part", At(24, 10), kind: Amends.Promises.Finding.PromiseKind.Answer);
        await Until(post.House, At(24, 11));
        await post.House.Write.Run(Me, null, async db => (await db.Load<Promise>(id)).Release("She needs it no more.", db.At));
        (await Until(post.House, At(24, 14))).ShouldBe([(At(24, 13), post.Ben, EscalationStep.Own)]);
        using var later = await post.House.ClientOf(post.Ben);
        await StandsSince(later, one, At(24, 11));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_late_answer_without_a_step_stands_since_it_was_given_and_no_word_of_the_customer_moves_that(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Rules(cast.House, 0, (EscalationCause.NothingHappens, EscalationStep.Own, 120));
        var one = await cast.Case("Pump stops", cast.Ben);
        // Due at 13:00.
        (await Until(cast.House, At(12, 14, 45))).ShouldBeEmpty();
        await StandsSince(cast.Web, one, At(12, 13));
        await Say(cast, one, (c, at) => c.Answered(at));
        await StandsSince(cast.Web, one, At(12, 14, 45));
        (await Until(cast.House, At(12, 15, 30))).ShouldBeEmpty("it was answered a little ago");
        await Say(cast, one, (c, at) => c.HearAgain(at));
        (await Until(cast.House, At(13, 12))).ShouldBe([(At(13, 8, 45), cast.Ben, EscalationStep.Own)]);
        (await Causes(cast.House, one)).ShouldAllBe(t => t.Since == At(12, 14, 45));
        await StandsSince(cast.Web, one, At(12, 14, 45));

        // Said to be no solution after all: since then, and not since it was first heard.
        await Do(cast, one, (c, at) => c.Resolve("Done.", cast.Ben, at));
        await Until(cast.House, At(17, 12));
        await Do(cast, one, (c, at) => c.Reopen(ReopenWhy.CustomerSaidNo, at));
        using var desk = await cast.House.ClientOf(cast.Ben);
        await StandsSince(desk, one, At(17, 12));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Each_promise_that_passes_is_told_to_who_keeps_it_and_a_broken_one_whatever_else_is_promised(On on)
    {
        var post = await Post.Open(on);
        await using var house = post;
        var admins = await Some.AdminRole(post.House);
        var (lena, olga) = (await Some.Colleague(post.House, "Lena Lead", admins, post.Team), await Some.Colleague(post.House, "Olga Petrova", admins, post.Team));
        await Lead(post.House, post.Team, lena);
        await Rules(post.House, 0, (EscalationCause.PromisePassed, EscalationStep.Own, 15), (EscalationCause.PromisePassed, EscalationStep.Lead, 60));
        var one = await Some.Case(post.House, await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example"), post.Team, post.Brand, "Pump stops", post.Ben);
        await post.Promise(one, "Call with the result", At(16, 10));
        await post.Promise(one, "Send the part", At(18, 10), keeper: olga);
        // One that passes before the line of the other is through swallows nothing of it.
        await post.Promise(one, "Answer about the bill", At(18, 10, 30));
        (await Until(post.House, At(18, 16))).ShouldBe([
            (At(16, 10, 15), post.Ben, EscalationStep.Own), (At(16, 11), lena, EscalationStep.Lead),
            (At(18, 10, 15), olga, EscalationStep.Own), (At(18, 10, 45), post.Ben, EscalationStep.Own), (At(18, 11), lena, EscalationStep.Lead), (At(18, 11, 30), lena, EscalationStep.Lead)]);
        (await Told(post.House, one.Id)).Select(f => (f.Since, f.Whose)).ShouldBe([(At(16, 10), post.Ben), (At(16, 10), post.Ben), (At(18, 10), olga), (At(18, 10, 30), post.Ben), (At(18, 10), olga), (At(18, 10, 30), post.Ben)]);

        // Broken while another one lies far ahead, and nothing was said.
        var other = await Some.Case(post.House, one.CustomerId, post.Team, post.Brand, "Lid is loose", post.Ben);
        var broken = await post.Promise(other, "Send the lid", At(20, 12), keeper: olga);
        await post.Promise(other, "Look at it", At(31, 12), keeper: olga, before: TimeSpan.FromDays(20));
        post.House.Clock.Set(new DateTimeOffset(At(18, 16, 30)));
        await post.House.Write.Run(Me, null, async db => (await db.Load<Promise>(broken)).Break("There is none left.", db.At));
        (await Until(post.House, At(19, 12))).ShouldBe([(At(19, 8, 15), post.Ben, EscalationStep.Own), (At(19, 9), lena, EscalationStep.Lead)]);
        (await Causes(post.House, other)).ShouldAllBe(t => t.Cause == EscalationCause.PromisePassed && t.Since == At(18, 16, 30));
        // The one ahead passes, and is told as well.
        post.House.Clock.Set(new DateTimeOffset(At(31, 11)));
        (await Until(post.House, At(31, 13))).ShouldBe([(At(31, 12, 15), olga, EscalationStep.Own), (At(31, 13), lena, EscalationStep.Lead)]);
    }

    [Theory, InlineData(On.Sqlite, true), InlineData(On.Sqlite, false), InlineData(On.Postgres, true), InlineData(On.Postgres, false)]
    public async Task Who_is_reached_by_two_steps_at_once_is_told_once_and_the_next_of_the_line_at_its_time(On on, bool named)
    {
        await using var cast = await DeskCast.Open(on);
        var admins = await Some.AdminRole(cast.House);
        var (lena, vera) = (await Some.Colleague(cast.House, "Lena Lead", admins, cast.Team), await Some.Colleague(cast.House, "Vera Stone", admins));
        await Lead(cast.House, cast.Team, lena);
        await Rules(cast.House, named ? vera : 0, (EscalationCause.NothingHappens, EscalationStep.Own, 60), (EscalationCause.NothingHappens, EscalationStep.Lead, 120), (EscalationCause.NothingHappens, EscalationStep.Named, 600));
        await Absent(cast.House, cast.Ben, lena, At(20, 0));
        var one = await cast.Case("Pump stops", cast.Ben);
        // Nothing stands from 13:00 on. The program was off, and finds her as the stand-in and as the lead.
        cast.House.Clock.Set(new DateTimeOffset(At(12, 15, 30)));
        List<(DateTime, long, EscalationStep)> line = [(At(12, 15, 30), lena, EscalationStep.Own)];
        if (named) line.Add((At(13, 15), vera, EscalationStep.Named));
        (await Until(cast.House, At(17, 12))).ShouldBe(line);
        (await cast.Now(one)).EscalateAt.ShouldBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Beside_what_stands_still_it_says_of_what_was_told(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Lead(cast.House, cast.Team, cast.Admin);
        await Rules(cast.House, 0, (EscalationCause.TargetMissed, EscalationStep.Lead, 30), (EscalationCause.NothingHappens, EscalationStep.Own, 120));
        var one = await cast.Case("Pump stops", cast.Ben);
        await Until(cast.House, At(12, 14));
        var (_, told, exported) = await Standing(cast.Web, one);
        told.ShouldContain("Ada Admin");
        told.ShouldContain("A service target is missed");
        (exported("told_to"), exported("told_of")).ShouldBe(("Ada Admin", "TargetMissed"));
        await Until(cast.House, At(12, 15));
        (_, told, exported) = await Standing(cast.Web, one);
        told.ShouldContain("Ben Kim");
        told.ShouldNotContain("A service target is missed");
        (exported("told_to"), exported("told_of")).ShouldBe(("Ben Kim", "NothingHappens"));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_a_clock_that_is_a_year_ahead_for_one_turn_leaves_the_line_as_it_was(On on)
    {
        var post = await Post.Open(on);
        await using var house = post;
        var admins = await Some.AdminRole(post.House);
        var (lena, vera) = (await Some.Colleague(post.House, "Lena Lead", admins, post.Team), await Some.Colleague(post.House, "Vera Stone", admins));
        await Lead(post.House, post.Team, lena);
        await Rules(post.House, vera, [.. Nothing, (EscalationCause.TargetMissed, EscalationStep.Lead, 30), (EscalationCause.PromisePassed, EscalationStep.Own, 15)]);
        var maria = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        var one = await Some.Case(post.House, maria, post.Team, post.Brand, "Pump stops", post.Ben);
        // Something of it lies ahead whatever the clock says.
        var far = await Some.Case(post.House, maria, post.Team, post.Brand, "Lid is loose", post.Ben);
        await post.Promise(far, "Look at it", At(12, 9).AddDays(366), before: TimeSpan.FromHours(1));
        var right = post.House.Clock.GetUtcNow();
        // The clocks of targets and steps write all of them while it is ahead.
        post.House.Clock.Set(right.AddDays(365));
        await Turn(post.House);
        await Turn(post.House);
        post.House.Clock.Set(right);
        (await Told(post.House)).ShouldBeEmpty();
        (await post.CaseOf(one.Id)).FirstMissed.ShouldNotBeNull();
        await Until(post.House, At(17, 12));
        (await Causes(post.House, one)).ShouldBe([
            (EscalationCause.TargetMissed, At(12, 13), EscalationStep.Lead, lena),
            (EscalationCause.NothingHappens, At(12, 13), EscalationStep.Own, post.Ben), (EscalationCause.NothingHappens, At(12, 13), EscalationStep.Lead, lena), (EscalationCause.NothingHappens, At(12, 13), EscalationStep.Named, vera)]);
        (await Causes(post.House, far)).ShouldBe([(EscalationCause.TargetMissed, At(12, 13), EscalationStep.Lead, lena)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_long_past_is_told_to_nobody_and_what_comes_after_it_is(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Lead(cast.House, cast.Team, cast.Admin);
        await Rules(cast.House, 0, (EscalationCause.NothingHappens, EscalationStep.Own, 120), (EscalationCause.TargetMissed, EscalationStep.Lead, 30));
        var one = await cast.Case("Pump stops", cast.Ben);
        cast.House.Clock.Set(new DateTimeOffset(At(12, 9).AddDays(40)));
        for (var n = 0; n < 3; n++)
        {
            await Turn(cast.House);
            cast.House.Clock.Set(cast.House.Clock.GetUtcNow().AddHours(2));
        }
        (await Told(cast.House)).ShouldBeEmpty();
        // The missed target stays untold; what we do now is followed again.
        await Say(cast, one, (c, at) => c.Answered(at));
        var answered = cast.House.Now;
        for (var n = 0; n < 3; n++)
        {
            await Turn(cast.House);
            cast.House.Clock.Set(cast.House.Clock.GetUtcNow().AddDays(1));
        }
        (await Causes(cast.House, one)).ShouldBe([(EscalationCause.NothingHappens, answered, EscalationStep.Own, cast.Ben)]);
    }

    [Fact]
    public async Task F10_two_programs_on_one_PostgreSQL_tell_once()
    {
        var database = await Postgres.CreateDatabase();
        var folder = Directory.CreateTempSubdirectory("amends-two-").FullName;
        try
        {
            await using var first = await TestHouse.OpenAt(folder, database, stays: true);
            await using var second = await TestHouse.OpenAt(folder, database, stays: true);
            var (brand, team) = (await Some.Brand(first), await Some.Team(first, "Service"));
            var ben = await Some.Colleague(first, "Ben Kim", await Some.AdminRole(first), team);
            await Rules(first, 0, Nothing);
            second.Get<Amends.Foundation.Settings.House>().Forget();
            var maria = await Some.Customer(first, "Maria Lopez", "maria@casaverde.example");
            for (var n = 0; n < 30; n++) await Some.Case(first, maria, team, brand, owner: ben);
            foreach (var hours in (double[])[6.1, 30.1])
            {
                first.Clock.Set(FakeTime.Start.AddHours(hours));
                second.Clock.Set(FakeTime.Start.AddHours(hours).AddSeconds(20));
                await Task.WhenAll(Tell(first), Tell(second), Tell(first), Tell(second));
            }
            var told = await Told(first);
            told.Count.ShouldBe(30);
            told.Select(f => f.Case).Distinct().Count().ShouldBe(30);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_is_told_finds_a_notice_with_how_long_and_whose_and_the_lead_a_mail_with_the_link(On on)
    {
        var post = await Post.Open(on);
        await using var house = post;
        var lena = await Some.Colleague(post.House, "Lena Lead", await Some.AdminRole(post.House), post.Team);
        await Lead(post.House, post.Team, lena);
        await Rules(post.House, 0, (EscalationCause.NothingHappens, EscalationStep.Own, 60), (EscalationCause.NothingHappens, EscalationStep.Lead, 120));
        var one = await Some.Case(post.House, await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example"), post.Team, post.Brand, "Pump stops", post.Ben);
        await Until(post.House, At(12, 15));
        await post.Quiet();
        using var desk = await post.House.ClientOf(lena);
        var notices = WebUtility.HtmlDecode((await desk.See("/notices")).Body);
        notices.ShouldContain("Nothing has happened for 2 h. It is with Ben Kim.");
        notices.ShouldContain($"/cases/{one.Number}");
        var (row, mail) = await post.LastTo("lena.lead@amends.example");
        row.Automatic.ShouldBe(AutomaticKind.Notice);
        mail.TextBody!.ShouldContain($"/cases/{one.Number}");
        mail.Subject.ShouldContain("Nothing has happened for 2 h");
        // Whose it is reads it on the page alone.
        using var ben = await post.House.ClientOf(post.Ben);
        WebUtility.HtmlDecode((await ben.See("/notices")).Body).ShouldContain("Nothing has happened for 1 h.");
        using var db = post.House.Databases.Open();
        (await db.Set<OutgoingMail>().CountAsync(m => m.Recipients.Any(r => r.Address == "ben.kim@amends.example"), Stop)).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_rules_are_settings_of_the_house_that_hold_at_once_and_a_lead_reads_them(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Lead(cast.House, cast.Team, cast.Admin);
        var one = await cast.Case("Pump stops", cast.Ben);
        const string path = "/settings/escalation";
        var fields = new Dictionary<string, string> { ["nothinghappens-own"] = "", ["nothinghappens-lead"] = "0:30", ["promisepassed-lead"] = "2", ["targetmissed-own"] = "", ["targetmissed-lead"] = "", ["withnobody-lead"] = "1:15", ["named"] = "" };
        foreach (var (field, wrong) in new[] { ("nothinghappens-lead", "0:00"), ("nothinghappens-lead", "soon"), ("targetmissed-own", "-1"), ("named", "7") })
        {
            var answer = await cast.Post(path, new(fields) { [field] = wrong });
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, field + " " + wrong);
            answer.Text.ShouldContain($"id=\"{field}-error\"");
        }
        (await cast.Post(path, fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Get(path)).Text.ShouldContain("value=\"1:15\"");
        (await Until(cast.House, At(12, 15))).ShouldBe([(At(12, 13, 30), cast.Admin, EscalationStep.Lead)]);
        (await Told(cast.House, one.Id)).Count.ShouldBe(1);
        // All is off: nobody is told any more.
        (await cast.Post(path, new() { ["named"] = N(cast.Admin) })).Status.ShouldBe(HttpStatusCode.SeeOther);
        var other = await cast.Case("Lid is loose", cast.Ben);
        await Until(cast.House, At(17, 12));
        (await Told(cast.House, other.Id)).ShouldBeEmpty();

        using var olga = await cast.House.ClientOf(cast.Olga);
        var read = await cast.Get("/nothing-happens/rules", olga);
        read.Status.ShouldBe(HttpStatusCode.OK);
        read.Text.ShouldContain("Ada Admin");
        read.Text.ShouldContain("Workshop");
        read.Text.ShouldNotContain("Service</dt>");
        (await cast.Get(path, olga)).Status.ShouldBe(HttpStatusCode.Forbidden);
        using var alone = await cast.House.ClientOf(await Some.Colleague(cast.House, "Otto Own", await Some.Role(cast.House, "Own", (Verb.SeeCases, Scope.Own)), cast.Team));
        (await cast.Get("/nothing-happens/rules", alone)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_passed_on_more_than_three_times_is_told_each_time_and_not_where_that_is_taken_back(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Rules(cast.House, 0, (EscalationCause.PassedOn, EscalationStep.Lead, 15));
        await Lead(cast.House, cast.Team, cast.Admin);
        var one = await cast.Case("Pump stops", cast.Ben);
        var all = new[] { cast.Olga, cast.Ben };
        var n = 0;
        async Task<DateTime> Pass()
        {
            await Do(cast, one, (c, at) => c.Assign(all[n++ % 2], cast.Team, at));
            return cast.House.Now;
        }
        for (var i = 0; i < 3; i++) await Pass();
        await Until(cast.House, cast.House.Now.AddMinutes(45));
        (await Told(cast.House, one.Id)).ShouldBeEmpty("three times");
        var fourth = await Pass();
        await Do(cast, one, (c, at) => c.Unassign(new CaseAssigned(c.Id, all[n % 2], c.OwnerId, cast.Team, cast.Team, c.OwnedAt), at));
        await Until(cast.House, fourth.AddMinutes(45));
        (await Told(cast.House, one.Id)).ShouldBeEmpty("it was taken back");
        n--;
        fourth = await Pass();
        await Until(cast.House, fourth.AddMinutes(45));
        (await Causes(cast.House, one)).ShouldBe([(EscalationCause.PassedOn, fourth, EscalationStep.Lead, cast.Admin)]);
        var fifth = await Pass();
        await Until(cast.House, fifth.AddMinutes(45));
        (await Causes(cast.House, one, 1)).ShouldBe([(EscalationCause.PassedOn, fifth, EscalationStep.Lead, cast.Admin)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_leaves_or_becomes_a_lead_changes_the_line_of_what_is_open(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Rules(cast.House, 0, (EscalationCause.WithNobody, EscalationStep.Lead, 60));
        var one = await cast.Case("Pump stops", cast.Ben);
        await Until(cast.House, At(12, 12));
        await cast.House.Write.Run(Me, null, async db =>
        {
            var ben = await db.Load<Colleague>(cast.Ben);
            ben.State = ColleagueState.Disabled;
            ben.Did(ColleagueDeed.Disabled);
        });
        await Until(cast.House, At(12, 13));
        (await Told(cast.House)).ShouldBeEmpty("nobody leads");
        await Lead(cast.House, cast.Team, cast.Admin);
        await Tell(cast.House);
        (await Told(cast.House, one.Id)).Select(f => (f.To, f.Cause)).ShouldBe([(cast.Admin, EscalationCause.WithNobody)]);
    }

    [Fact]
    public async Task What_was_told_costs_the_list_and_the_page_of_the_case_no_statement()
    {
        await using var cast = await DeskCast.Open(On.Sqlite);
        await Rules(cast.House, 0, Nothing);
        var one = await cast.Case("Pump stops", cast.Ben);
        await cast.Get($"/cases/{one.Number}");
        cast.House.Clock.Advance(TimeSpan.FromHours(5));
        async Task<List<string>> Asked()
        {
            await Rest(cast.House);
            using var count = await CommandCount.Of(cast.House);
            await cast.Get($"/cases/{one.Number}");
            await cast.Get("/desk/mine");
            // What jobs ask meanwhile is none of the pages.
            return [.. count.Sent.Where(s => s.Contains("SELECT", StringComparison.Ordinal) && !s.Contains("\"Job\"", StringComparison.Ordinal) && !s.Contains("\"Dispatch\"", StringComparison.Ordinal))];
        }
        await Asked();
        var before = await Asked();
        cast.House.Clock.Advance(TimeSpan.FromHours(1.5));
        await Tell(cast.House);
        (await Told(cast.House)).Count.ShouldBe(1);
        // One more fact is read with those that were read before; and the counts of the desk are made anew once.
        await Asked();
        var after = await Asked();
        after.Count.ShouldBeLessThanOrEqualTo(before.Count, string.Join("\n\n", after.Except(before)));
    }
}
