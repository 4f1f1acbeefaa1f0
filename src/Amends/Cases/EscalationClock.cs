using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Tells the line of what stands still: whose it is, who leads the team, a named colleague; each step of each cause once.</summary>
public static class EscalationClock
{
    const int Batch = 100;

    // Where nobody of the line may see it, or all are absent, it is tried again.
    static readonly TimeSpan Again = TimeSpan.FromHours(1);

    /// <summary>Tells what is due. What was due longer than <see cref="EscalationRules.Longest"/> ago is left.</summary>
    public static async Task Tell(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>());
        var last = DateTime.MinValue;
        while (!stop.IsCancellationRequested)
        {
            List<long> due;
            using (var db = databases.Open())
            {
                var now = clock.GetUtcNow().UtcDateTime;
                var from = now - EscalationRules.Longest;
                due = await db.Set<Case>().Where(c => c.State < CaseState.Resolved && c.EscalateAt != null && c.EscalateAt <= now && c.EscalateAt > from).OrderBy(c => c.EscalateAt).ThenBy(c => c.Id).Take(Batch).Select(c => c.Id).ToListAsync(stop);
                if (due.Count == 0 || now < last) return;
                last = now;
            }
            await write.Run(Actor.System("escalation"), null, db => Tell(db, all, due, stop), stop);
        }
    }

    static async Task Tell(Database db, IServiceProvider all, List<long> due, CancellationToken stop)
    {
        var (rules, hooks, house, here) = (all.GetRequiredService<EscalationRules>(), all.GetRequiredService<CaseHooks>(), all.GetRequiredService<House>(), all.GetRequiredService<WhoIsHere>());
        // Read as they stand: another node may have told of them.
        var cases = await db.Set<Case>().AsTracking().Where(c => due.Contains(c.Id) && c.EscalateAt <= db.At).OrderBy(c => c.Id).ToListAsync(stop);
        var (published, parts) = await CasePlans.Read(db, hooks, cases.ToDictionary(c => c.Id));
        foreach (var one in cases)
        {
            var (part, told) = (parts.GetValueOrDefault(one.Id), false);
            foreach (var at in one.Untold(rules, part).Where(u => u.At <= db.At && u.At > db.At - EscalationRules.Longest).GroupBy(u => (u.Cause, u.Since)).ToList())
            {
                // Whose the promise is that passed then; of one that was broken, and of all else, the owner.
                var keepers = at.Key.Cause == EscalationCause.PromisePassed ? published[one.Id].Where(s => s.At == at.Key.Since).Select(s => s.Who).OfType<long>().Distinct().ToList() : [];
                var whose = keepers.Count > 0 ? keepers[0] : one.OwnerId;
                var (done, reached) = (new HashSet<EscalationStep>(), new HashSet<long>());
                foreach (var begin in at.OrderBy(u => u.Step))
                {
                    // Where nobody of a step may see the case, or all are absent: the next one along the line who may.
                    var steps = new List<EscalationStep>();
                    for (var step = begin.Step; step <= EscalationStep.Named && !done.Contains(step); step++)
                    {
                        if (!rules.IsOn(at.Key.Cause, step)) continue;
                        steps.Add(step);
                        var those = await Whom(db, one, step, keepers, house, here);
                        if (those.Count == 0) continue;
                        // Who was reached a step before is not told twice, and nobody instead before his time.
                        one.Escalate(at.Key.Cause, at.Key.Since, steps, [.. those.Where(reached.Add)], whose, db.At);
                        done.UnionWith(steps);
                        told = true;
                        break;
                    }
                }
            }
            if (told) continue;
            // Other rules, another line or nobody there: no fact, and no version, only the moment of the next look.
            var next = rules.Next(one, part, db.At);
            if (next <= db.At && next > db.At - EscalationRules.Longest) next = db.At + Again;
            await db.Set<Case>().Where(c => c.Id == one.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.EscalateAt, next), stop);
        }
    }

    // Those of a step who are here and may see the case. Who is absent is gone past: the stand-in is told.
    static async Task<List<long>> Whom(Database db, Case one, EscalationStep step, List<long> keepers, House house, WhoIsHere here)
    {
        switch (step)
        {
            case EscalationStep.Own:
                var own = keepers.Count > 0 ? keepers : one.OwnerId is { } owner && here.IsActive(owner) ? [owner] : [];
                var told = new List<long>();
                foreach (var id in own) told.AddRange(await Seeing(db, one, here.AskedFor(id, one.TeamId, db.At), house, 1));
                return [.. told.Distinct()];
            case EscalationStep.Lead:
                var leads = here.LeadsOf(one.TeamId, one.OwnerId).Where(l => l != one.OwnerId).ToList();
                var there = await Seeing(db, one, leads.Where(l => here.IsHere(l, db.At)), house, int.MaxValue);
                return there.Count > 0 ? there : await Seeing(db, one, leads.Select(l => here.StandInOf(l, db.At)).OfType<long>(), house, 1);
            default:
                return house.Get(EscalationRules.Named) is > 0 and var named ? await Seeing(db, one, here.StandInOf(named, db.At) is { } standing ? [standing] : [], house, 1) : [];
        }
    }

    static async Task<List<long>> Seeing(Database db, Case one, IEnumerable<long> ids, House house, int most)
    {
        var seeing = new List<long>();
        foreach (var id in ids.Distinct())
        {
            if (seeing.Count >= most) break;
            if (await db.Set<Colleague>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id && c.State == ColleagueState.Active) is not { } colleague) continue;
            var who = await Gate.Of(db, colleague, house);
            if (await db.CasesVisibleTo(who).AnyAsync(c => c.Id == one.Id)) seeing.Add(id);
        }
        return seeing;
    }
}
