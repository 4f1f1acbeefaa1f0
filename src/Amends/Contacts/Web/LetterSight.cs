using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// The one place that says what of a case a link shows to whom it was given (docs/decisions/0018-reporters.md). The customer: what he wrote, what we wrote to him, and the words, not the files, of who
/// reported it for him. The reporter: what he wrote himself, and what we wrote to him; nothing of the customer's. Neither: calls and notes, which are the house's own record.
/// </summary>
static class LetterSight
{
    /// <summary>The cases that it opens: its own with what was merged into it, where this person has the same part in them.</summary>
    public static async Task<List<long>> Cases(Database db, CustomerLink.Found found)
    {
        var his = found.Letter.CustomerId;
        return await db.CasesVisibleTo(Who.House("case link")).Where(c => (c.Id == found.Case.Id || c.MergedInto == found.Case.Id)
            && (found.AsReporter ? c.ReporterId == his && c.CustomerId != his : c.CustomerId == his || c.ReporterId == his)).Select(c => c.Id).ToListAsync();
    }

    /// <summary>The contacts that it shows once it is open, in their order.</summary>
    public static async Task<List<Contact>> Contacts(Database db, CustomerLink.Found found)
    {
        var (his, ids) = (found.Letter.CustomerId, await Cases(db, found));
        // Who reported for him told us his matter: the words are his to know.
        var told = found.AsReporter ? [] : await db.CasesVisibleTo(Who.House("case link")).Where(c => ids.Contains(c.Id) && c.CustomerId == his && c.ReporterId != null).Select(c => new { c.Id, Reporter = c.ReporterId!.Value }).ToListAsync();
        var (of, by) = (told.ConvertAll(t => t.Id), told.ConvertAll(t => t.Reporter));
        var contacts = await db.Set<Contact>().Where(c => ids.Contains(c.CaseId) && c.State == ContactState.Done && !c.Automatic && c.Channel != Channel.Desk
            && (c.Direction == Direction.Out || c.CustomerId == his || of.Contains(c.CaseId) && by.Contains(c.CustomerId!.Value) && c.Why == WhyHere.NewCase)).OrderBy(c => c.At).ThenBy(c => c.Id).ToListAsync();
        contacts.RemoveAll(c => c.Channel is Channel.Phone or Channel.Counter || found.AsReporter && c is { Direction: Direction.Out, Channel: not Channel.Mail });
        // What we wrote to others about it (a supplier, an expert, the other one of the two) is not his to read.
        var addresses = await WhichCase.AddressesOf(db, his);
        contacts.RemoveAll(c => c is { Direction: Direction.Out, Channel: Channel.Mail } && !AddressList.Parse($"{c.To}, {c.Cc}").Mailboxes.Any(to => addresses.Contains(to.Key)));
        return contacts;
    }

    /// <summary>Whether the files of a contact that is shown are shown with it: never another person's.</summary>
    public static bool ShowsFiles(CustomerLink.Found found, Contact contact) => contact.Direction == Direction.Out || contact.CustomerId == found.Letter.CustomerId;

    /// <summary>Leaves of promises those that were made to this person: of his own cases all but those to who reported them, of those that he only reported those that stand in what we wrote to him.</summary>
    public static async Task KeepHis(Database db, CustomerLink.Found found, List<PromiseTold> all)
    {
        if (all.Count == 0) return;
        var (his, ids) = (found.Letter.CustomerId, all.ConvertAll(p => p.CaseId));
        var of = await db.CasesVisibleTo(Who.House("case link")).Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.CustomerId, c.ReporterId }).ToDictionaryAsync(c => c.Id);
        bool OnlyReported(long id) => found.AsReporter || of.TryGetValue(id, out var c) && c.CustomerId != his && c.ReporterId == his;
        all.RemoveAll(p => !OnlyReported(p.CaseId) && p.To != his && of.TryGetValue(p.CaseId, out var c) && c.ReporterId == p.To && c.CustomerId != p.To);
        if (!all.Exists(p => OnlyReported(p.CaseId))) return;
        var read = (await Contacts(db, found)).Where(c => c.Direction == Direction.Out).Select(c => (long?)c.Id).ToHashSet();
        all.RemoveAll(p => OnlyReported(p.CaseId) && (p.SaidIn is null || !read.Contains(p.SaidIn)));
    }

    /// <summary>
    /// Who reported a case of his for him, as that one called himself: what we know of whoever owns the address is said only where the sender is proved, or a colleague wrote it down (A21, A33).
    /// </summary>
    public static async Task<string?> Reporter(Database db, CustomerLink.Found found)
    {
        var (his, ids) = (found.Letter.CustomerId, await Cases(db, found));
        if (await db.CasesVisibleTo(Who.House("case link")).Where(c => ids.Contains(c.Id) && c.CustomerId == his && c.ReporterId != null && c.ReporterId != his).OrderBy(c => c.Id).Select(c => new { c.Id, c.ReporterId }).FirstOrDefaultAsync() is not { } one) return null;
        var told = await db.Set<Contact>().Where(c => c.CaseId == one.Id && c.CustomerId == one.ReporterId && c.Direction == Direction.In).OrderBy(c => c.At).ThenBy(c => c.Id).Select(c => new { c.FromName, c.Trust, c.ColleagueId }).FirstOrDefaultAsync();
        if (told is { Trust: not SenderTrust.Verified, ColleagueId: null }) return told.FromName;
        return await db.Set<People.Customer>().Where(c => c.Id == one.ReporterId).Select(c => c.Name).FirstOrDefaultAsync();
    }
}
