using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
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
        if (address is null && house.Get(HouseSettings.SmtpOn)) throw new Refused("", Words.NoSenderAddress);
        return new Amends.Mail.Mailbox(address ?? "service@localhost", Clean(brand?.Name ?? house.Get(HouseSettings.Company)));
    }

    /// <summary>Renders and stores the mail.</summary>
    /// <exception cref="Refused">There is no address to send from.</exception>
    public async Task<ReadyReply> Prepare(Who who, ReplyToSend reply, CancellationToken stop)
    {
        using var db = databases.Open();
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == reply.Case.BrandId, stop);
        var from = await SenderOf(db, house, brand, reply.Case.BrandId, reply.Case.TeamId);
        var signature = await db.Set<Colleague>().Where(c => c.Id == who.Id).Select(c => c.Signature).FirstOrDefaultAsync(stop) ?? brand?.Signature;
        var thread = await db.Set<Contact>().Of(reply.Set, c => c.CaseId).Where(c => c.MessageId != null && c.State != ContactState.TakenBack).OrderByDescending(c => c.At).ThenByDescending(c => c.Id)
            .Take(20).Select(c => new { c.MessageId, c.Direction, c.Text, c.FromName, c.FromAddress, c.At }).ToListAsync(stop);
        // The page is the customer's, or the reporter's: a mail to anybody else (a supplier, an expert) carries no key to it.
        CaseLetter? letter = null;
        string? url = null;
        foreach (var person in new[] { reply.Case.CustomerId, reply.Case.ReporterId ?? 0 }.Where(p => p != 0))
        {
            var theirOwn = await WhichCase.AddressesOf(db, person);
            if (letter is not null || !reply.To.Any(to => theirOwn.Contains(to.Key))) continue;
            (letter, var link) = CaseLetters.Make(reply.Case.Id, person, clock.GetUtcNow().UtcDateTime);
            url = ours.Link("/c/" + link);
        }
        var token = ReplyToken.For(key, reply.Case.Number, reply.To[0].Key);
        var draft = new MailDraft
        {
            From = new Amends.Mail.Mailbox(from.Address, Clean(from.DisplayName.Length > 0 ? $"{who.Name} ({from.DisplayName})" : who.Name)),
            Subject = SubjectOf(reply.Case),
            Date = clock.GetUtcNow(),
            MessageId = $"{token}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}@{from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..]}",
            InReplyTo = thread.Select(c => c.MessageId!).FirstOrDefault(MayStand),
            References = [.. thread.AsEnumerable().Reverse().Select(c => c.MessageId!).Where(MayStand).Distinct()]
        };
        foreach (var to in reply.To) draft.To.Add(to);
        foreach (var cc in reply.Cc) draft.Cc.Add(cc);
        // Where the local part has no room left for the token the thread alone must do.
        if (from.LocalPart.Length + token.Length + 1 <= 64) draft.ReplyToAddresses.Add(new Amends.Mail.Mailbox($"{from.LocalPart}+{token}@{from.Domain}", from.DisplayName));
        var pictures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, blob) in reply.Files)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/files/{file.Id}");
            var cid = file.ContentType.StartsWith("image/", StringComparison.Ordinal) && reply.Text.Contains($"({path})", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"f{file.Id}@amends") : null;
            if (cid is not null) pictures[path] = "cid:" + cid;
            draft.Files.Add(new DraftFile(FileAnswer.SafeName(file.Name), file.ContentType.Split(';')[0], await blobs.Read(blob, stop), cid));
        }
        var theirs = thread.Find(c => c.Direction == Direction.In);
        var quoted = theirs is null ? null : Intake.Cut(theirs.Text, MostQuoted);
        var head = theirs is null ? "" : string.Format(CultureInfo.CurrentCulture, Words.QuoteHead, theirs.At.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.CurrentCulture), theirs.FromName ?? theirs.FromAddress);
        draft.Text = PlainBody(reply.Text, signature, url, head, quoted);
        draft.Html = HtmlBody(reply.Text, signature, url, head, quoted, pictures);
        return new(await outbox.Prepare(draft, stop: stop), letter);
    }

    static string PlainBody(string text, string? signature, string? url, string head, string? quoted)
    {
        var body = new StringBuilder(LightMarkdown.ToPlainText(text)).Append("\n\n");
        if (!string.IsNullOrWhiteSpace(signature)) body.Append("-- \n").Append(signature.Trim().ReplaceLineEndings("\n")).Append("\n\n");
        if (url is not null) body.Append(Words.LetterLine).Append('\n').Append(url).Append('\n');
        if (quoted is not null) body.Append('\n').Append(head).Append('\n').AppendJoin('\n', quoted.Split('\n').Select(line => "> " + line)).Append('\n');
        return body.Replace("\0", "").ToString();
    }

    static string HtmlBody(string text, string? signature, string? url, string head, string? quoted, Dictionary<string, string> pictures)
    {
        var body = new StringBuilder("<!doctype html><html><body style=\"font:15px/1.5 system-ui,sans-serif\">");
        body.Append(LightMarkdown.ToHtml(text, address => pictures.GetValueOrDefault(address)));
        if (!string.IsNullOrWhiteSpace(signature)) body.Append("<p>-- <br>").Append(Lines(signature.Trim())).Append("</p>");
        if (url is not null) body.Append("<p>").Append(WebUtility.HtmlEncode(Words.LetterLine)).Append("<br><a href=\"").Append(WebUtility.HtmlEncode(url)).Append("\">").Append(WebUtility.HtmlEncode(url)).Append("</a></p>");
        if (quoted is not null) body.Append("<p>").Append(WebUtility.HtmlEncode(head)).Append("</p><blockquote type=\"cite\">").Append(Lines(quoted)).Append("</blockquote>");
        return body.Append("</body></html>").Replace("\0", "").ToString();
    }

    static string Lines(string text) => WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>\n");

    static string SubjectOf(Case one)
    {
        var subject = Clean(one.Subject);
        var mark = string.Create(CultureInfo.InvariantCulture, $"[#{one.Number}]");
        if (!subject.StartsWith("re:", StringComparison.OrdinalIgnoreCase)) subject = "Re: " + subject;
        return subject.Contains(mark, StringComparison.Ordinal) ? subject : $"{subject} {mark}";
    }

    /// <summary>For values of headers: the types refuse control characters, so they are taken out of what people wrote.</summary>
    internal static string Clean(string? text) => string.Join(' ', string.Concat((text ?? "").Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static bool MayStand(string id) => id.Length is > 0 and < 300 && id.All(c => c is > ' ' and < '\u007F' and not '<' and not '>');
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
