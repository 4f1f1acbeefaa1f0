using System.Globalization;
using System.Security.Cryptography;
using Amends.Foundation.Blobs;

namespace Amends.Trust;

/// <summary>
/// Remembers, in a cookie that only we can make, that this browser has signed in to an account. It opens nothing: it only keeps its owner from
/// being held up by strangers who guess at the same account.
/// </summary>
public sealed class KnownBrowser(HouseKey key, ServeOptions options)
{
    string Name => options.PublicUrl?.Scheme == "https" ? "__Host-amends-known" : "amends-known";

    /// <summary>True when this browser has signed in to this address before.</summary>
    public bool Is(HttpContext http, string address)
    {
        if (!http.Request.Cookies.TryGetValue(Name, out var cookie) || cookie.Length > 2000) return false;
        var ours = Mark(address);
        return cookie.Split('.').Any(mark => CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(mark), System.Text.Encoding.UTF8.GetBytes(ours)));
    }

    /// <summary>Remembers it, beside up to four others.</summary>
    public void Remember(HttpContext http, string address)
    {
        var ours = Mark(address);
        var others = http.Request.Cookies.TryGetValue(Name, out var cookie) && cookie.Length < 2000 ? cookie.Split('.').Where(m => m != ours && m.Length == ours.Length).Take(4) : [];
        http.Response.Cookies.Append(Name, string.Join('.', others.Prepend(ours)), SessionCookie.Options(options, TimeSpan.FromDays(180)));
    }

    string Mark(string address) => Convert.ToHexStringLower(key.Mac("known browser", address.ToLower(CultureInfo.InvariantCulture)));
}

/// <summary>The cookie that holds the session's token.</summary>
public static class SessionCookie
{
    /// <summary>Never read by script, never sent by other sites' forms; bound to the host over https.</summary>
    public static CookieOptions Options(ServeOptions options, TimeSpan? keep) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = options.PublicUrl?.Scheme == "https",
        Path = "/",
        MaxAge = keep,
        IsEssential = true
    };

    /// <summary>Gives the browser its token.</summary>
    /// <param name="keep">Also after the browser was closed.</param>
    public static void Give(HttpContext http, ServeOptions options, string token, bool keep) =>
        http.Response.Cookies.Append(Gate.CookieName(options), token, Options(options, keep ? Sessions.Longest : null));

    /// <summary>Takes it away.</summary>
    public static void Take(HttpContext http, ServeOptions options) => http.Response.Cookies.Delete(Gate.CookieName(options), Options(options, null));

    /// <summary>The token that the browser came with, or null.</summary>
    public static string? Of(HttpContext http, ServeOptions options) => http.Request.Cookies.TryGetValue(Gate.CookieName(options), out var token) && token.Length is > 20 and < 100 ? token : null;
}
