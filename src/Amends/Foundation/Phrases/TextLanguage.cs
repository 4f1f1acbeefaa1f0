namespace Amends.Foundation.Phrases;

/// <summary>Finds the language of a short text among those in which the house reads phrases: English, German, Spanish, French.</summary>
static class TextLanguage
{
    const int Read = 400;

    // How much clearer the first must be than the second.
    const double Margin = 1.2;

    static readonly (Dictionary<string, (int[] Languages, double Weight)> Words, Dictionary<char, int[]> Letters, string[] Names) table = Table();

    /// <summary>The two letters of the languages that can be answered.</summary>
    public static IReadOnlyList<string> All { get; } = [.. table.Names.Where(name => name[0] != '-')];

    /// <summary>The language of a text in two letters; null where it is another one, or cannot be told. Looks at the first 400 words.</summary>
    public static string? Guess(string text) => Guess(PhraseText.Read(text.Length > Read * 20 ? text[..(Read * 20)] : text));

    /// <summary>The same, for a text that is read already.</summary>
    public static string? Guess(PhraseText text)
    {
        var scores = new double[table.Names.Length];
        foreach (var word in text.Words.Take(Read))
        {
            if (table.Words.TryGetValue(word.Folded, out var its))
                foreach (var language in its.Languages)
                    scores[language] += its.Weight;
            // Letters that few languages have; the signs before a Spanish question stand beside a word.
            var from = Math.Max(0, word.Start - 1);
            foreach (var c in text.Text.AsSpan(from, word.Start + word.Length - from))
                if (table.Letters.TryGetValue(char.ToLowerInvariant(c), out var owners))
                    foreach (var language in owners)
                        scores[language] += 0.5 / owners.Length;
        }
        var best = Array.IndexOf(scores, scores.Max());
        var second = scores.Where((_, i) => i != best).Max();
        return scores[best] >= 0.4 && scores[best] > second * Margin && table.Names[best][0] != '-' ? table.Names[best] : null;
    }

    static (Dictionary<string, (int[], double)>, Dictionary<char, int[]>, string[]) Table()
    {
        var lines = PhraseBook.LinesOf("languages.txt").Where(line => line.Length > 0 && line[0] != '#').ToList();
        var names = lines.Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':')[0]).ToArray();
        var words = lines.Where(line => line.Contains(':', StringComparison.Ordinal)).SelectMany(line => line.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Word: PhraseText.Fold(word), Language: Array.IndexOf(names, line.Split(':')[0])))).Distinct()
            .GroupBy(one => one.Word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (group.Select(one => one.Language).ToArray(), 1.0 / group.Count()), StringComparer.Ordinal);
        var letters = lines.Where(line => line.Contains('~', StringComparison.Ordinal)).SelectMany(line => line.Split('~')[1].Trim().Select(letter => (Letter: letter, Language: Array.IndexOf(names, line.Split('~')[0]))))
            .GroupBy(one => one.Letter).ToDictionary(group => group.Key, group => group.Select(one => one.Language).ToArray());
        return (words, letters, names);
    }
}
