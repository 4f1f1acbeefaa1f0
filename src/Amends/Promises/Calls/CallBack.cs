using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>What is needed to keep a promised call: a plain row beside its promise, whose facts tell of it.</summary>
public sealed class CallBack
{
    /// <summary>The promise, of the kind <see cref="Finding.PromiseKind.Call"/>.</summary>
    public long PromiseId { get; init; }
    public long CaseId { get; init; }

    /// <summary>As it was written, up to 60 characters; null where none is known yet.</summary>
    public string? Number { get; set; }

    /// <summary>The hours that suit the customer, minutes of the day in the promise's zone; both or none.</summary>
    public int? FromMinute { get; set; }
    public int? UntilMinute { get; set; }

    /// <summary>Two letters, or null where it is not known.</summary>
    public string? Language { get; set; }

    /// <summary>What to say, up to 4,000 characters.</summary>
    public string? Script { get; set; }

    /// <summary>Only the named officer who keeps it can make this call.</summary>
    public bool ByOfficer { get; init; }

    /// <summary>The customer asked for it.</summary>
    public bool ByCustomer { get; init; }
    public DateTime MadeAt { get; init; }

    /// <summary>Calls in which nobody was reached.</summary>
    public int Attempts { get; set; }
    public DateTime? TriedAt { get; set; }

    /// <summary>When to try again, UTC; null where nothing was said.</summary>
    public DateTime? NextTryAt { get; set; }
}

/// <summary>The desk said <em>pick up the phone</em>, and what came of it: so that the share can be counted. Written with the facts of the case.</summary>
public sealed class CallAdvice
{
    public long Id { get; set; }
    public long CaseId { get; set; }
    public DateTime At { get; set; }
    public DateTime? EndedAt { get; set; }
    public CallAdviceEnd? How { get; set; }
}

/// <summary>A colleague with the authority to put things right, whom customers may ask for; of one brand, or of all.</summary>
public sealed class Officer : Noun
{
    public long? BrandId { get; init; }
    public long ColleagueId { get; init; }

    /// <summary>The lowest that is there is asked; the others stand in, in this order: nobody else has the authority, also where an absence names somebody.</summary>
    public int Rank { get; set; }

    /// <summary>Says what was done.</summary>
    public void Did(bool removed) => Record(new OfficerChanged(Id, ColleagueId, removed));
}

[FactKind("promise.call-planned")] public sealed record CallPlanned(long Case, long Promise, bool ByOfficer, bool ByCustomer) : ICaseFact { public long Subject => Case; }
[FactKind("promise.not-reached")] public sealed record CallNotReached(long Case, long Promise, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("promise.officer-asked")] public sealed record OfficerAsked(long Case, long Promise, long Officer, bool ByCustomer) : ICaseFact { public long Subject => Case; }
[FactKind("promise.officer-instead")] public sealed record OfficerInstead(long Case, long Promise, long From, long To) : ICaseFact { public long Subject => Case; }
[FactKind("officer.changed")] public sealed record OfficerChanged(long Officer, long Colleague, bool Removed) : IFact { public long Subject => Officer; }

static class CallTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<CallBack>(c =>
        {
            c.ToTable("CallBack");
            c.HasKey(x => x.PromiseId);
            c.Property(x => x.PromiseId).ValueGeneratedNever();
            c.Property(x => x.Number).HasMaxLength(60);
            c.Property(x => x.Language).HasMaxLength(2);
            c.Property(x => x.Script).HasMaxLength(4000);
            c.HasIndex(x => x.CaseId);
            c.HasOne<Promise>().WithOne().HasForeignKey<CallBack>(x => x.PromiseId);
        });
        model.Entity<CallAdvice>(a =>
        {
            a.ToTable("CallAdvice");
            a.HasIndex(x => x.CaseId);
            a.HasIndex(x => x.EndedAt);
            a.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId);
        });
        model.Entity<Officer>(o =>
        {
            o.ToTable("Officer");
            o.HasIndex(x => x.ColleagueId);
            o.HasOne<Colleague>().WithMany().HasForeignKey(x => x.ColleagueId).OnDelete(DeleteBehavior.Restrict);
            o.HasOne<Foundation.Settings.Brand>().WithMany().HasForeignKey(x => x.BrandId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
