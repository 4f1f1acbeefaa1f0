using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Web;

/// <summary>Whether the house can take requests: not while it stops, its store is away, or its disk is 95 % full. Asked at most once a second.</summary>
public sealed class Readiness(Databases databases, IHostApplicationLifetime lifetime, ILogger<Readiness> log) : IDisposable
{
    /// <summary>The share of the disk, in percent, from which on the house takes no more.</summary>
    public const int FullAt = 95;

    readonly SemaphoreSlim asking = new(1);
    long askedAt;
    bool good;
    volatile bool stopping;

    /// <summary>Set when the program was told to stop.</summary>
    public bool Stopping { get => stopping || lifetime.ApplicationStopping.IsCancellationRequested; set => stopping = value; }

    /// <summary>True when all is well.</summary>
    public async Task<bool> IsReady()
    {
        if (Stopping) return false;
        if (Environment.TickCount64 - Volatile.Read(ref askedAt) < 1000) return good;
        await asking.WaitAsync();
        try
        {
            if (askedAt != 0 && Environment.TickCount64 - askedAt < 1000) return good;
            var was = good || askedAt == 0;
            var (used, store) = (DiskUsed(databases.Place.Folder), await StoreFails());
            good = used < FullAt && store is null;
            // Strangers are told nothing more; who runs the house finds the reason where it logs.
            if (was && !good)
            {
                if (store is null) log.LogWarning("Not ready: the disk with {Folder} is {Used} % full, and the house takes no more from {Limit} % on", databases.Place.Folder, used, FullAt);
                else log.LogWarning("Not ready: {Reason}", store);
            }
            else if (!was && good) log.LogInformation("Ready again");
            Volatile.Write(ref askedAt, Environment.TickCount64);
            return good && !Stopping;
        }
        finally { asking.Release(); }
    }

    public void Dispose() => asking.Dispose();

    /// <summary>Percent of the disk that holds the folder.</summary>
    public static int DiskUsed(string folder)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return disk.TotalSize == 0 ? 0 : (int)(100 - 100.0 * disk.AvailableFreeSpace / disk.TotalSize);
        }
        catch (Exception why) when (why is IOException or UnauthorizedAccessException or ArgumentException) { return 100; }
    }

    // Null when it answers.
    async Task<string?> StoreFails()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            using var db = databases.Open();
            await db.Set<Sequence>().AsNoTracking().Select(row => row.Next).FirstOrDefaultAsync(limit.Token);
            return null;
        }
        catch (Exception why) when (why is not OutOfMemoryException) { return StoreTrouble.Of(why) ?? why.Message; }
    }
}

/// <summary>For watchers: <c>/health/live</c> says that the program runs, <c>/health/ready</c> that it can take requests. Nothing else is told to strangers.</summary>
static class Health
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("ok")).Public("says only that the program runs", nameless: true);
        app.MapGet("/health/ready", async (Readiness readiness) => await readiness.IsReady()
            ? Results.Text("ok") : Results.Text("degraded", statusCode: StatusCodes.Status503ServiceUnavailable)).Public("says only whether the program takes requests", nameless: true);
    }
}
