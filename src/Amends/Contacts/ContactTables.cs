using Amends.Cases;
using Amends.Foundation.Blobs;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

static class ContactTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Contact>(c =>
        {
            c.ToTable("Contact");
            c.Property(x => x.MessageId).HasMaxLength(300);
            c.Property(x => x.FromAddress).HasMaxLength(320);
            c.HasIndex(x => new { x.CaseId, x.At });
            c.HasIndex(x => x.MessageId).HasFilter("\"MessageId\" IS NOT NULL");
            c.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            c.HasOne<Blob>().WithMany().HasForeignKey(x => x.RawBlobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Mailbox>(m => { m.ToTable("Mailbox"); m.Property(x => x.Address).HasMaxLength(320); m.Property(x => x.Name).HasMaxLength(200); m.HasIndex(x => x.Address).IsUnique(); });
        model.Entity<Delivery>(d =>
        {
            d.ToTable("Delivery");
            d.HasIndex(x => new { x.MailboxId, x.Sha256 }).IsUnique();
            d.HasIndex(x => x.ContactId).HasFilter("\"ContactId\" IS NOT NULL");
            d.HasIndex(x => x.State).HasFilter("\"State\" <> 1");
            d.HasOne<Mailbox>().WithMany().HasForeignKey(x => x.MailboxId).OnDelete(DeleteBehavior.Restrict);
            d.HasOne<Blob>().WithMany().HasForeignKey(x => x.BlobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<CaseLetter>(l => { l.ToTable("CaseLetter"); l.HasIndex(x => x.TokenHash).IsUnique(); l.HasIndex(x => x.CaseId); });
        model.Entity<LetterCode>(c => { c.ToTable("LetterCode"); c.HasIndex(x => x.LetterId); c.HasOne<CaseLetter>().WithMany().HasForeignKey(x => x.LetterId); });
        model.Entity<Receipt>(r => { r.ToTable("Receipt"); r.HasKey(x => new { x.Address, x.Day }); });
    }
}
