using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Data;

/// <summary>The version in a form is not the one that stands: somebody else wrote in between.</summary>
/// <param name="Noun">What was to be changed, as it stands now.</param>
/// <param name="Seen">The version that the form had.</param>
public sealed class VersionConflict(Noun noun, int seen) : Exception("Changed meanwhile")
{
    /// <summary>What was to be changed, as it stands now.</summary>
    public Noun Noun { get; } = noun;

    /// <summary>The version that the form had.</summary>
    public int Seen { get; } = seen;
}

public abstract partial class Database
{
    readonly List<long> factIds = [];
    readonly List<IFact> facts = [];
    readonly Dictionary<(Type, long), Hint> hints = [];
    readonly HashSet<Noun> kept = [];
    readonly List<string> factKinds = [];
    readonly HashSet<Lane> lanes = [];
    readonly Dictionary<Type, object> ahead = [];
    bool nounChanged;

    /// <summary>What was read at once for all that this write is about to do, so that each need not ask by itself; null where nothing was.</summary>
    internal T? Ahead<T>() where T : class => ahead.GetValueOrDefault(typeof(T)) as T;

    /// <summary>Keeps what was read at once until this write ends.</summary>
    internal void KeepAhead<T>(T read) where T : class => ahead[typeof(T)] = read;

    /// <summary>The facts that this write has recorded so far.</summary>
    internal IReadOnlyList<IFact> Facts => facts;

    /// <summary>The nouns that this write has changed and saved so far.</summary>
    internal IEnumerable<Noun> ChangedNouns => kept;

    /// <summary>The ids of the facts that this write has saved so far, in order.</summary>
    internal IReadOnlyList<long> FactIds => factIds;

    /// <summary>What others should look at again once this write is committed.</summary>
    internal IReadOnlyCollection<Hint> Hints => hints.Values;

    /// <summary>True when a noun was changed and nothing was recorded: the writer refuses that.</summary>
    internal bool ChangedWithoutFact => nounChanged && factIds.Count == 0;

    /// <summary>Loads a noun to change it, and checks the version that the form carried (null: any).</summary>
    /// <exception cref="NotThere">No such row.</exception>
    /// <exception cref="VersionConflict">Somebody else wrote in between.</exception>
    public async Task<T> Load<T>(long id, int? version = null) where T : Noun
    {
        // What this write has loaded or made already stands as it left it.
        var noun = Set<T>().Local.FindEntry(id)?.Entity ?? await Set<T>().AsTracking().FirstOrDefaultAsync(row => row.Id == id) ?? throw new NotThere();
        return Checked(noun, version);
    }

    /// <summary>The one place in which the version of a form is compared.</summary>
    public static T Checked<T>(T noun, int? version) where T : Noun =>
        version is { } seen && seen != noun.Version ? throw new VersionConflict(noun, seen) : noun;

    /// <summary>Records a fact that belongs to no noun of this write.</summary>
    public void Record(IFact fact, params FactTextDraft[] texts) => Keep(new FactDraft(fact, texts));

    /// <summary>A number from a named sequence: unique, rising, gaps allowed. Starts at <paramref name="first"/>.</summary>
    public async Task<long> NextNumber(string name, long first = 1)
    {
        if (Ahead<Sequences.Drawn>() is { } drawn && drawn.Next(name) is { } number) return number;
        if (!IsSqlite) return await Sequences.NextOnPostgres(this, name);
        var row = await Set<Sequence>().FindAsync(name);
        if (row is null) Add(row = new Sequence { Name = name, Next = first });
        return row.Next++;
    }

    /// <summary>Publishes a hint with this write's commit where no noun of that kind changes: a session that ended, say.</summary>
    internal void Tell(Hint hint) => hints[(typeof(Hint), hint.Id)] = hint;

    // A row gets its id as it is added: two new rows of a kind with none would be taken for the same one.
    T WithId<T>(T row) where T : class
    {
        if (Ids is { } made && Model.FindEntityType(row.GetType())?.FindPrimaryKey() is { Properties: [{ Name: "Id", PropertyInfo: { } id }] } && id.PropertyType == typeof(long) && (long)id.GetValue(row)! == 0)
            id.SetValue(row, made.Next());
        return row;
    }

    public override Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry<TEntity> Add<TEntity>(TEntity entity) => base.Add(WithId(entity));

    public override Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry Add(object entity) => base.Add(WithId(entity));

