using NodaTime;

namespace Amends.Promises.Finding;

/// <summary>What a verb does when we promise it; where the object decides, the kind is found from nouns.</summary>
enum VerbKind
{
    Other,
    Answer,
    Call,
    Visit,
    Delivery,
    Refund,

    /// <summary>To send: a parcel, a document, money or a person.</summary>
    Send,

    /// <summary>The customer gets it: a parcel, an answer, money.</summary>
    Get,

    /// <summary>Says nothing without its noun: to have an answer, to give a call. No act where no noun of ours follows.</summary>
    Light,

    /// <summary>To arrange, to issue, to process: the noun decides, else it is other.</summary>
    Arrange,

    /// <summary>To come: a person visits, a thing is delivered.</summary>
    Come,

    /// <summary>To check, to look into: an act of its own only where no act for the customer follows in the same breath.</summary>
    Check,

    /// <summary>No act: to hope, to need, to try, to be.</summary>
    Stop,
}

/// <summary>Forms of a verb, as flags: one word can be several.</summary>
[Flags]
enum VerbForm
{
    None = 0,
    Infinitive = 1,

    /// <summary>I or we, present.</summary>
    First = 2,

    /// <summary>He, she, it, they, present.</summary>
    Third = 4,
    Participle = 8,
    Ing = 16,
    FutureFirst = 32,
    FutureThird = 64,

    /// <summary>You, polite, future.</summary>
    FutureYou = 128,
    Subjunctive = 256,

    /// <summary>You, polite, present.</summary>
    You = 512,
}

/// <summary>One verb in one form.</summary>
/// <param name="Particle">A word that must stand elsewhere in the clause: "ruft … an"; null where none.</param>
readonly record struct VerbEntry(string Verb, VerbKind Kind, VerbForm Form, string? Particle);

/// <summary>A clause or a part of one: between marks, and where a new verb follows "and".</summary>
/// <param name="Start">First token.</param>
/// <param name="End">The token after its last.</param>
/// <param name="Hard">A semicolon, colon, dash or bracket stands before it.</param>
/// <param name="Joined">"And", "but" or their like begin it.</param>
readonly record struct Segment(int Start, int End, bool Hard, bool Joined);

/// <summary>An act that somebody of ours commits to, before its time is known.</summary>
sealed class Act
{
    public required int Verb;
    public required string Name;
    public required VerbKind Kind;
    public required string Reason;

    /// <summary>Shares subject and auxiliary with the act before: "… and send it back".</summary>
    public bool Shares;

    /// <summary>Only with a time does it look ahead: "the parcel leaves tomorrow".</summary>
    public bool NeedsTime;
    public bool Conditional;

    /// <summary>The kind found from nouns; null where none decided.</summary>
    public PromiseKind? Found;
    public int Start;

    /// <summary>The token after its last.</summary>
    public int End;

    /// <summary>As far as a time may belong to it.</summary>
    public int Reach;
    public SaidTime? Time;
}

/// <summary>A sentence as the rules of a language see it.</summary>
sealed class SentenceView(Grammar grammar, List<Token> tokens, List<SaidTime> times)
{
    public List<Token> Tokens => tokens;
    public List<SaidTime> Times => times;
    public List<Segment> Segments { get; } = [];

    readonly bool[] inTime = new bool[tokens.Count];
    readonly bool[] quoted = new bool[tokens.Count];
    readonly int[] segmentOf = new int[tokens.Count];

    public int Count => tokens.Count;

    public string Word(int at) => at >= 0 && at < tokens.Count ? tokens[at].Word : "";

    public string Raw(int at) => at >= 0 && at < tokens.Count ? tokens[at].Raw : "";

    /// <summary>Not part of a time, not within quotation marks.</summary>
    public bool IsFree(int at) => at >= 0 && at < tokens.Count && !inTime[at] && !quoted[at];

    public Segment SegmentAt(int at) => Segments[segmentOf[at]];

    public int SegmentIndex(int at) => segmentOf[at];

