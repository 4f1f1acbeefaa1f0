using System.Text.Json;
using Amends.Cases.Phrases;

namespace Amends.Bench;

/// <summary>Holds what is found in short texts against labels: empty apologies, and thanks that say nothing else.</summary>
static class PhrasesBench
{
    /// <summary>"apologies FILE [--json]": rows {"lang","text","empty"}. 0 when the bars hold, 1 when one does not, 2 for a wrong call.</summary>
    public static int Apologies(Asked asked) => Run(asked, "apologies", "empty", 90, (text, language) => Cases.Phrases.Apologies.Read(text, language).IsEmpty);

    /// <summary>"thanks FILE [--json]": rows {"lang","text","thanks_only"}. 0 when the bars hold, 1 when one does not, 2 for a wrong call.</summary>
    public static int Thanks(Asked asked) => Run(asked, "thanks", "thanks_only", 97, Cases.Phrases.Thanks.Only);

    static int Run(Asked asked, string bench, string label, double precise, Func<string, string?, bool> judge)
    {
        if (asked.Words is not [var path, ..] || !File.Exists(path))
        {
            Console.Error.WriteLine($"{bench} FILE [--json] [--misses]: FILE holds rows of {{\"lang\",\"text\",\"{label}\"}}, one a line.");
            return 2;
        }
        List<(string Language, bool Is, bool Found)> all = [];
        foreach (var line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            using var row = JsonDocument.Parse(line);
            var text = row.RootElement.GetProperty("text").GetString() ?? "";
            var language = row.RootElement.TryGetProperty("lang", out var lang) ? lang.GetString() : null;
            var (truth, found) = (row.RootElement.GetProperty(label).GetBoolean(), judge(text, language));
            all.Add((language ?? "?", truth, found));
            if (truth != found && asked.Misses) Console.Error.WriteLine($"{(found ? "wrongly found" : "not found")}: {language} {text.ReplaceLineEndings(" / ")}");
        }
        var figures = new Figures(bench, Path.GetFileName(path), asked.Json);
        figures.Say("rows", all.Count, "rows", 1, atLeast: true);
        foreach (var group in all.GroupBy(row => row.Language).OrderBy(group => group.Key, StringComparer.Ordinal)) Say(figures, group.Key, [.. group], null);
        Say(figures, "all", all, precise);
        return figures.End();
    }

    static void Say(Figures figures, string of, List<(string Language, bool Is, bool Found)> rows, double? precise)
    {
        double both = rows.Count(row => row.Is && row.Found);
        // Nothing found is nothing wrong, and nothing to find is all found.
        double Share(int count) => count == 0 ? 100 : 100 * both / count;
        figures.Say($"{of}: precision", Share(rows.Count(row => row.Found)), "%", precise, atLeast: true);
        figures.Say($"{of}: recall", Share(rows.Count(row => row.Is)), "%", precise is null ? null : 85, atLeast: true);
    }
}
