using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
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
        try
        {
            house.playwright = await Playwright.CreateAsync();
            house.Browser = await house.playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Eyes.BrowserArguments, Timeout = 0 });
            await house.Start(command.Length == 0 ? ["serve"] : command);
            return house;
        }
        catch
        {
            // Whoever asked has nothing to dispose of yet.
            await house.DisposeAsync();
            throw;
        }
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
        for (var i = 0; i < 1800 && !ready.Task.IsFaulted; i++)
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

    /// <summary>SIGKILL: nothing of the program goes on. Its folder stays until the house is disposed of.</summary>
    public async Task Kill()
    {
        program!.Kill(entireProcessTree: true);
        await program.WaitForExitAsync();
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
        Eyes.Hear(page);
        return page;
    }

    readonly List<IPage> pages = [];

    /// <summary>Pictures of all pages as they stand, for whoever must find out why a journey ended early.</summary>
    public async Task Last(string name)
    {
        await File.WriteAllTextAsync(Eyes.Picture($"last-{name}.txt"), Said);
        for (var i = 0; i < pages.Count; i++)
        {
            try { await pages[i].ScreenshotAsync(new() { Path = Eyes.Picture($"last-{name}-{i}.png"), Timeout = 5000 }); }
            catch (Exception why) when (why is PlaywrightException or TimeoutException) { }
        }
    }

    /// <summary>What is wrong on the pages that were looked at.</summary>
    public Eyes Eyes { get; } = new();

    /// <summary>Whether <see cref="Look"/> looks; <c>AMENDS_TEST_LOOK=off</c> leaves it out for a quick run.</summary>
    public bool Looks { get; set; } = Environment.GetEnvironmentVariable("AMENDS_TEST_LOOK") != "off";

    /// <summary>Looks at a page as it stands.</summary>
    public Task Look(IPage page, string name) => Looks ? Eyes.Look(page, name, page.ViewportSize!.Width, page.ViewportSize.Height) : Task.CompletedTask;

    /// <summary>At the end of a journey: nothing was wrong anywhere.</summary>
    public void NothingWasWrong()
    {
        Eyes.Flaws.ShouldBeEmpty();
        Eyes.Errors.ShouldBeEmpty();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        // The program first: it must not outlive a browser that does not close.
        if (program is { HasExited: false })
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
        program?.Dispose();
        if (Browser is not null) await Browser.CloseAsync();
        playwright?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
