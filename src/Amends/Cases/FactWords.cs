using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A fact as a calm line: what stands before the name, the name, what follows.</summary>
/// <param name="CanUndo">There is a way back for facts of this kind.</param>
/// <param name="Tone"><c>good</c>, <c>broken</c>, <c>accent</c> or empty.</param>
public sealed record FactLine(long Id, DateTime At, string Before, string Who, string After, string Tone, bool CanUndo)
{
    public string Plain => Before + Who + After;

    /// <summary>The same to the one who did it.</summary>
    public string Yours => Who.Length == 0 ? Plain : Before + Words.You + After;
}

/// <summary>Names that facts speak of.</summary>
public sealed record FactNames(IReadOnlyDictionary<long, string> Colleagues, IReadOnlyDictionary<long, string> Teams, IReadOnlyDictionary<long, string> Customers, IReadOnlyDictionary<long, string> Tags,
    IReadOnlyDictionary<long, long> Numbers)
{
    /// <summary>What else facts speak of, by its id.</summary>
    public IReadOnlyDictionary<long, string> Things { get; init; } = new Dictionary<long, string>();

    /// <summary>Reads the names that these facts need.</summary>
    /// <param name="known">A customer whose name the page has already, or null.</param>
    /// <param name="hooks">Where all facts are told, also those of other modules.</param>
    public static async Task<FactNames> Read(Database db, Names kept, IReadOnlyList<Fact> facts, IReadOnlyList<IFact> read, Customer? known = null, CaseHooks? hooks = null)
    {
        var things = new Dictionary<long, string>();
        foreach (var hook in hooks?.FactThings ?? []) foreach (var (id, name) in await hook(db, read)) things[id] = name;
        var (customers, cases) = (new HashSet<long>(), new HashSet<long>());
        foreach (var fact in facts)
            if (fact.ActorKind == ActorKind.Customer) customers.Add(fact.ActorId);
        foreach (var one in read)
            switch (one)
            {
                case CaseCustomerChanged changed: customers.Add(changed.After); break;
                case CaseMerged merged: cases.Add(merged.From); break;
                case CaseUnmerged unmerged: cases.Add(unmerged.From); break;
                case CaseSplit split: cases.Add(split.Into); break;
                case CaseLinked linked: cases.Add(linked.Other); break;
                case CaseServedOutOfTurn turn: cases.Add(turn.First); break;
            }
        var names = await kept.Read(db);
        var people = new Dictionary<long, string>();
        if (known is not null && customers.Remove(known.Id)) people[known.Id] = known.Name;
        if (customers.Count > 0) foreach (var one in await db.Set<Customer>().Where(c => customers.Contains(c.Id)).Select(c => new { c.Id, c.Name }).ToListAsync()) people[one.Id] = one.Name;
        return new FactNames(names.Colleagues, names.Teams, people, names.Tags,
            // Only numbers are told of cases that the reader may not see: a number carries no right.
            cases.Count == 0 ? [] : await db.Set<Case>().Where(c => cases.Contains(c.Id)).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number))
        { Things = things };
    }
}

/// <summary>Puts facts of cases into sentences.</summary>
static class FactWords
{
    const char Name = '\u0002';

