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
            .. HostileHtml.All().Concat(HostileHtml.Mutations()).Select(p => HostileHtml.At(p, Elsewhere)).Where((_, i) => i % 4 == 0).Chunk(8).Select(some => string.Join("</p></td></tr></table></div>\n", some)),
            "<img src=\"/sign-out\">", "<img src=\"../../sign-out\">", $"<img src=\"/cases/{house.Full.Open.Number}/delete\">", "<img src=/live>", "<link rel=stylesheet href=/app.css>"];
        payloads.Count.ShouldBeGreaterThan(40);
        var ids = await Send(payloads.Select(p => (p, (string?)null)));
        ids.Count.ShouldBe(payloads.Count);
        // Pictures that another test opens by their address are dressed by the browser itself, which their policy stops.
        house.Stopped.Clear();
        var stood = await house.Full.Rows();
        // Where agents read it; and, for some, the framed document alone, as somebody would open it by its address.
        var addresses = ids.SelectMany((id, i) => i % 4 == 0 ? new[] { ("", $"/contacts/{id}/original", false), ("", $"/contacts/{id}/html", false) } : [("", $"/contacts/{id}/original", false)])
            // For paper those that hold eight each: more than five hundred of ours.
            .Concat(ids.Zip(payloads).Where(p => p.Second.Contains("</p></td></tr></table></div>\n", StringComparison.Ordinal)).Select(p => ("", $"/contacts/{p.First}/print", false))).ToList();
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
        house.Stopped.ShouldBeEmpty();
        // Looking at them all changed nothing, and the one who looked is still signed in.
        // Those who walk through the pages sign in for it: that is the test's own.
        FullHouse.Differences(stood, await house.Full.Rows()).Where(d => !d.StartsWith("+ Session:", StringComparison.Ordinal)).ShouldBeEmpty();
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

    [Fact]
    public async Task A01_no_script_runs_where_a_mail_is_quoted_sent_noticed_or_set_aside()
    {
        var full = house.Full;
        List<string> payloads = [.. (Corpora.Find("html-xss-dompurify", "vectors.jsonl") is null ? [] : HostileHtml.Published().Select(p => p.Payload)).Chunk(12).Concat(HostileHtml.All().Concat(HostileHtml.Mutations()).Select(p => HostileHtml.At(p, Elsewhere)).Chunk(60)).Select(some => string.Join("</p></td></tr></table></div>\n", some))];
        payloads.Count.ShouldBeGreaterThan(20);
        var ids = await Send(payloads.Select(p => (p, (string?)null)));
        List<(long Number, long Id)> cases;
        using (var db = full.House.Databases.Open())
            cases = [.. (await db.Set<Amends.Contacts.Contact>().Where(c => ids.Contains(c.Id)).Join(db.Set<Amends.Cases.Case>(), c => c.CaseId, c => c.Id, (_, c) => new { c.Number, c.Id }).ToListAsync()).Select(c => (c.Number, c.Id)).Distinct()];
        foreach (var (number, _) in cases)
        {
            // Somebody is told of it by mail, and it is answered with what was said below.
            await full.Post(full.Admin, $"/cases/{number}/assign", ("owner", full.Ben.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("team", full.TeamA.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            await full.Post(full.Admin, $"/cases/{number}/reply", ("text", "We look at it. <img src=x onerror=window.ran=1>"), ("to", "eve@customer.example"), ("next", "open"), ("anyway", "true"));
        }
        full.House.Clock.Advance(TimeSpan.FromMinutes(1));
        await full.Rest();
        List<long> mails;
        using (var db = full.House.Databases.Open())
        {
            var of = cases.Select(c => c.Id).ToList();
            mails = await db.Set<Amends.Foundation.Outbox.OutgoingMail>().Where(m => m.CaseId != null && of.Contains(m.CaseId.Value)).Select(m => m.Id).ToListAsync();
        }
        // An answer and a notice for each.
        mails.Count.ShouldBeGreaterThanOrEqualTo(cases.Count * 2);
        var (found, framed) = (new List<string>(), 0);
        await house.Walk([("", "/desk/open", false), ("", "/desk/open/table", false), ("", "/search?q=hostile", false), ("", "/outbox", false), .. cases.Select(c => ("", $"/cases/{c.Number}/reply", false)), .. cases.Select(c => ("", $"/cases/{c.Number}", false)), .. mails.Select(m => ("", $"/outbox/{m}", false)), .. mails.Select(m => ("", $"/outbox/{m}/html", false)), ("", $"/quarantine/{full.Quarantined}", false)], async (page, _, address) =>
        {
            await page.GotoAsync(address);
            // A folded mail is not loaded, and a frame without a document is waited for without end.
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true); document.querySelectorAll('iframe').forEach(f => f.loading = 'eager')");
            foreach (var element in await page.QuerySelectorAllAsync("iframe"))
            {
                var frame = (await element.ContentFrameAsync()).ShouldNotBeNull();
                await frame.WaitForURLAsync("**/html");
                Interlocked.Increment(ref framed);
                if (await frame.EvaluateAsync<bool>("!!window.ran").WaitAsync(TimeSpan.FromMinutes(1))) lock (found) found.Add($"{address} ran in its frame");
            }
            if (await Trace(page) is { } trace) lock (found) found.Add($"{address} {trace}");
            if (new Uri(page.Url).PathAndQuery != address) lock (found) found.Add($"{address} went to {page.Url}");
        }, policy: false);
        framed.ShouldBeGreaterThanOrEqualTo(cases.Count);
        found.ShouldBeEmpty();
        house.Ran.ShouldBeEmpty();
        house.AskedElsewhere.ShouldBeEmpty();
    }

    [Fact]
    public async Task A04_files_that_are_two_things_at_once_are_opened_by_their_address_and_run_nothing()
    {
        const string script = "<script>window.ran=1;window.opener&&(window.opener.ran=1)</script><img src=x onerror=window.ran=1>";
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        (string Name, string Claims, byte[] Bytes, bool Shown)[] files =
        [
            ("gif-and-script.gif", "image/gif", [.. "GIF89a"u8, 0x2F, 0x2A, 0x01, 0x00, 0, 0, 0, .. Encoding.ASCII.GetBytes("*/=1;window.ran=1;" + script)], true),
            ("png-with-a-tail.png", "image/png", [.. png, .. Encoding.ASCII.GetBytes("<html>" + script)], true),
            ("png-with-a-tail.html", "text/html", [.. png, .. Encoding.ASCII.GetBytes("<html>" + script)], true),
            ("drawing.png", "image/svg+xml", Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='window.ran=1'><script>window.ran=1</script></svg>"), false),
            ("page.gif", "image/gif", Encoding.ASCII.GetBytes("<!doctype html>" + script), false),
            ("page.html", "text/html", Encoding.ASCII.GetBytes("<!doctype html>" + script), false),
            ("page.xhtml", "application/xhtml+xml", Encoding.ASCII.GetBytes("<html xmlns='http://www.w3.org/1999/xhtml'>" + script.Replace("<img src=x onerror=window.ran=1>", "", StringComparison.Ordinal) + "</html>"), false),
            ("sheet.xml", "text/xml", Encoding.ASCII.GetBytes("<?xml version='1.0'?><?xml-stylesheet href='javascript:window.ran=1' type='text/xsl'?><a/>"), false),
            ("paper.pdf", "application/pdf", Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj " + script), false),
            ("jpeg.jpg", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, .. Encoding.ASCII.GetBytes(script)], false),
            ("code.js", "text/javascript", Encoding.ASCII.GetBytes("window.ran=1"), false),
        ];
        var raw = new StringBuilder(string.Join("\r\n", ["From: Eve <eve@customer.example>", "To: service@amends.example", "Subject: Two things at once", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1", "", "--b1", "Content-Type: text/plain", "", "See.", ""]));
        foreach (var (name, claims, bytes, _) in files) raw.Append(string.Join("\r\n", ["--b1", $"Content-Type: {claims}", "Content-Transfer-Encoding: base64", $"Content-Disposition: attachment; filename={name}", "", Convert.ToBase64String(bytes), ""]));
        raw.Append("--b1--\r\n");
        using var pipe = house.Full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw.ToString())))).EnsureSuccessStatusCode();
        await house.Full.Rest();
        Dictionary<string, long> ids;
        using (var db = house.Full.House.Databases.Open()) ids = await db.Set<Amends.Cases.CaseFile>().Where(f => files.Select(x => x.Name).Contains(f.Name)).ToDictionaryAsync(f => f.Name, f => f.Id);
        ids.Count.ShouldBe(files.Length);
        var page = await house.Page(house.Full.Ada);
        foreach (var (name, _, _, shown) in files)
        {
            await page.GotoAsync("/me");
            var address = $"/files/{ids[name]}";
            using var answer = await house.Full.Admin.GetAsync(address);
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe(shown ? "inline" : "attachment", name);
            answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; sandbox"], name);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], name);
            answer.Headers.GetValues("Cross-Origin-Resource-Policy").ShouldBe(["same-origin"], name);
            if (shown) answer.Content.Headers.ContentType!.MediaType.ShouldStartWith("image/", customMessage: name);
            try
            {
                await page.GotoAsync(address);
                shown.ShouldBeTrue(name);
                (await page.EvaluateAsync<bool>("!!window.ran || !!document.querySelector('script')")).ShouldBeFalse(name);
                (await page.EvaluateAsync<string>("document.contentType")).ShouldStartWith("image/", customMessage: name);
            }
            catch (PlaywrightException download) when (download.Message.Contains("Download is starting", StringComparison.Ordinal) || download.Message.Contains("ERR_ABORTED", StringComparison.Ordinal)) { shown.ShouldBeFalse(name); }
        }
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
        // By its number: the marks are written past the index.
        await anna.Locator(".palette-input").FillAsync($"{house.Full.Ordinary.Number}");
        await anna.Locator("#palette [role=option]").Filter(new() { HasText = "onerror" }).First.WaitForAsync();
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
