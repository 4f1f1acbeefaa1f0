using Amends.Foundation.Data;
using Amends.Foundation.Web;

namespace Amends.Foundation.Blobs;

/// <summary>How full the disk with our data is, asked at most every five seconds: what comes from outside gives way before it is full (A38).</summary>
public sealed class DiskRoom(Databases databases, TimeProvider clock)
{
    /// <summary>From this share on, in percent, files of mails are left in the message as it came until there is room again.</summary>
    public const int LaterAt = 90;

    /// <summary>From this share on no mail is taken in: it stays where it is.</summary>
    public const int FullAt = Readiness.FullAt;

    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    long lookedAt;
    int used = -1;

    /// <summary>What is measured: percent of the disk that is used. Tests bring their own.</summary>
    public Func<string, int> Measure { get; init; } = Readiness.DiskUsed;

    /// <summary>Percent.</summary>
    public int Used
    {
        get
        {
            var now = clock.GetTimestamp();
            if (used >= 0 && clock.GetElapsedTime(Volatile.Read(ref lookedAt), now) < Look) return used;
            used = Measure(databases.Place.Folder);
            Volatile.Write(ref lookedAt, now);
            return used;
        }
    }

    /// <summary>Files wait.</summary>
    public bool IsLow => Used >= LaterAt;

    /// <summary>Refuses what would have to be stored, before anything is acknowledged.</summary>
    /// <exception cref="StoreAway">The disk is too full to take mail in.</exception>
    public void NeedsRoom()
    {
        if (Used >= FullAt) throw new StoreAway(Web.Words.StoreAlmostFull, new IOException("almost full"));
    }
}
