using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The card of Contacts.</summary>
public sealed class ContactsModule : Module
{
    public override string Name => "Contacts";

    public override void Tables(ModelBuilder model) => ContactTables.Describe(model);
}
