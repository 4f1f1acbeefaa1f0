using System.Globalization;
using System.Net;
using System.Text.Json;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Abuse;

/// <summary>
/// The big list of naughty strings in the fields of every form that is shown again: typed, stored, and read back from the form itself. Every fourth in each
/// field, each time others; all of them in all fields with <c>AMENDS_TEST_NIGHTLY=1</c>. What is not shown in a form again is read from the store.
/// </summary>
public class NaughtyFieldsTests
{
    static readonly bool Nightly = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1";

    static List<string> All() => [.. JsonSerializer.Deserialize<string[]>(File.ReadAllText(Corpora.Need("naughty-strings", "blns.json")))!.Select(Kept).Where(s => s.Length > 0).Distinct()];

    // NUL is left out, ends are trimmed: what the house documents of every field.
    static string Kept(string typed) => typed.Replace("\0", "", StringComparison.Ordinal).Trim();

    static string Text(IElement element) => (element is IHtmlTextAreaElement area ? area.TextContent : element.GetAttribute("value") ?? "").ReplaceLineEndings("\n");

    sealed record Shown(string Page, string Action, (string Field, int Most)[] Fields, Func<string, bool>? May = null);

    [Fact]
    public async Task Every_form_that_is_shown_again_holds_what_was_typed()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        string N(long id) => id.ToString(CultureInfo.InvariantCulture);
        var (view, canned) = (N(full.View), N(full.Canned));
        var role = await Some.Role(full.House, "Spare");
        var person = $"/people/{N(full.Maria)}/edit";
        Shown[] forms =
        [
            new("/settings/company", "/settings/company", [("name", 200), ("address", 1000)]),
            new($"/settings/brands/{N(full.Brand)}", $"/settings/brands/{N(full.Brand)}", [("name", 200), ("signature", 2000)]),
            new($"/settings/mailboxes/{N(full.Mailbox)}", $"/settings/mailboxes/{N(full.Mailbox)}", [("name", 200)]),
            new($"/settings/mailboxes/{N(full.Mailbox)}/server", $"/settings/mailboxes/{N(full.Mailbox)}/server", [("folder", 200), ("move", 200)], s => !s.Any(char.IsControl)),
            new("/settings/web-form", "/settings/web-form", [("lead", 500)]),
            new($"/settings/teams/{N(full.TeamB)}", $"/settings/teams/{N(full.TeamB)}", [("name", 120)]),
            new($"/settings/roles/{N(role)}", $"/settings/roles/{N(role)}", [("name", 120)]),
            new($"/settings/colleagues/{N(full.Ben)}", $"/settings/colleagues/{N(full.Ben)}", [("name", 200)]),
            new("/me", "/me", [("name", 200), ("signature", 2000)]),
            // What looks like a named field and is none is refused beside the text: that is its rule.
            new($"/settings/canned/{canned}", $"/settings/canned/{canned}", [("name", 120), ("text", 20_000)], s => !s.Contains('{', StringComparison.Ordinal)),
            new($"/desk/saved/{view}", $"/desk/saved/{view}", [("name", 120), ("words", 200)]),
            new(person, person, [("name", 200), ("needs", 500), ("about", 10_000)]),
            new($"/people/organisations/{N(full.Organisation)}/edit", $"/people/organisations/{N(full.Organisation)}/edit", [("name", 200), ("place", 200), ("about", 10_000)]),
            new($"/people/holdings/{N(full.Holding)}", $"/people/holdings/{N(full.Holding)}", [("product", 200), ("variant", 120), ("batch", 120), ("serial", 120), ("contract", 120), ("site", 120)]),
        ];
        var all = All();
        var (wrong, taken, turn) = (new List<string>(), 0, 0);
        foreach (var form in forms)
        {
            var page = await full.Admin.See(form.Page);
            page.Status.ShouldBe(HttpStatusCode.OK, form.Page);
            foreach (var typed in Nightly ? all : all.Where((_, i) => i % 4 == turn % 4).ToList())
            {
                // A string too long for a field leaves that field as it is.
                var fields = form.Fields.Where(f => typed.Length <= f.Most).ToList();
                if (fields.Count == 0 || form.May?.Invoke(typed) == false) continue;
                var answer = await full.Admin.Send(page, form.Action, [.. fields.Select(f => (f.Field, (string?)typed))]);
                if (answer.Status != HttpStatusCode.SeeOther) { wrong.Add($"{form.Page}: {(int)answer.Status} for {typed}"); continue; }
                taken++;
                page = await full.Admin.See(form.Page);
                foreach (var (field, _) in fields)
                    if (page.Document.QuerySelector($"form[action='{form.Action}'] [name='{field}']") is not { } shown) wrong.Add($"{form.Page}: no field {field} after {typed}");
                    else if (Text(shown) != typed.ReplaceLineEndings("\n")) wrong.Add($"{form.Page} {field}: {typed} came back as {Text(shown)}");
            }
            turn++;
        }
        wrong.ShouldBeEmpty();
        taken.ShouldBeGreaterThan(Nightly ? 5000 : 1200);
    }

    [Fact]
    public async Task What_was_typed_stays_on_every_form_when_something_is_wrong_and_the_wrong_is_told()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var forms = await Forms.Of(full);
        // What searches, what only its owner may see, and what is filled by a program.
        string[] not = ["q", "once", "version", "seen", "website", "__RequestVerificationToken", "return", "username"];
        var (lost, untold, wrongs, kept) = (new List<string>(), new List<string>(), 0, 0);
        foreach (var (action, address) in forms.Pages.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (action.StartsWith("/sign-out", StringComparison.Ordinal) || action.Contains("/draft", StringComparison.Ordinal)) continue;
            using var outside = full.House.Client();
            var client = full.Doors.Any(d => d.IsPublic && (d.Path == action || d.Path.StartsWith("/c/", StringComparison.Ordinal) && action.StartsWith("/c/", StringComparison.Ordinal))) ? outside : full.Admin;
            var page = await client.See(address);
            var form = page.Document.QuerySelectorAll("form").FirstOrDefault(f => f.GetAttribute("action") == action && f.QuerySelector("[name=__RequestVerificationToken]") is not null);
            var fields = form?.QuerySelectorAll("textarea[name],input[name]").Where(i => i is IHtmlTextAreaElement || i is IHtmlInputElement { Type: "text" or "email" or "tel" or "search" or "url" }).Select(i => i.GetAttribute("name")!).Where(n => !not.Contains(n)).Distinct().ToList();
            if (fields is not { Count: > 0 }) continue;
            foreach (var wrong in fields)
                foreach (var bad in new[] { "", new string('w', 60_000) })
                {
                    var typed = fields.Where(f => f != wrong).ToDictionary(f => f, f => Forms.Words(f) is { Length: > 0 } words ? words + (f is "address" or "to" or "mail" or "domains" or "own" or "later" or "back" or "due" ? "" : " <kept> & \"it\"") : "");
                    var answer = await client.Send(await client.See(address), action, [.. typed.Select(t => (t.Key, (string?)t.Value)), (wrong, bad)]);
                    ((int)answer.Status).ShouldBeLessThan(500, $"{action} {wrong}");
                    if (answer.Status != HttpStatusCode.UnprocessableEntity) continue;
                    wrongs++;
                    if (answer.Document.QuerySelector("[id$='-error'],.error,.form-errors,.problem") is null) untold.Add($"{action} {wrong}");
                    foreach (var (field, value) in typed.Where(t => t.Value.Length > 0))
                    {
                        // In its field of the same form; where the answer is another page, at least to be copied from it.
                        var shown = answer.Document.QuerySelector($"form[action='{action}'] [name='{field}']") ?? answer.Document.QuerySelector($"[name='{field}']");
                        if (shown is null ? answer.Document.Body!.TextContent.Contains(value, StringComparison.Ordinal) : Text(shown).Trim() == value) kept++;
                        else lost.Add($"{action} with {(bad.Length == 0 ? "no" : "a long")} {wrong}: {field} is {(shown is null ? "not there" : Text(shown))}");
                    }
                }
        }
        lost.ShouldBeEmpty();
        untold.ShouldBeEmpty();
        wrongs.ShouldBeGreaterThan(40);
        kept.ShouldBeGreaterThan(60);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_told_at_the_desk_by_phone_and_by_customers_is_stored_as_it_was_told(On on)
    {
        await using var full = await FullHouse.Make(on);
        var all = All().Where((_, i) => Nightly || i % (on == On.Sqlite ? 6 : 24) == 0).ToList();
        string team = full.TeamA.ToString(CultureInfo.InvariantCulture), maria = full.Maria.ToString(CultureInfo.InvariantCulture);
        var (wrong, checkedOnes) = (new List<string>(), 0);
        void Must(string where, string typed, string? stored)
        {
            checkedOnes++;
            if (stored is null || stored.ReplaceLineEndings("\n") != typed.ReplaceLineEndings("\n")) wrong.Add($"{where}: {typed} is stored as {stored}");
        }
        using var outside = full.House.Client();
        foreach (var typed in all)
        {
            var short_ = typed.Length <= 200;
            // A case made at the desk, and a call.
            var made = await full.Try(full.Admin, HttpMethod.Post, "/cases/new", ("subject", short_ ? typed : "Long"), ("text", typed), ("customer", maria), ("team", team), ("owner", ""), ("way", "counter"), ("kind", "0"), ("severity", "0"));
            if (made.StatusCode != HttpStatusCode.SeeOther) { wrong.Add($"/cases/new: {(int)made.StatusCode} for {typed}"); continue; }
            var number = long.Parse(made.Headers.Location!.OriginalString.Split('/')[2], CultureInfo.InvariantCulture);
            var called = await full.Try(full.Admin, HttpMethod.Post, $"/cases/{number}/call", ("text", typed), ("direction", "in"), ("outcome", "2"));
            if (called.StatusCode != HttpStatusCode.SeeOther) wrong.Add($"call: {(int)called.StatusCode} for {typed}");
            if (short_) await full.Try(full.Admin, HttpMethod.Post, $"/cases/{number}/wait", ("until", "own"), ("own", "2026-12-20T10:00"), ("for", typed));
            await full.Try(full.Admin, HttpMethod.Post, $"/cases/{number}/drafts/reply", ("text", typed));
            var answered = await full.Try(full.Admin, HttpMethod.Post, full.CaseLink + "/write", ("text", typed));
            using var db = full.House.Databases.Open();
            var one = await db.Set<Case>().SingleAsync(c => c.Number == number);
            Must("subject", short_ ? typed : "Long", one.Subject);
            if (short_) Must("waits for", typed, one.WaitFor);
            var contacts = await db.Set<Contact>().Where(c => c.CaseId == one.Id).OrderBy(c => c.Id).Select(c => c.Text).ToListAsync();
            Must("told", typed, contacts.FirstOrDefault());
            Must("called", typed, contacts.LastOrDefault());
            Must("draft", typed, (await db.Set<Draft>().Where(d => d.CaseId == one.Id && !d.IsNote).Select(d => d.Text).FirstOrDefaultAsync())?.Trim());
            Must("draft shown", typed, Text((await full.Admin.See($"/cases/{number}/reply")).Document.QuerySelector("textarea[name=text]")!).Trim());
            if (answered.StatusCode == HttpStatusCode.SeeOther) Must("by link", typed, await db.Set<Contact>().Where(c => c.Channel == Channel.Portal).OrderByDescending(c => c.Id).Select(c => c.Text).FirstOrDefaultAsync());
            // The page of it all makes no element of any.
            var page = await Crawl.Get(full.Admin, $"/cases/{number}");
            page.Status.ShouldBe(200, typed);
            page.Document.QuerySelectorAll("[onerror],[onload],[onmouseover],[onfocus],iframe,object,embed,base,meta[http-equiv=refresh],script:not([nonce])").Select(e => e.OuterHtml).ShouldBeEmpty(typed);
        }
        wrong.ShouldBeEmpty();
        checkedOnes.ShouldBeGreaterThan(all.Count * 4);
    }

    [Fact]
    public async Task What_is_read_in_from_a_file_is_stored_as_it_stands_there()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        // Ends are trimmed, and the apostrophe that our own exports put before a formula is no part of the text.
        var all = All().Where(s => s.Length <= 200 && !(s[0] == '\'' && s.Length > 1 && s[1] is '=' or '+' or '-' or '@')).Where(s => s.IndexOfAny(['\r']) < 0).ToList();
        var csv = "name,id,about\r\n" + string.Concat(all.Select((s, i) => $"\"{s.Replace("\"", "\"\"", StringComparison.Ordinal)}\",k{i},\"{s.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n"));
        var start = await full.Admin.See("/people/import");
        var uploaded = await full.Admin.SendFiles(start, "/people/import", [("file", "people.csv", System.Text.Encoding.UTF8.GetBytes(csv))], ("kind", "customers"), ("system", "shop"));
        uploaded.Status.ShouldBe(HttpStatusCode.SeeOther, uploaded.Body);
        var mapping = await full.Admin.See(uploaded.Location!);
        (await full.Admin.Send(mapping, uploaded.Location + "/start", ("column0", "Name"), ("column1", "Key"), ("column2", "About"), ("headings", "yes"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await full.Rest();
        using var db = full.House.Databases.Open();
        var import = await db.Set<PeopleImport>().OrderByDescending(i => i.Id).FirstAsync();
        import.State.ShouldBe(ImportState.Done, import.Why);
        var refs = await db.Set<ExternalRef>().ToDictionaryAsync(r => r.Key, r => r.TargetId);
        var people = await db.Set<Customer>().ToDictionaryAsync(c => c.Id, c => (c.Name, c.About));
        var stored = 0;
        foreach (var (typed, i) in all.Select((s, i) => (s, i)))
        {
            if (!refs.TryGetValue($"k{i}", out var id)) continue;
            people[id].ShouldBe((typed, typed));
            stored++;
        }
        // Refused are only those that say why.
        (stored + import.Refused).ShouldBe(all.Count);
        import.Refused.ShouldBe(0);
    }
}
