using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

public class MergeTests
{
    // Which cases stand for themselves, and what hangs in each: a case in no set or in two breaks it.
    static async Task<SortedDictionary<long, string>> Sets(DeskCast cast)
    {
        using var db = cast.House.Databases.Open();
        var cases = await db.Set<Case>().ToListAsync();
        foreach (var one in cases.Where(c => c.MergedInto is not null))
            cases.Single(c => c.Id == one.MergedInto).MergedInto.ShouldBeNull("a merge leads to a case that stands for itself");
        return new(cases.Where(c => c.MergedInto is null).ToDictionary(c => c.Number, c => string.Join(',', cases.Where(m => m.Id == c.Id || m.MergedInto == c.Id).Select(m => m.Number).Order())));
    }

    static long MergeOf(Fact fact) => ((CaseMerged)fact.Read()).Merge;

    [Theory, InlineData(On.Sqlite, 1), InlineData(On.Sqlite, 2), InlineData(On.Sqlite, 3), InlineData(On.Postgres, 4)]
    public async Task Merges_and_their_undos_in_any_order_leave_each_note_in_exactly_one_set(On on, int seed)
    {
        await using var cast = await DeskCast.Open(on);
        var random = new Random(seed);
        var who = Who.House("test");
        var search = cast.House.Get<CaseSearch>();
        var cases = new List<Case>();
        for (var i = 0; i < 9; i++) cases.Add(await cast.Case($"matter{i}"));
        foreach (var one in cases) await cast.House.Write.Run(who, null, db => { var note = new Note { Id = db.Ids!.Next(), CaseId = one.Id, Text = "note of " + one.Subject, At = db.At }; note.Did(NoteDeed.Written); db.Add(note); return Task.CompletedTask; });
        var start = await Sets(cast);
        // Our own picture of what stands: an edge for each merge; undoing one takes it out.
        var edges = new Dictionary<long, (long From, long Into)>();
        long Root(long number) { while (edges.Values.FirstOrDefault(e => e.From == number) is { From: > 0 } edge) number = edge.Into; return number; }
        for (var step = 0; step < 40; step++)
        {
            if (edges.Count > 0 && random.Next(3) == 0)
            {
                var merge = edges.Keys.Order().ElementAt(random.Next(edges.Count));
                long fact;
                using (var look = cast.House.Databases.Open()) fact = (await look.Set<Fact>().Where(f => f.Kind == "case.merged").ToListAsync()).Single(f => MergeOf(f) == merge).Id;
                await cast.House.Write.Run(who, null, db => CaseUndo.Apply(db, who, fact, search));
                edges.Remove(merge);
            }
            else
            {
                var roots = cases.Select(c => c.Number).Where(n => Root(n) == n).ToList();
                if (roots.Count < 2) continue;
                var from = roots[random.Next(roots.Count)];
                var into = roots.Where(r => r != from).ElementAt(random.Next(roots.Count - 1));
                var merge = await cast.House.Write.Run(who, null, async db => (await MergeCase.Into(db, await db.LoadCase(who, from, null), await db.LoadCase(who, into, null), 0, search)).Id);
                edges[merge] = (from, into);
            }
            var expected = new SortedDictionary<long, string>(cases.Select(c => c.Number).GroupBy(Root).ToDictionary(g => g.Key, g => string.Join(',', g.Order())));
            (await Sets(cast)).ShouldBe(expected, $"step {step} of seed {seed}");
        }
        // Each note is shown on exactly one page, and found once.
        var shown = new List<string>();
        foreach (var number in (await Sets(cast)).Keys)
        {
            var page = (await cast.Get($"/cases/{number}")).Text;
            shown.AddRange(cases.Select(c => "note of " + c.Subject).Where(n => page.Contains($"<p>{n}</p>", StringComparison.Ordinal)));
        }
        shown.Order().ShouldBe(cases.Select(c => "note of " + c.Subject).Order());
        foreach (var one in cases)
        {
            var (status, location) = await Follow(cast, one.Number);
            if (Root(one.Number) == one.Number) status.ShouldBe(HttpStatusCode.OK);
            else location.ShouldBe($"/cases/{Root(one.Number)}");
            (await cast.Get($"/search?q={one.Subject}")).Text.ShouldContain($"href=\"/cases/{Root(one.Number)}\"", Shouldly.Case.Sensitive, one.Subject);
        }
        foreach (var merge in edges.Keys.OrderBy(_ => random.Next()).ToList())
        {
            long fact;
            using (var look = cast.House.Databases.Open()) fact = (await look.Set<Fact>().Where(f => f.Kind == "case.merged").ToListAsync()).Single(f => MergeOf(f) == merge).Id;
            await cast.House.Write.Run(who, null, db => CaseUndo.Apply(db, who, fact, search));
        }
        (await Sets(cast)).ShouldBe(start);
    }

    static async Task<(HttpStatusCode, string?)> Follow(DeskCast cast, long number)
    {
        using var answer = await cast.Web.GetAsync($"/cases/{number}");
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_merge_by_hand_shows_both_and_refuses_what_would_hide_something(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var (a, b, secret, done) = (await cast.Case("First report"), await cast.Case("Second report"), await cast.Case("Secret", cast.Ben, confidential: true), await cast.Case("Done one"));
        await cast.Index(a);
        await cast.Index(b);
        (await cast.Get($"/cases/{a.Number}/merge?q=second")).Text.ShouldContain("Second report");
        await cast.Post($"/cases/{done.Number}/resolve", [], done);
        (await cast.Post($"/cases/{a.Number}/merge", new() { ["target"] = $"{done.Number}" }, a)).Text.ShouldContain("Reopen that one first");
        (await cast.Post($"/cases/{secret.Number}/merge", new() { ["target"] = $"{a.Number}" }, secret)).Text.ShouldContain("confidential one");
        var merged = await cast.Post($"/cases/{a.Number}/merge", new() { ["target"] = $"{b.Number}" }, a);
        merged.Location.ShouldStartWith($"/cases/{b.Number}?did=");
        (await Follow(cast, a.Number)).Item2.ShouldBe($"/cases/{b.Number}");
        (await cast.Get("/desk/open")).Text.ShouldNotContain("First report");
        (await cast.Post($"/cases/{b.Number}/undo/{merged.Did}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Get("/desk/open")).Text.ShouldContain("First report");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_split_copies_through_the_hook_and_its_undo_deletes_the_new_case(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case();
        var asked = new List<long>();
        cast.House.Get<CaseHooks>().SplitContact.Add(split => { if (split.Contact != 77) return Task.FromResult(false); asked.Add(split.Into.Id); return Task.FromResult(true); });
        (await cast.Post($"/cases/{one.Number}/split/78", new() { ["subject"] = "Not there" }, one)).Status.ShouldBe(HttpStatusCode.NotFound);
        var done = await cast.Post($"/cases/{one.Number}/split/77", new() { ["subject"] = "The other matter" }, one);
        done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Text);
        using var db = cast.House.Databases.Open();
        var into = await db.Set<Case>().SingleAsync(c => c.Subject == "The other matter");
        asked.ShouldContain(into.Id);
        (await cast.Post($"/cases/{one.Number}/undo/{done.Did}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Now(into)).DeletedAt.ShouldNotBeNull();
    }
}
