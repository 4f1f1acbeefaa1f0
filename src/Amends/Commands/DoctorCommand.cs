using System.CommandLine;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Spectre.Console;

namespace Amends.Commands;

/// <summary><c>amends doctor</c>: prints the checks; ends with 1 when one of them is broken.</summary>
static class DoctorCommand
{
    public const string Look = "doctor";

    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var port = ServeCommand.PortOption(5080);
        var command = place.On(new Command("doctor", Words.DoctorSays) { port });
        command.SetAction(async (parsed, stop) =>
        {
            var where = place.Of(parsed);
            List<Check> checks;
            var reached = false;
            try
            {
                ServerLock.Reach(where);
                reached = true;
                // Who looks changes nothing: an older database is told, not upgraded.
                await using var house = await LineClient.Open(where, clock, ServeCommand.Port(parsed.GetRequiredValue(port)), upgrade: false);
                checks = await house.Ask<List<Check>>(Look, new { }, stop: stop);
            }
            catch (Trouble why) when (!reached) { checks = [new(Words.CheckFolder, Finding.Broken, why.Message, Words.CheckFolderRemedy)]; }
            // What cannot even be opened is a finding as well.
            catch (Exception why) when (why is not OperationCanceledException) { checks = [new(Words.CheckDatabase, Finding.Broken, Sentences.Of(why), Words.CheckRemedyAgain)]; }
            foreach (var check in checks)
            {
                var (mark, colour) = check.Is switch { Finding.Good => (Words.FindingGood, "green"), Finding.Look => (Words.FindingLook, "yellow"), _ => (Words.FindingBroken, "red") };
                if (Console.IsOutputRedirected) Console.Write($"{mark,-7}");
                else AnsiConsole.Markup($"[{colour}]{mark.EscapeMarkup(),-7}[/]");
                Console.WriteLine($"{check.Name}: {check.Found}");
                if (check.Remedy is { } remedy) Console.WriteLine($"       → {remedy}");
            }
            return checks.Exists(check => check.Is == Finding.Broken) ? 1 : 0;
        });
        return command;
    }

    public static async Task<object> Do(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop) =>
        (await services.GetRequiredService<Doctor>().Look(services.GetRequiredService<ServeOptions>().Quiet is false, thorough: true, stop)).ToList();
}
