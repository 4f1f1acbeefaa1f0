using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Tests.Cast;

/// <summary>The named cast: people and cases that tests speak of.</summary>
static class Some
{
    static readonly Actor Me = Actor.System("test");

    /// <summary>A role with these permissions.</summary>
    public static Task<long> Role(TestHouse house, string name, params (Verb Verb, Scope Scope)[] may) => house.Write.Run(Me, null, db =>
    {
        var role = new Role { Id = db.Ids!.Next(), Name = name };
        foreach (var (verb, scope) in may) role.Permissions.Add(new RolePermission { RoleId = role.Id, Verb = verb, Scope = scope });
        role.Changed();
        db.Add(role);
        return Task.FromResult(role.Id);
    });

    /// <summary>A role that may do everything.</summary>
    public static Task<long> AdminRole(TestHouse house) => Role(house, "Admin " + Guid.NewGuid().ToString("N")[..6], [.. Enum.GetValues<Verb>().Select(v => (v, Scope.All))]);

    public static Task<long> Team(TestHouse house, string name) => house.Write.Run(Me, null, db =>
    {
        var team = new Team { Id = db.Ids!.Next(), Name = name };
        team.Changed();
        db.Add(team);
        return Task.FromResult(team.Id);
    });

    public static Task<long> Colleague(TestHouse house, string name, long role, params long[] teams) => house.Write.Run(Me, null, db =>
    {
        var one = new Colleague { Id = db.Ids!.Next(), Name = name, Address = name.Replace(' ', '.').ToLowerInvariant() + "@amends.example", RoleId = role, State = ColleagueState.Active };
        foreach (var team in teams) one.Teams.Add(new TeamMember { TeamId = team, ColleagueId = one.Id });
        one.Did(ColleagueDeed.Accepted);
        db.Add(one);
        return Task.FromResult(one.Id);
    });

    public static Task<long> Brand(TestHouse house) => house.Write.Run(Me, null, db =>
    {
        var brand = new Brand { Id = db.Ids!.Next(), Name = "Casa Verde", IsDefault = true };
        brand.Changed();
        db.Add(brand);
        return Task.FromResult(brand.Id);
    });

    public static Task<long> Customer(TestHouse house, string name, string address) => house.Write.Run(Me, null, db =>
    {
        var one = new Customer { Id = db.Ids!.Next(), Name = name, MadeAt = db.At };
        one.Addresses.Add(new CustomerAddress { Id = db.Ids.Next(), CustomerId = one.Id, Kind = AddressKind.Mail, Value = address, Shown = address });
        one.Changed(true);
        db.Add(one);
        return Task.FromResult(one.Id);
    });

    /// <summary>A case as intake makes it.</summary>
    public static Task<Case> Case(TestHouse house, long customer, long team, long brand, string subject = "Pump stops", long? owner = null, bool confidential = false) => house.Write.Run(Me, null, async db =>
    {
        var one = new Case
        {
            Id = db.Ids!.Next(),
            Number = await db.NextNumber("case", 1001),
            Subject = subject,
            HeardAt = db.At,
            CustomerId = customer,
            TeamId = team,
            BrandId = brand,
            OwnerId = owner,
            Confidential = confidential,
            FirstAnswerDue = db.At.AddHours(4),
            LastContactAt = db.At,
            CustomerWaitsSince = db.At
        };
        one.Hear(db.At);
        db.Add(one);
        return one;
    });
}
