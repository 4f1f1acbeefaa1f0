using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Automatic mail was stopped because there was too much of it: whoever may change settings is told once, on the page and by a mail that no brake stops.</summary>
sealed class TellOfTheBrake(Databases databases, Writer write, Outbox outbox, House house, HouseAddress ours, TimeProvider clock) : IHear<AutomaticMailStopped>
{
    public async Task Hear(AutomaticMailStopped fact, Heard heard, CancellationToken stop)
    {
        List<Colleague> told;
        var ready = new List<ReadyMail>();
        using (var db = databases.Open())
        {
            told = await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active && db.Set<Role>().Any(r => r.Id == c.RoleId && r.Permissions.Any(p => p.Verb == Verb.ManageSettings))).OrderBy(c => c.Id).ToListAsync(stop);
            var brand = await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Id).FirstOrDefaultAsync(stop);
            Amends.Mail.Mailbox? from = null;
            try { if (brand is not null) from = await OutgoingReply.SenderOf(db, house, brand.Id, 0); }
            catch (Refused) { }
            foreach (var colleague in told)
                if (from is not null) ready.Add(await outbox.PrepareAutomatic(Speech.In(colleague.Language ?? house.Get(HouseSettings.Language), () => Letter(from, colleague, fact)), AutomaticKind.Letter, stop));
        }
        await write.Run(Actor.System("mail"), null, async db =>
        {
            foreach (var colleague in told)
            {
                db.Add(new Notification { ColleagueId = colleague.Id, Of = NotifyOf.AutomaticStopped, At = heard.At });
                db.Tell(new Hint("notification", colleague.Id, 0));
            }
            foreach (var mail in ready) await outbox.QueueAutomatic(db, mail);
            await heard.Run.Finish(db);
        }, stop);
    }

    MailDraft Letter(Amends.Mail.Mailbox from, Colleague to, AutomaticMailStopped fact)
    {
        var draft = new MailDraft
        {
            From = from,
            Subject = Words.BrakeSubject,
            Date = clock.GetUtcNow(),
            Text = $"{string.Format(CultureInfo.CurrentCulture, fact.Kind == AutomaticKind.Answer ? Words.BrakeAnswers : Words.BrakeNotices, house.Get(AutomaticMail.Most), fact.Within)}\n\n{Words.BrakeWhat}\n\n{ours.Link("/settings/mail-health")}\n"
        };
        draft.To.Add(new Amends.Mail.Mailbox(to.Address, OutgoingReply.Clean(to.Name)));
        return draft;
    }
}
