using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Contacts.Email;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What stands above the frame of a mail that names remote images.</summary>
/// <param name="Frame">The name of the frame.</param>
/// <param name="Sender">Whose mail it is, where he is verified and so can be shown always; else null.</param>
/// <param name="Always">This colleague has chosen so for this sender.</param>
public sealed record PictureBarModel(long Contact, string Frame, string? Sender, bool Always);

/// <summary>What came of fetching a mail's remote images.</summary>
public sealed record PicturesCameModel(string Says, bool All);

/// <summary>The page on which a mail is shown as it came.</summary>
/// <param name="Text">The mail as text, where that was asked for.</param>
public sealed record OriginalModel(string Case, long Contact, string Subject, PictureBarModel? Pictures, string? Text);

/// <summary>
/// A mail as it came: in its frame (<c>/contacts/{id}/html</c>, by GET with remote images only where this colleague chose so for this verified sender, by POST
/// with them), on a page of its own, as text, and for paper.
/// </summary>
static class MailView
{
    // Inline pictures go into the document itself, which has no origin.
    const long MostInline = 8L * 1024 * 1024;

    // Characters of them in the document, however often it names one of them.
    const long MostWritten = 2 * MostInline;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/contacts/{id:long}/html", Html).Needs(Verb.SeeCases);
        app.MapPost("/contacts/{id:long}/html", WithPictures).Needs(Verb.SeeCases);
        app.MapPost("/contacts/{id:long}/pictures", PicturesSaid).Needs(Verb.SeeCases);
        app.MapGet("/contacts/{id:long}/original", Original).Needs(Verb.SeeCases);
        app.MapGet("/contacts/{id:long}/print", Print).Needs(Verb.SeeCases);
    }

    /// <summary>The bar above a mail's frame; null where there is nothing to show.</summary>
    public static PictureBarModel? Bar(Contact contact, IReadOnlySet<string> always) => !contact.HasRemote ? null
        : new(contact.Id, string.Create(CultureInfo.InvariantCulture, $"mail-{contact.Id}"), contact.Trust == SenderTrust.Verified ? contact.FromAddress : null, IsAlways(contact, always));

    static bool IsAlways(Contact contact, IReadOnlySet<string> always) => contact.Trust == SenderTrust.Verified && WhichCase.MailKey(contact.FromAddress) is { } key && always.Contains(key);

    /// <summary>Of these contacts' senders those whose images this colleague sees always.</summary>
    public static async Task<IReadOnlySet<string>> Always(Database db, Who who, IEnumerable<Contact> contacts)
    {
        var keys = contacts.Where(c => c is { HasRemote: true, Trust: SenderTrust.Verified }).Select(c => WhichCase.MailKey(c.FromAddress)).OfType<string>().Distinct().ToList();
        return keys.Count == 0 ? new HashSet<string>() : await db.Set<SenderPictures>().Where(s => s.ColleagueId == who.Id && keys.Contains(s.Address)).Select(s => s.Address).ToHashSetAsync();
    }

    static async Task<(Contact Contact, MailMessage Mail)> Read(Database db, HttpContext http, BlobStore blobs, long id)
    {
        var contact = await ContactFiles.Find(db, http.Who(), id);
        var blob = await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == contact.RawBlobId && b.ErasedAt == null) ?? throw new NotThere();
        return (contact, MailMessage.Read(await blobs.Read(blob, http.RequestAborted)));
    }

    static async Task<IResult> Html(long id, HttpContext http, Databases databases, BlobStore blobs)
    {
        using var db = databases.Open();
        var (contact, mail) = await Read(db, http, blobs, id);
        return await Document(http, mail, IsAlways(contact, await Always(db, http.Who(), [contact])) ? contact : null);
    }

    static async Task<IResult> WithPictures(long id, HttpContext http, Databases databases, BlobStore blobs, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        using var db = databases.Open();
        var (contact, mail) = await Read(db, http, blobs, id);
        var show = form["show"];
        if (show is "always" or "never")
        {
            // Who only says that he is somebody is no sender to be trusted with that.
            if (contact.Trust != SenderTrust.Verified || WhichCase.MailKey(contact.FromAddress) is not { } sender) throw new Refused("", Words.PicturesNotVerified);
            await write.Run(who, null, async w =>
            {
                var chosen = await w.Set<SenderPictures>().AsTracking().FirstOrDefaultAsync(s => s.ColleagueId == who.Id && s.Address == sender);
                if (show == "never" && chosen is not null) w.Remove(chosen);
                else if (show == "always" && chosen is null) w.Add(new SenderPictures { Id = w.Ids!.Next(), ColleagueId = who.Id, Address = sender, At = w.At });
            }, http.RequestAborted);
        }
        return await Document(http, mail, show == "never" ? null : contact);
    }

    // Beside the frame: what came of the images that it asks for. They are fetched once for both.
    static async Task<IResult> PicturesSaid(long id, HttpContext http, Databases databases, BlobStore blobs, RemotePictures pictures)
    {
        using var db = databases.Open();
        var (_, mail) = await Read(db, http, blobs, id);
        var (named, left) = (new HashSet<Uri>(), 0);
        SafeHtml.Clean(mail.HtmlBody ?? "", new() { RemoteImage = picture => { if (named.Count < RemotePictures.MostOfOne) named.Add(picture); else if (!named.Contains(picture)) left++; return null; } });
        var found = await Task.WhenAll(named.Select(async picture => MailPictures.MayFetch(picture) ? (await pictures.Find(picture, id)).Why : NoPicture.NotAllowed));
        return View.Fragment<PicturesCame>(Came([.. found, .. Enumerable.Repeat(NoPicture.NotAllowed, left)]));
    }

    // “2 of 5 images could not be fetched: the server does not answer (1), what lies there is no image (1).”
    static PicturesCameModel Came(IReadOnlyList<NoPicture> found)
    {
        var missing = found.Where(why => why != NoPicture.None).ToList();
        if (missing.Count == 0) return new(string.Format(CultureInfo.CurrentCulture, found.Count == 1 ? Words.PicturesCameOne : Words.PicturesCame, found.Count), true);
        var reasons = missing.GroupBy(why => why).OrderByDescending(g => g.Count()).Select(g => Counted(g.Key switch
        {
            NoPicture.NotAllowed => Words.PictureNotAllowed,
            NoPicture.NoAnswer => Words.PictureNoAnswer,
            NoPicture.Refused => Words.PictureRefused,
            NoPicture.TooLarge => Words.PictureTooLarge,
            _ => Words.PictureNoImage
        }, g.Count()));
        string Counted(string why, int count) => found.Count == 1 ? why : string.Format(CultureInfo.CurrentCulture, Words.PicturesReason, why, count);
        return new(found.Count == 1 ? string.Format(CultureInfo.CurrentCulture, Words.PicturesMissingOne, string.Join(", ", reasons)) : string.Format(CultureInfo.CurrentCulture, Words.PicturesMissing, missing.Count, found.Count, string.Join(", ", reasons)), false);
    }

    static async Task<IResult> Original(long id, HttpContext http, Databases databases, BlobStore blobs, string? @as)
    {
        using var db = databases.Open();
        var (contact, mail) = await Read(db, http, blobs, id);
        return View.Page<OriginalPage>(new OriginalModel(await NumberOf(db, contact), id, contact.Subject is { Length: > 0 } s ? s : Words.NoSubject, Bar(contact, await Always(db, http.Who(), [contact])), @as == "text" ? mail.ReadableText : null));
    }

    static async Task<string> NumberOf(Database db, Contact contact) =>
        (await db.CasesVisibleToWithDeleted(Who.House("original")).Where(c => c.Id == contact.CaseId).Select(c => c.Number).FirstAsync()).ToString(CultureInfo.InvariantCulture);

    // Quotes unfolded and its head above it; nothing to press, nothing from elsewhere.
    static async Task<IResult> Print(long id, HttpContext http, Databases databases, BlobStore blobs)
    {
        using var db = databases.Open();
        var (contact, mail) = await Read(db, http, blobs, id);
        List<(string, string)> head = [("", contact.Subject is { Length: > 0 } subject ? subject : Words.NoSubject), (Words.CaseWord, await NumberOf(db, contact)),
            (Words.From, contact.FromName is { } name ? $"{name} <{contact.FromAddress}>" : contact.FromAddress ?? ""), (Words.To, contact.To ?? "")];
        if (contact.Cc is { } cc) head.Add((Words.Cc, cc));
        head.Add((Words.WrittenAt, Times.Full(contact.At, http.Who().Zone)));
        if (mail.Attachments.Select(f => f.FileName).OfType<string>().ToList() is { Count: > 0 } files) head.Add((Words.Files, string.Join(", ", files)));
        return await Document(http, mail, null, head);
    }

    /// <summary>A mail as a document for the sandboxed frame: its HTML made safe, or its text.</summary>
    /// <param name="pictures">The contact whose remote images are shown, by our own proxy; null where nothing is fetched from anywhere.</param>
    /// <param name="head">For paper: what stands above.</param>
    public static async Task<IResult> Document(HttpContext http, MailMessage mail, Contact? pictures = null, IReadOnlyList<(string, string)>? head = null)
    {
        var safe = SafeHtml.Clean(mail.HtmlBody ?? HtmlText.FromText(mail.ReadableText), Options(http, mail, pictures, fold: head is null));
        var origin = pictures is null ? null : $"{http.Request.Scheme}://{http.Request.Host}";
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; img-src data:{(origin is null ? "" : $" {origin}/pictures/")}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox {SafeHtml.ViewerSandbox}";
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Referrer-Policy"] = "no-referrer";
        http.Response.ContentType = "text/html; charset=utf-8";
        var paper = head is not null ? ViewerPaper.Light : (http.Items[typeof(Shell)] as Shell)?.Theme switch { "dark" => ViewerPaper.Dark, "light" => ViewerPaper.Light, _ => ViewerPaper.AsSystem };
        await http.Response.WriteAsync(SafeHtml.ViewerDocument(safe, origin, paper, head), Encoding.UTF8, http.RequestAborted);
        return Results.Empty;
    }

    static SafeHtmlOptions Options(HttpContext http, MailMessage mail, Contact? pictures, bool fold)
    {
        var (byId, byPlace, left) = (new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), new Dictionary<string, string>(StringComparer.Ordinal), MostInline);
        var place = mail.Root.All().FirstOrDefault(p => p.MediaType == "text/html")?.ContentLocation;
        foreach (var part in mail.Files)
        {
            if ((part.ContentId ?? part.ContentLocation) is null || part.ContentId is { } known && byId.ContainsKey(known)) continue;
            var bytes = part.Decode();
            var kind = FileKind.Of(bytes.Span[..Math.Min(bytes.Length, FileKind.Head)]);
            if (!kind.Inline || (left -= bytes.Length) < 0) continue;
            var picture = $"data:{kind.MediaType};base64,{Convert.ToBase64String(bytes.Span)}";
            if (part.ContentId is { } cid) byId[cid] = picture;
            if (part.ContentLocation is { } location)
                foreach (var name in new[] { location, Whole(place, location) }.OfType<string>()) byPlace.TryAdd(name, picture);
        }
        var written = 0L;
        string? Counted(string? picture) => picture is null || (written += picture.Length) > MostWritten ? null : picture;
        var (session, shown, services) = (http.Items[typeof(Gate.CurrentSession)] as Gate.CurrentSession, 0, http.RequestServices);
        return new()
        {
            InlineImage = cid => Counted(byId.GetValueOrDefault(cid)),
            InlineLocation = named => Counted(byPlace.GetValueOrDefault(named) ?? (Whole(place, named) is { } whole ? byPlace.GetValueOrDefault(whole) : null)),
            RemoteImage = pictures is null || session is null ? null : picture => shown++ >= RemotePictures.MostOfOne ? null
                : MailPictures.Address(services.GetRequiredService<HouseKey>(), pictures.Id, session.Id, services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime, picture),
            FoldQuotesUnder = fold ? "···" : null
        };
    }

    // RFC 2557: what is relative is so to the place of the HTML that names it.
    static string? Whole(string? place, string named) => Uri.TryCreate(place, UriKind.Absolute, out var from) && Uri.TryCreate(from, named, out var whole) ? whole.AbsoluteUri : null;
}
