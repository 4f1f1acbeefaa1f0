using System.Globalization;
using System.Text;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Amends.Journeys;

/// <summary>A full house before an internet of the test's own.</summary>
public sealed class FarHouse : OpenHouse
{
    internal FarServer Far { get; private set; } = null!;

    internal override void Also(IServiceCollection services) => Far.Into(services);

    public override async ValueTask InitializeAsync()
    {
        Far = await FarServer.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Far.DisposeAsync();
    }

    /// <summary>A mail through the real intake; answers with its contact and the number of its case.</summary>
    internal async Task<(long Contact, long Number)> Arrive(string html, params string[] headers)
    {
        using var pipe = Full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        var raw = string.Join("\r\n", ["From: Eve Moreau <eve@customer.example>", "To: service@amends.example", "Subject: News of the pumps", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", .. headers, "MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", "", html, ""]);
        (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw)))).EnsureSuccessStatusCode();
        await Full.Rest();
        using var db = Full.House.Databases.Open();
        return await db.Set<Contact>().OrderByDescending(c => c.Id).Join(db.Set<Amends.Cases.Case>(), c => c.CaseId, c => c.Id, (contact, one) => new ValueTuple<long, long>(contact.Id, one.Number)).FirstAsync();
    }
}

/// <summary>Mails as they came, in a real browser (A07, A09): what is loaded, what is printed, what can be read in the dark.</summary>
public sealed class ShownMail(FarHouse house) : IClassFixture<FarHouse>
{
    const string Body = "<p>Our new pumps, in words and pictures.</p><img src=\"http://shop.example/pump.png\" alt=\"The new pump\" width=\"40\" height=\"40\"><img src=\"http://shop.example/open.gif?who=maria\" width=1 height=1>"
        + "<table background=\"http://shop.example/ground.png\"><tr><td style=\"background:url(http://shop.example/style.png)\">Cell</td></tr></table>"
        + "<div class=gmail_quote>On Monday Service wrote:<blockquote>What you asked for.</blockquote></div>";

