using System.Globalization;
using Amends.Foundation.Web;

namespace Amends.Cases;

/// <summary>Instants in words, in one person's zone and language: “today 16:30”, “in 2 h”, “Fri”.</summary>
public sealed class LocalTimes
{
    readonly TimeZoneInfo zone;

    /// <param name="zone">IANA name; one that is not known counts as UTC.</param>
    /// <param name="now">UTC.</param>
    public LocalTimes(string zone, DateTime now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) found = TimeZoneInfo.Utc;
        (this.zone, Now) = (found, now);
    }

    /// <summary>UTC.</summary>
    public DateTime Now { get; }

    /// <summary>The zone in which it speaks.</summary>
    public TimeZoneInfo Zone => zone;

    /// <summary>The local moment.</summary>
    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);

    /// <summary>The instant of a local moment; one that a change of the clocks leaves out is an hour later.</summary>
    public DateTime Instant(DateTime local)
    {
        var plain = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(plain) ? plain.AddHours(1) : plain, zone);
    }

    /// <summary>The instant at which today ends here, UTC.</summary>
    public DateTime EndOfToday => Instant(Local(Now).Date.AddDays(1));

    /// <summary>For <c>datetime</c> of a time element.</summary>
    public static string Machine(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>16:30</summary>
    public string Clock(DateTime utc) => Local(utc).ToString("t", CultureInfo.CurrentCulture);

    /// <summary>today, yesterday, tomorrow, Friday (within a week), 20 Nov, 20 Nov 2025.</summary>
    public string Day(DateTime utc)
    {
        var (then, today) = (Local(utc).Date, Local(Now).Date);
        return (then - today).Days switch
        {
            0 => Words.Today,
            -1 => Words.Yesterday,
            1 => Words.Tomorrow,
            > -7 and < 7 => then.ToString("dddd", CultureInfo.CurrentCulture),
            _ => then.Year == today.Year ? Dates.Short(then) : Dates.Year(then)
        };
    }

    /// <summary>today 16:30</summary>
    public string Moment(DateTime utc) => $"{Day(utc)} {Clock(utc)}";

    /// <summary>For narrow columns: 16:30, Fri, 20 Nov.</summary>
    public string Short(DateTime utc)
    {
        var (then, today) = (Local(utc).Date, Local(Now).Date);
        if (then == today) return Clock(utc);
        return Math.Abs((then - today).Days) < 7 ? then.ToString("ddd", CultureInfo.CurrentCulture) : then.Year == today.Year ? Dates.Short(then) : then.ToString("MMM yyyy", CultureInfo.CurrentCulture);
    }

    /// <summary>In full, with the zone: for hover.</summary>
    public string Full(DateTime utc) => $"{Dates.WeekdayLong(Local(utc))}, {Local(utc).ToString("HH:mm", CultureInfo.InvariantCulture)} ({zone.Id})";

    /// <summary>The day as a heading: Friday 20 November.</summary>
    public string Heading(DateTime utc)
    {
        var then = Local(utc);
        var named = then.Year == Local(Now).Year ? Dates.Weekday(then) : Dates.WeekdayLong(then);
        return (then.Date - Local(Now).Date).Days switch { 0 => string.Format(CultureInfo.CurrentCulture, Words.TodayNamed, named), -1 => string.Format(CultureInfo.CurrentCulture, Words.YesterdayNamed, named), _ => named };
    }

    /// <summary>A length in its two largest units: 2 d 3 h.</summary>
    public static string Length(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = span.Negate();
        if (span.TotalMinutes < 1) return Words.UnderAMinute;
        if (span.TotalHours < 1) return Said(Words.Minutes, (int)span.TotalMinutes);
        if (span.TotalDays < 1) return (int)span.TotalHours is var h && span.Minutes > 0 && h < 6 ? Said(Words.HoursMinutes, h, span.Minutes) : Said(Words.Hours, h);
        if (span.TotalDays < 14) return span.Hours > 0 ? Said(Words.DaysHours, (int)span.TotalDays, span.Hours) : Said(Words.Days, (int)span.TotalDays);
        // 61 days are the first two months.
        if (span.TotalDays < 61) return Said(Words.Weeks, (int)(span.TotalDays / 7));
        return Said(Words.Months, (int)(span.TotalDays / 30.44));
        static string Said(string words, params object[] numbers) => string.Format(CultureInfo.CurrentCulture, words, numbers);
    }

    /// <summary>“in 2 h” or “2 h ago”.</summary>
    public string FromNow(DateTime utc) => string.Format(CultureInfo.CurrentCulture, utc >= Now ? Words.In : Words.Ago, Length(utc - Now));
}
