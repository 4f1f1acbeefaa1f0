namespace Amends.Cases.Targets;

/// <summary>The answers once more, with how they came about. Slower, and only for who asks.</summary>
public sealed partial class WorkingCalendar
{
    // Days at each end that have lines of their own; what lies between is one line.
    const int DaysShown = 7;

    /// <summary><see cref="After"/>, shown.</summary>
    public Arithmetic ShowAfter(DateTime from, TimeSpan work, params ReadOnlySpan<Pause> pauses)
    {
        var due = After(from, work, pauses);
        var lines = Reckoned(from, due, pauses);
        // The last thing worked is what ends it: all pauses lie before.
        var last = lines.FindLastIndex(line => line.Kind == LineKind.Worked);
        if (last >= 0)
        {
            lines.RemoveRange(last + 1, lines.Count - last - 1);
            lines[last] = lines[last] with { Kind = LineKind.Due };
        }
        return new(Utc(from.Ticks), due, work, lines);
    }

    /// <summary><see cref="Between"/>, shown.</summary>
    public Arithmetic ShowBetween(DateTime from, DateTime until, params ReadOnlySpan<Pause> pauses) =>
        new(Utc(from.Ticks), Utc(until.Ticks), Between(from, until, pauses), until <= from ? [] : Reckoned(from, until, pauses));

    /// <summary><see cref="NextOpening"/>, shown.</summary>
    public Arithmetic ShowNextOpening(DateTime at)
    {
        var opening = NextOpening(at);
        var lines = new List<ArithmeticLine>();
        if (opening == at) lines.Add(OpenAt(at));
        else
        {
            Days(lines, DayOf(at.Ticks), DayOf(opening.Ticks).AddDays(-1), (_, _) => default, day => AddUnless(lines, day));
            lines.Add(new(LineKind.Opens, Local(opening), Local(opening), TimeSpan.Zero, Named: HolidayOn(DayOf(opening.Ticks))?.Name));
        }
        return new(Utc(at.Ticks), opening, null, lines);
    }

    /// <summary><see cref="NextClosing"/>, shown; null where it stays open.</summary>
    public Arithmetic? ShowNextClosing(DateTime at)
    {
        if (NextClosing(at) is not { } closing) return null;
        var lines = new List<ArithmeticLine>();
        var opening = NextOpening(at);
        if (opening != at) lines.AddRange(ShowNextOpening(at).Lines);
        // A closing at midnight belongs to the day that ends.
        lines.Add(new(LineKind.Closes, Local(opening), Local(closing), closing - opening, Named: HolidayOn(DayOf(closing.Ticks - 1))?.Name));
        return new(Utc(at.Ticks), closing, null, lines);
    }

    /// <summary><see cref="EndOfDayAfter"/>, shown.</summary>
    public Arithmetic ShowEndOfDayAfter(DateTime at, int days)
    {
        var end = EndOfDayAfter(at, days);
        var (first, last) = (DayOf(at.Ticks), DayAfter(at, days));
        var lines = new List<ArithmeticLine>();
        var counted = 0;
        Days(lines, days == 0 ? first : first.AddDays(1), last.AddDays(-1), (from, until) => { counted += Count(from, until).Working; return default; }, day =>
        {
            if (IsWorkingDay(day)) lines.Add(new(LineKind.Counted, Midnight(day), Midnight(day), TimeSpan.Zero, ++counted, Named: HolidayOn(day)?.Name));
            else AddUnless(lines, day);
        });
        lines.Add(new(LineKind.Closes, Midnight(last), Local(end), TimeSpan.Zero, days, Named: HolidayOn(last)?.Name));
        return new(Utc(at.Ticks), end, null, lines);
    }

    /// <summary><see cref="IsOpen"/>, shown: until when it is open, or why it is not and when it opens.</summary>
    public Arithmetic ShowIsOpen(DateTime at) => ShowNextOpening(at);

    ArithmeticLine OpenAt(DateTime at) => NextClosing(at) is { } closing
        ? new(LineKind.Open, Local(at), Local(closing), closing - at, Named: HolidayOn(DayOf(at.Ticks))?.Name)
        : new(LineKind.Open, Local(at), Local(at), TimeSpan.Zero);

