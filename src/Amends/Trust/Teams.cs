using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>One line of the list of teams.</summary>
/// <param name="Leads">Their names.</param>
public sealed record TeamRow(long Id, string Name, bool Retired, int Members, string Leads);

/// <summary>The list, with the form for a new one.</summary>
public sealed record TeamsModel(IReadOnlyList<TeamRow> Rows, FormState Form);

/// <summary>Somebody who is in a team or could be; <paramref name="Allowed"/>: who looks may change it.</summary>
public sealed record TeamPerson(long Id, string Name, string Role, bool IsIn, bool Leads, bool Allowed);

/// <summary>One team's form, and who is in it.</summary>
public sealed record EditTeamModel(FormState Form, long Id, string Name, int Version, IReadOnlyList<TeamPerson> People, bool MayEditMembers)
{
    /// <summary>Ticked: as it was sent, else as it is.</summary>
    public bool Ticked(TeamPerson one) => Form.IsValid || !one.Allowed ? one.IsIn : Form.On($"member-{one.Id}");

    /// <summary>The same for the box beside it.</summary>
    public bool TickedLead(TeamPerson one) => Form.IsValid || !one.Allowed ? one.Leads : Form.On($"lead-{one.Id}");
}

/// <summary>Settings › Teams.</summary>
static class Teams
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/teams", All).Needs(Verb.ManageTeams);
        app.MapPost("/settings/teams", Make).Needs(Verb.ManageTeams);
        app.MapGet("/settings/teams/{id:long}", Show).Needs(Verb.ManageTeams);
        app.MapPost("/settings/teams/{id:long}", Save).Needs(Verb.ManageTeams);
    }

    static async Task<TeamsModel> List(Databases databases, FormState form)
    {
        using var db = databases.Open();
        var members = await db.Set<TeamMember>().GroupBy(m => m.TeamId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        var leads = (await (from m in db.Set<TeamMember>() join c in db.Set<Colleague>() on m.ColleagueId equals c.Id where m.Lead orderby c.Name select new { m.TeamId, c.Name }).ToListAsync()).ToLookup(l => l.TeamId, l => l.Name);
        return new((await db.Set<Team>().OrderBy(t => t.Retired).ThenBy(t => t.Name).ToListAsync()).ConvertAll(t => new TeamRow(t.Id, t.Name, t.Retired, members.GetValueOrDefault(t.Id), string.Join(", ", leads[t.Id]))), form);
    }

    static async Task<IResult> All(Databases databases) => View.Page<TeamsPage>(await List(databases, FormState.With()));

    static async Task NameIsFree(Database db, string name, long but)
    {
        if (await db.Set<Team>().AnyAsync(t => t.Name == name && t.Id != but)) throw new Refused("name", Words.TeamNameTaken);
    }

    static async Task<IResult> Make(HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 120);
        if (!form.IsValid) return View.Invalid<TeamsPage>(await List(databases, form));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                await NameIsFree(db, name, 0);
                var team = new Team { Id = db.Ids!.Next(), Name = name };
                team.Changed();
                db.Add(team);
            });
        }
        catch (Refused no) { return View.Invalid<TeamsPage>(await List(databases, form.Wrong(no))); }
        return View.Go(http, "/settings/teams");
    }

    static async Task<EditTeamModel> Model(long id, HttpContext http, Databases databases, FormState? typed = null)
    {
        using var db = databases.Open();
        var team = await db.Set<Team>().FirstOrDefaultAsync(t => t.Id == id) ?? throw new NotThere();
        var who = http.Who();
        var members = await db.Set<TeamMember>().Where(m => m.TeamId == id).ToDictionaryAsync(m => m.ColleagueId, m => m.Lead);
        var ids = members.Keys.ToList();
        var roles = await db.Set<Role>().Include(r => r.Permissions).ToDictionaryAsync(r => r.Id);
        var mayAdd = who.ScopeOf(Verb.SeeCases) == Scope.All || who.Teams.Contains(id);
        var people = (await db.Set<Colleague>().Where(c => c.State != ColleagueState.Disabled || ids.Contains(c.Id)).OrderBy(c => c.Name).ThenBy(c => c.Id).Select(c => new { c.Id, c.Name, c.RoleId }).ToListAsync())
            .ConvertAll(c => new TeamPerson(c.Id, c.Name, roles[c.RoleId].Name, members.ContainsKey(c.Id), members.GetValueOrDefault(c.Id), (mayAdd || members.ContainsKey(c.Id)) && Ranks.Covers(who, roles[c.RoleId].Permissions)));
        return new(typed ?? FormState.With(("name", team.Name), ("retired", team.Retired ? "true" : "")), id, team.Name, team.Version, people, who.Can(Verb.ManageColleagues));
    }

    static async Task<IResult> Show(long id, HttpContext http, Databases databases) => View.Page<EditTeamPage>(await Model(id, http, databases));

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 120);
        if (!form.IsValid) return View.Invalid<EditTeamPage>(await Model(id, http, databases, form));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var team = await db.Load<Team>(id, form.Version);
                await NameIsFree(db, name, id);
                (team.Name, team.Retired) = (name, form.On("retired"));
                team.Changed();
                if (http.Who().Can(Verb.ManageColleagues)) await SetMembers(db, http.Who(), id, form);
                if (team.Retired && !await db.Set<Team>().AnyAsync(t => t.Id != id && !t.Retired)) throw new Refused("retired", Words.LastTeam);
            });
        }
        catch (Refused no) { return View.Invalid<EditTeamPage>(await Model(id, http, databases, form.Wrong(no))); }
        return View.Go(http, "/settings/teams");
    }

    // Those whose ticks were changed: whoever joined or left meanwhile by their own page stays as they are.
    static async Task SetMembers(Database db, Who who, long team, FormState form)
    {
        var now = await db.Set<TeamMember>().AsTracking().Where(m => m.TeamId == team).ToListAsync();
        foreach (var one in await db.Set<Colleague>().AsTracking().OrderBy(c => c.Id).ToListAsync())
        {
            var (was, wanted) = (form[$"was-{one.Id}"], form.On($"member-{one.Id}"));
            var (led, leads) = (form[$"led-{one.Id}"], form.On($"lead-{one.Id}"));
            if (was.Length == 0 || was == "in" == wanted && (led.Length == 0 || led == "yes" == leads)) continue;
            var had = now.Find(m => m.ColleagueId == one.Id);
            // Who leads is in the team.
            leads = leads && (wanted || had is not null && was == "in" == wanted);
            if (had is not null == wanted && (had is null || had.Lead == leads)) continue;
            await Ranks.MustCover(db, who, one.RoleId, "", () => Words.HigherAccount);
            if ((had?.Lead ?? false) != leads) db.Record(new TeamLeadChanged(team, one.Id, leads));
            if (had is not null && wanted) had.Lead = leads;
            else if (wanted)
            {
                Ranks.MustSee(who, team);
                db.Add(new TeamMember { TeamId = team, ColleagueId = one.Id, Lead = leads });
            }
            else db.Remove(had!);
            // A team more or less changes what they see: their open pages ask again.
            one.Did(ColleagueDeed.Changed);
        }
    }
}
