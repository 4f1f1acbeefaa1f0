using System.Globalization;
using Amends.Foundation;
using NodaTime;

namespace Amends.Cases.Targets;

/// <summary>Time in which the clock of a target stands still.</summary>
/// <param name="From">UTC.</param>
/// <param name="Until">UTC.</param>
public readonly record struct Pause(DateTime From, DateTime Until);

/// <summary>
/// Working time, reckoned: hours and holidays in a zone, and what follows from them. Pure: no clock, no database. A year is worked out when it is first asked for and then kept, so keep the calendar too; any thread may ask.
/// <para>An opening instant is open, a closing instant is not. It opens when a clock on the wall first shows the opening time, and closes when it first shows the closing time: docs/decisions/0010-working-time.md.</para>
/// <para>Reckons from <see cref="FirstYear"/> to <see cref="LastYear"/>, and refuses what lies outside. Moments are UTC, exact to the tick.</para>
/// </summary>
public sealed partial class WorkingCalendar
{
    /// <summary>The first year it reckons in.</summary>
    public const int FirstYear = 1900;

    /// <summary>The last year it reckons in.</summary>
    public const int LastYear = 2299;

    // A place that stays open so long does not close.
    const int DaysUntilClosing = 3_660;

    readonly DateTimeZone zone;
    readonly IReadOnlyList<HoursSpan>[] week;
    readonly CalendarYear?[] years = new CalendarYear?[LastYear - FirstYear + 1];

    /// <exception cref="Refused">The plan has a fault; the first is said.</exception>
    public WorkingCalendar(CalendarPlan plan)
    {
        foreach (var fault in plan.Faults()) throw new Refused(fault.Field, fault.Why);
        Plan = plan;
        zone = DateTimeZoneProviders.Tzdb[plan.Zone];
        week = plan.RoundTheClock ? [.. Enumerable.Repeat<IReadOnlyList<HoursSpan>>([HoursSpan.WholeDay], 7)] : [.. plan.Week.Select(spans => (IReadOnlyList<HoursSpan>)[.. spans.OrderBy(s => s.From)])];
    }

    /// <summary>A calendar of weekly hours: see <see cref="CalendarPlan.Read"/>.</summary>
    /// <exception cref="Refused">They cannot be read, or make no sense.</exception>
    public static WorkingCalendar Read(string hours, string zone) => new(CalendarPlan.Read(hours, zone));

    /// <summary>What is wrong with weekly hours, as a sentence; null where they can be used.</summary>
    public static string? FaultOf(string hours)
    {
        try { return CalendarPlan.Read(hours, "Etc/UTC").Faults().Select(fault => fault.Why).FirstOrDefault(); }
        catch (Refused no) { return no.Message; }
    }

    /// <summary>What it was made of.</summary>
    public CalendarPlan Plan { get; }

    /// <summary>The moment by which so much time has been worked. What is used up with the last second of a day ends at its closing.</summary>
    /// <param name="from">UTC.</param>
    /// <param name="work">More than nought.</param>
    /// <param name="pauses">Do not count; in any order.</param>
    /// <exception cref="Refused">There is no time to work, or the moment lies after <see cref="LastYear"/>.</exception>
    public DateTime After(DateTime from, TimeSpan work, params ReadOnlySpan<Pause> pauses)
    {
        if (work <= TimeSpan.Zero) throw new Refused("", Words.TargetZero);
        var (at, left) = (from.Ticks, work.Ticks);
        foreach (var (stop, go) in InOrder(pauses))
        {
            if (go.Ticks <= at) continue;
            if (stop.Ticks > at)
            {
                var worked = Worked(at, stop.Ticks);
                if (worked >= left) break;
                left -= worked;
            }
            at = go.Ticks;
        }
        return Utc(Moment(at, left));
    }

    /// <summary>The last moment from which so much time is worked until then: when to begin, at the latest.</summary>
    /// <param name="until">UTC.</param>
    /// <param name="work">More than nought.</param>
    /// <param name="pauses">Do not count; in any order.</param>
    /// <exception cref="Refused">There is no time to work, or the moment lies before <see cref="FirstYear"/>.</exception>
    public DateTime Before(DateTime until, TimeSpan work, params ReadOnlySpan<Pause> pauses)
    {
        if (work <= TimeSpan.Zero) throw new Refused("", Words.TargetZero);
        var (at, left) = (until.Ticks, work.Ticks);
        var ordered = InOrder(pauses);
        for (var n = ordered.Length - 1; n >= 0; n--)
        {
            if (ordered[n].From.Ticks >= at) continue;
            if (ordered[n].Until.Ticks < at)
            {
                var worked = Worked(ordered[n].Until.Ticks, at);
                if (worked >= left) break;
                left -= worked;
            }
            at = ordered[n].From.Ticks;
        }
        return Utc(LastMoment(at, left));
    }

