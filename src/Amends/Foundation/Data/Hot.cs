namespace Amends.Foundation.Data;

/// <summary>
/// A query that every page or every mail asks, read by EF once and not at each call: that reading costs as much as the small statements themselves. Compiled
/// apart for each of the two models, since EF refuses one compiled query on both.
/// </summary>
/// <param name="compile">Answers <c>EF.CompileAsyncQuery(…)</c>.</param>
sealed class Hot<T>(Func<T> compile) where T : Delegate
{
    readonly Lazy<T> onSqlite = new(compile), onPostgres = new(compile);

    /// <summary>The query for this database.</summary>
    public T On(Database db) => db.IsSqlite ? onSqlite.Value : onPostgres.Value;
}
