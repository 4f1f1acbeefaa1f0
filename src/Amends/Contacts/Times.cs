using System.Globalization;
using Amends.Foundation.Web;
using NodaTime;

namespace Amends.Contacts;

/// <summary>Moments and sizes as people write and read them.</summary>
static class Times
{
    /// <summary>“Tue 24 Nov 09:00” in a zone.</summary>
    public static string Short(DateTime utc, string zone) => $"{Dates.WeekdayShort(In(utc, zone))} {Clock(In(utc, zone))}";

    /// <summary>“24 November 2026, 09:00” in a zone.</summary>
    public static string Full(DateTime utc, string zone) => $"{Dates.Long(In(utc, zone))}, {Clock(In(utc, zone))}";

    /// <summary>“24 Nov 2026 09:00 UTC”, over what is quoted.</summary>
    public static string OfQuote(DateTime utc) => $"{Dates.Year(utc)} {Clock(utc)} UTC";

    /// <summary>“Berlin” for Europe/Berlin: what people say of a zone.</summary>
    public static string Place(string zone) => zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary>The local time of an instant.</summary>
    public static DateTime In(DateTime utc, string zone) => Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).InZone(Zone(zone)).ToDateTimeUnspecified();

    /// <summary>For a datetime-local field, in a zone.</summary>
    public static string Field(DateTime utc, string zone) => In(utc, zone).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>What a datetime-local field sends, in a zone, as UTC; null when it is none.</summary>
    public static DateTime? Local(string text, string zone) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? LocalDateTime.FromDateTime(local).InZoneLeniently(Zone(zone)).ToDateTimeUtc() : null;

    /// <summary>For <c>datetime</c> attributes.</summary>
    public static string Iso(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>“1.4 MB”.</summary>
    public static string Size(long bytes) => bytes < 1000 ? string.Create(CultureInfo.CurrentCulture, $"{bytes} B")
        : bytes < 1_000_000 ? string.Create(CultureInfo.CurrentCulture, $"{bytes / 1000.0:0} kB") : string.Create(CultureInfo.CurrentCulture, $"{bytes / 1_000_000.0:0.0} MB");

    static string Clock(DateTime local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);

    static DateTimeZone Zone(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) ?? DateTimeZone.Utc;
}
