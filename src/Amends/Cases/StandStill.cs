using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>How many cases stand at a segment of the ring, and how old they are.</summary>
/// <param name="Median">Since the customer was heard; null where none stands there.</param>
public sealed record StillRow(DeskView View, int Count, TimeSpan? Median, TimeSpan? Oldest);

/// <summary>All segments, clockwise.</summary>
public sealed record StillModel(IReadOnlyList<StillRow> Rows);

/// <summary><c>/standing-still</c>: where the cases that are not done stand on the ring. Each number opens the view of its cases.</summary>
static class StandStill
{
    /// <summary>The views behind the numbers: each case that is open or to be confirmed stands in exactly one.</summary>
    public static readonly IReadOnlyList<DeskView> Segments =
    [
        new("at-heard", () => Words.StillHeard, DeskSort.NextStep, a => DeskViews.Open(a).Where(c => c.OwnerId == null)),
        new("at-owned", () => Words.StillOwned, DeskSort.NextStep, a => Owned(a).Where(c => c.Promised == PartState.None)),
        new("at-promised", () => Words.StillPromised, DeskSort.NextStep, a => Owned(a).Where(c => c.Promised == PartState.UnderWay && (c.PromisedLateAt == null || c.PromisedLateAt > a.Now))),
        new("at-late", () => Words.StillLate, DeskSort.NextStep, a => Owned(a).Where(c => c.Promised == PartState.Late || c.Promised == PartState.UnderWay && c.PromisedLateAt <= a.Now)),
        new("at-kept", () => Words.StillKept, DeskSort.NextStep, a => Owned(a).Where(c => c.Promised == PartState.Done)),
        new("at-resolved", () => Words.StillResolved, DeskSort.Newest, a => DeskViews.Standing(a).Where(c => c.State == CaseState.Resolved)),
    ];

    static IQueryable<Case> Owned(DeskAsked a) => DeskViews.Open(a).Where(c => c.OwnerId != null);

    static readonly IReadOnlyList<CsvColumn<StillRow>> Columns =
        [new("segment", r => r.View.Key[3..]), new("cases", r => r.Count), new("median_hours", r => r.Median is { } median ? Math.Round(median.TotalHours, 1) : null), new("oldest_hours", r => r.Oldest is { } oldest ? Math.Round(oldest.TotalHours, 1) : null)];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/standing-still", async (HttpContext http, Databases databases, TimeProvider clock) => View.Page<StandStillPage>(new StillModel(await Rows(http, databases, clock)))).Needs(Verb.SeeCases);
        app.MapGet("/standing-still.csv", async (HttpContext http, Databases databases, TimeProvider clock) =>
        {
            var rows = await Rows(http, databases, clock);
            return Results.Stream(to => CsvOut.Write(to, Columns, rows.ToAsyncEnumerable(), mark: true, http.RequestAborted), "text/csv; charset=utf-8", "standing-still.csv");
        }).Needs(Verb.SeeCases);
    }

    static async Task<List<StillRow>> Rows(HttpContext http, Databases databases, TimeProvider clock)
    {
        using var db = databases.Open();
        var asked = Desk.Asked(db, http, clock);
        var rows = new List<StillRow>();
        foreach (var view in Segments)
        {
            var count = await view.Cases(asked).CountAsync();
            var byAge = view.Cases(asked).OrderBy(c => c.HeardAt).Select(c => (DateTime?)c.HeardAt);
            // Of an even number the older of the two in the middle.
            rows.Add(new(view, count, count == 0 ? null : asked.Now - await byAge.Skip((count - 1) / 2).FirstOrDefaultAsync(), count == 0 ? null : asked.Now - await byAge.FirstOrDefaultAsync()));
        }
        return rows;
    }
}
