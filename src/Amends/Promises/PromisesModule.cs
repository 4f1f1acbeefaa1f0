using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>The card of Promises: what we said we would do.</summary>
public sealed class PromisesModule : Module
{
    public override string Name => "Promises";

    public override void Tables(ModelBuilder model)
    {
        PromiseTables.Describe(model);
        Calls.CallTables.Describe(model);
    }

    public override void Services(IServiceCollection services) => services.AddSingleton<AskedOf>().AddScoped<TellKeepers>().AddScoped<TellOfPassed>().AddScoped<TellOfHandOver>().AddScoped<Calls.TellOfficer>();

    public override void Jobs(JobBook book)
    {
        book.Hears<PromiseReminded, TellKeepers>(Lane.Mail);
        book.Hears<PromisePassed, TellOfPassed>(Lane.Mail);
        book.Hears<PromiseHandedOver, TellOfHandOver>(Lane.Mail);
        book.Hears<Calls.OfficerAsked, Calls.TellOfficer>(Lane.Mail);
    }

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        var (house, targets) = (all.GetRequiredService<House>(), all.GetRequiredService<TargetBook>());
        hooks.NextSteps.Add((db, cases) => PromiseHooks.Steps(house, db, cases));
        hooks.Promised.Add(PromiseHooks.Ring);
        hooks.Obstacles.Add(PromiseHooks.Obstacle);
        hooks.WaysOut.Add(PromiseHooks.WaysOut);
        hooks.Panels.Add(PromiseHooks.Panel);
        hooks.FactSentences.Add(PromiseHooks.Sentence);
        hooks.FactThings.Add(PromiseHooks.Things);
        hooks.Bars.Add(Calls.PickUpThePhone.Bar);
        var replies = all.GetRequiredService<ReplyHooks>();
        replies.Pieces.Add(FoundPromises.Piece(house, targets, all.GetRequiredService<TimeProvider>()));
        replies.Told.Add(PromiseHooks.Told);
        replies.Sent.Add(FoundPromises.Record(house, targets));
        replies.Offers.Add(Calls.AskForCall.Link(house, all.GetRequiredService<TimeProvider>()));
        all.GetRequiredService<Databases>().BeforeCommit.Insert(0, Calls.CallBacks.BeforeCommit);
        // Before the cases are planned anew: their next step counts with what this changes.
        all.GetRequiredService<Databases>().BeforeCommit.Insert(0, PromiseHooks.BeforeCommit);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        FoundPromises.Map(app);
        MakePromise.Map(app);
        PromisePage.Map(app);
        NewTimes.Map(app);
        MyPromises.Map(app);
        PromiseCalendar.Map(app);
        KeptRate.Map(app);
        CalendarFeed.Map(app);
        Calls.PromiseCall.Map(app);
        Calls.PickUpThePhone.Map(app);
        Calls.CallsDue.Map(app);
        Calls.OfficerSettings.Map(app);
        Calls.AskForCall.Map(app);
    }

    public override void Menu(MenuBook menu)
    {
        menu.Rail.Add(new(() => Words.MenuPromises, "/promises", "clock", who => who is Who w && w.Can(Verb.SeeCases), "m", 20));
        menu.Commands.Add(new(() => Calls.Words.CallsTitle, "/calls", "phone", who => who is Who w && w.Can(Verb.SeeCases)));
        menu.Settings.Add((() => Calls.Words.CallsGroup, new(() => Calls.Words.OfficersTitle, "/settings/officers", "phone", who => who is Who w && w.Can(Verb.ManageSettings), Order: 50)));
    }
}
