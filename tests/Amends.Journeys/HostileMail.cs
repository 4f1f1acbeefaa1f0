using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Amends.Contacts.Email;
using Amends.Tests.Cast;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>
/// Hostile mail in a real browser: each payload cleaned and shown in the viewer, and the same cleaned HTML put straight into a page where scripts may run,
/// so that the list itself is tried and not only the sandbox around it.
/// </summary>
public sealed class HostileMail(HostileMailHouse house) : IClassFixture<HostileMailHouse>
{
    const int PageSize = 250;

    List<string> Payloads() => [.. HostileHtml.All().Select(payload => HostileHtml.At(payload, house.Canary))];

    List<string> Published() => [.. HostileHtml.Published().Select(row => row.Payload)];

    /// <summary>Opens each page, clicks what can be clicked, and answers with what it did that it must not.</summary>
    async Task<List<string>> Visit(IEnumerable<string> html, string? policy = null)
    {
        house.Asked.Clear();
        var found = new List<string>();
        await using var context = await house.Browser.NewContextAsync();
        foreach (var body in html)
        {
            var path = $"/page{house.Pages.Count}";
            house.Pages[path] = (body, policy);
            var page = await context.NewPageAsync();
            page.Dialog += async (_, dialog) =>
            {
                found.Add($"{path}: dialog {dialog.Message}");
                await dialog.DismissAsync();
            };
            await page.GotoAsync(house.Desk + path, new() { WaitUntil = WaitUntilState.Load });
            // Errors of images, animations and focus come a little after the load.
            await page.WaitForTimeoutAsync(300);
            // Links that a person could be led to click: none may be active content. A dispatched click opens no new tab.
            await page.EvaluateAsync("document.querySelectorAll('body *').forEach(e => { try { if (e.tagName !== 'A' && e.tagName !== 'IFRAME') e.dispatchEvent(new MouseEvent('mouseover', {bubbles:true})), e.focus?.(); } catch {} })");
            await page.EvaluateAsync("document.querySelectorAll('a[href]').forEach(e => { if (!/^(https?|mailto|tel):/.test(e.protocol)) { window.ran = 'link ' + e.href; } })");
            if (await page.EvaluateAsync<string?>("window.ran ? String(window.ran) : null") is { } ran)
                found.Add($"{path}: ran {ran}");
            if (new Uri(page.Url).AbsolutePath != path)
                found.Add($"{path}: went to {page.Url}");
            await page.CloseAsync();
        }
        found.AddRange(house.Asked);
        house.Asked.Clear();
        return found;
    }

    IEnumerable<string> Direct(IEnumerable<string> payloads, bool clean) => payloads.Chunk(PageSize).Select(chunk =>
        "<!doctype html><html><body>" + string.Concat(chunk.Select(payload => "<div>" + (clean ? SafeHtml.Clean(payload).Html : payload) + "</div>")) + "</body></html>");

    IEnumerable<string> Viewers(IEnumerable<string> payloads) => payloads.Chunk(PageSize / 2).Select(chunk =>
        "<!doctype html><html><body>" + string.Concat(chunk.Select(payload =>
            $"<iframe sandbox=\"{SafeHtml.ViewerSandbox}\" srcdoc=\"{WebUtility.HtmlEncode(SafeHtml.ViewerDocument(SafeHtml.Clean(payload), house.Desk, ViewerPaper.Light))}\"></iframe>")) + "</body></html>");

    // In the script world of the page, as a careless widget would put it there.
    IEnumerable<string> Inserted(IEnumerable<string> payloads, bool clean = true) => payloads.Chunk(PageSize).Select(chunk =>
        "<!doctype html><html><body><div id=t></div><script>for (const h of " + System.Text.Json.JsonSerializer.Serialize(chunk.Select(payload => clean ? SafeHtml.Clean(payload).Html : payload))
        + ") { const d = document.createElement('div'); t.append(d); d.innerHTML = h; const once = d.innerHTML; d.innerHTML = once; if (d.innerHTML !== once) window.ran = 'changes: ' + h; }</script></body></html>");

