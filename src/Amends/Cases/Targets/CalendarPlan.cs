using System.Globalization;
using Amends.Foundation;
using NodaTime;

namespace Amends.Cases.Targets;

/// <summary>What is wrong with a calendar, beside which field, as a sentence.</summary>
public readonly record struct CalendarFault(string Field, string Why);

/// <summary>What a calendar is made of, as it is set and stored; a <see cref="WorkingCalendar"/> reckons with it.</summary>
public sealed record CalendarPlan
{
    /// <summary>More holidays than this are refused.</summary>
    public const int MostHolidays = 5_000;

    // A day of seconds could be cut into 43,200 spans; nobody works so.
    const int MostSpansADay = 48;

    static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>IANA name of the zone in which the hours are meant.</summary>
    public required string Zone { get; init; }

    /// <summary>Open at every moment, whatever day it is: week and holidays do not count.</summary>
    public bool RoundTheClock { get; init; }

    /// <summary>The spans of each weekday, Monday first; a break is what lies between two.</summary>
    public IReadOnlyList<IReadOnlyList<HoursSpan>> Week { get; init; } = [[], [], [], [], [], [], []];

    /// <summary>The days with other hours.</summary>
    public IReadOnlyList<Holiday> Holidays { get; init; } = [];

    /// <summary>Reads <c>Mon-Fri 09:00-12:00, 13:00-17:00; Sat 10:00-12:00</c>; commas and semicolons part alike. Nothing, or <c>24/7</c>, means round the clock.</summary>
    /// <exception cref="Refused">The hours cannot be read; whether they make sense is said by <see cref="Faults"/>.</exception>
    public static CalendarPlan Read(string hours, string zone)
    {
        if (string.IsNullOrWhiteSpace(hours) || hours.Trim() == "24/7") return new() { Zone = zone, RoundTheClock = true };
        var week = Enumerable.Range(0, 7).Select(_ => new List<HoursSpan>()).ToArray();
        var (days, open) = (new List<int>(), false);
        foreach (var word in hours.Replace('–', '-').Replace(" - ", "-", StringComparison.Ordinal).Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            // "Mon, Wed 09:00-12:00": days gather until their hours come.
            if (char.IsLetter(word[0]))
            {
                if (!open) days.Clear();
                open = true;
                days.AddRange(DaysOf(word) ?? throw new Refused("hours", Said(Words.HoursUnreadable, word)));
                continue;
            }
            if (days.Count == 0) throw new Refused("hours", Said(Words.HoursUnreadable, word));
            open = false;
            var span = HoursSpan.Read(word);
            foreach (var day in days) week[day].Add(span);
        }
        if (open) throw new Refused("hours", Said(Words.HoursUnreadable, hours));
        return new() { Zone = zone, Week = week };
    }

    /// <summary>All that is wrong with it; none where it can be used.</summary>
    public IEnumerable<CalendarFault> Faults()
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(Zone) is null) yield return new("zone", Said(Words.ZoneUnknown, Zone));
        if (RoundTheClock) yield break;
        if (Week.Count != 7) { yield return new("hours", Words.WeekNotSeven); yield break; }
        for (var day = 0; day < 7; day++)
            foreach (var fault in FaultsOf(Named(day), Week[day])) yield return new("hours", fault);
        if (Week.All(spans => spans.Count == 0)) yield return new("hours", Words.NoHours);
        if (Holidays.Count > MostHolidays) { yield return new("holidays", Said(Words.HolidaysTooMany, MostHolidays)); yield break; }
        foreach (var holiday in Holidays.Where(h => h.Does != HolidayHours.Closed))
            foreach (var fault in FaultsOf(holiday.Name.Length > 0 ? holiday.Name : holiday.Day.ToString(), holiday.Hours)) yield return new("holidays", fault);
        // Only days that come every year can close a calendar for good: a given date ends.
        if (Holidays.Where(h => h is { Does: HolidayHours.Closed, Day.Rule: HolidayRule.Yearly }).Select(h => h.Day).Distinct().Count() == 366) yield return new("holidays", Words.AllHolidays);
    }

    static IEnumerable<string> FaultsOf(string day, IReadOnlyList<HoursSpan> spans)
    {
        if (spans.Count > MostSpansADay) { yield return Said(Words.SpansTooMany, day, MostSpansADay); yield break; }
        if (spans.Select(s => s.Fault).FirstOrDefault(f => f is not null) is { } wrong) { yield return wrong; yield break; }
        HoursSpan[] sorted = [.. spans.OrderBy(s => s.From)];
        for (var n = 1; n < sorted.Length; n++)
            if (sorted[n].From < sorted[n - 1].Until) yield return Said(Words.SpansOverlap, day, sorted[n - 1], sorted[n]);
    }

    static string Named(int day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)((day + 1) % 7));

    static IEnumerable<int>? DaysOf(string text)
    {
        var ends = text.Split('-');
        var (from, until) = (DayOf(ends[0]), DayOf(ends[^1]));
        if (from < 0 || until < 0 || ends.Length > 2) return null;
        return until >= from ? Enumerable.Range(from, until - from + 1) : [.. Enumerable.Range(from, 7 - from), .. Enumerable.Range(0, until + 1)];
    }

    // Mon, Monday.
    static int DayOf(string text) => text.Length < 3 ? -1 : Array.FindIndex(Days, d => d.StartsWith(text, StringComparison.OrdinalIgnoreCase));

    static string Said(string words, params object[] about) => string.Format(CultureInfo.CurrentCulture, words, about);
}
