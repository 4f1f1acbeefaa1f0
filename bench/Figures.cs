using System.Globalization;
using System.Text.Json;
using Amends.Foundation.Data;
using Spectre.Console;

namespace Amends.Bench;

/// <summary>What stands behind a command: words, and options with a value.</summary>
sealed class Asked(string[] args)
{
    /// <summary>The words that are no options.</summary>
    public IReadOnlyList<string> Words { get; } = [.. args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal) || args[i - 1] is "--json" or "--misses"))];

    /// <summary>Lines of JSON instead of a table.</summary>
    public bool Json => args.Contains("--json");

    /// <summary>What was wrong is listed. Only where it is asked for: who mends the rules must be able to measure texts without reading them.</summary>
    public bool Misses => args.Contains("--misses");

    /// <summary>The value of an option, or null.</summary>
    public string? Option(string name) => Array.IndexOf(args, "--" + name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    /// <summary>Where the house lies.</summary>
    public DataPlace Place => new(Path.GetFullPath(Option("data") ?? "bench-data"), Option("database"));
}

/// <summary>The figures of a run: a table for people, or a line of JSON each.</summary>
sealed class Figures(string bench, string data, bool json)
{
    readonly List<(string Measure, double Value, string Unit, double? Bar, bool Holds)> all = [];

    /// <summary>Notes a figure.</summary>
    /// <param name="bar">What it is held against, or null.</param>
    /// <param name="atLeast">True where more is better.</param>
    public void Say(string measure, double value, string unit, double? bar = null, bool atLeast = false)
    {
        var holds = bar is not { } limit || (atLeast ? value >= limit : value <= limit);
        all.Add((measure, value, unit, bar, holds));
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { bench, data, measure, value = Math.Round(value, 2), unit, bar, holds }));
    }

    /// <summary>Prints the table; 0 when all bars hold, else 1.</summary>
    public int End()
    {
        if (!json)
        {
            var table = new Table().Border(TableBorder.Simple).Title($"{bench}, {data}").AddColumn("measure").AddColumn(new TableColumn("value").RightAligned()).AddColumn("unit").AddColumn(new TableColumn("bar").RightAligned()).AddColumn("");
            foreach (var (measure, value, unit, bar, holds) in all)
                table.AddRow(measure.EscapeMarkup(), value.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture), unit, bar?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "", bar is null ? "" : holds ? "[green]holds[/]" : "[red]over[/]");
            AnsiConsole.Write(table);
        }
        return all.TrueForAll(one => one.Holds) ? 0 : 1;
    }

    /// <summary>The value below which a share of the sorted values lies.</summary>
    public static double Percentile(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
