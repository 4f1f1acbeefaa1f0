using NodaTime;

namespace Amends.Promises.Finding;

/// <summary>Finds what a text commits us to: firm and unconditional acts of ours, each once, with when it is due. Pure and linear in the text; made to run with each key press.</summary>
public static class PromiseFinder
{
    // No honest reply promises more; a hostile one makes no endless list.
    const int MostPromises = 200;

    /// <summary>Finds the promises of a text that we write to a customer.</summary>
    /// <param name="text">As written; quoted lines and what follows a signature's mark are not ours.</param>
    /// <param name="language">Two letters (en, de, es, fr), or null: found for each sentence. Another language finds nothing.</param>
    /// <param name="sent">When it is sent, in the zone of the hours: what "tomorrow" is reckoned from.</param>
    /// <param name="hours">Zone, working hours and holidays by which days end.</param>
    /// <returns>In the order of the text. Spans lie within the text.</returns>
    public static IReadOnlyList<FoundPromise> Find(string text, string? language, LocalDateTime sent, IOfficeHours hours)
    {
        var found = new List<(FoundPromise Promise, string Verb)>();
        var said = language is { Length: >= 2 } ? Array.Find(Grammar.All, s => language.StartsWith(s.Code, StringComparison.OrdinalIgnoreCase)) : null;
        if (said is null && language is { Length: > 0 })
            return [];
        var before = Grammar.All[0];
        string? openQuote = null;
        var stranger = false;
        Tokens.Read(text, (tokens, asked) =>
        {
            if (found.Count >= MostPromises)
                return;
            // A quotation over several sentences goes on until its mark.
            if (openQuote is not null)
            {
                if (tokens.Exists(t => t.Raw == openQuote))
                    openQuote = null;
                return;
            }
            var grammar = said ?? (before = Guess(tokens, before));
            openQuote = ReadSentence(tokens, asked, grammar, sent, hours, found, ref stranger);
        });
        return [.. found.Select(one => one.Promise)];
    }

    /// <summary>The language a sentence looks most like; where nothing speaks for one, that of the sentence before.</summary>
    static Grammar Guess(List<Token> tokens, Grammar before)
    {
        var (best, score) = (before, before.Likeness(tokens));
        foreach (var grammar in Grammar.All)
            if (grammar.Likeness(tokens) is var likeness && likeness > score)
                (best, score) = (grammar, likeness);
        return best;
    }