    public bool Any(int from, int to, HashSet<string> words)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, Count); i++)
            if (!inTime[i] && words.Contains(tokens[i].Word))
                return true;
        return false;
    }

    public void Build()
    {
        foreach (var time in times)
            for (var i = time.First; i <= time.Last; i++)
                inTime[i] = true;
        MarkQuotes();
        var start = 0;
        var (hard, joined) = (false, false);
        void Close(int end)
        {
            if (end > start)
                Segments.Add(new(start, end, hard, joined));
        }
        for (var i = 0; i < tokens.Count; i++)
        {
            if (inTime[i])
                continue;
            var token = tokens[i];
            if (token.IsMark && token.Word is "," or ";" or ":" or "(" or ")" or "–" or "—" or "-" or "•" or "·" or "▪" && !(token.Word == "-" && i > 0 && tokens[i - 1].End == token.Start))
            {
                Close(i);
                // A comma does not take the force of a semicolon that came just before it.
                (hard, joined) = (token.Word is not ("," or ":") || hard && i == start, false);
                start = i + 1;
            }
            else if (grammar.Joins.Contains(token.Word) && (i == start || BeginsClause(i + 1)))
            {
                var after = i == start && hard;
                Close(i);
                (hard, joined) = (after, true);
                start = i + 1;
            }
        }
        Close(tokens.Count);
        for (var s = 0; s < Segments.Count; s++)
            for (var i = Segments[s].Start; i < Segments[s].End; i++)
                segmentOf[i] = s;
        // Marks belong to the segment before them.
        for (var i = 1; i < tokens.Count; i++)
            if (segmentOf[i] == 0 && (Segments.Count == 0 || i >= Segments[0].End))
                segmentOf[i] = segmentOf[i - 1];
    }

    bool BeginsClause(int at)
    {
        for (var i = at; i < Math.Min(Count, at + 14); i++)
        {
            if (tokens[i].IsMark && !inTime[i])
                return false;
            if (!inTime[i] && i > at && grammar.Joins.Contains(tokens[i].Word))
                return false;
            if (!inTime[i] && grammar.IsClauseWord(this, i))
                return true;
        }
        return false;
    }

    void MarkQuotes()
    {
        var open = -1;
        var close = "";
        for (var i = 0; i < tokens.Count; i++)
        {
            var mark = tokens[i].Raw;
            if (open < 0)
            {
                close = mark switch { "“" => "”", "„" => "“", "«" => "»", "»" => "«", "\"" => "\"", "‚" => "‘", "‹" => "›", _ => "" };
                if (close.Length > 0)
                    open = i;
            }
            else if (mark == close || close == "“" && mark is "”" or "\"")
            {
                for (var q = open; q <= i; q++) quoted[q] = true;
                open = -1;
            }
        }
        // A quotation that the next sentences go on with.
        if (open >= 0)
            for (var q = open; q < tokens.Count; q++) quoted[q] = true;
        OpenQuote = open >= 0 ? close : null;
    }

    public PromiseKind? KindOf(Act act) => grammar.KindOf(this, act);

    /// <summary>The sentence before speaks of somebody who is not ours: a mere "he" or "this one" may be that one.</summary>
    public bool AfterStranger { get; init; }

    /// <summary>The clause around a token has no verb of its own: what stands in it belongs to the clause before.</summary>
    public bool IsPlainClause(int at)
    {
        var segment = SegmentAt(at);
        for (var i = segment.Start; i < segment.End; i++)
            if (!inTime[i] && grammar.IsClauseWord(this, i))
                return false;
        return true;
    }

    /// <summary>What would close a quotation that is still open at the end; null where none is.</summary>
    public string? OpenQuote { get; private set; }
}

/// <summary>A language: its words of time, its verbs and nouns as tables, and how it puts a commitment.</summary>
abstract class Grammar
{
    public static readonly Grammar[] All = [new English(), new German(), new Spanish(), new French()];

    /// <summary>Two letters.</summary>
    public abstract string Code { get; }

    public TimeWords Times { get; }

    readonly Dictionary<string, VerbEntry[]> verbs = new(StringComparer.Ordinal);

    /// <summary>Those with accents, without them; read only where no verb is written so.</summary>
    readonly Dictionary<string, VerbEntry[]> bare = new(StringComparer.Ordinal);

    /// <summary>Nouns that say what is promised.</summary>
    readonly Dictionary<string, PromiseKind> nouns = new(StringComparer.Ordinal);

    /// <summary>Words that begin another clause on the same level.</summary>
    public HashSet<string> Joins { get; }

    /// <summary>Those who are not ours: what they do is no promise.</summary>
    protected HashSet<string> Strangers { get; }

    /// <summary>Words that take the firmness away.</summary>
    protected HashSet<string> Doubts { get; }

    readonly string[][] tails;
    readonly string[][] reports;
    readonly string[][] unsure;
    readonly HashSet<string> habits;
    readonly HashSet<string> frequent;

