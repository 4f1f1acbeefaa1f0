using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Settings;

/// <summary>One setting of the house. Typed in code by <see cref="SettingName{T}"/>; secrets are sealed with the house key.</summary>
public sealed class Setting : Noun
{
    public required string Name { get; set; }
    public string? Text { get; private set; }
    public byte[]? Secret { get; private set; }

    internal void Set(string? text, byte[]? secret)
    {
        var before = Secret is not null || secret is not null ? null : Text;
        (Text, Secret) = (text, secret);
        Record(new SettingChanged(Name), secret is null ? [new FactTextDraft(Name, before, text)] : []);
    }
}

/// <summary>A setting was changed; the texts stand beside the fact, those of secrets nowhere.</summary>
[FactKind("setting.changed")]
public sealed record SettingChanged(string Name) : IFact
{
    public long Subject => 0;
}

/// <summary>The name of a setting, its type, and what holds until somebody sets it.</summary>
/// <typeparam name="T">string, bool, int or long.</typeparam>
public sealed record SettingName<T>(string Name, T Default, bool IsSecret = false);

/// <summary>Reads settings, kept in memory until one changes; and sets them inside of a write.</summary>
public sealed class House : BackgroundService
{
    readonly Databases databases;
    readonly HouseKey key;
    readonly HintBoard hints;
    readonly ConcurrentDictionary<string, string?> known = [];

    // Rises with each change that was heard of; what was loaded counts for the number that it was loaded at.
    int heard = 1;
    int loadedAt;

    public House(Databases databases, HouseKey key, HintBoard hints)
    {
        (this.databases, this.key, this.hints) = (databases, key, hints);
        hints.Told += Hear;
    }

    void Hear(Hint hint)
    {
        if (hint.Kind is "setting" or "all") Forget();
    }

    /// <summary>What is set, or the default.</summary>
    public T Get<T>(SettingName<T> name)
    {
        if (Volatile.Read(ref loadedAt) != Volatile.Read(ref heard)) Load();
        return known.TryGetValue(name.Name, out var text) && text is not null ? Parse<T>(text) : name.Default;
    }

    /// <summary>Sets, in the write's transaction.</summary>
    public async Task Set<T>(Database db, SettingName<T> name, T value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        var row = await db.Set<Setting>().AsTracking().FirstOrDefaultAsync(s => s.Name == name.Name)
            ?? db.Set<Setting>().Local.FirstOrDefault(s => s.Name == name.Name);
        if (row is null) db.Add(row = new Setting { Name = name.Name });
        else if (!name.IsSecret && row.Text == text) return;
        row.Set(name.IsSecret ? null : text, name.IsSecret && text is { Length: > 0 } ? key.Seal("setting", Encoding.UTF8.GetBytes(text)) : null);
    }

    /// <summary>Forgets what is in memory.</summary>
    public void Forget() => Interlocked.Increment(ref heard);

    void Load()
    {
        // What changes while we read is read again by the next who asks.
        var at = Volatile.Read(ref heard);
        using var db = databases.Open();
        foreach (var row in db.Set<Setting>().ToList())
            known[row.Name] = row.Secret is { } secret ? Encoding.UTF8.GetString(key.Open("setting", secret)) : row.Text;
        Volatile.Write(ref loadedAt, at);
    }

    static T Parse<T>(string text) => (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Changes of other processes come as hints.
        using var ear = hints.Listen();
        try
        {
            await foreach (var hint in ear.Reader.ReadAllAsync(stoppingToken)) Hear(hint);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    public override void Dispose()
    {
        hints.Told -= Hear;
        base.Dispose();
    }
}
