using Amends.Cases;
using Amends.Foundation.Data;
using Amends.People;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Three written contacts on a case, theirs, ours, theirs, and the third is no thanks: the desk says <em>pick up the phone</em>. Never of a customer who wants writing only.</summary>
static class RuleOfThree
{
    /// <summary>The channels in which one writes.</summary>
    public static bool IsWritten(Channel channel) => channel is Channel.Mail or Channel.Web or Channel.Portal;

    /// <summary>Inside of a write: the customer wrote. Asks for the customer only where it is the third.</summary>
    public static async Task Heard(Database db, Case one, Channel channel, long contact)
    {
        if (!IsWritten(channel) || !one.HeardInWriting()) return;
        var customer = await db.Set<Customer>().AsNoTracking().Where(c => c.Id == one.CustomerId).Select(c => new { c.Prefers, c.Needs }).FirstOrDefaultAsync();
        if (customer is not null && !WritingOnly.Of(customer.Prefers, customer.Needs)) one.ProposeCall(contact, db.At);
    }
}
