using System.Globalization;
using System.Text;

namespace Amends.Foundation.Search;

/// <summary>
/// Cuts text into the words that search knows, the same for both databases and for question and answer: compatibility forms folded
/// (NFKD), accents dropped, lower case; runs of letters and digits are words; in Chinese, Japanese and Korean text each pair of
/// neighbours is one. A word is at most 40 characters.
/// </summary>
public static class Tokens
{
    const int Longest = 40;

    /// <summary>The words of a text, in order, with repeats.</summary>
    public static IEnumerable<string> Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) yield break;
        var word = new StringBuilder();
        Rune? before = null;
        foreach (var rune in Normal(text).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) continue;
            if (IsDense(rune))
            {
                if (word.Length > 0) { yield return Take(word); }
                // The pair; a lone last character stands for itself, so that it is found by its beginning.
                if (before is { } first) yield return $"{first}{rune}";
                before = rune;
                continue;
            }
            if (before is { } lone)
            {
                yield return lone.ToString();
                before = null;
            }
            if (Rune.IsLetterOrDigit(rune)) { if (word.Length < Longest) word.Append(Rune.ToLowerInvariant(rune)); }
            else if (word.Length > 0) yield return Take(word);
        }
        if (before is { } end) yield return end.ToString();
        if (word.Length > 0) yield return Take(word);
    }

    static string Normal(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text;
        try { return Fold(text); }
        // Lone surrogates and code points that are no characters cannot be normalised; they are no letters either.
        catch (ArgumentException)
        {
            var clean = new StringBuilder(text.Length);
            foreach (var rune in text.EnumerateRunes())
                clean.Append(rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE || rune == Rune.ReplacementChar ? " " : rune.ToString());
            return Fold(clean.ToString());
        }
    }

    static string Fold(string text) => text.Normalize(NormalizationForm.FormKD).Replace("ß", "ss", StringComparison.Ordinal).Replace('ı', 'i').Replace('ς', 'σ').Replace("ø", "o", StringComparison.Ordinal).Replace("Ø", "o", StringComparison.Ordinal).Replace("ł", "l", StringComparison.Ordinal).Replace("Ł", "l", StringComparison.Ordinal).Replace("æ", "ae", StringComparison.Ordinal).Replace("Æ", "ae", StringComparison.Ordinal).Replace("œ", "oe", StringComparison.Ordinal);

    static string Take(StringBuilder word)
    {
        var taken = word.ToString();
        word.Clear();
        return taken;
    }

    // Scripts written without spaces: kana, ideographs, Hangul syllables (decomposed to jamo by NFKD), Thai.
    static bool IsDense(Rune rune) => Rune.IsLetterOrDigit(rune) && rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF) or (>= 0x0E01 and <= 0x0E4E);
}
