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

    // Taken outside of the transaction's snapshot, so that writers do not wait for each other; a rolled-back write leaves a gap.
    internal static Task<long> NextOnPostgres(Database db, string name) => name.All(char.IsAsciiLetterLower)
        ? db.Database.SqlQueryRaw<long>("SELECT nextval(CAST({0} AS regclass)) AS \"Value\"", "seq_" + name).SingleAsync()
        : throw new ArgumentException("A sequence is named in letters.", nameof(name));
}
