using System.Globalization;
using Amends.Cases;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Mail;
using Amends.People;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What a mail system says about a mail of ours, in words, and what it makes of the message.</summary>
/// <param name="Says">For people: who did not get it, and why.</param>
/// <param name="Failed">It did not arrive: whoever wrote it is told.</param>
sealed record ReportRead(OutgoingMail Mail, Nature Nature, string Says, bool Failed);

/// <summary>
/// Reports about mail of ours: that it came back, is late, was read, or that somebody complained. They stand on the case whose mail it was and make no new one. Only
/// who was sent a mail knows its id, and a report must be about somebody whom it went to: else it is nobody's word (A13).
/// </summary>
static class AboutOurMail
{
    /// <summary>Inside of a write. Marks what came back for good.</summary>
    /// <exception cref="NotRead">The mail that it is about is not known: a person must look.</exception>
    public static async Task<ReportRead> Read(Database db, HouseKey key, IncomingContact incoming)
    {
        if (incoming.Report is { } report) return await Delivery(db, key, report);
        if (incoming.Receipt is { } receipt)
        {
            var sent = await ById(db, receipt.OriginalMessageId);
            var reader = WhichCase.MailKey(receipt.Address) ?? WhichCase.MailKey(incoming.FromAddress);
            if (sent is null || sent.Recipients.Find(r => WhichCase.MailKey(r.Address) == reader) is not { } by) throw new NotRead(Words.QuarantineReceipt);
            return new(sent, Nature.ReadReceipt, string.Format(CultureInfo.CurrentCulture, receipt.Disposition switch { "displayed" => Words.ReceiptDisplayed, "deleted" => Words.ReceiptDeleted, _ => Words.ReceiptOther }, by.Address), false);
        }
        var complaint = incoming.Complaint!;
        // Providers leave out who complained, and sometimes more: the id alone must do.
        var about = await ById(db, complaint.OriginalMessageId) ?? throw new NotRead(Words.QuarantineComplaint);
        var who = about.Recipients.Count == 1 ? about.Recipients[0].Address : complaint.Recipient ?? Words.SomeRecipient;
        return new(about, Nature.Complaint, string.Format(CultureInfo.CurrentCulture, complaint.FeedbackType switch { "not-spam" => Words.ComplaintNotSpam, "opt-out" or "opt-out-list" => Words.ComplaintOptOut, _ => Words.ComplaintSpam }, who), false);
    }

    static async Task<ReportRead> Delivery(Database db, HouseKey key, DeliveryReport report)
    {
        var mail = await ById(db, report.OriginalMessageId) ?? await ByToken(db, key, report);
        if (mail is null || !report.Recipients.Any(r => Of(mail, r) is not null)) throw new NotRead(Words.QuarantineReport);
        var says = new List<string>();
        var (failed, late) = (false, false);
        foreach (var outcome in report.Recipients)
        {
            if (Of(mail, outcome) is not { } recipient) continue;
            var why = WhyWords(outcome);
            switch (outcome.Action)
            {
                case "delivered" or "relayed" or "expanded":
                    says.Add(string.Format(CultureInfo.CurrentCulture, Words.ReportDelivered, recipient.Address));
                    break;
                case "delayed":
                    late = true;
                    says.Add(string.Format(CultureInfo.CurrentCulture, Words.ReportDelayed, recipient.Address, why));
                    break;
                default:
                    failed = true;
                    says.Add(string.Format(CultureInfo.CurrentCulture, Words.ReportFailed, recipient.Address, why));
                    recipient.Refuse(null, Intake.Cut(why, 500));
                    // A full mailbox or a server that was away says nothing of the address.
                    if (outcome.IsPermanent && outcome.Reason is BounceReason.NoSuchAddress or BounceReason.NoSuchDomain or BounceReason.Disabled or BounceReason.Unknown) await Mark(db, recipient.Address, why);
                    break;
            }
        }
        if (failed) mail.CameBack(Words.BouncedBack);
        return new(mail, failed ? Nature.CameBack : late ? Nature.Late : Nature.Delivered, string.Join("\n", says), failed);
    }

