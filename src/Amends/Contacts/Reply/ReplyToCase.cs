using System.Globalization;
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

/// <summary>Answers the customer by mail: one write for contact, mail, files and next step. Held back when the case changed meanwhile.</summary>
static class ReplyToCase
{
    internal const long MostBytes = 25L * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/reply", Show).Needs(Verb.ReplyToCases);
        app.MapPost("/cases/{number:long}/reply", Send).Needs(Verb.ReplyToCases).TakesFiles();
        app.MapGet("/cases/{number:long}/reply/to", To).Needs(Verb.ReplyToCases);
    }

    /// <summary>The tab of the composer, or null for who may not reply.</summary>
    public static async Task<ComposerTab?> Tab(CaseAsked asked)
    {
        if (!Visibility.MayDo(asked.Who, Verb.ReplyToCases, asked.Case)) return null;
        var model = await Model(asked.Db, asked.Who, asked.Case, asked.CaseIds, asked.Services.GetRequiredService<TimeProvider>(), asked.Services.GetRequiredService<House>(), asked.Services.GetRequiredService<ReplyHooks>(), null, asked);
        return new ComposerTab("r", string.Format(CultureInfo.CurrentCulture, Words.ReplyByMail, model.Customer), 10, new Piece(typeof(ReplyForm), model));
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, TimeProvider clock, House house, ReplyHooks replies)
    {
        using var db = databases.Open();
        var one = await db.FindCase(http.Who(), number);
        return View.Page<ReplyPage>(await Model(db, http.Who(), one, await SetOf(db, one.Id), clock, house, replies, null));
    }

    // The line that says whom it goes to, as soon as that is chosen.
    static async Task<IResult> To(long number, HttpContext http, Databases databases, string? whom, string? to)
    {
        using var db = databases.Open();
        var one = await db.FindCase(http.Who(), number);
        var chosen = string.Join(", ", (await BothOf(db, one, await SetOf(db, one.Id))).Where(b => whom == "both" || whom == b.Whom).Select(b => b.Address));
        return View.Fragment<ToLine>(FormState.With(("to", chosen.Length > 0 ? chosen : Intake.Cut(to ?? "", 5000))));
    }

    static async Task<IResult> Send(long number, HttpContext http, Databases databases, Writer write, OutgoingReply outgoing, BlobStore blobs, CaseHooks hooks, ReplyHooks replies, CaseSearch search, House house, TimeProvider clock, Ids ids)
    {
        var who = http.Who();
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        Case one;
        List<long> set;
        long seen;
        bool held;
        string? zone;
        List<(CaseFile File, Blob Blob)> drafted;
        using (var db = databases.Open())
        {
            one = await db.FindCase(who, number);
            set = await SetOf(db, one.Id);
            zone = form["zone"] == "theirs" ? await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Zone).FirstOrDefaultAsync() : null;
            seen = form.Id("seen") ?? await Newest(db, set);
            held = !form.On("anyway") && (await CameSince(db, who, set, seen, take: 1)).Count > 0;
            drafted = await Drafted(db, who, one.Id, posted["uploads"]);
        }
        async Task<ReplyModel> Again()
        {
            using var db = databases.Open();
            return await Model(db, who, one, set, clock, house, replies, form);
        }
        var text = form.Need("text", 100_000);
        if (form["whom"].Length > 0 && form["to"] == form["to-was"]) await Choose(databases, one, set, form);
        var to = Addresses(form, "to", needed: true);
        var cc = Addresses(form, "cc", needed: false);
        var next = NextStep.Read(form, house, clock, who);
        var later = SendZones.Of(who, zone).Read(form, "later", clock);
        // The button beside the moment sends at none but that.
        if (NextStep.IsLater(form) && form["later"].Length == 0) form.Wrong("later", Words.ChooseMoment);
        form.May("turn", 300);
        if (posted.Files.Sum(f => f.Length) + drafted.Sum(f => f.File.Length) > MostBytes) form.Wrong("files", string.Format(CultureInfo.CurrentCulture, Amends.Foundation.Web.Words.FileTooLarge, MostBytes / (1024 * 1024)));
        if (!form.IsValid) return View.Invalid<ReplyPage>(await Again());
        if (held) return View.Page<ReplyPage>(await Again(), StatusCodes.Status409Conflict);
        var contactId = ids.Next();
        var fresh = new List<(CaseFile File, Blob Blob)>();
        foreach (var file in posted.Files.Where(f => f.Length > 0))
        {
            await using var stream = file.OpenReadStream();
            var blob = await blobs.Put(stream, MostBytes, http.RequestAborted);
            fresh.Add((await FileRows.New(blobs, blob, one.Id, contactId, FileOf.Contact, file.FileName, ids), blob));
        }
        try
        {
            var ready = await outgoing.Prepare(who, new ReplyToSend(one, set, text, to, cc, [.. drafted, .. fresh]), http.RequestAborted);
            await write.Run(who, form.Once, async db =>
            {
                var row = await db.LoadCase(who, number, null, Verb.ReplyToCases);
                if (row.MergedInto is not null) throw new Refused("", Words.CaseWasMerged);
                // Asked once more where nothing can come between.
                if (!form.On("anyway") && (await CameSince(db, who, await SetOf(db, row.Id), seen, take: 1)).Count > 0) throw new HeldBack();
                var contact = new Contact
                {
                    Id = contactId,
                    CaseId = row.Id,
                    Direction = Direction.Out,
                    Channel = Channel.Mail,
                    State = ContactState.Sending,
                    At = db.At,
                    CustomerId = row.CustomerId,
                    ColleagueId = who.Id,
                    FromName = who.Name,
                    FromAddress = ready.Mail.From,
                    To = string.Join(", ", to),
                    Cc = cc.Count == 0 ? null : string.Join(", ", cc),
                    Subject = Intake.Cut(ready.Mail.Subject, 300),
                    Text = Intake.Cut(text, 100_000),
                    MessageId = ready.Mail.MessageId,
                    RawBlobId = ready.Mail.Blob.Id,
                    Trust = SenderTrust.Verified,
                    Why = WhyHere.ByHand
                };
                contact.Arrived();
                db.Add(contact);
                await KeepFiles(db, contactId, drafted, fresh);
                if (ready.Letter is { } letter) db.Add(letter);
                await MailFollowers.Meant(db, set, to.Concat(cc).Select(a => a.Key));
                if (row.OwnerId is null) row.Assign(who.Id, row.TeamId, db.At);
                await OutOfTurn.Answer(db, row, who, spoken: false, form.May("turn", 300));
                foreach (var hook in replies.Sent) await hook(new(db, who, row, contact, form));
                await next.Take(db, row, hooks, who, form.May("summary", 2000));
                Outbox.Queue(db, ready.Mail, row.Id, contactId, later ?? db.At.AddSeconds(house.Get(HouseSettings.UndoSend)));
                await db.Set<Draft>().Where(d => d.CaseId == row.Id && d.ColleagueId == who.Id && !d.IsNote).ExecuteDeleteAsync();
                await search.Index(db, row);
            }, http.RequestAborted);
        }
        catch (HeldBack)
        {
            using (var db = databases.Open()) set = await SetOf(db, one.Id);
            return View.Page<ReplyPage>(await Again(), StatusCodes.Status409Conflict);
        }
        catch (Refused no)
        {
            form.Wrong(no);
            return View.Invalid<ReplyPage>(await Again());
        }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}#contact-{contactId}"));
    }

    sealed class HeldBack : Exception;

    static async Task KeepFiles(Database db, long contact, List<(CaseFile File, Blob Blob)> drafted, List<(CaseFile File, Blob Blob)> fresh)
    {
        var ids = drafted.ConvertAll(f => f.File.Id);
        if (ids.Count > 0)
            foreach (var file in await db.Set<CaseFile>().AsTracking().Where(f => ids.Contains(f.Id) && f.Of == FileOf.Draft).ToListAsync()) (file.Of, file.OfId) = (FileOf.Contact, contact);
        foreach (var (file, blob) in fresh)
        {
            db.Add(blob);
            db.Add(file);
        }
    }

    /// <summary>A case and what was merged into it: their contacts make one timeline.</summary>
    internal static Task<List<long>> SetOf(Database db, long one) =>
        db.CasesVisibleToWithDeleted(Who.House("case set")).Where(c => c.Id == one || c.MergedInto == one).Select(c => c.Id).ToListAsync();

    static Task<long> Newest(Database db, IReadOnlyList<long> set) => db.Set<Contact>().Of(set, c => c.CaseId).OrderByDescending(c => c.Id).Select(c => c.Id).FirstOrDefaultAsync();

    static async Task<ReplyModel> Model(Database db, Who who, Case one, IReadOnlyList<long> set, TimeProvider clock, House house, ReplyHooks replies, FormState? form, CaseAsked? page = null)
    {
        var customer = page?.Customer ?? await db.Set<Customer>().Include(c => c.Addresses).FirstOrDefaultAsync(c => c.Id == one.CustomerId);
        // On the page of the case its timeline has them already.
        var said = page?.Read.GetValueOrDefault(nameof(Contact)) as List<Contact>;
        var newest = said is not null ? said.Select(c => c.Id).DefaultIfEmpty().Max() : await Newest(db, set);
        var draft = page is not null ? page.Drafts.FirstOrDefault(d => !d.IsNote) : await db.Set<Draft>().FirstOrDefaultAsync(d => d.CaseId == one.Id && d.ColleagueId == who.Id && !d.IsNote);
        var last = said is not null
            ? said.Where(c => c.Channel == Channel.Mail).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Select(c => new { c.Direction, c.FromAddress, c.Cc, c.State, c.Automatic }).Take(20).ToList()
            : await db.Set<Contact>().Of(set, c => c.CaseId).Where(c => c.Channel == Channel.Mail).OrderByDescending(c => c.At).ThenByDescending(c => c.Id)
                .Select(c => new { c.Direction, c.FromAddress, c.Cc, c.State, c.Automatic }).Take(20).ToListAsync();
        var seen = form?.Id("seen") ?? newest;
        var held = form is null ? [] : await CameSince(db, who, set, seen, take: 10);
        var followers = page is not null ? await MailFollowers.Followers(page) : await MailFollowers.Of(db, set);
        var both = one.ReporterId is { } told && told != one.CustomerId ? await BothOf(db, one, set) : [];
        if (form is null)
        {
            var to = last.Find(c => c.Direction == Direction.In && !c.Automatic)?.FromAddress ?? customer?.Addresses.Where(a => a.Kind == AddressKind.Mail).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefault();
            if (draft?.To is null && both.Count > 0) to = await WroteLast(db, one, set, both) ?? to;
            form = FormState.With(("text", draft?.Text), ("to", draft?.To ?? to), ("cc", draft?.Cc ?? Copy(last.Find(c => c.Direction == Direction.Out && c.State != ContactState.TakenBack)?.Cc, followers)));
        }
        var files = draft is null ? [] : await db.Set<CaseFile>().Where(f => f.Of == FileOf.Draft && f.OfId == draft.Id).OrderBy(f => f.Id).ToListAsync();
        var number = one.Number.ToString(CultureInfo.InvariantCulture);
        var pieces = new List<Piece>();
        foreach (var hook in replies.Pieces)
        {
            if (await hook(new(db, who, one, form["text"], form)) is { } piece) pieces.Add(piece);
        }
        return new ReplyModel(number, one.Subject, both.Count > 1 ? string.Join(" / ", both.Select(b => b.Name)) : customer?.Name ?? "", form, seen, [.. files.Select(f => new UploadShown(f.Id, f.Name, f.Length, f.ContentType.StartsWith("image/", StringComparison.Ordinal), number))], held,
            NextStep.Choices(house, clock, who, pieces.Select(p => (p.Model as ISaysNext)?.Next).FirstOrDefault(n => n is not null)), [.. followers.Where(f => f.State == FollowerState.Proposed).Select(f => f.Shown)])
        {
            Before = await Before(db, who, one, page),
            Pieces = pieces,
            Both = both,
            Signed = await SignatureText.Of(db, who, one.BrandId, one.TeamId),
            Zones = SendZones.Of(who, customer?.Zone),
            Bounced = [.. (customer?.Addresses ?? []).Where(a => a is { Kind: AddressKind.Mail, BouncedAt: not null }).Select(a => string.Format(CultureInfo.CurrentCulture, Words.AddressBounced, a.Shown, Dates.Short(Times.In(a.BouncedAt!.Value, who.Zone)), a.BouncedWhy ?? Words.BounceUnknown))]
        };
    }

    // Asked only of what was reported for somebody: an address of the customer and of the reporter, where there is one: that from which each wrote last, before those that mail came back from.
    static async Task<List<(string Whom, string Is, string Name, string Address)>> BothOf(Database db, Case one, IReadOnlyList<long> set)
    {
        var people = new[] { one.CustomerId, one.ReporterId ?? 0 };
        var wrote = (await db.Set<Contact>().Of(set, c => c.CaseId).Where(c => c.Direction == Direction.In && !c.Automatic && c.FromAddress != null).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Select(c => c.FromAddress).Take(20).ToListAsync()).ConvertAll(WhichCase.MailKey);
        int Last(string value) => wrote.IndexOf(WhichCase.MailKey(value)) is >= 0 and var at ? at : int.MaxValue;
        var found = (await db.Set<CustomerAddress>().Where(a => people.Contains(a.CustomerId) && a.Kind == AddressKind.Mail).OrderBy(a => a.Id).Select(a => new { a.CustomerId, a.Shown, a.BouncedAt }).ToListAsync())
            .OrderBy(a => a.BouncedAt is not null).ThenBy(a => Last(a.Shown)).ToLookup(a => a.CustomerId, a => a.Shown);
        var names = await db.Set<Customer>().Where(c => people.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name);
        return [.. new[] { ("customer", Words.ToCustomer, one.CustomerId), ("reporter", Words.ToReporter, one.ReporterId ?? 0) }.Where(b => found[b.Item3].Any()).Select(b => (b.Item1, b.Item2, names.GetValueOrDefault(b.Item3, ""), found[b.Item3].First()))];
    }

    // Of the two that one is answered who wrote last.
    static async Task<string?> WroteLast(Database db, Case one, IReadOnlyList<long> set, List<(string Whom, string Is, string Name, string Address)> both)
    {
        var who = await db.Set<Contact>().Of(set, c => c.CaseId).Where(c => c.Direction == Direction.In && !c.Automatic && (c.CustomerId == one.CustomerId || c.CustomerId == one.ReporterId)).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Select(c => c.CustomerId).FirstOrDefaultAsync();
        return who is null ? null : both.Find(b => b.Whom == (who == one.ReporterId ? "reporter" : "customer")).Address;
    }

    // What was chosen counts where the field beside it was left as it stood.
    static async Task Choose(Databases databases, Case one, IReadOnlyList<long> set, FormState form)
    {
        using var db = databases.Open();
        var to = string.Join(", ", (await BothOf(db, one, set)).Where(b => form["whom"] == "both" || form["whom"] == b.Whom).Select(b => b.Address));
        if (to.Length > 0) form.Set("to", to);
    }

    // Whom the last answer went to in copy, and who was let in since; without those who were kept out, and never who was only named.
    static string? Copy(string? before, List<MailFollower> followers)
    {
        var copied = AddressList.Parse(before ?? "", 100).Mailboxes.Where(a => a.IsValid && !followers.Exists(f => f.State == FollowerState.Refused && f.Address == a.Key)).ToList();
        foreach (var one in followers.Where(f => f.State == FollowerState.Confirmed && !copied.Exists(a => a.Key == f.Address)))
            if (Amends.Mail.Mailbox.TryParse(one.Shown, out var read) || Amends.Mail.Mailbox.TryParse(one.Address, out read)) copied.Add(read);
        return copied.Count == 0 ? null : string.Join(", ", copied);
    }

    // How many were heard earlier and wait, where the house sees no reason by itself: the writer is asked.
    internal static async Task<int> Before(Database db, Who who, Case one, CaseAsked? page)
    {
        var place = page is not null ? page.PlaceInLine : await PlaceInLine.Of(db, one);
        return place > 1 && await OutOfTurn.Seen(db, one, who.Id) == TurnWhy.NotSaid ? place.Value - 1 : 0;
    }

    static async Task<List<CameMeanwhile>> CameSince(Database db, Who who, IReadOnlyList<long> set, long seen, int take)
    {
        // With the sum no index of ids serves: until its statistics are new again PostgreSQL would read all that came lately, of any case.
        var came = await db.Set<Contact>().AsNoTracking().Of(set, c => c.CaseId).Where(c => c.Id + 0 > seen && c.State != ContactState.TakenBack && (c.Direction == Direction.In || c.ColleagueId != who.Id))
            .OrderBy(c => c.Id).Take(take).Select(c => new { c.Id, c.FromName, c.FromAddress, c.At, c.Text }).ToListAsync();
        return came.ConvertAll(c => new CameMeanwhile(c.Id, c.FromName ?? c.FromAddress ?? "", Times.Short(c.At, who.Zone), Intake.Cut(c.Text, 2000)));
    }

    internal static List<Amends.Mail.Mailbox> Addresses(FormState form, string field, bool needed)
    {
        var typed = form[field].Trim();
        if (typed.Length == 0)
        {
            if (needed) form.Wrong(field, Words.AddressNeeded);
            return [];
        }
        // What a person pastes may have line ends; what stands in a header may not.
        typed = typed.ReplaceLineEndings(",").Replace(';', ',');
        var read = AddressList.Parse(typed, 100).Mailboxes;
        // What is no address beside others that are must not be left out without a word.
        var lost = Parts(typed).FirstOrDefault(part => AddressList.Parse(part, 10).Mailboxes.Count == 0);
        // A quoted local part may hold brackets by the letter of RFC 5321; nobody has such an address, and servers differ in what they read.
        var wrong = read.FirstOrDefault(a => !a.IsValid || a.LocalPart.AsSpan().IndexOfAny("<>") >= 0);
        if (read.Count == 0 || wrong is not null || lost is not null) form.Wrong(field, string.Format(CultureInfo.CurrentCulture, Words.AddressWrong, wrong?.Address ?? lost ?? typed));
        return [.. read.Where(a => a.IsValid).Distinct().Select(a => new Amends.Mail.Mailbox(a.Address, a.DisplayName.Length == 0 ? null : a.DisplayName))];
    }

    // Between commas that stand neither in quotes nor in a comment.
    static IEnumerable<string> Parts(string typed)
    {
        var (begin, quoted, depth) = (0, false, 0);
        for (var at = 0; at <= typed.Length; at++)
        {
            if (at < typed.Length && typed[at] == '\\') at++;
            else if (at < typed.Length && typed[at] == '"') quoted = !quoted;
            else if (at < typed.Length && typed[at] == '(' && !quoted) depth++;
            else if (at < typed.Length && typed[at] == ')' && !quoted) depth--;
            else if (at == typed.Length || typed[at] == ',' && !quoted && depth <= 0)
            {
                if (typed[begin..at].Trim() is { Length: > 0 } part) yield return part;
                begin = at + 1;
            }
        }
        if (begin < typed.Length && (quoted || depth > 0) && typed[begin..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    static async Task<List<(CaseFile File, Blob Blob)>> Drafted(Database db, Who who, long caseId, IEnumerable<string?> ids)
    {
        var wanted = ids.Select(i => long.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id != 0).ToList();
        if (wanted.Count == 0) return [];
        var mine = db.Set<Draft>().Where(d => d.CaseId == caseId && d.ColleagueId == who.Id && !d.IsNote).Select(d => d.Id);
        var rows = await db.Set<CaseFile>().Where(f => wanted.Contains(f.Id) && f.CaseId == caseId && f.Of == FileOf.Draft && mine.Contains(f.OfId)).Join(db.Set<Blob>(), f => f.BlobId, b => b.Id, (f, b) => new { f, b }).ToListAsync();
        return rows.ConvertAll(r => (r.f, r.b));
    }
}
