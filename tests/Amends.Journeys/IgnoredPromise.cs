using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Promises;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>
/// The ignored promise. An agent in New York writes to a customer in Berlin “We will call you Monday before noon”, touches nothing and presses Send twice. The process is killed; the house is
/// started again on what it left, and its clock moves past that noon.
/// </summary>
public sealed class IgnoredPromise
{
    [Fact]
    public async Task Is_asked_for_before_it_breaks_then_late_in_nobodys_hands_and_kept_by_a_call_alone()
    {
        await using var real = await RealHouse.Open();
        try { await Told(real); }
        catch
        {
            await real.Last("ignored-promise");
            throw;
        }
    }

    static async Task Told(RealHouse real)
    {
        var anna = await FirstRun(real);
        var number = await HeardOf(real, anna);
        await Promised(real, anna, number);
        // What an open page says of a server that is gone is no fault of it.
        await anna.CloseAsync();
        await real.Kill();

        // Started again in this process, on the same folder, so that its clock can be moved.
        await using var house = await TestHouse.OpenAt(real.Folder, null, serve: true, stays: true, at: RealClock.Now);
        var (promise, contact) = await OneMailOnePromise(house);
        var page = await SignedIn(real, house, promise.KeeperId);
        var maria = await HerPage(real, house, page, contact);
        await maria.ReloadAsync();
        (await maria.Locator("main").InnerTextAsync()).ShouldContain($"{promise.DueLocal.ToString("d MMMM yyyy", CultureInfo.GetCultureInfo("en-GB"))}, 12:00 (Berlin)");
        await real.Look(maria, "promise-her-page");

        // The keeper is asked while it can still be kept.
        house.Clock.Set(new DateTimeOffset(promise.AskAt.AddMinutes(1)));
        page = await SignedIn(real, house, promise.KeeperId);
        await Until(house, page, "/notices", "Your promise comes due");
        await page.GotoAsync(At(house, $"/promises/{promise.Id}"));
        await page.Locator(".banner.risk").GetByText("before it breaks").WaitForAsync();
        (await page.Locator("main").InnerTextAsync()).ShouldContain("12:00 (Berlin)");
        (await page.Locator("button[value=keep]").CountAsync()).ShouldBe(0, "a call is kept by a call");
        await real.Look(page, "promise-asked");
        house.Clock.Set(new DateTimeOffset(promise.DueAt.AddMinutes(-10)));
        await Until(house, page, "/desk/risk", "Kitchen under water");
        (await page.ContentAsync()).ShouldContain("Kitchen under water");
        await page.GotoAsync(At(house, "/desk/none"));
        (await page.Locator("#rows .case-row").Filter(new() { HasText = "Kitchen under water" }).CountAsync()).ShouldBe(0);

        // Nobody does anything, and noon passes in Berlin.
        house.Clock.Set(new DateTimeOffset(promise.DueAt.AddMinutes(1)));
        page = await SignedIn(real, house, promise.KeeperId);
        await Until(house, page, "/notices", "A promise was not kept in time");
        await Until(house, page, "/desk/none", "Kitchen under water");
        await page.GotoAsync(At(house, $"/cases/{number}"));
        (await page.ContentAsync()).ShouldContain("Promised late");
        await real.Look(page, "promise-late");
        maria = await HerPage(real, house, page, contact);
        (await maria.Locator("main").InnerTextAsync()).ShouldContain("we are late");

        // It cannot be put away.
        await page.GotoAsync(At(house, $"/cases/{number}/resolve"));
        await page.Locator("#summary").FillAsync("Done.");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();
        await page.GetByText("A promise is open: Call").First.WaitForAsync();
        (await State(house, promise.Id)).State.ShouldBe(PromiseState.Open);

        // Nobody picked up: nothing is kept. Then they talked.
        await Call(house, page, number, CallOutcome.NoAnswer);
        (await State(house, promise.Id)).State.ShouldBe(PromiseState.Open);
        await Call(house, page, number, CallOutcome.Talked);
        var kept = await State(house, promise.Id);
        (kept.State, kept.ProvedBy is not null).ShouldBe((PromiseState.Late, true));
        await page.GotoAsync(At(house, $"/cases/{number}"));
        (await page.ContentAsync()).ShouldContain("Promised done");
        await page.GotoAsync(At(house, $"/cases/{number}/resolve"));
        await page.Locator("#summary").FillAsync("Called, a day late.");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();
        await page.Locator(".next-step").GetByText("Called, a day late.").WaitForAsync();
        await OneMailOnePromise(house);
        real.NothingWasWrong();
    }

    static async Task<IPage> FirstRun(RealHouse house)
    {
        var anna = await house.Page();
        await anna.GotoAsync("/first-run");
        await anna.Locator("#code").FillAsync(house.FirstRunCode());
        await anna.Locator("main form button").ClickAsync();
        await anna.Locator("#company").WaitForAsync();
        await anna.Locator("#name").FillAsync("Anna Berg");
        await anna.Locator("#address").FillAsync("anna@company.example");
        await anna.Locator("#password").FillAsync("three pumps and one kitchen");
        await anna.Locator("#company").FillAsync("Hartmann & Vale");
        await anna.Locator("#zone").SelectOptionAsync("America/New_York");
        await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Open the desk" }).ClickAsync();
        await anna.WaitForURLAsync("**/first-run/ready");
        // The sample sets up the mailbox.
        await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Send the sample" }).ClickAsync();
        await anna.WaitForURLAsync(new Regex("/(cases/|desk)", RegexOptions.NonBacktracking));
        return anna;
    }

