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
            c.Property(x => x.AlsoTo).HasMaxLength(1000);
            c.Property(x => x.Apology).HasMaxLength(200);
            c.HasIndex(x => x.Same).IsUnique().HasFilter("\"Same\" IS NOT NULL");
            c.HasIndex(x => x.FilesLater, "IX_Contact_FilesLater").HasFilter("\"FilesLater\"");
            c.Ignore(x => x.IsReport);
            c.Property(x => x.FromAddress).HasMaxLength(320);
            c.HasIndex(x => new { x.CaseId, x.At });
            c.HasIndex(x => x.MessageId).HasFilter("\"MessageId\" IS NOT NULL");
            c.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
            c.HasOne<Blob>().WithMany().HasForeignKey(x => x.RawBlobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Mailbox>(m => { m.ToTable("Mailbox"); m.Property(x => x.Address).HasMaxLength(320); m.Property(x => x.Name).HasMaxLength(200); m.Property(x => x.ImapHost).HasMaxLength(255); m.Property(x => x.ImapUser).HasMaxLength(320); m.Property(x => x.ImapAccount).HasMaxLength(320); m.Ignore(x => x.SignsInAs); m.Property(x => x.ImapFolder).HasMaxLength(200); m.Property(x => x.ImapMoveTo).HasMaxLength(200); m.Property(x => x.Receivers).HasMaxLength(500); m.Property(x => x.Signature).HasMaxLength(2000); m.Ignore(x => x.GivesReceipts); m.HasIndex(x => x.Address).IsUnique(); });
        model.Entity<MailboxState>(s => { s.ToTable("MailboxState"); s.HasKey(x => x.MailboxId); s.Property(x => x.MailboxId).ValueGeneratedNever(); s.Property(x => x.LeasedBy).HasMaxLength(40); s.Property(x => x.Said).HasMaxLength(500); });
        model.Entity<MailGrant>(g => { g.ToTable("MailGrant"); g.HasKey(x => x.MailboxId); g.Property(x => x.MailboxId).ValueGeneratedNever(); g.Property(x => x.Account).HasMaxLength(320); g.Property(x => x.LeasedBy).HasMaxLength(40); g.Property(x => x.Said).HasMaxLength(500); g.HasOne<Mailbox>().WithMany().HasForeignKey(x => x.MailboxId); });
        model.Entity<PendingSignIn>(p => { p.ToTable("PendingSignIn"); p.Property(x => x.Redirect).HasMaxLength(500); p.Property(x => x.ClientId).HasMaxLength(200); p.HasIndex(x => x.StateHash).IsUnique(); p.HasOne<Mailbox>().WithMany().HasForeignKey(x => x.MailboxId); });
        model.Entity<FetchedMail>(f => { f.ToTable("FetchedMail"); f.HasKey(x => new { x.MailboxId, x.Place, x.UidValidity, x.Uid }); f.Property(x => x.Trouble).HasMaxLength(500); });
        model.Entity<Delivery>(d =>
        {
            d.ToTable("Delivery");
            d.HasIndex(x => new { x.MailboxId, x.Sha256 }).IsUnique();
            d.HasIndex(x => x.ContactId).HasFilter("\"ContactId\" IS NOT NULL");
            d.Property(x => x.Sender).HasMaxLength(320);
            d.HasIndex(x => new { x.Sender, x.ReceivedAt }).HasFilter("\"Sender\" IS NOT NULL");
            d.HasIndex(x => x.State).HasFilter("\"State\" <> 1");
            d.HasOne<Mailbox>().WithMany().HasForeignKey(x => x.MailboxId).OnDelete(DeleteBehavior.Restrict);
            d.HasOne<Blob>().WithMany().HasForeignKey(x => x.BlobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<MailFollower>(f =>
        {
            f.ToTable("MailFollower");
            f.Property(x => x.Address).HasMaxLength(320);
            f.Property(x => x.Shown).HasMaxLength(400);
            f.HasIndex(x => new { x.CaseId, x.Address }).IsUnique();
            f.HasOne<Case>().WithMany().HasForeignKey(x => x.CaseId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<NotThanks>(n => { n.ToTable("NotThanks"); n.Property(x => x.Words).HasMaxLength(400); n.HasIndex(x => x.Words); });
        model.Entity<NotApology>(n => { n.ToTable("NotApology"); n.Property(x => x.Words).HasMaxLength(200); n.HasIndex(x => x.Words).IsUnique(); });
        model.Entity<CaseLetter>(l => { l.ToTable("CaseLetter"); l.HasIndex(x => x.TokenHash).IsUnique(); l.HasIndex(x => x.CaseId); });
        model.Entity<LetterCode>(c => { c.ToTable("LetterCode"); c.HasIndex(x => x.LetterId); c.HasOne<CaseLetter>().WithMany().HasForeignKey(x => x.LetterId); });
        model.Entity<SenderPictures>(s => { s.ToTable("SenderPictures"); s.Property(x => x.Address).HasMaxLength(320); s.HasIndex(x => new { x.ColleagueId, x.Address }).IsUnique(); });
        model.Entity<Receipt>(r => { r.ToTable("Receipt"); r.HasKey(x => new { x.Address, x.Day, x.CaseId }); });
    }
}
