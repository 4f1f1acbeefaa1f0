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
        new("set right what a wrong clock left", TimeSpan.FromSeconds(30), (all, stop) => WrongClock.SetRight(all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>(), stop)),
        // Each minute: what has ended does not live again where the clock is set back.
        new("forget sessions and links that ended", TimeSpan.FromMinutes(1), (all, stop) => Trust.Ended.Forget(all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>(), stop)),
        new("forget codes that ended", TimeSpan.FromMinutes(1), Contacts.CaseByLink.ForgetCodes),
        new("forget old write keys and undos of many", TimeSpan.FromHours(1), (all, stop) => all.GetRequiredService<Writer>().Run(Foundation.Actor.System("timetable"), null,
            async db =>
            {
                await db.Set<WriteKey>().Where(k => k.At < db.At.AddDays(-1)).ExecuteDeleteAsync(stop);
                await db.Set<Cases.BulkStep>().Where(b => b.At < db.At.AddDays(-1)).ExecuteDeleteAsync(stop);
            }, stop)),
        new("follow promises", TimeSpan.FromSeconds(30), Promises.PromiseClock.Follow),
        new("find keepers for promises of who left", TimeSpan.FromMinutes(1), Promises.PromiseClock.FindKeepers),
        new("let steps pass where another lies behind", TimeSpan.FromSeconds(30), Cases.CaseClock.PassSteps),
        new("tell of targets that were missed", TimeSpan.FromSeconds(30), Cases.CaseClock.MissTargets),
        new("tell along the line of what stands still", TimeSpan.FromMinutes(1), Cases.EscalationClock.Tell),
        new("note empty apologies", TimeSpan.FromSeconds(30), Cases.CaseClock.NoteEmptyApologies),
        new("end waits whose time came", TimeSpan.FromSeconds(30), Cases.CaseClock.EndWaits),
        new("tell of mailboxes that cannot be read", TimeSpan.FromMinutes(1), Contacts.MailHealth.TellOwners),
        new("take files out of mails that waited for room", TimeSpan.FromMinutes(5), Contacts.FilesLater.Unpack),
        new("let automatic mail go again when it is quiet", TimeSpan.FromMinutes(1), Foundation.Outbox.AutomaticMail.LetGoWhenQuiet),
        new("confirm silently after five working days", TimeSpan.FromMinutes(30), Cases.CaseClock.ConfirmSilent),
    ];
}
