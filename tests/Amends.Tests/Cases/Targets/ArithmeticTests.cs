using System.Globalization;
using Amends.Cases.Targets;
using Shouldly;
using Xunit;
using static Amends.Tests.Cases.Targets.WorkingCalendarTests;

namespace Amends.Tests.Cases.Targets;

/// <summary>Each answer can say how it came about, in words.</summary>
public class ArithmeticTests
{
    static readonly WorkingCalendar Berlin = new(CalendarPlan.Read("Mon-Fri 09:00-17:00", "Europe/Berlin") with
    {
        Holidays = [Holiday.Whole("Christmas", HolidayDay.Read("12-25")), Holiday.Whole("", HolidayDay.Read("12-26")), Holiday.Half("Christmas Eve", HolidayDay.Read("12-24"))],
    });

    static string Said(Arithmetic? arithmetic, string language = "en-GB")
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return ArithmeticWords.Sentence(arithmetic!);
    }

    [Fact]
    public void A_deadline_says_how_it_came_about() =>
        Said(Berlin.ShowAfter(At("2026-11-20T15:30:00Z"), TimeSpan.FromHours(4))).ShouldBe("Fri 16:30 to 17:00: 30 min · Sat, Sun closed · Mon 09:00 + 3 h 30 min = 12:30");

    [Fact]
    public void Holidays_and_pauses_have_their_lines() =>
        Said(Berlin.ShowAfter(At("2026-12-23T14:00:00Z"), TimeSpan.FromHours(8.25), new Pause(At("2026-12-23T15:00:00Z"), At("2026-12-24T09:00:00Z"))))
            .ShouldBe("Wed 15:00 to 16:00: 1 h · Wed 16:00 to 17:00 paused · Thu 24 Dec (Christmas Eve) 09:00 to 10:00 paused · Thu 24 Dec (Christmas Eve) 10:00 to 12:00: 2 h · Fri 25 Dec holiday (Christmas) · Sat, Sun closed · Mon 09:00 + 5 h 15 min = 14:15");

    [Fact]
    public void Time_between_has_its_sum() =>
        Said(Berlin.ShowBetween(At("2026-11-20T19:00:00Z"), At("2026-11-24T08:00:30Z"))).ShouldBe("Fri outside hours · Sat, Sun closed · Mon 09:00 to 17:00: 8 h · Tue 09:00 to 09:00:30: 30 s · = 8 h 30 s");

    [Fact]
    public void A_change_of_the_clocks_is_said() =>
        Said(WorkingCalendar.Read("Sun 00:00-24:00", "Europe/Berlin").ShowBetween(At("2026-10-24T22:00:00Z"), At("2026-10-25T23:00:00Z"))).ShouldBe("Sun 00:00 to 24:00: 25 h, as the clocks change · = 25 h");

    [Fact]
    public void A_far_deadline_has_few_lines()
    {
        var shown = Berlin.ShowAfter(At("2026-11-23T08:00:00Z"), TimeSpan.FromHours(10_000));
        shown.Lines.Count.ShouldBeLessThan(16);
        var days = shown.Lines.Single(line => line.Kind == LineKind.Days);
        // All that is not in the days shown at both ends.
        days.Time.ShouldBe(TimeSpan.FromHours(10_000) - shown.Lines.Where(line => line != days).Aggregate(TimeSpan.Zero, (sum, line) => sum + line.Time));
        Said(shown).ShouldContain($"Mon 30 Nov to {days.Until.ToString("ddd d MMM yyyy", CultureInfo.GetCultureInfo("en-GB"))}: {days.Days:N0} working days, {days.Holidays} holidays, ");
        days.Holidays.ShouldBeInRange(5, 10);
    }

    [Fact]
    public void Openings_closings_and_days_say_why()
    {
        Said(Berlin.ShowNextOpening(At("2026-12-24T12:00:00Z"))).ShouldBe("Thu 24 Dec (Christmas Eve) outside hours · Fri 25 Dec holiday (Christmas) · Sat, Sun closed · opens Mon 09:00");
        Said(Berlin.ShowNextClosing(At("2026-11-21T12:00:00Z"))).ShouldBe("Sat, Sun closed · opens Mon 09:00 · closes Mon 17:00");
        Said(Berlin.ShowIsOpen(At("2026-11-23T12:00:00Z"))).ShouldBe("open, until Mon 17:00");
        Said(WorkingCalendar.Read("", "Europe/Berlin").ShowIsOpen(At("2026-11-23T12:00:00Z"))).ShouldBe("always open");
        WorkingCalendar.Read("", "Europe/Berlin").ShowNextClosing(At("2026-11-23T12:00:00Z")).ShouldBeNull();
        Said(Berlin.ShowEndOfDayAfter(At("2026-12-23T12:00:00Z"), 2)).ShouldBe("Thu 24 Dec (Christmas Eve): day 1 · Fri 25 Dec holiday (Christmas) · Sat, Sun closed · Mon: day 2, ends 17:00");
    }

    [Fact]
    public void It_is_said_in_German_too() =>
        Said(Berlin.ShowAfter(At("2026-12-23T15:30:00Z"), TimeSpan.FromHours(4)), "de-DE").ShouldBe("Mi 16:30 bis 17:00: 30 min · Do 24. Dez. (Christmas Eve) 09:00 bis 12:00: 3 h · Fr 25. Dez. Feiertag (Christmas) · Sa, So geschlossen · Mo 09:00 + 30 min = 09:30");
}
