using System.Globalization;
using System.Security.Cryptography;
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

/// <summary>
/// Tells who wrote about something new, by mail or by the web form, that we have it: the number, by when a person answers, and the link to the customer's page.
/// No word of what was sent stands in it, for whoever is named as the sender may not be the one (A21). Once for a contact: its job ends with the mail that it queues.
/// </summary>
sealed class GiveReceipt(Databases databases, Writer write, Outbox outbox, AutomaticAnswers answers, House house, HouseAddress ours, HouseKey key, TimeProvider clock) : IHear<ContactReceived>
{
    static readonly Who Me = Who.House("receipts");

    sealed record Ready(ReadyMail Mail, CaseLetter Letter, Contact Contact);

    public async Task Hear(ContactReceived fact, Heard heard, CancellationToken stop)
    {
        Ready? ready;
        using (var db = databases.Open()) ready = await Prepare(db, fact, stop);
        await write.Run(Actor.System("receipts"), null, async db =>
        {
            if (ready is not null && await answers.Claim(db, ready.Contact) is { } right)
            {
                if (await outbox.QueueAutomatic(db, ready.Mail, ready.Contact.CaseId)) db.Add(ready.Letter);
                // What the brake has kept back has told nobody anything.
                else db.Remove(right);
            }
            await heard.Run.Finish(db);
        }, stop);
    }

    async Task<Ready?> Prepare(Database db, ContactReceived fact, CancellationToken stop)
    {
        var contact = await db.Set<Contact>().FirstOrDefaultAsync(c => c.Id == fact.Contact, stop);
        var one = await db.CasesVisibleTo(Me).FirstOrDefaultAsync(c => c.Id == fact.Case, stop);
        if (contact is null || one is null || !await AutomaticAnswers.MayAnswer(db, contact, one, clock.GetUtcNow().UtcDateTime)) return null;
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == one.BrandId, stop);
        var team = await db.Set<Team>().Where(t => t.Id == one.TeamId).Select(t => t.Name).FirstOrDefaultAsync(stop);
        Amends.Mail.Mailbox from;
        try { from = await OutgoingReply.SenderOf(db, house, one.BrandId, one.TeamId); }
        // There is no address to send from: it is heard all the same.
        catch (Refused) { return null; }
        var to = new Amends.Mail.Mailbox(contact.FromAddress!);
        var customer = await db.Set<Customer>().Where(c => c.Id == contact.CustomerId).Select(c => new { c.Zone, c.Language }).FirstOrDefaultAsync(stop);
        var zone = customer?.Zone ?? house.Get(HouseSettings.Zone);
        Speech.Speak(Speech.ForCustomer(customer?.Language, house.Get(HouseSettings.Language)));
        var (letter, link) = CaseLetters.Make(one.Id, contact.CustomerId ?? one.CustomerId, clock.GetUtcNow().UtcDateTime);
        var draft = new MailDraft
        {
            From = from,
            Subject = string.Create(CultureInfo.InvariantCulture, $"{Words.ReceiptSubject} [#{one.Number}]"),
            Date = clock.GetUtcNow(),
            Text = Text(one, brand, team ?? "", zone, ours.Link("/c/" + link))
        };
        // The address alone: the name was typed by somebody, and may be anything.
        draft.To.Add(to);
        OutgoingReply.Thread(draft, key, one.Number, to.Key, from);
        // An id is a line that the sender has chosen.
        if (contact is { Trust: SenderTrust.Verified, MessageId: { } id } && OutgoingReply.MayStand(id)) (draft.InReplyTo, draft.References) = (id, [id]);
        return new(await outbox.PrepareAutomatic(draft, AutomaticKind.Answer, stop), letter, contact);
    }

    static string Text(Case one, Brand? brand, string team, string zone, string link)
    {
        string Say(string pattern, params object[] with) => string.Format(CultureInfo.CurrentCulture, pattern, with);
        var text = new StringBuilder();
        text.Append(string.IsNullOrWhiteSpace(brand?.ReceiptText) ? Words.ReceiptText : brand.ReceiptText.Trim().ReplaceLineEndings("\n")).Append("\n\n");
        text.Append(Say(Words.ReceiptNumber, one.Number)).Append('\n');
        if (one.FirstAnswerDue is { } due) text.Append(Say(Words.NowAnswerBy, Times.Full(due, zone), Times.Place(zone))).Append('\n');
        text.Append('\n');
        text.Append(Words.ReceiptLink).Append('\n').Append(link).Append("\n\n");
        text.Append(Words.ReceiptNotYou).Append('\n');
        if (SignatureText.OfHouse(brand, team) is { } signature) text.Append("\n-- \n").Append(signature.Trim().ReplaceLineEndings("\n")).Append('\n');
        return text.Replace("\0", "").ToString();
    }
}
