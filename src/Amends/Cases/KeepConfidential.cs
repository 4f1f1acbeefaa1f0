using Amends.Trust;

namespace Amends.Cases;

/// <summary>Only the owner and those named see it; or all within their scope again.</summary>
static class KeepConfidential
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/confidential", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
    {
        one.KeepConfidential(form["on"] != "false", db.At);
        // Whoever shuts others out must not shut himself out.
        if (form["on"] != "false" && one.OwnerId != http.Who().Id) one.Watch(http.Who().Id, Watching.Named, true, db.At);
        return Task.CompletedTask;
    })).Needs(Verb.WorkCases);
}
