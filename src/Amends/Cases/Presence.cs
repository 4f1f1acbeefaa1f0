using System.Collections.Concurrent;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>A colleague who is here now.</summary>
public sealed record Present(long Id, string Name, bool Types);

/// <summary>The people at a case, for the fragment that shows them.</summary>
public sealed record PresenceModel(long CaseId, long Number, IReadOnlyList<Present> Here);

/// <summary>
/// Who looks at which case and who types, in the memory of this process: eye and pen. Nothing of it is stored. With several processes on
/// PostgreSQL each shows the people of its own; what they change is seen everywhere at once all the same.
/// </summary>
sealed class PresenceBoard(HintBoard hints)
{
    static readonly TimeSpan Looks = TimeSpan.FromSeconds(100), Types = TimeSpan.FromSeconds(12);

    sealed record Seen(string Name, DateTime LooksAt, DateTime TypesAt);

    readonly ConcurrentDictionary<long, ConcurrentDictionary<long, Seen>> cases = [];

    /// <summary>This colleague has the case before him; tells the others when that is new.</summary>
    public void Look(long one, Who who, DateTime now, bool types = false)
    {
        if (cases.Count > 20_000) foreach (var (old, there) in cases) if (there.Values.All(s => now - s.LooksAt > Looks)) cases.TryRemove(old, out _);
        var here = cases.GetOrAdd(one, _ => []);
        here.TryGetValue(who.Id, out var before);
        here[who.Id] = new Seen(who.Name, now, types ? now : before?.TypesAt ?? DateTime.MinValue);
        var news = before is null || now - before.LooksAt > Looks || (types && now - before.TypesAt > Types);
        if (news) hints.Publish(new Hint("presence", one, 0));
    }

    /// <summary>The others who are here.</summary>
    public IReadOnlyList<Present> Here(long one, long but, DateTime now) => !cases.TryGetValue(one, out var here) ? []
        : [.. here.Where(p => p.Key != but && now - p.Value.LooksAt <= Looks).OrderBy(p => p.Value.Name, StringComparer.Ordinal).Select(p => new Present(p.Key, p.Value.Name, now - p.Value.TypesAt <= Types))];
}

/// <summary>Who is here: the fragment, and the signs of life that keep it true.</summary>
static class Presence
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/presence", Show).Needs(Verb.SeeCases);
        app.MapPost("/cases/{number:long}/typing", Typing).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, TimeProvider clock, PresenceBoard board)
    {
        using var db = databases.Open();
        var (who, now) = (http.Who(), clock.GetUtcNow().UtcDateTime);
        var one = await db.FindCase(who, number);
        board.Look(one.Id, who, now);
        return View.Fragment<PresencePart>(new PresenceModel(one.Id, one.Number, board.Here(one.Id, who.Id, now)));
    }

    static async Task<IResult> Typing(long number, HttpContext http, Databases databases, TimeProvider clock, PresenceBoard board)
    {
        using var db = databases.Open();
        var who = http.Who();
        board.Look((await db.FindCase(who, number)).Id, who, clock.GetUtcNow().UtcDateTime, types: true);
        return Results.NoContent();
    }
}
