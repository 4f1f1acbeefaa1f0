using Amends.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>The desk without a mouse: every key of the sheet of keys, and every other action by Tab and Enter; focus is seen and kept.</summary>
public sealed class Keyboard(OpenHouse house) : IClassFixture<OpenHouse>
{
    static Task<string> On(IPage page) => page.EvaluateAsync<string>("(e => e.id || e.getAttribute('href') || e.textContent.trim().slice(0, 40) || e.localName)(document.activeElement)");

    // The focused element has a line or a shadow around it that it has not without focus.
    static Task<bool> Shown(IPage page) => page.EvaluateAsync<bool>("(() => { const e = document.activeElement, look = x => { const s = getComputedStyle(x); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor].join(); }; let on = [e, ...function*(p) { for (; p && p !== document.body; p = p.parentElement) yield p; }(e.parentElement)].slice(0, 4), with_ = on.map(look); e.blur(); const without = on.map(look); e.focus({ focusVisible: true, preventScroll: true }); return with_.some((w, i) => w !== without[i]); })()");

    [Fact]
    public async Task A_key_pressed_while_the_page_is_still_being_read_is_not_lost()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await WhileItIsRead(page, "/desk/team", "#rows .case-row", async () =>
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.Keyboard.TypeAsync("Log a call");
            await page.Keyboard.PressAsync("Enter");
            (await page.Locator("dialog[open]").CountAsync()).ShouldBe(0, "nothing is done before the page stands");
        });
        // Enter waits for the answer to what was typed: what stood in the list before is not what is meant.
        await page.WaitForURLAsync("**/calls/new");
    }

    // Does something while the page is there to be seen and still being read, and lets it stand then.
    static async Task WhileItIsRead(IPage page, string address, string there, Func<Task> act)
    {
        var stands = new TaskCompletionSource();
        await page.RouteAsync("**/htmx.min.js*", async route =>
        {
            await stands.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(there).First.WaitForAsync();
        await act();
        stands.SetResult();
        await Eyes.Stands(page);
        await page.UnrouteAllAsync();
    }

    [Fact]
    public async Task What_is_typed_early_behind_a_key_that_leads_elsewhere_is_not_typed_here()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        var one = $"/cases/{house.Full.Ordinary.Number}";
        // To a sheet, and to another page.
        await WhileItIsRead(page, one, "#reply-text", () => page.Keyboard.TypeAsync("#refund"));
        await page.Locator("#sheet[open] #new").WaitForAsync();
        (await page.Locator("#sheet #new").InputValueAsync()).ShouldBe("");
        (await page.Locator("#reply-text").InputValueAsync()).ShouldNotContain("efund");
        await WhileItIsRead(page, one, "#reply-text", () => page.Keyboard.TypeAsync("crefund"));
        await page.WaitForURLAsync("**/cases/new**");
        await page.GotoAsync(one);
        (await page.Locator("#reply-text").InputValueAsync()).ShouldNotContain("efund");
    }

    [Fact]
    public async Task What_is_typed_early_keeps_its_order_and_goes_into_no_field_that_was_chosen_later()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        // The field takes the focus by itself, between two digits.
        var field = page.Locator("main input[name=q]");
        await WhileItIsRead(page, "/search", "main input[name=q]", async () =>
        {
            await field.BlurAsync();
            await page.Keyboard.TypeAsync("47");
            await field.FocusAsync();
            await page.Keyboard.TypeAsync("11");
        });
        (await field.InputValueAsync()).ShouldBe("4711");
        var outside = await house.Page(null, 1440, 900);
        await WhileItIsRead(outside, "/sign-in", "#password", async () =>
        {
            await outside.EvaluateAsync("document.activeElement.blur()");
            await outside.Keyboard.TypeAsync("x");
            await outside.Locator("#password").ClickAsync();
            await outside.Keyboard.TypeAsync("secret");
        });
        (await outside.Locator("#password").InputValueAsync()).ShouldBe("secret");
    }

    [Fact]
    public async Task An_early_Enter_opens_sends_or_begins_a_line()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await WhileItIsRead(page, "/desk/team", "#rows .case-row", async () =>
        {
            await page.Keyboard.PressAsync("j");
            await page.Keyboard.PressAsync("Enter");
        });
        await page.WaitForURLAsync("**/cases/*");
        await WhileItIsRead(page, "/search", "main input[name=q]", async () =>
        {
            await page.Locator("main input[name=q]").BlurAsync();
            await page.Keyboard.TypeAsync("/pump");
            await page.Keyboard.PressAsync("Enter");
        });
        await page.WaitForURLAsync("**/search?q=pump**");
        await WhileItIsRead(page, $"/cases/{house.Full.Confidential.Number}", "#composer", async () =>
        {
            await page.Keyboard.TypeAsync("nOne");
            await page.Keyboard.PressAsync("Enter");
            await page.Keyboard.TypeAsync("two");
        });
        (await page.Locator("#note-text").InputValueAsync()).ShouldBe("One\ntwo");
        await page.Locator("#note-text").FillAsync("");
    }

    [Fact]
    public async Task Who_switched_single_letters_off_has_the_browsers_own_keys_from_the_start()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await WhileItIsRead(page, "/desk/team", "#rows .case-row", async () =>
        {
            await page.EvaluateAsync("document.body.dataset.keys = 'off'");
            await page.Locator(".rail-item[href='/people']").FocusAsync();
            await page.Keyboard.PressAsync("x");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/people", new() { WaitUntil = WaitUntilState.Commit });
        });
    }

    [Fact]
    public async Task Enter_opens_no_entry_that_answers_another_question()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await page.GotoAsync("/desk/team");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette [role=option][aria-selected=true]").WaitForAsync();
        await page.RouteAsync("**/palette?*", route => route.FulfillAsync(new() { Status = 500 }));
        await page.Keyboard.TypeAsync("zzzz");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#palette [role=option]").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        page.Url.ShouldEndWith("/desk/team");
        // Pressed once more it is a search.
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?q=zzzz");
    }

    [Fact]
    public async Task A_key_pressed_in_the_very_moment_in_which_a_dialog_closes_is_not_lost()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await page.GotoAsync("/desk/team");
        await Eyes.Stands(page);
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette[open]").WaitForAsync();
        // In one turn: until the next frame the browser still names the field of the closed dialog as the one that has the focus.
        var (on, opens) = (await page.EvaluateAsync<string>("(() => { document.querySelector('#palette').close(); const on = document.activeElement; on.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true })); return on.localName + (document.querySelector('#keys').open ? ' opens' : ' nothing'); })()")).Split(' ') is [var name, var what] ? (name, what) : default;
        opens.ShouldBe("opens", on);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_keys_that_people_know_do_what_they_know()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await page.GotoAsync("/desk/team");
        var rows = await page.Locator("#rows .case-row").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))");
        rows.Length.ShouldBeGreaterThan(2);
        // j and k move, Enter opens.
        await page.Keyboard.PressAsync("j");
        (await On(page)).ShouldBe(rows[0]);
        await page.Keyboard.PressAsync("j");
        (await On(page)).ShouldBe(rows[1]);
        (await Shown(page)).ShouldBeTrue();
        await page.Keyboard.PressAsync("k");
        (await On(page)).ShouldBe(rows[0]);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/cases/*");
        await page.Locator("#composer").WaitForAsync();
        // With a case open the list stays: the next one is swapped in, without a new page.
        await page.EvaluateAsync("window.same = true");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.EndsWith(rows[1], StringComparison.Ordinal));
        (await page.EvaluateAsync<bool>("!!window.same")).ShouldBeTrue();
        await page.Locator("#composer").WaitForAsync();
        // When the list changes the open row stays marked, and still opens in place.
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{house.Full.Confidential.Number}/rename", ("subject", "Another name in the list"));
        await page.Locator("#rows").GetByText("Another name in the list").WaitForAsync();
        (await page.Locator("#rows [aria-current]").GetAttributeAsync("href")).ShouldBe(rows[1]);
        (await page.Locator("#rows .case-row:not([hx-get])").CountAsync()).ShouldBe(0);

        // Reply, note, call: the text has the focus; Escape leaves it.
        foreach (var (key, field) in new[] { ("r", "reply-text"), ("n", "note-text") })
        {
            await page.Keyboard.PressAsync(key);
            await page.Locator($"#{field}:focus").WaitForAsync();
            (await Shown(page)).ShouldBeTrue(field);
            await page.Keyboard.PressAsync("Escape");
            (await On(page)).ShouldNotBe(field);
        }
        // Sheets: the first field has the focus; Escape brings it back to where it was.
        foreach (var key in new[] { "a", "s", "e", "#", "y", "m" })
        {
            await page.Keyboard.PressAsync(key);
            await page.Locator("#sheet[open]").WaitForAsync();
            (await page.EvaluateAsync<bool>("document.querySelector('#sheet').contains(document.activeElement)")).ShouldBeTrue(key);
            await page.Keyboard.PressAsync("Escape");
            await page.Locator("#sheet[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }
        // Panes fold by key and come back.
        foreach (var (key, pane) in new[] { ("[", "#views"), ("\\", "#list"), ("]", "#side") })
        {
            await page.Keyboard.PressAsync(key);
            (await page.Locator(pane).IsVisibleAsync()).ShouldBeFalse(key);
            await page.Keyboard.PressAsync(key);
            (await page.Locator(pane).IsVisibleAsync()).ShouldBeTrue(key);
        }
        // The menu of the case: opened by its key, walked by arrows, left by Escape.
        await page.Keyboard.PressAsync(".");
        await page.Locator("#case .case-bar details.menu[open]").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        (await page.Locator("#case .case-bar details.menu[open]").CountAsync()).ShouldBe(0);
        // Two strokes to go.
        foreach (var (key, path) in new[] { ("p", "/people"), ("n", "/notices"), ("o", "/outbox"), ("s", "/settings"), ("d", "/desk") })
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);
            await page.WaitForURLAsync($"**{path}**");
        }
        // Find: the palette by two ways; commands are in it too; Escape closes.
        await page.Keyboard.PressAsync("/");
        await page.Locator("#palette[open]").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("Log a call");
        await page.Locator("#palette [role=option][aria-selected=true]").Filter(new() { HasText = "Log a call" }).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/calls/new");
        await page.GotoAsync("/desk/team");
        await page.Keyboard.PressAsync("c");
        await page.WaitForURLAsync("**/cases/new**");
        await page.GotoAsync($"/cases/{house.Full.Ordinary.Number}");
        await page.Keyboard.PressAsync("h");
        await page.WaitForURLAsync("**/history");
        // All of them stand on the sheet of keys.
        await page.GotoAsync($"/cases/{house.Full.Ordinary.Number}");
        await page.Keyboard.PressAsync("?");
        var sheet = await page.Locator("#keys").InnerTextAsync();
        foreach (var says in new[] { "Assign", "Wait", "Resolve", "Tags", "Merge", "Note", "Reply", "Send", "History", "Follow", "Desk", "People" }) sheet.ShouldContain(says);
        await page.Keyboard.PressAsync("Escape");
    }

    [Fact]
    public async Task A_note_is_written_and_sent_by_keys_alone_and_a_live_change_leaves_the_focus()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await page.GotoAsync($"/cases/{house.Full.Open.Number}");
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.TypeAsync("By keys alone.");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#timeline .note").GetByText("By keys alone.").WaitForAsync();

        // Focus on a button of the case; another colleague changes the case; it stays there, and what is typed stays too.
        await page.Locator("#case [data-key=a]").FocusAsync();
        // The clock of a test stands still, and what changes nothing is no change.
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{house.Full.Open.Number}/notes", ("text", "From another window"));
        await page.Locator("#timeline .note").GetByText("From another window").WaitForAsync();
        (await page.EvaluateAsync<string>("document.activeElement.dataset.key")).ShouldBe("a");
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.TypeAsync("Half a sentence");
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{house.Full.Open.Number}/rename", ("subject", "Renamed meanwhile"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Renamed meanwhile" }).First.WaitForAsync();
        (await On(page)).ShouldBe("note-text");
        (await page.Locator("#note-text").InputValueAsync()).ShouldBe("Half a sentence");
        await page.Locator("#note-text").FillAsync("");

        // A row of the list keeps the focus when the list changes around it.
        await page.GotoAsync("/desk/team");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        var on = await On(page);
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{house.Full.Ordinary.Number}/rename", ("subject", "Row of another name"));
        await page.Locator("#rows").GetByText("Row of another name").WaitForAsync();
        (await On(page)).ShouldBe(on);
    }

    [Fact]
    public async Task Several_cases_are_open_as_tabs()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        var (first, second, third) = (house.Full.Ordinary.Number, house.Full.Open.Number, house.Full.Confidential.Number);
        var strip = page.Locator(".open-cases");
        await page.GotoAsync($"/cases/{first}");
        (await strip.IsVisibleAsync()).ShouldBeFalse("one case needs no strip");
        await page.GotoAsync($"/cases/{second}?in=team");
        await page.GotoAsync($"/cases/{third}");
        (await strip.Locator("a").CountAsync()).ShouldBe(3);
        (await strip.Locator("[aria-current]").GetAttributeAsync("href")).ShouldBe($"/cases/{third}");
        await page.Keyboard.PressAsync("<");
        await page.WaitForURLAsync($"**/cases/{second}?in=team");
        await page.Keyboard.PressAsync("<");
        await page.WaitForURLAsync($"**/cases/{first}");
        await page.Keyboard.PressAsync(">");
        await page.WaitForURLAsync($"**/cases/{second}?in=team");
        // A live change leaves the strip and its focus alone.
        await strip.Locator("a").First.FocusAsync();
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{second}/rename", ("subject", "Renamed beside the strip"));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Renamed beside the strip" }).First.WaitForAsync();
        (await On(page)).ShouldBe($"/cases/{first}");
        await page.Keyboard.PressAsync("w");
        await page.WaitForURLAsync($"**/cases/{first}");
        (await strip.Locator("a").CountAsync()).ShouldBe(2);
        await strip.GetByRole(AriaRole.Button).Last.ClickAsync();
        (await strip.IsVisibleAsync()).ShouldBeFalse();
        // Who signs out leaves no subjects behind.
        await page.GotoAsync($"/cases/{second}");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/sign-in");
        (await page.EvaluateAsync<string?>("sessionStorage.getItem('cases')")).ShouldBeNull();
    }

    [Fact]
    public async Task Columns_are_chosen_and_sorted_and_the_address_says_so()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        await page.GotoAsync("/desk/open");
        await page.Keyboard.PressAsync("v");
        await page.WaitForURLAsync("**/desk/open/table");
        await page.Keyboard.PressAsync("v");
        await page.Locator("details.menu[open]").GetByLabel("Severity").CheckAsync();
        await page.Locator("details.menu[open]").GetByLabel("Number").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show these" }).ClickAsync();
        await page.Locator("th").GetByText("Severity").WaitForAsync();
        (await page.Locator("th").GetByText("Number").CountAsync()).ShouldBe(0);
        await page.Locator("th").GetByText("Subject").ClickAsync();
        await page.Locator("th[aria-sort=ascending]").GetByText("Subject").WaitForAsync();
        var subjects = await page.Locator("tbody .row-link").AllInnerTextsAsync();
        subjects.ShouldBe([.. subjects.Order(StringComparer.Ordinal)]);
        // Given to a colleague, the address shows the same.
        var other = await house.Page(house.Full.Ben, 1440, 900);
        await other.GotoAsync(page.Url);
        (await other.Locator("th[aria-sort=ascending]").InnerTextAsync()).ShouldContain("Subject");
        (await other.Locator("th").GetByText("Severity").CountAsync()).ShouldBe(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/cases/*");
    }

    [Fact]
    public async Task Tab_reaches_everything_and_shows_where_it_is()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        foreach (var address in new[] { $"/cases/{house.Full.Ordinary.Number}", "/settings/company", $"/people/{house.Full.Maria}" })
        {
            await page.GotoAsync(address);
            // Each thing that can be pressed, but for what is folded away, is reached, in order, and is seen when it has the focus.
            var wanted = await page.EvaluateAsync<int>("[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex=\"0\"]')].filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) && !(e.type === 'radio' && !e.checked)).length");
            var reached = new HashSet<string>();
            var unseen = new List<string>();
            for (var i = 0; i < wanted + 40; i++)
            {
                await page.Keyboard.PressAsync("Tab");
                var at = await page.EvaluateAsync<string>("(e => e === document.body ? '' : (e.dataset.tabbed ||= String(performance.now() + Math.random())) + ' ' + e.outerHTML.slice(0, 120))(document.activeElement)");
                if (at.Length == 0) break;
                if (!reached.Add(at.Split(' ')[0])) break;
                if (!await Shown(page)) unseen.Add($"{address}: {at}");
            }
            reached.Count.ShouldBeGreaterThan(wanted - 3, address);
            unseen.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Single_letters_can_be_switched_off()
    {
        var page = await house.Page(house.Full.Ben, 1440, 900);
        await page.GotoAsync("/me");
        var box = page.Locator("#keys-off").First;
        await box.SetCheckedAsync(!await box.IsCheckedAsync());
        await page.Locator("main form").Filter(new() { Has = box }).GetByRole(AriaRole.Button).First.ClickAsync();
        await page.GotoAsync($"/cases/{house.Full.Ordinary.Number}");
        (await page.Locator("body").GetAttributeAsync("data-keys")).ShouldBe("off");
        foreach (var key in new[] { "a", "e", "?", "n" }) await page.Keyboard.PressAsync(key);
        (await page.Locator("dialog[open]").CountAsync()).ShouldBe(0);
        (await On(page)).ShouldNotBe("note-text");
        // What is no single letter still goes.
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette[open]").WaitForAsync();
    }
}
