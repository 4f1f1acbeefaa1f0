using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Plans cases anew before the commit of each write that touched them, with the steps that other modules publish.</summary>
static class CasePlans
{
    /// <summary>What must stand with a write: the next step of each case that it changed or told a fact of.</summary>
    public static Func<Database, Task> Keep(CaseHooks hooks, EscalationRules rules) => async db =>
    {
        await LookAgain(db);
        if (hooks.NextSteps.Count == 0) return;
        // What the write only read stays as it is: its version, and who may change it, are none of ours.
        var tracked = db.ChangedNouns.OfType<Case>().ToDictionary(c => c.Id);
        var changed = tracked.Keys.ToHashSet();
        var told = db.Facts.OfType<ICaseFact>().Select(f => f.Case).Concat(db.Facts.OfType<MailTimed>().Select(f => f.Case).OfType<long>()).Where(id => !tracked.ContainsKey(id)).Distinct().ToList();
        if (told.Count > 0) foreach (var one in await db.Set<Case>().AsTracking().Where(c => told.Contains(c.Id)).ToListAsync()) tracked[one.Id] = one;
        if (tracked.Count == 0) return;
        List<long> ids = [.. tracked.Keys];
        var (of, parts) = await Read(db, hooks, ids);
        foreach (var one in tracked.Values)
        {
            var part = parts.GetValueOrDefault(one.Id);
            if (!changed.Contains(one.Id))
            {
                // A mail that went is told of a case and changes nothing of it: who has it open goes on.
                one.PlanAnew(db.At, of[one.Id], part);
                one.PlanEscalation(rules, part, db.At);
                continue;
            }
            one.Stand(part);
            one.Plan(db.At, of[one.Id], part?.EndedAt);
            one.PlanEscalation(rules, part, db.At);
        }
    };

    /// <summary>What other modules publish for these cases.</summary>
    internal static async Task<(ILookup<long, CaseStep> Steps, Dictionary<long, RingPart> Parts)> Read(Database db, CaseHooks hooks, List<long> ids)
    {
        var (steps, parts) = (new List<CaseStep>(), new Dictionary<long, RingPart>());
        foreach (var hook in hooks.NextSteps) steps.AddRange(await hook(db, ids));
        foreach (var hook in hooks.Promised)
        {
            foreach (var part in await hook(db, ids)) parts[part.CaseId] = part;
        }
        return (steps.ToLookup(s => s.CaseId), parts);
    }

    // Who is told next is another one where a colleague leaves or comes back, or a team has another lead: the clock looks at those cases anew.
    static async Task LookAgain(Database db)
    {
        foreach (var fact in db.Facts)
        {
            if (fact is TeamLeadChanged led)
                await db.Set<Case>().Where(c => c.State < CaseState.Resolved && (c.TeamId == led.Team || db.Set<TeamMember>().Any(m => m.ColleagueId == c.OwnerId && m.TeamId == led.Team))).ExecuteUpdateAsync(set => set.SetProperty(c => c.EscalateAt, db.At));
            else if (fact is ColleagueChanged { Deed: ColleagueDeed.Disabled or ColleagueDeed.Enabled } gone)
                await db.Set<Case>().Where(c => c.State < CaseState.Resolved && c.OwnerId == gone.Colleague).ExecuteUpdateAsync(set => set.SetProperty(c => c.EscalateAt, db.At));
        }
    }
}
