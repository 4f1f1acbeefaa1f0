using Amends.Trust;

namespace Amends.Cases;

/// <summary>It is not done after all.</summary>
static class ReopenCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/reopen", (long number, HttpContext http) => CaseChange.Show<ReopenCaseSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/reopen", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
        {
            one.Reopen(form["no"] == "true" && one.State == CaseState.Resolved ? ReopenWhy.CustomerSaidNo : ReopenWhy.ByHand, db.At);
            return Task.CompletedTask;
        }, form => CaseChange.Show<ReopenCaseSheet>(http, number, form))).Needs(Verb.WorkCases);
    }
}
