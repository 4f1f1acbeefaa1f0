using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases.Targets;

/// <summary>Working time: hours and holidays, both sides of daylight saving, and what cannot be.</summary>
public class WorkingCalendarTests
{
    internal static DateTime At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;

    static WorkingCalendar Berlin(params IReadOnlyList<Holiday> holidays) => new(CalendarPlan.Read("Mon-Fri 09:00-17:00", "Europe/Berlin") with { Holidays = holidays });

    static HolidayDay Day(string text) => HolidayDay.Read(text);

    [Theory]
    [InlineData("2026-11-20T15:00:00Z", 4, "2026-11-23T11:00:00Z")]   // Friday 16:00 in Berlin: an hour today, three on Monday.
    [InlineData("2026-11-21T09:00:00Z", 4, "2026-11-23T12:00:00Z")]   // Saturday: from Monday's beginning.
    [InlineData("2026-11-23T08:00:00Z", 8, "2026-11-23T16:00:00Z")]   // The whole day, to its last minute.
    [InlineData("2026-03-27T15:00:00Z", 4, "2026-03-30T10:00:00Z")]   // Over the night on which clocks go forward.
    [InlineData("2026-10-23T14:00:00Z", 4, "2026-10-26T11:00:00Z")]   // And back.
    [InlineData("2024-02-28T15:30:00Z", 8, "2024-02-29T15:30:00Z")]   // 29 February.
    public void Working_hours_add_up(string from, int hours, string until)
    {
        Berlin().After(At(from), TimeSpan.FromHours(hours)).ShouldBe(At(until));
        Berlin().Between(At(from), At(until)).ShouldBe(TimeSpan.FromHours(hours));
    }

