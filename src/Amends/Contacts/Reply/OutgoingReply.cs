using System.Globalization;
using System.Security.Cryptography;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What a colleague sends to a customer by mail.</summary>
/// <param name="Case">As it stands.</param>
/// <param name="Set">Its id, and those of what was merged into it.</param>
/// <param name="Text">Light Markdown.</param>
/// <param name="Files">Rows of files with their bytes' rows; pictures that the text shows go within it.</param>
public sealed record ReplyToSend(Case Case, IReadOnlyList<long> Set, string Text, IReadOnlyList<Amends.Mail.Mailbox> To, IReadOnlyList<Amends.Mail.Mailbox> Cc, IReadOnlyList<(CaseFile File, Blob Blob)> Files);

/// <summary>A reply whose bytes are fixed, with the row of the case link that stands in it, where it goes to the customer.</summary>
public sealed record ReadyReply(ReadyMail Mail, CaseLetter? Letter);

/// <summary>Makes the mail of a reply, before the write: text and HTML, thread, reply token, case link, signature, the customer's last words below.</summary>
public sealed class OutgoingReply(Databases databases, HouseKey key, BlobStore blobs, Outbox outbox, House house, HouseAddress ours, TimeProvider clock)
{
    const int MostQuoted = 20_000;

    /// <summary>Address and name that a case's mail is sent from: the mailbox of its brand (of its team where there are several), else the brand's address.</summary>
    /// <exception cref="Refused">None is set up while mail really goes out.</exception>
    public static async Task<Amends.Mail.Mailbox> SenderOf(Database db, House house, long brandId, long teamId) =>
        await SenderOf(db, house, await db.Set<Brand>().AsNoTracking().FirstOrDefaultAsync(b => b.Id == brandId), brandId, teamId);

    static async Task<Amends.Mail.Mailbox> SenderOf(Database db, House house, Brand? brand, long brandId, long teamId)
    {
        var boxes = await db.Set<Mailbox>().AsNoTracking().Where(m => m.BrandId == brandId && !m.Retired).OrderBy(m => m.Id).ToListAsync();
        var address = (boxes.Find(m => m.TeamId == teamId) ?? boxes.FirstOrDefault())?.Address ?? brand?.Address;
        return Sender(address, house, brand?.Name ?? house.Get(HouseSettings.Company));
    }

    static Amends.Mail.Mailbox Sender(string? address, House house, string brand)
    {
        if (address is null && house.Get(HouseSettings.SmtpOn)) throw new Refused("", Words.NoSenderAddress);
        return new Amends.Mail.Mailbox(address ?? "service@localhost", Clean(brand));
    }

