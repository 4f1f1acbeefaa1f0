using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>Kind and severity.</summary>
static class SortCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/sort", (long number, HttpContext http) => CaseChange.Show<SortCaseSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/sort", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
        {
            one.Sort(CaseChange.Chosen<CaseKind>(form, "kind"), CaseChange.Chosen<Severity>(form, "severity"), db.At);
            return Task.CompletedTask;
        }, form => CaseChange.Show<SortCaseSheet>(http, number, form), form => { CaseChange.Chosen<CaseKind>(form, "kind"); CaseChange.Chosen<Severity>(form, "severity"); })).Needs(Verb.WorkCases);
    }
}
