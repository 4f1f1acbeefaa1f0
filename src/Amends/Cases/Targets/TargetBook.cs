using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases.Targets;

/// <summary>A time that holds for a case, and the row that names it; none for our own default.</summary>
public readonly record struct TargetChosen(TargetTime Time, ServiceTarget? Row);

/// <summary>Calendars and rows of service targets, kept in memory until one changes: a case's deadlines are set without asking the database.</summary>
public sealed class TargetBook : IDisposable
{
    /// <summary>First answer within four working hours, until an administrator says otherwise.</summary>
    public static readonly TargetTime Default = new(4 * 60, false);

    readonly Databases databases;
    readonly House house;
    readonly HintBoard hints;
    Kept? kept;
    int heard = 1;

    sealed record Kept(int Heard, IReadOnlyList<ServiceTarget> Rows, IReadOnlyDictionary<long, (string Name, WorkingCalendar Calendar)> Calendars, IReadOnlyDictionary<long, long> OfBrand);

    // Elapsed time is working time that never rests; by zone, so that its arithmetic tells the local clock.
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, WorkingCalendar> always = [];

    public TargetBook(Databases databases, House house, HintBoard hints)
    {
        (this.databases, this.house, this.hints) = (databases, house, hints);
        hints.Told += Hear;
    }

    void Hear(Hint hint)
    {
        if (hint.Kind is "namedcalendar" or "servicetarget" or "brand" or "all") Forget();
    }

    /// <summary>Forgets what is in memory.</summary>
    public void Forget() => Interlocked.Increment(ref heard);

    Kept Now
    {
        get
        {
            var at = Volatile.Read(ref heard);
            if (kept is { } known && known.Heard == at) return known;
            using var db = databases.Open();
            var rows = db.Set<ServiceTarget>().Where(t => t.RemovedAt == null).ToList().OrderByDescending(t => t.Weight).ThenBy(t => t.Id).ToList();
            var calendars = new Dictionary<long, (string, WorkingCalendar)>();
            foreach (var one in db.Set<NamedCalendar>().Where(c => c.RemovedAt == null).ToList())
                if (HouseCalendar.Made(one.Hours, one.Zone, one.Holidays) is { } made) calendars[one.Id] = (one.Name, made);
            var brands = db.Set<Brand>().Where(b => b.CalendarId != null).Select(b => new { b.Id, b.CalendarId }).ToList().ToDictionary(b => b.Id, b => b.CalendarId!.Value);
            return kept = new Kept(at, rows, calendars, brands);
        }
    }

    /// <summary>The calendar of a brand with its name: its own, or that of the house.</summary>
    public (string Name, WorkingCalendar Calendar) CalendarOf(long brand) =>
        Now is var now && now.OfBrand.TryGetValue(brand, out var id) && now.Calendars.TryGetValue(id, out var own) ? own : (Words.CalendarHouse, HouseCalendar.Of(house));

    /// <summary>The calendars to choose from; that of the house has no id.</summary>
    public IReadOnlyList<(string Value, string Shown)> Choices() =>
        [("", Words.CalendarHouse), .. Now.Calendars.OrderBy(c => c.Value.Name, StringComparer.CurrentCulture).Select(c => (c.Key.ToString(CultureInfo.InvariantCulture), c.Value.Name))];

    /// <summary>True for a calendar that stands.</summary>
    public bool Has(long calendar) => Now.Calendars.ContainsKey(calendar);

    /// <summary>The time that holds for such a case: of the most specific row that names one. Null without a target.</summary>
    public TargetChosen? Chosen(TargetKind target, TargetBasis of)
    {
        foreach (var row in Now.Rows)
            if (row.Of(target) is { } time && row.Fits(of)) return new(time, row);
        return target == TargetKind.FirstAnswer ? new(Default, null) : null;
    }

    /// <summary>The deadline of a target, UTC; null without one, and where the calendar has no such time left.</summary>
    public DateTime? Due(TargetKind target, TargetBasis of, DateTime from, IReadOnlyList<Pause> pauses)
    {
        if (Chosen(target, of) is not { } chosen) return null;
        try { return Reckoning(chosen.Time, of.Brand).After(from, TimeSpan.FromMinutes(chosen.Time.Minutes), [.. pauses]); }
        catch (Refused) { return null; }
    }

    /// <summary>How the deadline comes about by what is set now; null where there is none.</summary>
    public Arithmetic? Show(TargetKind target, TargetBasis of, DateTime from, IReadOnlyList<Pause> pauses)
    {
        if (Chosen(target, of) is not { } chosen) return null;
        try { return Reckoning(chosen.Time, of.Brand).ShowAfter(from, TimeSpan.FromMinutes(chosen.Time.Minutes), [.. pauses]); }
        catch (Refused) { return null; }
    }

    /// <summary>Sets the first-answer deadline of a case that is heard now.</summary>
    public void First(Case one) => one.FirstAnswerDue = FirstDue(one, one.HeardAt);

    /// <summary>The first-answer deadline of a case from a moment, UTC.</summary>
    public DateTime FirstDue(Case one, DateTime from) => Due(TargetKind.FirstAnswer, one.Basis, from, []) ?? from.AddMinutes(Default.Minutes);

    /// <summary>Before the commit of each write: sets the deadlines of the cases that it changed.</summary>
    internal Task Keep(Database db)
    {
        foreach (var one in db.ChangedNouns.OfType<Case>()) Set(one);
        return Task.CompletedTask;
    }

    /// <summary>Sets the deadlines that changed with what the verbs of this write changed. Of a new case before it is first saved: else it would be saved twice.</summary>
    internal void Set(Case one) => one.SetTargets((target, from, pauses) => Due(target, one.Basis, from, pauses));

    WorkingCalendar Reckoning(TargetTime time, long brand)
    {
        var calendar = CalendarOf(brand).Calendar;
        return time.Elapsed ? always.GetOrAdd(calendar.Plan.Zone, zone => new WorkingCalendar(new CalendarPlan { Zone = zone, RoundTheClock = true })) : calendar;
    }

    public void Dispose() => hints.Told -= Hear;
}
