using System.Collections.Frozen;
using Amends.Foundation;

namespace Amends.Trust;

/// <summary>How far a permission reaches.</summary>
public enum Scope : byte { None = 0, Own = 1, Team = 2, All = 3 }

/// <summary>What can be permitted. Verbs on cases have a scope; the others are held or not (<see cref="Scope.All"/>).</summary>
public enum Verb : byte
{
    SeeCases = 1, WorkCases = 2, ReplyToCases = 3, DeleteCases = 4, ExportCases = 5, SeeConfidential = 6,
    SeePeople = 20, ChangePeople = 21, ImportPeople = 22, ExportPeople = 23,
    SeeStuckWork = 40, ManageColleagues = 41, ManageRoles = 42, ManageTeams = 43, ManageSettings = 44, ManageKeys = 45, ManageBackup = 46, WriteCannedTexts = 47, SeeOutbox = 48
}

/// <summary>Who acts, and what he may do: read anew for each request.</summary>
public sealed record Who : Actor
{
    public Who(ActorKind kind, long id, string name, FrozenDictionary<Verb, Scope> may, FrozenSet<long> teams, string zone = "Etc/UTC") : base(kind, id, name) =>
        (May, Teams, Zone) = (may, teams, zone);

    /// <summary>Permissions; a verb that is missing is not held.</summary>
    public FrozenDictionary<Verb, Scope> May { get; }

    /// <summary>The teams this colleague is in.</summary>
    public FrozenSet<long> Teams { get; }

    /// <summary>IANA zone in which times are shown.</summary>
    public string Zone { get; }

    /// <summary>How far a verb reaches for this person.</summary>
    public Scope ScopeOf(Verb verb) => May.GetValueOrDefault(verb);

    /// <summary>True when held at all.</summary>
    public bool Can(Verb verb) => ScopeOf(verb) != Scope.None;

    /// <summary>A job or the command line that acts for the house, with every right, by name.</summary>
    public static Who House(string name) => new(ActorKind.System, 0, name,
        Enum.GetValues<Verb>().ToFrozenDictionary(v => v, _ => Scope.All), []);
}
