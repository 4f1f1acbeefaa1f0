using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Reads a stored mail and takes it in, its job ended in the same transaction. What cannot be read is quarantined and never stops the others.</summary>
public sealed class ReadMail(Databases databases, Writer write, BlobStore blobs, Intake intake, ILogger<ReadMail> log) : IJobHandler
{
    const string Kind = "read mail";

    // A mail that ended the program as often as this is set aside without another try.
    const int MostTries = 5;

    /// <summary>What is to be read.</summary>
    public sealed record Which(long Delivery);

    /// <summary>Declares the job.</summary>
    public static void Declare(JobBook book) => book.Does<ReadMail>(Kind, mostAttempts: 12);

    /// <summary>Adds the job for a delivery, inside of a write.</summary>
    public static Task Enqueue(Database db, long delivery, Lane lane = Lane.Now) =>
        db.Enqueue(lane, Kind, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind}:{delivery}"), new Which(delivery));

    public async Task Run(JobRun run, CancellationToken stop)
    {
        var id = run.Body<Which>().Delivery;
        Delivery delivery;
        Mailbox mailbox;
        Blob blob;
        using (var db = databases.Open())
        {
            delivery = await db.Set<Delivery>().FirstAsync(d => d.Id == id, stop);
            if (delivery.State != DeliveryState.Received) return;
            mailbox = await db.Set<Mailbox>().FirstAsync(m => m.Id == delivery.MailboxId, stop);
            blob = await db.Set<Blob>().FirstAsync(b => b.Id == delivery.BlobId, stop);
        }
        if (run.Job.Attempts > MostTries)
        {
            await Quarantine(run, id, run.Job.Error ?? Words.QuarantineTried, stop);
            return;
        }
        IncomingContact incoming;
        try { incoming = await IncomingMail.Read(await blobs.Read(blob, stop), delivery, mailbox, blobs, stop); }
        catch (NotRead why) { await Quarantine(run, id, why.Message, stop); return; }
        try
        {
            await write.Run(Actor.System("intake"), null, async db =>
            {
                // Another runner may have been quicker.
                if ((await db.Load<Delivery>(id)).State == DeliveryState.Received) await intake.Take(db, incoming);
                await run.Finish(db);
            }, stop);
        }
        catch (NotRead why) { await Quarantine(run, id, why.Message, stop); }
        catch (Exception why) when (why is not (StoreAway or LeaseLost or OperationCanceledException) && run.Job.Attempts >= MostTries)
        {
            log.LogError(why, "Mail {Delivery} could not be taken in and is quarantined", id);
            await Quarantine(run, id, why.Message, stop);
        }
    }

    Task Quarantine(JobRun run, long id, string why, CancellationToken stop) => write.Run(Actor.System("intake"), null, async db =>
    {
        (await db.Load<Delivery>(id)).Quarantine(Intake.Cut(why, 1000));
        await run.Finish(db);
    }, stop);
}
