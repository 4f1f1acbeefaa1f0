using Amends.Foundation.Settings;

namespace Amends.Foundation.Web;

/// <summary>Links to this house for mails: made from the configured public URL and from nothing that a request says (A31).</summary>
public sealed class OurAddress(House house, ServeOptions options)
{
    /// <summary>The house's own address without a slash at the end; this machine's where no public URL is set.</summary>
    public string Root => (house.Get(HouseSettings.PublicUrl) is { Length: > 0 } set ? set
        : options.PublicUrl?.ToString() ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://localhost:{options.Port}")).TrimEnd('/');

    /// <summary>The address of a page of ours.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string Link(string path) => LocalPath.Is(path) ? Root + path : throw new ArgumentException("Not a path of ours.", nameof(path));
}
