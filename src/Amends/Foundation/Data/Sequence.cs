using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Data;

/// <summary>The next number of a named sequence on SQLite, where one writer makes it safe. PostgreSQL has its own sequences.</summary>
public sealed class Sequence
{
    public required string Name { get; set; }
    public long Next { get; set; }
}

/// <summary>Numbers for people (case numbers): unique, rising, gaps allowed.</summary>
public static class Sequences
{
    const string Mark = "Amends:Sequence:";

    /// <summary>Declares a sequence; its name is in lower-case letters.</summary>
    public static void NumberSequence(this ModelBuilder model, string name, long first) => model.Model.SetAnnotation(Mark + name, first);

    internal static void MakeOn(ModelBuilder model, bool sqlite)
    {
        foreach (var mark in model.Model.GetAnnotations().Where(a => a.Name.StartsWith(Mark, StringComparison.Ordinal)).ToList())
        {
            model.Model.RemoveAnnotation(mark.Name);
            if (!sqlite) model.HasSequence<long>("seq_" + mark.Name[Mark.Length..]).StartsAt((long)mark.Value!);
        }
    }

    /// <summary>Numbers that were drawn at once.</summary>
    internal sealed class Drawn(string name, IEnumerable<long> numbers)
    {
        readonly Queue<long> left = new(numbers);

        /// <summary>The next of them; null where there are no more, or for another sequence.</summary>
        public long? Next(string asked) => asked == name && left.TryDequeue(out var number) ? number : null;
    }

    /// <summary>Draws numbers at once where each would be a way to the server and back; those that are not used are gaps.</summary>
    internal static async Task DrawAhead(Database db, string name, int count)
    {
        // (On SQLite the row is at hand after the first.)
        if (db.IsSqlite) return;
        var numbers = await db.Database.SqlQueryRaw<long>("SELECT nextval(CAST({0} AS regclass)) AS \"Value\" FROM generate_series(1, {1})", SequenceOf(name), count).ToListAsync();
        db.KeepAhead(new Drawn(name, numbers.Order()));
    }

    static string SequenceOf(string name) => name.All(char.IsAsciiLetterLower) ? "seq_" + name : throw new ArgumentException("A sequence is named in letters.", nameof(name));

    // Taken outside of the transaction's snapshot, so that writers do not wait for each other; a rolled-back write leaves a gap.
    internal static Task<long> NextOnPostgres(Database db, string name) =>
        db.Database.SqlQueryRaw<long>("SELECT nextval(CAST({0} AS regclass)) AS \"Value\"", SequenceOf(name)).SingleAsync();
}
