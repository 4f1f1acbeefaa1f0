using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// What is done about a reply that a server refused, from the case itself: the same bytes go once more, or its text and files lie in the draft again for another address.
/// (The mail itself is made for its recipient: to another one goes another mail.)
/// </summary>
static class SendAgain
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/contacts/{id:long}/correct-address", Correct).Needs(Verb.ReplyToCases);
        app.MapPost("/contacts/{id:long}/send-again", Again).Needs(Verb.ReplyToCases);
    }

    /// <summary>The case at which something is done about a reply: what was merged away is answered where it went.</summary>
    internal static async Task<long> NumberOf(Databases databases, Who who, long id, Direction direction = Direction.Out)
    {
        using var db = databases.Open();
        var caseId = await db.Set<Contact>().Where(c => c.Id == id && c.Direction == direction).Select(c => c.CaseId).FirstOrDefaultAsync();
        var cases = db.CasesVisibleToWithDeleted(who);
        var into = await cases.Where(c => c.Id == caseId).Select(c => c.MergedInto).FirstOrDefaultAsync() ?? caseId;
        return await cases.Where(c => c.Id == into).Select(c => c.Number).FirstOrDefaultAsync() is var number and not 0 ? number : throw new NotThere();
    }

    static async Task<OutgoingMail> Failed(Database db, long id) =>
        await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstOrDefaultAsync(m => m.ContactId == id) is { } mail && mail.State != OutgoingState.Cancelled && mail.Recipients.Exists(r => r.State == RecipientState.Refused) ? mail : throw new Refused("", Words.NothingRefused);

    static async Task<IResult> Again(long id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var number = await NumberOf(databases, who, id);
        await write.Run(who, form.Once, async db =>
        {
            await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var mail = await Failed(db, id);
            mail.Retry(db.At);
            await SendMail.EnqueueAgain(db, mail.Id);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}#contact-{id}"));
    }

    static async Task<IResult> Correct(long id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var number = await NumberOf(databases, who, id);
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var (mail, contact) = (await Failed(db, id), await db.Load<Contact>(id));
            var draft = await db.Set<Draft>().AsTracking().FirstOrDefaultAsync(d => d.CaseId == one.Id && d.ColleagueId == who.Id && !d.IsNote);
            if (draft is null) db.Add(draft = new Draft { Id = db.Ids!.Next(), CaseId = one.Id, ColleagueId = who.Id });
            // The files stay with what was sent, and lie beside the draft as well: once, however often this is pressed.
            var (text, there) = (contact.Text, await db.Set<CaseFile>().AsNoTracking().Where(f => f.OfId == draft.Id && f.Of == FileOf.Draft).ToListAsync());
            foreach (var file in await db.Set<CaseFile>().AsNoTracking().Where(f => f.OfId == id && f.Of == FileOf.Contact).ToListAsync())
            {
                if (there.Find(f => f.BlobId == file.BlobId && f.Name == file.Name) is not { } copy)
                    db.Add(copy = new CaseFile { Id = db.Ids!.Next(), CaseId = one.Id, OfId = draft.Id, Of = FileOf.Draft, BlobId = file.BlobId, Name = file.Name, ContentType = file.ContentType, Length = file.Length, Cid = file.Cid });
                // A picture goes with the mail where the text names it as the draft's.
                text = text.Replace(string.Create(CultureInfo.InvariantCulture, $"(/files/{file.Id})"), string.Create(CultureInfo.InvariantCulture, $"(/files/{copy.Id})"), StringComparison.Ordinal);
            }
            if (text.Length > 0 && (draft.Text == text || draft.Text.StartsWith(text + "\n", StringComparison.Ordinal))) return;
            var refused = string.Join(", ", mail.Recipients.Where(r => r.State == RecipientState.Refused).Select(r => r.Address));
            // What was begun meanwhile is not thrown away, and goes to nobody for whom it was not meant.
            var begun = !string.IsNullOrWhiteSpace(draft.Text);
            if (begun && (!string.IsNullOrWhiteSpace(draft.Cc) || !string.IsNullOrWhiteSpace(draft.To) && !Keys(draft.To).SetEquals(Keys(refused)))) throw new Refused("", Words.DraftToOthers);
            draft.Text = begun ? $"{text}\n\n{draft.Text}" : text;
            (draft.To, draft.Cc, draft.At, draft.SeenVersion) = (refused, "", db.At, one.Version);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}/reply"));
    }

    static HashSet<string> Keys(string addresses) => [.. Amends.Mail.AddressList.Parse(addresses).Mailboxes.Select(a => a.Key)];
}
