using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

/// <summary>Mailboxes that are signed in to at their provider, against a strict authorisation server and mail servers that check its tokens.</summary>
public class MailSignInTests
{
    sealed class Scene : IAsyncDisposable
    {
        public required MailStand Stand;
        public required FakeProvider Provider;
        public required HttpClient Ben;
        public TestHouse House => Stand.House;
        public string Server => string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{Stand.Box}/server");
        public string Begin => string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{Stand.Box}/sign-in");
        public MailTokens Tokens => House.Get<MailTokens>();

        public static async Task<Scene> Open(On on, string provider = "microsoft")
        {
            var stand = await MailStand.Open(on, services => services.AddSingleton(new MailTrust(Certificates.Root)).AddSingleton(new TokenPatience(TimeSpan.FromSeconds(2))));
            var auth = await FakeProvider.Open(stand.House.Clock);
            var scene = new Scene { Stand = stand, Provider = auth, Ben = await stand.House.ClientOf(stand.Ben) };
            stand.Imap.Tokens = (user, token) => auth.IsGood(user, token);
            var page = await scene.Ben.See($"/settings/mail-sign-in/{provider}");
            auth.Redirect = page.Text("#redirect").ShouldNotBeNull();
            if (provider == "google") auth.Scopes = "openid email https://mail.google.com/";
            var saved = await scene.Ben.Post($"/settings/mail-sign-in/{provider}", ("client", FakeProvider.Client), ("secret", FakeProvider.Secret), ("tenants", provider == "google" ? null : FakeProvider.Tenant), ("hosts", "localhost"), ("authorize", auth.Root + "/authorize"), ("tokens", auth.Root + "/token"));
            saved.Location.ShouldBe("/settings/mail-sign-in", saved.Body);
            saved = await scene.Ben.Post(scene.Server, ("on", "true"), ("host", "localhost"), ("port", stand.Imap.Port.ToString(CultureInfo.InvariantCulture)), ("security", "none"), ("login", provider), ("user", "service@amends.example"), ("begin", "all"), ("do", "save"));
            saved.Location.ShouldBe(scene.Server, saved.Body);
            return scene;
        }

        /// <summary>Goes to the provider: what it answers leads back to us.</summary>
        public async Task<string> GoThere(HttpClient? browser = null)
        {
            var asked = await (browser ?? Ben).PostFrom(Server, Begin);
            asked.Status.ShouldBe(HttpStatusCode.OK, asked.Body);
            var link = asked.Document.QuerySelector("a.btn.main")!.GetAttribute("href")!;
            asked.Answer.Headers.GetValues("Refresh").ShouldBe(["0;url=" + link]);
            using var there = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            var answer = await there.GetAsync(link);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
            return answer.Headers.Location!.AbsoluteUri;
        }

        /// <summary>The browser comes back, with other words where they are given.</summary>
        public static async Task<Seen> ComeBack(HttpClient browser, string url) => await browser.See(new Uri(url).PathAndQuery);

        public async Task SignIn()
        {
            var back = await ComeBack(Ben, await GoThere());
            back.Location.ShouldBe(Server, back.Body);
            Provider.Faults.ShouldBeEmpty();
        }

        /// <summary>The same after the provider has had reason to complain.</summary>
        public async Task SignInAgain()
        {
            var (back, faults) = (await ComeBack(Ben, await GoThere()), Provider.Faults.Count);
            back.Location.ShouldBe(Server, back.Body);
            Provider.Faults.Count.ShouldBe(faults);
        }

        public async Task<MailGrant?> Grant()
        {
            using var db = House.Databases.Open();
            return await db.Set<MailGrant>().SingleOrDefaultAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Ben.Dispose();
            await Stand.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }

    static async Task SendOne(TestHouse house, string to)
    {
        var draft = new MailDraft { From = new Amends.Mail.Mailbox("service@amends.example"), Subject = "Hello", Date = house.Clock.GetUtcNow(), Text = "Hello" };
        draft.To.Add(new Amends.Mail.Mailbox(to));
        var ready = await house.Get<Outbox>().Prepare(draft);
        await house.Write.Run(Actor.System("test"), null, db => { Outbox.Queue(db, ready); return Task.CompletedTask; });
    }

