using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Blobs;
using Npgsql;

namespace Amends.Foundation.Data.Backups;

/// <summary>A consistent dump of a PostgreSQL database as one file of COPY text for each table, from one transaction; and its loading. Needs no program of PostgreSQL's.</summary>
static class PostgresDump
{
    const string History = "__EFMigrationsHistory";

    sealed record Table(string Name, string Columns, string Order);

    public static async Task<Snapshot> Take(NpgsqlDataSource source, string folder, Action<double> tell, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        await Do(connection, "SET TRANSACTION READ ONLY", stop);
        var tables = await Tables(connection, stop);
        var counted = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Archive.MakeFolder(Path.Combine(folder, "tables"));
        for (var i = 0; i < tables.Count; i++)
        {
            tell((double)i / tables.Count);
            await using var file = File.Create(Path.Combine(folder, "tables", tables[i].Name + ".copy"));
            counted[tables[i].Name] = await Export(connection, tables[i], file, stop);
        }
        var sequences = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in await Rows(connection, "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL", stop))
            sequences[(string)row[0]] = (long)row[1];
        var blobs = (await Rows(connection, "SELECT \"Place\" FROM \"Blob\" WHERE \"ErasedAt\" IS NULL ORDER BY \"Place\"", stop)).ConvertAll(row => (string)row[0]);
        var schema = (string)(await Rows(connection, $"SELECT max(\"MigrationId\") FROM \"{History}\"", stop))[0][0];
        return new Snapshot("postgres", schema, counted, sequences, blobs);
    }

    // Rows are lines: a line end inside of a value is written as \n.
    static async Task<long> Export(NpgsqlConnection connection, Table table, Stream target, CancellationToken stop)
    {
        using var reader = await connection.BeginTextExportAsync($"COPY (SELECT {table.Columns} FROM \"{table.Name}\" ORDER BY {table.Order}) TO STDOUT", stop);
        await using var writer = new StreamWriter(target, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
        var buffer = new char[32 * 1024];
        long lines = 0;
        for (int read; (read = await reader.ReadAsync(buffer.AsMemory(), stop)) > 0;)
        {
            foreach (var c in buffer.AsSpan(0, read)) if (c == '\n') lines++;
            await writer.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        return lines;
    }

    /// <summary>Fills a database whose tables are empty or nearly so (a fresh upgrade) with what was unpacked.</summary>
    public static async Task Load(NpgsqlDataSource target, string folder, Manifest manifest, Action<double> tell, CancellationToken stop)
    {
        await using var connection = await target.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var tables = (await InOrder(connection, stop)).FindAll(table => table.Name != History);
        if (manifest.Tables.Keys.FirstOrDefault(name => name != History && tables.TrueForAll(table => table.Name != name)) is { } unknown)
            throw new Trouble(Speech.Say(Web.Words.BackupOtherTable, unknown, manifest.Program));
        foreach (var table in tables) await Do(connection, $"ALTER TABLE \"{table.Name}\" DISABLE TRIGGER USER", stop);
        foreach (var table in tables.AsEnumerable().Reverse()) await Do(connection, $"DELETE FROM \"{table.Name}\"", stop);
        for (var i = 0; i < tables.Count; i++)
        {
            tell((double)i / tables.Count);
            if (!manifest.Tables.ContainsKey(tables[i].Name)) continue;
            using var source = new StreamReader(Path.Combine(folder, "tables", tables[i].Name + ".copy"), new UTF8Encoding(false), false, 64 * 1024);
            await using var writer = await connection.BeginTextImportAsync($"COPY \"{tables[i].Name}\" ({tables[i].Columns}) FROM STDIN", stop);
            var buffer = new char[32 * 1024];
            for (int read; (read = await source.ReadAsync(buffer.AsMemory(), stop)) > 0;) await writer.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        foreach (var table in tables) await Do(connection, $"ALTER TABLE \"{table.Name}\" ENABLE TRIGGER USER", stop);
        foreach (var (name, value) in manifest.Sequences)
        {
            await using var set = new NpgsqlCommand("SELECT setval(quote_ident($1)::regclass, $2) FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = $1", connection)
            {
                Parameters = { new() { Value = name }, new() { Value = value } }
            };
            await set.ExecuteNonQueryAsync(stop);
        }
        await transaction.CommitAsync(stop);
    }

    /// <summary>Compares a loaded database with the manifest, table by table: the same text, byte for byte.</summary>
    /// <exception cref="Trouble">A table differs.</exception>
    public static async Task Compare(NpgsqlDataSource loaded, Manifest manifest, CancellationToken stop)
    {
        await using var connection = await loaded.OpenConnectionAsync(stop);
        foreach (var table in await Tables(connection, stop))
        {
            if (table.Name == History || !manifest.Tables.TryGetValue(table.Name, out var expected)) continue;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var sink = new CryptoStream(Stream.Null, new HashTransform(hash), CryptoStreamMode.Write);
            var found = await Export(connection, table, sink, stop);
            await sink.FlushFinalBlockAsync(stop);
            if (found != expected || Convert.ToHexStringLower(hash.GetHashAndReset()) != manifest.Files[$"tables/{table.Name}.copy"].Sha256)
                throw new Trouble(Speech.Say(Web.Words.BackupOtherContent, table.Name, found, expected));
        }
    }

    /// <summary>What was erased, where the table is there.</summary>
    public static async Task<List<ErasedId>> Erased(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        if (await IsEmpty(connection, stop)) return [];
        return (await Rows(connection, "SELECT \"Id\", \"What\", \"At\" FROM \"ErasedId\"", stop)).ConvertAll(row => new ErasedId { Id = (long)row[0], What = (string)row[1], At = DateTime.SpecifyKind((DateTime)row[2], DateTimeKind.Utc) });
    }

    /// <summary>True when the database has no tables of ours.</summary>
    public static async Task<bool> IsEmpty(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        return await IsEmpty(connection, stop);
    }

    static async Task<bool> IsEmpty(NpgsqlConnection connection, CancellationToken stop) =>
        (await Rows(connection, "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'ErasedId'", stop)).Count == 0;

    /// <summary>Puts what is there aside under another schema and makes an empty one. Answers the way back.</summary>
    public static async Task<string> PutAside(NpgsqlDataSource source, string name, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        var schema = (string)(await Rows(connection, "SELECT current_schema()", stop))[0][0];
        await Do(connection, $"BEGIN; ALTER SCHEMA \"{schema}\" RENAME TO \"{name}\"; CREATE SCHEMA \"{schema}\"; COMMIT", stop);
        return schema;
    }

    /// <summary>Brings back what was put aside.</summary>
    public static async Task BringBack(NpgsqlDataSource source, string schema, string name, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        await Do(connection, $"BEGIN; DROP SCHEMA \"{schema}\" CASCADE; ALTER SCHEMA \"{name}\" RENAME TO \"{schema}\"; COMMIT", stop);
    }

    /// <summary>Makes a database beside, for a trial; null where this user may not.</summary>
    public static async Task<string?> MakeDatabase(NpgsqlDataSource source, string connectionString, CancellationToken stop)
    {
        var name = "amends_trial_" + Guid.NewGuid().ToString("N")[..12];
        try
        {
            await using var connection = await source.OpenConnectionAsync(stop);
            await Do(connection, $"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'", stop);
        }
        catch (PostgresException why) when (why.SqlState is "42501") { return null; }
        return new NpgsqlConnectionStringBuilder(connectionString) { Database = name, Pooling = false }.ConnectionString;
    }

    /// <summary>Drops a trial's database.</summary>
    public static async Task DropDatabase(NpgsqlDataSource source, string connectionString)
    {
        await using var connection = await source.OpenConnectionAsync();
        await Do(connection, $"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)", CancellationToken.None);
    }

    /// <summary>The wrapped keys of blobs, to try the house key on.</summary>
    public static async Task<List<byte[]>> WrappedKeys(NpgsqlDataSource source, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        return (await Rows(connection, "SELECT \"Key\" FROM \"Blob\" WHERE \"ErasedAt\" IS NULL", stop)).ConvertAll(row => (byte[])row[0]);
    }

    // All tables of the schema, with their columns and primary keys in a fixed order; texts by bytes, so that every server sorts alike.
    static async Task<List<Table>> Tables(NpgsqlConnection connection, CancellationToken stop)
    {
        var tables = new List<Table>();
        var columns = (await Rows(connection, "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, column_name", stop))
            .ToLookup(row => (string)row[0], row => (Name: (string)row[1], Type: (string)row[2]));
        var keys = (await Rows(connection, "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND n.nspname = current_schema() ORDER BY c.relname, array_position(i.indkey::int2[], a.attnum)", stop))
            .ToLookup(row => (string)row[0], row => (string)row[1]);
        foreach (var row in await Rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename", stop))
        {
            var name = (string)row[0];
            string Sorted(string column) => columns[name].First(c => c.Name == column).Type is "text" or "character varying" ? $"\"{column}\" COLLATE \"C\"" : $"\"{column}\"";
            var order = keys[name].Any() ? keys[name].Select(Sorted) : columns[name].Select(c => Sorted(c.Name));
            tables.Add(new Table(name, string.Join(", ", columns[name].Select(c => $"\"{c.Name}\"")), string.Join(", ", order)));
        }
        return tables;
    }

    // Those that are referred to come first.
    static async Task<List<Table>> InOrder(NpgsqlConnection connection, CancellationToken stop)
    {
        var all = await Tables(connection, stop);
        var needs = (await Rows(connection, "SELECT f.relname, t.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = f.relnamespace WHERE k.contype = 'f' AND n.nspname = current_schema() AND f.oid <> t.oid", stop))
            .ToLookup(row => (string)row[0], row => (string)row[1]);
        var placed = new List<Table>();
        while (placed.Count < all.Count)
        {
            var next = all.FindAll(table => !placed.Contains(table) && needs[table.Name].All(name => placed.Exists(p => p.Name == name)));
            if (next.Count == 0) throw new InvalidOperationException("Tables refer to each other in a circle.");
            placed.AddRange(next);
        }
        return placed;
    }

    static async Task Do(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(stop);
    }

    static async Task<List<object[]>> Rows(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(stop))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    sealed class HashTransform(IncrementalHash hash) : ICryptoTransform
    {
        public bool CanReuseTransform => false;
        public bool CanTransformMultipleBlocks => true;
        public int InputBlockSize => 1;
        public int OutputBlockSize => 1;
        public void Dispose() { }

        public int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)
        {
            hash.AppendData(inputBuffer, inputOffset, inputCount);
            return 0;
        }

        public byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)
        {
            hash.AppendData(inputBuffer, inputOffset, inputCount);
            return [];
        }
    }
}
