using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Amends.Foundation.Phrases;

/// <summary>A phrase that was found.</summary>
/// <param name="Section">The section of the book in which it stands.</param>
/// <param name="Start">Its first word.</param>
/// <param name="End">The word after its last.</param>
readonly record struct Found(int Section, int Start, int End);

/// <summary>
/// Phrases of one language in sections, read from a file that holds nothing else, so that a language is added by adding a file. A line is
/// <c># a remark</c>, <c>== section</c>, <c>@name word, word, two words</c> (a named set), or a phrase: words, each compared in its folded form
/// (<see cref="PhraseText.Fold"/>); <c>&lt;name&gt;</c> one of a set, <c>(a|b c)</c> one of these, <c>[a|b]</c> one of these or nothing, <c>..3</c> up to three words,
/// <c>refund*</c>, <c>*ing</c> and <c>ge*t</c> open words, <c>{ed,s}</c> endings, <c>%</c> a number. An apostrophe divides words. No phrase goes over the end of a sentence.
/// </summary>
/// <remarks>A phrase has at most two gaps of at most nine words: the work for one word of a text is bounded by the book, so that finding is linear in the text.</remarks>
sealed class PhraseBook
{
    const int Gap = -1;

    static readonly ConcurrentDictionary<string, Lazy<PhraseBook>> books = new(StringComparer.Ordinal);

    readonly Dictionary<string, int> classes = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<int>> words = new(StringComparer.Ordinal);
    readonly List<(string Begins, string Ends, int Class)> open = [];
    readonly Dictionary<string, List<string>> sets = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> sections = new(StringComparer.Ordinal);
    readonly Dictionary<int, List<(int Section, Step[] Steps)>> byFirst = [];
    int number = -2;

    // A class of words, or up to so many words of any kind.
    readonly record struct Step(int Class, int Most);

    PhraseBook(IEnumerable<string> lines)
    {
        var section = -1;
        foreach (var whole in lines)
        {
            var line = whole.Split('#')[0].Trim();
            if (line.Length == 0) continue;
            if (line.StartsWith("==", StringComparison.Ordinal)) section = Section(line[2..].Trim());
            else if (line[0] == '@')
            {
                var at = line.IndexOf(' ', StringComparison.Ordinal);
                sets[line[1..at]] = [.. Items(line[at..])];
            }
            else
                foreach (var steps in new Reading(this, line).All())
                    Add(section, steps);
        }
    }

    /// <summary>A book that is part of the program.</summary>
    /// <param name="name">Its name and language: <c>apologies.en</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such book.</exception>
    public static PhraseBook Of(string name) => books.GetOrAdd(name, file => new(() => new(LinesOf(file + ".txt")))).Value;

    /// <summary>The lines of a file that is part of the program.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<string> LinesOf(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Phrases/" + file) ?? throw new FileNotFoundException(file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }

    /// <summary>The number of a section; -1 where the book has none of that name.</summary>
    public int SectionOf(string name) => sections.GetValueOrDefault(name, -1);

    int Section(string name)
    {
        if (!sections.TryGetValue(name, out var one)) sections[name] = one = sections.Count;
        return one;
    }

    /// <summary>All phrases in a text, by their first word.</summary>
    public PhraseFinds Find(PhraseText text)
    {
        var known = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var of = new int[text.Words.Count][];
        for (var i = 0; i < of.Length; i++)
        {
            var word = text.Words[i].Folded;
            if (!known.TryGetValue(word, out var its)) known[word] = its = ClassesOf(word);
            of[i] = its;
        }
        var found = new HashSet<Found>();
        for (var i = 0; i < of.Length; i++)
            foreach (var one in of[i])
                if (byFirst.TryGetValue(one, out var phrases))
                    foreach (var (section, steps) in phrases)
                        Match(text, of, steps, 1, i + 1, end => found.Add(new(section, i, end)));
        return new(this, of.Length, found);
    }

    static void Match(PhraseText text, int[][] of, Step[] steps, int step, int at, Action<int> found)
    {
        for (; step < steps.Length; step++, at++)
        {
            if (steps[step].Class == Gap)
            {
                for (var more = 0; more <= steps[step].Most; more++)
                {
                    if (at + more > of.Length || (more > 0 && text.Words[at + more - 1].Sentence != text.Words[at - 1].Sentence)) return;
                    Match(text, of, steps, step + 1, at + more, found);
                }
                return;
            }
            if (at >= of.Length || text.Words[at].Sentence != text.Words[at - 1].Sentence || Array.BinarySearch(of[at], steps[step].Class) < 0) return;
        }
        found(at);
    }

    int[] ClassesOf(string word)
    {
        var its = new SortedSet<int>(words.GetValueOrDefault(word) ?? []);
        if (char.IsDigit(word, 0)) its.Add(number);
        foreach (var (begins, ends, one) in open)
            if (word.Length >= begins.Length + ends.Length + (ends.Length > 0 ? 2 : 0) && word.StartsWith(begins, StringComparison.Ordinal) && word.EndsWith(ends, StringComparison.Ordinal))
                its.Add(one);
        return [.. its];
    }

    void Add(int section, Step[] steps)
    {
        if (steps.Length == 0 || steps[0].Class == Gap || steps.Count(s => s.Class == Gap) > 2) throw new FormatException("A phrase begins with a word and has at most two gaps.");
        if (!byFirst.TryGetValue(steps[0].Class, out var phrases)) byFirst[steps[0].Class] = phrases = [];
        phrases.Add((section, steps));
    }

    int ClassOf(string name)
    {
        if (!classes.TryGetValue(name, out var one)) classes[name] = one = classes.Count;
        return one;
    }

