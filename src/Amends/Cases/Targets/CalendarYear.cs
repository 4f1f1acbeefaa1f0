namespace Amends.Cases.Targets;

/// <summary>The spans of one local year as instants, with what is worked before each: any moment is found by halving. UTC ticks throughout.</summary>
sealed class CalendarYear
{
    readonly long[] opens, closes, before;

    // The first span of each day; one more than there are days.
    readonly int[] ofDay;

    readonly DateOnly first;
    readonly IReadOnlyDictionary<DateOnly, Holiday> holidays;

    /// <param name="at">The instant at which a clock in the zone first shows that many seconds of a day.</param>
    public CalendarYear(int year, Func<DateOnly, IReadOnlyList<HoursSpan>> hours, IReadOnlyDictionary<DateOnly, Holiday> holidays, Func<DateOnly, int, long> at)
    {
        (first, this.holidays) = (new DateOnly(year, 1, 1), holidays);
        var days = DateTime.IsLeapYear(year) ? 366 : 365;
        (Start, End) = (at(first, 0), at(first.AddDays(days - 1), HoursSpan.EndOfDay));
        ofDay = new int[days + 1];
        var found = new List<(long Open, long Close)>(days * 2);
        for (var n = 0; n < days; n++)
        {
            ofDay[n] = found.Count;
            foreach (var span in hours(first.AddDays(n)))
            {
                var (open, close) = (at(first.AddDays(n), span.From), at(first.AddDays(n), span.Until));
                // A span that a change of the clocks leaves out has no time.
                if (close <= open) continue;
                if (found.Count > ofDay[n] && found[^1].Close == open) found[^1] = (found[^1].Open, close);
                else found.Add((open, close));
            }
        }
        ofDay[days] = found.Count;
        (opens, closes, before) = (new long[found.Count], new long[found.Count], new long[found.Count]);
        for (var n = 0; n < found.Count; n++)
        {
            (opens[n], closes[n], before[n]) = (found[n].Open, found[n].Close, Total);
            Total += found[n].Close - found[n].Open;
        }
    }

    /// <summary>Which year.</summary>
    public int Number => first.Year;

    /// <summary>The first instant of the year in the zone.</summary>
    public long Start { get; }

    /// <summary>The first instant of the next year.</summary>
    public long End { get; }

    /// <summary>All that is worked in it.</summary>
    public long Total { get; }

    /// <summary>How many spans it has.</summary>
    public int Count => opens.Length;

    /// <summary>One of its spans.</summary>
    public (long Open, long Close) this[int n] => (opens[n], closes[n]);

    /// <summary>What is worked from the year's beginning until then.</summary>
    public long Worked(long at)
    {
        var n = LastOpened(at);
        return n < 0 ? 0 : before[n] + Math.Min(at, closes[n]) - opens[n];
    }

    /// <summary>The first instant by which so much is worked.</summary>
    /// <param name="worked">More than nought, at most <see cref="Total"/>.</param>
    public long Moment(long worked)
    {
        // What ends with a span ends at its closing, not at the next opening: the last span before which less was worked.
        var (low, high) = (0, before.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (before[middle] < worked) low = middle;
            else high = middle - 1;
        }
        return opens[low] + worked - before[low];
    }

    /// <summary>The last instant by which no more than so much is worked.</summary>
    /// <param name="worked">Less than <see cref="Total"/>.</param>
    public long LastMoment(long worked)
    {
        var (low, high) = (0, before.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (before[middle] <= worked) low = middle;
            else high = middle - 1;
        }
        return opens[low] + worked - before[low];
    }

    /// <summary>The last span that has begun by then, or −1.</summary>
    public int LastOpened(long at)
    {
        var (low, high) = (-1, opens.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (opens[middle] <= at) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// <summary>The spans of a date: from the first until before the second.</summary>
    public (int From, int Until) Of(DateOnly date)
    {
        var n = date.DayNumber - first.DayNumber;
        return (ofDay[n], ofDay[n + 1]);
    }

    /// <summary>The holiday that holds on a date.</summary>
    public Holiday? HolidayOn(DateOnly date) => holidays.GetValueOrDefault(date);
}
