using System.Net;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class LinkTests
{
    const string New = "purple engine walks slowly";

    static async Task<(HttpClient Ada, string Path)> Invited(Household home, string address = "cleo@casaverde.example")
    {
        var ada = await home.SignedIn("ada@casaverde.example");
        var made = await ada.Post("/settings/colleagues/invite", ("name", "Cleo Marsh"), ("address", address), ("role", home.Made.Agent.ToString(System.Globalization.CultureInfo.InvariantCulture)), ($"team-{home.Made.Team}", "true"));
        made.Status.ShouldBe(HttpStatusCode.OK);
        return (ada, new Uri(made.Text("#new-link")!).PathAndQuery);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A32_an_invitation_is_looked_at_a_hundred_times_used_once_and_kept_as_a_digest(On on)
    {
        await using var home = await Household.Open(on);
        var (_, path) = await Invited(home);
        var outside = home.House.Client();
        for (var i = 0; i < 100; i++) (await outside.See(path)).Status.ShouldBe(HttpStatusCode.OK);
        var page = await outside.See(path);
        page.Body.ShouldContain("Cleo Marsh");
        page.Body.ShouldContain("Casa Verde");
        (await outside.Send(page, path, ("password", "too short"))).Error("password").ShouldNotBeNull().ShouldContain("At least 15");
        (await outside.Send(page, path, ("password", "cleo marsh casaverde"))).Error("password").ShouldNotBeNull();
        var second = home.House.Client();
        var other = await second.See(path);
        (await outside.Send(page, path, ("password", New))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await second.Send(other, path, ("password", "some other long password"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await second.See(path)).Text("h1").ShouldBe("This link is over");
        (await outside.See("/me")).Text("h1").ShouldBe("Cleo Marsh");
        await home.SignedIn("cleo@casaverde.example", New);
        var token = path.Split('/')[^1];
        (await home.Look(db => db.Set<MailLink>().Select(l => l.TokenHash).ToListAsync())).ShouldAllBe(h => h.Length == 32 && !System.Text.Encoding.UTF8.GetBytes(token).SequenceEqual(h));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A32_of_twenty_who_press_at_once_one_gets_in(On on)
    {
        await using var home = await Household.Open(on);
        var (_, path) = await Invited(home);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var client = home.House.Client();
            return (await client.Post(path, ("password", $"{New} number {i}"))).Status;
        }));
        all.Count(s => s == HttpStatusCode.SeeOther).ShouldBe(1);
        (await home.Look(db => db.Set<Session>().CountAsync(s => s.ColleagueId != home.Ada))).ShouldBe(1);
    }

    [Fact]
    public async Task A32_empty_and_wild_tokens_open_nothing()
    {
        await using var home = await Household.Open(On.Sqlite);
        await Invited(home);
        var outside = home.House.Client();
        var page = await outside.See("/sign-in");
        foreach (var path in (string[])["/invitation", "/new-password"])
            foreach (var token in (string[])["", " ", "%20", "%", "%25", "*", "null", "undefined", "%00", "_", "%5F%25", "'%20OR%201=1--", new string('A', 43), new string('%', 43), new string('*', 43), new string('A', 5000)])
            {
                (await outside.GetAsync($"{path}/{token}")).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
                var posted = await outside.PostAsync($"{path}/{token}", new FormUrlEncodedContent(Browsing.Filled(page, "/sign-in", ("password", New))));
                ((int)posted.StatusCode).ShouldBeInRange(400, 431);
            }
        (await home.Look(db => db.Set<MailLink>().CountAsync(l => l.UsedAt == null))).ShouldBe(1);
        (await home.Look(db => db.Set<Colleague>().CountAsync(c => c.State == ColleagueState.Invited))).ShouldBe(1);
    }

    [Fact]
    public async Task A32_an_invitation_ends_after_72_hours_and_when_a_new_one_is_made()
    {
        await using var home = await Household.Open(On.Sqlite);
        var (ada, first) = await Invited(home);
        var cleo = await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.State == ColleagueState.Invited));
        var again = await ada.PostFrom($"/settings/colleagues/{cleo.Id}", $"/settings/colleagues/{cleo.Id}/link");
        var second = new Uri(again.Text("#new-link")!).PathAndQuery;
        var outside = home.House.Client();
        (await outside.See(first)).Status.ShouldBe(HttpStatusCode.NotFound);
        home.House.Clock.Advance(TimeSpan.FromHours(71.9));
        (await outside.See(second)).Status.ShouldBe(HttpStatusCode.OK);
        home.House.Clock.Advance(TimeSpan.FromHours(0.2));
        (await outside.See(second)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    // The letters that wait or went, as text.
    static async Task<List<string>> Letters(Household home, string to)
    {
        var found = new List<string>();
        using var db = home.House.Databases.Open();
        foreach (var mail in await db.Set<OutgoingMail>().Include(m => m.Recipients).Where(m => m.Recipients.Any(r => r.Address == to)).OrderBy(m => m.Id).ToListAsync())
        {
            var blob = await db.Set<Blob>().SingleAsync(b => b.Id == mail.BlobId);
            found.Add(System.Text.Encoding.UTF8.GetString(await home.House.Get<BlobStore>().Read(blob)).Replace("=\r\n", "", StringComparison.Ordinal));
        }
        return found;
    }

    // The path of the newest reset link, once so many letters have come.
    static async Task<string> ResetLink(Household home, int letters)
    {
        for (var i = 0; i < 300; i++)
        {
            var links = (await Letters(home, "ben@casaverde.example")).Select(l => l.Split("http://").Skip(1).FirstOrDefault()?.Split('\r', '\n')[0]).Where(l => l?.Contains("/new-password/", StringComparison.Ordinal) == true).ToList();
            if (links.Count < letters) { await Task.Delay(50); continue; }
            links[^1].ShouldNotBeNull().ShouldStartWith($"localhost:{home.House.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}/new-password/");
            return links[^1]![links[^1]!.IndexOf('/', StringComparison.Ordinal)..].Replace("=3D", "=", StringComparison.Ordinal);
        }
        throw new TimeoutException("No letter came.");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A32_a_forgotten_password_is_asked_for_comes_by_mail_lasts_a_quarter_of_an_hour_and_ends_all_sessions(On on)
    {
        await using var home = await Household.Open(on);
        var ben = await home.SignedIn("ben@casaverde.example");
        var outside = home.House.Client();
        var asked = await outside.Post("/sign-in/forgotten", ("address", "Ben@CasaVerde.example"));
        asked.Text("h1").ShouldBe("Look at your mail");
        var unknown = await home.House.Client().Post("/sign-in/forgotten", ("address", "nobody@casaverde.example"));
        (unknown.Status, unknown.Text("main")).ShouldBe((asked.Status, asked.Text("main")));
        var path = await ResetLink(home, 1);
        (await Letters(home, "nobody@casaverde.example")).ShouldBeEmpty();
        // Looked at as often as one likes, by a mail program that follows each link, say; a quarter of an hour, not a second more.
        for (var i = 0; i < 100; i++) (await outside.See(path)).Status.ShouldBe(HttpStatusCode.OK);
        var typed = await outside.See(path);
        home.House.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await outside.See(path)).Status.ShouldBe(HttpStatusCode.OK);
        home.House.Clock.Advance(TimeSpan.FromSeconds(2));
        (await outside.See(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await outside.Send(typed, path, ("password", New))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.OK, "a link that is over changed nothing");
        (await outside.Post("/sign-in/forgotten", ("address", "ben@casaverde.example"))).Text("h1").ShouldBe("Look at your mail");
        path = await ResetLink(home, 2);
        var twice = await outside.See(path);
        (await outside.Send(twice, path, ("password", New))).Location.ShouldBe("/sign-in?done=password");
        (await outside.Send(twice, path, ("password", "another four long words"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await outside.See(path)).Text("h1").ShouldBe("This link is over");
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        await home.SignedIn("ben@casaverde.example", New);
        (await home.House.Client().Post("/sign-in", ("address", "ben@casaverde.example"), ("password", Household.Password))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A31_links_come_from_the_configured_address_whatever_a_request_says_and_unknown_hosts_are_refused()
    {
        await using var home = await Household.Open(On.Sqlite);
        var port = home.House.Url.Port;
        string[] evil = ["evil.example", "evil.example:80", $"evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example#localhost", "localhost@evil.example", "xn--lcalhost-8ya", "localhost.", "127.1",
            "0x7f000001", "2130706433", "127.0.0.2", "0.0.0.0", "[::2]", "[::ffff:127.0.0.1]", "192.168.1.1", "LOCALHOST.EVIL", "help.casaverde.example", "evil"];
        using var client = home.House.Client();
        var forgotten = await client.See("/sign-in/forgotten");
        var before = (await home.Count<MailLink>(), await home.Count<OutgoingMail>());
        foreach (var host in evil)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
            request.Headers.TryAddWithoutValidation("Host", host);
            HttpStatusCode status;
            try { status = (await client.SendAsync(request)).StatusCode; } catch (FormatException) { continue; }
            status.ShouldBe(HttpStatusCode.BadRequest, host);
            // Nor does it write a letter, to anybody.
            using var wish = new HttpRequestMessage(HttpMethod.Post, "/sign-in/forgotten") { Content = new FormUrlEncodedContent(Browsing.Filled(forgotten, "/sign-in/forgotten", ("address", "ben@casaverde.example"))) };
            wish.Headers.TryAddWithoutValidation("Host", host);
            (await client.SendAsync(wish)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, host);
        }
        (await home.Count<MailLink>(), await home.Count<OutgoingMail>()).ShouldBe(before);
        // What goes by the front door but names another house in its headers changes no link.
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("Forwarded", "host=evil.example");
        client.DefaultRequestHeaders.Add("X-Original-Host", "evil.example");
        await client.Post("/sign-in", ("address", "ada@casaverde.example"), ("password", Household.Password));
        var made = await client.Post("/settings/colleagues/invite", ("name", "Cleo Marsh"), ("address", "cleo@casaverde.example"), ("role", home.Made.Agent.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        made.Text("#new-link").ShouldNotBeNull().ShouldStartWith($"http://localhost:{port}/invitation/");
        (await Letters(home, "cleo@casaverde.example")).Single().ShouldNotContain("evil");
        // The same for the letter that somebody else may ask for in one's name.
        using var stranger = home.House.Client();
        foreach (var (name, value) in new[] { ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "444"), ("Forwarded", "host=evil.example;proto=https"), ("X-Original-Host", "evil.example"), ("X-Host", "evil.example"), ("X-HTTP-Host-Override", "evil.example"), ("Origin", "http://evil.example"), ("Referer", "http://evil.example/") })
            stranger.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        await stranger.Post("/sign-in/forgotten", ("address", "ben@casaverde.example"));
        await ResetLink(home, 1);
        (await Letters(home, "ben@casaverde.example")).ShouldAllBe(letter => !letter.Contains("evil", StringComparison.Ordinal));
    }
}
