namespace Amends.Foundation;

/// <summary>
/// Makes the <c>long</c> ids of rows: 41 bits of milliseconds since 2024-01-01 UTC, 10 bits of node, 12 bits of counter.
/// Ids of one process never repeat and never fall, also when the clock goes back. In JSON they are strings.
/// </summary>
public sealed class Ids(TimeProvider clock)
{
    static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    long last;

    /// <summary>Which copy of the program this is, 0 to 1023. Zero on SQLite; drawn from a sequence on PostgreSQL.</summary>
    public int Node { get; set; }

    /// <summary>A new id.</summary>
    public long Next()
    {
        var floor = At(clock.GetUtcNow().UtcDateTime);
        while (true)
        {
            var before = Volatile.Read(ref last);
            // Within a millisecond the counter rises; when it is full the next millisecond is borrowed.
            var next = floor > before ? floor : Follow(before);
            if (Interlocked.CompareExchange(ref last, next, before) == before) return next;
        }
    }

    /// <summary>From now on above this id: after a start, above all that is in the database, also where the clock went back in between.</summary>
    public void Above(long id)
    {
        var floor = (id >> 22 << 22) | ((long)Node << 12) | 0xFFF;
        while (Volatile.Read(ref last) is var before && floor > before && Interlocked.CompareExchange(ref last, floor, before) != before) { }
    }

    /// <summary>The first id of a moment on this node: for rows whose past matters more than their writing (imports).</summary>
    public long At(DateTime utc) => ((long)(utc - Start).TotalMilliseconds << 22) | ((long)Node << 12);

    /// <summary>The moment in which an id was made, to the millisecond.</summary>
    public static DateTime MomentOf(long id) => Start.AddMilliseconds(id >> 22);

    static long Follow(long id) => (id & 0xFFF) == 0xFFF ? ((id >> 22) + 1 << 22) | (id & 0x3FF000) : id + 1;
}
