using System.Globalization;
using Amends.Foundation;

namespace Amends.Cases.Targets;

/// <summary>What a holiday does to the hours of its day.</summary>
public enum HolidayHours
{
    /// <summary>Nobody works.</summary>
    Closed,

    /// <summary>Of the weekday's hours, those that lie within the given ones: a half day. A day that is closed anyway stays closed.</summary>
    Within,

    /// <summary>The given hours instead of the weekday's, also on a day that is closed otherwise.</summary>
    Instead,
}

/// <summary>A day on which other hours hold than on its weekday.</summary>
/// <param name="Name">As people call it; may be empty.</param>
/// <param name="Day">When it is.</param>
/// <param name="Does">What it does to the hours.</param>
/// <param name="Hours">For <see cref="HolidayHours.Within"/> and <see cref="HolidayHours.Instead"/>; else empty.</param>
public sealed record Holiday(string Name, HolidayDay Day, HolidayHours Does, IReadOnlyList<HoursSpan> Hours)
{
    /// <summary>A whole day on which nobody works.</summary>
    public static Holiday Whole(string name, HolidayDay day) => new(name, day, HolidayHours.Closed, []);

    /// <summary>A day that ends early: 12:00 is the usual half day.</summary>
    /// <param name="until">Seconds since midnight.</param>
    public static Holiday Half(string name, HolidayDay day, int until = HoursSpan.EndOfDay / 2) => new(name, day, HolidayHours.Within, [new(0, until)]);

    /// <summary>A day with hours of its own.</summary>
    public static Holiday Own(string name, HolidayDay day, params IReadOnlyList<HoursSpan> hours) => new(name, day, HolidayHours.Instead, hours);

    /// <summary>Which of two on one day holds: a given date before a rule, more said before less.</summary>
    internal int Weight => (Day.Rule == HolidayRule.Date ? 10 : 0) + (int)Does;
}

/// <summary>How the day of a holiday is found.</summary>
public enum HolidayRule
{
    /// <summary>One date of one year.</summary>
    Date,

    /// <summary>The same date every year.</summary>
    Yearly,

    /// <summary>The same date every year; where that is a Saturday or Sunday, the Monday after it.</summary>
    YearlyOrMonday,

    /// <summary>The same date every year; a Saturday is moved to the Friday before, a Sunday to the Monday after.</summary>
    YearlyOrNearest,

    /// <summary>So many days after Easter Sunday (Gregorian calendar), or before it.</summary>
    Easter,

    /// <summary>The first, second … or last of a weekday in a month.</summary>
    Weekday,
}

/// <summary>When a holiday is. Written as <c>2026-12-24</c>, <c>12-25</c>, <c>12-25 monday</c>, <c>12-25 nearest</c>, <c>easter-2</c>, <c>easter+39</c>, <c>thu 4 11</c> (the fourth Thursday of November), <c>mon last 05</c>.</summary>
public sealed record HolidayDay
{
    static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    readonly DateOnly date;
    readonly int month, day;

    HolidayDay(HolidayRule rule, DateOnly date = default, int month = 0, int day = 0, DayOfWeek weekday = default) => (Rule, this.date, this.month, this.day, Weekday) = (rule, date, month, day, weekday);

    /// <summary>How it is found.</summary>
    public HolidayRule Rule { get; }

    DayOfWeek Weekday { get; }

    /// <summary>One date.</summary>
    public static HolidayDay On(DateOnly date) => new(HolidayRule.Date, date);

    /// <summary>The same date every year; 29 February is only in leap years.</summary>
    /// <param name="rule">Whether it is moved from a weekend.</param>
    /// <exception cref="Refused">No year has this date.</exception>
    public static HolidayDay EveryYear(int month, int day, HolidayRule rule = HolidayRule.Yearly) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(2000, month) && rule is HolidayRule.Yearly or HolidayRule.YearlyOrMonday or HolidayRule.YearlyOrNearest
            ? new(rule, month: month, day: day) : throw Unreadable(string.Create(CultureInfo.InvariantCulture, $"{month:00}-{day:00}"));

    /// <summary>Good Friday is two days before, Easter Monday one day after.</summary>
    /// <param name="days">−200 to 200.</param>
    public static HolidayDay FromEaster(int days) => days is >= -200 and <= 200 ? new(HolidayRule.Easter, day: days) : throw Unreadable("easter" + days.ToString("+0;-0", CultureInfo.InvariantCulture));

