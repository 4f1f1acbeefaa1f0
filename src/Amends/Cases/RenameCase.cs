using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>Another subject.</summary>
static class RenameCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/rename", (long number, HttpContext http) => CaseChange.Show<RenameCaseSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/rename", (long number, HttpContext http, CaseSearch search) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
        {
            one.Rename(form["subject"].Trim(), db.At);
            await search.Index(db, one);
        }, form => CaseChange.Show<RenameCaseSheet>(http, number, form), form => form.Need("subject", 300))).Needs(Verb.WorkCases);
    }
}
