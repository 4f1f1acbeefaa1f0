using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>What a new house is told about itself.</summary>
/// <param name="Hours">As <see cref="HouseSettings.Hours"/>.</param>
/// <param name="Zone">IANA name.</param>
/// <param name="Language">Two letters.</param>
public sealed record HouseAnswers(string Company, string Address = "", string? Hours = null, string? Zone = null, string? Language = null);

/// <summary>What a new house has: ids of its roles, its first team and its brand.</summary>
public sealed record NewHouse(long Administrator, long Lead, long Agent, long Reader, long Team, long Brand);

/// <summary>
/// Makes what every house begins with: four roles, the team “Service”, the brand, the settings. For the first run, the command line, the demo and
/// tests; inside of one write. Mailboxes are the business of Contacts.
/// </summary>
public static class HouseStart
{
    static readonly (Verb, Scope)[] LeadMay =
    [
        (Verb.SeeCases, Scope.All), (Verb.WorkCases, Scope.All), (Verb.ReplyToCases, Scope.All), (Verb.DeleteCases, Scope.All), (Verb.ExportCases, Scope.All),
        (Verb.SeePeople, Scope.All), (Verb.ChangePeople, Scope.All), (Verb.ImportPeople, Scope.All), (Verb.ExportPeople, Scope.All),
        (Verb.WriteCannedTexts, Scope.All), (Verb.SeeOutbox, Scope.All), (Verb.SeeStuckWork, Scope.All)
    ];
    static readonly (Verb, Scope)[] AgentMay =
    [
        (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ReplyToCases, Scope.Team), (Verb.SeePeople, Scope.All), (Verb.ChangePeople, Scope.All)
    ];

    /// <summary>Makes them.</summary>
    public static async Task<NewHouse> Make(Database db, House house, HouseAnswers answers)
    {
        var language = answers.Language ?? HouseSettings.Language.Default;
        Speech.Speak(language);
        var brand = new Brand { Id = db.Ids!.Next(), Name = answers.Company, IsDefault = true };
        brand.Changed();
        db.Add(brand);
        var team = new Team { Id = db.Ids.Next(), Name = Words.FirstTeam };
        team.Changed();
        db.Add(team);
        var made = new NewHouse(Role(db, Words.RoleAdministrator, Enum.GetValues<Verb>().Select(v => (v, Scope.All))), Role(db, Words.RoleLead, LeadMay),
            Role(db, Words.RoleAgent, AgentMay), Role(db, Words.RoleReader, [(Verb.SeeCases, Scope.Team), (Verb.SeePeople, Scope.All)]), team.Id, brand.Id);
        await house.Set(db, HouseSettings.Company, answers.Company);
        await house.Set(db, HouseSettings.Address, answers.Address);
        await house.Set(db, HouseSettings.Hours, answers.Hours ?? HouseSettings.Hours.Default);
        await house.Set(db, HouseSettings.Zone, answers.Zone ?? HouseSettings.Zone.Default);
        await house.Set(db, HouseSettings.Language, language);
        return made;
    }

    /// <summary>Set-up is closed for ever.</summary>
    public static Task Close(Database db, House house) => house.Set(db, HouseSettings.SetUp, true);

    /// <summary>A colleague who can sign in at once. Outside of the write: <see cref="Passwords.Hash"/> takes its time.</summary>
    /// <exception cref="Refused">The address is another colleague's, or none.</exception>
    public static async Task<Colleague> AddColleague(Database db, string name, string address, string passwordHash, long role, params long[] teams)
    {
        address = Addresses.Clean(address) ?? throw new Refused("address", Words.NoAddress);
        if (await db.Set<Colleague>().AnyAsync(c => c.Address == address)) throw new Refused("address", Words.AddressTaken);
        var one = new Colleague { Id = db.Ids!.Next(), Name = name, Address = address, RoleId = role, State = ColleagueState.Active, PasswordHash = passwordHash };
        foreach (var team in teams) one.Teams.Add(new TeamMember { TeamId = team, ColleagueId = one.Id });
        one.Did(ColleagueDeed.Accepted);
        db.Add(one);
        return one;
    }

    static long Role(Database db, string name, IEnumerable<(Verb, Scope)> may)
    {
        var role = new Role { Id = db.Ids!.Next(), Name = name };
        foreach (var (verb, scope) in may) role.Permissions.Add(new RolePermission { RoleId = role.Id, Verb = verb, Scope = scope });
        role.Changed();
        db.Add(role);
        return role.Id;
    }
}

/// <summary>Mail addresses of colleagues, as they sign in with them.</summary>
public static class Addresses
{
    /// <summary>Trimmed and in lower case; null when it cannot be one. Looks at its form alone: whether it is reached, the invitation shows.</summary>
    public static string? Clean(string? typed)
    {
        var address = (typed ?? "").Trim().ToLower(CultureInfo.InvariantCulture);
        var at = address.LastIndexOf('@');
        if (address.Length > 320 || at is < 1 or > 64 || at > address.Length - 2 || address.IndexOf('@', StringComparison.Ordinal) != at) return null;
        foreach (var c in address) if (char.IsControl(c) || char.IsWhiteSpace(c) || c is ',' or ';' or '<' or '>' or '"' or '(' or ')' or '[' or ']' or '\\') return null;
        return address[at + 1] == '.' || address[^1] == '.' || address.Contains("..", StringComparison.Ordinal) ? null : address;
    }
}
