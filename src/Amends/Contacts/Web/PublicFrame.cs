using System.Globalization;
using Amends.Contacts.Email;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What frames a page for customers: the brand's name and colour.</summary>
/// <param name="Corner">At the end of the head: the case's number, or nothing.</param>
public sealed record PublicFrame(string Title, string Name, string Corner, string Foot, long Brand, int BrandVersion)
{
    /// <summary>Frames this request's page.</summary>
    public static void Set(HttpContext http, House house, Brand? brand, string title, string corner = "")
    {
        var name = brand?.Name is { Length: > 0 } set ? set : house.Get(HouseSettings.Company);
        var where = house.Get(HouseSettings.Address).ReplaceLineEndings(", ");
        http.Items[typeof(PublicFrame)] = new PublicFrame(name.Length == 0 ? title : $"{title} – {name}", name, corner, where.Length == 0 ? name : $"{name}, {where}", brand?.Colour is null ? 0 : brand.Id, brand?.Version ?? 0);
        // The address of the page may be all that opens it: nobody is told it.
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}

/// <summary>A brand's colours as a style sheet: the policy of our pages takes styles from files alone.</summary>
static class BrandColours
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/brand/{id:long}.css", Show).Public("a brand's colour for its public pages");

    static async Task<IResult> Show(long id, HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        var colour = await db.Set<Brand>().Where(b => b.Id == id).Select(b => b.Colour).FirstOrDefaultAsync();
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(Sheet(colour), "text/css");
    }

    /// <summary>True for <c>#rrggbb</c>.</summary>
    public static bool IsColour(string? text) => text is { Length: 7 } && text[0] == '#' && text.AsSpan(1).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;

    /// <summary>The sheet: the colour where it can be read on light paper, else darkened until it can; lighter on dark paper; the letters on it black or white, whichever is read better.</summary>
    public static string Sheet(string? colour)
    {
        if (!IsColour(colour)) return "";
        var (r, g, b) = (Part(1), Part(3), Part(5));
        var (light, dark) = ((r, g, b), (r, g, b));
        while (Contrast(Luminance(light), 1) < 4.6) light = (light.r * 0.94, light.g * 0.94, light.b * 0.94);
        while (Contrast(Luminance(dark), 0.012) < 6) dark = (dark.r + (1 - dark.r) * 0.08, dark.g + (1 - dark.g) * 0.08, dark.b + (1 - dark.b) * 0.08);
        return $":root{{--brand:light-dark({Hex(light)},{Hex(dark)});--on-brand:light-dark({On(light)},{On(dark)})}}";
        double Part(int at) => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
    }

    static string On((double r, double g, double b) colour) => Contrast(Luminance(colour), 1) >= Contrast(Luminance(colour), 0) ? "#fff" : "#000";

    static string Hex((double r, double g, double b) c) => string.Create(CultureInfo.InvariantCulture, $"#{Byte(c.r):x2}{Byte(c.g):x2}{Byte(c.b):x2}");

    static int Byte(double part) => (int)Math.Clamp(Math.Round(part * 255), 0, 255);

    // WCAG 2.2, relative luminance and contrast ratio.
    static double Luminance((double r, double g, double b) c)
    {
        static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * Linear(c.r) + 0.7152 * Linear(c.g) + 0.0722 * Linear(c.b);
    }

    static double Contrast(double one, double two) => (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
}
