using System.Text;
using Amends.Contacts.Email;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>Hostile mails and hostile words on the product's own pages, in a real browser: nothing runs, nobody else is asked, nothing changes.</summary>
public sealed class HostileWords(OpenHouse house) : IClassFixture<OpenHouse>
{
    const string Elsewhere = "http://canary.example";

    // Run by nobody, and no request to anybody else: what a page tells the browser itself, and what only a script can do.
    async Task<string?> Trace(IPage page) => await page.EvaluateAsync<string?>("window.ran ? 'ran ' + window.ran : document.querySelector('img[src=x],[onerror]') ? 'made ' + document.querySelector('img[src=x],[onerror]').outerHTML.slice(0, 200) : null");

    [Fact]
    public async Task A01_A08_no_script_of_a_mail_runs_where_agents_read_it_and_nothing_is_fetched()
    {
        // The published ones each in a mail of its own; of ours, which are tried one by one elsewhere, some in each.
        List<string> payloads = [.. Corpora.Find("html-xss-dompurify", "vectors.jsonl") is null ? [] : HostileHtml.Published().Select(p => p.Payload),
            .. HostileHtml.All().Select(p => HostileHtml.At(p, Elsewhere)).Where((_, i) => i % 4 == 0).Chunk(8).Select(some => string.Join("</p></td></tr></table></div>\n", some)),
            "<img src=\"/sign-out\">", "<img src=\"../../sign-out\">", $"<img src=\"/cases/{house.Full.Open.Number}/delete\">", "<img src=/live>", "<link rel=stylesheet href=/app.css>"];
        payloads.Count.ShouldBeGreaterThan(40);
        var ids = await Send(payloads.Select(p => (p, (string?)null)));
        ids.Count.ShouldBe(payloads.Count);
        var stood = await house.Full.Rows();
        // Where agents read it; and, for some, the framed document alone, as somebody would open it by its address.
        var addresses = ids.SelectMany((id, i) => i % 4 == 0 ? new[] { ("", $"/contacts/{id}/original", false), ("", $"/contacts/{id}/html", false) } : [("", $"/contacts/{id}/original", false)]).ToList();
        var found = new List<string>();
        var strange = new List<string>();
        var shown = 0;
        await house.Walk(addresses, async (page, _, address) =>
        {
            void Asked(object? sender, IRequest request)
            {
                var path = new Uri(request.Url).AbsolutePath;
                // What a mail may show: itself, and its own pictures.
                if (request.Frame.ParentFrame is not null && !path.StartsWith("/contacts/", StringComparison.Ordinal)) lock (strange) strange.Add($"{address}: {request.Url}");
            }
            page.Request += Asked;
            await page.GotoAsync(address);
            foreach (var frame in page.Frames)
            {
                if (frame == page.MainFrame && address.EndsWith("/original", StringComparison.Ordinal)) continue;
                Interlocked.Increment(ref shown);
                // Script is off in here: what is evaluated is evaluated by the driver.
                if (await frame.EvaluateAsync<bool>("!!window.ran")) lock (found) found.Add($"{address} ran");
            }
            if (await Trace(page) is { } trace) lock (found) found.Add($"{address} {trace}");
            if (new Uri(page.Url).AbsolutePath != address) lock (found) found.Add($"{address} went to {page.Url}");
            page.Request -= Asked;
        });
        shown.ShouldBe(addresses.Count);
        found.ShouldBeEmpty();
        strange.ShouldBeEmpty();
        house.Ran.ShouldBeEmpty();
        house.AskedElsewhere.ShouldBeEmpty();
        // Looking at them all changed nothing, and the one who looked is still signed in.
        FullHouse.Differences(stood, await house.Full.Rows()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A03_names_of_files_are_names()
    {
        string[] names = ["x.jpg\"><svg/onload=window.ran=1>", "<img src=x onerror=window.ran=1>.png", "a.html", "..\\..\\x\u202Egnp.exe", "'-window.ran=1-'.txt", "%3Cscript%3Ewindow.ran=1%3C/script%3E.svg"];
        var ids = await Send(names.Select(n => ("<p>See what came along.</p>", (string?)n)));
        await house.Full.Rest();
        List<long> numbers;
        using (var db = house.Full.House.Databases.Open())
            numbers = await db.Set<Amends.Contacts.Contact>().Where(c => ids.Contains(c.Id)).Join(db.Set<Amends.Cases.Case>(), c => c.CaseId, c => c.Id, (_, c) => c.Number).ToListAsync();
        numbers.Count.ShouldBe(names.Length);
        var found = new List<string>();
        await house.Walk(numbers.Select(n => ("", $"/cases/{n}", false)), async (page, _, address) =>
        {
            await page.GotoAsync(address);
            (await page.Locator("#timeline .file").CountAsync()).ShouldBe(1);
            if (await Trace(page) is { } trace) lock (found) found.Add($"{address} {trace}");
        }, policy: false, tabs: 1);
        found.ShouldBeEmpty();
        house.Ran.ShouldBeEmpty();
    }

    // Sends each as a mail of its own through the real intake; answers with the contacts that were made.
    async Task<List<long>> Send(IEnumerable<(string Html, string? File)> mails)
    {
        long last;
        using (var db = house.Full.House.Databases.Open()) last = await db.Set<Amends.Contacts.Contact>().MaxAsync(c => c.Id);
        using var pipe = house.Full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        var count = 0;
        foreach (var (html, file) in mails)
        {
            var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(html));
            var raw = string.Join("\r\n", ["From: Eve <eve@customer.example>", "To: service@amends.example", $"Subject: Hostile {++count}", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "MIME-Version: 1.0",
                "Content-Type: multipart/mixed; boundary=b1", "", "--b1", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", body,
                .. file is null ? Array.Empty<string>() : ["--b1", "Content-Type: image/svg+xml", $"Content-Disposition: attachment; filename*=utf-8''{Uri.EscapeDataString(file)}", "", "<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran=1'/>"],
                "--b1--", ""]);
            (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw)))).EnsureSuccessStatusCode();
        }
        await house.Full.Rest();
        using var after = house.Full.House.Databases.Open();
        return await after.Set<Amends.Contacts.Contact>().Where(c => c.Id > last).Select(c => c.Id).ToListAsync();
    }
}

