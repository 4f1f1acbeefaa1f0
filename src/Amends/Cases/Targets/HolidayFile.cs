using System.Globalization;
using System.Text;
using Amends.Foundation;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;

namespace Amends.Cases.Targets;

/// <summary>An entry of a calendar file that is no holiday for us, with the reason as a sentence.</summary>
public sealed record EntryLeft(string Name, string Why);

/// <summary>What was found in a calendar file.</summary>
/// <param name="Holidays">Whole days, in the order of the file; those of every year as such, others for each date.</param>
/// <param name="Left">What was not taken, at most <see cref="HolidayFile.MostLeft"/> of them.</param>
public sealed record HolidaysRead(IReadOnlyList<Holiday> Holidays, IReadOnlyList<EntryLeft> Left);

/// <summary>Holidays from a calendar file (iCalendar, RFC 5545): entries of whole days, one or several on end, given or every year. A rule that is more than “every year on this date” is worked out for <see cref="Years"/> years.</summary>
public static class HolidayFile
{
    /// <summary>Bytes. A country's holidays of twenty years take a fifth of it.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>Entries, or single dates that an entry adds or leaves out.</summary>
    public const int MostEntries = 2_000;

    /// <summary>Entries that come back by a rule.</summary>
    public const int MostRules = 300;

    /// <summary>How many of those left out are named.</summary>
    public const int MostLeft = 50;

    /// <summary>For so long ahead a rule is worked out.</summary>
    public const int Years = 20;

    const int MostDaysOnEnd = 60;
    const int LongestLine = 4_000;
    const int LongestName = 120;

    /// <param name="file">As it was sent to us; UTF-8.</param>
    /// <param name="today">Rules are worked out from the beginning of last year on.</param>
    /// <exception cref="Refused">It is no calendar file, too large, or holds no whole day.</exception>
    public static HolidaysRead Read(ReadOnlySpan<byte> file, DateOnly today)
    {
        if (file.Length > MostBytes) throw No(Words.CalendarFileTooLarge, MostBytes / 1024);
        var left = new List<EntryLeft>();
        var found = new List<Holiday>();
        foreach (var calendar in Load(Encoding.UTF8.GetString(file)))
        {
            var rules = 0;
            var moved = calendar.Events.Where(e => e.RecurrenceIdentifier is not null).Select(e => e.Uid).ToHashSet();
            foreach (var entry in calendar.Events.ToList())
            {
                var why = WhyNot(entry);
                if (why is null && entry.RecurrenceRule is not null && ++rules > MostRules) throw No(Words.CalendarFileTooMany, MostRules);
                if (why is not null)
                {
                    if (left.Count < MostLeft) left.Add(new(Name(entry), why));
                }
                else if (!moved.Contains(entry.Uid) && EveryYear(entry, today) is { } days) found.AddRange(days);
                else continue;
                // What stays is worked out together: an entry may move one day of another.
                calendar.Events.Remove(entry);
            }
            found.AddRange(WorkedOut(calendar, today));
        }
        var distinct = found.Distinct().ToList();
        if (distinct.Count > CalendarPlan.MostHolidays) throw No(Words.HolidaysTooMany, CalendarPlan.MostHolidays);
        return distinct.Count == 0 ? throw new Refused("file", Words.CalendarFileNone) : new(distinct, left);
    }

