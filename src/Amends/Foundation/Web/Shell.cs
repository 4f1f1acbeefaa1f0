using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Amends.Foundation.Web;

/// <summary>What the layout shows of the person who looks; absent for everyone outside.</summary>
/// <param name="Who">Who looks.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or null for what the system says.</param>
/// <param name="KeysOff">Single-letter keys are switched off (WCAG 2.1.4).</param>
/// <param name="At">When the page was begun, before anything was read for it.</param>
public sealed record Shell(Actor Who, string? Theme, bool KeysOff, DateTime At)
{
    /// <summary>Up to two letters.</summary>
    public string Initials => InitialsOf(Who.Name);

    /// <summary>The colour class (<c>h1</c> to <c>h8</c>) of an avatar: from the time in the id, since its last bits are mostly equal.</summary>
    public static string HueOf(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"h{(id ^ (id >> 22)) % 8 + 1}");

    /// <summary>The first letters of the first and the last name.</summary>
    public static string InitialsOf(string name)
    {
        var parts = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch { 0 => "?", 1 => First(parts[0]), _ => First(parts[0]) + First(parts[^1]) };
        static string First(string part) => char.IsLetterOrDigit(part[0]) || char.IsSurrogate(part[0])
            ? part.EnumerateRunes().First().ToString().ToUpperInvariant() : "?";
    }
}

/// <summary>What the page says of the step before it, with its undo: put into <c>HttpContext.Items</c> under its type, drawn by the layout.</summary>
public sealed record Toast(Type View, object Model)
{
    /// <summary>For <c>DynamicComponent</c>.</summary>
    public IDictionary<string, object> Parameters => new Dictionary<string, object> { ["Model"] = Model };
}

/// <summary>Addresses of our files with a digest of their content, so that browsers may keep them for a year.</summary>
public sealed class Assets(IWebHostEnvironment environment)
{
    readonly ConcurrentDictionary<string, string> known = [];

    /// <summary>The address with <c>?v=</c>; the plain one when there is no such file.</summary>
    public string Of(string path) => known.GetOrAdd(path, p =>
    {
        var file = environment.WebRootFileProvider.GetFileInfo(p);
        if (!file.Exists) return p;
        using var stream = file.CreateReadStream();
        return $"{p}?v={Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}";
    });
}
