using Amends.Foundation.Web;

namespace Amends.Trust;

/// <summary>All settings that this person may open, by group.</summary>
public sealed record SettingsIndexModel(IReadOnlyList<(string Group, IReadOnlyList<MenuEntry> Entries)> Groups);

/// <summary>Settings: the page of all settings pages.</summary>
static class SettingsIndex
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/settings", (HttpContext http, MenuBook menu) =>
        View.Page<SettingsIndexPage>(new SettingsIndexModel([.. menu.SettingsOf(http.Who()).Select(g => (g.Key, (IReadOnlyList<MenuEntry>)[.. g]))]))).NeedsSignIn();
}