    /// <summary>The time worked between two moments; nought where the second is not later.</summary>
    /// <param name="from">UTC.</param>
    /// <param name="until">UTC.</param>
    /// <param name="pauses">Do not count; in any order.</param>
    public TimeSpan Between(DateTime from, DateTime until, params ReadOnlySpan<Pause> pauses)
    {
        if (until <= from) return TimeSpan.Zero;
        var worked = Worked(from.Ticks, until.Ticks);
        foreach (var (stop, go) in InOrder(pauses))
            if (Math.Max(stop.Ticks, from.Ticks) is var begin && Math.Min(go.Ticks, until.Ticks) is var end && begin < end) worked -= Worked(begin, end);
        return new(worked);
    }

    /// <summary>True where somebody works at that instant.</summary>
    public bool IsOpen(DateTime at)
    {
        var year = Holding(at.Ticks);
        return year.LastOpened(at.Ticks) is >= 0 and var n && at.Ticks < year[n].Close;
    }

    /// <summary>That moment where it is open, else the next opening.</summary>
    /// <exception cref="Refused">It does not open again before <see cref="LastYear"/> ends.</exception>
    public DateTime NextOpening(DateTime at)
    {
        if (IsOpen(at)) return Utc(at.Ticks);
        for (var year = Holding(at.Ticks); ; year = Next(year))
            if (year.LastOpened(at.Ticks) + 1 is var n && n < year.Count) return Utc(year[n].Open);
    }

    /// <summary>When it closes next: today, or on the next day with hours. Null where it stays open for ten years and more.</summary>
    public DateTime? NextClosing(DateTime at)
    {
        if (Plan.RoundTheClock) return null;
        var opening = NextOpening(at).Ticks;
        var year = Holding(opening);
        var n = year.LastOpened(opening);
        for (var spans = 0; spans < DaysUntilClosing; spans++)
        {
            var close = year[n].Close;
            if (++n == year.Count) (year, n) = (Next(year), 0);
            // A day that begins where the other ends: nobody goes home.
            if (n >= year.Count || year[n].Open != close) return Utc(close);
        }
        return null;
    }

    /// <summary>The end of the hours of the Nth working day after the day of that moment; with 0, of that day itself, or of the first working day after it where it is none.</summary>
    /// <param name="at">UTC.</param>
    /// <param name="days">0 or more.</param>
    public DateTime EndOfDayAfter(DateTime at, int days)
    {
        var (year, until) = Spans(DayAfter(at, days));
        return Utc(year[until - 1].Close);
    }

    /// <summary>The same time of day so many working days later. A time that a change of the clocks leaves out is the moment of the change.</summary>
    /// <param name="at">UTC.</param>
    /// <param name="days">1 or more.</param>
    public DateTime SameTimeAfter(DateTime at, int days) => Utc(At(DayAfter(at, days), Local(at).TimeOfDay));

    /// <summary>The opening of the first working day from this local date on, UTC.</summary>
    public DateTime OpeningFrom(DateOnly day)
    {
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        var year = Of(day.Year);
        return Utc(year[year.Of(day).From].Open);
    }

    /// <summary>True for a local date on which somebody works.</summary>
    public bool IsWorkingDay(DateOnly day) => Of(day.Year).Of(day) is var (from, until) && until > from;

    /// <summary>The hours of a local date by the clock on the wall, holidays counted.</summary>
    public IReadOnlyList<HoursSpan> HoursOn(DateOnly day) => Hours(day, HolidayOn(day));

    /// <summary>The holiday of a local date, or null.</summary>
    public Holiday? HolidayOn(DateOnly day) => Of(day.Year).HolidayOn(day);

    /// <summary>What a clock on the wall shows at that instant.</summary>
    public DateTime Local(DateTime utc) => Instant.FromDateTimeUtc(Utc(utc.Ticks)).InZone(zone).ToDateTimeUnspecified();

    /// <summary>The instant of a local moment: the first at which a clock on the wall shows it or, where a change of the clocks leaves it out, the moment of that change.</summary>
    public DateTime UtcOf(DateTime local) => Utc(At(DateOnly.FromDateTime(local), local.TimeOfDay));

