using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.People;
using Amends.Promises;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Amends.Tests.Promises.PromiseTests;

namespace Amends.Tests.Promises;

/// <summary>Reminders come when half and four fifths are over and when it passed, each once: over clocks that jump (F09), changes of the clock, a leap day, and two programs on one database (F10).</summary>
public class ReminderTests
{
    static readonly string[] OfPromises = ["promise.reminded", "promise.passed"];

    static async Task<List<string>> Told(TestHouse house)
    {
        using var db = house.Databases.Open();
        return await db.Set<Amends.Foundation.Facts.Fact>().Where(f => OfPromises.Contains(f.Kind)).OrderBy(f => f.At).ThenBy(f => f.Id).Select(f => f.Kind).ToListAsync();
    }

    static Task Look(TestHouse house) => PromiseClock.Follow(house.App.Services, TestContext.Current.CancellationToken);

    static readonly string[] Thrice = ["promise.reminded", "promise.reminded", "promise.passed"];

    [Theory, InlineData(On.Sqlite, 1), InlineData(On.Sqlite, 24 * 365), InlineData(On.Postgres, 24 * 365)]
    public async Task F09_a_clock_that_was_ahead_and_is_set_right_takes_no_reminder_away(On on, int hours)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var right = post.House.Clock.GetUtcNow();
        await post.Promise(one, "Call", right.UtcDateTime.AddHours(0.75), before: TimeSpan.FromHours(0.8));
        post.House.Clock.Set(right.AddHours(hours));
        await Look(post.House);
        (await Told(post.House)).ShouldBe(["promise.passed"], "so it looked");
        // Set right: what was said ahead of its time is said again, at its time, and once.
        post.House.Clock.Set(right);
        for (var minute = 0; minute < 120; minute++)
        {
            await Look(post.House);
            post.House.Clock.Advance(TimeSpan.FromMinutes(1));
            if (minute == 10) (await Told(post.House)).Count.ShouldBe(1, "not before half of it is over");
        }
        var told = await Told(post.House);
        told.Count(k => k == "promise.reminded").ShouldBe(2);
        told.Count(k => k == "promise.passed").ShouldBe(2, "once by the wrong clock, once when it was so");
        (await All(post))[0].PassedAt!.Value.ShouldBeLessThan(right.UtcDateTime.AddHours(1));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_a_clock_that_is_set_back_and_right_again_doubles_nothing(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await post.Promise(one, "Call", post.House.Now.AddHours(10), before: TimeSpan.FromHours(10));
        foreach (var (to, most) in new[] { (5.1, 1), (8.1, 2), (10.1, 3) })
        {
            var at = FakeTime.Start.AddHours(to);
            post.House.Clock.Set(at);
            await Look(post.House);
            (await Told(post.House)).Count.ShouldBe(most);
            post.House.Clock.Set(at.AddHours(-3));
            for (var n = 0; n < 30; n++)
            {
                await Look(post.House);
                post.House.Clock.Advance(TimeSpan.FromMinutes(1));
            }
            post.House.Clock.Set(at.AddMinutes(1));
            await Look(post.House);
            (await Told(post.House)).Count.ShouldBe(most);
        }
        (await Told(post.House)).ShouldBe(Thrice);
    }

