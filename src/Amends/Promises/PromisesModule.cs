using Amends.Cases;
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

    public override void Tables(ModelBuilder model) => PromiseTables.Describe(model);

    public override void Services(IServiceCollection services) => services.AddScoped<TellKeepers>().AddScoped<TellOfPassed>().AddScoped<TellOfHandOver>();

    public override void Jobs(JobBook book)
    {
        book.Hears<PromiseReminded, TellKeepers>(Lane.Mail);
        book.Hears<PromisePassed, TellOfPassed>(Lane.Mail);
        book.Hears<PromiseHandedOver, TellOfHandOver>(Lane.Mail);
    }

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        hooks.NextSteps.Add(PromiseHooks.Steps);
        hooks.Promised.Add(PromiseHooks.Ring);
        hooks.Obstacles.Add(PromiseHooks.Obstacle);
        hooks.Panels.Add(PromiseHooks.Panel);
        hooks.FactSentences.Add(PromiseHooks.Sentence);
        hooks.FactThings.Add(PromiseHooks.Things);
        var replies = all.GetRequiredService<ReplyHooks>();
        var house = all.GetRequiredService<House>();
        replies.Pieces.Add(FoundPromises.Piece(house, all.GetRequiredService<TimeProvider>()));
        replies.Told.Add(PromiseHooks.Told);
        replies.Sent.Add(FoundPromises.Record(house));
        // Before the cases are planned anew: their next step counts with what this changes.
        all.GetRequiredService<Databases>().BeforeCommit.Insert(0, PromiseHooks.BeforeCommit);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        FoundPromises.Map(app);
        MakePromise.Map(app);
        PromisePage.Map(app);
        MyPromises.Map(app);
    }

    public override void Menu(MenuBook menu) => menu.Rail.Add(new(() => Words.MenuPromises, "/promises", "clock", who => who is Who w && w.Can(Verb.SeeCases), "m", 20));
}
