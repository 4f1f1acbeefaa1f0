using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>The card of People.</summary>
public sealed class PeopleModule : Module
{
    public override string Name => "People";

    public override void Tables(ModelBuilder model) => PeopleTables.Describe(model);

    public override void Services(IServiceCollection services) => services.AddSingleton<PeopleHooks>();

    public override void Routes(IEndpointRouteBuilder app)
    {
        ListPeople.Map(app);
        SuggestPeople.Map(app);
        ShowCustomer.Map(app);
        EditCustomer.Map(app);
        JoinOrganisation.Map(app);
        MergeCustomer.Map(app);
        ShowOrganisation.Map(app);
        EditOrganisation.Map(app);
        EditHolding.Map(app);
        ImportPeople.Map(app);
        ExportPeople.Map(app);
    }

    public override void Jobs(JobBook book) => book.Does<ImportJob>(ImportJob.Kind);

    public override void Menu(MenuBook menu)
    {
        menu.Rail.Add(new MenuEntry(() => Words.People, "/people", "people", who => who is Who w && w.Can(Verb.SeePeople), "p"));
        menu.Commands.Add(new MenuEntry(() => Words.NewCustomer, "/people/new", "plus", who => who is Who w && w.Can(Verb.ChangePeople)));
        menu.Commands.Add(new MenuEntry(() => Words.NewOrganisation, "/people/organisations/new", "plus", who => who is Who w && w.Can(Verb.ChangePeople)));
        menu.Commands.Add(new MenuEntry(() => Words.ImportTitle, "/people/import", "upload", who => who is Who w && w.Can(Verb.ImportPeople)));
    }
}
