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
        services.AddSingleton<Outbox>().AddSingleton<Intake>().AddSingleton<MailboxImport>().AddSingleton<OutgoingReply>()
            .AddScoped<WhenMailSent>().AddSingleton(ContactQueries.Hints);

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        hooks.TimelineEntries.Add(ContactEntries.Read);
        hooks.ComposerTabs.Add(ReplyToCase.Tab);
        hooks.SearchTexts.Add(ContactQueries.SearchTexts);
    }

    public override void Jobs(JobBook book)
    {
        ReadMail.Declare(book);
        SendMail.Declare(book);
        book.Hears<MailSent, WhenMailSent>(Lane.Mail);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        DeliverMail.Map(app);
        ReplyToCase.Map(app);
        TakeBack.Map(app);
        ContactFiles.Map(app);
    }
}