    static string? ReadSentence(List<Token> tokens, bool asked, Grammar grammar, LocalDateTime sent, IOfficeHours hours, List<(FoundPromise Promise, string Verb)> found, ref bool stranger)
    {
        var reader = new TimeReader(tokens, grammar, sent, hours);
        var view = new SentenceView(grammar, tokens, reader.ReadAll()) { AfterStranger = stranger };
        view.Build();
        stranger = grammar.NamesStranger(view);
        if (asked || tokens[0].Word == "¿" || view.Segments.Count == 0)
            return asked ? null : view.OpenQuote;
        var acts = new List<Act>();
        grammar.Acts(view, acts);
        grammar.Unsettle(view, acts);
        if (acts.Count == 0)
            return view.OpenQuote;
        Delimit(view, acts);
        AssignTimes(view, acts);
        Conditions(view, grammar, acts);
        var reported = grammar.ReportedFrom(view);
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            if (act.Conditional || act.Verb > reported || act.NeedsTime && (act.Time is null || grammar.IsHabit(view, act)) || act.Time is { Past: true })
                continue;
            // "We will check … and get back to you": the check is the way, not the promise.
            if (act.Kind == VerbKind.Check && i + 1 < acts.Count && acts[i + 1].Shares && !HasOwnTime(act, acts))
                continue;
            if (act.Found is not { } kind)
                continue;
            var start = view.Tokens[act.Start].Start;
            var end = view.Tokens[act.End - 1].End;
            Add(found, new(kind, act.Time is { } time ? reader.Due(time) : null, start, end - start, grammar.Code, act.Reason), act.Name);
        }
        return view.OpenQuote;
    }

    static bool HasOwnTime(Act act, List<Act> acts) => act.Time is not null && acts.TrueForAll(other => other == act || other.Time != act.Time);

    /// <summary>Each act reaches from its subject to the next act, or to the end of the clause that holds its last word.</summary>
    static void Delimit(SentenceView view, List<Act> acts)
    {
        acts.Sort((a, b) => a.Verb - b.Verb);
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            var floor = i == 0 ? 0 : acts[i - 1].Verb + 1;
            act.Start = Math.Max(view.SegmentAt(act.Verb).Start, floor);
            // "On Monday, …": a time before the comma belongs to the clause.
            for (var s = view.SegmentIndex(act.Verb); s > 0 && !view.Segments[s].Hard && view.Segments[s - 1] is var lead && lead.Start >= floor && view.Times.Exists(t => t.First == lead.Start && t.Last >= lead.End - 1); s--)
                act.Start = lead.Start;
        }
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            var limit = i + 1 < acts.Count ? Math.Max(acts[i + 1].Start, act.Verb + 1) : view.Count;
            var index = view.SegmentIndex(act.Verb);
            var end = Math.Min(limit, view.Segments[index].End);
            // Commas within one clause: "the table, the chairs and the lamp on Friday".
            var horizon = limit;
            for (var s = index + 1; s < view.Segments.Count && view.Segments[s].Start < limit; s++)
            {
                if (view.Segments[s].Hard)
                {
                    horizon = Math.Min(horizon, view.Segments[s].Start);
                    break;
                }
            }
            // What ends the sentence is none of its words.
            while (end > act.Verb + 1 && view.Word(end - 1) is "." or "!" or "…" or "," or ";" or ":" or "\"" or "”" or "“" or "»")
                end--;
            act.End = Math.Max(end, act.Verb + 1);
            act.Reach = horizon;
        }
    }

    static void AssignTimes(SentenceView view, List<Act> acts)
    {
        for (var i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            SaidTime? day = null, clock = null;
            foreach (var time in view.Times)
            {
                if (time.Attribute || time.First < act.Start || time.First >= act.Reach)
                    continue;
                // Past the clause of the verb only what stands in a clause without a verb of its own.
                if (time.First >= act.End && !view.IsPlainClause(time.First))
                    continue;
                if (time.SaysOnlyClock)
                    clock ??= time;
                else if (day is null || day.First < act.Verb && time.First > act.Verb && day.Past)
                    day = time;
                // "We hold the hall for the 12th from tonight on": what it is for is no time of the act.
                else if (IsFor(view, day) && !IsFor(view, time) && !time.Past && day.First > act.Verb)
                    day = time;
            }
            act.Time = (day, clock) switch
            {
                ({ SaysOnlyDay: true }, { }) when !day.Past => day.With(clock),
                ({ }, _) => day,
                _ => clock,
            };
            var last = Math.Max(day is null ? -1 : day.Last, clock is null || act.Time == day ? -1 : clock.Last);
            if (last + 1 > act.End && last < act.Reach)
                act.End = last + 1;
        }
        // One time for acts in one breath: "Tomorrow we will call you and send the form."
        for (var i = acts.Count - 2; i >= 0; i--)
            if (acts[i].Time is null && acts[i + 1] is { Shares: true, Time: not null })
                acts[i].Time = acts[i + 1].Time;
        for (var i = 1; i < acts.Count; i++)
            if (acts[i] is { Shares: true, Time: null } && acts[i - 1].Time is { } shared && shared.First < acts[i - 1].Verb && shared.First >= 0)
                acts[i].Time = shared;
        foreach (var act in acts)
            act.Found = view.KindOf(act);
    }

    static bool IsFor(SentenceView view, SaidTime time) => view.Word(time.First) is "pour" or "para" || view.Word(time.First - 1) is "pour" or "para";

    /// <summary>A condition takes the clauses after it where it begins a sentence or a joined clause, else the act before it.</summary>
    static void Conditions(SentenceView view, Grammar grammar, List<Act> acts)
    {
        for (var at = 0; at < view.Count; at++)
        {
            if (!view.IsFree(at) || !grammar.IsCondition(view, at))
                continue;
            var segment = view.SegmentAt(at);
            var index = view.SegmentIndex(at);
            var leads = at <= segment.Start + 1 && (index == 0 || segment.Joined || segment.Hard || view.Segments[index - 1].End - view.Segments[index - 1].Start <= 2);
            if (leads || at <= segment.Start + 1)
                foreach (var act in acts)
                {
                    if (act.Verb <= at)
                        continue;
                    if (IsApart(view, at, act.Verb, !leads))
                        break;
                    act.Conditional = true;
                }
            if (leads)
                continue;
            var nearest = acts.FindLastIndex(act => act.Verb < at);
            if (nearest < 0 || IsApart(view, acts[nearest].Verb, at, false))
                continue;
            acts[nearest].Conditional = true;
            while (nearest > 0 && acts[nearest].Shares && (acts[nearest - 1].Time is null || acts[nearest - 1].Time == acts[nearest].Time))
                acts[--nearest].Conditional = true;
        }
    }

    /// <summary>A semicolon or dash stands between two tokens; or, where asked, a joined clause begins.</summary>
    internal static bool IsApart(SentenceView view, int from, int to, bool joinedToo)
    {
        for (var s = view.SegmentIndex(from) + 1; s <= view.SegmentIndex(to); s++)
            if (view.Segments[s].Hard || joinedToo && view.Segments[s].Joined)
                return true;
        return false;
    }

    /// <summary>One act is one promise, however often a mail says it.</summary>
    static void Add(List<(FoundPromise Promise, string Verb)> found, FoundPromise promise, string verb)
    {
        for (var i = 0; i < found.Count; i++)
        {
            var (known, knownVerb) = found[i];
            if (known.Kind != promise.Kind || promise.Kind == PromiseKind.Other && verb != knownVerb)
                continue;
            if (known.Due is null && promise.Due is null || known.Due == promise.Due)
                return;
            if (promise.Due is null && verb == knownVerb)
                return;
            // "We will call you. … We will call you tomorrow at three."
            if (known.Due is null && (verb == knownVerb || promise.Kind is PromiseKind.Call or PromiseKind.Refund))
            {
                found[i] = (promise, verb);
                return;
            }
        }
        found.Add((promise, verb));
    }
}
