using System.Net;
using Amends.Foundation.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Amends.Trust;

/// <summary>Where the house is reached. Links are made from the configured public address or, without one, from this machine's own port; never from what a request says (A31).</summary>
public sealed class HouseAddress(ServeOptions options, House house, IServer server)
{
    /// <summary>The full address of one of our paths.</summary>
    public string Link(string path) => Root + path;

    /// <summary>The host that others may name in their requests, or null while only this machine is served.</summary>
    public string? PublicHost => Public?.Host;

    Uri? Public => options.PublicUrl ?? (Uri.TryCreate(house.Get(HouseSettings.PublicUrl), UriKind.Absolute, out var set) && set.Scheme is "http" or "https" ? set : null);

    string Root
    {
        get
        {
            if (Public is { } known) return known.GetLeftPart(UriPartial.Authority);
            var port = options.Port != 0 ? options.Port
                : server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(a => new Uri(a.Replace("[::]", "localhost", StringComparison.Ordinal)).Port).FirstOrDefault() ?? 5080;
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://localhost:{port}");
        }
    }

    /// <summary>
    /// Hears what only a proxy in front of us knows, where the operator has configured a public address: that the way in is its scheme, and, from a
    /// proxy on this machine, whom it speaks for: the last address of <c>X-Forwarded-For</c>, which is the one that it wrote itself. From anywhere
    /// else, and without a public address, such headers are not read (A30).
    /// </summary>
    public void HearTheProxy(HttpContext http)
    {
        if (options.PublicUrl is not { } known) return;
        http.Request.Scheme = known.Scheme;
        if (http.Connection.RemoteIpAddress is not { } near || !IPAddress.IsLoopback(near)) return;
        if (IPAddress.TryParse(http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim(), out var client)) http.Connection.RemoteIpAddress = client;
    }

    /// <summary>True for the hosts that we answer to: the public one and this machine by its loopback names.</summary>
    public bool Answers(HostString host)
    {
        if (!host.HasValue) return false;
        var name = host.Host;
        if (name is "localhost" or "127.0.0.1" or "[::1]" || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return true;
        if (Public is { } known && name.Equals(known.Host, StringComparison.OrdinalIgnoreCase)) return true;
        // On an open network the operator has said that any name will do.
        return options.InsecureLan && Public is null;
    }
}
