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

        // The names stand on the sign-in page, with the password.
        await page.GotoAsync("/sign-in");
        await house.Look(page, "demo-sign-in");
        var row = page.Locator(".demo-names tr").First;
        await page.GetByLabel("Mail address").FillAsync((await row.Locator("td").Nth(0).InnerTextAsync()).Trim());
        await page.GetByLabel("Password").FillAsync((await page.Locator(".demo-names code").InnerTextAsync()).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/desk");
        await house.Look(page, "demo-desk-mine");

        // Every view of the desk has its own address.
        var views = await page.Locator("#views a[href^='/desk/']:not([data-sheet])").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        views.Length.ShouldBeGreaterThan(4);
        await page.GotoAsync(views[1]);
        (await page.Locator("#rows .case-row").CountAsync()).ShouldBeGreaterThan(3);
        await house.Look(page, "demo-desk");

        await page.Locator("#rows .case-row").Nth(2).ClickAsync();
        await page.Locator("#timeline").WaitForAsync();
        (await page.Locator("#timeline .body").First.InnerTextAsync()).Length.ShouldBeGreaterThan(20);
        await house.Look(page, "demo-case");

        foreach (var (name, href) in new[]
        {
            ("demo-search", "/search?q=pump"), ("demo-people", "/people"), ("demo-organisations", "/people/organisations"), ("demo-settings", "/settings"), ("demo-me", "/me"),
        })
        {
            (await page.GotoAsync(href))!.Status.ShouldBe(200, href);
            await house.Look(page, name);
        }

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
        house.Flaws.ShouldBeEmpty();
        house.Errors.ShouldBeEmpty();
    }
}
