using System.Security.Cryptography;
using System.Text;
using Amends.Cases;
using Amends.Contacts.Email;
using Amends.Foundation.Blobs;
using Amends.Foundation.Web;
using Amends.Mail;

namespace Amends.Contacts;

/// <summary>Makes of a raw mail what intake takes. Never throws on what it reads but <see cref="NotRead"/>.</summary>
public static class IncomingMail
{
    /// <summary>Files of a mail that are kept; the raw form has all of them.</summary>
    const int MostFiles = 200;

    /// <summary>Reads the mail and puts its files into the blob store; their rows are added by intake.</summary>
    /// <exception cref="NotRead">There is no mail in it, or nobody who sent it.</exception>
    public static async Task<IncomingContact> Read(ReadOnlyMemory<byte> raw, Delivery delivery, Mailbox mailbox, BlobStore blobs, SenderChecks senders, CancellationToken stop, MailBudget? budget = null, bool filesLater = false)
    {
        var (mail, readable, parts, remote) = await Parsed(raw, budget ?? MailBudget.Usual, stop);
        if (mail.Defects.Any(d => d.Kind == DefectKind.Empty)) throw new NotRead(Words.QuarantineEmpty);
        if (mail.Defects.Any(d => d.Kind == DefectKind.ReaderFault)) throw new NotRead(Words.QuarantineFault);
        // A picture, a torn piece, anything: without one header it is no mail, whoever the envelope names.
        if (mail.Headers.Count == 0) throw new NotRead(Words.QuarantineFault);
        var from = mail.From.FirstOrDefault(f => f.IsValid) ?? (mail.Sender is { IsValid: true } sender ? sender : null)
            ?? (Amends.Mail.Mailbox.TryParse(delivery.EnvelopeFrom, out var envelope) ? envelope : null);
        var report = mail.DeliveryReport;
        var (receipt, complaint) = report is not null ? (null, null) : mail.Origin.Kind switch { MailKind.ReadReceipt => (mail.ReadReceipt, null), MailKind.FeedbackReport => ((ReadReceipt?)null, mail.FeedbackReport), _ => (null, null) };
        if (from is null && report is null && complaint is null) throw new NotRead(Words.QuarantineNoSender);
        // A pipe tells the envelope: an empty sender is one that nothing may go back to (RFC 5321 section 4.5.5).
        var automatic = mail.Origin.IsAutomatic || delivery is { Way: MailboxImport.Posted, EnvelopeFrom: "" or "<>" };
        // A doubt is the customer's: what is nothing but a quote is shown whole.
        var (text, quoted) = string.IsNullOrWhiteSpace(parts.WithSignature) ? (readable, null) : (parts.WithSignature, parts.Quoted is { Length: > 0 } q ? q : null);
        return new IncomingContact
        {
            Channel = Channel.Mail,
            At = When(mail, delivery),
            FromName = from?.DisplayName is { Length: > 0 } name ? name : null,
            FromAddress = from?.Address,
            Subject = mail.Subject,
            Text = text.Trim(),
            Quoted = quoted,
            HasHtml = mail.HtmlBody is not null,
            HasRemote = remote,
            To = Shown(mail.To),
            Cc = Shown(mail.Cc),
            SentTo = [.. mail.To.Concat(mail.Cc).Concat(mail.Bcc).Select(a => a.Address).Append(delivery.EnvelopeTo ?? "").Concat(mail.Headers.All("Delivered-To").Select(h => h.Value.Trim())).Distinct()],
            // Who stands in Bcc was not to be seen, by us neither.
            Beside = [.. mail.To.Concat(mail.Cc).Where(a => a.IsValid && a.Key != from?.Key && Ours.Bare(a.Key) != mailbox.Address).DistinctBy(a => a.Key).Take(100)],
            MessageId = mail.MessageId,
            AnswersTo = [.. mail.InReplyTo.Concat(mail.References.Reverse()).Distinct().Take(100)],
            // Of old mail that is read in the keys of then are no more.
            Trust = await senders.Of(mail, raw, mailbox, fresh: delivery.Way != MailboxImport.Imported, stop),
            Automatic = automatic,
            WantsReceipt = !automatic && mailbox.GivesReceipts && delivery.Way != MailboxImport.Imported && AutomaticAnswers.MayAnswer(mail),
            Nature = NatureOf(mail, automatic),
            AwayUntil = mail.Origin.IsOutOfOffice ? ReturnDate.Find(text, delivery.ReceivedAt) : null,
            Report = report,
            Receipt = receipt,
            Complaint = complaint,
            BodyMark = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{mail.TextBody}\0{mail.HtmlBody}"))),
            Defects = Told(mail, delivery, from, filesLater),
            BrandId = mailbox.BrandId,
            TeamId = mailbox.TeamId,
            RawBlobId = delivery.BlobId,
            DeliveryId = delivery.Id,
            FilesLater = filesLater && mail.Files.Count > 0,
            Files = filesLater ? [] : await Keep(mail, blobs, stop)
        };
    }

