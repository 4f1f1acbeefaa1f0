using System.Net;
using Amends.Tests.Cases;
using Amends.Tests.Cast;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>Each settings page says what it is for, and each of its fields has its help beside it.</summary>
public class SettingsHelpTests
{
    // Fields of forms with something to fill in; the short ones inside of a row of buttons (span) say it by their label.
    static List<string> WithoutHelp(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("form div.field, form fieldset.field").Where(f => f.QuerySelector("input:not([type=hidden]),select,textarea") is not null && string.IsNullOrWhiteSpace(f.QuerySelector(".help")?.TextContent))
            .Select(f => (f.QuerySelector("label,legend")?.TextContent ?? f.TextContent).Trim())];

    [Fact]
    public void A_field_without_help_is_found() => WithoutHelp(new HtmlParser().ParseDocument(
        """<form><div class="field"><label for="a">Said</label><input id="a"><div class="help">Why.</div></div><div class="field check"><label><input type="checkbox"> Not said</label></div><fieldset class="field"><legend>Empty</legend><select></select><div class="help"> </div></fieldset></form>"""))
        .ShouldBe(["Not said", "Empty"]);

    [Fact]
    public async Task Every_field_of_every_settings_page_has_its_help()
    {
        await using var cast = await DeskCast.Open(On.Sqlite);
        using var ada = await cast.House.ClientOf(cast.Admin);
        var (waiting, seen, fields) = (new Queue<string>(["/settings"]), new HashSet<string> { "/settings" }, 0);
        var wrong = new List<string>();
        // A mailbox, so that its page is there to be opened.
        (await ada.Post("/settings/mailboxes/new", ("address", "service@company.example"), ("name", "Service"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        while (waiting.TryDequeue(out var path))
        {
            var page = await ada.See(path);
            if (page.Status != HttpStatusCode.OK) continue;
            fields += page.Document.QuerySelectorAll("form div.field, form fieldset.field").Length;
            wrong.AddRange(WithoutHelp(page.Document).Select(field => $"{path}: {field}"));
            if (path != "/settings" && string.IsNullOrWhiteSpace(page.Text(".page-head p")) && page.Document.QuerySelector(".page .field .help") is null) wrong.Add($"{path}: says not what it is for");
            foreach (var href in page.Document.QuerySelectorAll("a[href^='/settings/'], a[href='/stuck']").Select(a => a.GetAttribute("href")!.Split('?', '#')[0])) if (seen.Add(href)) waiting.Enqueue(href);
        }
        wrong.ShouldBeEmpty();
        foreach (var needed in (string[])["/settings/company", "/settings/brands", $"/settings/brands/{cast.Brand}", "/settings/mailboxes", "/settings/mail-health", "/settings/mail-out", "/settings/mail-limits", "/settings/web-form", $"/settings/colleagues/{cast.Ben}", $"/settings/teams/{cast.Team}", "/settings/roles/new", "/settings/backup", "/settings/tags", "/settings/canned", "/settings/keys", "/stuck"])
            seen.ShouldContain(needed);
        seen.ShouldContain(path => path.StartsWith("/settings/mailboxes/", StringComparison.Ordinal) && path.EndsWith("/server", StringComparison.Ordinal));
        fields.ShouldBeGreaterThan(40);

        // In the order in which a house is set up.
        (await ada.See("/settings")).Document.QuerySelectorAll(".settings-nav h3").Select(h => h.TextContent.Trim()).ShouldBe(["The house", "People of the house", "Desk", "Mail and web", "Programs"]);
    }
}
