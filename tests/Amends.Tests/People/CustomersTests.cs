using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.People;

public class CustomersTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static Task<long> Make(TestHouse house, string? name, params string[] addresses) => house.Write.Run(Me, null, async db => (await Customers.Make(db, name, addresses)).Id);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_same_address_written_differently_is_the_same_customer(On on)
    {
        await using var house = await TestHouse.Open(on);
        var first = await house.Write.Run(Me, null, async db => (await Customers.FindOrMake(db, "Maria Lopez", "Maria@Bücher.example")).Customer.Id);
        var again = await house.Write.Run(Me, null, async db => { var found = await Customers.FindOrMake(db, null, "maria@XN--BCHER-KVA.example"); return (found.Customer.Id, found.IsNew); });
        again.ShouldBe((first, false));
        using var look = house.Databases.Open();
        (await Customers.Find(look, "MARIA@bücher.example")).Select(c => c.Id).ShouldBe([first]);
        (await Customers.Find(look, "maria+x@bücher.example")).ShouldBeEmpty();
        (await Customers.Find(look, "no address at all, is it?\0")).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_address_may_belong_to_several_and_the_name_tells(On on)
    {
        await using var house = await TestHouse.Open(on);
        var maria = await Make(house, "Maria Lopez", "info@casaverde.example");
        var jorge = await Make(house, "Jorge López", "info@casaverde.example");
        var found = await house.Write.Run(Me, null, async db => { var f = await Customers.FindOrMake(db, "JORGE LOPEZ", "info@casaverde.example"); return (f.Customer.Id, f.IsNew, Other: f.Others.Single().Id); });
        found.ShouldBe((jorge, false, maria));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Fifty_first_messages_at_once_make_one_customer(On on)
    {
        await using var house = await TestHouse.Open(on);
        var made = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => house.Write.Run(Me, null, async db => (await Customers.FindOrMake(db, "Maria", "maria@casaverde.example")).Customer.Id)));
        made.Distinct().Count().ShouldBe(1);
        using var look = house.Databases.Open();
        (await look.Set<Customer>().CountAsync(Stop)).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_customer_joins_the_organisations_of_the_domain(On on)
    {
        await using var house = await TestHouse.Open(on);
        var green = await house.Write.Run(Me, null, db =>
        {
            var one = new Organisation { Id = db.Ids!.Next(), Name = "Casa Verde", Domains = "casaverde.example casa.example" };
            one.Changed();
            db.Add(one);
            return Task.FromResult(one.Id);
        });
        var maria = await Make(house, "Maria", "maria@CASA.example");
        var other = await Make(house, "Eva", "eva@a.example");
        using var look = house.Databases.Open();
        (await look.Set<Membership>().ToListAsync(Stop)).ShouldHaveSingleItem().CustomerId.ShouldBe(maria);
        other.ShouldNotBe(green);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_number_is_found_while_it_is_typed_and_however_it_is_written(On on)
    {
        await using var house = await TestHouse.Open(on);
        var abroad = await Make(house, "Maria", "+49 30 1234567");
        var home = await Make(house, "Jonas", "030 7654321");
        using var look = house.Databases.Open();
        async Task<long[]> By(string typed) => [.. (await Customers.ByNumber(look, typed)).Select(c => c.Id)];
        (await By("+49 30 12")).ShouldBe([abroad]);
        (await By("030 1234567")).ShouldBe([abroad]);
        (await By("030 12")).ShouldBe([abroad]);
        (await By("+49 30 7654321")).ShouldBe([home]);
        (await By("03")).ShouldBeEmpty();
        (await By("9999")).ShouldBeEmpty();
        (await Customers.Find(look, "+49307654321")).Select(c => c.Id).ShouldBe([home]);
        // Another country's number with the same end is another number.
        (await Customers.Find(look, "+48301234567")).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Suggestions_find_by_beginnings_of_words_without_accents_and_only_for_those_who_may(On on)
    {
        await using var house = await TestHouse.Open(on);
        var zoe = await Make(house, "Zoë Ångström", "zoe@nord.example", "+46 8 123 456 78");
        var aiko = await Make(house, "田中 愛子", "aiko@higashi.example");
        await Make(house, "Anders Zoll", "zoll@nord.example");
        using var look = house.Databases.Open();
        var may = Who.House("test");
        async Task<long[]> For(string typed) => [.. (await Customers.Suggest(look, may, typed)).Select(s => s.Id)];
        (await For("zoe angs")).ShouldBe([zoe]);
        (await For("ANGSTROM")).ShouldBe([zoe]);
        (await For("田中")).ShouldBe([aiko]);
        (await For("aiko@higashi.example")).ShouldBe([aiko]);
        (await For("08 12345678")).ShouldBe([zoe]);
        (await For("zo")).Length.ShouldBe(2);
        (await For("zo")).First().ShouldBe(zoe);
        (await For("' OR 1=1 --")).ShouldBeEmpty();
        (await For("%")).ShouldBeEmpty();
        (await For("_")).ShouldBeEmpty();
        var nobody = new Who(ActorKind.Colleague, 1, "Nobody", System.Collections.Frozen.FrozenDictionary<Verb, Scope>.Empty, []);
        (await Customers.Suggest(look, nobody, "zoe")).ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Organisations_take_no_row_of_the_customers_nor_they_of_them(On on)
    {
        await using var house = await TestHouse.Open(on);
        for (var i = 0; i < 9; i++) await Make(house, $"Verde {i}", $"verde{i}@a.example");
        using var look = house.Databases.Open();
        var may = Who.House("test");
        (await Customers.Suggest(look, may, "verde")).Count.ShouldBe(8);
        await house.Write.Run(Me, null, db =>
        {
            for (var i = 0; i < 4; i++)
            {
                var one = new Organisation { Id = db.Ids!.Next(), Name = $"Verde Works {i}" };
                one.Changed();
                db.Add(one);
            }
            return Task.CompletedTask;
        });
        var found = await Customers.Suggest(look, may, "verde");
        found.Count(s => s.Kind == PersonKind.Customer).ShouldBe(8);
        found.Count(s => s.Kind == PersonKind.Organisation).ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_name_is_found_and_the_old_one_no_more_and_the_version_rises(On on)
    {
        await using var house = await TestHouse.Open(on);
        var id = await Make(house, "Maria Lopez", "maria@casaverde.example");
        await house.Write.Run(Me, null, async db => { var one = await db.Load<Customer>(id, 1); one.Name = "Maria Delgado"; one.Changed(false); });
        using var look = house.Databases.Open();
        var may = Who.House("test");
        (await Customers.Suggest(look, may, "delgado")).Count.ShouldBe(1);
        (await Customers.Suggest(look, may, "lopez")).ShouldBeEmpty();
        (await Customers.Suggest(look, may, "casaverde")).Count.ShouldBe(1);
        // Only an address is added: still a change of the customer.
        await house.Write.Run(Me, null, async db =>
        {
            var one = await db.Load<Customer>(id, 2);
            db.Add(new CustomerAddress { Id = db.Ids!.Next(), CustomerId = id, Kind = AddressKind.Handle, Value = "@mari", Shown = "@Mari" });
            one.Changed(false);
        });
        using var after = house.Databases.Open();
        (await after.Set<Customer>().SingleAsync(Stop)).Version.ShouldBe(3);
        (await Customers.Suggest(after, may, "@mari")).Count.ShouldBe(1);
    }
}
