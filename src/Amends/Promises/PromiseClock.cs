using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>What happens to promises by the clock: keepers are reminded at half of the time, asked at four fifths, and told when it passed; none is left without a keeper.</summary>
public static class PromiseClock
{
    const int Batch = 100;

    /// <summary>Reminds, asks, and lets pass.</summary>
    public static async Task Follow(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                due = await db.Set<Promise>().Where(p => p.State == PromiseState.Open && (p.HalfAt <= now && p.RemindedAt == null || p.AskAt <= now && p.AskedAt == null || p.DueAt <= now && p.PassedAt == null)).OrderBy(p => p.DueAt).Take(Batch).Select(p => p.Id).ToListAsync(stop);
            }
            if (due.Count == 0) return;
            await write.Run(Actor.System("promises"), null, async db =>
            {
                foreach (var one in await db.Set<Promise>().AsTracking().Where(p => due.Contains(p.Id) && p.State == PromiseState.Open).ToListAsync(stop))
                {
                    // The furthest only: who is told that it passed need not be reminded of it as well.
                    if (one.DueAt <= db.At)
                    {
                        one.Pass(db.At);
                        one.Asked(db.At);
                    }
                    else if (one.AskAt <= db.At) one.Ask(db.At);
                    else if (one.HalfAt <= db.At) one.Remind(db.At);
                }
            }, stop);
        }
    }

    /// <summary>Gives the promises of who is here no longer to the owner of the case, or to somebody of its team.</summary>
    public static async Task FindKeepers(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, house) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<House>());
        List<long> left;
        using (var db = databases.Open())
            left = await db.Set<Promise>().Where(p => p.State == PromiseState.Open && db.Set<Colleague>().Any(c => c.Id == p.KeeperId && c.State != ColleagueState.Active)).OrderBy(p => p.DueAt).Take(Batch).Select(p => p.Id).ToListAsync(stop);
        if (left.Count == 0) return;
        await write.Run(Actor.System("promises"), null, async db =>
        {
            foreach (var one in await db.Set<Promise>().AsTracking().Where(p => left.Contains(p.Id) && p.State == PromiseState.Open).ToListAsync(stop))
            {
                if (await db.CasesVisibleToWithDeleted(Who.House("promises")).FirstOrDefaultAsync(c => c.Id == one.CaseId, stop) is not { } of) continue;
                var active = db.Set<Colleague>().AsNoTracking().Where(c => c.State == ColleagueState.Active);
                var next = await active.Where(c => c.Id == of.OwnerId).Select(c => (long?)c.Id).FirstOrDefaultAsync(stop);
                foreach (var candidate in next is null ? await active.Where(c => c.Teams.Any(t => t.TeamId == of.TeamId)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(stop) : [])
                {
                    try { await Promising.MayKeep(db, of, candidate, house); }
                    catch (Refused) { continue; }
                    next = candidate;
                    break;
                }
                if (next is { } keeper) one.HandOver(keeper);
            }
        }, stop);
    }
}
