using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// How a contact comes in, on every channel: the steps below, in this order, inside of one write. What cannot be read never comes so far: it is
/// quarantined before (mail) or shown again to the one who typed it (forms).
/// </summary>
public sealed class Intake(HouseKey key, House house, CaseSearch search)
{
    sealed record Step(string Name, Func<Taking, Task> Do);

    // The story. A step that ends it (a message that is known) leaves the others out.
    readonly Step[] steps =
    [
        new("already known", AlreadyKnown),
        new("who wrote", WhoWrote),
        new("for whom", ForWhom),
        new("a report about mail of ours", AboutOurMail),
        new("which case", WhichCaseIsIt),
        new("make or join the case", MakeOrJoin),
        new("keep the files", KeepFiles),
        new("write the contact", WriteContact),
        new("find it again", Index),
        new("the delivery is done", CloseDelivery),
    ];

    /// <summary>The names of the steps, in order.</summary>
    public IEnumerable<string> Steps => steps.Select(step => step.Name);

    /// <summary>Takes a contact in. Inside of a write; may run again.</summary>
    /// <exception cref="NotRead">It has no sender and no case: a person must look.</exception>
    public async Task<TakenIn> Take(Database db, IncomingContact incoming)
    {
        var taking = new Taking(db, incoming, key, house, search);
        foreach (var step in steps)
        {
            await step.Do(taking);
            if (taking.Result is not null) break;
        }
        return taking.Result ?? new TakenIn(taking.Case!.Id, taking.Case.Number, taking.ContactId, taking.IsNew, Known: false);
    }

    // What the steps have found so far.
    sealed class Taking(Database db, IncomingContact incoming, HouseKey key, House house, CaseSearch search)
    {
        public Database Db { get; } = db;
        public IncomingContact In { get; } = incoming;
        public HouseKey Key { get; } = key;
        public House House { get; } = house;
        public CaseSearch Search { get; } = search;
        public long ContactId { get; } = db.Ids!.Next();
        public Customer? Writer { get; set; }
        public List<long> WriterIds { get; } = [];
        public Customer? Concerned { get; set; }
        public Case? Case { get; set; }
        public bool IsNew { get; set; }
        public WhyHere Why { get; set; } = WhyHere.NewCase;
        public List<string> Signals { get; } = [];
        public List<string> Remarks { get; } = [];
        public TakenIn? Result { get; set; }
    }

    // The same mail in two of our mailboxes is one contact with two deliveries. The same Message-ID alone proves nothing: anybody can write it (A18).
    static async Task AlreadyKnown(Taking taking)
    {
        if (taking.In.MessageId is not { } id || taking.In.Channel != Channel.Mail) return;
        var same = await taking.Db.Set<Contact>().Where(c => c.MessageId == id).OrderBy(c => c.Id).Take(20).ToListAsync();
        foreach (var other in same)
        {
            if (other.Direction != Direction.In || other.FromAddress != taking.In.FromAddress || other.Subject != Cut(taking.In.Subject, 300) || other.Text != Cut(taking.In.Text, LongestText)) continue;
            var had = await taking.Db.Set<CaseFile>().Where(f => f.OfId == other.Id && f.Of == FileOf.Contact).Join(taking.Db.Set<Blob>(), f => f.BlobId, b => b.Id, (f, b) => b.Sha256).ToListAsync();
            if (!had.Select(Convert.ToHexString).Order(StringComparer.Ordinal).SequenceEqual(taking.In.Files.Select(f => Convert.ToHexString(f.Blob.Sha256)).Order(StringComparer.Ordinal))) continue;
            var one = await taking.Db.CasesVisibleToWithDeleted(Who.House("intake")).Where(c => c.Id == other.CaseId).Select(c => c.Number).FirstOrDefaultAsync();
            if (taking.In.DeliveryId is { } delivery) (await taking.Db.Load<Delivery>(delivery)).TakenAs(other.Id);
            taking.Result = new TakenIn(other.CaseId, one, other.Id, NewCase: false, Known: true);
            return;
        }
        if (same.Count > 0) taking.Remarks.Add(Words.RemarkSameId);
    }

    static async Task WhoWrote(Taking taking)
    {
        if (taking.In.CustomerId is { } chosen)
        {
            // Perhaps made in this very write.
            taking.Writer = taking.Db.Set<Customer>().Local.FirstOrDefault(c => c.Id == chosen) ?? await taking.Db.Load<Customer>(chosen);
            taking.WriterIds.Add(chosen);
            return;
        }
        // A mail system is nobody's customer; many of its reports have no sender at all.
        if (taking.In.Report is not null) return;
        var address = taking.In.FromAddress ?? taking.In.Number;
        if (string.IsNullOrWhiteSpace(address))
        {
            if (taking.In.CaseId is null) throw new NotRead(Words.QuarantineNoSender);
            return;
        }
        var found = await Customers.FindOrMake(taking.Db, taking.In.FromName, address);
        taking.Writer = found.Customer;
        taking.WriterIds.Add(found.Customer.Id);
        taking.WriterIds.AddRange(found.Others.Select(c => c.Id));
        if (found.Others.Count > 0) taking.Remarks.Add(Words.RemarkSharedAddress);
    }

