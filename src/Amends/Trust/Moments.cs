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

    static DateTime In(DateTime utc, string zone) => Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ToDateTimeUnspecified();
}
