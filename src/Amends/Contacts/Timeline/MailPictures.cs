using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Amends.Contacts.Email;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// <c>/pictures/{token}</c>: one remote image of one mail, for the frame that shows it. The frame has no origin and sends no cookie, so the address itself
/// is sealed: for whose session, out of which mail, until when, and which image. Nobody can seal another one, so this fetches nothing that stands in no mail.
/// </summary>
static class MailPictures
{
    const string Purpose = "mail pictures";

    static readonly TimeSpan Open = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/pictures/{token}", Show).Public("sealed for one session, one mail and one image, for some minutes: the frame that asks has no cookie");

    /// <summary>False for an address that is never fetched.</summary>
    public static bool MayFetch(Uri picture) => Foundation.Outside.OutsideCalls.MayBe(picture) && picture.AbsoluteUri.Length <= RemotePictures.MostAddress;

    /// <summary>The address under which this session sees an image of a mail; null for one that is never fetched.</summary>
    public static string? Address(HouseKey key, long contact, long session, DateTime now, Uri picture)
    {
        if (!MayFetch(picture)) return null;
        var url = Encoding.UTF8.GetBytes(picture.AbsoluteUri);
        var said = new byte[24 + url.Length];
        BinaryPrimitives.WriteInt64BigEndian(said, contact);
        BinaryPrimitives.WriteInt64BigEndian(said.AsSpan(8), session);
        BinaryPrimitives.WriteInt64BigEndian(said.AsSpan(16), (now + Open).Ticks);
        url.CopyTo(said, 24);
        return "/pictures/" + Base64Url.EncodeToString(key.Seal(Purpose, said));
    }

    static async Task<IResult> Show(string token, HttpContext http, Databases databases, HouseKey key, RemotePictures pictures, TimeProvider clock)
    {
        var (contact, session, until, picture) = Read(key, token) ?? throw new NotThere();
        if (until < clock.GetUtcNow().UtcDateTime) throw new NotThere();
        using (var db = databases.Open())
        {
            // What was allowed when the mail was opened is asked again: who signed out or lost the case sees nothing more of it.
            var who = await Gate.OfSession(db, http.RequestServices, session) ?? throw new NotThere();
            var caseId = await db.Set<Contact>().Where(c => c.Id == contact).Select(c => c.CaseId).FirstOrDefaultAsync();
            if (!who.Can(Verb.SeeCases) || !await ContactFiles.Sees(db, who, caseId)) throw new NotThere();
        }
        var found = await pictures.Get(picture, contact) ?? throw new NotThere();
        FileAnswer.Guard(http.Response.Headers, found.Kind, "picture", show: true, embedded: true);
        http.Response.Headers.CacheControl = "private, max-age=900";
        http.Response.ContentLength = found.Bytes.Length;
        await http.Response.Body.WriteAsync(found.Bytes, http.RequestAborted);
        return Results.Empty;
    }

    static (long Contact, long Session, DateTime Until, Uri Picture)? Read(HouseKey key, string token)
    {
        if (token.Length > 2 * RemotePictures.MostAddress || !Base64Url.IsValid(token)) return null;
        try
        {
            var said = key.Open(Purpose, Base64Url.DecodeFromChars(token));
            return (BinaryPrimitives.ReadInt64BigEndian(said), BinaryPrimitives.ReadInt64BigEndian(said.AsSpan(8)), new DateTime(BinaryPrimitives.ReadInt64BigEndian(said.AsSpan(16)), DateTimeKind.Utc), new Uri(Encoding.UTF8.GetString(said, 24, said.Length - 24)));
        }
        catch (CryptographicException) { return null; }
    }
}

/// <summary>A colleague wants to see the remote images of this sender's verified mails without asking for them each time.</summary>
public sealed class SenderPictures
{
    public long Id { get; set; }
    public long ColleagueId { get; init; }

    /// <summary>The sender's address as it is compared.</summary>
    public required string Address { get; init; }
    public DateTime At { get; init; }
}
