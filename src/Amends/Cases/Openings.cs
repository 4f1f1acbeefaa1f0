using System.Collections.Concurrent;
using System.Threading.Channels;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>
/// Keeps who opened which case: how far it was read, and once an hour for each colleague that it was looked at at all. Written in batches
/// behind the page, never before it; what a crash loses is a second of reading.
/// </summary>
sealed class Openings(Writer write, ILogger<Openings> log) : BackgroundService
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Of a case, or of a file or a raw mail on one: then what it was.
    readonly record struct Opened(long Case, long Colleague, DateTime At, string What = "case");

    readonly Channel<Opened> queue = System.Threading.Channels.Channel.CreateBounded<Opened>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = false });
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
            try { await queue.Reader.WaitToReadAsync(stoppingToken); }
            catch (OperationCanceledException) { break; }
            try { await Flush(stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { break; }
            catch (StoreAway why) { log.LogWarning("Readings wait for the database: {Why}", why.Message); }
            catch (Exception why) when (why is not OperationCanceledException) { log.LogError(why, "Readings could not be written"); }
            await Task.Delay(TimeSpan.FromMilliseconds(400), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes what waits, and answers how many.</summary>
    public async Task<int> Flush(CancellationToken stop = default)
    {
        await turn.WaitAsync(stop);
        try { return await WriteBatch(stop); }
        finally { turn.Release(); }
    }

    async Task<int> WriteBatch(CancellationToken stop)
    {
        var batch = new List<Opened>();
        while (batch.Count < 500 && queue.Reader.TryRead(out var opened)) batch.Add(opened);
        if (batch.Count == 0) return 0;
        var all = batch.GroupBy(o => (o.What, o.Case, o.Colleague)).Select(g => g.MaxBy(o => o.At)).ToList();
        var newest = all.Where(o => o.What == "case").ToList();
        var fresh = all.Where(o => !noted.TryGetValue((o.What, o.Case, o.Colleague), out var last) || o.At - last >= Hour).ToList();
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
        foreach (var one in fresh) noted[(one.What, one.Case, one.Colleague)] = one.At;
        return all.Count;
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }
}
