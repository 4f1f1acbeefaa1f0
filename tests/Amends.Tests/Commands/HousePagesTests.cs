using System.Net;
using Amends.Commands;
using Amends.Foundation;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

public class HousePagesTests
{
    static async Task<HttpClient> Admin(TestHouse house) => await house.ClientOf(await Some.Colleague(house, "Anna Berg", await Some.AdminRole(house)));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_backup_is_made_from_its_page_and_its_settings_are_kept(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        using var anna = await Admin(house);
        (await anna.See("/settings/backup")).Status.ShouldBe(HttpStatusCode.OK);
        (await anna.PostFrom("/settings/backup", "/settings/backup/now")).Location.ShouldBe("/settings/backup");
        Seen page;
        for (var i = 0; ; i++)
        {
            page = await anna.See("/settings/backup");
            if (page.Document.QuerySelector(".progress") is null) break;
            i.ShouldBeLessThan(300);
            await Task.Delay(100);
        }
        page.Text(".banner.good").ShouldNotBeNull(page.Body);
        page.Document.QuerySelectorAll("tbody tr").Length.ShouldBe(1);
        house.Get<House>().Get(HouseSettings.LastBackup).ShouldNotBeEmpty();

        (await anna.Post("/settings/backup", ("nightly", "true"), ("hour", "25"), ("keep", "three"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await anna.Post("/settings/backup", ("nightly", "true"), ("hour", "4"), ("keep", "3"))).Location.ShouldBe("/settings/backup");
        house.Get<House>().Get(BackupSettings.Hour).ShouldBe(4);
    }

    [Fact]
    public async Task Each_night_one_backup_is_made_and_old_ones_go()
    {
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        var work = house.Get<BackupWork>();
        await house.Write.Run(Actor.System("test"), null, db => house.Get<House>().Set(db, BackupSettings.Keep, 2));
        house.Get<House>().Forget();
        async Task Night()
        {
            await work.BeginWhenDue(default);
            while (work.Running is not null) await Task.Delay(20);
        }
        await Night();
        work.Files.ShouldBeEmpty();
        // 03:00 in Berlin.
        house.Clock.Set(new DateTimeOffset(2026, 3, 13, 2, 10, 0, TimeSpan.Zero));
        await Night();
        await Night();
        work.Files.Count.ShouldBe(1);
        for (var day = 14; day < 17; day++)
        {
            house.Clock.Set(new DateTimeOffset(2026, 3, day, 7, 0, 0, TimeSpan.Zero));
            await Night();
        }
        work.Files.Count.ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_stuck_job_is_shown_tried_again_or_let_go_and_leaves_a_fact(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        using var anna = await Admin(house);
        var ids = await house.Write.Run(Actor.System("test"), null, db =>
        {
            var made = new List<long>();
            foreach (var key in new[] { "a", "b" })
            {
                var job = new Job { Id = db.Ids!.Next(), Lane = Lane.Bulk, Kind = "nobody does this", DedupeKey = key, Body = "{}", MadeAt = db.At, RunAt = db.At, State = JobState.Stuck, Attempts = 12, Error = "The other side said <no>." };
                db.Add(job);
                made.Add(job.Id);
            }
            return Task.FromResult(made);
        });
        var page = await anna.See("/stuck");
        page.Body.ShouldContain("The other side said &lt;no&gt;.");
        (await anna.Send(page, $"/stuck/jobs/{ids[0]}/drop")).Location.ShouldBe("/stuck");
        (await anna.Send(page, $"/stuck/jobs/{ids[1]}/retry")).Location.ShouldBe("/stuck");
        (await anna.PostFrom("/settings/backup", $"/stuck/jobs/{ids[0]}/drop")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var db = house.Databases.Open();
        (await db.Set<Job>().AnyAsync(j => j.Id == ids[0])).ShouldBeFalse();
        var facts = await db.Set<Fact>().Where(f => f.Kind == "job.decided").ToListAsync();
        facts.Select(f => ((StuckJobDecided)f.Read()).Again).Order().ShouldBe([false, true]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_doctor_finds_what_is_wrong_and_names_a_remedy_for_each(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        var doctor = house.Get<Doctor>();
        var well = await doctor.Look(serving: true, thorough: true, default);
        well.ShouldNotContain(check => check.Is == Finding.Broken);
        well.Count.ShouldBe(14);
        await house.Write.Run(Actor.System("test"), null, async db =>
        {
            db.Add(new Job { Id = db.Ids!.Next(), Kind = "x", DedupeKey = "x", Body = "{}", MadeAt = db.At, RunAt = db.At, State = JobState.Stuck });
            await house.Get<House>().Set(db, BackupSettings.Trouble, "The disk is full.");
            await house.Get<House>().Set(db, HouseSettings.SmtpOn, true);
            await house.Get<House>().Set(db, HouseSettings.SmtpHost, "127.0.0.1");
            await house.Get<House>().Set(db, HouseSettings.SmtpPort, 1);
            await house.Get<House>().Set(db, HouseSettings.PublicUrl, "http://127.0.0.1:1");
        });
        house.Get<House>().Forget();
        house.Clock.Set(house.Clock.GetUtcNow().AddDays(-40));
        var ill = await doctor.Look(serving: true, thorough: true, default);
        ill.Where(check => check.Is == Finding.Broken).Select(check => check.Name).ShouldBe(["Clock", "Mail out", "Backup", "Public address", "Jobs"]);
        ill.ShouldAllBe(check => check.Is == Finding.Good || check.Remedy != null);
        house.Clock.Set(house.Clock.GetUtcNow().AddDays(40));
        using var anna = await Admin(house);
        var about = await anna.See("/settings/about");
        about.Body.ShouldContain("The disk is full.");
        // Moments as the clock of the house shows them, with its zone. (That of PostgreSQL does not stand still as ours does here.)
        if (on == On.Sqlite) about.Document.QuerySelectorAll("tr").Single(tr => tr.QuerySelector("th")!.TextContent == "Clock").QuerySelector("td:last-child div")!.TextContent.ShouldBe("12 March 2026, 10:00 (Europe/Berlin)");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Strangers_are_told_only_whether_the_house_lives_and_is_ready(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        using var stranger = house.Client();
        (await stranger.See("/health/live")).Body.ShouldBe("ok");
        (await stranger.See("/health/ready")).Body.ShouldBe("ok");
        foreach (var page in new[] { "/settings/backup", "/settings/about", "/stuck" }) (await stranger.See(page)).Location!.ShouldMatch("^/(sign-in|first-run)");
        house.Get<Readiness>().Stopping = true;
        var seen = await stranger.See("/health/ready");
        (seen.Status, seen.Body).ShouldBe((HttpStatusCode.ServiceUnavailable, "degraded"));
        (await stranger.See("/health/live")).Body.ShouldBe("ok");
    }

    [Fact]
    public async Task Without_the_right_the_pages_are_closed()
    {
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        var role = await Some.Role(house, "Reader", (Verb.SeeCases, Scope.Team));
        using var jonas = await house.ClientOf(await Some.Colleague(house, "Jonas Weber", role));
        foreach (var page in new[] { "/settings/backup", "/settings/about", "/stuck" }) (await jonas.See(page)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
