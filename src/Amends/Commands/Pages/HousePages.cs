using Amends.Foundation;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Commands.Pages;

/// <summary>The pages about the house itself: backup, problems, about. They look at every module, so they stand with the commands and not in one of them.</summary>
static class HousePages
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Backups.Map(app);
        Troubles.Map(app);
        About.Map(app);
    }

    public static void Menu(MenuBook menu)
    {
        menu.Settings.Add((() => Words.GroupHouse, new(() => Words.BackupTitle, "/settings/backup", "download", Holds(Verb.ManageBackup), Order: 11)));
        menu.Settings.Add((() => Words.GroupHouse, new(() => Words.StuckTitle, "/stuck", "pulse", Holds(Verb.SeeStuckWork), Order: 12)));
        menu.Settings.Add((() => Words.GroupHouse, new(() => Words.AboutTitle, "/settings/about", "wrench", Holds(Verb.ManageSettings), Order: 13)));
    }

    static Func<Actor, bool> Holds(Verb verb) => actor => actor is Who who && who.Can(verb);

    /// <summary>A moment for people, in the zone of who looks.</summary>
    public static string Moment(DateTime utc, string zone) => Said(TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) ? known : TimeZoneInfo.Utc));

    static string Said(DateTime local) => $"{Dates.Year(local)} {local.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)}";
}
