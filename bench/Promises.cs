using System.Text.Json;
using Amends.Promises;
using Amends.Promises.Finding;
using NodaTime;
using NodaTime.Text;

namespace Amends.Bench;

/// <summary>Holds the promises that are found in texts against those that people labelled, per language.</summary>
static class PromisesBench
{
    static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>"promises PATH [--json] [--misses]": PATH is a file of JSON lines or a folder of such. 0 when the bars hold in each language, 1 when one does not, 2 for a wrong call.</summary>
    public static int Run(Asked asked)
    {
        if (asked.Words is not [var path, ..] || !File.Exists(path) && !Directory.Exists(path))
        {
            Console.Error.WriteLine("promises PATH [--json] [--misses]: PATH is a file of JSON lines {\"id\",\"lang\",\"text\",\"sent\",\"zone\",\"hours\",\"holidays\",\"promises\":[{\"kind\",\"due\",\"quote\"}]}, or a folder of such files.");
            return 2;
        }
        var counts = new SortedDictionary<string, Count>(StringComparer.Ordinal) { ["all"] = new() };
        foreach (var file in Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.jsonl").Order(StringComparer.Ordinal)] : (string[])[path])
            foreach (var line in File.ReadLines(file))
            {
                if (string.IsNullOrWhiteSpace(line))
                    continue;
                using var row = JsonDocument.Parse(line);
                Read(row.RootElement, counts, asked.Misses);
            }
        var figures = new Figures("promises", Path.GetFileName(Path.GetFullPath(path).TrimEnd('/')), asked.Json);
        foreach (var (language, count) in counts)
        {
            figures.Say($"{language}: texts", count.Texts, "texts", 1, atLeast: true);
            figures.Say($"{language}: precision, of {count.Found} found", Share(count.Matched, count.Found), "%", 95, atLeast: true);
            figures.Say($"{language}: recall, of {count.Labelled} labelled", Share(count.Matched, count.Labelled), "%", 85, atLeast: true);
            figures.Say($"{language}: date exact, of {count.Matched} matched", Share(count.Dated, count.Matched), "%", 95, atLeast: true);
        }
        return figures.End();
    }

    sealed class Count
    {
        public int Texts, Found, Labelled, Matched, Dated;
    }

    static double Share(int part, int whole) => whole == 0 ? 100 : 100.0 * part / whole;

    static void Read(JsonElement row, SortedDictionary<string, Count> counts, bool misses)
    {
        var text = row.GetProperty("text").GetString()!;
        var language = row.GetProperty("lang").GetString()!;
        var zone = DateTimeZoneProviders.Tzdb[row.GetProperty("zone").GetString()!];
        var holidays = row.TryGetProperty("holidays", out var days) && days.ValueKind == JsonValueKind.Array ? days.EnumerateArray().Select(d => LocalDatePattern.Iso.Parse(d.GetString()!).Value) : [];
        var hours = HousesHours.Read(row.GetProperty("hours").GetString()!, zone, holidays);
        var found = PromiseFinder.Find(text, language, Time(row.GetProperty("sent").GetString()!), hours).Select(f => (f.Kind, f.Due, f.Start, f.Length, f.Reason)).ToList();
        var labelled = row.GetProperty("promises").EnumerateArray().Select(p =>
        {
            var due = p.TryGetProperty("due", out var d) && d.ValueKind == JsonValueKind.String ? Time(d.GetString()!) : (LocalDateTime?)null;
            var quote = p.TryGetProperty("quote", out var q) && q.ValueKind == JsonValueKind.String ? q.GetString()! : "";
            return (Kind: Enum.Parse<PromiseKind>(p.GetProperty("kind").GetString()!, ignoreCase: true), Due: due, Quote: quote, At: quote.Length == 0 ? -1 : text.IndexOf(quote, StringComparison.Ordinal));
        }).ToList();
        int matched = 0, dated = 0;
        // The most alike first: the same kind, then most of the quote in common, then the same moment. One is matched to one.
        var pairs = (from f in Enumerable.Range(0, found.Count)
                     from l in Enumerable.Range(0, labelled.Count)
                     let overlap = labelled[l].At < 0 ? 0 : Math.Max(0, Math.Min(found[f].Start + found[f].Length, labelled[l].At + labelled[l].Quote.Length) - Math.Max(found[f].Start, labelled[l].At))
                     let same = found[f].Due == labelled[l].Due
                     where found[f].Kind == labelled[l].Kind && (overlap > 0 || same)
                     orderby same && overlap > 0 descending, overlap descending, same descending
                     select (f, l, same)).ToList();
        HashSet<int> usedFound = [], usedLabels = [];
        foreach (var (f, l, same) in pairs)
        {
            if (usedFound.Contains(f) || usedLabels.Contains(l))
                continue;
            usedFound.Add(f);
            usedLabels.Add(l);
            matched++;
            if (same)
                dated++;
            else if (misses)
                Say(row, "wrong date", $"{found[f].Due:uuuu-MM-dd'T'HH:mm} for {labelled[l].Due:uuuu-MM-dd'T'HH:mm}", text.Substring(found[f].Start, found[f].Length));
        }
        for (var f = 0; misses && f < found.Count; f++)
            if (!usedFound.Contains(f))
                Say(row, "found, not labelled", $"{found[f].Kind} {found[f].Due:uuuu-MM-dd'T'HH:mm} ({found[f].Reason})", text.Substring(found[f].Start, found[f].Length));
        for (var l = 0; misses && l < labelled.Count; l++)
            if (!usedLabels.Contains(l))
                Say(row, "labelled, not found", $"{labelled[l].Kind} {labelled[l].Due:uuuu-MM-dd'T'HH:mm}", labelled[l].Quote);
        foreach (var name in (string[])["all", language])
        {
            if (!counts.TryGetValue(name, out var count))
                counts[name] = count = new();
            count.Texts++;
            count.Found += found.Count;
            count.Labelled += labelled.Count;
            count.Matched += matched;
            count.Dated += dated;
        }
    }

    static void Say(JsonElement row, string what, string which, string quote) => Console.Error.WriteLine($"{(row.TryGetProperty("id", out var id) ? id.ToString() : "-")}: {what}: {which}: {quote.ReplaceLineEndings(" ")}");

    // To the minute: some write seconds, some an offset.
    static LocalDateTime Time(string said) => Local.Parse(said.Length > 16 ? said[..16] : said).Value;
}
