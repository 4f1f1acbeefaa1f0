using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Data;

/// <summary>Brings the database to the shape that this program needs. On SQLite a snapshot is taken first and put back when the upgrade fails.</summary>
public sealed class Upgrade(Databases databases, Ids ids, ILogger<Upgrade> log)
{
    /// <summary>Migrates what is pending. Answers the names of what was applied.</summary>
    public Task<IReadOnlyList<string>> RunAsync(CancellationToken stop = default) => RunAsync(null, stop);

    /// <summary>Migrates up to one migration (a backup's), or all the way.</summary>
    internal async Task<IReadOnlyList<string>> RunAsync(string? upTo, CancellationToken stop)
    {
        if (databases.IsSqlite) PutBack();
        using var db = databases.OpenToWrite();
        var place = databases.Place;
        var before = databases.IsSqlite && File.Exists(place.SqliteFile);
        if (databases.IsSqlite) await PrepareSqlite(db, before, stop);
        // A name that was mistyped is told, and not made a new house: to migrate would create the database.
        else await db.Database.OpenConnectionAsync(stop);
        var known = db.Database.GetMigrations().ToHashSet();
        if (upTo is not null && !known.Contains(upTo)) throw new Trouble(Speech.Say(Web.Words.BackupNewer, upTo));
        var applied = (await db.Database.GetAppliedMigrationsAsync(stop)).ToList();
        if (applied.Find(name => !known.Contains(name)) is { } newer)
            throw new Trouble(Speech.Say(Web.Words.DataNewer, newer));
        var pending = (await db.Database.GetPendingMigrationsAsync(stop)).ToList();
        if (pending.Count == 0)
        {
            await Extras(db, stop);
            await DrawNode(db, upTo is null, stop);
            return pending;
        }
        var snapshot = before && applied.Count > 0 ? await Snapshot(pending[^1], stop) : null;
        if (snapshot is not null) log.LogInformation("Upgrading the database; a snapshot stands in {Snapshot}", snapshot);
        try
        {
            await db.Database.MigrateAsync(upTo, stop);
            await Extras(db, stop);
            if (databases.IsSqlite) await CheckForeignKeys(db, stop);
            File.Delete(Begun);
        }
        catch (Exception why) when (snapshot is not null && why is not OperationCanceledException)
        {
            await db.DisposeAsync();
            databases.LetGo();
            SqliteConnection.ClearAllPools();
            SetAside(snapshot);
            PutBack();
            throw new Trouble(Speech.Say(Web.Words.UpgradeFailed, why.Message), why);
        }
        await DrawNode(db, upTo is null, stop);
        return pending;
    }

    string Back => databases.Place.SqliteFile + ".back";

    // Names the snapshot while an upgrade is at work.
    string Begun => databases.Place.SqliteFile + ".upgrading";

    // Whole beside first, then by one rename, which a kill in between only delays to the next start.
    void SetAside(string snapshot)
    {
        File.Copy(snapshot, Back + ".part", overwrite: true);
        Keep(Back + ".part", Back);
    }

    static void Keep(string part, string file)
    {
        using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
        File.Move(part, file, overwrite: true);
    }

    // Puts the snapshot in the place of the database: of an upgrade that failed, that was killed at its work, or whose putting back was cut short.
    void PutBack()
    {
        if (!File.Exists(Back) && File.Exists(Begun) && Path.Combine(Snapshots, File.ReadAllText(Begun)) is var snapshot && File.Exists(snapshot))
        {
            log.LogWarning("An upgrade was cut short; the data is put back as it was before, from {Snapshot}", snapshot);
            SetAside(snapshot);
        }
        if (File.Exists(Back))
        {
            foreach (var tail in new[] { "-wal", "-shm" }) File.Delete(databases.Place.SqliteFile + tail);
            File.Move(Back, databases.Place.SqliteFile, overwrite: true);
        }
        File.Delete(Begun);
    }

    // Each process on PostgreSQL makes ids of its own; all of them go on above what is there, also where the clock went back since.
    async Task DrawNode(Database db, bool isWhole, CancellationToken stop)
    {
        if (!db.IsSqlite) ids.Node = (int)await db.Database.SqlQueryRaw<long>("SELECT nextval('seq_node') AS \"Value\"").SingleAsync(stop);
        // (Of a backup's older form some tables are not there yet; that is no house that serves.)
        if (!isWhole) return;
        var tables = db.Model.GetEntityTypes().Where(e => e.FindPrimaryKey() is { Properties: [{ Name: "Id" } id] } && id.ClrType == typeof(long)).Select(e => e.GetTableName()).OfType<string>().Distinct();
        var highest = string.Join(" UNION ALL ", tables.Select(t => $"SELECT max(\"Id\") AS \"Id\" FROM \"{t}\""));
#pragma warning disable EF1002 // Names of tables, from the model.
        ids.Above(await db.Database.SqlQueryRaw<long>($"SELECT coalesce(max(\"Id\"), 0) AS \"Value\" FROM ({highest}) AS t").SingleAsync(stop));
#pragma warning restore EF1002
    }

