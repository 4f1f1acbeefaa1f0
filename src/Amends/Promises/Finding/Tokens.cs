using System.Globalization;
using System.Text;

namespace Amends.Promises.Finding;

/// <summary>A word, a number or a mark of a text.</summary>
/// <param name="Start">Where it begins, in chars.</param>
/// <param name="Length">How long it is, in chars.</param>
/// <param name="Raw">In small letters, with its accents.</param>
/// <param name="Word">In small letters, without accents; for matching what people type with and without them.</param>
/// <param name="Number">Its value where it is digits, else -1.</param>
/// <param name="Capital">It was written with a capital letter.</param>
readonly record struct Token(int Start, int Length, string Raw, string Word, int Number, bool Capital = false)
{
    public int End => Start + Length;

    public bool IsWord => Number < 0 && Raw.Length > 0 && (char.IsLetter(Raw[0]) || Raw[0] == '\'');

    public bool IsMark => Number < 0 && !IsWord;
}

/// <summary>Keeps the few words that texts are made of, so that reading a text again with each key press makes next to no garbage. Bounded; a lost race costs a string.</summary>
static class WordPool
{
    const int Size = 4096;
    static readonly string?[] Kept = new string?[Size];

    public static string Get(ReadOnlySpan<char> word)
    {
        ref var slot = ref Kept[(uint)string.GetHashCode(word) % Size];
        var known = slot;
        return known is not null && word.SequenceEqual(known) ? known : slot = word.ToString();
    }
}

/// <summary>Cuts a text into sentences, and each into tokens, in one pass.</summary>
static class Tokens
{
    // A sentence of honest prose is far shorter; what is longer is cut, so that work stays linear.
    const int LongestSentence = 160;

    // Beyond this a word is no word.
    const int LongestWord = 40;

    // Lines at least this long were broken by a mail program; shorter ones by the writer.
    const int WrappedLine = 50;

    static readonly HashSet<string> Abbreviations = new((
        "mr mrs ms dr prof st no nr sr sra srta dra mme mlle m mm hr fr bzw ca ggf usw etc tel approx e.g i.e z.b d.h u.a p.ej ud uds vd vds min max std inkl evtl str jan feb mar apr jun jul aug sep sept oct okt nov dec dez dept ext vs resp cf art"
    ).Split(' '), StringComparer.Ordinal);

    static readonly string[] Wrote = ["wrote:", "schrieb:", "a écrit :", "a écrit:", "escribió:"];

    /// <summary>Gives each sentence of what we wrote ourselves: not lines that quote, not what follows the mark of a signature.</summary>
    /// <param name="asked">The sentence ends with a question mark.</param>
    public delegate void Sentence(List<Token> tokens, bool asked);

