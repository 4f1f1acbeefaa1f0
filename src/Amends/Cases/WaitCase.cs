using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>Rests until a moment, for something; and ends the wait.</summary>
static class WaitCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/wait", (long number, HttpContext http) => Show(http, number, null)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/wait", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
        {
            one.Wait(Until(form, http.Who())!.Value, form.May("for", 300), db.At, form.On("theirs"));
            return Task.CompletedTask;
        }, form => Show(http, number, form), form =>
        {
            form.May("for", 300);
            if (Until(form, http.Who()) is null) form.Wrong("until", Words.WaitWhen);
        })).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/wait/end", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, _) =>
        {
            one.EndWait(WaitEnd.ByHand, db.At);
            return Task.CompletedTask;
        })).Needs(Verb.WorkCases);
    }

    static Task<IResult> Show(HttpContext http, long number, FormState? form) => CaseChange.Show<WaitCaseSheet>(http, number, form, (_, model) =>
        Task.FromResult(model with { Presets = Presets(model.Times, HouseCalendar.Of(http.RequestServices.GetRequiredService<House>())) }));

    // A preset is an instant; one's own time is local to who types it.
    static DateTime? Until(FormState form, Who who)
    {
        if (form["until"] is { Length: > 0 } chosen && chosen != "own")
            return DateTime.TryParseExact(chosen, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var utc) ? utc : null;
        return DateTime.TryParseExact(form["own"], ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 2000 and < 3000
            ? new LocalTimes(who.Zone, default).Instant(local) : null;
    }

    /// <summary>Later today, tomorrow morning, next Monday, in a week: in the house's hours.</summary>
    internal static IReadOnlyList<(DateTime, string)> Presets(LocalTimes times, WorkingCalendar hours)
    {
        var here = hours.Local(times.Now);
        var today = DateOnly.FromDateTime(here);
        var found = new List<(DateTime At, string)>();
        var later = hours.After(times.Now, TimeSpan.FromHours(3));
        if (hours.Local(later).Date == here.Date) found.Add((Round(later), Words.WaitLater));
        found.Add((hours.OpeningFrom(today.AddDays(1)), hours.IsWorkingDay(today.AddDays(1)) ? Words.WaitTomorrow : Words.WaitNextDay));
        var monday = today.AddDays(((int)DayOfWeek.Monday - (int)today.DayOfWeek + 7) % 7 is var n && n == 0 ? 7 : n);
        found.Add((hours.OpeningFrom(monday), Words.WaitMonday));
        found.Add((hours.OpeningFrom(today.AddDays(7)), Words.WaitWeek));
        return [.. found.DistinctBy(f => f.At)];
    }

    // To the quarter of an hour.
    static DateTime Round(DateTime utc) => new((utc.Ticks + TimeSpan.TicksPerMinute * 15 - 1) / (TimeSpan.TicksPerMinute * 15) * (TimeSpan.TicksPerMinute * 15), DateTimeKind.Utc);
}