    static OutgoingRecipient? Of(OutgoingMail mail, DeliveryOutcome outcome) =>
        WhichCase.MailKey(outcome.Address) is { } address ? mail.Recipients.Find(r => WhichCase.MailKey(r.Address) == address) : null;

    static Task<OutgoingMail?> ById(Database db, string? id) =>
        id is null ? Task.FromResult<OutgoingMail?>(null) : db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstOrDefaultAsync(m => m.MessageId == id);

    // Some servers give a mail an id of their own. Our token in its Reply-To is still ours, and proves case and recipient.
    static async Task<OutgoingMail?> ByToken(Database db, HouseKey key, DeliveryReport report)
    {
        var replyTo = AddressList.Parse(report.Original.First("Reply-To")?.Text ?? "", 5).Mailboxes.Select(m => m.Address);
        var failed = report.Recipients.Select(r => WhichCase.MailKey(r.Address)).OfType<string>().Take(20).ToList();
        foreach (var text in ReplyToken.Among(replyTo, []))
        {
            if (!ReplyToken.TryRead(text, out var number, out var mac) || !ReplyToken.Proves(key, number, mac, failed)) continue;
            var id = await db.CasesVisibleTo(Trust.Who.House("intake")).Where(c => c.Number == number).Select(c => c.Id).FirstOrDefaultAsync();
            var mails = await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).Where(m => m.CaseId == id && m.ContactId != null).OrderByDescending(m => m.Id).Take(20).ToListAsync();
            if (mails.Find(m => m.Recipients.Exists(r => failed.Contains(WhichCase.MailKey(r.Address) ?? ""))) is { } mail) return mail;
        }
        return null;
    }

    static async Task Mark(Database db, string address, string why)
    {
        var value = WhichCase.MailKey(address);
        var (at, kept) = (db.At, Intake.Cut(why, 300));
        await db.Set<CustomerAddress>().Where(a => a.Value == value).ExecuteUpdateAsync(set => set.SetProperty(a => a.BouncedAt, at).SetProperty(a => a.BouncedWhy, kept));
    }

    /// <summary>Proved mail from an address shows that it lives.</summary>
    public static async Task Lives(Database db, Customer writer, string address)
    {
        if (db.Entry(writer).Collection(c => c.Addresses).IsLoaded && !writer.Addresses.Exists(a => a.BouncedAt is not null)) return;
        await db.Set<CustomerAddress>().Where(a => a.Value == address && a.BouncedAt != null).ExecuteUpdateAsync(set => set.SetProperty(a => a.BouncedAt, (DateTime?)null).SetProperty(a => a.BouncedWhy, (string?)null));
    }

    static string WhyWords(DeliveryOutcome outcome)
    {
        var reason = outcome.Reason switch
        {
            BounceReason.NoSuchAddress => Words.BounceNoSuchAddress,
            BounceReason.Disabled => Words.BounceDisabled,
            BounceReason.MailboxFull => Words.BounceFull,
            BounceReason.TooLarge => Words.BounceTooLarge,
            BounceReason.NoSuchDomain => Words.BounceNoSuchDomain,
            BounceReason.NotReachable => Words.BounceNotReachable,
            BounceReason.Refused => Words.BounceRefused,
            BounceReason.Content => Words.BounceContent,
            _ => Words.BounceUnknown
        };
        var said = OutgoingReply.Clean(outcome.DiagnosticCode is { } code ? code[(code.IndexOf(';', StringComparison.Ordinal) + 1)..] : outcome.Status);
        return said.Length == 0 ? reason : $"{reason} ({Intake.Cut(said, 200)})";
    }
}

/// <summary>Mail of ours to somebody came back: whoever wrote it, and who owns the case, is told.</summary>
sealed class TellOfBounce(Notices notices, Databases databases) : Foundation.Jobs.IHear<MailCameBack>
{
    public async Task Hear(MailCameBack fact, Foundation.Jobs.Heard heard, CancellationToken stop)
    {
        long? writer;
        using (var db = databases.Open()) writer = await db.Set<Contact>().Where(c => c.Id == fact.Written).Select(c => c.ColleagueId).FirstOrDefaultAsync(stop);
        await notices.Tell(heard, fact.Case, NotifyOf.Bounced, one => new[] { one.OwnerId, writer }.OfType<long>(), stop);
    }
}
