using NodaTime;

namespace Amends.Promises.Finding;

/// <summary>An expression of time in a sentence, with what it says.</summary>
sealed class SaidTime
{
    /// <summary>First and last of its tokens.</summary>
    public int First, Last;

    /// <summary>The day said, the last of a range.</summary>
    public LocalDate? Day;

    /// <summary>A whole week, month or weekend was said: "before" does not mean the day before.</summary>
    public bool IsSpan;

    /// <summary>"before": of a day without a time of day it is the day before.</summary>
    public bool Before;

    /// <summary>"after", "from": no end is said.</summary>
    public bool After;

    /// <summary>Yesterday, last week.</summary>
    public bool Past;

    /// <summary>"your message of Monday": says which, not when.</summary>
    public bool Attribute;

    /// <summary>The time of day, the last of a range, and the first of it.</summary>
    public Clock? At, From;

    public DayPart? Part;

    /// <summary>A duration that has its own moment: "in 48 hours".</summary>
    public LocalDateTime? Moment;

    /// <summary>True where nothing can be reckoned from it.</summary>
    public bool IsEmpty => Day is null && At is null && Part is null && Moment is null;

    public bool SaysOnlyClock => Day is null && Moment is null && (At is not null || Part is not null);

    public bool SaysOnlyDay => Day is not null && At is null && Part is null;

    /// <summary>Joins what was said apart: "On Friday we will call you at five."</summary>
    public SaidTime With(SaidTime clock) => new() { First = First, Last = clock.Last, Day = Day, Before = Before && clock.At is null && clock.Part is null, After = After || clock.After, At = clock.At, From = clock.From, Part = clock.Part };
}

/// <summary>A time of day as said.</summary>
/// <param name="IsOpen">Neither am, pm nor 24 hours were said: the working hours decide.</param>
readonly record struct Clock(int Hour, int Minute, bool IsOpen);

/// <summary>Reads expressions of time in one sentence and reckons when they end.</summary>
sealed class TimeReader(List<Token> tokens, Grammar grammar, LocalDateTime sent, IOfficeHours hours)
{
    // No expression of time is longer; keeps reading linear.
    const int LongestExpression = 26;

    readonly TimeWords words = grammar.Times;

    /// <summary>All expressions, in order. What says nothing ("at", "in the") is left out.</summary>
    public List<SaidTime> ReadAll()
    {
        var all = new List<SaidTime>();
        for (var at = 0; at < tokens.Count;)
        {
            // What joins two clauses is no word of the second one's time.
            if (tokens[at].Word is "y" or "et" or "e" && grammar.Code is "es" or "fr")
                at++;
            else if (Read(at) is { } said && !grammar.IsNoTime(tokens, said))
            {
                all.Add(said);
                at = said.Last + 1;
            }
            else
                at++;
        }
        return all;
    }

    bool Is(int at, TimeMark mark) => (words.At(tokens, at).Mark & mark) != 0;

    int Skip(int at, TimeMark mark)
    {
        for (var steps = 0; steps < 4 && words.At(tokens, at) is { Length: > 0 } one && (one.Mark & mark) != 0; steps++)
            at += one.Length;
        return at;
    }

    /// <summary>A number in digits or words.</summary>
    bool TryNumber(int at, out int value, out int next)
    {
        value = 0;
        next = at;
        if (at >= tokens.Count)
            return false;
        if (tokens[at].Number >= 0)
        {
            value = tokens[at].Number;
            next = at + 1;
            return value < 10_000;
        }
        var one = words.At(tokens, at);
        if ((one.Mark & TimeMark.Number) == 0)
            return false;
        value = one.Value;
        next = at + one.Length;
        // "twenty-four" is one word of the table; "twenty four" is two.
        if (value is >= 20 and < 60 && value % 10 == 0 && words.At(tokens, next) is { Value: > 0 and < 10 } ones && (ones.Mark & TimeMark.Number) != 0)
        {
            value += ones.Value;
            next += ones.Length;
        }
        return true;
    }

    bool IsText(int at, string mark) => at >= 0 && at < tokens.Count && tokens[at].Word == mark;

    /// <summary>Nothing stands between a token and the one before.</summary>
    bool Touches(int at) => at > 0 && at < tokens.Count && tokens[at - 1].End == tokens[at].Start;