    /// <summary>Thanksgiving is the fourth Thursday of November.</summary>
    /// <param name="nth">1 to 4, or −1 for the last.</param>
    public static HolidayDay Nth(int nth, DayOfWeek weekday, int month) => nth is -1 or (>= 1 and <= 4) && month is >= 1 and <= 12
        ? new(HolidayRule.Weekday, month: month, day: nth, weekday: weekday) : throw Unreadable(string.Create(CultureInfo.InvariantCulture, $"{Weekdays[(int)weekday]} {nth} {month:00}"));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="Refused">It cannot be read, or no year has such a day.</exception>
    public static HolidayDay Read(string text)
    {
        var words = text.Trim().ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [{ Length: 10 } whole] when DateOnly.TryParseExact(whole, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date): return On(date);
            // Of a leap year, so that 29 February can be read.
            case [{ Length: 5 } yearly, .. var moved] when moved is [] or ["monday"] or ["nearest"] && DateOnly.TryParseExact("2000-" + yearly, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var of):
                return EveryYear(of.Month, of.Day, moved switch { ["monday"] => HolidayRule.YearlyOrMonday, ["nearest"] => HolidayRule.YearlyOrNearest, _ => HolidayRule.Yearly });
            case ["easter"]: return FromEaster(0);
            case [var easter] when easter.StartsWith("easter", StringComparison.Ordinal) && int.TryParse(easter.AsSpan(6), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days): return FromEaster(days);
            case [var weekday, var nth, var month] when Array.IndexOf(Weekdays, weekday) is >= 0 and var on && int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
                && (nth == "last" ? -1 : int.TryParse(nth, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0) is var which:
                return Nth(which, (DayOfWeek)on, m);
            default: throw Unreadable(text);
        }
    }

    /// <summary>Its day in that year, or null where the year has none. A moved one may lie in the year before or after.</summary>
    public DateOnly? In(int year)
    {
        switch (Rule)
        {
            case HolidayRule.Date: return date.Year == year ? date : null;
            case HolidayRule.Easter: return EasterSunday(year).AddDays(day);
            case HolidayRule.Weekday when day > 0:
                var first = new DateOnly(year, month, 1);
                return first.AddDays((Weekday - first.DayOfWeek + 7) % 7 + (day - 1) * 7);
            case HolidayRule.Weekday:
                var last = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
                return last.AddDays(-((last.DayOfWeek - Weekday + 7) % 7));
        }
        if (day > DateTime.DaysInMonth(year, month)) return null;
        var fixedDay = new DateOnly(year, month, day);
        return (Rule, fixedDay.DayOfWeek) switch
        {
            (HolidayRule.YearlyOrMonday, DayOfWeek.Saturday) => fixedDay.AddDays(2),
            (HolidayRule.YearlyOrMonday or HolidayRule.YearlyOrNearest, DayOfWeek.Sunday) => fixedDay.AddDays(1),
            (HolidayRule.YearlyOrNearest, DayOfWeek.Saturday) => fixedDay.AddDays(-1),
            _ => fixedDay,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Rule switch
    {
        HolidayRule.Date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        HolidayRule.Easter => day == 0 ? "easter" : "easter" + day.ToString("+0;-0", CultureInfo.InvariantCulture),
        HolidayRule.Weekday => string.Create(CultureInfo.InvariantCulture, $"{Weekdays[(int)Weekday]} {(day < 0 ? "last" : day)} {month:00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{month:00}-{day:00}{(Rule == HolidayRule.YearlyOrMonday ? " monday" : Rule == HolidayRule.YearlyOrNearest ? " nearest" : "")}"),
    };

    // The Gregorian computus: the Sunday after the first full moon, by the tables of the church, on or after 21 March.
    static DateOnly EasterSunday(int year)
    {
        var golden = year % 19;
        var century = year / 100;
        var moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
        moon -= moon / 28 * (1 - 29 / (moon + 1) * ((21 - golden) / 11));
        var weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
        return new DateOnly(year, 3, 28).AddDays(moon - weekday);
    }

    static Refused Unreadable(string text) => new("holidays", string.Format(CultureInfo.CurrentCulture, Words.HolidayUnreadable, text));
}
