using Npgsql;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cast;

public class CastTests
{
    [Fact]
    public void Timers_fire_in_order_each_at_its_own_instant()
    {
        var time = new FakeTime();
        var seen = new List<string>();
        using var every = time.CreateTimer(_ => seen.Add($"every {time.GetUtcNow() - FakeTime.Start:c}"), null, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        using var once = time.CreateTimer(_ => seen.Add($"once {time.GetUtcNow() - FakeTime.Start:c}"), null, TimeSpan.FromMinutes(3), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromMinutes(5));
        seen.ShouldBe(["every 00:02:00", "once 00:03:00", "every 00:04:00"]);
        time.GetUtcNow().ShouldBe(FakeTime.Start.AddMinutes(5));
    }

    [Fact]
    public async Task A_delay_ends_when_time_is_advanced_and_not_before()
    {
        var time = new FakeTime();
        var delay = Task.Delay(TimeSpan.FromHours(1), time, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(59));
        delay.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_clock_set_back_keeps_the_distance_of_timers()
    {
        var time = new FakeTime();
        var fired = false;
        using var timer = time.CreateTimer(_ => fired = true, null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        time.Set(FakeTime.Start.AddHours(-1));
        time.Advance(TimeSpan.FromMinutes(1));
        fired.ShouldBeTrue();
        time.GetUtcNow().ShouldBe(FakeTime.Start.AddMinutes(-59));
    }

    [Fact]
    public async Task A_database_is_made_from_a_template_and_dropped()
    {
        var template = await Postgres.CreateDatabase();
        await using (var source = NpgsqlDataSource.Create(template))
        {
            await using var make = source.CreateCommand("CREATE TABLE proof (word text); INSERT INTO proof VALUES ('kept')");
            await make.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var copy = await Postgres.CreateDatabase(new NpgsqlConnectionStringBuilder(template).Database);
        await using (var source = NpgsqlDataSource.Create(copy))
        {
            await using var ask = source.CreateCommand("SELECT word FROM proof");
            (await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("kept");
        }
        await Postgres.DropDatabase(copy);
        await Postgres.DropDatabase(template);
    }
}
