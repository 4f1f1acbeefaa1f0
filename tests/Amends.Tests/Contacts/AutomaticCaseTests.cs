using Amends.Cases;
using Amends.Contacts;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>What a machine wrote waits for nobody's first answer: no target, no place in line, and the case says why.</summary>
public class AutomaticCaseTests
{
    const string Away = "Auto-Submitted: auto-replied";

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_case_that_an_absence_note_makes_waits_for_no_answer_until_a_person_writes(On on)
    {
        await using var post = await Post.Open(on);
        var note = await post.SendAndRead(Post.Mail("Olga <olga@plant.example>", "Out of office: Pump", "I am away until Monday.", "away@plant.example", "service@amends.example", Away));
        var one = await post.CaseOf(note!.CaseId);
        (one.FirstAnswerDue, one.CustomerWaitsSince, one.NextStep, one.IsOpen).ShouldBe((null, null, StepKind.None, true));
        (await post.Desk.See($"/cases/{one.Number}")).Text(".next-step b").ShouldBe("No answer is due: a machine wrote this, no person");
        (await post.Desk.See("/desk/none")).Body.ShouldContain("a machine wrote this", Shouldly.Case.Sensitive, "it lies there, and whoever leads sees it");
        // A customer who is heard later is the first in line, and is answered in turn.
        post.House.Clock.Advance(TimeSpan.FromMinutes(1));
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var hers = await post.CaseOf(first!.CaseId);
        var page = await post.Desk.See($"/cases/{hers.Number}");
        page.Text(".next-step .why")!.ShouldStartWith("First in line");
        page.Document.QuerySelector("#reply-form [name=turn]").ShouldBeNull();
        // Now somebody writes: from then on he waits for an answer like everybody.
        post.House.Clock.Advance(TimeSpan.FromHours(1));
        await post.SendAndRead(Post.Mail("Olga <olga@plant.example>", "Re: Pump", "I am back. What of the pump?", null, "service@amends.example", "In-Reply-To: <away@plant.example>", "References: <away@plant.example>"));
        one = await post.CaseOf(one.Id);
        one.FirstAnswerDue.ShouldNotBeNull().ShouldBeGreaterThan(post.House.Now);
        (one.NextStep, one.CustomerWaitsSince).ShouldBe((StepKind.FirstAnswer, post.House.Now));
        (await post.Desk.See($"/cases/{one.Number}")).Text(".next-step b")!.ShouldStartWith("First answer by");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_absence_note_on_a_case_that_stands_changes_nothing_of_what_is_due(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.", "p1@casaverde.example"));
        var before = await post.CaseOf(first!.CaseId);
        post.House.Clock.Advance(TimeSpan.FromHours(1));
        var note = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Automatic reply: Pump stops", "I am away.", null, "service@amends.example", Away, "In-Reply-To: <p1@casaverde.example>"));
        note!.CaseId.ShouldBe(before.Id);
        var after = await post.CaseOf(before.Id);
        (after.FirstAnswerDue, after.CustomerWaitsSince, after.NextStep).ShouldBe((before.FirstAnswerDue, before.CustomerWaitsSince, StepKind.FirstAnswer));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_people_write_through_a_list_is_answered_as_ever(On on)
    {
        await using var post = await Post.Open(on);
        var listed = await post.SendAndRead(Post.Mail("pavel@customer.example", "Question", "How long?", null, "service@amends.example", "List-Id: <help.customer.example>"));
        listed!.Nature.ShouldBe(Nature.List);
        (await post.CaseOf(listed.CaseId)).FirstAnswerDue.ShouldNotBeNull();
    }
}
