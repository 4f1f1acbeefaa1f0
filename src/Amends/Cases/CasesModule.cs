using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The card of Cases.</summary>
public sealed class CasesModule : Module
{
    public override string Name => "Cases";

    public override void Tables(ModelBuilder model) => CaseTables.Describe(model);

    public override void Services(IServiceCollection services) => services.AddSingleton<CaseHooks>().AddSingleton<CaseSearch>();
}
