using Amends.Foundation;
using Amends.Foundation.Settings;
using static Amends.Cases.Targets.TargetSettings;

namespace Amends.Cases.Targets;

/// <summary>Settings of the default calendar; its hours and zone are those of the house.</summary>
public static class TargetSettings
{
    /// <summary>The holidays of the house, as <see cref="HolidayLines"/> writes them.</summary>
    public static readonly SettingName<string> Holidays = new("company.holidays", "");
}

/// <summary>The calendar of the house, the default one: its business hours in its zone, and its holidays.</summary>
public static class HouseCalendar
{
    // The last one made, with what it was made of: its years stay worked out from one question to the next.
    static (string Hours, string Zone, string Holidays, WorkingCalendar Calendar)? last;
    static readonly Lock changing = new();

    /// <summary>The hours of the house as they are set, or the default ones where they cannot be read.</summary>
    public static WorkingCalendar Of(House house)
    {
        var (hours, zone, holidays) = (house.Get(HouseSettings.Hours), house.Get(HouseSettings.Zone), house.Get(Holidays));
        lock (changing)
        {
            if (last is { } known && known.Hours == hours && known.Zone == zone && known.Holidays == holidays) return known.Calendar;
            var made = Made(hours, zone, holidays) ?? Made(HouseSettings.Hours.Default, zone) ?? WorkingCalendar.Read(HouseSettings.Hours.Default, "Etc/UTC");
            last = (hours, zone, holidays, made);
            return made;
        }
    }

    static List<HoursSpan> Joined(IReadOnlyList<HoursSpan> spans)
    {
        var joined = new List<HoursSpan>();
        foreach (var span in spans.OrderBy(s => s.From))
            if (joined.Count > 0 && span.From < joined[^1].Until) joined[^1] = new(joined[^1].From, Math.Max(joined[^1].Until, span.Until));
            else joined.Add(span);
        return joined;
    }

    /// <summary>A calendar of stored hours; null where they cannot be read.</summary>
    internal static WorkingCalendar? Made(string hours, string zone, string holidays = "")
    {
        try
        {
            var plan = CalendarPlan.Read(hours, zone);
            // The first run once took spans that overlap.
            return new(plan with { Week = [.. plan.Week.Select(Joined)], Holidays = HolidayLines.Read(holidays) });
        }
        catch (Refused) { return null; }
    }
}
