namespace Amends.Foundation.Web;

/// <summary>An entry of the rail, of the settings page or of the palette.</summary>
/// <param name="Words">What it is called, in the language of who looks.</param>
/// <param name="Href">Begins with a slash.</param>
/// <param name="Icon">A name known to Icon.razor.</param>
/// <param name="For">Whether this person is offered it.</param>
/// <param name="Key">The letter after <c>g</c> that goes there, or null.</param>
/// <param name="Order">Its place in the rail or among the settings: what is needed first stands first.</param>
public sealed record MenuEntry(Func<string> Words, string Href, string Icon, Func<Actor, bool> For, string? Key = null, int Order = 50);

/// <summary>All entries, filled by the module cards in their order.</summary>
public sealed class MenuBook
{
    /// <summary>The rail at the left.</summary>
    public List<MenuEntry> Rail { get; } = [];

    /// <summary>The settings page, by group.</summary>
    public List<(Func<string> Group, MenuEntry Entry)> Settings { get; } = [];

    /// <summary>The settings that a person is offered, by group: groups by the least order of their entries, entries by theirs.</summary>
    public IEnumerable<IGrouping<string, MenuEntry>> SettingsOf(Actor who) =>
        Settings.Where(s => s.Entry.For(who)).OrderBy(s => s.Entry.Order).GroupBy(s => s.Group(), s => s.Entry);

    /// <summary>Commands of the palette that are pages.</summary>
    public List<MenuEntry> Commands { get; } = [];
}
