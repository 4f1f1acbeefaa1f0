using System.Text.Json;
using Amends.Tests.Cast;
using Microsoft.Playwright;
using Shouldly;

namespace Amends.Journeys;

/// <summary>Looks at pages as people do: pictures in light, dark and on a phone, with axe over each, and no page wider than the phone. What is wrong is gathered, so that one run tells all.</summary>
public sealed class Eyes
{
    /// <summary>What a browser is started with.</summary>
    public static readonly string[] BrowserArguments =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    static readonly Lazy<string> AxeScript = new(() =>
    {
        var file = Environment.GetEnvironmentVariable("AMENDS_TEST_AXE") ?? Path.Combine(RepoRoot.Path, "artifacts", "axe-core-4.14.1", "axe.min.js");
        File.Exists(file).ShouldBeTrue("axe-core is needed: ./test fetches it");
        return File.ReadAllText(file);
    });

    /// <summary>Errors that pages wrote to the console: none, at the end of a journey.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>What axe and the narrow screen found: none, at the end of a journey.</summary>
    public List<string> Flaws { get; } = [];

    static void Note(List<string> list, string text) { lock (list) list.Add(text); }

    /// <summary>Hears the errors of a page.</summary>
    public void Hear(IPage page)
    {
        page.PageError += (_, error) => Note(Errors, $"{page.Url}: {error}");
        // That an answer was a refusal is said by the browser, and by htmx in its own words.
        page.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal) && !message.Text.StartsWith("Response Status Error Code 4", StringComparison.Ordinal)) Note(Errors, $"{page.Url}: {message.Text}"); };
    }

    /// <summary>Does what leads to another page, and waits until that one stands: a toast also leaves by itself, so its going says nothing.</summary>
    public static async Task Turns(IPage page, Func<Task> act)
    {
        await page.EvaluateAsync("window.turns = true");
        await act();
        await Stands(page);
    }

    /// <summary>Waits until a page stands. It is asked again and again: an event may have come before anybody listened.</summary>
    public static async Task Stands(IPage page)
    {
        for (var i = 0; i < 300; i++)
        {
            try { if (await page.EvaluateAsync<bool>("!window.turns && document.readyState === 'complete'")) return; }
            catch (PlaywrightException) { } // between two pages
            await Task.Delay(100);
        }
        throw new TimeoutException($"{page.Url} does not stand");
    }

    static string Folder => Directory.CreateDirectory(Path.Combine(RepoRoot.Path, "screenshots")).FullName;

    /// <summary>Where a picture is kept; the folder is ignored.</summary>
    public static string Picture(string name) => Path.Combine(Folder, name);

    /// <summary>Light, dark and phone, each with axe.</summary>
    public async Task Look(IPage page, string name, int width = 1440, int height = 900)
    {
        foreach (var (suffix, scheme, wide, high) in new[] { ("light", ColorScheme.Light, width, height), ("dark", ColorScheme.Dark, width, height), ("phone", ColorScheme.Light, 360, 780), ("phone-dark", ColorScheme.Dark, 360, 780) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.SetViewportSizeAsync(wide, high);
            // Two frames: styles are applied; then what moves comes to its end (what never ends is not waited for).
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => Promise.race([Promise.allSettled(document.getAnimations().map(a => a.finished)), new Promise(late => setTimeout(late, 400))]).then(() => done()))))");
            if (suffix != "phone-dark") await page.ScreenshotAsync(new() { Path = Picture($"{name}-{suffix}.png") });
            // What dark changes is colour alone.
            await Axe(page, $"{name}, {suffix}", scheme == ColorScheme.Dark ? ", runOnly: ['color-contrast']" : ", rules: { 'target-size': { enabled: true } }");
            if (suffix != "phone") continue;
            await Targets(page, $"{name}, phone", 44);
            var scroll = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (scroll > 360) Note(Flaws, $"{name} is {scroll} px wide on a phone");
        }
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(width, height);
    }

    // What is pressed must be large enough for a finger: its own box, that of its label, or what the finger would meet at that distance from its middle.
    // Left out are links in a sentence, which are as high as its lines, and what is there for screen readers or for machines alone.
    const string Small = """
        least => {
          const small = [], room = r => r.width >= least - .5 && r.height >= least - .5;
          for (const e of document.querySelectorAll('a[href],button,summary,select,textarea,input:not([type=hidden]),[role=option]')) {
            if (e.disabled || !e.checkVisibility({ visibilityProperty: true })) continue;
            const boxes = [e, ...(e.labels || [])].map(x => x.getBoundingClientRect());
            const all = { x: Math.min(...boxes.map(b => b.x)), y: Math.min(...boxes.map(b => b.y)) };
            all.width = Math.max(...boxes.map(b => b.right)) - all.x; all.height = Math.max(...boxes.map(b => b.bottom)) - all.y;
            if (room(all)) continue;
            const hidden = e.closest('.sr,.skip,[aria-hidden=true]') || [...document.querySelectorAll('.settings-nav h2,.settings-nav h3,thead')].some(x => x.contains(e) && getComputedStyle(x).clipPath !== 'none'); if (hidden) continue;
            if (e.localName === 'a' && getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim() !== e.textContent.trim()) continue;
            e.scrollIntoView({ block: 'center', inline: 'center' });
            const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2, far = least / 2 - 1;
            const meets = (dx, dy) => { const at = document.elementFromPoint(x + dx, y + dy); return !!at && (e === at || e.contains(at) || [...(e.labels || [])].some(l => l.contains(at))); };
            if ((r.width >= least - .5 || meets(-far, 0) && meets(far, 0)) && (r.height >= least - .5 || meets(0, -far) && meets(0, far))) continue;
            small.push(`${e.localName}${e.className && '.' + String(e.className).trim().replaceAll(/\s+/g, '.')} in ${e.parentElement.localName}${e.parentElement.className && '.' + String(e.parentElement.className).trim().replaceAll(/\s+/g, '.')} ${Math.round(r.width)}x${Math.round(r.height)} "${(e.textContent.trim() || e.name || '').slice(0, 24)}"`);
          }
          window.scrollTo(0, 0);
          return [...new Set(small)];
        }
        """;

    async Task Targets(IPage page, string where, int least)
    {
        foreach (var one in await page.EvaluateAsync<string[]>(Small, least)) Note(Flaws, $"{where}: less than {least} px: {one}");
    }

    async Task Axe(IPage page, string where, string only)
    {
        if (!await page.EvaluateAsync<bool>("!!window.axe")) await page.EvaluateAsync(AxeScript.Value);
        var look = "axe.run(document, { resultTypes: ['violations']" + only + " }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.failureSummary || '').replace(/\\s+/g, ' ')).join(' | ')))";
        var found = await page.EvaluateAsync<JsonElement>(look);
        // A busy machine may still be painting the other scheme: what is wrong stays wrong when it is looked at again.
        if (found.GetArrayLength() > 0)
        {
            await page.WaitForTimeoutAsync(500);
            found = await page.EvaluateAsync<JsonElement>(look);
        }
        foreach (var one in found.EnumerateArray()) Note(Flaws, $"axe on {where}: {one.GetString()}");
    }
}
