using System.Net;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cases;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

/// <summary>What PostgreSQL says when it cannot: told in a sentence, nothing saved, try again (503), and never as a fault of the program.</summary>
public class StoreTroubleTests
{
    static readonly Actor Me = Actor.System("test");

    [Theory]
    [InlineData("53100", "disk of the database server is full")]
    [InlineData("53200", "out of memory")]
    [InlineData("53300", "takes no more connections")]
    [InlineData("57P01", "cannot be reached")]
    [InlineData("57P02", "cannot be reached")]
    [InlineData("57P03", "cannot be reached")]
    [InlineData("58030", "cannot read or write its files")]
    [InlineData("25006", "read-only")]
    public async Task A_write_that_the_server_cannot_take_is_away_and_says_why(string state, string says)
    {
        await using var house = await TestHouse.Open(On.Postgres);
        var tries = 0;
        var away = await Should.ThrowAsync<StoreAway>(house.Write.Run(Me, null, async db =>
        {
            tries++;
#pragma warning disable EF1002 // A constant of this test.
            await db.Database.ExecuteSqlRawAsync($"DO $$ BEGIN RAISE EXCEPTION 'as it says' USING ERRCODE = '{state}'; END $$");
#pragma warning restore EF1002
        }));
        away.Message.ShouldContain(says);
        away.Message.ShouldContain("nothing was saved");
        // What may pass at once is tried again at once; a full disk is not.
        if (state is "53100" or "53200" or "58030" or "25006") tries.ShouldBe(1);
        else tries.ShouldBeGreaterThan(3);
    }

    [Theory, InlineData("53100", "disk of the database server is full"), InlineData("53200", "out of memory")]
    public async Task On_a_page_it_is_503_with_the_sentence_and_what_was_typed(string state, string says)
    {
        await using var cast = await DeskCast.Open(On.Postgres);
        var one = await cast.Case();
        await Sql(cast.House, $"CREATE FUNCTION full_now() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$ LANGUAGE plpgsql", "CREATE TRIGGER full_now BEFORE INSERT ON \"Note\" FOR EACH ROW EXECUTE FUNCTION full_now()");
        var refused = await cast.Post($"/cases/{one.Number}/notes", new() { ["text"] = "Asked the workshop" });
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Text.ShouldContain(says);
        refused.Text.ShouldContain("Asked the workshop");
        await Sql(cast.House, "DROP TRIGGER full_now ON \"Note\"");
        (await cast.Post($"/cases/{one.Number}/notes", new() { ["text"] = "Asked the workshop" })).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Reading_too_says_what_is_wrong_with_the_store()
    {
        await using var cast = await DeskCast.Open(On.Postgres);
        await Sql(cast.House, "CREATE FUNCTION tell_it(bigint) RETURNS bigint AS $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53200'; END $$ LANGUAGE plpgsql", "ALTER TABLE \"Tag\" RENAME TO \"Tag_\"",
            "CREATE VIEW \"Tag\" AS SELECT tell_it(\"Id\") AS \"Id\", \"Name\", \"Folded\", \"Retired\", \"Version\" FROM (SELECT 1::bigint AS \"Id\", 'x' AS \"Name\", 'x' AS \"Folded\", false AS \"Retired\", 1 AS \"Version\") AS one");
        var (status, text) = await cast.Get("/settings/tags");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable, text);
        text.ShouldContain("out of memory");
    }

    static async Task Sql(TestHouse house, params string[] statements)
    {
        await using var line = new Npgsql.NpgsqlConnection(house.Place.Postgres);
        await line.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new Npgsql.NpgsqlCommand(statement, line);
            await command.ExecuteNonQueryAsync();
        }
    }
}
