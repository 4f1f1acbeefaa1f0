using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts.Email;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Outside;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The card of Contacts.</summary>
public sealed class ContactsModule : Module
{
    public override string Name => "Contacts";

    public override void Tables(ModelBuilder model) => ContactTables.Describe(model);

    public override void Services(IServiceCollection services) =>
        services.AddSingleton<ReplyHooks>().AddSingleton<Outbox>().AddSingleton<Intake>().AddSingleton<MailboxImport>().AddSingleton<OutgoingReply>()
            .AddSingleton<SenderChecks>().AddSingleton<DkimKeySource>(all => AskKeys(all.GetRequiredService<TimeProvider>()))
            .AddSingleton(new MailTrust()).AddSingleton(new AlsoInReach()).AddSingleton<Reach>().AddSingleton(new TokenPatience()).AddSingleton<TokenClient>().AddSingleton<MailTokens>().AddSingleton<ISendAs>(all => all.GetRequiredService<MailTokens>()).AddSingleton<MailServers>().AddSingleton<IMailDirectory, MailDirectory>().AddSingleton<FetchMail>().AddHostedService(all => all.GetRequiredService<FetchMail>())
            .AddSingleton(new HintRule("mailboxstate", (_, who, ids) => Task.FromResult(who is Who one && one.Can(Verb.ManageSettings) ? ids.ToHashSet() : [])))
            .AddSingleton(OutsideCalls.BySystem).AddSingleton(OutsideCalls.BySocket).AddSingleton<OutsideCalls>().AddSingleton<RemotePictures>()
            .AddSingleton<Throttle>().AddScoped<Notices>()
            .AddScoped<WhenMailSent>().AddScoped<TellTheOwner>().AddScoped<TellTheLine>().AddScoped<TellTheMentioned>().AddScoped<TellOfAnswers>().AddScoped<TellOfReopening>().AddScoped<GiveReceipt>().AddScoped<TellWhomItIsFor>().AddScoped<TellBothOfTheEnd>().AddScoped<TellOfBounce>().AddScoped<TellOfTheBrake>().AddSingleton<AutomaticAnswers>().AddSingleton<SenderLoad>().AddSingleton(MailBudget.Usual)
            .AddSingleton(ContactQueries.Hints).AddSingleton(NoticesPages.Hints).AddSingleton<TryIt>(SampleMail.Send);

    // The keys of DKIM, over the system's resolvers.
    static DkimKeySource AskKeys(TimeProvider clock)
    {
        var dns = new DnsClient(new DnsSettings(), clock);
        return async (name, stop) =>
        {
            var answer = await dns.TextAsync(name, stop);
            return new(answer.State, answer.Records);
        };
    }

    public override void Join(IServiceProvider all)
    {
        var hooks = all.GetRequiredService<CaseHooks>();
        var house = all.GetRequiredService<House>();
        hooks.NextSteps.Add((db, cases) => ScheduledReplies.Steps(house, db, cases));
        hooks.TimelineEntries.Add(ContactEntries.Read);
        hooks.Panels.Add(MailFollowers.Panel);
        hooks.Panels.Add(CaseByLink.Panel);
        hooks.ComposerTabs.Add(ReplyToCase.Tab);
        hooks.ComposerTabs.Add(LogCall.Tab);
        hooks.SplitContact.Add(SplitContact.Copy);
        hooks.SearchTexts.Add(ContactQueries.SearchTexts);
        hooks.FactSentences.Add(ContactSentences.Of);
        hooks.FactThings.Add(ContactSentences.Mails);
        var replies = all.GetRequiredService<ReplyHooks>();
        replies.Pieces.Add(EmptyApologies.Piece);
        replies.Sent.Add(EmptyApologies.Mark);
        all.GetRequiredService<Databases>().BeforeCommit.Insert(0, EmptyApologies.BeforeCommit(all.GetRequiredService<TargetBook>()));
    }

    public override void Jobs(JobBook book)
    {
        ReadMail.Declare(book);
        SendMail.Declare(book);
        book.Hears<MailSent, WhenMailSent>(Lane.Mail, (fact, _) => fact.Contact is not null);
        // Nobody is told what he did himself.
        book.Hears<CaseEscalated, TellTheLine>(Lane.Mail);
        book.Hears<CaseAssigned, TellTheOwner>(Lane.Mail, (fact, by) => fact.ToOwner is { } owner && owner != fact.FromOwner && owner != by);
        book.Hears<CaseFollowed, TellTheMentioned>(Lane.Mail, (fact, by) => fact is { On: true, Why: Watching.Mentioned } && fact.Colleague != by);
        // The first contact of a case answers nothing, and what a machine wrote tells nobody.
        book.Hears<ContactReceived, TellOfAnswers>(Lane.Mail, (fact, _) => fact is { Automatic: false, First: false });
        book.Hears<ContactReceived, GiveReceipt>(Lane.Mail, (fact, _) => fact is { Receipt: true, First: true, Automatic: false });
        book.Hears<CaseReported, TellWhomItIsFor>(Lane.Mail);
        book.Hears<CaseReportResolved, TellBothOfTheEnd>(Lane.Mail);
        book.Hears<MailCameBack, TellOfBounce>(Lane.Mail);
        book.Hears<AutomaticMailStopped, TellOfTheBrake>(Lane.Mail);
        book.Hears<CaseReopened, TellOfReopening>(Lane.Mail, (fact, _) => fact.Why is not ReopenWhy.Undo);
    }

    public override void Routes(IEndpointRouteBuilder app)
    {
        DeliverMail.Map(app);
        ReplyToCase.Map(app);
        EmptyApologies.Map(app);
        TakeBack.Map(app);
        SendAt.Map(app);
        MailFollowers.Map(app);
        SendAgain.Map(app);
        ThanksSaid.Map(app);
        ContactFiles.Map(app);
        MailView.Map(app);
        MailPictures.Map(app);
        AskForm.Map(app);
        CaseByLink.Map(app);
        BrandColours.Map(app);
        LogCall.Map(app);
        NewCase.Map(app);
        Quarantine.Map(app);
        OutboxPages.Map(app);
        NoticesPages.Map(app);
        Mailboxes.Map(app);
        MailIn.Map(app);
        MailSignIn.Map(app);
        MailProviders.Map(app);
        MailHealth.Map(app);
        MailOut.Map(app);
        MailLimitsSettings.Map(app);
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
        Setting(() => Words.LimitsTitle, "/settings/mail-limits", "lock");
        Setting(() => Words.ProvidersTitle, "/settings/mail-sign-in", "key");
        Setting(() => Words.HealthTitle, "/settings/mail-health", "pulse");
        Setting(() => Words.BrandsTitle, "/settings/brands", "globe");
        Setting(() => Words.WebFormTitle, "/settings/web-form", "web");
    }
}
