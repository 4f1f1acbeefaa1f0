using System.CommandLine;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;

namespace Amends.Commands;

/// <summary><c>amends restore FILE</c>: only while no server runs.</summary>
static class RestoreCommand
{
    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var file = new Argument<string>("FILE") { Description = Words.RestoreFile };
        var force = new Option<bool>("--force") { Description = Words.ForceOption };
        var command = place.On(new Command("restore", Words.RestoreSays) { file, force });
        command.SetAction(async (parsed, stop) =>
        {
            var where = place.Of(parsed);
            ServerLock.Reach(where);
            if (await LineClient.Reaches(LineServer.PathOf(where))) throw new Trouble(Sentences.Say(Words.RestoreWhileServing, where.Folder));
            using var only = ServerLock.Take(where);
            var restored = await Bars.Show(tell => Restore.Run(Path.GetFullPath(parsed.GetRequiredValue(file)), where, Modules.Tables, clock, parsed.GetValue(force),
                (share, what) => tell(new LineProgress(share, what)), stop));
            Console.WriteLine(Sentences.Say(Words.RestoreDone, restored.Rows, restored.Files, restored.At, restored.ErasedAgain));
            if (restored.Aside is { } aside) Console.WriteLine(Sentences.Say(Words.RestoreAside, aside));
            return 0;
        });
        return command;
    }
}
