using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A raw message as it reached us, stored.</summary>
/// <param name="Delivery">Its id.</param>
/// <param name="Known">The same bytes were in this mailbox before: nothing was stored again.</param>
public sealed record Stored(long Delivery, bool Known);

/// <summary>
/// Raw first: the bytes are stored with their hash and committed, and only then acknowledged; reading is a job on what is stored. The same bytes in the
/// same mailbox are the same message, for ever. Used by the intake address, by what is fetched from mail servers, by <c>amends import</c> and by the sample of the first run.
/// </summary>
public sealed class MailboxImport(BlobStore blobs, Writer write, DiskRoom room)
{
    /// <summary>Bytes of a message, at most.</summary>
    public const long Largest = 50L * 1024 * 1024;

    static readonly Hot<Func<Database, long, byte[], Task<long>>> knownAs = new(() => EF.CompileAsyncQuery((Database db, long mailbox, byte[] sha) => db.Set<Delivery>().Where(d => d.MailboxId == mailbox && d.Sha256 == sha).Select(d => d.Id).FirstOrDefault()));

    /// <summary>The values of <see cref="Delivery.Way"/>.</summary>
    public const string Posted = "intake", Imported = "import", Fetched = "imap";

    /// <summary>Stores a message; it is read soon after.</summary>
    /// <param name="mailbox">Id of one of our mailboxes.</param>
    /// <param name="way"><see cref="Posted"/>, or <see cref="Imported"/>, which keeps the date that the message says.</param>
    /// <exception cref="TooLarge">More than <see cref="Largest"/> bytes.</exception>
    /// <exception cref="StoreAway">Nothing was stored; try again.</exception>
    public async Task<Stored> Take(Actor who, long mailbox, Stream raw, string? envelopeFrom, string? envelopeTo, string way, CancellationToken stop)
    {
        room.NeedsRoom();
        var blob = await blobs.Put(raw, Largest, stop);
        return await Keep(who, mailbox, blob, envelopeFrom, envelopeTo, way, null, stop);
    }

    /// <summary>Adds a message whose bytes lie in the store already.</summary>
    /// <param name="fetched">Where it was fetched from: that it is here stands in the ledger with the same commit. Null for the other ways.</param>
    /// <exception cref="StoreAway">Nothing was stored; try again.</exception>
    internal async Task<Stored> Keep(Actor who, long mailbox, Blob blob, string? envelopeFrom, string? envelopeTo, string way, FetchedFrom? fetched, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write.Run(who, null, async db =>
                {
                    var line = fetched is null ? null : await fetched.LineOf(db, mailbox);
                    if (line?.DeliveryId is { } same) return new Stored(same, Known: true);
                    var known = await knownAs.On(db)(db, mailbox, blob.Sha256);
                    if (known != 0)
                    {
                        line?.Has(known, db.At);
                        return new Stored(known, Known: true);
                    }
                    var delivery = new Delivery
                    {
                        Id = db.Ids!.Next(),
                        MailboxId = mailbox,
                        Sha256 = blob.Sha256,
                        BlobId = blob.Id,
                        ReceivedAt = fetched?.Arrived(db.At) ?? db.At,
                        EnvelopeFrom = Intake.Cut(envelopeFrom, 320),
                        EnvelopeTo = Intake.Cut(envelopeTo, 2000),
                        Way = way,
                        IsCut = fetched?.IsCut ?? false
                    };
                    delivery.Stored();
                    db.Add(blob);
                    db.Add(delivery);
                    line?.Has(delivery.Id, db.At);
                    ReadMail.EnqueueNew(db, delivery.Id, way == Imported ? Lane.Bulk : Lane.Now);
                    return new Stored(delivery.Id, Known: false);
                }, stop);
            }
            // Two at once with the same bytes: the unique index let one of them in, and that one is known now.
            catch (DbUpdateException) when (attempt < 5) { }
        }
    }
}
