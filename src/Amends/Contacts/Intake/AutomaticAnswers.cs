using Amends.Cases;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// Whom the house may answer by itself (A20, RFC 3834): no machine, no list, nobody without a return path, none of our own addresses, nobody whose mail
/// was proved to be forged or comes back; one for each address, case and day, one a day where nothing proves the sender, and no third one
/// until a colleague has written. The last of these holds whatever a robot does.
/// </summary>
public sealed class AutomaticAnswers(HouseKey key)
{
    /// <summary>Automatic answers to one address before a colleague has written to it.</summary>
    public const int MostUnanswered = 2;

    /// <summary>Older mail is not told that it came: it was fetched late, and the receipt would come later still.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromDays(3);

    static readonly Who Me = Who.House("receipts");

    // Names that belong to programs (RFC 2142, RFC 3834 section 2).
    static readonly string[] Programs = ["mailer-daemon", "mailerdaemon", "postmaster", "listserv", "majordomo", "root", "daemon", "cron", "www-data", "bounce", "bounces", "nobody", "abuse"];

    /// <summary>Whether nothing in a mail itself speaks against an automatic answer.</summary>
    public static bool MayAnswer(MailMessage mail) => mail is { Origin: { IsAutomatic: false, HasNullReturnPath: false, RefusesAutomaticAnswers: false }, From: [{ IsValid: true } from] } && !IsProgram(from.LocalPart);

    static bool IsProgram(string local) => Array.Exists(Programs, p => local.Equals(p, StringComparison.OrdinalIgnoreCase))
        || local.StartsWith("owner-", StringComparison.OrdinalIgnoreCase) || local.EndsWith("-request", StringComparison.OrdinalIgnoreCase) || local.EndsWith("-owner", StringComparison.OrdinalIgnoreCase) || local.Contains("bounces+", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this contact may be answered by itself. What is asked here is asked before anything is prepared; <see cref="Claim"/> has the last word.</summary>
    public static async Task<bool> MayAnswer(Database db, Contact contact, Case one, DateTime now)
    {
        if (contact.Automatic || contact.Trust == SenderTrust.Failed || contact.At < now - Fresh || WhichCase.MailKey(contact.FromAddress) is not { } address) return false;
        // What was answered, put away or thrown away meanwhile needs no receipt.
        if (one.FirstAnsweredAt is not null || !one.IsOpen || one.SpamAt is not null || one.MergedInto is not null) return false;
        if (await Ours.Has(db, address) || await db.Set<CustomerAddress>().AnyAsync(a => a.Value == address && a.BouncedAt != null)) return false;
        return contact.Channel != Channel.Mail || (await RobotSigns.Of(db, contact)).Count == 0;
    }

    /// <summary>Takes the right to answer, inside of the write that queues the answer. Null where it was used up.</summary>
    public async Task<Receipt?> Claim(Database db, Contact contact)
    {
        return await Claim(db, WhichCase.MailKey(contact.FromAddress)!, contact.Trust == SenderTrust.Verified ? contact.CaseId : 0, contact.Channel == Channel.Mail ? contact.CustomerId : null);
    }

    /// <summary>The same for an address that nobody of it wrote from.</summary>
    /// <param name="to">As compared.</param>
    /// <param name="of">The case; 0 where nothing proves who asked for it, so that it is one a day of all; minus the case for the word that it is resolved.</param>
    /// <param name="counted">Whose colleague's letters begin the count of unanswered ones anew; null where none is counted.</param>
    public async Task<Receipt?> Claim(Database db, string to, long of, long? counted)
    {
        var (address, day) = (key.Mac("receipt", to), DateOnly.FromDateTime(db.At));
        if (await db.Set<Receipt>().AnyAsync(r => r.Address == address && r.Day == day && r.CaseId == of)) return null;
        if (counted is not null)
        {
            var written = await LastWritten(db, counted);
            if (await db.Set<Receipt>().CountAsync(r => r.Address == address && r.At > written) >= MostUnanswered) return null;
        }
        var right = new Receipt { Address = address, Day = day, CaseId = of, At = db.At };
        db.Add(right);
        return right;
    }

    static async Task<DateTime> LastWritten(Database db, long? customer)
    {
        var cases = await db.CasesVisibleTo(Me).Where(c => c.CustomerId == customer || c.ReporterId == customer).OrderByDescending(c => c.Id).Select(c => c.Id).Take(100).ToListAsync();
        return await db.Set<Contact>().Of(cases, c => c.CaseId).Where(c => c.Direction == Direction.Out && c.Channel == Channel.Mail && c.State == ContactState.Done).MaxAsync(c => (DateTime?)c.At) ?? DateTime.UnixEpoch;
    }
}

/// <summary>Addresses of the house itself: mail between them is nobody's question.</summary>
static class Ours
{
    /// <summary>Whether a compared address is one of our mailboxes (with or without a token behind the plus), a brand's or a colleague's.</summary>
    public static async Task<bool> Has(Database db, string address)
    {
        var bare = Bare(address);
        return await db.Set<Mailbox>().AnyAsync(m => m.Address == bare || m.Address == address) || await db.Set<Foundation.Settings.Brand>().AnyAsync(b => b.Address == bare || b.Address == address)
            || await db.Set<Colleague>().AnyAsync(c => c.Address == address && c.State == ColleagueState.Active);
    }

    /// <summary>Which of these compared addresses are ours: asked at once.</summary>
    public static async Task<HashSet<string>> Among(Database db, IReadOnlyList<string> addresses)
    {
        if (addresses.Count == 0) return [];
        var names = addresses.Concat(addresses.Select(Bare)).Distinct().ToList();
        var found = await db.Set<Mailbox>().Where(m => names.Contains(m.Address)).Select(m => new { m.Address, Person = false })
            .Concat(db.Set<Foundation.Settings.Brand>().Where(b => b.Address != null && names.Contains(b.Address)).Select(b => new { Address = b.Address!, Person = false }))
            .Concat(db.Set<Colleague>().Where(c => names.Contains(c.Address) && c.State == ColleagueState.Active).Select(c => new { c.Address, Person = true })).ToListAsync();
        var own = found.Where(f => !f.Person).Select(f => f.Address).ToHashSet(StringComparer.Ordinal);
        var people = found.Where(f => f.Person).Select(f => f.Address).ToHashSet(StringComparer.Ordinal);
        return [.. addresses.Where(a => own.Contains(a) || own.Contains(Bare(a)) || people.Contains(a))];
    }

    /// <summary>Without what stands behind a plus.</summary>
    public static string Bare(string address)
    {
        var at = address.LastIndexOf('@');
        var plus = at < 0 ? -1 : address.IndexOf('+', 0, at);
        return plus <= 0 ? address : address[..plus] + address[at..];
    }
}
