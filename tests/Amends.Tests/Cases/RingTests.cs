using System.Globalization;
using Amends.Cases;
using Xunit;

namespace Amends.Tests.Cases;

public class RingTests
{
    private static RingView Ring(int size, params SegmentState[] states) =>
        new([.. states.Select((s, i) => new RingSegment($"S{i}", s))], size);

    [Fact]
    public void Says_every_state_in_words() =>
        Assert.Equal("S0 done, S1 under way, S2 late, S3 to do, S4 not needed",
            Ring(56, SegmentState.Done, SegmentState.UnderWay, SegmentState.Late, SegmentState.ToDo, SegmentState.NotNeeded).Says);

    [Fact]
    public void States_differ_in_shape_and_not_only_in_colour()
    {
        var shapes = Enum.GetValues<SegmentState>()
            .Select(s => string.Join('|', Ring(56, s, s, s).Strokes().Take(Ring(56, s, s, s).Strokes().Count / 3).Select(k => $"{k.Path};{k.Width};{k.Dashes}")))
            .ToList();
        Assert.Equal(shapes.Count, shapes.Distinct().Count());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_large_ring_has_one_done_stroke_for_each_segment_that_is_done(int count)
    {
        var ring = Ring(56, [.. Enumerable.Repeat(SegmentState.Done, count)]);
        Assert.Equal(count, ring.Strokes().Count(s => s.Class == "done"));
    }

    [Fact]
    public void A_small_ring_shows_how_far_round_and_never_segments()
    {
        var strokes = Ring(22, SegmentState.Done, SegmentState.Done, SegmentState.ToDo, SegmentState.ToDo, SegmentState.ToDo, SegmentState.NotNeeded, SegmentState.NotNeeded).Strokes();
        Assert.Equal(["track", "done"], strokes.Select(s => s.Class));
    }

    [Fact]
    public void A_small_ring_marks_what_is_late_even_when_the_rest_is_done() =>
        Assert.Contains(Ring(22, SegmentState.Done, SegmentState.Late, SegmentState.Done).Strokes(), s => s.Class == "bang");

    [Fact]
    public void A_ring_with_nothing_left_is_whole_and_ticked() =>
        Assert.Equal(["track", "done", "tick"], Ring(22, SegmentState.Done, SegmentState.NotNeeded).Strokes().Select(s => s.Class));

    [Fact]
    public void Without_segments_nothing_is_drawn() => Assert.Empty(new RingView([]).Strokes());

    [Fact]
    public void Paths_do_not_change_with_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.DoesNotContain(Ring(56, SegmentState.Done, SegmentState.Late).Strokes(), s => s.Path.Contains(',', StringComparison.Ordinal) || s.Width?.Contains(',', StringComparison.Ordinal) == true);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
