using System.Globalization;
using Amends.Cases.Targets;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases.Targets;

/// <summary>What holds for every calendar, zone and moment: tried around changes of the clocks, where it breaks first.</summary>
public class WorkingTimeProperties
{
    static void Holds(int times, Action<Scene, WorkingCalendar> check) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(Scene.Any.ToArbitrary(), scene =>
    {
        check(scene, new(scene.Plan));
        return true;
    }));

    [Fact]
    public void It_is_what_counting_minute_by_minute_gives() => Holds(400, (scene, calendar) =>
    {
        var slow = new SlowReckoning(scene.Plan);
        slow.Cover(scene.Start, scene.Start.AddDays(12));
        calendar.Between(scene.Start, scene.End, scene.Pauses).ShouldBe(TimeSpan.FromMinutes(slow.Between(scene.Start, scene.End, scene.Pauses)), scene.ToString());
        var due = calendar.After(scene.Start, TimeSpan.FromMinutes(scene.Minutes), scene.Pauses);
        if (slow.After(scene.Start, scene.Minutes, scene.Pauses) is { } counted) due.ShouldBe(counted, scene.ToString());
        else due.ShouldBeGreaterThan(scene.Start.AddDays(11), scene.ToString());
        calendar.IsOpen(scene.End).ShouldBe(slow.IsOpen(scene.End), scene.ToString());
        if (slow.Next(scene.Start, true) is { } opening)
        {
            calendar.NextOpening(scene.Start).ShouldBe(opening, scene.ToString());
            if (slow.Next(opening, false) is { } closing) calendar.NextClosing(scene.Start).ShouldBe(closing, scene.ToString());
        }
    });

    [Fact]
    public void What_is_added_lies_between() => Holds(1_000, (scene, calendar) =>
    {
        foreach (var work in new[] { TimeSpan.FromTicks(1), TimeSpan.FromMinutes(scene.Minutes), TimeSpan.FromHours(scene.Minutes) })
        {
            var due = calendar.After(scene.Start, work, scene.Pauses);
            calendar.Between(scene.Start, due, scene.Pauses).ShouldBe(work, scene.ToString());
            // And not a tick sooner.
            calendar.Between(scene.Start, due.AddTicks(-1), scene.Pauses).ShouldBe(work - TimeSpan.FromTicks(1), scene.ToString());
        }
    });

    [Fact]
    public void What_is_taken_back_lies_between() => Holds(1_000, (scene, calendar) =>
    {
        foreach (var work in new[] { TimeSpan.FromTicks(1), TimeSpan.FromMinutes(scene.Minutes), TimeSpan.FromHours(scene.Minutes / 4 + 1) })
        {
            var begin = calendar.Before(scene.End, work, scene.Pauses);
            calendar.Between(begin, scene.End, scene.Pauses).ShouldBe(work, scene.ToString());
            // And not a tick later.
            calendar.Between(begin.AddTicks(1), scene.End, scene.Pauses).ShouldBe(work - TimeSpan.FromTicks(1), scene.ToString());
        }
    });

    [Fact]
    public void Parts_add_up() => Holds(1_000, (scene, calendar) =>
    {
        var (one, two) = (TimeSpan.FromMinutes(scene.Minutes), TimeSpan.FromSeconds(scene.Minutes * 7 + 1));
        calendar.After(calendar.After(scene.Start, one, scene.Pauses), two, scene.Pauses).ShouldBe(calendar.After(scene.Start, one + two, scene.Pauses), scene.ToString());
        var middle = scene.Start + (scene.End - scene.Start) / 3;
        (calendar.Between(scene.Start, middle, scene.Pauses) + calendar.Between(middle, scene.End, scene.Pauses)).ShouldBe(calendar.Between(scene.Start, scene.End, scene.Pauses), scene.ToString());
    });

    [Fact]
    public void A_pause_takes_away_what_would_have_been_worked_in_it() => Holds(1_000, (scene, calendar) =>
    {
        if (scene.Pauses is not [var pause, ..]) return;
        var (begin, end) = (pause.From < scene.End ? pause.From : scene.End, pause.Until < scene.End ? pause.Until : scene.End);
        calendar.Between(scene.Start, scene.End, pause).ShouldBe(calendar.Between(scene.Start, scene.End) - calendar.Between(begin, end), scene.ToString());
        calendar.Between(scene.Start, scene.End, [.. scene.Pauses.Reverse()]).ShouldBe(calendar.Between(scene.Start, scene.End, scene.Pauses), scene.ToString());
        calendar.After(scene.Start, TimeSpan.FromMinutes(scene.Minutes), pause).ShouldBeGreaterThanOrEqualTo(calendar.After(scene.Start, TimeSpan.FromMinutes(scene.Minutes)), scene.ToString());
    });

    [Fact]
    public void The_arithmetic_adds_up_to_the_answer() => Holds(600, (scene, calendar) =>
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-GB");
        foreach (var work in new[] { TimeSpan.FromMinutes(scene.Minutes), TimeSpan.FromHours(scene.Minutes / 5 + 1) })
        {
            var shown = calendar.ShowAfter(scene.Start, work, scene.Pauses);
            shown.Until.ShouldBe(calendar.After(scene.Start, work, scene.Pauses), scene.ToString());
            Sum(shown).ShouldBe(work, scene.ToString());
            shown.Lines[^1].Kind.ShouldBe(LineKind.Due, scene.ToString());
            shown.Lines[^1].Until.ShouldBe(calendar.Local(shown.Until), scene.ToString());
            ArithmeticWords.Lines(shown).ShouldAllBe(line => line.Length > 0 && !line.Contains('{'));
            // Each day has at most its spans and what the pauses cut out of them.
            shown.Lines.Count.ShouldBeLessThan(80, scene.ToString());
        }
        var between = calendar.ShowBetween(scene.Start, scene.End, scene.Pauses);
        between.Time.ShouldBe(calendar.Between(scene.Start, scene.End, scene.Pauses), scene.ToString());
        Sum(between).ShouldBe(between.Time!.Value, scene.ToString());
        calendar.ShowNextOpening(scene.Start).Until.ShouldBe(calendar.NextOpening(scene.Start), scene.ToString());
        calendar.ShowNextClosing(scene.Start)?.Until.ShouldBe(calendar.NextClosing(scene.Start)!.Value, scene.ToString());
        var ends = calendar.ShowEndOfDayAfter(scene.Start, scene.Minutes % 40);
        ends.Until.ShouldBe(calendar.EndOfDayAfter(scene.Start, scene.Minutes % 40), scene.ToString());
        ends.Lines.Count(l => l.Kind == LineKind.Counted).ShouldBe(scene.Minutes % 40 == 0 ? 0 : scene.Minutes % 40 - 1 - ends.Lines.Sum(l => l.Kind == LineKind.Days ? l.Days : 0), scene.ToString());
    });

    static TimeSpan Sum(Arithmetic shown) => shown.Lines.Aggregate(TimeSpan.Zero, (sum, line) => sum + line.Time);
}
