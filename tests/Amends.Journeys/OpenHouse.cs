using System.Collections.Concurrent;
using System.Globalization;
using Amends.Foundation;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.Playwright;
using Xunit;

namespace Amends.Journeys;

/// <summary>A full house in this process and a browser before it, whose people are signed in already: for what is true of every page.</summary>
public class OpenHouse : IAsyncLifetime
{
    IPlaywright? driver;

    internal FullHouse Full { get; private set; } = null!;
    public IBrowser Browser { get; private set; } = null!;
    public Eyes Eyes { get; } = new();

    /// <summary>What pages asked of anybody but this house.</summary>
    public ConcurrentQueue<string> AskedElsewhere { get; } = new();

    /// <summary>What a policy stopped.</summary>
    public ConcurrentQueue<string> Stopped { get; } = new();

    /// <summary>Dialogs that opened, and whatever else only a script could do.</summary>
    public ConcurrentQueue<string> Ran { get; } = new();

    /// <summary>What this house has otherwise than the product.</summary>
    internal virtual void Also(Microsoft.Extensions.DependencyInjection.IServiceCollection services) { }

    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "no Chromium on this machine");
        Full = await FullHouse.Make(On.Sqlite, Also);
        driver = await Playwright.CreateAsync();
        Browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Eyes.BrowserArguments, Timeout = 0 });
    }

    /// <summary>A page of somebody: a colleague who is signed in, or anybody from outside.</summary>
    /// <param name="policy">Whether the page's own policy holds; without it only the encoding protects.</param>
    /// <param name="script">Whether the browser runs any.</param>
    /// <param name="locale">What the browser asks for.</param>
    public async Task<IPage> Page(long? colleague, int width = 1280, int height = 800, bool policy = true, bool script = true, string locale = "en-GB")
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = Full.House.Url.ToString(), ViewportSize = new() { Width = width, Height = height }, Locale = locale, ReducedMotion = ReducedMotion.Reduce, BypassCSP = !policy, JavaScriptEnabled = script });
        context.SetDefaultTimeout(30_000);
        if (colleague is { } id)
        {
            var token = Sessions.Token();
            await Full.House.Write.Run(Actor.System("test"), null, db => { Sessions.Begin(db, token, id, "test"); return Task.CompletedTask; });
            await context.AddCookiesAsync([new() { Name = "amends", Value = token, Url = Full.House.Url.ToString() }]);
        }
        var page = await context.NewPageAsync();
        page.Dialog += async (_, dialog) =>
        {
            Ran.Enqueue($"{page.Url}: dialog {dialog.Message}");
            await dialog.DismissAsync();
        };
        // What our own policy had to stop got past the list: the second lock is no reason to leave the first open.
        page.Console += (_, line) =>
        {
            if (policy && line.Text.Contains("Content Security Policy", StringComparison.Ordinal)) Stopped.Enqueue($"{page.Url}: {line.Text}");
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Full.House.Url.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("about:", StringComparison.Ordinal)) AskedElsewhere.Enqueue($"{page.Url}: {request.Url}");
        };
        return page;
    }

    /// <summary>Every page of the product, from the routes of the running program: whole pages, by whom they are looked at, under a name for a picture.</summary>
    internal async Task<IReadOnlyList<(string Name, string Address, bool Outside)>> Pages()
    {
        var pages = new List<(string, string, bool)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (door, address, body) in await Full.OpenPages())
        {
            // A mail in its frame is no page of ours: no script runs there, not even one that looks.
            if (!body.Contains("</main>", StringComparison.Ordinal)) continue;
            // One of each kind is enough, but for what differs from one to the next.
            var differs = door.Path.StartsWith("/outbox/", StringComparison.Ordinal) || door.Path.StartsWith("/contacts/", StringComparison.Ordinal) || door.Path is "/cases/{number:long}" or "/people/import/{id:long}";
            if (!seen.Add(door.Path) && !differs) continue;
            var name = string.Join('-', door.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(p => p.StartsWith('{') ? "x" : p));
            pages.Add(($"page-{name}", address, door.IsPublic));
        }
        pages.AddRange(new[] { "mine", "team", "new", "none", "spam", "deleted" }.Select(view => ($"page-desk-{view}", $"/desk/{view}", false)));
        pages.Add(("page-desk-picking", "/desk/team?pick=1", false));
        pages.Add(("page-table-chosen", "/desk/open/table?cols=number,customer,owner,severity,next,tags&sort=subject&down=1", false));
        pages.Add(("page-search-found", "/search?q=pump", false));
        pages.Add(("page-search-none", "/search?q=nothingofthekind", false));
        pages.Add(("page-not-there", "/cases/999999", false));
        pages.Add(("page-not-there-outside", "/c/AAAAAAAAAAAAAAAAAAAAAA", true));
        var last = "";
        var count = 0;
        return [.. pages.DistinctBy(p => p.Item2).Select(p =>
        {
            count = p.Item1 == last ? count + 1 : 1;
            last = p.Item1;
            return (count == 1 ? p.Item1 : $"{p.Item1}-{count.ToString(CultureInfo.InvariantCulture)}", p.Item2, p.Item3);
        })];
    }

    /// <summary>Visits pages, a few at a time.</summary>
    internal async Task Walk(IEnumerable<(string Name, string Address, bool Outside)> pages, Func<IPage, string, string, Task> visit, bool policy = true, int tabs = 2)
    {
        var queue = new ConcurrentQueue<(string Name, string Address, bool Outside)>(pages);
        await Task.WhenAll(Enumerable.Range(0, tabs).Select(async _ =>
        {
            var inside = await Page(Full.Ada, policy: policy);
            var outside = await Page(null, policy: policy);
            while (queue.TryDequeue(out var one)) await visit(one.Outside ? outside : inside, one.Name, one.Address);
            await inside.Context.CloseAsync();
            await outside.Context.CloseAsync();
        }));
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.CloseAsync();
        driver?.Dispose();
        if (Full is not null) await Full.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
