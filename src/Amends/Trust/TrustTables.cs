using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

static class TrustTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Colleague>(c =>
        {
            c.ToTable("Colleague");
            c.Property(x => x.Name).HasMaxLength(200);
            c.Property(x => x.Address).HasMaxLength(320);
            c.HasIndex(x => x.Address).IsUnique();
            c.HasMany(x => x.Teams).WithOne().HasForeignKey(t => t.ColleagueId);
            c.HasOne<Role>().WithMany().HasForeignKey(x => x.RoleId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Team>(t => { t.ToTable("Team"); t.Property(x => x.Name).HasMaxLength(120); t.HasIndex(x => x.Name).IsUnique(); });
        model.Entity<TeamMember>(m =>
        {
            m.ToTable("TeamMember");
            m.HasKey(x => new { x.TeamId, x.ColleagueId });
            m.HasIndex(x => x.ColleagueId);
            m.HasOne<Team>().WithMany().HasForeignKey(x => x.TeamId);
        });
        model.Entity<Absence>(a =>
        {
            a.ToTable("Absence");
            a.Property(x => x.Why).HasMaxLength(200);
            a.HasIndex(x => new { x.ColleagueId, x.UntilAt });
            a.HasIndex(x => x.UntilAt);
            a.HasOne<Colleague>().WithMany().HasForeignKey(x => x.ColleagueId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<Role>(r =>
        {
            r.ToTable("Role");
            r.Property(x => x.Name).HasMaxLength(120);
            r.HasIndex(x => x.Name).IsUnique();
            r.HasMany(x => x.Permissions).WithOne().HasForeignKey(p => p.RoleId);
        });
        model.Entity<RolePermission>(p => { p.ToTable("RolePermission"); p.HasKey(x => new { x.RoleId, x.Verb }); });
        model.Entity<Session>(s => { s.ToTable("Session"); s.HasIndex(x => x.TokenHash).IsUnique(); s.HasIndex(x => x.ColleagueId); });
        model.Entity<MailLink>(l => { l.ToTable("MailLink"); l.HasIndex(x => x.TokenHash).IsUnique(); l.HasIndex(x => x.ColleagueId); });
        model.Entity<RecoveryCode>(r => { r.ToTable("RecoveryCode"); r.HasIndex(x => x.ColleagueId); });
        model.Entity<AccessKey>(k => { k.ToTable("AccessKey"); k.Property(x => x.Name).HasMaxLength(120); k.HasIndex(x => x.Hash).IsUnique(); });
        model.Entity<Access>(a => { a.ToTable("Access"); a.Property(x => x.What).HasMaxLength(40); a.HasIndex(x => new { x.Subject, x.Id }); });
    }
}
