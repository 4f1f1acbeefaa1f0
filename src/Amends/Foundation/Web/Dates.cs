using System.Globalization;

namespace Amends.Foundation.Web;

/// <summary>Days as the language that is spoken writes them. Each takes a local <see cref="DateTime"/> or a <see cref="DateOnly"/>.</summary>
public static class Dates
{
    /// <summary>24 Nov</summary>
    public static string Short(IFormattable day) => In(day, Words.DayShort);

    /// <summary>24 Nov 2026</summary>
    public static string Year(IFormattable day) => In(day, Words.DayYear);

    /// <summary>24 November 2026</summary>
    public static string Long(IFormattable day) => In(day, Words.DayLong);

    /// <summary>Tue 24 Nov</summary>
    public static string WeekdayShort(IFormattable day) => In(day, Words.DayWeekdayShort);

    /// <summary>Tuesday 24 November</summary>
    public static string Weekday(IFormattable day) => In(day, Words.DayWeekday);

    /// <summary>Tuesday 24 November 2026</summary>
    public static string WeekdayLong(IFormattable day) => In(day, Words.DayWeekdayLong);

    static string In(IFormattable day, string form) => day.ToString(form, CultureInfo.CurrentCulture);
}
