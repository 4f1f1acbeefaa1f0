using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Amends.Tests.Abuse;

/// <summary>One answer of a crawl.</summary>
sealed record Found(string Address, int Status, string Type, string Body, HttpResponseMessage Answer)
{
    public bool IsPage => Type == "text/html";

    IHtmlDocument? document;
    public IHtmlDocument Document => document ??= new HtmlParser().ParseDocument(Body);
}

/// <summary>Follows every address that pages name: links, frames, pictures, parts that scripts fetch, forms by GET.</summary>
static class Crawl
{
    static readonly string[] Attributes = ["href", "src", "hx-get", "data-src", "data-href", "data-url", "data-get", "data-refresh"];

    // An open line of hints never ends; pages that only say that we leave are no pages.
    static bool Skip(string address) => address.StartsWith("/live", StringComparison.Ordinal) || address.StartsWith("/lib/", StringComparison.Ordinal)
        || address.Split('?')[0].EndsWith(".js", StringComparison.Ordinal) || address.Split('?')[0].EndsWith(".css", StringComparison.Ordinal) || address.Split('?')[0].EndsWith(".svg", StringComparison.Ordinal);

    /// <summary>Crawls from these addresses; at most so many answers.</summary>
    public static async Task<List<Found>> From(HttpClient client, IEnumerable<string> starts, int most = 800)
    {
        var (queue, known, found) = (new Queue<string>(), new HashSet<string>(StringComparer.Ordinal), new List<Found>());
        void Add(string? address)
        {
            if (address is null || !address.StartsWith('/') || address.StartsWith("//", StringComparison.Ordinal)) return;
            var plain = address.Split('#')[0];
            if (!Skip(plain) && known.Add(plain)) queue.Enqueue(plain);
        }
        foreach (var start in starts) Add(start);
        while (queue.Count > 0 && found.Count < most)
        {
            var one = await Get(client, queue.Dequeue());
            found.Add(one);
            Add(one.Answer.Headers.Location?.OriginalString);
            if (!one.IsPage) continue;
            foreach (var element in one.Document.All)
            {
                foreach (var name in Attributes) Add(element.GetAttribute(name));
                if (element is IHtmlFormElement form && form.GetAttribute("method") is null or "get") Add(element.GetAttribute("action"));
            }
        }
        return found;
    }

    public static async Task<Found> Get(HttpClient client, string address)
    {
        var answer = await client.GetAsync(address);
        return new(address, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(), answer);
    }
}
