using System.Globalization;
using Amends.Foundation.Web;
using NodaTime;

namespace Amends.Trust;

/// <summary>Moments as people read them, in their zone.</summary>
static class Moments
{
    /// <summary>“24 Nov 2026”.</summary>
    public static string Day(DateTime utc, string zone) => Dates.Year(In(utc, zone));

    /// <summary>“24 Nov 2026 09:00”.</summary>
    public static string Minute(DateTime utc, string zone) => $"{Dates.Year(In(utc, zone))} {In(utc, zone).ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>For <c>datetime</c> attributes.</summary>
    public static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>“Fri 27 Nov”: the last day of a time that ends with it, or the day and the hour.</summary>
    public static string Until(DateTime utc, string zone) => In(utc, zone) is var end && end.TimeOfDay == TimeSpan.Zero ? Dates.WeekdayShort(end.AddDays(-1)) : $"{Dates.WeekdayShort(end)} {end.ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>The same for its beginning.</summary>
    public static string From(DateTime utc, string zone) => In(utc, zone) is var begin && begin.TimeOfDay == TimeSpan.Zero ? Dates.WeekdayShort(begin) : $"{Dates.WeekdayShort(begin)} {begin.ToString("HH:mm", CultureInfo.InvariantCulture)}";

    /// <summary>The instant of a local time; what the clocks of that night leave out is the moment after, what they have twice the first.</summary>
    public static DateTime Utc(DateTime local, string zone) => (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ResolveLocal(LocalDateTime.FromDateTime(local), NodaTime.TimeZones.Resolvers.LenientResolver).ToDateTimeUtc();

    /// <summary>The day there.</summary>
    public static DateTime Today(DateTime utc, string zone) => In(utc, zone).Date;

    static DateTime In(DateTime utc, string zone) => Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ToDateTimeUnspecified();
}
