using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>All that happened to a case, newest first, each with its way back.</summary>
public sealed record HistoryModel(long Number, string Subject, IReadOnlyList<FactLine> Lines, LocalTimes Times, bool MayUndo, long? Older);

/// <summary>The history of a case.</summary>
static class CaseHistory
{
    const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/cases/{number:long}/history", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, TimeProvider clock, CaseHooks hooks)
    {
        using var db = databases.Open();
        var who = http.Who();
        var one = await CasePage.FindOrFollow(db, who, number);
        var times = new LocalTimes(who.Zone, clock.GetUtcNow().UtcDateTime);
        var ids = await db.Set<Case>().Where(c => c.MergedInto == one.Id).Select(c => c.Id).ToListAsync();
        ids.Add(one.Id);
        var before = long.TryParse(http.Request.Query["before"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue;
        var facts = await db.Set<Fact>().Where(f => ids.Contains(f.Subject) && f.Id < before).OrderByDescending(f => f.Id).Take(PageSize + 1).ToListAsync();
        var older = facts.Count > PageSize ? facts[PageSize - 1].Id : (long?)null;
        facts = [.. facts.Take(PageSize)];
        var read = facts.Select(f => f.Read()).ToList();
        var names = await FactNames.Read(db, http.RequestServices.GetRequiredService<Names>(), facts, read, hooks: hooks);
        var factIds = facts.Select(f => f.Id).ToList();
        var texts = (await db.Set<FactText>().Where(t => factIds.Contains(t.FactId)).ToListAsync()).ToLookup(t => t.FactId);
        var lines = facts.Select((f, i) => FactWords.Line(f, read[i], names, times, texts, hooks, all: true)).OfType<FactLine>().ToList();
        return View.Page<CaseHistoryPage>(new HistoryModel(one.Number, one.Subject, lines, times, Visibility.MayDo(who, Verb.WorkCases, one), older));
    }
}
