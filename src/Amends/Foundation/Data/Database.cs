using Amends.Foundation.Blobs;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Amends.Foundation.Data;

/// <summary>
/// The one context over both databases. Modules add their tables (<c>CaseTables.cs</c> and its like); sets are reached by
/// <c>db.Set&lt;T&gt;()</c>, and those of cases only through what the module Cases offers.
/// </summary>
public abstract partial class Database(DbContextOptions options, IReadOnlyList<Action<ModelBuilder>> tables) : DbContext(options)
{
    /// <summary>Who writes; set by <see cref="Writer"/>.</summary>
    public Actor Who { get; internal set; } = Actor.System("reading");

    /// <summary>The moment of the write, UTC, whole milliseconds.</summary>
    public DateTime At { get; internal set; }

    /// <summary>True on SQLite.</summary>
    public abstract bool IsSqlite { get; }

    /// <summary>Ids for new rows.</summary>
    internal Ids? Ids { get; set; }

    protected override void OnModelCreating(ModelBuilder model)
    {
        FoundationTables.Describe(model);
        foreach (var describe in tables) describe(model);
        Sequences.MakeOn(model, IsSqlite);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.ClrType.IsAssignableTo(typeof(Noun))) entity.FindProperty(nameof(Noun.Version))!.IsConcurrencyToken = true;
            if (entity.FindProperty("Id") is { } id && id.ClrType == typeof(long)) id.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        // Instants are UTC to the millisecond on both: SQLite keeps them as whole milliseconds, PostgreSQL as timestamptz.
        if (IsSqlite) conventions.Properties<DateTime>().HaveConversion<MillisecondsUtc>();
        else conventions.Properties<DateTime>().HaveConversion<OnlyUtc>();
    }

    sealed class MillisecondsUtc() : ValueConverter<DateTime, long>(
        time => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond,
        stored => new DateTime(DateTime.UnixEpoch.Ticks + stored * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc));

    sealed class OnlyUtc() : ValueConverter<DateTime, DateTime>(
        time => DateTime.SpecifyKind(time, DateTimeKind.Utc), stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));
}

/// <summary>Amends on SQLite.</summary>
public sealed class SqliteDatabase(DbContextOptions<SqliteDatabase> options, IReadOnlyList<Action<ModelBuilder>> tables) : Database(options, tables)
{
    /// <inheritdoc/>
    public override bool IsSqlite => true;
}

/// <summary>Amends on PostgreSQL.</summary>
public sealed class PostgresDatabase(DbContextOptions<PostgresDatabase> options, IReadOnlyList<Action<ModelBuilder>> tables) : Database(options, tables)
{
    /// <inheritdoc/>
    public override bool IsSqlite => false;
}

static class FoundationTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Fact>(fact =>
        {
            fact.ToTable("Fact");
            fact.Property(f => f.Kind).HasMaxLength(60);
            fact.HasIndex(f => new { f.Subject, f.Id });
        });
        model.Entity<FactText>(text =>
        {
            text.ToTable("FactText");
            text.Property(t => t.Field).HasMaxLength(60);
            text.HasIndex(t => t.FactId);
            text.HasIndex(t => t.PersonId);
        });
        model.Entity<UnsealedFact>(row => { row.ToTable("UnsealedFact"); row.HasKey(r => r.FactId); row.Property(r => r.FactId).ValueGeneratedNever(); });
        model.Entity<FactSeal>(seal => { seal.ToTable("FactSeal"); seal.HasIndex(s => s.Block).IsUnique(); });
        model.Entity<WriteKey>(key => { key.ToTable("WriteKey"); key.HasKey(k => new { k.ActorKind, k.ActorId, k.Key }); key.Property(k => k.Key).HasMaxLength(100); key.HasIndex(k => k.At); });
        model.Entity<Sequence>(row => { row.ToTable("Sequence"); row.HasKey(r => r.Name); row.Property(r => r.Name).HasMaxLength(40); });
        model.Entity<Dispatch>(row => row.ToTable("Dispatch"));
        model.Entity<Job>(job =>
        {
            job.ToTable("Job");
            job.Property(j => j.Kind).HasMaxLength(80);
            job.Property(j => j.DedupeKey).HasMaxLength(160);
            job.HasIndex(j => j.DedupeKey).IsUnique();
            job.HasIndex(j => new { j.Lane, j.State, j.RunAt });
        });
        model.Entity<TimetableLease>(row => { row.ToTable("TimetableLease"); row.HasKey(r => r.Line); row.Property(r => r.Line).HasMaxLength(80); });
        model.Entity<Blob>(blob =>
        {
            blob.ToTable("Blob");
            blob.Property(b => b.Place).HasMaxLength(64);
            blob.HasIndex(b => b.Place).IsUnique();
            blob.HasIndex(b => b.CaseId);
            blob.HasIndex(b => b.PersonId);
        });
        model.Entity<ErasedId>(row => { row.ToTable("ErasedId"); });
        model.Entity<Setting>(row => { row.ToTable("Setting"); row.HasKey(s => s.Name); row.Property(s => s.Name).HasMaxLength(80); });
        model.Entity<Brand>(brand => { brand.ToTable("Brand"); brand.Property(b => b.Name).HasMaxLength(200); brand.HasOne<Blob>().WithMany().HasForeignKey(b => b.LogoBlobId).OnDelete(DeleteBehavior.Restrict); });
        model.Entity<OutgoingMail>(mail =>
        {
            mail.ToTable("OutgoingMail");
            mail.Property(m => m.MessageId).HasMaxLength(250);
            mail.HasIndex(m => m.MessageId).IsUnique();
            mail.HasIndex(m => new { m.State, m.SendAt });
            mail.HasIndex(m => m.ContactId);
            mail.HasIndex(m => m.CaseId);
            mail.HasIndex(m => new { m.Automatic, m.QueuedAt }).HasFilter("\"Automatic\" IS NOT NULL");
            mail.HasMany(m => m.Recipients).WithOne().HasForeignKey(r => r.MailId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<OutgoingRecipient>(row => { row.ToTable("OutgoingRecipient"); row.Property(r => r.Address).HasMaxLength(320); });
        model.Entity<MailBrake>(row => { row.ToTable("MailBrake"); row.HasKey(b => b.Kind); row.Property(b => b.Kind).ValueGeneratedNever(); });
        model.Entity<BrakedMail>(row => { row.ToTable("BrakedMail"); row.HasIndex(b => new { b.Kind, b.At }); });
        model.Entity<Search.Hit>(hit => { hit.HasNoKey(); hit.ToView(null); });
    }
}
