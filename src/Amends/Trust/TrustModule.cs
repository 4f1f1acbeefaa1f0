using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The card of Trust.</summary>
public sealed class TrustModule : Module
{
    public override string Name => "Trust";

    public override void Tables(ModelBuilder model) => TrustTables.Describe(model);

    public override void Services(IServiceCollection services) => services
        .AddSingleton<Guesses>().AddSingleton<Challenges>().AddSingleton<KnownBrowser>().AddSingleton<DemoNames>().AddSingleton<FirstRun>().AddSingleton<HouseAddress>();

    public override void Routes(IEndpointRouteBuilder app)
    {
        SignIn.Map(app);
        FirstRunPages.Map(app);
        LiveRoute.Map(app);
    }

    public override void Guards(WebApplication app) => app.UseGate();
}
