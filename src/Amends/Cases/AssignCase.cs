using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Gives a case to a colleague and a team, or takes it.</summary>
static class AssignCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/assign", (long number, HttpContext http) => CaseChange.Show<AssignCaseSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/assign", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases,
            async (db, one, form) => await To(db, one, form.Id("owner"), form.Id("team") ?? one.TeamId), form => CaseChange.Show<AssignCaseSheet>(http, number, form),
            form => { form.MayId("owner", () => Words.NoSuchColleague); form.MayId("team", () => Words.NoSuchTeam); })).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/take", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, _) => To(db, one, http.Who().Id, one.TeamId))).Needs(Verb.WorkCases);
    }

    /// <summary>Assigns, after looking whether those chosen are still there.</summary>
    internal static async Task To(Database db, Case one, long? owner, long team)
    {
        if (owner is { } id && !await db.Set<Colleague>().AnyAsync(c => c.Id == id && c.State == ColleagueState.Active)) throw new Refused("owner", Words.NoSuchColleague);
        if (!await db.Set<Team>().AnyAsync(t => t.Id == team && !t.Retired)) throw new Refused("team", Words.NoSuchTeam);
        one.Assign(owner, team, db.At);
    }
}
