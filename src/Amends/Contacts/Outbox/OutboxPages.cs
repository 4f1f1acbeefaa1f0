using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A line of the outbox.</summary>
public sealed record OutboxLine(long Id, string To, string Subject, string When, string Iso, string Tone, string State, bool Chosen);

/// <summary>The message that is open.</summary>
/// <param name="Secret">Its content is not shown to this person: it may hold a link that is somebody's door.</param>
public sealed record OutboxMail(long Id, string Subject, string From, string To, string? Cc, string When, string? Case, IReadOnlyList<OutcomeShown> Outcomes, string? Trouble, string Text, bool HasHtml, IReadOnlyList<string> Files, bool MayRetry, bool Secret)
{
    /// <summary>It waits for its time, and this person may change that.</summary>
    public WaitingMailModel? Waiting { get; init; }
}

/// <summary>The outbox.</summary>
public sealed record OutboxModel(IReadOnlyList<OutboxLine> Lines, OutboxMail? Open, string? Older, bool SmtpOn, int Quarantined);

/// <summary><c>/outbox</c>: what went out and what waits, each as the customer would see it. A mail of a case is seen by those who see the case.</summary>
static class OutboxPages
{
    const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/outbox", Show).Needs(Verb.SeeOutbox);
        app.MapGet("/outbox/{id:long}", (long id, HttpContext http, Databases databases, BlobStore blobs, House house, TimeProvider clock) => Show(http, databases, blobs, house, clock, null, id)).Needs(Verb.SeeOutbox);
        app.MapGet("/outbox/{id:long}/html", Html).Needs(Verb.SeeOutbox);
        app.MapPost("/outbox/{id:long}/retry", Retry).Needs(Verb.SeeOutbox);
    }

    static IQueryable<OutgoingMail> Seen(Database db, Who who)
    {
        var cases = db.CasesVisibleToWithDeleted(who);
        return db.Set<OutgoingMail>().Where(m => m.CaseId == null || cases.Any(c => c.Id == m.CaseId));
    }

    // Invitations, resets and codes stand on no case, and the link in them is somebody's door: that they went is seen, what they say by nobody (docs/decisions/0005).
    // In the demo nothing leaves the house and its accounts are nobody's.
    static bool MayRead(House house, OutgoingMail mail) => mail.CaseId is not null || house.Get(HouseSettings.IsDemo);

    static async Task<IResult> Show(HttpContext http, Databases databases, BlobStore blobs, House house, TimeProvider clock, long? before, long? id)
    {
        var who = http.Who();
        using var db = databases.Open();
        var rows = await Seen(db, who).Where(m => before == null || m.Id < before).OrderByDescending(m => m.Id).Take(PageSize + 1).Include(m => m.Recipients).ToListAsync();
        var open = id is { } wanted ? rows.Find(m => m.Id == wanted) ?? await Seen(db, who).Include(m => m.Recipients).FirstOrDefaultAsync(m => m.Id == wanted) ?? throw new NotThere() : null;
        var lines = rows.Take(PageSize).Select(m => new OutboxLine(m.Id, string.Join(", ", m.Recipients.Select(r => r.Address)), m.Subject, Times.Short(m.QueuedAt, who.Zone), Times.Iso(m.QueuedAt), Tone(m), Says(m, who), m.Id == open?.Id)).ToList();
        var quarantined = who.Can(Verb.SeeStuckWork) ? await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined) : 0;
        return View.Page<OutboxPage>(new OutboxModel(lines, open is null ? null : await Read(db, who, open, blobs, house, clock.GetUtcNow().UtcDateTime), rows.Count > PageSize ? $"/outbox?before={rows[PageSize - 1].Id.ToString(CultureInfo.InvariantCulture)}" : null, SendMail.Server(house) is not null, quarantined));
    }

    static string Tone(OutgoingMail m) => m.State switch { OutgoingState.Sent => m.Recipients.TrueForAll(r => r.Code is null) ? "" : "good", OutgoingState.Failed => Partly(m) is null ? "broken" : "risk", OutgoingState.Queued when m.Trouble is not null => "risk", _ => "" };

    // Who did not get it, where others did.
    static string? Partly(OutgoingMail m) => m.Recipients.Exists(r => r.State == Foundation.Outbox.RecipientState.Accepted) ? string.Join(", ", m.Recipients.Where(r => r.State == Foundation.Outbox.RecipientState.Refused).Select(r => r.Address)) : null;

    static string Says(OutgoingMail m, Who who) => m.State switch
    {
        OutgoingState.Sent when m.Recipients.TrueForAll(r => r.Code is null) => Words.OutboxLies,
        OutgoingState.Sent => Words.OutboxSent,
        OutgoingState.Failed when Partly(m) is { } refused => string.Format(CultureInfo.CurrentCulture, Words.OutboxPartly, refused),
        OutgoingState.Failed => Words.OutboxFailed,
        OutgoingState.Cancelled => Words.TakenBack,
        _ when m.Trouble is not null => Words.OutboxTries,
        _ => string.Format(CultureInfo.CurrentCulture, Words.OutboxWaits, Times.Short(m.SendAt, who.Zone))
    };

    static async Task<OutboxMail> Read(Database db, Who who, OutgoingMail row, BlobStore blobs, House house, DateTime now)
    {
        var number = row.CaseId is { } c ? await db.CasesVisibleToWithDeleted(who).Where(x => x.Id == c).Select(x => (long?)x.Number).FirstOrDefaultAsync() : null;
        var secret = !MayRead(house, row);
        var blob = secret ? null : await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == row.BlobId && b.ErasedAt == null);
        var mail = blob is null ? null : MailMessage.Read(await blobs.Read(blob));
        return new OutboxMail(row.Id, row.Subject, mail?.From is [var from, ..] ? from.ToString() : row.From, mail is null ? string.Join(", ", row.Recipients.Select(r => r.Address)) : string.Join(", ", mail.To),
            mail is { Cc.Count: > 0 } ? string.Join(", ", mail.Cc) : null, Times.Full(row.QueuedAt, who.Zone), number?.ToString(CultureInfo.InvariantCulture),
            [.. row.Recipients.Select(r => ContactEntries.Outcome(r, row, row.State == OutgoingState.Queued && row.Trouble is null, who))], row.Trouble, mail?.TextBody ?? "", mail?.HtmlBody is not null,
            mail is null ? [] : [.. mail.Attachments.Select(f => f.FileName ?? "file")], row.State == OutgoingState.Failed || (row.State == OutgoingState.Queued && row.Trouble is not null) || (row.State == OutgoingState.Sent && row.Recipients.TrueForAll(r => r.Code is null)), secret)
        { Waiting = await Waiting(db, who, row, now) };
    }

    static async Task<WaitingMailModel?> Waiting(Database db, Who who, OutgoingMail row, DateTime now)
    {
        if (row is not { State: OutgoingState.Queued, ContactId: { } contact, CaseId: { } caseId } || row.SendAt <= now || !await db.Set<Contact>().AnyAsync(c => c.Id == contact && c.State == ContactState.Sending)) return null;
        return await db.CasesVisibleTo(who).FirstOrDefaultAsync(c => c.Id == caseId) is { } one && Visibility.MayDo(who, Verb.ReplyToCases, one)
            ? new(contact, Times.Field(row.SendAt, who.Zone), SendZones.Of(who, await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Zone).FirstOrDefaultAsync()), "outbox") : null;
    }

    static async Task<IResult> Html(long id, HttpContext http, Databases databases, BlobStore blobs, House house)
    {
        var who = http.Who();
        using var db = databases.Open();
        var row = await Seen(db, who).FirstOrDefaultAsync(m => m.Id == id) ?? throw new NotThere();
        if (!MayRead(house, row)) throw new NotThere();
        var blob = await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == row.BlobId && b.ErasedAt == null) ?? throw new NotThere();
        return await MailView.Document(http, MailMessage.Read(await blobs.Read(blob, http.RequestAborted)));
    }

    static async Task<IResult> Retry(long id, HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(who, form.Once, async db =>
        {
            if (!await Seen(db, who).AnyAsync(m => m.Id == id)) throw new NotThere();
            var row = await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstAsync(m => m.Id == id);
            if (row.State == OutgoingState.Cancelled) throw new Refused("", Words.TakenBack);
            row.Retry(db.At);
            await SendMail.EnqueueAgain(db, row.Id);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/outbox/{id}"));
    }
}
