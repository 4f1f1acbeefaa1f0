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

    /// <summary>A page of ids, newest first, and how many there are in all: exactly up to <see cref="CountTo"/>, one more than that when there are more.</summary>
    /// <param name="before">Ids under this one; <see cref="long.MaxValue"/> for the first page.</param>
    [HotQuery]
    public static async Task<(List<long> Ids, int Count)> Find(Database db, Who who, Question question, long before, int size)
    {
        if (question.IsEmpty) return ([], 0);
        // SQLite's index gives its hits newest first. PostgreSQL would have to read them all to put them in order: a thousand are quick to have, and enough to
        // know whether these are all.
        var some = await Ids(db, who, question, Hits.Any, db.IsSqlite ? Newest : "", long.MaxValue, CountTo + 1);
        if (some.Count <= CountTo || (db.IsSqlite && before == long.MaxValue)) return ([.. some.Where(id => id < before).OrderDescending().Take(size)], some.Count);
        return (await OfMany(db, who, question, before, size), some.Count);
    }

    /// <summary>The newest ids, for those who pick one.</summary>
    [HotQuery]
    public static async Task<List<long>> First(Database db, Who who, Question question, int size) =>
        question.IsEmpty ? [] : db.IsSqlite ? await Ids(db, who, question, Hits.Any, Newest, long.MaxValue, size) : (await Find(db, who, question, long.MaxValue, size)).Ids;

    // A page of very many. On PostgreSQL such words mostly stand among the latest cases, which are looked through before all hits are put in order.
    [HotQuery]
    static async Task<List<long>> OfMany(Database db, Who who, Question question, long before, int size)
    {
        if (!db.IsSqlite && await Ids(db, who, question, Hits.Latest, Newest, before, size) is { } latest && latest.Count == size) return latest;
        return await Ids(db, who, question, Hits.Any, Newest, before, size);
    }

    enum Hits { Any, Latest }

    const string Newest = "ORDER BY h.\"CaseId\" DESC";

    [HotQuery]
    static async Task<List<long>> Ids(Database db, Who who, Question question, Hits hits, string order, long before, int size)
    {
        var (matching, asked) = hits == Hits.Latest ? CaseIndex.MatchingLatest(question) : CaseIndex.Matching(db, question);
        var (rule, parameters) = Visibility.Sql(db, who);
        // PostgreSQL's index knows itself which cases stand, and who sees all needs no look at the case. CROSS JOIN tells SQLite to begin with the index, whose
        // order is that of the ids.
        var seen = db.IsSqlite ? $" CROSS JOIN \"Case\" AS c ON c.\"Id\" = h.\"CaseId\" AND c.\"MergedInto\" IS NULL AND c.\"DeletedAt\" IS NULL{(rule is null ? "" : " AND " + rule)}"
            : rule is null ? "" : $" JOIN \"Case\" AS c ON c.\"Id\" = h.\"CaseId\" AND {rule}";
        return await db.Set<Hit>().FromSqlRaw($"SELECT h.\"CaseId\" FROM ({matching}) AS h{seen} WHERE h.\"CaseId\" < @before {order} LIMIT @size",
            [asked, .. parameters, P(db, "@before", before), P(db, "@size", size)]).Select(h => h.CaseId).ToListAsync();
    }

    static object P(Database db, string name, long value) => db.IsSqlite ? new Microsoft.Data.Sqlite.SqliteParameter(name, value) : new Npgsql.NpgsqlParameter(name, value);
}
