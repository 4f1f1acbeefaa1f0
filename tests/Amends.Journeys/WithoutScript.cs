using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>The main job with JavaScript off: plain forms and links carry it from the first run to the customer's yes.</summary>
public sealed class WithoutScript
{
    [Fact]
    public async Task Forms_are_enough()
    {
        await using var house = await RealHouse.Open();
        var anna = await house.Page(script: false);
        await anna.GotoAsync("/first-run");
        await anna.Locator("#code").FillAsync(house.FirstRunCode());
        await anna.Locator("main form button").ClickAsync();
        await anna.Locator("#name").FillAsync("Anna Berg");
        await anna.Locator("#address").FillAsync("anna@company.example");
        await anna.Locator("#password").FillAsync("short");
        await anna.Locator("#company").FillAsync("Hartmann & Vale");
        await Press(anna, "Open the desk");
        // What is wrong stands beside the field, what was typed stays.
        await anna.Locator("#password-error").WaitForAsync();
        (await anna.Locator("#company").InputValueAsync()).ShouldBe("Hartmann & Vale");
        await anna.Locator("#password").FillAsync("three pumps and one kitchen");
        await Press(anna, "Open the desk");
        await Press(anna, "Send the sample");
        // Where reading takes longer than the button waits, the list is shown; without script it is looked at again.
        for (var i = 0; i < 60 && anna.Url.Contains("/desk", StringComparison.Ordinal); i++)
        {
            await anna.GotoAsync("/desk/new");
            if (await anna.Locator("#rows .case-row").CountAsync() > 0) await anna.Locator("#rows .case-row").First.ClickAsync();
            else await Task.Delay(500);
        }
        await anna.Locator("#timeline .contact").First.WaitForAsync();
        var number = Regex.Match(anna.Url, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;

        // From the list, taken by hand, a note.
        await anna.GotoAsync("/desk/new");
        await anna.Locator($"#rows a[href*='/cases/{number}']").ClickAsync();
        await Press(anna, "Take");
        await anna.Locator(".case-head").GetByText("Anna Berg").WaitForAsync();
        await anna.Locator("#composer .for-note").ClickAsync();
        await anna.Locator("#note-text").FillAsync("She needs it before the weekend.");
        await Press(anna, "Add note");
        await anna.Locator("#timeline .note").GetByText("before the weekend").WaitForAsync();

        // A sheet is a page of its own.
        await anna.GotoAsync($"/cases/{number}/sort");
        await anna.GetByLabel("Serious", new() { Exact = true }).CheckAsync();
        await anna.Locator("main form button.main").ClickAsync();
        await anna.WaitForURLAsync($"**/cases/{number}**");

        // The answer, and the customer's page.
        await anna.GotoAsync($"/cases/{number}/reply");
        await anna.Locator("#reply-text").FillAsync("A new pump comes today.");
        await anna.Locator("#reply-form .btn-group button.main[name=next]").First.ClickAsync();
        await anna.Locator("#timeline .contact.ours").GetByText("A new pump comes today.").WaitForAsync();
        await anna.GotoAsync($"/cases/{number}/resolve");
        await anna.Locator("#summary").FillAsync("Pump replaced.");
        await anna.Locator("main form button.main").ClickAsync();
        await anna.Locator(".next-step").GetByText("Pump replaced.").WaitForAsync();
        var raw = await (await anna.APIRequest.GetAsync((await anna.Locator("#timeline .contact.ours a[href$='/raw']").GetAttributeAsync("href"))!)).TextAsync();
        var link = new Uri(Regex.Match(raw.Replace("=\r\n", "", StringComparison.Ordinal), @"https?://[^\s""<]+/c/[A-Za-z0-9_-]{22}", RegexOptions.NonBacktracking).Value).PathAndQuery;
        var maria = await house.Page(script: false);
        await maria.GotoAsync(link);
        await Press(maria, "Yes, it is solved");
        await maria.GetByText("glad that it is solved").WaitForAsync();

        // The web form, and search.
        await maria.GotoAsync("/ask");
        await maria.Locator("#name").FillAsync("Jonas Weber");
        await maria.Locator("#address").FillAsync("jonas@post.example");
        await maria.Locator("#subject").FillAsync("Invoice shows the old address");
        await maria.Locator("#text").FillAsync("We moved in March.");
        await maria.Locator("main form button").ClickAsync();
        await maria.Locator(".thanks").WaitForAsync();
        await anna.GotoAsync("/search");
        await anna.Locator("main input[name=q]").FillAsync("invoice");
        await Press(anna, "Find");
        await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Invoice shows the old address" }).ClickAsync();
        (await anna.Locator("#timeline .contact .body").First.InnerTextAsync()).ShouldContain("We moved in March.");
        house.NothingWasWrong();
    }

    static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
}
