using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Reads a stored mail and takes it in, its job ended in the same transaction. What cannot be read is quarantined and never stops the others.</summary>
public sealed class ReadMail(Databases databases, Writer write, BlobStore blobs, Intake intake, SenderChecks senders, SenderLoad load, DiskRoom room, MailBudget budget, ILogger<ReadMail> log) : IDoesMany
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
        if (waiting.Delivery.State != DeliveryState.Received) return;
        if (run.Job.Attempts > MostTries)
        {
            await Quarantine(run, id, run.Job.Error ?? Words.QuarantineTried, stop);
            return;
        }
        await Take(run, waiting, Read(waiting, stop), stop);
    }

    async Task Take(JobRun run, Waiting waiting, Task<IncomingContact> reading, CancellationToken stop)
    {
        var id = waiting.Delivery.Id;
        IncomingContact incoming;
        try { incoming = await reading; }
        catch (NotRead why) { await Quarantine(run, id, why.Message, stop); return; }
        try
        {
            await write.Run(Actor.System("intake"), null, async db =>
            {
                // Another runner may have been quicker.
                var row = await db.Load<Delivery>(id);
                if (row.State == DeliveryState.Received && !await IsTooMuch(db, row, incoming, waiting.Blob.Length)) await intake.Take(db, incoming);
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

    // What is not read by then (a name server that is slow to say a key) is taken alone.
    static readonly TimeSpan ReadBy = TimeSpan.FromMilliseconds(300);

    // Larger ones are read alone: so many at once would take memory in masses.
    const long LargestOfMany = 256 * 1024;

    public async Task<IReadOnlyCollection<JobRun>> RunMany(IReadOnlyList<JobRun> runs, CancellationToken stop)
    {
        var byDelivery = runs.Where(run => run.Job.Attempts == 1).ToDictionary(run => run.Body<Which>().Delivery);
        var ids = byDelivery.Keys.ToList();
        List<Waiting> waiting;
        // One after the other, each by its ids: joined, the deliveries of a mailbox are read, all that there ever were.
        using (var db = databases.Open())
        {
            var deliveries = await db.Set<Delivery>().Where(d => ids.Contains(d.Id) && d.State == DeliveryState.Received).ToListAsync(stop);
            var (stored, boxes) = (deliveries.ConvertAll(d => d.BlobId), deliveries.Select(d => d.MailboxId).Distinct().ToList());
            var raw = await db.Set<Blob>().Where(b => stored.Contains(b.Id) && b.Length <= LargestOfMany).ToDictionaryAsync(b => b.Id, stop);
            var mailboxes = await db.Set<Mailbox>().Where(m => boxes.Contains(m.Id)).ToDictionaryAsync(m => m.Id, stop);
            waiting = [.. deliveries.Where(d => raw.ContainsKey(d.BlobId)).Select(d => new Waiting(d, mailboxes[d.MailboxId], raw[d.BlobId]))];
        }
        var reading = waiting.ConvertAll(one => Read(one, stop));
        await Task.WhenAny(Task.WhenAll(reading), Task.Delay(ReadBy, stop));
        var strangers = Intake.Strangers(reading.Where(r => r.IsCompletedSuccessfully).Select(r => r.Result).OrderBy(one => one.DeliveryId)).ToList();
        var done = new List<JobRun>();
        if (strangers.Count > 1)
        {
            try { done.AddRange(await TakeMany(strangers, waiting, byDelivery, stop)); }
            catch (Exception why) when (why is not StoreAway && !stop.IsCancellationRequested) { log.LogInformation("{Count} mails are taken in one by one: {Why}", strangers.Count, why.Message); }
        }
        // The others one after the other, as they are read by now or soon: nothing is read, and no key asked for, twice.
        foreach (var (one, read) in waiting.Zip(reading))
        {
            var run = byDelivery[one.Delivery.Id];
            if (done.Contains(run)) continue;
            try
            {
                await Take(run, one, read, stop);
                done.Add(run);
            }
            // Run alone it is tried again, with its reason.
            catch (Exception why) when (why is not StoreAway && !stop.IsCancellationRequested) { }
        }
        return done;
    }

    async Task<IReadOnlyCollection<JobRun>> TakeMany(List<IncomingContact> strangers, List<Waiting> waiting, Dictionary<long, JobRun> byDelivery, CancellationToken stop)
    {
        var done = strangers.ConvertAll(one => byDelivery[one.DeliveryId!.Value]);
        var lengths = waiting.ToDictionary(one => one.Delivery.Id, one => one.Blob.Length);
        await write.Run(Actor.System("intake"), null, async db =>
        {
            var list = strangers.ConvertAll(one => one.DeliveryId!.Value);
            var rows = await db.Set<Delivery>().AsTracking().Where(d => list.Contains(d.Id)).ToDictionaryAsync(d => d.Id);
            // Another runner may have been quicker with one of them: then each is looked at alone.
            if (rows.Values.Any(d => d.State != DeliveryState.Received)) throw new NotThere();
            var take = new List<IncomingContact>();
            foreach (var one in strangers)
                if (!await IsTooMuch(db, rows[one.DeliveryId!.Value], one, lengths[one.DeliveryId.Value])) take.Add(one);
            await intake.TakeMany(db, take);
            await JobRun.Finish(db, done);
        }, stop);
        return done;
    }

    async Task<IncomingContact> Read(Waiting one, CancellationToken stop) => await IncomingMail.Read(await blobs.Read(one.Blob, stop), one.Delivery, one.Mailbox, blobs, senders, stop, budget, room.IsLow);

    async Task<bool> IsTooMuch(Database db, Delivery row, IncomingContact incoming, long bytes)
    {
        if (!await load.IsTooMuch(db, row, incoming.IsReport ? null : WhichCase.MailKey(incoming.FromAddress), incoming.Trust == SenderTrust.Verified, bytes)) return false;
        row.Quarantine(Words.QuarantineMany);
        return true;
    }

    Task Quarantine(JobRun run, long id, string why, CancellationToken stop) => write.Run(Actor.System("intake"), null, async db =>
    {
        (await db.Load<Delivery>(id)).Quarantine(Intake.Cut(why, 1000));
        await run.Finish(db);
    }, stop);
}
