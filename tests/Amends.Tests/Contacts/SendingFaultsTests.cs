using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Mailbox = Amends.Mail.Mailbox;
using RecipientState = Amends.Foundation.Outbox.RecipientState;

namespace Amends.Tests.Contacts;

/// <summary>Sending through servers that misbehave (F07): each recipient as the script says.</summary>
public class SendingFaultsTests
{
    static Task SmtpTo(TestHouse house, int port, string security = "none", string? user = null) => house.Write.Run(Actor.System("test"), null, async db =>
    {
        var set = house.Get<House>();
        await set.Set(db, HouseSettings.SmtpOn, true);
        await set.Set(db, HouseSettings.SmtpHost, "localhost");
        await set.Set(db, HouseSettings.SmtpPort, port);
        await set.Set(db, HouseSettings.SmtpSecurity, security);
        if (user is null) return;
        await set.Set(db, HouseSettings.SmtpUser, user);
        await set.Set(db, HouseSettings.SmtpPassword, "canary-password");
    });

    static async Task<long> Send(TestHouse house, params string[] to)
    {
        var draft = new MailDraft { From = new Mailbox("service@amends.example"), Subject = "Hello", Date = house.Clock.GetUtcNow(), Text = "Hello" };
        foreach (var one in to) draft.To.Add(new Mailbox(one));
        var ready = await house.Get<Outbox>().Prepare(draft);
        return await house.Write.Run(Actor.System("test"), null, db => Task.FromResult(Outbox.Queue(db, ready).Id));
    }

    static async Task<OutgoingMail> Row(TestHouse house, long id)
    {
        using var db = house.Databases.Open();
        return await db.Set<OutgoingMail>().Include(m => m.Recipients).SingleAsync(m => m.Id == id);
    }

    static async Task Until(TestHouse house, Func<Task<bool>> holds, string what)
    {
        for (var i = 0; i < 1500; i++)
        {
            if (await holds()) return;
            house.Get<Runner>().Wake(Lane.Mail);
            await Task.Delay(20);
        }
        throw new TimeoutException(what);
    }

    // What hangs goes on at the end of the test, however it ends.
    sealed class Hung : IDisposable
    {
        readonly TaskCompletionSource end = new();
        public Task Until => end.Task;
        public void Dispose() => end.TrySetResult();
    }

