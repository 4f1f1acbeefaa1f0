using System.Globalization;
using System.Text;

namespace Amends.Foundation.Phrases;

/// <summary>What stands before a word.</summary>
enum Break
{
    /// <summary>Nothing but a blank, or a sign that divides nothing.</summary>
    None,

    /// <summary>A comma.</summary>
    Comma,

    /// <summary>A colon, semicolon, dash or bracket.</summary>
    Strong,

    /// <summary>The end of a sentence, or of a line that is one.</summary>
    Sentence,
}

/// <summary>One word of a text.</summary>
/// <param name="Start">Where it begins, in characters of the text.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Folded">Its form for comparing: <see cref="PhraseText.Fold"/>.</param>
/// <param name="Before">What divides it from the word before.</param>
/// <param name="Sentence">The number of its sentence, from 0.</param>
/// <param name="Line">The number of its line, from 0.</param>
readonly record struct Word(int Start, int Length, string Folded, Break Before, int Sentence, int Line);

/// <summary>A text as words with what divides them. Linear in the text; every text can be read.</summary>
sealed class PhraseText
{
    // A shorter line is one of its own: written so, not folded by a mail program.
    const int FoldedLine = 50;

    static readonly HashSet<string> abbreviations = new(StringComparer.Ordinal) { "mr", "mrs", "ms", "dr", "nr", "sr", "sra", "st", "prof", "hr", "fr", "mme", "no", "bzw", "ca", "tel", "std", "uhr", "inkl", "zzgl", "evtl", "ggf" };

    readonly HashSet<int> questions = [];

    PhraseText(string text) => Text = text;

    /// <summary>The text, quoted lines blanked; as long as what was given.</summary>
    public string Text { get; }

    /// <summary>The words in their order.</summary>
    public List<Word> Words { get; } = [];

    /// <summary>True where the sentence of a word ends in a question mark.</summary>
    public bool Asks(int word) => questions.Contains(Words[word].Sentence);

    /// <summary>True where a word is the first of its line.</summary>
    public bool BeginsLine(int word) => word == 0 || Words[word].Line != Words[word - 1].Line;

    /// <summary>The signs between a word and the one before.</summary>
    public ReadOnlySpan<char> Gap(int word) => word == 0 ? Text.AsSpan(0, Words[0].Start) : Text.AsSpan(Words[word - 1].Start + Words[word - 1].Length, Words[word].Start - Words[word - 1].Start - Words[word - 1].Length);

    /// <summary>Small letters without accents; “ä” and “ae”, “ß” and “ss” are one.</summary>
    public static string Fold(string word)
    {
        var plain = new StringBuilder(word.Length);
        foreach (var c in word.ToLowerInvariant().Normalize(NormalizationForm.FormKD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark))
                plain.Append(c switch { 'ß' => "ss", 'œ' => "oe", 'æ' => "ae", 'ø' => "o", _ => c.ToString() });
        var folded = new StringBuilder(plain.Length);
        for (var i = 0; i < plain.Length; i++)
        {
            folded.Append(plain[i]);
            if (plain[i] is 'a' or 'o' or 'u' && i + 1 < plain.Length && plain[i + 1] == 'e') i++;
        }
        return folded.Length > 0 ? folded.ToString() : word;
    }

    /// <summary>Reads a text. Lines that quote (“>”) count as blank.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="withoutSpeech">What stands between quotation marks is somebody else's and counts as blank too.</param>
    public static PhraseText Read(string text, bool withoutSpeech = false)
    {
        var cut = text.Replace('\r', ' ').ToCharArray();
        BlankQuotes(cut);
        if (withoutSpeech) BlankSpeech(cut);
        var read = new PhraseText(new string(cut));
        read.Divide();
        return read;
    }

    static void BlankQuotes(char[] text)
    {
        var previous = (Start: 0, End: 0);
        for (var start = 0; start < text.Length;)
        {
            var end = Array.IndexOf(text, '\n', start);
            if (end < 0) end = text.Length;
            var line = text.AsSpan(start, end - start);
            var trimmed = line.Trim();
            if (trimmed is ['>', ..])
            {
                // “On Monday Tom wrote:” goes with the quote that it announces.
                var announced = text.AsSpan(previous.Start, previous.End - previous.Start);
                if (announced.TrimEnd() is [.., ':']) announced.Fill(' ');
                line.Fill(' ');
            }
            if (trimmed.Length > 0) previous = (start, end);
            start = end + 1;
        }
    }

    static void BlankSpeech(char[] text)
    {
        const int longest = 400;
        for (var i = 0; i < text.Length; i++)
        {
            var closing = text[i] switch { '“' => "”", '„' => "“”\"", '«' => "»", '"' => "\"", '»' => "«", _ => null };
            if (closing is null) continue;
            var within = text.AsSpan(i + 1, Math.Min(longest, text.Length - i - 1));
            if (within.IndexOf('\n') is >= 0 and var line) within = within[..line];
            if (within.IndexOfAny(closing) is >= 0 and var end)
            {
                text.AsSpan(i, end + 2).Fill(' ');
                i += end + 1;
            }
        }
    }

    static bool IsWord(char c) => char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    void Divide()
    {
        int sentence = 0, line = 0, lineStart = 0;
        var before = Break.None;
        var last = '\n';
        for (var i = 0; i < Text.Length;)
        {
            var c = Text[i];
            if (char.IsLetterOrDigit(c))
            {
                var end = i + 1;
                while (end < Text.Length && (IsWord(Text[end]) || (Text[end] is '.' or ':' or ',' && char.IsDigit(Text[end - 1]) && end + 1 < Text.Length && char.IsDigit(Text[end + 1])))) end++;
                Words.Add(new(i, end - i, Fold(Text[i..end]), Words.Count == 0 ? Break.Sentence : before, sentence, line));
                before = Break.None;
                last = Text[end - 1];
                i = end;
                continue;
            }
            switch (c)
            {
                case '.' when Words.Count > 0 && Words[^1] is var word && word.Start + word.Length == i && (word.Length == 1 || (word.Length == 2 && char.IsDigit(word.Folded[0])) || abbreviations.Contains(word.Folded)) && i + 1 < Text.Length && Text[i + 1] == ' ':
                    break;
                case '.' or '!' or '?' or '…':
                    if (c == '?') questions.Add(sentence);
                    End();
                    break;
                case '¿':
                    questions.Add(sentence);
                    break;
                case ';' or ':' or '(' or ')' or '–' or '—' or '|':
                    Deepen(Break.Strong);
                    break;
                case '-' when i > 0 && Text[i - 1] == ' ':
                    Deepen(Break.Strong);
                    break;
                case ',':
                    Deepen(before == Break.None ? Break.Comma : Break.Strong);
                    break;
                case '\n':
                    if (i - lineStart < FoldedLine || last is ',' or ':' || (i + 1 < Text.Length && Text[i + 1] == '\n')) End();
                    line++;
                    lineStart = i + 1;
                    break;
            }
            if (!char.IsWhiteSpace(c)) last = c;
            i++;
        }

        void End()
        {
            sentence++;
            before = Break.Sentence;
        }

        void Deepen(Break to)
        {
            if (before < to) before = to;
        }
    }
}
