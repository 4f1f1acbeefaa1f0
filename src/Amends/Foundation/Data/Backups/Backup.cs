using System.Reflection;
using System.Security.Cryptography;
using Amends.Foundation.Blobs;
using Npgsql;

namespace Amends.Foundation.Data.Backups;

/// <summary>A backup that was made and tried.</summary>
/// <param name="Bytes">Of the archive.</param>
/// <param name="Checked">What the trial restore compared, in a sentence.</param>
public sealed record BackupMade(string File, long Bytes, long Rows, int Files, string Checked, DateTime At);

/// <summary>
/// Makes one archive of database, blobs and keys, while the house works; it is given its name only after a trial restore brought back equal
/// counts and hashes. Blobs are never changed once written, so those of a snapshot can be copied after it.
/// </summary>
public sealed class Backup(Databases databases, TimeProvider clock)
{
    /// <summary>Makes a backup.</summary>
    /// <param name="file">The archive; must not be there yet.</param>
    /// <param name="tell">Share of the work (0 to 1), and what is being done.</param>
    /// <exception cref="Trouble">It could not be made, or did not restore. Nothing is left behind.</exception>
    public async Task<BackupMade> Make(string file, Action<double, string> tell, CancellationToken stop)
    {
        if (File.Exists(file)) throw new Trouble(Speech.Say(Web.Words.BackupThere, file));
        var place = databases.Place;
        var work = Path.Combine(place.Folder, "backups", ".making-" + Guid.NewGuid().ToString("N")[..8]);
        Archive.MakeFolder(work);
        var part = file + ".part";
        try
        {
            tell(0, "database");
            var at = clock.GetUtcNow().UtcDateTime;
            var snapshot = databases.Source is { } source
                ? await PostgresDump.Take(source, work, share => tell(share * 0.3, "database"), stop) : await SqliteSnapshot.Take(databases, work, stop);
            tell(0.3, "files");
            var (files, missing) = Files(place, work, snapshot);
            var manifest = await Archive.Write(part, files, listed => new Manifest(1, Version, snapshot.Database, snapshot.Schema, at, snapshot.Tables, snapshot.Sequences, listed, missing),
                share => tell(0.3 + share * 0.3, "files"), stop);
            var said = await Try(part, manifest, (share, what) => tell(0.6 + share * 0.4, what), stop);
            if (missing.Count > 0) said += $" {missing.Count} files that the database knows were not there already before: restore them from an older backup.";
            File.Move(part, file);
            tell(1, "done");
            return new BackupMade(file, new FileInfo(file).Length, manifest.Rows, manifest.Files.Count, said, at);
        }
        catch (IOException why) when (why.HResult is 28 or 122) { throw new Trouble(Web.Words.BackupDiskFull, why); }
        finally
        {
            File.Delete(part);
            Directory.Delete(work, recursive: true);
        }
    }

    static string Version { get; } = typeof(Backup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    static (List<(string, string)> Files, List<string> Missing) Files(DataPlace place, string work, Snapshot snapshot)
    {
        var files = new List<(string, string)>();
        var missing = new List<string>();
        foreach (var path in Directory.EnumerateFiles(work, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (!path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal)) files.Add((Path.GetRelativePath(work, path).Replace('\\', '/'), path));
        var keys = Path.Combine(place.Folder, "keys");
        if (Directory.Exists(keys))
            foreach (var path in Directory.EnumerateFiles(keys).Order(StringComparer.Ordinal)) files.Add(("keys/" + Path.GetFileName(path), path));
        foreach (var blob in snapshot.Blobs)
        {
            var path = Path.Combine(place.Folder, "blobs", blob[..2], blob);
            if (File.Exists(path)) files.Add(($"blobs/{blob[..2]}/{blob}", path));
            else missing.Add(blob);
        }
        return (files, missing);
    }

    // The archive as it will be restored: unpacked, compared, opened, its keys tried; on PostgreSQL loaded into a database beside.
    async Task<string> Try(string archive, Manifest made, Action<double, string> tell, CancellationToken stop)
    {
        var scratch = Path.Combine(databases.Place.Folder, "backups", ".trial-" + Guid.NewGuid().ToString("N")[..8]);
        Archive.MakeFolder(scratch);
        try
        {
            var manifest = await Archive.Unpack(archive, scratch, share => tell(share * 0.5, "trial"), stop);
            if (manifest.Rows != made.Rows || manifest.Files.Count != made.Files.Count) throw new Trouble(Web.Words.BackupOtherArchive);
            if (databases.Source is not { } source)
            {
                await SqliteSnapshot.Check(scratch, manifest, stop);
                TryKeys(scratch, await SqliteSnapshot.WrappedKeys(scratch, stop));
                return $"A trial restore brought back {manifest.Rows} rows in {manifest.Tables.Count} tables and {manifest.Files.Count} files, equal in count and hash, and its keys open.";
            }
            TryKeys(scratch, await PostgresDump.WrappedKeys(source, stop));
            if (await PostgresDump.MakeDatabase(source, databases.Place.Postgres!, stop) is not { } trial)
                return $"All {manifest.Files.Count} files came back equal in hash, and the keys open. The tables could not be tried in a database beside, because the PostgreSQL user may not make one: ALTER ROLE … CREATEDB allows it.";
            try
            {
                tell(0.5, "trial");
                await Restore.IntoEmpty(new DataPlace(scratch, trial), databases.Tables, clock, scratch, manifest, share => tell(0.5 + share * 0.3, "trial"), stop);
                await using var loaded = NpgsqlDataSource.Create(trial);
                await PostgresDump.Compare(loaded, manifest, stop);
            }
            finally { await PostgresDump.DropDatabase(source, trial); }
            return $"A trial restore into a database beside brought back {manifest.Rows} rows in {manifest.Tables.Count} tables and {manifest.Files.Count} files, equal in count and hash, and its keys open.";
        }
        finally { Directory.Delete(scratch, recursive: true); }
    }

    // A missing or wrong key ring is found when the backup is made, not when it is needed.
    internal static void TryKeys(string folder, List<byte[]> wrapped)
    {
        if (wrapped.Count == 0) return;
        if (!File.Exists(Path.Combine(folder, "keys", "house.key"))) throw new Trouble(Web.Words.HouseKeyMissing);
        var key = new HouseKey(new DataPlace(folder, null));
        try { foreach (var one in wrapped) key.Open("blob", one); }
        catch (CryptographicException why) { throw new Trouble(Web.Words.HouseKeyOther, why); }
    }
}
