using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Jobs;

/// <summary>Fans dispatch rows out into jobs, and runs jobs: a loop for each lane, under leases.</summary>
public sealed class Runner(Databases databases, Writer write, JobBook book, TimeProvider clock, IServiceProvider services, ILogger<Runner> log) : BackgroundService
{
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    static readonly TimeSpan LeaseBeat = Lease / 4;
    static readonly Actor Me = Actor.System("jobs");
    readonly SemaphoreSlim dispatchBell = new(1);
    readonly ConcurrentDictionary<Lane, SemaphoreSlim> laneBells = new(Enum.GetValues<Lane>().Select(lane => KeyValuePair.Create(lane, new SemaphoreSlim(1))));

    // How long what runs is waited for before work that died is tried, and how long the lanes then wait for that: what kills the program does so at once.
    static readonly TimeSpan WaitForOthers = TimeSpan.FromSeconds(5);
    static readonly TimeSpan OthersWait = TimeSpan.FromSeconds(3);
    readonly Room room = new();

    // Lanes in which work that died is still tried, after the others went on.
    readonly HashSet<Lane> trying = [];
    bool alone;

    // What this process does now: it did not die, though its lease may have run out while the database was away.
    readonly ConcurrentDictionary<long, Job> doing = [];

    // Jobs of a share, at most: so many are done in one write, which others wait for.
    const int AtOnce = 16;

