using System.Reflection;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

#pragma warning disable EF1001 // The list of migrations is internal to the framework; only a test stands in for it.

namespace Amends.Tests.Foundation;

/// <summary>F18: upgrades that fail, are killed, or meet what they do not know.</summary>
public class UpgradeTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Step at which the coming version's migrations throw; 0 for none.</summary>
    static readonly AsyncLocal<int> throwsAt = new();

    [DbContext(typeof(SqliteDatabase)), Migration("29990101000000_Next")]
    sealed class Next : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            Step(migrationBuilder, 1);
            migrationBuilder.Sql("CREATE TABLE \"Later\" (\"Id\" BIGINT PRIMARY KEY, \"Text\" TEXT NOT NULL)");
            Step(migrationBuilder, 2);
            migrationBuilder.Sql("INSERT INTO \"Later\" SELECT \"Id\", \"Name\" FROM \"Customer\"");
            Step(migrationBuilder, 3);
        }
    }

    [DbContext(typeof(SqliteDatabase)), Migration("29990102000000_AfterNext")]
    sealed class AfterNext : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            Step(migrationBuilder, 4);
            // What does more harm than a failed statement: rows thrown away before it fails, on SQLite outside of a transaction too (there a snapshot stands behind it).
            migrationBuilder.Sql("DELETE FROM \"CustomerAddress\"", suppressTransaction: migrationBuilder.ActiveProvider?.EndsWith("Sqlite", StringComparison.Ordinal) == true);
            Step(migrationBuilder, 5);
            migrationBuilder.Sql("ALTER TABLE \"Customer\" ADD COLUMN \"Colour\" TEXT");
            Step(migrationBuilder, 6);
        }
    }

    static void Step(MigrationBuilder migration, int step)
    {
        if (throwsAt.Value == step) migration.Sql("SELECT * FROM there_is_no_such_table");
        migration.Sql(Marked(step));
    }

    // What a waiting child knows its step by.
    static string Marked(int step) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SELECT {step} AS step");

    sealed class WithNext(ICurrentDbContext current, IDbContextOptions options, IMigrationsIdGenerator ids, IDiagnosticsLogger<DbLoggerCategory.Migrations> logger) : MigrationsAssembly(current, options, ids, logger)
    {
        public override IReadOnlyDictionary<string, TypeInfo> Migrations =>
            new SortedDictionary<string, TypeInfo>(base.Migrations.ToDictionary(m => m.Key, m => m.Value)) { ["29990101000000_Next"] = typeof(Next).GetTypeInfo(), ["29990102000000_AfterNext"] = typeof(AfterNext).GetTypeInfo() };
    }

    static Databases Coming(DataPlace place, params IInterceptor[] also) =>
        new(place, Modules.Tables, options => options.ReplaceService<IMigrationsAssembly, WithNext>().ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning)).AddInterceptors(also));

    /// <summary>The first word of the command line of a child that upgrades, stands still at a step and waits for its end.</summary>
    public const string Child = "upgrade-and-wait";

    sealed class StandsStill(int step) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (!command.CommandText.Contains(Marked(step), StringComparison.Ordinal)) return result;
            await Console.Out.WriteLineAsync("at its step");
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return result;
        }
    }

    /// <summary>What the child does.</summary>
    internal static async Task<int> UpgradeAndWait(int step, string folder, string? postgres)
    {
        await using var coming = Coming(new DataPlace(folder, postgres), new StandsStill(step));
        await Of(coming).RunAsync();
        return 3;
    }

    static async Task<DataPlace> Filled()
    {
        var place = new DataPlace(Directory.CreateTempSubdirectory("amends-f18-").FullName, null);
        await using var house = await TestHouse.Open(On.Sqlite);
        for (var i = 0; i < 30; i++) await Some.Customer(house, $"Customer {i}", $"c{i}@a.example");
        using var db = house.Databases.Open();
        await db.Database.ExecuteSqlRawAsync("VACUUM INTO {0}", [place.SqliteFile], Stop);
        return place;
    }

    static async Task<(long Customers, long Addresses, bool Later, bool Colour, string Integrity)> State(DataPlace place)
    {
        if (place.Postgres is { } postgres)
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(postgres);
            await using var ask = source.CreateCommand("""SELECT (SELECT COUNT(*) FROM "Customer"), (SELECT COUNT(*) FROM "CustomerAddress"), to_regclass('"Later"') IS NOT NULL, EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'Customer' AND column_name = 'Colour')""");
            await using var row = await ask.ExecuteReaderAsync(Stop);
            await row.ReadAsync(Stop);
            return (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetBoolean(3), "ok");
        }
        await using var connection = new SqliteConnection($"Data Source={place.SqliteFile};Pooling=False");
        await connection.OpenAsync(Stop);
        async Task<object?> One(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(Stop);
        }
        return ((long)(await One("SELECT COUNT(*) FROM Customer"))!, (long)(await One("SELECT COUNT(*) FROM CustomerAddress"))!, (long)(await One("SELECT COUNT(*) FROM sqlite_master WHERE name = 'Later'"))! == 1,
            (long)(await One("SELECT COUNT(*) FROM pragma_table_info('Customer') WHERE name = 'Colour'"))! == 1, (string)(await One("PRAGMA integrity_check"))!);
    }

    static Upgrade Of(Databases databases) => new(databases, new Ids(new FakeTime()), NullLogger<Upgrade>.Instance);

    [Fact]
    public async Task F18_a_migration_that_throws_at_any_step_leaves_the_old_data_whole()
    {
        for (var step = 1; step <= 6; step++)
        {
            var place = await Filled();
            throwsAt.Value = step;
            await using (var coming = Coming(place)) (await Should.ThrowAsync<Trouble>(Of(coming).RunAsync(Stop))).Message.ShouldContain("as it was before", Case.Sensitive, $"step {step}");
            (await State(place)).ShouldBe((30, 30, false, false, "ok"), $"step {step}");
            // The version that ran before still does, and so does the coming one when its reason is gone.
            await using (var today = Modules.Databases(place)) (await Of(today).RunAsync(Stop)).ShouldBeEmpty();
            throwsAt.Value = 0;
            await using (var coming = Coming(place)) (await Of(coming).RunAsync(Stop)).Count.ShouldBe(2);
            (await State(place)).ShouldBe((30, 0, true, true, "ok"), $"step {step}, mended");
            Directory.Delete(place.Folder, recursive: true);
        }
    }

    // Kill -9 while it stands at a step: all steps in the long runs.
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F18_an_upgrade_that_is_killed_leaves_the_old_data_or_the_new_whole(On on)
    {
        int[] steps = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1" ? [1, 2, 3, 4, 5, 6] : [2, 5];
        foreach (var step in steps)
        {
            await using var house = on == On.Postgres ? await TestHouse.Open(on) : null;
            for (var i = 0; house is not null && i < 30; i++) await Some.Customer(house, $"Customer {i}", $"c{i}@a.example");
            var place = house?.Place ?? await Filled();
            using (var child = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", [typeof(UpgradeTests).Assembly.Location, Child, step.ToString(System.Globalization.CultureInfo.InvariantCulture), place.Folder, .. place.Postgres is { } there ? [there] : Array.Empty<string>()]) { RedirectStandardOutput = true })!)
            {
                (await child.StandardOutput.ReadLineAsync(Stop)).ShouldBe("at its step");
                child.Kill();
                await child.WaitForExitAsync(Stop);
            }
            if (on == On.Sqlite)
            {
                // What was thrown away outside of a transaction is back at the next start, of whichever version.
                if (step % 2 == 0)
                {
                    await using (var today = Modules.Databases(place)) (await Of(today).RunAsync(Stop)).ShouldBeEmpty();
                    (await State(place)).ShouldBe((30, 30, false, false, "ok"), $"step {step}");
                }
                await using (var coming = Coming(place)) (await Of(coming).RunAsync(Stop)).Count.ShouldBe(2, $"step {step}");
                Directory.EnumerateFiles(place.Folder).ShouldNotContain(file => file.EndsWith(".back", StringComparison.Ordinal) || file.EndsWith(".upgrading", StringComparison.Ordinal) || file.EndsWith(".part", StringComparison.Ordinal));
            }
            else
            {
                // The server takes back what was not committed; what was is one version's whole.
                (await State(place)).ShouldBeOneOf((30, 30, false, false, "ok"), (30, 30, true, false, "ok"));
                await using var coming = Coming(place);
                (await Of(coming).RunAsync(Stop).WaitAsync(TimeSpan.FromSeconds(60), Stop)).Count.ShouldBeInRange(1, 2);
            }
            (await State(place)).ShouldBe((30, 0, true, true, "ok"), $"step {step}, begun again");
            if (on == On.Sqlite) Directory.Delete(place.Folder, recursive: true);
        }
    }

    [Fact]
    public async Task Both_databases_have_a_migration_for_all_that_the_model_says()
    {
        foreach (var place in new[] { new DataPlace(Path.GetTempPath(), null), new DataPlace(Path.GetTempPath(), "Host=127.0.0.1;Port=1;Database=none") })
        {
            await using var databases = Modules.Databases(place);
            // Nothing is asked of a server: the model is held against the snapshot beside the migrations.
            using (var db = databases.OpenToWrite()) db.Database.HasPendingModelChanges().ShouldBeFalse($"run tools/Migrations: {db.GetType().Name}");
            // The offender: one column that no migration makes. (Without the cache, which would hand out the model that is known.)
            await using var offending = new Databases(place, [.. Modules.Tables, model => model.Entity<Amends.People.Customer>().Property<string?>("Unheard")], options => options.EnableServiceProviderCaching(false));
            using (var db = offending.OpenToWrite()) db.Database.HasPendingModelChanges().ShouldBeTrue(db.GetType().Name);
        }
    }

    [Fact]
    public async Task F18_a_putting_back_that_was_cut_short_is_ended_at_the_next_start()
    {
        var place = await Filled();
        File.Copy(place.SqliteFile, place.SqliteFile + ".back");
        // As a kill left it: half of the damaged file still there, its log too.
        await File.WriteAllBytesAsync(place.SqliteFile, new byte[5000], Stop);
        await File.WriteAllBytesAsync(place.SqliteFile + "-wal", new byte[5000], Stop);
        await using (var today = Modules.Databases(place)) (await Of(today).RunAsync(Stop)).ShouldBeEmpty();
        (await State(place)).ShouldBe((30, 30, false, false, "ok"));
        File.Exists(place.SqliteFile + ".back").ShouldBeFalse();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F18_data_of_a_newer_version_is_refused_and_left_alone(On on)
    {
        await using var house = await TestHouse.Open(on);
        using (var db = house.Databases.OpenToWrite()) await db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Next', '10.0.14')", Stop);
        (await Should.ThrowAsync<Trouble>(house.Get<Upgrade>().RunAsync(Stop))).Message.ShouldContain("newer version");
    }

    [Fact]
    public async Task F18_a_lock_that_a_killed_upgrade_left_behind_does_not_hold()
    {
        var place = await Filled();
        await using (var connection = new SqliteConnection($"Data Source={place.SqliteFile};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE \"__EFMigrationsLock\" (Id INTEGER PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')";
            await command.ExecuteNonQueryAsync(Stop);
        }
        await using var coming = Coming(place);
        (await Of(coming).RunAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task F18_a_program_killed_while_it_makes_its_database_makes_it_whole_at_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("amends-f18k-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "amends.dll");
        for (var kill = 0; kill < 8; kill++)
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", [program, "serve", "--data", folder, "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.Delay(500 + kill * 250, Stop);
            process.Kill();
            await process.WaitForExitAsync(Stop);
        }
        await using var today = Modules.Databases(new DataPlace(folder, null));
        await Of(today).RunAsync(Stop).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        (await State(new DataPlace(folder, null))).ShouldBe((0, 0, false, false, "ok"));
        Directory.Delete(folder, recursive: true);
    }
}