    protected Grammar(string times, string nounTable, string joins, string strangers, string doubts, string tails, string reports, string frequent, string unsure, string habits)
    {
        Times = new(times);
        foreach (var line in nounTable.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var kind = Enum.Parse<PromiseKind>(line[..line.IndexOf(':', StringComparison.Ordinal)]);
            foreach (var noun in line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                nouns[Tokens.Plain(noun)] = kind;
                if (TimeWords.Spelled(noun) is { } spelled)
                    nouns.TryAdd(spelled, kind);
            }
        }
        Joins = Set(joins);
        Strangers = Set(strangers);
        Doubts = Set(doubts);
        this.tails = Phrases(tails);
        this.reports = Phrases(reports);
        this.frequent = Set(frequent);
        this.unsure = Phrases(unsure);
        this.habits = Set(habits);
    }

    protected static HashSet<string> Set(string words) => [.. words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(Tokens.Plain)];

    protected static string[][] Phrases(string lines) => [.. lines.Split(['|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' ').Select(Tokens.Plain).ToArray())];

    /// <summary>A form of a verb, as it is written and as it is typed without accents.</summary>
    protected void Add(string word, VerbEntry entry)
    {
        Add(verbs, word, entry);
        if (Tokens.Plain(word) is var plain && plain != word)
            Add(bare, plain, entry);
        if (TimeWords.Spelled(word) is { } spelled)
            Add(verbs, spelled, entry);
    }

    static void Add(Dictionary<string, VerbEntry[]> verbs, string word, VerbEntry entry) =>
        verbs[word] = verbs.TryGetValue(word, out var known)
            ? (Array.FindIndex(known, k => k.Verb == entry.Verb && k.Kind == entry.Kind && k.Particle == entry.Particle) is >= 0 and var at)
                ? [.. known[..at], known[at] with { Form = known[at].Form | entry.Form }, .. known[(at + 1)..]]
                : [.. known, entry]
            : [entry];

    public VerbEntry[] VerbsAt(SentenceView s, int at) => s.IsFree(at) ? VerbsOf(s.Raw(at)) : [];

    protected VerbEntry[] VerbsOf(string word) => verbs.TryGetValue(word, out var known) || bare.TryGetValue(word, out known) ? known : Derived(word);

    /// <summary>What the tables say of the verb within a word that they do not hold.</summary>
    protected virtual VerbEntry[] Derived(string word) => [];

    /// <summary>Looks like a time and is none: "the night at the hotel".</summary>
    public virtual bool IsNoTime(List<Token> tokens, SaidTime said) => false;

    /// <summary>A verb of a form, preferring what stands first in the tables.</summary>
    protected VerbEntry? Find(SentenceView s, int at, VerbForm form)
    {
        foreach (var entry in VerbsAt(s, at))
            if ((entry.Form & form) != 0 && entry.Particle is null)
                return entry;
        return null;
    }

    protected PromiseKind? Noun(SentenceView s, int at) => s.IsFree(at) && nouns.TryGetValue(s.Word(at), out var kind) ? kind : NounPart(s, at);

    /// <summary>The noun within a compound, where the language makes them.</summary>
    protected virtual PromiseKind? NounPart(SentenceView s, int at) => null;

    protected bool IsNoun(string word, out PromiseKind kind) => nouns.TryGetValue(word, out kind);

    protected bool HasNoun(SentenceView s, int from, int to, PromiseKind kind)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, s.Count); i++)
            if (Noun(s, i) == kind)
                return true;
        return false;
    }