    /// <summary>Renders and stores the mail.</summary>
    /// <exception cref="Refused">There is no address to send from.</exception>
    public async Task<ReadyReply> Prepare(Who who, ReplyToSend reply, CancellationToken stop)
    {
        using var db = databases.Open();
        var signed = await SignatureText.Of(db, who, reply.Case.BrandId, reply.Case.TeamId);
        var brand = signed.Brand?.Name ?? house.Get(HouseSettings.Company);
        var from = Sender(signed.Address, house, brand);
        var thread = await db.Set<Contact>().Of(reply.Set, c => c.CaseId).Where(c => c.MessageId != null && c.State != ContactState.TakenBack).OrderByDescending(c => c.At).ThenByDescending(c => c.Id)
            .Take(20).Select(c => new { c.MessageId, c.CaseId, c.Direction, c.Text, c.FromName, c.FromAddress, c.At, c.Automatic, c.To, c.Cc }).ToListAsync(stop);
        // The page is the customer's, or the reporter's: a mail to anybody else (a supplier, an expert) carries no key to it.
        var his = reply.Case.CustomerId;
        CaseLetter? letter = null;
        string? url = null;
        var all = reply.To.Concat(reply.Cc).Select(a => a.Key).ToList();
        var theirs = new List<HashSet<string>>();
        foreach (var person in new[] { reply.Case.CustomerId, reply.Case.ReporterId ?? 0 }.Where(p => p != 0))
        {
            var theirOwn = await WhichCase.AddressesOf(db, person);
            theirs.Add(theirOwn);
            if (letter is not null || !all.TrueForAll(theirOwn.Contains)) continue;
            (letter, var link) = CaseLetters.Make(reply.Case.Id, person, clock.GetUtcNow().UtcDateTime);
            url = ours.Link("/c/" + link);
            his = person;
        }
        // Who was not there hears what is said from now on, and nothing of before (A15): below stands only what each who gets it wrote himself, from whichever address of his,
        // about a case that he has a part in; never of customer and reporter the one's words to the other. What a supplier told us is not the customer's to read, nor what another customer wrote whose case was merged in.
        var people = new[] { reply.Case.CustomerId, reply.Case.ReporterId ?? 0 };
        var own = await db.CasesVisibleToWithDeleted(Who.House("quote")).Of(reply.Set, c => c.Id).Where(c => people.Contains(c.CustomerId) || c.ReporterId != null && people.Contains(c.ReporterId.Value)).Select(c => c.Id).ToListAsync(stop);
        bool MayRead(string to, string? writer, long about) => to == writer || writer is not null && theirs.Exists(one => one.Contains(writer) && one.Contains(to)) && own.Contains(about);
        // Where somebody reported it each has a thread of his own: not even the names of the other's mails stand in it.
        var two = reply.Case.ReporterId is { } reporter && reporter != reply.Case.CustomerId;
        bool Had(Direction direction, string? writer, string? to, string? cc, long about) => !two
            || (direction == Direction.In ? all.TrueForAll(a => MayRead(a, WhichCase.MailKey(writer), about)) : AddressList.Parse($"{to}, {cc}").Mailboxes.Any(a => all.Contains(a.Key)));
        var draft = new MailDraft
        {
            From = new Amends.Mail.Mailbox(from.Address, Clean(from.DisplayName.Length > 0 ? $"{who.Name} ({from.DisplayName})" : who.Name)),
            Subject = SubjectOf(reply.Case),
            Date = clock.GetUtcNow(),
            InReplyTo = thread.Where(c => Had(c.Direction, c.FromAddress, c.To, c.Cc, c.CaseId)).Select(c => c.MessageId!).FirstOrDefault(MayStand),
            References = [.. thread.AsEnumerable().Reverse().Where(c => Had(c.Direction, c.FromAddress, c.To, c.Cc, c.CaseId)).Select(c => c.MessageId!).Where(MayStand).Distinct()]
        };
        foreach (var to in reply.To) draft.To.Add(to);
        foreach (var cc in reply.Cc) draft.Cc.Add(cc);
        Thread(draft, key, reply.Case.Number, reply.To[0].Key, from);
        var pictures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, blob) in reply.Files)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/files/{file.Id}");
            var cid = file.ContentType.StartsWith("image/", StringComparison.Ordinal) && reply.Text.Contains($"({path})", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"f{file.Id}@amends") : null;
            if (cid is not null) pictures[path] = "cid:" + cid;
            draft.Files.Add(new DraftFile(FileAnswer.SafeName(file.Name), file.ContentType.Split(';')[0], await blobs.Read(blob, stop), cid));
        }
        var last = thread.Find(c => c.Direction == Direction.In && !c.Automatic && all.TrueForAll(a => MayRead(a, WhichCase.MailKey(c.FromAddress), c.CaseId)));
        var quoted = last is null ? null : Intake.Cut(last.Text, MostQuoted);
        // Our own words around the reply, in the language of whom it is for.
        Speech.Speak(Speech.ForCustomer(await db.Set<Customer>().Where(c => c.Id == his).Select(c => c.Language).FirstOrDefaultAsync(stop), house.Get(HouseSettings.Language)));
        var head = last is null ? "" : string.Format(CultureInfo.CurrentCulture, Words.QuoteHead, Times.OfQuote(last.At), last.FromName ?? last.FromAddress);
        var logo = await Logo(db, blobs, signed.Brand?.LogoBlobId, draft, stop);
        var content = new ReplyContent(reply.Text, signed.Signature, url, reply.Case.Number.ToString(CultureInfo.InvariantCulture), head, quoted, brand, signed.Brand?.Colour, logo);
        (draft.Text, draft.Flowed, draft.Html) = (ReplyBodies.Plain(content), true, ReplyBodies.Html(content, address => pictures.GetValueOrDefault(address)));
        return new(await outbox.Prepare(draft, stop: stop), letter);
    }

    /// <summary>Sets by what an answer finds its case again: the token in Message-ID and Reply-To.</summary>
    internal static void Thread(MailDraft draft, HouseKey key, long number, string recipient, Amends.Mail.Mailbox from)
    {
        var token = ReplyToken.For(key, number, recipient);
        draft.MessageId = $"{token}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}@{from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..]}";
        // Where the local part has no room left for the token the thread alone must do.
        if (from.LocalPart.Length + token.Length + 1 <= 64) draft.ReplyToAddresses.Add(new Amends.Mail.Mailbox($"{from.LocalPart}+{token}@{from.Domain}", from.DisplayName));
    }

    /// <summary>Lays the brand's picture beside the HTML of a draft; null where it has none.</summary>
    public static async Task<(string, int, int)?> Logo(Database db, BlobStore blobs, long? blobId, MailDraft draft, CancellationToken stop)
    {
        if (blobId is null || await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == blobId && b.ErasedAt == null, stop) is not { } blob) return null;
        var bytes = await blobs.Read(blob, stop);
        var kind = FileKind.Of(bytes.AsSpan(0, Math.Min(bytes.Length, FileKind.Head)));
        if (!kind.Inline) return null;
        draft.Files.Add(new DraftFile("logo." + kind.MediaType[(kind.MediaType.IndexOf('/', StringComparison.Ordinal) + 1)..], kind.MediaType, bytes, LogoCid));
        return (LogoCid, kind.Width, kind.Height);
    }

    const string LogoCid = "logo@amends";

    static string SubjectOf(Case one)
    {
        var subject = Clean(one.Subject);
        var mark = string.Create(CultureInfo.InvariantCulture, $"[#{one.Number}]");
        if (!subject.StartsWith("re:", StringComparison.OrdinalIgnoreCase)) subject = "Re: " + subject;
        return subject.Contains(mark, StringComparison.Ordinal) ? subject : $"{subject} {mark}";
    }

    /// <summary>For values of headers: the types refuse control characters, so they are taken out of what people wrote.</summary>
    internal static string Clean(string? text) => string.Join(' ', string.Concat((text ?? "").Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether an id that somebody chose may stand in our headers.</summary>
    internal static bool MayStand(string id) => id.Length is > 0 and < 300 && id.All(c => c is > ' ' and < '\u007F' and not '<' and not '>');
}

/// <summary>Links that show one case to one customer.</summary>
public static class CaseLetters
{
    /// <summary>A new link: its row, and the token of 128 bits that stands in it and nowhere else.</summary>
    public static (CaseLetter Row, string Token) Make(long caseId, long customerId, DateTime at)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return (new CaseLetter { TokenHash = Gate.Digest(token), CaseId = caseId, CustomerId = customerId, MadeAt = at }, token);
    }
}
