using Amends.Cases;
using Amends.Foundation;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>The next step is the earliest that is not past due: of the case's own two, and of those that other modules publish.</summary>
public class NextStepTests
{
    static async Task Told(DeskCast cast, Case one) => await cast.House.Write.Run(Actor.System("test module"), null, db =>
    {
        // The other module has a noun of its own; the case is not loaded by it.
        db.Record(new CaseLinked(one.Id, one.Id, true));
        return Task.CompletedTask;
    });

    static async Task<(StepKind Kind, DateTime? At, long? Who, string? Says)> Step(DeskCast cast, Case one)
    {
        var now = await cast.Now(one);
        return (now.NextStep, now.NextStepAt, now.NextStepWho, now.NextStepSays);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Of_first_answer_and_wait_the_earlier_counts_and_when_it_passes_the_other(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var (one, begun) = (await cast.Case("Pump stops", cast.Ben), cast.House.Now);
        (await Step(cast, one)).ShouldBe((StepKind.FirstAnswer, begun.AddHours(4), cast.Ben, null));
        async Task Wait(TimeSpan time) => await cast.House.Write.Run(Actor.System("test"), null, async db => (await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id)).Wait(begun + time, "the part", db.At));
        await Wait(TimeSpan.FromHours(2));
        (await Step(cast, one)).ShouldBe((StepKind.Wait, begun.AddHours(2), cast.Ben, null));
        await Wait(TimeSpan.FromDays(1));
        (await Step(cast, one)).ShouldBe((StepKind.FirstAnswer, begun.AddHours(4), cast.Ben, null));
        (await cast.Get($"/cases/{one.Number}")).Text.ShouldContain("First answer by");

        cast.House.Clock.Advance(TimeSpan.FromHours(5));
        await CaseClock.PassSteps(cast.House.App.Services, TestContext.Current.CancellationToken);
        (await Step(cast, one)).ShouldBe((StepKind.Wait, begun.AddDays(1), cast.Ben, null));
        (await cast.Get("/desk/none?pick=1")).Text.ShouldNotContain("Pump stops");
        (await cast.Get($"/cases/{one.Number}/history")).Text.ShouldContain("The first answer was due");

        // Nothing lies ahead any more: what was missed is named, and it counts as none.
        cast.House.Clock.Advance(TimeSpan.FromDays(1));
        await CaseClock.EndWaits(cast.House.App.Services, TestContext.Current.CancellationToken);
        (await Step(cast, one)).ShouldBe((StepKind.FirstAnswer, begun.AddHours(4), cast.Ben, null));
        (await cast.Get("/desk/none?pick=1")).Text.ShouldContain("Pump stops");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Another_module_publishes_steps_and_the_earliest_stands_on_the_case(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var published = new List<CaseStep>();
        cast.House.Get<CaseHooks>().NextSteps.Add((_, ids) => Task.FromResult(published.Where(s => ids.Contains(s.CaseId))));
        var (one, other, begun) = (await cast.Case("Pump stops", cast.Ben), await cast.Case("Other matter", cast.Ben), cast.House.Now);
        published.Add(new CaseStep(one.Id, begun.AddHours(1), cast.Olga, "Call Maria back"));
        published.Add(new CaseStep(one.Id, begun.AddHours(6), null, "Bring the part"));
        await Told(cast, one);
        (await Step(cast, one)).ShouldBe((StepKind.Published, begun.AddHours(1), cast.Olga, "Call Maria back"));
        (await cast.Now(one)).Version.ShouldBe(one.Version + 1, "who has it open is told");
        (await Step(cast, other)).Kind.ShouldBe(StepKind.FirstAnswer);
        var list = (await cast.Get("/desk/open?pick=1")).Text;
        list.ShouldContain("Call Maria back by");
        list.IndexOf("Pump stops", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf("Other matter", StringComparison.Ordinal), "it is sorted by the published step");
        (await cast.Get($"/cases/{one.Number}")).Text.ShouldContain("Call Maria back by");

        // A verb of the case itself keeps what was published.
        (await cast.Post($"/cases/{one.Number}/sort", new() { ["kind"] = "Failure", ["severity"] = "Serious" }, one)).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await Step(cast, one)).Says.ShouldBe("Call Maria back");

        // Past due it does not count: the first answer does, then the part.
        cast.House.Clock.Advance(TimeSpan.FromHours(2));
        await CaseClock.PassSteps(cast.House.App.Services, TestContext.Current.CancellationToken);
        (await Step(cast, one)).ShouldBe((StepKind.FirstAnswer, begun.AddHours(4), cast.Ben, null));
        (await cast.Get($"/cases/{one.Number}/history")).Text.ShouldContain("Call Maria back");
        cast.House.Clock.Advance(TimeSpan.FromHours(3));
        await CaseClock.PassSteps(cast.House.App.Services, TestContext.Current.CancellationToken);
        (await Step(cast, one)).ShouldBe((StepKind.Published, begun.AddHours(6), null, "Bring the part"));

        // Done before its time: the module tells, and nothing lies ahead.
        published.Clear();
        await Told(cast, one);
        (await Step(cast, one)).Kind.ShouldBe(StepKind.FirstAnswer);
        (await cast.Get("/desk/none?pick=1")).Text.ShouldContain("Pump stops");
        published.Add(new CaseStep(one.Id, begun.AddDays(2), null, "Bring the part"));
        await Told(cast, one);
        (await cast.Post($"/cases/{one.Number}/resolve", new() { ["summary"] = "Done." }, one)).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await Step(cast, one)).ShouldBe((StepKind.None, null, null, null));
    }
}
