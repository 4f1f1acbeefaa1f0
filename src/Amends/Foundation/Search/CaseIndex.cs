using Amends.Foundation.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Amends.Foundation.Search;

/// <summary>One found case.</summary>
public sealed class Hit
{
    public long CaseId { get; set; }
}

/// <summary>What a person asked for: words that must all occur, the last one also as a beginning.</summary>
/// <param name="Words">Whole words.</param>
/// <param name="Prefixes">Beginnings of words.</param>
public sealed record Question(IReadOnlyList<string> Words, IReadOnlyList<string> Prefixes)
{
    /// <summary>True when nothing is asked.</summary>
    public bool IsEmpty => Words.Count == 0 && Prefixes.Count == 0;

    /// <summary>Reads what was typed. At most 12 words count. Syntax of the databases has no meaning here: all else is space.</summary>
    public static Question Read(string? typed)
    {
        var all = Tokens.Of(typed is { Length: > 400 } ? typed[..400] : typed).Distinct().Take(12).ToList();
        if (all.Count == 0) return new([], []);
        var open = typed!.Length > 0 && (char.IsLetterOrDigit(typed[^1]) || typed[^1] == '*' || char.IsSurrogate(typed[^1]) || char.GetUnicodeCategory(typed[^1]) == System.Globalization.UnicodeCategory.NonSpacingMark);
        return open ? new(all[..^1], [all[^1]]) : new(all, []);
    }
}

/// <summary>The search index over cases, one row each: FTS5 on SQLite, tsvector with GIN on PostgreSQL.</summary>
public static class CaseIndex
{
    /// <summary>Writes a case's row, in the transaction of the change.</summary>
    /// <param name="texts">Subject, names, what customer and we wrote, names of files, fields, notes.</param>
    public static async Task Write(Database db, long caseId, IEnumerable<string?> texts)
    {
        var words = Unique(texts);
        if (db.IsSqlite) await db.Database.ExecuteSqlRawAsync("INSERT OR REPLACE INTO \"CaseSearch\" (rowid, words) VALUES ({0}, {1})", caseId, string.Join(' ', words));
        else await db.Database.ExecuteSqlRawAsync("INSERT INTO \"CaseSearch\" (\"CaseId\", \"Words\", \"Stands\") VALUES ({0}, array_to_tsvector({1}), COALESCE((SELECT c.\"MergedInto\" IS NULL AND c.\"DeletedAt\" IS NULL FROM \"Case\" AS c WHERE c.\"Id\" = {0}), TRUE)) ON CONFLICT (\"CaseId\") DO UPDATE SET \"Words\" = EXCLUDED.\"Words\", \"Stands\" = EXCLUDED.\"Stands\"", caseId, words);
    }

    /// <summary>Writes the rows of cases that this write has made, at once.</summary>
    public static async Task WriteNew(Database db, IReadOnlyList<(long Case, IEnumerable<string?> Texts)> cases)
    {
        if (cases.Count == 0) return;
        var values = new List<object>(cases.Count * 2);
        foreach (var (id, texts) in cases)
        {
            var words = Unique(texts);
            values.Add(id);
            values.Add(db.IsSqlite ? string.Join(' ', words) : words);
        }
        string Rows(string pattern) => string.Join(", ", Enumerable.Range(0, cases.Count).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, 2 * i, 2 * i + 1)));
        var sql = db.IsSqlite ? "INSERT OR REPLACE INTO \"CaseSearch\" (rowid, words) VALUES " + Rows("({{{0}}}, {{{1}}})")
            : "INSERT INTO \"CaseSearch\" (\"CaseId\", \"Words\", \"Stands\") VALUES " + Rows("({{{0}}}, array_to_tsvector({{{1}}}), TRUE)");
        await db.Database.ExecuteSqlAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql, [.. values]));
    }

    // Each word once: positions are not used, and the index stays small.
    // So many letters at most, the first ones: PostgreSQL takes one megabyte a row, and nobody searches for the end of a log file.
    static string[] Unique(IEnumerable<string?> texts)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var room = MostBytes;
        foreach (var word in texts.SelectMany(Tokens.Of))
        {
            if (!words.Add(word)) continue;
            room -= System.Text.Encoding.UTF8.GetByteCount(word) + 4;
            if (room < 0) break;
        }
        return [.. words];
    }

    const int MostBytes = 480_000;

    /// <summary>SQL that yields <c>"CaseId"</c> of matching cases, with its parameter; to stand inside of the query that applies visibility. On PostgreSQL only of cases that stand: neither deleted nor merged away.</summary>
    public static (string Sql, object Parameter) Matching(Database db, Question question)
    {
        if (db.IsSqlite)
        {
            var match = string.Join(" AND ", question.Words.Select(w => $"\"{w}\"").Concat(question.Prefixes.Select(p => $"\"{p}\"*")));
            return ("SELECT rowid AS \"CaseId\" FROM \"CaseSearch\" WHERE \"CaseSearch\" MATCH @asked", new SqliteParameter("@asked", match));
        }
        return ("SELECT \"CaseId\" FROM \"CaseSearch\" WHERE \"Stands\" AND \"Words\" @@ CAST(@asked AS tsquery)", Asked(question));
    }

    /// <summary>The same on PostgreSQL, among the latest cases under <c>@before</c> alone: read from the newest on, without the index of words.</summary>
    public static (string Sql, object Parameter) MatchingLatest(Question question) =>
        ($"SELECT \"CaseId\" FROM (SELECT \"CaseId\", \"Words\" FROM \"CaseSearch\" WHERE \"Stands\" AND \"CaseId\" < @before ORDER BY \"CaseId\" DESC LIMIT {Latest}) AS l WHERE \"Words\" @@ CAST(@asked AS tsquery)", Asked(question));

    // Of 100,000 cases these hold a page of whatever stands in two of a hundred.
    const int Latest = 3000;

    static NpgsqlParameter Asked(Question question) => new("@asked", NpgsqlTypes.NpgsqlDbType.Text)
    {
        Value = string.Join(" & ", question.Words.Select(w => $"'{w}'").Concat(question.Prefixes.Select(p => $"'{p}':*")))
    };
}
