using System.Text.Json;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Jobs;

/// <summary>Says which facts a committed write recorded, until the dispatcher has fanned it out. Order does not matter: each row stands for itself.</summary>
public sealed class Dispatch
{
    public long Id { get; set; }
    public DateTime At { get; set; }

    /// <summary>Ids of facts, separated by commas.</summary>
    public required string FactIds { get; set; }
}

/// <summary>Lanes do not wait for each other.</summary>
public enum Lane : byte { Now = 0, Mail = 1, Bulk = 2 }

/// <summary>Waiting also means: running under a lease. Stuck: tried as often as allowed, a person must look.</summary>
public enum JobState : byte { Waiting = 0, Stuck = 1 }

/// <summary>Work to be done after a commit. At least once; its effects in the database exactly once (see <see cref="JobRun.Finish"/>).</summary>
public sealed class Job
{
    public long Id { get; set; }
    public Lane Lane { get; set; }
    public required string Kind { get; set; }
    public required string Body { get; set; }

    /// <summary>A second job with the same key is not made while the first one stands.</summary>
    public required string DedupeKey { get; set; }
    public DateTime MadeAt { get; set; }
    public DateTime RunAt { get; set; }
    public DateTime? LeasedUntil { get; set; }

    /// <summary>Rises with each lease: who lost his lease cannot finish.</summary>
    public int Fence { get; set; }
    public int Attempts { get; set; }
    public JobState State { get; set; }
    public string? Error { get; set; }
}

/// <summary>Work under a lease.</summary>
public sealed class JobRun(Job job)
{
    /// <summary>The job as it was leased. Attempts were counted before it began.</summary>
    public Job Job { get; } = job;

    /// <summary>True once the job's row is gone.</summary>
    public bool Finished { get; private set; }

    /// <summary>What to do, as its record.</summary>
    public T Body<T>() => JsonSerializer.Deserialize<T>(Job.Body)!;

    /// <summary>Ends the job in the same transaction as its effects. When the lease was lost meanwhile nothing of the transaction stands.</summary>
    /// <exception cref="LeaseLost">Another runner has the job now.</exception>
    public async Task Finish(Database db)
    {
        if (await db.Set<Job>().Where(j => j.Id == Job.Id && j.Fence == Job.Fence).ExecuteDeleteAsync() == 0) throw new LeaseLost();
        Finished = true;
    }

    /// <summary>Ends several jobs in the same transaction as their effects, all or none.</summary>
    /// <exception cref="LeaseLost">Another runner has one of them now.</exception>
    public static async Task Finish(Database db, IReadOnlyCollection<JobRun> runs)
    {
        foreach (var alike in runs.GroupBy(run => run.Job.Fence))
        {
            var (fence, ids) = (alike.Key, alike.Select(run => run.Job.Id).ToList());
            if (await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.Fence == fence).ExecuteDeleteAsync() != ids.Count) throw new LeaseLost();
        }
    }
}

/// <summary>The lease of a job ended before its work did.</summary>
public sealed class LeaseLost() : Exception("The lease was lost.");

/// <summary>The work cannot be done now, for a reason of the world; try again after the pause, which does not grow.</summary>
public sealed class TryLater(string why, TimeSpan pause) : Exception(why)
{
    /// <summary>How long to wait.</summary>
    public TimeSpan Pause { get; } = pause;
}

/// <summary>Does one kind of job.</summary>
public interface IJobHandler
{
    /// <summary>Does the work. Idempotent: it may run again after a crash. An exception means: again later, with growing pauses.</summary>
    Task Run(JobRun run, CancellationToken stop);
}

/// <summary>Does several jobs of its kind at once where that costs less than one after the other.</summary>
public interface IDoesMany : IJobHandler
{
    /// <summary>
    /// Does what it can of them, and answers those whose jobs it has ended (<see cref="JobRun.Finish(Database, IReadOnlyCollection{JobRun})"/>). All others are
    /// run alone afterwards; also when this throws, and then those that had ended are found to have.
    /// </summary>
    Task<IReadOnlyCollection<JobRun>> RunMany(IReadOnlyList<JobRun> runs, CancellationToken stop);
}

/// <summary>Hears one kind of fact after its commit, as a job of its own. Idempotent.</summary>
public interface IHear<TFact> where TFact : Facts.IFact
{
    /// <summary>Acts on what happened.</summary>
    Task Hear(TFact fact, Heard heard, CancellationToken stop);
}

/// <summary>The circumstances of a heard fact.</summary>
public sealed record Heard(long FactId, DateTime At, ActorKind ActorKind, long ActorId, JobRun Run);