    // Apart from the jobs' own thread, so that a mail that takes for ever holds up one thread and no queue.
    internal static async Task<(MailMessage Mail, string Readable, ReplyParts Parts, bool Remote)> Parsed(ReadOnlyMemory<byte> raw, MailBudget budget, CancellationToken stop)
    {
        var parsing = Task.Run(() =>
        {
            var mail = MailMessage.Read(raw);
            var readable = mail.ReadableText;
            return (mail, readable, ReplyText.Split(readable, mail.From.FirstOrDefault(f => f.IsValid)?.DisplayName), mail.HtmlBody is { } html && RemotePictures.AreNamed(html));
        }, CancellationToken.None);
        try { return await parsing.WaitAsync(budget.Time, stop); }
        catch (TimeoutException) { throw new NotRead(Words.QuarantineSlow); }
    }

    static Nature NatureOf(MailMessage mail, bool automatic) => mail.Origin switch
    {
        { IsOutOfOffice: true } => Nature.Away,
        { Kind: MailKind.List } => Nature.List,
        { Kind: MailKind.CalendarAnswer } => Nature.Invitation,
        _ => automatic ? Nature.Automatic : Nature.Person
    };

    // What arrives now has arrived now. What is imported keeps the date it says, where that is one: not before mail was, not in the future.
    static DateTime When(MailMessage mail, Delivery delivery)
    {
        if (delivery.Way != MailboxImport.Imported || mail.Date is not { } said) return delivery.ReceivedAt;
        var at = said.UtcDateTime;
        return at > delivery.ReceivedAt || at.Year < 1980 ? delivery.ReceivedAt : new DateTime(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    internal static async Task<List<IncomingFile>> Keep(MailMessage mail, BlobStore blobs, CancellationToken stop)
    {
        var kept = new List<IncomingFile>();
        foreach (var part in mail.Files.Take(MostFiles))
        {
            var bytes = part.Decode();
            var name = part.FileName ?? (part.Message?.Subject is { Length: > 0 } subject ? subject + ".eml" : part.Message is not null ? "message.eml" : "file");
            kept.Add(new(await blobs.Put(bytes, stop), FileAnswer.SafeName(name), FileKind.Of(bytes.Span[..Math.Min(bytes.Length, FileKind.Head)]).MediaType, part.ContentId is { } cid && Names(mail.HtmlBody, cid) ? cid : null));
        }
        return kept;
    }

    // What the HTML shows in its place is no attachment; what only has a Content-ID, as some programs give to each file, is one.
    static bool Names(string? html, string cid) => html is not null && (html.Contains("cid:" + cid, StringComparison.OrdinalIgnoreCase) || html.Contains("cid:" + Uri.EscapeDataString(cid), StringComparison.OrdinalIgnoreCase));

    static string? Shown(IReadOnlyList<Amends.Mail.Mailbox> all) => all.Count == 0 ? null : string.Join(", ", all.Take(100));

    // Those that a reader of the contact should know; the harmless ones are everyday.
    static string? Told(MailMessage mail, Delivery delivery, Amends.Mail.Mailbox? from, bool filesLater)
    {
        var told = mail.Defects.Select(d => d.Kind switch
        {
            DefectKind.MessageTooLarge or DefectKind.TooDeep or DefectKind.TooManyParts or DefectKind.TooManyHeaders or DefectKind.HeadersTooLarge => Words.DefectCut,
            DefectKind.BoundaryNotFound or DefectKind.BoundaryNotClosed or DefectKind.WrongBoundary or DefectKind.NoBoundary => Words.DefectTorn,
            DefectKind.SeveralFrom => Words.DefectSeveralFrom,
            DefectKind.NoFrom => Words.DefectNoFrom,
            _ => null
        }).OfType<string>().Distinct().ToList();
        if (filesLater && mail.Files.Count > 0) told.Add(Words.DefectFilesLater);
        if (from is not null) told.AddRange(LookAlikes.Of(from));
        // (The raw form has no more either: the server has.)
        if (delivery.IsCut) told.Add(Words.DefectCutThere);
        if (mail.Files.Count > MostFiles) told.Add(Words.DefectManyFiles);
        return told.Count == 0 ? null : string.Join("\n", told);
    }
}
