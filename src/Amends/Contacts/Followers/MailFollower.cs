using Amends.Cases;
using Amends.Foundation.Data;

namespace Amends.Contacts;

/// <summary>Where somebody stands who was named in copy of a mail to a case.</summary>
public enum FollowerState : byte
{
    /// <summary>Named by a mail, and told nothing.</summary>
    Proposed = 0,

    /// <summary>A colleague or the customer said yes: gets later answers in copy.</summary>
    Confirmed = 1,

    /// <summary>No.</summary>
    Refused = 2
}

/// <summary>
/// Somebody whom a mail to a case had in copy (A15). Proposed only: anybody can write a name into a mail. Once confirmed he gets later answers in copy, and never what was said
/// before.
/// </summary>
public sealed class MailFollower : Noun
{
    public long CaseId { get; init; }

    /// <summary>As compared, unique for the case.</summary>
    public required string Address { get; init; }

    /// <summary>As written, with the name: data of the sender.</summary>
    public required string Shown { get; init; }

    /// <summary>The contact that named him.</summary>
    public long ContactId { get; init; }
    public FollowerState State { get; private set; }
    public DateTime At { get; init; }

    internal void Propose() => Record(new FollowerProposed(CaseId, Id));

    internal void Decide(bool yes)
    {
        if (State == (yes ? FollowerState.Confirmed : FollowerState.Refused)) return;
        State = yes ? FollowerState.Confirmed : FollowerState.Refused;
        Record(new FollowerDecided(CaseId, Id, yes));
    }
}

[Foundation.Facts.FactKind("follower.proposed")] public sealed record FollowerProposed(long Case, long Follower) : ICaseFact { public long Subject => Case; }
[Foundation.Facts.FactKind("follower.decided")] public sealed record FollowerDecided(long Case, long Follower, bool Yes) : ICaseFact { public long Subject => Case; }
