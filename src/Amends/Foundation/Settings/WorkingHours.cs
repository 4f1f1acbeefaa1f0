using System.Globalization;
using NodaTime;

namespace Amends.Foundation.Settings;

/// <summary>The house's business hours in its zone, and what can be computed from them. Pure: no clock, no database.</summary>
public sealed class WorkingHours
{
    // A year of days without one working hour: then there are none.
    const int MostDays = 400;

    static readonly string[] Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    readonly List<(LocalTime From, LocalTime Until)>[] spans = [.. Enumerable.Range(0, 7).Select(_ => new List<(LocalTime, LocalTime)>())];
    readonly DateTimeZone zone;

    WorkingHours(DateTimeZone zone) => this.zone = zone;

    /// <summary>Reads hours as <c>Mon-Fri 09:00-17:00; Sat 10:00-12:00</c> (until 24:00 is allowed).</summary>
    /// <param name="hours">The text; empty means round the clock.</param>
    /// <param name="zoneName">IANA name.</param>
    /// <returns>The hours, or null where the text or the zone cannot be read.</returns>
    public static WorkingHours? Read(string hours, string zoneName)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneName) is not { } zone) return null;
        var read = new WorkingHours(zone);
        if (string.IsNullOrWhiteSpace(hours)) hours = "Mon-Sun 00:00-24:00";
        foreach (var piece in hours.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = piece.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || DaysOf(words[0]) is not { } days || SpanOf(words[1]) is not { } span) return null;
            foreach (var day in days) read.spans[day].Add(span);
        }
        foreach (var day in read.spans) day.Sort();
        return read;
    }

    /// <summary>The hours of the house, or the default ones where they cannot be read.</summary>
    public static WorkingHours Of(House house) =>
        Read(house.Get(HouseSettings.Hours), house.Get(HouseSettings.Zone)) ?? Read(HouseSettings.Hours.Default, house.Get(HouseSettings.Zone)) ?? Read(HouseSettings.Hours.Default, "Etc/UTC")!;

    /// <summary>The moment at which so much working time has passed since <paramref name="from"/>; <paramref name="from"/> plus the time where no hour is worked at all.</summary>
    /// <param name="from">UTC.</param>
    public DateTime After(DateTime from, TimeSpan work)
    {
        var start = Instant.FromDateTimeUtc(DateTime.SpecifyKind(from, DateTimeKind.Utc));
        var left = Duration.FromTimeSpan(work);
        var date = start.InZone(zone).Date;
        for (var n = 0; n < MostDays; n++, date = date.PlusDays(1))
            foreach (var (open, close) in On(date))
            {
                var begin = Instant.Max(open, start);
                if (close <= begin) continue;
                if (close - begin >= left) return (begin + left).ToDateTimeUtc();
                left -= close - begin;
            }
        return from + work;
    }

    /// <summary>The local moment of an instant, in the house's zone.</summary>
    public DateTime Local(DateTime utc) => Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).InZone(zone).ToDateTimeUnspecified();

    /// <summary>True on a day with hours.</summary>
    public bool IsWorkingDay(DateOnly day) => spans[((int)day.DayOfWeek + 6) % 7].Count > 0;

    /// <summary>True when some hour of the week is worked, and no two spans overlap.</summary>
    public bool MakeSense => spans.Any(d => d.Count > 0) && spans.All(d => d.Zip(d.Skip(1)).All(two => two.First.Until != LocalTime.Midnight && two.First.Until <= two.Second.From));

    /// <summary>The same time of day so many working days later.</summary>
    /// <param name="utc">UTC.</param>
    public DateTime AddDays(DateTime utc, int workingDays)
    {
        var at = Local(utc);
        for (var n = 0; workingDays > 0 && n < MostDays; n++)
        {
            at = at.AddDays(1);
            if (IsWorkingDay(DateOnly.FromDateTime(at))) workingDays--;
        }
        return At(LocalDate.FromDateTime(at), LocalDateTime.FromDateTime(at).TimeOfDay).ToDateTimeUtc();
    }

    /// <summary>When the first working day from this local date on opens, UTC.</summary>
    public DateTime OpeningFrom(DateOnly day)
    {
        for (var n = 0; !IsWorkingDay(day) && n < MostDays; n++) day = day.AddDays(1);
        return At(new LocalDate(day.Year, day.Month, day.Day), spans[((int)day.DayOfWeek + 6) % 7] is [var (from, _), ..] ? from : LocalTime.Midnight).ToDateTimeUtc();
    }

    // Through the zone's own arithmetic: a span over the changing of the clocks is an hour shorter or longer.
    IEnumerable<(Instant Open, Instant Close)> On(LocalDate date) => spans[(int)date.DayOfWeek - 1]
        .Select(span => (At(date, span.From), span.Until == LocalTime.Midnight ? At(date.PlusDays(1), LocalTime.Midnight) : At(date, span.Until)));

    Instant At(LocalDate date, LocalTime time) => zone.AtLeniently(date + time).ToInstant();

    static IEnumerable<int>? DaysOf(string text)
    {
        var ends = text.Split('-');
        var from = Array.FindIndex(Days, d => d.Equals(ends[0], StringComparison.OrdinalIgnoreCase));
        var until = ends.Length == 1 ? from : Array.FindIndex(Days, d => d.Equals(ends[1], StringComparison.OrdinalIgnoreCase));
        if (from < 0 || until < 0 || ends.Length > 2) return null;
        return until >= from ? Enumerable.Range(from, until - from + 1) : [.. Enumerable.Range(from, 7 - from), .. Enumerable.Range(0, until + 1)];
    }

    static (LocalTime, LocalTime)? SpanOf(string text)
    {
        var ends = text.Split('-');
        if (ends.Length != 2 || TimeOf(ends[0]) is not { } from || TimeOf(ends[1]) is not { } until || (until <= from && until != LocalTime.Midnight)) return null;
        return (from, until);
    }

    static LocalTime? TimeOf(string text) => text == "24:00" ? LocalTime.Midnight
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new LocalTime(time.Hour, time.Minute) : null;
}
