using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>We say that it is done. What stands in the way is asked of every module, with its ways out; around it a minute well spent: <see cref="WrapUp"/>.</summary>
static class ResolveCase
{
    const int LongestSummary = 2000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/resolve", (long number, HttpContext http, CaseHooks hooks) => Show(http, number, null, hooks)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/resolve", (long number, HttpContext http, CaseHooks hooks, CaseSearch search) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
        {
            foreach (var way in hooks.WaysOut) await way(db, one, form);
            await Resolve(db, one, form.May("summary", LongestSummary), http.Who().Id, hooks, search);
            if (form.On("right") && await db.Set<Customer>().AsTracking().FirstOrDefaultAsync(c => c.Id == one.CustomerId) is { } customer) customer.Checked(http.Who().Id, db.At);
        }, form => Show(http, number, form, hooks), form => form.May("summary", LongestSummary))).Needs(Verb.WorkCases);
        // As the summary is written: how good the entry is now. Nothing is kept of it.
        app.MapPost("/cases/{number:long}/resolve/entry", Entry).Needs(Verb.WorkCases);
    }

    static Task<IResult> Show(HttpContext http, long number, FormState? form, CaseHooks hooks) => CaseChange.Show<ResolveCaseSheet>(http, number, form, async (db, model) => model with
    {
        Obstacles = await Obstacles(hooks, db, model.Case),
        WrapUp = await WrapUp.Read(db, http.Who(), model.Case, form?["summary"] is { Length: > 0 } typed ? typed : model.Case.Summary, model.Times.Now)
    });

    static async Task<IResult> Entry(long number, HttpContext http, Databases databases)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        using var db = databases.Open();
        var one = await db.FindCase(http.Who(), number);
        var named = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Name).FirstAsync(http.RequestAborted);
        return View.Fragment<EntryScore>(new EntryScoreModel(string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"), EntryQuality.Of(one, named, form["summary"])));
    }

    /// <summary>Resolves, unless something stands in the way.</summary>
    internal static async Task Resolve(Database db, Case one, string? summary, long by, CaseHooks hooks, CaseSearch search)
    {
        if (await Obstacles(hooks, db, one) is [var first, ..]) throw new Refused("", first.Why);
        one.Resolve(summary, by, db.At);
        if (summary is not null) await search.Index(db, one);
    }

    static async Task<IReadOnlyList<Obstacle>> Obstacles(CaseHooks hooks, Database db, Case one)
    {
        var found = new List<Obstacle>();
        foreach (var hook in hooks.Obstacles) if (await hook(db, one) is { } obstacle) found.Add(obstacle);
        return found;
    }
}