    SaidTime? Read(int first)
    {
        var said = new SaidTime { First = first, Last = -1 };
        var at = first;
        bool by = false, within = false, atClock = false, ranged = false, to = false, of = false, end = false, begin = false, middle = false;
        bool spanned = false, next = false, coming = false, past = false, week = false, justWeekday = false, weekdayWithPart = false;
        TimeUnit? openUnit = null;
        bool before = false, since = false;
        var weeksOn = 0;
        var limit = Math.Min(tokens.Count, first + LongestExpression);

        void Took(int upTo)
        {
            at = upTo;
            said.Last = at - 1;
            (before, since) = (said.Before, said.After);
            atClock = to = of = false;
        }

        while (at < limit)
        {
            var wasWeekday = justWeekday;
            justWeekday = false;
            if (tokens[at].IsMark)
            {
                // "Friday, 27 November", "2-4 pm", "morgen (Dienstag)"
                if (said.Last >= 0 && tokens[at].Word is "," && (StartsDateOrClock(at + 1) || StartsDay(at + 1) && said.Day is not null && !said.IsSpan))
                {
                    at++;
                    continue;
                }
                if (said.Last >= 0 && tokens[at].Word is "-" or "–" && at + 1 < limit && (said.At is not null || said.Day is not null) && (tokens[at + 1].Number >= 0 || StartsDay(at + 1)))
                {
                    to = true;
                    at++;
                    continue;
                }
                if (said.Last >= 0 && tokens[at].Word is "." && said.Last == at - 1 && said.Day is not null && Touches(at) && at + 1 < limit && words.At(tokens, at + 1).Length > 0)
                {
                    at++;
                    continue;
                }
                break;
            }

            // Durations: within three working days; in 48 hours.
            if ((within || by && !wasWeekday || said.Last < 0) && said.IsEmpty && TryDuration(at, within, out var moment, out var after))
            {
                said.Moment = moment;
                Took(after);
                // "in two days' time", "within 3 days at the latest"
                continue;
            }

            // "a week from today"
            if (said.Last < 0 && TryDuration(at, true, out moment, out after) && words.At(tokens, after) is { Length: > 0 } counted && (counted.Mark & TimeMark.FromNow) != 0)
            {
                said.Moment = moment;
                Took(after + counted.Length);
                continue;
            }

            // "A week on Friday", "two weeks from tomorrow", "a week today"
            if (said.Last < 0 && weeksOn == 0 && TryWeeksOn(at, out var weeks, out after))
            {
                weeksOn = weeks;
                at = after;
                continue;
            }

            // "Calendar week 49", "the week of 7 December"
            if (said.Day is null && TryWeekOf(at, out var ofWeek, out after))
            {
                (said.Day, said.IsSpan) = (said.Before ? Monday(ofWeek) : Monday(ofWeek).PlusDays(4), !said.Before);
                Took(after);
                continue;
            }

            if (TryDate(at, atClock, wasWeekday, out var date, out after))
            {
                if (of && said.Last < 0)
                    said.Attribute = true;
                said.Day = said.Day is { } known && to && known > date ? known : date;
                said.IsSpan = false;
                Took(after);
                continue;
            }

            if (TryClock(at, atClock || ranged || to && said.At is not null, ranged, out var clock, out after))
            {
                if (said.At is { } earlier && to)
                    said.From = earlier with { IsOpen = earlier.IsOpen };
                said.At = clock;
                Took(after);
                ranged = false;
                // "between 2 and 4", "from 8 to 10"
                continue;
            }

            var one = words.At(tokens, at);
            if (one.Length == 0)
                break;
            var mark = one.Mark;
            if ((mark & TimeMark.Past) != 0)
            {
                past = true;
                said.Past = true;
                Took(at + one.Length);
                continue;
            }
            if ((mark & TimeMark.Weekday) != 0)
            {
                if (of && said.Last < 0 && !said.Before && !by)
                    said.Attribute = true;
                var weekday = one.Value % 10;
                if ((mark & TimeMark.Part) != 0)
                    said.Part = (DayPart)(one.Value / 10);
                var day = NextWeekday(weekday);
                if (next || week)
                    day = Monday(sent.Date).PlusDays(7 + weekday - 1);
                else if (to && said.Day is { } earlier)
                    while (day <= earlier) day = day.PlusDays(7);
                if (said.Day is { } fixedDay && !to && !said.IsSpan)
                    day = fixedDay;
                day = day.PlusDays(7 * weeksOn);
                (said.Day, said.IsSpan, next, coming) = (day, false, false, false);
                Took(at + one.Length);
                justWeekday = weekdayWithPart = true;
                if (weeksOn == 0 && TryWeeksAfter(at, out var moreWeeks, out after))
                {
                    said.Day = day.PlusDays(7 * moreWeeks);
                    Took(after);
                    continue;
                }
                weeksOn = 0;
                // "Freitagnachmittag", "Friday next week", "mardi prochain", "el martes que viene"
                var then = words.At(tokens, at);
                if ((then.Mark & TimeMark.Next) != 0 || (then.Mark & (TimeMark.Of | TimeMark.Filler | TimeMark.Within)) != 0 && NextWeekAhead(at) > 0)
                {
                    var weekAhead = NextWeekAhead(at);
                    if (weekAhead > 0 || (then.Mark & TimeMark.Next) != 0)
                    {
                        said.Day = Monday(sent.Date).PlusDays(7 + weekday - 1);
                        Took(weekAhead > 0 ? weekAhead : at + then.Length);
                    }
                }
                continue;
            }
            if ((mark & TimeMark.Day) != 0)
            {
                var day = sent.Date.PlusDays(one.Value + 7 * weeksOn);
                said.Day = said.Day is { } known && known > day ? known : day;
                Took(at + one.Length);
                if (weeksOn == 0 && TryWeeksAfter(at, out var moreWeeks, out after))
                {
                    said.Day = day.PlusDays(7 * moreWeeks);
                    Took(after);
                }
                weeksOn = 0;
                continue;
            }
            if ((mark & TimeMark.Part) != 0)
            {
                var part = (DayPart)one.Value;
                if (said.At is { IsOpen: true } open && part is DayPart.Morning or DayPart.Afternoon or DayPart.Evening)
                    said.At = InPart(open, part);
                else if (said.At is null)
                    said.Part = said.Part is { } earlierPart && earlierPart > part && !to ? earlierPart : part;
                Took(at + one.Length);
                continue;
            }
            if ((mark & TimeMark.Weekend) != 0)
            {
                var sunday = Monday(sent.Date).PlusDays(6 + (next ? 7 : 0));
                if (said.Before)
                    (said.Day, said.IsSpan) = (sunday.PlusDays(-2), true);
                else
                    (said.Day, said.IsSpan) = (sunday, true);
                next = false;
                Took(at + one.Length);
                continue;
            }
            if ((mark & TimeMark.MonthName) != 0)
            {
                // "in December", "end of November", "mid-December"; a bare "May" says nothing.
                if (!(end || begin || middle || within || by || said.Before || (mark & TimeMark.Filler) != 0))
                    break;
                var year = tokens.Count > at + 1 && tokens[at + 1].Number is > 2000 and < 2100 ? tokens[at + 1].Number : 0;
                var month = MonthOf(one.Value, year);
                said.Day = middle ? new LocalDate(month.Year, month.Month, 15) : begin ? new LocalDate(month.Year, month.Month, 10) : said.Before && !end ? month : LastOfMonth(month);
                said.IsSpan = end || middle || begin;
                Took(at + one.Length + (year > 0 ? 1 : 0));
                end = begin = middle = false;
                continue;
            }
            if ((mark & TimeMark.Unit) != 0 && (TimeUnit)one.Value is >= TimeUnit.Day and <= TimeUnit.Quarter and var unit)
            {
                // this week, next month, end of the year; "Monatsende" says both
                end |= (mark & TimeMark.End) != 0;
                begin |= (mark & TimeMark.Start) != 0;
                middle |= (mark & TimeMark.Middle) != 0;
                if (unit == TimeUnit.Day && end)
                {
                    said.Part = DayPart.End;
                    Took(at + one.Length);
                    continue;
                }
                var ahead = words.At(tokens, at + one.Length);
                var nextAfter = (ahead.Mark & (TimeMark.Next | TimeMark.Coming)) != 0;
                if (!(next || coming || nextAfter || within || end || begin || middle || openUnit is not null || (mark & TimeMark.This) != 0) || unit is TimeUnit.Day or TimeUnit.WorkingDay)
                    break;
                if (nextAfter && ahead.Value > 1) weeksAhead = ahead.Value;
                var later = next || coming || nextAfter ? Math.Max(1, weeksAhead) : 0;
                weeksAhead = 0;
                var monday = Monday(sent.Date);
                switch (unit)
                {
                    case TimeUnit.Week:
                        // On a weekend this week is over.
                        if (later == 0 && sent.Date > monday.PlusDays(4))
                            later = 1;
                        if ((wasWeekday || weekdayWithPart && said.Part is not null) && said.Day is { } named && later > 0)
                            said.Day = monday.PlusDays(7 * later + (int)named.DayOfWeek - 1);
                        else
                            said.Day = monday.PlusDays(7 * later + (begin ? 1 : middle ? 2 : 4));
                        week = later > 0;
                        break;
                    case TimeUnit.Month:
                        var first1 = new LocalDate(sent.Year, sent.Month, 1).PlusMonths(later);
                        said.Day = begin ? first1.PlusDays(9) : middle ? first1.PlusDays(14) : LastOfMonth(first1);
                        break;
                    case TimeUnit.Quarter:
                        said.Day = LastOfMonth(new LocalDate(sent.Year, (sent.Month - 1) / 3 * 3 + 3, 1).PlusMonths(3 * later));
                        break;
                    case TimeUnit.Year:
                        said.Day = new LocalDate(sent.Year + later, 12, 31);
                        break;
                }
                said.IsSpan = true;
                next = coming = end = begin = middle = false;
                openUnit = null;
                Took(at + one.Length + (nextAfter ? ahead.Length : 0));
                continue;
            }

            // Words that lead to others.
            if ((mark & TimeMark.Next) != 0) { next = true; if (one.Value > 1) weeksAhead = one.Value; }
            else if ((mark & TimeMark.Coming) != 0) coming = true;
            else if ((mark & TimeMark.This) != 0) openUnit = TimeUnit.Week;
            if ((mark & TimeMark.End) != 0) end = true;
            if ((mark & TimeMark.Start) != 0) begin = true;
            if ((mark & TimeMark.Middle) != 0) middle = true;
            if ((mark & TimeMark.Within) != 0)
            {
                within = true;
                // "D'ici 15 h" is the hour of the day, "d'ici 24 h" a length of time.
                if (tokens[at].Word is "d'" && tokens[at + 1].Word == "ici" && TryNumber(at + one.Length, out var oclock, out var hoursAt) && oclock is >= 13 and <= 21 && hoursAt < tokens.Count && tokens[hoursAt].Word is "h")
                    (within, by, atClock) = (false, true, true);
            }
            if ((mark & TimeMark.At) != 0) atClock = true;
            var begins = (mark & TimeMark.From) != 0 && LeadsToRange(at + one.Length);
            if (begins) ranged = true;
            else if ((mark & TimeMark.Of) != 0 && said.Last < 0) of = true;
            if ((mark & TimeMark.Before) != 0)
            {
                said.Before = true; atClock = true; of = false;
                // "Before 48 hours", "before three days" is within them.
                if (TryNumber(at + one.Length, out var count, out var unitAt) && (words.At(tokens, unitAt).Mark & TimeMark.Unit) != 0 && (TimeUnit)words.At(tokens, unitAt).Value is var span && (span is TimeUnit.Day or TimeUnit.WorkingDay or TimeUnit.Week || span == TimeUnit.Hour && count > 24))
                    within = true;
            }
            if ((mark & TimeMark.By) != 0) { by = true; atClock = true; of = false; }
            if ((mark & TimeMark.After) != 0 && !begins) { said.After = true; atClock = true; of = false; }
            spanned |= begins;
            if ((mark & TimeMark.To) != 0)
            {
                // "X el lunes y el martes Y": two clauses, two days.
                if (!spanned && said.Day is not null && tokens[at].Word is "y" or "et")
                    break;
                if (said.Last >= 0 && !(mark.HasFlag(TimeMark.By) && said.At is null && said.Day is null)) to = true;
                if (ranged || said.At is not null) atClock = true;
                // "and" leads on only to more time, not to the next clause.
                if (said.Last >= 0 && (mark & (TimeMark.By | TimeMark.Filler)) == 0 && !StartsTimeProper(at + one.Length, said))
                    break;
            }
            at += one.Length;
            if ((mark & (TimeMark.Next | TimeMark.This | TimeMark.Before | TimeMark.By | TimeMark.Within | TimeMark.At | TimeMark.After | TimeMark.From | TimeMark.To | TimeMark.Of | TimeMark.Filler | TimeMark.End | TimeMark.Start | TimeMark.Middle | TimeMark.Coming)) == 0)
                break;
        }
        if (said.Last < 0 || said.IsEmpty && !past)
            return null;
        // What led to no time led elsewhere: "wir holen es am Samstag ab", "tomorrow after the repair".
        (said.Before, said.After) = (before, since);
        // "no later than", "at the latest" after the time belong to it.
        while (said.Last + 1 < tokens.Count && grammar.IsTail(tokens, said.Last + 1, out var tail))
            said.Last += tail;
        return said;
    }

