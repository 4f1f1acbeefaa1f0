using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

// The texts put together here are constants of ours; all that people give is a parameter.
#pragma warning disable EF1002

/// <summary>Finds cases by words: the index and the visibility in one statement, newest first by id.</summary>
static class CaseFinding
{
    /// <summary>Counted to here; beyond it is “more than”.</summary>
    public const int CountTo = 1000;

    /// <summary>Narrows a query to the cases in which the words occur.</summary>
    [HotQuery]
    public static IQueryable<Case> Among(Database db, IQueryable<Case> cases, Question question)
    {
        var (sql, asked) = CaseIndex.Matching(db, question);
        var hits = db.Set<Hit>().FromSqlRaw(sql, asked);
        return cases.Where(c => hits.Any(h => h.CaseId == c.Id));
    }

    /// <summary>A page of ids, newest first.</summary>
    /// <param name="before">Ids under this one; <see cref="long.MaxValue"/> for the first page.</param>
    [HotQuery]
    public static async Task<List<long>> Page(Database db, Who who, Question question, long before, int size)
    {
        if (question.IsEmpty) return [];
        var (from, parameters) = From(db, who, question);
        return await db.Set<Hit>().FromSqlRaw($"SELECT c.\"Id\" AS \"CaseId\" {from} AND h.\"CaseId\" < @before ORDER BY h.\"CaseId\" DESC LIMIT @size",
            [.. parameters, P(db, "@before", before), P(db, "@size", size)]).Select(h => h.CaseId).ToListAsync();
    }

    /// <summary>The first page of ids, newest first, and how many there are as <see cref="Count"/> says it: found at once, since to find costs the most.</summary>
    [HotQuery]
    public static async Task<(List<long> Ids, int Count)> First(Database db, Who who, Question question, int size)
    {
        var found = await Page(db, who, question, long.MaxValue, CountTo + 1);
        return (found[..Math.Min(size, found.Count)], found.Count);
    }

    /// <summary>How many, exactly up to <see cref="CountTo"/>; one more than that when there are more.</summary>
    [HotQuery]
    public static async Task<int> Count(Database db, Who who, Question question)
    {
        if (question.IsEmpty) return 0;
        var (from, parameters) = From(db, who, question);
        return (int)(await db.Set<Hit>().FromSqlRaw($"SELECT COUNT(*) AS \"CaseId\" FROM (SELECT 1 {from} LIMIT {CountTo + 1}) AS found", [.. parameters]).Select(h => h.CaseId).ToListAsync())[0];
    }

    static (string Sql, List<object> Parameters) From(Database db, Who who, Question question)
    {
        var (hits, asked) = CaseIndex.Matching(db, question);
        var (rule, parameters) = Visibility.Sql(db, who);
        // CROSS JOIN tells SQLite to begin with the index, whose order is that of the ids.
        var join = db.IsSqlite ? "CROSS JOIN \"Case\" AS c ON c.\"Id\" = h.\"CaseId\"" : "JOIN \"Case\" AS c ON c.\"Id\" = h.\"CaseId\"";
        return ($"FROM ({hits}) AS h {join} WHERE c.\"MergedInto\" IS NULL AND {rule}", [asked, .. parameters]);
    }

    static object P(Database db, string name, long value) => db.IsSqlite ? new Microsoft.Data.Sqlite.SqliteParameter(name, value) : new Npgsql.NpgsqlParameter(name, value);
}
