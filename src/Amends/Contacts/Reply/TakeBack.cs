using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Takes back a reply that has not gone yet: its text and files lie in the draft again, the case stands as before.</summary>
static class TakeBack
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/contacts/{id:long}/take-back", Take).Needs(Verb.ReplyToCases);

    static async Task<IResult> Take(long id, HttpContext http, Databases databases, Writer write, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var number = await SendAgain.NumberOf(databases, who, id);
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var contact = await db.Load<Contact>(id);
            var mail = await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstOrDefaultAsync(m => m.ContactId == id) ?? throw new NotThere();
            // The job begins at that moment: from then on nobody can say what the server has.
            if (contact.State != ContactState.Sending || mail.SendAt <= db.At || !mail.Cancel()) throw new Refused("", Words.TooLateToTakeBack);
            contact.TakeBack();
            await BackToDraft(db, one, contact, who);
            await StandAsBefore(db, one, contact);
            await search.Index(db, one);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}#composer"));
    }

    static async Task BackToDraft(Database db, Case one, Contact contact, Who who)
    {
        var draft = await db.Set<Draft>().AsTracking().FirstOrDefaultAsync(d => d.CaseId == one.Id && d.ColleagueId == who.Id && !d.IsNote);
        if (draft is null) db.Add(draft = new Draft { Id = db.Ids!.Next(), CaseId = one.Id, ColleagueId = who.Id });
        // What was begun meanwhile is not thrown away.
        draft.Text = string.IsNullOrWhiteSpace(draft.Text) ? contact.Text : $"{contact.Text}\n\n{draft.Text}";
        (draft.To, draft.Cc, draft.At, draft.SeenVersion) = (contact.To, contact.Cc, db.At, one.Version);
        foreach (var file in await db.Set<CaseFile>().AsTracking().Where(f => f.OfId == contact.Id && f.Of == FileOf.Contact).ToListAsync()) (file.Of, file.OfId, file.CaseId) = (FileOf.Draft, draft.Id, one.Id);
    }

    static async Task StandAsBefore(Database db, Case one, Contact gone)
    {
        var set = await ReplyToCase.SetOf(db, one.Id);
        var others = await db.Set<Contact>().AsNoTracking().Where(c => set.Contains(c.CaseId) && c.Id != gone.Id && c.State != ContactState.TakenBack).OrderBy(c => c.At).ThenBy(c => c.Id)
            .Select(c => new { c.Direction, c.At, Automatic = c.Automatic || c.OnlyThanks, Answers = c.Channel == Channel.Phone ? c.Outcome == CallOutcome.Talked : c.Direction == Direction.Out }).ToListAsync();
        var lastOurs = others.FindLastIndex(c => c.Answers);
        var waits = others.Skip(lastOurs + 1).FirstOrDefault(c => c.Direction == Direction.In && !c.Automatic)?.At;
        var kinds = await db.Set<Fact>().AsNoTracking().Where(f => f.Subject == one.Id && f.At == gone.At && f.ActorKind == ActorKind.Colleague && f.ActorId == gone.ColleagueId).Select(f => f.Kind).ToListAsync();
        if (kinds.Contains("case.resolved") && one.State == CaseState.Resolved) one.Reopen(ReopenWhy.Undo, db.At);
        else if (kinds.Contains("case.waiting") && one.State == CaseState.Waiting) one.EndWait(WaitEnd.ByHand, db.At);
        if (!others.Exists(c => c.Answers)) await OutOfTurn.TakeBack(db, one);
        one.NotAnswered(others.Find(c => c.Answers)?.At, others.Count == 0 ? one.HeardAt : others[^1].At, waits, db.At);
    }
}
