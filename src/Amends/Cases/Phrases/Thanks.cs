using Amends.Foundation.Phrases;

namespace Amends.Cases.Phrases;

/// <summary>
/// Tells whether an incoming text is thanks only, by the phrases of <c>thanks.*.txt</c>: either every word of it is known to say nothing else, or gladness is said and nothing in it asks,
/// wants, complains, doubts, mocks or tells what needs an answer. In doubt it says more, for a customer who is not heard is worse than a case that is opened once too often. Greetings, names, closings, signatures, phone footers, quoted lines and pictures in the text do not hinder.
/// </summary>
static class Thanks
{
    // A longer text says more than thanks.
    const int LongestText = 5000, MostWords = 150, LongestSignature = 40, LongestReason = 10, LongestSecondReason = 4, UnknownInGoodNews = 3, LongestName = 4, LongestSigned = 5, LongestAside = 3, LongestNews = 14, LongestNumber = 5;

    static readonly string[] thumbs = ["👍", "🙏", "👏", "💯", "❤"];
    static readonly string[] frowns = ["👎", "😡", "🤬", "😠", "🙄", "😤", "😒"];

    /// <summary>True where the text thanks and says nothing else.</summary>
    /// <param name="text">The new text of a message, without what it quotes.</param>
    /// <param name="language">Two letters, where known; else, and where the text is in another one, all are tried.</param>
    public static bool Only(string text, string? language = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText || frowns.Any(one => text.Contains(one, StringComparison.Ordinal))) return false;
        var read = PhraseText.Read(text);
        if (read.Words.Count == 0) return thumbs.Any(one => text.Contains(one, StringComparison.Ordinal));
        if (read.Words.Count > MostWords) return false;
        language = language is not null && TextLanguage.All.Contains(language) ? language : TextLanguage.Guess(read);
        if (language is not null) return new Reader(read, language) is var reader && (reader.IsThanksOnly() || reader.IsGladAndHarmless());
        var all = TextLanguage.All.Select(one => new Reader(read, one)).ToList();
        // Harm may be said in any language, gladness must be in one.
        return all.Any(one => one.IsThanksOnly()) || (!all.Exists(one => one.IsHarmful()) && all.Exists(one => one.IsGladAndHarmless()));
    }

    sealed class Reader
    {
        readonly PhraseText read;
        readonly List<Word> words;
        readonly PhraseFinds finds;
        readonly int[] thanks, fine, bad, own, closing;
        readonly bool[] covered;
        readonly bool hasSmall;
        readonly int count;

        public Reader(PhraseText read, string language)
        {
            (this.read, words) = (read, read.Words);
            finds = PhraseBook.Of("thanks." + language).Find(read);
            (thanks, fine, bad, own, closing) = (finds.Longest("thanks"), finds.Longest("fine"), finds.Longest("bad"), finds.Longest("own"), finds.Longest("closing"));
            covered = new bool[words.Count];
            hasSmall = read.Text.Any(char.IsLower);
            count = SignatureStart();
        }

        public bool IsThanksOnly()
        {
            for (var i = 0; i < count; i++)
                if (read.Asks(i)) return false;
            if (finds.In("block").Any(one => one.Start < count)) return false;
            CoverPhrases();
            var thanked = false;
            for (var i = 0; i < count; i++)
                if (thanks[i] > 0 && thanks[i] <= count)
                {
                    thanked = true;
                    CoverReason(thanks[i]);
                }
            CoverGreetings();
            CoverLastName();
            CoverPlainWords();
            CoverGoodNews();
            return thanked && Array.TrueForAll(covered[..count], one => one);
        }

        /// <summary>True where gladness or thanks are said in any words, each clause is glad or no more than a name, and nothing in it asks, wants, complains or tells what needs an answer.</summary>
        public bool IsGladAndHarmless()
        {
            if (IsHarmful()) return false;
            int[] thankful = finds.Longest("thanks", "thankful", "praise"), well = finds.Longest("well", "spare", "closing", "greeting");
            var last = Array.FindLastIndex(thankful, Math.Max(0, count - 1), end => end > 0);
            if (last < 0) return false;
            for (int from = 0, to; from < count; from = to)
            {
                to = ClauseEnd(from);
                if (!thankful.AsSpan(from, to - from).ContainsAnyInRange(1, words.Count) && !well.AsSpan(from, to - from).ContainsAnyInRange(1, words.Count) && !(from < last && to - from <= LongestNews) && !IsAside(from, to)) return false;
            }
            return true;
        }

        // A name, or a few words that go with a glad clause of the same sentence.
        bool IsAside(int from, int to) =>
            to - from <= LongestName && Enumerable.Range(from, to - from).All(IsCapital)
            || (to - from <= LongestSigned && to == count && read.BeginsLine(from) && IsCapital(from) && IsCapital(to - 1))
            || (to - from <= LongestAside && ((from > 0 && words[from].Before < Break.Strong) || (to < count && words[to].Before < Break.Strong)));

        /// <summary>True where the text may ask, want, complain, doubt, mock or tell something new.</summary>
        public bool IsHarmful()
        {
            for (var i = 0; i < count; i++)
                if (read.Asks(i) || words[i].Length >= LongestNumber && char.IsDigit(words[i].Folded, 0)) return true;
            if (finds.In("block").Any(one => one.Start < count)) return true;
            var spared = new bool[words.Count];
            foreach (var one in finds.In("spare").Concat(finds.In("greeting").Where(one => read.BeginsLine(one.Start)))) Array.Fill(spared, true, one.Start, one.End - one.Start);
            return finds.In("harm").Any(one => one.Start < count && Array.IndexOf(spared, false, one.Start, one.End - one.Start) >= 0);
        }

        // The first word that belongs to the signature.
        int SignatureStart()
        {
            var (footer, joins) = (finds.Longest("footer"), finds.Longest("joins"));
            for (var i = 0; i < words.Count; i++)
            {
                if (i > 0 && FollowsRule(i)) return i;
                if (read.BeginsLine(i) && footer[i] > 0) return i;
                if (closing[i] > 0 && thanks[i] == 0 && (read.BeginsLine(i) || words[i].Before != Break.None || joins[i - 1] > 0) && Ends(i)) return i;
            }
            return words.Count;
        }

        // “--” on a line of its own.
        bool FollowsRule(int word)
        {
            if (!read.BeginsLine(word)) return false;
            foreach (var line in read.Gap(word).ToString().Split('\n')[1..^1])
                if (line.Trim() is "--" or "-" or "___" or "__" or "–" or "—") return true;
            return false;
        }

        // After “kind regards” come a name and an address, and no second thought.
        bool Ends(int word)
        {
            var line = closing[word];
            while (line < words.Count && !read.BeginsLine(line)) line++;
            if (line - closing[word] > 5 || words.Count - line > LongestSignature) return false;
            for (var i = closing[word]; i < words.Count; i++)
                if (i < line ? bad[i] > 0 : words[i].Folded == "ps" || read.Asks(i)) return false;
            return true;
        }

        void Cover(int from, int to) => Array.Fill(covered, true, from, Math.Min(to, count) - from);

        void CoverPhrases()
        {
            for (var i = 0; i < count; i++)
            {
                if (thanks[i] > 0 && thanks[i] <= count) Cover(i, thanks[i]);
                if (fine[i] > 0 && fine[i] <= count) Cover(i, fine[i]);
            }
            // A thing is fine with what is said of it: “the money is here”, not “the money”.
            var noun = finds.Longest("noun");
            for (var i = count - 1; i >= 0; i--)
                if (noun[i] is > 0 and var end && end < count && words[end].Before == Break.None && (fine[end] > 0 || noun[end] > 0)) Cover(i, end);
        }

        // What the thanks are for, in any words but bad ones; or who is thanked.
        void CoverReason(int at)
        {
            var (reason, joins) = (finds.Longest("for"), finds.Longest("joins"));
            while (at < count && words[at].Before == Break.None && reason[at] == 0 && fine[at] > 0) at = fine[at];
            if (at >= count || words[at].Before > Break.Comma) return;
            // “Danke, dass Sie …”
            var since = finds.Longest("since")[at];
            if (words[at].Before == Break.Comma && since == 0) return;
            var end = ClauseEnd(at);
            if (reason[at] > 0 || since > 0)
            {
                var from = Math.Min(Math.Max(reason[at], since), count);
                Cover(at, from);
                var i = from;
                for (; i < end && i - from < LongestReason && !(joins[i] > 0 && i > from) && IsHarmless(i); i++) covered[i] = true;
                // “… and the friendly advice”
                if (i < end && joins[i] > 0 && joins[i] < end && finds.Longest("second")[joins[i]] > 0 && end - joins[i] <= LongestSecondReason && Enumerable.Range(i, end - i).All(IsHarmless))
                    Cover(i, end);
            }
            else if (end - at <= (IsCapital(at) ? 2 : 1) && Enumerable.Range(at, end - at).All(IsHarmless))
                Cover(at, end);
        }

        int ClauseEnd(int word)
        {
            var end = word + 1;
            while (end < count && words[end].Before == Break.None) end++;
            return end;
        }

        // A name is known by its capital, save where all is written in capitals.
        bool IsCapital(int word) => hasSmall && char.IsUpper(read.Text[words[word].Start]);

        bool IsHarmless(int word) => bad[word] == 0 && own[word] == 0 && !char.IsDigit(words[word].Folded, 0);

        void CoverGreetings()
        {
            var greeting = finds.Longest("greeting");
            for (var i = 0; i < count; i++)
                if (greeting[i] > 0 && read.BeginsLine(i))
                {
                    Cover(i, greeting[i]);
                    for (var name = greeting[i]; name < count && name < greeting[i] + 4 && words[name].Before == Break.None && !covered[name] && IsHarmless(name); name++) covered[name] = true;
                }
        }

        // “It”, “is” and “the” say nothing of their own in a sentence of which the rest is known.
        void CoverPlainWords()
        {
            var plain = finds.Longest("plain");
            var known = Enumerable.Range(0, count).Where(i => covered[i]).Select(i => words[i].Sentence).ToHashSet();
            for (var i = 0; i < count; i++)
                if (plain[i] > 0 && known.Contains(words[i].Sentence)) Cover(i, plain[i]);
        }

        // “The technician was very friendly”: good news may hold a few words that are not known, if none is a bad one.
        void CoverGoodNews()
        {
            var (good, noun) = (finds.Longest("good"), finds.Longest("noun"));
            for (int from = 0, to; from < count; from = to)
            {
                to = ClauseEnd(from);
                var unknown = Enumerable.Range(from, to - from).Where(i => !covered[i]).ToList();
                if (unknown.Count == 0 || unknown.Count(i => noun[i] == 0) > UnknownInGoodNews || !unknown.TrueForAll(i => bad[i] == 0 && !char.IsDigit(words[i].Folded, 0))) continue;
                if (good.AsSpan(from, to - from).ContainsAnyInRange(1, to)) Cover(from, to);
            }
        }

        // A name at the end, with no closing before it.
        void CoverLastName()
        {
            // “Lucy x”
            var end = count;
            if (end > 1 && words[end - 1].Before == Break.None && words[end - 1].Folded.All(c => c == 'x')) end--;
            var first = end;
            while (first > 0 && end - first < 3 && !covered[first - 1] && IsCapital(first - 1) && bad[first - 1] == 0) first--;
            if (first > 0 && first < end && (read.BeginsLine(first) || words[first].Before == Break.Comma)) Cover(first, count);
        }
    }
}
