using System.Globalization;
using System.Net;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class TeamTests
{
    static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    static Task<List<long>> In(Household home, long team) => home.Look(db => db.Set<TeamMember>().Where(m => m.TeamId == team).Select(m => m.ColleagueId).Order().ToListAsync());

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_is_in_a_team_is_set_on_its_page(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        (await ada.Post("/settings/teams", ("name", "Deliveries"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var team = await home.Look(db => db.Set<Team>().Where(t => t.Name == "Deliveries").Select(t => t.Id).SingleAsync());
        var path = "/settings/teams/" + Id(team);

        // Both are offered, neither is ticked; the roles tell two of one name apart.
        var page = await ada.See(path);
        page.Document.QuerySelectorAll("input[type=checkbox][name^=member-]").Length.ShouldBe(2);
        page.Document.QuerySelectorAll("input[name^=member-][checked]").ShouldBeEmpty();
        (await ada.Send(page, path, ("member-" + Id(home.Ben), "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await In(home, team)).ShouldBe([home.Ben]);

        // A form that was opened before Ben came touches only what was changed on it.
        (await ada.Send(page, path, ("member-" + Id(home.Ada), "true"), ("version", null), ("once", Guid.NewGuid().ToString("N")))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await In(home, team)).ShouldBe([home.Ada, home.Ben]);

        // And out again; the name is kept when it is wrong, and so are the ticks.
        var wrong = await ada.PostFrom(path, path, ("name", ""), ("member-" + Id(home.Ben), null));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Document.QuerySelectorAll("input[name^=member-][checked]").Length.ShouldBe(1);
        (await ada.PostFrom(path, path, ("member-" + Id(home.Ben), null))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await In(home, team)).ShouldBe([home.Ada]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A26_a_team_is_joined_only_by_those_whom_one_may_put_there(On on)
    {
        await using var home = await Household.Open(on);
        // Sees the cases of the own team only, and manages colleagues and teams.
        var role = await Some.Role(home.House, "Shift lead", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ReplyToCases, Scope.Team), (Verb.ManageColleagues, Scope.All), (Verb.ManageTeams, Scope.All), (Verb.SeePeople, Scope.All), (Verb.ChangePeople, Scope.All));
        var lead = await Some.Colleague(home.House, "Shift Lead", role);
        var client = await home.House.ClientOf(lead);
        var path = "/settings/teams/" + Id(home.Made.Team);
        // Not in the team: cannot put anybody in, nor take out whoever holds more.
        foreach (var who in (long[])[lead, home.Ada])
        {
            var now = await In(home, home.Made.Team);
            var had = now.Contains(who);
            var answer = await client.PostFrom(path, path, ("was-" + Id(who), had ? "in" : "out"), ("member-" + Id(who), had ? null : "true"));
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await In(home, home.Made.Team)).ShouldBe(now);
        }
        // Without the right to change colleagues the page only tells, and a sent tick does nothing.
        var plain = await Some.Colleague(home.House, "Plain", await Some.Role(home.House, "Teams only", (Verb.ManageTeams, Scope.All)));
        var other = await home.House.ClientOf(plain);
        var seen = await other.See(path);
        seen.Document.QuerySelectorAll("[name^=member-]").ShouldBeEmpty();
        seen.Document.Body!.TextContent.ShouldContain("Ben Kim");
        (await other.Send(seen, path, ("was-" + Id(plain), "out"), ("member-" + Id(plain), "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await In(home, home.Made.Team)).ShouldNotContain(plain);
    }
}
