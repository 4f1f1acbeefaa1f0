using System.Text;
using System.Text.Json;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using CsvHelper;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation.Web;

public class CsvOutTests
{
    sealed record Row(string? Text, object? Other);

    static async Task<string> Write(bool mark, params Row[] rows)
    {
        using var to = new MemoryStream();
        await CsvOut.Write(to, [new("=Text", row => row.Text), new CsvColumn<Row>("Other", row => row.Other)], rows.ToAsyncEnumerable(), mark, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(to.ToArray());
    }

    static List<string> FirstCells(string csv)
    {
        var cells = new List<string>();
        using var reader = CsvReader.Create(Encoding.UTF8.GetBytes(csv), CsvReaderOptions.Default);
        while (reader.Read())
            cells.Add(reader.GetString(0));
        return cells;
    }

    static readonly string[] Tricks =
    [
        "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uFF1D1+1", "\uFF0B1", "\uFF0D1", "\uFF201", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\"=1", " \" =1",
        "a;=1+1", "a,=cmd|' /C calc'!A0", "a\t=1", "a\n=1", "a\r\n=1", "a|=1", "a;\"=1\"", "a; =1", "\0=1", "\u2212" + "1",
    ];

    [Fact]
    public async Task A41_no_cell_begins_as_a_formula_and_the_text_stays()
    {
        var published = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Corpora.Need("csv-injection", "payloads.json")))!;
        published.Length.ShouldBe(20);
        string[] all = [.. Tricks, .. published, .. published.Select(text => "a;" + text)];
        var cells = FirstCells(await Write(false, [.. all.Select(text => new Row(text, 1))]));
        cells.Count.ShouldBe(all.Length);
        foreach (var (cell, text) in cells.Zip(all))
        {
            // Split at whatever a spreadsheet may split at: no piece may begin with a sign.
            foreach (var piece in cell.Split(',', ';', '\t', '\r', '\n', '|'))
                piece.TrimStart(' ', '"', '\u00a0', '\u200b', '\ufeff', '\0').FirstOrDefault('x').ShouldNotBeOneOf('=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20', '\u2212');
            cell[0].ShouldNotBeOneOf('\t', '\r', '\n');
            // Nothing but apostrophes came in.
            cell.Replace("'", "", StringComparison.Ordinal).ShouldBe(text.Replace("'", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A41_headings_are_guarded_too() => (await Write(false)).ShouldBe("'=Text,Other\r\n");

    [Fact]
    public async Task Numbers_and_ordinary_words_are_left_alone()
    {
        var text = await Write(false,
            new("Grüße, \"Ann\"\nLine two", -5L), new("a-b = c@d.example", -1.5m), new("x + y", 2.5), new(null, null), new("", true),
            new("when", new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.FromHours(1))));
        text.ShouldBe("'=Text,Other\r\n\"Grüße, \"\"Ann\"\"\nLine two\",-5\r\na-b = c@d.example,-1.5\r\nx + y,2.5\r\n,\r\n,true\r\nwhen,2026-03-12T09:00:00Z\r\n");
    }

    [Fact]
    public async Task The_byte_order_mark_is_there_when_asked_for()
    {
        (await Write(true))[0].ShouldBe('\ufeff');
        (await Write(false))[0].ShouldBe('\'');
    }

    [Fact]
    public async Task A_long_export_is_written_while_it_is_read()
    {
        var to = new MemoryStream();
        var seen = 0L;
        async IAsyncEnumerable<Row> Rows()
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (i == 19_999)
                    seen = to.Length;
                await Task.Yield();
                yield return new(new string('x', 100), i);
            }
        }
        (await CsvOut.Write(to, [new CsvColumn<Row>("Text", row => row.Text)], Rows(), mark: false, TestContext.Current.CancellationToken)).ShouldBe(20_000);
        seen.ShouldBeGreaterThan(1_900_000);
    }

    [Fact]
    public async Task Naughty_strings_come_back_with_apostrophes_at_most()
    {
        var all = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Corpora.Need("naughty-strings", "blns.json")))!;
        var cells = FirstCells(await Write(false, [.. all.Select(text => new Row(text, 1))]));
        cells.Select(cell => cell.Replace("'", "", StringComparison.Ordinal)).ShouldBe(all.Select(text => text.Replace("'", "", StringComparison.Ordinal)));
    }
}
