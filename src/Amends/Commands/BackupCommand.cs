using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Spectre.Console;

namespace Amends.Commands;

/// <summary><c>amends backup FILE</c>: the running server makes it, where one runs.</summary>
static class BackupCommand
{
    public const string Make = "backup";

    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var file = new Argument<string>("FILE") { Description = Words.BackupFile };
        var command = place.On(new Command("backup", Words.BackupSays) { file });
        command.SetAction(async (parsed, stop) =>
        {
            var target = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (Path.Exists(target)) throw new Trouble(Sentences.Say(Words.BackupExists, target));
            if (!Directory.Exists(Path.GetDirectoryName(target))) throw new Trouble(Sentences.Say(Words.FolderMissing, Path.GetDirectoryName(target)));
            var made = await Bars.Show(async tell =>
            {
                await using var house = await LineClient.Open(place.Of(parsed), clock);
                return await house.Ask<BackupMade>(Make, new { }, tell, stop);
            });
            // Made inside of the data folder, because a server that is fenced in reaches nothing else.
            File.Move(made.File, target);
            Console.WriteLine(Sentences.Say(Words.BackupDone, target, Size(made.Bytes), made.Rows, made.Files, made.Checked));
            return 0;
        });
        return command;
    }

    public static async Task<object> Do(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop)
    {
        var work = services.GetRequiredService<BackupWork>();
        Directory.CreateDirectory(work.Folder);
        var file = Path.Combine(work.Folder, $".asked-{Guid.NewGuid():N}.tar.gz");
        return await work.Make(Actor.System("command line"), file, (share, what) => tell(new LineProgress(share, what)), stop);
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GB")
    };
}

/// <summary>A bar while something is done; where no person looks, a line for each tenth.</summary>
static class Bars
{
    public static async Task<T> Show<T>(Func<Action<LineProgress>, Task<T>> work)
    {
        if (Console.IsOutputRedirected)
        {
            var tenths = 0;
            return await work(progress =>
            {
                var reached = (int)(progress.Share * 10);
                if (reached <= tenths) return;
                tenths = reached;
                Console.WriteLine(Sentences.Say(Words.ShareDone, reached * 10, progress.Says));
            });
        }
        return await AnsiConsole.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bar = context.AddTask("…", maxValue: 1);
            return await work(progress => (bar.Value, bar.Description) = (progress.Share, Markup.Escape(progress.Says)));
        });
    }
}
