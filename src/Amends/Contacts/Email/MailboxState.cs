using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>How a mailbox does that is fetched from a server. A plain row of the machinery: who reads it now, and what the last try said.</summary>
public sealed class MailboxState
{
    public long MailboxId { get; set; }

    /// <summary>The process that reads it, where several serve one database.</summary>
    public string? LeasedBy { get; set; }
    public DateTime? LeasedUntil { get; set; }

    /// <summary>When its server last did what it was asked.</summary>
    public DateTime? GoodAt { get; set; }

    /// <summary>Since when it cannot be read (or not wholly); null while all is well.</summary>
    public DateTime? FailsSince { get; set; }
    public MailTrouble? Trouble { get; set; }

    /// <summary>What the server said, without control characters.</summary>
    public string? Said { get; set; }
    public DateTime? NextTry { get; set; }

    /// <summary>When its owner was told; once for each time that it fails.</summary>
    public DateTime? ToldAt { get; set; }

    /// <summary>Messages in the folder, and those of them that are to be taken and are not yet.</summary>
    public int There { get; set; }
    public int NotHere { get; set; }

    /// <summary>Arrival of the newest message there, and of the newest that is stored here.</summary>
    public DateTime? NewestThere { get; set; }
    public DateTime? NewestHere { get; set; }

    /// <summary>Up to this UID what lies there is left alone: it was there before. Holds for one folder, one UIDVALIDITY and one <see cref="Mailbox.ImapFrom"/>.</summary>
    public long OldUid { get; set; }
    public long OldPlace { get; set; }
    public long OldValidity { get; set; }
    public DateTime? OldFrom { get; set; }

    /// <summary>Rises when the server has given its UIDs anew without saying so: then the lines of the ledger from before mean nothing.</summary>
    public int Generation { get; set; }
}

/// <summary>A line of the ledger: this message of this folder is here. Once there is a delivery, the same UID is never taken again.</summary>
public sealed class FetchedMail
{
    public long MailboxId { get; set; }

    /// <summary>Which folder of which account: UIDs of another one mean nothing.</summary>
    public long Place { get; set; }
    public long UidValidity { get; set; }
    public long Uid { get; set; }

    /// <summary>The stored message; null where it could not be fetched, and then <see cref="Trouble"/> says why.</summary>
    public long? DeliveryId { get; set; }
    public DateTime At { get; set; }
    public string? Trouble { get; set; }

    /// <summary>When the server says that it came in: with it a UID is known again.</summary>
    public DateTime? Received { get; set; }

    /// <summary>The server was told (marked, moved, deleted).</summary>
    public bool Settled { get; set; }

    /// <summary>Its name among places.</summary>
    public static long PlaceOf(string host, string user, string folder, int generation) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{host.ToLowerInvariant()}\n{user}\n{folder}\n{generation}"))));

    internal void Has(long delivery, DateTime at) => (DeliveryId, At, Trouble) = (delivery, at, null);
}

/// <summary>Where a message was fetched from.</summary>
/// <param name="Received">When the server says that it came in.</param>
sealed record FetchedFrom(long Place, uint UidValidity, uint Uid, DateTimeOffset? Received, bool IsCut)
{
    /// <summary>Its line of the ledger, found or made.</summary>
    public async Task<FetchedMail> LineOf(Database db, long mailbox)
    {
        var (validity, uid) = ((long)UidValidity, (long)Uid);
        var line = await db.Set<FetchedMail>().AsTracking().FirstOrDefaultAsync(f => f.MailboxId == mailbox && f.Place == Place && f.UidValidity == validity && f.Uid == uid);
        if (line is null) db.Add(line = new FetchedMail { MailboxId = mailbox, Place = Place, UidValidity = validity, Uid = uid, At = db.At, Received = Received?.UtcDateTime });
        line.Received ??= Received?.UtcDateTime;
        return line;
    }

    /// <summary>When it arrived, where the server's word can be: then what waited there for a week has waited for a week here too.</summary>
    public DateTime? Arrived(DateTime now)
    {
        if (Received is not { } said || said.UtcDateTime > now || said.Year < 1980) return null;
        var at = said.UtcDateTime;
        return new DateTime(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }
}