    /// <summary>Weeks said before the day they are counted from: "a week on Friday".</summary>
    bool TryWeeksOn(int at, out int weeks, out int next)
    {
        next = at;
        if (!TryCountOfWeeks(at, out weeks, out var i))
            return false;
        // "In one week", "in two weeks on Friday": only where a day follows at once.
        var day = Skip(i, TimeMark.Filler | TimeMark.After | TimeMark.From);
        if (day - i > 1 || words.At(tokens, day) is not { Length: > 0 } named || (named.Mark & (TimeMark.Weekday | TimeMark.Day)) == 0)
            return false;
        next = day;
        return true;
    }

    /// <summary>Weeks said after the day they are counted from: "heute in einer Woche", "Friday week", "lundi en huit".</summary>
    bool TryWeeksAfter(int at, out int weeks, out int next)
    {
        weeks = 0;
        next = at;
        if (at >= tokens.Count)
            return false;
        if (tokens[at].Word == "week" && grammar.Code == "en")
        {
            (weeks, next) = (1, at + 1);
            return true;
        }
        if ((words.At(tokens, at).Mark & TimeMark.Within) == 0 || words.At(tokens, at).Length != 1)
            return false;
        if (TryCountOfWeeks(at + 1, out weeks, out next))
            return true;
        // "En huit", "en quince días": a week and two, counted as people do.
        if (TryNumber(at + 1, out var days, out next) && days is 8 or 14 or 15)
        {
            var unit = words.At(tokens, next);
            var isDays = (unit.Mark & TimeMark.Unit) != 0 && (TimeUnit)unit.Value == TimeUnit.Day;
            if (!isDays && (grammar.Code is "en" or "de" || unit.Length > 0 || next < tokens.Count && tokens[next].Word is ":"))
                return false;
            weeks = days == 8 ? 1 : 2;
            if (isDays) next += unit.Length;
            return true;
        }
        return false;
    }

