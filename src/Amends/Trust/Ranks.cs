using Amends.Foundation;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>Who may grant what, and whose account one may touch (A26): nobody gives what he does not hold, nobody edits a higher account, nothing is left without a holder.</summary>
public static class Ranks
{
    /// <summary>True when this person holds all of it, as widely.</summary>
    public static bool Covers(Who who, IEnumerable<RolePermission> may) => may.All(p => who.ScopeOf(p.Verb) >= p.Scope);

    /// <summary>Refuses when the role holds more than this person does.</summary>
    internal static async Task MustCover(Database db, Who who, long role, string field, Func<string> why)
    {
        if (!await db.Set<Role>().AnyAsync(r => r.Id == role)) throw new Refused(field, Words.ChooseRole);
        if (!Covers(who, await db.Set<RolePermission>().AsNoTracking().Where(p => p.RoleId == role).ToListAsync())) throw new Refused(field, why());
    }

    /// <summary>Who puts people into a team lets them see its cases: he must see them himself.</summary>
    internal static void MustSee(Who who, long team)
    {
        if (who.ScopeOf(Verb.SeeCases) != Scope.All && !who.Teams.Contains(team)) throw new Refused("teams", Words.TeamNotYours);
    }

    /// <summary>
    /// Refuses a change after which nobody who is active would hold what was given up: the last administrator stays. Call it after the change; all
    /// such writes touch one row, so that of two at once the second sees the first on either database.
    /// </summary>
    internal static async Task StaysHeld(Database db, IReadOnlyCollection<RolePermission> givenUp)
    {
        if (givenUp.Count == 0) return;
        var row = await db.Set<Sequence>().AsTracking().FirstOrDefaultAsync(s => s.Name == "ranks");
        if (row is null) db.Add(new Sequence { Name = "ranks", Next = 1 });
        else row.Next++;
        await db.SaveChangesAsync();
        var held = await (from colleague in db.Set<Colleague>()
                          where colleague.State == ColleagueState.Active
                          join permission in db.Set<RolePermission>() on colleague.RoleId equals permission.RoleId
                          select new { permission.Verb, permission.Scope }).Distinct().ToListAsync();
        foreach (var one in givenUp)
            if (one.Scope != Scope.None && !held.Exists(h => h.Verb == one.Verb && h.Scope >= one.Scope))
                throw new Refused("", string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.LastHolder, VerbWords.Of(one.Verb)));
    }
}

/// <summary>Permissions in words.</summary>
public static class VerbWords
{
    /// <summary>Verbs that reach over cases: own, the team's, all.</summary>
    public static bool HasScope(Verb verb) => verb is Verb.SeeCases or Verb.WorkCases or Verb.ReplyToCases or Verb.DeleteCases or Verb.ExportCases or Verb.SeeConfidential;

    /// <summary>What it lets one do.</summary>
    public static string Of(Verb verb) => Words.ResourceManager.GetString("Verb" + verb, System.Globalization.CultureInfo.CurrentUICulture) ?? verb.ToString();

    /// <summary>How far.</summary>
    public static string Of(Scope scope) => scope switch { Scope.Own => Words.ScopeOwn, Scope.Team => Words.ScopeTeam, Scope.All => Words.ScopeAll, _ => Words.ScopeNone };

    /// <summary>Under which heading it stands.</summary>
    public static string GroupOf(Verb verb) => (byte)verb switch { < 20 => Words.GroupCases, < 40 => Words.GroupPeople, _ => Words.GroupHouse };
}
