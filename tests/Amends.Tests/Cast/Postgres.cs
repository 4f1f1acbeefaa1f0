using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(folder => Version(Path.GetFileName(folder))).Select(folder => Path.Combine(folder, "bin")).LastOrDefault()
            : null;
        if (programs is null)
            return (null, "PostgreSQL is not installed");

        // A short path: a socket's name has some hundred bytes at most.
        var folder = Directory.CreateTempSubdirectory("amends-pg-").FullName;
        var root = Environment.UserName == "root";
        if (root)
            Do("chown", ["postgres:", folder]);
        void AsPostgres(string program, string[] arguments)
        {
            // The server refuses to run as root.
            if (root)
                Do("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", Path.Combine(programs, program), .. arguments]);
            else
                Do(Path.Combine(programs, program), arguments);
        }

        var data = Path.Combine(folder, "data");
        AsPostgres("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        var port = FreePort();
        AsPostgres("pg_ctl", ["-D", data, "-w", "-t", "30", "-s", "-l", Path.Combine(folder, "log"), "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"), "start"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            AsPostgres("pg_ctl", ["-D", data, "-m", "immediate", "-w", "-s", "stop"]);
            Directory.Delete(folder, recursive: true);
        };
        return (string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres"), "");
    }

    static int Version(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void Do(string program, string[] arguments)
    {
        // Output is inherited, not redirected: the server would keep the pipes open and reading them would never end.
        // initdb's chatter goes to the test log; from / because the postgres user cannot read root's folders.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
