using System.Globalization;
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
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using static Amends.Contacts.CustomerLink;

namespace Amends.Contacts;

/// <summary>One contact as the customer sees it in the history.</summary>
public sealed record LetterEntry(bool Ours, string Who, string When, string Iso, string Text, IReadOnlyList<FileShown> Files);

/// <summary>The customer's page of a case: state, next step, who, by when. The history only after the code.</summary>
public sealed record LetterModel(string Path, FormState Form, string State, string Now, string Heard, string? Who, string? Line, bool Asks, string? Said, bool Ended, bool HasAddress, bool CodeSent, IReadOnlyList<LetterEntry>? History)
{
    /// <summary>It is the page of who reported it.</summary>
    public bool AsReporter { get; init; }

    /// <summary>Who reported it for the customer, on the customer's page; else null.</summary>
    public string? Reporter { get; init; }

    /// <summary>Who was named in copy and waits for a yes; only where the history is open.</summary>
    public IReadOnlyList<FollowerLine> Proposed { get; init; } = [];

    /// <summary>What we promised him: what, and by when in his zone.</summary>
    public IReadOnlyList<(string What, string When)> Promised { get; init; } = [];

    /// <summary>What later modules offer him.</summary>
    public IReadOnlyList<Piece> Offers { get; init; } = [];
}

/// <summary>The page on which an answer that was chosen in a mail is confirmed by a button.</summary>
public sealed record AnswerModel(string Path, bool Yes);

/// <summary>
/// <c>/c/{token}</c>: a customer's page by link. It shows state, next step, date and person, takes a message and the answer to “is it solved?”. What was said
/// needs a code sent to the address. Never notes, teams, other cases. Ends 90 days after closing; revocable.
/// </summary>
static class CaseByLink
{
    const long MostBytes = 25L * 1024 * 1024;
    const int MostTries = 5, MostReported = 50;
    const string Cookie = "amends-case";

    static readonly TimeSpan CodeLives = TimeSpan.FromMinutes(15), OpenFor = TimeSpan.FromHours(1);
    static readonly Who House_ = Who.House("case link");

