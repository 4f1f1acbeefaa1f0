using System.Linq.Expressions;

namespace Amends.Foundation.Data;

/// <summary>Rows of one of a few: of a case and what was merged into it, which is mostly nothing.</summary>
static class OneOfFew
{
    /// <summary>
    /// Where the column is one of the ids. A single id is compared as such: PostgreSQL keeps the plan of that, and plans anew, at the cost of the statement
    /// itself, for each array.
    /// </summary>
    public static IQueryable<T> Of<T>(this IQueryable<T> rows, IReadOnlyList<long> ids, Expression<Func<T, long>> column)
    {
        // A field of an object, not a constant: EF then makes a parameter of it.
        var kept = Expression.Constant(new Kept(ids.Count == 1 ? ids[0] : 0, [.. ids]));
        Expression isOne = ids.Count == 1
            ? Expression.Equal(column.Body, Expression.Field(kept, nameof(Kept.One)))
            : Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(long)], Expression.Field(kept, nameof(Kept.All)), column.Body);
        return rows.Where(Expression.Lambda<Func<T, bool>>(isOne, column.Parameters));
    }

    sealed class Kept(long one, List<long> all)
    {
        public readonly long One = one;
        public readonly List<long> All = all;
    }
}
