using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>Place in line, and served out of turn: a row with its reason when a later case is answered first.</summary>
public class TurnTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_later_case_that_is_answered_first_leaves_a_row_with_its_reason(On on)
    {
        await using var post = await Post.Open(on);
        var olga = await Some.Colleague(post.House, "Olga Petrova", await Some.AdminRole(post.House), post.Team);
        async Task<Case> Heard(string subject)
        {
            var contact = await post.SendAndRead(Post.Mail($"{subject.ToLowerInvariant()}@customer.example", subject, "It stops."));
            post.House.Clock.Advance(TimeSpan.FromMinutes(1));
            return await post.CaseOf(contact!.CaseId);
        }
        async Task<List<OutOfTurn>> Rows(Case one)
        {
            using var db = post.House.Databases.Open();
            return await db.Set<OutOfTurn>().Where(r => r.CaseId == one.Id).OrderBy(r => r.Id).ToListAsync();
        }
        async Task Reply(Case one, string turn)
        {
            var page = await post.Desk.See($"/cases/{one.Number}/reply");
            var sent = await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("text", "We come."), ("next", "open"), ("turn", turn));
            sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        }
        async Task<bool> Asked(Case one) => (await post.Desk.See($"/cases/{one.Number}")).Document.QuerySelector("#reply-form [name=turn]") is not null;
        Task Give(Case one, long whom) => post.House.Write.Run(Actor.System("test"), null, async db => (await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id)).Assign(whom, post.Team, db.At));

        var (first, second, third) = (await Heard("Alpha"), await Heard("Beta"), await Heard("Gamma"));
        (await Asked(first)).ShouldBeFalse("it is the first in line");
        (await post.Desk.See($"/cases/{third.Number}")).Body.ShouldContain("2 others were heard earlier");
        var tooLong = await post.Desk.Send(await post.Desk.See($"/cases/{third.Number}/reply"), $"/cases/{third.Number}/reply", ("text", "We come."), ("next", "open"), ("turn", new string('x', 301)));
        tooLong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        tooLong.Error("turn").ShouldNotBeNull();

        // In the words of who answers, on the timeline with the number of the one that waits longest; not on the others.
        await Reply(third, "It can be answered at once.");
        var row = (await Rows(third)).ShouldHaveSingleItem();
        (row.TeamId, row.ById, row.Passed, row.Why, row.TakenBackAt, row.At).ShouldBe((post.Team, post.Ben, 2, TurnWhy.Said, null, post.House.Now));
        var says = $"answered before 2 others that were heard earlier, {CaseWords.Number(first.Number)} the first of them: It can be answered at once.";
        WebUtility.HtmlDecode((await post.Desk.See($"/cases/{third.Number}")).Document.QuerySelector("#timeline")!.TextContent).ShouldContain(says);
        (await post.Desk.See($"/cases/{first.Number}")).Body.ShouldNotContain("answered before");

        // Taken back before it went: as if it had not been; the next one has a row of its own.
        long contact;
        using (var db = post.House.Databases.Open()) contact = await db.Set<Contact>().Where(c => c.CaseId == third.Id && c.Direction == Direction.Out).Select(c => c.Id).SingleAsync();
        (await post.Desk.Send(await post.Desk.See($"/cases/{third.Number}"), $"/contacts/{contact}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Rows(third)).Single().TakenBackAt.ShouldBe(post.House.Now);
        await Reply(first, "");
        (await Rows(first)).ShouldBeEmpty("nobody was before it");
        await Reply(third, "");
        (await Rows(third))[^1].ShouldSatisfyAllConditions(r => r.Why.ShouldBe(TurnWhy.NotSaid), r => r.Passed.ShouldBe(1));
        (await post.Desk.See($"/cases/{third.Number}")).Body.ShouldContain("no reason given");
        await Reply(third, "");
        (await Rows(third)).Count.ShouldBe(2, "only the first answer is in a line");

        // What the house sees by itself is not asked for.
        var fourth = await Heard("Delta");
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == fourth.Id)).Sort(CaseKind.Failure, Severity.Serious, db.At));
        (await Asked(fourth)).ShouldBeFalse();
        await Reply(fourth, "");
        (await Rows(fourth)).Single().Why.ShouldBe(TurnWhy.MoreSevere);
        var fifth = await Heard("Epsilon");
        (await Asked(fifth)).ShouldBeTrue();
        await Give(second, olga);
        (await Asked(fifth)).ShouldBeFalse();
        await Reply(fifth, "");
        (await Rows(fifth)).Single().Why.ShouldBe(TurnWhy.InOtherHands);
        var sixth = await Heard("Zeta");
        await Give(second, post.Ben);
        (await post.Desk.Send(await post.Desk.See($"/cases/{sixth.Number}/call"), $"/cases/{sixth.Number}/call", ("text", "She called."), ("outcome", "1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Rows(sixth)).Single().Why.ShouldBe(TurnWhy.OnThePhone);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Desk_and_customer_are_told_the_same_place_also_for_what_was_heard_at_one_moment(On on)
    {
        await using var post = await Post.Open(on);
        var maria = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        var cases = new List<Case>();
        // The clock stands still.
        for (var i = 0; i < 3; i++) cases.Add(await Some.Case(post.House, maria, post.Team, post.Brand, $"Matter {i}"));
        cases.Select(c => c.HeardAt).Distinct().Count().ShouldBe(1);
        using var outside = post.House.Client();
        for (var i = 0; i < cases.Count; i++)
        {
            var token = i.ToString(CultureInfo.InvariantCulture).PadLeft(22, 't');
            await post.House.Write.Run(Actor.System("test"), null, db =>
            {
                db.Add(new CaseLetter { TokenHash = Gate.Digest(token), CaseId = cases[i].Id, CustomerId = maria, MadeAt = db.At });
                return Task.CompletedTask;
            });
            var (inside, told) = ((await post.Desk.See($"/cases/{cases[i].Number}")).Document.QuerySelector(".next-step .why")!.TextContent, (await outside.See($"/c/{token}")).Document.Body!.TextContent);
            if (i == 0) (inside, told).ShouldSatisfyAllConditions(x => x.inside.ShouldContain("First in line"), x => x.told.ShouldContain("next in line"));
            else (inside, told).ShouldSatisfyAllConditions(x => x.inside.ShouldContain($"Place {i + 1} "), x => x.told.ShouldContain($"You are number {i + 1} in line"));
        }
    }
}