    [Fact]
    public async Task The_browser_oracle_sees_what_runs_and_loads()
    {
        // Without the sanitizer the same pages must be full of it: else the tests below show nothing.
        var raw = new[]
        {
            "<img src=x onerror=\"alert(1)\">", "<svg onload=\"window.top.ran=1\">", "<img src=\"{canary}/p.gif\">", "<div style=\"background:url({canary}/css)\">x</div>",
        }.Select(payload => HostileHtml.At(payload, house.Canary));
        var found = await Visit(Direct(raw, clean: false));
        found.ShouldContain(line => line.Contains("dialog", StringComparison.Ordinal));
        found.ShouldContain(line => line.Contains("ran 1", StringComparison.Ordinal));
        found.ShouldContain(line => line.Contains("/p.gif", StringComparison.Ordinal));
        found.ShouldContain(line => line.Contains("/css", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A01_no_script_of_a_mail_runs_in_the_viewer()
    {
        // A document for each costs; every third one, so that each vector comes in two of its surroundings.
        var payloads = Payloads().Where((_, index) => index % 3 == 0).ToList();
        payloads.Count.ShouldBeGreaterThanOrEqualTo(500);
        (await Visit(Viewers(payloads))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A01_no_script_of_a_mail_runs_even_without_the_sandbox()
    {
        (await Visit(Direct(Payloads(), clean: true))).ShouldBeEmpty();
        (await Visit(Inserted(Payloads()))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A01_no_mutation_runs()
    {
        // Markup that a second parser reads otherwise than the first: in every way in which it is read here.
        var payloads = HostileHtml.Mutations().Select(payload => HostileHtml.At(payload, house.Canary)).ToList();
        payloads.Count.ShouldBeGreaterThanOrEqualTo(500);
        (await Visit(Direct(payloads, clean: true))).ShouldBeEmpty();
        (await Visit(Inserted(payloads))).ShouldBeEmpty();
        (await Visit(Viewers(payloads.Where((_, index) => index % 3 == 0)))).ShouldBeEmpty();
        // They are worth their name: without the list many of them run.
        var raw = await Visit(Inserted(payloads.Where((_, index) => index % 5 == 0), clean: false));
        raw.ShouldContain(line => line.Contains("ran", StringComparison.Ordinal) || line.Contains("dialog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A01_no_published_vector_runs()
    {
        var payloads = Published();
        payloads.Count.ShouldBe(111);
        (await Visit(Direct(payloads, clean: true))).ShouldBeEmpty();
        (await Visit(Inserted(payloads))).ShouldBeEmpty();
        (await Visit(Viewers(payloads))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A06_no_style_of_a_mail_loads()
    {
        HostileHtml.StyleCount.ShouldBeGreaterThanOrEqualTo(60);
        var payloads = HostileHtml.StyleVectors().Select(payload => HostileHtml.At(payload, house.Canary)).ToList();
        (await Visit(Direct(payloads, clean: true))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A08_the_viewer_has_no_cookies_and_shows_only_what_it_was_given()
    {
        // The page's own policy is inherited by the viewer: with it, and with its style sheet named, the mail still looks as it should.
        var policy = $"default-src 'none'; script-src 'nonce-x'; img-src 'self' data:; style-src-elem 'self' {SafeHtml.ViewerStyleHash}; style-src-attr 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        var mail = SafeHtml.Clean("<p style=\"font-size:31px\">Hello</p><img src=cid:open><img src=cid:closed><img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=\">",
            new() { InlineImage = id => $"{house.Desk}/inline/{id}" });
        house.Pages["/viewer"] = ($"<!doctype html><html><body><iframe sandbox=\"{SafeHtml.ViewerSandbox}\" srcdoc=\"{WebUtility.HtmlEncode(SafeHtml.ViewerDocument(mail, house.Desk, ViewerPaper.Light))}\"></iframe></body></html>", policy);
        await using var context = await house.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(house.Desk + "/viewer");
        await page.ReloadAsync();
        await page.WaitForTimeoutAsync(300);
        var frame = page.Frames[1];
        (await frame.EvaluateAsync<string>("getComputedStyle(document.querySelector('p')).fontSize")).ShouldBe("31px");
        (await frame.EvaluateAsync<string>("getComputedStyle(document.body).paddingTop")).ShouldBe("12px");
        (await frame.EvaluateAsync<string>("self.origin")).ShouldBe("null");
        (await frame.EvaluateAsync<bool[]>("[...document.images].map(i => i.naturalWidth > 0)")).ShouldBe([true, false, true],
            "an answer marked same-origin is kept from a document without an origin; a signed link marked cross-origin and a data: address are shown");
        house.Asked.ShouldAllBe(line => line.EndsWith("cookie=", StringComparison.Ordinal), "the viewer carries no session");
        house.Asked.ShouldNotBeEmpty();
    }
}

/// <summary>One browser, one server that is ours and one that must not be asked.</summary>
public sealed class HostileMailHouse : IAsyncLifetime
{
    public ConcurrentQueue<string> Asked { get; } = new();
    public ConcurrentDictionary<string, (string Html, string? Policy)> Pages { get; } = new();
    WebApplication canary = null!;
    WebApplication desk = null!;
    IPlaywright driver = null!;
    public IBrowser Browser { get; private set; } = null!;

    public string Canary => canary.Urls.First();

    public string Desk => desk.Urls.First();

    public async ValueTask InitializeAsync()
    {
        canary = Server(async context =>
        {
            Asked.Enqueue(context.Request.Path + " " + context.Request.Headers.Cookie);
            context.Response.Headers.AccessControlAllowOrigin = "*";
            await context.Response.WriteAsync("window.top.ran=1");
        });
        desk = Server(async context =>
        {
            var path = context.Request.Path.Value!;
            if (path.StartsWith("/inline/", StringComparison.Ordinal))
            {
                Asked.Enqueue(path + " cookie=" + context.Request.Headers.Cookie);
                context.Response.ContentType = "image/gif";
                context.Response.Headers["Cross-Origin-Resource-Policy"] = path.EndsWith("open", StringComparison.Ordinal) ? "cross-origin" : "same-origin";
                await context.Response.Body.WriteAsync(Convert.FromBase64String("R0lGODlhAQABAAAAACwAAAAAAQABAAA="));
                return;
            }
            if (!Pages.TryGetValue(path, out var page))
            {
                context.Response.StatusCode = 404;
                // The browser asks for this one by itself.
                if (path == "/favicon.ico")
                    return;
                Asked.Enqueue("our own " + path);
                return;
            }
            context.Response.Cookies.Append("session", "secret", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
            if (page.Policy is not null)
                context.Response.Headers.ContentSecurityPolicy = page.Policy;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(page.Html);
        });
        await canary.StartAsync();
        await desk.StartAsync();
        driver = await Playwright.CreateAsync();
        Browser = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        driver.Dispose();
        await desk.DisposeAsync();
        await canary.DisposeAsync();
    }

    static WebApplication Server(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        return app;
    }
}
