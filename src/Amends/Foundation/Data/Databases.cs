using System.Collections.Concurrent;
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
    readonly Action<DbContextOptionsBuilder>? more;
    readonly DbContextOptions<SqliteDatabase>? sqlite;
    readonly DbContextOptions<PostgresDatabase>? postgres, postgresToFind;
    readonly NpgsqlDataSource? findSource;

    /// <summary>What modules write along with each write, in its transaction and before its commit; filled once, when modules join.</summary>
    public List<Func<Database, Task>> BeforeCommit { get; } = [];

    /// <param name="more">More options of the contexts: tests bring migrations of their own.</param>
    public Databases(DataPlace place, IReadOnlyList<Action<ModelBuilder>> tables, Action<DbContextOptionsBuilder>? more = null)
    {
        Place = place;
        (this.tables, this.more) = (tables, more);
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
                return options.UseSqlite(SqliteConnectionString, Collections).AddInterceptors(new SqliteTuning());
            });
        }
        else
        {
            var how = new NpgsqlConnectionStringBuilder(place.Postgres)
            {
                ApplicationName = "amends",
                MaxAutoPrepare = 100,
                AutoPrepareMinUsages = 3,
                // We leave nothing behind on a connection that a reset would have to clear, and it costs as much as a query.
                NoResetOnClose = true,
                IncludeErrorDetail = false
            };
            Source = NpgsqlDataSource.Create(how);
            how.MaxAutoPrepare = 0;
            how.MinPoolSize = 0;
            how.MaxPoolSize = Math.Min(how.MaxPoolSize, 20);
            findSource = NpgsqlDataSource.Create(how);
            DbContextOptions<PostgresDatabase> Options(NpgsqlDataSource source)
            {
                var options = Common(new DbContextOptionsBuilder<PostgresDatabase>());
                more?.Invoke(options);
                return options.UseNpgsql(source).Options;
            }
            (postgres, postgresToFind) = (Options(Source), Options(findSource));
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

    // Those that nobody reads with now. On SQLite each keeps its connection open, tuned and known to EF: to do that anew for each statement costs more
    // than most statements. As many as were ever in use at once, at most MostIdle.
    const int MostIdle = 32;
    readonly ConcurrentBag<Database> idle = [], idleToWrite = [];
    volatile bool ended;

    /// <summary>A context for reading. Dispose it, once: another reader has it then.</summary>
    public Database Open()
    {
        if (idle.TryTake(out var known))
        {
            known.Taken();
            return known;
        }
        Database db = sqlite is not null ? new SqliteDatabase(sqlite, tables) : new PostgresDatabase(postgres!, tables);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        try { if (IsSqlite) db.Database.OpenConnection(); }
        catch
        {
            db.Dispose();
            throw;
        }
        db.GivesBack(TakeBack);
        return db;
    }

    /// <summary>
    /// A context for finding by words: where a rare and a common word want different plans. PostgreSQL looks at the word only in statements that are not
    /// prepared; a prepared one reads 100,000 cases backwards to find one. On SQLite the same as <see cref="Open"/>.
    /// </summary>
    public Database OpenToFind()
    {
        if (IsSqlite) return Open();
        var db = new PostgresDatabase(postgresToFind!, tables);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    // False: it is to be disposed of.
    bool TakeBack(Database db)
    {
        if (ended || idle.Count >= MostIdle) return false;
        idle.Add(db);
        return true;
    }

    /// <summary>Closes the connections that nobody uses: before the file is put in the place of another.</summary>
    internal void LetGo()
    {
        while (idle.TryTake(out var db) || idleToWrite.TryTake(out db)) db.End();
        if (IsSqlite) SqliteConnection.ClearPool(new SqliteConnection(SqliteConnectionString));
    }

    /// <summary>A context for the writer, on its own connection where one is given.</summary>
    internal Database OpenToWrite(DbContextOptions<SqliteDatabase>? own = null)
    {
        if (own is null && !IsSqlite && idleToWrite.TryTake(out var known))
        {
            known.Taken();
            return known;
        }
        Database db = own is not null ? new SqliteDatabase(own, tables) : sqlite is not null ? new SqliteDatabase(sqlite, tables) : new PostgresDatabase(postgres!, tables);
        db.MayWrite = true;
        if (!IsSqlite)
        {
            db.GivesBack(one =>
            {
                if (ended || idleToWrite.Count >= MostIdle) return false;
                idleToWrite.Add(one);
                return true;
            });
        }
        return db;
    }

    // The writer's, over its own connection.
    internal DbContextOptions<SqliteDatabase> WriterOptions(SqliteConnection connection) => SqliteOptions(options =>
    {
        more?.Invoke(options);
        return options.UseSqlite(connection, Collections);
    });

    static DbContextOptions<SqliteDatabase> SqliteOptions(Func<DbContextOptionsBuilder, DbContextOptionsBuilder> use) =>
        (DbContextOptions<SqliteDatabase>)use(Common(new DbContextOptionsBuilder<SqliteDatabase>())).Options;

    // One parameter for a whole list, whatever its length: the statement is then made once, where a parameter for each element makes it anew each time.
    internal static void Collections(Microsoft.EntityFrameworkCore.Infrastructure.SqliteDbContextOptionsBuilder sqlite) => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);

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
        ended = true;
        LetGo();
        if (findSource is not null) await findSource.DisposeAsync();
        if (Source is not null) await Source.DisposeAsync();
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
    Func<Database, bool>? back;
    int taken = 1;

    /// <summary>Set on reading contexts: who takes them back.</summary>
    internal void GivesBack(Func<Database, bool> to) => back = to;

    internal void Taken()
    {
        ChangeTracker.QueryTrackingBehavior = MayWrite ? QueryTrackingBehavior.TrackAll : QueryTrackingBehavior.NoTracking;
        Volatile.Write(ref taken, 1);
    }

    internal void End()
    {
        back = null;
        Dispose();
    }

    // As it was new: nothing tracked, no transaction. True when it went back instead of being disposed of.
    bool WentBack()
    {
        if (back is null) return false;
        if (Interlocked.Exchange(ref taken, 0) == 0) return true;
        if (Database.CurrentTransaction is not null || (MayWrite && !MayGoBack)) return false;
        ChangeTracker.Clear();
        Forget();
        (Who, At, Ids) = (Actor.System("reading"), default, null);
        return back(this);
    }

    public override void Dispose()
    {
        if (WentBack()) return;
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    public override ValueTask DisposeAsync()
    {
        if (WentBack()) return ValueTask.CompletedTask;
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    /// <summary>Set on the writer's contexts only.</summary>
    internal bool MayWrite { get; set; }

    /// <summary>Set on a writer's context once its write went through: only then another write may have it.</summary>
    internal bool MayGoBack { get; set; }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        if (!MayWrite) throw new InvalidOperationException("This context reads. Write with Writer.Run.");
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (!MayWrite) throw new InvalidOperationException("This context reads. Write with Writer.Run.");
        // What changed is looked for once: else each step below would ask every row of the write anew.
        ChangeTracker.DetectChanges();
        var looks = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            PrepareRows();
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally { ChangeTracker.AutoDetectChangesEnabled = looks; }
    }
}
