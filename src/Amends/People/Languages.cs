using System.Globalization;

namespace Amends.People;

/// <summary>Languages and zones that can be chosen.</summary>
static class Languages
{
    /// <summary>Two letters and the name in the language of who looks, by name.</summary>
    public static IReadOnlyList<(string Value, string Shown)> All => [("", Words.NotKnown), .. CultureInfo.GetCultures(CultureTypes.NeutralCultures).Where(c => c.Name.Length == 2).Select(c => (c.Name, c.DisplayName)).OrderBy(c => c.DisplayName, StringComparer.CurrentCulture)];

    /// <summary>Zones by place.</summary>
    public static IReadOnlyList<(string Value, string Shown)> Zones { get; } =
        [("", "–"), .. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(id => (id, id.Replace('_', ' ')))];

    /// <summary>The name of a language; its letters where there is none.</summary>
    public static string NameOf(string language)
    {
        try { return CultureInfo.GetCultureInfo(language).DisplayName; }
        catch (CultureNotFoundException) { return language; }
    }

    /// <summary>True for two letters that name a language.</summary>
    public static bool Knows(string language) => CultureInfo.GetCultures(CultureTypes.NeutralCultures).Any(c => c.Name == language && c.Name.Length == 2);
}
