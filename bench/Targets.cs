using System.Diagnostics;
using System.Text.Json;
using Amends.Foundation;

namespace Amends.Bench;

/// <summary>Holds working time against rows of others: deadlines, time worked, openings and closings; and measures how many answers a second one core gives.</summary>
static class TargetsBench
{
    const int Rounds = 5;
    const int Answers = 1_000_000;

    /// <summary>"targets PATH [--json]": PATH is a file of rows, or a folder with some. A row has "op" (due, elapsed, is_open, next_open, next_close), "time_zone", "always_open", "week", "holidays", "special_days", "pauses", "start", "seconds" or "end", and "expect".
    /// 0 when all but the disputed are exact and the bars of speed hold, 1 when not, 2 for a wrong call.</summary>
    public static int Run(Asked asked)
    {
        if (asked.Words is not [var path, ..] || !Directory.Exists(path) && !File.Exists(path))
        {
            Console.Error.WriteLine("targets PATH [--json]: PATH is a file of rows, or a folder with some.");
            return 2;
        }
        int all = 0, exact = 0, disputed = 0, agreed = 0;
        var askings = new List<TargetRows.Asking>();
        foreach (var row in File.Exists(path) ? File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement) : Rows.Under(path).Select(found => found.Row))
        {
            var open = row.TryGetProperty("disputed", out _);
            var (right, answer) = TargetRows.Try(row, askings);
            if (open) (disputed, agreed) = (disputed + 1, agreed + (right ? 1 : 0));
            else (all, exact) = (all + 1, exact + (right ? 1 : 0));
            if (!right) Console.Error.WriteLine($"{(open ? "disputed" : "wrong")}: {TargetRows.Text(row, "id")}: {answer}, expected {(row.TryGetProperty("expect", out var expect) ? expect.ToString() : "nothing")}{(open ? $" ({TargetRows.Text(row, "disputed")})" : "")}");
        }
        var figures = new Figures("targets", Path.GetFileName(Path.GetFullPath(path).TrimEnd('/')), asked.Json);
        figures.Say("rows that are not disputed", all, "rows", 1, atLeast: true);
        figures.Say("exact", all == 0 ? 0 : 100.0 * exact / all, "%", 100, atLeast: true);
        figures.Say("disputed rows", disputed, "rows");
        figures.Say("disputed rows as expected", agreed, "rows");
        foreach (var (measure, ask) in new (string, Func<TargetRows.Asking, long>)[]
        {
            ("time added", a => a.Calendar.After(a.From, a.Work, a.Pauses).Ticks),
            ("time between", a => a.Calendar.Between(a.From, a.Until, a.Pauses).Ticks),
            ("10,000 hours added", a => a.Calendar.After(a.From, TimeSpan.FromHours(10_000), a.Pauses).Ticks),
        })
        {
            // Half an hour a week does not reach so far: what is refused is no answer to be counted.
            var answered = askings.Where(a => IsAnswered(a, ask)).ToList();
            if (answered.Count > 0) figures.Say($"{measure}, one core", Speed(answered, ask), "answers/s", 1_000_000, atLeast: true);
        }
        return figures.End();
    }

    static bool IsAnswered(TargetRows.Asking asking, Func<TargetRows.Asking, long> ask)
    {
        try { return ask(asking) >= 0; }
        catch (Refused) { return false; }
    }

    // The median of some rounds, after one that is not counted: it works the years out.
    static double Speed(List<TargetRows.Asking> askings, Func<TargetRows.Asking, long> ask)
    {
        var found = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var (sum, watch) = (0L, Stopwatch.StartNew());
            for (var n = 0; n < Answers;)
                for (var i = 0; i < askings.Count && n < Answers; i++, n++) sum ^= ask(askings[i]);
            if (round > 0) found.Add(Answers / watch.Elapsed.TotalSeconds);
            GC.KeepAlive(sum);
        }
        found.Sort();
        return found[found.Count / 2];
    }
}
