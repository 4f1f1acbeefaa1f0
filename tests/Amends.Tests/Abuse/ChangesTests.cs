using System.Globalization;
using System.Net;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>What changes the house and what does not, judged by all rows of all tables.</summary>
public class ChangesTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A08_A27_looking_changes_no_row(On on)
    {
        await using var full = await FullHouse.Make(on);
        var before = await full.Rows();
        before.Values.Sum(rows => rows.Count).ShouldBeGreaterThan(100);
        var addresses = new List<string>();
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) addresses.AddRange(await full.Addresses(door));
        var found = await Crawl.From(full.Admin, addresses);
        found.Count.ShouldBeGreaterThan(80);
        found.Where(f => f.Status >= 500).Select(f => f.Address).ShouldBeEmpty();
        // A handler whose answer is thrown away (a page that is asked for and comes empty) shows here.
        found.Where(f => f is { Status: 200, Body.Length: 0, Type: not "text/css", Address: not "/people/suggest" }).Select(f => f.Address).ShouldBeEmpty();
        FullHouse.Differences(before, await full.Rows()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A27_nothing_changes_without_the_token_or_from_another_site()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var before = await full.Rows();
        var token = await full.TokenOf(full.Admin);
        (string, string)[] fields = [("text", "Mallory"), ("subject", "Mallory"), ("name", "Mallory"), ("address", "mallory@evil.example"), ("on", "true"), ("owner", ""), ("do", "delete"), ("pick", full.Ordinal())];
        var sent = 0;
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false }))
        {
            door.Route.Metadata.GetMetadata<WithoutToken>().ShouldBeNull(door.ToString());
            var address = (await full.Addresses(door))[0];
            async Task Send(string? site, string? accept, bool withToken, HttpStatusCode expected)
            {
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), address)
                { Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)).Concat(withToken ? [KeyValuePair.Create("__RequestVerificationToken", token)] : [])) };
                if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
                if (accept is not null) request.Headers.Add("Accept", accept);
                (await full.Admin.SendAsync(request)).StatusCode.ShouldBe(expected, $"{door} {site} {accept}");
                sent++;
            }
            await Send(null, null, false, HttpStatusCode.BadRequest);
            await Send(null, "application/json", false, HttpStatusCode.BadRequest);
            await Send("cross-site", null, true, HttpStatusCode.Forbidden);
            await Send("same-site", "application/json", true, HttpStatusCode.Forbidden);
        }
        sent.ShouldBeGreaterThan(200);
        FullHouse.Differences(before, await full.Rows()).ShouldBeEmpty();
    }

    const string Marker = "zqextra";
    const long Sentinel = 987654321987;

    [Fact]
    public async Task A25_fields_that_no_form_has_are_stored_nowhere()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        List<string> properties;
        using (var db = full.House.Databases.Open())
            properties = [.. db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Select(p => p.Name).Distinct().SelectMany(n => new[] { n, char.ToLowerInvariant(n[0]) + n[1..] })];
        var pages = (await Crawl.From(full.Admin, await Sheets(full))).Where(f => f is { IsPage: true, Status: 200 }).ToList();
        // Names that some form declares are for that form to judge; forms are read without regard to case.
        var declared = pages.SelectMany(p => p.Document.QuerySelectorAll("input[name],select[name],textarea[name],button[name]")).Select(i => i.GetAttribute("name")!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = properties.Where(p => !declared.Contains(p) && p.ToLowerInvariant() is not ("version" or "once" or "text" or "to" or "cc" or "on" or "kind" or "number" or "name" or "fact" or "address" or "id"))
            .Select(p => KeyValuePair.Create(p, p.EndsWith("Id", StringComparison.Ordinal) || p is "Version" or "State" ? Sentinel.ToString(CultureInfo.InvariantCulture) : Marker)).ToList();
        extra.Count.ShouldBeGreaterThan(150);
        var (sent, taken, done) = (0, 0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var page in pages)
        {
            foreach (var form in page.Document.QuerySelectorAll("form").Where(f => f.QuerySelector("[name=__RequestVerificationToken]") is not null))
            {
                var action = form.GetAttribute("action") ?? form.GetAttribute("hx-post");
                // Signing out would end the test; what ends sessions or files with it.
                if (action is null || !done.Add(action) || action.StartsWith("/sign-out", StringComparison.Ordinal) || action.StartsWith("/me/sessions", StringComparison.Ordinal) || action.StartsWith("/me/second-factor", StringComparison.Ordinal) || action == "/people/import") continue;
                var fields = Browsing.Filled(new Seen((HttpStatusCode)page.Status, page.Body, null, page.Answer), action).Concat(extra);
                using var body = new FormUrlEncodedContent(fields);
                var answer = await full.Admin.PostAsync(action, body);
                ((int)answer.StatusCode).ShouldBeLessThan(500, action);
                sent++;
                if ((int)answer.StatusCode < 400) taken++;
            }
        }
        sent.ShouldBeGreaterThan(30);
        taken.ShouldBeGreaterThan(12);
        foreach (var (table, rows) in await full.Rows())
            rows.Where(r => r.Contains(Marker, StringComparison.Ordinal) || r.Contains(Sentinel.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).ShouldBeEmpty(table);
        // The mark would be found where it is stored.
        await full.Post(full.Admin, $"/cases/{full.Open.Number}/notes", ("text", Marker));
        (await full.Rows())["Note"].ShouldContain(r => r.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A25_members_of_a_json_body_are_taken_by_no_route()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        Dictionary<string, object> members;
        using (var db = full.House.Databases.Open())
            members = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Select(p => p.Name).Distinct().ToDictionary(n => n, n => (object)(n.EndsWith("Id", StringComparison.Ordinal) ? Sentinel : Marker));
        foreach (var name in new[] { "text", "subject", "name", "address", "role", "isPublic", "tenantId", "passwordHash", "createdBy", "do", "on" }) members[name] = Marker;
        var token = await full.TokenOf(full.Admin);
        var before = await full.Rows();
        var sent = 0;
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false }))
            foreach (var type in new[] { "application/json", "text/plain", "application/xml" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), (await full.Addresses(door))[0]) { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(members), System.Text.Encoding.UTF8, type) };
                request.Headers.Add("X-Form-Token", token);
                var answer = await full.Admin.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType, $"{door} {type}");
                sent++;
            }
        sent.ShouldBeGreaterThan(200);
        FullHouse.Differences(before, await full.Rows()).ShouldBeEmpty();
        // Without any body it is an empty form, and judged as one.
        using var empty = new HttpRequestMessage(HttpMethod.Post, $"/cases/{full.Open.Number}/notes");
        empty.Headers.Add("X-Form-Token", token);
        ((int)(await full.Admin.SendAsync(empty)).StatusCode).ShouldBeInRange(400, 422);
    }

    static async Task<List<string>> Sheets(FullHouse full)
    {
        var all = new List<string>();
        foreach (var door in full.Doors.Where(d => d is { Changes: false, IsPublic: false, Path: not "/live" })) all.AddRange(await full.Addresses(door));
        return all;
    }
}