    [Theory, InlineData(On.Sqlite, "microsoft"), InlineData(On.Postgres, "microsoft"), InlineData(On.Sqlite, "google")]
    public async Task A_mailbox_is_signed_in_to_read_and_sent_from_by_tokens_that_are_renewed(On on, string provider)
    {
        await using var scene = await Scene.Open(on, provider);
        scene.Provider.Rotates = provider == "microsoft";
        var (stand, house) = (scene.Stand, scene.House);
        stand.Arrive(2);
        // Before anybody has signed in: said, with a button.
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.NotSignedIn, "nobody signed in");
        var name = provider == "microsoft" ? "Microsoft" : "Google";
        (await scene.Ben.See("/settings/mail-health")).Body.ShouldContain($"Nobody has signed in to service@amends.example at {name} yet.");
        (await scene.Ben.See(scene.Server)).Text(".banner.risk").ShouldNotBeNull().ShouldContain("Nobody has signed in as service@amends.example yet");
        stand.Imap.Heard.ShouldNotContain(h => h.StartsWith("AUTHENTICATE", StringComparison.Ordinal));
        await scene.SignIn();
        (await scene.Ben.See(scene.Server)).Text(".banner.good").ShouldNotBeNull().ShouldStartWith("Signed in as service@amends.example since");
        await stand.AllIsWell(TimeSpan.FromSeconds(5));
        (await scene.Ben.Post(scene.Server, ("do", "test"))).Text(".banner.good[role=status]").ShouldBe("localhost let us in. INBOX has 2 messages. Nothing was changed.");

