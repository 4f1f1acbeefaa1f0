using Amends.Cases;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;

namespace Amends.Contacts;

/// <summary>What the facts of contacts and their mails say in a case's history; <c>{0}</c> stands for who did it.</summary>
static class ContactSentences
{
    public static string? Of(IFact fact) => fact switch
    {
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
        ContactWent => Words.FactWent,
        CaseLinksEnded => Words.FactLinksEnded,
        MailQueued => Words.FactMailQueued,
        MailSent { State: OutgoingState.Failed } => Words.FactMailFailed,
        MailSent => Words.FactMailSent,
        MailDelayed => Words.FactMailDelayed,
        MailCancelled => Words.FactMailCancelled,
        MailRetried => Words.FactMailRetried,
        _ => null
    };
}
