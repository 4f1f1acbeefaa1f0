using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.People;

/// <summary>People offered to a picker.</summary>
public sealed record SuggestedPeople(IReadOnlyList<Suggestion> People);

static class SuggestPeople
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/people/suggest", async (string? q, HttpContext http, Databases databases) =>
    {
        using var db = databases.Open();
        return View.Fragment<SuggestedPeopleList>(new SuggestedPeople(await Customers.Suggest(db, http.Who(), q?.Replace("\0", "", StringComparison.Ordinal))));
    }).Needs(Verb.SeePeople);
}