    [Theory]
    // In Berlin the clocks go forward and back at 01:00 UTC; in New York at 07:00 and 06:00; 2028 has a 29 February; the year ends.
    [InlineData("2026-03-28T21:00Z", "2026-03-29T06:00", "Europe/Berlin", "2026-03-29T04:00Z")]
    [InlineData("2026-10-24T21:00Z", "2026-10-25T06:00", "Europe/Berlin", "2026-10-25T05:00Z")]
    [InlineData("2026-03-08T02:00Z", "2026-03-08T06:00", "America/New_York", "2026-03-08T10:00Z")]
    [InlineData("2026-11-01T02:00Z", "2026-11-01T06:00", "America/New_York", "2026-11-01T11:00Z")]
    [InlineData("2028-02-28T12:00Z", "2028-02-29T12:00", "Europe/Berlin", "2028-02-29T11:00Z")]
    [InlineData("2026-12-31T12:00Z", "2027-01-01T12:00", "Europe/Berlin", "2027-01-01T11:00Z")]
    public async Task Over_a_change_of_the_clock_or_a_leap_day_each_comes_at_its_part_of_the_time_that_really_passes(string now, string local, string zone, string due)
    {
        var (post, one) = await Open(On.Sqlite, zone);
        await using var house = post;
        static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        post.House.Clock.Set(Utc(now));
        // A session of this day.
        using var desk = await post.House.ClientOf(post.Ben);
        var path = $"/cases/{one.Number}/promises/new";
        (await desk.Send(await desk.See(path), path, ("kind", "2"), ("due", local), ("zone", zone), ("keeper", post.Ben.ToString(CultureInfo.InvariantCulture)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var promise = (await All(post)).ShouldHaveSingleItem();
        promise.DueAt.ShouldBe(Utc(due).UtcDateTime);
        var whole = promise.DueAt - promise.MadeAt;
        var at = new List<DateTime>();
        var before = 0;
        while (post.House.Now < promise.DueAt.AddHours(2))
        {
            await Look(post.House);
            var told = (await Told(post.House)).Count;
            for (; before < told; before++) at.Add(post.House.Now);
            post.House.Clock.Advance(TimeSpan.FromMinutes(5));
        }
        at.Count.ShouldBe(3);
        foreach (var (said, part) in at.Zip([0.5, 0.8, 1.0])) (said - (promise.MadeAt + whole * part)).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task F10_two_programs_on_one_PostgreSQL_remind_once()
    {
        var database = await Postgres.CreateDatabase();
        var folder = Directory.CreateTempSubdirectory("amends-two-").FullName;
        try
        {
            await using var first = await TestHouse.OpenAt(folder, database, stays: true);
            await using var second = await TestHouse.OpenAt(folder, database, stays: true);
            var (brand, team) = (await Some.Brand(first), await Some.Team(first, "Service"));
            var ben = await Some.Colleague(first, "Ben Kim", await Some.AdminRole(first), team);
            var one = await Some.Case(first, await Some.Customer(first, "Maria Lopez", "maria@casaverde.example"), team, brand, owner: ben);
            const int many = 60;
            await first.Write.Run(Actor.System("test"), null, db =>
            {
                for (var n = 0; n < many; n++)
                {
                    var promise = new Promise { Id = db.Ids!.Next(), CaseId = one.Id, CustomerId = one.CustomerId, Named = "Call", Zone = "Europe/Berlin", MadeAt = db.At, DueAt = db.At.AddHours(10), DueLocal = db.At.AddHours(11), HalfAt = db.At.AddHours(5), AskAt = db.At.AddHours(8) };
                    promise.Make(ben, db.At);
                    db.Add(promise);
                }
                return Task.CompletedTask;
            });
            foreach (var hours in (double[])[5.1, 8.1, 10.1])
            {
                // Both at once, and not at the same tick.
                first.Clock.Set(FakeTime.Start.AddHours(hours));
                second.Clock.Set(FakeTime.Start.AddHours(hours).AddSeconds(20));
                await Task.WhenAll(Look(first), Look(second), Look(first), Look(second));
                // By the timetable one of them has the line.
                foreach (var house in new[] { first, second }) await house.Get<Clockwork>().RunIfDue(Timetable.Lines.Single(l => l.Name == "follow promises"), TestContext.Current.CancellationToken);
            }
            var told = await Told(first);
            (told.Count(k => k == "promise.reminded"), told.Count(k => k == "promise.passed")).ShouldBe((2 * many, many));
        }
        finally
        {
            await Postgres.DropDatabase(database);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_keeper_who_loses_sight_of_the_case_gives_it_to_who_has_it_and_the_last_one_is_kept_by_who_sees_all(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var agent = await Some.Role(post.House, "Agent", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        var olga = await Some.Colleague(post.House, "Olga Petrova", agent, post.Team);
        var hers = await post.Promise(one, "Call", post.House.Now.AddHours(20), olga);
        Task Keepers() => PromiseClock.FindKeepers(post.House.App.Services, TestContext.Current.CancellationToken);
        await Keepers();
        (await All(post))[0].KeeperId.ShouldBe(olga);
        // The case goes to another team: she would be reminded of what she may not see.
        var other = await Some.Team(post.House, "Other");
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(null, other, db.At));
        await Keepers();
        (await All(post))[0].KeeperId.ShouldBe(post.Ben, "nobody is in that team; he sees all");
        hers.ShouldBe((await All(post))[0].Id);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_day_on_which_nobody_works_is_warned_of_and_taken(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        // Saturday.
        (await Make(post, one, "2026-03-14T12:00")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("Nobody works here on Saturday 14 March.");
        (await post.Desk.See($"/promises/{(await All(post))[0].Id}")).Text(".banner").ShouldBe("Nobody works here on Saturday 14 March.");
        var found = await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reply"), $"/cases/{one.Number}/promises/find", ("text", "We will call you on 14 March at 12:00."));
        found.Body.ShouldContain("Nobody works here on Saturday 14 March.");
        (await Reply(post, one, "We will call you on 14 March at 12:00.")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Count.ShouldBe(2);
    }
}
