using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Amends.Promises.Finding;

/// <summary>What has to be known of working time to say when a promise is due.</summary>
public interface IOfficeHours
{
    /// <summary>The zone in which hours and promises are said.</summary>
    DateTimeZone Zone { get; }

    /// <summary>True where anybody works on that day.</summary>
    bool IsWorkingDay(LocalDate day);

    /// <summary>When work begins; on a day without work, when it usually does.</summary>
    LocalTime Opens(LocalDate day);

    /// <summary>When work ends; on a day without work, when it usually does.</summary>
    LocalTime Closes(LocalDate day);
}

/// <summary>Working hours in one line: "Mon-Fri 09:00-17:00", several parts apart by commas or semicolons ("Mon-Thu 08:00-18:00, Fri 08:00-15:00"), or "24/7".</summary>
public sealed class OfficeHours : IOfficeHours
{
    static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("H:mm");

    readonly (LocalTime Opens, LocalTime Closes)?[] week = new (LocalTime, LocalTime)?[7];
    readonly HashSet<LocalDate> holidays;

    OfficeHours(DateTimeZone zone, HashSet<LocalDate> holidays) => (Zone, this.holidays) = (zone, holidays);

    /// <inheritdoc/>
    public DateTimeZone Zone { get; }

    /// <summary>Reads a line of hours.</summary>
    /// <exception cref="FormatException">The line says no hours, or cannot be read.</exception>
    public static OfficeHours Parse(string line, DateTimeZone zone, params IEnumerable<LocalDate> holidays)
    {
        var hours = new OfficeHours(zone, [.. holidays]);
        var days = new List<int>();
        foreach (var part in line.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "24/7")
            {
                hours.week.AsSpan().Fill((LocalTime.Midnight, new LocalTime(23, 59)));
                continue;
            }
            var space = part.IndexOf(' ', StringComparison.Ordinal);
            // "Mon, Wed 09:00-17:00": days gather until their hours come.
            days.AddRange(Days(space < 0 ? part : part[..space], line));
            if (space < 0)
                continue;
            foreach (var span in part[space..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (span.Split('-', '–') is not [var from, var to] || !Clock.Parse(from).TryGetValue(default, out var opens) || !TryClose(to, out var closes) || closes <= opens)
                    throw new FormatException($"\"{line}\" is no line of hours such as \"Mon-Fri 09:00-17:00\".");
                foreach (var day in days)
                    hours.week[day] = hours.week[day] is { } known ? (LocalTime.Min(known.Opens, opens), LocalTime.Max(known.Closes, closes)) : (opens, closes);
            }
            days.Clear();
        }
        if (days.Count > 0 || hours.week.All(day => day is null))
            throw new FormatException($"\"{line}\" says no hours.");
        return hours;
    }

    static bool TryClose(string said, out LocalTime closes)
    {
        if (said == "24:00")
        {
            closes = new(23, 59);
            return true;
        }
        return Clock.Parse(said).TryGetValue(default, out closes);
    }

    static IEnumerable<int> Days(string said, string line)
    {
        var ends = said.Split('-', '–');
        var from = Array.IndexOf(Names, Short(ends[0]));
        var to = Array.IndexOf(Names, Short(ends[^1]));
        if (from < 0 || to < 0 || ends.Length > 2)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"\"{said}\" in \"{line}\" is no day such as Mon or Mon-Fri."));
        for (var day = from; ; day = (day + 1) % 7)
        {
            yield return day;
            if (day == to)
                yield break;
        }
    }

    static string Short(string day) => day.Length > 3 ? day[..3].ToLowerInvariant() : day.ToLowerInvariant();

    /// <inheritdoc/>
    public bool IsWorkingDay(LocalDate day) => week[(int)day.DayOfWeek - 1] is not null && !holidays.Contains(day);

    /// <inheritdoc/>
    public LocalTime Opens(LocalDate day) => Usual(day).Opens;

    /// <inheritdoc/>
    public LocalTime Closes(LocalDate day) => Usual(day).Closes;

    (LocalTime Opens, LocalTime Closes) Usual(LocalDate day)
    {
        // A Saturday without work has the hours of the Friday before.
        for (var index = (int)day.DayOfWeek + 6; ; index--)
            if (week[index % 7] is { } hours)
                return hours;
    }
}
