using System.Globalization;

namespace Amends.Cases;

/// <summary>How one segment of the ring stands. The states differ in shape, not only in colour.</summary>
public enum SegmentState
{
    /// <summary>Not begun: a thin line.</summary>
    ToDo,

    /// <summary>Begun: half of the segment is solid.</summary>
    UnderWay,

    /// <summary>Done: solid.</summary>
    Done,

    /// <summary>Past its time: solid, with a notch outside.</summary>
    Late,

    /// <summary>Not asked of this case: dots.</summary>
    NotNeeded,
}

/// <summary>One segment of the ring, with its name in words for people.</summary>
public sealed record RingSegment(string Name, SegmentState State);

/// <summary>
/// A ring to draw: its segments clockwise from twelve o'clock, and its size in CSS pixels.
/// Under 40 pixels it says only how far round it is, and whether something is late.
/// </summary>
public sealed record RingView(IReadOnlyList<RingSegment> Segments, int Size = 22)
{
    /// <summary>One stroke: class for its meaning, path, width (null: from the style sheet) and dashes.</summary>
    public sealed record Stroke(string Class, string Path, string? Width = null, string? Dashes = null);

    /// <summary>Small rings never show segments: seven hairlines say nothing.</summary>
    public bool Small => Size < 40;

    /// <summary>All states in words, for screen readers and on hover.</summary>
    public string Says => string.Join(", ", Segments.Select(s => $"{s.Name} {Word(s.State)}"));

    /// <summary>The strokes to draw, first ones lowest.</summary>
    public IReadOnlyList<Stroke> Strokes() => Segments.Count == 0 ? [] : Small ? SmallStrokes() : LargeStrokes();

    private static string Word(SegmentState state) => state switch
    {
        SegmentState.ToDo => Words.SegmentToDo,
        SegmentState.UnderWay => Words.SegmentUnderWay,
        SegmentState.Done => Words.SegmentDone,
        SegmentState.Late => Words.SegmentLate,
        _ => Words.SegmentNotNeeded,
    };

    private List<Stroke> SmallStrokes()
    {
        var needed = Segments.Count(s => s.State != SegmentState.NotNeeded);
        var done = Segments.Count(s => s.State == SegmentState.Done);
        double centre = Size / 2.0, radius = centre - 2.2, unit = Size / 22.0;
        var strokes = new List<Stroke> { new("track", Circle(centre, radius)) };
        var share = needed == 0 ? 1 : (double)done / needed;
        if (share >= 1)
        {
            strokes.Add(new("done", Circle(centre, radius), N(3 * unit)));
        }
        else if (share > 0)
        {
            strokes.Add(new("done", Arc(centre, radius, 0, 2 * Math.PI * share), N(3.2 * unit)));
        }

        if (Segments.Any(s => s.State == SegmentState.Late))
        {
            strokes.Add(new("bang", $"M{N(centre)} {N(centre - 3.4 * unit)}v{N(3.6 * unit)}M{N(centre)} {N(centre + 3.4 * unit)}v.01"));
        }
        else if (share >= 1)
        {
            strokes.Add(new("tick", $"M{N(centre - 3 * unit)} {N(centre + 0.2 * unit)}l{N(2.1 * unit)} {N(2.1 * unit)} {N(3.9 * unit)} {N(-4.3 * unit)}"));
        }

        return strokes;
    }

    private List<Stroke> LargeStrokes()
    {
        double width = Size * 0.115, centre = Size / 2.0, radius = centre - width / 2 - Size * 0.055;
        double step = 2 * Math.PI / Segments.Count, gap = Math.Min(0.16, step * 0.1);
        var strokes = new List<Stroke>();
        for (var i = 0; i < Segments.Count; i++)
        {
            double from = i * step + gap / 2, to = (i + 1) * step - gap / 2, middle = (from + to) / 2;
            var whole = Arc(centre, radius, from, to);
            switch (Segments[i].State)
            {
                case SegmentState.Done:
                    strokes.Add(new("done", whole, N(width)));
                    break;
                case SegmentState.UnderWay:
                    strokes.Add(new("track", whole));
                    strokes.Add(new("now", Arc(centre, radius, from, middle), N(width)));
                    break;
                case SegmentState.Late:
                    strokes.Add(new("late", whole, N(width)));
                    strokes.Add(new("late", Arc(centre, radius + width / 2 + Size * 0.03, middle - 0.075, middle + 0.075), N(Size * 0.07)));
                    break;
                case SegmentState.NotNeeded:
                    strokes.Add(new("none", whole, Dashes: $".1 {N(Size * 0.075)}"));
                    break;
                default:
                    strokes.Add(new("track", whole));
                    break;
            }
        }

        return strokes;
    }

    /// <summary>An arc clockwise; angles in radians from twelve o'clock.</summary>
    private static string Arc(double centre, double radius, double from, double to)
    {
        var large = to - from > Math.PI ? 1 : 0;
        return $"M{Point(centre, radius, from)}A{N(radius)} {N(radius)} 0 {large} 1 {Point(centre, radius, to)}";
    }

    private static string Circle(double centre, double radius) =>
        $"M{N(centre - radius)} {N(centre)}a{N(radius)} {N(radius)} 0 1 1 {N(2 * radius)} 0a{N(radius)} {N(radius)} 0 1 1 {N(-2 * radius)} 0";

    private static string Point(double centre, double radius, double angle) =>
        $"{N(centre + radius * Math.Sin(angle))} {N(centre - radius * Math.Cos(angle))}";

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
