using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Amends.Foundation.Jobs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Amends.Foundation.Data;

/// <summary>Makes a call happen once: the key that a form or an API call carries, and a digest of what it asked for.</summary>
/// <param name="Key">Up to 100 characters, chosen by the caller; unique per actor, kept 24 hours with its answer.</param>
/// <param name="Digest">A digest of the input, or null: the same key with another digest is refused.</param>
public sealed record Once(string Key, string? Digest = null)
{
    /// <summary>A key without a digest.</summary>
    public static implicit operator Once?(string? key) => string.IsNullOrEmpty(key) ? null : new(key.Length > 100 ? key[..100] : key);
}

/// <summary>A key that was used, with the answer that was given.</summary>
public sealed class WriteKey
{
    public ActorKind ActorKind { get; set; }
    public long ActorId { get; set; }
    public required string Key { get; set; }
    public DateTime At { get; set; }
    public string? Digest { get; set; }
    public string? Answer { get; set; }
}

/// <summary>The same key came with another input.</summary>
public sealed class KeyReused() : Exception("This key was used before with other content.");

/// <summary>The store cannot take the write now: the disk is full, the database away. Nothing was changed; try again.</summary>
public sealed class StoreAway(string why, Exception cause) : Exception(why, cause);

/// <summary>
/// The one way to write. The work may run more than once and has no side effects outside of its context; what it returns is
/// answered after the durable commit. In its transaction go the change, its facts and one dispatch row.
/// SQLite: one loop, a savepoint for each write, one durable commit for all that wait. PostgreSQL: repeatable read,
/// tried again on serialisation failure and deadlock; a lost commit answer is asked by the key, not repeated blindly.
/// </summary>
public sealed class Writer : IAsyncDisposable
{
    const int MostInBatch = 200;
    static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(25);
    static readonly AsyncLocal<bool> inside = new();

