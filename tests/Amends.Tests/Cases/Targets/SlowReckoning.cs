using Amends.Cases.Targets;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Amends.Tests.Cases.Targets;

/// <summary>Working time counted minute by minute, by nothing but the clock on the wall: what the quick reckoning is held against. It knows holidays on given dates only.</summary>
sealed class SlowReckoning
{
    readonly CalendarPlan plan;
    readonly DateTimeZone zone;
    readonly Dictionary<long, bool> open = [];
    long from, until;

    public SlowReckoning(CalendarPlan plan) => (this.plan, zone) = (plan, DateTimeZoneProviders.Tzdb[plan.Zone]);

    /// <summary>Works out all minutes between, three days before the first on: a clock that was put back shows what it has shown before, and that does not count again.</summary>
    public void Cover(DateTime first, DateTime last)
    {
        (from, until) = (first.Ticks / TimeSpan.TicksPerMinute, last.Ticks / TimeSpan.TicksPerMinute);
        var furthest = DateTime.MinValue;
        for (var minute = from - 3 * 1440; minute <= until; minute++)
        {
            var shown = Instant.FromDateTimeUtc(new(minute * TimeSpan.TicksPerMinute, DateTimeKind.Utc)).InZone(zone).ToDateTimeUnspecified();
            if (shown > furthest) furthest = shown;
            open[minute] = Hours(DateOnly.FromDateTime(furthest)).Any(span => span.From <= furthest.TimeOfDay.TotalSeconds && furthest.TimeOfDay.TotalSeconds < span.Until);
        }
    }

    public bool IsOpen(DateTime at) => open[at.Ticks / TimeSpan.TicksPerMinute];

    public int Between(DateTime first, DateTime last, Pause[] pauses)
    {
        var worked = 0;
        for (var at = first; at < last; at = at.AddMinutes(1))
            if (IsOpen(at) && !pauses.Any(p => p.From <= at && at < p.Until)) worked++;
        return worked;
    }

    public DateTime? After(DateTime first, int minutes, Pause[] pauses)
    {
        for (var at = first; at.Ticks / TimeSpan.TicksPerMinute < until; at = at.AddMinutes(1))
            if (IsOpen(at) && !pauses.Any(p => p.From <= at && at < p.Until) && --minutes == 0) return at.AddMinutes(1);
        return null;
    }

    public DateTime? Next(DateTime first, bool wanted)
    {
        for (var at = first; at.Ticks / TimeSpan.TicksPerMinute < until; at = at.AddMinutes(1))
            if (IsOpen(at) == wanted) return at;
        return null;
    }

    IEnumerable<HoursSpan> Hours(DateOnly day)
    {
        var usual = plan.Week[((int)day.DayOfWeek + 6) % 7];
        return plan.Holidays.SingleOrDefault(h => h.Day.In(day.Year) == day) switch
        {
            null => usual,
            { Does: HolidayHours.Closed } => [],
            { Does: HolidayHours.Instead } own => own.Hours,
            var half => usual.Select(span => new HoursSpan(Math.Max(span.From, half.Hours[0].From), Math.Min(span.Until, half.Hours[0].Until))),
        };
    }
}

/// <summary>A calendar and moments around a day on which something happens to its clocks.</summary>
sealed record Scene(CalendarPlan Plan, DateTime Start, DateTime End, int Minutes, Pause[] Pauses)
{
    static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo", "America/St_Johns", "Asia/Tehran", "Etc/UTC"];

    static readonly string[] Hours = ["", "09:00-17:00", "08:00-12:00,13:00-17:30", "00:00-24:00", "22:00-24:00", "00:00-06:00", "00:00-00:30,23:30-24:00", "02:15-02:45,03:00-09:00", "01:30-02:00,02:00-02:30", "00:00-01:30,02:30-23:15"];

    // Changes of the clocks; where a zone has none, any day does.
    static readonly Dictionary<string, DateTime[]> Changes = Zones.ToDictionary(name => name, name =>
        DateTimeZoneProviders.Tzdb[name].GetZoneIntervals(Instant.FromUtc(2005, 1, 1, 0, 0), Instant.FromUtc(2037, 1, 1, 0, 0)).Where(i => i.HasStart && i.Start > Instant.FromUtc(2005, 1, 1, 0, 0)).Select(i => i.Start.ToDateTimeUtc())
            .DefaultIfEmpty(new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc)).ToArray());

    static Gen<IReadOnlyList<HoursSpan>> Day { get; } = Gen.Elements(Hours).Select(text => (IReadOnlyList<HoursSpan>)[.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(HoursSpan.Read)]);

    static Gen<Holiday> Feast(DateOnly near) =>
        from days in Gen.Choose(-4, 4)
        from kind in Gen.Choose(0, 2)
        from until in Gen.Choose(1, 95)
        let day = HolidayDay.On(near.AddDays(days))
        select kind == 0 ? Holiday.Whole("Feast", day) : kind == 1 ? Holiday.Half("", day, until * 900) : Holiday.Own("", day, new HoursSpan(until * 420, until * 900));

    static Gen<(int At, int Lasts)> Rest { get; } =
        from at in Gen.Choose(0, 5 * 1440)
        from lasts in Gen.Choose(0, 1440)
        select (at, lasts);

    public static Gen<Scene> Any { get; } =
        from zone in Gen.Elements(Zones)
        from change in Gen.Elements(Changes[zone])
        from week in Day.ArrayOf(7)
        from fallback in Gen.Elements(Hours[1..])
        from holidays in Feast(DateOnly.FromDateTime(change)).ArrayOf()
        from before in Gen.Choose(0, 4 * 1440)
        from length in Gen.Choose(1, 6 * 1440)
        from minutes in Gen.Choose(1, 40 * 60)
        from pauses in Rest.ArrayOf()
        let start = change.AddMinutes(-before)
        select new Scene(
            new()
            {
                Zone = zone,
                Week = week.All(day => day.Count == 0) ? [.. week.Select(_ => (IReadOnlyList<HoursSpan>)[HoursSpan.Read(fallback.Split(',')[0])])] : week,
                Holidays = [.. holidays.DistinctBy(h => h.Day)],
            },
            start, start.AddMinutes(length), minutes, [.. pauses.Take(4).Select(p => new Pause(start.AddMinutes(p.At), start.AddMinutes(p.At + p.Lasts)))]);

    public override string ToString() => $"{Plan.Zone} {string.Join(" | ", Plan.Week.Select(d => string.Join(',', d)))}; {string.Join(", ", Plan.Holidays.Select(h => $"{h.Day} {h.Does} {string.Join(',', h.Hours)}"))}; {Start:u} to {End:u}, {Minutes} min, pauses {string.Join(", ", Pauses.Select(p => $"{p.From:u}-{p.Until:u}"))}";
}
