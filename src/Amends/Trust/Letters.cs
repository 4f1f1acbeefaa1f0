using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>What Trust writes to colleagues by mail: invitations, resets, and that something about their account was changed.</summary>
static class Letters
{
    /// <summary>A letter with a link, its bytes stored; before the write.</summary>
    public static Task<ReadyMail> Prepare(HttpContext http, LinkPurpose purpose, string name, string address, string? language, string link) => Prepare(http.RequestServices, purpose, name, address, language, link);

    /// <summary>The same, from a job.</summary>
    public static Task<ReadyMail> Prepare(IServiceProvider services, LinkPurpose purpose, string name, string address, string? language, string link)
    {
        var company = services.GetRequiredService<House>().Get(HouseSettings.Company);
        return purpose == LinkPurpose.Invitation
            ? Write(services, name, address, language, () => (Say(Words.InvitationSubject, company), Say(Words.InvitationText, name, company, link)))
            : Write(services, name, address, language, () => (Say(Words.ResetSubject, company), Say(Words.ResetText, name, link)));
    }

    /// <summary>Tells the old address that the account moved to another (A26).</summary>
    public static Task<ReadyMail> PrepareMoved(HttpContext http, string name, string oldAddress, string? language) => Write(http.RequestServices, name, oldAddress, language, () => (Words.MovedSubject, Say(Words.MovedText, name)));

    /// <summary>Tells that the password was changed.</summary>
    public static Task<ReadyMail> PreparePasswordChanged(HttpContext http, string name, string address, string? language) => Write(http.RequestServices, name, address, language, () => (Words.PasswordChangedSubject, Say(Words.PasswordChangedText, name)));

    /// <summary>Queues inside of a write.</summary>
    public static void Queue(Database db, ReadyMail letter) => Outbox.Queue(db, letter);

    // In the language of whom it is written to; the house's where he has chosen none.
    static async Task<ReadyMail> Write(IServiceProvider services, string name, string address, string? language, Func<(string Subject, string Text)> say)
    {
        var (subject, text) = Speech.In(language ?? services.GetRequiredService<House>().Get(HouseSettings.Language), say);
        string? from;
        using (var db = services.GetRequiredService<Databases>().Open()) from = await db.Set<Brand>().Where(b => b.IsDefault).Select(b => b.Address).FirstOrDefaultAsync();
        var sender = new Mailbox(from ?? "amends@" + (services.GetRequiredService<HouseAddress>().PublicHost ?? "localhost"), services.GetRequiredService<House>().Get(HouseSettings.Company));
        var draft = new MailDraft
        {
            From = sender,
            Subject = subject,
            Text = text,
            Date = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            MessageId = MessageIds.New(sender.Domain)
        };
        draft.To.Add(new Mailbox(address, Plain(name)));
        return await services.GetRequiredService<Outbox>().PrepareAutomatic(draft, AutomaticKind.Letter);
    }

    static string Plain(string name) => new([.. name.Where(c => !char.IsControl(c))]);

    static string Say(string words, params object[] with) => string.Format(CultureInfo.CurrentCulture, words, with);
}
