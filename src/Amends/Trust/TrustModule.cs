using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The card of Trust.</summary>
public sealed class TrustModule : Module
{
    public override string Name => "Trust";

    public override void Tables(ModelBuilder model) => TrustTables.Describe(model);

    public override void Services(IServiceCollection services) => services
        .AddSingleton<Guesses>().AddSingleton<Challenges>().AddSingleton<KnownBrowser>().AddSingleton<DemoNames>().AddSingleton<FirstRun>().AddSingleton<HouseAddress>().AddSingleton<WhoIsHere>();

    public override void Guards(WebApplication app) => app.UseGate();

    public override void Jobs(JobBook book) => book.Does<SendReset>(ForgottenPassword.Job);

    public override void Routes(IEndpointRouteBuilder app)
    {
        SignIn.Map(app);
        ForgottenPassword.Map(app);
        UseLink.Map(app);
        FirstRunPages.Map(app);
        LiveRoute.Map(app);
        Me.Map(app);
        SettingsIndex.Map(app);
        Colleagues.Map(app);
        Absences.Map(app);
        Teams.Map(app);
        Roles.Map(app);
        Keys.Map(app);
    }

    public override void Menu(MenuBook menu)
    {
        menu.Settings.Add((() => Words.GroupPeopleOfHouse, new(() => Words.Colleagues, "/settings/colleagues", "people", Holds(Verb.ManageColleagues), Order: 20)));
        menu.Settings.Add((() => Words.GroupPeopleOfHouse, new(() => Words.Teams, "/settings/teams", "user", Holds(Verb.ManageTeams), Order: 21)));
        menu.Settings.Add((() => Words.GroupPeopleOfHouse, new(() => Words.Roles, "/settings/roles", "shield", Holds(Verb.ManageRoles), Order: 22)));
        menu.Settings.Add((() => Words.GroupPrograms, new(() => Words.Keys, "/settings/keys", "key", Holds(Verb.ManageKeys), Order: 50)));
    }

    // Last in the rail, and offered to whom there is a page for.
    public override void Join(IServiceProvider all)
    {
        var menu = all.GetRequiredService<MenuBook>();
        menu.Rail.Add(new(() => Amends.Foundation.Web.Words.Settings, "/settings", "settings", actor => menu.Settings.Exists(s => s.Entry.For(actor)), "s", 90));
        menu.Commands.Add(new(() => Words.YourAccount, "/me", "user", _ => true));
        menu.Commands.Add(new(() => Words.AbsencePlan, "/me/absence", "clock", _ => true));
    }

    static Func<Actor, bool> Holds(Verb verb) => actor => actor is Who who && who.Can(verb);
}
