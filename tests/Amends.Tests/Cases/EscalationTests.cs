using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
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

    static DateTime At(int day, int hour, int minute = 0) => new(2026, 3, day, hour, minute, 0, DateTimeKind.Utc);

    // Looks each quarter of an hour until then, and answers when something was told.
    static async Task<List<(DateTime At, long To, EscalationStep Step)>> Until(TestHouse house, DateTime until)
    {
        var (told, before) = (new List<(DateTime, long, EscalationStep)>(), (await Told(house)).Count);
        while (true)
        {
            await Tell(house);
            told.AddRange((await Told(house)).Skip(before + told.Count).Select(f => (house.Now, f.To, f.Step)));
            if (house.Now >= until) return told;
            // Nobody works by night: nothing comes due then.
            var next = house.Clock.GetUtcNow().AddMinutes(15);
            house.Clock.Set(next.Hour >= 18 ? next.AddHours(12) : next);
        }
    }

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
            await Tell(cast.House);
            cast.House.Clock.Set(right);
            await Tell(cast.House);
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
        async Task<int> Asked()
        {
            using var count = await CommandCount.Of(cast.House);
            await cast.Get($"/cases/{one.Number}");
            await cast.Get("/desk/mine");
            return count.Of("SELECT");
        }
        await Asked();
        var before = await Asked();
        cast.House.Clock.Advance(TimeSpan.FromHours(1.5));
        await Tell(cast.House);
        (await Told(cast.House)).Count.ShouldBe(1);
        // One more fact is read with those that were read before; and the counts of the desk are made anew once.
        await Asked();
        (await Asked()).ShouldBeLessThanOrEqualTo(before);
    }
}
