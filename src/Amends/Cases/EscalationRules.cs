using Amends.Cases.Targets;
using Amends.Foundation.Settings;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>Who is told, and after how much working time of the case's calendar: settings of the house.</summary>
public sealed class EscalationRules(House house, TargetBook targets, WhoIsHere here)
{
    /// <summary>What came due longer ago is not told any more: it is no news, and stands on the page.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The colleague at the end of the line; 0 for nobody.</summary>
    public static readonly SettingName<long> Named = new("escalation.named", 0);

    // Working minutes, 0 for off. Whose promise passed is told so at once anyway; a case with nobody is nobody's to be told.
    static readonly Dictionary<(EscalationCause, EscalationStep), SettingName<int>> times = new[]
    {
        (EscalationCause.NothingHappens, EscalationStep.Own, 4 * 60), (EscalationCause.NothingHappens, EscalationStep.Lead, 8 * 60), (EscalationCause.NothingHappens, EscalationStep.Named, 24 * 60),
        (EscalationCause.PromisePassed, EscalationStep.Own, 0), (EscalationCause.PromisePassed, EscalationStep.Lead, 60), (EscalationCause.PromisePassed, EscalationStep.Named, 8 * 60),
        (EscalationCause.TargetMissed, EscalationStep.Own, 30), (EscalationCause.TargetMissed, EscalationStep.Lead, 2 * 60), (EscalationCause.TargetMissed, EscalationStep.Named, 8 * 60),
        (EscalationCause.WithNobody, EscalationStep.Lead, 2 * 60), (EscalationCause.WithNobody, EscalationStep.Named, 8 * 60),
        (EscalationCause.PassedOn, EscalationStep.Lead, 15), (EscalationCause.PassedOn, EscalationStep.Named, 8 * 60),
    }.ToDictionary(t => (t.Item1, t.Item2), t => new SettingName<int>($"escalation.{t.Item1}.{t.Item2}".ToLowerInvariant(), t.Item3));

    /// <summary>The setting of a step in working minutes, 0 for off; null where there is no such step.</summary>
    public static SettingName<int>? Of(EscalationCause cause, EscalationStep step) => times.GetValueOrDefault((cause, step));

    /// <summary>Whether somebody who is there owns a case.</summary>
    internal bool IsOwned(Case one) => one.OwnerId is { } owner && here.IsActive(owner);

    /// <summary>Whether a step is switched on.</summary>
    internal bool IsOn(EscalationCause cause, EscalationStep step) => Of(cause, step) is { } name && house.Get(name) > 0;

    /// <summary>When a step of the line is told, UTC; null where it is switched off, or nobody stands there.</summary>
    internal DateTime? Due(Case one, EscalationCause cause, EscalationStep step, DateTime since)
    {
        if (!IsOn(cause, step)) return null;
        var minutes = house.Get(times[(cause, step)]);
        if (step switch
        {
            EscalationStep.Own => cause != EscalationCause.PromisePassed && one.OwnerId is null,
            EscalationStep.Lead => here.LeadsOf(one.TeamId, one.OwnerId).Count == 0,
            _ => house.Get(Named) is 0
        }) return null;
        try { return targets.CalendarOf(one.BrandId).Calendar.After(since, TimeSpan.FromMinutes(minutes)); }
        // The calendar has no such time left.
        catch (Amends.Foundation.Refused) { return null; }
    }

    /// <summary>
    /// When the next of the line is to be told. Where all that stands is long past it is what was next before: by that moment it is told to nobody, but where only
    /// the clock was wrong, and is set right, it lies ahead again.
    /// </summary>
    internal DateTime? Next(Case one, RingPart? promised, DateTime at)
    {
        var (untold, from) = (one.Untold(this, promised).ToList(), at - Longest);
        if (untold.Where(u => u.At > from && u.Since <= at).Min(u => (DateTime?)u.At) is { } next) return next;
        // What stands from a moment ahead on is planned when that comes: something is written of it then.
        var past = untold.Where(u => u.At <= from).Select(u => u.At).ToList();
        if (past.Count == 0) return untold.Min(u => (DateTime?)u.At);
        return past.Where(p => p >= one.EscalateAt).Min(p => (DateTime?)p) ?? past.Max();
    }
}
