using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The contacts of a case for its timeline.</summary>
static class ContactEntries
{
    static readonly Hot<Func<Database, IReadOnlyList<long>, IAsyncEnumerable<Contact>>> contactsOf = new(() => EF.CompileAsyncQuery((Database db, IReadOnlyList<long> ids) => db.Set<Contact>().Where(c => ids.Contains(c.CaseId)).OrderBy(c => c.At).ThenBy(c => c.Id).AsQueryable()));
    static readonly Hot<Func<Database, IReadOnlyList<long>, IAsyncEnumerable<CaseFile>>> filesOf = new(() => EF.CompileAsyncQuery((Database db, IReadOnlyList<long> ids) => db.Set<CaseFile>().Where(f => ids.Contains(f.CaseId) && f.Of == FileOf.Contact).OrderBy(f => f.Id).AsQueryable()));

    public static async Task<IEnumerable<TimelineEntry>> Read(CaseAsked asked)
    {
        var (db, ids) = (asked.Db, asked.CaseIds);
        var contacts = await contactsOf.On(db)(db, ids).ToListAsync();
        asked.Read[nameof(Contact)] = contacts;
        if (contacts.Count == 0) return [];
        var files = (await filesOf.On(db)(db, ids).ToListAsync()).ToLookup(f => f.OfId);
        var ours = contacts.Where(c => c.Direction == Direction.Out).Select(c => c.Id).ToList();
        var mails = (ours.Count == 0 ? [] : await db.Set<OutgoingMail>().Include(m => m.Recipients).Where(m => m.ContactId != null).Of(ours, m => m.ContactId!.Value).ToListAsync()).ToLookup(m => m.ContactId!.Value);
        var people = contacts.Select(c => c.CustomerId).OfType<long>().Where(id => id != asked.Customer.Id).Distinct().ToList();
        var customers = people.Count == 0 ? [] : await db.Set<Customer>().Where(c => people.Contains(c.Id)).Select(c => new { c.Id, c.Name }).ToDictionaryAsync(c => c.Id, c => c.Name);
        customers[asked.Customer.Id] = asked.Customer.Name;
        var always = await MailView.Always(db, asked.Who, contacts);
        var now = asked.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var mayReply = Visibility.MayDo(asked.Who, Verb.ReplyToCases, asked.Case);
        return contacts.Select(c => new TimelineEntry(c.At, c.Id, c.Direction == Direction.In, new Piece(typeof(ContactEntry),
            Shown(c, asked, asked.Names.Colleagues.GetValueOrDefault(c.ColleagueId ?? 0), customers.GetValueOrDefault(c.CustomerId ?? 0), files[c.Id], mails[c.Id].FirstOrDefault(), now, mayReply) with { Pictures = MailView.Bar(c, always) })));
    }

    // Bytes: what is smaller and stands within the mail is decoration, a logo or a line; a screenshot is what the customer wants to show.
    const int MostDecoration = 30 * 1024;

    static bool IsListed(CaseFile file, Contact of) => file.Cid is null || !of.HasHtml || file.Length > MostDecoration;

    static ContactShown Shown(Contact c, CaseAsked asked, string? colleague, string? customer, IEnumerable<CaseFile> files, OutgoingMail? mail, DateTime now, bool mayReply)
    {
        var ours = c.Direction == Direction.Out;
        var who = c.IsReport ? Words.MailSystem : ours ? colleague ?? c.FromName ?? "" : c.FromName ?? customer ?? c.FromAddress ?? c.Number ?? "";
        var waits = mail is { State: OutgoingState.Queued } && mail.SendAt > now;
        return new ContactShown(c.Id, asked.Case.Number.ToString(CultureInfo.InvariantCulture), ours, who, ours ? "us" : "h" + ((c.CustomerId ?? 0) % 8 + 1).ToString(CultureInfo.InvariantCulture), c.Channel,
            Told(c, colleague), Times.Short(c.At, asked.Who.Zone), Times.Iso(c.At), c.Trust, c.Automatic, c.State, c.Text, c.Quoted, c.HasHtml, c.RawBlobId is not null,
            c.Defects is null ? [] : c.Defects.Split('\n'), ours ? null : WhyText(c),
            [.. files.Where(f => IsListed(f, c)).Select(f => new FileShown(f.Id, f.Name, Times.Size(f.Length), f.ContentType is "image/png" or "image/jpeg" or "image/gif" or "image/webp"))],
            mail is null || mail.State == OutgoingState.Cancelled ? [] : [.. mail.Recipients.Select(r => Outcome(r, mail, waits, asked.Who))],
            mayReply && waits && c.State == ContactState.Sending ? new WaitingMailModel(c.Id, Times.Field(mail!.SendAt, asked.Who.Zone), SendZones.Of(asked.Who, asked.Customer.Zone), "case") : null, Call(c),
            c.State != ContactState.TakenBack && !c.IsReport && Visibility.MayDo(asked.Who, Verb.WorkCases, asked.Case),
            mayReply && mail is not null && mail.State != OutgoingState.Cancelled && mail.Recipients.Exists(r => r.State == RecipientState.Refused))
        { Nature = c.Nature, Machine = Machine(c), IsReport = c.IsReport, OnlyThanks = c.OnlyThanks, MaySayOtherwise = c.OnlyThanks && Visibility.MayDo(asked.Who, Verb.WorkCases, asked.Case), Apology = mayReply && asked.Case.ApologyIn == c.Id ? c.Apology : null };
    }