    List<ArithmeticLine> Reckoned(DateTime from, DateTime until, ReadOnlySpan<Pause> pauses)
    {
        var stops = InOrder(pauses).ToArray();
        var lines = new List<ArithmeticLine>();
        // What ends at midnight belongs to the day that ends.
        Days(lines, DayOf(from.Ticks), DayOf(until.Ticks - 1), (first, last) => Between(Utc(At(first, 0)), Utc(At(last, HoursSpan.EndOfDay)), stops), day => Day(lines, day, from.Ticks, until.Ticks, stops));
        return lines;
    }

    // The spans of a day as far as they lie within, cut by the pauses.
    void Day(List<ArithmeticLine> lines, DateOnly day, long from, long until, Pause[] pauses)
    {
        var year = Of(day.Year);
        var (n, end) = year.Of(day);
        if (n == end)
        {
            AddUnless(lines, day);
            return;
        }
        var before = lines.Count;
        var name = HolidayOn(day)?.Name;
        for (; n < end; n++)
        {
            var (open, close) = (Math.Max(year[n].Open, from), Math.Min(year[n].Close, until));
            foreach (var (stop, go) in pauses)
            {
                if (go.Ticks <= open || stop.Ticks >= close || stop == go) continue;
                Add(LineKind.Worked, open, stop.Ticks);
                Add(LineKind.Paused, Math.Max(open, stop.Ticks), Math.Min(close, go.Ticks));
                open = go.Ticks;
            }
            Add(LineKind.Worked, open, close);
        }
        if (lines.Count == before) lines.Add(new(LineKind.Outside, Midnight(day), Midnight(day), TimeSpan.Zero, Named: name));

        void Add(LineKind kind, long begin, long stop)
        {
            if (begin < stop) lines.Add(new(kind, Local(Utc(begin)), Local(Utc(stop)), kind == LineKind.Worked ? new(stop - begin) : TimeSpan.Zero, Named: name));
        }
    }

    // A day without hours: joined with closed ones before it; a holiday has a line of its own. A day with hours is said to lie outside.
    void AddUnless(List<ArithmeticLine> lines, DateOnly day)
    {
        if (IsWorkingDay(day)) lines.Add(new(LineKind.Outside, Midnight(day), Midnight(day), TimeSpan.Zero, Named: HolidayOn(day)?.Name));
        else if (HolidayOn(day) is { } holiday && week[((int)day.DayOfWeek + 6) % 7].Count > 0) lines.Add(new(LineKind.Holiday, Midnight(day), Midnight(day), TimeSpan.Zero, Named: holiday.Name));
        else if (lines.Count > 0 && lines[^1] is { Kind: LineKind.Closed } closed) lines[^1] = closed with { Until = Midnight(day) };
        else lines.Add(new(LineKind.Closed, Midnight(day), Midnight(day), TimeSpan.Zero));
    }

    // Each day of a stretch; of a long one the first and the last, with one line for all between.
    void Days(List<ArithmeticLine> lines, DateOnly first, DateOnly last, Func<DateOnly, DateOnly, TimeSpan> sum, Action<DateOnly> each)
    {
        var shown = last.DayNumber - first.DayNumber < 2 * DaysShown + 1;
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (!shown && day == first.AddDays(DaysShown))
            {
                var until = last.AddDays(-DaysShown);
                var (working, holidays) = Count(day, until);
                lines.Add(new(LineKind.Days, Midnight(day), Midnight(until), sum(day, until), working, holidays));
                day = until;
            }
            else each(day);
        }
    }

    (int Working, int Holidays) Count(DateOnly first, DateOnly last)
    {
        var (working, holidays) = (0, 0);
        for (var day = first; day <= last; day = day.AddDays(1))
            if (IsWorkingDay(day)) working++;
            else if (HolidayOn(day) is not null && week[((int)day.DayOfWeek + 6) % 7].Count > 0) holidays++;
        return (working, holidays);
    }

    static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue);
}
