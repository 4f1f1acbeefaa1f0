using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Abuse;

/// <summary>
/// A small house in which each table that people see has rows: two teams with their agents, cases, mails with files, notes, replies, people. Each word of
/// team A has the mark <see cref="Secret"/>: where it appears before others it has leaked.
/// </summary>
sealed class FullHouse : IAsyncDisposable
{
    public const string Secret = "zqvault", AccessKey = "amends_canary-key-7f3a9c1e5b2d8f4a6c0e", MailPassword = "canary-smtp-password-91c3", ImapPassword = "canary-imap-password-5e7d", AppSecret = "canary-app-secret-77aa", LastingToken = "canary-refresh-token-3c0d";
    static readonly Actor Me = Actor.System("test");

    public required TestHouse House { get; init; }
    public long Brand, TeamA, TeamB, Ada, Ben, Olga, Nora, Maria, Organisation, Holding, Mailbox, Signed, Promise, Call, Officer, AgentRole, AbsenceOfAda, AbsenceOfBen;
    public Case Ordinary = null!, Confidential = null!, Open = null!;
    public string CaseLink = "", FeedToken = "", InvitationToken = "", ResetToken = "";

    /// <summary>One row for each page that shows one: a text, a view, a mail that nobody could read, an import before and after, a notice.</summary>
    public long Canned, View, Quarantined, Mapping, Imported, Notice, Invited;
    public HttpClient Admin = null!, AgentA = null!, AgentB = null!, Nobody = null!;

    public static async Task<FullHouse> Make(On on, Action<IServiceCollection>? also = null)
    {
        var full = new FullHouse { House = await TestHouse.Open(on, serve: true, also) };
        await full.Fill();
        return full;
    }

    static (Verb, Scope)[] AgentMay => [(Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ReplyToCases, Scope.Team), (Verb.DeleteCases, Scope.Team), (Verb.ExportCases, Scope.Team), (Verb.SeeOutbox, Scope.All), (Verb.SeeStuckWork, Scope.All)];

