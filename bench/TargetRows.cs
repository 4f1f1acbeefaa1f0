using System.Globalization;
using System.Text.Json;
using Amends.Cases.Targets;
using Amends.Foundation;

namespace Amends.Bench;

/// <summary>Rows of working time as others wrote them down, answered by our calendar. The tests read them too.</summary>
static class TargetRows
{
    static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>A question that can be asked of a calendar again and again.</summary>
    public sealed record Asking(WorkingCalendar Calendar, DateTime From, TimeSpan Work, DateTime Until, Pause[] Pauses);

    /// <summary>Answers a row. Right where the answer is exactly what the row expects; what can be asked again is added.</summary>
    public static (bool Right, string Answer) Try(JsonElement row, List<Asking> askings)
    {
        object? answer;
        try { answer = Answer(row, askings); }
        catch (Refused no) { answer = no; }
        catch (Exception no) when (no is FormatException or KeyNotFoundException or InvalidOperationException) { return (false, "not read: " + no.Message); }
        var shown = answer switch { Refused no => "refused: " + no.Message, DateTime at => at.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture), null => "none", _ => Convert.ToString(answer, CultureInfo.InvariantCulture)! };
        if (!row.TryGetProperty("expect", out var expect)) return (false, shown);
        return (expect.ValueKind switch
        {
            // What others refuse is refused here, in words of our own.
            JsonValueKind.Object => answer is Refused && expect.TryGetProperty("error", out _),
            JsonValueKind.String => answer is DateTime at && at == Read(expect.GetString()!),
            JsonValueKind.Number => answer is decimal seconds && seconds == expect.GetDecimal(),
            JsonValueKind.True or JsonValueKind.False => answer is bool isOpen && isOpen == expect.GetBoolean(),
            JsonValueKind.Null => answer is null,
            _ => false,
        }, shown);
    }

    static object? Answer(JsonElement row, List<Asking> askings)
    {
        var calendar = new WorkingCalendar(Plan(row));
        Pause[] pauses = [.. Some(row, "pauses").Select(pair => new Pause(Read(pair[0].GetString()!), Read(pair[1].GetString()!)))];
        var seconds = row.TryGetProperty("seconds", out var amount) ? TimeSpan.FromTicks((long)(amount.GetDecimal() * TimeSpan.TicksPerSecond)) : (TimeSpan?)null;
        // No time is no target, nor is less than none from nowhere; with a start it is time gone back.
        if (seconds == TimeSpan.Zero || seconds < TimeSpan.Zero && Moment(row, "start") is null) return calendar.After(default, seconds.Value);
        // Before a case is made and after it is closed no clock runs.
        var (made, closed) = (Moment(row, "ticket_created"), Moment(row, "ticket_closed"));
        var start = Moment(row, "start") ?? throw new FormatException("no start");
        var from = made is { } began && began > start ? began : start;
        var end = Moment(row, "end");
        var until = end is { } last && closed is { } over && over < last ? over : end;
        askings.Add(new(calendar, from, seconds is { } some ? some.Duration() : TimeSpan.FromHours(8), until ?? from.AddDays(30), pauses));
        return Text(row, "op") switch
        {
            "due" when seconds < TimeSpan.Zero => calendar.Before(start, -seconds.Value, pauses),
            "due" => calendar.After(from, seconds ?? throw new FormatException("no seconds"), pauses),
            "elapsed" => calendar.Between(from, until ?? throw new FormatException("no end"), pauses).Ticks / (decimal)TimeSpan.TicksPerSecond,
            "is_open" => calendar.IsOpen(start),
            "next_open" => calendar.NextOpening(start),
            "next_close" => calendar.NextClosing(start),
            var other => throw new FormatException($"no such question: {other}"),
        };
    }

    static CalendarPlan Plan(JsonElement row)
    {
        var week = Enumerable.Range(0, 7).Select(_ => new List<HoursSpan>()).ToArray();
        if (row.TryGetProperty("week", out var days))
            foreach (var day in days.EnumerateObject())
                week[Array.IndexOf(Days, day.Name.ToLowerInvariant()[..3]) is >= 0 and var n ? n : throw new FormatException(day.Name)].AddRange(day.Value.EnumerateArray().Select(Span));
        var holidays = Some(row, "holidays").Select(day => Holiday.Whole("", HolidayDay.Read(day.GetString()!))).ToList();
        if (row.TryGetProperty("special_days", out var special))
            holidays.AddRange(special.EnumerateObject().Select(day => Holiday.Own("", HolidayDay.Read(day.Name), [.. day.Value.EnumerateArray().Select(Span)])));
        return new() { Zone = Text(row, "time_zone"), RoundTheClock = row.TryGetProperty("always_open", out var always) && always.ValueKind == JsonValueKind.True, Week = week, Holidays = holidays };
    }

    static HoursSpan Span(JsonElement pair) => HoursSpan.Read($"{pair[0].GetString()}-{pair[1].GetString()}");

    public static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "";

    static IEnumerable<JsonElement> Some(JsonElement row, string name) => row.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    static DateTime? Moment(JsonElement row, string name) => row.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? Read(text.GetString()!) : null;

    static DateTime Read(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;
}
