using Amends.Trust;

namespace Amends.Cases;

/// <summary>Puts a case away.</summary>
static class CloseCase
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/close", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
    {
        one.Close(db.At);
        return Task.CompletedTask;
    })).Needs(Verb.WorkCases);
}
