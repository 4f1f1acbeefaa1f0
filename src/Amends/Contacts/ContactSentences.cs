using System.Globalization;
using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What the facts of contacts and their mails say in a case's history.</summary>
static class ContactSentences
{
    public static FactSaid? Of(IFact fact) => Pattern(fact) is { } pattern ? new FactSaid(pattern, MailOf(fact)) : null;

    /// <summary>A mail by its subject and whom it goes to.</summary>
    public static async Task<IEnumerable<(long, string)>> Mails(Database db, IReadOnlyList<IFact> facts)
    {
        var ids = facts.Select(MailOf).Where(id => id != 0).Distinct().ToList();
        if (ids.Count == 0) return [];
        var mails = await db.Set<OutgoingMail>().Where(m => ids.Contains(m.Id)).Select(m => new { m.Id, m.Subject, To = m.Recipients.OrderBy(r => r.Id).Select(r => r.Address).ToList() }).ToListAsync();
        var followers = await db.Set<MailFollower>().Where(f => ids.Contains(f.Id)).Select(f => new { f.Id, f.Shown }).ToListAsync();
        return followers.Select(f => (f.Id, f.Shown)).Concat(mails.Select(m => (m.Id, string.Format(CultureInfo.CurrentCulture, Words.MailCalled, Intake.Cut(m.Subject, 120), string.Join(", ", m.To.Take(3)) + (m.To.Count > 3 ? ", …" : "")))));
    }

    static long MailOf(IFact fact) => fact switch
    {
        MailQueued queued => queued.Mail,
        MailSent sent => sent.Mail,
        MailDelayed delayed => delayed.Mail,
        MailCancelled cancelled => cancelled.Mail,
        MailTimed timed => timed.Mail,
        MailRetried retried => retried.Mail,
        FollowerProposed proposed => proposed.Follower,
        FollowerDecided decided => decided.Follower,
        _ => 0
    };

    static string? Pattern(IFact fact) => fact switch
    {
        FollowerProposed => Words.FactFollowerProposed,
        FollowerDecided { Yes: true } => Words.FactFollowerIn,
        FollowerDecided => Words.FactFollowerOut,
        ContactOnlyThanks { Only: true } => Words.FactOnlyThanks,
        ContactOnlyThanks => Words.FactMoreThanThanks,
        ContactFilesCame => Words.FactFilesCame,
        MailCameBack => Words.FactCameBack,
        ContactReceived { Automatic: true } => Words.FactReceivedAutomatic,
        ContactReceived received => received.Channel switch
        {
            Channel.Mail => Words.FactReceivedMail,
            Channel.Phone => Words.FactReceivedCall,
            Channel.Web => Words.FactReceivedForm,
            Channel.Portal => Words.FactReceivedLink,
            _ => Words.FactReceivedHere
        },
        ContactSent { Channel: Channel.Phone } => Words.FactSentCall,
        ContactSent => Words.FactSentReply,
        ContactTakenBack => Words.FactTakenBack,
        ContactCopied => Words.FactCopied,
        ContactNoApology => Words.FactNoApology,
        ContactWent => Words.FactWent,
        CaseLinksEnded => Words.FactLinksEnded,
        CaseReported => Words.FactReported,
        CaseReportResolved => Words.FactReportResolved,
        MailQueued => Words.FactMailQueued,
        MailSent { State: OutgoingState.Failed } => Words.FactMailFailed,
        MailSent => Words.FactMailSent,
        MailDelayed => Words.FactMailDelayed,
        MailCancelled => Words.FactMailCancelled,
        MailTimed => Words.FactMailTimed,
        MailRetried => Words.FactMailRetried,
        _ => null
    };
}
