namespace Amends.Cases;

/// <summary>How well an entry serves the next colleague who opens it, from 0 to 100, and what would raise it. Computed while resolving, shown to who writes it and to nobody else, kept nowhere.</summary>
/// <param name="Score">Of 100.</param>
/// <param name="Raises">What is missing, as sentences, the heaviest first; at most three.</param>
public sealed record EntryQuality(int Score, IReadOnlyList<string> Raises)
{
    // A sentence that says what was done, not "done".
    const int FullSummary = 60;

    /// <summary>Judges an entry.</summary>
    /// <param name="customer">The customer's name; an address where none is known.</param>
    /// <param name="summary">What was done, as it stands in the form.</param>
    public static EntryQuality Of(Case one, string customer, string? summary)
    {
        summary = summary?.Trim() ?? "";
        var subject = one.Subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        (int Weight, bool There, Func<string> Says)[] parts =
        [
            (30, summary.Length > 0, () => Words.EntrySummary),
            (20, summary.Length >= FullSummary && !summary.Equals(one.Subject, StringComparison.OrdinalIgnoreCase), () => Words.EntrySummaryShort),
            (20, one.Tags.Count > 0, () => Words.EntryTags),
            (20, subject.Length >= 3 || one.Subject.Length >= 15, () => Words.EntrySubject),
            (10, customer.Length > 0 && !customer.Contains('@', StringComparison.Ordinal), () => Words.EntryName),
        ];
        // Who has written nothing is not told that it is short.
        return new(parts.Sum(p => p.There ? p.Weight : 0), [.. parts.Where((p, i) => !p.There && !(i == 1 && summary.Length == 0)).Take(3).Select(p => p.Says())]);
    }
}

/// <summary>The score as a piece of the sheet.</summary>
/// <param name="Path">Of the case.</param>
public sealed record EntryScoreModel(string Path, EntryQuality Entry);
