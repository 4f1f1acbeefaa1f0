using Amends.Foundation.Facts;

namespace Amends.Foundation.Jobs;

/// <summary>A person looked at a job that was stuck, and had it tried again or let it go.</summary>
[FactKind("job.decided")]
public sealed record StuckJobDecided(long Job, string Kind, bool Again) : IFact
{
    public long Subject => Job;
}
