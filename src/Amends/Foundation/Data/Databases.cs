using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Amends.Foundation.Data;

/// <summary>Where the data lies: always a folder (blobs, keys, backups); the database in it as <c>amends.db</c>, or on PostgreSQL.</summary>
/// <param name="Folder">Absolute path of the data folder.</param>
/// <param name="Postgres">A PostgreSQL connection string, or null for SQLite.</param>
public sealed record DataPlace(string Folder, string? Postgres)
{
    /// <summary>The SQLite file.</summary>
    public string SqliteFile => Path.Combine(Folder, "amends.db");

    /// <summary>Makes the folder, readable by its owner only.</summary>
    public void Prepare()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

/// <summary>Opens contexts. Reading contexts refuse to save: the one way to write is <see cref="Writer"/>.</summary>
public sealed partial class Databases : IAsyncDisposable
{
    readonly IReadOnlyList<Action<ModelBuilder>> tables;
    readonly DbContextOptions<SqliteDatabase>? sqlite;
    readonly DbContextOptions<PostgresDatabase>? postgres;

    /// <param name="more">More options of the contexts: tests bring migrations of their own.</param>
    public Databases(DataPlace place, IReadOnlyList<Action<ModelBuilder>> tables, Action<DbContextOptionsBuilder>? more = null)
    {
        Place = place;
        this.tables = tables;
        if (place.Postgres is null)
        {
            SqliteConnectionString = new SqliteConnectionStringBuilder
            {
                DataSource = place.SqliteFile,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = true,
                DefaultTimeout = 30,
                ForeignKeys = true
            }.ToString();
            sqlite = SqliteOptions(options =>
            {
                more?.Invoke(options);
                return options.UseSqlite(SqliteConnectionString).AddInterceptors(new SqliteTuning());
            });
        }
        else
        {
            Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(place.Postgres)
            {
                ApplicationName = "amends",
                MaxAutoPrepare = 100,
                AutoPrepareMinUsages = 3,
                IncludeErrorDetail = false
            });
            postgres = Common(new DbContextOptionsBuilder<PostgresDatabase>()).UseNpgsql(Source).Options;
        }
    }

    /// <summary>Where the data lies.</summary>
    public DataPlace Place { get; }

    /// <summary>What the modules say of their tables.</summary>
    internal IReadOnlyList<Action<ModelBuilder>> Tables => tables;

    /// <summary>True on SQLite.</summary>
    public bool IsSqlite => sqlite is not null;

    /// <summary>Connections to PostgreSQL, where that is the database.</summary>
    internal NpgsqlDataSource? Source { get; }

    internal string SqliteConnectionString { get; } = "";

    /// <summary>A context for reading. Dispose it.</summary>
    public Database Open()
    {
        Database db = sqlite is not null ? new SqliteDatabase(sqlite, tables) : new PostgresDatabase(postgres!, tables);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    /// <summary>A context for the writer, on its own connection where one is given.</summary>
    internal Database OpenToWrite(DbContextOptions<SqliteDatabase>? own = null)
    {
        Database db = own is not null ? new SqliteDatabase(own, tables) : sqlite is not null ? new SqliteDatabase(sqlite, tables) : new PostgresDatabase(postgres!, tables);
        db.MayWrite = true;
        return db;
    }

    internal static DbContextOptions<SqliteDatabase> SqliteOptions(Func<DbContextOptionsBuilder, DbContextOptionsBuilder> use) =>
        (DbContextOptions<SqliteDatabase>)use(Common(new DbContextOptionsBuilder<SqliteDatabase>())).Options;

    static DbContextOptionsBuilder<T> Common<T>(DbContextOptionsBuilder<T> options) where T : DbContext
    {
        options.EnableThreadSafetyChecks(false);
        options.ConfigureWarnings(warnings => warnings
            .Ignore(CoreEventId.FirstWithoutOrderByAndFilterWarning)
            .Ignore(CoreEventId.SaveChangesFailed)
            .Ignore(RelationalEventId.MultipleCollectionIncludeWarning)
            .Ignore(SqliteEventId.CompositeKeyWithValueGeneration));
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        if (Source is not null) await Source.DisposeAsync();
        if (IsSqlite) SqliteConnection.ClearPool(new SqliteConnection(SqliteConnectionString));
    }

    sealed class SqliteTuning : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Tune(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Tune(connection);
            return Task.CompletedTask;
        }
    }

    internal static void Tune(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY;";
        command.ExecuteNonQuery();
    }
}

public abstract partial class Database
{
    /// <summary>Set on the writer's contexts only.</summary>
    internal bool MayWrite { get; set; }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        if (!MayWrite) throw new InvalidOperationException("This context reads. Write with Writer.Run.");
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (!MayWrite) throw new InvalidOperationException("This context reads. Write with Writer.Run.");
        PrepareRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }
}