    // With fields, so that answers of several values (tuples) come back whole.
    static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    readonly Databases databases;
    readonly TimeProvider clock;
    readonly Ids ids;
    readonly HintBoard hints;
    readonly ILogger<Writer> log;
    readonly JobBook? book;
    readonly Channel<Item> queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(20_000) { SingleReader = true });
    readonly Task loop = Task.CompletedTask;
    readonly SemaphoreSlim secondTries = new(1);
    SqliteConnection? connection;
    DbContextOptions<SqliteDatabase>? own;
    // The context of the last write, for the next: to make one costs more than most statements.
    Database? ready;

    /// <param name="book">Who hears what; null where every fact is to be dispatched.</param>
    public Writer(Databases databases, TimeProvider clock, Ids ids, HintBoard hints, ILogger<Writer> log, JobBook? book = null)
    {
        (this.databases, this.clock, this.ids, this.hints, this.log, this.book) = (databases, clock, ids, hints, log, book);
        if (databases.IsSqlite) loop = Task.Run(SqliteLoop);
    }

    /// <summary>Raised after each commit that left work: whether facts are to be dispatched, and the lanes of jobs that are due.</summary>
    internal event Action<bool, IReadOnlySet<Lane>>? Committed;

    /// <summary>Runs a write. See the class.</summary>
    /// <param name="who">Who acts; stands on each fact.</param>
    /// <param name="once">Makes the call happen once, also over a lost answer; null where repeating does no harm.</param>
    /// <param name="work">The change. Re-runnable.</param>
    /// <param name="stop">Stops waiting in the queue; a write that has begun is finished.</param>
    /// <exception cref="StoreAway">The database cannot take the write now.</exception>
    /// <exception cref="KeyReused">The key was used before with another digest.</exception>
    public async Task<T> Run<T>(Actor who, Once? once, Func<Database, Task<T>> work, CancellationToken stop = default)
    {
        if (inside.Value) throw new InvalidOperationException("A write inside of a write. Do both in one.");
        if (!databases.IsSqlite) return await RunOnPostgres(who, once, work, stop);
        var item = new Item<T>(who, once, work);
        try { await queue.Writer.WriteAsync(item, stop); }
        catch (ChannelClosedException ending) { throw new StoreAway(Web.Words.StoreEnding, ending); }
        return await item.Answer.Task;
    }

    /// <summary>Runs a write that answers nothing.</summary>
    public Task Run(Actor who, Once? once, Func<Database, Task> work, CancellationToken stop = default) =>
        Run(who, once, async db => { await work(db); return true; }, stop);

    DateTime Now()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    // The work of one write inside an open transaction, all but the commit.
    async Task<T> Perform<T>(Database db, Actor who, Once? once, Func<Database, Task<T>> work)
    {
        (db.Who, db.At, db.Ids) = (who, Now(), ids);
        db.Database.AutoSavepointsEnabled = false;
        inside.Value = true;
        try
        {
            if (once is not null)
            {
                var used = await db.Set<WriteKey>().AsNoTracking()
                    .FirstOrDefaultAsync(k => k.ActorKind == who.Kind && k.ActorId == who.Id && k.Key == once.Key);
                if (used is not null) return Answer<T>(used, once);
            }
            var answer = await work(db);
            await db.SaveChangesAsync();
            // What follows asks much of the rows at hand and changes few of them: each save looks for what changed by itself.
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            await db.KeepWhatBelongs();
            foreach (var keep in databases.BeforeCommit) await keep(db);
            if (db.ChangedWithoutFact) throw new InvalidOperationException("A noun was changed and no fact recorded.");
            if (once is not null)
                db.Add(new WriteKey { ActorKind = who.Kind, ActorId = who.Id, Key = once.Key, At = db.At, Digest = once.Digest, Answer = JsonSerializer.Serialize(answer, Json) });
            db.AddDispatch(book);
            await db.SaveChangesAsync();
            return answer;
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = true;
            inside.Value = false;
        }
    }

    static T Answer<T>(WriteKey used, Once once) => used.Digest != once.Digest ? throw new KeyReused() : JsonSerializer.Deserialize<T>(used.Answer!, Json)!;

    // ---- SQLite ----

    abstract class Item
    {
        public abstract Task Perform(Writer writer, Database db);
        public abstract void Succeed();
        public abstract void Fail(Exception why);
        public IReadOnlyCollection<Hint> Hints = [];
        public IReadOnlyList<Lane> Lanes = [];
        public bool HasDispatch;

        public void Keep(Database db) => (Hints, Lanes, HasDispatch) = ([.. db.Hints], [.. db.Lanes], db.HasDispatch);
    }

    sealed class Item<T>(Actor who, Once? once, Func<Database, Task<T>> work) : Item
    {
        public readonly TaskCompletionSource<T> Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The loop speaks for whom it works: what is refused is read by him.
        readonly CultureInfo culture = CultureInfo.CurrentCulture, words = CultureInfo.CurrentUICulture;
        T? answer;

        public override async Task Perform(Writer writer, Database db)
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
            answer = await writer.Perform(db, who, once, work);
        }

        public override void Succeed() => Answer.TrySetResult(answer!);
        public override void Fail(Exception why) => Answer.TrySetException(why);
    }

    async Task SqliteLoop()
    {
        var done = new List<Item>();
        while (await queue.Reader.WaitToReadAsync())
        {
            done.Clear();
            try
            {
                var began = Stopwatch.StartNew();
                using var transaction = Begin();
                while (done.Count < MostInBatch && began.Elapsed < LongestBatch && queue.Reader.TryRead(out var item)) await InSavepoint(transaction, item, done);
                transaction.Commit();
                Finish(done);
            }
            catch (Exception whole) when (done.Count > 0)
            {
                // The batch as a whole failed (a full disk, say): each write gets its own try and its own answer.
                Reset();
                foreach (var item in done.ToArray()) await Alone(item, whole);
            }
            catch (Exception opening)
            {
                Reset();
                if (queue.Reader.TryRead(out var item)) item.Fail(Away(opening));
            }
        }
    }

    async Task InSavepoint(SqliteTransaction transaction, Item item, List<Item> done)
    {
        try
        {
            transaction.Save("w");
            using var db = OpenToWrite();
            db.Database.UseTransaction(transaction);
            await item.Perform(this, db);
            item.Keep(db);
            transaction.Release("w");
            db.Database.UseTransaction(null);
            db.MayGoBack = true;
            done.Add(item);
        }
        catch (Exception why)
        {
            if (StoreIsAway(why) || !StillOpen())
            {
                done.Add(item);
                throw;
            }
            try
            {
                transaction.Rollback("w");
                transaction.Release("w");
            }
            catch (SqliteException)
            {
                // Nothing that this batch did can be trusted: each gets its own try, this one its own answer.
                done.Add(item);
                throw;
            }
            item.Fail(why);
        }
    }

    async Task Alone(Item item, Exception whole)
    {
        try
        {
            using var transaction = Begin();
            using (var db = OpenToWrite())
            {
                db.Database.UseTransaction(transaction);
                await item.Perform(this, db);
                item.Keep(db);
            }
            transaction.Commit();
            Finish([item]);
        }
        catch (Exception why)
        {
            Reset();
            log.LogWarning(whole, "A batch of writes failed and was tried one by one");
            item.Fail(StoreIsAway(why) ? Away(why) : why);
        }
    }

    SqliteTransaction Begin()
    {
        if (connection is null)
        {
            var opened = new SqliteConnection(databases.SqliteConnectionString);
            opened.Open();
            Databases.Tune(opened);
            own = databases.WriterOptions(opened);
            connection = opened;
        }
        return connection.BeginTransaction(deferred: false);
    }

    Database OpenToWrite()
    {
        if (ready is { } one)
        {
            ready = null;
            one.Taken();
            return one;
        }
        var db = databases.OpenToWrite(own);
        db.GivesBack(back =>
        {
            if (ready is not null) return false;
            ready = back;
            return true;
        });
        return db;
    }

    bool StillOpen()
    {
        // SQLite ends a transaction by itself on some errors; a savepoint that is gone says so.
        try
        {
            using var probe = connection!.CreateCommand();
            probe.CommandText = "SAVEPOINT probe; RELEASE probe";
            probe.ExecuteNonQuery();
            return SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;
        }
        catch (SqliteException) { return false; }
    }

    void Reset()
    {
        // A broken connection may complain even here; the loop must live on.
        try
        {
            ready?.End();
            connection?.Dispose();
        }
        catch (SqliteException) { }
        ready = null;
        (connection, own) = (null, null);
    }

    // After the commit: nothing that goes wrong here may look like a failed write, or it would be done a second time.
    void Finish(List<Item> done)
    {
        try
        {
            var dispatch = false;
            var lanes = new HashSet<Lane>();
            foreach (var item in done)
            {
                if (item.Hints.Count > 0) hints.Publish(item.Hints);
                dispatch |= item.HasDispatch;
                lanes.UnionWith(item.Lanes);
            }
            if (dispatch || lanes.Count > 0) Committed?.Invoke(dispatch, lanes);
        }
        catch (Exception why) { log.LogError(why, "After a commit"); }
        foreach (var item in done) item.Succeed();
    }

    static bool StoreIsAway(Exception why) => Deepest(why) is SqliteException { SqliteErrorCode: 13 or 10 or 11 or 14 or 26 or 8 or 5 };

    static Exception Deepest(Exception why) => StoreTrouble.Deepest(why);

    static StoreAway Away(Exception why) => why as StoreAway ?? new StoreAway(StoreTrouble.Of(why) ?? Web.Words.StoreAway, why);

    // ---- PostgreSQL ----

    async Task<T> RunOnPostgres<T>(Actor who, Once? once, Func<Database, Task<T>> work, CancellationToken stop)
    {
        // Each write has a key here, so that a lost commit answer can be asked.
        once ??= new Once("own:" + Guid.NewGuid().ToString("N"));
        for (var attempt = 1; ; attempt++)
        {
            stop.ThrowIfCancellationRequested();
            bool committing = false, lost = false;
            // Who lost a race once queues up with the others of this process: races end.
            var alone = attempt > 1;
            if (alone) await secondTries.WaitAsync(stop);
            try
            {
                using var db = databases.OpenToWrite();
                await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
                var answer = await Perform(db, who, once, work);
                if (db.Hints.Count > 0) await hints.Announce(db);
                committing = true;
                await transaction.CommitAsync(CancellationToken.None);
                AfterCommit(db);
                db.MayGoBack = true;
                return answer;
            }
            catch (Exception why) when ((attempt < 25 && TryAgain(why)) || (attempt < 4 && TwinMade(why)))
            {
                log.LogDebug(why, "A write is tried again");
            }
            catch (Exception why) when (ConnectionLost(why))
            {
                if (committing && await Committed_(who, once) is { } used) return Answer<T>(used, once);
                if (attempt >= 8) throw Away(why);
                lost = true;
            }
            // A full disk does not go away by asking again at once.
            catch (Exception why) when (StoreTrouble.Of(why) is not null)
            {
                throw Away(why);
            }
            finally
            {
                if (alone) secondTries.Release();
            }
            await Task.Delay(TimeSpan.FromMilliseconds((lost ? Math.Min(2000, 20 << Math.Min(attempt, 7)) : Math.Min(50, attempt)) * (0.5 + System.Random.Shared.NextDouble())), stop);
        }
    }

    void AfterCommit(Database db)
    {
        try
        {
            hints.Tell([.. db.Hints]);
            if (db.HasDispatch || db.Lanes.Count > 0) Committed?.Invoke(db.HasDispatch, db.Lanes.ToHashSet());
        }
        catch (Exception why) { log.LogError(why, "After a commit"); }
    }

    async Task<WriteKey?> Committed_(Actor who, Once once)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var db = databases.Open();
                return await db.Set<WriteKey>().FirstOrDefaultAsync(k => k.ActorKind == who.Kind && k.ActorId == who.Id && k.Key == once.Key);
            }
            catch (Exception why) when (ConnectionLost(why))
            {
                if (attempt >= 40) throw Away(why);
                await Task.Delay(TimeSpan.FromMilliseconds(250));
            }
        }
    }

    static bool TryAgain(Exception why) => Deepest(why) is PostgresException { SqlState: "40001" or "40P01" }
        || why is DbUpdateConcurrencyException
        || Deepest(why) is PostgresException { SqlState: "23505", TableName: "WriteKey" or "Sequence" };

    // Somebody made the same row since our snapshot: the next try sees it, and finds it or says so in words.
    static bool TwinMade(Exception why) => Deepest(why) is PostgresException { SqlState: "23505" };

    static bool ConnectionLost(Exception why) => Deepest(why) is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "08006" or "08003" or "53300" }
        || Deepest(why) is NpgsqlException and not PostgresException || why is IOException
        || Deepest(why) is TimeoutException;

    /// <summary>Waits for the writes that have begun; takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        Reset();
    }
}
