using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Foundation;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Amends.Tests.Promises.PromiseTests;

namespace Amends.Tests.Promises;

/// <summary>The calendar of promises and how they were kept: what stands on the pages is what there is, for whom it is there.</summary>
public class PromisePagesTests
{
    static DateTime At(int month, int day, int hour) => new(2026, month, day, hour, 0, 0, DateTimeKind.Utc);

    static Task Lives(Post post, long colleague, string zone) => post.House.Write.Run(Actor.System("test"), null, async db =>
    {
        var one = await db.Load<Colleague>(colleague);
        one.Zone = zone;
        one.Did(ColleagueDeed.PreferencesChanged);
    });

    static string Cell(Seen page, string day) => page.Document.QuerySelectorAll(".calendar td").Single(td => td.QuerySelector(".whole")!.TextContent == day).TextContent;

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_calendar_has_each_on_its_day_where_the_reader_is_and_says_whose_time_it_was(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Lives(post, post.Ben, "Asia/Tokyo");
        await post.Promise(one, "Call with the result", At(3, 13, 17));
        await post.Promise(one, "Send the part", At(3, 5, 8), kind: PromiseKind.Delivery, then: (p, due) => p.Keep(due, null, "It went.", due));
        await post.Promise(one, "Never said", At(3, 13, 9), then: (p, due) => p.Withdraw(due));
        var month = await post.Desk.See("/promises/calendar");
        month.Text("#span").ShouldBe("March 2026");
        Cell(month, "Saturday 14 March").ShouldContain("02:00 Call with the result");
        month.Document.QuerySelectorAll(".calendar td").Length.ShouldBe(42 - 0);
        Cell(month, "Friday 13 March").ShouldNotContain("Call");
        month.Body.ShouldContain("18:00 (Berlin)");
        month.Body.ShouldNotContain("Never said");
        var parts = month.Document.QuerySelectorAll("section.card").Select(s => s.TextContent).ToList();
        parts.Single(p => p.Contains("Call with the result", StringComparison.Ordinal)).ShouldNotContain("Send the part", Shouldly.Case.Sensitive, "past and open stand apart");
        var week = await post.Desk.See("/promises/calendar?show=week&day=2026-03-04");
        week.Document.QuerySelectorAll(".calendar td").Length.ShouldBe(7);
        week.Body.ShouldContain("Send the part");
        week.Body.ShouldNotContain("Call with the result");
        // A year of nonsense, and a leap day.
        foreach (var day in (string[])["2026-99-99", "9999-12-31", "0001-01-01", "x", "2028-02-29"]) (await post.Desk.See($"/promises/calendar?day={day}")).Status.ShouldBe(HttpStatusCode.OK, day);
        (await post.Desk.See("/promises/calendar?day=2028-02-29")).Text("#span").ShouldBe("February 2028");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A22_calendar_kept_rate_and_files_hold_only_what_one_sees(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var agent = await Some.Role(post.House, "Agent", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ExportCases, Scope.Team));
        var (olga, far) = (await Some.Colleague(post.House, "Olga Petrova", agent, post.Team), await Some.Colleague(post.House, "Far Away", agent, await Some.Team(post.House, "Other")));
        var secret = await Some.Case(post.House, one.CustomerId, post.Team, post.Brand, "Secret", post.Ben, confidential: true);
        await post.Promise(one, "Call openly", At(3, 10, 9));
        await post.Promise(secret, "Call in secret", At(3, 10, 10));
        // He keeps one on a case that he may not see any more.
        await post.Promise(one, "Kept from afar", At(3, 10, 11), keeper: far);
        async Task<string> All(HttpClient client)
        {
            var csv = await client.Send(await client.See("/promises/calendar?whose=team"), "/promises/calendar/export", ("show", "month"), ("day", "2026-03-10"), ("whose", "team"));
            csv.Status.ShouldBe(HttpStatusCode.OK);
            return string.Concat((await client.See("/promises/calendar?whose=team")).Body, (await client.See("/promises/kept/behind")).Body, csv.Body);
        }
        var (hers, his) = (await All(await post.House.ClientOf(olga)), await All(await post.House.ClientOf(far)));
        hers.ShouldContain("Call openly");
        hers.ShouldNotContain("Call in secret");
        foreach (var what in (string[])["Call openly", "Call in secret", "Kept from afar"]) his.ShouldNotContain(what);
        (await post.Desk.See("/promises/calendar?whose=team")).Body.ShouldContain("Call in secret");
        (await (await post.House.ClientOf(far)).See("/promises/calendar")).Body.ShouldNotContain("Kept from afar");
        (await (await post.House.ClientOf(olga)).See("/promises/kept")).Text(".kept-legend")!.ShouldContain("broken or past due: 2");
        using var db = post.House.Databases.Open();
        (await db.Set<Amends.Foundation.Facts.Fact>().CountAsync(f => f.Kind == "promises.exported")).ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_rate_counts_by_the_moment_that_was_promised_and_each_number_opens_those_behind_it(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var hour = TimeSpan.FromHours(1);
        var answer = (await All(post)).Count;
        long contact;
        using (var db = post.House.Databases.Open()) contact = await db.Set<Amends.Contacts.Contact>().Select(c => c.Id).SingleAsync();
        await post.Promise(one, "Kept one", At(3, 2, 9), saidIn: contact, then: (p, due) => p.Keep(due - hour, null, "Done.", due - hour));
        await post.Promise(one, "Kept two", At(3, 3, 9), then: (p, due) => p.Keep(due, null, "Done.", due));
        await post.Promise(one, "Late one", At(3, 4, 9), then: (p, due) => p.Keep(due + hour, null, "Done.", due + hour));
        await post.Promise(one, "Broken one", At(3, 5, 9), kind: PromiseKind.Delivery, then: (p, due) => p.Break("Lost.", due));
        await post.Promise(one, "Open and past", At(3, 6, 9), kind: PromiseKind.Delivery);
        await post.Promise(one, "Changed in time", At(3, 7, 9), then: (p, due) => p.Tell(1, 1, due - hour));
        await post.Promise(one, "Told too late", At(3, 8, 9), then: (p, due) => p.Tell(1, 1, due + hour));
        await post.Promise(one, "Released one", At(3, 9, 9), then: (p, due) => p.Release("Not needed.", due));
        await post.Promise(one, "Withdrawn one", At(3, 9, 9), then: (p, due) => p.Withdraw(due));
        await post.Promise(one, "Still ahead", At(3, 20, 9));
        await post.Promise(one, "Before", At(1, 2, 9), then: (p, due) => p.Keep(due, null, "Done.", due));
        var page = await post.Desk.See("/promises/kept?from=2026-03-01&until=2026-03-31");
        // Two of six: kept by kept, late and broken.
        page.Text(".kept-rate").ShouldBe("33 % kept");
        foreach (var said in (string[])["kept: 2", "kept late: 1", "broken or past due: 3", "changed in time: 1", "released: 1"]) page.Text(".kept-legend")!.ShouldContain(said);
        page.Body.ShouldContain("The rate is kept by kept, late and broken together.");
        page.Document.QuerySelectorAll("svg.kept-bar").Length.ShouldBe(6, "one for all, one for the team, two kinds, two channels");
        var behind = await post.Desk.See(page.Document.QuerySelectorAll(".kept-legend a").Single(a => a.GetAttribute("aria-label")!.Contains("broken", StringComparison.Ordinal)).GetAttribute("href")!);
        behind.Document.QuerySelectorAll(".promises b").Select(b => b.TextContent).ShouldBe(["Broken one", "Open and past", "Told too late"]);
        // Each number of each table opens as many.
        foreach (var link in page.Document.QuerySelectorAll("table.kept a"))
            (await post.Desk.See(link.GetAttribute("href")!)).Document.QuerySelectorAll(".promises b").Length.ShouldBe(int.Parse(link.TextContent, CultureInfo.InvariantCulture), link.GetAttribute("href"));
        page.Text("#kept-rate")!.ShouldNotContain("Ben Kim", Shouldly.Case.Sensitive, "nobody is ranked");
        var csv = (await post.Desk.See("/promises/kept.csv?from=2026-03-01&until=2026-03-31")).Body;
        csv.ShouldContain("all,Altogether,2,1,3,1,1,0.3333");
        csv.ShouldContain("kind,Delivery,0,0,2,0,0,0");
        (await post.Desk.See("/promises/kept?from=2026-03-31&until=2026-03-01")).Text(".kept-rate").ShouldBe("33 % kept", "turned around");
        (await post.Desk.See("/promises/kept?from=soon")).Error("from").ShouldBe("Choose a day.");
        foreach (var wrong in (string[])["by=keeper&is=1", "by=team&is=0", "by=kind&is=99", "by=channel&is=254"]) (await post.Desk.See("/promises/kept/behind?" + wrong)).Status.ShouldBe(HttpStatusCode.NotFound, wrong);
        answer.ShouldBe(0);
    }
}