        // Sending by the same sign-in: a test first, then for good; one token for both.
        await using var smtp = new FakeSmtp { Tls = Certificates.Good, SignIn = scene.Provider.IsGood, Offers = ["AUTH XOAUTH2", "PIPELINING"] };
        // (The notice that nobody had signed in lies in the Outbox.)
        (string, string?)[] typed = [("on", "true"), ("host", "localhost"), ("port", smtp.Port.ToString(CultureInfo.InvariantCulture)), ("security", "tls"), ("as", stand.Box.ToString(CultureInfo.InvariantCulture)), ("undo", "0"), ("kept", "none")];
        (await scene.Ben.Post("/settings/mail-out", [.. typed, ("do", "test")])).Text(".banner").ShouldStartWith("The server took a test message");
        (await scene.Ben.Post("/settings/mail-out", [.. typed.Where(t => t.Item1 != "security"), ("security", "none"), ("do", "save")])).Error("security").ShouldBe("A token goes by TLS or STARTTLS only.");
        (await scene.Ben.Post("/settings/mail-out", [.. typed, ("do", "save")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        await SendOne(house, "maria@customer.example");
        await stand.Until(() => smtp.Taken.Any(t => t.To.Contains("maria@customer.example")), "sent by token");
        scene.Provider.Asked.ShouldBe(["authorization_code"]);

        // Over after an hour: one new token, for reading and for sending.
        house.Clock.Advance(TimeSpan.FromMinutes(59));
        stand.Imap.HangUp();
        stand.Arrive(1);
        await stand.AllIsWell(TimeSpan.FromSeconds(2));
        await SendOne(house, "olga@customer.example");
        await stand.Until(() => smtp.Taken.Any(t => t.To.Contains("olga@customer.example")), "sent by the next");
        scene.Provider.Asked.ShouldBe(["authorization_code", "refresh_token"]);
        scene.Provider.Faults.ShouldBeEmpty();

        // Nothing of all that lies in the clear, in pages or in rows.
        using var db = house.Databases.Open();
        var grant = await db.Set<MailGrant>().SingleAsync();
        foreach (var secret in scene.Provider.Given.Append(FakeProvider.Secret))
        {
            foreach (var kept in new[] { grant.Refresh, grant.Access! }) kept.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1);
            foreach (var page in new[] { scene.Server, "/settings/mail-sign-in", $"/settings/mail-sign-in/{provider}", "/settings/mail-out", "/settings/mail-health" }) (await scene.Ben.See(page)).Body.ShouldNotContain(secret);
        }
        (await db.Set<Setting>().Select(s => s.Text ?? "").ToListAsync()).ShouldAllBe(t => !t.Contains(FakeProvider.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A29_what_comes_back_is_taken_once_and_only_in_the_session_that_asked()
    {
        await using var scene = await Scene.Open(On.Sqlite);
        const string no = "This sign-in was not begun here, or was used already, or took longer than ten minutes. Nothing was changed.";
        async Task Refused(HttpClient browser, string url, string why)
        {
            var asked = scene.Provider.Asked.Count;
            var back = await Scene.ComeBack(browser, url);
            back.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, why);
            back.Text(".banner.broken").ShouldBe(no, why);
            (await scene.Grant()).ShouldBeNull(why);
            scene.Provider.Asked.Count.ShouldBe(asked, "the code was not even sent: " + why);
        }
        string With(string url, string name, string? value)
        {
            var at = new Uri(url);
            var words = at.Query.TrimStart('?').Split('&').Where(w => !w.StartsWith(name + "=", StringComparison.Ordinal)).ToList();
            if (value is not null) words.Add($"{name}={Uri.EscapeDataString(value)}");
            return at.GetLeftPart(UriPartial.Path) + "?" + string.Join('&', words);
        }
        var there = await scene.GoThere();
        await Refused(scene.Ben, With(there, "state", null), "no state");
        await Refused(scene.Ben, With(there, "state", ""), "an empty state");
        await Refused(scene.Ben, With(there, "state", Sessions.Token()), "a state of nobody");
        await Refused(scene.Ben, With(there, "state", new string('x', 1_000)), "a long state");
        // The same person in another browser, and another person: each has another session.
        using var elsewhere = await scene.House.ClientOf(scene.Stand.Ben);
        await Refused(elsewhere, there, "another session");
        using var olga = await scene.House.ClientOf(await Some.Colleague(scene.House, "Olga Petrova", await Some.AdminRole(scene.House), scene.Stand.Team));
        await Refused(olga, there, "another person");
        await Refused(scene.Ben, there.Replace("/microsoft/", "/google/", StringComparison.Ordinal), "another provider's door");
        await Refused(scene.Ben, With(there, "iss", "https://other.example"), "an answer of another issuer (RFC 9207)");
        // That one used the state up.
        await Refused(scene.Ben, there, "used");
        there = await scene.GoThere();
        scene.House.Clock.Advance(TimeSpan.FromMinutes(10.1));
        await Refused(scene.Ben, there, "too late");
        // Begun twice: the second holds.
        var (first, second) = (await scene.GoThere(), await scene.GoThere());
        await Refused(scene.Ben, first, "begun again since");
        (await Scene.ComeBack(scene.Ben, second)).Location.ShouldBe(scene.Server);
        (await scene.Grant()).ShouldNotBeNull();
        // And once more with the same: nothing, and what was given stands.
        (await Scene.ComeBack(scene.Ben, second)).Text(".banner.broken").ShouldBe(no);
        (await scene.Grant()).ShouldNotBeNull();
        // Nobody signed in is asked to; who may not change settings is refused.
        using var nobody = scene.House.Client();
        (await Scene.ComeBack(nobody, second)).Location.ShouldBe("/first-run", "nobody has set this house up yet, so there is nowhere else to sign in");
        using var nora = await scene.House.ClientOf(await Some.Colleague(scene.House, "Nora None", await Some.Role(scene.House, "Nothing"), scene.Stand.Team));
        (await Scene.ComeBack(nora, second)).Status.ShouldBe(HttpStatusCode.Forbidden);
        // Another host in the request leads nowhere.
        using var forged = new HttpRequestMessage(HttpMethod.Get, new Uri(second).PathAndQuery) { Headers = { Host = "evil.example" } };
        (await scene.Ben.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        scene.Provider.Faults.ShouldBeEmpty();
    }

    static Func<JsonObject, JsonObject> Set(string name, JsonNode? value) => answer => { answer[name] = value; return answer; };
    static Func<JsonObject, JsonObject> Drop(string name) => answer => { answer.Remove(name); return answer; };

    static Func<HttpContext, Task> Says(int status, string type, string body, params (string, string)[] headers) => async http =>
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, type);
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body);
    };

    // Wrong answers of the token address, each with what is said.
    static readonly (string What, Action<FakeProvider> Do, string Says)[] Wrong =
    [
        ("token_type", p => p.Bend = Set("token_type", "mac"), "is no token: a token of a kind that mail servers do not know."),
        ("no token_type", p => p.Bend = Drop("token_type"), "a token of a kind that mail servers do not know."),
        ("no token", p => p.Bend = Drop("access_token"), "a token is missing or broken."),
        ("a token of two lines", p => p.Bend = Set("access_token", "a\r\nA1 LOGOUT"), "a token is missing or broken."),
        ("a token with a separator", p => p.Bend = Set("access_token", "a\u0001auth=Bearer b"), "a token is missing or broken."),
        ("a token that is a number", p => p.Bend = Set("access_token", 7), "a token is missing or broken."),
        ("a very long token", p => p.Bend = Set("access_token", new string('a', 20_000)), "a token is missing or broken."),
        ("a broken lasting token", p => p.Bend = Set("refresh_token", "a b"), "a token is missing or broken."),
        ("over already", p => p.Bend = Set("expires_in", 0), "the token is over already."),
        ("over before it began", p => p.Bend = Set("expires_in", -3600), "the token is over already."),
        ("without mail", p => p.Bend = Set("scope", "openid profile"), "the right to read mail was not given."),
        ("huge", p => p.Instead = Says(200, "application/json", "{\"access_token\":\"" + new string('a', 200_000) + "\"}"), "an answer longer than any token."),
        ("a page", p => p.Instead = Says(200, "text/html", "<script>alert(1)</script>"), "no JSON, and the status 200."),
        ("a page that calls itself JSON", p => p.Instead = Says(200, "application/json", "<html>"), "no JSON, and the status 200."),
        ("a list", p => p.Instead = Says(200, "application/json", "[]"), "no JSON, and the status 200."),
        ("depth", p => p.Instead = Says(200, "application/json", string.Concat(Enumerable.Repeat("[", 5_000))), "no JSON, and the status 200."),
        ("elsewhere", p => p.Instead = Says(302, "application/json", "{}", ("Location", p.Root + "/elsewhere")), "no JSON, and the status 302."),
        ("elsewhere, kept", p => p.Instead = Says(307, "text/plain", "", ("Location", "http://127.0.0.1:1/token")), "no JSON, and the status 307."),
        ("slow", p => p.Instead = async http => await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing), "gives no token now. It says: no answer in time."),
        ("cut", p => p.Instead = http => { http.Abort(); return Task.CompletedTask; }, "gives no token now."),
        ("away", p => p.Instead = Says(503, "text/html", "<h1>later</h1>"), "gives no token now. It says: 503"),
        ("too many", p => p.Instead = Says(429, "application/json", "{}"), "gives no token now. It says: 429"),
        ("not our app", p => p.Instead = Says(401, "application/json", "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: The provided client secret keys are expired.\\u0007\\r\\nTrace\"}"), "does not take the app of this house. It says: invalid_client: AADSTS7000222: The provided client secret keys are expired. Trace"),
        ("an error without a meaning", p => p.Instead = Says(400, "application/json", "{\"error\":\"\\u202Eodd\"}"), "It says: odd"),
        ("an error with 200", p => p.Instead = Says(200, "application/json", "{\"error\":\"invalid_grant\"}"), "It says: invalid_grant"),
    ];