    [Fact]
    public async Task A07_no_remote_image_is_asked_for_where_mail_is_read_answered_printed_sent_or_noticed()
    {
        var (contact, number) = await house.Arrive(Body);
        var full = house.Full;
        await full.Post(full.Admin, $"/cases/{number}/assign", ("owner", full.Ben.ToString(CultureInfo.InvariantCulture)), ("team", full.TeamA.ToString(CultureInfo.InvariantCulture)));
        await full.Post(full.Admin, $"/cases/{number}/reply", ("text", "Thank you. ![x](http://shop.example/typed.png)"), ("to", "eve@customer.example"), ("next", "open"), ("anyway", "true"));
        full.House.Clock.Advance(TimeSpan.FromMinutes(1));
        await full.Rest();
        List<long> mails;
        using (var db = full.House.Databases.Open())
        {
            var caseId = await db.Set<Contact>().Where(c => c.Id == contact).Select(c => c.CaseId).SingleAsync();
            mails = await db.Set<Amends.Foundation.Outbox.OutgoingMail>().Where(m => m.CaseId == caseId).Select(m => m.Id).ToListAsync();
        }
        mails.Count.ShouldBeGreaterThanOrEqualTo(2);
        house.Far.Asked.Clear();
        var page = await house.Page(full.Ada);
        foreach (var address in (string[])["/desk/open", "/search?q=pumps", $"/cases/{number}", $"/cases/{number}/reply", $"/contacts/{contact}/original", $"/contacts/{contact}/original?as=text", $"/contacts/{contact}/html", $"/contacts/{contact}/print", .. mails.SelectMany(m => new[] { $"/outbox/{m}", $"/outbox/{m}/html" })])
        {
            await page.GotoAsync(address);
            if (address == $"/cases/{number}") await page.Locator("details.original > summary").First.ClickAsync();
            await page.WaitForTimeoutAsync(300);
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            await page.WaitForTimeoutAsync(100);
            await page.EmulateMediaAsync(new() { Media = Media.Screen });
        }
        house.AskedElsewhere.ShouldBeEmpty();
        house.Far.Asked.ShouldBeEmpty();
        house.Stopped.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A07_remote_images_are_shown_on_request_by_the_house_with_script_and_without(bool script)
    {
        var (contact, number) = await house.Arrive(Body.Replace("pump.png", $"pump-{script}.png", StringComparison.Ordinal).Replace("open.gif", $"open-{script}.gif", StringComparison.Ordinal));
        house.Far.Asked.Clear();
        var page = await house.Page(house.Full.Ada, script: script);
        foreach (var address in (string[])[$"/contacts/{contact}/original", $"/cases/{number}"])
        {
            await page.GotoAsync(address);
            if (address.StartsWith("/cases", StringComparison.Ordinal)) await page.Locator("details.original > summary").First.ClickAsync();
            var frame = page.FrameLocator($"iframe[name=mail-{contact}]");
            await frame.GetByText("Our new pumps").WaitForAsync();
            (await frame.GetByAltText("The new pump").EvaluateAsync<int>("i => i.naturalWidth")).ShouldBe(0);
            await page.GetByRole(AriaRole.Button, new() { Name = "Show remote images" }).ClickAsync();
            await Assertions.Expect(frame.GetByAltText("The new pump")).ToHaveJSPropertyAsync("naturalWidth", 1);
            // The place on the page is kept: it was the frame that went.
            new Uri(page.Url).AbsolutePath.ShouldBe(address);
            // What the frame holds has no origin still.
            (await page.Frames[1].EvaluateAsync<string>("self.origin")).ShouldBe("null");
        }
        // Pictures, not grounds; and both pages together asked once.
        house.Far.Asked.ShouldBe([$"/open-{script}.gif", $"/pump-{script}.png"], ignoreOrder: true);
        house.AskedElsewhere.ShouldBeEmpty();
        house.Stopped.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_could_not_be_fetched_is_said_above_the_frame_and_a_long_mail_has_a_tall_one()
    {
        house.Far.Paths["/gone.png"] = http => { http.Response.StatusCode = 404; return Task.CompletedTask; };
        var (contact, number) = await house.Arrive("<p>Our new pumps.</p><img src=\"http://shop.example/there.png\" alt=There><img src=\"http://shop.example/gone.png\" alt=Gone>" + string.Concat(Enumerable.Range(1, 60).Select(i => $"<p>Line {i} of a long mail.</p>")));
        var page = await house.Page(house.Full.Ada);
        await page.GotoAsync($"/cases/{number}");
        await page.Locator("details.original > summary").First.ClickAsync();
        await page.FrameLocator($"iframe[name=mail-{contact}]").GetByText("Our new pumps").WaitForAsync();
        (await page.Locator($"iframe[name=mail-{contact}]").BoundingBoxAsync())!.Height.ShouldBeGreaterThan(500);
        (await page.Locator(".picture-bar .came").TextContentAsync()).ShouldBe("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show remote images" }).ClickAsync();
        await Assertions.Expect(page.Locator(".picture-bar .came")).ToHaveTextAsync("1 of 2 images could not be fetched: the server says that there is none (1).");
        await Assertions.Expect(page.FrameLocator($"iframe[name=mail-{contact}]").GetByAltText("There")).ToHaveJSPropertyAsync("naturalWidth", 1);
        house.Stopped.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A09_what_is_printed_is_the_whole_mail_and_nothing_of_this_machine()
    {
        var planted = Path.Combine(Directory.CreateTempSubdirectory("amends-planted-").FullName, "secret.txt");
        await File.WriteAllTextAsync(planted, "zqplanted");
        var (contact, _) = await house.Arrive(Body + $"<img src=\"file://{planted}\"><iframe src=\"file://{planted}\"></iframe><object data=\"file://{planted}\"></object><link rel=attachment href=\"file://{planted}\"><img src=\"http://169.254.169.254/latest\"><embed src=\"php://filter/resource={planted}\">"
            + string.Concat(Enumerable.Range(1, 120).Select(i => $"<p>Line {i} of a long mail.</p>")) + "<p>The last line.</p>");
        house.Far.Asked.Clear();
        var page = await house.Page(house.Full.Ada);
        var asked = new List<string>();
        page.Request += (_, request) => { lock (asked) asked.Add(request.Url); };
        await page.GotoAsync($"/contacts/{contact}/print");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        // No program of ours makes PDF: the browser's own does, from a page with nothing to load.
        var pdf = await page.PdfAsync(new() { Format = "A4" });
        pdf.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
        Encoding.Latin1.GetString(pdf).ShouldNotContain("zqplanted");
        asked.ShouldBe([new Uri(house.Full.House.Url, $"/contacts/{contact}/print").ToString()]);
        house.Far.Asked.ShouldBeEmpty();
        // To its last line, the quote among it, and nothing to press.
        (await page.Locator("details, button, form, a.btn").CountAsync()).ShouldBe(0);
        foreach (var words in (string[])["The last line.", "What you asked for."]) (await page.GetByText(words).BoundingBoxAsync()).ShouldNotBeNull();
        (await page.EvaluateAsync<bool>("document.documentElement.scrollHeight > 2000 && getComputedStyle(document.body).overflowY === 'visible'")).ShouldBeTrue();
        await page.Context.CloseAsync();
        Directory.Delete(Path.GetDirectoryName(planted)!, recursive: true);
    }

    [Fact]
    public async Task A_mail_can_be_read_in_the_dark_and_its_quote_unfolds_without_script()
    {
        var (plain, _) = await house.Arrive(Body);
        var (coloured, _) = await house.Arrive("<body style=\"background:#ffffff\"><p style=\"color:#1f497d\">Blue words of an office.</p></body>");
        var page = await house.Page(house.Full.Ada, script: false);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        foreach (var (contact, dark) in new[] { (plain, true), (coloured, false) })
        {
            await page.GotoAsync($"/contacts/{contact}/original");
            var frame = page.Frames[1];
            await frame.WaitForLoadStateAsync();
            var contrast = await frame.EvaluateAsync<double>("""
                () => {
                  const light = c => { const [r, g, b] = c.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
                  const ground = getComputedStyle(document.documentElement).backgroundColor, ink = getComputedStyle(document.querySelector('p')).color;
                  const [a, b] = [light(ground), light(ink)].sort((x, y) => y - x); return (a + .05) / (b + .05);
                }
                """);
            contrast.ShouldBeGreaterThan(7);
            (await frame.EvaluateAsync<string>("getComputedStyle(document.documentElement).colorScheme")).ShouldBe(dark ? "dark" : "light");
        }
        await page.GotoAsync($"/contacts/{plain}/original");
        var quote = page.FrameLocator("iframe").GetByText("What you asked for.");
        await Assertions.Expect(quote).ToBeHiddenAsync();
        await page.FrameLocator("iframe").Locator("summary").ClickAsync();
        await Assertions.Expect(quote).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