    public static void Read(string text, Sentence give)
    {
        var tokens = new List<Token>(64);
        var at = 0;
        var lineStart = 0;
        void End(bool asked = false)
        {
            if (tokens.Count > 0)
                give(tokens, asked);
            tokens.Clear();
        }
        while (at < text.Length)
        {
            if (at == lineStart)
            {
                var end = text.IndexOf('\n', at);
                var line = text.AsSpan(at, (end < 0 ? text.Length : end) - at).TrimEnd();
                if (line is "--")
                    break;
                if (line.TrimStart().StartsWith('>') || IsIntroduction(line))
                {
                    End();
                    at = lineStart = end < 0 ? text.Length : end + 1;
                    continue;
                }
            }
            var c = text[at];
            if (c == '\n')
            {
                if (BreaksHere(text, lineStart, at))
                    End();
                lineStart = ++at;
                continue;
            }
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '*' or '_' or '\u200b' or '\ufeff')
            {
                at++;
                continue;
            }
            if (tokens.Count >= LongestSentence)
                End();
            if (char.IsAsciiDigit(c))
            {
                var start = at;
                while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
                var word = WordPool.Get(text.AsSpan(start, Math.Min(at - start, LongestWord)));
                tokens.Add(new(start, at - start, word, word, at - start <= 6 ? int.Parse(word, CultureInfo.InvariantCulture) : 999_999));
                continue;
            }
            if (char.IsLetter(c) || c is 'º' or 'ª')
            {
                at = ReadWord(text, at, tokens);
                continue;
            }
            tokens.Add(Mark(text, at++));
            if (c is '!' or '?' or '…' || c == '.' && EndsSentence(text, at - 1, tokens))
            {
                var asked = c == '?';
                while (at < text.Length && text[at] is '!' or '?' or '.' or '…')
                    asked |= text[at++] == '?';
                // What closes belongs to the sentence: "We will call you."
                while (at < text.Length && text[at] is '"' or '”' or '“' or '»' or '’' or ')')
                    tokens.Add(Mark(text, at++));
                End(asked);
            }
        }
        End();
    }

    static Token Mark(string text, int at)
    {
        var mark = WordPool.Get(text.AsSpan(at, 1));
        return new(at, 1, mark, mark, -1);
    }

    static bool IsIntroduction(ReadOnlySpan<char> line)
    {
        foreach (var wrote in Wrote)
            if (line.EndsWith(wrote, StringComparison.OrdinalIgnoreCase))
                return true;
        return line.StartsWith("-----", StringComparison.Ordinal);
    }

    static bool BreaksHere(string text, int lineStart, int at)
    {
        if (at - lineStart < WrappedLine)
            return true;
        var next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r') next++;
        return next >= text.Length || text[next] is '\n' or '>' or '-' or '*' or '•' or '·';
    }

    static bool EndsSentence(string text, int dot, List<Token> tokens)
    {
        if (dot + 1 < text.Length && (char.IsLetterOrDigit(text[dot + 1]) || text[dot + 1] is '.' or ',' or ';' or ':'))
            return false;
        var next = dot + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r' or '\u00a0' or '\u202f') next++;
        if (tokens.Count < 2)
            return next >= text.Length || !char.IsLower(text[next]);
        var before = tokens[^2];
        // Who begins with a small letter writes on so: "found it. sending it tomorrow".
        if (next < text.Length && char.IsLower(text[next]) && !(next > dot + 1 && char.IsLower(text[tokens[0].Start]) && before.IsWord && before.Length > 2 && !Abbreviations.Contains(before.Raw)))
            return false;
        // "Mr. Brown", "J. Miller"; not "at 5 p.m."
        if (before.IsWord && before.Word is not ("pm" or "am" or "h") && (before.Length == 1 || Abbreviations.Contains(before.Raw)))
            return next >= text.Length || text[next] == '\n';
        // "am 24. Dezember", "24. 12.": a number with a dot goes on with a month, a day or a number.
        if (before.Number >= 0 && before.Number <= 31 && next < text.Length && text[next] != '\n')
        {
            if (char.IsAsciiDigit(text[next]))
                return false;
            var end = next;
            while (end < text.Length && char.IsLetter(text[end])) end++;
            return !TimeWords.IsMonth(Fold(text.AsSpan(next, Math.Min(end - next, LongestWord)), false));
        }
        return true;
    }

    static int ReadWord(string text, int at, List<Token> tokens)
    {
        var start = at;
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark || c is 'º' or 'ª')
                at++;
            // Within a word only: e-mail, après-midi, o'clock.
            else if (c is '\'' or '’' or '-' && at + 1 < text.Length && char.IsLetter(text[at + 1]) && at > start)
                at++;
            else
                break;
        }
        // "a.m.", "p. m."
        if (at - start == 1 && text[start] is 'a' or 'p' or 'A' or 'P' && at < text.Length && text[at] == '.')
        {
            var m = at + 1 < text.Length && text[at + 1] == ' ' ? at + 2 : at + 1;
            if (m < text.Length && text[m] is 'm' or 'M' && (m + 1 >= text.Length || !char.IsLetter(text[m + 1])))
            {
                var word = text[start] is 'a' or 'A' ? "am" : "pm";
                // The dot stays where it may end the sentence.
                var end = m + 1 < text.Length && text[m + 1] == '.' && m + 2 < text.Length && !EndsAfter(text, m + 2) ? m + 2 : m + 1;
                tokens.Add(new(start, end - start, word, word, -1));
                return end;
            }
        }
        // "z.B.", "d.h.", "e.g.": one word.
        if (at - start == 1 && at + 1 < text.Length && text[at] == '.' && char.IsLetter(text[at + 1]) && at + 2 < text.Length && text[at + 2] == '.')
        {
            Add(text, start, at + 2 - start, tokens);
            return at + 3;
        }
        var from = start;
        var mark = text.AsSpan(start, at - start).IndexOfAny('\'', '’');
        if (mark > 0)
        {
            var tail = text.AsSpan(start + mark + 1, at - start - mark - 1);
            if (tail is "ll" or "m" or "re" or "ve" or "d" or "s" or "LL" or "M" or "RE")
            {
                Add(text, start, mark, tokens);
                from = start + mark;
            }
            else if ((mark <= 2 && text[start] is not ('o' or 'O')) || text.AsSpan(start, mark).Equals("jusqu", StringComparison.OrdinalIgnoreCase) || text.AsSpan(start, mark).Equals("lorsqu", StringComparison.OrdinalIgnoreCase))
            {
                Add(text, start, mark + 1, tokens);
                from = start + mark + 1;
            }
        }
        Add(text, from, at - from, tokens);
        return at;
    }

    static bool EndsAfter(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\r') at++;
        return at >= text.Length || text[at] == '\n' || char.IsUpper(text[at]);
    }

    static void Add(string text, int start, int length, List<Token> tokens)
    {
        var said = text.AsSpan(start, Math.Min(length, LongestWord));
        tokens.Add(new(start, length, Fold(said, true), Fold(said, false), -1, said.Length > 1 && char.IsUpper(said[0])));
    }

    /// <summary>Small letters; without accents where they are not asked for. One char stays one char.</summary>
    static string Fold(ReadOnlySpan<char> said, bool accents)
    {
        Span<char> buffer = stackalloc char[LongestWord];
        var length = 0;
        foreach (var c in said)
        {
            var small = c == '’' ? '\'' : char.ToLowerInvariant(c);
            // A combining accent of decomposed text joins the letter before it.
            if (char.GetUnicodeCategory(small) == UnicodeCategory.NonSpacingMark)
            {
                if (accents && length > 0)
                    buffer[length - 1] = Joined(buffer[length - 1], small);
                continue;
            }
            buffer[length++] = accents ? small : Plain(small);
        }
        return WordPool.Get(buffer[..length]);
    }

    static char Joined(char letter, char accent) => (letter, accent) switch
    {
        ('a', '\u0301') => 'á',
        ('e', '\u0301') => 'é',
        ('i', '\u0301') => 'í',
        ('o', '\u0301') => 'ó',
        ('u', '\u0301') => 'ú',
        ('a', '\u0300') => 'à',
        ('e', '\u0300') => 'è',
        ('u', '\u0300') => 'ù',
        ('a', '\u0302') => 'â',
        ('e', '\u0302') => 'ê',
        ('i', '\u0302') => 'î',
        ('o', '\u0302') => 'ô',
        ('u', '\u0302') => 'û',
        ('a', '\u0308') => 'ä',
        ('e', '\u0308') => 'ë',
        ('i', '\u0308') => 'ï',
        ('o', '\u0308') => 'ö',
        ('u', '\u0308') => 'ü',
        ('n', '\u0303') => 'ñ',
        ('c', '\u0327') => 'ç',
        _ => letter,
    };

    static char Plain(char c) => c switch
    {
        < '\u0080' => c,
        'á' or 'à' or 'â' or 'ä' or 'ã' or 'å' => 'a',
        'é' or 'è' or 'ê' or 'ë' => 'e',
        'í' or 'ì' or 'î' or 'ï' => 'i',
        'ó' or 'ò' or 'ô' or 'ö' or 'õ' => 'o',
        'ú' or 'ù' or 'û' or 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ => c,
    };

    /// <summary>As in <see cref="Token.Word"/>.</summary>
    public static string Plain(string word) => Fold(word.AsSpan(0, Math.Min(word.Length, LongestWord)), false);
}
