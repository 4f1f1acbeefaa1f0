using System.Globalization;
using Npgsql;
using Xunit;

namespace Amends.Tests.Cast;

/// <summary>
/// A real PostgreSQL for the tests: the one that <c>./test</c> started (<c>AMENDS_TEST_POSTGRES</c>), else one of our own, started once for the run
/// and thrown away at its end. Where none is installed, the test is skipped and says so.
/// </summary>
static class Postgres
{
    static readonly Lazy<(string? Connection, string Reason)> Server = new(Start);
    static readonly SemaphoreSlim Creating = new(1);
    static int count;

    static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(folder => Version(Path.GetFileName(folder))).Select(folder => Path.Combine(folder, "bin")).LastOrDefault()
        : null;

    /// <summary>The connection string to the server's own database; skips the running test where there is no server.</summary>
    public static string Connection
    {
        get
        {
            var (connection, reason) = Server.Value;
            Assert.SkipUnless(connection is not null, reason);
            return connection!;
        }
    }

    /// <summary>
    /// Makes a new database, as a copy of a template where one is named (some 40 ms), and answers with its connection string.
    /// Nobody may be connected to the template meanwhile: its pooled connections are closed here first.
    /// </summary>
    public static async Task<string> CreateDatabase(string? template = null)
    {
        var server = Connection;
        var name = string.Create(CultureInfo.InvariantCulture, $"t_{Environment.ProcessId}_{Interlocked.Increment(ref count)}");
        await Creating.WaitAsync();
        try
        {
            if (template is not null)
                NpgsqlConnection.ClearPool(new NpgsqlConnection(To(server, template)));
            await Run(server, template is null ? $"CREATE DATABASE \"{name}\"" : $"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        }
        finally
        {
            Creating.Release();
        }
        return To(server, name);
    }

    /// <summary>Drops a database that <see cref="CreateDatabase"/> made, with whoever is still connected to it.</summary>
    public static async Task DropDatabase(string connection)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connection));
        await Run(Connection, $"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(connection).Database}\" WITH (FORCE)");
    }

    static string To(string server, string database) => new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    static async Task Run(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    static (string?, string) Start()
    {
        if (Environment.GetEnvironmentVariable("AMENDS_TEST_POSTGRES") is { Length: > 0 } given)
            return (given, "");
        if (Programs is not { } programs)
            return (null, "PostgreSQL is not installed");
        var own = OwnPostgres.Start(programs, "-c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => own.Dispose();
        return (own.Connection, "");
    }

    /// <summary>A server of the test's own, that may be killed and started again: what was committed outlives that.</summary>
    public static OwnPostgres Own()
    {
        Assert.SkipUnless(Programs is not null, "PostgreSQL is not installed");
        return OwnPostgres.Start(Programs!, "-c fsync=off");
    }

    static int Version(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
