using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>“Try it now” of the first run: a sample message goes the whole way in, and its case opens.</summary>
static class SampleMail
{
    /// <summary>Sends it and waits until it is read; at most some seconds.</summary>
    /// <returns>The path of its case; the list of cases where it takes longer.</returns>
    public static async Task<string> Send(HttpContext http)
    {
        var services = http.RequestServices;
        var (databases, write, clock) = (services.GetRequiredService<Databases>(), services.GetRequiredService<Writer>(), services.GetRequiredService<TimeProvider>());
        var mailbox = await write.Run(http.Who(), null, MailboxToTry, http.RequestAborted);
        var to = "";
        using (var db = databases.Open()) to = await db.Set<Mailbox>().Where(m => m.Id == mailbox).Select(m => m.Address).FirstAsync();
        var draft = new MailDraft { From = new Amends.Mail.Mailbox("maria.lopez@customer.example", "Maria Lopez"), Subject = Words.SampleSubject, Date = clock.GetUtcNow(), Text = Words.SampleText };
        draft.To.Add(new Amends.Mail.Mailbox(to));
        draft.Files.Add(new DraftFile("pump.txt", "text/plain", Encoding.UTF8.GetBytes(Words.SampleFile)));
        using var raw = new MemoryStream(draft.Write());
        var stored = await services.GetRequiredService<MailboxImport>().Take(http.Who(), mailbox, raw, "maria.lopez@customer.example", to, MailboxImport.Posted, http.RequestAborted);
        for (var i = 0; i < 100; i++)
        {
            using (var db = databases.Open())
            {
                var contact = await db.Set<Delivery>().Where(d => d.Id == stored.Delivery).Select(d => d.ContactId).FirstAsync(http.RequestAborted);
                if (contact is { } id)
                {
                    var caseId = await db.Set<Contact>().Where(c => c.Id == id).Select(c => c.CaseId).FirstAsync(http.RequestAborted);
                    var number = await db.CasesVisibleTo(Who.House("sample")).Where(c => c.Id == caseId).Select(c => c.Number).FirstAsync(http.RequestAborted);
                    return string.Create(CultureInfo.InvariantCulture, $"/cases/{number}");
                }
            }
            await Task.Delay(50, http.RequestAborted);
        }
        return "/desk/new";
    }

    // The first mailbox; a new house gets one at an address that reaches nobody.
    static async Task<long> MailboxToTry(Database db)
    {
        var there = await db.Set<Mailbox>().Where(m => !m.Retired).OrderBy(m => m.Id).Select(m => m.Id).FirstOrDefaultAsync();
        if (there != 0) return there;
        var box = new Mailbox
        {
            Id = db.Ids!.Next(),
            Address = "service@company.example",
            Name = Words.SampleMailbox,
            BrandId = await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Id).Select(b => b.Id).FirstAsync(),
            TeamId = await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Id).Select(t => t.Id).FirstAsync()
        };
        box.Changed();
        db.Add(box);
        return box.Id;
    }
}
