using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;

namespace Amends.Bench;

/// <summary>What the machine itself can do, so that our figures can be read as shares of it.</summary>
static class FloorBench
{
    public static async Task<int> Run(Asked asked)
    {
        var figures = new Figures("floor", $"{Environment.ProcessorCount} cores", asked.Json);
        await BareAnswers(figures);
        Commits(figures, 1);
        Commits(figures, 100);
        return figures.End();
    }

    static async Task BareAnswers(Figures figures)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapGet("/", () => "ok");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        for (var i = 0; i < 2000; i++) await client.GetStringAsync("/");
        foreach (var clients in new[] { 1, 8 })
        {
            var (clock, done) = (Stopwatch.StartNew(), 0);
            await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
            {
                while (clock.Elapsed < TimeSpan.FromSeconds(4))
                {
                    await client.GetStringAsync("/");
                    Interlocked.Increment(ref done);
                }
            }));
            figures.Say($"bare ASP.NET Core answer, {clients} client{(clients == 1 ? "" : "s")}, client in the same process", done / clock.Elapsed.TotalSeconds, "requests/s");
        }
    }

    static void Commits(Figures figures, int rows)
    {
        var folder = Directory.CreateTempSubdirectory("amends-floor-").FullName;
        try
        {
            using var db = new SqliteConnection($"Data Source={Path.Combine(folder, "floor.db")};Pooling=False");
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)";
            command.ExecuteNonQuery();
            using var insert = db.CreateCommand();
            insert.CommandText = "INSERT INTO t (b) VALUES ($b)";
            insert.Parameters.AddWithValue("$b", new string('x', 200));
            var (clock, done) = (Stopwatch.StartNew(), 0);
            while (clock.Elapsed < TimeSpan.FromSeconds(3))
            {
                using var transaction = db.BeginTransaction();
                insert.Transaction = transaction;
                for (var i = 0; i < rows; i++) insert.ExecuteNonQuery();
                transaction.Commit();
                done += rows;
            }
            figures.Say($"SQLite, durable, {rows} row{(rows == 1 ? "" : "s")} a commit", done / clock.Elapsed.TotalSeconds, "rows/s");
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
