using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Trust;

/// <summary>Where a colleague's account stands.</summary>
public enum ColleagueState : byte { Invited = 0, Active = 1, Disabled = 2 }

/// <summary>Anyone of the house with a sign-in.</summary>
public sealed class Colleague : Noun
{
    /// <summary>Up to 200 characters.</summary>
    public required string Name { get; set; }

    /// <summary>Mail address, lower case, unique: the sign-in name.</summary>
    public required string Address { get; set; }
    public ColleagueState State { get; set; }
    public long RoleId { get; set; }

    /// <summary>PBKDF2 as the framework makes it; null until the invitation is accepted.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>The authenticator's key, sealed with the house key; null without a second factor.</summary>
    public byte[]? TotpKey { get; set; }

    /// <summary>The last step of time whose code was used: a code counts once.</summary>
    public long TotpUsed { get; set; }

    /// <summary>IANA name, or null for the house's zone.</summary>
    public string? Zone { get; set; }

    /// <summary>Two letters, or null for the house's language.</summary>
    public string? Language { get; set; }

    /// <summary><c>light</c>, <c>dark</c> or null.</summary>
    public string? Theme { get; set; }
    public bool KeysOff { get; set; }
    public string? Signature { get; set; }

    /// <summary>What is told on the page.</summary>
    public bool PageWhenAssigned { get; set; } = true;
    public bool PageWhenMentioned { get; set; } = true;
    public bool PageWhenAnswered { get; set; } = true;
    public bool PageWhenReopened { get; set; } = true;

    /// <summary>What is told by mail.</summary>
    public bool MailWhenAssigned { get; set; } = true;
    public bool MailWhenMentioned { get; set; } = true;
    public bool MailWhenAnswered { get; set; }
    public bool MailWhenReopened { get; set; } = true;

    public List<TeamMember> Teams { get; } = [];

    /// <summary>Says what was done with the account.</summary>
    public void Did(ColleagueDeed deed) => Record(new ColleagueChanged(Id, deed));
}

/// <summary>What was done with an account.</summary>
public enum ColleagueDeed : byte
{
    Invited = 1, Accepted = 2, Changed = 3, Disabled = 4, Enabled = 5, PasswordSet = 6, SecondFactorOn = 7, SecondFactorOff = 8, RoleChanged = 9, PreferencesChanged = 10, SignedIn = 11, SignedOut = 12, RecoveryCodeUsed = 13, ResetAsked = 14
}

[FactKind("colleague.changed")]
public sealed record ColleagueChanged(long Colleague, ColleagueDeed Deed) : IFact { public long Subject => Colleague; }

/// <summary>Colleagues who share a queue.</summary>
public sealed class Team : Noun
{
    public required string Name { get; set; }
    public bool Retired { get; set; }
    public void Changed() => Record(new TeamChanged(Id));
}

public sealed class TeamMember
{
    public long TeamId { get; set; }
    public long ColleagueId { get; set; }

    /// <summary>Leads the team: told of what stands still in it. It gives no right.</summary>
    public bool Lead { get; set; }
}

[FactKind("team.lead")] public sealed record TeamLeadChanged(long Team, long Colleague, bool Lead) : IFact { public long Subject => Team; }
[FactKind("team.changed")] public sealed record TeamChanged(long Team) : IFact { public long Subject => Team; }

/// <summary>Permissions under a name.</summary>
public sealed class Role : Noun
{
    public required string Name { get; set; }
    public List<RolePermission> Permissions { get; } = [];
    public void Changed() => Record(new RoleChanged(Id));
}

public sealed class RolePermission
{
    public long RoleId { get; set; }
    public Verb Verb { get; set; }
    public Scope Scope { get; set; }
}

[FactKind("role.changed")] public sealed record RoleChanged(long Role) : IFact { public long Subject => Role; }

/// <summary>One signed-in browser. The cookie holds the token; only its digest stands here.</summary>
public sealed class Session
{
    public long Id { get; set; }
    public required byte[] TokenHash { get; set; }
    public long ColleagueId { get; set; }
    public DateTime MadeAt { get; set; }
    public DateTime SeenAt { get; set; }
    public DateTime EndsAt { get; set; }

    /// <summary>Address and browser, as told, for the list of one's own sessions.</summary>
    public string? From { get; set; }

    /// <summary>When the password was last given: changes of identity ask again after a while.</summary>
    public DateTime ProvedAt { get; set; }
}

public enum LinkPurpose : byte { Invitation = 1, Reset = 2 }

/// <summary>A link sent by mail: used once, confirmed by a button. Only the digest of its 256-bit token stands here.</summary>
public sealed class MailLink
{
    public long Id { get; set; }
    public required byte[] TokenHash { get; set; }
    public LinkPurpose Purpose { get; set; }
    public long ColleagueId { get; set; }
    public DateTime EndsAt { get; set; }
    public DateTime? UsedAt { get; set; }
}

/// <summary>A recovery code, as digest.</summary>
public sealed class RecoveryCode
{
    public long Id { get; set; }
    public long ColleagueId { get; set; }
    public required byte[] Hash { get; set; }
}

/// <summary>What a key opens.</summary>
public enum KeyScope : byte { Intake = 1 }

/// <summary>A key for programs. Shown once; only its digest stands here.</summary>
public sealed class AccessKey : Noun
{
    public required string Name { get; set; }
    public required byte[] Hash { get; set; }
    public KeyScope Scope { get; set; }
    public DateTime MadeAt { get; set; }
    public long MadeBy { get; set; }
    public DateTime? RevokedAt { get; set; }
    public DateTime? UsedAt { get; set; }
    public void Did(bool revoked) => Record(new AccessKeyChanged(Id, revoked));
}

[FactKind("key.changed")] public sealed record AccessKeyChanged(long Key, bool Revoked) : IFact { public long Subject => Key; }

/// <summary>A read that matters: who opened which case or file.</summary>
public sealed class Access
{
    public long Id { get; set; }
    public DateTime At { get; set; }
    public ActorKind ActorKind { get; set; }
    public long ActorId { get; set; }
    public required string What { get; set; }
    public long Subject { get; set; }
}
