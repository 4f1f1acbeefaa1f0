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
        else await db.Database.ExecuteSqlRawAsync("INSERT INTO \"CaseSearch\" (\"CaseId\", \"Words\") VALUES ({0}, array_to_tsvector({1})) ON CONFLICT (\"CaseId\") DO UPDATE SET \"Words\" = EXCLUDED.\"Words\"", caseId, words);
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

    /// <summary>SQL that yields <c>"CaseId"</c> of matching cases, with its parameter; to stand inside of the query that applies visibility.</summary>
    public static (string Sql, object Parameter) Matching(Database db, Question question)
    {
        if (db.IsSqlite)
        {
            var match = string.Join(" AND ", question.Words.Select(w => $"\"{w}\"").Concat(question.Prefixes.Select(p => $"\"{p}\"*")));
            return ("SELECT rowid AS \"CaseId\" FROM \"CaseSearch\" WHERE \"CaseSearch\" MATCH @asked", new SqliteParameter("@asked", match));
        }
        var query = string.Join(" & ", question.Words.Select(w => $"'{w}'").Concat(question.Prefixes.Select(p => $"'{p}':*")));
        return ("SELECT \"CaseId\" FROM \"CaseSearch\" WHERE \"Words\" @@ CAST(@asked AS tsquery)", new NpgsqlParameter("@asked", NpgsqlTypes.NpgsqlDbType.Text) { Value = query });
    }
}
