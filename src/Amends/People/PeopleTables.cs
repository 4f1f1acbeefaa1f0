using Amends.Foundation.Blobs;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

static class PeopleTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Customer>(c =>
        {
            c.ToTable("Customer");
            c.Property(x => x.Name).HasMaxLength(200);
            c.Property(x => x.Sort).HasMaxLength(200);
            c.HasIndex(x => new { x.Sort, x.Id });
            c.HasIndex(x => x.ColleagueId);
            c.HasIndex(x => x.MergedInto).HasFilter("\"MergedInto\" IS NOT NULL");
            c.HasOne<Colleague>().WithMany().HasForeignKey(x => x.ColleagueId).OnDelete(DeleteBehavior.SetNull);
            c.HasMany(x => x.Addresses).WithOne().HasForeignKey(a => a.CustomerId);
            c.HasMany(x => x.Memberships).WithOne().HasForeignKey(m => m.CustomerId);
        });
        model.Entity<CustomerAddress>(a =>
        {
            a.ToTable("CustomerAddress");
            a.Property(x => x.Value).HasMaxLength(320);
            a.Property(x => x.Shown).HasMaxLength(320);
            a.HasIndex(x => new { x.Value, x.CustomerId }).IsUnique();
            a.Property(x => x.Tail).HasMaxLength(20);
            a.Property(x => x.Claim).HasMaxLength(320);
            a.HasIndex(x => x.CustomerId);
            a.HasIndex(x => x.Tail).HasFilter("\"Tail\" IS NOT NULL");
            a.HasIndex(x => x.Claim).IsUnique();
        });
        model.Entity<Organisation>(o => { o.ToTable("Organisation"); o.Property(x => x.Name).HasMaxLength(200); o.Property(x => x.Sort).HasMaxLength(200); o.HasIndex(x => new { x.Sort, x.Id }); });
        model.Entity<Membership>(m =>
        {
            m.ToTable("Membership");
            m.HasKey(x => new { x.CustomerId, x.OrganisationId });
            m.HasIndex(x => x.OrganisationId);
            m.HasOne<Organisation>().WithMany().HasForeignKey(x => x.OrganisationId);
        });
        model.Entity<Holding>(h =>
        {
            h.ToTable("Holding");
            h.Property(x => x.Product).HasMaxLength(200);
            h.HasIndex(x => x.CustomerId);
            h.HasIndex(x => x.OrganisationId);
            h.HasIndex(x => new { x.Product, x.Batch });
        });
        model.Entity<PersonWord>(w =>
        {
            w.ToTable("PersonWord");
            w.HasKey(x => new { x.Word, x.Kind, x.PersonId });
            w.Property(x => x.Word).HasMaxLength(41);
            w.HasIndex(x => new { x.Kind, x.PersonId });
            w.HasIndex(x => x.Word).HasOperators("text_pattern_ops");
        });
        model.Entity<ExternalRef>(r =>
        {
            r.ToTable("ExternalRef");
            r.HasKey(x => new { x.System, x.Kind, x.Key });
            r.Property(x => x.System).HasMaxLength(60);
            r.Property(x => x.Key).HasMaxLength(200);
            r.HasIndex(x => new { x.Kind, x.TargetId });
        });
        model.Entity<PeopleImport>(i =>
        {
            i.ToTable("PeopleImport");
            i.Property(x => x.FileName).HasMaxLength(300);
            i.Property(x => x.System).HasMaxLength(60);
            i.HasOne<Blob>().WithMany().HasForeignKey(x => x.BlobId).OnDelete(DeleteBehavior.Restrict);
            i.HasMany(x => x.Columns).WithOne().HasForeignKey(c => c.ImportId);
            i.HasMany<ImportReject>().WithOne().HasForeignKey(r => r.ImportId);
        });
        model.Entity<ImportColumn>(c => { c.ToTable("ImportColumn"); c.HasKey(x => new { x.ImportId, x.Position }); });
        model.Entity<ImportReject>(r => { r.ToTable("ImportReject"); r.HasKey(x => new { x.ImportId, x.Row }); r.Property(x => x.Why).HasMaxLength(300); });
    }
}
