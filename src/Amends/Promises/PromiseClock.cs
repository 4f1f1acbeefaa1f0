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
                // What was noted later than now was noted by a clock that ran ahead: it is said again, at its time.
                var ahead = now + Promise.Slack;
                due = await db.Set<Promise>().Where(p => p.State == PromiseState.Open && (p.HalfAt <= now && (p.RemindedAt == null || p.RemindedAt > ahead) || p.AskAt <= now && (p.AskedAt == null || p.AskedAt > ahead) || p.DueAt <= now && (p.PassedAt == null || p.PassedAt > ahead))).OrderBy(p => p.DueAt).Take(Batch).Select(p => p.Id).ToListAsync(stop);
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

    /// <summary>Gives the promises of who is here no longer, or sees the case no longer, to the owner of the case, to somebody of its team, or to somebody who sees all.</summary>
    public static async Task FindKeepers(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, house, here) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<House>(), all.GetRequiredService<WhoIsHere>());
        List<long> left;
        using (var db = databases.Open())
        {
            var (open, there) = (db.Set<Promise>().Where(p => p.State == PromiseState.Open), db.CasesVisibleTo(Who.House("promises")));
            left = await open.Where(p => db.Set<Colleague>().Any(c => c.Id == p.KeeperId && c.State != ColleagueState.Active)).OrderBy(p => p.DueAt).Take(Batch).Select(p => p.Id).ToListAsync(stop);
            // One question for each who keeps any: teams, roles and confidential cases change in many ways.
            foreach (var keeper in await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active && open.Any(p => p.KeeperId == c.Id)).ToListAsync(stop))
            {
                if (left.Count >= Batch) break;
                var cases = db.CasesVisibleTo(await Gate.Of(db, keeper, house));
                left.AddRange(await open.Where(p => p.KeeperId == keeper.Id && there.Any(t => t.Id == p.CaseId && !cases.Any(c => c.Id == (t.MergedInto ?? t.Id)))).OrderBy(p => p.DueAt).Take(Batch).Select(p => p.Id).ToListAsync(stop));
            }
        }
        if (left.Count == 0) return;
        await write.Run(Actor.System("promises"), null, async db =>
        {
            foreach (var one in await db.Set<Promise>().AsTracking().Where(p => left.Contains(p.Id) && p.State == PromiseState.Open).ToListAsync(stop))
            {
                var all = db.CasesVisibleToWithDeleted(Who.House("promises"));
                var of = await all.FirstOrDefaultAsync(c => c.Id == one.CaseId, stop);
                // What was merged away belongs to those who work where it went.
                if (of?.MergedInto is { } into) of = await all.FirstOrDefaultAsync(c => c.Id == into, stop);
                if (of is not null
                    && (await Calls.Officers.After(db, of, one, house) ?? await Other(db, of, one.KeeperId, house, here, stop)) is { } keeper) one.HandOver(keeper);
            }
        }, stop);
    }

    // The owner first, then who stood in, the leads, the team, and one who sees all; in each who is here before who is absent.
    static async Task<long?> Other(Database db, Case of, long but, House house, WhoIsHere here, CancellationToken stop)
    {
        var active = db.Set<Colleague>().AsNoTracking().Where(c => c.State == ColleagueState.Active && c.Id != but);
        var team = await active.Where(c => c.Teams.Any(t => t.TeamId == of.TeamId)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(stop);
        var whole = await active.Where(c => db.Set<RolePermission>().Any(p => p.RoleId == c.RoleId && p.Verb == Verb.SeeCases && p.Scope == Scope.All)).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(stop);
        IEnumerable<long> owner = of.OwnerId is { } id && id != but && await active.AnyAsync(c => c.Id == id, stop) ? [id] : [];
        List<long> line = [.. owner.Concat(here.AwayAt(but, db.At)?.StandIn is { } standIn && standIn != but ? [standIn] : []).Concat(here.LeadsOf(of.TeamId).Where(l => l != but)).Concat(team).Concat(whole).Distinct()];
        foreach (var candidate in line.Where(c => here.IsHere(c, db.At)).Concat(line.Where(c => !here.IsHere(c, db.At))))
            if (await Promising.MayKeepNow(db, of, candidate, house)) return candidate;
        return null;
    }
}