    public override void AddRange(params object[] entities) => AddRange((IEnumerable<object>)entities);

    public override void AddRange(IEnumerable<object> entities) => base.AddRange(entities.Select(WithId).ToList());

    // Ids, versions, facts and hints of everything that is about to be saved.
    void PrepareRows()
    {
        foreach (var entry in ChangeTracker.Entries().ToList())
        {
            if (entry.State == EntityState.Added && entry.Metadata.FindPrimaryKey() is { Properties: [{ Name: "Id" } key] } && key.ClrType == typeof(long)
                && (long)entry.Property("Id").CurrentValue! == 0) entry.Property("Id").CurrentValue = Ids!.Next();
            if (entry.Entity is not Noun noun) continue;
            // A verb that changed only rows of the noun (an address, a tag) changed the noun.
            if (entry.State is EntityState.Modified or EntityState.Added or EntityState.Deleted || noun.HasRecorded)
            {
                nounChanged = true;
                kept.Add(noun);
                // A second save in the same write is the same version.
                if (hints.TryAdd((noun.GetType(), noun.Id), default)) entry.Property(nameof(Noun.Version)).CurrentValue = noun.Version + 1;
                hints[(noun.GetType(), noun.Id)] = new Hint(noun.GetType().Name.ToLowerInvariant(), noun.Id, noun.Version);
            }
            foreach (var draft in noun.TakeRecorded()) Keep(draft);
        }
    }

    void Keep(FactDraft draft)
    {
        var kind = FactKinds.Of(draft.Fact.GetType());
        var fact = new Fact
        {
            Id = Ids!.Next(),
            At = At,
            ActorKind = Who.Kind,
            ActorId = Who.Id,
            Kind = kind.Kind,
            KindVersion = kind.Version,
            Subject = draft.Fact.Subject,
            Body = FactKinds.Write(draft.Fact)
        };
        if (draft.Texts.Count > 0)
        {
            var salt = RandomNumberGenerator.GetBytes(16);
            fact.TextDigest = SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(string.Join('\0', draft.Texts.Select(t => $"{t.Field}\0{t.Before}\0{t.After}")))]);
            foreach (var text in draft.Texts)
                Add(new FactText { Id = Ids.Next(), FactId = fact.Id, PersonId = text.PersonId, Field = text.Field, Before = text.Before, After = text.After, Salt = salt });
        }
        Add(fact);
        factIds.Add(fact.Id);
        factKinds.Add(fact.Kind);
        facts.Add(draft.Fact);
    }

    /// <summary>Set where history is written that nobody must hear of: the demo's past, a restored list of what was erased.</summary>
    internal bool NobodyHears { get; set; }

    /// <summary>Takes what a noun has recorded so far, at the moment that <see cref="At"/> says now.</summary>
    internal void Settle(Noun noun)
    {
        foreach (var draft in noun.TakeRecorded()) Keep(draft);
    }

    /// <summary>Lets each changed noun write what must stand with it.</summary>
    internal async Task KeepWhatBelongs()
    {
        foreach (var noun in kept.ToArray()) await noun.Kept(this);
    }

    /// <summary>True when this write has a dispatch row: somebody hears a fact of it.</summary>
    internal bool HasDispatch { get; private set; }

    /// <summary>The lanes of the jobs that this write added and that are due.</summary>
    internal IReadOnlySet<Lane> Lanes => lanes;

    /// <summary>Notes that a job due now was added.</summary>
    internal void HasWork(Lane lane) => lanes.Add(lane);

    /// <summary>Adds the one dispatch row of this write, when it recorded anything that somebody hears.</summary>
    internal void AddDispatch(JobBook? book)
    {
        if (NobodyHears) return;
        var heard = book is null ? factIds : factIds.Where((_, at) => book.EarsFor(factKinds[at], Who.Kind, Who.Id, () => facts[at]).Any()).ToList();
        if (heard.Count == 0) return;
        Add(new Dispatch { Id = Ids!.Next(), At = At, FactIds = string.Join(',', heard) });
        HasDispatch = true;
    }

    // As before any write.
    void Forget()
    {
        factIds.Clear();
        factKinds.Clear();
        facts.Clear();
        hints.Clear();
        kept.Clear();
        lanes.Clear();
        ahead.Clear();
        (nounChanged, HasDispatch, NobodyHears, MayGoBack) = (false, false, false, false);
    }
}
