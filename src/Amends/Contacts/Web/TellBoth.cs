using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Settings of what is told when somebody reports for a customer.</summary>
public static class Reporting
{
    /// <summary>The customer is told that somebody reported a matter for him.</summary>
    public static readonly SettingName<bool> TellCustomer = new("reporting.tell-customer", true);
}

/// <summary>Mail of the house to the customer or the reporter of a case, with the link to his page; no word that anybody has written stands in it.</summary>
static class LetterMail
{
    public sealed record Ready(ReadyMail Mail, CaseLetter Letter, string Key);

    /// <summary>Prepares it; null where no address is known, mail to it comes back, it is ours, or there is none to send from.</summary>
    /// <param name="says">Subject, and the lines above the link, in the language that is spoken then.</param>
    public static async Task<Ready?> Prepare(Database db, Case one, long person, Outbox outbox, House house, HouseAddress ours, HouseKey key, DateTimeOffset now, Func<string, (string Subject, string Lines, string Path)> says, CancellationToken stop)
    {
        var address = await db.Set<CustomerAddress>().Where(a => a.CustomerId == person && a.Kind == AddressKind.Mail && a.BouncedAt == null).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync(stop);
        if (WhichCase.MailKey(address) is not { } compared || await Ours.Has(db, compared)) return null;
        Amends.Mail.Mailbox from;
        try { from = await OutgoingReply.SenderOf(db, house, one.BrandId, one.TeamId); }
        catch (Refused) { return null; }
        var customer = await db.Set<Customer>().Where(c => c.Id == person).Select(c => new { c.Zone, c.Language }).FirstOrDefaultAsync(stop);
        Speech.Speak(Speech.ForCustomer(customer?.Language, house.Get(HouseSettings.Language)));
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == one.BrandId, stop);
        var team = await db.Set<Team>().Where(t => t.Id == one.TeamId).Select(t => t.Name).FirstOrDefaultAsync(stop);
        var (letter, token) = CaseLetters.Make(one.Id, person, now.UtcDateTime);
        var (subject, lines, path) = says(customer?.Zone ?? house.Get(HouseSettings.Zone));
        var text = new StringBuilder(lines).Append("\n\n").Append(Words.ReceiptLink).Append('\n').Append(ours.Link("/c/" + token + path)).Append('\n');
        if (SignatureText.OfHouse(brand, team ?? "") is { } signature) text.Append("\n-- \n").Append(signature.Trim().ReplaceLineEndings("\n")).Append('\n');
        var draft = new MailDraft { From = from, Subject = string.Create(CultureInfo.InvariantCulture, $"{subject} [#{one.Number}]"), Date = now, Text = text.Replace("\0", "").ToString() };
        var to = new Amends.Mail.Mailbox(compared);
        draft.To.Add(to);
        OutgoingReply.Thread(draft, key, one.Number, to.Key, from);
        return new(await outbox.PrepareAutomatic(draft, AutomaticKind.Answer, stop), letter, compared);
    }

    /// <summary>Queues it where the right to it is left and the brake lets it.</summary>
    public static async Task Queue(Database db, Outbox outbox, AutomaticAnswers answers, Ready ready, long of, long? counted)
    {
        if (await answers.Claim(db, ready.Key, of, counted) is not { } right) return;
        if (await outbox.QueueAutomatic(db, ready.Mail, ready.Letter.CaseId)) db.Add(ready.Letter);
        else db.Remove(right);
    }
}

