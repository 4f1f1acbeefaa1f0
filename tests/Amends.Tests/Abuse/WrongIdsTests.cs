using System.Globalization;
using System.Net;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>Each route that takes a form, with ids that nobody has, that are none, and that no number can hold: never a fault of the program, and told beside the field.</summary>
public class WrongIdsTests
{
    static readonly string[] Wrong = ["987654321987", "-1", "99999999999999999999999999", "abc", "9223372036854775807", "\uFF11\uFF12"];

    // Fields of kind id, by the names that forms give them; what the pages' own forms hold is added below.
    static readonly string[] Names =
        ["brand", "customer", "team", "owner", "colleague", "mailbox", "role", "target", "other", "case", "into", "organisation", "tag", "tags", "follow", "named", "pick", "step", "seen", "noteVersion", "version", "id", "uploads", "facts", "contact", "job", "view"];

    // Sets of ids, of which those unknown are left out; and versions and marks, which are only compared.
    static readonly HashSet<string> Lenient = ["tags", "follow", "named", "pick", "step", "seen", "noteVersion", "version", "uploads", "view", "id", "began", "once", "facts"];

    static bool LeavesTheHouse(string address) => address.StartsWith("/sign-out", StringComparison.Ordinal) || address.StartsWith("/me/", StringComparison.Ordinal);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task No_route_fails_over_an_id_that_nobody_has(On on)
    {
        await using var full = await FullHouse.Make(on);
        var pages = new List<string>();
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) pages.AddRange(await full.Addresses(door));
        var forms = new Dictionary<string, (Seen Page, IElement Form)>(StringComparer.Ordinal);
        foreach (var found in (await Crawl.From(full.Admin, pages.Append("/desk/open?pick=1"))).Where(f => f is { IsPage: true, Status: 200 }))
            foreach (var form in found.Document.QuerySelectorAll("form").Where(f => f.QuerySelector("[name=__RequestVerificationToken]") is not null))
                if ((form.GetAttribute("action") ?? form.GetAttribute("hx-post")) is { } action) forms.TryAdd(action, (new Seen((HttpStatusCode)found.Status, found.Body, null, found.Answer), form));
        forms.Count.ShouldBeGreaterThan(45);

        var (faults, unsaid, sent) = (new List<string>(), new List<string>(), 0);
        async Task<(int Status, string Body)> Send(HttpMethod method, string address, List<KeyValuePair<string, string>> fields)
        {
            using var request = new HttpRequestMessage(method, address) { Content = new FormUrlEncodedContent(fields) };
            var answer = await full.Admin.SendAsync(request);
            sent++;
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        // Every route of the table, all names at once.
        var token = await full.TokenOf(full.Admin);
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false } && !LeavesTheHouse(d.Path)))
            foreach (var wrong in Wrong[..(on == On.Sqlite ? 3 : 2)])
            {
                var fields = Names.Select(n => KeyValuePair.Create(n, wrong)).Append(new("__RequestVerificationToken", token)).Append(new("once", Guid.NewGuid().ToString("N"))).ToList();
                foreach (var (name, value) in new[] { ("name", "Mallory"), ("text", "Mallory"), ("subject", "Mallory"), ("address", "mallory@evil.example"), ("to", "mallory@evil.example"), ("next", "open"), ("anyway", "true"), ("way", "counter"), ("do", "assign"), ("on", "true") }) fields.Add(new(name, value));
                var (status, _) = await Send(new HttpMethod(door.Method), (await full.Addresses(door))[0], fields);
                if (status >= 500) faults.Add($"{door} {wrong}: {status}");
            }

        // Every form of the pages, one field after the other, the rest as a browser would send it.
        foreach (var (action, (page, form)) in forms.Where(f => !LeavesTheHouse(f.Key)))
        {
            var ids = form.QuerySelectorAll("input,select").Where(i => i is IHtmlSelectElement select ? select.Options.Any(o => IsId(o.Value)) || Names.Contains(select.Name) : i is IHtmlInputElement { Type: "hidden" or "radio" or "checkbox" } input && (IsId(input.Value) || Names.Contains(input.Name)))
                .Select(i => i.GetAttribute("name")!).Distinct().ToList();
            foreach (var field in ids)
                foreach (var wrong in Wrong[..(on == On.Sqlite ? 4 : 1)])
                {
                    var fields = Browsing.Filled(page, action, (field, wrong)).Where(f => f.Key != "once").Append(new("once", Guid.NewGuid().ToString("N"))).ToList();
                    if (form.QuerySelector("button[name=do][value=assign]") is not null) fields.AddRange([new("do", "assign"), new("pick", full.Ordinal())]);
                    foreach (var need in form.QuerySelectorAll("textarea[name],input[type=text][name],input:not([type])[name]").Select(i => i.GetAttribute("name")!).Where(n => fields.TrueForAll(f => f.Key != n || f.Value.Length == 0)))
                    {
                        fields.RemoveAll(f => f.Key == need);
                        fields.Add(new(need, need.Contains("address", StringComparison.Ordinal) ? "maria@customer.example" : need is "own" or "until" or "later" or "back" or "number" or "minutes" or "website" ? "" : "Mallory"));
                    }
                    var (status, body) = await Send(HttpMethod.Post, action, fields);
                    if (status >= 500) faults.Add($"{action} {field}={wrong}: {status}");
                    if (status < 400 && !Lenient.Contains(field) && !field.StartsWith("team-", StringComparison.Ordinal)) unsaid.Add($"{action} {field}={wrong}: {status}");
                    // Told in words, and where it can be, beside the field.
                    if (status == 422 && new AngleSharp.Html.Parser.HtmlParser().ParseDocument(body).QuerySelector($"[id='{field}-error'],.error,.form-errors,.problem") is null) unsaid.Add($"{action} {field}={wrong}: no word");
                }
        }
        faults.ShouldBeEmpty();
        unsaid.ShouldBeEmpty();
        sent.ShouldBeGreaterThan(on == On.Sqlite ? 500 : 250);
    }

    static bool IsId(string? value) => value is { Length: >= 12 } && value.All(char.IsAsciiDigit);
}
