using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Replies that were told to go later: until they go, each is a step of who wrote it.</summary>
static class ScheduledReplies
{
    /// <summary>The step of each mail that waits for its time. What only waits to be taken back is none.</summary>
    public static async Task<IEnumerable<CaseStep>> Steps(House house, Database db, IReadOnlyList<long> cases)
    {
        var undo = TimeSpan.FromSeconds(house.Get(HouseSettings.UndoSend));
        bool Waits(OutgoingMail m) => m is { State: OutgoingState.Queued, CaseId: not null, ContactId: not null } && m.SendAt > db.At && m.SendAt - m.QueuedAt > undo;
        // A case that this write makes has sent nothing before.
        var made = db.Facts.OfType<CaseHeard>().Select(f => f.Case).ToHashSet();
        var ids = cases.Where(id => !made.Contains(id)).ToList();
        var at = db.At;
        // As this write leaves them: what it has changed is tracked already.
        var kept = ids.Count == 0 ? [] : await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).Where(m => m.State == OutgoingState.Queued && m.ContactId != null && m.SendAt > at && ids.Contains(m.CaseId!.Value)).ToListAsync();
        var mails = kept.Union(db.Set<OutgoingMail>().Local.Where(m => m.CaseId is { } id && cases.Contains(id))).Where(Waits).ToList();
        if (mails.Count == 0) return [];
        var contacts = mails.Select(m => m.ContactId!.Value).ToList();
        var writers = await db.Set<Contact>().AsNoTracking().Where(c => contacts.Contains(c.Id)).Select(c => new { c.Id, c.ColleagueId }).ToDictionaryAsync(c => c.Id, c => c.ColleagueId);
        foreach (var one in db.Set<Contact>().Local.Where(c => contacts.Contains(c.Id))) writers[one.Id] = one.ColleagueId;
        // It stands on the case for all who read it: in the house's language, whoever wrote.
        return Speech.In(house.Get(HouseSettings.Language), () => mails.ConvertAll(m => new CaseStep(m.CaseId!.Value, m.SendAt, writers.GetValueOrDefault(m.ContactId!.Value), Intake.Cut(string.Format(CultureInfo.CurrentCulture, Words.StepGoes, m.Recipients.Count > 0 ? m.Recipients[0].Address : ""), 200))));
    }
}
