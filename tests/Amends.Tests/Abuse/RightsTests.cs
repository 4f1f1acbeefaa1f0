using System.Net;
using Amends.Cases;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>Every route against every kind of person: what may be reached follows from the mark of the route, and what is another team's is not there.</summary>
public class RightsTests
{
    // On a case that is another team's: each of these would be granted on one's own.
    static readonly (string, string)[] Typed =
    [
        ("text", "Mallory was here"), ("subject", "Mallory was here"), ("owner", ""), ("team", ""), ("kind", "Complaint"), ("severity", "Critical"), ("on", "true"), ("summary", "Mallory was here"), ("new", "mallory"), ("tags", ""),
        ("to", "mallory@evil.example"), ("next", "open"), ("anyway", "true"), ("until", "own"), ("own", "2027-01-10T10:00"), ("for", "Mallory"), ("follow", ""), ("named", ""), ("why", "CustomerAsked"), ("how", "ByColleague"), ("direction", "in"), ("outcome", "1")
    ];

    static readonly string[] OfOneCase = ["/cases/{", "/contacts/", "/files/", "/outbox/"];

    [Fact]
    public async Task A47_A22_each_route_is_open_to_whom_its_mark_names_and_shut_to_others()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        using var outside = full.House.Client();
        var before = await full.Rows();
        var doors = full.Doors;
        doors.Count.ShouldBeGreaterThan(100);
        var wrong = new List<string>();
        foreach (var door in doors)
        {
            foreach (var address in await full.Addresses(door))
            {
                async Task<HttpStatusCode> Ask(HttpClient client, bool token)
                {
                    if (door.Path == "/live")
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Get, address);
                        using var line = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                        return line.StatusCode;
                    }
                    if (token) return (await full.Try(client, new HttpMethod(door.Method), address, Typed)).StatusCode;
                    using var plain = new HttpRequestMessage(new HttpMethod(door.Method), address);
                    return (await client.SendAsync(plain)).StatusCode;
                }
                void Must(bool holds, string who, HttpStatusCode got) { if (!holds) wrong.Add($"{who} at {door.Method} {address}: {(int)got}"); }
                if (door.IsPublic) continue;
                var anonymous = await Ask(outside, false);
                Must(anonymous == HttpStatusCode.Unauthorized || !door.Changes && anonymous == HttpStatusCode.Redirect, "nobody", anonymous);
                if (door.ByKey)
                {
                    var cookie = await Ask(full.Admin, door.Changes);
                    Must(cookie == HttpStatusCode.Unauthorized, "a cookie", cookie);
                    continue;
                }
                if (door.Verb is not null)
                {
                    var nobody = await Ask(full.Nobody, door.Changes);
                    Must(nobody == HttpStatusCode.Forbidden, "who holds nothing", nobody);
                }
                if (OfOneCase.Any(p => door.Path.StartsWith(p, StringComparison.Ordinal)))
                {
                    var other = await Ask(full.AgentB, door.Changes);
                    Must(other is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, "the other team", other);
                }
            }
        }
        wrong.ShouldBeEmpty();
        FullHouse.Differences(before, await full.Rows()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_page_of_the_product_opens_in_the_house_of_the_tests()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        (await full.OpenPages()).Select(p => p.Door.Path).Distinct().Count().ShouldBeGreaterThan(70);
    }

    [Fact]
    public async Task A22_the_same_requests_go_through_for_the_own_team()
    {
        // Shows that the test above asks for something that is there.
        await using var full = await FullHouse.Make(On.Sqlite);
        var opened = 0;
        var changed = 0;
        foreach (var door in full.Doors.Where(d => OfOneCase.Any(p => d.Path.StartsWith(p, StringComparison.Ordinal))))
        {
            var address = (await full.Addresses(door))[0];
            if (!door.Changes) { if ((await full.AgentA.GetAsync(address)).IsSuccessStatusCode) opened++; }
            else if ((int)(await full.Try(full.AgentA, new HttpMethod(door.Method), address, Typed)).StatusCode < 400) changed++;
        }
        opened.ShouldBeGreaterThan(15);
        changed.ShouldBeGreaterThan(12);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_A23_no_page_of_another_team_holds_a_word_of_ours(On on)
    {
        await using var full = await FullHouse.Make(on);
        string[] starts = ["/", "/desk", "/desk/open", "/desk/closed", "/desk/spam", "/desk/deleted", "/desk/following", $"/search?q={FullHouse.Secret}", $"/search?q={full.Ordinal()}", "/palette", $"/palette?q={FullHouse.Secret}", $"/palette?q={full.Ordinal()}",
            "/mentions", "/stuck", "/outbox", "/calls/new", $"/calls/find?q={FullHouse.Secret}", $"/canned?case={full.Ordinal()}", .. Lists(full)];
        var admin = await Crawl.From(full.Admin, starts);
        admin.Count(f => f.Body.Contains(FullHouse.Secret, StringComparison.Ordinal)).ShouldBeGreaterThan(20);
        // What was typed comes back on the page that searched for it; all else of this word would be a leak.
        static string Without(Found found) => found.Body.Replace($"q={FullHouse.Secret}", "", StringComparison.Ordinal).Replace($"value=\"{FullHouse.Secret}\"", "", StringComparison.Ordinal);
        foreach (var found in await Crawl.From(full.AgentB, starts))
        {
            if (found.Address.Contains(FullHouse.Secret, StringComparison.Ordinal) && found.IsPage)
            {
                // The question itself stands in its field and in the title; no row may come with it.
                found.Document.QuerySelectorAll("a[href^='/cases/']").Select(a => a.TextContent).Where(t => t.Contains(FullHouse.Secret, StringComparison.Ordinal)).ShouldBeEmpty(found.Address);
                continue;
            }
            Without(found).ShouldNotContain(FullHouse.Secret, customMessage: found.Address);
        }
        foreach (var format in new[] { "csv", "jsonl" })
        {
            (await (await full.Post(full.Admin, "/cases/export", ("format", format))).Content.ReadAsStringAsync()).ShouldContain(FullHouse.Secret);
            (await (await full.Post(full.AgentB, "/cases/export", ("format", format))).Content.ReadAsStringAsync()).ShouldNotContain(FullHouse.Secret);
        }
        // Whatever the administrator reached of a case is not there for them.
        var ofCases = admin.Where(f => OfOneCase.Any(p => f.Address.StartsWith(p.Replace("{", "", StringComparison.Ordinal), StringComparison.Ordinal)) && !f.Address.StartsWith("/cases/new", StringComparison.Ordinal)).ToList();
        ofCases.Count.ShouldBeGreaterThan(20);
        // The list beside their own case shows all that the administrator sees: that address is theirs.
        var ours = new[] { full.Ordinary, full.Confidential, full.Open }.Select(c => c.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        // A letter of the house itself (an invitation) is of no case: whoever sees the Outbox sees that it went, and not what stands in it.
        List<string> letters;
        using (var db = full.House.Databases.Open()) letters = (await db.Set<Amends.Foundation.Outbox.OutgoingMail>().Where(m => m.CaseId == null).Select(m => m.Id).ToListAsync()).ConvertAll(id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/outbox/{id}"));
        foreach (var one in ofCases.Where(f => !letters.Exists(l => f.Address.StartsWith(l, StringComparison.Ordinal)) && f.Body.Contains(FullHouse.Secret, StringComparison.Ordinal) && (!f.Address.StartsWith("/cases/", StringComparison.Ordinal) || ours.Contains(f.Address.Split('/', '?')[2]))))
            (await Crawl.Get(full.AgentB, one.Address)).Status.ShouldBeOneOf([403, 404], one.Address);
    }

    // Every page and file that needs no number to be asked for, and each view of the desk: what is built later is among them.
    static IEnumerable<string> Lists(FullHouse full) => full.Doors.Where(d => d is { Changes: false, ByKey: false, IsPublic: false, Path: not "/live" } && !d.Path.Contains('{', StringComparison.Ordinal)).Select(d => d.Path)
        .Concat(Amends.Cases.DeskViews.Fixed.Select(view => "/desk/" + view.Key)).Distinct();

    [Fact]
    public async Task A22_a_confidential_case_is_not_there_for_its_own_team()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        foreach (var found in await Crawl.From(full.AgentA, [.. Lists(full), "/desk/open", $"/search?q={FullHouse.Secret}", $"/palette?q={FullHouse.Secret}", "/outbox", $"/cases/{full.Confidential.Number}", $"/cases/{full.Ordinary.Number}"]))
            found.Body.ShouldNotContain($"Confidential {FullHouse.Secret}", customMessage: found.Address);
        (await (await full.Post(full.AgentA, "/cases/export")).Content.ReadAsStringAsync()).ShouldNotContain($"Confidential {FullHouse.Secret}");
        (await Crawl.Get(full.AgentA, $"/cases/{full.Confidential.Number}")).Status.ShouldBe(404);
        (await Crawl.Get(full.Admin, $"/cases/{full.Confidential.Number}")).Body.ShouldContain($"Confidential {FullHouse.Secret}");
    }
}

static class FullHouseWords
{
    /// <summary>The number of team A's case, as people type it.</summary>
    public static string Ordinal(this FullHouse full) => full.Ordinary.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
