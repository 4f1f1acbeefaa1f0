using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Amends.Tests.Cast;

/// <summary>What came back: status, text, where it leads, and the text as a document.</summary>
sealed record Seen(HttpStatusCode Status, string Body, string? Location, HttpResponseMessage Answer)
{
    IHtmlDocument? document;

    /// <summary>The page, to be asked by selectors.</summary>
    public IHtmlDocument Document => document ??= new HtmlParser().ParseDocument(Body);

    /// <summary>The words of the first element that fits, trimmed; null where there is none.</summary>
    public string? Text(string selector) => Document.QuerySelector(selector)?.TextContent.Trim();

    /// <summary>What stands beside a field.</summary>
    public string? Error(string field) => Text($"#{field}-error");

    /// <summary>The value of a field.</summary>
    public string? Value(string field) => Document.QuerySelector($"[name='{field}']") switch
    {
        IHtmlTextAreaElement area => area.Value,
        IHtmlSelectElement select => select.Value,
        IElement other => other.GetAttribute("value"),
        _ => null
    };
}

/// <summary>What a browser does: looks at a page, fills its form, sends it. Redirects are not followed.</summary>
static class Browsing
{
    /// <summary>Looks at a page.</summary>
    public static async Task<Seen> See(this HttpClient client, string path, bool htmx = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (htmx) request.Headers.Add("HX-Request", "true");
        return await Read(await client.SendAsync(request));
    }

    /// <summary>Opens the page at this path, fills the form that posts to the same path, and sends it. A null value leaves the field out.</summary>
    public static Task<Seen> Post(this HttpClient client, string path, params (string Name, string? Value)[] fields) => client.PostFrom(path, path, fields);

    /// <summary>
    /// Opens <paramref name="page"/>, fills its form that posts to <paramref name="action"/> and sends it with all its other fields as they stand.
    /// Where the page has no such form, only a token is taken from it.
    /// </summary>
    public static async Task<Seen> PostFrom(this HttpClient client, string page, string action, params (string Name, string? Value)[] fields)
    {
        var seen = await client.See(page);
        return await client.Send(seen, action, fields);
    }

    /// <summary>Sends a form of a page that was looked at before.</summary>
    public static async Task<Seen> Send(this HttpClient client, Seen page, string action, params (string Name, string? Value)[] fields) =>
        await Read(await client.PostAsync(action, new FormUrlEncodedContent(Filled(page, action, fields))));

    /// <summary>The same with files, as multipart.</summary>
    public static async Task<Seen> SendFiles(this HttpClient client, Seen page, string action, (string Name, string FileName, byte[] Bytes)[] files, params (string Name, string? Value)[] fields)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Filled(page, action, fields)) content.Add(new StringContent(value), name);
        foreach (var file in files) content.Add(new ByteArrayContent(file.Bytes), file.Name, file.FileName);
        return await Read(await client.PostAsync(action, content));
    }

    /// <summary>The fields that a browser would send.</summary>
    public static List<KeyValuePair<string, string>> Filled(Seen page, string action, params (string Name, string? Value)[] fields)
    {
        var forms = page.Document.QuerySelectorAll("form").Where(f => f.QuerySelector("[name=__RequestVerificationToken]") is not null).ToList();
        var form = forms.FirstOrDefault(f => (f.GetAttribute("action") ?? f.GetAttribute("hx-post")) == action);
        var token = (form ?? forms.FirstOrDefault())?.QuerySelector("[name=__RequestVerificationToken]")?.GetAttribute("value")
            ?? throw new InvalidOperationException($"The page has no form with a token: {page.Status} {page.Location} {page.Body[..Math.Min(300, page.Body.Length)]}");
        var sent = new List<KeyValuePair<string, string>> { new("__RequestVerificationToken", token) };
        foreach (var input in form?.QuerySelectorAll("input,select,textarea") ?? Enumerable.Empty<IElement>())
        {
            if (input.GetAttribute("name") is not { Length: > 0 } name || name == "__RequestVerificationToken" || fields.Any(f => f.Name == name) || input.HasAttribute("disabled")) continue;
            switch (input)
            {
                case IHtmlInputElement { Type: "file" or "submit" or "button" }: break;
                case IHtmlInputElement { Type: "checkbox" or "radio" } box: if (box.IsChecked) sent.Add(new(name, box.Value)); break;
                case IHtmlInputElement other: sent.Add(new(name, other.Value)); break;
                case IHtmlSelectElement select: if (select.Value is { } chosen) sent.Add(new(name, chosen)); break;
                case IHtmlTextAreaElement area: sent.Add(new(name, area.Value)); break;
            }
        }
        foreach (var (name, value) in fields) if (value is not null) sent.Add(new(name, value));
        return sent;
    }

    static async Task<Seen> Read(HttpResponseMessage answer) =>
        new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString, answer);
}
