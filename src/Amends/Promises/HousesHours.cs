using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Promises.Finding;
using NodaTime;

namespace Amends.Promises;

/// <summary>The house's working days and hours, said in the zone of a customer: by them days end and “tomorrow morning” is a working one.</summary>
public sealed class HousesHours(WorkingCalendar calendar, DateTimeZone zone) : IOfficeHours
{
    /// <summary>Those of a line such as <c>Mon-Fri 09:00-17:00</c> (<see cref="CalendarPlan.Read"/>) with whole days off.</summary>
    /// <exception cref="Refused">The line cannot be read or makes no sense.</exception>
    public static HousesHours Read(string line, DateTimeZone zone, params IEnumerable<LocalDate> holidays) =>
        new(new WorkingCalendar(CalendarPlan.Read(line, zone.Id) with { Holidays = [.. holidays.Select(d => Holiday.Whole("", HolidayDay.On(Of(d))))] }), zone);

    public DateTimeZone Zone => zone;

    public bool IsWorkingDay(LocalDate day) => calendar.IsWorkingDay(Of(day));

    public LocalTime Opens(LocalDate day) => Time(Usual(day)[0].From);

    public LocalTime Closes(LocalDate day) => Time(Usual(day)[^1].Until);

    // A day without work has the hours of the last one that had any.
    IReadOnlyList<HoursSpan> Usual(LocalDate day)
    {
        for (var back = 0; back < 60; back++)
        {
            if (calendar.HoursOn(Of(day.PlusDays(-back))) is { Count: > 0 } hours) return hours;
        }
        return [new HoursSpan(9 * 3600, 17 * 3600)];
    }

    static DateOnly Of(LocalDate day) => new(day.Year, day.Month, day.Day);

    static LocalTime Time(int second) => second >= HoursSpan.EndOfDay ? new LocalTime(23, 59) : LocalTime.FromSecondsSinceMidnight(second);
}
