using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Jobs;

/// <summary>
/// What a clock that was ahead for a while has left behind: work and mail that would rest until the machine's clock comes there again, leases that would hold as
/// long. Times that cannot be, seen from now, are set right; a wait keeps its length. (What was due too early while the clock was wrong is done and stays so.)
/// </summary>
public static class WrongClock
{
    // Clocks of several machines differ a little.
    static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    // No pause after a failed try is longer (Runner, SendMail).
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(65);

    /// <summary>Sets right what is wrong. Does nothing where nothing is.</summary>
    public static async Task SetRight(Databases databases, Writer write, TimeProvider clock, CancellationToken stop)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (soon, far, held) = (now + Slack, now + LongestPause, now + Runner.Lease + Slack);
        using (var look = databases.Open())
        {
            if (!await look.Set<Job>().AnyAsync(j => j.MadeAt > soon || (j.RunAt > far && j.Attempts > 0) || j.LeasedUntil > held, stop)
                && !await look.Set<OutgoingMail>().AnyAsync(m => m.State == OutgoingState.Queued && m.QueuedAt > soon, stop)
                // Mail that a person has timed waits so long, and no other.
                && await look.Set<Job>().CountAsync(j => j.Kind == SendMail.Kind && j.RunAt > far, stop) <= await look.Set<OutgoingMail>().CountAsync(m => m.State == OutgoingState.Queued && m.SendAt > far, stop)) return;
        }
        await write.Run(Actor.System("timetable"), null, async db =>
        {
            var (late, far, held) = (db.At + Slack, db.At + LongestPause, db.At + Runner.Lease + Slack);
            foreach (var job in await db.Set<Job>().AsTracking().Where(j => j.MadeAt > late).ToListAsync(stop)) (job.RunAt, job.MadeAt) = (db.At + Wait(job.RunAt - job.MadeAt), db.At);
            foreach (var mail in await db.Set<OutgoingMail>().AsTracking().Where(m => m.State == OutgoingState.Queued && m.QueuedAt > late).ToListAsync(stop)) mail.QueuedAnew(db.At);
            await db.SaveChangesAsync(stop);
            // A try that failed while the clock was wrong; what waits for an hour that a person chose is no such thing.
            foreach (var job in await db.Set<Job>().AsTracking().Where(j => j.RunAt > far && j.LeasedUntil == null).ToListAsync(stop))
                if (SendMail.MailOf(job) is { } id ? await db.Set<OutgoingMail>().AnyAsync(m => m.Id == id && m.SendAt <= db.At, stop) : job.Attempts > 0) job.RunAt = db.At;
            // Who holds it and lives renews it before that ends.
            foreach (var job in await db.Set<Job>().AsTracking().Where(j => j.LeasedUntil > held).ToListAsync(stop)) job.LeasedUntil = db.At + Runner.Lease;
        }, stop);
    }

    static TimeSpan Wait(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