    [Theory]
    [InlineData("Mon-Fri 9-17", "cannot be read as hours|is no time of day")]
    [InlineData("Mon-Fri 17:00-09:00", "ends before it begins")]
    [InlineData("Mon-Fri 09:00-09:00", "ends before it begins")]
    [InlineData("Mon 25:00-26:00", "is no time of day")]
    [InlineData("Mon 09:00-18:60", "is no time of day")]
    [InlineData("Mon 24:00-24:00", "ends before it begins")]
    [InlineData("Foo 09:00-10:00", "write hours like")]
    [InlineData("Mon-Fri", "write hours like")]
    [InlineData("Mon 09:00-12:00; Mon 11:00-13:00", "overlap")]
    [InlineData("Mon 09:00-12:00, 11:59-13:00", "Monday: 09:00-12:00 and 11:59-13:00 overlap")]
    [InlineData(";", "no hours at all")]
    public void Hours_that_cannot_be_are_refused_with_the_reason(string hours, string reason)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-GB");
        var said = Should.Throw<Refused>(() => WorkingCalendar.Read(hours, "Europe/Berlin"));
        said.Field.ShouldBe("hours");
        reason.Split('|').ShouldContain(part => said.Message.Contains(part, StringComparison.Ordinal), said.Message);
        WorkingCalendar.FaultOf(hours).ShouldBe(said.Message);
    }

    [Fact]
    public void A_calendar_says_all_that_is_wrong_with_it()
    {
        var plan = new CalendarPlan
        {
            Zone = "Europe/Nowhere",
            Week = [[], [], [], [], [], [], []],
            Holidays = [Holiday.Own("Fair", Day("2026-05-02"), new HoursSpan(10 * 3600, 12 * 3600), new HoursSpan(11 * 3600, 13 * 3600)), Holiday.Half("Eve", Day("12-24"), 90_000)],
        };
        plan.Faults().Select(f => f.Field).ShouldBe(["zone", "hours", "holidays", "holidays"]);
        plan.Faults().Select(f => f.Why).Distinct().Count().ShouldBe(4);
        Should.Throw<Refused>(() => new WorkingCalendar(plan)).Field.ShouldBe("zone");
        // A year of nothing but holidays.
        var always = CalendarPlan.Read("Mon-Fri 09:00-17:00", "Europe/Berlin") with { Holidays = [.. Enumerable.Range(0, 366).Select(n => new DateOnly(2024, 1, 1).AddDays(n)).Select(d => Holiday.Whole("", HolidayDay.EveryYear(d.Month, d.Day)))] };
        always.Faults().ShouldHaveSingleItem().Field.ShouldBe("holidays");
        (always with { Holidays = [.. always.Holidays.Skip(1)] }).Faults().ShouldBeEmpty();
    }

    [Theory, InlineData("2026-02-30"), InlineData("02-30"), InlineData("13-01"), InlineData("christmas"), InlineData("thu 5 11"), InlineData("thu 4 13"), InlineData("easter+900"), InlineData(""), InlineData("12-25 tuesday")]
    public void A_day_that_no_year_has_is_refused(string text) => Should.Throw<Refused>(() => HolidayDay.Read(text)).Field.ShouldBe("holidays");

    [Theory]
    [InlineData("easter", 2024, "2024-03-31"), InlineData("easter", 2025, "2025-04-20"), InlineData("easter", 2000, "2000-04-23"), InlineData("easter", 2038, "2038-04-25"), InlineData("easter", 1943, "1943-04-25"), InlineData("easter", 2285, "2285-03-22")]
    [InlineData("easter-2", 2026, "2026-04-03"), InlineData("easter+39", 2026, "2026-05-14")]
    [InlineData("thu 4 11", 2026, "2026-11-26"), InlineData("mon last 05", 2026, "2026-05-25"), InlineData("mon 1 09", 2025, "2025-09-01"), InlineData("sun last 02", 2032, "2032-02-29")]
    [InlineData("12-25 monday", 2027, "2027-12-27"), InlineData("12-26 monday", 2027, "2027-12-27"), InlineData("12-25 monday", 2026, "2026-12-25"), InlineData("07-04 nearest", 2026, "2026-07-03"), InlineData("07-04 nearest", 2027, "2027-07-05")]
    [InlineData("01-01 nearest", 2028, "2027-12-31"), InlineData("02-29", 2028, "2028-02-29"), InlineData("02-29", 2027, null), InlineData("2026-12-24", 2026, "2026-12-24"), InlineData("2026-12-24", 2027, null)]
    public void Holidays_that_move_are_found(string rule, int year, string? day)
    {
        var read = Day(rule);
        read.In(year)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).ShouldBe(day);
        if (day is null) read.In(year).ShouldBeNull();
        Day(read.ToString()).ShouldBe(read);
    }

    [Fact]
    public void A_holiday_moved_over_New_Year_closes_the_year_before()
    {
        // 1 January 2028 is a Saturday.
        var calendar = Berlin(Holiday.Whole("New Year", Day("01-01 nearest")));
        calendar.IsOpen(At("2027-12-31T10:00:00+01:00")).ShouldBeFalse();
        calendar.IsOpen(At("2028-12-29T10:00:00+01:00")).ShouldBeTrue();
    }

    [Fact]
    public void A_half_day_ends_early_and_opens_no_closed_day()
    {
        var calendar = Berlin(Holiday.Half("Christmas Eve", Day("12-24")), Holiday.Own("Fair", Day("2026-11-22"), HoursSpan.Read("10:00-13:00")));
        calendar.Between(At("2026-12-24T00:00:00+01:00"), At("2026-12-25T00:00:00+01:00")).ShouldBe(TimeSpan.FromHours(3));
        // 24 December 2028 is a Sunday; 22 November 2026 as well, and has hours of its own.
        calendar.IsWorkingDay(new(2028, 12, 24)).ShouldBeFalse();
        calendar.Between(At("2026-11-21T00:00:00+01:00"), At("2026-11-23T00:00:00+01:00")).ShouldBe(TimeSpan.FromHours(3));
    }

    [Fact]
    public void A_given_date_holds_before_a_rule_and_hours_before_none()
    {
        var rule = Holiday.Whole("Christmas", Day("12-25"));
        var given = Holiday.Own("Emergency", Day("2026-12-25"), HoursSpan.Read("10:00-11:00"));
        foreach (var calendar in new[] { Berlin(rule, given), Berlin(given, rule), Berlin(Holiday.Whole("", Day("2026-12-25")), given) })
            calendar.HoursOn(new(2026, 12, 25)).ShouldBe(given.Hours);
    }

    [Fact]
    public void Hours_end_when_the_clock_first_shows_their_end_and_do_not_begin_again()
    {
        // Clocks go from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
        var night = WorkingCalendar.Read("Sun 01:00-02:30, 04:00-05:00", "Europe/Berlin");
        night.Between(At("2026-10-24T22:00:00Z"), At("2026-10-25T22:00:00Z")).ShouldBe(TimeSpan.FromHours(2.5));
        night.IsOpen(At("2026-10-25T00:29:59Z")).ShouldBeTrue();
        night.IsOpen(At("2026-10-25T01:15:00Z")).ShouldBeFalse("02:15 for the second time");
        // What ends at 03:00 ends when the clock shows it: after the hour that comes twice.
        WorkingCalendar.Read("Sun 02:00-03:00", "Europe/Berlin").Between(At("2026-10-25T00:00:00Z"), At("2026-10-25T05:00:00Z")).ShouldBe(TimeSpan.FromHours(2));
        // And what begins in it begins the first time.
        WorkingCalendar.Read("Sun 02:30-09:00", "Europe/Berlin").NextOpening(At("2026-10-24T22:00:00Z")).ShouldBe(At("2026-10-25T00:30:00Z"));
    }

    [Fact]
    public void A_time_that_the_clock_leaves_out_is_the_moment_at_which_it_is_put_on()
    {
        // From 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
        var early = WorkingCalendar.Read("Sun 02:30-10:00", "Europe/Berlin");
        early.NextOpening(At("2026-03-28T22:00:00Z")).ShouldBe(At("2026-03-29T01:00:00Z"));
        early.Between(At("2026-03-28T22:00:00Z"), At("2026-03-29T22:00:00Z")).ShouldBe(TimeSpan.FromHours(7));
        var gone = WorkingCalendar.Read("Sun 02:00-03:00", "Europe/Berlin");
        gone.Between(At("2026-03-28T22:00:00Z"), At("2026-03-29T22:00:00Z")).ShouldBe(TimeSpan.Zero);
        gone.NextOpening(At("2026-03-28T22:00:00Z")).ShouldBe(At("2026-04-05T00:00:00Z"));
        gone.IsWorkingDay(new(2026, 3, 29)).ShouldBeFalse();
        early.UtcOf(new(2026, 3, 29, 2, 30, 0)).ShouldBe(At("2026-03-29T01:00:00Z"));
        early.UtcOf(new(2026, 10, 25, 2, 30, 0)).ShouldBe(At("2026-10-25T00:30:00Z"));
    }

    [Fact]
    public void Samoa_had_no_30_December_2011()
    {
        var apia = WorkingCalendar.Read("Mon-Sat 09:00-17:00", "Pacific/Apia");
        apia.IsWorkingDay(new(2011, 12, 30)).ShouldBeFalse();
        // Thursday 16:00, then Saturday 09:00: one hour each.
        apia.After(At("2011-12-29T16:00:00-10:00"), TimeSpan.FromHours(2)).ShouldBe(At("2011-12-31T10:00:00+14:00"));
        apia.EndOfDayAfter(At("2011-12-29T12:00:00-10:00"), 1).ShouldBe(At("2011-12-31T17:00:00+14:00"));
    }

    [Fact]
    public void Lord_Howe_puts_its_clocks_on_by_half_an_hour()
    {
        var island = WorkingCalendar.Read("Sun 00:00-24:00", "Australia/Lord_Howe");
        island.Between(At("2026-10-02T00:00:00Z"), At("2026-10-06T00:00:00Z")).ShouldBe(TimeSpan.FromHours(23.5));
        island.Between(At("2026-04-03T00:00:00Z"), At("2026-04-07T00:00:00Z")).ShouldBe(TimeSpan.FromHours(24.5));
    }

    [Fact]
    public void Clocks_that_go_back_over_midnight_begin_the_day_once()
    {
        // St. John's went from 00:01 on Sunday back to 23:01 on Saturday: the first Sunday minute is Sunday, and stays so.
        var shop = WorkingCalendar.Read("Sat 12:00-24:00; Sun 00:00-01:00", "America/St_Johns");
        shop.Between(At("2006-10-28T12:00:00-02:30"), At("2006-10-29T12:00:00-03:30")).ShouldBe(TimeSpan.FromHours(14));
        shop.NextClosing(At("2006-10-28T13:00:00-02:30")).ShouldBe(At("2006-10-29T01:00:00-03:30"));
        // São Paulo skipped the first hour of its summer: the day begins at 01:00.
        WorkingCalendar.Read("Sun 00:00-24:00", "America/Sao_Paulo").NextOpening(At("2017-10-14T12:00:00Z")).ShouldBe(At("2017-10-15T01:00:00-02:00"));
    }

    [Fact]
    public void Zones_that_change_their_rules_are_followed()
    {
        // Morocco leaves summer time for Ramadan: 23 February to 6 April 2025 at UTC, before and after at +01.
        var rabat = WorkingCalendar.Read("Mon-Fri 09:00-17:00", "Africa/Casablanca");
        rabat.NextOpening(At("2025-02-20T00:00:00Z")).ShouldBe(At("2025-02-20T08:00:00Z"));
        rabat.NextOpening(At("2025-03-20T00:00:00Z")).ShouldBe(At("2025-03-20T09:00:00Z"));
        // Nepal is 5 h 45 ahead.
        WorkingCalendar.Read("Sun-Fri 10:00-17:00", "Asia/Kathmandu").NextOpening(At("2026-11-21T12:00:00Z")).ShouldBe(At("2026-11-22T04:15:00Z"));
    }

    [Fact]
    public void The_next_closing_is_that_of_the_night_where_days_meet_at_midnight()
    {
        WorkingCalendar.Read("Mon 18:00-24:00; Tue 00:00-06:00", "Europe/Berlin").NextClosing(At("2026-11-23T12:00:00Z")).ShouldBe(At("2026-11-24T05:00:00Z"));
        WorkingCalendar.Read("", "Europe/Berlin").NextClosing(At("2026-11-23T12:00:00Z")).ShouldBeNull();
        WorkingCalendar.Read("Mon-Sun 00:00-24:00", "Europe/Berlin").NextClosing(At("2026-11-23T12:00:00Z")).ShouldBeNull();
        new WorkingCalendar(CalendarPlan.Read("Mon-Sun 00:00-24:00", "Europe/Berlin") with { Holidays = [Holiday.Whole("", Day("05-01"))] }).NextClosing(At("2026-11-23T12:00:00Z")).ShouldBe(At("2027-04-30T22:00:00Z"));
        // A break of lunch, and spans that touch.
        WorkingCalendar.Read("Mon 09:00-12:00, 13:00-15:00, 15:00-17:00", "Etc/UTC").NextClosing(At("2026-11-23T12:30:00Z")).ShouldBe(At("2026-11-23T17:00:00Z"));
    }

    [Theory]
    [InlineData("2026-11-20T15:00:00Z", 1, "2026-11-23T16:00:00Z")]   // Friday: Monday.
    [InlineData("2026-11-21T15:00:00Z", 1, "2026-11-23T16:00:00Z")]   // Saturday: Monday as well.
    [InlineData("2026-11-20T15:00:00Z", 3, "2026-11-25T16:00:00Z")]
    [InlineData("2026-11-20T20:00:00Z", 0, "2026-11-20T16:00:00Z")]
    [InlineData("2026-11-21T15:00:00Z", 0, "2026-11-23T16:00:00Z")]
    [InlineData("2026-12-23T15:00:00Z", 2, "2026-12-29T16:00:00Z")]   // Over Christmas, with a half day that counts as one.
    public void The_Nth_working_day_ends_with_its_hours(string from, int days, string until) =>
        Berlin(Holiday.Half("Christmas Eve", Day("12-24")), Holiday.Whole("Christmas", Day("12-25")), Holiday.Whole("St Stephen", Day("12-26")), Holiday.Whole("Inventory", Day("2026-12-28"))).EndOfDayAfter(At(from), days).ShouldBe(At(until));

    [Fact]
    public void Time_can_be_taken_back()
    {
        Berlin().Before(At("2026-11-23T09:00:00Z"), TimeSpan.FromHours(2)).ShouldBe(At("2026-11-20T15:00:00Z"));
        // What is used up to an opening begins there, not at the closing before.
        Berlin().Before(At("2026-11-23T09:00:00Z"), TimeSpan.FromHours(1)).ShouldBe(At("2026-11-23T08:00:00Z"));
        Berlin().Before(At("2026-11-23T09:00:00Z"), TimeSpan.FromHours(1), new Pause(At("2026-11-23T08:30:00Z"), At("2026-11-23T08:45:00Z"))).ShouldBe(At("2026-11-20T15:45:00Z"));
        Should.Throw<Refused>(() => Berlin().Before(At("2026-11-23T09:00:00Z"), TimeSpan.Zero));
        Should.Throw<Refused>(() => Berlin().Before(At("2026-11-23T09:00:00Z"), TimeSpan.MaxValue));
    }

    [Fact]
    public void Days_are_counted_at_the_same_time_of_day()
    {
        Berlin().SameTimeAfter(At("2026-10-23T20:15:30Z"), 5).ShouldBe(At("2026-10-30T21:15:30Z"));
        Berlin().OpeningFrom(new(2026, 11, 21)).ShouldBe(At("2026-11-23T08:00:00Z"));
    }

    [Fact]
    public void A_target_of_nothing_and_one_without_end_are_refused()
    {
        var calendar = Berlin();
        foreach (var work in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.MaxValue, TimeSpan.FromDays(200_000) })
            Should.Throw<Refused>(() => calendar.After(At("2026-11-20T15:00:00Z"), work)).Message.Length.ShouldBeGreaterThan(20);
        Should.Throw<Refused>(() => calendar.After(DateTime.MaxValue, TimeSpan.FromHours(1)));
        Should.Throw<Refused>(() => calendar.IsOpen(DateTime.MinValue));
        Should.Throw<Refused>(() => calendar.Between(At("2026-01-01T00:00:00Z"), At("2026-02-01T00:00:00Z"), new Pause(At("2026-01-03T00:00:00Z"), At("2026-01-02T00:00:00Z"))));
        calendar.Between(At("2026-11-20T15:00:00Z"), At("2026-11-20T14:00:00Z")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Pauses_do_not_count_in_whatever_order_they_come()
    {
        var calendar = Berlin();
        Pause[] pauses = [new(At("2026-11-23T14:00:00Z"), At("2026-11-24T09:00:00Z")), new(At("2026-11-23T09:00:00Z"), At("2026-11-23T10:00:00Z")), new(At("2026-11-23T09:30:00Z"), At("2026-11-23T11:00:00Z"))];
        calendar.After(At("2026-11-23T08:00:00Z"), TimeSpan.FromHours(5), pauses).ShouldBe(At("2026-11-24T10:00:00Z"));
        calendar.Between(At("2026-11-23T08:00:00Z"), At("2026-11-24T10:00:00Z"), pauses).ShouldBe(TimeSpan.FromHours(5));
        // What is used up when a pause begins ends there, not after it.
        calendar.After(At("2026-11-23T08:00:00Z"), TimeSpan.FromHours(4), pauses).ShouldBe(At("2026-11-23T14:00:00Z"));
    }

    [Fact]
    public void What_is_asked_often_takes_no_memory()
    {
        var calendar = Berlin(Holiday.Whole("Christmas", Day("12-25")));
        Pause[] pauses = [new(At("2026-11-23T09:00:00Z"), At("2026-11-23T10:00:00Z"))];
        long Ask(int times)
        {
            var sum = 0L;
            for (var n = 0; n < times; n++)
            {
                var due = calendar.After(At0.AddMinutes(n), TimeSpan.FromHours(10_000), pauses);
                sum ^= calendar.Between(At0, due, pauses).Ticks + calendar.NextOpening(due).Ticks + (calendar.IsOpen(due) ? 1 : 0);
            }
            return sum;
        }
        Ask(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Ask(1_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sum.ShouldNotBe(0);
    }

    static readonly DateTime At0 = At("2026-11-23T07:00:00Z");

    [Fact]
    public void Stored_hours_are_read_as_they_were_and_nothing_means_round_the_clock()
    {
        WorkingCalendar.Read("", "Europe/Berlin").After(At("2026-11-21T09:00:00Z"), TimeSpan.FromHours(48)).ShouldBe(At("2026-11-23T09:00:00Z"));
        WorkingCalendar.Read("Mon-Thu 08:00-12:00; Mon-Thu 13:00-17:00; Fri 08:00-14:00", "Europe/Madrid").HoursOn(new(2026, 11, 23)).ShouldBe([HoursSpan.Read("08:00-12:00"), HoursSpan.Read("13:00-17:00")]);
        HouseCalendar.Made("Mon 09:00-12:00; Mon 11:00-13:00", "Etc/UTC")!.HoursOn(new(2026, 11, 23)).ShouldBe([HoursSpan.Read("09:00-13:00")]);
        HouseCalendar.Made("whenever", "Etc/UTC").ShouldBeNull();
        WorkingCalendar.Read("Sat-Mon 22:00-00:00", "Etc/UTC").HoursOn(new(2026, 11, 23)).ShouldBe([HoursSpan.Read("22:00-24:00")]);
    }
}
