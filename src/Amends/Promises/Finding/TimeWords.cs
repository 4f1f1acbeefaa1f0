using System.Globalization;

namespace Amends.Promises.Finding;

/// <summary>What a word can mean in an expression of time. A word may have several meanings.</summary>
[Flags]
enum TimeMark
{
    None = 0,

    /// <summary>Today and its neighbours; the value is days from today.</summary>
    Day = 1,

    /// <summary>The value is 1 for Monday; where the word says the part of the day too, with ten times the part added.</summary>
    Weekday = 2,

    /// <summary>"next": of the week after this.</summary>
    Next = 4,

    /// <summary>"this".</summary>
    This = 8,

    /// <summary>"coming": the first after today.</summary>
    Coming = 16,

    /// <summary>Yesterday, last: what cannot be promised.</summary>
    Past = 32,

    /// <summary>A part of a day; the value is a <see cref="DayPart"/>.</summary>
    Part = 64,

    /// <summary>A number in words; the value is it.</summary>
    Number = 128,

    /// <summary>The value is a <see cref="TimeUnit"/>.</summary>
    Unit = 256,

    /// <summary>Makes days to working days.</summary>
    Working = 512,

    MonthName = 1024,

    /// <summary>End of week, month, day.</summary>
    End = 2048,

    Start = 4096,

    Middle = 8192,

    /// <summary>Before: the day itself is not meant.</summary>
    Before = 1 << 14,

    /// <summary>Until, by: the day itself is meant.</summary>
    By = 1 << 15,

    /// <summary>In, within: a duration follows.</summary>
    Within = 1 << 16,

    /// <summary>At, around: a time of day may follow as a bare number.</summary>
    At = 1 << 17,

    /// <summary>After, from … on: no end is said.</summary>
    After = 1 << 18,

    /// <summary>Begins a range: from, between.</summary>
    From = 1 << 19,

    /// <summary>Joins the ends of a range or of alternatives.</summary>
    To = 1 << 20,

    /// <summary>Since, of: says which thing, not when.</summary>
    Of = 1 << 21,

    /// <summary>May stand between other words of time.</summary>
    Filler = 1 << 22,

    Weekend = 1 << 23,

    /// <summary>Word of the clock: Uhr, heures, o'clock.</summary>
    Hour = 1 << 24,

    Am = 1 << 25,

    Pm = 1 << 26,

    /// <summary>Minutes added to or taken from the hour said before; the value is minutes.</summary>
    PlusMinutes = 1 << 27,

    /// <summary>Minutes added to or taken from the hour said after.</summary>
    MinutesOf = 1 << 28,

    /// <summary>Half a unit, or "and a half"; the value is whole units.</summary>
    Half = 1 << 29,

    /// <summary>After a duration: it is counted from now.</summary>
    FromNow = 1 << 30,
}

/// <summary>Parts of a day; each ends when it does.</summary>
enum DayPart
{
    Morning,
    Noon,
    Afternoon,
    Evening,
    End,
    Midnight,
}

/// <summary>Units of durations, from short to long.</summary>
enum TimeUnit
{
    Minute,
    Hour,
    Day,
    WorkingDay,
    Week,
    Month,
    Year,
    Quarter,

    /// <summary>Fifteen, thirty and forty-five minutes with a word of their own.</summary>
    QuarterHour,
    HalfHour,
    ThreeQuarters,

    /// <summary>"Huitaine": seven days; "fortnight", "quinzaine": fourteen.</summary>
    Eight,
    Fortnight,
}

/// <summary>What a phrase of time means, and how many tokens it takes.</summary>
readonly record struct TimeWord(TimeMark Mark, int Value, int Length);

/// <summary>The words of time of one language, read once from a table: a line has meanings, a value, and the phrases that have them.</summary>
sealed class TimeWords
{
    readonly record struct Phrase(string[] Words, TimeMark Mark, int Value);

    readonly Dictionary<string, List<Phrase>> byFirst = new(StringComparer.Ordinal);

    static readonly HashSet<string> Months = new(StringComparer.Ordinal);

    static readonly Lock Filling = new();

    public TimeWords(string table)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var head = line[..colon].Split(' ');
            var mark = head[0].Split('+').Aggregate(TimeMark.None, (all, one) => all | Enum.Parse<TimeMark>(one));
            var value = head.Length == 1 ? 0
                : mark.HasFlag(TimeMark.Weekday) ? int.Parse(head[1], CultureInfo.InvariantCulture)
                : mark.HasFlag(TimeMark.Part) ? (int)Enum.Parse<DayPart>(head[1])
                : mark.HasFlag(TimeMark.Unit) ? (int)Enum.Parse<TimeUnit>(head[1])
                : int.Parse(head[1], CultureInfo.InvariantCulture);
            foreach (var said in line[(colon + 1)..].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(said => Spelled(said) is { } spelled ? [said, spelled] : (string[])[said]))
            {
                var words = said.Split(' ').Select(Tokens.Plain).ToArray();
                if (!byFirst.TryGetValue(words[0], out var list))
                    byFirst[words[0]] = list = [];
                var same = list.FindIndex(p => p.Words.AsSpan().SequenceEqual(words));
                if (same >= 0)
                    list[same] = list[same] with { Mark = list[same].Mark | mark, Value = Math.Max(list[same].Value, value) };
                else
                    list.Add(new(words, mark, value));
                if (mark == TimeMark.MonthName)
                    lock (Filling)
                        Months.Add(words[0]);
            }
        }
        foreach (var list in byFirst.Values)
            list.Sort((a, b) => b.Words.Length - a.Words.Length);
    }

    /// <summary>"Fuer", "Schluessel": as people write where the keyboard has no umlauts; null where there is none.</summary>
    public static string? Spelled(string word) => word.AsSpan().IndexOfAny("äöüß") < 0 ? null
        : word.Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal);

    /// <summary>True for the name of a month in any of the languages that were read.</summary>
    public static bool IsMonth(string word)
    {
        _ = Grammar.All;
        return Months.Contains(word);
    }

    /// <summary>The longest phrase that begins at a token; length 0 where none does.</summary>
    public TimeWord At(List<Token> tokens, int at)
    {
        if (at < tokens.Count && byFirst.TryGetValue(tokens[at].Word, out var list))
            foreach (var phrase in list)
            {
                var i = 1;
                while (i < phrase.Words.Length && at + i < tokens.Count && tokens[at + i].Word == phrase.Words[i]) i++;
                if (i == phrase.Words.Length)
                    return new(phrase.Mark, phrase.Value, phrase.Words.Length);
            }
        return default;
    }
}
