using System.Globalization;
using Amends.Foundation;

namespace Amends.Cases.Targets;

/// <summary>A part of a day that is worked, by the clock on the wall.</summary>
/// <param name="From">Seconds since midnight; at this moment it is open.</param>
/// <param name="Until">Seconds since midnight, at most 86,400 (24:00); at this moment it is closed.</param>
public readonly record struct HoursSpan(int From, int Until)
{
    /// <summary>24:00, in seconds since midnight.</summary>
    public const int EndOfDay = 86_400;

    /// <summary>From 00:00 until 24:00.</summary>
    public static HoursSpan WholeDay { get; } = new(0, EndOfDay);

    /// <summary>Reads <c>09:00-17:00</c>; an end of 24:00 or 00:00 is the end of the day.</summary>
    /// <exception cref="Refused">It cannot be read, or ends before it begins.</exception>
    public static HoursSpan Read(string text)
    {
        var ends = text.Split('-', 3, StringSplitOptions.TrimEntries);
        if (ends.Length != 2) throw new Refused("hours", Said(Words.SpanUnreadable, text));
        var span = new HoursSpan(Seconds(ends[0]), Seconds(ends[1]));
        if (span.Until == 0) span = span with { Until = EndOfDay };
        return span.Fault is { } fault ? throw new Refused("hours", fault) : span;
    }

    /// <summary>What is wrong with it, as a sentence, or null.</summary>
    public string? Fault =>
        From is < 0 or > EndOfDay || Until is < 0 or > EndOfDay ? Said(Words.SpanOutside, this)
        : Until <= From ? Said(Words.SpanBackwards, this)
        : null;

    /// <summary>09:00-17:00</summary>
    public override string ToString() => $"{Shown(From)}-{Shown(Until)}";

    static string Shown(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}{(seconds % 60 == 0 ? "" : $":{seconds % 60:00}")}");

    static int Seconds(string text)
    {
        if (text is "24:00" or "24:00:00") return EndOfDay;
        if (!TimeOnly.TryParseExact(text, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) throw new Refused("hours", Said(Words.TimeUnreadable, text));
        return (int)time.ToTimeSpan().TotalSeconds;
    }

    static string Said(string words, object about) => string.Format(CultureInfo.CurrentCulture, words, about);
}
