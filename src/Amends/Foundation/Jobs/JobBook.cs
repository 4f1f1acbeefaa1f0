using System.Text.Json;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Jobs;

/// <summary>What kinds of jobs there are and who hears which fact; filled by the module cards.</summary>
public sealed class JobBook
{
    internal sealed record Kind(string Name, Type Handler, int MostAttempts)
    {
        public bool DoesMany { get; } = Handler.IsAssignableTo(typeof(IDoesMany));
    }

    internal sealed record Ear(string Name, string FactKind, Lane Lane, Func<IServiceProvider, IFact, Heard, CancellationToken, Task> Call, Func<IFact, long, bool>? When)
    {
        /// <summary>Whether it hears a fact of its kind.</summary>
        public bool Hears(IFact fact, ActorKind kind, long actor) => When is null || When(fact, kind == ActorKind.Colleague ? actor : 0);

        // A fact that cannot be read holds up no other: it counts as heard, and its job gets stuck where people see it.
        public bool MayHear(Func<IFact> fact, ActorKind kind, long actor)
        {
            if (When is null) return true;
            try { return Hears(fact(), kind, actor); }
            catch (Exception) { return true; }
        }
    }

    readonly Dictionary<string, Kind> kinds = [];
    readonly Dictionary<string, Ear> ears = [];
    ILookup<string, Ear>? byFact;

    /// <summary>Declares a kind of job.</summary>
    /// <param name="mostAttempts">After so many tries it is stuck and shown to a person.</param>
    public JobBook Does<THandler>(string kind, int mostAttempts = 12) where THandler : class, IJobHandler
    {
        kinds.Add(kind, new Kind(kind, typeof(THandler), mostAttempts));
        return this;
    }

    /// <summary>Declares a listener.</summary>
    /// <param name="when">Which facts of the kind it hears, by the fact and the colleague who did it (0: none); null for all. What nobody hears costs no job: said here rather than in the listener.</param>
    public JobBook Hears<TFact, THandler>(Lane lane = Lane.Now, Func<TFact, long, bool>? when = null) where TFact : IFact where THandler : class, IHear<TFact>
    {
        var name = $"{typeof(THandler).Name}";
        var fact = FactKinds.Of(typeof(TFact)).Kind;
        ears.Add($"{name}<{fact}", new Ear($"{name}<{fact}", fact, lane, (services, happened, heard, stop) =>
            services.GetRequiredService<THandler>().Hear((TFact)happened, heard, stop), when is null ? null : (happened, by) => when((TFact)happened, by)));
        byFact = null;
        return this;
    }

    internal IEnumerable<Type> Handlers => kinds.Values.Select(kind => kind.Handler);
    internal Kind? KindOf(string name) => kinds.GetValueOrDefault(name);
    internal Ear? EarOf(string name) => ears.GetValueOrDefault(name);
    internal IEnumerable<Ear> EarsFor(string factKind, ActorKind kind, long actor, Func<IFact> fact) =>
        (byFact ??= ears.Values.ToLookup(ear => ear.FactKind))[factKind].Where(ear => ear.MayHear(fact, kind, actor));
}

/// <summary>Adds jobs inside of a write.</summary>
public static class Enqueueing
{
    /// <summary>Adds a job, unless one with this dedupe key stands already.</summary>
    public static async Task Enqueue(this Database db, Lane lane, string kind, string dedupeKey, object body, DateTime? runAt = null)
    {
        if (db.Set<Job>().Local.Any(j => j.DedupeKey == dedupeKey) || await db.Set<Job>().AnyAsync(j => j.DedupeKey == dedupeKey)) return;
        db.EnqueueNew(lane, kind, dedupeKey, body, runAt);
    }

    /// <summary>Adds a job whose dedupe key cannot stand already: it names a row that this write has made.</summary>
    public static void EnqueueNew(this Database db, Lane lane, string kind, string dedupeKey, object body, DateTime? runAt = null)
    {
        if (runAt is null || runAt <= db.At) db.HasWork(lane);
        db.Add(new Job
        {
            Lane = lane,
            Kind = kind,
            DedupeKey = dedupeKey,
            Body = JsonSerializer.Serialize(body, body.GetType()),
            MadeAt = db.At,
            RunAt = runAt ?? db.At
        });
    }
}
