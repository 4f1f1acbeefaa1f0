using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Amends.Foundation.Data;

namespace Amends.Foundation.Web;

/// <summary>Which hints of a kind a person may have: the module that owns the kind says.</summary>
/// <param name="Kind">The kind of hint, for example <c>case</c>.</param>
/// <param name="Visible">Those of the ids that this person may see.</param>
public sealed record HintRule(string Kind, Func<IServiceProvider, Actor, IReadOnlyCollection<long>, Task<HashSet<long>>> Visible);

/// <summary>The stream of hints to an open page (<c>GET /live</c>): ids and versions of what this person may see; content is fetched by its own route.</summary>
public static class Live
{
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(150), Beat = TimeSpan.FromSeconds(20);

    /// <summary>The address of the line for a page that was read at <paramref name="since"/>: what was told meanwhile is told again.</summary>
    public static string Address(DateTime since) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/live?since={(since.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond}");

    // Rounded down to the millisecond; anything else is no moment.
    static DateTime? Since(HttpContext http) =>
        long.TryParse(http.Request.Query["since"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000 ? DateTime.UnixEpoch.AddMilliseconds(ms) : null;

    /// <summary>Hints for one connection until it ends, the program stops, or <paramref name="stillAllowed"/> says no (asked at each beat).</summary>
    public static async IAsyncEnumerable<SseItem<string>> Stream(HttpContext http, HintBoard board, IEnumerable<HintRule> rules, Func<Task<Actor?>> stillAllowed,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken stop = default)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, stopping, http.RequestAborted);
        var byKind = rules.ToDictionary(r => r.Kind);
        using var ear = board.Listen(Since(http));
        yield return new SseItem<string>("{}", "hello");
        while (!ends.IsCancellationRequested)
        {
            var heard = false;
            try
            {
                using var beat = CancellationTokenSource.CreateLinkedTokenSource(ends.Token);
                beat.CancelAfter(Beat);
                heard = await ear.Reader.WaitToReadAsync(beat.Token);
            }
            catch (OperationCanceledException) when (!ends.IsCancellationRequested) { }
            catch (OperationCanceledException) { yield break; }
            if (await stillAllowed() is not { } who) yield break;
            if (!heard)
            {
                yield return new SseItem<string>("{}", "beat");
                continue;
            }
            await Task.Delay(Gather, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var hints = new HashSet<Hint>();
            while (ear.Reader.TryRead(out var hint)) hints.Add(hint);
            foreach (var kind in hints.GroupBy(h => h.Kind))
            {
                if (kind.Key == HintBoard.Missed.Kind) { yield return Item(HintBoard.Missed); continue; }
                if (!byKind.TryGetValue(kind.Key, out var rule)) continue;
                var visible = await rule.Visible(http.RequestServices, who, [.. kind.Select(h => h.Id).Distinct()]);
                foreach (var hint in kind.GroupBy(h => h.Id).Select(g => g.MaxBy(h => h.Version)))
                    if (visible.Contains(hint.Id)) yield return Item(hint);
            }
        }
    }

    static SseItem<string> Item(Hint hint) => new(JsonSerializer.Serialize(new
    {
        kind = hint.Kind,
        id = hint.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        version = hint.Version
    }), "hint");
}
