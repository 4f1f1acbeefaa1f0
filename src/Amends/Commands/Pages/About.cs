using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Commands.Pages;

/// <summary>The page about the house.</summary>
/// <param name="Thorough">Everything was read, which takes its time.</param>
public sealed record AboutModel(string Version, bool Thorough, IReadOnlyList<Check> Checks);

/// <summary>The version, and the doctor's checks.</summary>
static class About
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/settings/about", async (HttpContext http, Doctor doctor, bool? thorough) =>
        View.Page<AboutPage>(new AboutModel(ServeCommand.Version, thorough == true, await doctor.Look(serving: true, thorough == true, http.RequestAborted)))).Needs(Verb.ManageSettings);
}
