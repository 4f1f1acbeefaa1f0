using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>We say that it is done. What stands in the way is asked of every module.</summary>
static class ResolveCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/resolve", (long number, HttpContext http, CaseHooks hooks) => CaseChange.Show<ResolveCaseSheet>(http, number, null, async (db, model) => model with { Obstacles = await Obstacles(hooks, db, model.Case) })).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/resolve", (long number, HttpContext http, CaseHooks hooks, CaseSearch search) => CaseChange.Do(http, number, Verb.WorkCases,
            (db, one, form) => Resolve(db, one, form.May("summary", 2000), http.Who().Id, hooks, search), form => CaseChange.Show<ResolveCaseSheet>(http, number, form), form => form.May("summary", 2000))).Needs(Verb.WorkCases);
    }

    /// <summary>Resolves, unless something stands in the way.</summary>
    internal static async Task Resolve(Database db, Case one, string? summary, long by, CaseHooks hooks, CaseSearch search)
    {
        if (await Obstacles(hooks, db, one) is [var first, ..]) throw new Refused("", first);
        one.Resolve(summary, by, db.At);
        if (summary is not null) await search.Index(db, one);
    }

    static async Task<IReadOnlyList<string>> Obstacles(CaseHooks hooks, Database db, Case one)
    {
        var found = new List<string>();
        foreach (var hook in hooks.Obstacles) if (await hook(db, one) is { } obstacle) found.Add(obstacle.Why);
        return found;
    }
}
