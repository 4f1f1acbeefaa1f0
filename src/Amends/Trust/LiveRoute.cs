using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;

namespace Amends.Trust;

/// <summary>The live line of an open page. Rights are read again at each hint, so a change of account, role or session ends it at once (A24).</summary>
static class LiveRoute
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/live", Listen).NeedsSignIn();

    static IResult Listen(HttpContext http, HintBoard board, IEnumerable<HintRule> rules, IHostApplicationLifetime life) =>
        TypedResults.ServerSentEvents(Live.Stream(http, board, rules, async () => (Actor?)await Gate.Again(http), life.ApplicationStopping, http.RequestAborted));
}
