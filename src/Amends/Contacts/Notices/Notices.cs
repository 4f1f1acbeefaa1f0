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
    public async Task Tell(Heard heard, long caseId, NotifyOf of, Func<Case, IEnumerable<long>> whom, string? page, CancellationToken stop)
    {
        Case? one;
        List<Colleague> told;
        var ready = new List<ReadyMail>();
        using (var db = databases.Open())
        {
            one = await db.CasesVisibleTo(Me).Include(c => c.Watchers).FirstOrDefaultAsync(c => c.Id == caseId, stop);
            if (one is null || one.SpamAt is not null) return;
            var by = heard.ActorKind == ActorKind.Colleague ? heard.ActorId : 0;
            var ids = whom(one).Where(id => id != by).Distinct().ToList();
            // A confidential case is for its owner and those named.
            if (one.Confidential) ids.RemoveAll(id => id != one.OwnerId && !one.Watchers.Exists(w => w.ColleagueId == id && w.Why.HasFlag(Watching.Named)));
            told = ids.Count == 0 ? [] : await db.Set<Colleague>().Where(c => ids.Contains(c.Id) && c.State == ColleagueState.Active).ToListAsync(stop);
            told.RemoveAll(c => !OnPage(c, of) && !ByMail(c, of));
            // Who may not see the case is told nothing of it: neither its number nor its subject (A23).
            foreach (var colleague in told.ToArray())
            {
                var who = await Gate.Of(db, colleague, house);
                if (!await db.CasesVisibleTo(who).AnyAsync(c => c.Id == caseId, stop)) told.Remove(colleague);
            }
            if (told.Count == 0) return;
            var from = await Sender(db, one);
            var byName = by == 0 ? null : await db.Set<Colleague>().Where(c => c.Id == by).Select(c => c.Name).FirstOrDefaultAsync(stop);
            foreach (var colleague in told.Where(c => ByMail(c, of)))
                if (from is not null) ready.Add(await outbox.PrepareAutomatic(Speech.In(colleague.Language ?? house.Get(HouseSettings.Language), () => Draft(from, colleague, one, of, byName, page)), AutomaticKind.Notice, stop));
        }
        await write.Run(Actor.System("notices"), null, async db =>
        {
            foreach (var colleague in told.Where(c => OnPage(c, of)))
            {
                db.Add(new Notification { ColleagueId = colleague.Id, CaseId = one.Id, Of = of, ById = heard.ActorKind == ActorKind.Colleague ? heard.ActorId : null, At = heard.At });
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
        NotifyOf.PromiseReminded or NotifyOf.PromiseAsked or NotifyOf.PromisePassed or NotifyOf.PromiseGiven or NotifyOf.OfficerAsked => true,
        _ => one.PageWhenReopened
    };

    static bool ByMail(Colleague one, NotifyOf of) => of switch
    {
        NotifyOf.Assigned => one.MailWhenAssigned,
        NotifyOf.Mentioned => one.MailWhenMentioned,
        NotifyOf.Answered or NotifyOf.Bounced => one.MailWhenAnswered,
        // At half of the time the page is enough; who would break it is asked wherever he is.
        NotifyOf.PromiseReminded => false,
        NotifyOf.PromiseAsked or NotifyOf.PromisePassed or NotifyOf.OfficerAsked => true,
        NotifyOf.PromiseGiven => one.MailWhenAssigned,
        _ => one.MailWhenReopened
    };

    MailDraft Draft(Amends.Mail.Mailbox from, Colleague to, Case one, NotifyOf of, string? by, string? page)
    {
        var says = NoticeWords.Says(of, by);
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

/// <summary>Notices in words.</summary>
static class NoticeWords
{
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
