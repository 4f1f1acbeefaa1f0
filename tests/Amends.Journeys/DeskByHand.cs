using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Tests.Abuse;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>The desk in a real browser, where only that shows it: a line that is cut, what stands beside a case, pictures that are pasted, every action by keys, and forms without script.</summary>
public sealed class DeskByHand(OpenHouse house) : IClassFixture<OpenHouse>
{
    static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A line to the house that can be cut: what flows on it ends, and nothing new comes through until it is mended.</summary>
    sealed class Line : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly ConcurrentBag<TcpClient> open = [];
        readonly int to;
        volatile bool isCut;

        public Line(int to)
        {
            this.to = to;
            listener.Start();
            _ = Task.Run(async () => { try { while (true) _ = Carry(await listener.AcceptTcpClientAsync()); } catch (SocketException) { } catch (ObjectDisposedException) { } });
        }

        public string Url => $"http://127.0.0.1:{N(((IPEndPoint)listener.LocalEndpoint).Port)}";

        async Task Carry(TcpClient near)
        {
            if (isCut) { near.Dispose(); return; }
            using var far = new TcpClient();
            open.Add(near);
            open.Add(far);
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, to);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception why) when (why is IOException or SocketException or ObjectDisposedException or InvalidOperationException) { }
            near.Dispose();
        }

        public void Cut()
        {
            isCut = true;
            foreach (var one in open) one.Dispose();
        }

        public void Mend() => isCut = false;

        public void Dispose()
        {
            listener.Dispose();
            foreach (var one in open) one.Dispose();
        }
    }

    [Fact]
    public async Task A_lost_connection_says_so_and_catches_up_without_a_gap()
    {
        var page = await house.Page(house.Full.Ada, 1440, 900);
        using var line = new Line(house.Full.House.Url.Port);
        await page.GotoAsync($"{line.Url}/cases/{N(house.Full.Open.Number)}");
        await page.Locator("#timeline").WaitForAsync();
        await page.EvaluateAsync("window.same = true");
        // Heard once before the line is cut: it stands.
        house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Full.Post(house.Full.Admin, $"/cases/{N(house.Full.Open.Number)}/notes", ("text", "Heard at once"));
        await page.Locator("#timeline .note").GetByText("Heard at once").WaitForAsync();
        line.Cut();
        await page.Locator("#offline:not([hidden])").GetByText("Connection lost").WaitForAsync();
        for (var i = 1; i <= 3; i++)
        {
            house.Full.House.Clock.Advance(TimeSpan.FromSeconds(1));
            await house.Full.Post(house.Full.Admin, $"/cases/{N(house.Full.Open.Number)}/notes", ("text", $"While it was cut {N(i)}"));
        }
        await house.Full.Post(house.Full.Admin, $"/cases/{N(house.Full.Ordinary.Number)}/rename", ("subject", "Renamed while it was cut"));
        (await page.Locator("#timeline .note").GetByText("While it was cut").CountAsync()).ShouldBe(0);
        line.Mend();
        await page.Locator("#offline:not([hidden])").GetByText("Connected again").WaitForAsync();
        for (var i = 1; i <= 3; i++) await page.Locator("#timeline .note").GetByText($"While it was cut {N(i)}").WaitForAsync();
        await page.Locator("#rows").GetByText("Renamed while it was cut").WaitForAsync();
        await page.Locator("#offline[hidden]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        (await page.EvaluateAsync<bool>("!!window.same")).ShouldBeTrue("the page itself stayed");
    }

    [Fact]
    public async Task Holdings_and_other_cases_stand_beside_quotes_are_folded_and_a_pasted_picture_goes_along()
    {
        var full = house.Full;
        var page = await house.Page(full.Ben, 1440, 900);
        await page.GotoAsync($"/cases/{N(full.Ordinary.Number)}");
        await page.Locator("#side").GetByText($"Pump {FullHouse.Secret}").First.WaitForAsync();
        await page.Locator($"#side a[href*='/cases/{N(full.Open.Number)}']").First.WaitForAsync();

        // What was quoted is folded, and opens.
        using (var pipe = full.House.Client())
        {
            pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
            var raw = string.Join("\r\n", ["From: Quinn <quinn@customer.example>", "To: service@amends.example", "Subject: With a quote", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "",
                "The new words.", "", "On Fri, 20 Nov 2026 at 10:00, Service <service@amends.example> wrote:", "> The old words of long ago.", "> And another line.", ""]);
            (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw)))).EnsureSuccessStatusCode();
        }
        await full.Rest();
        long number;
        using (var db = full.House.Databases.Open()) number = await db.Set<Amends.Cases.Case>().Where(c => c.Subject == "With a quote").Select(c => c.Number).SingleAsync();
        await page.GotoAsync($"/cases/{N(number)}");
        var quote = page.Locator("#timeline details.quote:not(.original)").First;
        await page.Locator("#timeline").GetByText("The new words.").First.WaitForAsync();
        (await quote.GetByText("The old words of long ago.").IsVisibleAsync()).ShouldBeFalse();
        await quote.Locator("summary").ClickAsync();
        (await quote.GetByText("The old words of long ago.").IsVisibleAsync()).ShouldBeTrue();

        // A picture from the clipboard is uploaded, stands at the letter, and is shown where it was sent.
        await page.Locator("#reply-text").FillAsync("See the picture.");
        await page.EvaluateAsync("""
            () => {
              const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), c => c.charCodeAt(0));
              const held = new DataTransfer(); held.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
              document.querySelector('#reply-text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }));
            }
            """);
        await page.Locator("#reply-form .file").GetByText("image").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Eyes.Picture("pasted.png") });
        await page.Locator("#reply-text").PressAsync("Control+Enter");
        await page.Locator("#timeline .contact.ours").GetByText("See the picture.").First.WaitForAsync();
        (await page.Locator("#timeline .contact.ours .file.picture img").First.EvaluateAsync<int>("one => one.decode().then(() => one.naturalWidth)")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task On_a_phone_the_open_entry_of_the_settings_is_in_view_and_stays_so_when_the_page_is_swapped()
    {
        const string inView = "(() => { const e = document.querySelector('.settings-nav [aria-current]').getBoundingClientRect(); return e.left >= 0 && e.right <= innerWidth; })()";
        var page = await house.Page(house.Full.Ada, 360, 780);
        await page.GotoAsync("/settings/company");
        await page.GotoAsync((await page.Locator(".settings-nav a").Last.GetAttributeAsync("href"))!);
        (await page.EvaluateAsync<bool>(inView)).ShouldBeTrue("when it was read");
        await page.EvaluateAsync("(() => { const all = document.querySelector('.settings'); all.replaceWith(all.cloneNode(true)); })()");
        (await page.EvaluateAsync<bool>(inView)).ShouldBeFalse("what is new begins at its beginning");
        await page.EvaluateAsync("document.querySelector('.settings').dispatchEvent(new CustomEvent('htmx:afterSettle', { bubbles: true, detail: {} }))");
        (await page.EvaluateAsync<bool>(inView)).ShouldBeTrue("when it was swapped");
        // What is swapped beside it leaves it where it was moved to.
        await page.EvaluateAsync("(() => { document.querySelector('.settings-nav').scrollLeft = 0; document.querySelector('.settings .page').dispatchEvent(new CustomEvent('htmx:afterSettle', { bubbles: true, detail: {} })); })()");
        (await page.EvaluateAsync<int>("document.querySelector('.settings-nav').scrollLeft")).ShouldBe(0);
    }

    // Presses Tab until what has the focus fits; fails where it is not reached.
    static async Task TabTo(IPage page, string fits, int most = 160)
    {
        for (var i = 0; i < most; i++)
        {
            if (await page.EvaluateAsync<bool>("f => document.activeElement !== document.body && document.activeElement.matches(f.split(' :says ')[0]) && (f.split(' :says ')[1] === undefined || document.activeElement.textContent.trim().startsWith(f.split(' :says ')[1]))", fits)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        throw new InvalidOperationException($"Tab does not reach {fits} on {page.Url}");
    }

    // Chooses an entry of the case's menu: its key, arrows, Enter.
    static async Task Menu(IPage page, string entry)
    {
        await page.Keyboard.PressAsync(".");
        await page.Locator("#case .case-bar details.menu[open]").WaitForAsync();
        var seen = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            seen.Add(await page.EvaluateAsync<string>("document.activeElement.localName + ' ' + document.activeElement.textContent.trim().slice(0, 30)"));
            if (seen[^1].Split(' ', 2)[1].StartsWith(entry, StringComparison.Ordinal)) { await page.Keyboard.PressAsync("Enter"); return; }
            await page.Keyboard.PressAsync("ArrowDown");
        }
        throw new InvalidOperationException($"The menu has no {entry}: {string.Join(", ", seen)}");
    }

    // Takes back what the toast offers.
    static async Task TakeBack(IPage page)
    {
        await page.Locator("#toasts .toast[data-undo]").WaitForAsync();
        await Eyes.Turns(page, () => page.Keyboard.PressAsync("z"));
    }

    [Fact]
    public async Task Every_action_goes_by_keys_alone()
    {
        var full = house.Full;
        var maria = full.Maria;
        var one = await Amends.Tests.Cast.Some.Case(full.House, maria, full.TeamA, full.Brand, "By keys alone");
        var page = await house.Page(full.Ada, 1440, 900);
        await page.GotoAsync($"/cases/{N(one.Number)}");
        var (head, step) = (page.Locator(".case-head"), page.Locator(".next-step"));

        await Menu(page, "Spam");
        await head.GetByText("spam", new() { Exact = true }).WaitForAsync();
        await TakeBack(page);
        await head.GetByText("spam", new() { Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Menu(page, "Delete");
        await head.GetByText("deleted", new() { Exact = true }).WaitForAsync();
        await TakeBack(page);
        await page.Locator("#composer").WaitForAsync();

        await Menu(page, "Link a case");
        await page.Locator("#sheet input[name=q]").WaitForAsync();
        await TabTo(page, "#sheet input[name=q]");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(N(full.Ordinary.Number));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#sheet input[type=radio][name=target]").First.WaitForAsync();
        await TabTo(page, "#sheet input[type=radio][name=target]");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#side form[action$='/unlink']").First.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Eyes.Picture("linked.png") });

        // Resolved, confirmed, opened again, resolved, closed.
        await page.Keyboard.PressAsync("e");
        await page.Locator("#sheet #summary").WaitForAsync();
        await page.Keyboard.TypeAsync("Done by keys.");
        await page.Keyboard.PressAsync("Control+Enter");
        await step.GetByText("to be confirmed").WaitForAsync();
        await TabTo(page, ".next-step form[action$='/confirm'] button");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".next-step form[action$='/confirm']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Keyboard.PressAsync("o");
        await page.Locator("#sheet form").WaitForAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#case .case-bar a.btn[href$='/resolve']").WaitForAsync();
        await page.Keyboard.PressAsync("e");
        await page.Locator("#sheet #summary").WaitForAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await step.GetByText("to be confirmed").WaitForAsync();
        await TabTo(page, ".next-step form[action$='/close'] button");
        await page.Keyboard.PressAsync("Enter");
        await step.GetByText("Closed").WaitForAsync();

        // One contact is split off.
        await page.GotoAsync($"/cases/{N(full.Ordinary.Number)}");
        await page.Locator("#timeline .contact details.menu > summary").First.WaitForAsync();
        await TabTo(page, "#timeline .contact details.menu > summary");
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, "#timeline .contact .menu-list a[href*='/split/']");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#sheet #subject").WaitForAsync();
        await TabTo(page, "#sheet #subject");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("Split off by keys");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#timeline .fact").GetByText("split").Last.WaitForAsync(new() { State = WaitForSelectorState.Attached });

        // Several at once.
        await page.GotoAsync("/desk/new");
        await page.Locator("#rows .case-row").First.WaitForAsync();
        await page.Keyboard.PressAsync("x");
        await page.Locator("[data-all]").WaitForAsync();
        await TabTo(page, "[data-all]");
        await page.Keyboard.PressAsync("Space");
        (await page.Locator(".pick:checked").CountAsync()).ShouldBeGreaterThan(0);
        await TabTo(page, ".bulk-bar button[value=take]");
        await page.Keyboard.PressAsync("Enter");
        await TakeBack(page);

        // A call, from anywhere; and a setting.
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("Log a call");
        await page.Locator("#palette [role=option][aria-selected=true]").Filter(new() { HasText = "Log a call" }).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/calls/new");
        await page.GotoAsync($"/cases/{N(full.Open.Number)}");
        await page.Locator("#composer").WaitForAsync();
        await page.Keyboard.PressAsync("l");
        await page.Locator("#composer .write.call textarea").WaitForAsync();
        await TabTo(page, "#composer .write.call textarea");
        await page.Keyboard.TypeAsync("She called about the lid.");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("#timeline").GetByText("She called about the lid.").First.WaitForAsync();

        await page.Keyboard.PressAsync("Escape");
        await page.GotoAsync("/settings");
        await TabTo(page, "a[href='/settings/company']");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/settings/company");
        await TabTo(page, "#name");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("Casa Azul");
        await TabTo(page, "form[action='/settings/company'] button.main");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#name[value='Casa Azul']").WaitForAsync();
    }

    [Fact]
    public async Task Forms_are_enough_for_merging_tags_calls_settings_import_and_people()
    {
        var full = house.Full;
        var (first, second) = (await Amends.Tests.Cast.Some.Case(full.House, full.Maria, full.TeamA, full.Brand, "Without script one"), await Amends.Tests.Cast.Some.Case(full.House, full.Maria, full.TeamA, full.Brand, "Without script two"));
        var page = await house.Page(full.Ada, 1280, 900, script: false);
        Task Send() => page.Locator("main form button.main").First.ClickAsync();

        await page.GotoAsync($"/cases/{N(first.Number)}/tags");
        await page.Locator("#new").FillAsync("noscript");
        await Send();
        await page.Locator(".case-head .tag").GetByText("noscript").WaitForAsync();

        await page.GotoAsync($"/cases/{N(first.Number)}/call");
        await page.Locator("main textarea").First.FillAsync("Called without script.");
        await Send();
        await page.Locator("#timeline").GetByText("Called without script.").First.WaitForAsync();

        await page.GotoAsync($"/cases/{N(first.Number)}/merge");
        await page.Locator("main input[name=q]").FillAsync(N(second.Number));
        await page.Locator("main input[name=q]").PressAsync("Enter");
        await page.Locator($"main input[name=target]").First.CheckAsync();
        await Send();
        await page.WaitForURLAsync($"**/cases/{N(second.Number)}**");
        await page.Locator("#timeline").GetByText("Called without script.").First.WaitForAsync();

        await page.GotoAsync("/settings/company");
        await page.Locator("#name").FillAsync("Casa Verde and others");
        await Send();
        await page.GotoAsync("/settings/company");
        (await page.Locator("#name").InputValueAsync()).ShouldBe("Casa Verde and others");

        await page.GotoAsync("/people/new");
        await page.Locator("#name").FillAsync("Nina Noscript");
        await Send();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Nina Noscript" }).WaitForAsync();
        await page.GotoAsync("/people?q=noscript");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Nina Noscript" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Nina Noscript" }).WaitForAsync();

        await page.GotoAsync("/people/import");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "people.csv", MimeType = "text/csv", Buffer = "name,mail\r\nIda Imported,ida@customer.example\r\n"u8.ToArray() });
        await Send();
        await page.WaitForURLAsync("**/people/import/*");
        await page.Locator("button[formaction$='/start'],form[action$='/start'] button").First.ClickAsync();
        await full.Rest();
        await page.GotoAsync("/people?q=ida+imported");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Ida Imported" }).First.WaitForAsync();
    }
}
