using System.Globalization;
using Amends.Foundation.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Amends.Bench;

/// <summary>Writes rows as fast as each database takes them, from the model's own description of its columns: prepared inserts on SQLite, binary COPY on PostgreSQL.</summary>
sealed class Bulk : IAsyncDisposable
{
    readonly Database db;
    readonly SqliteConnection? sqlite;
    readonly NpgsqlConnection? postgres;
    readonly Dictionary<Type, Table> tables = [];
    readonly Dictionary<Type, List<object>> waiting = [];
    SqliteTransaction? transaction;
    Task writing = Task.CompletedTask;

    sealed record Column(string Name, string Type, Func<object, object?> Read);
    sealed record Table(string Name, Column[] Columns, SqliteCommand? Insert);

    public Bulk(Databases databases)
    {
        db = databases.Open();
        if (databases.IsSqlite)
        {
            sqlite = new SqliteConnection(databases.SqliteConnectionString);
            sqlite.Open();
            // The data can be made again: no waiting for the disk.
            Run("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=20000");
        }
        else
        {
            postgres = databases.Source!.OpenConnection();
            Run("SET synchronous_commit = off");
        }
    }

    /// <summary>Runs a statement.</summary>
    public void Run(string sql)
    {
        using var command = sqlite is not null ? (System.Data.Common.DbCommand)sqlite.CreateCommand() : postgres!.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        if (command is SqliteCommand one) one.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>Adds a row. Tables are written in the order in which their first row came.</summary>
    public void Add(object row)
    {
        if (!waiting.TryGetValue(row.GetType(), out var rows)) waiting[row.GetType()] = rows = [];
        rows.Add(row);
    }

    /// <summary>Adds rows.</summary>
    public void AddAll(IEnumerable<object> rows)
    {
        foreach (var row in rows) Add(row);
    }

    /// <summary>Writes what waits, with the search rows, as one transaction: beside the making of the next ones, one after the other. The list is ours from now on.</summary>
    public void Flush(IReadOnlyList<(long Case, string Words)> search)
    {
        var rows = waiting.ToList();
        waiting.Clear();
        Wait();
        writing = Task.Run(() => Write(rows, search));
    }

    /// <summary>Until all is written.</summary>
    public void Wait() => writing.GetAwaiter().GetResult();

    void Write(List<KeyValuePair<Type, List<object>>> waiting, IReadOnlyList<(long Case, string Words)> search)
    {
        if (sqlite is not null)
        {
            transaction = sqlite.BeginTransaction();
            foreach (var (type, rows) in waiting)
            {
                var table = Of(type);
                table.Insert!.Transaction = transaction;
                foreach (var row in rows)
                {
                    for (var i = 0; i < table.Columns.Length; i++) table.Insert.Parameters[i].Value = table.Columns[i].Read(row) ?? DBNull.Value;
                    table.Insert.ExecuteNonQuery();
                }
            }
            using (var insert = sqlite.CreateCommand())
            {
                insert.Transaction = transaction;
                insert.CommandText = "INSERT INTO \"CaseSearch\" (rowid, words) VALUES ($a, $b)";
                foreach (var name in new[] { "$a", "$b" }) insert.Parameters.Add(new SqliteParameter(name, null));
                foreach (var (id, words) in search)
                {
                    (insert.Parameters[0].Value, insert.Parameters[1].Value) = (id, words);
                    insert.ExecuteNonQuery();
                }
            }
            transaction.Commit();
            transaction.Dispose();
            transaction = null;
        }
        else
        {
            foreach (var (type, rows) in waiting)
            {
                if (rows.Count == 0) continue;
                var table = Of(type);
                using var copy = postgres!.BeginBinaryImport($"COPY \"{table.Name}\" ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))}) FROM STDIN (FORMAT BINARY)");
                foreach (var row in rows)
                {
                    copy.StartRow();
                    foreach (var column in table.Columns)
                        if (column.Read(row) is { } value) copy.Write(value, column.Type);
                        else copy.WriteNull();
                }
                copy.Complete();
            }
            if (search.Count > 0)
            {
                using var insert = new NpgsqlCommand("INSERT INTO \"CaseSearch\" (\"CaseId\", \"Stands\", \"Words\") SELECT id, TRUE, array_to_tsvector(string_to_array(words, ' ')) FROM unnest($1, $2) AS rows(id, words)", postgres)
                {
                    CommandTimeout = 0,
                    Parameters =
                    {
                        new() { Value = search.Select(s => s.Case).ToArray() }, new() { Value = search.Select(s => s.Words).ToArray() }
                    }
                };
                insert.ExecuteNonQuery();
            }
        }
    }

    Table Of(Type type)
    {
        if (tables.TryGetValue(type, out var known)) return known;
        var entity = db.Model.FindEntityType(type) ?? throw new InvalidOperationException($"{type.Name} is no table.");
        var name = entity.GetTableName()!;
        var place = StoreObjectIdentifier.Table(name);
        var columns = entity.GetProperties().Select(property =>
        {
            var mapping = property.GetRelationalTypeMapping();
            var getter = property.GetGetter();
            var converter = mapping.Converter;
            return new Column(property.GetColumnName(place)!, mapping.StoreTypeNameBase, row => getter.GetClrValue(row) is { } value ? converter is null ? value : converter.ConvertToProvider(value) : null);
        }).ToArray();
        SqliteCommand? insert = null;
        if (sqlite is not null)
        {
            insert = sqlite.CreateCommand();
            insert.CommandText = string.Create(CultureInfo.InvariantCulture, $"INSERT INTO \"{name}\" ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})");
            for (var i = 0; i < columns.Length; i++) insert.Parameters.Add(new SqliteParameter($"$p{i}", null));
        }
        return tables[type] = new Table(name, columns, insert);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var table in tables.Values) table.Insert?.Dispose();
        if (sqlite is not null) await sqlite.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
        await db.DisposeAsync();
    }
}