    // Until nothing is at work and nothing is due: a pause begins when what was tried is written down.
    static Task Rests(TestHouse house) => Until(house, async () =>
    {
        using var db = house.Databases.Open();
        var now = house.Now;
        return !await db.Set<Job>().AnyAsync(j => j.State == JobState.Waiting && (j.RunAt <= now || j.LeasedUntil != null));
    }, "all rests");

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F07_a_hung_server_delays_no_other_mail(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        using var end = new Hung();
        await using var smtp = new FakeSmtp();
        // Some hang at their recipient, some at the very end of their message.
        smtp.Slow = said => said.Contains("hang", StringComparison.Ordinal) || said == "." && smtp.Heard.LastOrDefault(h => h.StartsWith("RCPT", StringComparison.Ordinal))?.Contains("late", StringComparison.Ordinal) == true ? end.Until : Task.CompletedTask;
        await SmtpTo(house, smtp.Port);
        // More than there are hands for mail, all before the others in line.
        var hung = new List<long>();
        for (var n = 0; n < 7; n++) hung.Add(await Send(house, $"hang{n}@customer.example"));
        await Until(house, () => Task.FromResult(smtp.Heard.Count(h => h.Contains("hang", StringComparison.Ordinal)) >= 4), "they hang");
        var since = Stopwatch.GetTimestamp();
        for (var n = 0; n < 12; n++) await Send(house, $"ann{n}@customer.example");
        await Until(house, () => Task.FromResult(smtp.Taken.Count == 12), "the others went");
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        foreach (var id in hung) (await Row(house, id)).State.ShouldBe(OutgoingState.Queued);
        // Each hung one gives up after its minute and is tried again; once, with the same bytes, it goes.
        end.Dispose();
        await Until(house, () => Task.FromResult(smtp.Taken.Count == 19), "and then they");
        smtp.Taken.SelectMany(t => t.To).Distinct().Count().ShouldBe(19);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F07_a_mail_that_came_back_from_one_still_goes_to_another_who_waits_for_it(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        await using var smtp = new FakeSmtp();
        var grey = 0;
        smtp.Answers = said => said.Contains("grey@", StringComparison.Ordinal) && ++grey < 2 ? "451 4.7.1 Greylisted, try again" : null;
        await SmtpTo(house, smtp.Port);
        var id = await Send(house, "ann@customer.example", "grey@customer.example");
        await Until(house, async () => (await Row(house, id)).Recipients.Exists(r => r.Code == 451), "one has it, one waits");
        await Rests(house);
        await house.Write.Run(Actor.System("test"), null, async db =>
        {
            var mail = await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).SingleAsync(m => m.Id == id);
            mail.Recipients.Single(r => r.State == RecipientState.Accepted).Refuse(null, "no such address");
            mail.CameBack("It came back.");
        });
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await Until(house, async () => (await Row(house, id)).State != OutgoingState.Queued, "it is settled");
        var row = await Row(house, id);
        (row.State, row.Trouble).ShouldBe((OutgoingState.Failed, "It came back."));
        row.Recipients.Single(r => r.Address.StartsWith("grey@", StringComparison.Ordinal)).State.ShouldBe(RecipientState.Accepted);
        smtp.Taken.SelectMany(t => t.To).Count(to => to.StartsWith("grey@", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F07_each_recipient_goes_as_his_server_says_and_pauses_grow(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        await using var smtp = new FakeSmtp();
        var grey = 0;
        smtp.Answers = said => said.Contains("grey@", StringComparison.Ordinal) && ++grey < 3 ? "451 4.7.1 Greylisted, try again" : said.Contains("gone@", StringComparison.Ordinal) ? "550 5.1.1 No such user"
            : said.Contains("full@", StringComparison.Ordinal) ? "452 4.2.2 Mailbox full" : said.Contains("cut@", StringComparison.Ordinal) ? "" : null;
        await SmtpTo(house, smtp.Port);
        var (partly, grown, cut) = (await Send(house, "ann@customer.example", "gone@customer.example", "grey@customer.example"), await Send(house, "full@customer.example"), await Send(house, "cut@customer.example"));
        async Task<int> Tried() => await Task.FromResult(smtp.Heard.Count(h => h.Contains("full@", StringComparison.Ordinal)));
        await Until(house, async () => await Tried() == 1 && (await Row(house, grown)).Recipients[0].Code == 452 && (await Row(house, cut)).Trouble is not null && (await Row(house, partly)).Recipients.Exists(r => r.Code == 451), "tried once");
        // Refused and accepted are settled at once, within the minute.
        (await Row(house, partly)).Recipients.Select(r => (r.Address.Split('@')[0], r.State)).Order().ShouldBe([("ann", RecipientState.Accepted), ("gone", RecipientState.Refused), ("grey", RecipientState.Waiting)]);
        // Greylisted: taken on the third try; nobody gets it twice.
        for (var n = 2; n <= 3; n++)
        {
            var now = n;
            await Rests(house);
            house.Clock.Advance(TimeSpan.FromSeconds(61));
            await Until(house, async () => grey >= now && await Tried() >= now, $"try {n}");
        }
        await Until(house, async () => (await Row(house, partly)).State == OutgoingState.Failed, "settled: one was refused for good");
        smtp.Taken.Select(t => string.Join(',', t.To)).ShouldBe(["ann@customer.example", "grey@customer.example"]);
        // Full stays full: by the minute at first, by the hour in the end, and after five days it is said.
        var pauses = new List<TimeSpan>();
        while ((await Row(house, grown)).State == OutgoingState.Queued)
        {
            DateTime next;
            await Until(house, async () => { using var db = house.Databases.Open(); return (await Row(house, grown)).State != OutgoingState.Queued || await db.Set<Job>().AnyAsync(j => j.DedupeKey == $"send mail:{grown}" && j.RunAt > house.Now && j.LeasedUntil == null); }, "it waits");
            using (var db = house.Databases.Open()) next = await db.Set<Job>().Where(j => j.DedupeKey == $"send mail:{grown}").Select(j => j.RunAt).FirstOrDefaultAsync();
            if (next == default) break;
            pauses.Add(next - house.Now);
            // Not each of some hundred tries: where the pause is as before, some hours pass at once.
            var before = await Tried();
            // At one stroke: on a clock that walks there it would be tried on the way, and the rest of the way would be missing in the pause.
            house.Clock.Set(next + TimeSpan.FromMilliseconds(10) + (pauses.Count > 3 ? TimeSpan.FromHours(pauses.Count) : TimeSpan.Zero));
            await Until(house, async () => await Tried() > before, "tried again");
            pauses.Count.ShouldBeLessThan(60);
        }
        pauses[0].ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(61));
        pauses.Max().ShouldBe(TimeSpan.FromHours(1));
        pauses.Zip(pauses.Skip(1)).ShouldAllBe(two => two.Second >= two.First - TimeSpan.FromSeconds(1));
        var failed = await Row(house, grown);
        (failed.State, failed.Recipients[0].State, failed.Recipients[0].Text).ShouldBe((OutgoingState.Failed, RecipientState.Refused, "4.2.2 Mailbox full"));
        smtp.Malformed.ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F07_a_refusal_stands_on_the_case_with_two_ways_on(On on)
    {
        await using var smtp = new FakeSmtp { Answers = said => said.Contains("mria@", StringComparison.Ordinal) ? "550 5.1.1 No such user" : null };
        await using var post = await Post.Open(on);
        await SmtpTo(post.House, smtp.Port);
        var number = (await post.CaseOf((await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops.")))!.CaseId)).Number;
        var path = $"/cases/{number}/reply";
        (await post.Desk.Send(await post.Desk.See(path), path, ("to", "mria@casaverde.example"), ("text", "A part is on its way."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        var page = await post.Desk.See($"/cases/{number}");
        page.Text(".outcomes .broken").ShouldNotBeNull().ShouldContain("refused for mria@casaverde.example");
        var (again, correct) = (page.Document.QuerySelector("form[action$='/send-again']")!.GetAttribute("action")!, page.Document.QuerySelector("form[action$='/correct-address']")!.GetAttribute("action")!);
        (await post.Desk.Send(page, correct)).Location.ShouldBe(path);
        var reply = await post.Desk.See(path);
        (reply.Value("to"), reply.Value("text")).ShouldBe(("mria@casaverde.example", "A part is on its way."));
        (await post.Desk.Send(reply, path, ("to", "maria@casaverde.example"), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        smtp.Taken.ShouldHaveSingleItem().To.ShouldBe(["maria@casaverde.example"]);
        // The account was made meanwhile: the same bytes once more, and then there is nothing left to do.
        smtp.Answers = _ => null;
        (await post.Desk.Send(page, again)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(1));
        smtp.Taken.Count.ShouldBe(2);
        smtp.Taken[1].To.ShouldBe(["mria@casaverde.example"]);
        page = await post.Desk.See($"/cases/{number}");
        page.Document.QuerySelector("form[action$='/send-again']").ShouldBeNull();
        (await post.Desk.PostFrom($"/cases/{number}", again)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Who may not reply there gets neither.
        using var nora = await post.House.ClientOf(await Some.Colleague(post.House, "Nora None", await Some.Role(post.House, "Nothing"), post.Team));
        foreach (var door in new[] { again, correct }) (await nora.PostFrom("/me", door)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F07_a_refused_reply_lies_in_the_draft_once_with_its_pictures_also_where_its_case_was_merged(On on)
    {
        await using var smtp = new FakeSmtp { Answers = said => said.Contains("mria@", StringComparison.Ordinal) ? "550 5.1.1 No such user" : null };
        await using var post = await Post.Open(on);
        await SmtpTo(post.House, smtp.Port);
        var away = await post.CaseOf((await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops.")))!.CaseId);
        var root = await post.CaseOf((await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump again", "It still stops.")))!.CaseId);
        root.Id.ShouldNotBe(away.Id);
        var path = $"/cases/{away.Number}/reply";
        var page = await post.Desk.See(path);
        var up = await post.Desk.SendFiles(page, $"/cases/{away.Number}/uploads", [("file", "floor.png", FarServer.Png)]);
        var old = up.Document.QuerySelector("[name=uploads]")!.GetAttribute("value")!;
        (await post.Desk.Send(page, path, ("to", "mria@casaverde.example"), ("text", $"Look: ![floor](/files/{old})"), ("uploads", old), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        await post.House.Write.Run(Actor.System("test"), null, async db => await MergeCase.Into(db, await db.LoadCase(Who.House("test"), away.Number, null), await db.LoadCase(Who.House("test"), root.Number, null), post.Ben, post.House.Get<CaseSearch>()));
        long contact;
        using (var db = post.House.Databases.Open()) contact = await db.Set<Contact>().Where(c => c.Direction == Direction.Out && c.CaseId == away.Id).Select(c => c.Id).SingleAsync();
        var correct = $"/contacts/{contact}/correct-address";
        async Task<(Draft Draft, CaseFile File)> Draft()
        {
            using var db = post.House.Databases.Open();
            var draft = await db.Set<Draft>().SingleAsync();
            return (draft, await db.Set<CaseFile>().SingleAsync(f => f.OfId == draft.Id && f.Of == FileOf.Draft));
        }
        Task Begin(string? to, string text) => post.House.Write.Run(Actor.System("test"), null, db => db.Set<Draft>().ExecuteUpdateAsync(set => set.SetProperty(d => d.To, to).SetProperty(d => d.Text, text)));
        // At the case where it went, and pressed twice no more than once.
        path = $"/cases/{root.Number}/reply";
        for (var i = 0; i < 2; i++) (await post.Desk.PostFrom($"/cases/{root.Number}", correct)).Location.ShouldBe(path);
        var (draft, file) = await Draft();
        (draft.CaseId, draft.To, draft.Text, file.CaseId).ShouldBe((root.Id, "mria@casaverde.example", $"Look: ![floor](/files/{file.Id})", root.Id));
        file.Id.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldNotBe(old);
        // Corrected already: it stays so.
        await Begin("maria@casaverde.example", draft.Text);
        (await post.Desk.PostFrom($"/cases/{root.Number}", correct)).Location.ShouldBe(path);
        (await Draft()).Draft.To.ShouldBe("maria@casaverde.example");
        // What was begun to somebody else is neither sent to another nor mixed with it.
        await Begin("parts@supplier.example", "What would it cost us?");
        var no = await post.Desk.PostFrom($"/cases/{root.Number}", correct);
        no.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        no.Body.ShouldContain("You have begun a reply to somebody else here.");
        ((await Draft()).Draft.To, (await Draft()).Draft.Text).ShouldBe(("parts@supplier.example", "What would it cost us?"));
        // The bytes go once more from there too, and the picture goes with the corrected one.
        await Begin("maria@casaverde.example", draft.Text);
        page = await post.Desk.See(path);
        (await post.Desk.Send(page, path, ("next", "open"), ("anyway", "true"), ("uploads", file.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.LastTo("maria@casaverde.example")).Mail.InlineFiles.Single().ContentId.ShouldBe($"f{file.Id}@amends");
        smtp.Answers = _ => null;
        (await post.Desk.PostFrom($"/cases/{root.Number}", $"/contacts/{contact}/send-again")).Location.ShouldBe($"/cases/{root.Number}#contact-{contact}");
    }

    [Fact]
    public async Task F07_no_password_goes_without_a_certificate_that_is_right()
    {
        await using var house = await TestHouse.Open(On.Sqlite, serve: true, services => services.AddSingleton(new MailTrust(Certificates.Root)));
        (string What, X509Certificate2? Certificate, string Security)[] wrong =
        [
            ("expired", Certificates.Expired, "tls"), ("not yet", Certificates.NotYet, "tls"), ("another name", Certificates.OtherName, "tls"), ("of nobody we know", Certificates.OtherAuthority, "tls"),
            ("of itself", Certificates.SelfSigned, "tls"), ("for clients", Certificates.ForClients, "tls"), ("no TLS at all", null, "tls"), ("STARTTLS not offered", null, "starttls"), ("asked for none", null, "none")
        ];
        foreach (var (what, certificate, security) in wrong)
        {
            await using var smtp = new FakeSmtp { Tls = certificate, SignIn = (_, _) => true, Offers = ["AUTH PLAIN LOGIN"] };
            await SmtpTo(house, smtp.Port, security, "desk");
            var mail = await Send(house, "ann@customer.example");
            await Until(house, async () => (await Row(house, mail)).Trouble is not null, what);
            smtp.Heard.ShouldAllBe(h => h.StartsWith("EHLO", StringComparison.Ordinal) || h == "QUIT", what);
            smtp.Malformed.ShouldAllBe(h => !h.Contains("canary", StringComparison.Ordinal) && !h.Contains("AUTH", StringComparison.Ordinal), what);
            smtp.Taken.ShouldBeEmpty(what);
        }
        // And with the right one it goes.
        await using var good = new FakeSmtp { Tls = Certificates.Good, SignIn = (user, password) => (user, password) == ("desk", "canary-password"), Offers = ["AUTH PLAIN"] };
        await SmtpTo(house, good.Port, "tls", "desk");
        await Send(house, "ann@customer.example");
        await Until(house, () => Task.FromResult(good.Taken.Count > 0), "taken");
    }
}
