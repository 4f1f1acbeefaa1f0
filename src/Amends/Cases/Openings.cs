using System.Collections.Concurrent;
using System.Threading.Channels;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>
/// Keeps who opened which case: how far it was read, and once an hour for each colleague that it was looked at at all. Written in batches
/// behind the page, never before it: what the database does not take is kept and tried again, and a stop waits for the last. A kill loses a
/// second of reading.
/// </summary>
sealed class Openings(Writer write, ILogger<Openings> log) : BackgroundService, IHostedLifecycleService
{
    const int Most = 500;
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(2);

    // Of a case, or of a file or a raw mail on one: then what it was.
    readonly record struct Opened(long Case, long Colleague, DateTime At, string What = "case");

    readonly Channel<Opened> queue = System.Threading.Channels.Channel.CreateBounded<Opened>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = false },
        lost => log.LogError("Too many readings wait for the database: of {What} {Id} it is not kept who opened it", lost.What, lost.Case));

    // Taken from the queue and not yet written: it leaves here when it stands in the database.
    readonly List<Opened> held = [];
    readonly ConcurrentDictionary<(string, long, long), DateTime> noted = [];

    // One at a time: two would both find that an opening is not noted yet.
    readonly SemaphoreSlim turn = new(1);

    /// <summary>A colleague has the page of a case before him.</summary>
    public void Note(long one, Who who, DateTime now)
    {
        if (who.Kind == ActorKind.Colleague) queue.Writer.TryWrite(new Opened(one, who.Id, now));
    }

    /// <summary>A colleague took a file (<c>file</c>) or the raw form of a contact (<c>raw mail</c>) along.</summary>
    public void Took(string what, long id, Who who, DateTime now)
    {
        if (who.Kind == ActorKind.Colleague) queue.Writer.TryWrite(new Opened(id, who.Id, now, what));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                if (held.Count == 0) await queue.Reader.WaitToReadAsync(stoppingToken);
                await Flush(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { break; }
            catch (Exception why)
            {
                log.LogWarning("Readings wait for the database: {Why}", why.Message);
                pause = PauseWhileAway;
            }
            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last of them, once each part has stopped: requests that were still answered have said theirs.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Not by the host's own time, which a slow download may have used up.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try { while (await Flush(limit.Token) > 0) { } }
        catch (Exception why) { log.LogError("{Count} readings could not be written before the end: {Why}", held.Count + queue.Reader.Count, why.Message); }
    }

    /// <summary>Writes what waits, and answers how many. What could not be written waits for the next time.</summary>
    public async Task<int> Flush(CancellationToken stop = default)
    {
        await turn.WaitAsync(stop);
        try { return await WriteBatch(stop); }
        finally { turn.Release(); }
    }

    async Task<int> WriteBatch(CancellationToken stop)
    {
        while (held.Count < Most && queue.Reader.TryRead(out var opened)) held.Add(opened);
        var count = held.Count;
        if (count == 0) return 0;
        try { await Write(held, stop); }
        // The database is there and refuses: one of them must not keep the others for ever.
        catch (Exception why) when (why is not (StoreAway or OperationCanceledException) && held.Count > 1)
        {
            log.LogWarning(why, "Readings are written one by one");
            while (held.Count > 0)
            {
                try { await Write([held[0]], stop); }
                catch (Exception one) when (one is not (StoreAway or OperationCanceledException)) { NotKept(held[0], one); }
                held.RemoveAt(0);
            }
        }
        catch (Exception why) when (why is not (StoreAway or OperationCanceledException)) { NotKept(held[0], why); }
        held.Clear();
        return count;
    }

    void NotKept(Opened one, Exception why) => log.LogError(why, "It could not be written that colleague {Colleague} opened {What} {Id} at {At}", one.Colleague, one.What, one.Case, one.At);

    async Task Write(IReadOnlyList<Opened> batch, CancellationToken stop)
    {
        var newest = batch.Where(o => o.What == "case").GroupBy(o => (o.Case, o.Colleague)).Select(g => g.MaxBy(o => o.At)).ToList();
        // What waited for the database may reach over more than an hour.
        var seen = new Dictionary<(string, long, long), DateTime>();
        var fresh = new List<Opened>();
        foreach (var one in batch.OrderBy(o => o.At))
        {
            var key = (one.What, one.Case, one.Colleague);
            if ((seen.TryGetValue(key, out var last) || noted.TryGetValue(key, out last)) && one.At - last < Hour) continue;
            seen[key] = one.At;
            fresh.Add(one);
        }
        await write.Run(Actor.System("readings"), null, async db =>
        {
            var cases = newest.Select(o => o.Case).ToList();
            var rows = (await db.Set<CaseRead>().AsTracking().Where(r => cases.Contains(r.CaseId)).ToListAsync(stop)).ToDictionary(r => (r.CaseId, r.ColleagueId));
            foreach (var one in newest)
            {
                if (rows.TryGetValue((one.Case, one.Colleague), out var row)) { if (row.UpTo < one.At) row.UpTo = one.At; }
                else db.Add(new CaseRead { CaseId = one.Case, ColleagueId = one.Colleague, UpTo = one.At });
            }
            foreach (var one in fresh) db.Add(new Access { Id = db.Ids!.Next(), At = one.At, ActorKind = ActorKind.Colleague, ActorId = one.Colleague, What = one.What, Subject = one.Case });
        }, stop);
        if (noted.Count > 50_000) noted.Clear();
        foreach (var (key, at) in seen) noted[key] = at;
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }
}