    // How it found its case, in a sentence; what exactly was seen; and where else it came.
    static string? WhyText(Contact c)
    {
        var why = c.Why switch
        {
            WhyHere.NewCase => Words.WhyNew,
            WhyHere.ReplyToken => Words.WhyToken,
            WhyHere.References => c.IsReport ? Words.WhyReport : Words.WhyReference,
            WhyHere.KnownThread => Words.WhyThread,
            WhyHere.NumberAndParticipant => Words.WhyNumber,
            WhyHere.ByHand => Words.WhyByHand,
            WhyHere.Link => Words.WhyLink,
            WhyHere.Split => Words.WhySplit,
            _ => null
        };
        var parts = new List<string>();
        if (why is not null) parts.Add(why);
        if (c.Signals is not null && c.Channel == Channel.Mail) parts.Add(string.Format(CultureInfo.CurrentCulture, Words.WhySeen, c.Signals));
        if (c.AlsoTo is not null) parts.Add(string.Format(CultureInfo.CurrentCulture, Words.WhyAlsoTo, c.AlsoTo));
        return parts.Count == 0 ? null : string.Join(" ", parts);
    }

    static string? Machine(Contact c) => c.Nature switch
    {
        Nature.Away => c.AwayUntil is { } until ? string.Format(CultureInfo.CurrentCulture, Words.NatureAwayUntil, Dates.Short(until)) : Words.NatureAway,
        Nature.CameBack => Words.NatureCameBack,
        Nature.Late => Words.NatureLate,
        Nature.Delivered => Words.NatureDelivered,
        Nature.ReadReceipt => Words.NatureRead,
        Nature.Complaint => Words.NatureComplaint,
        Nature.List => Words.NatureList,
        Nature.Invitation => Words.NatureInvitation,
        _ => c.Automatic ? Words.AutomaticMail : null
    };

    // Small beside the name: by which way, and to whom where that is not plain.
    static string? Told(Contact c, string? colleague)
    {
        if (c.Channel == Channel.Phone) return string.Format(CultureInfo.CurrentCulture, c.Direction == Direction.In ? Words.CalledBy : Words.CallOut, colleague);
        if (c.Channel is Channel.Counter or Channel.Desk) return colleague is null ? null : string.Format(CultureInfo.CurrentCulture, Words.WrittenDownBy, colleague);
        if (c.Channel is Channel.Web or Channel.Portal) return Words.ByForm;
        var to = c.Cc is null ? c.To : $"{c.To}, {c.Cc}";
        return to is null ? null : string.Format(CultureInfo.CurrentCulture, Words.ToWhom, Intake.Cut(to, 160));
    }

    static string? Call(Contact c)
    {
        if (c.Channel != Channel.Phone) return null;
        var parts = new List<string>();
        if (c.Number is not null) parts.Add(c.Number);
        if (c.Seconds is { } seconds) parts.Add(string.Format(CultureInfo.CurrentCulture, Words.CallLength, seconds / 60, seconds % 60));
        if (c.Outcome is { } outcome) parts.Add(CallWords.Of(outcome));
        return string.Join(", ", parts);
    }

    internal static OutcomeShown Outcome(OutgoingRecipient r, OutgoingMail mail, bool waits, Who who) => r.State switch
    {
        RecipientState.Accepted when r.Code is null => new("", string.Format(CultureInfo.CurrentCulture, Words.OutcomeOutbox, r.Address)),
        RecipientState.Accepted => new("good", string.Format(CultureInfo.CurrentCulture, Words.OutcomeAccepted, r.Address)),
        RecipientState.Refused => new("broken", string.Format(CultureInfo.CurrentCulture, Words.OutcomeRefused, r.Address, r.Text)),
        _ when r.Text is not null => new("risk", string.Format(CultureInfo.CurrentCulture, Words.OutcomeDelayed, r.Address, r.Text.TrimEnd('.', ' '))),
        _ when waits => new("", string.Format(CultureInfo.CurrentCulture, Words.OutcomeWaits, r.Address, Times.Short(mail.SendAt, who.Zone))),
        _ => new("", string.Format(CultureInfo.CurrentCulture, Words.OutcomeSending, r.Address))
    };
}

/// <summary>Outcomes of a call in words.</summary>
static class CallWords
{
    public static string Of(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Talked => Words.CallTalked,
        CallOutcome.NoAnswer => Words.CallNoAnswer,
        CallOutcome.Voicemail => Words.CallVoicemail,
        _ => Words.CallWrongNumber
    };
}
