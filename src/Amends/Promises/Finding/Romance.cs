namespace Amends.Promises.Finding;

/// <summary>What Spanish and French share: endings that say who will act, pronouns before the verb, "we are going to".</summary>
abstract class Romance(string times, string nouns, string joins, string strangers, string doubts, string tails, string reports, string frequent, string unsure, string habits, string idioms)
    : Grammar(times, nouns, joins, strangers, doubts, tails, reports, frequent, unsure, habits)
{
    /// <summary>A part of an idiom: words side by side, or any noun of a kind.</summary>
    readonly record struct Part(string[][] Words, PromiseKind[] Nouns, bool Behind);

    /// <summary>What a verb promises beside certain words; no kind where it then promises nothing.</summary>
    readonly record struct Idiom(Part[] Parts, PromiseKind? Kind);

    readonly Dictionary<string, Idiom[]> idioms = ReadIdioms(idioms);

    // "Kind: verb part part | verb part"; a part is choices apart by /, words_side_by_side or $Kind, with > behind the verb only.
    static Dictionary<string, Idiom[]> ReadIdioms(string table)
    {
        var read = new Dictionary<string, List<Idiom>>(StringComparer.Ordinal);
        foreach (var line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            PromiseKind? kind = line[..colon] == "None" ? null : Enum.Parse<PromiseKind>(line[..colon]);
            foreach (var said in line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var words = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var idiom = new Idiom([.. words[1..].Select(ReadPart)], kind);
                foreach (var verb in words[0].Split('/'))
                    (read.TryGetValue(verb, out var known) ? known : read[verb] = []).Add(idiom);
            }
        }
        return read.ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
    }

    static Part ReadPart(string said)
    {
        var behind = said[0] == '>';
        var choices = (behind ? said[1..] : said).Split('/');
        return new([.. choices.Where(c => c[0] != '$').Select(c => c.Split('_').Select(Tokens.Plain).ToArray())], [.. choices.Where(c => c[0] == '$').Select(c => Enum.Parse<PromiseKind>(c[1..]))], behind);
    }

    /// <summary>True where the verb stands in an idiom of the table; the kind is null where that promises nothing.</summary>
    protected bool IsIdiom(SentenceView s, Act act, out PromiseKind? kind)
    {
        kind = null;
        if (!idioms.TryGetValue(act.Name, out var known))
            return false;
        foreach (var idiom in known)
        {
            kind = idiom.Kind;
            if (Array.TrueForAll(idiom.Parts, part => HasPart(s, act, part)))
                return true;
        }
        kind = null;
        return false;
    }

    /// <summary>"Sans frais", "sin coste" name nothing that is sent.</summary>
    protected override PromiseKind? FirstNoun(SentenceView s, int from, int to)
    {
        for (var i = Math.Max(0, from); i < Math.Min(to, s.Count); i++)
            if (Noun(s, i) is { } kind && s.Word(i - 1) is not ("sans" or "sin"))
                return kind;
        return null;
    }

    bool HasPart(SentenceView s, Act act, Part part)
    {
        for (var i = part.Behind ? act.Verb + 1 : act.Start; i < act.End; i++)
        {
            if (i == act.Verb)
                continue;
            if (part.Nouns.Length > 0 && Noun(s, i) is { } noun && part.Nouns.Contains(noun))
                return true;
            foreach (var words in part.Words)
                if (s.Word(i) == words[0] && Matches(s, i, words))
                    return true;
        }
        return false;
    }

    /// <summary>I or we, said as a word.</summary>
    protected abstract HashSet<string> We { get; }

    /// <summary>You, as subject.</summary>
    protected abstract HashSet<string> You { get; }

    /// <summary>Us, as object before the verb: then it is the customer who acts.</summary>
    protected abstract HashSet<string> Us { get; }

    /// <summary>Pronouns and little words that may stand between an auxiliary and its verb.</summary>
    protected abstract HashSet<string> Between { get; }

    protected abstract HashSet<string> Not { get; }

    /// <summary>Forms of to go that make a future, with who goes: true for us.</summary>
    protected abstract bool? Goes(string word);

    /// <summary>Forms of to be in the future: true for you.</summary>
    protected abstract bool? WillBe(string word);

    /// <summary>Where the infinitive after an auxiliary stands, or -1.</summary>
    protected abstract int InfinitiveAfter(SentenceView s, int at);

    /// <summary>"To make sure that": the verb after it is the act.</summary>
    protected abstract bool MakesSure(SentenceView s, int at);

    /// <summary>We, in the future, of a verb that no table knows.</summary>
    protected abstract bool IsOwnFuture(string raw);

    protected abstract HashSet<string> Pledges { get; }

    /// <summary>Words that begin a clause of purpose or an indirect question.</summary>
    protected abstract HashSet<string> Subordinate { get; }

    /// <summary>"Attached": it is done already.</summary>
    protected abstract HashSet<string> Done { get; }

    /// <summary>"That", by which a present only says: "we inform you that".</summary>
    protected abstract string That { get; }

    /// <summary>Forms of we that are also a past: they need a time.</summary>
    protected abstract bool IsAmbiguousPast(string raw);

    /// <summary>The verb in a form; a romance infinitive may carry pronouns.</summary>
    protected virtual VerbEntry? Infinitive(SentenceView s, int at) => Find(s, at, VerbForm.Infinitive);

    /// <summary>Words and pairs of words that say soon, or at whose cost: a present beside them looks ahead.</summary>
    protected abstract string[][] Ahead { get; }

    /// <summary>Those whom a letter ends with: greetings and thanks are sent and promise nothing.</summary>
    protected abstract HashSet<string> Courtesies { get; }

    /// <summary>Where something reaches the customer to read: mail, portal, message.</summary>
    protected abstract bool ToRead(SentenceView s, int from, int to);

    /// <summary>Pronouns for what the act is done to or for, that only stand before a verb.</summary>
    protected abstract bool ObjectBefore(SentenceView s, int at);

    /// <summary>The present of us, of a verb that no table knows.</summary>
    protected abstract bool IsOwnPresent(SentenceView s, int at);

    /// <summary>The future of another, of a verb that no table knows.</summary>
    protected abstract bool IsOtherFuture(string raw);

    /// <summary>To have done, to proceed to: the infinitive that follows is the act.</summary>
    protected abstract int InfinitiveOf(SentenceView s, int at, VerbEntry verb);

    /// <summary>Our, my: what stands behind is none of the strangers.</summary>
    protected abstract HashSet<string> Our { get; }

    /// <summary>Visits, calls and deliveries that are named without a verb.</summary>
    protected abstract PromiseKind? Appointment(SentenceView s, int at);

    /// <summary>"On": the third person says we.</summary>
    protected virtual bool IsOn(SentenceView s, int at) => false;

    protected bool LooksAhead(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            foreach (var phrase in Ahead)
                if (s.Word(i) == phrase[0] && Matches(s, i, phrase))
                    return true;
        return false;
    }

    /// <summary>Turns of phrase that the tables do not cover; true where one was read.</summary>
    protected abstract bool Turn(SentenceView s, int at, List<Act> acts);

    /// <summary>The act is done by telephone.</summary>
    protected abstract bool ByPhone(SentenceView s, Act act);

    /// <summary>Ends as a participle does.</summary>
    protected abstract bool IsParticiple(string raw);

    public override bool IsClauseWord(SentenceView s, int at)
    {
        if (s.Word(at) == "part" && s.Word(at - 1) is "ma" or "notre" or "votre" or "ta")
            return false;
        if (We.Contains(s.Word(at)) || You.Contains(s.Word(at)) || WillBe(s.Raw(at)) is not null || Goes(s.Raw(at)) is not null || IsOwnFuture(s.Raw(at)) || IsCondition(s, at))
            return true;
        foreach (var entry in VerbsAt(s, at))
            if ((entry.Form & (VerbForm.First | VerbForm.Third | VerbForm.FutureFirst | VerbForm.FutureThird | VerbForm.FutureYou | VerbForm.You)) != 0 && (Noun(s, at) is null || ObjectBefore(s, at)))
                return true;
        return false;
    }

    public override void Acts(SentenceView s, List<Act> acts)
    {
        var pledgedUntil = -1;
        for (var i = 0; i < s.Count; i++)
        {
            if (!s.IsFree(i))
                continue;
            var count = acts.Count;
            if (Pledges.Contains(s.Word(i)))
                pledgedUntil = i + 6;
            if (Turn(s, i, acts)) { }
            else if (MakesSure(s, i))
                Ensured(s, i, acts);
            else if (Goes(s.Raw(i)) is { } ours && InfinitiveAfter(s, i) is >= 0 and var infinitive)
                Infinite(s, i, infinitive, ours, acts, "near future");
            else if (WillBe(s.Raw(i)) is { } you)
                Being(s, i, you, acts);
            else if (IsNow(s.Raw(i)))
                Now(s, i, acts);
            else if (i <= pledgedUntil && Infinitive(s, i) is { Kind: not VerbKind.Stop } promised)
            {
                Put(acts, s, i, promised, "promise to");
                pledgedUntil = -1;
            }
            else if (acts.Count > 0 && s.SegmentAt(i).Joined && acts[^1].Reason is "near future" or "promise to" && i <= s.SegmentAt(i).Start + 3 && Infinitive(s, i) is { Kind: not VerbKind.Stop } shared && OnlyBetween(s, s.SegmentAt(i).Start, i))
                Put(acts, s, i, shared, "near future", shares: true);
            else
                Simple(s, i, acts);
            if (acts.Count == count)
                continue;
            var act = acts[^1];
            if (IsBlocked(s, act.Verb) || act.Reason.StartsWith("present", StringComparison.Ordinal) && IsHabit(s, act))
                acts.RemoveRange(count, acts.Count - count);
            else
                i = Math.Max(i, act.Verb);
        }
        // "Your card will be unlocked: I activate it at once" is one act.
        for (var i = acts.Count - 2; i >= 0; i--)
            if (acts[i].Reason == "passive" && s.SegmentIndex(acts[i + 1].Verb) == s.SegmentIndex(acts[i].Verb) + 1 && s.Word(s.SegmentAt(acts[i + 1].Verb).Start - 1) == ":")
                acts.RemoveAt(i);
        Named(s, acts);
    }

    /// <summary>"Visit of our technician: Monday at nine." stands for a sentence.</summary>
    void Named(SentenceView s, List<Act> acts)
    {
        if (s.Times.Count == 0)
            return;
        foreach (var segment in s.Segments)
            for (var i = segment.Start; i < Math.Min(segment.End, segment.Start + 3); i++)
            {
                if (!s.IsFree(i) || Appointment(s, i) is not { } kind || HasFinite(s, segment) || s.Word(i - 1) is "pour" or "para" or "de" or "d'" or "del" or "la" or "l'" or "le" or "une" or "una" or "a")
                    continue;
                acts.Add(new() { Verb = i, Name = s.Word(i), Kind = kind switch { PromiseKind.Call => VerbKind.Call, PromiseKind.Delivery => VerbKind.Delivery, PromiseKind.Refund => VerbKind.Refund, PromiseKind.Answer => VerbKind.Answer, _ => VerbKind.Visit }, Reason = "named", NeedsTime = true });
                return;
            }
    }

    bool HasFinite(SentenceView s, Segment segment)
    {
        for (var i = segment.Start; i < segment.End; i++)
            if (WillBe(s.Raw(i)) is not null || Goes(s.Raw(i)) is not null || IsNow(s.Raw(i)) || s.Word(i) is "has" or "ha" or "a" && s.Word(i + 1) is "ete" or "sido"
                || Noun(s, i) is null && Appointment(s, i) is null && VerbsAt(s, i).Any(v => (v.Form & (VerbForm.First | VerbForm.Third | VerbForm.FutureFirst | VerbForm.FutureThird | VerbForm.FutureYou | VerbForm.You)) != 0) && !(s.Word(i) == "part") && !(s.Word(i) == "parte" && s.Word(i - 1) is "nuestra" or "mi"))
                return true;
        return false;
    }

    bool OnlyBetween(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.IsFree(i) && !Between.Contains(s.Word(i)) && !Joins.Contains(s.Word(i)))
                return false;
        return true;
    }

    bool IsBlocked(SentenceView s, int verb)
    {
        var segment = s.SegmentAt(verb);
        if (s.Raw(segment.Start - 1) == "où")
            return true;
        if (s.Any(segment.Start, segment.End, Doubts) || IsNegated(s, segment, verb))
            return true;
        if (s.SegmentIndex(verb) is > 0 and var index && !segment.Joined && !segment.Hard && s.Segments[index - 1] is var lead && lead.End - lead.Start <= 3 && s.Any(lead.Start, lead.End, Doubts))
            return true;
        for (var i = segment.Start; i < verb; i++)
            if (s.IsFree(i) && (Subordinate.Contains(s.Word(i)) || Strangers.Contains(s.Word(i)) && !Our.Contains(s.Word(i - 1)) && s.Word(i - 1) is not "lo"))
                return true;
        for (var i = segment.Start + 1; i < verb; i++)
            if (s.Word(i) is "poste" && s.Tokens[i].Capital && s.Word(i - 1) is "la" && s.Word(i - 2) is not "a")
                return true;
        for (var i = verb; i < Math.Min(segment.End, verb + 6); i++)
        {
            if (s.Tokens[i].IsMark || i > verb && s.Tokens[i].Capital)
                break;
            if (Courtesies.Contains(s.Word(i)))
                return true;
        }
        // "Our insurer's expert, who will give his opinion", "c'est lui qui": whose he is stands before.
        for (var i = segment.Start; i < verb; i++)
            if (i > 0 && s.Word(i) is "qui" or "lequel" or "laquelle" or "lesquels" && OfOthers(s, i))
                return true;
        // "Delivered by …": who does it may stand behind.
        // What we send goes by whom it may.
        for (var i = verb + 2; i < segment.End && !VerbsAt(s, verb).Any(v => v.Kind == VerbKind.Send || v.Verb is "salir" or "partir" or "sortir" or "despachar" or "expedir"); i++)
            if (s.IsFree(i) && Strangers.Contains(s.Word(i)) && (s.Word(i - 1) is "par" or "por" || s.Word(i - 1) is "le" or "la" or "l'" or "votre" or "su" or "el" or "tu" && s.Word(i - 2) is "par" or "por"))
                return true;
        // "They": of things that leave and arrive it is ours, else nobody knows whose.
        for (var i = segment.Start; i < verb; i++)
            if (s.IsFree(i) && They.Contains(s.Word(i)) && !VerbsAt(s, verb).Any(v => v.Kind is VerbKind.Send or VerbKind.Delivery or VerbKind.Come or VerbKind.Refund or VerbKind.Other && (v.Form & VerbForm.Participle) != 0 || v.Kind is VerbKind.Send or VerbKind.Delivery or VerbKind.Come))
                return true;
        return false;
    }

    bool OfOthers(SentenceView s, int at)
    {
        if (s.Word(at - 1) is "lui" or "eux" or "elle" or "elles")
            return true;
        var ours = false;
        for (var i = Math.Max(0, at - 6); i < at; i++)
        {
            if (s.IsFree(i) && Strangers.Contains(s.Word(i)) && !Our.Contains(s.Word(i - 1)) || s.Word(i) == "poste" && s.Tokens[i].Capital)
                return true;
            ours |= s.Word(i) is "moi" or "nous" || Our.Contains(s.Word(i)) || We.Contains(s.Word(i)) || Own.Contains(s.Word(i)) || Noun(s, i) is not null || s.Tokens[i].Capital && i > 0;
        }
        return !ours;
    }

    protected virtual bool IsNegated(SentenceView s, Segment segment, int verb)
    {
        for (var i = segment.Start; i < segment.End; i++)
            if (s.IsFree(i) && Not.Contains(s.Word(i)))
                return true;
        return false;
    }

    /// <summary>Words that say somebody or something is ours or goes to the customer: "nuestro", "chez vous".</summary>
    protected abstract HashSet<string> Own { get; }

    /// <summary>They, he, she: of things it is the thing, of people whoever.</summary>
    protected abstract HashSet<string> They { get; }

    /// <summary>At the customer's place.</summary>
    protected abstract bool AtTheirs(SentenceView s, int from, int to);

    /// <summary>Forms of to be in the present that stand with a place or a participle.</summary>
    protected abstract bool IsNow(string word);

    /// <summary>Something or somebody of ours is spoken of: a noun of the tables, "our", "your", a name.</summary>
    protected bool IsOurs(SentenceView s, int at)
    {
        var segment = s.SegmentAt(at);
        for (var i = segment.Start; i < segment.End; i++)
            if (i != at && s.IsFree(i) && (Own.Contains(s.Word(i)) || Noun(s, i) is not null || s.Tokens[i].Capital && (i > segment.Start || s.IsFree(i + 1) && VerbsAt(s, i + 1).Length > 0) && VerbsAt(s, i).Length == 0))
                return true;
        return false;
    }

    /// <summary>"The fitter is with you on Monday", "the 60 euros are credited to you on Thursday".</summary>
    void Now(SentenceView s, int at, List<Act> acts)
    {
        var next = at + 1;
        while (next < s.Count && (!s.IsFree(next) || Between.Contains(s.Word(next)) || s.Word(next).EndsWith("ment", StringComparison.Ordinal) || s.Word(next).EndsWith("mente", StringComparison.Ordinal)) && s.Word(next) is not ",") next++;
        var segment = s.SegmentAt(at);
        if (UsBefore(s, at))
            return;
        if (Find(s, next, VerbForm.Participle) is { Kind: VerbKind.Refund or VerbKind.Delivery or VerbKind.Send or VerbKind.Other or VerbKind.Arrange or VerbKind.Light or VerbKind.Visit } done && (done.Kind != VerbKind.Light || done.Verb is "rendre"))
        {
            // "El pedido está entregado desde el lunes" has no time ahead; "est parti lundi" is over.
            if ((IsOurs(s, at) || s.Word(at) is "queda" or "quedan" || s.Word(at - 1) is "c'" && done.Kind is VerbKind.Other or VerbKind.Arrange) && !AsAsked(s, next) && !IsPerfect(done) && done.Verb is not ("ouvrir" or "fermer" or "abrir" or "cerrar" or "valider"))
                Put(acts, s, next, done, "is …ed by", needsTime: !(LooksAhead(s, segment.Start, segment.End) && done.Kind is VerbKind.Refund or VerbKind.Delivery) && !ByUs(s, next, segment.End));
        }
        else if (IsState(s, next) && (s.Any(segment.Start, segment.End, Our) || s.Any(segment.Start, at, Theirs)) && s.Any(segment.Start, segment.End, Since) is false)
            acts.Add(new() { Verb = at, Name = "finish", Kind = VerbKind.Other, Reason = "is ready", NeedsTime = true });
        else if (s.Word(at) is "queda" or "quedan" && (IsState(s, next) || Everything.Contains(s.Word(next)) && IsState(s, next + 1)))
            acts.Add(new() { Verb = at, Name = "finish", Kind = VerbKind.Other, Reason = "is ready", NeedsTime = true });
        else if (AtTheirs(s, at, segment.End) && IsOurs(s, at) && !(YouBefore(s, at) && !YouIsObject(s, at)))
            acts.Add(new() { Verb = at, Name = "be", Kind = VerbKind.Come, Reason = "is with you", NeedsTime = true });
    }

    /// <summary>"Cancelled as you asked": it is done.</summary>
    static bool AsAsked(SentenceView s, int at) => s.Word(at + 1) is "comme" or "como" && s.Word(at + 2) is "demande" or "convenu" or "souhaite" or "vous" or "pidio" or "pediste" or "solicito" or "usted";

    static readonly HashSet<string> Theirs = Set("su sus tu tus votre vos ton ta tes");

    static readonly HashSet<string> Since = Set("desde depuis");

    /// <summary>"… par notre apprenti"</summary>
    bool ByUs(SentenceView s, int at, int end)
    {
        for (var i = at + 1; i < end; i++)
            if (s.Word(i) is "par" or "por" && Our.Contains(s.Word(i + 1)))
                return true;
        return false;
    }

    /// <summary>Its perfect is made with to be: "est parti".</summary>
    protected virtual bool IsPerfect(VerbEntry verb) => false;

    bool UsBefore(SentenceView s, int verb)
    {
        for (var i = verb - 1; i >= Math.Max(s.SegmentAt(verb).Start, verb - 2); i--)
        {
            if (Us.Contains(s.Word(i)) && s.Word(i - 1) is not "chez")
                return true;
            if (!Between.Contains(s.Word(i)))
                break;
        }
        return false;
    }

    /// <summary>"Le entregará el paquete SEUR": who does it is named behind the verb.</summary>
    bool HasStrangerBehind(SentenceView s, int at)
    {
        for (var i = at + 1; i < Math.Min(s.SegmentAt(at).End, at + 6); i++)
            if (s.IsFree(i) && Strangers.Contains(s.Word(i)) && s.Word(i - 1) is not ("a" or "al" or "de" or "del" or "en" or "con" or "para" or "d'" or "du" or "au" or "dans" or "chez" or "pour") && s.Word(i - 2) is not ("a" or "de" or "en" or "con" or "para" or "dans" or "pour") && !Our.Contains(s.Word(i - 1)))
                return true;
        return false;
    }

    bool YouBefore(SentenceView s, int verb) => s.Any(s.SegmentAt(verb).Start, verb, You);

    void Infinite(SentenceView s, int aux, int at, bool ours, List<Act> acts, string reason)
    {
        if (Infinitive(s, at) is { } verb)
        {
            if (verb.Kind == VerbKind.Stop)
                return;
            if (!ours && (UsBefore(s, aux) || UsBefore(s, at)) || YouBefore(s, aux) && !ours && verb.Kind != VerbKind.Get)
                return;
            if (!ours && verb.Kind is VerbKind.Arrange or VerbKind.Other or VerbKind.Check && !IsOurs(s, aux))
                return;
            if (InfinitiveOf(s, at, verb) is >= 0 and var inner)
                (at, verb) = (inner, Infinitive(s, inner) ?? verb);
            Put(acts, s, at, verb, reason, shares: SharesWithBefore(s, at, acts));
        }
        else if (ours && IsInfinitive(s.Raw(at)))
            acts.Add(new() { Verb = at, Name = s.Word(at), Kind = VerbKind.Other, Reason = reason });
    }

    protected abstract bool IsInfinitive(string raw);

    void Being(SentenceView s, int at, bool you, List<Act> acts)
    {
        var next = at + 1;
        while (next < s.Count && (!s.IsFree(next) || Between.Contains(s.Word(next))) && s.Word(next) is not ",") next++;
        // An adverb between: "sera entièrement remboursé".
        if (Find(s, next, VerbForm.Participle) is null && (s.Word(next).EndsWith("ment", StringComparison.Ordinal) || s.Word(next).EndsWith("mente", StringComparison.Ordinal))) next++;
        if (you && s.Word(next) is "fixe" or "fixee" or "fixes")
        {
            Put(acts, s, next, new("informer", VerbKind.Answer, VerbForm.Participle, null), "passive");
            return;
        }
        if (Find(s, next, VerbForm.Participle) is { Kind: not VerbKind.Stop } participle)
        {
            // "Our offices will be closed" says how things are.
            if (participle.Verb is "fermer" or "ouvrir" or "cerrar" or "abrir")
                return;
            if (you && participle.Kind is not (VerbKind.Call or VerbKind.Answer or VerbKind.Refund or VerbKind.Visit or VerbKind.Delivery or VerbKind.Send))
                return;
            Put(acts, s, next, participle, "passive");
            return;
        }
        if (IsParticiple(s.Raw(next)) && s.IsFree(next) && VerbsAt(s, next).Length == 0 && Noun(s, next) is null && !you && (IsOurs(s, at) || s.Any(s.SegmentAt(at).Start, at, Everything)))
        {
            acts.Add(new() { Verb = next, Name = s.Word(next), Kind = VerbKind.Other, Reason = "passive, verb not in the tables", NeedsTime = true });
            return;
        }
        // "Su coche estará listo el viernes"
        // "Un agent sera présent"
        if (!you && s.Word(next) is "present" or "presente" or "presents" or "presentes" && (HasNoun(s, s.SegmentAt(at).Start, s.SegmentAt(at).End, PromiseKind.Visit) || s.Any(s.SegmentAt(at).Start, at, Our)))
        {
            acts.Add(new() { Verb = at, Name = "visit", Kind = VerbKind.Visit, Reason = "will be there", NeedsTime = true });
            return;
        }
        if (!you && IsState(s, next) && (IsOurs(s, at) || s.Any(s.SegmentAt(at).Start, at, Everything)))
        {
            acts.Add(new() { Verb = at, Name = "finish", Kind = VerbKind.Other, Reason = "will be ready", NeedsTime = true });
            return;
        }
        if (!you && (Stands(s, at, next) || AtTheirs(s, at, s.SegmentAt(at).End)))
        {
            var noun = FirstNoun(s, s.SegmentAt(at).Start, s.SegmentAt(at).End);
            if (noun is not null || AtTheirs(s, at, s.SegmentAt(at).End) && IsOurs(s, at))
                acts.Add(new() { Verb = at, Name = "be", Kind = VerbKind.Come, Reason = "will be there" });
        }
    }

    static readonly HashSet<string> Ready = Set("listo lista listos listas terminado terminada arreglado effectif effective efectivo efectiva disponible disponibles operativo operativa operativos operativas activo activa funcionando operationnel operationnelle operationnels operationnelles fonctionnel fonctionnelle actif active pret prete prets pretes termine terminee acheve");

    // Rooms and departments of a house that writes letters.
    static readonly HashSet<string> Houses = Set("service comptabilité direction atelier équipe secrétariat commission jury contabilidad dirección taller equipo secretaría departamento comisión almacén cocina");

    static readonly HashSet<string> Everything = Set("todo todos todas tout tous ce c' cela ca esto eso");

    /// <summary>"Ready", "in order": how a thing of ours will be.</summary>
    static bool IsState(SentenceView s, int at) => Ready.Contains(s.Word(at)) || s.Word(at) is "en" or "a" or "al" or "dans" && (States.Contains(s.Word(at + 1)) || s.Word(at + 1) is "l'" && s.Word(at + 2) is "ordre");

    static readonly HashSet<string> States = Set("disposition disposición orden marcha punto servicio día service ordre marche jour fonctionnement funcionamiento règle regla");

    /// <summary>"Will be at your house", "on your account".</summary>
    protected abstract bool Stands(SentenceView s, int at, int next);

    void Ensured(SentenceView s, int at, List<Act> acts)
    {
        for (var i = at + 1; i < s.Count; i++)
        {
            if (Find(s, i, VerbForm.Subjunctive | VerbForm.Third | VerbForm.First | VerbForm.Participle) is { Kind: not (VerbKind.Stop or VerbKind.Light) } inner && Noun(s, i) is null)
            {
                Put(acts, s, i, inner, "make sure");
                return;
            }
        }
    }

    void Simple(SentenceView s, int at, List<Act> acts)
    {
        var segment = s.SegmentAt(at);
        foreach (var entry in VerbsAt(s, at))
        {
            if (entry.Kind == VerbKind.Stop)
            {
                if ((entry.Form & ~(VerbForm.Infinitive | VerbForm.Participle)) != 0)
                    return;
                continue;
            }
            if ((entry.Form & VerbForm.FutureFirst) != 0)
            {
                // "volveremos a llamarle", "procéderons à"
                if (InfinitiveOf(s, at, entry) is >= 0 and var done)
                    Purpose(s, done, acts, "future, to do", false, SharesWithBefore(s, at, acts));
                else
                    Put(acts, s, at, entry, "future", shares: SharesWithBefore(s, at, acts));
                return;
            }
            if ((entry.Form & (VerbForm.FutureThird | VerbForm.FutureYou)) != 0)
            {
                if (UsBefore(s, at))
                    return;
                var gets = entry.Kind is VerbKind.Get || entry.Kind == VerbKind.Light && Has(entry);
                if (((entry.Form & VerbForm.FutureYou) != 0 || YouBefore(s, at) && !YouIsObject(s, at)) && !gets)
                    return;
                if (entry.Kind == VerbKind.Light && !gets && !LightWithNoun(s, at) && !idioms.ContainsKey(entry.Verb))
                    return;
                if (entry.Verb is "augmenter" or "aumentar" or "subir" or "bajar" or "abrir" or "ouvrir" or "rouvrir" or "fermer" && !ObjectBefore(s, at) && !HasNoun(s, segment.Start, segment.End, PromiseKind.Visit) || HasStrangerBehind(s, at))
                    return;
                if (InfinitiveOf(s, at, entry) is >= 0 and var done)
                    Purpose(s, done, acts, "future, third person, to do", false, false);
                else if (entry.Kind is VerbKind.Arrange or VerbKind.Other or VerbKind.Check && !IsOurs(s, at))
                    return;
                else
                    Put(acts, s, at, entry, "future, third person");
                return;
            }
            // "J'ai relancé": it is done.
            if (entry.Verb is "avoir" && (entry.Form & (VerbForm.FutureFirst | VerbForm.FutureThird | VerbForm.FutureYou)) == 0 && DoneBehind(s, at))
                return;
            if (((entry.Form & VerbForm.First) != 0 || (entry.Form & VerbForm.Third) != 0 && IsOn(s, at)) && IsFirst(s, at))
            {
                // "Abrimos a las nueve", "atendemos hasta las cinco": the hours of the house.
                if (entry.Verb is "abrir" or "cerrar" or "atender" or "ouvrir" or "fermer" or "recevoir" && (!s.IsFree(at + 1) || s.Word(at + 1) is "de" or "hasta" or "a" or "desde" or "jusqu'" or "du"))
                    return;
                if (s.Any(segment.Start, segment.End, Done) || s.Raw(at + 1) == That || s.Raw(at + 2) == That && s.Word(at + 1) is "a" or "de")
                    return;
                if (InfinitiveOf(s, at, entry) is >= 0 and var done)
                {
                    Purpose(s, done, acts, "present, to do", IsAmbiguousPast(s.Raw(at)), SharesWithBefore(s, at, acts));
                    return;
                }
                // "Ya le enviamos": it is done.
                if (IsAmbiguousPast(s.Raw(at)) && s.Any(segment.Start, at, Already))
                    return;
                var needsTime = (entry.Kind is VerbKind.Answer or VerbKind.Call or VerbKind.Come or VerbKind.Get || entry.Kind is VerbKind.Light && !(ObjectBefore(s, at) && (entry.Verb is "rendre" || FirstNoun(s, at + 1, at + 4) is PromiseKind.Refund)) || IsAmbiguousPast(s.Raw(at))) && !LooksAhead(s, segment.Start, segment.End) && !(entry.Verb is "faire" && AtTheirs(s, at, segment.End));
                Put(acts, s, at, entry, "present", needsTime: needsTime, shares: SharesWithBefore(s, at, acts));
                return;
            }
            if ((entry.Form & VerbForm.Third) != 0 && !(acts.Count > 0 && s.SegmentIndex(acts[^1].Verb) == s.SegmentIndex(at)) && (Noun(s, at) is null || ObjectBefore(s, at)) && !UsBefore(s, at) && !IsFirst(s, at) && IsThird(s, at))
            {
                if (YouBefore(s, at) && entry.Kind != VerbKind.Get && !YouIsObject(s, at))
                    return;
                if (entry.Verb is "abrir" or "cerrar" or "ouvrir" or "rouvrir" or "fermer" or "atender" or "augmenter" or "aumentar" or "subir" or "bajar" or "terminer" or "terminar" && (!ObjectBefore(s, at) && !HasNoun(s, segment.Start, segment.End, PromiseKind.Visit) || entry.Verb is "cerrar" or "abrir"))
                    return;
                if (entry.Verb is "commencer" or "démarrer" or "empezar" or "comenzar" && !s.Any(segment.Start, segment.End, Works))
                    return;
                if (HasStrangerBehind(s, at))
                    return;
                if (InfinitiveOf(s, at, entry) is >= 0 and var done)
                    Purpose(s, done, acts, "present, third person, to do", true, false);
                else
                    Put(acts, s, at, entry, "present, third person", needsTime: !(s.Any(segment.Start, at, Our) && ObjectBefore(s, at) && entry.Kind is not (VerbKind.Come or VerbKind.Light)) && !(LooksAhead(s, segment.Start, segment.End) && (ObjectBefore(s, at) || s.Any(segment.Start, at, Our))));
                return;
            }
            if ((entry.Form & VerbForm.You) != 0 && !UsBefore(s, at) && Find(s, at + 1, VerbForm.Participle) is null && entry.Kind is VerbKind.Get or VerbKind.Light && FirstNoun(s, at + 1, segment.End) is not null)
            {
                Put(acts, s, at, entry, "present, you", needsTime: true);
                return;
            }
        }
        if (VerbsAt(s, at).Length > 0 || Noun(s, at) is not null)
            return;
        var raw = s.Raw(at);
        if (IsOwnFuture(raw))
            acts.Add(new() { Verb = at, Name = s.Word(at), Kind = VerbKind.Other, Reason = "future, verb not in the tables", Shares = SharesWithBefore(s, at, acts) });
        else if (IsOtherFuture(raw) && !UsBefore(s, at) && !YouBefore(s, at) && (s.Any(segment.Start, segment.End, Our) || s.Any(segment.Start, at, Houses)))
            acts.Add(new() { Verb = at, Name = s.Word(at), Kind = VerbKind.Other, Reason = "future, third person, verb not in the tables", NeedsTime = true });
        else if (IsOwnPresent(s, at) && !s.Any(segment.Start, segment.End, Done))
            acts.Add(new() { Verb = at, Name = s.Word(at), Kind = VerbKind.Other, Reason = "present, verb not in the tables", NeedsTime = !LooksAhead(s, segment.Start, segment.End) });
    }

    bool DoneBehind(SentenceView s, int at)
    {
        var next = at + 1;
        while (next < at + 4 && Between.Contains(s.Word(next))) next++;
        return IsParticiple(s.Raw(next)) || Find(s, next, VerbForm.Participle) is not null && Noun(s, next) is null;
    }

    static readonly HashSet<string> Already = Set("ya");

    static readonly HashSet<string> Works = Set("travaux chantier installation réparation pose montage équipe obra obras trabajos instalación reparación montaje cuadrilla nuestro nuestra nuestros nuestras notre nos");

    void Purpose(SentenceView s, int at, List<Act> acts, string reason, bool needsTime, bool shares)
    {
        if (Infinitive(s, at) is { } verb)
        {
            if (verb.Kind != VerbKind.Stop)
                Put(acts, s, at, verb, reason, needsTime, shares);
        }
        else
            acts.Add(new() { Verb = at, Name = s.Word(at), Kind = VerbKind.Other, Reason = reason, NeedsTime = needsTime, Shares = shares });
    }

    /// <summary>The noun object of a verb that says nothing alone.</summary>
    bool LightWithNoun(SentenceView s, int at) => FirstNoun(s, at + 1, s.SegmentAt(at).End) is not null;

    /// <summary>To have.</summary>
    protected abstract bool Has(VerbEntry entry);

    /// <summary>A subject of ours, or a form that says it.</summary>
    protected abstract bool IsFirst(SentenceView s, int at);

    /// <summary>Somebody or something of ours comes before a verb in the third person.</summary>
    protected virtual bool IsThird(SentenceView s, int at) => FirstNoun(s, s.SegmentAt(at).Start, at) is not null || at > s.SegmentAt(at).Start + 1 || at > s.SegmentAt(at).Start && (They.Contains(s.Word(at - 1)) || IsOurs(s, at));

    /// <summary>The word for you stands before the verb as its object, behind another subject.</summary>
    protected abstract bool YouIsObject(SentenceView s, int at);

    bool SharesWithBefore(SentenceView s, int at, List<Act> acts)
    {
        if (acts.Count == 0 || !s.SegmentAt(at).Joined)
            return false;
        // A subject of its own makes it an act apart.
        return !s.Any(s.SegmentAt(at).Start, at, We);
    }

    protected static void Put(List<Act> acts, SentenceView s, int at, VerbEntry verb, string reason, bool needsTime = false, bool shares = false)
    {
        if (s.IsFree(at))
            acts.Add(new() { Verb = at, Name = verb.Verb, Kind = verb.Kind, Reason = reason, NeedsTime = needsTime, Shares = shares });
    }

    public override PromiseKind? KindOf(SentenceView s, Act act)
    {
        var start = act.Start;
        // "The visit is fixed for Thursday"
        if (act.Reason is "passive" or "is …ed by" && Sets.Contains(act.Name))
            for (var i = act.Start; i < act.Verb; i++)
                if (s.IsFree(i) && Appointment(s, i) is { } set)
                    return set == PromiseKind.Visit && ByPhone(s, act) ? PromiseKind.Call : set;
        // "The deposit, I give it back": what the pronoun stands for is named before the comma.
        if (act.Kind is VerbKind.Send or VerbKind.Light or VerbKind.Get && FirstNoun(s, act.Start, act.End) is null && s.SegmentIndex(act.Verb) is > 0 and var index && !s.SegmentAt(act.Verb).Hard && s.Segments[index - 1] is var lead && (s.Word(act.Verb - 1) is "lo" or "la" or "los" or "las" or "le" or "les" or "l'" || !s.Any(lead.Start, lead.End, We)))
            start = lead.Start;
        // "It is at your house": a thing, unless somebody is named.
        if (act.Name == "be" && act.Kind == VerbKind.Come && !HasNoun(s, act.Start, act.End, PromiseKind.Visit) && IsThing(s, act))
            return ToRead(s, act.Start, act.End) ? PromiseKind.Answer : FirstNoun(s, act.Start, act.Verb) ?? PromiseKind.Delivery;
        // Who does it at the customer's comes.
        if (act.Kind is VerbKind.Other or VerbKind.Check && act.Reason is not ("turn of phrase" or "leave done") && AtHome(s, act.Verb + 1, act.End))
            return PromiseKind.Visit;
        switch (act.Kind)
        {
            case VerbKind.Send or VerbKind.Answer when Forwards(s, act):
                return PromiseKind.Other;
            // "It will be in your inbox"
            case VerbKind.Come when act.Name is "be" or "arriver" or "llegar" or "tomber" or "caer" or "entrar" && ToRead(s, act.Start, act.End) && FirstNoun(s, act.Start, act.Verb) is null or PromiseKind.Answer:
                return PromiseKind.Answer;
            case VerbKind.Send or VerbKind.Get or VerbKind.Light or VerbKind.Delivery when ToRead(s, start, Math.Max(act.End, act.Reach)):
                return PromiseKind.Answer;
            // Who is told of before the verb is the thing that is done.
            case VerbKind.Send or VerbKind.Arrange when act.Reason is "passive" or "is …ed by" or "future, third person" && FirstNoun(s, start, act.Verb) is { } subject:
                return subject == PromiseKind.Visit && act.Kind == VerbKind.Send ? FirstNoun(s, act.Verb + 1, act.End) ?? subject : subject;
            case VerbKind.Send or VerbKind.Get or VerbKind.Light when start < act.Start:
                return FirstNoun(s, start, act.End) ?? base.KindOf(s, act);
            case VerbKind.Get when FirstNoun(s, act.Verb + 1, act.End) is null && FirstNoun(s, act.Verb + 1, act.Reach) is { } later:
                return later;
            case VerbKind.Answer when ByPhone(s, act):
                return PromiseKind.Call;
            case VerbKind.Come when !FetchesToo(s, act) && AtTheirs(s, act.Start, act.End) && FirstNoun(s, act.Start, act.Verb) is null or PromiseKind.Visit && act.Name is not ("arriver" or "llegar"):
                return PromiseKind.Visit;
            case VerbKind.Come when act.Reason is "present" or "future" && act.Name is not ("llegar" or "arriver") && !FetchesToo(s, act):
                return PromiseKind.Visit;
            case VerbKind.Come when !FetchesToo(s, act) && HasNoun(s, act.Start, act.End, PromiseKind.Visit):
                return PromiseKind.Visit;
            default:
                return base.KindOf(s, act);
        }
    }

    static readonly HashSet<string> Sets = Set("fijar confirmar programar agendar reservar anotar apuntar concertar cerrar fixer confirmer programmer planifier caler booker prendre noter inscrire arrêter");

    bool IsThing(SentenceView s, Act act)
    {
        if (s.Any(act.Start, act.Verb, We) || s.Any(act.Start, act.Verb, Persons))
            return false;
        for (var i = act.Start; i < act.Verb; i++)
        {
            if (s.IsFree(i) && i > act.Start && s.Tokens[i].Capital)
                return false;
            if (s.IsFree(i) && s.Word(i) is "le" or "la" or "les" or "l'" or "votre" or "vos" or "ton" or "ta" or "el" or "los" or "las" or "su" or "sus" or "tu" or "tus" && s.IsFree(i + 1) && i + 1 < act.Verb)
                return true;
        }
        // "… and on Thursday it is with you"
        return s.SegmentIndex(act.Verb) is > 0 and var index && s.SegmentAt(act.Verb).Joined && FirstNoun(s, s.Segments[index - 1].Start, s.Segments[index - 1].End) is PromiseKind.Delivery;
    }

    static readonly HashSet<string> Persons = Set("quelqu'un quelqu' alguien compañero compañera collègue equipo équipe monsieur madame señor señora mme don doña");

    static bool AtHome(SentenceView s, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (s.Word(i) is "chez" && s.Word(i + 1) is "vous" or "toi" || s.Word(i) is "domicilio" or "domicile" && s.Word(i - 1) is "a" or "su" or "tu" or "votre" || s.Word(i) is "casa" && s.Word(i - 1) is "su" or "tu" && s.Word(i - 2) is "en")
                return true;
        return false;
    }

    /// <summary>"We pass it on to our designers": nothing comes to the customer.</summary>
    bool Forwards(SentenceView s, Act act)
    {
        if (act.Name is not ("trasladar" or "transmitir" or "transmettre" or "transférer" or "remitir" or "communiquer") || ObjectBefore(s, act.Verb))
            return false;
        for (var i = act.Verb + 1; i < act.End; i++)
            if (act.Name is "transmettre" or "trasladar" or "transmitir" && s.Word(i) is "a" or "au" or "aux" or "al" && s.Word(i + 1) is not ("vous" or "usted") || s.Word(i) is "a" && Our.Contains(s.Word(i + 1)) || s.Word(i) is "au" or "al" or "aux" or "a" && s.Word(i + 1) is "service" or "departamento" or "equipo" or "equipe" or "services" or "area" || s.Word(i) is "a" && s.Word(i + 1) is "l'" or "la" && s.Word(i + 2) is "equipe" or "direction" or "direccion" or "seccion" or "persona")
                return true;
        return false;
    }

    protected override bool FetchesToo(SentenceView s, Act act)
    {
        for (var i = act.Verb + 1; i < Math.Min(act.End, act.Verb + 5); i++)
            if (Infinitive(s, i) is { Kind: VerbKind.Delivery })
                return true;
        return false;
    }
}