    bool TryCountOfWeeks(int at, out int weeks, out int next)
    {
        if (!TryNumber(at, out weeks, out next) || weeks is < 1 or > 52 || words.At(tokens, next) is not { Length: > 0 } unit || (unit.Mark & TimeMark.Unit) == 0)
            return false;
        if ((TimeUnit)unit.Value == TimeUnit.Fortnight)
            weeks *= 2;
        else if ((TimeUnit)unit.Value != TimeUnit.Week)
            return false;
        next += unit.Length;
        return true;
    }

    /// <summary>A week by its number or by a day in it.</summary>
    bool TryWeekOf(int at, out LocalDate day, out int next)
    {
        day = default;
        next = at;
        var unit = words.At(tokens, at);
        var numbered = tokens[at].Word is "kw" or "kalenderwoche" or "cw";
        if (!numbered && ((unit.Mark & TimeMark.Unit) == 0 || (TimeUnit)unit.Value != TimeUnit.Week))
            return false;
        var i = at + (numbered ? 1 : unit.Length);
        if (i >= tokens.Count)
            return false;
        if (tokens[i].Number is >= 1 and <= 53 && !(i + 1 < tokens.Count && (tokens[i + 1].Word is "." or "/" || words.At(tokens, i + 1) is { Length: > 0 } then && (then.Mark & (TimeMark.MonthName | TimeMark.Hour | TimeMark.Unit)) != 0)) || numbered && tokens[i].Number is >= 1 and <= 53)
        {
            var rule = NodaTime.Calendars.WeekYearRules.Iso;
            var year = rule.GetWeekYear(sent.Date);
            if (tokens[i].Number < rule.GetWeekOfWeekYear(sent.Date)) year++;
            if (tokens[i].Number > rule.GetWeeksInWeekYear(year, CalendarSystem.Iso))
                return false;
            day = rule.GetLocalDate(year, tokens[i].Number, IsoDayOfWeek.Monday, CalendarSystem.Iso);
            next = i + 1;
            return true;
        }
        var of = i;
        for (var steps = 0; steps < 3 && i < tokens.Count && (tokens[i].Word is "commencing" or "beginning" or "starting" or "of" or "on" or "the" or "du" or "del" or "de" or "vom" or "ab" or "dem" or "des" or "von"); steps++) i++;
        return i > of && TryDate(i, false, false, out day, out next);
    }

    int weeksAhead;

    bool StartsDay(int at) => words.At(tokens, Skip(at, TimeMark.Filler)) is { Length: > 0 } one && (one.Mark & (TimeMark.Weekday | TimeMark.Day)) != 0;

    bool StartsDateOrClock(int at)
    {
        at = Skip(at, TimeMark.Filler | TimeMark.At | TimeMark.By | TimeMark.Before | TimeMark.From);
        return TryDate(at, false, false, out _, out _) || TryClock(at, false, false, out _, out _) || words.At(tokens, at) is { Length: > 0 } one && (one.Mark & TimeMark.Part) != 0;
    }

    bool StartsTimeProper(int at, SaidTime said)
    {
        at = Skip(at, TimeMark.Filler | TimeMark.At);
        return StartsDay(at) && said.Day is not null || TryDate(at, false, false, out _, out _) && said.Day is not null || TryClock(at, said.At is not null, true, out _, out _) && said.At is not null;
    }

    /// <summary>A range begins only where two ends follow: "from 8 to 10", not "your mail from Monday".</summary>
    bool LeadsToRange(int at)
    {
        for (var i = at; i < Math.Min(tokens.Count, at + 9); i++)
        {
            if (i > at && ((words.At(tokens, i).Mark & TimeMark.To) != 0 || tokens[i].Word is "-" or "–"))
                return true;
            if (tokens[i].Number < 0 && tokens[i].Word is not (":" or "." or "h" or "/") && words.At(tokens, i).Length == 0)
                return false;
        }
        return false;
    }

