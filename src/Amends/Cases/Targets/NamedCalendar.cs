using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Cases.Targets;

/// <summary>A working calendar beside that of the house, for brands to name.</summary>
public sealed class NamedCalendar : Noun
{
    /// <summary>Up to 120 characters, unique among those that stand.</summary>
    public required string Name { get; set; }

    /// <summary>IANA name.</summary>
    public required string Zone { get; set; }

    /// <summary>As <see cref="CalendarPlan.Read"/> takes them; empty for round the clock.</summary>
    public string Hours { get; set; } = "";

    /// <summary>As <see cref="HolidayLines"/> writes them.</summary>
    public string Holidays { get; set; } = "";

    public DateTime? RemovedAt { get; set; }

    /// <summary>Says that it was made, changed or removed.</summary>
    public void Changed() => Record(new CalendarChanged(Id));
}

/// <summary>A working calendar was made, changed or removed.</summary>
[FactKind("calendar.changed")]
public sealed record CalendarChanged(long Calendar) : IFact
{
    public long Subject => Calendar;
}

/// <summary>Holidays as they are stored: a line each, its parts between tabs.</summary>
public static class HolidayLines
{
    const int LongestName = 120;

    /// <summary>What <see cref="Read"/> reads.</summary>
    public static string Write(IEnumerable<Holiday> holidays) => string.Join('\n', holidays.Select(h => $"{h.Day}\t{h.Does}\t{string.Join(", ", h.Hours)}\t{Clean(h.Name)}"));

    /// <summary>Reads them back.</summary>
    /// <exception cref="Refused">A line cannot be read.</exception>
    public static IReadOnlyList<Holiday> Read(string text)
    {
        var found = new List<Holiday>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (found.Count == CalendarPlan.MostHolidays) throw new Refused("holidays", string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.HolidaysTooMany, CalendarPlan.MostHolidays));
            var parts = line.Split('\t');
            found.Add(Of(parts[0], parts.ElementAtOrDefault(1) ?? nameof(HolidayHours.Closed), parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? ""));
        }
        return found;
    }

    /// <summary>A holiday of what was typed.</summary>
    /// <exception cref="Refused">Day or hours cannot be read.</exception>
    public static Holiday Of(string day, string does, string hours, string name)
    {
        if (!Enum.TryParse<HolidayHours>(does, out var what) || !Enum.IsDefined(what)) what = HolidayHours.Closed;
        if (day.Length > 40) day = day[..40];
        IReadOnlyList<HoursSpan> spans = what == HolidayHours.Closed ? [] : [.. hours.Split(',', StringSplitOptions.TrimEntries).Select(HoursSpan.Read)];
        return new Holiday(Clean(name), HolidayDay.Read(day), what, spans);
    }

    static string Clean(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length > LongestName ? clean[..LongestName].TrimEnd() : clean;
    }
}
