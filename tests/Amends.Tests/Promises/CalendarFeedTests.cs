using System.Globalization;
using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Promises;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Amends.Tests.Promises.PromiseTests;

namespace Amends.Tests.Promises;

/// <summary>Promises as a calendar by an address: RFC 5545, opened by its token alone, and with nothing in it that its colleague may not see.</summary>
public class CalendarFeedTests
{
    static DateTime At(int day, int hour) => new(2026, 3, day, hour, 0, 0, DateTimeKind.Utc);

    static async Task<string> Address(HttpClient desk)
    {
        var page = await desk.Send(await desk.See("/promises"), "/promises/feed");
        return new Uri(page.Text("#new-feed").ShouldNotBeNull()).PathAndQuery;
    }

    static async Task<(HttpStatusCode Status, string Text)> Fetch(Post post, string address)
    {
        // Another client for each: no cookie.
        using var outside = post.House.Client();
        using var answer = await outside.GetAsync(address);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    static string Unfolded(string text) => text.Replace("\r\n ", "", StringComparison.Ordinal);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task It_holds_my_open_promises_with_stable_names_and_is_shown_once(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var (first, second) = (await post.Promise(one, "Call with the result; and, if need be, a \\ new date — für die Küche, ausführlich genug für zwei Zeilen und mehr 🙂🙂🙂🙂🙂", At(13, 11)), await post.Promise(one, "Kept", At(13, 12), then: (p, due) => p.Keep(due, null, "Done.", due)));
        await post.Promise(one, "Another's", At(13, 13), keeper: await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), post.Team));
        var address = await Address(post.Desk);
        (await post.Desk.See("/promises")).Body.ShouldNotContain(address);
        using var outside = post.House.Client();
        using var answer = await outside.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/calendar; charset=utf-8");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var raw = await answer.Content.ReadAsByteArrayAsync();
        var text = Encoding.UTF8.GetString(raw);
        foreach (var line in text.Split("\r\n")) Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(75, line);
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
        text.ShouldNotContain('\uFFFD');
        var whole = Unfolded(text);
        whole.ShouldStartWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:");
        whole.ShouldEndWith("END:VCALENDAR\r\n");
        whole.Split("BEGIN:VEVENT").Length.ShouldBe(2);
        whole.ShouldContain($"SUMMARY:Call with the result\\; and\\, if need be\\, a \\\\ new date — für die Küche\\, ausführlich genug für zwei Zeilen und mehr 🙂🙂🙂🙂🙂 (case {one.Number})\r\n");
        whole.ShouldContain("DTSTART:20260313T103000Z\r\nDTEND:20260313T110000Z\r\n");
        whole.ShouldContain("STATUS:CONFIRMED\r\n");
        whole.ShouldContain("DESCRIPTION:By Fri 13 Mar 12:00 (Berlin)\r\n");
        foreach (var secret in (string[])["Maria", "Lopez", "casaverde", "Pump stops", $"{second}", "Another"]) whole.ShouldNotContain(secret);
        var uid = whole.Split("\r\n").Single(l => l.StartsWith("UID:", StringComparison.Ordinal));
        uid.ShouldStartWith($"UID:promise-{first}@");
        await post.House.Restart(serve: true);
        Unfolded((await Fetch(post, address)).Text).ShouldContain(uid);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_address_ends_the_old_one_and_an_ended_one_or_one_of_somebody_who_left_opens_nothing(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await post.Promise(one, "Call", At(13, 11));
        var first = await Address(post.Desk);
        var second = await Address(post.Desk);
        (await Fetch(post, first)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Fetch(post, second)).Status.ShouldBe(HttpStatusCode.OK);
        (await post.Desk.Send(await post.Desk.See("/promises"), "/promises/feed/end")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Fetch(post, second)).Status.ShouldBe(HttpStatusCode.NotFound);
        var third = await Address(post.Desk);
        async Task Becomes(ColleagueState state, ColleagueDeed deed) => await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(post.Ben);
            ben.State = state;
            ben.Did(deed);
        });
        await Becomes(ColleagueState.Disabled, ColleagueDeed.Disabled);
        (await Fetch(post, third)).Status.ShouldBe(HttpStatusCode.NotFound);
        // Let in again he makes another.
        await Becomes(ColleagueState.Active, ColleagueDeed.Enabled);
        (await Fetch(post, third)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var db = post.House.Databases.Open();
        (await db.Set<Amends.Foundation.Facts.Fact>().CountAsync(f => f.Kind == "promise.feed")).ShouldBe(5, "made three times, ended by hand and with him");
        (await db.Set<PromiseFeed>().SingleAsync()).Hash.ShouldBe(Gate.Digest(third[(third.LastIndexOf('/') + 1)..]), "the digest is kept and not the token");
    }

    [Fact]
    public async Task A34_guessed_tokens_are_not_there_and_a_flood_waits()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await post.Promise(one, "Call", At(13, 11));
        var address = await Address(post.Desk);
        var token = address[(address.LastIndexOf('/') + 1)..];
        foreach (var guess in (string[])["A", new string('A', 43), new string('A', 5000), token[..42], token[..42] + (token[42] == 'A' ? 'B' : 'A'), token.ToLowerInvariant() + "x", token + ".ics", "%00", "' OR 1=1 --", Convert.ToHexString(Gate.Digest(token))])
            (await Fetch(post, "/promises/feed/" + Uri.EscapeDataString(guess))).Status.ShouldBe(HttpStatusCode.NotFound, guess);
        // A cookie opens no more than the token does.
        (await post.Desk.See("/promises/feed/" + new string('A', 43))).Status.ShouldBe(HttpStatusCode.NotFound);
        var last = HttpStatusCode.OK;
        for (var n = 0; n < 61; n++) last = (await Fetch(post, address)).Status;
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        post.House.Clock.Advance(TimeSpan.FromHours(1.1));
        (await Fetch(post, address)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_somebody_writes_into_a_promise_adds_no_line_of_its_own()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        foreach (var what in (string[])["Call\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Evil", "Call\nATTACH:https://evil.example/x", "Call\rBEGIN:VALARM", "Call\u2028URL:https://evil.example", "Call\u0085X-EVIL:1", "Call\0\u0007\u001b[31m"]) await post.Promise(one, what, At(13, 11));
        var text = (await Fetch(post, await Address(post.Desk))).Text;
        var lines = Unfolded(text).Split("\r\n");
        lines.Count(l => l == "BEGIN:VEVENT").ShouldBe(6);
        lines.Count(l => l == "END:VEVENT").ShouldBe(6);
        foreach (var begin in (string[])["SUMMARY:Evil", "ATTACH", "BEGIN:VALARM", "URL:https://evil", "X-EVIL"]) lines.ShouldAllBe(l => !l.StartsWith(begin, StringComparison.Ordinal));
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldAllBe(c => !char.IsControl(c) && c != '\u2028');
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_A23_what_he_may_not_see_now_is_not_in_it_and_of_a_confidential_case_only_the_kind(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var agent = await Some.Role(post.House, "Agent", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team));
        var olga = await Some.Colleague(post.House, "Olga Petrova", agent, post.Team);
        var other = await Some.Case(post.House, one.CustomerId, await Some.Team(post.House, "Other"), post.Brand, "Elsewhere");
        var hidden = await Some.Case(post.House, one.CustomerId, post.Team, post.Brand, "Hidden", confidential: true);
        var hers = await Some.Case(post.House, one.CustomerId, post.Team, post.Brand, "Hers", olga, confidential: true);
        await post.Promise(one, "Call openly", At(13, 9), olga);
        await post.Promise(other, "Call elsewhere", At(13, 10), olga);
        await post.Promise(hidden, "Call hidden", At(13, 11), olga);
        await post.Promise(hers, "Talk of the diagnosis", At(13, 12), olga);
        using var desk = await post.House.ClientOf(olga);
        var address = await Address(desk);
        var text = Unfolded((await Fetch(post, address)).Text);
        text.ShouldContain("SUMMARY:Call openly");
        text.ShouldContain($"SUMMARY:Call (case {hers.Number.ToString(CultureInfo.InvariantCulture)})");
        foreach (var secret in (string[])["elsewhere", "hidden", "diagnosis", $"case {other.Number}", $"case {hidden.Number}"]) text.ShouldNotContain(secret);
        // The case goes to another team: what is there now counts, not what was when the address was made.
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(null, other.TeamId, db.At));
        Unfolded((await Fetch(post, address)).Text).ShouldNotContain("Call openly");
    }
}
