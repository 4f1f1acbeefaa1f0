using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Foundation;

public class WriterTests
{
    static readonly Actor Me = Actor.System("test");

    sealed class Ear : IHear<CaseHeard>
    {
        public Task Hear(CaseHeard fact, Heard heard, CancellationToken stop) => Task.CompletedTask;
    }

    static async Task<(TestHouse House, Case One)> WithCase(On on)
    {
        var house = await TestHouse.Open(on, also: services => ((JobBook)services.First(s => s.ServiceType == typeof(JobBook)).ImplementationInstance!).Hears<CaseHeard, Ear>());
        var brand = await Some.Brand(house);
        var team = await Some.Team(house, "Service");
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        return (house, await Some.Case(house, maria, team, brand));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_write_leaves_the_change_its_fact_and_one_dispatch_row(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        using var db = house.Databases.Open();
        var facts = await db.Set<Fact>().Where(f => f.Subject == one.Id).ToListAsync(TestContext.Current.CancellationToken);
        facts.Count.ShouldBe(1);
        facts[0].Read().ShouldBe(new CaseHeard(one.Id, Channel.Mail));
        // What nobody hears (brand, team, customer) is not dispatched.
        (await db.Set<Dispatch>().SingleAsync(TestContext.Current.CancellationToken)).FactIds.ShouldBe(facts[0].Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await db.Set<UnsealedFact>().CountAsync(TestContext.Current.CancellationToken)).ShouldBe(4);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F12_a_hundred_equal_calls_with_one_key_are_one_effect_and_equal_answers(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => house.Write.Run(Me, new Once("k1", "d"), async db =>
        {
            var it = await db.Load<Case>(one.Id);
            it.Rename($"{it.Subject}!", db.At);
            return it.Subject;
        })));
        answers.Distinct().ShouldBe(["Pump stops!"]);
        await Should.ThrowAsync<KeyReused>(house.Write.Run(Me, new Once("k1", "other"), db => Task.FromResult("")));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_stale_version_is_a_conflict_and_changes_nothing(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        await house.Write.Run(Me, null, async db => (await db.Load<Case>(one.Id, 1)).Rename("Second", db.At));
        await Should.ThrowAsync<VersionConflict>(house.Write.Run(Me, null, async db => (await db.Load<Case>(one.Id, 1)).Rename("Third", db.At)));
        using var look = house.Databases.Open();
        var now = await look.Set<Case>().SingleAsync(TestContext.Current.CancellationToken);
        (now.Subject, now.Version).ShouldBe(("Second", 2));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Fifty_writers_at_once_lose_no_update(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => house.Write.Run(Me, null, async db =>
        {
            var it = await db.Load<Case>(one.Id);
            it.Rename(it.Subject + "+", db.At);
        })));
        using var look = house.Databases.Open();
        (await look.Set<Case>().SingleAsync(TestContext.Current.CancellationToken)).Subject.ShouldBe("Pump stops" + new string('+', 50));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_refused_write_between_others_takes_nothing_with_it(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        var tasks = Enumerable.Range(0, 30).Select(i => house.Write.Run(Me, null, async db =>
        {
            var it = await db.Load<Case>(one.Id);
            it.Rename(it.Subject + i, db.At);
            await db.SaveChangesAsync();
            if (i % 3 == 0) throw new Refused("", "no");
        })).ToList();
        foreach (var (task, i) in tasks.Select((t, i) => (t, i)))
            if (i % 3 == 0) await Should.ThrowAsync<Refused>(task); else await task;
        using var look = house.Databases.Open();
        (await look.Set<Case>().SingleAsync(TestContext.Current.CancellationToken)).Version.ShouldBe(21);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_noun_changed_without_a_fact_is_refused(On on)
    {
        var (house, one) = await WithCase(on);
        await using var _ = house;
        await Should.ThrowAsync<InvalidOperationException>(house.Write.Run(Me, null, async db => (await db.Load<Case>(one.Id)).Touch(db.At.AddHours(1))));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Facts_are_never_changed_or_deleted_and_the_seal_sees_what_was_done_past_the_trigger(On on)
    {
        var (house, _) = await WithCase(on);
        await using var __ = house;
        var stop = TestContext.Current.CancellationToken;
        using var db = house.Databases.Open();
        await Should.ThrowAsync<Exception>(db.Database.ExecuteSqlRawAsync("UPDATE \"Fact\" SET \"ActorId\" = 7", stop));
        await Should.ThrowAsync<Exception>(db.Database.ExecuteSqlRawAsync("DELETE FROM \"Fact\"", stop));
        var sealing = house.Get<Sealing>();
        (await sealing.SealAsync(stop)).ShouldBe(4);
        (await sealing.FirstBrokenAsync(stop)).ShouldBeNull();
        await db.Database.ExecuteSqlRawAsync(on == On.Sqlite ? "DROP TRIGGER fact_stays_u" : "ALTER TABLE \"Fact\" DISABLE TRIGGER fact_stays", stop);
        await db.Database.ExecuteSqlRawAsync("UPDATE \"Fact\" SET \"ActorId\" = 7 WHERE \"Kind\" = 'case.heard'", stop);
        (await sealing.FirstBrokenAsync(stop)).ShouldBe(1);
    }
}