    // Measured before the library reads it: it has no limits of its own.
    static CalendarCollection Load(string text)
    {
        text = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!text.StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) throw No(Words.CalendarFileUnreadable, Words.CalendarFileNotOne);
        var (parts, depth, dates, inDates) = (0, 0, 0, false);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // A list of single dates goes on in lines that begin with a blank; its cost grows with its square.
            if (line is not [' ' or '\t', ..]) inDates = line.StartsWith("RDATE", StringComparison.OrdinalIgnoreCase) || line.StartsWith("EXDATE", StringComparison.OrdinalIgnoreCase);
            if (inDates) dates += 1 + line.Count(',');
            if (line.Length > LongestLine) throw No(Words.CalendarFileUnreadable, Words.CalendarFileLine);
            if (line.StartsWith("BEGIN:", StringComparison.OrdinalIgnoreCase)) (parts, depth) = (parts + 1, depth + 1);
            else if (line.StartsWith("END:", StringComparison.OrdinalIgnoreCase)) depth--;
            if (parts > MostEntries || dates > MostEntries) throw No(Words.CalendarFileTooMany, MostEntries);
            if (depth is < 0 or > 5) throw No(Words.CalendarFileUnreadable, Words.CalendarFileNested);
        }
        try { return CalendarCollection.Load(text); }
        // Whatever a stranger's file makes the library throw: it says what it could not read.
        catch (Exception no) when (no is not OutOfMemoryException) { throw No(Words.CalendarFileUnreadable, Short(no.Message)); }
    }

    static string? WhyNot(CalendarEvent entry)
    {
        if (entry.DtStart is not { } start) return Words.EntryWithoutDate;
        if (start.HasTime || entry.DtEnd?.HasTime == true || entry.Duration?.HasTime == true) return Words.EntryWithTime;
        if (string.Equals(entry.Status, "CANCELLED", StringComparison.OrdinalIgnoreCase)) return Words.EntryCancelled;
        if (start.Year is < WorkingCalendar.FirstYear or > WorkingCalendar.LastYear || Length(entry) is < 1 or > MostDaysOnEnd) return Words.EntryWrongDates;
        if (entry.Properties.Count(p => p.Name is "RRULE") > 1 || entry.Properties.Any(p => p.Name is "EXRULE") || entry.RecurrenceRule is { } rule && !IsYearly(rule)) return Words.EntryWrongRule;
        return null;
    }

    // One day a year, or a weekday of some days of a month: what holidays need, and never a flood.
    static bool IsYearly(RecurrenceRule rule) => rule is { Frequency: FrequencyType.Yearly, Interval: >= 1 and <= 100, BySecond.Count: 0, ByMinute.Count: 0, ByHour.Count: 0, ByYearDay.Count: 0, ByWeekNo.Count: 0, BySetPosition.Count: <= 1, ByMonth.Count: <= 1, ByMonthDay.Count: <= 7, ByDay.Count: <= 1 }
        && (rule.ByMonth.Count == 1 || rule.ByDay.Count + rule.ByMonthDay.Count == 0);

    // Some programs end a day on itself.
    static int Length(CalendarEvent entry) => entry.DtEnd is { } end ? end.Date == entry.DtStart!.Date ? 1 : end.Date.DayNumber - entry.DtStart!.Date.DayNumber
        : entry.Duration is { } span ? (span.Weeks ?? 0) * 7 + (span.Days ?? 0) is var days && span.Sign >= 0 ? days : 0
        : 1;

    // “Every year on this date”, without end: kept as a rule, so that it never runs out. Null for all else.
    static IEnumerable<Holiday>? EveryYear(CalendarEvent entry, DateOnly today)
    {
        var start = entry.DtStart!.Date;
        if (entry.RecurrenceRule is not { Count: null, Until: null, Interval: 1, ByDay.Count: 0, BySetPosition.Count: 0 } rule || start.Year > today.Year
            || rule.ByMonth.Any(month => month != start.Month) || rule.ByMonthDay.Any(day => day != start.Day)
            || entry.ExceptionDates.GetAllDates().Any() || entry.RecurrenceDates.GetAllPeriods().Any() || entry.RecurrenceDates.GetAllDates().Any()) return null;
        DateOnly[] days = [.. Enumerable.Range(0, Length(entry)).Select(start.AddDays)];
        // Days on end over the end of February are others in a leap year.
        return days.Length > 1 && days.Any(d => d is { Month: 2, Day: >= 28 }) ? null : days.Select(d => Holiday.Whole(Name(entry), HolidayDay.EveryYear(d.Month, d.Day)));
    }

    static List<Holiday> WorkedOut(Ical.Net.Calendar calendar, DateOnly today)
    {
        var found = new List<Holiday>();
        // What was given once is taken whenever it was; what comes back, from last year on.
        var (first, last) = (new DateOnly(today.Year - 1, 1, 1), new DateOnly(today.Year + Years, 12, 31));
        foreach (var entry in calendar.Events.Where(e => e.RecurrenceRule is null && !e.RecurrenceDates.GetAllDates().Any() && e.RecurrenceIdentifier is null).ToList())
        {
            Take(entry, entry.DtStart!.Date);
            calendar.Events.Remove(entry);
        }
        try
        {
            foreach (var one in calendar.GetOccurrences<CalendarEvent>(new CalDateTime(first), new EvaluationOptions { MaxUnmatchedIncrementsLimit = 500 }))
            {
                if (one.Period.StartTime.Date > last) break;
                Take((CalendarEvent)one.Source, one.Period.StartTime.Date);
            }
        }
        catch (Exception no) when (no is EvaluationException or ArgumentException or InvalidOperationException) { throw No(Words.CalendarFileUnreadable, Short(no.Message)); }
        return found;

        void Take(CalendarEvent entry, DateOnly start)
        {
            for (var n = 0; n < Length(entry); n++) found.Add(Holiday.Whole(Name(entry), HolidayDay.On(start.AddDays(n))));
            if (found.Count > CalendarPlan.MostHolidays) throw No(Words.HolidaysTooMany, CalendarPlan.MostHolidays);
        }
    }

    static string Name(CalendarEvent entry) => (entry.Summary ?? "").Trim() is { Length: > LongestName } name ? name[..LongestName] : (entry.Summary ?? "").Trim();

    static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    static Refused No(string words, object about) => new("file", string.Format(CultureInfo.CurrentCulture, words, about));
}
