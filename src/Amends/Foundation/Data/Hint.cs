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
public sealed class HintBoard(Databases databases, ILogger<HintBoard> log) : BackgroundService
{
    /// <summary>Stands for hints that were lost on the way: fetch all regions.</summary>
    public static readonly Hint Missed = new("all", 0, 0);

    readonly ConcurrentDictionary<Channel<Hint>, bool> listeners = [];

    /// <summary>Raised at once, in the committing task, before the write's answer: for what is kept in memory (settings).</summary>
    public event Action<Hint>? Told;

    /// <summary>Tells those who keep things in memory.</summary>
    internal void Tell(IEnumerable<Hint> hints)
    {
        if (Told is not { } told) return;
        foreach (var hint in hints) told(hint);
    }

    /// <summary>How many pages listen.</summary>
    public int Listeners => listeners.Count;

    /// <summary>Listens until the returned subscription is disposed.</summary>
    public Subscription Listen()
    {
        var channel = Channel.CreateBounded<Hint>(new BoundedChannelOptions(256) { SingleReader = true });
        listeners[channel] = true;
        return new Subscription(channel.Reader, () => listeners.TryRemove(channel, out _));
    }

    /// <summary>Gives hints to the listeners of this process.</summary>
    internal void Publish(IReadOnlyCollection<Hint> hints)
    {
        Tell(hints);
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
                Publish(Missed);
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception why)
            {
                log.LogWarning("Live hints wait for the database: {Why}", why.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
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
