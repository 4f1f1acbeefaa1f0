using System.Net;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Routing;

namespace Amends.Tests.Abuse;

/// <summary>Every form of the product's pages, found where a browser finds it: by the address that it posts to, with the page on which it stands.</summary>
sealed class Forms
{
    readonly Dictionary<string, string> pages = new(StringComparer.Ordinal);
    readonly FullHouse full;

    Forms(FullHouse full) => this.full = full;

    /// <summary>The forms, by where they post to, and the page of each.</summary>
    public IReadOnlyDictionary<string, string> Pages => pages;

    public static async Task<Forms> Of(FullHouse full)
    {
        var forms = new Forms(full);
        foreach (var (door, address, body) in await full.OpenPages())
            forms.Take(new Found(address, 200, "text/html", body, new HttpResponseMessage()));
        // What only comes with a state: rows that are picked, a case that waits, one that is done.
        foreach (var more in new[] { "/desk/open?pick=1", $"/cases/{full.Open.Number}", $"/cases/{full.Confidential.Number}" }) forms.Take(await Crawl.Get(full.Admin, more));
        return forms;
    }

    void Take(Found found)
    {
        foreach (var form in found.Document.QuerySelectorAll("form").Where(f => f.QuerySelector("[name=__RequestVerificationToken]") is not null))
            if ((form.GetAttribute("action") ?? form.GetAttribute("hx-post")) is { } action) pages.TryAdd(action, found.Address);
        // A button may post its form elsewhere.
        foreach (var button in found.Document.QuerySelectorAll("button[formaction]")) pages.TryAdd(button.GetAttribute("formaction")!, found.Address);
    }

    /// <summary>What stands in fields that a form leaves empty: something that is taken.</summary>
    public static string Words(string field) => field switch
    {
        "address" or "to" or "mail" => "mallory@customer.example",
        "own" or "later" or "back" or "due" => "2027-01-10T10:00",
        "new" => "mallory",
        "domains" => "mallory.example",
        "website" or "cc" or "since" or "until" or "number" or "minutes" or "code" => "",
        _ => "Words of Mallory"
    };

    /// <summary>Sends what a browser would send from the page as it stands now, with these fields set; answers with the status and the beginning of what was said.</summary>
    public async Task<(int Status, string Said)> Send(HttpClient client, string action, HttpMethod method, (string Name, string Value)[] fields, bool file = false)
    {
        // A form without a page is posted by a script; only the token is taken from a page that everybody has.
        var page = await client.See(pages.GetValueOrDefault(action) ?? "/me");
        if (page.Document.QuerySelector("[name=__RequestVerificationToken]") is null) page = await client.See("/ask");
        var sent = Browsing.Filled(page, action, [.. fields.Select(f => (f.Name, (string?)f.Value))]);
        var form = page.Document.QuerySelectorAll("form").FirstOrDefault(f => (f.GetAttribute("action") ?? f.GetAttribute("hx-post")) == action);
        foreach (var need in form?.QuerySelectorAll("textarea[name],input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file]):not([type=password])[name]") ?? Enumerable.Empty<IElement>())
            if (need.GetAttribute("name") is { } name && Words(name).Length > 0 && sent.TrueForAll(f => f.Key != name || f.Value.Length == 0))
            {
                sent.RemoveAll(f => f.Key == name);
                sent.Add(new(name, Words(name)));
            }
        if (sent.TrueForAll(f => f.Key != "once")) sent.Add(new("once", Guid.NewGuid().ToString("N")));
        using HttpContent content = file ? WithFile(sent) : new FormUrlEncodedContent(sent);
        using var request = new HttpRequestMessage(method, action) { Content = content };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var said = (int)answer.StatusCode < 400 ? answer.Headers.Location?.OriginalString ?? "" : string.Join("; ", new AngleSharp.Html.Parser.HtmlParser().ParseDocument(text).QuerySelectorAll("[id$='-error'],.error,.form-errors,.problem,h1").Select(e => e.TextContent.Trim())) + " " + string.Join('&', sent.Skip(1).Select(s => s.Key + "=" + (s.Value.Length > 20 ? s.Value[..20] : s.Value)));
        return ((int)answer.StatusCode, said);
    }

    static MultipartFormDataContent WithFile(List<KeyValuePair<string, string>> fields)
    {
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields) parts.Add(new StringContent(value), name);
        parts.Add(new ByteArrayContent("name,mail\r\nRita Row,rita@customer.example\r\n"u8.ToArray()), "file", "people.csv");
        return parts;
    }
}