    public static void Map(IEndpointRouteBuilder app)
    {
        const string why = "a customer's page, opened by the token in its address";
        app.MapGet("/c/{token}", Show).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/c/{token}/write", WriteAgain).Public(why).ForCustomers(LanguageOf).TakesFiles();
        app.MapGet("/c/{token}/solved", Ask).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/c/{token}/solved", Answer).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/c/{token}/followers/{id:long}", Follower).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/c/{token}/code", SendCode).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/c/{token}/open", Open).Public(why).ForCustomers(LanguageOf);
        app.MapGet("/c/{token}/files/{id:long}", File).Public(why).ForCustomers(LanguageOf);
        app.MapGet("/c/{token}/reported", Reported).Public(why).ForCustomers(LanguageOf);
        app.MapGet("/c/{token}/report", Report).Public(why).ForCustomers(LanguageOf);
        app.MapPost("/cases/{number:long}/links/revoke", Revoke).Needs(Verb.ReplyToCases);
    }

    static async Task<IResult> Show(string token, HttpContext http, Databases databases, House house, HouseKey key, TimeProvider clock, string? said)
    {
        using var db = databases.Open();
        return View.Page<LetterPage>(await Model(http, db, token, await Find(http, db, token, house, clock), house, key, clock, FormState.With(), said switch { "sent" => Words.LetterSent, "yes" => Words.LetterYes, "no" => Words.LetterNo, "code" => Words.LetterCodeSent, _ => null }, said == "code"));
    }

    static async Task<LetterModel> Model(HttpContext http, Database db, string token, Found found, House house, HouseKey key, TimeProvider clock, FormState form, string? said, bool codeSent)
    {
        var (one, now) = (found.Case, clock.GetUtcNow().UtcDateTime);
        var zone = await db.Set<Customer>().Where(c => c.Id == found.Letter.CustomerId).Select(c => c.Zone).FirstOrDefaultAsync() ?? house.Get(HouseSettings.Zone);
        var who = one.OwnerId is { } owner ? await db.Set<Colleague>().Where(c => c.Id == owner).Select(c => c.Name).FirstOrDefaultAsync() : null;
        var line = await PlaceInLine.Of(db, one) switch { null => null, 1 => Words.LineFirst, var place => string.Format(CultureInfo.CurrentCulture, Words.LinePlace, place) };
        var history = IsOpen(http, found.Letter, key, now) ? await History(db, found, zone) : null;
        var promised = await Promised(http.RequestServices.GetRequiredService<ReplyHooks>(), db, found, zone, now);
        // What was promised is what he waits for; that we look at it again at some moment is our own affair.
        var rests = one.State == CaseState.Waiting && one.FirstAnsweredAt is not null && promised.Count > 0;
        var hasAddress = await AddressOf(db, found.Letter.CustomerId) is not null;
        return new LetterModel("/c/" + token, form, rests ? Words.StateOpen : StateOf(one), rests ? string.Format(CultureInfo.CurrentCulture, Words.NowPromised, promised[0].Item1, promised[0].Item2) : NowOf(one, zone, now), Times.Full(one.HeardAt, zone), who, line, one.State == CaseState.Resolved && !found.AsReporter, said, !one.IsOpen, hasAddress, codeSent, history)
        {
            AsReporter = found.AsReporter,
            // A name is typed by anybody: it stands where the words of the report stand (A21).
            Reporter = history is null || found.AsReporter ? null : await LetterSight.Reporter(db, found),
            Proposed = history is null ? [] : [.. (await Proposed(db, found)).Select(f => new FollowerLine(f.Id, f.Shown, f.State))],
            Promised = rests ? [.. promised.Skip(1)] : promised,
            Offers = found.AsReporter ? [] : await Offers(http.RequestServices.GetRequiredService<ReplyHooks>(), new(db, one, "/c/" + token))
        };
    }

    static async Task<List<Piece>> Offers(ReplyHooks hooks, LetterAsked asked)
    {
        var offers = new List<Piece>();
        foreach (var hook in hooks.Offers) if (await hook(asked) is { } piece) offers.Add(piece);
        return offers;
    }

    // What was promised to another customer, whose case was merged with his, is not his to see.
    static async Task<List<(string, string)>> Promised(ReplyHooks hooks, Database db, Found found, string zone, DateTime now)
    {
        var all = new List<PromiseTold>();
        var set = await LetterSight.Cases(db, found);
        foreach (var hook in hooks.Told) all.AddRange(await hook(db, set));
        await LetterSight.KeepHis(db, found, all);
        return [.. all.OrderBy(p => p.DueAt).Select(p => (p.What, string.Format(CultureInfo.CurrentCulture, p.DueAt <= now ? Words.LetterPromiseLate : Words.LetterPromiseBy, Times.Full(p.DueAt, zone), Times.Place(zone))))];
    }

    // Whom another customer named, whose case was merged with his, is not his to see.
    static async Task<List<MailFollower>> Proposed(Database db, Found found)
    {
        if (found.AsReporter) return [];
        var proposed = (await MailFollowers.Of(db, [found.Case.Id, found.Letter.CaseId])).Where(f => f.State == FollowerState.Proposed).ToList();
        var by = proposed.ConvertAll(f => f.ContactId);
        var his = await db.Set<Contact>().Where(c => by.Contains(c.Id) && c.Direction == Direction.In && c.CustomerId == found.Letter.CustomerId).Select(c => c.Id).ToListAsync();
        return proposed.FindAll(f => his.Contains(f.ContactId));
    }

    // Who may read what was said may say who else hears what is said next; the link alone is not enough, for it may have been passed on.
    static async Task<IResult> Follower(string token, long id, HttpContext http, Databases databases, Writer write, House house, HouseKey key, TimeProvider clock)
    {
        Found found;
        using (var db = databases.Open()) found = await Find(http, db, token, house, clock);
        if (!IsOpen(http, found.Letter, key, clock.GetUtcNow().UtcDateTime)) throw new NotThere();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(Customer(found, null), form.Once, async db =>
        {
            if (!(await Proposed(db, found)).Exists(f => f.Id == id)) throw new NotThere();
            (await db.Load<MailFollower>(id)).Decide(form["answer"] == "yes");
        }, http.RequestAborted);
        return View.Go(http, "/c/" + token);
    }

    static string StateOf(Case one) => one.State switch
    {
        CaseState.Open when one.FirstAnsweredAt is null => Words.StateHeard,
        CaseState.Open => Words.StateOpen,
        CaseState.Waiting => Words.StateWaiting,
        CaseState.Resolved => Words.StateResolved,
        CaseState.Confirmed => Words.StateConfirmed,
        _ => Words.StateClosed
    };

    // The first answer is what he waits for, also while we wait for something; what other modules plan is told in their own words later.
    static string NowOf(Case one, string zone, DateTime now) => one.State switch
    {
        CaseState.Open or CaseState.Waiting when one.FirstAnsweredAt is null && one.FirstAnswerDue is { } due && due > now => string.Format(CultureInfo.CurrentCulture, Words.NowAnswerBy, Times.Full(due, zone), Times.Place(zone)),
        CaseState.Waiting when one.WaitUntil is { } until => string.Format(CultureInfo.CurrentCulture, Words.NowWaiting, Times.Full(until, zone), Times.Place(zone)),
        CaseState.Open when one is { FirstAnsweredAt: null, FirstAnswerDue: not null } => Words.NowLate,
        CaseState.Open or CaseState.Waiting => Words.NowWorking,
        CaseState.Resolved => Words.NowResolved,
        _ => Words.NowNothing
    };

    static async Task<List<LetterEntry>> History(Database db, Found found, string zone)
    {
        var contacts = await LetterSight.Contacts(db, found);
        var of = contacts.Where(c => LetterSight.ShowsFiles(found, c)).Select(c => c.Id).ToList();
        var files = (await db.Set<CaseFile>().Where(f => of.Contains(f.OfId) && f.Of == FileOf.Contact).ToListAsync()).ToLookup(f => f.OfId);
        return contacts.ConvertAll(c => new LetterEntry(c.Direction == Direction.Out, c.Direction == Direction.Out || c.CustomerId != found.Letter.CustomerId ? c.FromName ?? "" : Words.You, Times.Full(c.At, zone), Times.Iso(c.At), c.Text,
            [.. files[c.Id].Select(f => new FileShown(f.Id, f.Name, Times.Size(f.Length), false))]));
    }

    static async Task<IResult> WriteAgain(string token, HttpContext http, Databases databases, Writer write, Intake intake, BlobStore blobs, House house, HouseKey key, Throttle throttle, TimeProvider clock)
    {
        Found found;
        string? name;
        using (var db = databases.Open())
        {
            found = await Find(http, db, token, house, clock);
            name = await db.Set<Customer>().Where(c => c.Id == found.Letter.CustomerId).Select(c => c.Name).FirstOrDefaultAsync();
        }
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        var text = form.Need("text", 50_000);
        if (posted.Files.Sum(f => f.Length) > MostBytes) form.Wrong("files", string.Format(CultureInfo.CurrentCulture, Words.AskFilesTooLarge, MostBytes / (1024 * 1024)));
        if (form.IsValid && !throttle.Take("letter " + found.Letter.Id.ToString(CultureInfo.InvariantCulture), 30, TimeSpan.FromHours(1))) form.Wrong("text", Words.AskTooMany);
        if (!form.IsValid)
        {
            using var db = databases.Open();
            return View.Invalid<LetterPage>(await Model(http, db, token, found, house, key, clock, form, null, false));
        }
        var incoming = new IncomingContact
        {
            Channel = Channel.Portal,
            At = AskForm.Now(clock),
            CustomerId = found.Letter.CustomerId,
            CaseId = found.Case.Id,
            Why = WhyHere.Link,
            FromName = name,
            Text = text,
            BrandId = found.Case.BrandId,
            TeamId = found.Case.TeamId,
            Files = await Uploads.Keep(blobs, posted.Files, MostBytes, http.RequestAborted)
        };
        await write.Run(Customer(found, name), form.Once, db => intake.Take(db, incoming), http.RequestAborted);
        return View.Go(http, $"/c/{token}?said=sent");
    }

    // Mail scanners follow links: an answer is a button.
    static async Task<IResult> Ask(string token, HttpContext http, Databases databases, House house, TimeProvider clock, string? answer)
    {
        using var db = databases.Open();
        var found = await Find(http, db, token, house, clock);
        return found.Case.State == CaseState.Resolved && !found.AsReporter ? View.Page<AnswerPage>(new AnswerModel("/c/" + token, answer != "no")) : View.Go(http, "/c/" + token);
    }

    static async Task<IResult> Answer(string token, HttpContext http, Databases databases, Writer write, House house, TimeProvider clock)
    {
        Found found;
        using (var db = databases.Open()) found = await Find(http, db, token, house, clock);
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        // Whether it is solved says the customer.
        if (found.AsReporter) throw new NotThere();
        var yes = form["answer"] == "yes";
        await write.Run(Customer(found, null), form.Once, async db =>
        {
            var one = await db.LoadCase(House_, found.Case.Number, null);
            // Twice, or too late: it stands as it was answered.
            if (one.State != CaseState.Resolved) return;
            if (yes) one.Confirm(ConfirmedHow.ByCustomer, db.At);
            else
            {
                one.Reopen(ReopenWhy.CustomerSaidNo, db.At);
                one.HearAgain(db.At);
            }
        }, http.RequestAborted);
        return View.Go(http, $"/c/{token}?said={(yes ? "yes" : "no")}");
    }

    static Task<string?> AddressOf(Database db, long customer) =>
        db.Set<CustomerAddress>().Where(a => a.CustomerId == customer && a.Kind == AddressKind.Mail).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync();

    static async Task<IResult> SendCode(string token, HttpContext http, Databases databases, Writer write, Outbox outbox, House house, HouseKey key, Throttle throttle, TimeProvider clock)
    {
        Found found;
        string? address;
        Amends.Mail.Mailbox sender;
        using (var db = databases.Open())
        {
            found = await Find(http, db, token, house, clock);
            address = await AddressOf(db, found.Letter.CustomerId);
            sender = await OutgoingReply.SenderOf(db, house, found.Case.BrandId, found.Case.TeamId);
        }
        if (!Amends.Mail.Mailbox.TryParse(address, out var to)) throw new NotThere();
        // Three an hour: five tries each of a million codes.
        if (!throttle.Take("code " + found.Letter.CustomerId.ToString(CultureInfo.InvariantCulture), 3, TimeSpan.FromHours(1))) throw new Refused("", Words.CodeTooMany);
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var draft = new MailDraft { From = sender, Subject = Words.CodeSubject, Date = clock.GetUtcNow(), Text = $"{Words.CodeText}\n\n{code}\n\n{Words.CodeNotYou}\n" };
        draft.To.Add(new Amends.Mail.Mailbox(to.Address));
        var ready = await outbox.PrepareAutomatic(draft, AutomaticKind.Letter, http.RequestAborted);
        await write.Run(Customer(found, null), null, async db =>
        {
            db.Add(new LetterCode { LetterId = found.Letter.Id, Digest = DigestOf(key, found.Letter.Id, code), EndsAt = db.At + CodeLives });
            Outbox.Queue(db, ready);
        }, http.RequestAborted);
        return View.Go(http, $"/c/{token}?said=code");
    }

    /// <summary>Ends the codes, and the sign-ins at a provider, whose time is over: for good, also where the clock is set back.</summary>
    public static async Task ForgetCodes(IServiceProvider all, CancellationToken stop)
    {
        var now = all.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        using (var look = all.GetRequiredService<Databases>().Open()) if (!await look.Set<LetterCode>().AnyAsync(c => c.UsedAt == null && c.EndsAt < now, stop) && !await look.Set<PendingSignIn>().AnyAsync(p => p.EndsAt < now, stop)) return;
        await all.GetRequiredService<Writer>().Run(Actor.System("timetable"), null, async db =>
        {
            await db.Set<LetterCode>().Where(c => c.UsedAt == null && c.EndsAt < db.At).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, c => c.EndsAt), stop);
            await db.Set<PendingSignIn>().Where(p => p.EndsAt < db.At).ExecuteDeleteAsync(stop);
        }, stop);
    }

    static byte[] DigestOf(HouseKey key, long letter, string code) => key.Mac("letter code", string.Create(CultureInfo.InvariantCulture, $"{letter}:{code}"));

    static async Task<IResult> Open(string token, HttpContext http, Databases databases, Writer write, House house, HouseKey key, TimeProvider clock, ServeOptions options)
    {
        Found found;
        using (var db = databases.Open()) found = await Find(http, db, token, house, clock);
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var code = string.Concat(form["code"].Where(char.IsAsciiDigit));
        var right = code.Length == 6 && await write.Run(Customer(found, null), null, async db =>
        {
            var row = await db.Set<LetterCode>().AsTracking().Where(c => c.LetterId == found.Letter.Id).OrderByDescending(c => c.Id).FirstOrDefaultAsync();
            if (row is null || row.UsedAt is not null || row.EndsAt <= db.At || row.Tries >= MostTries) return false;
            if (CryptographicOperations.FixedTimeEquals(row.Digest, DigestOf(key, found.Letter.Id, code)))
            {
                row.UsedAt = db.At;
                return true;
            }
            row.Tries++;
            return false;
        }, http.RequestAborted);
        if (!right)
        {
            using var db = databases.Open();
            return View.Invalid<LetterPage>(await Model(http, db, token, found, house, key, clock, form.Wrong("code", Words.CodeWrong), null, true));
        }
        var until = clock.GetUtcNow().Add(OpenFor);
        http.Response.Cookies.Append(Cookie, Pass(key, found.Letter.Id, until.ToUnixTimeSeconds()), new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = options.PublicUrl?.Scheme == "https", Path = "/c/" + token, MaxAge = OpenFor });
        return View.Go(http, "/c/" + token);
    }

    static string Pass(HouseKey key, long letter, long until) => string.Create(CultureInfo.InvariantCulture, $"{until}.{Convert.ToHexStringLower(key.Mac("case history", string.Create(CultureInfo.InvariantCulture, $"{letter}:{until}")))}");

    static bool IsOpen(HttpContext http, CaseLetter letter, HouseKey key, DateTime now)
    {
        if (http.Request.Cookies[Cookie] is not { Length: < 200 } pass || !long.TryParse(pass.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var until)) return false;
        return until > new DateTimeOffset(now).ToUnixTimeSeconds() && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(pass), Encoding.ASCII.GetBytes(Pass(key, letter.Id, until)));
    }

    static async Task<IResult> File(string token, long id, HttpContext http, Databases databases, BlobStore blobs, House house, HouseKey key, TimeProvider clock)
    {
        using var db = databases.Open();
        var found = await Find(http, db, token, house, clock);
        if (!IsOpen(http, found.Letter, key, clock.GetUtcNow().UtcDateTime)) throw new NotThere();
        var file = (await History(db, found, "Etc/UTC")).SelectMany(e => e.Files).FirstOrDefault(f => f.Id == id) ?? throw new NotThere();
        var row = await db.Set<CaseFile>().FirstAsync(f => f.Id == file.Id);
        return await ContactFiles.Send(http, blobs, await db.Set<Blob>().FirstOrDefaultAsync(b => b.Id == row.BlobId && b.ErasedAt == null) ?? throw new NotThere(), row.Name, show: false);
    }

    // What he has reported, for whomever: behind the code, since a link may have been passed on. States and no more: each has a link of its own in its mails.
    static async Task<IResult> Reported(string token, HttpContext http, Databases databases, House house, HouseKey key, TimeProvider clock)
    {
        using var db = databases.Open();
        var found = await Find(http, db, token, house, clock);
        var now = clock.GetUtcNow().UtcDateTime;
        if (!found.AsReporter || !IsOpen(http, found.Letter, key, now)) throw new NotThere();
        var his = found.Letter.CustomerId;
        var zone = await db.Set<Customer>().Where(c => c.Id == his).Select(c => c.Zone).FirstOrDefaultAsync() ?? house.Get(HouseSettings.Zone);
        var all = await db.CasesVisibleTo(House_).Where(c => c.ReporterId == his && c.CustomerId != his && c.SpamAt == null).OrderByDescending(c => c.Id).Take(MostReported + 1).ToListAsync();
        var ids = all.ConvertAll(c => c.Id);
        // His own words for it: what colleagues have called it since may say more.
        var subjects = (await db.Set<Contact>().Where(c => ids.Contains(c.CaseId) && c.CustomerId == his && c.Direction == Direction.In && c.Why == WhyHere.NewCase).Select(c => new { c.CaseId, c.Subject }).ToListAsync()).ToLookup(c => c.CaseId, c => c.Subject);
        return View.Page<ReportedPage>(new ReportedModel("/c/" + token, [.. all.Take(MostReported).Select(c => new ReportedLine("#" + c.Number.ToString(CultureInfo.InvariantCulture), subjects[c.Id].FirstOrDefault(), StateOf(c), Times.Full(c.HeardAt, zone)))], all.Count > MostReported));
    }

    // The form, with the reporter filled in.
    static async Task<IResult> Report(string token, HttpContext http, Databases databases, House house, HouseKey key, TimeProvider clock)
    {
        using var db = databases.Open();
        var found = await Find(http, db, token, house, clock);
        if (!house.Get(WebForm.On) || !found.AsReporter || !IsOpen(http, found.Letter, key, clock.GetUtcNow().UtcDateTime)) throw new NotThere();
        var name = await db.Set<Customer>().Where(c => c.Id == found.Letter.CustomerId).Select(c => c.Name).FirstOrDefaultAsync();
        PublicFrame.Set(http, house, found.Brand, Words.AskTitle);
        return View.Page<AskPage>(AskForm.Model(FormState.With(("whom", "other"), ("name", name), ("address", await AddressOf(db, found.Letter.CustomerId))), house, found.Brand));
    }

    static async Task<IResult> Revoke(long number, HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var ids = await ReplyToCase.SetOf(db, one.Id);
            if (await db.Set<CaseLetter>().Where(l => ids.Contains(l.CaseId) && l.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.RevokedAt, db.At)) > 0) db.Record(new CaseLinksEnded(one.Id));
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }

    /// <summary>The panel beside a case that says whether customers can open its page.</summary>
    public static async Task<Piece?> Panel(CaseAsked asked)
    {
        var ids = asked.CaseIds;
        var count = await asked.Db.Set<CaseLetter>().Of(ids, l => l.CaseId).CountAsync(l => l.RevokedAt == null);
        return count == 0 ? null : new Piece(typeof(LinksPanel), new LinksModel(asked.Case.Number.ToString(CultureInfo.InvariantCulture), count, Visibility.MayDo(asked.Who, Verb.ReplyToCases, asked.Case)));
    }
}

/// <summary>One case that somebody has reported.</summary>
/// <param name="Subject">In his own words, or null.</param>
public sealed record ReportedLine(string Number, string? Subject, string State, string Heard);

/// <summary>What somebody has reported for others.</summary>
public sealed record ReportedModel(string Path, IReadOnlyList<ReportedLine> Cases, bool More);

/// <summary>How many links show a case.</summary>
public sealed record LinksModel(string Number, int Count, bool MayEnd);

/// <summary>All links that showed a case were ended.</summary>
[Foundation.Facts.FactKind("case.links-ended")] public sealed record CaseLinksEnded(long Case) : ICaseFact { public long Subject => Case; }
