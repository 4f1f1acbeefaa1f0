using Amends.Foundation;
using Amends.Foundation.Settings;

namespace Amends.Cases.Targets;

/// <summary>The calendar of the house: its business hours in its zone.</summary>
public static class HouseCalendar
{
    // The last one made, with what it was made of: its years stay worked out from one question to the next.
    static (string Hours, string Zone, WorkingCalendar Calendar)? last;
    static readonly Lock changing = new();

    /// <summary>The hours of the house as they are set, or the default ones where they cannot be read.</summary>
    public static WorkingCalendar Of(House house)
    {
        var (hours, zone) = (house.Get(HouseSettings.Hours), house.Get(HouseSettings.Zone));
        lock (changing)
        {
            if (last is { } known && known.Hours == hours && known.Zone == zone) return known.Calendar;
            var made = Made(hours, zone) ?? Made(HouseSettings.Hours.Default, zone) ?? WorkingCalendar.Read(HouseSettings.Hours.Default, "Etc/UTC");
            last = (hours, zone, made);
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
    internal static WorkingCalendar? Made(string hours, string zone)
    {
        try
        {
            var plan = CalendarPlan.Read(hours, zone);
            // The first run once took spans that overlap.
            return new(plan with { Week = [.. plan.Week.Select(Joined)] });
        }
        catch (Refused) { return null; }
    }
}
