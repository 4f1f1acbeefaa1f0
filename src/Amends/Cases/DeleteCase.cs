using Amends.Trust;

namespace Amends.Cases;

/// <summary>Deletes, or brings back.</summary>
static class DeleteCase
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/delete", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.DeleteCases, (db, one, form) =>
    {
        one.Delete(form["on"] != "false", db.At);
        return Task.CompletedTask;
    })).Needs(Verb.DeleteCases);
}
