using System.Net;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class AccountTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_house_is_set_up_once_with_the_code_of_the_console(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        var client = house.Client();
        (await client.See("/")).Location.ShouldBe("/first-run");
        (await client.See("/sign-in")).Location.ShouldBe("/first-run");
        var closed = await client.See("/first-run");
        (await client.Send(closed, "/first-run/open", ("code", "AAAA-BBBB-CCCC"))).Error("code").ShouldNotBeNull();
        (await client.Send(closed, "/first-run", ("code", "AAAA-BBBB-CCCC"), ("name", "Mallory"))).Error("code").ShouldNotBeNull();
        var open = await client.Send(closed, "/first-run/open", ("code", house.Get<FirstRun>().Code.ToLowerInvariant()));
        open.Status.ShouldBe(HttpStatusCode.OK);
        var wrong = await client.Send(open, "/first-run", ("name", "Ada Lund"), ("address", "ada"), ("password", "short"), ("company", "Casa Verde"), ("hours", "always"));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        new[] { "address", "password", "hours" }.ShouldAllBe(f => wrong.Error(f) != null);
        wrong.Value("company").ShouldBe("Casa Verde");
        // One check of hours for all who ask for them: what the company's page refuses is refused here.
        (await client.Send(wrong, "/first-run", ("hours", "Mon 09:00-12:00; Mon 11:00-13:00"))).Error("hours").ShouldNotBeNull().ShouldContain("11:00-13:00");
        var done = await client.Send(wrong, "/first-run", ("address", "ada@casaverde.example"), ("password", Household.Password), ("hours", "Mon-Fri 08:00-16:30; Sat 10:00-13:00"), ("zone", "Europe/Oslo"));
        done.Location.ShouldBe("/first-run/ready");
        (await client.See("/first-run/ready")).Text("h1").ShouldBe("The house stands");
        (await client.See("/first-run")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await house.Client().Send(open, "/first-run", ("name", "Second"))).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        var settings = house.Get<House>();
        (settings.Get(HouseSettings.Company), settings.Get(HouseSettings.Zone), settings.Get(HouseSettings.SetUp)).ShouldBe(("Casa Verde", "Europe/Oslo", true));
        using var db = house.Databases.Open();
        (await db.Set<Role>().CountAsync(), await db.Set<Team>().CountAsync(), await db.Set<Brand>().CountAsync(b => b.IsDefault), await db.Set<Colleague>().CountAsync()).ShouldBe((4, 1, 1, 1));
        (await db.Set<RolePermission>().CountAsync(p => p.Scope == Scope.All && db.Set<Colleague>().Any(c => c.RoleId == p.RoleId))).ShouldBe(Enum.GetValues<Verb>().Length);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_second_factor_is_switched_on_and_off_on_ones_own_page(On on)
    {
        await using var home = await Household.Open(on);
        var ben = await home.SignedIn("ben@casaverde.example");
        var page = await ben.See("/me/second-factor");
        page.Document.QuerySelector(".qr img")!.GetAttribute("src")!.ShouldStartWith("data:image/png;base64,iVBOR");
        var key = page.Text(".steps .mono")!.Replace(" ", "", StringComparison.Ordinal);
        (await ben.Send(page, "/me/second-factor", ("code", "000000"))).Error("code").ShouldNotBeNull();
        var bytes = FromBase32(key);
        home.House.Clock.Advance(TimeSpan.FromMinutes(16));
        (await ben.Send(page, "/me/second-factor", ("code", Totp.Code(bytes, Totp.StepOf(home.House.Now))))).Error("current-password").ShouldNotBeNull();
        var codes = await ben.Send(page, "/me/second-factor", ("code", Totp.Code(bytes, Totp.StepOf(home.House.Now))), ("current-password", Household.Password));
        codes.Document.QuerySelectorAll(".codes li").Length.ShouldBe(10);
        (await home.Look(db => db.Set<RecoveryCode>().CountAsync(r => r.ColleagueId == home.Ben))).ShouldBe(10);
        (await home.Look(db => db.Set<Colleague>().Where(c => c.Id == home.Ben).Select(c => c.TotpKey).SingleAsync()))!.Length.ShouldBe(48);
        (await ben.PostFrom("/me", "/me/second-factor/off", ("current-password", "wrong wrong wrong"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ben.PostFrom("/me", "/me/second-factor/off", ("current-password", Household.Password))).Location.ShouldBe("/me?done=code-off");
        (await home.Look(db => db.Set<RecoveryCode>().CountAsync())).ShouldBe(0);
    }

    static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        int bits = 0, held = 0;
        foreach (var c in text)
        {
            held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal);
            if ((bits += 5) < 8) continue;
            bytes.Add((byte)(held >> (bits -= 8)));
            held &= (1 << bits) - 1;
        }
        return [.. bytes];
    }

    [Fact]
    public async Task One_sees_ones_own_sessions_ends_them_and_nobody_elses()
    {
        await using var home = await Household.Open(On.Sqlite);
        var ben = await home.SignedIn("ben@casaverde.example");
        var phone = await home.SignedIn("ben@casaverde.example");
        var ada = await home.SignedIn("ada@casaverde.example");
        var adas = await home.Look(db => db.Set<Session>().Where(s => s.ColleagueId == home.Ada).Select(s => s.Id).SingleAsync());
        var page = await ben.See("/me");
        page.Document.QuerySelectorAll(".session-row").Length.ShouldBe(2);
        (await ben.Send(page, $"/me/sessions/{adas}/end")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ben.Send(page, "/me/sessions/end-others")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await phone.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await ada.See("/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_key_is_shown_once_opens_until_it_is_revoked_and_teams_and_roles_are_made(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        var made = await ada.Post("/settings/keys", ("name", "Postfix"));
        var key = made.Text("#new-key").ShouldNotBeNull();
        (await ada.See("/settings/keys")).Body.ShouldNotContain(key);
        var id = await home.Look(db => db.Set<AccessKey>().Where(k => k.Hash == Gate.Digest(key)).Select(k => k.Id).SingleAsync());
        (await ada.PostFrom("/settings/keys", $"/settings/keys/{id}/revoke")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await home.Look(db => db.Set<AccessKey>().CountAsync(k => k.RevokedAt == null))).ShouldBe(0);
        (await ada.Post("/settings/teams", ("name", "Workshop"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ada.Post("/settings/teams", ("name", "Workshop"))).Error("name").ShouldBe("Another team has this name.");
        (await ada.Post("/settings/roles/new", ("name", "Night shift"), ("verb-1", "2"), ("verb-2", "1"), ("verb-20", "2"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ada.Post("/settings/roles/new", ("name", "Night shift"), ("verb-1", "2"), ("verb-2", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var role = await home.Look(db => db.Set<Role>().Include(r => r.Permissions).SingleAsync(r => r.Name == "Night shift"));
        role.Permissions.Select(p => (p.Verb, p.Scope)).Order().ShouldBe([(Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Own)]);
        (await ada.PostFrom($"/settings/roles/{role.Id}", $"/settings/roles/{role.Id}/delete")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await home.Look(db => db.Set<Role>().CountAsync())).ShouldBe(4);
    }

    [Fact]
    public async Task A28_no_answer_holds_a_secret()
    {
        await using var home = await Household.Open(On.Sqlite);
        var client = await home.SignedIn("ada@casaverde.example");
        await client.Post("/settings/keys", ("name", "Postfix"));
        List<string> secrets;
        using (var db = home.House.Databases.Open())
        {
            var colleagues = await db.Set<Colleague>().ToListAsync();
            secrets = [Household.Password, .. colleagues.Select(c => c.PasswordHash!)];
            foreach (var hash in (await db.Set<Session>().Select(s => s.TokenHash).ToListAsync()).Concat(await db.Set<AccessKey>().Select(k => k.Hash).ToListAsync()))
                secrets.AddRange([Convert.ToBase64String(hash), Convert.ToHexString(hash), Convert.ToHexStringLower(hash)]);
        }
        foreach (var path in (string[])["/me", "/me/second-factor", "/settings", "/settings/colleagues", $"/settings/colleagues/{home.Ada}", $"/settings/colleagues/{home.Ben}", "/settings/teams", "/settings/roles", "/settings/keys", "/sign-in", "/nothing-here"])
        {
            var seen = await client.See(path);
            var whole = seen.Body + string.Join('\n', seen.Answer.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}"));
            secrets.ShouldAllBe(s => !whole.Contains(s, StringComparison.OrdinalIgnoreCase), path);
        }
        // A write's answer may be kept for a day: no token is among those kept.
        (await home.Look(db => db.Set<Amends.Foundation.Data.WriteKey>().Select(k => k.Answer).ToListAsync())).ShouldAllBe(a => a == null || a.Length < 40);
    }

    sealed class Lines : Microsoft.Extensions.Logging.ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public readonly System.Collections.Concurrent.ConcurrentQueue<string> All = [];
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;
        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception) + exception);
        public void Dispose() { }
    }

    [Fact]
    public async Task A28_A46_no_line_of_the_log_holds_a_secret()
    {
        var lines = new Lines();
        await using var home = await Household.Open(On.Sqlite, services =>
        {
            services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(lines);
            services.Configure<Microsoft.Extensions.Logging.LoggerFilterOptions>(o => o.MinLevel = Microsoft.Extensions.Logging.LogLevel.Information);
            services.AddSingleton(new TryIt(_ => throw new InvalidOperationException("canary of the log")));
        });
        var outside = home.House.Client();
        await outside.Post("/sign-in", ("address", "violet-canary-in-the-wrong-field"), ("password", "other-canary-password"));
        var ada = await home.SignedIn("ada@casaverde.example");
        var made = await ada.Post("/settings/colleagues/invite", ("name", "Cleo Marsh"), ("address", "cleo@casaverde.example"), ("role", home.Made.Agent.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var path = new Uri(made.Text("#new-link")!).PathAndQuery;
        await outside.Post(path, ("password", "third canary password"));
        var key = (await ada.Post("/settings/keys", ("name", "Postfix"))).Text("#new-key")!;
        (await ada.PostFrom("/first-run/ready", "/first-run/try", ("password", "fourth canary password"))).Status.ShouldBe(HttpStatusCode.InternalServerError);
        string[] secrets = [Household.Password, "violet-canary-in-the-wrong-field", "other-canary-password", "third canary password", "fourth canary password", path.Split('/')[^1], key];
        // The log is heard at all, and says what failed without saying with what.
        lines.All.ShouldContain(l => l.Contains("canary of the log", StringComparison.Ordinal));
        foreach (var line in lines.All) secrets.ShouldAllBe(s => !line.Contains(s, StringComparison.Ordinal), line);
    }
}
