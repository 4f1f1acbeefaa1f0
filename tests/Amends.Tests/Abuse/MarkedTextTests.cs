using Amends.Foundation;
using Amends.People;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>A payload in every column that holds text: shown as text on every page, run nowhere, and reckoned by no template (A02, A36).</summary>
public class MarkedTextTests
{
    const string Payload = MarkedText.Payload;

    static IEnumerable<string> Ran(Found page)
    {
        if (page.Document.QuerySelector("[onerror],img[src='x'],[ran]") is { } made) yield return $"{page.Address} made {made.OuterHtml}";
        if (page.Body.Contains("<img src=x", StringComparison.Ordinal)) yield return $"{page.Address} holds it unencoded";
        if (page.Document.All.Any(e => e.TextContent.Contains("onerror=window.ran=1>49", StringComparison.Ordinal))) yield return $"{page.Address} reckoned";
        foreach (var link in page.Document.QuerySelectorAll("a[href],form[action]"))
            if ((link.GetAttribute("href") ?? link.GetAttribute("action"))!.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)) yield return $"{page.Address} links {link.OuterHtml}";
        foreach (var script in page.Document.QuerySelectorAll("script")) if (script.TextContent.Contains("onerror", StringComparison.Ordinal)) yield return $"{page.Address} in a script";
    }

    [Fact]
    public async Task A02_A36_what_people_write_is_shown_and_never_run()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        (await MarkedText.Fill(full)).ShouldBeGreaterThan(40);
        var starts = new List<string> { full.CaseLink };
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) starts.AddRange(await full.Addresses(door));
        var found = await Crawl.From(full.Admin, starts);
        found.Count.ShouldBeGreaterThan(80);
        found.Where(f => f.Status >= 500).Select(f => f.Address).ShouldBeEmpty();
        found.Where(f => f.IsPage).SelectMany(Ran).ShouldBeEmpty();
        // It was there to be found, whole and as it was written.
        found.Count(f => f.IsPage && f.Document.DocumentElement.TextContent.Contains(Payload, StringComparison.Ordinal)).ShouldBeGreaterThan(20);
        // And no answer goes without the headers that would hold it in.
        foreach (var one in found)
        {
            one.Answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], one.Address);
            var policy = one.Answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldStartWith("default-src 'none'", customMessage: one.Address);
            // No script of a page writes HTML but through our one policy; a mail's frame has no scripts at all.
            if (one.IsPage && !policy.Contains("sandbox", StringComparison.Ordinal)) policy.ShouldContain("require-trusted-types-for 'script'", customMessage: one.Address);
        }
    }

    [Fact]
    public async Task A02_what_comes_back_after_a_mistake_is_shown_and_never_run()
    {
        // Reflected: each field of each form, sent without its token and with a rule broken.
        await using var full = await FullHouse.Make(On.Sqlite);
        var token = await full.TokenOf(full.Admin);
        var reflected = 0;
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false }))
        {
            var address = (await full.Addresses(door))[0];
            foreach (var withToken in new[] { true, false })
            {
                string[] names = ["subject", "text", "name", "address", "to", "new", "q", "for", "summary", "until", "own", "hours", "zone", "title", Payload];
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), address)
                {
                    Content = new FormUrlEncodedContent(names.Select(n => KeyValuePair.Create(n, Payload + new string(n == "name" ? 'x' : ' ', 400) + ".")).Concat(withToken ? [KeyValuePair.Create("__RequestVerificationToken", token)] : []))
                };
                var answer = await full.Admin.SendAsync(request);
                var page = new Found($"{door} {withToken}", (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(), answer);
                page.Status.ShouldBeLessThan(500, page.Address);
                if (!page.IsPage) continue;
                Ran(page).ShouldBeEmpty();
                if (page.Document.DocumentElement.TextContent.Contains("onerror=window.ran=1", StringComparison.Ordinal) || page.Document.QuerySelectorAll("input").Any(i => i.GetAttribute("value")?.Contains("onerror", StringComparison.Ordinal) == true)) reflected++;
            }
        }
        reflected.ShouldBeGreaterThan(30);
        foreach (var path in new[] { "/search?q=", "/people?q=", "/palette?q=", "/mentions?q=", "/sign-in?return=", "/desk/", "/people/suggest?q=", "/settings/colleagues?q=", "/" })
            Ran(await Crawl.Get(full.Admin, path + Uri.EscapeDataString(Payload))).ShouldBeEmpty();
    }
}