    // Who signed in: wrong in each way.
    static readonly (string What, Func<JsonObject, JsonObject> Bend, string Says)[] Who =
    [
        ("another app", Set("aud", "somebody-else"), "Microsoft did not say who signed in. Nothing was changed."),
        ("among others", Set("aud", new JsonArray("a", "b")), "did not say who signed in"),
        ("another nonce", Set("nonce", "x"), "did not say who signed in"),
        ("no nonce", Drop("nonce"), "did not say who signed in"),
        ("over", Set("exp", 1), "did not say who signed in"),
        ("no end", Drop("exp"), "did not say who signed in"),
        ("no name", Drop("preferred_username"), "did not say who signed in"),
        ("a name that is none", Set("preferred_username", new JsonArray()), "did not say who signed in"),
        ("no directory", Drop("tid"), "did not say who signed in"),
        ("another directory", Set("tid", "11111111-2222-3333-4444-555555555555"), "service@amends.example belongs to the directory 11111111-2222-3333-4444-555555555555, which this house does not let in. Nothing was changed."),
        ("another account", Set("preferred_username", "ben.kim@amends.example"), "You signed in as ben.kim@amends.example, and this mailbox belongs to service@amends.example. Nothing was kept. Sign out at Microsoft, or choose the other account there."),
    ];

