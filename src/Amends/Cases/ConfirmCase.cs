using Amends.Trust;

namespace Amends.Cases;

/// <summary>A colleague confirms on the customer’s word.</summary>
static class ConfirmCase
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/confirm", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, (db, one, form) =>
    {
        one.Confirm(ConfirmedHow.ByCustomer, db.At);
        return Task.CompletedTask;
    })).Needs(Verb.WorkCases);
}
