using Amends.Cases;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

static class PromiseTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<NotPromise>(n => { n.ToTable("NotPromise"); n.Property(x => x.Words).HasMaxLength(400); });
        model.Entity<NewTime>(n =>
        {
            n.ToTable("NewTime");
            n.Property(x => x.Zone).HasMaxLength(60);
            n.HasIndex(x => new { x.DraftId, x.PromiseId }).IsUnique();
            // It is part of the draft: what ends that ends this.
            n.HasOne<Draft>().WithMany().HasForeignKey(x => x.DraftId).OnDelete(DeleteBehavior.Cascade);
            n.HasOne<Promise>().WithMany().HasForeignKey(x => x.PromiseId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<PromiseFeed>(f =>
        {
            f.ToTable("PromiseFeed");
            f.HasIndex(x => x.Hash).IsUnique();
            f.HasIndex(x => x.ColleagueId).IsUnique();
            f.HasOne<Colleague>().WithMany().HasForeignKey(x => x.ColleagueId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<Promise>(p =>
        {
            p.ToTable("Promise");
            p.Ignore(x => x.IsOpen);
            p.Ignore(x => x.What);
            p.Property(x => x.Named).HasMaxLength(200);
            p.Property(x => x.Quote).HasMaxLength(400);
            p.Property(x => x.Zone).HasMaxLength(60);
            p.Property(x => x.EndedWhy).HasMaxLength(300);
            p.HasIndex(x => x.CaseId);
            p.HasIndex(x => x.SaidIn).HasFilter("\"SaidIn\" IS NOT NULL");
            p.HasIndex(x => x.ToldIn).HasFilter("\"ToldIn\" IS NOT NULL");
            // Calendar and kept rate ask by the day on which a promise came due.
            p.HasIndex(x => new { x.DueAt, x.State }, "IX_Promise_Due");
            // What the clock and the pages of keepers ask for: those that are open are few, however many were made.
            p.HasIndex(x => new { x.KeeperId, x.DueAt }, "IX_Promise_Open_Keeper").HasFilter("\"State\" = 0");
            p.HasIndex(x => x.DueAt, "IX_Promise_Open_Due").HasFilter("\"State\" = 0");
            p.HasIndex(x => new { x.EndedAt, x.State }, "IX_Promise_Ended").HasFilter("\"EndedAt\" IS NOT NULL");
            p.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId);
            p.HasOne<Customer>().WithMany().HasForeignKey(x => x.CustomerId).OnDelete(DeleteBehavior.Restrict);
            p.HasOne<Colleague>().WithMany().HasForeignKey(x => x.KeeperId).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
