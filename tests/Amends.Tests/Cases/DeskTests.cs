using System.Net;
using Amends.Cases;
using Amends.Foundation;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases;

public class DeskTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_desk_shows_views_with_counts_the_list_and_the_case_with_its_customer(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var mine = await cast.Case("Pump stops after ten minutes", cast.Ben);
        await cast.Case("Nobody came on Tuesday");
        var (status, desk) = await cast.Get("/desk");
        status.ShouldBe(HttpStatusCode.OK);
        desk.ShouldContain("Pump stops after ten minutes");
        desk.ShouldNotContain("Nobody came on Tuesday");
        desk.ShouldContain("Maria Lopez");
        desk.ShouldContain("/desk/following");
        foreach (var view in DeskViews.Fixed) (await cast.Get($"/desk/{view.Key}")).Status.ShouldBe(HttpStatusCode.OK, view.Key);
        foreach (var view in DeskViews.Fixed) (await cast.Get($"/desk/{view.Key}?sort=newest&pick=1")).Status.ShouldBe(HttpStatusCode.OK, view.Key);
        (await cast.Get("/desk/nonsense")).Status.ShouldBe(HttpStatusCode.NotFound);
        var (found, page) = await cast.Get($"/cases/{mine.Number}");
        found.ShouldBe(HttpStatusCode.OK, page);
        page.ShouldContain("<article id=\"case\"");
        page.ShouldContain("maria@casaverde.example");
        page.ShouldContain("id=\"rows\"");
        page.ShouldContain("First in line of Service");
        foreach (var sheet in new[] { "assign", "wait", "resolve", "tags", "sort", "rename", "merge", "link", "customer", "watchers", "history", "reopen" })
            (await cast.Get($"/cases/{mine.Number}/{sheet}")).Status.ShouldBe(HttpStatusCode.OK, sheet);
        (await cast.Get("/search?q=pump")).Status.ShouldBe(HttpStatusCode.OK);
        (await cast.Get("/palette?q=pump")).Status.ShouldBe(HttpStatusCode.OK);
        (await cast.Get($"/cases/{mine.Number}/presence")).Status.ShouldBe(HttpStatusCode.OK);
        (await cast.Get("/mentions?q=ol")).Text.ShouldContain("Olga Petrova");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_table_shows_the_columns_and_the_order_that_its_address_says(On on)
    {
        await using var cast = await DeskCast.Open(on);
        foreach (var (subject, owner) in new (string, long?)[] { ("Beta", cast.Ben), ("Alpha", null), ("Gamma", cast.Admin) }) await cast.Case(subject, owner);
        async Task<(List<string> Heads, List<string> Subjects, string? Sorted)> Table(string query, HttpClient? web = null)
        {
            var (status, text) = await cast.Get($"/desk/open/table{query}", web);
            status.ShouldBe(HttpStatusCode.OK, query);
            var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(text);
            return ([.. page.QuerySelectorAll("thead th").Select(h => h.TextContent.Trim())], [.. page.QuerySelectorAll("tbody .row-link").Select(r => r.TextContent.Trim())], page.QuerySelector("th[aria-sort]")?.GetAttribute("aria-sort"));
        }
        (await Table("")).Heads.ShouldBe(["Subject", "Number", "Customer", "Owner", "Next step", "Last contact"]);
        var some = await Table("?cols=kind,owner&sort=subject");
        some.Heads.ShouldBe(["Subject", "Kind", "Owner"]);
        some.Subjects.ShouldBe(["Alpha", "Beta", "Gamma"]);
        some.Sorted.ShouldBe("ascending");
        (await Table("?cols=kind,owner&sort=subject&down=1")).Subjects.ShouldBe(["Gamma", "Beta", "Alpha"]);
        // As the form of the page sends it, and what nobody knows is left aside.
        (await Table("?cols=number&cols=tags&cols=&cols=nonsense&cols=3&sort=nonsense&page=-1")).Heads.ShouldBe(["Subject", "Number", "Tags"]);
        foreach (var column in Enum.GetNames<CaseColumn>())
            foreach (var down in new[] { "", "&down=1" }) (await Table($"?sort={column.ToLowerInvariant()}{down}")).Subjects.Count.ShouldBe(3, column);
        (await cast.Get("/desk/nonsense/table")).Status.ShouldBe(HttpStatusCode.NotFound);
        // Who sees none of them finds none of them.
        (await Table("", await cast.House.ClientOf(cast.Olga))).Subjects.ShouldBeEmpty();
    }
}
