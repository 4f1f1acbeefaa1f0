using System.Net;
using System.Net.Sockets;

namespace Amends.Trust;

/// <summary>
/// Slows down whoever guesses (A34): per account and per network (/24, /48), with a pause that grows to a minute, and at most
/// <see cref="MostByStrangers"/> + <see cref="MostByKnown"/> real checks per account and hour. Nobody is locked out: a browser that has signed in to
/// this account before (see <see cref="KnownBrowser"/>) has tries of its own that strangers cannot use up. Kept in memory, so per process.
/// </summary>
public sealed class Guesses(TimeProvider clock)
{
    /// <summary>Checks per account and hour from browsers that never signed in to it.</summary>
    public const int MostByStrangers = 80;

    /// <summary>Checks per account and hour from browsers that did.</summary>
    public const int MostByKnown = 20;

    const int FreeByAccount = 5, FreeByNetwork = 30, MostRows = 100_000;
    static readonly TimeSpan Hour = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromSeconds(60);

    sealed class Row
    {
        public readonly Queue<DateTime> Tries = [];
        public DateTime NotBefore;
        public int Wrong;
    }

    readonly Dictionary<string, Row> rows = [];
    readonly Lock gate = new();

    /// <summary>Counts a try and lets it pass (null), or says how long to wait; then nothing is checked and nothing counted.</summary>
    /// <param name="account">What is guessed at: an address, whether anybody has it or not.</param>
    /// <param name="from">Where from. Loopback has no limit of its own: it is this machine, or a proxy that does not say whom it speaks for.</param>
    /// <param name="known">The browser has signed in to this account before.</param>
    public TimeSpan? Ask(string account, IPAddress? from, bool known = false)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        lock (gate)
        {
            Forget(now);
            var byAccount = RowOf((known ? "k:" : "a:") + account);
            var byNetwork = NetworkOf(from) is { } network ? RowOf("n:" + network) : null;
            if (Wait(byAccount, now, known ? MostByKnown : MostByStrangers) is { } wait) return wait;
            if (byNetwork is not null && Wait(byNetwork, now, int.MaxValue) is { } longer) return longer;
            Count(byAccount, now, FreeByAccount);
            if (byNetwork is not null) Count(byNetwork, now, FreeByNetwork);
            return null;
        }
    }

    /// <summary>The try was right: the pause for this account begins anew. The hour's count stays.</summary>
    public void Right(string account, IPAddress? from, bool known = false)
    {
        lock (gate)
        {
            foreach (var key in new[] { (known ? "k:" : "a:") + account, "n:" + NetworkOf(from) })
                if (rows.TryGetValue(key, out var row)) (row.Wrong, row.NotBefore) = (Math.Max(0, key[0] == 'n' ? row.Wrong - 1 : 0), default);
        }
    }

    static TimeSpan? Wait(Row row, DateTime now, int most)
    {
        while (row.Tries.TryPeek(out var oldest) && oldest <= now - Hour) row.Tries.Dequeue();
        if (row.Tries.Count == 0) row.Wrong = 0;
        if (row.NotBefore > now) return row.NotBefore - now;
        return row.Tries.Count >= most ? row.Tries.Peek() + Hour - now : null;
    }

    static void Count(Row row, DateTime now, int free)
    {
        row.Tries.Enqueue(now);
        // A network may be a big one: only its last tries are kept, its pause counts on.
        if (row.Tries.Count > 200) row.Tries.Dequeue();
        row.Wrong++;
        if (row.Wrong < free) return;
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(row.Wrong - free, 10)));
        row.NotBefore = now + (pause < LongestPause ? pause : LongestPause);
    }

    Row RowOf(string key) => rows.TryGetValue(key, out var row) ? row : rows[key] = new Row();

    void Forget(DateTime now)
    {
        if (rows.Count < MostRows) return;
        foreach (var (key, row) in rows.ToList()) if (row.Tries.Count == 0 || row.Tries.Last() < now - Hour) rows.Remove(key);
        // Still too many: somebody makes up accounts. Those with the fewest tries go first.
        if (rows.Count >= MostRows) foreach (var (key, _) in rows.OrderBy(r => r.Value.Tries.Count).Take(MostRows / 2).ToList()) rows.Remove(key);
    }

    /// <summary>The /24 or /48 that an address lies in; null for loopback and unknown.</summary>
    public static string? NetworkOf(IPAddress? from)
    {
        if (from is null) return null;
        if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
        if (IPAddress.IsLoopback(from)) return null;
        var bytes = from.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, from.AddressFamily == AddressFamily.InterNetwork ? 3 : 6);
    }
}
