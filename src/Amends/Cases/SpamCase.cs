using Amends.Trust;

namespace Amends.Cases;

/// <summary>Marks as spam, or takes the mark away.</summary>
static class SpamCase
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/spam", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
    {
        one.Spam(form["on"] != "false", db.At);
        return Task.CompletedTask;
    })).Needs(Verb.WorkCases);
}
