using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amends.Commands;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>Each thing that the doctor looks at, made ill: what is found, and the remedy that is its own. More: HousePagesTests.</summary>
public class DoctorTests
{
    static readonly Actor Me = Actor.System("test");

    // The lines that the command prints: name, state, what was found, remedy.
    static async Task<(int Code, Dictionary<string, (string State, string Found, string? Remedy)> Checks)> Ask(params string[] words)
    {
        var (code, said, failed) = await RealProgram.Run(["doctor", .. words]);
        failed.ShouldBeEmpty();
        said.ShouldNotContain("   at ");
        var checks = new Dictionary<string, (string, string, string?)>();
        var last = "";
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.TrimStart().StartsWith('→')) { checks[last] = checks[last] with { Item3 = line.TrimStart()[2..] }; continue; }
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            last = line[7..colon];
            checks.Add(last, (line[..7].Trim(), line[(colon + 2)..], null));
        }
        return (code, checks);
    }

    [Fact]
    public async Task Doctor_finds_a_port_that_is_taken_a_folder_that_is_open_and_what_was_never_set()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        // Nothing there yet: it looks, and makes nothing.
        var (code, none) = await Ask("--data", data, "--port", "0");
        (code, none["Database"]).ShouldBe((0, ("look", "there is none yet", "Start the server: it makes one.")));
        File.Exists(Path.Combine(data, "amends.db")).ShouldBeFalse();
        Directory.Exists(Path.Combine(data, "keys")).ShouldBeFalse();
        none["House key"].ShouldBe(("look", "there is none yet", "Start the server: it makes one."));

        await using (await TestHouse.OpenAt(data, null, stays: true)) { }
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var (ill, checks) = await Ask("--data", data, "--port", port);
        ill.ShouldBe(1);
        checks["Port"].ShouldBe(("broken", $"{port} is in use by another program", "Stop the other program, or start with --port and another number."));
        checks["Data folder"].ShouldBe(("look", $"{data} can be read by everyone on this machine", $"chmod 700 {data}"));
        checks["Database"].State.ShouldBe("good");
        checks["Mail out"].ShouldBe(("look", "no mail server is set: messages stay on the Outbox page", "Settings › Mail out"));
        checks["Backup"].ShouldBe(("look", "there is none yet", "Settings › Backup, or: amends backup FILE"));
        checks["Public address"].State.ShouldBe("look");
        checks["Public address"].Remedy.ShouldNotBeNull().ShouldContain("--public-url https://");
        // The clock on the wall of the house, and where that hangs.
        checks["Clock"].State.ShouldBe("good");
        checks["Clock"].Found.ShouldMatch(@"^\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d \(Europe/Berlin\)$");
    }

    [Fact]
    public async Task Doctor_finds_a_wrong_clock_an_old_backup_and_neighbours_that_do_not_answer()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        var closed = RealProgram.FreePort();
        await using (var house = await TestHouse.OpenAt(data, null, stays: true))
        {
            house.Clock.Set(RealClock.Now.AddHours(5));
            await house.Write.Run(Me, null, async db =>
            {
                var set = house.Get<House>();
                await set.Set(db, HouseSettings.Zone, "Asia/Tokyo");
                await set.Set(db, HouseSettings.SmtpOn, true);
                await set.Set(db, HouseSettings.SmtpHost, "127.0.0.1");
                await set.Set(db, HouseSettings.SmtpPort, closed);
                await set.Set(db, HouseSettings.Inner, $"127.0.0.1:{closed.ToString(CultureInfo.InvariantCulture)}");
                await set.Set(db, HouseSettings.LastBackup, RealClock.Now.UtcDateTime.AddDays(-5.5).ToString("O", CultureInfo.InvariantCulture));
            });
        }
        var (code, checks) = await Ask("--data", data, "--port", "0");
        code.ShouldBe(1);
        checks["Clock"].State.ShouldBe("broken");
        checks["Clock"].Found.ShouldMatch(@"^something was written at .* \(Asia/Tokyo\), which is later than now: .* \(Asia/Tokyo\)$");
        checks["Clock"].Remedy.ShouldNotBeNull().ShouldContain("time service");
        checks["Mail out"].State.ShouldBe("broken");
        checks["Mail out"].Found.ShouldStartWith($"127.0.0.1:{closed.ToString(CultureInfo.InvariantCulture)} cannot be reached");
        checks["Mail out"].Remedy.ShouldBe("Check host, port and firewall; Settings › Mail out has a test button.");
        checks["Backup"].ShouldBe(("look", "the last good one is 5 days old", "Settings › Backup, or: amends backup FILE"));

        // While it serves, its public address is tried: one that leads elsewhere, one that leads nowhere.
        using var elsewhere = new HttpListener();
        var port = RealProgram.FreePort();
        elsewhere.Prefixes.Add($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}/");
        elsewhere.Start();
        var answers = Task.Run(async () =>
        {
            var asked = await elsewhere.GetContextAsync();
            asked.Response.StatusCode = 404;
            asked.Response.Close();
        });
        var where = RealProgram.FreePort();
        await using (var server = await RealProgram.Serve(where, data, "--public-url", $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}"))
        {
            (code, checks) = await Ask("--data", data);
            checks["Port"].ShouldBe(("good", "in use by this house", null));
            checks["Public address"].State.ShouldBe("broken");
            checks["Public address"].Found.ShouldContain("answers 404 and not as this house does");
            checks["Public address"].Remedy.ShouldNotBeNull().ShouldContain("docs/running has examples for Caddy and nginx");
            await answers;
            elsewhere.Stop();
            (_, checks) = await Ask("--data", data);
            checks["Public address"].Found.ShouldContain("cannot be reached");
            (await server.Terminate()).Code.ShouldBe(0);
        }
    }

    // As the command asks where no server runs, without a process for each.
    static async Task<Check> Database(DataPlace place)
    {
        await using var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), RealClock.It);
        var checks = await app.Services.GetRequiredService<Doctor>().Look(serving: false, thorough: true, default);
        checks[^1].Name.ShouldBe("Database", "what stands in it is not asked");
        return checks[^1];
    }

    static async Task Sql(TestHouse house, string sql)
    {
        using var db = house.Databases.OpenToWrite();
        await db.Database.ExecuteSqlRawAsync(sql);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Doctor_tells_an_older_and_a_newer_database_apart_and_upgrades_neither(On on)
    {
        await using var house = await TestHouse.Open(on);
        await Sql(house, "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Next', '10.0.14')");
        (await Database(house.Place)).ShouldBe(new Check("Database", Finding.Broken, "was written by a newer version (29990101000000_Next)", "Install that version, or restore an older backup."));
        await Sql(house, "DELETE FROM \"__EFMigrationsHistory\"");
        (await Database(house.Place)).ShouldBe(new Check("Database", Finding.Look, "is older than this program", "Start the server: it upgrades the database, after taking a snapshot."));
        using var db = house.Databases.Open();
        (await db.Database.GetAppliedMigrationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Doctor_tells_a_damaged_database_and_one_that_is_away()
    {
        using var scratch = new Scratch();
        var place = new DataPlace(scratch.Under("data"), null);
        await using (var house = await TestHouse.OpenAt(place.Folder, null, stays: true))
        {
            for (var i = 0; i < 40; i++) await Some.Customer(house, $"Customer {i}", $"c{i}@a.example");
            await Sql(house, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        SqliteConnection.ClearAllPools();
        // One page in the middle: it opens, and only who reads all of it sees the flaw.
        var whole = await File.ReadAllBytesAsync(place.SqliteFile);
        var torn = whole.ToArray();
        torn.AsSpan(whole.Length / 2 / 4096 * 4096, 4096).Fill(0xA5);
        await File.WriteAllBytesAsync(place.SqliteFile, torn);
        const string remedy = "Stop the server, keep a copy of the data folder, then restore the last backup: amends restore FILE --force";
        var found = await Database(place);
        (found.Is, found.Remedy).ShouldBe((Finding.Broken, remedy));
        found.Found.ShouldStartWith("is damaged: ");
        // Its very head.
        torn.AsSpan(0, 4096).Fill(0xA5);
        await File.WriteAllBytesAsync(place.SqliteFile, torn);
        SqliteConnection.ClearAllPools();
        found = await Database(place);
        (found.Is, found.Remedy).ShouldBe((Finding.Broken, remedy));
        (await File.ReadAllBytesAsync(place.SqliteFile)).ShouldBe(torn, "looked at, not touched");

        var (code, checks) = await Ask("--data", scratch.Under("b"), "--port", "0", "--database", "Host=127.0.0.1;Port=1;Database=amends;Username=amends");
        code.ShouldBe(1);
        checks["Data folder"].State.ShouldBe("good");
        checks["Database"].State.ShouldBe("broken");
        checks["Database"].Found.ShouldStartWith("PostgreSQL cannot be reached");
        checks["Database"].Remedy.ShouldBe("Start the database server, or mend what --database says; then look again.");
    }

    [Fact]
    public async Task Doctor_tells_a_house_key_that_is_gone_or_torn_and_makes_no_other()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        await using (await TestHouse.OpenAt(data, null, stays: true)) { }
        var key = Path.Combine(data, "keys", "house.key");
        (await Ask("--data", data, "--port", "0")).Checks["House key"].ShouldBe(("good", $"{key} is there; backups hold it", null));
        const string remedy = "Bring keys/house.key back from a backup before the server starts: it would make another one, which opens nothing of what is there.";
        File.Delete(key);
        var (code, checks) = await Ask("--data", data, "--port", "0");
        (code, checks["House key"]).ShouldBe((1, ("broken", $"{key} is missing: without it files and secrets cannot be read", remedy)));
        File.Exists(key).ShouldBeFalse();
        // The rest is looked at all the same.
        checks["Database"].State.ShouldBe("good");
        await File.WriteAllBytesAsync(key, new byte[31]);
        (code, checks) = await Ask("--data", data, "--port", "0");
        (code, checks["House key"]).ShouldBe((1, ("broken", $"{key} cannot be read, or is no key of 32 bytes: without it files and secrets cannot be read", remedy)));
        (await File.ReadAllBytesAsync(key)).Length.ShouldBe(31);
        checks["Database"].State.ShouldBe("good");
    }

    static int Sh(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    [Fact]
    public async Task Doctor_tells_a_folder_that_cannot_be_written_and_a_disk_that_is_nearly_full()
    {
        using var scratch = new Scratch();
        await File.WriteAllTextAsync(scratch.Under("file"), "");
        var (code, checks) = await Ask("--data", scratch.Under("file"));
        code.ShouldBe(1);
        checks["Data folder"].ShouldBe(("broken", $"{scratch.Under("file")} is a file, not a folder. Choose another one with --data.", "Give the folder to the user that runs Amends."));

        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs the right to mount a small disk");
        var mount = Directory.CreateDirectory(scratch.Under("disk")).FullName;
        if (Sh("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mount) != 0) Assert.Skip("no small disk can be mounted here");
        try
        {
            var place = new DataPlace(Path.Combine(mount, "data"), null);
            await using (await TestHouse.OpenAt(place.Folder, null, stays: true)) { }
            async Task<Check> Disk()
            {
                await using var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), RealClock.It);
                return (await app.Services.GetRequiredService<Doctor>().Look(serving: false, thorough: false, default)).Single(check => check.Name == "Disk");
            }
            (await Disk()).Is.ShouldBe(Finding.Good);
            const string remedy = "Free some space or move the data folder to a larger disk: at 95 % the house takes no more requests.";
            var room = new DriveInfo(mount).AvailableFreeSpace;
            await File.WriteAllBytesAsync(Path.Combine(mount, "filler"), new byte[room - 32 * 1024 * 1024 / 10]);
            var low = await Disk();
            (low.Is, low.Remedy).ShouldBe((Finding.Look, remedy));
            low.Found.ShouldEndWith("MB free (10 %)");
            await File.WriteAllBytesAsync(Path.Combine(mount, "filler"), new byte[room - 32 * 1024 * 1024 / 50]);
            var full = await Disk();
            (full.Is, full.Remedy).ShouldBe((Finding.Broken, remedy));
            full.Found.ShouldEndWith("KB free (2 %)");
            // Read-only, as a disk turns when it fails.
            Sh("mount", "-o", "remount,ro", mount).ShouldBe(0);
            (code, checks) = await Ask("--data", place.Folder);
            code.ShouldBe(1);
            checks["Data folder"].State.ShouldBe("broken");
            checks["Data folder"].Found.ShouldContain("lies on a disk that cannot be written");
        }
        finally { Sh("umount", "-l", mount); }
    }
}
