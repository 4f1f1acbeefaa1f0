using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Cases;
using Amends.Cases.Targets;
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
public sealed class Intake(HouseKey key, House house, CaseSearch search, TargetBook targets)
{
    sealed record Step(string Name, Func<Taking, Task> Do);

    // The story. A step that ends it (a message that is known) leaves the others out.
    readonly Step[] steps =
    [
        new("already known", AlreadyKnown),
        new("who wrote", WhoWrote),
        new("for whom", ForWhom),
        new("a report about mail of ours", AboutMailOfOurs),
        new("which case", WhichCaseIsIt),
        new("make or join the case", MakeOrJoin),
        new("who is in copy", Beside),
        new("keep the files", KeepFiles),
        new("write the contact", WriteContact),
        new("the delivery is done", CloseDelivery),
    ];

    /// <summary>The names of the steps, in order.</summary>
    public IEnumerable<string> Steps => steps.Select(step => step.Name);

    /// <summary>Takes a contact in. Inside of a write; may run again.</summary>
    /// <exception cref="NotRead">It has no sender and no case: a person must look.</exception>
    public async Task<TakenIn> Take(Database db, IncomingContact incoming)
    {
        var taking = await Do(db, incoming);
        await FindAgain(db, [taking]);
        return taking.Result!;
    }

