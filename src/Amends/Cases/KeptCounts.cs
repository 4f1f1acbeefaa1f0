using System.Collections.Concurrent;
using System.Globalization;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The numbers beside the views of one person, the saved views among them.</summary>
public sealed record ViewNumbers(DeskCounts Fixed, IReadOnlyList<(DeskView View, int Count)> Saved);

/// <summary>
/// Keeps the numbers beside the views, for each person and each set of rights. They are counted anew after every commit that changed a noun (a case, a
/// tag, a saved view), at the moment at which the next step of a case comes due, and at the end of the day: what is shown is what a count would
/// answer. Where changes of other processes are not heard (PostgreSQL away for a while) nothing is kept, and nothing longer than a minute.
/// </summary>
sealed class KeptCounts : IDisposable
{
    const int MostKept = 2000;
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly HintBoard hints;
    readonly ConcurrentDictionary<string, Kept> known = [];
    long heard;

    sealed record Kept(long Heard, DateTime From, DateTime Until, ViewNumbers Numbers);

    public KeptCounts(HintBoard hints)
    {
        this.hints = hints;
        hints.Told += Hear;
    }

    // Who looks where changes nothing that is counted.
    void Hear(Hint hint)
    {
        if (hint.Kind != "presence") Interlocked.Increment(ref heard);
    }

    /// <summary>The numbers as they stand at <see cref="DeskAsked.Now"/>.</summary>
    public async Task<ViewNumbers> Of(DeskAsked asked)
    {
        var key = Key(asked);
        // What changes while we count makes the next one count again.
        var at = Volatile.Read(ref heard);
        if (hints.HearsAll && known.TryGetValue(key, out var kept) && kept.Heard == at && asked.Now >= kept.From && asked.Now < kept.Until) return kept.Numbers;
        var (counts, next) = await DeskViews.CountWithNext(asked);
        var me = asked.Who.Id;
        var saved = new List<(DeskView, int)>();
        foreach (var one in await asked.Db.Set<SavedView>().Where(v => v.OwnerId == null || v.OwnerId == me).OrderBy(v => v.Name).Take(40).ToListAsync())
        {
            var view = DeskViews.Of(one);
            saved.Add((view, await view.Cases(asked).CountAsync()));
        }
        var numbers = new ViewNumbers(counts, saved);
        if (known.Count >= MostKept) known.Clear();
        DateTime[] ends = [asked.Now + Longest, asked.EndOfToday, next?.AddTicks(1) ?? asked.EndOfToday];
        known[key] = new Kept(at, asked.Now, ends.Min(), numbers);
        return numbers;
    }

    // All that decides what a person sees and which day it is for him.
    static string Key(DeskAsked asked)
    {
        var who = asked.Who;
        return string.Create(CultureInfo.InvariantCulture, $"{(byte)who.Kind}/{who.Id}/{(byte)who.ScopeOf(Verb.SeeCases)}/{who.Can(Verb.SeeConfidential)}/{who.Can(Verb.DeleteCases)}/{asked.EndOfToday.Ticks}/{string.Join(',', who.Teams.Order())}");
    }

    public void Dispose() => hints.Told -= Hear;
}
