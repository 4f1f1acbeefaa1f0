using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Foundation;

public class BackupTests
{
    static readonly Actor Me = Actor.System("test");
    static void Quiet(double share, string what) { }

    sealed record Stood(TestHouse House, string Folder, long Team, long Brand, long Customer) : IAsyncDisposable
    {
        public string Archive(string name = "b.tar.gz") => Path.Combine(Folder, name);
        public async ValueTask DisposeAsync()
        {
            await House.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    static async Task<Stood> Stand(On on)
    {
        var house = await TestHouse.Open(on);
        var (brand, team) = (await Some.Brand(house), await Some.Team(house, "Service"));
        var maria = await Some.Customer(house, "Maria Löpez\t\\N \"x\"\nline", "maria@casaverde.example");
        for (var i = 0; i < 5; i++) await Some.Case(house, maria, team, brand, $"Pump {i} \\ stops\r\n");
        return new Stood(house, Directory.CreateTempSubdirectory("amends-b-").FullName, team, brand, maria);
    }

    static async Task<Blob> Keep(TestHouse house, string text, long? person = null)
    {
        var blob = await house.Get<BlobStore>().Put(Encoding.UTF8.GetBytes(text));
        blob.PersonId = person;
        await house.Write.Run(Me, null, db => { db.Add(blob); return Task.CompletedTask; });
        return blob;
    }

    static async Task<int> Letters(Databases databases)
    {
        using var db = databases.Open();
        return await db.Set<Blob>().CountAsync();
    }

    static async Task<DataPlace> Elsewhere(Stood stood, On on, string name = "back") => new(Path.Combine(stood.Folder, name), on == On.Postgres ? await Postgres.CreateDatabase() : null);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F20_each_backup_made_while_others_write_restores_to_one_consistent_point(On on)
    {
        await using var stood = await Stand(on);
        var house = stood.House;
        var blob = await Keep(house, "A letter");
        using var end = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var made = 0;
            for (; !end.IsCancellationRequested; made++)
            {
                await Some.Case(house, stood.Customer, stood.Team, stood.Brand, $"Under load {made}");
                await Keep(house, $"Letter under load {made}");
            }
            return made;
        });
        var backup = house.Get<Backup>();
        var archives = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            // Files come in meanwhile: each backup begins when some more of them have.
            var letters = await Letters(house.Databases);
            while (await Letters(house.Databases) < letters + 3) await Task.Delay(10);
            var made = await backup.Make(stood.Archive($"b{i}.tar.gz"), Quiet, default);
            made.Checked.ShouldContain("equal in count and hash");
            archives.Add(made.File);
        }
        await end.CancelAsync();
        (await writing).ShouldBeGreaterThan(0);
        Directory.EnumerateFileSystemEntries(Path.Combine(house.Place.Folder, "backups")).ShouldBeEmpty();
        foreach (var archive in archives)
        {
            var place = await Elsewhere(stood, on, Path.GetFileNameWithoutExtension(archive));
            place.Prepare();
            var restored = await Restore.Run(archive, place, Modules.Tables, house.Clock, force: false, Quiet, default);
            restored.Aside.ShouldBeNull();
            await using (var back = new Databases(place, Modules.Tables))
            {
                using var db = back.Open();
                // One point in time: each case has the fact that says it was heard, the newest one too.
                var cases = await db.CasesVisibleTo(Who.House("test")).CountAsync();
                cases.ShouldBeGreaterThanOrEqualTo(5);
                (await db.Set<Fact>().CountAsync(f => f.Kind == "case.heard")).ShouldBe(cases);
                (await db.CasesVisibleTo(Who.House("test")).Select(c => c.Subject).ToListAsync()).ShouldContain("Pump 3 \\ stops\r\n");
                (await db.Set<Amends.People.Customer>().Select(c => c.Name).SingleAsync()).ShouldBe("Maria Löpez\t\\N \"x\"\nline");
                var store = new BlobStore(back, new HouseKey(place), new Ids(house.Clock), house.Clock);
                Encoding.UTF8.GetString(await store.Read(await db.Set<Blob>().SingleAsync(b => b.Id == blob.Id))).ShouldBe("A letter");
                // Each file that a row knows is there and is what it was.
                var all = await db.Set<Blob>().ToListAsync();
                all.Count.ShouldBeGreaterThan(3);
                foreach (var one in all) System.Security.Cryptography.SHA256.HashData(await store.Read(one)).ShouldBe(one.Sha256);
            }
            if (place.Postgres is { } database) await Postgres.DropDatabase(database);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_restored_house_goes_on_numbers_facts_and_search_included(On on)
    {
        await using var stood = await Stand(on);
        await stood.House.Get<Backup>().Make(stood.Archive(), Quiet, default);
        var place = await Elsewhere(stood, on);
        place.Prepare();
        await Restore.Run(stood.Archive(), place, Modules.Tables, stood.House.Clock, false, Quiet, default);
        // A program that starts again does so later: ids are made from the time.
        stood.House.Clock.Advance(TimeSpan.FromSeconds(2));
        await using (var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), stood.House.Clock))
        {
            var write = (Writer)app.Services.GetService(typeof(Writer))!;
            var number = await write.Run(Me, null, async db =>
            {
                var one = await db.CasesVisibleTo(Who.House("test")).AsTracking().FirstAsync();
                one.Rename("Goes on", db.At);
                return await db.NextNumber("case", 1001);
            });
            using var read = ((Databases)app.Services.GetService(typeof(Databases))!).Open();
            number.ShouldBeGreaterThan(await read.CasesVisibleTo(Who.House("test")).MaxAsync(c => c.Number));
            var facts = await read.Set<Fact>().CountAsync();
            // The triggers are back: facts are never changed.
            await Should.ThrowAsync<Exception>(write.Run(Me, null, db => db.Database.ExecuteSqlRawAsync("DELETE FROM \"Fact\"")));
            (await read.Set<Fact>().CountAsync()).ShouldBe(facts);
        }
        if (place.Postgres is { } database) await Postgres.DropDatabase(database);
    }

    [Fact]
    public async Task What_a_cut_upgrade_left_behind_does_not_come_over_what_was_restored()
    {
        await using var stood = await Stand(On.Sqlite);
        var (house, place) = (stood.House, stood.House.Place);
        await house.Get<Backup>().Make(stood.Archive(), Quiet, default);
        await house.App.DisposeAsync();
        // As a kill in the middle of an upgrade leaves it: a snapshot of long ago, and its name beside the database.
        var snapshots = Directory.CreateDirectory(Path.Combine(place.Folder, "backups")).FullName;
        await using (var old = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(snapshots, "long-ago.db")};Pooling=False"))
        {
            await old.OpenAsync();
            await using var make = old.CreateCommand();
            make.CommandText = "CREATE TABLE Old (Id INTEGER)";
            await make.ExecuteNonQueryAsync();
        }
        await File.WriteAllTextAsync(place.SqliteFile + ".upgrading", "long-ago.db");
        var restored = await Restore.Run(stood.Archive(), place, Modules.Tables, house.Clock, force: true, Quiet, default);
        File.Exists(Path.Combine(restored.Aside.ShouldNotBeNull(), "amends.db.upgrading")).ShouldBeTrue("kept aside with the rest");
        await using var back = new Databases(place, Modules.Tables);
        using var db = back.Open();
        (await db.Set<Fact>().CountAsync()).ShouldBeGreaterThan(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_erased_after_the_backup_is_erased_again_and_what_was_there_is_kept_aside(On on)
    {
        await using var stood = await Stand(on);
        var house = stood.House;
        var hers = await Keep(house, "Her letter", stood.Customer);
        var others = await Keep(house, "Another's letter");
        await house.Get<Backup>().Make(stood.Archive(), Quiet, default);
        await house.Write.Run(Me, null, async db =>
        {
            db.Add(new ErasedId { Id = stood.Customer, What = "person", At = db.At });
            (await db.Set<Blob>().AsTracking().SingleAsync(b => b.Id == hers.Id)).Key = [];
        });
        var place = house.Place;
        await house.App.DisposeAsync();
        (await Should.ThrowAsync<Trouble>(Restore.Run(stood.Archive(), place, Modules.Tables, house.Clock, force: false, Quiet, default))).Message.ShouldContain("--force");
        var restored = await Restore.Run(stood.Archive(), place, Modules.Tables, house.Clock, force: true, Quiet, default);
        restored.ErasedAgain.ShouldBe(1);
        restored.Aside.ShouldNotBeNull();
        Directory.EnumerateDirectories(place.Folder, "before-restore-*").Count().ShouldBe(1);
        await using var back = new Databases(place, Modules.Tables);
        using var db = back.Open();
        (await db.Set<Blob>().SingleAsync(b => b.Id == hers.Id)).Key.ShouldBeEmpty();
        (await db.Set<Blob>().SingleAsync(b => b.Id == others.Id)).Key.ShouldNotBeEmpty();
        (await db.Set<FactText>().CountAsync(t => t.PersonId == stood.Customer)).ShouldBe(0);
        File.Exists(Path.Combine(place.Folder, "blobs", hers.Place[..2], hers.Place)).ShouldBeFalse();
    }

    [Fact]
    public async Task F20_a_missing_or_foreign_house_key_is_found_when_the_backup_is_made()
    {
        await using var stood = await Stand(On.Sqlite);
        await Keep(stood.House, "A letter");
        var key = Path.Combine(stood.House.Place.Folder, "keys", "house.key");
        await File.WriteAllBytesAsync(key, new byte[32]);
        (await Should.ThrowAsync<Trouble>(stood.House.Get<Backup>().Make(stood.Archive(), Quiet, default))).Message.ShouldContain("belongs to other data");
        File.Delete(key);
        (await Should.ThrowAsync<Trouble>(stood.House.Get<Backup>().Make(stood.Archive(), Quiet, default))).Message.ShouldContain("is missing");
        Directory.EnumerateFileSystemEntries(stood.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cut_changed_or_foreign_archive_is_refused_and_nothing_is_changed()
    {
        await using var stood = await Stand(On.Sqlite);
        await stood.House.Get<Backup>().Make(stood.Archive(), Quiet, default);
        var whole = await File.ReadAllBytesAsync(stood.Archive());
        async Task Refuses(string name, byte[] bytes)
        {
            await File.WriteAllBytesAsync(stood.Archive(name), bytes);
            var place = new DataPlace(Path.Combine(stood.Folder, "to-" + name), null);
            place.Prepare();
            (await Should.ThrowAsync<Trouble>(Restore.Run(stood.Archive(name), place, Modules.Tables, stood.House.Clock, false, Quiet, default))).Message.ShouldContain("cannot be restored");
            Directory.EnumerateFileSystemEntries(place.Folder).ShouldBeEmpty();
        }
        await Refuses("cut", whole[..(whole.Length / 2)]);
        await Refuses("text", "no archive at all"u8.ToArray());
        await Refuses("empty", []);
        byte[] Tar(params (string Name, TarEntryType Type, string Text)[] entries)
        {
            using var memory = new MemoryStream();
            using (var zip = new GZipStream(memory, CompressionLevel.Fastest))
            using (var tar = new TarWriter(zip))
                foreach (var (name, type, text) in entries)
                {
                    var entry = new PaxTarEntry(type, name);
                    if (type == TarEntryType.SymbolicLink) entry.LinkName = text;
                    else entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
                    tar.WriteEntry(entry);
                }
            return memory.ToArray();
        }
        await Refuses("climbs", Tar(("../evil", TarEntryType.RegularFile, "x")));
        await Refuses("climbs2", Tar(("keys/../../evil", TarEntryType.RegularFile, "x")));
        await Refuses("link", Tar(("keys/house.key", TarEntryType.SymbolicLink, "/etc/passwd")));
        await Refuses("unlisted", Tar(("amends.db", TarEntryType.RegularFile, "x"), ("manifest.json", TarEntryType.RegularFile, """{"format":1,"program":"0","database":"sqlite","schema":"x","at":"2026-01-01T00:00:00Z","tables":{},"sequences":{},"files":{},"missing":[]}""")));
        File.Exists(Path.Combine(stood.Folder, "evil")).ShouldBeFalse();
    }
}
