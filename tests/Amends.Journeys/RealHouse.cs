using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amends.Tests.Cast;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>
/// The real program as a process of its own on a fresh folder, and a real browser before it. A journey starts one, tells its story,
/// and leaves pictures of each screen (light, dark, phone) in <c>screenshots/</c>.
/// </summary>
public sealed class RealHouse : IAsyncDisposable
{
    static readonly string[] BrowserArguments =
    [
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    readonly StringBuilder said = new();
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Process? program;
    IPlaywright? playwright;

    public string Folder { get; } = Directory.CreateTempSubdirectory("amends-journey-").FullName;
    public int Port { get; } = FreePort();
    public Uri Url => new($"http://localhost:{Port}");
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>What the program printed so far.</summary>
    public string Said { get { lock (said) return said.ToString(); } }

    /// <summary>Starts the program and the browser. Skips where there is no Chromium.</summary>
    public static async Task<RealHouse> Open(params string[] command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "no Chromium on this machine");
        var house = new RealHouse();
        house.playwright = await Playwright.CreateAsync();
        house.Browser = await house.playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = BrowserArguments });
        await house.Start(command.Length == 0 ? ["serve"] : command);
        return house;
    }

    /// <summary>Runs a command of <c>amends</c> on this house's folder and answers what it printed.</summary>
    public async Task<(int Exit, string Said)> Run(params string[] arguments)
    {
        using var process = Process.Start(Info([.. arguments, "--data", Folder]))!;
        var text = process.StandardOutput.ReadToEndAsync();
        var wrong = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await text + await wrong);
    }

    async Task Start(string[] command)
    {
        program = new Process { StartInfo = Info([.. command, "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", Folder]) };
        program.OutputDataReceived += (_, line) => Heard(line.Data);
        program.ErrorDataReceived += (_, line) => Heard(line.Data);
        program.EnableRaisingEvents = true;
        program.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The program ended: " + Said));
        program.Start();
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
        using var client = new HttpClient();
        for (var i = 0; i < 600 && !ready.Task.IsFaulted; i++)
        {
            try
            {
                if ((await client.GetAsync(new Uri(Url, "/health/ready"))).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) { }
            await Task.Delay(100);
        }
        if (ready.Task.IsFaulted) await ready.Task;
        throw new TimeoutException("The program did not get ready: " + Said);
    }

    static ProcessStartInfo Info(string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.ArgumentList.Add(Path.Combine(RepoRoot.Path, "artifacts", "bin", "Amends", "release", "amends.dll"));
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        return info;
    }

    void Heard(string? line)
    {
        if (line is null) return;
        lock (said) said.AppendLine(line);
    }

    /// <summary>The first-run code that stands on the console.</summary>
    public string FirstRunCode() => Regex.Match(Said, @"(?<code>[A-Z0-9]{4}-[A-Z0-9]{4}(-[A-Z0-9]{4})*)", RegexOptions.NonBacktracking).Groups["code"].Value;

    /// <summary>A page of its own person: own cookies. Without script where that is asked.</summary>
    public async Task<IPage> Page(int width = 1440, int height = 900, bool script = true)
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = Url.ToString(), ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", TimezoneId = "Europe/Berlin", ReducedMotion = ReducedMotion.Reduce, JavaScriptEnabled = script });
        context.SetDefaultTimeout(45_000);
        var page = await context.NewPageAsync();
        pages.Add(page);
        page.PageError += (_, error) => Note(Errors, error);
        page.Console += (_, message) => { if (message.Type == "error" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal)) Note(Errors, message.Text); };
        return page;
    }

    readonly List<IPage> pages = [];

    /// <summary>Pictures of all pages as they stand, for whoever must find out why a journey ended early.</summary>
    public async Task Last(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepoRoot.Path, "screenshots")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, $"last-{name}.txt"), Said);
        for (var i = 0; i < pages.Count; i++) await pages[i].ScreenshotAsync(new() { Path = Path.Combine(folder, $"last-{name}-{i}.png") });
    }

    static void Note(List<string> list, string text) { lock (list) list.Add(text); }

    /// <summary>Errors that pages wrote to the console: none, at the end of a journey.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>What axe and the narrow screen found on the pages looked at: none, at the end of a journey.</summary>
    public List<string> Flaws { get; } = [];

    /// <summary>Whether <see cref="Look"/> looks; <c>AMENDS_TEST_LOOK=off</c> leaves it out for a quick run.</summary>
    public bool Looks { get; set; } = Environment.GetEnvironmentVariable("AMENDS_TEST_LOOK") != "off";

    /// <summary>Pictures of the page in light, dark and on a phone, and axe over each; what is wrong is kept in <see cref="Flaws"/>, so that one run tells all.</summary>
    public async Task Look(IPage page, string name)
    {
        if (!Looks) return;
        var folder = Directory.CreateDirectory(Path.Combine(RepoRoot.Path, "screenshots")).FullName;
        var size = page.ViewportSize!;
        foreach (var (suffix, scheme, width, height) in new[] { ("light", ColorScheme.Light, size.Width, size.Height), ("dark", ColorScheme.Dark, size.Width, size.Height), ("phone", ColorScheme.Light, 360, 780) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.SetViewportSizeAsync(width, height);
            // Two frames: styles are applied; then what moves comes to its end (what never ends is not waited for).
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => Promise.race([Promise.allSettled(document.getAnimations().map(a => a.finished)), new Promise(late => setTimeout(late, 400))]).then(() => done()))))");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{suffix}.png") });
            await Axe(page, $"{name}, {suffix}", suffix == "dark" ? ", runOnly: ['color-contrast']" : "");
            if (suffix == "phone")
            {
                var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (wide > 360) Note(Flaws, $"{name} is {wide} px wide on a phone");
            }
        }
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    async Task Axe(IPage page, string where, string only)
    {
        var file = Environment.GetEnvironmentVariable("AMENDS_TEST_AXE") ?? Path.Combine(RepoRoot.Path, "artifacts", "axe-core-4.14.1", "axe.min.js");
        File.Exists(file).ShouldBeTrue("axe-core is needed: ./test fetches it");
        await page.EvaluateAsync(await File.ReadAllTextAsync(file));
        var found = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations']" + only + " }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.failureSummary || '').replace(/\\s+/g, ' ')).join(' | ')))");
        foreach (var one in found.EnumerateArray()) Note(Flaws, $"axe on {where}: {one.GetString()}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.CloseAsync();
        playwright?.Dispose();
        if (program is { HasExited: false })
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
        program?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
