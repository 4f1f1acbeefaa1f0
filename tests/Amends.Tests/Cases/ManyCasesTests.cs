using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Search;
using Amends.Tests.Cast;
using Amends.Trust;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>More than a thousand cases: an export without a cap, and a search that goes on by pages and counts to a thousand.</summary>
public class ManyCasesTests
{
    const int All = 1_203, Mine = 603, Thousand = 1_000, Pages = 120;

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task All_of_them_are_exported_in_order_and_found_page_by_page(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var numbers = new List<long>();
        for (var from = 0; from < All; from += 401)
            numbers.AddRange(await cast.House.Write.Run(Actor.System("test"), null, async db =>
            {
                db.NobodyHears = true;
                var made = new List<long>();
                for (var i = from; i < from + 401; i++)
                {
                    var one = new Case
                    {
                        Id = db.Ids!.Next(),
                        Number = await db.NextNumber("case", 1001),
                        Subject = $"Matter {i}",
                        HeardAt = db.At,
                        CustomerId = cast.Maria,
                        TeamId = cast.Team,
                        BrandId = cast.Brand,
                        OwnerId = i < Mine ? cast.Ben : null,
                        Confidential = i % 10 == 3,
                        FirstAnswerDue = db.At.AddHours(4),
                        LastContactAt = db.At
                    };
                    one.Hear(db.At);
                    db.Add(one);
                    await CaseIndex.Write(db, one.Id, [one.Subject, "flood", i < Thousand ? "thousand" : "rest", i < Pages ? "paged" : "other"]);
                    made.Add(one.Number);
                }
                return made;
            }));
        numbers.ShouldBe(numbers.Order());

        // Export: the count beside the view, all rows, in the order of their numbers.
        foreach (var (view, expected) in new[] { ("open", numbers), ("mine", numbers.Take(Mine).ToList()) })
        {
            var page = new HtmlParser().ParseDocument((await cast.Get($"/desk/{view}?pick=1")).Text);
            int.Parse(page.QuerySelector($".views a[href='/desk/{view}'] .count")!.TextContent.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture).ShouldBe(expected.Count);
            var csv = (await cast.Post("/cases/export", new() { ["view"] = view, ["format"] = "csv" })).Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            csv[0].ShouldStartWith("number,subject,");
            csv.Skip(1).Select(row => long.Parse(row.Split(',')[0], CultureInfo.InvariantCulture)).ShouldBe(expected);
            var lines = (await cast.Post("/cases/export", new() { ["view"] = view, ["format"] = "jsonl" })).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64()).ShouldBe(expected);
        }

        // Search: newest first, by pages of fifty, to the end.
        async Task<(string Says, List<long> Hits, string? Next)> Found(string path)
        {
            var (status, text) = await cast.Get(path);
            status.ShouldBe(HttpStatusCode.OK);
            var page = new HtmlParser().ParseDocument(text);
            return (page.QuerySelector(".page-head p")!.TextContent, [.. page.QuerySelectorAll("li.hit h2 a").Select(a => long.Parse(a.GetAttribute("href")!.Split('/')[^1], CultureInfo.InvariantCulture))], page.QuerySelector("a[rel=next]")?.GetAttribute("href"));
        }
        var (walked, sizes) = (new List<long>(), new List<int>());
        for (var next = "/search?q=paged"; next is not null;)
        {
            var (says, hits, after) = await Found(next);
            says.ShouldBe($"{Pages} cases");
            walked.AddRange(hits);
            sizes.Add(hits.Count);
            next = after;
        }
        sizes.ShouldBe([50, 50, 20]);
        walked.ShouldBe(numbers.Take(Pages).Reverse());
        (await Found("/search?q=thousand")).Says.ShouldBe("1000 cases", "exact to a thousand");
        var flood = new List<long>();
        for (var next = "/search?q=flood"; next is not null && flood.Count < 150;)
        {
            var (says, hits, after) = await Found(next);
            says.ShouldBe("more than 1,000 cases");
            flood.AddRange(hits);
            next = after;
        }
        flood.ShouldBe(numbers.AsEnumerable().Reverse().Take(150));

