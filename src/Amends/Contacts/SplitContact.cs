using Amends.Cases;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A split copies the contact into the new case, since a contact never changes its case; the raw mail and the files' bytes are shared.</summary>
static class SplitContact
{
    public static async Task<bool> Copy(SplitAsked asked)
    {
        var (db, ids) = (asked.Db, asked.Ids);
        if (await db.Set<Contact>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == asked.Contact && ids.Contains(c.CaseId) && c.State != ContactState.TakenBack) is not { } from) return false;
        // Who reported the first matter has reported this one where he told it.
        if (from.CustomerId is { } teller && teller == asked.From.ReporterId) asked.Into.ReporterId = teller;
        var copy = new Contact
        {
            Id = db.Ids!.Next(),
            CaseId = asked.Into.Id,
            Direction = from.Direction,
            Channel = from.Channel,
            State = ContactState.Done,
            At = from.At,
            CustomerId = from.CustomerId,
            ColleagueId = from.ColleagueId,
            FromName = from.FromName,
            FromAddress = from.FromAddress,
            To = from.To,
            Cc = from.Cc,
            Subject = from.Subject,
            Text = from.Text,
            Quoted = from.Quoted,
            HasHtml = from.HasHtml,
            HasRemote = from.HasRemote,
            RawBlobId = from.RawBlobId,
            // The id stays with the first one: answers to it belong to the case that it came to.
            MessageId = null,
            Trust = from.Trust,
            Why = WhyHere.Split,
            Signals = from.Signals,
            Automatic = from.Automatic,
            Nature = from.Nature,
            AlsoTo = from.AlsoTo,
            AwayUntil = from.AwayUntil,
            Defects = from.Defects,
            Number = from.Number,
            Seconds = from.Seconds,
            Outcome = from.Outcome,
            CopyOf = from.Id
        };
        copy.CopiedHere();
        db.Add(copy);
        foreach (var file in await db.Set<CaseFile>().AsNoTracking().Where(f => f.OfId == from.Id && f.Of == FileOf.Contact).ToListAsync())
            db.Add(new CaseFile { Id = db.Ids.Next(), CaseId = asked.Into.Id, OfId = copy.Id, Of = FileOf.Contact, BlobId = file.BlobId, Name = file.Name, ContentType = file.ContentType, Length = file.Length, Cid = file.Cid });
        return true;
    }
}
