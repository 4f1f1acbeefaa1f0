using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>What happens to cases by the clock: waits end, and silence after resolving counts as done.</summary>
public static class CaseClock
{
    const int Batch = 100;

    /// <summary>Working days of silence after which a resolved case is taken as done, kept apart as silent.</summary>
    public const int SilentDays = 5;

    /// <summary>Ends the waits whose time came.</summary>
    public static async Task EndWaits(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                due = await db.Set<Case>().Where(c => c.State == CaseState.Waiting && c.WaitUntil <= now).OrderBy(c => c.WaitUntil).Take(Batch).Select(c => c.Id).ToListAsync(stop);
            }
            if (due.Count == 0) return;
            await write.Run(Actor.System("waits"), null, async db =>
            {
                foreach (var one in await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.State == CaseState.Waiting && c.WaitUntil <= db.At).ToListAsync(stop)) one.EndWait(WaitEnd.TimeCame, db.At);
            }, stop);
        }
    }

    /// <summary>Plans those anew whose step passed while another lies behind it. A wait that ends does so by itself.</summary>
    public static async Task PassSteps(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                due = await db.Set<Case>().Where(c => c.PlanAgainAt != null && c.PlanAgainAt <= now && c.NextStep != StepKind.Wait).OrderBy(c => c.PlanAgainAt).Take(Batch).Select(c => c.Id).ToListAsync(stop);
            }
            if (due.Count == 0) return;
            await write.Run(Actor.System("steps"), null, async db =>
            {
                foreach (var one in await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.PlanAgainAt <= db.At).ToListAsync(stop)) one.PassStep(db.At);
            }, stop);
        }
    }

    /// <summary>Tells of targets that were missed, each once: the moment that was told of stands on the case, so that a clock that is set back tells nothing twice.</summary>
    public static async Task MissTargets(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                due = await db.Set<Case>().Where(c => c.TargetWatchAt != null && c.TargetWatchAt <= now).OrderBy(c => c.TargetWatchAt).Take(Batch).Select(c => c.Id).ToListAsync(stop);
            }
            if (due.Count == 0) return;
            var told = await write.Run(Actor.System("targets"), null, async db =>
            {
                foreach (var one in await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.TargetWatchAt <= db.At).ToListAsync(stop)) one.MissTargets(db.At);
                await db.SaveChangesAsync(stop);
                return db.Facts.Count;
            }, stop);
            // Another node told of them, or a clock that is set right now: the next turn looks again.
            if (told == 0) return;
        }
    }

    /// <summary>Records which apologies are empty ones now: four working hours passed, and nothing was promised.</summary>
    public static async Task NoteEmptyApologies(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                due = await db.Set<Case>().Where(c => c.State < CaseState.Resolved && c.ApologyDue != null && c.ApologyDue <= now && c.ApologyEmptyAt == null).OrderBy(c => c.ApologyDue).Take(Batch).Select(c => c.Id).ToListAsync(stop);
            }
            if (due.Count == 0) return;
            await write.Run(Actor.System("apologies"), null, async db =>
            {
                foreach (var one in await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.ApologyDue <= db.At).ToListAsync(stop)) one.FindApologyEmpty(db.At);
            }, stop);
        }
    }

    /// <summary>Confirms by silence what was resolved five working days ago.</summary>
    public static async Task ConfirmSilent(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        var targets = all.GetRequiredService<TargetBook>();
        var last = 0L;
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                var (limit, after) = (now.AddDays(-SilentDays), last);
                var old = await db.Set<Case>().Where(c => c.State == CaseState.Resolved && c.ResolvedAt <= limit && c.Id > after).OrderBy(c => c.Id).Take(Batch).Select(c => new { c.Id, c.ResolvedAt, c.BrandId }).ToListAsync(stop);
                if (old.Count == 0) return;
                last = old[^1].Id;
                due = [.. old.Where(c => targets.CalendarOf(c.BrandId).Calendar.SameTimeAfter(c.ResolvedAt!.Value, SilentDays) <= now).Select(c => c.Id)];
            }
            if (due.Count == 0) continue;
            await write.Run(Actor.System("silence"), null, async db =>
            {
                foreach (var one in await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.State == CaseState.Resolved).ToListAsync(stop))
                    if (targets.CalendarOf(one.BrandId).Calendar.SameTimeAfter(one.ResolvedAt!.Value, SilentDays) <= db.At) one.Confirm(ConfirmedHow.Silent, db.At);
            }, stop);
        }
    }
}