    /// <summary>Where "… of next week" ends, or 0.</summary>
    int NextWeekAhead(int at)
    {
        var next = false;
        for (var steps = 0; steps < 6; steps++)
        {
            var one = words.At(tokens, at);
            if ((one.Mark & TimeMark.Next) != 0) next = true;
            else if ((one.Mark & TimeMark.Unit) != 0 && one.Value == (int)TimeUnit.Week)
            {
                var then = words.At(tokens, at + one.Length);
                if ((then.Mark & (TimeMark.Next | TimeMark.Coming)) != 0)
                    return at + one.Length + then.Length;
                return next ? at + one.Length : 0;
            }
            else if ((one.Mark & (TimeMark.Of | TimeMark.Filler | TimeMark.Within | TimeMark.Coming)) == 0)
                return 0;
            else if ((one.Mark & TimeMark.Coming) != 0) next = true;
            at += one.Length;
        }
        return 0;
    }

    /// <summary>A duration: "[within] [the next] two to three working days".</summary>
    bool TryDuration(int at, bool within, out LocalDateTime moment, out int next)
    {
        moment = default;
        next = at;
        var start = at;
        if (!within)
            return false;
        for (var steps = 0; steps < 4 && words.At(tokens, at) is { Length: > 0 } lead && (lead.Mark & (TimeMark.Filler | TimeMark.Next | TimeMark.By | TimeMark.Coming)) != 0 && (lead.Mark & (TimeMark.Number | TimeMark.Unit | TimeMark.Half)) == 0; steps++)
            at += lead.Length;
        var half = 0;
        int amount;
        if (words.At(tokens, at) is { Length: > 0 } h && (h.Mark & TimeMark.Half) != 0)
        {
            amount = h.Value;
            half = 1;
            at += h.Length;
            // "une demi-heure" says its unit
            if ((h.Mark & TimeMark.Hour) != 0)
            {
                moment = Later(0, 1, TimeUnit.Hour, false);
                next = at;
                return true;
            }
        }
        else if (TryNumber(at, out amount, out var afterNumber))
        {
            at = afterNumber;
            // "two to three", "2-3"
            var joined = at < tokens.Count && tokens[at].Word is "-" or "–" ? at + 1 : words.At(tokens, at) is { Length: > 0 } t && (t.Mark & TimeMark.To) != 0 ? at + t.Length : at;
            if (joined > at && TryNumber(joined, out var second, out afterNumber))
                (amount, at) = (Math.Max(amount, second), afterNumber);
        }
        else if (words.At(tokens, at) is { Length: > 0 } u && (u.Mark & TimeMark.Unit) != 0 && (TimeUnit)u.Value is TimeUnit.Hour or TimeUnit.Minute or TimeUnit.Month or TimeUnit.HalfHour or TimeUnit.QuarterHour or TimeUnit.ThreeQuarters or TimeUnit.Eight or TimeUnit.Fortnight && (at > start || at > 0 && (words.At(tokens, at - 1).Mark & (TimeMark.Next | TimeMark.Coming)) != 0))
            // "within the hour", "within the month" where the length is said by the word alone
            amount = (TimeUnit)u.Value == TimeUnit.Month ? -1 : 1;
        else
            return false;
        var working = false;
        for (var steps = 0; steps < 3 && words.At(tokens, at) is { Length: > 0 } between && (between.Mark & (TimeMark.Working | TimeMark.Next | TimeMark.Coming | TimeMark.Filler)) != 0 && (between.Mark & TimeMark.Unit) == 0; steps++)
        {
            working |= (between.Mark & TimeMark.Working) != 0;
            at += between.Length;
        }
        if (amount < 0 || words.At(tokens, at) is not { Length: > 0 } unitWord || (unitWord.Mark & TimeMark.Unit) == 0 && unitWord.Value >= 0 && (unitWord.Mark & TimeMark.Hour) == 0)
            return false;
        var unit = (unitWord.Mark & TimeMark.Unit) != 0 ? (TimeUnit)unitWord.Value : TimeUnit.Hour;
        at += unitWord.Length;
        // "an hour and a half"
        if (words.At(tokens, at) is { Length: > 0 } more && (more.Mark & TimeMark.PlusMinutes) != 0 && more.Value == 30)
        {
            half = 1;
            at += more.Length;
        }
        for (var steps = 0; steps < 2 && words.At(tokens, at) is { Length: > 0 } behind && (behind.Mark & (TimeMark.Working | TimeMark.Next)) != 0 && (behind.Mark & TimeMark.Unit) == 0; steps++)
        {
            working |= (behind.Mark & TimeMark.Working) != 0;
            at += behind.Length;
        }
        if (at < tokens.Count && tokens[at].Word is "'" or "'s" or "’")
            at++;
        if (amount > 2000)
            return false;
        moment = Later(amount, half, unit == TimeUnit.Day && working ? TimeUnit.WorkingDay : unit, working);
        next = at;
        return true;
    }

    LocalDateTime Later(int amount, int half, TimeUnit unit, bool working)
    {
        switch (unit)
        {
            case TimeUnit.QuarterHour or TimeUnit.HalfHour or TimeUnit.ThreeQuarters:
                var quarters = unit == TimeUnit.QuarterHour ? 1 : unit == TimeUnit.HalfHour ? 2 : 3;
                return Later(15 * quarters * amount, 0, TimeUnit.Minute, working);
            case TimeUnit.Eight or TimeUnit.Fortnight:
                return DayEnd(sent.Date.PlusDays((unit == TimeUnit.Eight ? 7 : 14) * amount));
            case TimeUnit.Minute or TimeUnit.Hour when working:
                return WorkingTime(Duration.FromMinutes(unit == TimeUnit.Hour ? 60L * amount + 30 * half : amount));
            case TimeUnit.Minute or TimeUnit.Hour:
                return sent.InZoneLeniently(hours.Zone).Plus(Duration.FromMinutes(unit == TimeUnit.Hour ? 60L * amount + 30 * half : amount)).LocalDateTime;
            case TimeUnit.WorkingDay:
                var day = sent.Date;
                for (var left = Math.Min(amount, 400); left > 0;)
                {
                    day = day.PlusDays(1);
                    if (hours.IsWorkingDay(day) || day > sent.Date.PlusDays(1000))
                        left--;
                }
                return DayEnd(day);
            case TimeUnit.Week:
                return DayEnd(sent.Date.PlusDays(7 * amount + 3 * half));
            case TimeUnit.Month:
                return DayEnd(sent.Date.PlusMonths(amount).PlusDays(15 * half));
            case TimeUnit.Quarter:
                return DayEnd(sent.Date.PlusMonths(3 * amount));
            case TimeUnit.Year:
                return DayEnd(sent.Date.PlusYears(Math.Min(amount, 100)));
            default:
                return DayEnd(sent.Date.PlusDays(amount + half));
        }
    }

