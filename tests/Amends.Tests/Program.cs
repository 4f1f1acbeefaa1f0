using Amends.Tests.Commands;
using Amends.Tests.Foundation;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Amends.Tests;

/// <summary>Runs the tests; or, started by one of them, does what that test wants to kill.</summary>
static class Program
{
    static async Task<int> Main(string[] args) => args switch
    {
        [UpgradeTests.Child, var step, .. var place] => await UpgradeTests.UpgradeAndWait(int.Parse(step, System.Globalization.CultureInfo.InvariantCulture), place[0], place.ElementAtOrDefault(1)),
        [Fence.Child, var allowed, .. var program] => Fence.Become(allowed, program),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args)
    };
}