    /// <summary>The line of a fact, or null for those that are told elsewhere.</summary>
    public static FactLine? Line(Fact fact, IFact read, FactNames names, LocalTimes times, ILookup<long, FactText> texts, CaseHooks hooks, bool all)
    {
        // The name's place is marked by a sign that no text of people keeps: what they wrote is never read as a sentence of ours (A36).
        var sentence = Sentence(fact, read, names, times, texts);
        if (sentence is null && all)
        {
            var said = read is NoteWritten ? new FactSaid(Words.FactNoteWritten) : hooks.FactSentences.Select(h => h(read)).FirstOrDefault(s => s is not null) ?? new FactSaid(string.Format(CultureInfo.CurrentCulture, Words.FactOther, "{0}", fact.Kind));
            sentence = said.Pattern.Replace("{0}", Name.ToString(), StringComparison.Ordinal).Replace("{1}", names.Things.GetValueOrDefault(said.Thing, "…").Replace(Name.ToString(), "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        if (sentence is null) return null;
        var who = fact.ActorKind switch
        {
            ActorKind.Colleague => names.Colleagues.GetValueOrDefault(fact.ActorId, Words.SomeoneGone),
            ActorKind.Customer => names.Customers.GetValueOrDefault(fact.ActorId, Words.CustomerTitle),
            _ => Words.TheHouse
        };
        var parts = sentence.Split(Name, 2);
        return parts.Length == 2 ? new FactLine(fact.Id, fact.At, parts[0], who, parts[1], Tone(read), CaseUndo.Has(read)) : new FactLine(fact.Id, fact.At, sentence, "", "", Tone(read), CaseUndo.Has(read));
    }

    static string Tone(IFact read) => read switch
    {
        CaseResolved or CaseConfirmed => "good",
        CaseReopened { Why: ReopenWhy.CustomerSaidNo or ReopenWhy.CustomerWrote } or CaseDeleted { Deleted: true } or CaseServedOutOfTurn { Why: TurnWhy.NotSaid } or CaseStepPassed or CaseTargetMissed or CaseApologyEmpty => "broken",
        CaseWaiting => "accent",
        _ => ""
    };

    static string? Sentence(Fact fact, IFact read, FactNames names, LocalTimes times, ILookup<long, FactText> texts)
    {
        string Colleague(long id) => names.Colleagues.GetValueOrDefault(id, Words.SomeoneGone);
        string Team(long id) => names.Teams.GetValueOrDefault(id, Words.SomeoneGone);
        string Number(long id) => names.Numbers.TryGetValue(id, out var number) ? CaseWords.Number(number) : "#?";
        string? After(string field) => texts[fact.Id].FirstOrDefault(t => t.Field == field)?.After;
        string Said(string words, params object?[] what) => string.Format(CultureInfo.CurrentCulture, words, [Name.ToString(), .. what.Select(w => w is string text ? text.Replace(Name.ToString(), "", StringComparison.Ordinal) : w)]);
        var byColleague = fact.ActorKind == ActorKind.Colleague;
        switch (read)
        {
            case CaseHeard heard: return Said(Words.FactHeard, CaseWords.Of(heard.Channel));
            case CaseAssigned a when a.ToOwner is { } to:
                return byColleague && to == fact.ActorId ? Said(Words.FactTook)
                    : a.FromTeam != a.ToTeam ? Said(Words.FactGaveToIn, Colleague(to), Team(a.ToTeam)) : Said(Words.FactGaveTo, Colleague(to));
            case CaseAssigned a: return a.FromTeam != a.ToTeam ? Said(Words.FactToTeam, Team(a.ToTeam)) : Said(Words.FactGaveBack, Team(a.ToTeam));
            case CaseWaiting w: return After("for") is { Length: > 0 } what ? Said(Words.FactWaitsFor, times.Moment(w.Until), what) : Said(Words.FactWaits, times.Moment(w.Until));
            case CaseWaitEnded w: return Said(w.Why switch { WaitEnd.TimeCame => Words.FactWaitCame, WaitEnd.CustomerWrote => Words.FactWaitWrote, _ => Words.FactWaitEnded });
            case CaseResolved: return After("summary") is { Length: > 0 } summary ? Said(Words.FactResolvedWith, summary) : Said(Words.FactResolved);
            case CaseReopened r: return Said(r.Why switch { ReopenWhy.CustomerWrote => Words.FactReopenedWrote, ReopenWhy.CustomerSaidNo => Words.FactReopenedNo, ReopenWhy.Undo => Words.FactUnresolved, _ => Words.FactReopened });
            case CaseConfirmed c: return Said(c.How == ConfirmedHow.Silent ? Words.FactSilent : byColleague ? Words.FactConfirmedFor : Words.FactConfirmed);
            case CaseClosed: return Said(Words.FactClosed);
            case CaseSpam s: return Said(s.Spam ? Words.FactSpam : Words.FactNoSpam);
            case CaseDeleted d: return Said(d.Deleted ? Words.FactDeleted : Words.FactRestored);
            case CaseMerged m: return Said(Words.FactMerged, Number(m.From));
            case CaseUnmerged m: return Said(Words.FactUnmerged, Number(m.From));
            case CaseSplit s: return Said(Words.FactSplit, Number(s.Into));
            case CaseLinked l: return Said(l.Linked ? Words.FactLinked : Words.FactUnlinked, Number(l.Other));
            case CaseSorted s: return Said(Words.FactSorted, CaseWords.Of(s.Kind), CaseWords.Of(s.Severity).ToLower(CultureInfo.CurrentCulture));
            case CaseRenamed: return Said(Words.FactRenamed, After("subject") ?? "…");
            case CaseCustomerChanged c: return Said(Words.FactCustomer, names.Customers.GetValueOrDefault(c.After, Words.SomeoneGone));
            case CaseConfidential c: return Said(c.Confidential ? Words.FactConfidential : Words.FactNotConfidential);
            case CaseTagged t: return Said(t.Tagged ? Words.FactTagged : Words.FactUntagged, names.Tags.GetValueOrDefault(t.Tag, "…"));
            case CaseFollowed f:
                return f.Why switch
                {
                    Watching.Mentioned => Said(f.On ? Words.FactMentioned : Words.FactUnmentioned, Colleague(f.Colleague)),
                    Watching.Named => Said(f.On ? Words.FactNamed : Words.FactUnnamed, Colleague(f.Colleague)),
                    _ => byColleague && f.Colleague == fact.ActorId ? Said(f.On ? Words.FactFollows : Words.FactUnfollows) : Said(f.On ? Words.FactFollowsFor : Words.FactUnfollowsFor, Colleague(f.Colleague))
                };
            case CaseApologised: return Said(Words.FactApologised);
            case CaseApologyEmpty: return Said(Words.FactApologyEmpty);
            case CaseApologyEnded a: return Said(a.Why switch { ApologyEnd.Acted => Words.FactApologyActed, ApologyEnd.WasNone => Words.FactApologyNone, _ => Words.FactApologyBack });
            case CaseUndone: return Said(Words.FactUndone);
            case CaseStepPassed p:
                return p.Step switch
                {
                    StepKind.FirstAnswer => Said(Words.FactFirstPassed, times.Moment(p.Due)),
                    _ => Said(Words.FactStepPassed, After("step") ?? "…", times.Moment(p.Due))
                };
            case CaseTargetMissed m: return Said(m.Target switch { TargetKind.FirstAnswer => Words.FactFirstMissed, TargetKind.NextAnswer => Words.FactNextMissed, _ => Words.FactSolutionMissed }, times.Moment(m.Due));
            case CaseEscalated e: return Said(Words.FactEscalated, Colleague(e.To), EscalationWords.Of(e.Step).ToLower(CultureInfo.CurrentCulture), EscalationWords.Since(e.Cause, times.Moment(e.Since)));
            case CaseServedOutOfTurn t:
                return Said(t.Passed == 1 ? Words.FactOutOfTurnOne : Words.FactOutOfTurn, t.Passed, Number(t.First), t.Why switch
                {
                    TurnWhy.MoreSevere => Words.TurnMoreSevere,
                    TurnWhy.InOtherHands => Words.TurnInOtherHands,
                    TurnWhy.OnThePhone => Words.TurnOnThePhone,
                    TurnWhy.Said => After("why") ?? Words.TurnNotSaid,
                    _ => Words.TurnNotSaid
                });
            case CallProposed: return Said(Words.FactCallProposed);
            case CallAdviceEnded e:
                return e.How switch
                {
                    CallAdviceEnd.Talked => Said(Words.FactCallTalked),
                    CallAdviceEnd.Promised => Said(Words.FactCallPromised),
                    CallAdviceEnd.WritingOnly => Said(Words.FactCallWriting),
                    CallAdviceEnd.NoNumber => Said(Words.FactCallNoNumber),
                    CallAdviceEnd.Other => Said(Words.FactCallDeclined, After("why") ?? "…"),
                    _ => Said(Words.FactCallLeft)
                };
            case NoteWritten n: return n.Deed switch { NoteDeed.Edited => Said(Words.FactNoteEdited), NoteDeed.Deleted => Said(Words.FactNoteDeleted), NoteDeed.Restored => Said(Words.FactNoteRestored), _ => null };
            default: return null;
        }
    }
}
