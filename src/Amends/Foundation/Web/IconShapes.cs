using System.Collections.Frozen;

namespace Amends.Foundation.Web;

/// <summary>
/// The drawn shapes of the icons, one path each on a 24 by 24 grid, drawn with a stroke of 1.6 and no fill.
/// Icons say nothing to a screen reader: the button or link around them carries the words.
/// </summary>
public static class IconShapes
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["desk"] = "M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H11l-5 4v-4h-.5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z",
        ["clock"] = "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 7v5l3.2 2",
        ["wrench"] = "M14.7 6.3a4.3 4.3 0 0 0-5.6 5.4L3.9 17a2.2 2.2 0 0 0 3.1 3.1l5.3-5.2a4.3 4.3 0 0 0 5.4-5.6l-2.8 2.8-2.6-.4-.4-2.6z",
        ["heart"] = "M12 20s-8-4.7-8-10.4A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.6C20 15.3 12 20 12 20z",
        ["cap"] = "M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5V16c0 1.2 2.5 2.5 5.5 2.5s5.5-1.3 5.5-2.5v-4.5M21.5 9.5V15",
        ["pulse"] = "M3 12.5h4l2.5-8 4.5 15 2.5-7H21",
        ["chart"] = "M4 20h16M6.5 16.5v-5M12 16.5v-10M17.5 16.5v-7",
        ["people"] = "M5.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M2.5 19.5c0-3.3 2.9-5.5 6.5-5.5s6.5 2.2 6.5 5.5M15.5 4.8a3.3 3.3 0 0 1 0 6.4M18 14.6c2.100.8 3.5 2.6 3.5 4.9",
        ["settings"] = "M4 7h8M16 7h4M4 17h3M11 17h9M12 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
        ["search"] = "M4 10.5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M15.3 15.3 20.5 20.5",
        ["plus"] = "M12 5v14M5 12h14",
        ["reply"] = "M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6v1",
        ["note"] = "M5 4h14v10l-6 6H5zM19 14h-6v6M8.5 8.5h7M8.5 12h3.5",
        ["phone"] = "M6.2 3.8h2.6l1.6 4.3-2 1.6a11 11 0 0 0 5.9 5.9l1.6-2 4.3 1.6v2.6a2.4 2.4 0 0 1-2.6 2.4C10.3 19.7 4.3 13.7 3.8 6.4a2.4 2.4 0 0 1 2.4-2.6z",
        ["mail"] = "M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17V7A1.5 1.5 0 0 1 5 5.5zM4 7l8 6 8-6",
        ["web"] = "M4.5 4.5h15a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM3.5 9h17M6.5 6.8h.01M9 6.8h.01M8 13h8M8 16h5",
        ["clip"] = "M18.5 11.5l-7.3 7.3a4.2 4.2 0 0 1-6-6l8-8a2.9 2.9 0 0 1 4.1 4.1l-7.7 7.7a1.5 1.5 0 0 1-2.2-2.2l6.8-6.7",
        ["eye"] = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
        ["pen"] = "M4 20l1-4.5L16.2 4.3a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19zM14 6.5l3.5 3.5",
        ["undo"] = "M8.5 5 4 9.5 8.5 14M4.5 9.5H14a5.5 5.5 0 0 1 0 11H9",
        ["link"] = "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.8 6.5M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.3-1.3",
        ["merge"] = "M6 4v4.5c0 3 6 3.5 6 7V20M18 4v4.5c0 3-6 3.5-6 7M9 17l3 3 3-3",
        ["split"] = "M12 20v-5c0-3.5-6-3-6-7V4.5M12 15c0-3.5 6-3 6-7V4.5M3.5 7 6 4.5 8.5 7M15.5 7 18 4.5 20.5 7",
        ["trash"] = "M4 6.5h16M9.5 6.5v-2h5v2M6 6.5l1 13.5h10l1-13.5M10 10.5v6M14 10.5v6",
        ["spam"] = "M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2zM12 7.8v5M12 16.2v.01",
        ["lock"] = "M6.5 10.5h11a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5zM8 10.5V7.5a4 4 0 0 1 8 0v3",
        ["check"] = "M4.5 12.5l5 5 10-11",
        ["chevron"] = "M9.5 6l6 6-6 6",
        ["down"] = "M6 9.5l6 6 6-6",
        ["back"] = "M14.5 6l-6 6 6 6",
        ["close"] = "M6 6l12 12M18 6 6 18",
        ["sun"] = "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
        ["moon"] = "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
        ["list"] = "M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
        ["panel"] = "M5 4.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5zM14.5 4.5v15",
        ["tag"] = "M4 5.5V11l9 9 7-7-9-9H5.5A1.5 1.5 0 0 0 4 5.5zM8.5 8.5h.01",
        ["more"] = "M4.8 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0M11.3 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0M17.8 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0",
        ["send"] = "M20.5 3.5 10 14M20.5 3.5l-6.5 17-4-6.5-6.5-4z",
        ["download"] = "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15",
        ["print"] = "M7 8.5v-4h10v4M7 17H5a1.5 1.5 0 0 1-1.5-1.5V10A1.5 1.5 0 0 1 5 8.5h14a1.5 1.5 0 0 1 1.5 1.5v5.5A1.5 1.5 0 0 1 19 17h-2M7 14h10v6H7z",
        ["upload"] = "M12 15.5v-11M7.5 8.5 12 4l4.5 4.5M4.5 20h15",
        ["key"] = "M4 15.5a4 4 0 1 0 8 0a4 4 0 1 0-8 0M11 12.7 19.5 4.2M16 7.7l3 3",
        ["shield"] = "M12 3.5l7.5 2.7v5.6c0 4.5-3.2 7.3-7.5 8.7-4.3-1.4-7.5-4.2-7.5-8.7V6.2zM8.8 11.8l2.3 2.3 4.2-4.4",
        ["globe"] = "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17M12 3.5c-5 5.5-5 11.5 0 17",
        ["bell"] = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.3 2.3 0 0 0 4 0",
        ["star"] = "M12 3.8l2.5 5.2 5.700.8-4.1 4 1 5.7L12 16.8l-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
        ["history"] = "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 7.5V12l3 2",
        ["user"] = "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 20c0-3.6 3.3-6 7.5-6s7.5 2.4 7.5 6",
        ["filter"] = "M4 6h16M7 12h10M10 18h4",
        ["house"] = "M3.5 11.5 12 4.5l8.5 7M5.8 9.8v9.700h12.4V9.8M10 19.5v-5.500h4v5.5",
        ["door"] = "M14 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H14M10.5 12H20M16.5 8.5 20 12l-3.5 3.5",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every name that <see cref="Of"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => Paths.Keys;

    /// <summary>The path of one icon.</summary>
    /// <exception cref="ArgumentException">No icon has this name: a slip in a view, found by the first page that shows it.</exception>
    public static string Of(string name) => Paths.TryGetValue(name, out var path)
        ? path
        : throw new ArgumentException($"There is no icon named '{name}'.", nameof(name));

    /// <summary>Icons that point along the line of reading, and so turn round in right-to-left languages.</summary>
    public static bool Turns(string name) => name is "reply" or "undo" or "chevron" or "back" or "send" or "list" or "door" or "panel";
}
