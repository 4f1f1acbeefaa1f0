using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>On a phone of 360 px, with one thumb: somebody reports for a customer, both follow their links, write, and say that it is not solved.</summary>
public sealed class OneThumb
{
    const string Shop = "shop@dealer.example", Maria = "maria@casaverde.example";
    readonly Eyes eyes = new();

    [Fact]
    public async Task From_the_report_to_the_answer()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "no Chromium on this machine");
        await using var post = await Post.Open(On.Sqlite);
        using var driver = await Playwright.CreateAsync();
        await using var browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Eyes.BrowserArguments, Timeout = 0 });

        // The dealer has a customer's broken pump before him.
        var dealer = await Phone(browser, post);
        await dealer.GotoAsync("/ask");
        (await dealer.Locator("#for-address").IsVisibleAsync()).ShouldBeFalse("who reports for nobody is asked for nobody");
        await Thumb(dealer, dealer.GetByText("For someone else"));
        await Write(dealer, "#for-name", "Maria Lopez");
        await Write(dealer, "#for-address", Maria);
        await Write(dealer, "#name", "Shop Nord");
        await Write(dealer, "#subject", "Pump of Maria");
        await Write(dealer, "#text", "Her pump stops after ten minutes.");
        await Send(dealer);
        (await dealer.Locator("#address-error").InnerTextAsync()).ShouldContain("fill this in");
        (await dealer.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("address", "what is wrong is in view");
        (await dealer.Locator("#text").InputValueAsync()).ShouldBe("Her pump stops after ten minutes.", "nothing that was written is lost");
        await Write(dealer, "#address", Shop);
        await dealer.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "pump.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==") });
        await eyes.Look(dealer, "thumb-report", 360, 740);
        await Send(dealer);
        await dealer.Locator(".thanks").WaitForAsync();
        await eyes.Look(dealer, "thumb-receipt", 360, 740);
        await post.Quiet();

        // His page by the link of the receipt, and behind the code what was said.
        await dealer.GotoAsync(await LinkTo(post, Shop));
        (await dealer.Locator("main").InnerTextAsync()).ShouldNotContain("stops after ten minutes");
        await eyes.Look(dealer, "thumb-reporter", 360, 740);
        await Unlock(post, dealer, Shop);
        (await dealer.Locator("main").InnerTextAsync()).ShouldContain("stops after ten minutes");
        await eyes.Look(dealer, "thumb-reporter-open", 360, 740);
        await Thumb(dealer, dealer.GetByRole(AriaRole.Link, new() { Name = "What I have reported" }));
        await dealer.GetByRole(AriaRole.Link, new() { Name = "Report for someone again" }).WaitForAsync();
        await eyes.Look(dealer, "thumb-reported", 360, 740);
        await Thumb(dealer, dealer.GetByRole(AriaRole.Link, new() { Name = "Report for someone again" }));
        (await dealer.Locator("#address").InputValueAsync()).ShouldBe(Shop, "he is filled in");

        // Her page by her link; she writes, and reads our answer.
        var maria = await Phone(browser, post);
        await maria.GotoAsync(await LinkTo(post, Maria));
        await Write(maria, "#text", "It leaks as well.");
        await Send(maria);
        await maria.Locator(".banner.good").WaitForAsync();
        await post.Quiet();
        long number;
        using (var db = post.House.Databases.Open()) number = await db.CasesVisibleTo(Who.House("test")).Select(c => c.Number).SingleAsync(TestContext.Current.CancellationToken);
        await Desk(post, $"/cases/{number}/reply", ("to", Maria), ("text", "We are sorry, Maria. A new pump is on its way."), ("next", "open"), ("anyway", "true"));
        await post.Pass(TimeSpan.FromSeconds(11));
        await Unlock(post, maria, Maria);
        var read = await maria.Locator("main").InnerTextAsync();
        read.ShouldContain("A new pump is on its way.");
        read.ShouldContain("Shop Nord");
        await eyes.Look(maria, "thumb-customer-open", 360, 740);

        // We say that it is solved; it is not, says she.
        await Desk(post, $"/cases/{number}/resolve", ("summary", "New pump."), ("anyway", "true"));
        await post.Quiet();
        await maria.ReloadAsync();
        await eyes.Look(maria, "thumb-customer-asked", 360, 740);
        await Thumb(maria, maria.Locator("button[value=no]").First);
        await maria.Locator("#text").WaitForAsync();
        await eyes.Look(maria, "thumb-customer-no", 360, 740);
        using (var db = post.House.Databases.Open()) (await db.CasesVisibleTo(Who.House("test")).SingleAsync(TestContext.Current.CancellationToken)).IsOpen.ShouldBeTrue("no opens it again");
        eyes.Errors.ShouldBeEmpty();
        eyes.Flaws.ShouldBeEmpty();
    }

    async Task<IPage> Phone(IBrowser browser, Post post)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = post.House.Url.ToString(), ViewportSize = new() { Width = 360, Height = 740 }, DeviceScaleFactor = 2, HasTouch = true, IsMobile = true, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        eyes.Hear(page);
        return page;
    }

    static Task Thumb(IPage page, ILocator what) => what.TapAsync();

    // Touched, and typed: letters of less than 16 px make a phone zoom into the page.
    static async Task Write(IPage page, string field, string text)
    {
        await page.Locator(field).TapAsync();
        (await page.Locator(field).EvaluateAsync<double>("e => parseFloat(getComputedStyle(e).fontSize)")).ShouldBeGreaterThanOrEqualTo(16, field);
        await page.Locator(field).FillAsync(text);
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 360 && visualViewport.scale === 1")).ShouldBeTrue(field);
    }

    static Task Send(IPage page) => Eyes.Turns(page, () => page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.TapAsync());

    static async Task Unlock(Post post, IPage page, string address)
    {
        await Eyes.Turns(page, () => page.Locator("form[action$='/code'] button").TapAsync());
        await post.Quiet();
        (await page.Locator("#code").GetAttributeAsync("inputmode")).ShouldBe("numeric");
        await Write(page, "#code", (await post.LastTo(address)).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit)));
        await Eyes.Turns(page, () => page.Locator("form[action$='/open'] button").TapAsync());
        await page.Locator(".exchange").WaitForAsync();
    }

    static async Task Desk(Post post, string path, params (string, string?)[] fields) => (await post.Desk.Send(await post.Desk.See(path), path, fields)).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);

    static async Task<string> LinkTo(Post post, string address) => Regex.Match((await post.LastTo(address)).Mail.TextBody!, "/c/[A-Za-z0-9_-]+", RegexOptions.NonBacktracking).Value;
}
