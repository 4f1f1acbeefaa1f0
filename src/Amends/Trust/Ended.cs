using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>Sessions and links whose time is over: gone for good, so that none lives again where the clock is set back.</summary>
static class Ended
{
    /// <summary>Forgets them. Does nothing where there are none.</summary>
    public static async Task Forget(Databases databases, Writer write, TimeProvider clock, CancellationToken stop)
    {
        var (now, old) = (clock.GetUtcNow().UtcDateTime, clock.GetUtcNow().UtcDateTime.AddDays(-30));
        using (var look = databases.Open())
        {
            if (!await look.Set<Session>().AnyAsync(s => s.EndsAt < now, stop) && !await look.Set<MailLink>().AnyAsync(l => l.EndsAt < old || (l.UsedAt == null && l.EndsAt < now), stop)) return;
        }
        await write.Run(Foundation.Actor.System("timetable"), null, async db =>
        {
            await db.Set<Session>().Where(s => s.EndsAt < db.At).ExecuteDeleteAsync(stop);
            await db.Set<MailLink>().Where(l => l.EndsAt < db.At.AddDays(-30)).ExecuteDeleteAsync(stop);
            await db.Set<MailLink>().Where(l => l.UsedAt == null && l.EndsAt < db.At).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, l => l.EndsAt), stop);
        }, stop);
    }
}