    int Register(string word, int one)
    {
        if (word == "%")
        {
            if (number < 0) number = ClassOf("%");
            if (one != number) open.AddRange(Enumerable.Range(0, 10).Select(digit => (digit.ToString(CultureInfo.InvariantCulture), "", one)));
        }
        else if (word.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star)
        {
            var wild = (PhraseText.Fold(word[..star]), PhraseText.Fold(word[(star + 1)..]), one);
            if (!open.Contains(wild)) open.Add(wild);
        }
        else if (PhraseText.Fold(word) is var folded && words.TryGetValue(folded, out var its)) its.Add(one);
        else words[folded] = [one];
        return one;
    }

    static IEnumerable<string> Items(string list)
    {
        int depth = 0, start = 0;
        for (var i = 0; i <= list.Length; i++)
        {
            if (i < list.Length && list[i] == '{') depth++;
            if (i < list.Length && list[i] == '}') depth--;
            if (i < list.Length && (list[i] != ',' || depth > 0)) continue;
            if (list[start..i].Trim() is { Length: > 0 } item) yield return item;
            start = i + 1;
        }
    }

    // One line of phrases, read into all that it can be. Alternatives of one word become one class, so that they do not multiply.
    sealed class Reading(PhraseBook book, string line)
    {
        readonly List<string> signs = Signs(line);
        int at;

        public IEnumerable<Step[]> All() => Alternatives("").Select(steps => steps.ToArray());

        static List<string> Signs(string line)
        {
            List<string> signs = [];
            for (var i = 0; i < line.Length;)
            {
                if (line[i] == ' ')
                {
                    i++;
                    continue;
                }
                var end = i + 1;
                if (line[i] == '<') end = line.IndexOf('>', i) + 1;
                else if (!"[]()|".Contains(line[i], StringComparison.Ordinal))
                    while (end < line.Length && !" []()|<".Contains(line[end], StringComparison.Ordinal)) end++;
                signs.Add(line[i..end]);
                i = end;
            }
            return signs;
        }

        List<List<Step>> Alternatives(string close)
        {
            List<List<Step>> all = [], open = [[]];
            for (; at < signs.Count && (signs[at] != close || close.Length == 0); at++)
            {
                var sign = signs[at];
                if (sign == "|")
                {
                    all.AddRange(open);
                    open = [[]];
                    continue;
                }
                var next = sign switch
                {
                    "[" or "(" => Group(sign == "["),
                    ['<', ..] => Merged(Set(sign[1..^1])),
                    ['.', '.', .. var most] => [[new(Gap, int.Parse(most, CultureInfo.InvariantCulture))]],
                    _ => [.. Endings(sign).Select(Phrase)],
                };
                open = [.. open.SelectMany(_ => next, (before, after) => (List<Step>)[.. before, .. after])];
            }
            all.AddRange(open);
            return all;
        }

        List<List<Step>> Group(bool optional)
        {
            at++;
            var inner = Merged(Alternatives(optional ? "]" : ")"));
            return optional ? [.. inner, []] : inner;
        }

        List<List<Step>> Set(string name) =>
            book.sets.TryGetValue(name, out var items)
                ? [.. items.SelectMany(Endings).SelectMany(item => item.Contains('<', StringComparison.Ordinal) ? new Reading(book, item).Alternatives("") : [Phrase(item)])]
                : throw new FormatException($"No set is named {name}.");

        List<Step> Phrase(string words) => [.. words.Split([' ', '\'', '’'], StringSplitOptions.RemoveEmptyEntries).Select(word => new Step(book.Register(word, book.ClassOf(Name(word))), 0))];

        static string Name(string word) => word.Contains('*', StringComparison.Ordinal) || word == "%" ? word : PhraseText.Fold(word);

        List<List<Step>> Merged(List<List<Step>> alternatives)
        {
            var single = alternatives.Where(one => one is [{ Class: not Gap }]).Select(one => one[0].Class).ToHashSet();
            if (single.Count < 2) return alternatives;
            var name = "<" + string.Join(' ', single.Order());
            var isNew = !book.classes.ContainsKey(name);
            var together = book.ClassOf(name);
            List<List<Step>> merged = [.. alternatives.Where(one => one is not [{ Class: not Gap }]), [new(together, 0)]];
            if (!isNew) return merged;
            foreach (var its in book.words.Values)
                if (its.Overlaps(single)) its.Add(together);
            book.open.AddRange([.. book.open.Where(one => single.Contains(one.Class)).Select(one => one with { Class = together })]);
            if (single.Contains(book.number)) book.Register("%", together);
            return merged;
        }

        static IEnumerable<string> Endings(string word)
        {
            var start = word.IndexOf('{', StringComparison.Ordinal);
            if (start < 0) return [word];
            var end = word.IndexOf('}', start);
            return word[(start + 1)..end].Split(',').SelectMany(ending => Endings(word[..start] + ending.Trim() + word[(end + 1)..]));
        }
    }
}

/// <summary>The phrases found in a text, by section.</summary>
sealed class PhraseFinds
{
    readonly PhraseBook book;
    readonly ILookup<int, Found> all;
    readonly int count;

    internal PhraseFinds(PhraseBook book, int count, IEnumerable<Found> found)
    {
        this.book = book;
        this.count = count;
        all = found.OrderBy(one => one.Start).ThenBy(one => one.End).ToLookup(one => one.Section);
    }

    /// <summary>Those of a section, by their first word.</summary>
    public IEnumerable<Found> In(string section) => all[book.SectionOf(section)];

    /// <summary>For each word the end of the longest phrase of a section that begins with it; 0 where none does.</summary>
    public int[] Longest(params ReadOnlySpan<string> names)
    {
        var ends = new int[count];
        foreach (var name in names)
            foreach (var one in In(name))
                ends[one.Start] = Math.Max(ends[one.Start], one.End);
        return ends;
    }
}
