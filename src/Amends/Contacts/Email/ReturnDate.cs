using System.Globalization;

namespace Amends.Contacts;

/// <summary>Finds in an out-of-office answer the day on which its writer is back, where it stands there plainly. In doubt there is none.</summary>
public static class ReturnDate
{
    const int Read = 1500;
    static readonly string[] languages = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "ru", "tr"];
    static readonly Dictionary<string, int> months = Months();

    // The same beginning may be a month in several languages, and is the same one; where it is not, it is left out.
    static Dictionary<string, int> Months()
    {
        var found = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var language in languages)
        {
            var format = CultureInfo.GetCultureInfo(language).DateTimeFormat;
            for (var month = 1; month <= 12; month++)
                foreach (var name in new[] { format.MonthNames[month - 1], format.MonthGenitiveNames[month - 1], format.AbbreviatedMonthNames[month - 1].TrimEnd('.') })
                    if (name.Length >= 3) found[name] = found.TryGetValue(name, out var other) && other != month ? 0 : month;
        }
        return found;
    }

    /// <summary>The latest day that is named and lies after the message, at most 200 days.</summary>
    public static DateOnly? Find(string text, DateTime at)
    {
        var words = text[..Math.Min(text.Length, Read)].Split([' ', '\n', '\r', '\t', ',', ';', '(', ')', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var today = DateOnly.FromDateTime(at);
        DateOnly? latest = null;
        for (var i = 0; i < words.Length; i++)
        {
            if (Of(words, i, today) is not { } day || day < today || day > today.AddDays(200)) continue;
            if (latest is null || day > latest) latest = day;
        }
        return latest;
    }

    static DateOnly? Of(string[] words, int at, DateOnly today)
    {
        string Next(int by) => at + by < words.Length ? words[at + by].TrimEnd('.', ':', '!') : "";
        var word = words[at].TrimEnd('!', ':');
        if (DateOnly.TryParseExact(word.TrimEnd('.'), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso)) return iso;
        // With dots the day stands first, wherever dots are used; with strokes nobody knows.
        if (word.Split('.', StringSplitOptions.RemoveEmptyEntries) is { Length: 2 or 3 } parts && word.Contains('.', StringComparison.Ordinal) && Number(parts[0]) is { } d && Number(parts[1]) is { } m)
            return parts.Length == 3 ? Number(parts[2]) is { } y ? Made(d, m, y < 100 ? 2000 + y : y) : null : word.EndsWith('.') || at + 1 >= words.Length ? Near(d, m, today) : null;
        if (Number(word.TrimEnd('.')) is { } day && months.GetValueOrDefault(Next(1) is "de" or "di" ? Next(2) : Next(1)) is > 0 and var month)
        {
            var year = Next(1) is "de" or "di" ? Next(3) is "de" or "di" ? Next(4) : Next(3) : Next(2);
            return Number(year) is >= 2000 and var said ? Made(day, month, said) : Near(day, month, today);
        }
        if (months.GetValueOrDefault(word.TrimEnd('.')) is > 0 and var named && Number(Ordinal(Next(1))) is { } of)
            return Number(Next(2)) is >= 2000 and var full ? Made(of, named, full) : Near(of, named, today);
        return null;
    }

    // “3rd”, “1st”.
    static string Ordinal(string word) => word.Length > 2 && char.IsAsciiDigit(word[0]) && char.IsAsciiLetter(word[^1]) ? word[..^2] : word;

    static int? Number(string text) => text.Length is > 0 and <= 4 && int.TryParse(Ordinal(text), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static DateOnly? Made(int day, int month, int year) => month is >= 1 and <= 12 && year is >= 2000 and < 2200 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    static DateOnly? Near(int day, int month, DateOnly today) => Made(day, month, today.Year) is { } same && same >= today ? same : Made(day, month, today.Year + 1);
}
