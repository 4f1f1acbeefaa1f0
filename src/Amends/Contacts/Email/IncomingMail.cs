using Amends.Cases;
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
    public static async Task<IncomingContact> Read(ReadOnlyMemory<byte> raw, Delivery delivery, Mailbox mailbox, BlobStore blobs, CancellationToken stop)
    {
        var mail = MailMessage.Read(raw);
        if (mail.Defects.Any(d => d.Kind == DefectKind.Empty)) throw new NotRead(Words.QuarantineEmpty);
        if (mail.Defects.Any(d => d.Kind == DefectKind.ReaderFault)) throw new NotRead(Words.QuarantineFault);
        // A picture, a torn piece, anything: without one header it is no mail, whoever the envelope names.
        if (mail.Headers.Count == 0) throw new NotRead(Words.QuarantineFault);
        var from = mail.From.FirstOrDefault(f => f.IsValid) ?? (mail.Sender is { IsValid: true } sender ? sender : null)
            ?? (Amends.Mail.Mailbox.TryParse(delivery.EnvelopeFrom, out var envelope) ? envelope : null);
        var report = mail.DeliveryReport;
        if (from is null && report is null) throw new NotRead(Words.QuarantineNoSender);
        var readable = mail.ReadableText;
        var parts = ReplyText.Split(readable, from?.DisplayName);
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
            To = Shown(mail.To),
            Cc = Shown(mail.Cc),
            SentTo = [.. mail.To.Concat(mail.Cc).Concat(mail.Bcc).Select(a => a.Address).Append(delivery.EnvelopeTo ?? "").Concat(mail.Headers.All("Delivered-To").Select(h => h.Value.Trim())).Distinct()],
            MessageId = mail.MessageId,
            AnswersTo = [.. mail.InReplyTo.Concat(mail.References.Reverse()).Distinct().Take(100)],
            Automatic = mail.Origin.IsAutomatic,
            Report = report,
            Defects = Told(mail),
            BrandId = mailbox.BrandId,
            TeamId = mailbox.TeamId,
            RawBlobId = delivery.BlobId,
            DeliveryId = delivery.Id,
            Files = await Keep(mail, blobs, stop)
        };
    }

    // What arrives now has arrived now. What is imported keeps the date it says, where that is one: not before mail was, not in the future.
    static DateTime When(MailMessage mail, Delivery delivery)
    {
        if (delivery.Way != MailboxImport.Imported || mail.Date is not { } said) return delivery.ReceivedAt;
        var at = said.UtcDateTime;
        return at > delivery.ReceivedAt || at.Year < 1980 ? delivery.ReceivedAt : new DateTime(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    static async Task<List<IncomingFile>> Keep(MailMessage mail, BlobStore blobs, CancellationToken stop)
    {
        var kept = new List<IncomingFile>();
        foreach (var part in mail.Files.Take(MostFiles))
        {
            var bytes = part.Decode();
            var name = part.FileName ?? (part.Message?.Subject is { Length: > 0 } subject ? subject + ".eml" : part.Message is not null ? "message.eml" : "file");
            kept.Add(new(await blobs.Put(bytes, stop), FileAnswer.SafeName(name), FileKind.Of(bytes.Span[..Math.Min(bytes.Length, FileKind.Head)]).MediaType, part.ContentId));
        }
        return kept;
    }

    static string? Shown(IReadOnlyList<Amends.Mail.Mailbox> all) => all.Count == 0 ? null : string.Join(", ", all.Take(100));

    // Those that a reader of the contact should know; the harmless ones are everyday.
    static string? Told(MailMessage mail)
    {
        var told = mail.Defects.Select(d => d.Kind switch
        {
            DefectKind.MessageTooLarge or DefectKind.TooDeep or DefectKind.TooManyParts or DefectKind.TooManyHeaders or DefectKind.HeadersTooLarge => Words.DefectCut,
            DefectKind.BoundaryNotFound or DefectKind.BoundaryNotClosed or DefectKind.WrongBoundary or DefectKind.NoBoundary => Words.DefectTorn,
            DefectKind.SeveralFrom => Words.DefectSeveralFrom,
            DefectKind.NoFrom => Words.DefectNoFrom,
            _ => null
        }).OfType<string>().Distinct().ToList();
        if (mail.Files.Count > MostFiles) told.Add(Words.DefectManyFiles);
        return told.Count == 0 ? null : string.Join("\n", told);
    }
}
