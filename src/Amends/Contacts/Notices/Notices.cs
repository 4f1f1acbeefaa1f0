using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Tells colleagues what happened on their cases: a row for the page and a mail, where they wish the one or the other. Nobody is told what he did himself.</summary>
sealed class Notices(Databases databases, Writer write, Outbox outbox, House house, HouseAddress ours, TimeProvider clock)
{
    static readonly Who Me = Who.House("notices");

    /// <summary>Tells those whom <paramref name="whom"/> names of a case, once for each fact: the job ends in the same transaction.</summary>
    public Task Tell(Heard heard, long caseId, NotifyOf of, Func<Case, IEnumerable<long>> whom, CancellationToken stop) => Tell(heard, caseId, of, whom, null, stop);

    /// <summary>The same.</summary>
    /// <param name="page">Path of the page that its mail leads to; null for the case.</param>
    /// <param name="about">What else is said of it; null for nothing.</param>
    public async Task Tell(Heard heard, long caseId, NotifyOf of, Func<Case, IEnumerable<long>> whom, string? page, CancellationToken stop, NoticeAbout? about = null)
    {
        Case? one;
        List<Colleague> told;
        var ready = new List<ReadyMail>();
        using (var db = databases.Open())
        {
            one = await db.CasesVisibleTo(Me).Include(c => c.Watchers).FirstOrDefaultAsync(c => c.Id == caseId, stop);
            // What was merged away is told where it went.
            if (one?.MergedInto is { } into) one = await db.CasesVisibleTo(Me).Include(c => c.Watchers).FirstOrDefaultAsync(c => c.Id == into, stop);
            if (one is null || one.SpamAt is not null) return;
            var by = heard.ActorKind == ActorKind.Colleague ? heard.ActorId : 0;
            var ids = whom(one).Where(id => id != by).Distinct().ToList();
            // A confidential case is for its owner and those named; along the line, and of a promise that somebody keeps, it is told to who may see it.
            if (one.Confidential && of is not (NotifyOf.Escalated or NotifyOf.PromiseReminded or NotifyOf.PromiseAsked or NotifyOf.PromisePassed or NotifyOf.PromiseGiven or NotifyOf.OfficerAsked)) ids.RemoveAll(id => id != one.OwnerId && !one.Watchers.Exists(w => w.ColleagueId == id && w.Why.HasFlag(Watching.Named)));
            told = ids.Count == 0 ? [] : await db.Set<Colleague>().Where(c => ids.Contains(c.Id) && c.State == ColleagueState.Active).ToListAsync(stop);
            told.RemoveAll(c => !OnPage(c, of) && !ByMail(c, of, about));
            // Who may not see the case is told nothing of it: neither its number nor its subject (A23).
            foreach (var colleague in told.ToArray())
            {
                var who = await Gate.Of(db, colleague, house);
                if (!await db.CasesVisibleTo(who).AnyAsync(c => c.Id == one.Id, stop)) told.Remove(colleague);
            }
            if (told.Count == 0) return;
            var from = await Sender(db, one);
            var byName = by == 0 ? null : await db.Set<Colleague>().Where(c => c.Id == by).Select(c => c.Name).FirstOrDefaultAsync(stop);
            foreach (var colleague in told.Where(c => ByMail(c, of, about)))
                if (from is not null) ready.Add(await outbox.PrepareAutomatic(Speech.In(colleague.Language ?? house.Get(HouseSettings.Language), () => Draft(from, colleague, one, of, byName, page, about, heard.At)), AutomaticKind.Notice, stop));
        }
        await write.Run(Actor.System("notices"), null, async db =>
        {
            foreach (var colleague in told.Where(c => OnPage(c, of)))
            {
                db.Add(new Notification { ColleagueId = colleague.Id, CaseId = one.Id, Of = of, ById = heard.ActorKind == ActorKind.Colleague ? heard.ActorId : null, At = heard.At, Cause = about?.Cause, Since = about?.Since, WhoseId = about?.WhoseId });
                db.Tell(new Hint("notification", colleague.Id, 0));
            }
            foreach (var mail in ready) await outbox.QueueAutomatic(db, mail, one.Id);
            await heard.Run.Finish(db);
        }, stop);
    }

    async Task<Amends.Mail.Mailbox?> Sender(Database db, Case one)
    {
        try { return await OutgoingReply.SenderOf(db, house, one.BrandId, one.TeamId); }
        catch (Refused) { return null; }
    }

    static bool OnPage(Colleague one, NotifyOf of) => of switch
    {
        NotifyOf.Assigned => one.PageWhenAssigned,
        NotifyOf.Mentioned => one.PageWhenMentioned,
        NotifyOf.Answered or NotifyOf.Bounced => one.PageWhenAnswered,
        NotifyOf.PromiseReminded or NotifyOf.PromiseAsked or NotifyOf.PromisePassed or NotifyOf.PromiseGiven or NotifyOf.OfficerAsked or NotifyOf.Escalated => true,
        _ => one.PageWhenReopened
    };

    static bool ByMail(Colleague one, NotifyOf of, NoticeAbout? about) => of switch
    {
        NotifyOf.Assigned => one.MailWhenAssigned,
        NotifyOf.Mentioned => one.MailWhenMentioned,
        NotifyOf.Answered or NotifyOf.Bounced => one.MailWhenAnswered,
        // At half of the time the page is enough; who would break it is asked wherever he is.
        NotifyOf.PromiseReminded => false,
        NotifyOf.PromiseAsked or NotifyOf.PromisePassed or NotifyOf.OfficerAsked => true,
        // Whose it is sees it on the page; who is told of another's is told wherever he is.
        NotifyOf.Escalated => about?.Own != true,
        NotifyOf.PromiseGiven => one.MailWhenAssigned,
        _ => one.MailWhenReopened
    };

