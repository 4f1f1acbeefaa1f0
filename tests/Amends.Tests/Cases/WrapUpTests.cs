using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>A minute well spent before a case is resolved, and what happens when the customer says that it is not solved.</summary>
public class WrapUpTests
{
    static async Task<(Post Post, Case Case)> Open(On on, string subject = "Pump stops")
    {
        var post = await Post.Open(on);
        var one = await post.CaseOf((await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", subject, "The pump stops.")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Assign(post.Ben, post.Team, db.At));
        await post.Quiet();
        return (post, await post.CaseOf(one.Id));
    }

    static async Task<Promise> Promise(Post post, Case one, PromiseKind kind, int days)
    {
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), one.Number, null);
            await Promising.Make(db, row, new PromiseDraft(kind, $"Thing {days}", db.At.AddDays(days), "Etc/UTC", post.Ben), Who.House("test"), post.House.Get<Amends.Foundation.Settings.House>());
        });
        using var read = post.House.Databases.Open();
        return await read.Set<Promise>().OrderByDescending(p => p.Id).FirstAsync();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_open_is_ended_while_resolving_all_of_it_or_nothing(On on)
    {
        var (post, one) = await Open(on);
        await using var _ = post;
        var (kept, freed, call) = (await Promise(post, one, PromiseKind.Delivery, 2), await Promise(post, one, PromiseKind.Refund, 3), await Promise(post, one, PromiseKind.Call, 4));
        var path = $"/cases/{one.Number}/resolve";
        var sheet = await post.Desk.See(path);
        foreach (var p in new[] { kept, freed, call }) sheet.Body.ShouldContain($"promise-{p.Id}");
        // One of three is left: nothing is done.
        (await post.Desk.Send(sheet, path, ($"promise-{kept.Id}", "kept"), ($"promise-{freed.Id}", "released"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await State(post, kept)).ShouldBe(PromiseState.Open);
        // A promised call is kept by a logged one alone.
        (await post.Desk.Send(await post.Desk.See(path), path, ($"promise-{kept.Id}", "kept"), ($"promise-{freed.Id}", "released"), ($"promise-{call.Id}", "kept"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await State(post, kept)).ShouldBe(PromiseState.Open);
        // What will not be done needs a word why.
        var wordless = await post.Desk.Send(await post.Desk.See(path), path, ($"promise-{kept.Id}", "kept"), ($"promise-{freed.Id}", "released"), ($"promise-{call.Id}", "broken"));
        wordless.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wordless.Body.ShouldContain("Say why what was promised will not be done");
        (await State(post, kept)).ShouldBe(PromiseState.Open);
        (await post.Desk.Send(await post.Desk.See(path), path, ($"promise-{kept.Id}", "kept"), ($"promise-{freed.Id}", "released"), ($"promise-{call.Id}", "broken"), ("summary", "She moved away."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
        (await State(post, kept)).ShouldBe(PromiseState.Kept);
        (await State(post, freed)).ShouldBe(PromiseState.Released);
        (await State(post, call)).ShouldBe(PromiseState.Broken);
    }

    static async Task<PromiseState> State(Post post, Promise of)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<Promise>().Where(p => p.Id == of.Id).Select(p => p.State).FirstAsync();
    }

    [Fact]
    public async Task A_promise_of_another_case_is_not_ended_through_this_one()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var _ = post;
        var other = await post.CaseOf((await post.SendAndRead(Post.Mail("Jon Doe <jon@elsewhere.example>", "Invoice", "Where is my invoice?")))!.CaseId);
        var theirs = await Promise(post, other, PromiseKind.Answer, 2);
        var path = $"/cases/{one.Number}/resolve";
        (await post.Desk.Send(await post.Desk.See(path), path, ($"promise-{theirs.Id}", "broken"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await State(post, theirs)).ShouldBe(PromiseState.Open);
    }

    [Fact]
    public async Task That_the_data_is_right_is_said_once_in_half_a_year()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var _ = post;
        var path = $"/cases/{one.Number}/resolve";
        var sheet = await post.Desk.See(path);
        sheet.Body.ShouldContain("name=\"right\"");
        sheet.Body.ShouldContain("maria@casaverde.example");
        (await post.Desk.Send(sheet, path, ("right", "true"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        using (var db = post.House.Databases.Open())
        {
            (await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.CheckedBy).FirstAsync()).ShouldBe(post.Ben);
            (await db.Set<Fact>().CountAsync(f => f.Kind == "customer.checked")).ShouldBe(1);
        }
        await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/reopen"), $"/cases/{one.Number}/reopen");
        (await post.Desk.See(path)).Body.ShouldNotContain("name=\"right\"");
        post.House.Clock.Advance(TimeSpan.FromDays(181));
        using var ben = await post.House.ClientOf(post.Ben);
        (await ben.See(path)).Body.ShouldContain("name=\"right\"");
    }

    [Fact]
    public async Task The_entry_is_judged_for_its_writer_while_he_writes_and_nothing_of_it_is_kept()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var _ = post;
        EntryQuality.Of(one, "Maria Lopez", null).ShouldSatisfyAllConditions(q => q.Score.ShouldBe(10), q => q.Raises.Count.ShouldBe(3));
        EntryQuality.Of(one, "maria@casaverde.example", "Done").Score.ShouldBe(30);
        EntryQuality.Of(one, "Maria Lopez", "The seal of the pump was worn; replaced by Carlos on 24 November, runs dry since.").Score.ShouldBe(60);
        var path = $"/cases/{one.Number}/resolve";
        var sheet = await post.Desk.See(path);
        var told = await post.Desk.Send(sheet, path + "/entry", ("summary", "The seal of the pump was worn; replaced by Carlos on 24 November, runs dry since."));
        told.Status.ShouldBe(HttpStatusCode.OK);
        told.Body.ShouldContain("value=\"60\"");
        (await post.CaseOf(one.Id)).Summary.ShouldBeNull();
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_customers_with_such_a_matter_came_back_about_is_said_from_ten_cases_on(On on)
    {
        var (post, one) = await Open(on);
        await using var _ = post;
        long pump = 0, bill = 0;
        await post.House.Write.Run(Actor.System("test"), null, db =>
        {
            var (a, b) = (new Tag { Name = "pump", Folded = "pump" }, new Tag { Name = "bill", Folded = "bill" });
            (a.Id, b.Id) = (db.Ids!.Next(), db.Ids.Next());
            db.AddRange(a, b);
            a.Changed();
            b.Changed();
            (pump, bill) = (a.Id, b.Id);
            return Task.CompletedTask;
        });
        async Task Past(int n, long tag, int followed)
        {
            for (var i = 0; i < n; i++)
            {
                var mail = await post.SendAndRead(Post.Mail($"C{i} <c{i}-{tag}@shop.example>", "Pump again and again", "It stops."));
                var first = await post.CaseOf(mail!.CaseId);
                await post.House.Write.Run(Actor.System("test"), null, async db =>
                {
                    var row = await db.LoadCase(Who.House("test"), first.Number, null);
                    row.Mark(tag, true, db.At);
                    row.Resolve("Done", post.Ben, db.At);
                });
                if (i >= followed) continue;
                post.House.Clock.Advance(TimeSpan.FromDays(2));
                var next = await post.CaseOf((await post.SendAndRead(Post.Mail($"C{i} <c{i}-{tag}@shop.example>", $"Bill {i} of another matter", "Why do I pay for it?")))!.CaseId);
                next.Id.ShouldNotBe(first.Id);
                await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), next.Number, null)).Mark(bill, true, db.At));
            }
        }
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Mark(pump, true, db.At));
        await Past(9, pump, 3);
        var path = $"/cases/{one.Number}/resolve";
        (await post.Desk.See(path)).Body.ShouldNotContain("came back within 14 days about");
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var tenth = await db.LoadCase(Who.House("test"), (await db.Set<Case>().OrderByDescending(c => c.Id).FirstAsync()).Number, null);
            if (tenth.IsOpen) { tenth.Mark(pump, true, db.At); tenth.Resolve("Done", post.Ben, db.At); }
        });
        var mail = await post.SendAndRead(Post.Mail("Last <last@shop.example>", "Pump again and again", "It stops."));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), (await post.CaseOf(mail!.CaseId)).Number, null);
            row.Mark(pump, true, db.At);
            row.Resolve("Done", post.Ben, db.At);
        });
        var text = (await post.Desk.See(path)).Body;
        text.ShouldContain("came back within 14 days about");
        text.ShouldContain("bill");
        text.ShouldContain("3 times, of 10 cases");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_the_customer_says_is_not_solved_stands_in_front_until_it_is_answered(On on)
    {
        var (post, one) = await Open(on);
        await using var _ = post;
        post.House.Clock.Advance(TimeSpan.FromDays(3));
        var later = await post.CaseOf((await post.SendAndRead(Post.Mail("Jon Doe <jon@elsewhere.example>", "Invoice", "Where is my invoice?")))!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), one.Number, null);
            row.Answered(db.At);
            row.Resolve("Done", post.Ben, db.At);
        });
        post.House.Clock.Advance(TimeSpan.FromDays(1));
        await post.House.Write.Run(Actor.System("test"), null, async db => (await db.LoadCase(Who.House("test"), one.Number, null)).Reopen(ReopenWhy.CustomerSaidNo, db.At));
        var back = await post.CaseOf(one.Id);
        (back.NextStep, back.NextStepAt).ShouldBe((StepKind.CameBack, one.HeardAt));
        var list = (await post.Desk.See("/desk/open")).Body;
        list.IndexOf("Pump stops", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf("Invoice", StringComparison.Ordinal));
        list.ShouldContain("says it is not solved");
        (await post.Desk.See("/desk/none")).Body.ShouldContain("Pump stops");
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), one.Number, null);
            row.Answered(db.At);
            row.Rename("Pump stops again", db.At);
        });
        (await post.CaseOf(one.Id)).NextStep.ShouldBe(StepKind.None);
        later.State.ShouldBe(CaseState.Open);
    }
}
