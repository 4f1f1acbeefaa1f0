using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A message that could not be read.</summary>
public sealed record QuarantinedLine(long Id, string Mailbox, string When, string Iso, string? From, string Trouble);

/// <summary>The list of them.</summary>
public sealed record QuarantineModel(IReadOnlyList<QuarantinedLine> Lines);

/// <summary>One of them.</summary>
public sealed record QuarantinedModel(QuarantinedLine Line, string Raw, bool Cut, IReadOnlyList<string> Defects)
{
    /// <summary>A person had it read again, and it could not be read then either.</summary>
    public bool Again { get; init; }
}

/// <summary>What came of reading a message again.</summary>
/// <param name="Reading">It is not read yet.</param>
/// <param name="Number">The case that it stands on now; null where this person does not see it.</param>
public sealed record ReadAgainModel(QuarantinedLine Line, bool Reading, string? Number);

/// <summary><c>/quarantine</c>: what could not be read, with its raw form. A person reads it again, makes a case of it, or puts it away; nothing is lost.</summary>
static class Quarantine
{
    const int RawShown = 30_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/quarantine", All).Needs(Verb.SeeStuckWork);
        app.MapGet("/quarantine/{id:long}", Show).Needs(Verb.SeeStuckWork);
        app.MapGet("/quarantine/{id:long}/raw", Raw).Needs(Verb.SeeStuckWork);
        app.MapPost("/quarantine/{id:long}/retry", Retry).Needs(Verb.SeeStuckWork);
        app.MapPost("/quarantine/{id:long}/release", Release).Needs(Verb.SeeStuckWork);
        app.MapPost("/quarantine/{id:long}/put-away", PutAway).Needs(Verb.SeeStuckWork);
    }

    static async Task<List<QuarantinedLine>> Lines(Database db, Who who, IQueryable<Delivery> some) =>
        (await (from d in some join m in db.Set<Mailbox>() on d.MailboxId equals m.Id orderby d.Id descending select new { d.Id, m.Address, d.ReceivedAt, d.EnvelopeFrom, d.Trouble }).ToListAsync())
            .ConvertAll(d => new QuarantinedLine(d.Id, d.Address, Times.Short(d.ReceivedAt, who.Zone), Times.Iso(d.ReceivedAt), d.EnvelopeFrom, d.Trouble ?? ""));

    static async Task<IResult> All(HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        return View.Page<QuarantinePage>(new QuarantineModel(await Lines(db, http.Who(), db.Set<Delivery>().Where(d => d.State == DeliveryState.Quarantined).OrderByDescending(d => d.Id).Take(200))));
    }

    static async Task<(Delivery Delivery, Blob Blob)> Find(Database db, long id)
    {
        var delivery = await db.Set<Delivery>().FirstOrDefaultAsync(d => d.Id == id && (d.State == DeliveryState.Quarantined || d.State == DeliveryState.PutAway)) ?? throw new NotThere();
        return (delivery, await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == delivery.BlobId && b.ErasedAt == null) ?? throw new NotThere());
    }

    // What a person had read again stands here no more once it was read: where it went is said.
    static async Task<ReadAgainModel?> CameOf(Database db, Who who, long id)
    {
        if (await db.Set<Delivery>().FirstOrDefaultAsync(d => d.Id == id && d.Allowed && (d.State == DeliveryState.Received || d.State == DeliveryState.Taken)) is not { } again) return null;
        var line = (await Lines(db, who, db.Set<Delivery>().Where(d => d.Id == id)))[0];
        if (again.State == DeliveryState.Received) return new(line, true, null);
        var of = await db.Set<Contact>().Where(c => c.Id == again.ContactId).Select(c => c.CaseId).FirstOrDefaultAsync();
        return new(line, false, (await db.CasesVisibleTo(who).Where(c => c.Id == of).Select(c => (long?)c.Number).FirstOrDefaultAsync())?.ToString(CultureInfo.InvariantCulture));
    }

    static async Task<IResult> Show(long id, HttpContext http, Databases databases, BlobStore blobs)
    {
        using var db = databases.Open();
        if (await CameOf(db, http.Who(), id) is { } came) return View.Page<ReadAgainPage>(came);
        var (delivery, blob) = await Find(db, id);
        var raw = await blobs.Read(blob, http.RequestAborted);
        var defects = MailMessage.Read(raw).Defects.Select(Says).Distinct().Take(20).ToList();
        return View.Page<QuarantinedPage>(new QuarantinedModel((await Lines(db, http.Who(), db.Set<Delivery>().Where(d => d.Id == id)))[0], AsText(raw, RawShown), raw.Length > RawShown, defects) { Again = delivery is { Allowed: true, State: DeliveryState.Quarantined } });
    }

    // In a sentence, with the header or boundary that it is about.
    static string Says(Defect defect)
    {
        var says = defect.Kind switch
        {
            DefectKind.MessageTooLarge => Words.DefectMessageTooLarge,
            DefectKind.TooDeep => Words.DefectTooDeep,
            DefectKind.TooManyParts => Words.DefectTooManyParts,
            DefectKind.TooManyHeaders => Words.DefectTooManyHeaders,
            DefectKind.HeadersTooLarge => Words.DefectHeadersTooLarge,
            DefectKind.LineTooLong => Words.DefectLineTooLong,
            DefectKind.TooManyRecipients => Words.DefectTooManyRecipients,
            DefectKind.BadHeaderLine => Words.DefectBadHeaderLine,
            DefectKind.NoBlankLine => Words.DefectNoBlankLine,
            DefectKind.DuplicateHeader => Words.DefectDuplicateHeader,
            DefectKind.RawEightBit => Words.DefectRawEightBit,
            DefectKind.BadContentType => Words.DefectBadContentType,
            DefectKind.NoBoundary => Words.DefectNoBoundary,
            DefectKind.WrongBoundary => Words.DefectWrongBoundary,
            DefectKind.BoundaryNotFound => Words.DefectBoundaryNotFound,
            DefectKind.BoundaryNotClosed => Words.DefectBoundaryNotClosed,
            DefectKind.PartAfterClose => Words.DefectPartAfterClose,
            DefectKind.UnknownTransferEncoding => Words.DefectUnknownTransferEncoding,
            DefectKind.BareCarriageReturn => Words.DefectBareCarriageReturn,
            DefectKind.Empty => Words.QuarantineEmpty,
            DefectKind.NoFrom => Words.DefectNoSender,
            DefectKind.SeveralFrom => Words.DefectSeveralSenders,
            DefectKind.BadDate => Words.DefectBadDate,
            _ => Words.QuarantineFault
        };
        return defect.Detail is { Length: > 0 } detail ? string.Format(CultureInfo.CurrentCulture, Words.DefectAt, says.TrimEnd('.'), Intake.Cut(OutgoingReply.Clean(detail), 120)) : says;
    }


    // For eyes: as UTF-8 where it is, else byte for byte; control characters as their pictures.
    static string AsText(ReadOnlySpan<byte> raw, int most)
    {
        var cut = raw[..Math.Min(raw.Length, most)];
        var text = System.Text.Unicode.Utf8.IsValid(cut) ? Encoding.UTF8.GetString(cut) : Encoding.Latin1.GetString(cut);
        return string.Concat(text.Select(c => c is '\n' or '\t' ? c : c == '\r' ? '\0' : c < ' ' ? (char)(0x2400 + c) : char.IsControl(c) ? '\u2423' : c)).Replace("\0", "", StringComparison.Ordinal);
    }

    static async Task<IResult> Raw(long id, HttpContext http, Databases databases, BlobStore blobs)
    {
        using var db = databases.Open();
        return await ContactFiles.Send(http, blobs, (await Find(db, id)).Blob, string.Create(CultureInfo.InvariantCulture, $"message-{id}.eml"), show: false);
    }

    static async Task<IResult> Retry(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(http.Who(), form.Once, async db =>
        {
            var delivery = await db.Load<Delivery>(id);
            if (delivery.State == DeliveryState.Taken) throw new Refused("", Words.QuarantineTaken);
            delivery.Retry();
            await ReadMail.Enqueue(db, id);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/quarantine/{id}"));
    }

    static async Task<IResult> PutAway(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(http.Who(), form.Once, async db =>
        {
            var delivery = await db.Load<Delivery>(id);
            if (delivery.State == DeliveryState.Quarantined) delivery.PutAway();
        }, http.RequestAborted);
        return View.Go(http, "/quarantine");
    }

    static async Task<IResult> Release(long id, HttpContext http, Databases databases, Writer write, Intake intake, BlobStore blobs)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        Delivery delivery;
        Mailbox box;
        byte[] raw;
        using (var db = databases.Open())
        {
            (delivery, var blob) = await Find(db, id);
            box = await db.Set<Mailbox>().FirstAsync(m => m.Id == delivery.MailboxId);
            raw = await blobs.Read(blob, http.RequestAborted);
        }
        var mail = MailMessage.Read(raw);
        var readable = mail.ReadableText.Trim();
        var from = mail.From.FirstOrDefault(f => f.IsValid)?.Address ?? (Amends.Mail.Mailbox.TryParse(delivery.EnvelopeFrom, out var envelope) ? envelope.Address : null);
        var taken = await write.Run(who, form.Once, async db =>
        {
            if ((await db.Load<Delivery>(id)).State == DeliveryState.Taken) throw new Refused("", Words.QuarantineTaken);
            return await intake.Take(db, new IncomingContact
            {
                Channel = Channel.Mail,
                At = delivery.ReceivedAt,
                FromAddress = from,
                FromName = mail.From.FirstOrDefault()?.DisplayName is { Length: > 0 } name ? name : null,
                CustomerId = from is null ? (await Customers.Make(db, Words.UnknownSender, [])).Id : null,
                Subject = mail.Subject.Length > 0 ? mail.Subject : Words.UnreadSubject,
                Text = readable.Length > 0 ? readable : AsText(raw, RawShown),
                Automatic = mail.Origin.IsAutomatic,
                Defects = delivery.Trouble,
                BrandId = box.BrandId,
                TeamId = box.TeamId,
                RawBlobId = delivery.BlobId,
                DeliveryId = id
            });
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{taken.CaseNumber}"));
    }
}
