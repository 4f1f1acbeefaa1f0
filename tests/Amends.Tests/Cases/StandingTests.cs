using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>Apologies with nothing behind them, customers who are lost, and where cases stand still.</summary>
public class StandingTests
{
    const string Empty = "We are very sorry for the inconvenience.";

    static async Task<(Post Post, Case Case)> Open(On on)
    {
        var post = await Post.Open(on);
        var one = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump stops.")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(post.Ben, post.Team, db.At));
        await post.Quiet();
        return (post, await post.CaseOf(one.Id));
    }

    static async Task Reply(Post post, Case one, string text, params (string, string?)[] more)
    {
        var path = $"/cases/{one.Number}/reply";
        (await post.Desk.Send(await post.Desk.See(path), path, [("text", text), ("to", "maria@casaverde.example"), ("next", "open"), ("anyway", "true"), .. more])).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    static Task Tick(Post post) => CaseClock.NoteEmptyApologies(post.House.App.Services, TestContext.Current.CancellationToken);

    static async Task<bool> Stands(Post post) => (await post.Desk.See("/desk/apologies")).Body.Contains("?in=apologies", StringComparison.Ordinal);

    static async Task<int> Facts(Post post, Case one, string kind)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<Amends.Foundation.Facts.Fact>().CountAsync(f => f.Subject == one.Id && f.Kind == kind);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_apology_is_empty_after_four_working_hours_without_a_promise_and_said_once_however_the_clock_jumps(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one, Empty);
        var now = await post.CaseOf(one.Id);
        now.ApologyIn.ShouldNotBeNull();
        now.ApologyDue.ShouldNotBeNull();
        (now.ApologyDue.Value - post.House.Now).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(4));
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("An apology: what is done, and by when?");
        await Tick(post);
        (await Facts(post, one, "case.apology-empty")).ShouldBe(0);
        post.House.Clock.Advance(now.ApologyDue.Value - post.House.Now - TimeSpan.FromMinutes(1));
        (await Stands(post)).ShouldBeFalse();
        post.House.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Stands(post)).ShouldBeTrue();
        await Tick(post);
        await Tick(post);
        (await Facts(post, one, "case.apology-empty")).ShouldBe(1);

        // A promise made afterwards takes it out.
        var path = $"/cases/{one.Number}/promises/new";
        var due = post.House.Now.AddDays(3).ToString("yyyy-MM-dd'T'12:00", CultureInfo.InvariantCulture);
        (await post.Desk.Send(await post.Desk.See(path), path, ("kind", "2"), ("what", "Call with the result"), ("due", due), ("zone", "Europe/Berlin"), ("keeper", post.Ben.ToString(CultureInfo.InvariantCulture)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Stands(post)).ShouldBeFalse();
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull();
        (await Facts(post, one, "case.apology-ended")).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_unmarked_on_the_contact_or_in_the_composer_is_learned(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var find = await post.Desk.See($"/cases/{one.Number}/reply");
        (await post.Desk.Send(find, $"/cases/{one.Number}/apology/find", ("text", Empty))).Body.ShouldContain("no-apology");
        await Reply(post, one, Empty);
        var contact = (await post.CaseOf(one.Id)).ApologyIn!.Value;
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}"), $"/contacts/{contact}/no-apology")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull();
        await Reply(post, one, Empty);
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull("the same words are not marked again");
        await Reply(post, one, "We apologise for the delay.", ("no-apology", "true"));
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_promise_in_the_same_answer_leaves_no_mark(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one, Empty + " We will call you tomorrow before five.");
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull();
        (await Facts(post, one, "case.apologised")).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_promise_that_is_taken_back_leaves_the_apology_before_it_as_empty_as_it_was(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Reply(post, one, Empty);
        var (apology, due) = await post.CaseOf(one.Id) is var now ? (now.ApologyIn!.Value, now.ApologyDue!.Value) : default;
        post.House.Clock.Advance(TimeSpan.FromMinutes(5));
        await Reply(post, one, "We will call you tomorrow before five.");
        (await post.CaseOf(one.Id)).ApologyIn.ShouldBeNull();
        long promised;
        using (var db = post.House.Databases.Open()) promised = await db.Set<Contact>().Where(c => c.CaseId == one.Id).MaxAsync(c => c.Id);
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}"), $"/contacts/{promised}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        ((await post.CaseOf(one.Id)).ApologyIn, (await post.CaseOf(one.Id)).ApologyDue).ShouldBe((apology, due));
        post.House.Clock.Advance(due - post.House.Now + TimeSpan.FromMinutes(1));
        (await Stands(post)).ShouldBeTrue();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_customer_is_lost_when_passed_on_a_fourth_time_or_waiting_with_nobody(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case("Passed around", cast.Ben);
        foreach (var (to, n) in new[] { cast.Olga, cast.Ben, cast.Olga, cast.Ben }.Select((to, n) => (to, n)))
        {
            (await cast.Get("/desk/lost")).Text.Contains("Passed around", StringComparison.Ordinal).ShouldBe(false, $"passed on {n} times");
            await cast.House.Write.Run(Actor.System("test"), null, async db => (await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id)).Assign(to, one.TeamId, db.At));
        }
        (await cast.Now(one)).Handovers.ShouldBe(4);
        (await cast.Get("/desk/lost")).Text.ShouldContain("Passed around");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_stands_still_is_shown_to_leads_with_how_long_and_whose_and_each_number_opens_its_cases(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case("Pump stops", cast.Ben);
        (await cast.Get("/nothing-happens")).Text.ShouldNotContain("Pump stops");
        cast.House.Clock.Advance(TimeSpan.FromDays(4));
        var page = (await cast.Get("/nothing-happens")).Text;
        page.ShouldContain("Pump stops");
        page.ShouldContain("3 d");
        page.ShouldContain($"/cases/{one.Number}/assign");
        var since = (await cast.Now(one)) is var now ? now.StandsFrom!.Value.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) : "";
        var lines = (await cast.Post("/cases/export", new() { ["view"] = "none", ["format"] = "csv" })).Text.Split('\n');
        lines[0].ShouldContain("next_step_at,nothing_since,told_to,told_at");
        lines.Single(l => l.Contains("Pump stops", StringComparison.Ordinal)).ShouldContain($",,{since}", customMessage: "no step lies ahead, and since when");
        (await cast.Get("/standing-still")).Text.ShouldContain("href=\"/desk/at-owned\">1<");
        (await cast.Get("/desk/at-owned")).Text.ShouldContain("Pump stops");
        (await cast.Get("/standing-still.csv")).Text.ShouldContain("owned,1,96,96");
    }
}