    /// <summary>The kind of the first noun that has one.</summary>
    protected virtual PromiseKind? FirstNoun(SentenceView s, int from, int to)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, s.Count); i++)
            if (Noun(s, i) is { } kind)
                return kind;
        return null;
    }

    /// <summary>How much a sentence looks like this language.</summary>
    public int Likeness(List<Token> tokens)
    {
        var score = 0;
        foreach (var token in tokens)
            if (token.IsWord && frequent.Contains(token.Word))
                score++;
        return score;
    }

    protected static bool Matches(SentenceView s, int at, string[] phrase)
    {
        for (var i = 0; i < phrase.Length; i++)
            if (s.Word(at + i) != phrase[i])
                return false;
        return true;
    }

    /// <summary>"At the latest", after a time.</summary>
    public bool IsTail(List<Token> tokens, int at, out int length)
    {
        foreach (var tail in tails)
        {
            var i = 0;
            while (i < tail.Length && at + i < tokens.Count && tokens[at + i].Word == tail[i]) i++;
            if (i == tail.Length)
            {
                length = i;
                return true;
            }
        }
        length = 0;
        return false;
    }

    /// <summary>Where somebody else's words begin: "you said", "according to"; the count of tokens where nobody's do.</summary>
    public int ReportedFrom(SentenceView s)
    {
        for (var i = 0; i < s.Count; i++)
            if (s.IsFree(i))
                foreach (var phrase in reports)
                    if (Matches(s, i, phrase) && !IsOurReport(s, i))
                        return i;
        return s.Count;
    }

    /// <summary>"It may be that": several words take the firmness from what follows them, up to a dash or another clause on the same level.</summary>
    public void Unsettle(SentenceView s, List<Act> acts)
    {
        for (var i = 0; i < s.Count && acts.Count > 0; i++)
            foreach (var phrase in unsure)
                if (s.Word(i) == phrase[0] && s.IsFree(i) && Matches(s, i, phrase))
                    acts.RemoveAll(act => act.Verb > i && !PromiseFinder.IsApart(s, i, act.Verb, true));
    }

    /// <summary>"Every", "on Mondays": what always happens is no promise where the verb does not look ahead by itself.</summary>
    public bool IsHabit(SentenceView s, Act act) => s.SegmentAt(act.Verb) is var segment && s.Any(segment.Start, segment.End, habits);

    /// <summary>Somebody who is not ours is named.</summary>
    public bool NamesStranger(SentenceView s) => s.Any(0, s.Count, Strangers);

    /// <summary>"As I said": ours again.</summary>
    protected virtual bool IsOurReport(SentenceView s, int at) => false;

    /// <summary>True where a condition begins.</summary>
    public abstract bool IsCondition(SentenceView s, int at);

    /// <summary>True for a word that only stands in a clause of its own: a pronoun that does, an auxiliary, a verb.</summary>
    public abstract bool IsClauseWord(SentenceView s, int at);

    /// <summary>The acts that a sentence commits us to, in order of their verbs.</summary>
    public abstract void Acts(SentenceView s, List<Act> acts);

    /// <summary>"th", "er", "º".</summary>
    public abstract bool IsOrdinal(string word);

    /// <summary>A dot after a number makes it an ordinal: "am 24."; elsewhere it ends the sentence.</summary>
    public virtual bool DotMakesOrdinal => false;

    /// <summary>The indefinite article: the same word as "one", and no hour by itself.</summary>
    public virtual bool IsArticle(string word) => false;

    /// <summary>A day of a month as an ordinal in words: "the third"; 0 where it is none.</summary>
    public virtual int OrdinalWord(string word) => 0;

    /// <summary>An ordinal number that names a day: "the 24th".</summary>
    public virtual bool OrdinalIsDay(List<Token> tokens, int at) => true;

    /// <summary>A number that names a day: "le 24".</summary>
    public virtual bool NumberIsDay(List<Token> tokens, int at) => false;

    /// <summary>1 for "past", -1 for "to" in "ten past five"; 0 else.</summary>
    public virtual int MinutesBefore(string word) => 0;

    /// <summary>Hours of the clock and of durations are one word.</summary>
    public virtual bool HoursAreDurations => false;

    /// <summary>12/24 is the 24th of December.</summary>
    public virtual bool MonthFirst(string zone) => false;

    /// <summary>The kind of an act, from its verb and the nouns around; null where it is none after all.</summary>
    public virtual PromiseKind? KindOf(SentenceView s, Act act)
    {
        var after = FirstNoun(s, act.Verb + 1, act.End);
        var before = FirstNoun(s, act.Start, act.Verb);
        return act.Kind switch
        {
            VerbKind.Answer => PromiseKind.Answer,
            VerbKind.Call => PromiseKind.Call,
            VerbKind.Visit => after is PromiseKind.Delivery && FetchesToo(s, act) ? PromiseKind.Delivery : PromiseKind.Visit,
            VerbKind.Delivery => PromiseKind.Delivery,
            VerbKind.Refund => PromiseKind.Refund,
            VerbKind.Send => after ?? before ?? PromiseKind.Delivery,
            VerbKind.Get => after ?? before ?? PromiseKind.Delivery,
            VerbKind.Light => after ?? before,
            VerbKind.Arrange => after ?? before ?? PromiseKind.Other,
            VerbKind.Come => FetchesToo(s, act) ? PromiseKind.Delivery : before ?? after ?? ComesAlone(s, act),
            _ => PromiseKind.Other,
        };
    }

    /// <summary>"Come to collect": the purpose is the kind.</summary>
    protected virtual bool FetchesToo(SentenceView s, Act act)
    {
        for (var i = act.Verb + 1; i < Math.Min(act.End, act.Verb + 12); i++)
            foreach (var entry in VerbsAt(s, i))
                if (entry.Kind == VerbKind.Delivery && (entry.Form & VerbForm.Infinitive) != 0)
                    return true;
        return false;
    }

    /// <summary>Who comes when no noun says it: a person, or "it".</summary>
    protected virtual PromiseKind ComesAlone(SentenceView s, Act act) => PromiseKind.Visit;
}
