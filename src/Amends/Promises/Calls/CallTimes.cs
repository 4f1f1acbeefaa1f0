using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using NodaTime;

namespace Amends.Promises.Calls;

/// <summary>When a customer may be called: while the house works, and at a decent hour where the customer is; narrower where the customer said so.</summary>
static class CallTimes
{
    /// <summary>Minutes of the day in the customer's zone between which one may call whoever said nothing else.</summary>
    public const int From = 8 * 60, Until = 20 * 60;

    const int MostHops = 60;

    /// <summary>The first moment from <paramref name="at"/> on, UTC; <paramref name="at"/> itself where it is one; null where there is none in weeks.</summary>
    public static DateTime? Next(DateTime at, WorkingCalendar house, string zone, int? from = null, int? until = null)
    {
        var there = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc;
        var (first, last) = (from ?? From, until ?? Until);
        for (var hop = 0; hop < MostHops; hop++)
        {
            if (!house.IsOpen(at))
            {
                at = house.NextOpening(at);
                continue;
            }
            var local = Instant.FromDateTimeUtc(DateTime.SpecifyKind(at, DateTimeKind.Utc)).InZone(there).LocalDateTime;
            var minute = local.Hour * 60 + local.Minute;
            if (minute >= first && minute < last) return at;
            var day = minute < first ? local.Date : local.Date.PlusDays(1);
            at = there.AtLeniently(day + LocalTime.FromMinutesSinceMidnight(first)).ToDateTimeUtc();
        }
        return null;
    }

    /// <summary>“It is 15:10 in Berlin: a good hour to call”, or when the next one is, there and here.</summary>
    public static string Says(DateTime now, DateTime? next, string zone, LocalTimes mine)
    {
        var there = new LocalTimes(zone, now);
        var (place, clock) = (Times.Place(zone), there.Clock(now));
        return next is not { } then ? string.Format(CultureInfo.CurrentCulture, Words.NoHour, clock, place)
            : then == now ? string.Format(CultureInfo.CurrentCulture, Words.GoodHour, clock, place)
            : string.Format(CultureInfo.CurrentCulture, Words.NotNow, clock, place, there.Moment(then), mine.Moment(then));
    }

    /// <summary>“09:00–12:00”, or null where nothing was said.</summary>
    public static string? Span(int? from, int? until) => from is { } f && until is { } u ? $"{Clock(f)}–{Clock(u)}" : null;

    /// <summary>“09:00”.</summary>
    public static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    /// <summary>Reads two fields of a form, <c>from</c> and <c>until</c>; notes what is wrong.</summary>
    public static (int? From, int? Until) Read(Foundation.Web.FormState form)
    {
        var (from, until) = (Minute(form["from"]), Minute(form["until"]));
        if (form["from"].Length > 0 && from is null) form.Wrong("from", Words.HourWrong);
        if (form["until"].Length > 0 && until is null) form.Wrong("until", Words.HourWrong);
        if (form["from"].Length == 0 != (form["until"].Length == 0)) form.Wrong("until", Words.BothHours);
        else if (from >= until) form.Wrong("until", Words.HoursTurned);
        return (from, until);
    }

    static int? Minute(string text) => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Hour * 60 + time.Minute : null;
}
