using System.Net;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

/// <summary>What holds for every route there is, taken from the running program: a new one is under it by itself.</summary>
public class RouteTests
{
    // Reviewed: each line is a door that anyone may knock at. A new one is added here on purpose, or not at all.
    static readonly string[] AnyoneMay =
    [
        "GET /sign-in", "POST /sign-in", "POST /sign-in/code", "POST /sign-out", "GET /sign-in/forgotten", "POST /sign-in/forgotten",
        "GET /invitation/{token}", "POST /invitation/{token}", "GET /new-password/{token}", "POST /new-password/{token}",
        "GET /first-run", "POST /first-run/open", "POST /first-run", "GET /health/live", "GET /health/ready",
        // By an address that is sealed for one mail and one who reads it.
        "GET /pictures/{token}",
        // By the token of a colleague's calendar, which its program sends without a cookie.
        "GET /promises/feed/{token}",
    ];

    // Customers have no account: the web form, a case by the link that only its receiver has, and the colours of both.
    static readonly string[] DoorsOfCustomers = ["/ask", "/c/", "/brand/"];

    static IEnumerable<(RouteEndpoint Route, string Method, string Path)> Routes(TestHouse house) =>
        house.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PublicRoute>()?.Why != "our own files")
            // Added by the framework to a program that runs from its build; without a mark, so the gate refuses it.
            .Where(e => e.RoutePattern.RawText != "{**path:file}")
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Select(m => (e, m, "/" + e.RoutePattern.RawText!.TrimStart('/'))));

    static string Filled(string path, string id = "1")
    {
        var parts = path.Split('/');
        for (var i = 0; i < parts.Length; i++) if (parts[i].StartsWith('{')) parts[i] = parts[i].Contains("long", StringComparison.Ordinal) || parts[i].Contains("int", StringComparison.Ordinal) ? id : new string('A', 43);
        return string.Join('/', parts);
    }

    [Fact]
    public async Task A47_every_route_says_who_may_and_what_anyone_may_is_a_short_list()
    {
        await using var home = await Household.Open(On.Sqlite);
        var routes = Routes(home.House).ToList();
        routes.Count.ShouldBeGreaterThan(40);
        var bare = routes.Where(r => r.Route.Metadata.GetMetadata<NeedsVerb>() is null && r.Route.Metadata.GetMetadata<NeedsKey>() is null && r.Route.Metadata.GetMetadata<PublicRoute>() is null);
        bare.Select(r => $"{r.Method} {r.Path}").ShouldBeEmpty();
        var anyone = routes.Where(r => r.Route.Metadata.GetMetadata<PublicRoute>() is not null).ToList();
        anyone.ShouldAllBe(r => r.Route.Metadata.GetMetadata<PublicRoute>()!.Why.Length > 10);
        anyone.Select(r => $"{r.Method} {r.Path}").Where(line => !AnyoneMay.Contains(line) && !DoorsOfCustomers.Any(d => line.Contains(' ' + d, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A47_nobody_gets_a_page_without_signing_in()
    {
        await using var home = await Household.Open(On.Sqlite);
        var outside = home.House.Client();
        foreach (var (route, method, path) in Routes(home.House).Where(r => r.Route.Metadata.GetMetadata<PublicRoute>() is null))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method == "ANY" ? "GET" : method), Filled(path));
            var answer = await outside.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.Redirect) answer.Headers.Location!.OriginalString.ShouldStartWith("/sign-in?return=", customMessage: path);
            else answer.StatusCode.ShouldBeOneOf([HttpStatusCode.Unauthorized], $"{method} {path}");
        }
        (await outside.See("/nothing.txt")).Status.ShouldBe(HttpStatusCode.NotFound);
        // And a second house-warming is not to be had.
        foreach (var path in (string[])["/first-run", "/first-run?code=AAAA-BBBB-CCCC"]) (await outside.See(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A22_who_holds_no_verb_of_the_settings_opens_none_of_their_routes()
    {
        await using var home = await Household.Open(On.Sqlite);
        var ben = await home.SignedIn("ben@casaverde.example");
        foreach (var (route, method, path) in Routes(home.House).Where(r => r.Path.StartsWith("/settings/", StringComparison.Ordinal)))
        {
            if (route.Metadata.GetMetadata<NeedsVerb>()?.Verb is Verb.SeeCases or Verb.WorkCases or Verb.ReplyToCases or Verb.SeePeople or Verb.ChangePeople) continue;
            using var request = new HttpRequestMessage(new HttpMethod(method), Filled(path, home.Ada.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            (await ben.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }
        (await ben.See("/settings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A27_no_write_is_carried_out_without_its_token_or_from_another_site(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        var page = await ada.See("/me");
        page.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        async Task<(int, long)> State() => (await home.Count<Fact>(), await home.Look(db => db.Set<Colleague>().SumAsync(c => c.Version)));
        var before = await State();
        var sent = 0;
        foreach (var (route, method, path) in Routes(home.House).Where(r => r.Method is not ("GET" or "HEAD" or "OPTIONS" or "ANY")))
        {
            if (route.Metadata.GetMetadata<WithoutToken>() is not null) { route.Metadata.GetMetadata<NeedsKey>().ShouldNotBeNull(path); continue; }
            var target = Filled(path, home.Ben.ToString(System.Globalization.CultureInfo.InvariantCulture));
            List<KeyValuePair<string, string>> fields = [new("name", "Mallory"), new("address", "mallory@evil.example"), new("role", home.Made.Administrator.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("theme", "dark")];
            using var bare = new HttpRequestMessage(new HttpMethod(method), target) { Content = new FormUrlEncodedContent(fields) };
            (await ada.SendAsync(bare)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"without token: {method} {path}");
            foreach (var site in (string[])["cross-site", "same-site", "evil"])
            {
                using var foreign = new HttpRequestMessage(new HttpMethod(method), target) { Content = new FormUrlEncodedContent([.. Browsing.Filled(page, "/me").Where(f => f.Key == "__RequestVerificationToken"), .. fields]) };
                foreign.Headers.Add("Sec-Fetch-Site", site);
                (await ada.SendAsync(foreign)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"from elsewhere: {method} {path}");
            }
            sent++;
        }
        sent.ShouldBeGreaterThan(15);
        (await State()).ShouldBe(before);
        (await ada.See("/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A27_A08_looking_changes_nothing()
    {
        await using var home = await Household.Open(On.Sqlite);
        var ada = await home.SignedIn("ada@casaverde.example");
        async Task<(int, int, int, int)> State() => (await home.Count<Fact>(), await home.Count<MailLink>(), await home.Count<AccessKey>(), await home.Count<Session>());
        var before = await State();
        foreach (var (route, method, path) in Routes(home.House).Where(r => r.Method == "GET" && r.Path != "/live"))
            (await ada.GetAsync(Filled(path, home.Ben.ToString(System.Globalization.CultureInfo.InvariantCulture)), HttpCompletionOption.ResponseHeadersRead)).Dispose();
        (await State()).ShouldBe(before);
    }

    [Fact]
    public async Task A45_sixty_ways_to_lead_elsewhere_lead_home()
    {
        await using var home = await Household.Open(On.Sqlite);
        string[] heads = ["//", "///", "////", "\\\\", "/\\", "\\/", "/\t/", "/\n/", "/\r\n/", "\t//", " //", "//\t", "https://", "HTTPS://", "http:", "https:/", "https:\\\\", "javascript:", "data:text/html,", "//evil@", "/\0/", "ftp://", "\u0001//", "/\u0085/", "〱", "／／", "", "./", "../", "@"];
        var forms = heads.SelectMany(h => new[] { h + "evil.example", h + "evil.example/%2f.." }).Distinct().ToList();
        forms.Count.ShouldBe(60);
        foreach (var form in forms)
        {
            LocalPath.Is(form).ShouldBeFalse(form);
            LocalPath.Or(form, "/").ShouldBe("/");
        }
        // By the real door, too: signed in already, and by signing in.
        var ada = await home.SignedIn("ada@casaverde.example");
        foreach (var form in forms.Where(f => !f.Contains('\0'))) (await ada.See("/sign-in?return=" + Uri.EscapeDataString(form))).Location.ShouldBe("/", form);
        foreach (var form in forms.Take(3))
            (await home.House.Client().Post("/sign-in", ("address", "ada@casaverde.example"), ("password", Household.Password), ("return", form))).Location.ShouldBe("/", form);
        (await ada.See("/sign-in?return=" + Uri.EscapeDataString("/søk?q=ø"))).Location.ShouldBe("/s%C3%B8k?q=%C3%B8");
    }

    [Fact]
    public async Task A25_members_that_a_form_does_not_have_change_nothing()
    {
        await using var home = await Household.Open(On.Sqlite);
        var ben = await home.SignedIn("ben@casaverde.example");
        var before = await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.Id == home.Ben));
        // Every property of every noun of Trust, and names that others have used, on one's own account.
        var extra = new[] { typeof(Colleague), typeof(Role), typeof(Team), typeof(Session), typeof(AccessKey), typeof(RolePermission) }.SelectMany(t => t.GetProperties()).Select(p => p.Name).Distinct()
            .Where(n => n is not ("Version" or "Name" or "Theme" or "Zone" or "Language" or "Signature" or "KeysOff"))
            .Concat(["isAdmin", "admin", "role", "roleId", "RoleId", "state", "passwordHash", "password", "address", $"team-{home.Made.Team}", "verb-41", "verb-1"])
            .Select(n => (n, (string?)(n.Contains("ole", StringComparison.Ordinal) ? home.Made.Administrator.ToString(System.Globalization.CultureInfo.InvariantCulture) : "3"))).ToArray();
        (await ben.Post("/me", [.. extra, ("name", "Ben K. Kim")])).Location.ShouldBe("/me?done=saved");
        var after = await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.Id == home.Ben));
        (after.Name, after.RoleId, after.Address, after.State, after.PasswordHash, after.TotpKey).ShouldBe(("Ben K. Kim", before.RoleId, before.Address, before.State, before.PasswordHash, before.TotpKey));
        (await home.Look(db => db.Set<RolePermission>().CountAsync(p => p.RoleId == home.Made.Agent))).ShouldBe(5);
        var options = home.House.Get<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        options.UnmappedMemberHandling.ShouldBe(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
    }
}
