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
}
