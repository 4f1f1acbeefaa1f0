using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Jobs;

/// <summary>Which process runs a line of the timetable now, and when it ran last.</summary>
public sealed class TimetableLease
{
    public required string Line { get; set; }
    public DateTime LeasedUntil { get; set; }
    public DateTime LastRun { get; set; }
    public string? Error { get; set; }
}

/// <summary>A line of the timetable: what runs by the clock.</summary>
/// <param name="Name">Unique; stands on the problems page when it fails.</param>
/// <param name="Every">The pause between two runs.</param>
/// <param name="Work">Idempotent.</param>
public sealed record TimetableLine(string Name, TimeSpan Every, Func<IServiceProvider, CancellationToken, Task> Work);

/// <summary>Runs the timetable, each line under a lease so that several processes do it once.</summary>
public sealed class Clockwork(Databases databases, Writer write, IReadOnlyList<TimetableLine> timetable, TimeProvider clock, IServiceProvider services, ILogger<Clockwork> log)
    : BackgroundService, IAsyncDisposable
{
    static readonly Actor Me = Actor.System("timetable");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A line that takes long (a backup) keeps no other one waiting.
        var running = new Dictionary<string, Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var line in timetable)
                if (!running.TryGetValue(line.Name, out var task) || task.IsCompleted) running[line.Name] = Quietly(line, stoppingToken);
            await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(running.Values);
    }

    async Task Quietly(TimetableLine line, CancellationToken stop)
    {
        try { await RunIfDue(line, stop); }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        // What it works with ends beside it: no failure of the line, which runs at the next start.
        catch (Exception) when (stop.IsCancellationRequested) { }
        catch (Exception why) { log.LogWarning("Timetable, {Line}: {Why}", line.Name, why.Message); }
    }

    static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    // A run or a lease that lies in the future is of a clock that was wrong: nobody waits for it.
    static bool IsDue(TimetableLease row, TimetableLine line, DateTime now) =>
        (row.LastRun + line.Every <= now || row.LastRun > now + TimeSpan.FromMinutes(1)) && (row.LeasedUntil <= now || row.LeasedUntil > now + Lease + TimeSpan.FromMinutes(1));

    /// <summary>Ends the lines that run, and waits for them: also where the house is disposed of without having been stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running) await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a line when its time has come and no other process has it.</summary>
    public async Task<bool> RunIfDue(TimetableLine line, CancellationToken stop)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        using (var look = databases.Open())
        {
            var row = await look.Set<TimetableLease>().FirstOrDefaultAsync(l => l.Line == line.Name, stop);
            if (row is not null && !IsDue(row, line, now)) return false;
        }
        var mine = await write.Run(Me, null, async db =>
        {
            var row = await db.Set<TimetableLease>().AsTracking().FirstOrDefaultAsync(l => l.Line == line.Name, stop);
            if (row is not null && !IsDue(row, line, db.At)) return false;
            if (row is null) db.Add(row = new TimetableLease { Line = line.Name });
            row.LeasedUntil = db.At + Lease;
            return true;
        }, stop);
        if (!mine) return false;
        string? error = null;
        var stopped = false;
        try
        {
            Speech.Speak(services.GetService<House>()?.Get(HouseSettings.Language));
            await line.Work(services, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested) { stopped = true; }
        catch (Exception why)
        {
            error = why.Message;
            log.LogError(why, "Timetable, {Line} failed", line.Name);
        }
        await write.Run(Me, null, async db =>
        {
            var row = await db.Set<TimetableLease>().AsTracking().FirstAsync(l => l.Line == line.Name, CancellationToken.None);
            (row.LeasedUntil, row.LastRun, row.Error) = (db.At, stopped ? row.LastRun : db.At, error);
        }, CancellationToken.None);
        return !stopped;
    }
}
