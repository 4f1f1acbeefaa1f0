using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>An offer to take something back, for the toast.</summary>
/// <param name="Step">The row of a step on many cases, or null for a fact of one.</param>
/// <param name="And">Facts beside it that are taken back with it.</param>
/// <param name="MayUndo">False where there is nothing to take back: then it only says what came of it.</param>
public sealed record UndoOffer(string Says, string Address, long? Step, string? View, bool MayUndo = true, string? And = null);

/// <summary>The way back for each kind of fact: a new write made from the values before, or words that say why not any more.</summary>
static class CaseUndo
{
    /// <summary>True when facts of this kind can be taken back.</summary>
    public static bool Has(IFact fact) => fact is CaseAssigned or CaseWaiting or CaseWaitEnded or CaseResolved or CaseReopened or CaseConfirmed or CaseClosed or CaseSpam or CaseDeleted or CaseSorted or CaseRenamed
        or CaseCustomerChanged or CaseConfidential or CaseTagged or CaseFollowed or CaseLinked or CaseMerged or CaseSplit or NoteWritten { Deed: not NoteDeed.Restored };

    /// <summary>Takes a fact back, inside of a write.</summary>
    /// <exception cref="Refused">It no longer applies.</exception>
    /// <exception cref="NotThere">No such fact on a case that he sees.</exception>
    public static async Task<Case> Apply(Database db, Who who, long factId, CaseSearch search)
    {
        var stored = await db.Set<Fact>().AsNoTracking().FirstOrDefaultAsync(f => f.Id == factId) ?? throw new NotThere();
        if (FactKinds.Of(stored.Read().GetType()) is null || stored.Read() is not ICaseFact fact || !Has(fact)) throw new Refused("", Words.UndoNotThis);
        var texts = await db.Set<FactText>().AsNoTracking().Where(t => t.FactId == factId).ToListAsync();
        string? Before(string field) => texts.FirstOrDefault(t => t.Field == field)?.Before;
        string? After(string field) => texts.FirstOrDefault(t => t.Field == field)?.After;
        var one = await db.CasesVisibleToWithDeleted(who).AsTracking().Include(c => c.Watchers).Include(c => c.Tags).AsSplitQuery().FirstOrDefaultAsync(c => c.Id == fact.Case) ?? throw new NotThere();
        var verb = fact is CaseDeleted ? Verb.DeleteCases : fact is CaseFollowed { Why: Watching.Follows } f && f.Colleague == who.Id ? Verb.SeeCases : Verb.WorkCases;
        if (verb != Verb.SeeCases && !Visibility.MayDo(who, verb, one)) throw new Refused("", Foundation.Web.Words.NotAllowed);
        // What was merged away is worked on where it went.
        if (one.MergedInto is not null && fact is not CaseMerged) throw new Refused("", Words.UndoMergedAway);
        var reindex = false;
        switch (fact)
        {
            case CaseAssigned done: one.Unassign(done, db.At); break;
            case CaseWaiting done: one.Unwait(done, Before("for"), db.At); break;
            case CaseWaitEnded done: one.Unend(done, Before("for"), db.At); break;
            case CaseResolved done: one.Unresolve(done, Before("summary"), Before("for"), db.At); reindex = true; break;
            case CaseReopened done: one.Unreopen(done, factId, db.At); break;
            case CaseConfirmed: one.Unconfirm(factId, db.At); break;
            case CaseClosed done: one.Unclose(done, factId, db.At); break;
            case CaseSpam done: Case.Still(one.SpamAt is not null == done.Spam); one.Spam(!done.Spam, db.At); break;
            case CaseDeleted done: Case.Still(one.DeletedAt is not null == done.Deleted); one.Delete(!done.Deleted, db.At); break;
            case CaseSorted done: Case.Still(one.Kind == done.Kind && one.Severity == done.Severity); one.Sort(done.KindBefore, done.SeverityBefore, db.At); break;
            case CaseRenamed: Case.Still(one.Subject == After("subject") && Before("subject") is not null); one.Rename(Before("subject")!, db.At); reindex = true; break;
            case CaseCustomerChanged done:
                Case.Still(one.CustomerId == done.After && one.OrganisationId == done.OrganisationAfter);
                one.BelongsTo(done.Before, done.OrganisationBefore, db.At);
                reindex = true;
                break;
            case CaseConfidential done: Case.Still(one.Confidential == done.Confidential); one.KeepConfidential(!done.Confidential, db.At); break;
            case CaseTagged done: Case.Still(one.Tags.Exists(t => t.TagId == done.Tag) == done.Tagged); one.Mark(done.Tag, !done.Tagged, db.At); break;
            case CaseFollowed done:
                Case.Still((one.Watchers.Find(w => w.ColleagueId == done.Colleague)?.Why.HasFlag(done.Why) ?? false) == done.On);
                one.Watch(done.Colleague, done.Why, !done.On, db.At);
                break;
            case CaseLinked done: await LinkCase.Set(db, who, one, done.Other, !done.Linked); break;
            case CaseMerged done: await MergeCase.Undo(db, one, done.Merge, search); break;
            case CaseSplit done: await SplitCase.Undo(db, one, done, factId); break;
            case NoteWritten done: await Notes.Undo(db, who, one, done, Before("text"), After("text")); reindex = true; break;
        }
        if (reindex) await search.Index(db, one);
        return one;
    }
}