/// <summary>
/// Tells the customer that somebody reported a matter for him, with his own link. Who it was is named in it only where that is proved: by the sender's mail, or a colleague wrote it down; what anybody can
/// type into a form is not sent to a third (A21). One a day to an address where nothing proves who reported.
/// </summary>
sealed class TellWhomItIsFor(Databases databases, Writer write, Outbox outbox, AutomaticAnswers answers, House house, HouseAddress ours, HouseKey key, TimeProvider clock) : IHear<CaseReported>
{
    public async Task Hear(CaseReported fact, Heard heard, CancellationToken stop)
    {
        LetterMail.Ready? ready = null;
        var (proved, customer) = (false, 0L);
        using (var db = databases.Open())
        {
            var contact = await db.Set<Contact>().FirstOrDefaultAsync(c => c.Id == fact.Contact, stop);
            var one = await db.CasesVisibleTo(Who.House("reports")).FirstOrDefaultAsync(c => c.Id == fact.Case, stop);
            var now = clock.GetUtcNow();
            if (house.Get(Reporting.TellCustomer) && contact is { Automatic: false, Trust: not SenderTrust.Failed } && one is { IsOpen: true, SpamAt: null, MergedInto: null } && contact.At > now.UtcDateTime - AutomaticAnswers.Fresh
                && (contact.Channel != Channel.Mail || (await RobotSigns.Of(db, contact)).Count == 0))
            {
                (proved, customer) = (contact.Trust == SenderTrust.Verified || contact.ColleagueId is not null, one.CustomerId);
                var name = proved ? await db.Set<Customer>().Where(c => c.Id == fact.Reporter).Select(c => c.Name).FirstOrDefaultAsync(stop) : null;
                ready = await LetterMail.Prepare(db, one, one.CustomerId, outbox, house, ours, key, now, zone =>
                {
                    var lines = new StringBuilder(name is { Length: > 0 } ? string.Format(CultureInfo.CurrentCulture, Words.ReportedForYouBy, OutgoingReply.Clean(name)) : Words.ReportedForYou).Append("\n\n").Append(string.Format(CultureInfo.CurrentCulture, Words.ReceiptNumber, one.Number));
                    if (one is { FirstAnsweredAt: null, FirstAnswerDue: { } due }) lines.Append('\n').Append(string.Format(CultureInfo.CurrentCulture, Words.NowAnswerBy, Times.Full(due, zone), Times.Place(zone)));
                    return (Words.ReportedSubject, lines.ToString(), "");
                }, stop);
            }
        }
        await write.Run(Actor.System("reports"), null, async db =>
        {
            if (ready is not null) await LetterMail.Queue(db, outbox, answers, ready, proved ? fact.Case : 0, customer);
            await heard.Run.Finish(db);
        }, stop);
    }
}

/// <summary>What was reported for a customer is resolved: he is asked whether it is, and who reported it hears of it; whom our last answer went to in these minutes knows it already.</summary>
sealed class TellBothOfTheEnd(Databases databases, Writer write, Outbox outbox, AutomaticAnswers answers, House house, HouseAddress ours, HouseKey key, TimeProvider clock) : IHear<CaseReportResolved>
{
    static readonly TimeSpan JustWritten = TimeSpan.FromMinutes(15);

    public async Task Hear(CaseReportResolved fact, Heard heard, CancellationToken stop)
    {
        var ready = new List<LetterMail.Ready>();
        using (var db = databases.Open())
        {
            var now = clock.GetUtcNow();
            if (await db.CasesVisibleTo(Who.House("reports")).FirstOrDefaultAsync(c => c.Id == fact.Case, stop) is { State: CaseState.Resolved, SpamAt: null, MergedInto: null } one)
            {
                // What can still be taken back, or leaves later, is not told by the other way before.
                var leaves = await db.Set<OutgoingMail>().Where(m => m.CaseId == one.Id && m.State == OutgoingState.Queued && m.Automatic == null).Select(m => (DateTime?)m.SendAt).MaxAsync(stop);
                var stands = one.ResolvedAt!.Value.AddSeconds(house.Get(HouseSettings.UndoSend) + 1);
                if (leaves is { } goes && goes.AddSeconds(1) > stands) stands = goes.AddSeconds(1);
                if (stands > now.UtcDateTime) throw new TryLater(Words.EndMayChange, stands - now.UtcDateTime);
                var since = now.UtcDateTime - JustWritten;
                var written = await db.Set<Contact>().Where(c => c.CaseId == one.Id && c.Direction == Direction.Out && c.Channel == Channel.Mail && c.State != ContactState.TakenBack && c.At >= since).Select(c => new { c.To, c.Cc }).ToListAsync(stop);
                var knows = written.SelectMany(w => AddressList.Parse($"{w.To}, {w.Cc}").Mailboxes).Select(a => a.Key).ToHashSet();
                foreach (var (person, isReporter) in new[] { (one.CustomerId, false), (fact.Reporter, true) })
                {
                    if ((await WhichCase.AddressesOf(db, person)).Overlaps(knows)) continue;
                    if (await LetterMail.Prepare(db, one, person, outbox, house, ours, key, now, _ => isReporter ? (Words.ReportDoneSubject, Words.ReportDoneText, "") : (Words.IsItSolved, Words.ResolvedForYouText, "/solved"), stop) is { } mail) ready.Add(mail);
                }
            }
        }
        await write.Run(Actor.System("reports"), null, async db =>
        {
            // Two of one household with one address hear it once: the customer, who is asked.
            foreach (var mail in ready.DistinctBy(m => m.Key)) await LetterMail.Queue(db, outbox, answers, mail, -fact.Case, null);
            await heard.Run.Finish(db);
        }, stop);
    }
}
