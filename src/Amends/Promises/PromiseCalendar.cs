using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>A promise on its day.</summary>
/// <param name="Here">The time where the reader is: 14:00.</param>
/// <param name="Said">As it was said, with whose zone: Mon 30 Nov 12:00 (New York).</param>
/// <param name="Elsewhere">It was said in another zone than the reader's.</param>
public sealed record PromiseOnDay(PromiseShown One, string Here, string Said, bool Elsewhere);

/// <summary>A day of the calendar.</summary>
/// <param name="Within">It belongs to the month that is shown.</param>
public sealed record CalendarDay(DateOnly Day, string Shown, bool Today, bool Within, IReadOnlyList<PromiseOnDay> Promises);

/// <summary>Promises by days, of a month or a week.</summary>
/// <param name="Weeks">Weeks of seven days each.</param>
/// <param name="Place">In whose days: “Berlin”.</param>
/// <param name="Before">A day of the month or week before; and of the one after.</param>
/// <param name="More">There are more than can be shown.</param>
public sealed record PromiseCalendarModel(bool Week, bool Team, string Name, string Place, DateOnly Day, DateOnly Today, DateOnly Before, DateOnly After, IReadOnlyList<IReadOnlyList<CalendarDay>> Weeks, bool More, bool MayExport)
{
    /// <summary>An address of the calendar.</summary>
    public string At(DateOnly day, bool? week = null, bool? team = null) =>
        string.Create(CultureInfo.InvariantCulture, $"/promises/calendar?show={(week ?? Week ? "week" : "month")}&day={day:yyyy-MM-dd}{(team ?? Team ? "&whose=team" : "")}");
}

/// <summary>A row of the export.</summary>
sealed record PromiseExported(DateTime Due, string DueLocal, string Zone, string What, string Kind, string State, string Keeper, long Case);

/// <summary><c>/promises/calendar</c>: each promise on its day where the reader is, with the time and zone in which it was said; a month or a week, one's own or one's teams'.</summary>
static class PromiseCalendar
{
    const int Most = 1000;

    static readonly IReadOnlyList<CsvColumn<PromiseExported>> Columns =
    [
        new("due", r => r.Due), new("due_local", r => r.DueLocal), new("zone", r => r.Zone), new("what", r => r.What), new("kind", r => r.Kind), new("state", r => r.State), new("keeper", r => r.Keeper), new("case", r => r.Case)
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/promises/calendar", Show).Needs(Verb.SeeCases);
        // By POST, because it leaves a fact: who took what along (A51).
        app.MapPost("/promises/calendar/export", Export).Needs(Verb.ExportCases);
    }

    sealed record Span(bool Week, bool Team, DateOnly Day, DateOnly First, DateOnly Until, DateTime From, DateTime To);

    // What is no day is today.
    static Span Read(string? show, string? day, string? whose, LocalTimes times)
    {
        var week = show == "week";
        var asked = DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Year is > 2000 and < 2200 ? read : DateOnly.FromDateTime(times.Local(times.Now));
        DateOnly Monday(DateOnly one) => one.AddDays(-(((int)one.DayOfWeek + 6) % 7));
        var first = Monday(week ? asked : new DateOnly(asked.Year, asked.Month, 1));
        var until = week ? first.AddDays(7) : Monday(new DateOnly(asked.Year, asked.Month, 1).AddMonths(1).AddDays(6));
        DateTime Begins(DateOnly one) => times.Instant(one.ToDateTime(TimeOnly.MinValue));
        return new(week, whose == "team", asked, first, until, Begins(first), Begins(until));
    }

    static IQueryable<MyPromises.Row> Rows(Database db, Who who, Span span) =>
        MyPromises.Of(db, who, span.Team, db.Set<Promise>().Where(p => p.DueAt >= span.From && p.DueAt < span.To && p.State != PromiseState.Withdrawn)).OrderBy(r => r.Promise.DueAt).ThenBy(r => r.Promise.Id);

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock, string? show, string? day, string? whose)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        var times = new LocalTimes(who.Zone, now);
        var span = Read(show, day, whose, times);
        using var db = databases.Open();
        var rows = await Rows(db, who, span).Take(Most + 1).ToListAsync(http.RequestAborted);
        var byDay = rows.Take(Most).ToLookup(r => DateOnly.FromDateTime(times.Local(r.Promise.DueAt)), r => new PromiseOnDay(PromiseHooks.Shown(r.Promise, r.Number, r.Keeper ?? "", now), times.Local(r.Promise.DueAt).ToString("HH:mm", CultureInfo.InvariantCulture),
            PromiseHooks.Said(r.Promise), r.Promise.Zone != who.Zone));
        var today = DateOnly.FromDateTime(times.Local(now));
        var days = Enumerable.Range(0, span.Until.DayNumber - span.First.DayNumber).Select(span.First.AddDays).Select(d => new CalendarDay(d, Dates.Weekday(d), d == today, span.Week || d.Month == span.Day.Month, [.. byDay[d]]));
        var name = span.Week ? string.Format(CultureInfo.CurrentCulture, Words.WeekFrom, Dates.Long(span.First)) : span.Day.ToString("MMMM yyyy", CultureInfo.CurrentCulture);
        return View.Page<PromiseCalendarPage>(new PromiseCalendarModel(span.Week, span.Team, name, Times.Place(who.Zone), span.Day, today, span.Week ? span.Day.AddDays(-7) : span.Day.AddMonths(-1), span.Week ? span.Day.AddDays(7) : span.Day.AddMonths(1),
            [.. days.Chunk(7)], rows.Count > Most, who.Can(Verb.ExportCases)));
    }

    static async Task<IResult> Export(HttpContext http, Databases databases, Writer write, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var now = clock.GetUtcNow().UtcDateTime;
        var span = Read(form["show"], form["day"], form["whose"], new LocalTimes(who.Zone, now));
        await write.Run(who, null, db => { db.Record(new PromisesExported(span.Team, span.From, span.To)); return Task.CompletedTask; }, http.RequestAborted);
        return Results.Stream(async to =>
        {
            using var db = databases.Open();
            var rows = Rows(db, who, span);
            // Seeing more than one may export is possible; the other way round is not.
            var teams = who.Teams.ToList();
            if (who.ScopeOf(Verb.ExportCases) is var scope && scope != Scope.All)
            {
                var ofTeams = scope == Scope.Team;
                var mine = db.CasesVisibleTo(who).Where(c => c.OwnerId == who.Id || ofTeams && teams.Contains(c.TeamId)).Select(c => c.Id);
                rows = rows.Where(r => mine.Contains(r.Promise.CaseId));
            }
            await CsvOut.Write(to, Columns, Said(rows), mark: true, http.RequestAborted);
        }, "text/csv; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"promises-{span.First:yyyyMMdd}.csv"));
    }

    static async IAsyncEnumerable<PromiseExported> Said(IQueryable<MyPromises.Row> rows)
    {
        await foreach (var r in rows.AsAsyncEnumerable())
            yield return new(r.Promise.DueAt, r.Promise.DueLocal.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), r.Promise.Zone, r.Promise.What, r.Promise.Kind.ToString(), r.Promise.State.ToString(), r.Keeper ?? "", r.Number);
    }
}