    // Maria writes; we know where she lives.
    static async Task<string> HeardOf(RealHouse house, IPage anna)
    {
        var key = (await house.Run("key", "add", "journey", "--scope", "intake")).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        using var client = new HttpClient();
        var mail = $"From: Maria Lopez <maria@casa-verde.example>\r\nTo: service@company.example\r\nSubject: Kitchen under water\r\nMessage-ID: <first@casa-verde.example>\r\nDate: {RealClock.Now:r}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe new pump stops after ten minutes.\r\n";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(house.Url, "/intake/mail?mailbox=service@company.example")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(mail)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (await client.SendAsync(request)).EnsureSuccessStatusCode();
        await anna.GotoAsync("/desk/new");
        await anna.Locator("#rows .case-row").Filter(new() { HasText = "Kitchen under water" }).First.ClickAsync();
        await anna.WaitForURLAsync("**/cases/*");
        var number = Regex.Match(anna.Url, @"/cases/(\d+)", RegexOptions.NonBacktracking).Groups[1].Value;
        await anna.GotoAsync(await anna.Locator("#side a[href^='/people/']").First.GetAttributeAsync("href") + "/edit");
        await anna.Locator("#zone").SelectOptionAsync("Europe/Berlin");
        await anna.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync();
        await anna.WaitForURLAsync(new Regex(@"/people/\d+$", RegexOptions.NonBacktracking));
        return number;
    }

    static async Task Promised(RealHouse house, IPage anna, string number)
    {
        await anna.GotoAsync($"/cases/{number}");
        await anna.Locator("#reply-text").FillAsync("We are sorry, Maria. We will call you Monday before noon.");
        await anna.Locator("#found-promises").GetByText("A promise was found").WaitForAsync();
        await house.Look(anna, "promise-found");
        await anna.Locator("#reply-form .btn-group button.main[name=next]").First.DblClickAsync();
        await anna.Locator("#timeline .contact.ours").GetByText("Monday before noon").WaitForAsync();
    }

    // Twice pressed is once said.
    static async Task<(Promise Promise, long Contact)> OneMailOnePromise(TestHouse house)
    {
        using var db = house.Databases.Open();
        var promise = await db.Set<Promise>().SingleAsync();
        var contact = await db.Set<Contact>().Where(c => c.CaseId == promise.CaseId && c.Direction == Direction.Out && c.Channel == Cases.Channel.Mail).SingleAsync();
        (await db.Set<OutgoingMail>().SingleAsync(m => m.CaseId == promise.CaseId && m.Automatic == null)).ContactId.ShouldBe(contact.Id);
        promise.SaidIn.ShouldBe(contact.Id);
        promise.Zone.ShouldBe("Europe/Berlin");
        var said = Times.In(promise.MadeAt, "Europe/Berlin").Date.AddDays(1);
        while (said.DayOfWeek != DayOfWeek.Monday) said = said.AddDays(1);
        promise.DueLocal.ShouldBe(said.AddHours(12));
        Times.In(promise.DueAt, "America/New_York").Hour.ShouldBeInRange(5, 7);
        return (promise, contact.Id);
    }

    static string At(TestHouse house, string path) => $"http://localhost:{house.Url.Port}{path}";

    static async Task<IPage> SignedIn(RealHouse real, TestHouse house, long colleague)
    {
        var token = Sessions.Token();
        await house.Write.Run(Actor.System("test"), null, db => { Sessions.Begin(db, token, colleague, "test"); return Task.CompletedTask; });
        var page = await real.Page();
        await page.Context.AddCookiesAsync([new() { Name = "amends", Value = token, Url = At(house, "/") }]);
        return page;
    }

    // By the link that stands in the mail.
    static async Task<IPage> HerPage(RealHouse real, TestHouse house, IPage desk, long contact)
    {
        var raw = await (await desk.APIRequest.GetAsync(At(house, $"/contacts/{contact}/raw"))).TextAsync();
        var link = Regex.Match(raw.Replace("=\r\n", "", StringComparison.Ordinal), @"/c/[A-Za-z0-9_-]{22}", RegexOptions.NonBacktracking).Value;
        var maria = await real.Page(900, 800);
        await maria.GotoAsync(At(house, link));
        return maria;
    }

    static async Task<Promise> State(TestHouse house, long id)
    {
        using var db = house.Databases.Open();
        return await db.Set<Promise>().SingleAsync(p => p.Id == id);
    }

    // The timetable runs by the clock; what it tells comes a moment later.
    static async Task Until(TestHouse house, IPage page, string path, string says)
    {
        for (var n = 0; n < 60; n++)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(250);
            await page.GotoAsync(At(house, path));
            if ((await page.Locator("main").InnerTextAsync()).Contains(says, StringComparison.Ordinal)) return;
        }
        throw new TimeoutException($"{path} does not say: {says}");
    }

    static async Task Call(TestHouse house, IPage page, string number, CallOutcome outcome)
    {
        await page.GotoAsync(At(house, $"/cases/{number}/call"));
        await page.Locator("main label:has(input[name=direction][value=out])").ClickAsync();
        await page.Locator($"main label:has(input[name=outcome][value='{(int)outcome}'])").ClickAsync();
        await page.Locator("main textarea[name=text]").FillAsync("About the pump.");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Save the call" }).ClickAsync();
        await page.WaitForURLAsync(new Regex($@"/cases/{number}(#|$)", RegexOptions.NonBacktracking));
    }
}
