using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>The card of People.</summary>
public sealed class PeopleModule : Module
{
    public override string Name => "People";

    public override void Tables(ModelBuilder model) => PeopleTables.Describe(model);
}