    MailDraft Draft(Amends.Mail.Mailbox from, Colleague to, Case one, NotifyOf of, string? by, string? page, NoticeAbout? about, DateTime at)
    {
        var says = about is null ? NoticeWords.Says(of, by) : NoticeWords.Escalated(about.Cause, at - about.Since, about.Whose);
        var number = one.Number.ToString(CultureInfo.InvariantCulture);
        var draft = new MailDraft
        {
            From = from,
            Subject = OutgoingReply.Clean($"#{number} {one.Subject}: {says}"),
            Date = clock.GetUtcNow(),
            Text = $"{says}\n\n#{number} {OutgoingReply.Clean(one.Subject)}\n{ours.Link(page ?? "/cases/" + number)}\n\n{Words.NoticeOff}\n"
        };
        draft.To.Add(new Amends.Mail.Mailbox(to.Address, OutgoingReply.Clean(to.Name)));
        return draft;
    }
}

/// <summary>Why something is told along the line.</summary>
/// <param name="Whose">The name of the owner or keeper, or null.</param>
/// <param name="Own">It is told to whose it is.</param>
sealed record NoticeAbout(EscalationCause Cause, DateTime Since, long? WhoseId, string? Whose, bool Own);

/// <summary>Notices in words.</summary>
static class NoticeWords
{
    /// <summary>“Nothing has happened for 2 d. It is Ben Kim’s.”</summary>
    public static string Escalated(EscalationCause cause, TimeSpan stood, string? whose)
    {
        var what = string.Format(CultureInfo.CurrentCulture, cause switch
        {
            EscalationCause.NothingHappens => Words.NoticeNothing,
            EscalationCause.PromisePassed => Words.NoticePromiseLate,
            EscalationCause.TargetMissed => Words.NoticeTarget,
            EscalationCause.PassedOn => Words.NoticePassedOn,
            _ => Words.NoticeNobody
        }, LocalTimes.Length(stood));
        return cause == EscalationCause.WithNobody ? what : $"{what} {(whose is null ? Words.NoticeNobodys : string.Format(CultureInfo.CurrentCulture, Words.NoticeWhose, whose))}";
    }

    public static string Says(NotifyOf of, string? by) => of switch
    {
        NotifyOf.Assigned => by is null ? Words.NoticeAssigned : string.Format(CultureInfo.CurrentCulture, Words.NoticeAssignedBy, by),
        NotifyOf.Mentioned => by is null ? Words.NoticeMentioned : string.Format(CultureInfo.CurrentCulture, Words.NoticeMentionedBy, by),
        NotifyOf.Answered => Words.NoticeAnswered,
        NotifyOf.MailboxFails => Words.NoticeMailbox,
        NotifyOf.AutomaticStopped => Words.NoticeBrake,
        NotifyOf.Bounced => Words.NoticeBounced,
        NotifyOf.PromiseReminded => Words.NoticePromiseHalf,
        NotifyOf.PromiseAsked => Words.NoticePromiseAsked,
        NotifyOf.PromisePassed => Words.NoticePromisePassed,
        NotifyOf.OfficerAsked => Words.NoticeOfficerAsked,
        NotifyOf.PromiseGiven => Words.NoticePromiseGiven,
        _ => Words.NoticeReopened
    };
}

/// <summary>Who is told when a case is given to somebody.</summary>
sealed class TellTheOwner(Notices notices) : IHear<CaseAssigned>
{
    public Task Hear(CaseAssigned fact, Heard heard, CancellationToken stop) =>
        notices.Tell(heard, fact.Case, NotifyOf.Assigned, one => one.OwnerId is { } owner && owner == fact.ToOwner ? [owner] : [], stop);
}

/// <summary>Who is mentioned is told.</summary>
sealed class TellTheMentioned(Notices notices) : IHear<CaseFollowed>
{
    public Task Hear(CaseFollowed fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.Mentioned, _ => [fact.Colleague], stop);
}

/// <summary>The customer wrote or called: owner and followers are told.</summary>
sealed class TellOfAnswers(Notices notices) : IHear<ContactReceived>
{
    public Task Hear(ContactReceived fact, Heard heard, CancellationToken stop) =>
        notices.Tell(heard, fact.Case, NotifyOf.Answered, one => one.Watchers.Where(w => w.Why.HasFlag(Watching.Follows)).Select(w => w.ColleagueId).Concat(one.OwnerId is { } owner ? [owner] : []), stop);
}

/// <summary>A case that was done is open again: its owner is told.</summary>
sealed class TellOfReopening(Notices notices) : IHear<CaseReopened>
{
    public Task Hear(CaseReopened fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.Reopened, one => one.OwnerId is { } owner ? [owner] : [], stop);
}

/// <summary>What stands still is told along the line.</summary>
sealed class TellTheLine(Notices notices, WhoIsHere here) : IHear<CaseEscalated>
{
    public Task Hear(CaseEscalated fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.Escalated, _ => [fact.To], null, stop,
        new NoticeAbout(fact.Cause, fact.Since, fact.Whose, fact.Whose is { } whose ? here.NameOf(whose) : null, fact.Whose == fact.To));
}
