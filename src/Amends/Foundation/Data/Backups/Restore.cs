using Amends.Foundation.Blobs;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amends.Foundation.Data.Backups;

/// <summary>What came back.</summary>
/// <param name="Aside">Where the data that was there before lies now, or null.</param>
public sealed record Restored(long Rows, int Files, DateTime At, int ErasedAgain, string? Aside);

/// <summary>Puts a backup in place. What is there is overwritten only when asked, and kept aside; what was erased since stays erased.</summary>
public static class Restore
{
    /// <summary>Restores. The caller holds the house (<see cref="ServerLock"/>).</summary>
    /// <exception cref="Trouble">The archive is not whole, belongs to the other kind of database, or there is data and no <paramref name="force"/>. Nothing was changed.</exception>
    public static async Task<Restored> Run(string archive, DataPlace place, IReadOnlyList<Action<ModelBuilder>> tables, TimeProvider clock, bool force, Action<double, string> tell, CancellationToken stop)
    {
        if (!File.Exists(archive)) throw new Trouble(Speech.Say(Web.Words.FileMissing, archive));
        await using var old = new Databases(place, tables);
        var full = File.Exists(place.SqliteFile) || Directory.Exists(Path.Combine(place.Folder, "blobs")) || File.Exists(Path.Combine(place.Folder, "keys", "house.key"))
            || (old.Source is { } there && !await PostgresDump.IsEmpty(there, stop));
        if (full && !force) throw new Trouble(Speech.Say(old.IsSqlite ? Web.Words.FolderHasData : Web.Words.DatabaseHasData, place.Folder));
        var work = Path.Combine(place.Folder, ".restoring-" + Guid.NewGuid().ToString("N")[..8]);
        Archive.MakeFolder(work);
        try
        {
            var manifest = await Archive.Unpack(archive, work, share => tell(share * 0.5, "unpack"), stop);
            if (manifest.Database == "sqlite" != old.IsSqlite)
                throw new Trouble(old.IsSqlite ? Web.Words.BackupOfPostgres : Web.Words.BackupOfSqlite);
            if (old.IsSqlite) await SqliteSnapshot.Check(work, manifest, stop);
            var erased = old.Source is { } source ? await PostgresDump.Erased(source, stop) : File.Exists(place.SqliteFile) ? await SqliteSnapshot.Erased(place.SqliteFile, stop) : [];
            var stamp = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture);
            tell(0.6, "database");
            string? aside = null;
            if (old.Source is { } target)
            {
                var name = "before_restore_" + stamp.Replace('-', '_');
                var schema = await PostgresDump.IsEmpty(target, stop) ? null : await PostgresDump.PutAside(target, name, stop);
                try { await IntoEmpty(place, tables, clock, work, manifest, share => tell(0.6 + share * 0.3, "database"), stop); }
                catch when (schema is not null)
                {
                    await PostgresDump.BringBack(target, schema, name, CancellationToken.None);
                    throw;
                }
                if (schema is not null) aside = $"schema {name}";
            }
            else
            {
                old.LetGo();
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            }
            aside = PutAside(place, stamp) is { } folder ? aside is null ? folder : $"{folder}, {aside}" : aside;
            foreach (var part in new[] { "amends.db", "blobs", "keys" })
                if (Path.Exists(Path.Combine(work, part))) Directory.Move(Path.Combine(work, part), Path.Combine(place.Folder, part));
            tell(0.95, "upgrade");
            var again = await Finish(place, tables, clock, erased, stop);
            tell(1, "done");
            return new Restored(manifest.Rows, manifest.Files.Count, manifest.At, again, aside);
        }
        finally { Directory.Delete(work, recursive: true); }
    }

    // Tables of the backup's own shape, then its rows.
    internal static async Task IntoEmpty(DataPlace place, IReadOnlyList<Action<ModelBuilder>> tables, TimeProvider clock, string unpacked, Manifest manifest, Action<double> tell, CancellationToken stop)
    {
        await using var empty = new Databases(place, tables);
        await new Upgrade(empty, new Ids(clock), NullLogger<Upgrade>.Instance).RunAsync(manifest.Schema, stop);
        await PostgresDump.Load(empty.Source!, unpacked, manifest, tell, stop);
    }

    // What an upgrade that was cut short left behind goes too: the next start would put its snapshot in the place of what came back.
    static string? PutAside(DataPlace place, string stamp)
    {
        var parts = new[] { "amends.db", "amends.db-wal", "amends.db-shm", "amends.db.upgrading", "amends.db.back", "amends.db.back.part", "blobs", "keys" }.Where(part => Path.Exists(Path.Combine(place.Folder, part))).ToList();
        if (parts.Count == 0) return null;
        var aside = Path.Combine(place.Folder, "before-restore-" + stamp);
        Archive.MakeFolder(aside);
        foreach (var part in parts) Directory.Move(Path.Combine(place.Folder, part), Path.Combine(aside, part));
        return aside;
    }

    // Upgrades what came back, and erases again what was erased since the backup: its keys, its texts.
    static async Task<int> Finish(DataPlace place, IReadOnlyList<Action<ModelBuilder>> tables, TimeProvider clock, List<ErasedId> erased, CancellationToken stop)
    {
        await using var databases = new Databases(place, tables);
        var ids = new Ids(clock);
        await new Upgrade(databases, ids, NullLogger<Upgrade>.Instance).RunAsync(stop: stop);
        if (erased.Count == 0) return 0;
        var again = 0;
        var files = new List<string>();
        using (var hints = new HintBoard(databases, clock, NullLogger<HintBoard>.Instance))
        await using (var write = new Writer(databases, clock, ids, hints, NullLogger<Writer>.Instance))
            foreach (var some in erased.Chunk(200))
                again += await write.Run(Actor.System("restore"), null, async db =>
                {
                    var count = 0;
                    foreach (var one in some)
                    {
                        if (await db.Set<ErasedId>().AnyAsync(row => row.Id == one.Id, stop)) continue;
                        db.Add(new ErasedId { Id = one.Id, What = one.What, At = one.At });
                        foreach (var blob in await db.Set<Blob>().AsTracking().Where(row => (row.Id == one.Id || row.PersonId == one.Id) && row.ErasedAt == null).ToListAsync(stop))
                        {
                            (blob.Key, blob.ErasedAt) = ([], one.At);
                            files.Add(blob.Place);
                        }
                        await db.Set<FactText>().Where(text => text.PersonId == one.Id).ExecuteDeleteAsync(stop);
                        count++;
                    }
                    return count;
                }, stop);
        foreach (var file in files) File.Delete(Path.Combine(place.Folder, "blobs", file[..2], file));
        return again;
    }
}
