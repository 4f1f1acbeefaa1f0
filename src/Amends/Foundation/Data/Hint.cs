using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Amends.Foundation.Data;

/// <summary>“Look again at this”: after a commit, to every open page. Holds no content; the page fetches by its own route and permission.</summary>
public readonly record struct Hint(string Kind, long Id, int Version);

/// <summary>
/// Carries hints to listeners in this process, and on PostgreSQL between processes by NOTIFY. A listener that is too slow
/// loses hints and is told so (<see cref="Missed"/>): it then fetches everything.
/// </summary>
public sealed class HintBoard(Databases databases, TimeProvider clock, ILogger<HintBoard> log) : BackgroundService
{
    /// <summary>How far back a listener may ask for what was told before it came.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    const int MostRemembered = 256;

    /// <summary>Stands for hints that were lost on the way: fetch all regions.</summary>
    public static readonly Hint Missed = new("all", 0, 0);

    readonly ConcurrentDictionary<Channel<Hint>, bool> listeners = [];

    // What was told lately, oldest first: between the moment a page was read and the moment it listens nothing is lost.
    readonly Queue<(DateTime At, Hint Hint)> lately = [];
    readonly Lock recall = new();
    DateTime forgotten;

    /// <summary>Raised at once, in the committing task, before the write's answer: for what is kept in memory (settings).</summary>
    public event Action<Hint>? Told;

    /// <summary>Tells those who keep things in memory.</summary>
    internal void Tell(IEnumerable<Hint> hints)
    {
        if (Told is not { } told) return;
        foreach (var hint in hints) told(hint);
    }

    /// <summary>True while all changes are heard: always on SQLite, whose one writer we are; on PostgreSQL while the connection for hints stands.</summary>
    public bool HearsAll => databases.IsSqlite || listening;

    volatile bool listening;

    /// <summary>How many pages listen.</summary>
    public int Listeners => listeners.Count;

    /// <summary>Listens until the returned subscription is disposed.</summary>
    /// <param name="since">When its page was read: what was told since then comes first, or <see cref="Missed"/> where that is too long ago to be known.</param>
    public Subscription Listen(DateTime? since = null)
    {
        var channel = Channel.CreateBounded<Hint>(new BoundedChannelOptions(256) { SingleReader = true });
        lock (recall)
        {
            // Under the lock that Publish takes: what is told now is either remembered or heard, or both.
            listeners[channel] = true;
            if (since is { } from)
            {
                if (from < forgotten || from < clock.GetUtcNow().UtcDateTime - Remembered) channel.Writer.TryWrite(Missed);
                else foreach (var hint in lately.Where(l => l.At >= from).Select(l => l.Hint).Distinct()) channel.Writer.TryWrite(hint);
            }
        }
        return new Subscription(channel.Reader, () => listeners.TryRemove(channel, out _));
    }

    void Remember(IReadOnlyCollection<Hint> hints)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        lock (recall)
        {
            foreach (var hint in hints) lately.Enqueue((now, hint));
            while (lately.Count > MostRemembered || (lately.TryPeek(out var oldest) && oldest.At < now - Remembered)) forgotten = lately.Dequeue().At.AddTicks(1);
        }
    }

    /// <summary>Gives hints to the listeners of this process.</summary>
    internal void Publish(IReadOnlyCollection<Hint> hints)
    {
        Tell(hints);
        Remember(hints);
        if (listeners.IsEmpty) return;
        foreach (var hint in hints)
            foreach (var listener in listeners.Keys)
                if (!listener.Writer.TryWrite(hint))
                {
                    while (listener.Reader.TryRead(out _)) { }
                    listener.Writer.TryWrite(Missed);
                }
    }

    /// <summary>A hint that belongs to no write: presence.</summary>
    public void Publish(Hint hint) => Publish([hint]);

    /// <summary>On PostgreSQL: sent with the commit, to all processes, this one included.</summary>
    internal async Task Announce(Database db)
    {
        var text = string.Join(' ', db.Hints.Take(200).Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Kind}:{h.Id}:{h.Version}")));
        if (text.Length > 7000 || db.Hints.Count > 200) text = "all:0:0";
        await db.Database.ExecuteSqlRawAsync("SELECT pg_notify('amends', {0})", text);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (databases.Source is null) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await databases.Source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, note) => Publish([.. Parse(note.Payload)]);
                await using (var listen = new NpgsqlCommand("LISTEN amends", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                // What was kept from before is forgotten first.
                Publish(Missed);
                listening = true;
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception why)
            {
                log.LogWarning("Live hints wait for the database: {Why}", why.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally { listening = false; }
        }
    }

    static IEnumerable<Hint> Parse(string payload)
    {
        foreach (var one in payload.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = one.Split(':');
            if (parts.Length == 3 && long.TryParse(parts[1], out var id) && int.TryParse(parts[2], out var version)) yield return new Hint(parts[0], id, version);
        }
    }

    /// <summary>An open ear.</summary>
    public sealed class Subscription(ChannelReader<Hint> reader, Action end) : IDisposable
    {
        /// <summary>The hints, in order.</summary>
        public ChannelReader<Hint> Reader { get; } = reader;
        public void Dispose() => end();
    }
}
