using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The card of Cases: the desk.</summary>
public sealed class CasesModule : Module
{
    public override string Name => "Cases";

    public override void Tables(ModelBuilder model) => CaseTables.Describe(model);

    public override void Services(IServiceCollection services)
    {
        services.AddSingleton<CaseHooks>().AddSingleton<CaseSearch>().AddSingleton<PresenceBoard>().AddSingleton<KeptCounts>().AddSingleton<EscalationRules>().AddSingleton<Names>();
        services.AddSingleton<TargetBook>().AddSingleton<HoursFault>(WorkingCalendar.FaultOf);
        services.AddSingleton<Openings>().AddHostedService(all => all.GetRequiredService<Openings>());
        services.AddSingleton(new HintRule("case", SeenCases)).AddSingleton(new HintRule("presence", SeenCases));
    }

    // A hint tells that a case is there: only to those who see it.
    static async Task<HashSet<long>> SeenCases(IServiceProvider all, Actor actor, IReadOnlyCollection<long> ids)
    {
        if (actor is not Who who) return [];
        using var db = all.GetRequiredService<Databases>().Open();
        var wanted = ids.ToList();
        return [.. await db.CasesVisibleToWithDeleted(who).Where(c => wanted.Contains(c.Id)).Select(c => c.Id).ToListAsync()];
    }

    public override void Join(IServiceProvider all)
    {
        all.GetRequiredService<CaseHooks>().Bars.Add(OwnerAway.Bar);
        var before = all.GetRequiredService<Databases>().BeforeCommit;
        // Deadlines first: the next step reads them.
        before.Add(all.GetRequiredService<TargetBook>().Keep);
        before.Add(CasePlans.Keep(all.GetRequiredService<CaseHooks>(), all.GetRequiredService<EscalationRules>()));
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        Desk.Map(app);
        NothingHappens.Map(app);
        StandStill.Map(app);
        EscalationSettings.Map(app);
        CasePage.Map(app);
        CaseTable.Map(app);
        Presence.Map(app);
        Drafts.Map(app);
        AssignCase.Map(app);
        FollowCase.Map(app);
        Notes.Map(app);
        TagCase.Map(app);
        SortCase.Map(app);
        RenameCase.Map(app);
        WaitCase.Map(app);
        ResolveCase.Map(app);
        ReopenCase.Map(app);
        CloseCase.Map(app);
        ConfirmCase.Map(app);
        SpamCase.Map(app);
        DeleteCase.Map(app);
        KeepConfidential.Map(app);
        MergeCase.Map(app);
        LinkCase.Map(app);
        SplitCase.Map(app);
        ChangeCustomer.Map(app);
        UndoFact.Map(app);
        CaseHistory.Map(app);
        BulkCases.Map(app);
        CaseSearching.Map(app);
        Palette.Map(app);
        SavedViews.Map(app);
        ExportCases.Map(app);
        CannedTexts.Map(app);
        TagSettings.Map(app);
        CompanySettings.Map(app);
        Calendars.Map(app);
        HolidayImport.Map(app);
        ServiceTargets.Map(app);
        CaseTargets.Map(app);
    }

    public override void Menu(MenuBook menu)
    {
        // The desk is where the day begins.
        menu.Rail.Add(new MenuEntry(() => Words.DeskTitle, "/desk", "desk", who => who is Who w && w.Can(Verb.SeeCases), "d", 10));
        menu.Commands.Add(new MenuEntry(() => Words.NothingTitle, "/nothing-happens", "pulse", NothingHappens.IsFor));
        menu.Commands.Add(new MenuEntry(() => Words.StillTitle, "/standing-still", "pulse", who => who is Who w && w.Can(Verb.SeeCases)));
        menu.Settings.Add((() => Words.SettingsHouse, new MenuEntry(() => Words.CompanyTitle, "/settings/company", "house", who => who is Who w && w.Can(Verb.ManageSettings), Order: 10)));
        menu.Settings.Add((() => Words.SettingsHouse, new MenuEntry(() => Targets.Words.CalendarsTitle, "/settings/calendars", "clock", who => who is Who w && w.Can(Verb.ManageSettings), Order: 11)));
        menu.Settings.Add((() => Words.SettingsDesk, new MenuEntry(() => Targets.Words.TargetsTitle, "/settings/targets", "check", who => who is Who w && w.Can(Verb.ManageSettings), Order: 32)));
        menu.Settings.Add((() => Words.SettingsDesk, new MenuEntry(() => Words.EscalationTitle, "/settings/escalation", "pulse", who => who is Who w && w.Can(Verb.ManageSettings), Order: 33)));
        menu.Settings.Add((() => Words.SettingsDesk, new MenuEntry(() => Words.CannedTitle, "/settings/canned", "note", who => who is Who w && w.Can(Verb.WriteCannedTexts), Order: 30)));
        menu.Settings.Add((() => Words.SettingsDesk, new MenuEntry(() => Words.Tags, "/settings/tags", "tag", who => who is Who w && w.Can(Verb.ManageSettings), Order: 31)));
    }
}
