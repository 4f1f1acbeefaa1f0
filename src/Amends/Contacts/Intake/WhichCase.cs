using Amends.Cases;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The case that a message belongs to, why, and every signal that was seen.</summary>
/// <param name="Case">Tracked; null for a new case.</param>
public sealed record FoundCase(Case? Case, WhyHere Why, IReadOnlyList<string> Signals);

/// <summary>
/// The one place that decides which case a message joins (A13, A14). In order: signed reply token; references to what we sent; references shared with a
/// known contact of the same customer; subject number with a verified participant; else a new case. Whoever writes must be a participant of the case
/// already, by an address that we or the case know. A number alone never joins.
/// </summary>
public static class WhichCase
{
    static readonly Who Me = Who.House("intake");

    /// <summary>Inside of a write.</summary>
    /// <param name="customers">The customers that the sender's address belongs to.</param>
    public static async Task<FoundCase> Resolve(Database db, HouseKey key, IncomingContact incoming, IReadOnlyCollection<long> customers)
    {
        if (incoming.CaseId is { } given)
            return new(await Standing(db, given), incoming.Why ?? WhyHere.ByHand, []);
        var signals = new List<string>();
        var sender = MailKey(incoming.FromAddress);
        if (sender is null) return new(null, WhyHere.NewCase, signals);
        var found = await ByToken(db, key, incoming, sender, signals)
            ?? await ByReference(db, incoming, sender, signals)
            ?? await ByThread(db, incoming, sender, customers, signals)
            ?? await ByNumber(db, incoming, sender, signals);
        // What was proved not to come from whom it names joins nothing: it stands as a case of its own, where it is seen (A16).
        if (found is { Case: { } one } && incoming is { Channel: Channel.Mail, Trust: SenderTrust.Failed })
        {
            signals.Add(string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.SignalForged, one.Number));
            return new(null, WhyHere.NewCase, signals);
        }
        return found ?? new(null, WhyHere.NewCase, signals);
    }

    static async Task<FoundCase?> ByToken(Database db, HouseKey key, IncomingContact incoming, string sender, List<string> signals)
    {
        foreach (var text in ReplyToken.Among(incoming.SentTo, incoming.AnswersTo).Distinct().Take(20))
        {
            if (!ReplyToken.TryRead(text, out var number, out var mac)) continue;
            var one = await db.CasesVisibleTo(Me).Where(c => c.Number == number).Select(c => new { c.Id }).FirstOrDefaultAsync();
            var people = one is null ? [] : await Participants(db, one.Id);
            if (one is null || !ReplyToken.Proves(key, number, mac, people)) { signals.Add(Words.SignalTokenWrong); continue; }
            if (!people.Contains(sender)) { signals.Add(Words.SignalTokenStranger); continue; }
            signals.Add(Words.SignalToken);
            return await Joined(db, one.Id, WhyHere.ReplyToken, signals);
        }
        return null;
    }

    static async Task<FoundCase?> ByReference(Database db, IncomingContact incoming, string sender, List<string> signals)
    {
        var ids = incoming.AnswersTo.Take(50).ToList();
        if (ids.Count == 0) return null;
        var ours = await db.Set<Contact>().Where(c => ids.Contains(c.MessageId!) && c.Direction == Direction.Out).Select(c => new { c.CaseId, c.MessageId }).ToListAsync();
        foreach (var one in ours.OrderBy(o => ids.IndexOf(o.MessageId!)))
        {
            if (!(await Participants(db, one.CaseId)).Contains(sender)) { signals.Add(Words.SignalReferenceStranger); continue; }
            signals.Add(Words.SignalReference);
            if (await Joined(db, one.CaseId, WhyHere.References, signals) is { Case: not null } found) return found;
        }
        return null;
    }

    static async Task<FoundCase?> ByThread(Database db, IncomingContact incoming, string sender, IReadOnlyCollection<long> customers, List<string> signals)
    {
        var ids = incoming.AnswersTo.Take(50).ToList();
        if (ids.Count == 0 || customers.Count == 0) return null;
        var known = await db.Set<Contact>().Where(c => ids.Contains(c.MessageId!) && c.Direction == Direction.In && customers.Contains(c.CustomerId!.Value))
            .OrderByDescending(c => c.Id).Select(c => c.CaseId).Take(5).ToListAsync();
        foreach (var id in known)
        {
            if (!(await Participants(db, id)).Contains(sender)) continue;
            signals.Add(Words.SignalThread);
            if (await Joined(db, id, WhyHere.KnownThread, signals) is { Case: not null } found) return found;
        }
        return null;
    }

    // A number can be guessed and a sender can be made up: both only count where the sender is verified.
    static async Task<FoundCase?> ByNumber(Database db, IncomingContact incoming, string sender, List<string> signals)
    {
        if (NumberIn(incoming.Subject) is not { } number) return null;
        signals.Add(Words.SignalNumber);
        if (incoming.Trust != SenderTrust.Verified) return null;
        var id = await db.CasesVisibleTo(Me).Where(c => c.Number == number).Select(c => c.Id).FirstOrDefaultAsync();
        if (id == 0 || !(await Participants(db, id)).Contains(sender)) return null;
        return await Joined(db, id, WhyHere.NumberAndParticipant, signals);
    }

    static async Task<FoundCase?> Joined(Database db, long id, WhyHere why, List<string> signals) =>
        await Standing(db, id) is { } one ? new(one, why, signals) : null;

    /// <summary>The case itself, or the one that it was merged into. Null when it is deleted: what comes then is new.</summary>
    public static async Task<Case?> Standing(Database db, long id)
    {
        var one = await db.CasesVisibleTo(Me).AsTracking().Include(c => c.Watchers).FirstOrDefaultAsync(c => c.Id == id);
        for (var hop = 0; one?.MergedInto is { } into && hop < 20; hop++) one = await db.CasesVisibleTo(Me).AsTracking().Include(c => c.Watchers).FirstOrDefaultAsync(c => c.Id == into);
        return one;
    }

    /// <summary>The addresses that take part in a case, as compared: the customer's and the reporter's, of those who wrote (machines are nobody), and of those whom we wrote to.</summary>
    public static async Task<HashSet<string>> Participants(Database db, long caseId)
    {
        var cases = await db.CasesVisibleTo(Me).Where(c => c.Id == caseId || c.MergedInto == caseId).Select(c => new { c.Id, c.CustomerId, c.ReporterId }).ToListAsync();
        var ids = cases.ConvertAll(c => c.Id);
        var people = cases.SelectMany(c => new[] { c.CustomerId, c.ReporterId ?? 0 }).Where(p => p != 0).Distinct().ToList();
        var all = await db.Set<CustomerAddress>().Where(a => people.Contains(a.CustomerId) && a.Kind == AddressKind.Mail).Select(a => a.Value).ToListAsync();
        all.AddRange((await db.Set<Contact>().Where(c => ids.Contains(c.CaseId) && c.Direction == Direction.In && c.FromAddress != null && c.Channel == Channel.Mail && !c.Automatic).Select(c => c.FromAddress!).Distinct().ToListAsync()));
        all.AddRange(await db.Set<OutgoingMail>().Where(m => m.CaseId != null && ids.Contains(m.CaseId.Value) && m.ContactId != null && m.State != OutgoingState.Cancelled)
            .SelectMany(m => m.Recipients).Select(r => r.Address).Distinct().ToListAsync());
        // Who was let in belongs to it. Who was only named, does not.
        all.AddRange(await db.Set<MailFollower>().Where(f => ids.Contains(f.CaseId) && f.State == FollowerState.Confirmed).Select(f => f.Address).ToListAsync());
        return [.. all.Select(MailKey).OfType<string>()];
    }

    /// <summary>The mail addresses of customers, as compared, those of duplicates that were merged with them included.</summary>
    public static async Task<HashSet<string>> AddressesOf(Database db, params long[] customers)
    {
        var merged = await db.Set<Customer>().Where(c => c.MergedInto != null && (customers.Contains(c.Id) || customers.Contains(c.MergedInto!.Value))).Select(c => new { c.Id, Into = c.MergedInto!.Value }).ToListAsync();
        var all = customers.Concat(merged.Select(m => m.Id)).Concat(merged.Select(m => m.Into)).Distinct().ToList();
        var found = await db.Set<CustomerAddress>().Where(a => all.Contains(a.CustomerId) && a.Kind == AddressKind.Mail).Select(a => a.Value).ToListAsync();
        return [.. found.Select(MailKey).OfType<string>()];
    }

    /// <summary>An address as it is compared, or null when it is none.</summary>
    public static string? MailKey(string? address) => Amends.Mail.Mailbox.TryParse(address, out var read) ? read.Key : null;

    // “[#20418]”, “#20 418”, “(#20418)”.
    static long? NumberIn(string subject)
    {
        for (var at = subject.IndexOf('#', StringComparison.Ordinal); at >= 0; at = subject.IndexOf('#', at + 1))
        {
            var end = at + 1;
            while (end < subject.Length && end - at <= 16 && (char.IsAsciiDigit(subject[end]) || subject[end] is ' ' or '\u00A0' or '\u202F')) end++;
            var digits = string.Concat(subject[(at + 1)..end].Where(char.IsAsciiDigit));
            if (digits.Length is > 0 and < 13 && long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) return number;
        }
        return null;
    }
}
