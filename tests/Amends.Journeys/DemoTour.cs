using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>A walk through the demo company, as somebody who has just started it: each screen is looked at.</summary>
public sealed class DemoTour
{
    [Fact]
    public async Task The_demo_shows_a_company_at_work()
    {
        await using var house = await RealHouse.Open("demo");
        var page = await house.Page();

        // The names stand on the sign-in page, with the password: an agent's desk, and the administrator's settings.
        var ben = await house.Page();
        await ben.GotoAsync("/sign-in");
        await house.Look(ben, "demo-sign-in");
        await SignIn(ben, "ben@");
        await SignIn(page, "anna@");

        // Every view of the desk has its own address.
        await ben.GotoAsync("/desk");
        var views = await ben.Locator("#views a[href^='/desk/']:not([data-sheet])").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        views.Length.ShouldBeGreaterThan(4);
        (await ben.Locator("#rows .case-row").CountAsync()).ShouldBeGreaterThan(0);
        await house.Look(ben, "demo-desk");
        await ben.Locator("#rows .case-row").First.ClickAsync();
        await ben.Locator("#timeline").WaitForAsync();
        (await ben.Locator("#timeline .body").First.InnerTextAsync()).Length.ShouldBeGreaterThan(20);
        await house.Look(ben, "demo-case");

        foreach (var (name, href) in new[]
        {
            ("demo-search", "/search?q=pump"), ("demo-people", "/people"), ("demo-organisations", "/people/organisations"), ("demo-settings", "/settings"), ("demo-me", "/me"),
        })
        {
            (await page.GotoAsync(href))!.Status.ShouldBe(200, href);
            await house.Look(page, name);
        }

        // What was promised, whose call it is, and where nothing moves: as the lead sees it, each with something in it.
        var olga = await house.Page();
        await SignIn(olga, "olga@");
        foreach (var (name, href, filled) in new[]
        {
            ("kept", "/promises/kept", "main table a"), ("calendar", "/promises/calendar?whose=team", "main a[href^='/promises/']"), ("calls", "/calls?whose=all", "main a[href^='tel:']"), ("my-calls", "/calls", "main a[href^='tel:']"),
            ("nothing-happens", "/nothing-happens", "main a[href^='/cases/']"), ("standing-still", "/standing-still", "main a[href^='/desk/at-']"),
            ("pick-up", "/desk/call", "#rows .case-row"), ("apologies", "/desk/apologies", "#rows .case-row"), ("lost", "/desk/lost", "#rows .case-row"), ("late", "/desk/late", "#rows .case-row"), ("risk", "/desk/risk", "#rows .case-row"),
        })
        {
            (await olga.GotoAsync(href))!.Status.ShouldBe(200, href);
            (await olga.Locator(filled).CountAsync()).ShouldBeGreaterThan(0, href);
            await house.Look(olga, "demo-" + name);
        }
        await ben.GotoAsync("/promises");
        (await ben.Locator("main a[href^='/promises/']").CountAsync()).ShouldBeGreaterThan(2);
        await house.Look(ben, "demo-my-promises");
        await olga.GotoAsync("/desk/call");
        await olga.Locator("#rows .case-row").First.ClickAsync();
        await olga.Locator("#timeline").WaitForAsync();
        await house.Look(olga, "demo-call-bar");

        await page.GotoAsync("/people");
        await page.Locator("main a[data-row][href^='/people/']").First.ClickAsync();
        await house.Look(page, "demo-customer");

        // Whatever the menu of settings names, is there.
        await page.GotoAsync("/settings");
        var settings = await page.Locator(".settings-nav a[href]").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        settings.Length.ShouldBeGreaterThan(5);
        foreach (var href in settings.Where(href => href != "/settings").Distinct())
        {
            (await page.GotoAsync(href))!.Status.ShouldBe(200, href);
            await house.Look(page, "demo" + href.Replace('/', '-'));
        }
        house.NothingWasWrong();
    }
    static async Task SignIn(IPage page, string who)
    {
        await page.GotoAsync("/sign-in");
        var row = page.Locator(".demo-names tr").Filter(new() { HasText = who });
        await page.GetByLabel("Mail address").FillAsync((await row.Locator("td").First.InnerTextAsync()).Trim());
        await page.GetByLabel("Password").FillAsync((await page.Locator(".demo-names code").InnerTextAsync()).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/desk");
    }
}
