using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;

namespace Amends.Contacts;

/// <summary>The mail of a contact went, or was refused for good: the contact is no longer on its way. What the server said stands with each recipient.</summary>
sealed class WhenMailSent(Writer write) : IHear<MailSent>
{
    public Task Hear(MailSent fact, Heard heard, CancellationToken stop) => write.Run(Foundation.Actor.System("mail"), null, async db =>
    {
        var contact = await db.Load<Contact>(fact.Contact!.Value);
        if (contact.State == ContactState.Sending) contact.Went();
        await heard.Run.Finish(db);
    }, stop);
}