    [Fact]
    public async Task A29_wrong_answers_of_a_provider_are_said_and_nothing_is_kept()
    {
        await using var scene = await Scene.Open(On.Sqlite);
        var provider = scene.Provider;
        async Task No(string what, string says)
        {
            var back = await Scene.ComeBack(scene.Ben, await scene.GoThere());
            back.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
            back.Text(".banner.broken").ShouldNotBeNull(what).ShouldContain(says, customMessage: what);
            back.Document.QuerySelector("form[action$='/sign-in']").ShouldNotBeNull("there is a way on");
            (await scene.Grant()).ShouldBeNull(what);
        }
        foreach (var (what, act, says) in Wrong)
        {
            (provider.Bend, provider.Instead) = (null, null);
            act(provider);
            await No(what, says);
        }
        (provider.Bend, provider.Instead) = (Drop("refresh_token"), null);
        await No("not lasting", "gave access for an hour only and not lasting");
        foreach (var (name, broken) in new[] { ("no word of who", null), ("one part", "abc"), ("no JSON", "a.bm8.c"), ("no base64", "a.%%%.c") })
        {
            provider.Bend = broken is null ? Drop("id_token") : Set("id_token", broken);
            await No(name, "did not say who signed in");
        }
        provider.Bend = null;
        foreach (var (what, bend, says) in Who)
        {
            provider.BendWho = bend;
            await No(what, says);
        }
        provider.BendWho = null;
        // Words of the provider in the address itself.
        async Task Told(string query, string says)
        {
            var there = new Uri(await scene.GoThere());
            var state = there.Query.TrimStart('?').Split('&').Single(w => w.StartsWith("state=", StringComparison.Ordinal));
            (await scene.Ben.See($"{there.AbsolutePath}?{state}{query}")).Text(".banner.broken").ShouldBe(says);
        }
        await Told("&error=access_denied&error_description=no", "At Microsoft somebody said no. Nothing was changed.");
        await Told("&error=server_error&error_description=%3Cb%3Eoops%3C%2Fb%3E%0d%0a%1b[31m", "Microsoft did not let us in. It says: server_error: <b>oops</b> [31m");
        await Told("", "The provider sent no code. Nothing was changed.");
        await Told("&code=" + new string('a', 5_000), "The provider sent no code. Nothing was changed.");
        await Told("&code=made-up", "Microsoft did not let us in. It says: invalid_grant: no such code Sign in again with the button.");
        (await scene.Grant()).ShouldBeNull();
        // Until now all that we asked was right; a code of somebody else's sign-in does not fit our verifier.
        provider.Faults.ShouldBe(["no such code"]);
        var (mine, theirs) = (await scene.GoThere(), "");
        using (var there = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }))
            theirs = (await there.GetAsync($"{provider.Root}/authorize?response_type=code&client_id={FakeProvider.Client}&redirect_uri={Uri.EscapeDataString(provider.Redirect)}&scope={Uri.EscapeDataString(provider.Scopes)}&state={Sessions.Token()}&nonce={Sessions.Token()}&code_challenge={Sessions.Token()}&code_challenge_method=S256")).Headers.Location!.Query.Split('&')[0].Split('=')[1];
        (await scene.Ben.See(System.Text.RegularExpressions.Regex.Replace(new Uri(mine).PathAndQuery, "code=[0-9a-f]+", "code=" + theirs, System.Text.RegularExpressions.RegexOptions.NonBacktracking))).Text(".banner.broken").ShouldNotBeNull().ShouldContain("code_verifier");
        (await scene.Grant()).ShouldBeNull();
        // And then a right one.
        await scene.SignInAgain();
        (Wrong.Length + Who.Length + 15).ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task What_goes_wrong_later_is_said_with_a_button_and_asked_less_and_less()
    {
        await using var scene = await Scene.Open(On.Sqlite);
        var (stand, provider) = (scene.Stand, scene.Provider);
        await scene.SignIn();
        stand.Arrive(1);
        await stand.AllIsWell(TimeSpan.FromSeconds(5));
        foreach (var (what, act, says) in Wrong)
        {
            (provider.Bend, provider.Instead) = (null, null);
            await stand.House.Write.Run(Actor.System("test"), null, db => db.Set<MailGrant>().ExecuteUpdateAsync(set => set.SetProperty(g => g.RenewAt, (DateTime?)null).SetProperty(g => g.NextTry, (DateTime?)null)));
            act(provider);
            provider.Rotates = false;
            var why = await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "localhost", CancellationToken.None));
            var box = await Box(scene);
            MailTroubles.Says(why.Kind, box, why.Said).ShouldContain(says, customMessage: what);
        }
        (provider.Bend, provider.Instead, provider.Rotates) = (null, null, true);
        await stand.House.Write.Run(Actor.System("test"), null, db => MailTokens.Hurry(db, stand.Box));
        (await scene.Tokens.For(stand.Box, "localhost", CancellationToken.None)).ShouldStartWith("access-");

        // The owner of the account takes our rights away.
        provider.TakeAway();
        stand.Imap.HangUp();
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.SignInAgain, "sign in again", TimeSpan.FromMinutes(1));
        var health = await scene.Ben.See("/settings/mail-health");
        health.Text(".banner b").ShouldBe("Microsoft lets us read service@amends.example no more. It says: invalid_grant: the lasting token is none");
        health.Body.ShouldContain("Sign in again with the button.");
        health.Document.QuerySelector($"form[action='{scene.Begin}'] button")!.TextContent.ShouldBe("Sign in with Microsoft");
        // Growing pauses, for whoever asks.
        var pauses = new List<TimeSpan>();
        for (var n = 0; n < 4; n++)
        {
            var row = (await scene.Grant()).ShouldNotBeNull();
            var next = row.NextTry.ShouldNotBeNull();
            pauses.Add(next - stand.House.Now);
            var asked = provider.Asked.Count;
            for (var i = 0; i < 5; i++) (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "localhost", CancellationToken.None))).Kind.ShouldBe(MailTrouble.SignInAgain);
            provider.Asked.Count.ShouldBe(asked, "nobody asks before the pause is over");
            stand.House.Clock.Advance(next - stand.House.Now + TimeSpan.FromSeconds(1));
            await stand.Until(async () => (await scene.Grant())!.Failures > row.Failures, "asked again", TimeSpan.FromMinutes(1));
        }
        pauses[3].ShouldBeGreaterThan(pauses[0]);
        pauses[3].ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
        // The owner is told, once for each time; what was said while the clock was moved on is put aside here.
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.SignInAgain, "it stays so", TimeSpan.FromMinutes(1));
        await stand.House.Write.Run(Actor.System("test"), null, db => db.Set<MailboxState>().ExecuteUpdateAsync(set => set.SetProperty(s => s.ToldAt, (DateTime?)null)));
        await Timetable.Lines.Single(l => l.Name == "tell of mailboxes that cannot be read").Work(stand.House.App.Services, CancellationToken.None);
        using (var db = stand.House.Databases.Open())
        {
            var mail = await db.Set<OutgoingMail>().Where(m => m.Subject == "service@amends.example cannot be read").OrderByDescending(m => m.Id).FirstAsync();
            var blob = await db.Set<Blob>().SingleAsync(b => b.Id == mail.BlobId);
            MailMessage.Read(await stand.House.Get<BlobStore>().Read(blob)).TextBody.ShouldNotBeNull().ShouldContain("Microsoft lets us read service@amends.example no more.");
        }
        // The button, and it goes on where it was; nothing is lost.
        stand.Arrive(2);
        await scene.SignInAgain();
        await stand.AllIsWell(TimeSpan.FromSeconds(5));

        // A token that ends before it said so: the mail server refuses, the next one is fetched.
        provider.EndAccess();
        stand.Imap.HangUp();
        stand.Arrive(1);
        await stand.AllIsWell(TimeSpan.FromMinutes(1));
    }

    static async Task<Amends.Contacts.Mailbox> Box(Scene scene)
    {
        using var db = scene.House.Databases.Open();
        return await db.Set<Amends.Contacts.Mailbox>().SingleAsync(m => m.Id == scene.Stand.Box);
    }

    [Fact]
    public async Task A_lease_of_a_clock_that_was_ahead_keeps_nobody_from_a_token()
    {
        await using var scene = await Scene.Open(On.Postgres);
        await scene.SignIn();
        await scene.Stand.AllIsWell(TimeSpan.FromSeconds(5));
        scene.House.Clock.Advance(TimeSpan.FromMinutes(61));
        var until = scene.House.Now.AddYears(1);
        await scene.House.Write.Run(Actor.System("test"), null, db => db.Set<MailGrant>().ExecuteUpdateAsync(set => set.SetProperty(g => g.LeasedBy, "another").SetProperty(g => g.LeasedUntil, until)));
        var token = await scene.Tokens.For(scene.Stand.Box, "localhost", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        scene.Provider.IsGood("service@amends.example", token).ShouldBeTrue();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Many_who_wait_for_a_token_ask_once_and_an_answer_that_was_lost_is_told(On on)
    {
        await using var scene = await Scene.Open(on);
        var (stand, provider) = (scene.Stand, scene.Provider);
        await scene.SignIn();
        await stand.AllIsWell(TimeSpan.FromSeconds(5));
        stand.House.Clock.Advance(TimeSpan.FromMinutes(61));
        // On PostgreSQL half of them in a second process.
        await using var second = on == On.Postgres ? await TestHouse.OpenAt(Path.Combine(stand.House.Place.Folder, "second"), stand.House.Place.Postgres, also: services => services.AddSingleton<TimeProvider>(stand.House.Clock)) : null;
        if (second is not null)
        {
            File.Copy(HouseKey.FileOf(stand.House.Place), HouseKey.FileOf(second.Place), overwrite: true);
            await second.Restart(serve: false);
            second.Clock.Advance(stand.House.Clock.GetUtcNow() - second.Clock.GetUtcNow());
        }
        var given = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => Task.Run(() => (n % 2 == 1 && second is not null ? second.Get<MailTokens>() : scene.Tokens).For(stand.Box, "localhost", CancellationToken.None))));
        given.Distinct().Count().ShouldBe(1);
        provider.Asked.ShouldBe(["authorization_code", "refresh_token"]);
        provider.IsGood("service@amends.example", given[0]).ShouldBeTrue();
        // Who stops waiting ends nothing for the others.
        stand.House.Clock.Advance(TimeSpan.FromMinutes(61));
        second?.Clock.Advance(TimeSpan.FromMinutes(61));
        using var impatient = new CancellationTokenSource();
        var (one, two) = (scene.Tokens.For(stand.Box, "localhost", impatient.Token), scene.Tokens.For(stand.Box, "localhost", CancellationToken.None));
        await impatient.CancelAsync();
        provider.IsGood("service@amends.example", await two).ShouldBeTrue();
        await one.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        // Another host than the provider's gets none.
        (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "mail.evil.example", CancellationToken.None))).Kind.ShouldBe(MailTrouble.TokenOtherHost);

        // Killed between the answer and the store, where the provider does not rotate: it still works.
        stand.House.Clock.Advance(TimeSpan.FromMinutes(61));
        (provider.Rotates, provider.Instead) = (false, http => { http.Abort(); return Task.CompletedTask; });
        (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "localhost", CancellationToken.None))).Kind.ShouldBe(MailTrouble.TokenServerAway);
        provider.Instead = null;
        stand.House.Clock.Advance(TimeSpan.FromMinutes(2));
        provider.IsGood("service@amends.example", await scene.Tokens.For(stand.Box, "localhost", CancellationToken.None)).ShouldBeTrue();
        // Where it does, it is said clearly.
        stand.House.Clock.Advance(TimeSpan.FromMinutes(61));
        (provider.Rotates, provider.Instead) = (true, http => { http.Abort(); return Task.CompletedTask; });
        (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "localhost", CancellationToken.None))).Kind.ShouldBe(MailTrouble.TokenServerAway);
        provider.Instead = null;
        stand.House.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(stand.Box, "localhost", CancellationToken.None))).Kind.ShouldBe(MailTrouble.SignInAgain);
        await scene.SignInAgain();
        provider.IsGood("service@amends.example", await scene.Tokens.For(stand.Box, "localhost", CancellationToken.None)).ShouldBeTrue();
    }

    [Theory, InlineData(On.Sqlite, false), InlineData(On.Postgres, false), InlineData(On.Sqlite, true), InlineData(On.Postgres, true)]
    public async Task A_lasting_token_that_came_after_the_lease_was_over_is_kept_unless_another_came(On on, bool another)
    {
        await using var scene = await Scene.Open(on);
        await scene.SignIn();
        await scene.Stand.AllIsWell(TimeSpan.FromSeconds(5));
        var before = (await scene.Grant())!;
        scene.Provider.Rotates = true;
        byte[] other = [1, 2, 3];
        // While the answer is on its way somebody else begins.
        scene.Provider.Bend = answer =>
        {
            scene.Provider.Bend = null;
            using var db = scene.House.Databases.OpenToWrite();
            db.Set<MailGrant>().ExecuteUpdate(set => set.SetProperty(g => g.Fence, g => g.Fence + 1).SetProperty(g => g.Refresh, another ? other : before.Refresh));
            return answer;
        };
        scene.House.Clock.Advance(TimeSpan.FromMinutes(61));
        var asked = scene.Tokens.For(scene.Stand.Box, "localhost", CancellationToken.None);
        if (another)
        {
            await Should.ThrowAsync<Exception>(() => asked);
            (await scene.Grant())!.Refresh.ShouldBe(other);
            return;
        }
        scene.Provider.IsGood("service@amends.example", await asked).ShouldBeTrue();
        var after = (await scene.Grant())!;
        after.Refresh.ShouldNotBe(before.Refresh);
        after.Fence.ShouldBeGreaterThan(before.Fence + 2, "who began meanwhile says nothing of it any more");
        scene.House.Clock.Advance(TimeSpan.FromMinutes(61));
        scene.Provider.IsGood("service@amends.example", await scene.Tokens.For(scene.Stand.Box, "localhost", CancellationToken.None)).ShouldBeTrue();
        scene.Provider.Faults.ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_sign_in_ends_when_its_app_its_directories_or_its_servers_change(On on)
    {
        await using var scene = await Scene.Open(on);
        const string page = "/settings/mail-sign-in/microsoft";
        const string more = FakeProvider.Tenant + " 11111111-2222-3333-4444-555555555555";
        await scene.SignIn();
        async Task Saved(bool stands, params (string, string?)[] typed)
        {
            (await scene.Ben.Post(page, typed)).Location.ShouldBe("/settings/mail-sign-in");
            ((await scene.Grant()) is not null).ShouldBe(stands, string.Join(", ", typed));
        }
        // What leads the tokens nowhere else leaves them: nothing new, the same in other letters, another secret.
        await Saved(true);
        await Saved(true, ("hosts", "LOCALHOST"));
        await Saved(true, ("secret", FakeProvider.Secret));
        // One server more could be anybody's; one less is none.
        await Saved(false, ("hosts", "localhost mail.other.example"));
        (await Should.ThrowAsync<MailTokenTrouble>(() => scene.Tokens.For(scene.Stand.Box, "localhost", CancellationToken.None))).Kind.ShouldBe(MailTrouble.NotSignedIn);
        (await scene.Ben.See(scene.Server)).Text(".banner.risk").ShouldNotBeNull().ShouldContain("Nobody has signed in as service@amends.example yet");
        await scene.SignInAgain();
        await Saved(true, ("hosts", "localhost"));
        await Saved(false, ("tenants", more));
        await scene.SignInAgain();
        await Saved(false, ("tenants", FakeProvider.Tenant));
        await scene.SignInAgain();
        await Saved(false, ("tokens", scene.Provider.Root + "/token?v=2"), ("secret", FakeProvider.Secret));
        await Saved(false, ("tokens", scene.Provider.Root + "/token"), ("secret", FakeProvider.Secret));
        // Who was on his way meanwhile begins anew.
        var there = await scene.GoThere();
        await Saved(false, ("client", "another.app"), ("secret", "x"));
        (await Scene.ComeBack(scene.Ben, there)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await scene.Grant()).ShouldBeNull();
    }

    [Fact]
    public async Task The_pages_refuse_what_cannot_be_and_a_sign_in_holds_for_its_account_only()
    {
        await using var scene = await Scene.Open(On.Sqlite);
        const string page = "/settings/mail-sign-in/microsoft";
        var bad = await scene.Ben.Post(page, ("client", "an id"), ("secret", ""), ("tenants", "common"), ("authorize", "http://login.example.com/"), ("tokens", "https://user:pass@login.example.com/"), ("hosts", "imap/example"));
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Error("client").ShouldBe("Letters, numbers and signs without blanks.");
        bad.Error("secret").ShouldBe("For another app or address the secret has to be given again.");
        bad.Error("tenants").ShouldBe("common is no id of a directory: 32 digits in five groups.");
        foreach (var field in new[] { "authorize", "tokens" }) bad.Error(field).ShouldBe("An address that begins with https://.");
        bad.Error("hosts").ShouldBe("imap/example is no name of a server.");
        // A kept secret is not sent elsewhere by changing the address alone.
        (await scene.Ben.Post(page, ("tokens", "https://evil.example/token"))).Error("secret").ShouldNotBeNull();
        await scene.SignIn();
        // Another account, another provider, or a password: who signed in has not signed in for that.
        (await scene.Ben.Post(scene.Server, ("account", "shared@amends.example"), ("do", "test"))).Error("login").ShouldBe("Save first and sign in; then it can be tried.");
        (await scene.Ben.Post(scene.Server, ("account", "shared@amends.example"), ("do", "save"))).Location.ShouldBe(scene.Server);
        (await scene.Grant()).ShouldBeNull();
        // A mailbox that several share: the account signs in, the mailbox is opened.
        scene.Provider.Account = "shared@amends.example";
        scene.Stand.Imap.Tokens = (user, token) => user == "service@amends.example" && scene.Provider.IsGood("shared@amends.example", token);
        scene.Stand.Arrive(1);
        await scene.SignInAgain();
        await scene.Stand.AllIsWell(TimeSpan.FromSeconds(5));
        (await scene.Ben.Post(scene.Server, ("login", "password"), ("password", "x"), ("do", "save"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await scene.Grant()).ShouldBeNull();
        (await scene.Ben.PostFrom(scene.Server, scene.Begin)).Status.ShouldBe(HttpStatusCode.NotFound, "a mailbox with a password has nothing to sign in to");
    }
}
