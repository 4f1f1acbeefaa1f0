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
            c.HasIndex(x => x.Name);
            c.HasIndex(x => x.ColleagueId);
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
            a.HasIndex(x => x.CustomerId);
        });
        model.Entity<Organisation>(o => { o.ToTable("Organisation"); o.Property(x => x.Name).HasMaxLength(200); o.HasIndex(x => x.Name); });
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
    }
}