        // Who may see fewer, but more than a thousand: neither ids nor counts speak of the others.
        var team = new Who(ActorKind.Colleague, 1, "team", new Dictionary<Verb, Scope> { [Verb.SeeCases] = Scope.Team }.ToFrozenDictionary(), new[] { cast.Team }.ToFrozenSet());
        using var db = cast.House.Databases.Open();
        var hidden = await db.CasesVisibleTo(Who.House("test")).Where(c => c.Confidential).Select(c => c.Id).ToListAsync();
        var seen = (await db.CasesVisibleTo(Who.House("test")).Where(c => !c.Confidential).Select(c => c.Id).ToListAsync()).OrderDescending().ToList();
        (hidden.Count, seen.Count).ShouldBe((120, 1_083));
        foreach (var before in (long[])[long.MaxValue, seen[40], seen[^20]])
        {
            var (ids, count) = await CaseFinding.Find(db, team, Question.Read("flood "), before, 51);
            ids.ShouldBe(seen.Where(id => id < before).Take(51));
            count.ShouldBe(CaseFinding.CountTo + 1);
        }
        (await CaseFinding.Find(db, team, Question.Read("thousand "), long.MaxValue, 51)).Count.ShouldBe(900);
        (await CaseFinding.First(db, team, Question.Read("flood "), 6)).ShouldBe(seen.Take(6));
    }

    [Fact]
    public async Task On_PostgreSQL_very_many_hits_are_found_newest_first_wherever_they_lie()
    {
        await using var house = await TestHouse.Open(On.Postgres);
        // Old ones behind more than are looked through at first, and some strewn among the new.
        await house.Write.Run(Actor.System("test"), null, db => db.Database.ExecuteSqlRawAsync("""
            INSERT INTO "CaseSearch" ("CaseId", "Stands", "Words")
            SELECT i, i % 7 <> 0, array_to_tsvector(CASE WHEN i <= 2000 OR i % 100 = 1 THEN ARRAY['old', 'word'] ELSE ARRAY['new', 'word'] END) FROM generate_series(1, 9000) AS i
            """));
        using var db = house.Databases.Open();
        var who = Who.House("test");
        List<long> Expected(long before) => [.. Enumerable.Range(1, 9000).Select(i => (long)i).Where(i => i % 7 != 0 && (i <= 2000 || i % 100 == 1) && i < before).OrderDescending().Take(51)];
        foreach (var before in (long[])[long.MaxValue, 5000, 1500, 60])
        {
            var (ids, count) = await CaseFinding.Find(db, who, Question.Read("old "), before, 51);
            ids.ShouldBe(Expected(before), $"before {before}");
            count.ShouldBe(CaseFinding.CountTo + 1);
        }
        (await CaseFinding.First(db, who, Question.Read("wor"), 3)).ShouldBe([9000, 8999, 8998]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_deleted_is_not_found_until_it_is_taken_back(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case("Marmalade");
        await cast.Index(one);
        async Task<bool> IsFound()
        {
            using var db = cast.House.Databases.Open();
            var (ids, count) = await CaseFinding.Find(db, Who.House("test"), Question.Read("marmalade"), long.MaxValue, 5);
            count.ShouldBe(ids.Count);
            return ids.Contains(one.Id);
        }
        (await IsFound()).ShouldBeTrue();
        (await cast.Post($"/cases/{one.Number}/delete", seen: await cast.Now(one))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await IsFound()).ShouldBeFalse();
        // Its words may change meanwhile.
        await cast.Index(one);
        (await IsFound()).ShouldBeFalse();
        (await cast.Post($"/cases/{one.Number}/delete", new() { ["on"] = "false" }, seen: await cast.Now(one))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await IsFound()).ShouldBeTrue();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Words_may_lie_in_different_contacts_of_one_case(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var (both, one) = (await cast.Case("Kitchen"), await cast.Case("Garage"));
        Task Say(Case on, string text) => cast.House.Write.Run(new Actor(ActorKind.Customer, cast.Maria, "Maria Lopez"), null, db => cast.House.Get<Intake>().Take(db,
            new IncomingContact { Channel = Channel.Portal, At = db.At, CustomerId = cast.Maria, CaseId = on.Id, Why = WhyHere.Link, Text = text, BrandId = cast.Brand, TeamId = cast.Team }));
        await Say(both, "The zirconia ring is worn.");
        await Say(one, "The zirconia ring is worn, too.");
        await Say(both, "Now it smells of marmalade.");
        async Task<string> Found(string typed) => (await cast.Get("/search?q=" + Uri.EscapeDataString(typed))).Text;
        foreach (var typed in (string[])["zirconia marmalade", "marmalade zirc", "kitchen marmalade zirconia"])
        {
            var found = await Found(typed);
            found.ShouldContain($"\"/cases/{both.Number}\"", Shouldly.Case.Sensitive, typed);
            found.ShouldNotContain($"\"/cases/{one.Number}\"", Shouldly.Case.Sensitive, typed);
        }
        (await Found("zirconia ")).ShouldContain($"\"/cases/{one.Number}\"");
    }
}
