using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Amends;

/// <summary>All that runs by the clock, one line each.</summary>
public static class Timetable
{
    /// <summary>The lines.</summary>
    public static IReadOnlyList<TimetableLine> Lines { get; } =
    [
        new("seal facts", TimeSpan.FromMinutes(5), (all, stop) => all.GetRequiredService<Sealing>().SealAsync(stop)),
        new("sweep files that nothing refers to", TimeSpan.FromHours(6), (all, stop) => all.GetRequiredService<BlobStore>().Sweep(stop)),
        new("nightly backup", TimeSpan.FromMinutes(10), (all, stop) => all.GetRequiredService<BackupWork>().BeginWhenDue(stop)),
        new("forget sessions and links that ended", TimeSpan.FromHours(1), (all, stop) => all.GetRequiredService<Writer>().Run(Foundation.Actor.System("timetable"), null, async db =>
        {
            await db.Set<Trust.Session>().Where(s => s.EndsAt < db.At).ExecuteDeleteAsync(stop);
            await db.Set<Trust.MailLink>().Where(l => l.EndsAt < db.At.AddDays(-30)).ExecuteDeleteAsync(stop);
        }, stop)),
        new("forget old write keys and undos of many", TimeSpan.FromHours(1), (all, stop) => all.GetRequiredService<Writer>().Run(Foundation.Actor.System("timetable"), null,
            async db =>
            {
                await db.Set<WriteKey>().Where(k => k.At < db.At.AddDays(-1)).ExecuteDeleteAsync(stop);
                await db.Set<Cases.BulkStep>().Where(b => b.At < db.At.AddDays(-1)).ExecuteDeleteAsync(stop);
            }, stop)),
        new("let steps pass where another lies behind", TimeSpan.FromSeconds(30), Cases.CaseClock.PassSteps),
        new("end waits whose time came", TimeSpan.FromSeconds(30), Cases.CaseClock.EndWaits),
        new("confirm silently after five working days", TimeSpan.FromMinutes(30), Cases.CaseClock.ConfirmSilent),
    ];
}
