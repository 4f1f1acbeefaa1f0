using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>The same pages in German, whose words are longer: nothing is cut off, nothing runs over, and axe finds no flaw.</summary>
public sealed class InGerman(OpenHouse house) : IClassFixture<OpenHouse>
{
    // Words that stick out of what they stand in, or are cut off without a sign.
    const string Overrun = """
        () => {
          const found = [];
          for (const e of document.querySelectorAll('.rail-item,.rail-item span,.btn,button,summary,label,legend,th,h1,h2,h3,.settings-nav a,.views a,.badge,dt')) {
            if (!e.checkVisibility() || !e.clientWidth || e.closest('.sr,.skip')) continue;
            const style = getComputedStyle(e);
            if (style.textOverflow !== 'ellipsis' && style.clipPath === 'none' && e.scrollWidth > e.clientWidth + 1) found.push(`${e.localName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}: ${e.textContent.trim().slice(0, 40)}`);
          }
          return [...new Set(found)];
        }
        """;

    [Fact]
    public async Task Pages_hold_their_longer_words()
    {
        var full = house.Full;
        await full.House.Write.Run(Actor.System("test"), null, db => full.House.Get<House>().Set(db, HouseSettings.Language, "de"));
        full.House.Get<House>().Forget();
        var number = full.Ordinary.Number.ToString(CultureInfo.InvariantCulture);
        (string Name, string Address, bool Outside)[] pages =
        [
            ("desk", "/desk/team", false), ("case", $"/cases/{number}", false), ("reply", $"/cases/{number}/reply", false), ("table", "/desk/open/table", false), ("picking", "/desk/team?pick=1", false), ("search", "/search?q=pump", false),
            ("person", $"/people/{full.Maria}", false), ("import", "/people/import", false), ("settings", "/settings", false), ("company", "/settings/company", false), ("mailbox", $"/settings/mailboxes/{full.Mailbox}", false),
            ("mail-health", "/settings/mail-health", false), ("mail-out", "/settings/mail-out", false), ("colleague", $"/settings/colleagues/{full.Ben}", false), ("role", $"/settings/roles/{full.AgentRole}", false), ("backup", "/settings/backup", false),
            ("me", "/me", false), ("notices", "/notices", false), ("outbox", "/outbox", false), ("call", "/calls/new", false), ("new-case", "/cases/new", false), ("sign-in", "/sign-in", true), ("ask", "/ask", true), ("customer", full.CaseLink, true)
        ];
        var over = new List<string>();
        await house.Walk(pages.Select(p => ("german-" + p.Name, p.Address, p.Outside)), async (page, name, address) =>
        {
            // Who is nobody of ours yet is met in the language of the browser.
            var own = address is "/ask" or "/sign-in" ? await house.Page(null, locale: "de-DE") : null;
            page = own ?? page;
            (await page.GotoAsync(address))!.Status.ShouldBe(200, address);
            (await page.GetAttributeAsync("html", "lang")).ShouldBe("de", address);
            await house.Eyes.Look(page, name, 1280, 800);
            foreach (var (width, height) in new[] { (1280, 800), (360, 780) })
            {
                await page.SetViewportSizeAsync(width, height);
                foreach (var one in await page.EvaluateAsync<string[]>(Overrun)) lock (over) over.Add($"{name}, {width} px: {one}");
            }
            if (own is not null) await own.Context.CloseAsync();
        });
        over.ShouldBeEmpty();
        house.Eyes.Flaws.ShouldBeEmpty();
    }
}
