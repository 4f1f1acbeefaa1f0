using Amends.Cases;
using Amends.Foundation;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Journeys;

/// <summary>The pages of promises with something on them: looked at wide and narrow, gone through by keyboard and without script.</summary>
public sealed class PromisePages(OpenHouse house) : IClassFixture<OpenHouse>
{
    async Task Fill()
    {
        var (full, now) = (house.Full, house.Full.House.Now);
        await full.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var n = 0;
            void Make(string what, PromiseKind kind, double days, Action<Promise, DateTime>? then = null, Case? of = null)
            {
                var due = now.Date.AddDays(days).AddHours(9 + n++ % 8);
                var promise = new Promise { Id = db.Ids!.Next(), CaseId = (of ?? full.Open).Id, CustomerId = full.Maria, Kind = kind, Named = what, Zone = n % 3 == 0 ? "America/New_York" : "Europe/Berlin", MadeAt = due.AddDays(-2), DueAt = due, DueLocal = Amends.Contacts.Times.In(due, n % 3 == 0 ? "America/New_York" : "Europe/Berlin"), HalfAt = due.AddDays(-1), AskAt = due.AddHours(-9) };
                promise.Make(full.Ada, due.AddDays(-2));
                then?.Invoke(promise, due);
                db.Add(promise);
            }
            for (var day = -9; day < 0; day++)
            {
                Make("Call with the result", PromiseKind.Call, day, (p, due) => p.Keep(due, null, "We talked.", due));
                if (day % 2 == 0) Make("Send the part for the pump in the kitchen by carrier", PromiseKind.Delivery, day, (p, due) => p.Keep(due.AddHours(3), null, "It went.", due.AddHours(3)), full.Ordinary);
                if (day % 3 == 0) Make("Refund the delivery", PromiseKind.Refund, day, (p, due) => p.Release("Not needed.", due));
                if (day % 4 == 0) Make("Come by", PromiseKind.Visit, day, (p, due) => p.Break("The van broke down.", due));
            }
            Make("Answer about the contract", PromiseKind.Answer, -1);
            for (var day = 0; day < 8; day++) Make(day % 2 == 0 ? "Call back" : "Answer with the date of the technician", day % 2 == 0 ? PromiseKind.Call : PromiseKind.Answer, day, null, full.Ordinary);
            for (var more = 0; more < 3; more++) Make("Call back", PromiseKind.Call, 4);
            await Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Are_read_and_walked_wide_and_narrow()
    {
        await Fill();
        var page = await house.Page(house.Full.Ada);
        foreach (var (name, address) in new[]
        {
            ("promises", "/promises"), ("promises-calendar", "/promises/calendar?whose=team"), ("promises-week", "/promises/calendar?show=week"), ("promises-kept", "/promises/kept"), ("promises-behind", "/promises/kept/behind?came=broken"),
            ("promise", $"/promises/{house.Full.Promise}")
        })
        {
            await page.GotoAsync(address);
            await house.Eyes.Look(page, name, 1280, 800);
        }
        await page.GotoAsync("/promises");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make another address" }).ClickAsync();
        await page.Locator("#new-feed").WaitForAsync();
        await house.Eyes.Look(page, "promises-feed", 1280, 800);

        // By keyboard, from one month to the next and to a promise.
        await page.GotoAsync("/promises/calendar");
        await page.GetByRole(AriaRole.Link, new() { Name = "The month after" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "April 2026" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "The month before" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "March 2026" }).WaitForAsync();
        await page.Locator(".calendar li a").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/promises/*");

        // Drafting a new time without script, to the composer.
        var plain = await house.Page(house.Full.Ada, script: false);
        await plain.GotoAsync($"/promises/{house.Full.Promise}");
        await plain.Locator("#new-due").FillAsync("2026-03-30T15:00");
        await plain.GetByRole(AriaRole.Button, new() { Name = "Draft the reply" }).ClickAsync();
        await plain.WaitForURLAsync("**/reply");
        (await plain.Locator("#found-promises").InnerTextAsync()).ShouldContain("This reply tells a new time.");
        await page.GotoAsync(new Uri(plain.Url).PathAndQuery);
        await house.Eyes.Look(page, "promises-tell", 1280, 800);
        house.Eyes.Flaws.ShouldBeEmpty();
        house.Stopped.ShouldBeEmpty();
    }
}