/// <summary>A house in which every column that people write holds markup.</summary>
public sealed class MarkedHouse : OpenHouse
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (await MarkedText.Fill(Full)).ShouldBeGreaterThan(40);
    }
}

/// <summary>The field fuzzer with real eyes (A02).</summary>
public sealed class MarkedWords(MarkedHouse house) : IClassFixture<MarkedHouse>
{
    [Fact]
    public async Task A02_what_people_write_is_shown_and_never_run()
    {
        var pages = await house.Pages();
        pages.Count.ShouldBeGreaterThan(70);
        var (found, shown) = (new List<string>(), 0);
        // Without the page's policy: what holds here is the encoding, the first of two locks.
        await house.Walk(pages, async (page, _, address) =>
        {
            await page.GotoAsync(address);
            var says = await page.EvaluateAsync<string?>("window.ran ? 'ran' : document.querySelector('img[src=x],[onerror]') ? 'made an element' : null");
            if (says is not null) lock (found) found.Add($"{address} {says}");
            if (await page.EvaluateAsync<bool>("document.body.innerText.includes('onerror=window.ran=1>{{7*7}}')")) Interlocked.Increment(ref shown);
        }, policy: false);
        found.ShouldBeEmpty();
        house.Ran.ShouldBeEmpty();
        shown.ShouldBeGreaterThan(20);

        // Parts that scripts fetch and put into the page: palette, suggestions, a sheet, a live change.
        var anna = await house.Page(house.Full.Ada, policy: false);
        await anna.GotoAsync($"/cases/{house.Full.Ordinary.Number}");
        await anna.Keyboard.PressAsync("Control+k");
        await anna.Locator(".palette-input").FillAsync("onerror");
        await anna.Locator("#palette [role=option]").First.WaitForAsync();
        await anna.Keyboard.PressAsync("Escape");
        foreach (var key in new[] { "a", "#", "m" })
        {
            await anna.Keyboard.PressAsync(key);
            await anna.Locator("#sheet form").First.WaitForAsync();
            await anna.Keyboard.PressAsync("Escape");
        }
        await anna.Keyboard.PressAsync("n");
        await anna.Locator("#note-text").PressSequentiallyAsync("@");
        await anna.Locator(".popup [role=option]").First.WaitForAsync();
        await anna.Keyboard.PressAsync("Enter");
        (await anna.Locator("#note-text").InputValueAsync()).ShouldContain("onerror");
        await anna.Locator("#composer .note-form button.note").ClickAsync();
        await anna.WaitForTimeoutAsync(500);
        (await anna.EvaluateAsync<bool>("!!window.ran || !!document.querySelector('img[src=x],[onerror]')")).ShouldBeFalse();
        house.Ran.ShouldBeEmpty();
    }
}
