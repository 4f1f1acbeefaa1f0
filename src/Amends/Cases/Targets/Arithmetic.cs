namespace Amends.Cases.Targets;

/// <summary>What a line of an arithmetic says.</summary>
public enum LineKind
{
    /// <summary>From one time to another was worked.</summary>
    Worked,

    /// <summary>What was left is used up: from a time, so much more, is the end.</summary>
    Due,

    /// <summary>The clock stood still.</summary>
    Paused,

    /// <summary>A day with hours, none of which lie within what is asked.</summary>
    Outside,

    /// <summary>One day or several on end without hours.</summary>
    Closed,

    /// <summary>A holiday on which nobody works.</summary>
    Holiday,

    /// <summary>Many days, in one line.</summary>
    Days,

    /// <summary>Open from a time until another, as an answer by itself.</summary>
    Open,

    /// <summary>It opens.</summary>
    Opens,

    /// <summary>It closes: next, or on the last of the days that were counted.</summary>
    Closes,

    /// <summary>The so many-th working day.</summary>
    Counted,
}

/// <summary>A line of an arithmetic. Times are those of a clock on the wall, in the calendar's zone.</summary>
/// <param name="From">When the line begins; for whole days, midnight.</param>
/// <param name="Until">When it ends; for whole days, midnight of the last day.</param>
/// <param name="Time">What of it counts. Beside a change of the clocks it is more or less than the clock on the wall says.</param>
/// <param name="Days">For <see cref="LineKind.Days"/> the working days in it, for <see cref="LineKind.Counted"/> which one it is, for <see cref="LineKind.Closes"/> likewise where days were counted.</param>
/// <param name="Holidays">For <see cref="LineKind.Days"/> how many days are closed because of a holiday.</param>
/// <param name="Named">The name of the holiday, also of one with hours; null where there is none.</param>
public sealed record ArithmeticLine(LineKind Kind, DateTime From, DateTime Until, TimeSpan Time, int Days = 0, int Holidays = 0, string? Named = null);

/// <summary>How an answer came about: lines whose times add up to it. For the words see <see cref="ArithmeticWords"/>.</summary>
/// <param name="From">What was asked from, UTC.</param>
/// <param name="Until">The moment that it led to, UTC.</param>
/// <param name="Time">The time worked in between; null where it was not asked for.</param>
/// <param name="Lines">In their order in time.</param>
public sealed record Arithmetic(DateTime From, DateTime Until, TimeSpan? Time, IReadOnlyList<ArithmeticLine> Lines);
