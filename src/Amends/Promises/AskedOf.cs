using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>Who is asked about a promise: the keeper, and where that one is absent whoever stands in and may have the case before them. The keeper stays the keeper. docs/decisions/0017-escalation.md</summary>
sealed class AskedOf(Databases databases, WhoIsHere here, House house)
{
    /// <summary>Those who are told of a promise now.</summary>
    /// <param name="ahead">Also who stands in when it comes due, where the keeper is absent by then.</param>
    public async Task<IReadOnlyList<long>> Told(long promise, long keeper, DateTime at, bool ahead)
    {
        if (here.IsHere(keeper, at) && !ahead) return [keeper];
        using var db = databases.Open();
        if (await db.Set<Promise>().FirstOrDefaultAsync(p => p.Id == promise) is not { } one || await Root(db, one.CaseId) is not { } of) return [keeper];
        if (!here.IsHere(keeper, at)) return [await StandIn(db, of, one, keeper, at) ?? keeper];
        return !here.IsHere(keeper, one.DueAt) && await StandIn(db, of, one, keeper, one.DueAt) is { } other ? [keeper, other] : [keeper];
    }

    // Where it was merged into another case, that one.
    static async Task<Case?> Root(Database db, long id)
    {
        var all = db.CasesVisibleTo(Who.House("promises"));
        var one = await all.FirstOrDefaultAsync(c => c.Id == id);
        return one?.MergedInto is { } into ? await all.FirstOrDefaultAsync(c => c.Id == into) : one;
    }

    // A call by a person with authority is asked of those alone, and of no one who would not see what it is about.
    async Task<long?> StandIn(Database db, Case of, Promise one, long keeper, DateTime at)
    {
        if ((await Calls.CallBacks.Of(db, one.Id))?.ByOfficer == true) return (await Calls.Officers.For(db, of, house, at, sees: true, keeper))?.Id;
        return await First(db, of, here.AskedFor(keeper, of.TeamId, at));
    }

    /// <summary>The first who may keep a promise on a case, or null.</summary>
    public async Task<long?> First(Database db, Case of, IEnumerable<long> line)
    {
        foreach (var id in line) if (await Promising.MayKeepNow(db, of, id, house)) return id;
        return null;
    }
}
