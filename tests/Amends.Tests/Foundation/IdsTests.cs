using Amends.Foundation;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

public class IdsTests
{
    [Fact]
    public void Ids_rise_and_never_repeat_also_when_the_clock_goes_back_or_stands()
    {
        var clock = new FakeTime();
        var ids = new Ids(clock) { Node = 5 };
        var last = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            if (i == 5_000) clock.Set(FakeTime.Start.AddHours(-1));
            if (i == 10_000) clock.Advance(TimeSpan.FromSeconds(1));
            var next = ids.Next();
            next.ShouldBeGreaterThan(last);
            ((next >> 12) & 0x3FF).ShouldBe(5);
            last = next;
        }
        Ids.MomentOf(ids.At(FakeTime.Start.UtcDateTime)).ShouldBe(FakeTime.Start.UtcDateTime);
    }

    [Fact]
    public void F09_Ids_are_above_what_another_run_and_another_node_have_made()
    {
        var clock = new FakeTime();
        var (before, other) = (new Ids(clock) { Node = 7 }, new Ids(clock) { Node = 900 });
        for (var i = 0; i < 9_000; i++) { before.Next(); other.Next(); }
        var highest = Math.Max(before.Next(), other.Next());
        clock.Set(FakeTime.Start.AddHours(-1));
        var after = new Ids(clock) { Node = 7 };
        after.Above(highest);
        var first = after.Next();
        first.ShouldBeGreaterThan(highest);
        ((first >> 12) & 0x3FF).ShouldBe(7);
        after.Above(0);
        after.Next().ShouldBeGreaterThan(first);
    }

    [Fact]
    public void Ids_of_many_threads_and_of_two_nodes_are_unique()
    {
        var clock = new FakeTime();
        var (one, two) = (new Ids(clock) { Node = 1 }, new Ids(clock) { Node = 2 });
        var made = new long[8][];
        Parallel.For(0, 8, thread => made[thread] = [.. Enumerable.Range(0, 20_000).Select(_ => (thread % 2 == 0 ? one : two).Next())]);
        made.SelectMany(m => m).Distinct().Count().ShouldBe(160_000);
        foreach (var mine in made) mine.ShouldBe(mine.Order());
    }
}