    // Every way in asks for whom. Where somebody else is named the writer is the reporter.
    static async Task ForWhom(Taking taking)
    {
        taking.Concerned = taking.Writer;
        if (!string.IsNullOrWhiteSpace(taking.In.ForAddress)) taking.Concerned = (await Customers.FindOrMake(taking.Db, taking.In.ForName, taking.In.ForAddress)).Customer;
        // A name alone finds nobody: two of one name are two.
        else if (!string.IsNullOrWhiteSpace(taking.In.ForName) && taking.In.CaseId is null) taking.Concerned = await Customers.Make(taking.Db, taking.In.ForName, []);
    }

    // A report about a mail that did not arrive opens no case: it stands on the case whose mail it was, and the recipient is marked.
    static async Task AboutOurMail(Taking taking)
    {
        if (taking.In.Report is not { } report) return;
        var mail = report.OriginalMessageId is { } id ? await taking.Db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstOrDefaultAsync(m => m.MessageId == id) : null;
        // Who knows the id of a mail of ours is not thereby a participant: the report must be about somebody whom that mail went to (A13).
        if (mail is null || !report.Recipients.Any(r => mail.Recipients.Exists(m => WhichCase.MailKey(m.Address) == WhichCase.MailKey(r.Address)))) throw new NotRead(Words.QuarantineReport);
        foreach (var outcome in report.Recipients.Where(r => r.IsPermanent))
        {
            if (mail.Recipients.Find(r => WhichCase.MailKey(r.Address) == WhichCase.MailKey(outcome.Address)) is not { } recipient) continue;
            recipient.Refuse(null, Cut(outcome.DiagnosticCode ?? outcome.Status ?? Words.BouncedBack, 500));
            var value = WhichCase.MailKey(recipient.Address);
            await taking.Db.Set<CustomerAddress>().Where(a => a.Value == value).ExecuteUpdateAsync(set => set.SetProperty(a => a.BouncedAt, taking.Db.At));
        }
        mail.Tried(taking.Db.At, Words.BouncedBack);
        taking.Signals.Add(Words.SignalReport);
        if (mail.CaseId is not { } caseId) throw new NotRead(Words.QuarantineReport);
        taking.Case = await WhichCase.Standing(taking.Db, caseId);
        taking.Why = WhyHere.References;
    }

    static async Task WhichCaseIsIt(Taking taking)
    {
        if (taking.Case is not null) return;
        var found = await WhichCase.Resolve(taking.Db, taking.Key, taking.In, taking.WriterIds);
        (taking.Case, taking.Why) = (found.Case, found.Case is null ? WhyHere.NewCase : found.Why);
        taking.Signals.AddRange(found.Signals);
    }

    static async Task MakeOrJoin(Taking taking)
    {
        var (db, incoming) = (taking.Db, taking.In);
        if (taking.Case is { } known)
        {
            // What a machine wrote triggers nothing: no wait ends, no case opens again.
            if (incoming.Direction == Direction.In) known.HearAgain(incoming.At > known.LastContactAt ? incoming.At : known.LastContactAt, isThanks: incoming.Automatic);
            return;
        }
        if (taking.Writer is not { } writer) throw new NotRead(Words.QuarantineNoSender);
        var concerned = taking.Concerned ?? writer;
        taking.IsNew = true;
        taking.Case = new Case
        {
            Id = db.Ids!.Next(),
            Number = await db.NextNumber("case", 1001),
            Subject = SubjectOf(incoming),
            HeardBy = incoming.Channel,
            HeardAt = incoming.At,
            CustomerId = concerned.Id,
            ReporterId = concerned.Id == writer.Id ? null : writer.Id,
            OrganisationId = await OrganisationOf(db, concerned),
            BrandId = incoming.BrandId,
            TeamId = incoming.TeamId,
            OwnerId = incoming.OwnerId,
            OwnedAt = incoming.OwnerId is null ? null : db.At,
            Kind = incoming.Kind,
            Severity = incoming.Severity,
            FirstAnswerDue = WorkingHours.Of(taking.House).After(incoming.At, FirstAnswer),
            LastContactAt = incoming.At,
            CustomerWaitsSince = incoming.Direction == Direction.In ? incoming.At : null
        };
        taking.Case.Hear(db.At);
        db.Add(taking.Case);
    }

