using System.Net;

namespace Amends.Contacts;

/// <summary>Counts what comes from a network or goes to an address within a span of time, in this process's memory: a brake for floods, not a right.</summary>
public sealed class Throttle(TimeProvider clock)
{
    const int MostKeys = 50_000;

    readonly Dictionary<string, Queue<DateTimeOffset>> seen = [];
    readonly Lock gate = new();

    /// <summary>Counts one more; false when there have been <paramref name="most"/> within <paramref name="span"/> already.</summary>
    public bool Take(string key, int most, TimeSpan span)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (seen.Count > MostKeys)
                foreach (var old in seen.Where(s => s.Value.Count == 0 || s.Value.Last() < now - TimeSpan.FromDays(1)).Select(s => s.Key).ToList()) seen.Remove(old);
            // A flood from very many places: all of them wait rather than the memory grows.
            if (seen.Count > 2 * MostKeys) return false;
            if (!seen.TryGetValue(key, out var times)) seen[key] = times = new();
            while (times.Count > 0 && times.Peek() <= now - span) times.Dequeue();
            if (times.Count >= most) return false;
            times.Enqueue(now);
            return true;
        }
    }

    /// <summary>The network of an address: a /24, or a /56 of IPv6.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null) return "?";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, bytes.Length == 4 ? 3 : 7);
    }
}