    /// <summary>Takes contacts in at once, all or none of them: what each step asks is asked for all. Inside of a write; may run again.</summary>
    /// <param name="all">Strangers to one another (<see cref="Strangers"/>): none may depend on what another one of them makes.</param>
    /// <exception cref="NotRead">One of them has no sender and no case.</exception>
    public async Task TakeMany(Database db, IReadOnlyList<IncomingContact> all)
    {
        if (all.Count == 0) return;
        await Customers.ReadAhead(db, all.Where(one => !one.IsReport).Select(one => one.FromAddress).OfType<string>());
        await Sequences.DrawAhead(db, "case", all.Count);
        // (Longer ones do not stand with contacts.)
        var ids = all.Select(one => one.MessageId).OfType<string>().Where(id => id.Length <= 300).ToList();
        db.KeepAhead(new NewIds(ids.Except(await db.Set<Contact>().Where(c => ids.Contains(c.MessageId!)).Select(c => c.MessageId!).ToListAsync(), StringComparer.Ordinal)));
        var raws = all.Select(one => one.RawBlobId).OfType<long>().ToList();
        await db.Set<Blob>().AsTracking().Where(b => raws.Contains(b.Id)).LoadAsync();
        var takings = new List<Taking>();
        // What changed is looked for at each save, and not at each question.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            foreach (var one in all) takings.Add(await Do(db, one));
            await FindAgain(db, takings);
        }
        finally { db.ChangeTracker.AutoDetectChangesEnabled = true; }
    }

    /// <summary>Those of them that may be taken in at once: no two of one sender or with one id, none that answers another, no report.</summary>
    public static IEnumerable<IncomingContact> Strangers(IEnumerable<IncomingContact> all)
    {
        var (senders, ids) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var one in all)
        {
            if (one.IsReport || one.CaseId is not null || WhichCase.MailKey(one.FromAddress) is not { } sender || senders.Contains(sender)) continue;
            if (one.MessageId is { } id && ids.Contains(id) || one.AnswersTo.Any(ids.Contains)) continue;
            senders.Add(sender);
            if (one.MessageId is { } own) ids.Add(own);
            yield return one;
        }
    }

    // Ids of messages that no contact has.
    sealed class NewIds(IEnumerable<string> ids) : HashSet<string>(ids, StringComparer.Ordinal);

    async Task<Taking> Do(Database db, IncomingContact incoming)
    {
        // What is remarked stays with the contact: in the house's language, whoever brings it.
        Speech.Speak(house.Get(HouseSettings.Language));
        var taking = new Taking(db, incoming, key, house, targets);
        foreach (var step in steps)
        {
            await step.Do(taking);
            if (taking.Result is not null) return taking;
        }
        taking.Result = new TakenIn(taking.Case!.Id, taking.Case.Number, taking.ContactId, taking.IsNew, Known: false);
        return taking;
    }

    // Of a new case all words are at hand; of one that stood before they are read.
    async Task FindAgain(Database db, IReadOnlyList<Taking> takings)
    {
        var written = takings.Where(t => t.Result is { Known: false }).ToList();
        if (written.Count == 0) return;
        await db.SaveChangesAsync();
        await CaseSearch.IndexNew(db, [.. written.Where(t => t.IsNew).Select(t => (t.Case!, ContactQueries.WordsOf(t.Contact!).Concat(t.In.Files.Select(f => Cut(f.Name, 300)))))]);
        foreach (var one in written.Where(t => !t.IsNew).Select(t => t.Case!).Distinct()) await search.Index(db, one);
    }

    // What the steps have found so far.
    sealed class Taking(Database db, IncomingContact incoming, HouseKey key, House house, TargetBook targets)
    {
        public Database Db { get; } = db;
        public IncomingContact In { get; } = incoming;
        public HouseKey Key { get; } = key;
        public House House { get; } = house;
        public TargetBook Targets { get; } = targets;
        public long ContactId { get; } = db.Ids!.Next();
        public Customer? Writer { get; set; }
        public List<long> WriterIds { get; } = [];
        public Customer? Concerned { get; set; }
        public Case? Case { get; set; }
        public bool IsNew { get; set; }
        public bool Automatic { get; set; } = incoming.Automatic;
        public bool OnlyThanks { get; set; }
        public ReportRead? Told { get; set; }
        public byte[]? Same { get; set; }
        public WhyHere Why { get; set; } = WhyHere.NewCase;
        public List<string> Signals { get; } = [];
        public List<string> Remarks { get; } = [];
        public Contact? Contact { get; set; }
        public TakenIn? Result { get; set; }
    }

    // The same mail in two of our mailboxes is one contact with two deliveries. The same Message-ID alone proves nothing: anybody can write it (A18).
    static async Task AlreadyKnown(Taking taking)
    {
        if (taking.In is not { MessageId: { } id, Channel: Channel.Mail, Direction: Direction.In }) return;
        var same = taking.Same = Sameness(taking.In);
        if (taking.Db.Ahead<NewIds>()?.Contains(id) == true) return;
        if (await taking.Db.Set<Contact>().Where(c => c.Same == same).Select(c => new { c.Id, c.CaseId, c.AlsoTo }).FirstOrDefaultAsync() is { } other)
        {
            var one = await taking.Db.CasesVisibleToWithDeleted(Who.House("intake")).Where(c => c.Id == other.CaseId).Select(c => c.Number).FirstOrDefaultAsync();
            if (taking.In.DeliveryId is { } delivery)
            {
                var row = await taking.Db.Load<Delivery>(delivery);
                row.TakenAs(other.Id);
                var also = Cut((other.AlsoTo is null ? "" : other.AlsoTo + ", ") + await taking.Db.Set<Mailbox>().Where(m => m.Id == row.MailboxId).Select(m => m.Address).FirstAsync(), 1000);
                // The fact of it is the delivery's.
                await taking.Db.Set<Contact>().Where(c => c.Id == other.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.AlsoTo, also));
            }
            taking.Result = new TakenIn(other.CaseId, one, other.Id, NewCase: false, Known: true);
            return;
        }
        if (await taking.Db.Set<Contact>().AnyAsync(c => c.MessageId == id)) taking.Remarks.Add(Words.RemarkSameId);
    }

    static byte[] Sameness(IncomingContact mail) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        [mail.MessageId!, mail.FromAddress ?? "", Cut(mail.Subject, 300), mail.BodyMark.ToString(CultureInfo.InvariantCulture), Cut(mail.Text, LongestText), .. mail.Files.Select(f => Convert.ToHexString(f.Blob.Sha256)).Order(StringComparer.Ordinal)])))[..16];

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
        if (taking.In.IsReport) return;
        var address = taking.In.FromAddress ?? taking.In.Number;
        if (string.IsNullOrWhiteSpace(address))
        {
            if (taking.In.CaseId is null) throw new NotRead(Words.QuarantineNoSender);
            return;
        }
        var found = await Customers.FindOrMake(taking.Db, taking.In.FromName, address, taking.In.Language);
        taking.Writer = found.Customer;
        taking.WriterIds.Add(found.Customer.Id);
        taking.WriterIds.AddRange(found.Others.Select(c => c.Id));
        if (taking.In is { Trust: SenderTrust.Verified, Channel: Channel.Mail } && WhichCase.MailKey(address) is { } lives) await AboutOurMail.Lives(taking.Db, found.Customer, lives);
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

    // A report about a mail of ours opens no case: it stands on the case whose mail it was.
    static async Task AboutMailOfOurs(Taking taking)
    {
        if (!taking.In.IsReport) return;
        var read = await AboutOurMail.Read(taking.Db, taking.Key, taking.In);
        if (read.Mail.CaseId is not { } caseId || await WhichCase.Standing(taking.Db, caseId) is not { } one) throw new NotRead(Words.QuarantineReport);
        taking.Signals.Add(Words.SignalReport);
        (taking.Case, taking.Why, taking.Told) = (one, WhyHere.References, read);
        if (read.Failed) taking.Db.Record(new MailCameBack(one.Id, taking.ContactId, read.Mail.ContactId));
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
            if (incoming is { Direction: Direction.In, Channel: Channel.Mail, Automatic: false } && await RobotSigns.Of(db, incoming, known.Id, taking.ContactId) is { Count: >= 2 })
            {
                taking.Automatic = true;
                taking.Remarks.Add(Words.RemarkRobot);
            }
            // What a machine wrote triggers nothing: no wait ends, no case opens again.
            if (incoming.Direction != Direction.In) return;
            taking.OnlyThanks = !taking.Automatic && await ThanksSaid.Only(db, known, incoming);
            known.HearAgain(incoming.At > known.LastContactAt ? incoming.At : known.LastContactAt, isThanks: taking.Automatic || taking.OnlyThanks, answerBy: known is { FirstAnswerDue: null, FirstAnsweredAt: null } ? taking.Targets.FirstDue(known, incoming.At) : null);
            if (!taking.Automatic && !taking.OnlyThanks) await RuleOfThree.Heard(db, known, incoming.Channel, taking.ContactId);
            return;
        }
        if (taking.Writer is not { } writer) throw new NotRead(Words.QuarantineNoSender);
        var concerned = taking.Concerned ?? writer;
        taking.IsNew = true;
        // Nobody waits for an answer to what a machine wrote. (A list passes on what people write, and invitations are theirs.)
        var waits = incoming.Direction == Direction.In && !(taking.Automatic && incoming.Nature is not (Nature.List or Nature.Invitation));
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
            LastContactAt = incoming.At,
            CustomerWaitsSince = waits ? incoming.At : null
        };
        if (waits || incoming.Direction == Direction.Out) taking.Targets.First(taking.Case);
        if (incoming.Direction == Direction.In && !taking.Automatic && RuleOfThree.IsWritten(incoming.Channel)) taking.Case.HeardInWriting();
        taking.Case.Hear(db.At);
        taking.Targets.Set(taking.Case);
        db.Add(taking.Case);
        if (taking.Case.ReporterId is { } reporter) db.Record(new CaseReported(taking.Case.Id, reporter, taking.ContactId));
    }

    static Task Beside(Taking taking) => taking.In.Beside.Count == 0 || taking.Automatic ? Task.CompletedTask : MailFollowers.Propose(taking.Db, taking.Case!, taking.IsNew, taking.ContactId, taking.In);

    static Task KeepFiles(Taking taking)
    {
        AddFiles(taking.Db, taking.In.Files, taking.Case!.Id, taking.ContactId, taking.Writer?.Id);
        return Task.CompletedTask;
    }

    /// <summary>The rows of files that came with a contact.</summary>
    internal static void AddFiles(Database db, IReadOnlyList<IncomingFile> files, long caseId, long contactId, long? person)
    {
        foreach (var file in files)
        {
            (file.Blob.CaseId, file.Blob.PersonId) = (caseId, person);
            db.Add(file.Blob);
            db.Add(new CaseFile
            {
                CaseId = caseId,
                OfId = contactId,
                Of = FileOf.Contact,
                BlobId = file.Blob.Id,
                Name = Cut(file.Name, 300),
                ContentType = file.Type,
                Length = file.Blob.Length,
                Cid = file.Cid is { Length: <= 300 } cid ? cid : null
            });
        }
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
            CustomerId = taking.Writer?.Id ?? (incoming.IsReport ? null : taking.Case.CustomerId),
            ColleagueId = incoming.ColleagueId,
            FromName = Cut(incoming.FromName, 200),
            FromAddress = Cut(incoming.FromAddress, 320),
            To = Cut(incoming.To, 2000),
            Cc = Cut(incoming.Cc, 2000),
            Subject = Cut(incoming.Subject, 300),
            // What a server says to servers is folded; what it means stands above.
            Text = Cut(taking.Told?.Says ?? incoming.Text, LongestText),
            Quoted = Cut(taking.Told is null ? incoming.Quoted : incoming.Text, LongestText),
            HasHtml = incoming.HasHtml,
            HasRemote = incoming.HasRemote,
            RawBlobId = incoming.RawBlobId,
            MessageId = incoming.MessageId is { Length: <= 300 } id ? id : null,
            Trust = incoming.Trust,
            Same = taking.Same,
            Why = taking.Why,
            Signals = taking.Signals.Count == 0 ? null : Cut(string.Join("; ", taking.Signals), 1000),
            Automatic = taking.Automatic,
            Nature = taking.Told?.Nature ?? (taking.Automatic && incoming.Nature == Nature.Person ? Nature.Automatic : incoming.Nature),
            AwayUntil = incoming.AwayUntil,
            FilesLater = incoming.FilesLater,
            Defects = Cut(string.Join("\n", new[] { incoming.Defects }.Concat(taking.Remarks).Where(r => !string.IsNullOrEmpty(r))), 2000) is { Length: > 0 } remarks ? remarks : null,
            Number = Cut(incoming.Number, 60),
            Seconds = incoming.Seconds,
            Outcome = incoming.Outcome
        };
        if (taking.OnlyThanks) contact.ThanksOnly();
        contact.Arrived(first: taking.IsNew, receipt: taking.IsNew && incoming.WantsReceipt && !taking.Automatic && db.At - incoming.At < ReceiptWithin);
        db.Add(contact);
        taking.Contact = contact;
        if (incoming.RawBlobId is not { } raw) return;
        if (db.Set<Blob>().Local.FindEntry(raw) is { Entity: var near }) (near.CaseId, near.PersonId) = (contact.CaseId, contact.CustomerId);
        else await db.Set<Blob>().Where(b => b.Id == raw).ExecuteUpdateAsync(set => set.SetProperty(b => b.CaseId, contact.CaseId).SetProperty(b => b.PersonId, contact.CustomerId));
    }

    static async Task CloseDelivery(Taking taking)
    {
        if (taking.In.DeliveryId is { } delivery) (await taking.Db.Load<Delivery>(delivery)).TakenAs(taking.ContactId);
    }

    // Whose mail lay on the server for days is not helped by hearing now that it is here, and hundreds of them at once are a flood.
    static readonly TimeSpan ReceiptWithin = TimeSpan.FromDays(1);

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
