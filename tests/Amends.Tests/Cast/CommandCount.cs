using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Amends.Tests.Cast;

/// <summary>Counts the commands that one house sends to its database, by what they name.</summary>
sealed class CommandCount : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    readonly ConcurrentBag<string> sent = [];
    readonly List<IDisposable> subscriptions = [];

    readonly string database;

    /// <summary>Counts from now on.</summary>
    public static async Task<CommandCount> Of(TestHouse house)
    {
        var count = new CommandCount(house);
        // A context that found nobody listening asks again only a second later, and those kept for the next reader are among them.
        await Task.Delay(1100);
        return count;
    }

    CommandCount(TestHouse house)
    {
        database = house.Place.Postgres is { } postgres ? new Npgsql.NpgsqlConnectionStringBuilder(postgres).Database! : house.Place.SqliteFile;
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<string> Sent => sent;

    /// <summary>How many held this text.</summary>
    public int Of(string part) => sent.Count(text => text.Contains(part, StringComparison.Ordinal));

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore") lock (subscriptions) subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is CommandEventData { Command: { } command, Connection: { } line } && value.Key == RelationalEventId.CommandExecuting.Name && (line.Database == database || line.DataSource == database)) sent.Add(command.CommandText);
    }

    public void OnCompleted() { }
    public void OnError(Exception error) { }

    public void Dispose()
    {
        lock (subscriptions) foreach (var one in subscriptions) one.Dispose();
    }
}
