using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// Files and raw mails, each behind the case's visibility (A22): <c>/files/{id}</c>, <c>/contacts/{id}/raw</c>;
/// and uploads to a draft.
/// </summary>
static class ContactFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/files/{id:long}", File).Needs(Verb.SeeCases);
        app.MapGet("/contacts/{id:long}/raw", Raw).Needs(Verb.SeeCases);
        app.MapPost("/cases/{number:long}/uploads", Upload).Needs(Verb.SeeCases).TakesFiles();
        app.MapDelete("/cases/{number:long}/uploads/{id:long}", Remove).Needs(Verb.SeeCases);
    }

    /// <summary>True when this person sees the case; where it was merged away, the one that it went into.</summary>
    public static Task<bool> Sees(Database db, Who who, long caseId) => db.CasesVisibleToWithDeleted(who).AnyAsync(c => c.Id == caseId);

    static async Task<IResult> File(long id, HttpContext http, Databases databases, BlobStore blobs, Openings openings, TimeProvider clock)
    {
        using var db = databases.Open();
        var who = http.Who();
        var file = await db.Set<CaseFile>().FirstOrDefaultAsync(f => f.Id == id) ?? throw new NotThere();
        if (!await Sees(db, who, file.CaseId)) throw new NotThere();
        // What lies with a draft is its writer's alone.
        if (file.Of == FileOf.Draft && !await db.Set<Draft>().AnyAsync(d => d.Id == file.OfId && d.ColleagueId == who.Id)) throw new NotThere();
        var blob = await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == file.BlobId && b.ErasedAt == null) ?? throw new NotThere();
        openings.Took("file", id, who, clock.GetUtcNow().UtcDateTime);
        return await Send(http, blobs, blob, file.Name, show: true);
    }

    internal static async Task<IResult> Send(HttpContext http, BlobStore blobs, Blob blob, string name, bool show)
    {
        FileAnswer.Guard(http.Response.Headers, await FileRows.KindOf(blobs, blob), name, show);
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.ContentLength = blob.Length;
        await using var stream = blobs.Open(blob);
        await stream.CopyToAsync(http.Response.Body, http.RequestAborted);
        return Results.Empty;
    }

    /// <summary>The contact, for who sees its case.</summary>
    public static async Task<Contact> Find(Database db, Who who, long id)
    {
        var contact = await db.Set<Contact>().FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere();
        return await Sees(db, who, contact.CaseId) ? contact : throw new NotThere();
    }

    static async Task<IResult> Raw(long id, HttpContext http, Databases databases, BlobStore blobs, Openings openings, TimeProvider clock)
    {
        using var db = databases.Open();
        var contact = await Find(db, http.Who(), id);
        var blob = await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == contact.RawBlobId && b.ErasedAt == null) ?? throw new NotThere();
        openings.Took("raw mail", id, http.Who(), clock.GetUtcNow().UtcDateTime);
        return await Send(http, blobs, blob, string.Create(CultureInfo.InvariantCulture, $"contact-{id}.eml"), show: false);
    }

    static async Task<IResult> Upload(long number, HttpContext http, Databases databases, Writer write, BlobStore blobs, Ids ids)
    {
        var who = http.Who();
        Case one;
        using (var db = databases.Open()) one = await db.FindCase(who, number);
        // Before a byte is stored: who may not reply has no draft for files.
        if (!Visibility.MayDo(who, Verb.ReplyToCases, one)) throw new Refused("", Amends.Foundation.Web.Words.NotAllowed);
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        if (posted.Files.GetFile("file") is not { Length: > 0 } file) throw new Refused("file", Words.NoFile);
        await using var stream = file.OpenReadStream();
        var blob = await blobs.Put(stream, ReplyToCase.MostBytes, http.RequestAborted);
        var row = await FileRows.New(blobs, blob, one.Id, 0, FileOf.Draft, file.FileName, ids);
        await write.Run(who, null, async db =>
        {
            await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var draft = await db.Set<Draft>().AsTracking().FirstOrDefaultAsync(d => d.CaseId == one.Id && d.ColleagueId == who.Id && !d.IsNote);
            if (draft is null) db.Add(draft = new Draft { Id = db.Ids!.Next(), CaseId = one.Id, ColleagueId = who.Id, SeenVersion = one.Version, At = db.At });
            if (await db.Set<CaseFile>().Where(f => f.OfId == draft.Id && f.Of == FileOf.Draft).SumAsync(f => f.Length) + row.Length > ReplyToCase.MostBytes) throw new TooLarge(ReplyToCase.MostBytes);
            row.OfId = draft.Id;
            db.Add(blob);
            db.Add(row);
        }, http.RequestAborted);
        return View.Fragment<UploadPiece>(new UploadShown(row.Id, row.Name, row.Length, row.ContentType.StartsWith("image/", StringComparison.Ordinal), number.ToString(CultureInfo.InvariantCulture)));
    }

    static async Task<IResult> Remove(long number, long id, HttpContext http, Writer write)
    {
        var who = http.Who();
        await write.Run(who, null, async db =>
        {
            var one = await db.FindCase(who, number);
            var mine = db.Set<Draft>().Where(d => d.CaseId == one.Id && d.ColleagueId == who.Id).Select(d => d.Id);
            var row = await db.Set<CaseFile>().AsTracking().FirstOrDefaultAsync(f => f.Id == id && f.Of == FileOf.Draft && mine.Contains(f.OfId));
            if (row is not null) db.Remove(row);
        }, http.RequestAborted);
        return Results.Text("");
    }
}
