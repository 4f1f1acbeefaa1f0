using System.Globalization;
using Amends.Foundation.Settings;

namespace Amends.Foundation.Data.Backups;

/// <summary>When the house backs itself up, and what became of the last try.</summary>
public static class BackupSettings
{
    public static readonly SettingName<bool> Nightly = new("backup.nightly", true);

    /// <summary>The hour in the house's zone, 0 to 23.</summary>
    public static readonly SettingName<int> Hour = new("backup.hour", 3);

    /// <summary>How many nightly ones are kept, 1 to 365.</summary>
    public static readonly SettingName<int> Keep = new("backup.keep", 7);

    /// <summary>The local day (<c>yyyy-MM-dd</c>) whose nightly backup was begun.</summary>
    public static readonly SettingName<string> LastNight = new("backup.last-night", "");

    /// <summary>Why the last one failed; empty when it did not.</summary>
    public static readonly SettingName<string> Trouble = new("backup.trouble", "");

    /// <summary>What the last trial restore compared.</summary>
    public static readonly SettingName<string> Checked = new("backup.checked", "");
}

/// <summary>How far a running backup is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="What"><c>database</c>, <c>files</c>, <c>trial</c> or <c>done</c>.</param>
public sealed record BackupProgress(double Share, string What);

/// <summary>A backup that lies in the data folder.</summary>
public sealed record BackupFile(string Name, long Bytes, DateTime At);

/// <summary>Makes backups in the background of a serving house, one at a time, by hand or nightly.</summary>
public sealed class BackupWork(Backup backup, DataPlace place, House house, Writer write, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<BackupWork> log) : IAsyncDisposable
{
    readonly CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    Task making = Task.CompletedTask;
    int busy;

    /// <summary>What runs now, or null.</summary>
    public BackupProgress? Running { get; private set; }

    /// <summary>Where they are laid.</summary>
    public string Folder => Path.Combine(place.Folder, "backups");

    /// <summary>Those that are there, the newest first. Snapshots taken before an upgrade are not among them.</summary>
    public IReadOnlyList<BackupFile> Files => !Directory.Exists(Folder) ? [] :
        [.. new DirectoryInfo(Folder).EnumerateFiles("amends-*.tar.gz").OrderByDescending(file => file.LastWriteTimeUtc).Select(file => new BackupFile(file.Name, file.Length, file.LastWriteTimeUtc))];

    /// <summary>Begins one, unless one runs. Answers at once.</summary>
    public bool Begin(Actor who, bool nightly)
    {
        if (Interlocked.Exchange(ref busy, 1) == 1) return false;
        Running = new BackupProgress(0, "database");
        making = Task.Run(async () =>
        {
            try { await Make(who, Path.Combine(Folder, Name(nightly)), (share, what) => Running = new BackupProgress(share, what), ends.Token); }
            // Cut short by the end of the house: nothing of it is left, and the next start shows what stood before.
            catch (Exception) when (ends.IsCancellationRequested) { }
            catch (OperationCanceledException) { }
            catch (Exception why) { log.LogError("The backup failed: {Why}", why.Message); }
            finally
            {
                if (nightly) DropOld();
                Running = null;
                Volatile.Write(ref busy, 0);
            }
        });
        return true;
    }

    /// <summary>Ends what runs, and waits until its files are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        await making;
        ends.Dispose();
    }

    /// <summary>Makes one and notes what became of it.</summary>
    public async Task<BackupMade> Make(Actor who, string file, Action<double, string> tell, CancellationToken stop)
    {
        try
        {
            var made = await backup.Make(file, tell, stop);
            await write.Run(who, null, async db =>
            {
                await house.Set(db, HouseSettings.LastBackup, made.At.ToString("O", CultureInfo.InvariantCulture));
                await house.Set(db, BackupSettings.Checked, made.Checked);
                await house.Set(db, BackupSettings.Trouble, "");
            }, stop);
            house.Forget();
            return made;
        }
        catch (Exception why) when (why is not OperationCanceledException and not StoreAway)
        {
            await write.Run(who, null, db => house.Set(db, BackupSettings.Trouble, why.Message), CancellationToken.None);
            house.Forget();
            throw;
        }
    }

    /// <summary>For the timetable: begins the night's backup once its hour has come.</summary>
    public async Task BeginWhenDue(CancellationToken stop)
    {
        if (!house.Get(BackupSettings.Nightly)) return;
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(house.Get(HouseSettings.Zone), out var known) ? known : TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTimeFromUtc(clock.GetUtcNow().UtcDateTime, zone);
        var day = local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (hour, last) = (house.Get(BackupSettings.Hour), house.Get(BackupSettings.LastNight));
        // A house that slept through its hour makes it up; a new one waits for its first night.
        if (last == day || local.Hour < hour || (last.Length == 0 && local.Hour > hour)) return;
        var me = Actor.System("nightly backup");
        // Begun once a day, whatever comes of it: a failure is shown, not repeated all night.
        await write.Run(me, null, db => house.Set(db, BackupSettings.LastNight, day), stop);
        house.Forget();
        Begin(me, nightly: true);
    }

    string Name(bool nightly) => string.Create(CultureInfo.InvariantCulture, $"amends-{(nightly ? "night" : "hand")}-{clock.GetUtcNow().UtcDateTime:yyyyMMdd-HHmmss}.tar.gz");

    void DropOld()
    {
        foreach (var old in Files.Where(file => file.Name.StartsWith("amends-night-", StringComparison.Ordinal)).Skip(Math.Max(1, house.Get(BackupSettings.Keep))))
            File.Delete(Path.Combine(Folder, old.Name));
    }
}
