using Amends.Cases.Targets;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

static class CaseTables
{
    public static void Describe(ModelBuilder model)
    {
        model.NumberSequence("case", 1001);
        model.Entity<Case>(c =>
        {
            c.ToTable("Case");
            c.Ignore(x => x.IsOpen);
            c.Ignore(x => x.Basis);
            c.Property(x => x.Subject).HasMaxLength(300);
            c.Property(x => x.NextStepSays).HasMaxLength(200);
            c.HasIndex(x => x.Number).IsUnique();
            // The desk looks at what is open: these stay small however much is closed. They hold all that decides where a case stands and who sees it, so
            // that counts and pages are read from them alone. Each begins with the order of a list.
            c.HasIndex(x => new { x.NextStepAt, x.Id, x.State, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Open_Next").HasFilter("\"State\" < 2");
            c.HasIndex(x => new { x.OwnerId, x.NextStepAt, x.Id, x.State, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Open_Owner").HasFilter("\"State\" < 2");
            c.HasIndex(x => new { x.LastContactAt, x.Id, x.State, x.NextStepAt, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Open_Newest").HasFilter("\"State\" < 2");
            c.HasIndex(x => new { x.State, x.ResolvedAt, x.LastContactAt, x.Id, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Resolved").HasFilter("\"State\" = 2");
            c.HasIndex(x => new { x.LastContactAt, x.Id, x.State, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Newest");
            // The line of those that wait for their first answer.
            c.HasIndex(x => new { x.TeamId, x.HeardAt, x.Id }, "IX_Case_Unanswered").HasFilter("\"State\" < 2 AND \"FirstAnsweredAt\" IS NULL AND \"FirstAnswerDue\" IS NOT NULL AND \"MergedInto\" IS NULL AND \"SpamAt\" IS NULL AND \"DeletedAt\" IS NULL");
            // What lies behind a step that passes: few, and asked for every half minute.
            c.HasIndex(x => x.PlanAgainAt, "IX_Case_PlanAgain").HasFilter("\"PlanAgainAt\" IS NOT NULL");
            c.HasIndex(x => x.PromisedRiskAt, "IX_Case_Risk").HasFilter("\"State\" < 2 AND \"PromisedRiskAt\" IS NOT NULL");
            // Where three were written: few, and counted beside the views.
            c.HasIndex(x => new { x.PhoneSince, x.Id, x.State, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_Phone").HasFilter("\"PhoneSince\" IS NOT NULL");
            // Past target is counted from here, and what passes is asked for every half minute.
            c.HasIndex(x => new { x.PastTargetFrom, x.Id, x.State, x.OwnerId, x.TeamId, x.Confidential, x.SpamAt, x.MergedInto, x.DeletedAt }, "IX_Case_PastTarget").HasFilter("\"State\" < 2 AND \"PastTargetFrom\" IS NOT NULL");
            c.HasIndex(x => x.TargetWatchAt, "IX_Case_TargetWatch").HasFilter("\"TargetWatchAt\" IS NOT NULL");
            // Whom the line is to be told of next: looked for every half minute.
            c.HasIndex(x => x.EscalateAt, "IX_Case_Escalate").HasFilter("\"State\" < 2 AND \"EscalateAt\" IS NOT NULL");
            c.Property(x => x.Escalated).HasMaxLength(600);
            c.HasIndex(x => x.ApologyDue, "IX_Case_Apology").HasFilter("\"State\" < 2 AND \"ApologyDue\" IS NOT NULL");
            c.HasIndex(x => new { x.LastContactAt, x.Id }, "IX_Case_Spam").HasFilter("\"SpamAt\" IS NOT NULL");
            c.HasIndex(x => new { x.LastContactAt, x.Id }, "IX_Case_Deleted").HasFilter("\"DeletedAt\" IS NOT NULL");
            c.HasIndex(x => new { x.CustomerId, x.Id });
            c.HasIndex(x => new { x.ReporterId, x.Id }).HasFilter("\"ReporterId\" IS NOT NULL");
            c.HasIndex(x => x.MergedInto).HasFilter("\"MergedInto\" IS NOT NULL");
            c.HasOne<Customer>().WithMany().HasForeignKey(x => x.CustomerId).OnDelete(DeleteBehavior.Restrict);
            c.HasOne<Team>().WithMany().HasForeignKey(x => x.TeamId).OnDelete(DeleteBehavior.Restrict);
            c.HasOne<Colleague>().WithMany().HasForeignKey(x => x.OwnerId).OnDelete(DeleteBehavior.Restrict);
            c.HasOne<Brand>().WithMany().HasForeignKey(x => x.BrandId).OnDelete(DeleteBehavior.Restrict);
            c.HasMany(x => x.Watchers).WithOne().HasForeignKey(w => w.CaseId);
            c.HasMany(x => x.Tags).WithOne().HasForeignKey(t => t.CaseId);
        });
        model.Entity<Watcher>(w => { w.ToTable("Watcher"); w.HasKey(x => new { x.CaseId, x.ColleagueId }); w.HasIndex(x => x.ColleagueId); });
        model.Entity<CaseRead>(r => { r.ToTable("CaseRead"); r.HasKey(x => new { x.ColleagueId, x.CaseId }); });
        model.Entity<Tag>(t => { t.ToTable("Tag"); t.Property(x => x.Name).HasMaxLength(60); t.Property(x => x.Folded).HasMaxLength(60); t.HasIndex(x => x.Folded).IsUnique(); });
        model.Entity<CaseTag>(t => { t.ToTable("CaseTag"); t.HasKey(x => new { x.CaseId, x.TagId }); t.HasIndex(x => x.TagId); t.HasOne<Tag>().WithMany().HasForeignKey(x => x.TagId); });
        model.Entity<CaseLink>(l => { l.ToTable("CaseLink"); l.HasKey(x => new { x.CaseId, x.OtherId }); l.HasIndex(x => x.OtherId); });
        model.Entity<CaseMerge>(m => { m.ToTable("CaseMerge"); m.HasIndex(x => x.IntoId); m.HasIndex(x => x.FromId); });
        model.Entity<Note>(n => { n.ToTable("Note"); n.HasIndex(x => x.CaseId); n.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId); });
        model.Entity<CaseFile>(f =>
        {
            f.ToTable("CaseFile");
            f.Property(x => x.Name).HasMaxLength(300);
            f.Property(x => x.ContentType).HasMaxLength(120);
            f.HasIndex(x => x.CaseId);
            f.HasIndex(x => x.OfId);
            f.HasOne<Blob>().WithMany().HasForeignKey(x => x.BlobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Draft>(d => { d.ToTable("Draft"); d.HasIndex(x => new { x.CaseId, x.ColleagueId, x.IsNote }).IsUnique(); });
        model.Entity<OutOfTurn>(o => { o.ToTable("OutOfTurn"); o.HasIndex(x => x.CaseId); o.HasIndex(x => new { x.TeamId, x.At }); o.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId); });
        model.Entity<BulkStep>(b => { b.ToTable("BulkStep"); b.HasIndex(x => x.At); });
        model.Entity<CannedText>(t => { t.ToTable("CannedText"); t.Property(x => x.Name).HasMaxLength(120); });
        model.Entity<SavedView>(v => { v.ToTable("SavedView"); v.Property(x => x.Name).HasMaxLength(120); v.HasIndex(x => x.OwnerId); });
        model.Entity<NamedCalendar>(n => { n.ToTable("Calendar"); n.Property(x => x.Name).HasMaxLength(120); n.Property(x => x.Zone).HasMaxLength(80); });
        model.Entity<ServiceTarget>(t => { t.ToTable("ServiceTarget"); t.Ignore(x => x.IsDefault); t.Ignore(x => x.Weight); });
        model.Entity<Notification>(n => { n.ToTable("Notification"); n.HasIndex(x => new { x.ColleagueId, x.SeenAt }); n.HasIndex(x => x.CaseId); });
    }
}
