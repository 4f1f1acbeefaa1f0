using Amends.Foundation.Phrases;

namespace Amends.Cases.Phrases;

/// <summary>A phrase in a text.</summary>
/// <param name="Start">Where it begins, in characters.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Text">The phrase as it stands there.</param>
sealed record Said(int Start, int Length, string Text);

/// <summary>What an outgoing text apologises or assures, and what it says is done or will be.</summary>
/// <param name="Phrases">The apologies and assurances, in their order.</param>
/// <param name="Act">The first thing done or promised, or null.</param>
sealed record Apology(IReadOnlyList<Said> Phrases, Said? Act)
{
    /// <summary>True where the text apologises or assures, and nothing is done or promised in it.</summary>
    public bool IsEmpty => Phrases.Count > 0 && Act is null;
}

/// <summary>
/// Finds apologies and assurances with nothing behind them, by the phrases of <c>apologies.*.txt</c>. Not counted are: what the customer said, what is quoted, “sorry, one more question”.
/// An act is something of ours that is done, being done or will be; what failed (“sorry that we sent the wrong pump”), hopes, refusals, trying and looking into it are none, save by a time that is named.
/// </summary>
static class Apologies
{
    /// <summary>Reads a text of any length and content in linear time.</summary>
    /// <param name="text">The new text of a message, without what it quotes.</param>
    /// <param name="language">Two letters, where known; else it is guessed, and where it cannot be, all are tried.</param>
    /// <param name="unmarked">Phrases that the house has learned are none: what lies within one of them is left out.</param>
    public static Apology Read(string text, string? language = null, IReadOnlyCollection<string>? unmarked = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = PhraseText.Read(text, withoutSpeech: true);
        if (read.Words.Count == 0) return new([], null);
        language = language is not null && TextLanguage.All.Contains(language) ? language : TextLanguage.Guess(read);
        var all = (language is null ? TextLanguage.All : [language]).Select(one => new Reader(text, read, one, unmarked ?? []).Answer()).ToList();
        return new([.. all.SelectMany(one => one.Phrases).DistinctBy(one => one.Start).OrderBy(one => one.Start)], all.Select(one => one.Act).FirstOrDefault(act => act is not null));
    }

    sealed class Reader
    {
        readonly string text;
        readonly PhraseText read;
        readonly PhraseFinds finds;
        readonly int[] clause, relation, subordinate, joins, main;
        readonly bool[] actBegins, blocked, learned;

        int Count => read.Words.Count;

        public Reader(string text, PhraseText read, string language, IReadOnlyCollection<string> unmarked)
        {
            (this.text, this.read) = (text, read);
            finds = PhraseBook.Of("apologies." + language).Find(read);
            (relation, subordinate, joins, main) = (finds.Longest("relation"), finds.Longest("subord"), finds.Longest("joins"), finds.Longest("main"));
            actBegins = [.. finds.Longest("act", "open", "inverted", "soft").Select(end => end > 0)];
            clause = Clauses();
            blocked = Covered(finds.In("block").Where(InOneClause));
            learned = Learned(unmarked);
        }

        // A clause ends at any sign, and before “and we …”.
        int[] Clauses()
        {
            var number = new int[Count];
            for (var i = 1; i < Count; i++)
                number[i] = number[i - 1] + (read.Words[i].Before != Break.None || (joins[i] > 0 && BeginsMain(joins[i])) ? 1 : 0);
            return number;
        }

        bool BeginsMain(int word) => word < Count && (main[word] > 0 || actBegins[word]);

        bool InOneClause(Found one) => clause[one.Start] == clause[one.End - 1];

        bool[] Covered(IEnumerable<Found> found)
        {
            var covered = new bool[Count];
            foreach (var one in found)
                Array.Fill(covered, true, one.Start, one.End - one.Start);
            return covered;
        }

        bool[] Learned(IReadOnlyCollection<string> unmarked)
        {
            var covered = new bool[Count];
            foreach (var phrase in unmarked.Select(one => PhraseText.Read(one).Words).Where(one => one.Count > 0))
                for (var i = 0; i + phrase.Count <= Count; i++)
                {
                    var same = 0;
                    while (same < phrase.Count && phrase[same].Folded == read.Words[i + same].Folded) same++;
                    if (same == phrase.Count) Array.Fill(covered, true, i, same);
                }
            return covered;
        }

        static bool Touches(Found one, bool[] covered) => Array.IndexOf(covered, true, one.Start, one.End - one.Start) >= 0;

        bool IsLearned(Found one) => Array.IndexOf(learned, false, one.Start, one.End - one.Start) < 0;

        public Apology Answer()
        {
            var small = Covered([.. finds.In("small"), .. finds.In("asking").Where(IsAQuestion)]);
            var slight = Covered(finds.In("slight"));
            var apologies = finds.In("apology").Where(one => !Touches(one, blocked)).ToList();
            var meant = apologies.Where(one => !Touches(one, small) && !IsLearned(one)).ToList();
            var assurances = finds.In("assurance").Where(one => !Touches(one, blocked) && !IsLearned(one)).ToList();
            if (meant.Count + assurances.Count == 0) return new([], null);
            if (assurances.Count == 0 && meant.TrueForAll(one => Touches(one, slight)) && SaysMore(meant)) return new([], null);
            return new([.. meant.Concat(assurances).GroupBy(one => one.Start).Select(same => Said(same.MaxBy(one => one.End))).OrderBy(one => one.Start)], Act(apologies));
        }

