using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Names of colleagues, teams and tags by their ids: every page of the desk needs some, and there are few of them.</summary>
public sealed record NamesOf(IReadOnlyDictionary<long, string> Colleagues, IReadOnlyDictionary<long, string> Teams, IReadOnlyDictionary<long, string> Tags);

/// <summary>
/// Keeps these names in memory until one of them changes, in this process or (told by hint) in another one. Where changes of others are not heard they
/// are read anew each time. They carry no right: who is shown a name was allowed to see what it stands on.
/// </summary>
public sealed class Names : IDisposable
{
    readonly HintBoard hints;
    long heard;
    Kept? kept;

    sealed record Kept(long Heard, NamesOf Names);

    public Names(HintBoard hints)
    {
        this.hints = hints;
        hints.Told += Hear;
    }

    void Hear(Hint hint)
    {
        if (hint.Kind is "colleague" or "team" or "tag" or "all") Interlocked.Increment(ref heard);
    }

    /// <summary>The names as they stand.</summary>
    public async ValueTask<NamesOf> Read(Database db)
    {
        // What changes while we read is read again by the next who asks.
        var at = Volatile.Read(ref heard);
        if (hints.HearsAll && Volatile.Read(ref kept) is { } known && known.Heard == at) return known.Names;
        var names = new NamesOf(
            await db.Set<Colleague>().Select(c => new { c.Id, c.Name }).ToDictionaryAsync(c => c.Id, c => c.Name),
            await db.Set<Team>().Select(t => new { t.Id, t.Name }).ToDictionaryAsync(t => t.Id, t => t.Name),
            await db.Set<Tag>().Select(t => new { t.Id, t.Name }).ToDictionaryAsync(t => t.Id, t => t.Name));
        Volatile.Write(ref kept, new Kept(at, names));
        return names;
    }

    public void Dispose() => hints.Told -= Hear;
}
