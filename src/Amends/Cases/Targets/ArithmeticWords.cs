using System.Globalization;

namespace Amends.Cases.Targets;

/// <summary>An arithmetic in the language of who looks: “Fri 16:30 to 17:00: 30 min · Sat, Sun closed · Mon 25 Dec holiday · Tue 09:00 + 3 h 30 min = 12:30”.</summary>
public static class ArithmeticWords
{
    /// <summary>One sentence for each line; time between two moments has its sum as the last.</summary>
    public static IEnumerable<string> Lines(Arithmetic arithmetic)
    {
        foreach (var line in arithmetic.Lines) yield return Line(line, arithmetic.Lines[0].From.Date);
        if (arithmetic.Time is { } sum && arithmetic.Lines is not [.., { Kind: LineKind.Due }]) yield return Said(Words.LineSum, Length(sum));
    }

    /// <summary>All lines in one.</summary>
    public static string Sentence(Arithmetic arithmetic) => string.Join(" · ", Lines(arithmetic));

    /// <summary>A length to the second: 3 h 30 min.</summary>
    public static string Length(TimeSpan span)
    {
        var parts = new List<string>(3);
        if ((long)span.TotalHours is var hours and > 0) parts.Add(Said(Words.LengthHours, hours));
        if (span.Minutes > 0) parts.Add(Said(Words.LengthMinutes, span.Minutes));
        if (span.Seconds > 0 || parts.Count == 0 && span > TimeSpan.Zero) parts.Add(Said(Words.LengthSeconds, span.Seconds));
        return parts.Count == 0 ? Said(Words.LengthMinutes, 0) : string.Join(' ', parts);
    }

    static string Line(ArithmeticLine line, DateTime start) => line.Kind switch
    {
        LineKind.Worked => Said(line.Until - line.From == line.Time ? Words.LineWorked : Words.LineClocks, Day(line, start), Clock(line.From), Clock(line.Until, line.From), Length(line.Time)),
        LineKind.Due => Said(line.Until - line.From == line.Time ? Words.LineDue : Words.LineDueClocks, Day(line, start), Clock(line.From), Length(line.Time), Clock(line.Until, line.From)),
        LineKind.Paused => Said(Words.LinePaused, Day(line, start), Clock(line.From), Clock(line.Until, line.From)),
        LineKind.Outside => Said(Words.LineOutside, Day(line, start)),
        LineKind.Closed => Said(Words.LineClosed, (line.Until - line.From).Days switch
        {
            0 => Day(line.From, start),
            1 => $"{Day(line.From, start)}, {Day(line.Until, start)}",
            _ => Said(Words.DaysTo, Day(line.From, start), Day(line.Until, start)),
        }),
        LineKind.Holiday => string.IsNullOrEmpty(line.Named) ? Said(Words.LineHoliday, Date(line.From, start)) : Said(Words.LineHolidayNamed, Date(line.From, start), line.Named),
        LineKind.Days => Said(line.Time > TimeSpan.Zero ? Words.LineDays : Words.LineDaysOnly, Said(Words.DaysTo, Date(line.From, start), Date(line.Until, start)),
            Said(line.Days == 1 ? Words.WorkingDay : Words.WorkingDays, line.Days) + line.Holidays switch { 0 => "", 1 => ", " + Words.OneHoliday, var n => ", " + Said(Words.SomeHolidays, n) }, Length(line.Time)),
        LineKind.Open => line.Until > line.From ? Said(Words.LineOpen, Day(line, start), Clock(line.From), Day(EndDay(line), start), Clock(line.Until, line.From)) : Words.LineAlways,
        LineKind.Opens => Said(Words.LineOpens, Day(line, start), Clock(line.From)),
        LineKind.Closes when line.Days > 0 => Said(Words.LineLastDay, line.Days, Day(line, start), Clock(line.Until, line.From)),
        LineKind.Closes => Said(Words.LineCloses, Day(EndDay(line), start), Clock(line.Until, line.From)),
        _ => Said(Words.LineCounted, line.Days, Day(line, start)),
    };

    // A closing at midnight belongs to the day that ends.
    static DateTime EndDay(ArithmeticLine line) => line.Until > line.From ? line.Until.AddTicks(-1).Date : line.Until.Date;

    static string Day(ArithmeticLine line, DateTime start) => string.IsNullOrEmpty(line.Named) ? Day(line.From, start) : Said(Words.DayNamed, Date(line.From, start), line.Named);

    // Within a week the weekday says enough.
    static string Day(DateTime day, DateTime start) => (day.Date - start).Days < 7 ? day.ToString("ddd", CultureInfo.CurrentCulture) : Date(day, start);

    static string Date(DateTime day, DateTime start) => day.ToString(day.Year == start.Year ? Words.FormatDay : Words.FormatDayYear, CultureInfo.CurrentCulture);

    static string Clock(DateTime time) => time.ToString(time.Second == 0 ? "t" : "T", CultureInfo.CurrentCulture);

    static string Clock(DateTime until, DateTime from) => until.TimeOfDay == TimeSpan.Zero && until.Date > from.Date ? Words.EndOfDay : Clock(until);

    static string Said(string words, params object[] about) => string.Format(CultureInfo.CurrentCulture, words, about);
}
