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

    static readonly Hot<Func<Database, long, Task<Waiting>>> whatWaits = new(() => EF.CompileAsyncQuery((Database db, long id) =>
        (from delivery in db.Set<Delivery>()
         join mailbox in db.Set<Mailbox>() on delivery.MailboxId equals mailbox.Id
         join blob in db.Set<Blob>() on delivery.BlobId equals blob.Id
         where delivery.Id == id
         select new Waiting(delivery, mailbox, blob)).First()));

    sealed record Waiting(Delivery Delivery, Mailbox Mailbox, Blob Blob);

    /// <summary>What is to be read.</summary>
    public sealed record Which(long Delivery);

    /// <summary>Declares the job.</summary>
    public static void Declare(JobBook book) => book.Does<ReadMail>(Kind, mostAttempts: 12);

    /// <summary>Adds the job for a delivery, inside of a write.</summary>
    public static Task Enqueue(Database db, long delivery) => db.Enqueue(Lane.Now, Kind, KeyOf(delivery), new Which(delivery));

    /// <summary>Adds the job for a delivery that this write has made.</summary>
    public static void EnqueueNew(Database db, long delivery, Lane lane) => db.EnqueueNew(lane, Kind, KeyOf(delivery), new Which(delivery));

    static string KeyOf(long delivery) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind}:{delivery}");

    public async Task Run(JobRun run, CancellationToken stop)
    {
        var id = run.Body<Which>().Delivery;
        Waiting waiting;
        using (var db = databases.Open()) waiting = await whatWaits.On(db)(db, id);
        var (delivery, mailbox, blob) = waiting;
        if (delivery.State != DeliveryState.Received) return;
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
