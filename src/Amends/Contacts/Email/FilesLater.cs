using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Takes the files of mails out of them that were left there while the disk was nearly full.</summary>
static class FilesLater
{
    const int AtOnce = 50;
    static readonly Who Me = Who.House("intake");

    /// <summary>By the clock: some at a time, once there is room again.</summary>
    public static async Task Unpack(IServiceProvider all, CancellationToken stop)
    {
        var (databases, room, log) = (all.GetRequiredService<Databases>(), all.GetRequiredService<DiskRoom>(), all.GetRequiredService<ILogger<ReadMail>>());
        using var look = databases.Open();
        // Those that cannot be read are passed by, however many they are.
        for (var (after, done) = (0L, 0); done < AtOnce;)
        {
            var some = await look.Set<Contact>().Where(c => c.FilesLater && c.Id > after).OrderBy(c => c.Id).Take(AtOnce).ToListAsync(stop);
            if (some.Count == 0) return;
            foreach (var contact in some)
            {
                if (room.IsLow) return;
                after = contact.Id;
                try
                {
                    await UnpackOne(all, look, contact, stop);
                    done++;
                }
                catch (Exception why) when (why is not StoreAway && !stop.IsCancellationRequested) { log.LogError(why, "The files of contact {Contact} could not be taken out of its mail", contact.Id); }
            }
        }
    }

    static async Task UnpackOne(IServiceProvider all, Database look, Contact contact, CancellationToken stop)
    {
        var (write, blobs, search, budget) = (all.GetRequiredService<Writer>(), all.GetRequiredService<BlobStore>(), all.GetRequiredService<CaseSearch>(), all.GetRequiredService<MailBudget>());
        var raw = await look.Set<Blob>().FirstOrDefaultAsync(b => b.Id == contact.RawBlobId && b.ErasedAt == null, stop);
        var files = raw is null ? [] : await IncomingMail.Keep((await IncomingMail.Parsed(await blobs.Read(raw, stop), budget, stop)).Mail, blobs, stop);
        await write.Run(Actor.System("intake"), null, async db =>
        {
            var row = await db.Load<Contact>(contact.Id);
            if (!row.FilesLater) return;
            Intake.AddFiles(db, files, row.CaseId, row.Id, row.CustomerId);
            row.FilesCame();
            // They are found by their names, where the case went.
            var one = await db.CasesVisibleToWithDeleted(Me).FirstAsync(c => c.Id == row.CaseId);
            for (var hop = 0; one.MergedInto is { } into && hop < 20; hop++) one = await db.CasesVisibleToWithDeleted(Me).FirstAsync(c => c.Id == into);
            await search.Index(db, one);
        }, stop);
    }
}