    // While such work comes in one after the other, it is waited so long for more of it: twenty in one write cost what five cost alone.
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    // Mail goes to servers of others, and one of them that hangs must not hold up what goes elsewhere: what lasts so long no longer counts, up to so many.
    static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);
    const int MostSlow = 60;

    /// <summary>How many jobs of a lane run at once.</summary>
    static int Width(Lane lane) => lane switch { Lane.Now => 4, Lane.Mail => 4, _ => 1 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        write.Committed += LeftWork;
        await FreeWhatDied(stoppingToken);
        await Task.WhenAll([Dispatching(stoppingToken), TryingWhatDied(stoppingToken), .. Enum.GetValues<Lane>().Select(lane => Working(lane, stoppingToken))]);
    }

    // One process serves a SQLite file: a lease from before it started is nobody's. Work that a kill cut short goes on at once.
    async Task FreeWhatDied(CancellationToken stop)
    {
        if (!databases.IsSqlite) return;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await write.Run(Me, null, async db =>
                {
                    var over = db.At.AddTicks(-TimeSpan.TicksPerSecond);
                    await db.Set<Job>().Where(j => j.LeasedUntil > over).ExecuteUpdateAsync(set => set.SetProperty(j => j.LeasedUntil, over), stop);
                    await db.Set<TimetableLease>().Where(l => l.LeasedUntil > db.At).ExecuteUpdateAsync(set => set.SetProperty(l => l.LeasedUntil, db.At), stop);
                }, stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception why) { await Pause("Jobs", why, stop); }
        }
    }

    void LeftWork(bool dispatch, IReadOnlySet<Lane> lanes)
    {
        if (dispatch) Ring(dispatchBell);
        foreach (var lane in lanes) Wake(lane);
    }

    static void Ring(SemaphoreSlim bell)
    {
        try { if (bell.CurrentCount == 0) bell.Release(); }
        catch (SemaphoreFullException) { }
    }

    /// <summary>Wakes a lane: a job was added, or made due, by hand.</summary>
    public void Wake(Lane lane) => Ring(laneBells[lane]);

    async Task Dispatching(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var lanes = await DispatchSome(stop);
                foreach (var lane in lanes.Lanes) Wake(lane);
                if (lanes.Rows == 0) await dispatchBell.WaitAsync(TimeSpan.FromSeconds(5), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception why) { await Pause("Dispatch", why, stop); }
        }
    }

    sealed record Dispatched(int Rows, Lane[] Lanes);

    Task<Dispatched> DispatchSome(CancellationToken stop) => write.Run(Me, null, async db =>
    {
        var rows = db.IsSqlite
            ? await db.Set<Dispatch>().AsTracking().OrderBy(d => d.Id).Take(200).ToListAsync(stop)
            : await db.Set<Dispatch>().FromSqlRaw("SELECT * FROM \"Dispatch\" ORDER BY \"Id\" LIMIT 200 FOR UPDATE SKIP LOCKED").AsTracking().ToListAsync(stop);
        if (rows.Count == 0) return new Dispatched(0, []);
        var ids = rows.SelectMany(row => row.FactIds.Split(',')).Select(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var facts = await db.Set<Fact>().AsNoTracking().Where(f => ids.Contains(f.Id)).ToListAsync(stop);
        var lanes = new HashSet<Lane>();
        foreach (var fact in facts)
            foreach (var ear in book.EarsFor(fact.Kind, fact.ActorKind, fact.ActorId, fact.Read))
            {
                db.Add(new Job { Lane = ear.Lane, Kind = ear.Name, DedupeKey = $"{ear.Name}:{fact.Id}", Body = fact.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), MadeAt = db.At, RunAt = db.At });
                lanes.Add(ear.Lane);
            }
        db.RemoveRange(rows);
        return new Dispatched(rows.Count, [.. lanes]);
    }, stop);

    async Task Working(Lane lane, CancellationToken stop)
    {
        var running = new List<(Task Task, long Since)>();
        // One waiter at a time: one that was left behind would swallow the next ring.
        var bell = Task.FromResult(true);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(one => one.Task.IsCompleted);
                var slow = lane == Lane.Mail ? Math.Min(MostSlow, running.Count(one => Stopwatch.GetElapsedTime(one.Since) > SlowAfter)) : 0;
                var free = Width(lane) - (running.Count - slow);
                var (some, gathers) = free > 0 ? await BeginSome(lane, free, running, stop) : (false, false);
                if (some && gathers && running.Count < Width(lane)) await Task.Delay(Gathering, stop);
                else if (!some)
                {
                    if (bell.IsCompleted) bell = laneBells[lane].WaitAsync(TimeSpan.FromSeconds(2), stop);
                    Task[] waited = [.. running.Select(one => one.Task)];
                    // Where all hands are full the bell says nothing new; what becomes slow does.
                    if (free > 0) await Task.WhenAny([.. waited, bell]);
                    else if (lane == Lane.Mail) await Task.WhenAny([.. waited, Task.Delay(SlowAfter / 2, stop)]);
                    else await Task.WhenAny(waited);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { break; }
            catch (Exception why) { await Pause($"Lane {lane}", why, stop); }
        }
        await Task.WhenAll(running.Select(one => one.Task));
    }

    // Leases work of a lane and begins it, in shares; and says whether some was due, and whether it is of a kind that is better done many at once.
    async Task<(bool Some, bool Gathers)> BeginSome(Lane lane, int free, List<(Task, long)> running, CancellationToken stop)
    {
        await room.Enter(lane, stop);
        try
        {
            var jobs = await LeaseSome(lane, lane switch { Lane.Bulk => AtOnce, Lane.Mail => free, _ => free * 8 }, stop);
            // A runner takes its share and does it one after the other: fewer, larger leases. What can be done at once stays together. Of mail that goes out each is a share of its own, so that none waits behind one that hangs.
            var kinds = jobs.GroupBy(job => book.KindOf(job.Kind) is { DoesMany: true } ? job.Kind : "").ToList();
            foreach (var kind in kinds)
                foreach (var share in kind.Chunk(kind.Key.Length > 0 ? AtOnce : Math.Max(1, (kind.Count() + free - 1) / free))) running.Add((Begin(share, stop), Stopwatch.GetTimestamp()));
            return (jobs.Count > 0, kinds.Exists(kind => kind.Key.Length > 0 && kind.Count() < AtOnce));
        }
        finally { room.Leave(); }
    }

    async Task Begin(Job[] share, CancellationToken stop)
    {
        room.Stay();
        try { await RunShare(share, stop); }
        finally { room.Leave(); }
    }

    // What was leased when a process died is tried alone, over all lanes: the one that kills the process takes neither the blameless beside it
    // along nor another that is suspected. The short lanes first, so that none waits for a long import.
    async Task TryingWhatDied(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Between two of them the lanes come in.
                await Task.Delay(await TryWhatDied(stop) ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(5), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception why) { await Pause("What died", why, stop); }
        }
    }

    async Task<bool> TryWhatDied(CancellationToken stop)
    {
        Job? died;
        using (var look = databases.Open())
        {
            var (now, ours) = (clock.GetUtcNow().UtcDateTime, doing.Keys.ToList());
            List<Lane> busy;
            lock (trying) busy = [.. trying];
            died = await look.Set<Job>().Where(j => j.State == JobState.Waiting && j.RunAt <= now && j.LeasedUntil < now && !ours.Contains(j.Id) && !busy.Contains(j.Lane)).OrderBy(j => j.Lane).ThenBy(j => j.RunAt).FirstOrDefaultAsync(stop);
            if (died is null) return false;
        }
        try
        {
            lock (trying) alone = true;
            await room.Empty(WaitForOthers, stop);
            if (await LeaseWhatDied(died.Id, stop) is not { } job) return false;
            lock (trying) trying.Add(job.Lane);
            var trial = Try(job, stop);
            // What has lived so long kills nobody at once: all go on beside it, but for its own lane.
            await Task.WhenAny(trial, Task.Delay(OthersWait, stop));
            return true;
        }
        finally
        {
            lock (trying)
            {
                alone = false;
                room.Open(trying);
            }
        }
    }

    async Task Try(Job job, CancellationToken stop)
    {
        try { await RunShare([job], stop); }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (Exception why) { log.LogError(why, "Trying what died, {Kind}, ended", job.Kind); }
        finally
        {
            lock (trying)
            {
                trying.Remove(job.Lane);
                // While another is tried the room stays closed; it is opened after that.
                if (!alone) room.Open(trying);
            }
        }
    }

    async Task<List<Job>> LeaseSome(Lane lane, int most, CancellationToken stop)
    {
        using (var look = databases.Open())
        {
            var now = clock.GetUtcNow().UtcDateTime;
            if (!await look.Set<Job>().AnyAsync(j => j.Lane == lane && j.State == JobState.Waiting && j.RunAt <= now && j.LeasedUntil == null, stop)) return [];
        }
        return await write.Run(Me, null, async db =>
        {
            var due = db.IsSqlite
                ? await db.Set<Job>().AsNoTracking().Where(j => j.Lane == lane && j.State == JobState.Waiting && j.RunAt <= db.At && j.LeasedUntil == null).OrderBy(j => j.RunAt).Take(most).ToListAsync(stop)
                : await db.Set<Job>().FromSqlRaw(
                    "SELECT * FROM \"Job\" WHERE \"Lane\" = {0} AND \"State\" = 0 AND \"RunAt\" <= {1} AND \"LeasedUntil\" IS NULL ORDER BY \"RunAt\" LIMIT {2} FOR UPDATE SKIP LOCKED",
                    (short)lane, db.At, most).AsNoTracking().ToListAsync(stop);
            return await LeaseThem(db, due, stop);
        }, stop);
    }

    Task<Job?> LeaseWhatDied(long id, CancellationToken stop) => write.Run(Me, null, async db =>
    {
        var died = db.IsSqlite
            ? await db.Set<Job>().AsNoTracking().Where(j => j.Id == id && j.State == JobState.Waiting && j.LeasedUntil < db.At).ToListAsync(stop)
            : await db.Set<Job>().FromSqlRaw(
                "SELECT * FROM \"Job\" WHERE \"Id\" = {0} AND \"State\" = 0 AND \"LeasedUntil\" < {1} FOR UPDATE SKIP LOCKED", id, db.At).AsNoTracking().ToListAsync(stop);
        return (await LeaseThem(db, died, stop)).FirstOrDefault();
    }, stop);

    async Task<List<Job>> LeaseThem(Database db, List<Job> due, CancellationToken stop)
    {
        var leased = due.FindAll(job => LeaseIt(job, db.At));
        foreach (var stuck in due.Except(leased))
            await db.Set<Job>().Where(j => j.Id == stuck.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Attempts, stuck.Attempts).SetProperty(j => j.Fence, stuck.Fence).SetProperty(j => j.State, stuck.State).SetProperty(j => j.Error, stuck.Error).SetProperty(j => j.LeasedUntil, (DateTime?)null), stop);
        if (leased.Count == 0) return leased;
        var (ids, until) = (leased.ConvertAll(job => job.Id), db.At + Lease);
        await db.Set<Job>().Where(j => ids.Contains(j.Id)).ExecuteUpdateAsync(set => set.SetProperty(j => j.Attempts, j => j.Attempts + 1).SetProperty(j => j.Fence, j => j.Fence + 1).SetProperty(j => j.LeasedUntil, until), stop);
        return leased;
    }

    // Attempts are counted here, before trying: work that kills the process is set aside all the same.
    bool LeaseIt(Job job, DateTime at)
    {
        job.Attempts++;
        job.Fence++;
        job.LeasedUntil = at + Lease;
        // A crash of the process counts as a try: past the limit nobody tries again unasked.
        if (job.Attempts > Most(job.Kind)) (job.State, job.Error, job.LeasedUntil) = (JobState.Stuck, job.Error ?? "The program ended while doing this, several times.", null);
        return job.State == JobState.Waiting;
    }

    int Most(string kind) => book.KindOf(kind)?.MostAttempts ?? 12;

    async Task RunShare(Job[] share, CancellationToken stop)
    {
        foreach (var job in share) doing[job.Id] = job;
        try { await RunEach(share, stop); }
        finally { foreach (var job in share) doing.TryRemove(job.Id, out _); }
    }

    async Task RunEach(Job[] share, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var left = new List<Job>(share);
        var keeping = KeepLeases(left, ended.Token);
        var done = await RunMany(share, stop);
        foreach (var job in share)
        {
            if (stop.IsCancellationRequested) break;
            if (done.Contains(job.Id))
            {
                lock (left) left.Remove(job);
                continue;
            }
            bool held;
            lock (left) held = job.LeasedUntil > clock.GetUtcNow().UtcDateTime;
            // Lost all the same (the database was away): another runner may have this one by now.
            if (held) await RunOne(job, stop);
            lock (left) left.Remove(job);
        }
        await ended.CancelAsync();
        await keeping;
        if (stop.IsCancellationRequested && left.Count > 0) await GiveBack(left);
    }

    // Those of one kind that can be done at once; the others, and all where it fails, are run one by one.
    async Task<HashSet<long>> RunMany(Job[] share, CancellationToken stop)
    {
        if (share.Length < 2 || book.KindOf(share[0].Kind) is not { DoesMany: true } kind || Array.Exists(share, job => job.Kind != share[0].Kind)) return [];
        try
        {
            Speech.Speak(services.GetService<House>()?.Get(HouseSettings.Language));
            await using var scope = services.CreateAsyncScope();
            return [.. (await ((IDoesMany)scope.ServiceProvider.GetRequiredService(kind.Handler)).RunMany([.. share.Select(job => new JobRun(job))], stop)).Select(run => run.Job.Id)];
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { return []; }
        catch (Exception why)
        {
            log.LogInformation("{Count} jobs {Kind} are done one by one: {Why}", share.Length, kind.Name, why.Message);
            return [];
        }
    }

    // Not begun: given back as they were, all in one write, so that the stop is quick and whoever serves next need not wait for the leases to end.
    async Task GiveBack(List<Job> jobs)
    {
        try
        {
            await write.Run(Me, null, async db =>
            {
                foreach (var job in jobs)
                    await db.Set<Job>().Where(j => j.Id == job.Id && j.Fence == job.Fence)
                        .ExecuteUpdateAsync(set => set.SetProperty(j => j.LeasedUntil, (DateTime?)null).SetProperty(j => j.Attempts, j => j.Attempts - 1), CancellationToken.None);
            }, CancellationToken.None);
        }
        catch (Exception why) { log.LogWarning("{Count} jobs keep their leases until they end: {Why}", jobs.Count, why.Message); }
    }

    // A share may take longer than a lease (a slow mail server, a long import): without this another runner would begin the same work beside it,
    // and a mail would go twice. Real time, since it is the real work that lasts.
    async Task KeepLeases(List<Job> left, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(LeaseBeat, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            Job[] mine;
            lock (left) mine = [.. left];
            try
            {
                foreach (var job in mine)
                {
                    var until = await write.Run(Me, null, async db =>
                    {
                        var till = db.At + Lease;
                        return await db.Set<Job>().Where(j => j.Id == job.Id && j.Fence == job.Fence && j.LeasedUntil != null).ExecuteUpdateAsync(set => set.SetProperty(j => j.LeasedUntil, till), stop) > 0 ? till : (DateTime?)null;
                    }, stop);
                    lock (left) job.LeasedUntil = until;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception why) { log.LogWarning("Leases of {Count} jobs could not be kept: {Why}", mine.Length, why.Message); }
        }
    }

    async Task RunOne(Job job, CancellationToken stop)
    {
        var run = new JobRun(job);
        try
        {
            Speech.Speak(services.GetService<House>()?.Get(HouseSettings.Language));
            await using var scope = services.CreateAsyncScope();
            if (book.EarOf(job.Kind) is { } ear)
            {
                var id = long.Parse(job.Body, System.Globalization.CultureInfo.InvariantCulture);
                Fact fact;
                using (var db = databases.Open()) fact = await db.Set<Fact>().FirstAsync(f => f.Id == id, stop);
                var happened = fact.Read();
                // Asked again: a job may be older than what this program says it hears.
                if (ear.Hears(happened, fact.ActorKind, fact.ActorId)) await ear.Call(scope.ServiceProvider, happened, new Heard(fact.Id, fact.At, fact.ActorKind, fact.ActorId, run), stop);
            }
            else if (book.KindOf(job.Kind) is { } kind) await ((IJobHandler)scope.ServiceProvider.GetRequiredService(kind.Handler)).Run(run, stop);
            else throw new InvalidOperationException($"No part of the program does jobs of kind {job.Kind}.");
            if (!run.Finished) await write.Run(Me, null, run.Finish, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { await Put(job, db => (job.RunAt, null, false, false), CancellationToken.None); }
        catch (LeaseLost) { log.LogWarning("Job {Kind} {Id}: the lease was lost, another runner has it", job.Kind, job.Id); }
        catch (StoreAway why)
        {
            log.LogWarning("Job {Kind} {Id} waits for the database: {Why}", job.Kind, job.Id, why.Message);
            await PutOnceItIsBack(job, stop);
        }
        // The world says no, not the work: this counts as no try.
        catch (TryLater later) { await Put(job, db => (db.At + later.Pause, later.Message, false, false), stop); }
        catch (Exception why)
        {
            if (job.Attempts >= Most(job.Kind)) log.LogError(why, "Job {Kind} {Id} is stuck after {Attempts} tries", job.Kind, job.Id, job.Attempts);
            else log.LogWarning("Job {Kind} {Id}, try {Attempts}: {Why}", job.Kind, job.Id, job.Attempts, why.Message);
            await Put(job, db => (db.At + PauseAfter(job.Attempts), Short(why), job.Attempts >= Most(job.Kind), true), stop);
        }
    }

    // 5 s, 10 s, 20 s … to an hour.
    static TimeSpan PauseAfter(int attempts) => TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(attempts - 1, 12))));

    static string Short(Exception why) => why.Message.Length > 1000 ? why.Message[..1000] : why.Message;

    // Gives a leased job back, unless the lease is lost.
    async Task<bool> Put(Job job, Func<Database, (DateTime RunAt, string? Error, bool Stuck, bool Counts)> how, CancellationToken stop)
    {
        try
        {
            await write.Run(Me, null, async db =>
            {
                var (runAt, error, stuck, counts) = how(db);
                await db.Set<Job>().Where(j => j.Id == job.Id && j.Fence == job.Fence).ExecuteUpdateAsync(set => set
                    .SetProperty(j => j.RunAt, runAt).SetProperty(j => j.Error, j => error ?? j.Error)
                    .SetProperty(j => j.State, stuck ? JobState.Stuck : JobState.Waiting).SetProperty(j => j.LeasedUntil, (DateTime?)null)
                    .SetProperty(j => j.Attempts, j => counts ? j.Attempts : j.Attempts - 1), stop);
            }, stop);
            return true;
        }
        catch (Exception why)
        {
            log.LogWarning("Job {Kind} {Id} keeps its lease until it ends: {Why}", job.Kind, job.Id, why.Message);
            return false;
        }
    }

    // A full disk, a database away: the job is due again as soon as it can be written that it is.
    async Task PutOnceItIsBack(Job job, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && job.LeasedUntil > clock.GetUtcNow().UtcDateTime)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await Put(job, db => (job.RunAt, null, false, false), CancellationToken.None)) return;
        }
    }

    async Task Pause(string what, Exception why, CancellationToken stop)
    {
        log.LogWarning("{What} pauses: {Why}", what, why.Message);
        await Task.Delay(TimeSpan.FromSeconds(2), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        write.Committed -= LeftWork;
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
