using Amends.Foundation.Blobs;
using Microsoft.Data.Sqlite;

namespace Amends.Foundation.Data.Backups;

/// <summary>A snapshot of the SQLite file, taken while others write, and its checking.</summary>
static class SqliteSnapshot
{
    public const string File = "amends.db";

    public static async Task<Snapshot> Take(Databases databases, string folder, CancellationToken stop)
    {
        var target = Path.Combine(folder, File);
        await using (var live = new SqliteConnection(databases.SqliteConnectionString))
        {
            await live.OpenAsync(stop);
            await using var copy = live.CreateCommand();
            copy.CommandText = "VACUUM INTO @file";
            copy.CommandTimeout = 0;
            copy.Parameters.AddWithValue("@file", target);
            await copy.ExecuteNonQueryAsync(stop);
        }
        await using var db = await Open(target, stop);
        var blobs = new List<string>();
        await using (var ask = db.CreateCommand())
        {
            ask.CommandText = "SELECT \"Place\" FROM \"Blob\" WHERE \"ErasedAt\" IS NULL ORDER BY \"Place\"";
            await using var rows = await ask.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop)) blobs.Add(rows.GetString(0));
        }
        return new Snapshot("sqlite", await Schema(db, stop), await Count(db, stop), [], blobs);
    }

    /// <summary>Tries an unpacked file: whole, with the rows that the manifest counts.</summary>
    /// <exception cref="Trouble">It is not.</exception>
    public static async Task Check(string folder, Manifest manifest, CancellationToken stop)
    {
        await using var db = await Open(Path.Combine(folder, File), stop);
        await using (var ask = db.CreateCommand())
        {
            ask.CommandText = "PRAGMA integrity_check(1)";
            ask.CommandTimeout = 0;
            if (await ask.ExecuteScalarAsync(stop) is not "ok") throw new Trouble(Web.Words.BackupDamaged);
        }
        var counted = await Count(db, stop);
        foreach (var (table, rows) in manifest.Tables)
            if (!counted.TryGetValue(table, out var found) || found != rows) throw new Trouble(Speech.Say(Web.Words.BackupOtherRows, table, found, rows));
    }

    /// <summary>The wrapped keys of blobs, to try the house key on.</summary>
    public static async Task<List<byte[]>> WrappedKeys(string folder, CancellationToken stop)
    {
        await using var db = await Open(Path.Combine(folder, File), stop);
        await using var ask = db.CreateCommand();
        ask.CommandText = "SELECT \"Key\" FROM \"Blob\" WHERE \"ErasedAt\" IS NULL";
        await using var rows = await ask.ExecuteReaderAsync(stop);
        var keys = new List<byte[]>();
        while (await rows.ReadAsync(stop)) keys.Add(await rows.GetFieldValueAsync<byte[]>(0, stop));
        return keys;
    }

    /// <summary>What was erased, from a file that may be old or damaged: then nothing.</summary>
    public static async Task<List<ErasedId>> Erased(string file, CancellationToken stop)
    {
        var erased = new List<ErasedId>();
        try
        {
            await using var db = await Open(file, stop);
            await using var ask = db.CreateCommand();
            ask.CommandText = "SELECT \"Id\", \"What\", \"At\" FROM \"ErasedId\"";
            await using var rows = await ask.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop))
                erased.Add(new ErasedId { Id = rows.GetInt64(0), What = rows.GetString(1), At = DateTime.UnixEpoch.AddMilliseconds(rows.GetInt64(2)) });
        }
        catch (SqliteException) { }
        return erased;
    }

    static async Task<SqliteConnection> Open(string file, CancellationToken stop)
    {
        var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await db.OpenAsync(stop);
        return db;
    }

    static async Task<string> Schema(SqliteConnection db, CancellationToken stop)
    {
        await using var ask = db.CreateCommand();
        ask.CommandText = "SELECT max(\"MigrationId\") FROM \"__EFMigrationsHistory\"";
        return await ask.ExecuteScalarAsync(stop) as string ?? "";
    }

    static async Task<SortedDictionary<string, long>> Count(SqliteConnection db, CancellationToken stop)
    {
        var names = new List<string>();
        await using (var ask = db.CreateCommand())
        {
            ask.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'";
            await using var rows = await ask.ExecuteReaderAsync(stop);
            while (await rows.ReadAsync(stop)) names.Add(rows.GetString(0));
        }
        var counted = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            await using var ask = db.CreateCommand();
            // A name from the file's own list of tables.
            ask.CommandText = $"SELECT count(*) FROM \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            counted[name] = (long)(await ask.ExecuteScalarAsync(stop))!;
        }
        return counted;
    }
}
