using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases.Targets;

/// <summary>The deadlines of a case at its side: what stands on the row.</summary>
public sealed record TargetsPanelModel(Case Case, LocalTimes Times)
{
    /// <summary>Each with its name, what is said of it, and <c>broken</c>, <c>good</c> or nothing.</summary>
    public IEnumerable<(string Name, string Says, string Tone)> Lines()
    {
        var running = Case.RunningTargets().ToDictionary(t => t.Kind, t => t.Due);
        (string, string, string) Line(TargetKind kind, string name, DateTime due, DateTime? done) => running.ContainsKey(kind)
            ? due <= Times.Now ? (name, Said(Words.PanelLate, Times.Moment(due)), "broken") : (name, Said(Words.PanelBy, Times.Moment(due)), "")
            : done is { } at && at <= due ? (name, Words.PanelMet, "good") : (name, Said(Words.PanelMissed, Times.Moment(due)), done is null ? "" : "broken");
        if (Case.FirstAnswerDue is { } first) yield return Line(TargetKind.FirstAnswer, Words.TargetFirst, first, Case.FirstAnsweredAt);
        if (Case.NextAnswerDue is { } next) yield return Line(TargetKind.NextAnswer, Words.TargetNext, next, null);
        if (Case.SolutionDue is { } solution) yield return Line(TargetKind.Solution, Words.TargetSolution, solution, Case.ResolvedAt);
    }

    static string Said(string words, object about) => string.Format(CultureInfo.CurrentCulture, words, about);
}

/// <summary>A deadline with how it came about.</summary>
/// <param name="Row">The row that names the time, in words; null without a target.</param>
/// <param name="Time">The time that it names.</param>
/// <param name="Due">As it stands on the case.</param>
/// <param name="Now">As it would be by what is set now; null where that is the same.</param>
public sealed record TargetSum(string Name, string? Row, string? Time, string? From, string? Due, string? Now, string? Pauses, IReadOnlyList<string> Lines, bool NotYet);

/// <summary>The sheet that shows the arithmetic of a case's deadlines.</summary>
public sealed record CaseTargetsModel(string Path, string Calendar, string Zone, IReadOnlyList<TargetSum> Sums);

/// <summary>Shows the arithmetic of each deadline of a case; reckoned when it is asked for, never on the case's page.</summary>
static class CaseTargets
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/cases/{number:long}/targets", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, TargetBook targets, TimeProvider clock)
    {
        using var db = databases.Open();
        var one = await db.FindCase(http.Who(), number);
        var (name, calendar) = targets.CalendarOf(one.BrandId);
        var plan = calendar.Plan;
        var times = new LocalTimes(plan.Zone, clock.GetUtcNow().UtcDateTime);
        var hours = plan.RoundTheClock ? Words.RoundShown : string.Join("; ", Calendars.Days.Select((d, n) => (Day: CultureInfo.CurrentCulture.DateTimeFormat.AbbreviatedDayNames[(n + 1) % 7], Hours: plan.Week[n]))
            .Where(d => d.Hours.Count > 0).GroupBy(d => string.Join(", ", d.Hours)).Select(g => $"{string.Join(", ", g.Select(d => d.Day))} {g.Key}"));
        var chosen = Enum.GetValues<TargetKind>().ToDictionary(k => k, k => targets.Chosen(k, one.Basis));
        var says = await ServiceTargets.Says(db, [.. chosen.Values.Select(c => c?.Row).OfType<ServiceTarget>().DistinctBy(r => r.Id)]);
        TargetSum Sum(TargetKind kind, string title, DateTime? from, DateTime? due, IReadOnlyList<Pause> pauses)
        {
            if (chosen[kind] is not { } found) return new(title, null, null, null, due is { } old ? times.Full(old) : null, null, null, [], false);
            var time = string.Format(CultureInfo.CurrentCulture, found.Time.Elapsed ? Words.SumElapsed : Words.SumWorking, ArithmeticWords.Length(TimeSpan.FromMinutes(found.Time.Minutes)));
            var row = found.Row is null ? Words.TargetDefault : says[found.Row.Id];
            if (from is not { } begin) return new(title, row, time, null, null, null, null, [], true);
            var sum = targets.Show(kind, one.Basis, begin, pauses);
            // What the database keeps is a little less exact than the clock.
            var other = sum is not null && due is { } stands && Math.Abs((sum.Until - stands).TotalSeconds) >= 1 || sum is not null && due is null;
            return new(title, row, time, times.Full(begin), due is { } at ? times.Full(at) : null, other ? times.Full(sum!.Until) : null,
                pauses.Count == 0 ? null : string.Join("; ", pauses.Select(p => $"{times.Moment(p.From)} – {times.Moment(p.Until)}")), sum is null ? [] : [.. ArithmeticWords.Lines(sum)], false);
        }
        return View.Page<CaseTargetsSheet>(new CaseTargetsModel(string.Create(CultureInfo.InvariantCulture, $"/cases/{one.Number}"), string.Format(CultureInfo.CurrentCulture, Words.SumCalendar, name, plan.Zone, hours), plan.Zone,
        [
            Sum(TargetKind.FirstAnswer, Words.TargetFirst, one.FirstAnswerFrom, one.FirstAnswerDue, []),
            Sum(TargetKind.NextAnswer, Words.TargetNext, one.FirstAnsweredAt is null ? null : one.CustomerWaitsSince, one.NextAnswerDue, []),
            Sum(TargetKind.Solution, Words.TargetSolution, one.HeardAt, one.SolutionDue, one.Pauses()),
        ]));
    }
}