    static Task KeepFiles(Taking taking)
    {
        foreach (var file in taking.In.Files)
        {
            (file.Blob.CaseId, file.Blob.PersonId) = (taking.Case!.Id, taking.Writer?.Id);
            taking.Db.Add(file.Blob);
            taking.Db.Add(new CaseFile
            {
                CaseId = taking.Case.Id,
                OfId = taking.ContactId,
                Of = FileOf.Contact,
                BlobId = file.Blob.Id,
                Name = Cut(file.Name, 300),
                ContentType = file.Type,
                Length = file.Blob.Length,
                Cid = file.Cid is { Length: <= 300 } cid ? cid : null
            });
        }
        return Task.CompletedTask;
    }

    static async Task WriteContact(Taking taking)
    {
        var (db, incoming) = (taking.Db, taking.In);
        if (incoming.Text.Length > LongestText) taking.Remarks.Add(Words.RemarkCut);
        var contact = new Contact
        {
            Id = taking.ContactId,
            CaseId = taking.Case!.Id,
            Direction = incoming.Direction,
            Channel = incoming.Channel,
            At = incoming.At,
            CustomerId = taking.Writer?.Id ?? (incoming.Report is null ? taking.Case.CustomerId : null),
            ColleagueId = incoming.ColleagueId,
            FromName = Cut(incoming.FromName, 200),
            FromAddress = Cut(incoming.FromAddress, 320),
            To = Cut(incoming.To, 2000),
            Cc = Cut(incoming.Cc, 2000),
            Subject = Cut(incoming.Subject, 300),
            Text = Cut(incoming.Text, LongestText),
            Quoted = Cut(incoming.Quoted, LongestText),
            HasHtml = incoming.HasHtml,
            RawBlobId = incoming.RawBlobId,
            MessageId = incoming.MessageId is { Length: <= 300 } id ? id : null,
            Trust = incoming.Trust,
            Why = taking.Why,
            Signals = taking.Signals.Count == 0 ? null : Cut(string.Join("; ", taking.Signals), 1000),
            Automatic = incoming.Automatic,
            Defects = Cut(string.Join("\n", new[] { incoming.Defects }.Concat(taking.Remarks).Where(r => !string.IsNullOrEmpty(r))), 2000) is { Length: > 0 } remarks ? remarks : null,
            Number = Cut(incoming.Number, 60),
            Seconds = incoming.Seconds,
            Outcome = incoming.Outcome
        };
        contact.Arrived(first: taking.IsNew);
        db.Add(contact);
        if (incoming.RawBlobId is { } raw)
            await db.Set<Blob>().Where(b => b.Id == raw).ExecuteUpdateAsync(set => set.SetProperty(b => b.CaseId, contact.CaseId).SetProperty(b => b.PersonId, contact.CustomerId));
    }

    static Task Index(Taking taking) => taking.Search.Index(taking.Db, taking.Case!, isNew: taking.IsNew);

    static async Task CloseDelivery(Taking taking)
    {
        if (taking.In.DeliveryId is { } delivery) (await taking.Db.Load<Delivery>(delivery)).TakenAs(taking.ContactId);
    }

    /// <summary>The default first-answer target, in working time.</summary>
    public static readonly TimeSpan FirstAnswer = TimeSpan.FromHours(4);

    /// <summary>Characters of a contact's text that are kept beside its raw form.</summary>
    public const int LongestText = 500_000;

    static async Task<long?> OrganisationOf(Database db, Customer customer)
    {
        var entry = db.Entry(customer);
        // Asked only where the customer was read without them.
        return entry.State == EntityState.Added || entry.Collection(c => c.Memberships).IsLoaded
            ? customer.Memberships.FirstOrDefault()?.OrganisationId
            : await db.Set<Membership>().Where(m => m.CustomerId == customer.Id).Select(m => (long?)m.OrganisationId).FirstOrDefaultAsync();
    }

    static string SubjectOf(IncomingContact incoming)
    {
        var subject = string.Join(' ', incoming.Subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (subject.Length == 0) subject = incoming.Text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";
        return subject.Length == 0 ? Words.NoSubject : Cut(subject, 300);
    }

    /// <summary>Cuts at a whole character.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    internal static string? Cut(string? text, int most) =>
        text is null || text.Length <= most ? text?.Replace("\0", "", StringComparison.Ordinal) : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)].Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>Intake cannot make a contact of it; the reason is for people. It is quarantined with its raw form.</summary>
public sealed class NotRead(string why) : Exception(why);