    // The Nth working day after the day that has begun by then.
    DateOnly DayAfter(DateTime at, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var day = DayOf(at.Ticks);
        if (days == 0) while (!IsWorkingDay(day)) day = day.AddDays(1);
        while (days > 0)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day)) days--;
        }
        return day;
    }

    (CalendarYear Year, int Until) Spans(DateOnly day)
    {
        var year = Of(day.Year);
        return (year, year.Of(day).Until);
    }

    // The last date that has begun: where clocks go back over midnight, the day that began stays begun.
    DateOnly DayOf(long at)
    {
        var day = DateOnly.FromDateTime(Local(Utc(at)));
        return At(day, HoursSpan.EndOfDay) <= at ? day.AddDays(1) : day;
    }

    long Worked(long from, long until)
    {
        var (first, last) = (Holding(from), Holding(until));
        var worked = last.Worked(until) - first.Worked(from);
        for (var year = first; year != last; year = Next(year)) worked += year.Total;
        return worked;
    }

    long Moment(long from, long work)
    {
        var year = Holding(from);
        // More than all years hold would run over.
        var left = Math.Min(work, TimeSpan.TicksPerDay * 366 * (LastYear - FirstYear + 1)) + year.Worked(from);
        for (; left > year.Total; year = Next(year)) left -= year.Total;
        return year.Moment(left);
    }

    long LastMoment(long until, long work)
    {
        var year = Holding(until);
        var (left, worked) = (work, year.Worked(until));
        for (; left > worked; worked = year.Total) (left, year) = (left - worked, Of(year.Number - 1));
        return year.LastMoment(worked - left);
    }

    CalendarYear Holding(long at)
    {
        var n = new DateTime(at).Year;
        var year = Of(n);
        // New Year comes sooner or later than in UTC.
        return at < year.Start ? Of(n - 1) : at >= year.End ? Of(n + 1) : year;
    }

    CalendarYear Next(CalendarYear year) => Of(year.Number + 1);

    // Two that ask at once may both work it out: what they find is the same.
    CalendarYear Of(int year) => year is >= FirstYear and <= LastYear ? years[year - FirstYear] ??= Make(year)
        : throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.OutsideYears, FirstYear, LastYear));

    CalendarYear Make(int year)
    {
        var holidays = new Dictionary<DateOnly, Holiday>();
        if (!Plan.RoundTheClock)
            foreach (var holiday in Plan.Holidays)
                // One moved over New Year belongs to the year before or after.
                for (var of = year - 1; of <= year + 1; of++)
                    if (holiday.Day.In(of) is { } day && day.Year == year && (!holidays.TryGetValue(day, out var other) || other.Weight < holiday.Weight)) holidays[day] = holiday;
        return new(year, day => Hours(day, holidays.GetValueOrDefault(day)), holidays, (day, seconds) => At(day, seconds));
    }

    IReadOnlyList<HoursSpan> Hours(DateOnly day, Holiday? holiday)
    {
        var usual = week[((int)day.DayOfWeek + 6) % 7];
        return holiday switch
        {
            null => usual,
            { Does: HolidayHours.Closed } => [],
            { Does: HolidayHours.Instead } => [.. holiday.Hours.OrderBy(s => s.From)],
            _ => [.. from span in usual from left in holiday.Hours let cut = new HoursSpan(Math.Max(span.From, left.From), Math.Min(span.Until, left.Until)) where cut.From < cut.Until orderby cut.From select cut],
        };
    }

    long At(DateOnly day, int seconds) => seconds == HoursSpan.EndOfDay ? At(day.AddDays(1), TimeSpan.Zero) : At(day, TimeSpan.FromSeconds(seconds));

    // The first instant at which a clock shows it; in a gap, the change itself.
    long At(DateOnly day, TimeSpan time)
    {
        var shown = zone.MapLocal(LocalDateTime.FromDateTime(day.ToDateTime(TimeOnly.FromTimeSpan(time))));
        return (shown.Count == 0 ? shown.LateInterval.Start : shown.First().ToInstant()).ToDateTimeUtc().Ticks;
    }

    // In order and without overlap, as they mostly come; else put so.
    static ReadOnlySpan<Pause> InOrder(ReadOnlySpan<Pause> pauses)
    {
        var good = true;
        for (var n = 0; n < pauses.Length && good; n++) good = pauses[n].From <= pauses[n].Until && (n == 0 || pauses[n - 1].Until <= pauses[n].From);
        if (good) return pauses;
        var joined = new List<Pause>();
        foreach (var pause in pauses.ToArray().OrderBy(p => p.From))
        {
            if (pause.Until < pause.From) throw new Refused("", Words.PauseBackwards);
            if (joined.Count > 0 && pause.From <= joined[^1].Until) joined[^1] = new(joined[^1].From, pause.Until > joined[^1].Until ? pause.Until : joined[^1].Until);
            else joined.Add(pause);
        }
        return joined.ToArray();
    }

    static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
