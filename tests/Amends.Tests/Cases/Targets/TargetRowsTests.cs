using System.Text.Json;
using Amends.Bench;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases.Targets;

/// <summary>What five other programs say about working time.</summary>
public class TargetRowsTests
{
    [Fact]
    public void Every_row_but_the_disputed_is_exact()
    {
        var rows = File.ReadLines(Corpora.Need("sla-calendar", "rows.jsonl")).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var certain = rows.Where(row => !row.TryGetProperty("disputed", out _)).ToList();
        certain.Count.ShouldBeGreaterThan(80);
        certain.Select(row => (Id: TargetRows.Text(row, "id"), Found: TargetRows.Try(row, []))).Where(one => !one.Found.Right).Select(one => $"{one.Id}: {one.Found.Answer}").ShouldBeEmpty();
    }

    [Fact]
    public void A_row_with_another_answer_is_wrong()
    {
        // So that the reader of rows cannot agree with everything.
        foreach (var expect in new[] { "\"2026-11-23T12:00:01+00:00\"", "4", "true", "null", "{\"error\": \"\"}", "\"2026-11-23T12:00:00+00:00\"" })
        {
            var row = JsonDocument.Parse($$$"""{"op": "due", "time_zone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "holidays": [], "start": "2026-11-23T08:00:00+00:00", "seconds": 10800, "expect": {{{expect}}}}""").RootElement;
            TargetRows.Try(row, []).Right.ShouldBe(expect.Contains("12:00:00", StringComparison.Ordinal), expect);
        }
    }
}
