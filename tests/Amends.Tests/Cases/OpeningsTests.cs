using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases;

/// <summary>Who opened which case, and took which file along, is kept whatever the database does meanwhile.</summary>
public class OpeningsTests
{
    static readonly Who Ben = new(ActorKind.Colleague, 7, "Ben Kim", Who.House("test").May, []);

    static Exception Full(On on) => on == On.Sqlite ? new SqliteException("database or disk is full", 13) : new PostgresException("disk full", "ERROR", "ERROR", "53100");

    // What is written of readings meets this first.
    static void Before(TestHouse house, Func<Database, Exception?> fault) =>
        house.Databases.BeforeCommit.Add(db => db.Who.Name == "readings" && fault(db) is { } why ? throw why : Task.CompletedTask);

    static async Task<string[]> Kept(TestHouse house)
    {
        using var db = house.Databases.Open();
        return [.. (await db.Set<Access>().OrderBy(a => a.At).ThenBy(a => a.Subject).ToListAsync()).Select(a => $"{a.What} {a.Subject} by {a.ActorId}")];
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Readings_wait_while_the_database_is_away_and_none_is_lost(On on)
    {
        await using var house = await TestHouse.Open(on);
        var openings = house.Get<Openings>();
        var away = true;
        Before(house, _ => away ? Full(on) : null);
        openings.Note(1, Ben, house.Now);
        openings.Took("file", 2, Ben, house.Now);
        await Should.ThrowAsync<StoreAway>(() => openings.Flush());
        openings.Note(3, Ben, house.Now);
        await Should.ThrowAsync<StoreAway>(() => openings.Flush());
        (await Kept(house)).ShouldBeEmpty();
        away = false;
        (await openings.Flush()).ShouldBe(3);
        (await Kept(house)).ShouldBe(["case 1 by 7", "file 2 by 7", "case 3 by 7"]);
        (await openings.Flush()).ShouldBe(0);
        using var db = house.Databases.Open();
        (await db.Set<CaseRead>().Select(r => r.CaseId).Order().ToListAsync()).ShouldBe([1, 3]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task They_are_written_once_it_is_back_also_when_nobody_reads_any_more(On on)
    {
        await using var house = await TestHouse.Open(on);
        var (away, tries) = (true, 0);
        Before(house, _ => { Interlocked.Increment(ref tries); return Volatile.Read(ref away) ? Full(on) : null; });
        await house.App.StartAsync();
        house.Get<Openings>().Note(1, Ben, house.Now);
        for (var i = 0; i < 400 && Volatile.Read(ref tries) == 0; i++) await Task.Delay(25);
        await Task.Delay(100);
        Volatile.Write(ref away, false);
        for (var i = 0; i < 400 && (await Kept(house)).Length == 0; i++) await Task.Delay(25);
        (await Kept(house)).ShouldBe(["case 1 by 7"]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_that_cannot_be_written_keeps_no_other_back(On on)
    {
        await using var house = await TestHouse.Open(on);
        var openings = house.Get<Openings>();
        Before(house, db => db.ChangeTracker.Entries<Access>().Any(a => a.Entity.Subject == 2) ? new InvalidOperationException("not this one") : null);
        for (var i = 1; i <= 3; i++) openings.Note(i, Ben, house.Now);
        await openings.Flush();
        openings.Note(4, Ben, house.Now);
        await openings.Flush();
        (await Kept(house)).ShouldBe(["case 1 by 7", "case 3 by 7", "case 4 by 7"]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_waited_for_hours_says_each_hour(On on)
    {
        await using var house = await TestHouse.Open(on);
        var openings = house.Get<Openings>();
        foreach (var minutes in new[] { 0, 20, 61, 130 }) openings.Note(1, Ben, house.Now.AddMinutes(minutes));
        await openings.Flush();
        (await Kept(house)).Length.ShouldBe(3);
        using var db = house.Databases.Open();
        (await db.Set<CaseRead>().SingleAsync()).UpTo.ShouldBe(house.Now.AddMinutes(130));
    }

    /// <summary>Stops slowly, as requests do that are still answered, and opens a case at the last.</summary>
    sealed class SlowRequest(Openings openings, TimeProvider clock) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(300, CancellationToken.None);
            openings.Note(3, Ben, clock.GetUtcNow().UtcDateTime);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_stop_writes_the_last_of_them_once_the_requests_have_ended(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true, services => services.AddHostedService<SlowRequest>());
        var openings = house.Get<Openings>();
        openings.Note(1, Ben, house.Now);
        for (var i = 0; i < 1000 && (await Kept(house)).Length == 0; i++) await Task.Delay(5);
        // Between two writes.
        openings.Note(2, Ben, house.Now);
        await house.App.StopAsync();
        (await Kept(house)).ShouldBe(["case 1 by 7", "case 2 by 7", "case 3 by 7"]);
    }
}