    async Task Fill()
    {
        var house = House;
        Brand = await Some.Brand(house);
        (TeamA, TeamB) = (await Some.Team(house, "Service"), await Some.Team(house, "Workshop"));
        var agent = AgentRole = await Some.Role(house, "Agent", AgentMay);
        Ada = await Some.Colleague(house, "Ada Lund", await Some.AdminRole(house), TeamA);
        Ben = await Some.Colleague(house, "Ben Kim", agent, TeamA);
        Olga = await Some.Colleague(house, "Olga Petrova", agent, TeamB);
        Nora = await Some.Colleague(house, "Nora None", await Some.Role(house, "Nothing"), TeamB);
        var sett = house.Get<Amends.Foundation.Settings.House>();
        await house.Write.Run(Me, null, async db =>
        {
            await HouseStart.Close(db, sett);
            await sett.Set(db, HouseSettings.Company, "Casa Verde");
            await sett.Set(db, HouseSettings.SmtpPassword, MailPassword);
            await sett.Set(db, MailProvider.All[0].Client, "app-of-the-house");
            await sett.Set(db, MailProvider.All[0].Secret, AppSecret);
            await sett.Set(db, MailProvider.All[0].Tenants, "8d2f1c3a-5a0e-4a7d-9b52-0c6a4a1d7e11");
        });
        sett.Forget();
        Maria = await Some.Customer(house, $"Maria {Secret}", $"maria.{Secret}@customer.example");
        await house.Write.Run(Me, null, db =>
        {
            var box = new Amends.Contacts.Mailbox { Id = db.Ids!.Next(), Address = "service@amends.example", Name = "Service", BrandId = Brand, TeamId = TeamA };
            // Fetched from a server that is not there, so that the page of mail health has something to say.
            (box.ImapOn, box.ImapHost, box.ImapPort, box.ImapSecurity, box.ImapUser, box.ImapFolder, box.OwnerId) = (true, "127.0.0.1", 1, Amends.Mail.MailSecurity.None, "service@amends.example", "INBOX", Ada);
            box.ImapSecret = house.Get<MailServers>().Seal(ImapPassword);
            box.Changed();
            db.Add(box);
            Mailbox = box.Id;
            // One more that somebody has signed in to, kept from working by its host.
            var signed = new Amends.Contacts.Mailbox { Id = db.Ids!.Next(), Address = "signed@amends.example", Name = "Signed in", BrandId = Brand, TeamId = TeamA, ImapLogin = MailLogin.Microsoft, ImapHost = "127.0.0.1", ImapPort = 1 };
            signed.Changed();
            db.Add(signed);
            db.Add(new MailGrant { MailboxId = signed.Id, Login = MailLogin.Microsoft, Account = "signed@amends.example", At = db.At, Refresh = house.Get<MailTokens>().Seal(LastingToken) });
            Signed = signed.Id;
            var key = new AccessKey { Name = "pipe", Hash = Gate.Digest(AccessKey), Scope = KeyScope.Intake, MadeAt = db.At, MadeBy = Ada };
            key.Did(false);
            db.Add(key);
            var organisation = new Organisation { Id = db.Ids.Next(), Name = $"Bakery {Secret}" };
            organisation.Changed();
            db.Add(organisation);
            Organisation = organisation.Id;
            var holding = new Holding { Id = db.Ids.Next(), Product = $"Pump {Secret}", CustomerId = Maria };
            holding.Changed();
            db.Add(holding);
            Holding = holding.Id;
            // Stuck, so that the page of problems has a line: one to try again, one to let go.
            var calendar = new Amends.Cases.Targets.NamedCalendar { Id = db.Ids!.Next(), Name = "Workshop", Zone = "Europe/Madrid", Hours = "Mon-Fri 08:00-14:00", Holidays = "12-25\tClosed\t\tChristmas" };
            calendar.Changed();
            db.Add(calendar);
            var target = new Amends.Cases.Targets.ServiceTarget { Id = db.Ids!.Next(), Kind = CaseKind.Request, FirstMinutes = 120 };
            target.Changed();
            db.Add(target);
            foreach (var stuck in new[] { "stuck", "stuck too" }) db.Add(new Job { Id = db.Ids.Next(), Lane = Lane.Bulk, Kind = "nothing", Body = "{}", DedupeKey = stuck, MadeAt = db.At, RunAt = db.At, State = JobState.Stuck, Error = "It does not go." });
            return Task.CompletedTask;
        });
        (Admin, AgentA, AgentB, Nobody) = (await house.ClientOf(Ada), await house.ClientOf(Ben), await house.ClientOf(Olga), await house.ClientOf(Nora));
        Ordinary = await ByMail("Ordinary");
        Confidential = await ByMail("Confidential");
        Open = await Some.Case(house, Maria, TeamA, Brand, $"Open {Secret}");
        // A case of the other team, so that its pages are not empty.
        await Some.Case(house, await Some.Customer(house, "Pavel Novak", "pavel@customer.example"), TeamB, Brand, "Lid is loose");
        await Post(Admin, $"/cases/{Confidential.Number}/confidential", ("on", "true"));
        await Post(Admin, $"/cases/{Ordinary.Number}/notes", ("text", $"Asked the workshop {Secret}, see #{Open.Number}"));
        await Post(Admin, $"/cases/{Ordinary.Number}/tags", ("new", "pump"));
        await Post(Admin, $"/cases/{Ordinary.Number}/link", ("target", Number(Open.Number)));
        await Post(Admin, $"/cases/{Open.Number}/wait", ("until", "own"), ("own", "2026-12-20T10:00"), ("for", $"part {Secret}"));
        await Post(Admin, $"/cases/{Ordinary.Number}/reply", ("text", $"We send a part {Secret}."), ("to", $"maria.{Secret}@customer.example"), ("next", "open"), ("anyway", "true"));
        // Another one, which its server has refused.
        await Post(Admin, $"/cases/{Confidential.Number}/reply", ("text", $"Your invoice {Secret}."), ("to", $"mria.{Secret}@customer.example"), ("next", "open"), ("anyway", "true"));
        await house.Write.Run(Me, null, async db =>
        {
            var mail = await db.Set<Amends.Foundation.Outbox.OutgoingMail>().AsTracking().Include(m => m.Recipients).SingleAsync(m => m.CaseId == Confidential.Id);
            mail.Recipients[0].Refuse(550, "5.1.1 No such user");
            mail.Tried(db.At, "5.1.1 No such user");
        });
        await Post(Admin, $"/cases/{Ordinary.Number}/draft?kind=reply", ("text", $"Half a letter {Secret}"));
        await house.Write.Run(Me, null, db =>
        {
            var follower = new MailFollower { Id = db.Ids!.Next(), CaseId = Ordinary.Id, Address = $"paul.{Secret}@customer.example", Shown = $"Paul <paul.{Secret}@customer.example>", At = db.At };
            follower.Propose();
            db.Add(follower);
            var promise = new Amends.Promises.Promise { Id = db.Ids.Next(), CaseId = Confidential.Id, CustomerId = Maria, Kind = Amends.Promises.Finding.PromiseKind.Visit, Named = $"Bring the part {Secret}", Quote = $"We bring the part {Secret}.", Zone = "Europe/Berlin", MadeAt = db.At, MadeBy = Ada, DueAt = db.At.AddDays(10), DueLocal = db.At.AddDays(10).AddHours(1), HalfAt = db.At.AddDays(5), AskAt = db.At.AddDays(8) };
            promise.Make(Ada, db.At);
            db.Add(promise);
            Promise = promise.Id;
            // A reply that is about to tell another time, and the address of a calendar.
            var draft = new Draft { Id = db.Ids.Next(), CaseId = Confidential.Id, ColleagueId = Ada, Text = $"It will be later {Secret}.", At = db.At };
            db.Add(draft);
            db.Add(new Amends.Promises.NewTime { PromiseId = promise.Id, DraftId = draft.Id, DueLocal = db.At.AddDays(12), Zone = "Europe/Berlin", At = db.At });
            FeedToken = Sessions.Token();
            var feed = new Amends.Promises.PromiseFeed { Id = db.Ids.Next(), ColleagueId = Ada, Hash = [] };
            feed.Make(Gate.Digest(FeedToken), db.At);
            db.Add(feed);
            // Two who will be absent, and a team with a lead.
            foreach (var (who, days) in new[] { (Ada, 40), (Ben, 50) })
            {
                var absence = Absence.Plan(db.Ids.Next(), who, db.At.AddDays(days), db.At.AddDays(days + 5), db.At.Date, null, "On holiday", [], db.At);
                db.Add(absence);
                if (who == Ada) AbsenceOfAda = absence.Id;
                else AbsenceOfBen = absence.Id;
            }
            db.Add(new NotThanks { Words = "thanks a lot", ById = Ada, At = db.At });
            db.Add(new NotApology { Words = "sorry to hear that", ById = Ada, At = db.At });
            db.Add(new Amends.Promises.NotPromise { Words = "we see to it", ById = Ada, At = db.At });
            db.Add(new Amends.Foundation.Outbox.MailBrake { Kind = Amends.Foundation.Outbox.AutomaticKind.Answer, Since = db.At });
            return Task.CompletedTask;
        });
        await Calls();
        // An apology with nothing behind it.
        await house.Write.Run(Me, null, async db =>
        {
            var said = await db.Set<Contact>().AsTracking().Where(c => c.CaseId == Ordinary.Id && c.Direction == Direction.Out).OrderBy(c => c.Id).FirstAsync();
            said.Apology = "We are sorry";
            (await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == Ordinary.Id)).Apologise(said.Id, db.At);
        });
        var (letter, token) = CaseLetters.Make(Ordinary.Id, Maria, house.Now);
        CaseLink = "/c/" + token;
        await house.Write.Run(Me, null, db => { db.Add(letter); return Task.CompletedTask; });
        await Rest();
        House.Clock.Advance(TimeSpan.FromMinutes(2));
        await Rest();
        // A mail that was refused, so that the page of problems has one.
        await house.Write.Run(Me, null, async db =>
        {
            var mail = await db.Set<Amends.Foundation.Outbox.OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstAsync(m => m.CaseId == Ordinary.Id);
            foreach (var one in mail.Recipients) one.Refuse(550, "No such mailbox.");
            mail.Tried(db.At, "No such mailbox.");
        });
        await Furnish();
        await Rest();
    }

    // A call that is promised on a case of its own, one that the desk proposes, and those who may be asked for.
    async Task Calls()
    {
        var called = await Some.Case(House, Maria, TeamA, Brand, $"To be called {Secret}");
        await House.Write.Run(Me, null, async db =>
        {
            foreach (var (colleague, rank) in new[] { (Ada, 1), (Ben, 2) })
            {
                var officer = new Amends.Promises.Calls.Officer { Id = db.Ids!.Next(), ColleagueId = colleague, Rank = rank };
                officer.Did(removed: false);
                db.Add(officer);
                Officer = officer.Id;
            }
            await House.Get<Amends.Foundation.Settings.House>().Set(db, Amends.Promises.Calls.Officers.Ask, true);
            var call = new Amends.Promises.Promise { Id = db.Ids!.Next(), CaseId = called.Id, CustomerId = Maria, Kind = Amends.Promises.Finding.PromiseKind.Call, Named = $"Call {Secret}", Zone = "Europe/Berlin", MadeAt = db.At, DueAt = db.At.AddDays(10), DueLocal = db.At.AddDays(10).AddHours(1), HalfAt = db.At.AddDays(5), AskAt = db.At.AddDays(8) };
            call.Make(Ada, db.At);
            db.Add(call);
            db.Add(new Amends.Promises.Calls.CallBack { PromiseId = call.Id, CaseId = called.Id, Number = "+49 30 1234567", Language = "es", Script = $"Say {Secret}", ByOfficer = true, MadeAt = db.At });
            Call = call.Id;
            (await db.LoadCase(Who.House("test"), Ordinary.Number, null)).ProposeCall(1, db.At);
            (await db.Set<Contact>().AsTracking().FirstAsync(c => c.CaseId == Ordinary.Id && c.Direction == Direction.In)).ThanksOnly();
        });
        House.Get<Amends.Foundation.Settings.House>().Forget();
    }

    // A row for each page that is about one row: a page that cannot be opened in this house is looked at by no test.
    async Task Furnish()
    {
        await Post(Admin, "/settings/canned", ("name", "A text"), ("text", "Dear you"));
        View = long.Parse((await Post(Admin, "/desk/saved", ("name", "A view"), ("words", "pump"))).Headers.Location!.OriginalString.Split("/v")[1], CultureInfo.InvariantCulture);
        await Post(Admin, $"/people/{Number(Maria)}/organisations", ("organisation", "Bakery"), ("role", "baker"));
        await Post(Admin, "/settings/colleagues/invite", ("name", "Ines Invited"), ("address", "ines@amends.example"), ("role", Number(AgentRole)));
        (InvitationToken, ResetToken) = (Sessions.Token(), Sessions.Token());
        var unread = await House.Get<BlobStore>().Put("\0\u0001 no mail at all <img src=x onerror=window.ran=1><script>window.ran=1</script>"u8.ToArray());
        var logo = await House.Get<BlobStore>().Put(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        var file = await House.Get<BlobStore>().Put(Encoding.UTF8.GetBytes("name,mail\r\nRita Row,rita@customer.example\r\n"));
        await House.Write.Run(Me, null, async db =>
        {
            (Canned, Invited) = (await db.Set<CannedText>().Select(c => c.Id).SingleAsync(), await db.Set<Colleague>().Where(c => c.Address == "ines@amends.example").Select(c => c.Id).SingleAsync());
            await MailLinks.Keep(db, InvitationToken, LinkPurpose.Invitation, Invited);
            await MailLinks.Keep(db, ResetToken, LinkPurpose.Reset, Nora);
            db.AddRange(unread, file, logo);
            var brand = await db.Load<Brand>(Brand);
            db.Add(new SenderPictures { Id = db.Ids!.Next(), ColleagueId = Ada, Address = "news@shop.example", At = db.At });
            brand.LogoBlobId = logo.Id;
            brand.Changed();
            var delivery = new Delivery { Id = db.Ids!.Next(), MailboxId = Mailbox, Sha256 = unread.Sha256, BlobId = unread.Id, ReceivedAt = db.At, EnvelopeFrom = "odd@customer.example", EnvelopeTo = "service@amends.example", Way = "intake" };
            delivery.Stored();
            delivery.Quarantine("It could not be read.");
            db.Add(delivery);
            PeopleImport Import(ImportState state) => new() { Id = db.Ids.Next(), FileName = "people.csv", BlobId = file.Id, Kind = PersonKind.Customer, System = "shop", State = state, Rows = 1, RowsDone = state == ImportState.Done ? 1 : 0, Refused = state == ImportState.Done ? 1 : 0, ByColleague = Ada, MadeAt = db.At };
            var (mapping, done) = (Import(ImportState.Mapping), Import(ImportState.Done));
            foreach (var import in new[] { mapping, done }) import.Columns.AddRange([new() { ImportId = import.Id, Position = 0, Field = ImportField.Name }, new() { ImportId = import.Id, Position = 1, Field = ImportField.Mail }]);
            db.AddRange(mapping, done);
            await db.SaveChangesAsync();
            db.Add(new ImportReject { ImportId = done.Id, Row = 1, Why = "The address is none." });
            var notice = new Notification { Id = db.Ids.Next(), ColleagueId = Ada, CaseId = Ordinary.Id, Of = NotifyOf.Answered, At = db.At };
            db.Add(notice);
            db.Add(new OutOfTurn { CaseId = Ordinary.Id, TeamId = TeamA, ById = Ada, At = db.At, Passed = 1, Why = TurnWhy.Said });
            // What mail servers say is shown too: of a message that could not be fetched, and of why not.
            db.Add(new FetchedMail { MailboxId = Mailbox, Place = 1, UidValidity = 1, Uid = 1, At = db.At, Trouble = "It cannot be read there." });
            var fetching = await db.Set<MailboxState>().AsTracking().FirstOrDefaultAsync(s => s.MailboxId == Mailbox);
            if (fetching is null) db.Add(fetching = new MailboxState { MailboxId = Mailbox });
            (fetching.Trouble, fetching.Said, fetching.FailsSince, fetching.GoodAt, fetching.There, fetching.NotHere) = (MailTrouble.SomeNotTaken, "It cannot be read there.", db.At, db.At, 12, 1);
            (Quarantined, Mapping, Imported, Notice) = (delivery.Id, mapping.Id, done.Id, notice.Id);
        });
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    async Task<Case> ByMail(string what)
    {
        var raw = string.Join("\r\n", [$"From: Maria {Secret} <maria.{Secret}@customer.example>", "To: service@amends.example", $"Subject: {what} {Secret}", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>",
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1", "", "--b1", "Content-Type: text/html; charset=utf-8", "", $"<p>It <b>stops</b> {Secret}</p><img src=\"http://shop.example/pump.png\" alt=\"\">", "--b1", "Content-Type: text/plain; charset=utf-8",
            $"Content-Disposition: attachment; filename=\"{Secret}-{what}.txt\"", "", $"Serial {Secret}", "--b1--", ""]);
        using var pipe = House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + AccessKey);
        (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example&from=maria@customer.example&to=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw)))).EnsureSuccessStatusCode();
        await Rest();
        using var db = House.Databases.Open();
        return await db.Set<Case>().SingleAsync(c => c.Subject == $"{what} {Secret}");
    }

    /// <summary>Waits until no job is due.</summary>
    public async Task Rest()
    {
        for (var i = 0; i < 600; i++)
        {
            using (var db = House.Databases.Open())
            {
                var now = House.Now;
                if (!await db.Set<Dispatch>().AnyAsync() && !await db.Set<Job>().AnyAsync(j => j.State == JobState.Waiting && (j.RunAt <= now || j.LeasedUntil != null))) break;
            }
            foreach (var lane in Enum.GetValues<Lane>()) House.Get<Runner>().Wake(lane);
            await Task.Delay(30);
        }
        await House.Get<Openings>().Flush();
    }

    readonly Dictionary<HttpClient, string> tokens = [];

    /// <summary>The form token of a signed-in client.</summary>
    public async Task<string> TokenOf(HttpClient client)
    {
        if (tokens.TryGetValue(client, out var token)) return token;
        var page = await (await client.GetAsync("/me")).Content.ReadAsStringAsync();
        return tokens[client] = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking).Groups[1].Value;
    }

    /// <summary>Posts a form that must be taken.</summary>
    public async Task<HttpResponseMessage> Post(HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        var answer = await Try(client, HttpMethod.Post, path, fields);
        if ((int)answer.StatusCode >= 400) throw new InvalidOperationException($"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    /// <summary>Sends a form with a right token.</summary>
    public async Task<HttpResponseMessage> Try(HttpClient client, HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", await TokenOf(client)), new("once", Guid.NewGuid().ToString("N")), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))])
        };
        return await client.SendAsync(request);
    }

    /// <summary>All routes of the running program, but for our own files.</summary>
    public IReadOnlyList<Door> Doors => [.. House.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<PublicRoute>()?.Why != "our own files" && e.RoutePattern.RawText != "{**path:file}")
        .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => new Door(e, m, "/" + e.RoutePattern.RawText!.TrimStart('/'))))];

    /// <summary>Addresses of a route, its places filled with ids of this house.</summary>
    public async Task<IReadOnlyList<string>> Addresses(Door door)
    {
        if (door.Path == "/canned") return [$"/canned?case={Number(Ordinary.Number)}"];
        if (!door.Path.Contains('{', StringComparison.Ordinal)) return [door.Path];
        using var db = House.Databases.Open();
        List<string> ids = door.Path switch
        {
            var p when p.StartsWith("/cases/{", StringComparison.Ordinal) => [.. new[] { Ordinary, Confidential, Open }.Select(c => Number(c.Number))],
            var p when p.StartsWith("/contacts/", StringComparison.Ordinal) => [.. (await db.Set<Contact>().Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/files/", StringComparison.Ordinal) => [.. (await db.Set<CaseFile>().Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/outbox/", StringComparison.Ordinal) => [.. (await db.Set<Amends.Foundation.Outbox.OutgoingMail>().Where(m => m.CaseId != null).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/people/organisations/", StringComparison.Ordinal) => [Number(Organisation)],
            var p when p.StartsWith("/people/holdings/", StringComparison.Ordinal) => [Number(Holding)],
            var p when p.StartsWith("/people/import/", StringComparison.Ordinal) => [Number(Mapping), Number(Imported)],
            var p when p.StartsWith("/people/", StringComparison.Ordinal) => [Number(Maria)],
            var p when p.StartsWith("/settings/brands/", StringComparison.Ordinal) => [Number(Brand)],
            var p when p.StartsWith("/settings/mailboxes/", StringComparison.Ordinal) || p.StartsWith("/settings/mail-health/", StringComparison.Ordinal) => [Number(door.Path.EndsWith("/sign-in", StringComparison.Ordinal) ? Signed : Mailbox)],
            var p when p.StartsWith("/settings/canned/", StringComparison.Ordinal) => [Number(Canned)],
            var p when p.StartsWith("/settings/tags/", StringComparison.Ordinal) => [.. (await db.Set<Tag>().Take(1).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/settings/calendars/", StringComparison.Ordinal) => [.. (await db.Set<Amends.Cases.Targets.NamedCalendar>().OrderBy(c => c.Id).Take(1).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/settings/targets/", StringComparison.Ordinal) => [.. (await db.Set<Amends.Cases.Targets.ServiceTarget>().OrderBy(c => c.Id).Take(1).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/settings/keys/", StringComparison.Ordinal) => [.. (await db.Set<AccessKey>().Take(1).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/desk/saved/", StringComparison.Ordinal) => [Number(View)],
            var p when p.StartsWith("/quarantine/", StringComparison.Ordinal) => [Number(Quarantined)],
            var p when p.StartsWith("/stuck/jobs/", StringComparison.Ordinal) => [.. (await db.Set<Job>().Where(j => j.State == JobState.Stuck).Select(c => c.Id).ToListAsync()).Select(Number)],
            var p when p.StartsWith("/notices/", StringComparison.Ordinal) => [Number(Notice)],
            "/me/absence/{absence:long}/end" => [Number(AbsenceOfAda)],
            "/invitation/{token}" => [InvitationToken],
            "/new-password/{token}" => [ResetToken],
            var p when p.StartsWith("/settings/colleagues/", StringComparison.Ordinal) => [Number(Ben)],
            var p when p.StartsWith("/settings/teams/", StringComparison.Ordinal) => [Number(TeamA)],
            var p when p.StartsWith("/settings/roles/", StringComparison.Ordinal) => [.. (await db.Set<Role>().Take(1).Select(c => c.Id).ToListAsync()).Select(Number)],
            "/promises/feed/{token}" => [FeedToken],
            "/promises/{id:long}/not-reached" or "/promises/{id:long}/officer" => [Number(Call)],
            var p when p.StartsWith("/settings/officers/", StringComparison.Ordinal) => [Number(Officer)],
            var p when p.StartsWith("/promises/", StringComparison.Ordinal) => [Number(Promise)],
            var p when p.StartsWith("/brand/", StringComparison.Ordinal) => [Number(Brand)],
            var p when p.StartsWith("/c/", StringComparison.Ordinal) => [CaseLink[3..]],
            _ => ["1"]
        };
        var second = door.Path.Contains("/notes/", StringComparison.Ordinal) ? await db.Set<Note>().Select(n => n.Id).FirstOrDefaultAsync()
            : door.Path.Contains("/followers/", StringComparison.Ordinal) ? await db.Set<MailFollower>().Select(f => f.Id).FirstOrDefaultAsync()
            : door.Path.Contains("/split/", StringComparison.Ordinal) ? await db.Set<Contact>().Select(n => n.Id).FirstOrDefaultAsync()
            : door.Path.Contains("{absence:long}", StringComparison.Ordinal) ? AbsenceOfBen
            : door.Path.Contains("/undo/", StringComparison.Ordinal) ? await db.Set<Amends.Foundation.Facts.Fact>().Where(f => f.Subject == Ordinary.Id && f.Kind == "case.tagged").Select(f => f.Id).FirstOrDefaultAsync() : 1;
        // Where nothing of the kind stands the address is one that leads nowhere.
        if (ids.Count == 0) ids = ["1"];
        return [.. ids.Select(id => Filled(door.Path, id, Number(second)))];
    }

    // GET routes that show no page in this house, each with what it answers instead.
    static readonly Dictionary<string, (int Status, string? Type)> NoPages = new(StringComparer.Ordinal)
    {
        ["/"] = (302, null),
        ["/cases"] = (302, null),
        ["/notices/{id:long}"] = (303, null),
        ["/c/{token}/solved"] = (303, null),
        ["/health/live"] = (200, "text/plain"),
        ["/health/ready"] = (200, "text/plain"),
        ["/brand/{id:long}.css"] = (200, "text/css"),
        ["/standing-still.csv"] = (200, "text/csv"),
        ["/people/import/{id:long}/refused.csv"] = (200, "text/csv"),
        ["/promises/feed/{token}"] = (200, "text/calendar"),
        ["/promises/kept.csv"] = (200, "text/csv"),
        ["/files/{id:long}"] = (200, "text/plain"),
        ["/contacts/{id:long}/raw"] = (200, "text/plain"),
        ["/quarantine/{id:long}/raw"] = (200, "application/octet-stream"),
        ["/settings/brands/{id:long}/logo"] = (200, "image/png"),
        // Opened with a sealed address only: RemotePictureTests.
        ["/pictures/{token}"] = (404, "text/html"),
        // Opened by a browser that its provider sends back with the state of this session, and by nothing else.
        ["/settings/mail-sign-in/microsoft/back"] = (422, "text/html"),
        ["/settings/mail-sign-in/google/back"] = (422, "text/html"),
        // Closed for ever once the house is set up; files of the customer's page come after a code.
        ["/first-run"] = (404, "text/html"),
        ["/c/{token}/files/{id:long}"] = (404, "text/html"),
        // The reporter's, after a code: ReporterTests.
        ["/c/{token}/reported"] = (404, "text/html"),
        ["/c/{token}/report"] = (404, "text/html"),
    };

    /// <summary>
    /// Every page of the product, opened by whom it is for. A route of which no address opens, and that is not named as one without a page, is a fault of
    /// this house: it has no row for it, and what is asked of every page would not be asked of that one.
    /// </summary>
    public async Task<List<(Door Door, string Address, string Body)>> OpenPages()
    {
        var (pages, shut) = (new List<(Door, string, string)>(), new List<string>());
        using var outside = House.Client();
        foreach (var door in Doors.Where(d => d is { Changes: false, ByKey: false, Path: not "/live" }))
        {
            var (opened, got) = (false, new List<string>());
            foreach (var address in await Addresses(door))
            {
                // Who is signed in is not asked to sign in.
                using var answer = await (door.IsPublic ? outside : Admin).GetAsync(address);
                var (status, type) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
                got.Add($"{address} {status} {type}");
                if (NoPages.TryGetValue(door.Path, out var instead)) opened |= (status, type) == instead;
                else if (status == 200 && type == "text/html")
                {
                    opened = true;
                    pages.Add((door, address, await answer.Content.ReadAsStringAsync()));
                }
            }
            if (!opened) shut.Add($"{door}: {string.Join(", ", got)}");
        }
        return shut.Count == 0 ? pages : throw new InvalidOperationException("Pages that do not open in the house of the tests:\n" + string.Join('\n', shut));
    }

    static string Filled(string path, string first, string second)
    {
        var parts = path.Split('/');
        var taken = false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!parts[i].StartsWith('{')) continue;
            var rest = parts[i][(parts[i].IndexOf('}', StringComparison.Ordinal) + 1)..];
            parts[i] = parts[i].StartsWith("{view", StringComparison.Ordinal) ? "open" : parts[i].StartsWith("{kind", StringComparison.Ordinal) ? "note" : (taken ? second : first) + rest;
            taken = true;
        }
        return string.Join('/', parts);
    }

    // What may change by looking: who opened which case is noted, and is read no more as new. And what changes by the clock alone: leases, and the chain of facts.
    static readonly HashSet<string> Restless = ["Access", "CaseRead", "MailboxState", "TimetableLease", "UnsealedFact", "FactSeal"];

    /// <summary>All rows of all tables, as text.</summary>
    public async Task<SortedDictionary<string, List<string>>> Rows()
    {
        await Rest();
        using var db = House.Databases.Open();
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct().Where(t => !Restless.Contains(t)).ToList())
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={Text(reader.GetValue(i))}")));
            // On PostgreSQL each write of the clockwork has a key of its own.
            if (table == "WriteKey") rows.RemoveAll(r => r.StartsWith("ActorKind=0|", StringComparison.Ordinal));
            rows.Sort(StringComparer.Ordinal);
            tables[table] = rows;
        }
        return tables;
    }

    static string Text(object value) => value switch { byte[] bytes => Convert.ToHexString(bytes), IFormattable f => f.ToString(null, CultureInfo.InvariantCulture), _ => value.ToString() ?? "" };

    /// <summary>Rows that stand in one and not in the other.</summary>
    public static List<string> Differences(SortedDictionary<string, List<string>> before, SortedDictionary<string, List<string>> after) =>
        [.. before.Keys.SelectMany(t => before[t].Except(after[t]).Select(r => $"- {t}: {Cut(r)}").Concat(after[t].Except(before[t]).Select(r => $"+ {t}: {Cut(r)}")))];

    static string Cut(string text) => text.Length > 400 ? text[..400] : text;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Admin, AgentA, AgentB, Nobody }) client.Dispose();
        await House.DisposeAsync();
    }
}

/// <summary>One way in: a route and a method.</summary>
sealed record Door(RouteEndpoint Route, string Method, string Path)
{
    public Verb? Verb => Route.Metadata.GetMetadata<NeedsVerb>()?.Verb;
    public bool IsPublic => Route.Metadata.GetMetadata<PublicRoute>() is not null;
    public bool ByKey => Route.Metadata.GetMetadata<NeedsKey>() is not null;
    public bool Changes => Method is not ("GET" or "HEAD" or "OPTIONS");
    public override string ToString() => $"{Method} {Path}";
}
