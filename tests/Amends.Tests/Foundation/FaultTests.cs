using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

/// <summary>What the world does to the store.</summary>
public class FaultTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F11_a_commit_whose_answer_is_lost_has_its_effect_once()
    {
        const int calls = 50;
        var connection = await Postgres.CreateDatabase();
        var straight = new NpgsqlConnectionStringBuilder(connection);
        using var proxy = new DroppingProxy(straight.Port);
        var through = new NpgsqlConnectionStringBuilder(connection) { Port = proxy.Port, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;
        await using (var house = await TestHouse.OpenAt(Directory.CreateTempSubdirectory("amends-f11-").FullName, through))
        {
            var id = await house.Write.Run(Me, null, async db => (await Customers.Make(db, "Maria", ["maria@a.example"])).Id);
            for (var i = 0; i < calls; i++)
            {
                var n = i;
                proxy.Armed = true;
                var key = i % 2 == 0 ? new Once($"key{i}") : null;
                var (version, text) = await house.Write.Run(Me, key, async db =>
                {
                    var one = await db.Load<Customer>(id);
                    one.About = one.About + n.ToString(CultureInfo.InvariantCulture) + ";";
                    one.Changed(false);
                    return (one.Version, one.About);
                });
                // The answer that was asked for is the one that was computed, all parts of it.
                text.ShouldEndWith($"{i};");
                version.ShouldBe(i + 1);
            }
            using var db = house.Databases.Open();
            (await db.Set<Customer>().SingleAsync(Stop)).About.ShouldBe(string.Concat(Enumerable.Range(0, calls).Select(i => $"{i};")));
            proxy.Dropped.ShouldBeGreaterThanOrEqualTo(calls * 9 / 10);
        }
        await Postgres.DropDatabase(connection);
    }

    /// <summary>Stands before PostgreSQL; when armed, it passes the next COMMIT on, swallows the answer and cuts the line.</summary>
    sealed class DroppingProxy : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly int to;

        public DroppingProxy(int to)
        {
            this.to = to;
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _ = Accept();
        }

        public int Port { get; }
        public int Dropped;
        public volatile bool Armed;

        async Task Accept()
        {
            try { while (true) _ = Serve(await listener.AcceptTcpClientAsync()); }
            catch (Exception why) when (why is SocketException or ObjectDisposedException) { }
        }

        async Task Serve(TcpClient client)
        {
            using var _ = client;
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, to);
            var (near, far) = (client.GetStream(), server.GetStream());
            var cut = false;
            var back = Task.Run(async () =>
            {
                var buffer = new byte[64 * 1024];
                for (int read; (read = await far.ReadAsync(buffer)) > 0;)
                {
                    // The server has answered: the commit is done. Nobody is told.
                    if (Volatile.Read(ref cut)) { Interlocked.Increment(ref Dropped); client.Close(); server.Close(); return; }
                    await near.WriteAsync(buffer.AsMemory(0, read));
                }
            });
            try
            {
                var buffer = new byte[64 * 1024];
                for (int read; (read = await near.ReadAsync(buffer)) > 0;)
                {
                    if (Armed && buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0)
                    {
                        Armed = false;
                        Volatile.Write(ref cut, true);
                    }
                    await far.WriteAsync(buffer.AsMemory(0, read));
                }
                server.Close();
                await back;
            }
            catch (Exception why) when (why is IOException or ObjectDisposedException or SocketException) { }
        }

        public void Dispose() => listener.Stop();
    }

    [Fact]
    public async Task F04_a_database_that_crashes_under_load_loses_and_doubles_nothing_that_was_acknowledged()
    {
        using var server = Postgres.Own();
        var answered = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        var refused = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        await using var house = await TestHouse.OpenAt(Directory.CreateTempSubdirectory("amends-f04-").FullName, server.Connection);
        using var end = new CancellationTokenSource();
        var next = 0;
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref next);
                try
                {
                    await house.Write.Run(Me, new Once($"n{n}"), async db => (await Customers.Make(db, $"Customer {n}", [$"n{n}@a.example"])).Id);
                    answered[n] = true;
                }
                catch (Exception why) { refused[n] = why.GetType().Name + ": " + why.Message; }
            }
        }, Stop)).ToArray();
        for (var crash = 0; crash < 4; crash++)
        {
            await Task.Delay(1500, Stop);
            await Task.Run(server.Crash, Stop);
        }
        var sinceLast = Stopwatch.StartNew();
        var before = answered.Count;
        while (answered.Count < before + 20 && sinceLast.Elapsed < TimeSpan.FromSeconds(15)) await Task.Delay(50, Stop);
        sinceLast.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15), "writing goes on");
        await end.CancelAsync();
        await Task.WhenAll(writers);
        using var db = house.Databases.Open();
        var stored = (await db.Set<Customer>().Select(c => c.Name).ToListAsync(Stop)).ConvertAll(name => int.Parse(name.Split(' ')[1], CultureInfo.InvariantCulture));
        stored.Count.ShouldBe(stored.Distinct().Count(), "nothing twice");
        answered.Keys.Except(stored).ShouldBeEmpty("nothing that was acknowledged is lost");
        refused.Values.Where(why => !why.StartsWith("StoreAway", StringComparison.Ordinal)).ShouldBeEmpty();
        answered.Count.ShouldBeGreaterThan(20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answered.Count} acknowledged, {refused.Count} refused, {stored.Count} stored, over 4 crashes");
    }

    [Fact]
    public async Task F03_a_full_disk_refuses_in_words_loses_nothing_and_goes_on_by_itself_when_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs the right to mount a small disk");
        var mount = Directory.CreateTempSubdirectory("amends-disk-").FullName;
        if (Sh("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount) != 0) Assert.Skip("no small disk can be mounted here");
        try
        {
            await using var house = await TestHouse.OpenAt(Path.Combine(mount, "data"), null);
            var answered = new List<int>();
            for (var n = 0; n < 20; n++) { await Make(house, n); answered.Add(n); }
            var filler = Path.Combine(mount, "filler");
            await using (var fill = new FileStream(filler, FileMode.Create))
            {
                try { while (true) { await fill.WriteAsync(new byte[4096], Stop); await fill.FlushAsync(Stop); } }
                catch (IOException) { }
            }
            var refused = 0;
            for (var n = 20; n < 400 && refused < 25; n++)
            {
                try { await Make(house, n); answered.Add(n); }
                catch (StoreAway why)
                {
                    why.Message.ShouldContain("disk is full");
                    refused++;
                }
            }
            refused.ShouldBe(25);
            // Many at once, so that whole batches fail.
            var many = await Task.WhenAll(Enumerable.Range(1000, 60).Select(async n => { try { await Make(house, n); return n; } catch (StoreAway) { return -1; } }));
            answered.AddRange(many.Where(n => n >= 0));
            // A file that finds no room is refused in the same words, and nothing of it stays.
            (await Should.ThrowAsync<StoreAway>(() => house.Get<Amends.Foundation.Blobs.BlobStore>().Put(new byte[200_000], Stop))).Message.ShouldContain("disk is full");
            Directory.EnumerateFiles(Path.Combine(mount, "data", "blobs"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
            // Reading goes on all the while.
            using (var look = house.Databases.Open()) (await look.Set<Customer>().CountAsync(Stop)).ShouldBe(answered.Count);
            File.Delete(filler);
            for (var n = 2000; n < 2020; n++) { await Make(house, n); answered.Add(n); }
            using var db = house.Databases.Open();
            var stored = (await db.Set<Customer>().Select(c => c.Name).ToListAsync(Stop)).ConvertAll(name => int.Parse(name.Split(' ')[1], CultureInfo.InvariantCulture));
            stored.Order().ShouldBe(answered.Order());
            (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check").ToListAsync(Stop)).ShouldBe(["ok"]);
        }
        finally { Sh("umount", "-l", mount); }
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_the_house_lives_is_not_ready_says_why_and_comes_back_by_itself()
    {
        using var server = Postgres.Own();
        await using var house = await TestHouse.OpenAt(Directory.CreateTempSubdirectory("amends-away-").FullName, server.Connection, serve: true);
        var anna = await Some.Colleague(house, "Anna Berg", await Some.AdminRole(house));
        using var client = await house.ClientOf(anna);
        async Task Becomes(HttpStatusCode status)
        {
            for (var i = 0; (await client.GetAsync("/health/ready", Stop)).StatusCode != status; i++)
            {
                i.ShouldBeLessThan(1200, status.ToString());
                await Task.Delay(50, Stop);
            }
        }
        await Becomes(HttpStatusCode.OK);
        (await client.See("/settings/tags")).Status.ShouldBe(HttpStatusCode.OK);
        await Task.Run(server.Stop, Stop);
        try
        {
            await Becomes(HttpStatusCode.ServiceUnavailable);
            (await client.See("/health/ready")).Body.ShouldBe("degraded", "strangers are told no more");
            (await client.See("/health/live")).Body.ShouldBe("ok");
            var page = await client.See("/settings/tags");
            page.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            page.Body.ShouldContain("The database cannot be reached");
            page.Body.ShouldNotContain("Npgsql");
            // With its styles, though the one who asks has a session that cannot be read.
            var style = page.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
            (await client.See(style)).Status.ShouldBe(HttpStatusCode.OK);
        }
        finally { await Task.Run(server.StartAgain, CancellationToken.None); }
        await Becomes(HttpStatusCode.OK);
        (await client.See("/settings/tags")).Status.ShouldBe(HttpStatusCode.OK);
    }

    static Task Make(TestHouse house, int n) => house.Write.Run(Me, null, async db =>
    {
        var one = await Customers.Make(db, $"Customer {n}", [$"n{n}@a.example"]);
        one.About = new string('x', 8000);
    });

    static int Sh(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
