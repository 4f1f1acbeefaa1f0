using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases;

/// <summary>Names kept in memory are those that stand in the database.</summary>
public class NamesTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task They_are_read_anew_when_one_changes_and_kept_until_then(On on)
    {
        await using var cast = await DeskCast.Open(on);
        for (var i = 0; i < 200 && !cast.House.Get<HintBoard>().HearsAll; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        var names = cast.House.Get<Names>();
        using var db = cast.House.Databases.Open();
        (await names.Read(db)).Teams[cast.Team].ShouldBe("Service");
        await cast.House.Write.Run(Actor.System("test"), null, async w =>
        {
            var team = await w.Load<Team>(cast.Team);
            team.Name = "Service north";
            team.Changed();
        }, TestContext.Current.CancellationToken);
        (await names.Read(db)).Teams[cast.Team].ShouldBe("Service north");
        // A new colleague is known at once: the board forgets before the write is answered.
        var nora = await Some.Colleague(cast.House, "Nora New", await Some.AdminRole(cast.House), cast.Team);
        (await names.Read(db)).Colleagues[nora].ShouldBe("Nora New");
        // Hints of the writes before may still be on their way from PostgreSQL.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var before = await names.Read(db);
        cast.House.Get<HintBoard>().Publish(new Hint("case", 1, 1));
        (await names.Read(db)).ShouldBeSameAs(before);
        cast.House.Get<HintBoard>().Publish(HintBoard.Missed);
        (await names.Read(db)).ShouldNotBeSameAs(before);
    }

    [Fact]
    public async Task Nothing_is_kept_while_changes_of_others_are_not_heard()
    {
        await using var house = await TestHouse.Open(On.Postgres);
        var team = await Some.Team(house, "Service");
        using var db = house.Databases.Open();
        (await house.Get<Names>().Read(db)).Teams[team].ShouldBe("Service");
        await db.Database.ExecuteSqlRawAsync("UPDATE \"Team\" SET \"Name\" = 'Another process named it'", TestContext.Current.CancellationToken);
        (await house.Get<Names>().Read(db)).Teams[team].ShouldBe("Another process named it");
    }
}
