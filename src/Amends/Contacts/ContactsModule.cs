using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The card of Contacts.</summary>
public sealed class ContactsModule : Module
{
    public override string Name => "Contacts";

    public override void Tables(ModelBuilder model) => ContactTables.Describe(model);

    public override void Services(IServiceCollection services) =>
        services.AddSingleton<Outbox>().AddSingleton<Intake>().AddSingleton<MailboxImport>().AddSingleton<OutgoingReply>()
            .AddSingleton<Throttle>().AddScoped<Notices>()
            .AddScoped<WhenMailSent>().AddScoped<TellTheOwner>().AddScoped<TellTheMentioned>().AddScoped<TellOfAnswers>().AddScoped<TellOfReopening>()
            .AddSingleton(ContactQueries.Hints).AddSingleton(NoticesPages.Hints).AddSingleton<TryIt>(SampleMail.Send);

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        hooks.TimelineEntries.Add(ContactEntries.Read);
        hooks.Panels.Add(CaseByLink.Panel);
        hooks.ComposerTabs.Add(ReplyToCase.Tab);
        hooks.ComposerTabs.Add(LogCall.Tab);
        hooks.SplitContact.Add(SplitContact.Copy);
        hooks.SearchTexts.Add(ContactQueries.SearchTexts);
        hooks.FactSentences.Add(ContactSentences.Of);
        hooks.FactThings.Add(ContactSentences.Mails);
    }

    public override void Jobs(JobBook book)
    {
        ReadMail.Declare(book);
        SendMail.Declare(book);
        book.Hears<MailSent, WhenMailSent>(Lane.Mail, (fact, _) => fact.Contact is not null);
        // Nobody is told what he did himself.
        book.Hears<CaseAssigned, TellTheOwner>(Lane.Mail, (fact, by) => fact.ToOwner is { } owner && owner != fact.FromOwner && owner != by);
        book.Hears<CaseFollowed, TellTheMentioned>(Lane.Mail, (fact, by) => fact is { On: true, Why: Watching.Mentioned } && fact.Colleague != by);
        // The first contact of a case answers nothing, and what a machine wrote tells nobody.
        book.Hears<ContactReceived, TellOfAnswers>(Lane.Mail, (fact, _) => fact is { Automatic: false, First: false });
        book.Hears<CaseReopened, TellOfReopening>(Lane.Mail, (fact, _) => fact.Why is not ReopenWhy.Undo);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        DeliverMail.Map(app);
        ReplyToCase.Map(app);
        TakeBack.Map(app);
        ContactFiles.Map(app);
        AskForm.Map(app);
        CaseByLink.Map(app);
        BrandColours.Map(app);
        LogCall.Map(app);
        NewCase.Map(app);
        Quarantine.Map(app);
        OutboxPages.Map(app);
        NoticesPages.Map(app);
        Mailboxes.Map(app);
        MailOut.Map(app);
        Brands.Map(app);
    }

    public override void Menu(MenuBook menu)
    {
        static Func<Actor, bool> May(Verb verb) => actor => actor is Who who && who.Can(verb);
        menu.Rail.Add(new(() => Words.MenuNotices, "/notices", "bell", _ => true, "n"));
        menu.Rail.Add(new(() => Words.MenuOutbox, "/outbox", "send", May(Verb.SeeOutbox), "o"));
        menu.Commands.Add(new(() => Words.MenuLogCall, "/calls/new", "phone", May(Verb.WorkCases)));
        menu.Commands.Add(new(() => Words.MenuNewCase, "/cases/new", "plus", May(Verb.WorkCases)));
        menu.Commands.Add(new(() => Words.QuarantineTitle, "/quarantine", "spam", May(Verb.SeeStuckWork)));
        void Setting(Func<string> words, string href, string icon) => menu.Settings.Add((() => Words.MenuMailGroup, new(words, href, icon, May(Verb.ManageSettings), Order: 40)));
        Setting(() => Words.MailboxesTitle, "/settings/mailboxes", "mail");
        Setting(() => Words.MailOutTitle, "/settings/mail-out", "send");
        Setting(() => Words.BrandsTitle, "/settings/brands", "globe");
        Setting(() => Words.WebFormTitle, "/settings/web-form", "web");
    }
}
