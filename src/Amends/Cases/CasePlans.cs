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
        var (of, parts) = await Read(db, hooks, tracked);
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

    // What was promised on a case that was merged away is the matter of the case that it went into: the root of each, with the roots themselves among what is planned.
    static async Task<Dictionary<long, long>> Roots(Database db, Dictionary<long, Case> tracked)
    {
        var root = tracked.Values.Where(c => c.MergedInto is not null).ToDictionary(c => c.Id, c => c.MergedInto!.Value);
        var missing = root.Values.Where(id => !tracked.ContainsKey(id)).Distinct().ToList();
        if (missing.Count > 0) foreach (var one in await db.Set<Case>().AsTracking().Where(c => missing.Contains(c.Id)).ToListAsync()) tracked[one.Id] = one;
        // Nothing was merged yet into a case that this write makes.
        var made = db.Facts.OfType<CaseHeard>().Select(f => f.Case).ToHashSet();
        var stand = tracked.Values.Where(c => c.MergedInto is null && !made.Contains(c.Id)).Select(c => (long?)c.Id).ToList();
        if (stand.Count > 0)
            foreach (var one in await db.Set<Case>().AsNoTracking().Where(c => c.MergedInto != null && stand.Contains(c.MergedInto)).Select(c => new { c.Id, Into = c.MergedInto!.Value }).ToListAsync())
                if (!tracked.ContainsKey(one.Id)) root[one.Id] = one.Into;
        return root;
    }

    /// <summary>What other modules publish for these cases, and for what was merged into them; where one of them was merged away, its root is among them then.</summary>
    internal static async Task<(ILookup<long, CaseStep> Steps, Dictionary<long, RingPart> Parts)> Read(Database db, CaseHooks hooks, Dictionary<long, Case> cases)
    {
        var root = await Roots(db, cases);
        long Of(long id) => root.GetValueOrDefault(id, id);
        List<long> ids = [.. cases.Keys.Union(root.Keys)];
        var (steps, parts) = (new List<CaseStep>(), new Dictionary<long, RingPart>());
        foreach (var hook in hooks.NextSteps) steps.AddRange(await hook(db, ids));
        foreach (var hook in hooks.Promised)
        {
            foreach (var part in await hook(db, ids)) parts[Of(part.CaseId)] = part.With(parts.GetValueOrDefault(Of(part.CaseId)));
        }
        return (steps.Select(s => s with { CaseId = Of(s.CaseId) }).ToLookup(s => s.CaseId), parts);
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