    async Task PrepareSqlite(Database db, bool exists, CancellationToken stop)
    {
        await db.Database.OpenConnectionAsync(stop);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", stop);
        if (!exists && !OperatingSystem.IsWindows()) File.SetUnixFileMode(databases.Place.SqliteFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Only one process serves this file, so a lock row that a killed upgrade left behind is stale.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", stop);
    }

    string Snapshots => Path.Combine(databases.Place.Folder, "backups");

    async Task<string> Snapshot(string target, CancellationToken stop)
    {
        Directory.CreateDirectory(Snapshots);
        var file = Path.Combine(Snapshots, $"before-{target}.db");
        File.Delete(file + ".part");
        using (var db = databases.Open()) await db.Database.ExecuteSqlRawAsync("VACUUM INTO {0}", [file + ".part"], stop);
        Keep(file + ".part", file);
        await File.WriteAllTextAsync(Begun + ".part", Path.GetFileName(file), stop);
        Keep(Begun + ".part", Begun);
        return file;
    }

    static async Task CheckForeignKeys(Database db, CancellationToken stop)
    {
        await db.Database.OpenConnectionAsync(stop);
        using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA foreign_key_check";
        await using var rows = await command.ExecuteReaderAsync(stop);
        if (await rows.ReadAsync(stop)) throw new InvalidOperationException($"After the upgrade a row of {rows.GetString(0)} points nowhere.");
    }

    // What migrations cannot say: triggers that keep facts unchanged, the search index. Each statement may run again.
    static async Task Extras(Database db, CancellationToken stop)
    {
        string[] statements = db.IsSqlite
            ? [
                """CREATE TRIGGER IF NOT EXISTS fact_stays_u BEFORE UPDATE ON "Fact" BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END""",
                """CREATE TRIGGER IF NOT EXISTS fact_stays_d BEFORE DELETE ON "Fact" BEGIN SELECT RAISE(ABORT, 'facts are never deleted'); END""",
                """CREATE TRIGGER IF NOT EXISTS fact_unsealed AFTER INSERT ON "Fact" BEGIN INSERT INTO "UnsealedFact" ("FactId") VALUES (NEW."Id"); END""",
                """CREATE VIRTUAL TABLE IF NOT EXISTS "CaseSearch" USING fts5(words, content='', contentless_delete=1, detail=column, tokenize="unicode61 remove_diacritics 0")""",
            ]
            : [
                """CREATE OR REPLACE FUNCTION fact_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'facts are never changed or deleted'; END $$ LANGUAGE plpgsql""",
                """CREATE OR REPLACE TRIGGER fact_stays BEFORE UPDATE OR DELETE ON "Fact" FOR EACH ROW EXECUTE FUNCTION fact_stays()""",
                """CREATE OR REPLACE FUNCTION fact_unsealed() RETURNS trigger AS $$ BEGIN INSERT INTO "UnsealedFact" ("FactId") VALUES (NEW."Id"); RETURN NULL; END $$ LANGUAGE plpgsql""",
                """CREATE OR REPLACE TRIGGER fact_unsealed AFTER INSERT ON "Fact" FOR EACH ROW EXECUTE FUNCTION fact_unsealed()""",
                """CREATE TABLE IF NOT EXISTS "CaseSearch" ("CaseId" bigint PRIMARY KEY, "Stands" boolean NOT NULL, "Words" tsvector NOT NULL)""",
                """
                CREATE OR REPLACE FUNCTION case_stands() RETURNS trigger AS $$ BEGIN
                    UPDATE "CaseSearch" SET "Stands" = NEW."MergedInto" IS NULL AND NEW."DeletedAt" IS NULL WHERE "CaseId" = NEW."Id"; RETURN NULL;
                END $$ LANGUAGE plpgsql
                """,
                """
                CREATE OR REPLACE TRIGGER case_stands AFTER UPDATE ON "Case" FOR EACH ROW
                    WHEN ((OLD."MergedInto" IS NULL AND OLD."DeletedAt" IS NULL) <> (NEW."MergedInto" IS NULL AND NEW."DeletedAt" IS NULL)) EXECUTE FUNCTION case_stands()
                """,
                """CREATE INDEX IF NOT EXISTS "IX_CaseSearch" ON "CaseSearch" USING gin ("Words")""",
                """CREATE SEQUENCE IF NOT EXISTS seq_node MAXVALUE 1023 MINVALUE 0 START 0 CYCLE""",
            ];
        foreach (var statement in statements) await db.Database.ExecuteSqlRawAsync(statement, stop);
    }
}
