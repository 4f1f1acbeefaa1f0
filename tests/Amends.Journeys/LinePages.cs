using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Journeys;

/// <summary>Who is told, who leads, who is absent: the pages with something on them, wide and narrow.</summary>
public sealed class LinePages(OpenHouse house) : IClassFixture<OpenHouse>
{
    [Fact]
    public async Task Are_read_wide_and_narrow()
    {
        var full = house.Full;
        await full.House.Write.Run(Actor.System("test"), null, async db =>
        {
            foreach (var row in await db.Set<TeamMember>().AsTracking().Where(m => m.TeamId == full.TeamA && m.ColleagueId == full.Ada).ToListAsync()) row.Lead = true;
            db.Record(new TeamLeadChanged(full.TeamA, full.Ada, true));
            db.Tell(new Hint("team", full.TeamA, 0));
            db.Add(Absence.Plan(db.Ids!.Next(), full.Ben, db.At, db.At.AddDays(9), db.At.Date, full.Ada, "On holiday", [], db.At));
            var one = await db.LoadCase(Who.House("test"), full.Ordinary.Number, null);
            one.Assign(full.Ben, full.TeamA, db.At);
            var promise = new Promise { Id = db.Ids.Next(), CaseId = one.Id, CustomerId = one.CustomerId, Kind = PromiseKind.Answer, Named = "Answer about the part", Zone = "Europe/Berlin", MadeAt = db.At, DueAt = db.At.AddHours(5), DueLocal = db.At.AddHours(6), HalfAt = db.At.AddHours(2), AskAt = db.At.AddHours(4) };
            promise.Make(full.Ben, db.At);
            db.Add(promise);
        });
        full.House.Clock.Advance(TimeSpan.FromHours(30));
        await EscalationClock.Tell(full.House.App.Services, TestContext.Current.CancellationToken);
        await full.Rest();
        long kept;
        using (var db = full.House.Databases.Open())
        {
            kept = await db.Set<Promise>().Where(p => p.Named == "Answer about the part").Select(p => p.Id).SingleAsync(TestContext.Current.CancellationToken);
            (await db.Set<Case>().CountAsync(c => c.EscalatedTo != null, TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
        }
        var page = await house.Page(full.Ada);
        foreach (var (name, address) in new[]
        {
            ("line-settings", "/settings/escalation"), ("line-rules", "/nothing-happens/rules"), ("line-nothing", "/nothing-happens"), ("line-case", $"/cases/{full.Ordinary.Number}"), ("line-notices", "/notices"), ("line-team", $"/settings/teams/{full.TeamA}"), ("line-teams", "/settings/teams"),
            ("absence-me", "/me"), ("absence-plan", "/me/absence"), ("absence-of", $"/settings/colleagues/{full.Ben}/absence"), ("absence-colleague", $"/settings/colleagues/{full.Ben}"), ("absence-colleagues", "/settings/colleagues"), ("absence-officers", "/settings/officers"),
            ("absence-assign", $"/cases/{full.Ordinary.Number}/assign"), ("absence-promise", $"/promises/{kept}"), ("absence-promises", "/promises"),
        })
        {
            await page.GotoAsync(address);
            await house.Eyes.Look(page, name, 1280, 800);
        }
        house.Eyes.Errors.ShouldBeEmpty();
        house.Eyes.Flaws.ShouldBeEmpty();
    }
}
