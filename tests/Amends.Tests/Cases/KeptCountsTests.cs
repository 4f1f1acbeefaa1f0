using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases;

/// <summary>The kept numbers beside the views are those that a count would give.</summary>
public class KeptCountsTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task They_are_counted_anew_after_a_change_when_a_step_comes_due_and_for_other_rights(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var kept = cast.House.Get<KeptCounts>();
        async Task<DeskCounts> Numbers(long colleague)
        {
            using var db = cast.House.Databases.Open();
            var asked = await Asked(cast, db, colleague);
            var numbers = (await kept.Of(asked)).Fixed;
            numbers.ShouldBe(await DeskViews.Count(asked));
            return numbers;
        }
        // Until the connection for hints stands nothing is kept, and there would be nothing to show.
        for (var i = 0; i < 200 && !cast.House.Get<HintBoard>().HearsAll; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        cast.House.Get<HintBoard>().HearsAll.ShouldBeTrue();
        (await Numbers(cast.Ben)).All.ShouldBe(0);
        var one = await cast.Case("Pump stops");
        (await Numbers(cast.Ben)).New.ShouldBe(1);
        (await Numbers(cast.Olga)).All.ShouldBe(0, "it is another team's");
        (await cast.Post($"/cases/{one.Number}/take", seen: one)).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        var taken = await Numbers(cast.Ben);
        (taken.New, taken.Mine, taken.None).ShouldBe((0, 1, 0));
        var due = (await cast.Now(one)).NextStepAt!.Value;
        cast.House.Clock.Advance(due - cast.House.Now - TimeSpan.FromSeconds(1));
        (await Numbers(cast.Ben)).None.ShouldBe(0);
        // Nobody writes anything: the step passes.
        cast.House.Clock.Advance(TimeSpan.FromSeconds(2));
        (await Numbers(cast.Ben)).None.ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task They_are_kept_as_long_as_nothing_is_heard_of_and_saved_views_with_them(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case("Pump stops", cast.Ben);
        for (var i = 0; i < 200 && !cast.House.Get<HintBoard>().HearsAll; i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        (await cast.Post("/desk/saved", new() { ["name"] = "Bens own", ["owner"] = cast.Ben.ToString(System.Globalization.CultureInfo.InvariantCulture) })).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        var kept = cast.House.Get<KeptCounts>();
        using var db = cast.House.Databases.Open();
        var asked = await Asked(cast, db, cast.Ben);
        // Hints of the writes before may still be on their way from PostgreSQL.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var before = await kept.Of(asked);
        before.Saved.ShouldHaveSingleItem().Count.ShouldBe(1);
        // Past the writer, so that no hint tells of it: what is kept still stands, and a presence does not end it.
        await db.Database.ExecuteSqlRawAsync("UPDATE \"Case\" SET \"OwnerId\" = NULL WHERE \"Id\" = {0}", [one.Id], TestContext.Current.CancellationToken);
        cast.House.Get<HintBoard>().Publish(new Hint("presence", one.Id, 0));
        (await kept.Of(asked)).ShouldBeSameAs(before);
        cast.House.Get<HintBoard>().Publish(new Hint("case", one.Id, 9));
        var after = await kept.Of(asked);
        (after.Fixed.Mine, after.Saved[0].Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Nothing_is_kept_while_changes_of_others_are_not_heard()
    {
        // Not serving: nobody listens.
        await using var house = await TestHouse.Open(On.Postgres);
        house.Get<HintBoard>().HearsAll.ShouldBeFalse();
        var brand = await Some.Brand(house);
        var team = await Some.Team(house, "Service");
        await Some.Case(house, await Some.Customer(house, "Maria Lopez", "maria@casaverde.example"), team, brand, "Pump stops");
        using var db = house.Databases.Open();
        var asked = new DeskAsked(db, Who.House("test"), house.Now, house.Now.Date.AddDays(1));
        (await house.Get<KeptCounts>().Of(asked)).Fixed.All.ShouldBe(1);
        await db.Database.ExecuteSqlRawAsync("UPDATE \"Case\" SET \"DeletedAt\" = \"HeardAt\"", TestContext.Current.CancellationToken);
        (await house.Get<KeptCounts>().Of(asked)).Fixed.All.ShouldBe(0);
    }

    static async Task<DeskAsked> Asked(DeskCast cast, Database db, long colleague)
    {
        var who = await db.Set<Colleague>().Where(c => c.Id == colleague).Select(c => new { c.Id, c.Name, c.RoleId }).FirstAsync(TestContext.Current.CancellationToken);
        var may = await db.Set<RolePermission>().Where(p => p.RoleId == who.RoleId).ToListAsync(TestContext.Current.CancellationToken);
        var teams = await db.Set<TeamMember>().Where(t => t.ColleagueId == colleague).Select(t => t.TeamId).ToListAsync(TestContext.Current.CancellationToken);
        var one = new Who(ActorKind.Colleague, who.Id, who.Name, System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(may, p => p.Verb, p => p.Scope), System.Collections.Frozen.FrozenSet.ToFrozenSet(teams));
        return new DeskAsked(db, one, cast.House.Now, new LocalTimes(one.Zone, cast.House.Now).EndOfToday);
    }
}
