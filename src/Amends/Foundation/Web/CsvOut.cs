using System.Globalization;
using System.Text;
using CsvHelper;

namespace Amends.Foundation.Web;

/// <summary>One column of an export: its heading, and how a row fills it.</summary>
public sealed record CsvColumn<T>(string Heading, Func<T, object?> Value);

/// <summary>
/// Writes CSV (RFC 4180) row by row, so that an export has no cap and needs no memory. Text that a spreadsheet would run as a formula is made inert;
/// numbers that come as numbers are left alone, also negative ones.
/// </summary>
public static class CsvOut
{
    /// <summary>Instants are written in UTC (ISO 8601), decimals with a point, truth as true and false, all else by its text.</summary>
    /// <param name="to">Left open.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="rows">Taken one after another.</param>
    /// <param name="mark">A byte order mark in front: without it, Excel reads UTF-8 wrongly.</param>
    /// <param name="cancel">Stops between two rows.</param>
    /// <returns>How many rows were written, without the headings.</returns>
    public static async Task<long> Write<T>(Stream to, IReadOnlyList<CsvColumn<T>> columns, IAsyncEnumerable<T> rows, bool mark, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        await using var csv = CsvWriter.Create(to, Options with { WriteByteOrderMark = mark }, leaveOpen: true);
        foreach (var column in columns)
            csv.WriteField(Inert(column.Heading));
        await csv.EndRecordAsync(cancel);
        long count = 0;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            foreach (var column in columns)
                csv.WriteField(Cell(column.Value(row)));
            await csv.EndRecordAsync(cancel);
            count++;
        }
        await csv.FlushAsync(cancel);
        return count;
    }

    // The library's own guard looks at the first character of plain signs only; ours is wider and does its work before.
    static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { Injection = CsvInjection.None };

    /// <summary>
    /// The text with an apostrophe where a cell would begin as a formula: in front, and after a separator or line end within it, since a
    /// spreadsheet may split at another separator than the one it was written with. Nothing else is changed.
    /// </summary>
    public static string Inert(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        StringBuilder? guarded = null;
        var start = true;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (start && (IsTrigger(c) || (i == 0 && c is '\t' or '\r' or '\n')))
            {
                guarded ??= new StringBuilder(text, 0, i, text.Length + 8);
                guarded.Append('\'');
                start = false;
            }
            // Spaces, quotes and what cannot be seen do not keep a spreadsheet from finding the sign behind them.
            start = c is ',' or ';' or '|' or '\t' or '\r' or '\n'
                || (start && (c is '"' || char.IsWhiteSpace(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control));
            guarded?.Append(c);
        }
        return guarded?.ToString() ?? text;
    }

    // Also the full-width and small forms, which some programs fold to the plain ones, and the real minus sign.
    static bool IsTrigger(char c) => c is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' or '\uFE66' or '\uFE62' or '\uFE63' or '\uFE6B' or '\u2212';

    static string Cell(object? value) => value switch
    {
        null => "",
        string text => Inert(text),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal or double or float => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        IFormattable other => Inert(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => Inert(value.ToString()),
    };
}