    LocalDateTime WorkingTime(Duration left)
    {
        var at = sent;
        for (var days = 0; days < 400; days++)
        {
            var opens = at.Date + hours.Opens(at.Date);
            var closes = at.Date + hours.Closes(at.Date);
            if (at < opens) at = opens;
            if (hours.IsWorkingDay(at.Date) && at < closes)
            {
                var room = Period.Between(at, closes, PeriodUnits.Minutes).Minutes;
                if (room >= (long)left.TotalMinutes)
                    return at.PlusMinutes((long)left.TotalMinutes);
                left -= Duration.FromMinutes(room);
            }
            at = at.Date.PlusDays(1).AtMidnight();
        }
        return at;
    }

    /// <summary>A date in digits or with the name of a month, or a day of the month.</summary>
    bool TryDate(int at, bool atClock, bool wasWeekday, out LocalDate date, out int next)
    {
        date = default;
        next = at;
        if (at >= tokens.Count)
            return false;
        // 2026-12-24
        if (tokens[at].Number is > 1900 and < 2200 && IsText(at + 1, "-") && Touches(at + 1) && at + 4 < tokens.Count && IsText(at + 3, "-"))
        {
            next = at + 5;
            return TryMake(tokens[at].Number, tokens[at + 2].Number, tokens[at + 4].Number, out date);
        }
        // "December 24th, 2026"
        var month = words.At(tokens, at);
        if ((month.Mark & TimeMark.MonthName) != 0)
        {
            var i = at + month.Length;
            if (IsText(i, ".")) i++;
            i = Skip(i, TimeMark.Filler);
            if (i < tokens.Count && tokens[i].Number is >= 1 and <= 31 && !IsClockAhead(i + 1))
            {
                var day = tokens[i].Number;
                i++;
                if (i < tokens.Count && grammar.IsOrdinal(tokens[i].Word)) i++;
                var year = Year(ref i);
                next = i;
                return TryMake(year, month.Value, day, out date);
            }
            return false;
        }
        var number = tokens[at].Number;
        if (number is < 1 or > 31)
        {
            var spelled = words.At(tokens, at);
            if (grammar.OrdinalWord(tokens[at].Word) is > 0 and var ordinalDay)
                spelled = new(TimeMark.Number, ordinalDay, 1);
            if (spelled.Length == 0 || (spelled.Mark & TimeMark.Number) == 0 || spelled.Value is < 1 or > 31)
                return false;
            // "the first of December", "el uno de enero": words only with a month.
            var i = Skip(at + spelled.Length, TimeMark.Filler | TimeMark.Of);
            if (words.At(tokens, i) is not { Length: > 0 } named || (named.Mark & TimeMark.MonthName) == 0)
                return false;
            i += named.Length;
            var year = Year(ref i);
            next = i;
            return TryMake(year, named.Value, spelled.Value, out date);
        }
        // 24.12.2026, 24/12, 24-12-2026
        if (at + 2 < tokens.Count && tokens[at + 1].Word is "." or "/" or "-" && Touches(at + 1) && tokens[at + 2].Number is >= 1 && (Touches(at + 2) || tokens[at + 1].Word == "."))
        {
            var separator = tokens[at + 1].Word;
            var second = tokens[at + 2].Number;
            var has3 = at + 4 < tokens.Count && tokens[at + 3].Word == separator && Touches(at + 3) && tokens[at + 4].Number >= 0 && tokens[at + 4].Length is 2 or 4 && (Touches(at + 4) || separator == ".");
            // 3.2.1 and v3.2 are versions.
            if (separator == "." && (!has3 && IsText(at + 3, ".") && Touches(at + 3) && Touches(at + 4) && tokens[at + 4].Number >= 0
                || Touches(at) && (tokens[at - 1].IsWord || at > 1 && tokens[at - 1].Word is "." && Touches(at - 1) && tokens[at - 2].Number >= 0))) return false;
            var isClock = separator == "." && !has3 && tokens[at + 2].Length == 2 && (atClock && !IsText(at + 3, ".") || IsClockAhead(at + 3) || second > 12) || separator == "-" && !has3;
            if (!isClock && second <= 31)
            {
                var (day, mon) = grammar.MonthFirst(hours.Zone.Id) && separator == "/" ? (second, number) : (number, second);
                // What cannot be the one way round is the other.
                if (mon > 12) (day, mon) = (mon, day);
                var year = has3 ? tokens[at + 4].Number : 0;
                if (year is > 0 and < 100) year += 2000;
                next = has3 ? at + 5 : at + 3;
                // The dot of 24.12. belongs to it where the sentence goes on.
                if (!has3 && separator == "." && IsText(next, ".") && Touches(next) && next + 1 < tokens.Count) next++;
                if (mon is >= 1 and <= 12 && TryMake(year, mon, day, out date))
                    return true;
            }
            return false;
        }
        // "24 December", "24. Dezember", "24th of December", "1er décembre"
        {
            var i = at + 1;
            var ordinal = false;
            if (i < tokens.Count && (grammar.DotMakesOrdinal && IsText(i, ".") && Touches(i) || grammar.IsOrdinal(tokens[i].Word)))
            {
                ordinal = true;
                i++;
            }
            var j = Skip(i, TimeMark.Filler | TimeMark.Of);
            if (words.At(tokens, j) is { Length: > 0 } named && (named.Mark & TimeMark.MonthName) != 0)
            {
                j += named.Length;
                if (IsText(j, ".") && j + 1 < tokens.Count && Touches(j)) j++;
                var year = Year(ref j);
                next = j;
                return TryMake(year, named.Value, number, out date);
            }
            // "the 24th", "am 24.", "le 24", "el 24", "Friday 27"
            if (atClock && !ordinal || IsClockAhead(i) || (words.At(tokens, i).Mark & (TimeMark.Unit | TimeMark.Working | TimeMark.To)) != 0 && !ordinal)
                return false;
            if (ordinal && grammar.OrdinalIsDay(tokens, at) || wasWeekday && number >= 1 && !IsText(i, ":") || grammar.NumberIsDay(tokens, at))
            {
                for (var months = 0; months < 13; months++)
                {
                    var when = new LocalDate(sent.Year, sent.Month, 1).PlusMonths(months);
                    if (number <= when.Calendar.GetDaysInMonth(when.Year, when.Month) && when.PlusDays(number - 1) >= sent.Date)
                    {
                        date = when.PlusDays(number - 1);
                        next = i;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    int Year(ref int at)
    {
        var i = at;
        if (IsText(i, ",")) i++;
        i = Skip(i, TimeMark.Of);
        if (i < tokens.Count && tokens[i].Number is > 2000 and < 2200)
        {
            at = i + 1;
            return tokens[i].Number;
        }
        return 0;
    }

    bool TryMake(int year, int month, int day, out LocalDate date)
    {
        date = default;
        if (month is < 1 or > 12 || day < 1)
            return false;
        if (year == 0)
        {
            year = sent.Year;
            // The next 29 February may be years away.
            while (day > CalendarSystem.Iso.GetDaysInMonth(year, month) && year < sent.Year + 8 && month == 2 && day == 29) year++;
            if (day > CalendarSystem.Iso.GetDaysInMonth(year, month))
                return false;
            date = new(year, month, day);
            if (date < sent.Date)
            {
                if (day > CalendarSystem.Iso.GetDaysInMonth(year + 1, month))
                    return false;
                date = new(year + 1, month, day);
            }
            return true;
        }
        if (day > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return false;
        date = new(year, month, day);
        return true;
    }

    /// <summary>What follows makes the number before it a time of day.</summary>
    bool IsClockAhead(int at) => IsText(at, ":") || (words.At(tokens, at).Mark & (TimeMark.Hour | TimeMark.Am | TimeMark.Pm)) != 0;

    /// <summary>A time of day.</summary>
    /// <param name="bare">A number alone may be one: "before five".</param>
    /// <param name="inRange">"From 5 to 10" says two hours, not minutes to ten.</param>
    bool TryClock(int at, bool bare, bool inRange, out Clock clock, out int next)
    {
        clock = default;
        next = at;
        // "half past five", "quarter to five", "halb fünf", "Viertel nach vier"
        if (words.At(tokens, at) is { Length: > 0 } lead && (lead.Mark & TimeMark.MinutesOf) != 0 && TryNumber(at + lead.Length, out var hourOf, out var i) && hourOf is >= 1 and <= 24)
        {
            clock = Shift(hourOf, lead.Value);
        }
        else
        {
            var spelled = at < tokens.Count && tokens[at].Number < 0;
            if (!TryNumber(at, out var hour, out i) || hour > 24 || hour == 24 && !bare)
                return false;
            // "ten past five", "twenty to six", "zehn nach fünf"
            if (words.At(tokens, i) is { Length: > 0 } past && grammar.MinutesBefore(tokens[i].Word) is var sign and not 0 && bare && !inRange && hour < 30 && (spelled || hour % 5 == 0) && TryNumber(i + past.Length, out var of, out var afterOf) && of is >= 1 and <= 12 && (words.At(tokens, afterOf).Mark & TimeMark.Unit) == 0)
            {
                clock = Shift(of, sign * hour);
                i = afterOf;
            }
            else
            {
                var minute = 0;
                var said = false;
                // 17:30, 17.30 Uhr, 17h30
                if (!spelled && i + 1 < tokens.Count && tokens[i].Word is ":" or "." or "h" or "u" && Touches(i) && tokens[i + 1].Number is >= 0 and < 60 && tokens[i + 1].Length == 2 && Touches(i + 1))
                {
                    if (tokens[i].Word == "." && !(bare || IsClockAhead(i + 2)))
                        return false;
                    minute = tokens[i + 1].Number;
                    i += 2;
                    said = true;
                }
                if (words.At(tokens, i) is { Length: > 0 } o && (o.Mark & TimeMark.Hour) != 0)
                {
                    // "within 24 h" was read before; "in two hours" is no time of day.
                    if ((o.Mark & TimeMark.Unit) != 0 && !bare && grammar.HoursAreDurations)
                        return false;
                    i += o.Length;
                    said = true;
                    // "17 Uhr 30", "cinq heures trente"
                    if (minute == 0 && TryNumber(i, out var m, out var afterMinute) && m is > 0 and < 60 && (tokens[i].Number >= 0 || m % 5 == 0) && (words.At(tokens, afterMinute).Mark & TimeMark.Unit) == 0 && (i >= tokens.Count || tokens[i].Number < 0 || tokens[i].Length == 2))
                    {
                        minute = m;
                        i = afterMinute;
                    }
                }
                else if (spelled && bare && minute == 0 && TryNumber(i, out var m, out var afterMinute) && m is 10 or 15 or 20 or 30 or 40 or 45 or 50 && (words.At(tokens, afterMinute).Mark & TimeMark.Unit) == 0)
                {
                    // "five thirty"
                    minute = m;
                    i = afterMinute;
                }
                // "cinco y media", "heures et demie", "menos cuarto"
                if (minute == 0 && (said || bare) && words.At(tokens, i) is { Length: > 0 } plus && (plus.Mark & TimeMark.PlusMinutes) != 0)
                {
                    minute = plus.Value;
                    i += plus.Length;
                }
                var meridiem = words.At(tokens, i).Mark & (TimeMark.Am | TimeMark.Pm);
                if (!said && !bare && meridiem == 0)
                    return false;
                // "around a week", "um einen Termin": an article is no hour.
                if (!said && meridiem == 0 && spelled && grammar.IsArticle(tokens[at].Word))
                    return false;
                // "by 3 days", "before two weeks", "at 20 euros": a number of something else.
                if (!said && meridiem == 0 && words.At(tokens, i) is { Length: > 0 } other && (other.Mark & (TimeMark.Unit | TimeMark.Working)) != 0)
                    return false;
                if (!said && meridiem == 0 && i < tokens.Count && (tokens[i].Word is "%" or "€" or "$" or "£" or "/" || tokens[i].Word is "." or "," && i + 1 < tokens.Count && tokens[i + 1].Number >= 0 && Touches(i + 1)))
                    return false;
                clock = minute >= 0 ? new(hour, minute, hour is >= 1 and <= 12 && !(tokens[at].Length == 2 && tokens[at].Raw[0] == '0')) : Shift(hour, minute);
            }
        }
        var after = words.At(tokens, i);
        if (after.Length > 0 && (after.Mark & TimeMark.Hour) != 0)
        {
            i += after.Length;
            after = words.At(tokens, i);
        }
        if (after.Length > 0 && (after.Mark & (TimeMark.Am | TimeMark.Pm)) != 0)
        {
            clock = Meridiem(clock, (after.Mark & TimeMark.Pm) != 0);
            i += after.Length;
        }
        next = i;
        return clock.Hour <= 24 && i > at;
    }

    static Clock Shift(int hour, int minutes)
    {
        var all = ((hour * 60 + minutes) % 1440 + 1440) % 1440;
        return new(all / 60, all % 60, hour is >= 1 and <= 12);
    }

    static Clock Meridiem(Clock clock, bool pm) => clock.Hour switch
    {
        12 => new(pm ? 12 : 0, clock.Minute, false),
        < 12 when pm => new(clock.Hour + 12, clock.Minute, false),
        _ => clock with { IsOpen = false },
    };

    /// <summary>"Tonight at seven". Twelve in the morning is noon here; whom "am" means says so.</summary>
    static Clock InPart(Clock clock, DayPart? part) => (clock.IsOpen, part) switch
    {
        (true, DayPart.Morning or DayPart.Afternoon) when clock.Hour == 12 => clock with { IsOpen = false },
        (true, DayPart.Evening) when clock.Hour == 12 => new(24, 0, false),
        (true, DayPart.Morning) => Meridiem(clock, false),
        (true, DayPart.Afternoon or DayPart.Evening) => Meridiem(clock, true),
        _ => clock,
    };

    static LocalDate Monday(LocalDate day) => day.PlusDays(1 - (int)day.DayOfWeek);

    static LocalDate LastOfMonth(LocalDate day) => new(day.Year, day.Month, CalendarSystem.Iso.GetDaysInMonth(day.Year, day.Month));

    LocalDate MonthOf(int month, int year) => new(year > 0 ? year : month < sent.Month ? sent.Year + 1 : sent.Year, month, 1);

    /// <summary>The first after today.</summary>
    LocalDate NextWeekday(int weekday) => sent.Date.Next((IsoDayOfWeek)weekday);

    LocalDateTime DayEnd(LocalDate day)
    {
        var end = day + hours.Closes(day);
        // Said in the evening, today lasts until midnight.
        return day == sent.Date && end <= sent ? day + new LocalTime(23, 59) : end;
    }

    /// <summary>The hour that lies within working hours, or nearest to them.</summary>
    LocalTime Settle(Clock clock, LocalDate day, LocalTime? notBefore, bool dayWasSaid)
    {
        if (clock.Hour == 24)
            return new(23, 59);
        if (!clock.IsOpen || clock.Hour == 12)
            return new(clock.Hour, clock.Minute);
        var early = new LocalTime(clock.Hour, clock.Minute);
        var late = early.PlusHours(12);
        if (notBefore is { } first && early <= first)
            return late;
        var (opens, closes) = (hours.Opens(day), hours.Closes(day));
        long Off(LocalTime time) => time < opens ? Period.Between(time, opens, PeriodUnits.Minutes).Minutes : time > closes ? Period.Between(closes, time, PeriodUnits.Minutes).Minutes : 0;
        // Today's past hour was not meant; but rather tomorrow's at work than tonight's at home.
        if (day == sent.Date && early <= sent.TimeOfDay && late > sent.TimeOfDay && (dayWasSaid || Off(late) <= Off(early)))
            return late;
        return Off(early) < Off(late) || Off(early) == Off(late) && clock.Hour >= 7 ? early : late;
    }

    /// <summary>The last moment of the span that was said; null where no end was said.</summary>
    public LocalDateTime? Due(SaidTime said)
    {
        if (said.Moment is { } moment)
            return moment;
        var day = said.Day;
        if (said.After)
        {
            if (day is not { } since || said.At is null && said.Part is null)
                return said.At is null || day is not null ? null : DayEnd(sent.Date);
            return DayEnd(since);
        }
        if (said.At is { } spoken)
        {
            var at = InPart(spoken, said.Part);
            var on = day ?? sent.Date;
            LocalTime? first = said.From is { } opening ? Settle(opening with { IsOpen = opening.IsOpen && at.IsOpen }, on, null, day is not null) : null;
            var time = Settle(at, on, first, day is not null);
            var due = on + time;
            if (day is null && due <= sent)
                due = sent.Date.PlusDays(1) + Settle(at, sent.Date.PlusDays(1), first, true);
            return due;
        }
        if (said.Part is { } part)
        {
            var on = day ?? sent.Date;
            LocalDateTime When(LocalDate date) => part switch
            {
                DayPart.Morning or DayPart.Noon => date + LocalTime.Noon,
                DayPart.Midnight => date + new LocalTime(23, 59),
                _ => DayEnd(date),
            };
            // "before the afternoon" ends at noon.
            if (said.Before && part == DayPart.Afternoon)
                part = DayPart.Noon;
            return day is null && When(on) <= sent ? When(on.PlusDays(1)) : When(on);
        }
        if (day is not { } whole)
            return null;
        return DayEnd(said.Before && !said.IsSpan ? whole.PlusDays(-1) : whole);
    }
}
