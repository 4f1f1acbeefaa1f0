using System.Net;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Amends.Tests.Cast;

/// <summary>Which database a test runs on: the same tests on both.</summary>
public enum On { Sqlite, Postgres }

/// <summary>
/// A whole house for a test class: the real program on a free port, a data folder of its own, a real database, our clock.
/// <c>await using var house = await TestHouse.Open(on);</c>
/// </summary>
public sealed class TestHouse : IAsyncDisposable
{
    static readonly SemaphoreSlim TemplateGate = new(1);
    static string? postgresTemplate, sqliteTemplate;

    readonly string folder;
    string? postgres;
    bool isGuest, stays;

    TestHouse(string folder) => this.folder = folder;

    public WebApplication App { get; private set; } = null!;
    public FakeTime Clock { get; private init; } = new();

    /// <summary>What intake takes the disk to be full to, in percent; looked at each five seconds of our clock.</summary>
    public int DiskUsed { get; set; } = 10;
    public DataPlace Place { get; private set; } = null!;
    public Uri Url { get; private set; } = null!;
    public Writer Write => Get<Writer>();
    public Databases Databases => Get<Databases>();
    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();
    public DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <param name="serve">Also answers http and runs jobs; without, the parts are used directly.</param>
    public static async Task<TestHouse> Open(On on, bool serve = false, Action<IServiceCollection>? also = null)
    {
        var house = new TestHouse(Directory.CreateTempSubdirectory("amends-test-").FullName);
        if (on == On.Postgres) house.postgres = await Postgres.CreateDatabase(await PostgresTemplate());
        else File.Copy(await SqliteTemplate(), Path.Combine(house.folder, "amends.db"));
        await house.Start(serve, also);
        return house;
    }

    /// <summary>A house on a folder and database that the test brings: a full disk, a proxy, a second process on one database. The database is left alone at the end.</summary>
    /// <param name="stays">The folder is left as well, for the next who opens it.</param>
    /// <param name="at">What its clock says, where others have worked there by theirs.</param>
    public static async Task<TestHouse> OpenAt(string folder, string? postgres, bool serve = false, Action<IServiceCollection>? also = null, bool stays = false, DateTimeOffset? at = null)
    {
        var house = new TestHouse(Directory.CreateDirectory(folder).FullName) { Clock = new(at), postgres = postgres, isGuest = true, stays = stays };
        await house.Start(serve, also);
        return house;
    }

    async Task Start(bool serve, Action<IServiceCollection>? also = null)
    {
        Place = new DataPlace(folder, postgres);
        // No name server is asked in tests: whoever wants keys of DKIM brings them.
        App = Serving.Build(new ServeOptions(Place, Port: 0, Quiet: true), Clock, services =>
        {
            services.AddSingleton(new Amends.Foundation.Outbox.AlsoInReach("localhost:*"));
            services.AddSingleton<Amends.Mail.DkimKeySource>((_, _) => Task.FromResult(new Amends.Mail.DkimKey(Amends.Mail.DnsState.Unavailable, [])));
            // However full the machine is that tests run on.
            services.AddSingleton(all => new Amends.Foundation.Blobs.DiskRoom(all.GetRequiredService<Databases>(), Clock) { Measure = _ => DiskUsed });
            also?.Invoke(services);
        });
        await Get<Upgrade>().RunAsync();
        if (!serve) return;
        await App.StartAsync();
        Url = new Uri(App.Urls.First().Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
    }

    /// <summary>Ends the program and starts it again on the same data.</summary>
    public async Task Restart(bool serve)
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await Start(serve);
    }

    static async Task<string> SqliteTemplate()
    {
        await TemplateGate.WaitAsync();
        try
        {
            if (sqliteTemplate is not null) return sqliteTemplate;
            var place = new DataPlace(Directory.CreateTempSubdirectory("amends-template-").FullName, null);
            await using (var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), new FakeTime()))
            {
                await app.Services.GetRequiredService<Upgrade>().RunAsync();
                using var db = app.Services.GetRequiredService<Databases>().OpenToWrite();
                await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            return sqliteTemplate = place.SqliteFile;
        }
        finally { TemplateGate.Release(); }
    }

    static async Task<string> PostgresTemplate()
    {
        await TemplateGate.WaitAsync();
        try
        {
            if (postgresTemplate is not null) return postgresTemplate;
            var connection = await Postgres.CreateDatabase();
            var place = new DataPlace(Directory.CreateTempSubdirectory("amends-template-").FullName, connection);
            await using (var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), new FakeTime())) await app.Services.GetRequiredService<Upgrade>().RunAsync();
            return postgresTemplate = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database!;
        }
        finally { TemplateGate.Release(); }
    }

    /// <summary>A client with its own cookies that follows no redirects.</summary>
    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = Url };

    /// <summary>A client whose cookie is a session of this colleague.</summary>
    public async Task<HttpClient> ClientOf(long colleague)
    {
        var token = Sessions.Token();
        await Write.Run(Actor.System("test"), null, db => { Sessions.Begin(db, token, colleague, "test"); return Task.CompletedTask; });
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() };
        handler.CookieContainer.Add(Url, new Cookie("amends", token));
        return new HttpClient(handler) { BaseAddress = Url };
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (postgres is not null && !isGuest) await Postgres.DropDatabase(postgres);
        if (!stays) Directory.Delete(folder, recursive: true);
    }
}