        Said Said(Found one)
        {
            var (first, last) = (read.Words[one.Start], read.Words[one.End - 1]);
            return new(first.Start, last.Start + last.Length - first.Start, text[first.Start..(last.Start + last.Length)]);
        }

        // “Sorry, which floor is it?” asks; “sorry for the noise, where was it?” is sorry.
        bool IsAQuestion(Found one) =>
            read.Asks(one.Start) && read.Words[one.Start].Before == Break.Sentence && !(one.End < Count && relation[one.End] > 0 && read.Words[one.End].Before == Break.None);

        // A slight apology (a late answer) counts where nothing else is said.
        bool SaysMore(List<Found> slight)
        {
            var its = slight.Select(one => read.Words[one.Start].Sentence).ToHashSet();
            var thanks = finds.Longest("thanks");
            return read.Words.Select((word, i) => (word.Sentence, Thanks: thanks[i] > 0)).Where(one => !its.Contains(one.Sentence)).GroupBy(one => one.Sentence)
                .Any(sentence => sentence.Count() >= 4 && !sentence.Any(one => one.Thanks));
        }

        Said? Act(List<Found> apologies)
        {
            var failure = Failure(apologies);
            var idle = new bool[Count];
            foreach (var one in finds.In("idle")) idle[one.End - 1] = true;
            HashSet<int> ClausesOf(string section) => [.. finds.In(section).Select(one => clause[one.Start])];
            var refused = ClausesOf("void");
            var failed = ClausesOf("failure");
            failed.ExceptWith(ClausesOf("mended"));
            var timed = finds.In("time").Select(one => read.Words[one.Start].Sentence).ToHashSet();

            bool Counts(Found one) => InOneClause(one) && !failure[one.Start] && !failure[one.End - 1] && !Touches(one, blocked) && !read.Asks(one.Start) && !refused.Contains(clause[one.Start]) && !failed.Contains(clause[one.Start]);

            var acts = finds.In("act").Where(Counts)
                .Concat(finds.In("open").Where(one => !idle[one.End - 1] && Counts(one)))
                .Concat(finds.In("inverted").Where(one => !idle[one.Start] && Counts(one)))
                .Concat(finds.In("soft").Where(one => timed.Contains(read.Words[one.Start].Sentence) && Counts(one)));
            if (acts.OrderBy(one => one.Start).Select(Said).FirstOrDefault() is { } act) return act;

            // Nothing that is known as an act: an instruction, a question, or something solid (a time, a number, a place) is an answer too.
            var padding = ClausesOf("pad");
            var apologetic = Covered([.. finds.In("apology"), .. finds.In("assurance")]);
            bool Stands(Found one) => InOneClause(one) && !failure[one.Start] && !failure[one.End - 1] && !Touches(one, apologetic) && !read.Asks(one.Start) && !refused.Contains(clause[one.Start]);
            var rhetoric = finds.In("rhetoric").Select(one => read.Words[one.Start].Sentence).ToHashSet();
            return finds.In("solid").Where(one => Stands(one) && !padding.Contains(clause[one.Start]))
                .Concat(finds.In("order").Where(one => (one.Start == 0 || clause[one.Start] != clause[one.Start - 1]) && Stands(one)))
                .Concat(Enumerable.Range(0, Count).Where(i => read.Asks(i) && (i == Count - 1 || read.Words[i + 1].Sentence != read.Words[i].Sentence) && !rhetoric.Contains(read.Words[i].Sentence)).Select(i => new Found(0, i, i + 1)))
                .OrderBy(one => one.Start).Select(Said).FirstOrDefault();
        }

        // What an apology is for: the words after “sorry that”, up to where a new clause begins.
        bool[] Failure(List<Found> apologies)
        {
            var failure = new bool[Count];
            foreach (var one in finds.In("front").Where(one => read.Words[one.Start].Before == Break.Sentence))
                for (var i = one.Start; i < Count && (i < one.End || read.Words[i].Before == Break.None); i++) failure[i] = true;
            foreach (var one in apologies)
            {
                if (one.End >= Count || relation[one.End] == 0 || read.Words[one.End].Before >= Break.Strong) continue;
                for (var i = one.End; i < Count && (i == one.End || !failure[i]); i++)
                {
                    var before = read.Words[i].Before;
                    if (i > one.End && (before >= Break.Strong || (before == Break.Comma && BeginsNew(i)) || (joins[i] > 0 && BeginsNew(joins[i])))) break;
                    failure[i] = true;
                }
            }
            return failure;

            bool BeginsNew(int word) => word < Count && (actBegins[word] || (main[word] > 0 && subordinate[word] == 0));
        }
    }
}
