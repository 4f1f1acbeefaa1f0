using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The card of Contacts.</summary>
public sealed class ContactsModule : Module
{
    public override string Name => "Contacts";

    public override void Tables(ModelBuilder model) => ContactTables.Describe(model);

    public override void Services(IServiceCollection services) =>
        services.AddSingleton<Outbox>().AddSingleton<OurAddress>().AddSingleton<Intake>().AddSingleton<MailboxImport>().AddSingleton<OutgoingReply>();

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        hooks.ComposerTabs.Add(ReplyToCase.Tab);
        hooks.SearchTexts.Add(ContactQueries.SearchTexts);
    }

    public override void Jobs(JobBook book)
    {
        ReadMail.Declare(book);
        SendMail.Declare(book);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        DeliverMail.Map(app);
        ReplyToCase.Map(app);
    }
}
