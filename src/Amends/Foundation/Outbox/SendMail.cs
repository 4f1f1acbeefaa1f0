using System.Globalization;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Mail;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Outbox;

/// <summary>
/// Sends one queued mail: by SMTP where that is set up, else it is laid into the Outbox for people to see. Outcome per recipient; what the server cannot
/// take now is tried for five days, what it refuses is shown; after a lost last answer the same bytes with the same Message-ID go again.
/// </summary>
public sealed class SendMail(Databases databases, Writer write, BlobStore blobs, House house, MailTrust trust, Reach reach, ISendAs sendAs, TimeProvider clock) : IJobHandler
{
    internal const string Kind = "send mail";

    /// <summary>How long is tried (RFC 5321 section 4.5.4.1).</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(5);

    static readonly Actor Me = Actor.System("mail");

    /// <summary>What is to be sent.</summary>
    public sealed record Which(long Mail);

    /// <summary>Declares the job. Tries are limited by time, not by number.</summary>
    public static void Declare(JobBook book) => book.Does<SendMail>(Kind, mostAttempts: 500);

    /// <summary>Adds the job, inside of a write.</summary>
    public static void Enqueue(Database db, long mail, DateTime at) =>
        db.EnqueueNew(Lane.Mail, Kind, string.Create(CultureInfo.InvariantCulture, $"{Kind}:{mail}"), new Which(mail), at);

    /// <summary>A person tries again, or sends at another moment: the job that waits, or a new one, runs now or then.</summary>
    public static async Task EnqueueAgain(Database db, long mail, DateTime? at = null)
    {
        var when = at ?? db.At;
        var key = string.Create(CultureInfo.InvariantCulture, $"{Kind}:{mail}");
        if (await db.Set<Job>().Where(j => j.DedupeKey == key).ExecuteUpdateAsync(set => set.SetProperty(j => j.RunAt, when).SetProperty(j => j.State, JobState.Waiting)) == 0) Enqueue(db, mail, when);
        else db.HasWork(Lane.Mail);
    }

    /// <summary>The mail that a job sends; null for jobs of other kinds.</summary>
    internal static long? MailOf(Job job) => job.Kind == Kind ? System.Text.Json.JsonSerializer.Deserialize<Which>(job.Body)!.Mail : null;

    /// <summary>The server that the settings name, or null where mail stays in the Outbox.</summary>
    public static SmtpServer? Server(House house, MailTrust? trust = null, Reach? reach = null) => !house.Get(HouseSettings.SmtpOn) || house.Get(HouseSettings.SmtpHost) is not { Length: > 0 } host ? null
        : new SmtpServer(host, house.Get(HouseSettings.SmtpPort))
        {
            Security = house.Get(HouseSettings.SmtpSecurity) switch { "starttls" => MailSecurity.StartTls, "none" => MailSecurity.None, _ => MailSecurity.Tls },
            UserName = house.Get(HouseSettings.SmtpUser) is { Length: > 0 } user ? user : null,
            Password = house.Get(HouseSettings.SmtpPassword) is { Length: > 0 } password ? password : null,
            ClientName = ClientName(house),
            TrustedRoot = trust?.Root,
            Dial = reach is null ? null : reach.DialMail
        };

    /// <summary>The same server with the token of a mailbox in place of a password, where the settings say so.</summary>
    /// <exception cref="NoToken">There is none now.</exception>
    public static async Task<SmtpServer> SignedIn(SmtpServer server, long mailbox, ISendAs sendAs, CancellationToken stop)
    {
        if (mailbox == 0) return server;
        var (user, token) = await sendAs.Token(mailbox, server.Host, stop);
        return server with { UserName = user, Password = null, AccessToken = _ => Task.FromResult(token) };
    }

    static string ClientName(House house) => Uri.TryCreate(house.Get(HouseSettings.PublicUrl), UriKind.Absolute, out var url) ? url.IdnHost : "localhost";

    public async Task Run(JobRun run, CancellationToken stop)
    {
        var id = run.Body<Which>().Mail;
        var server = Server(house, trust, reach);
        OutgoingMail mail;
        Blob? blob;
        using (var db = databases.Open())
        {
            mail = await db.Set<OutgoingMail>().Include(m => m.Recipients).FirstAsync(m => m.Id == id, stop);
            if (mail.State != OutgoingState.Queued) return;
            blob = server is null ? null : await db.Set<Blob>().FirstAsync(b => b.Id == mail.BlobId, stop);
        }
        var now = clock.GetUtcNow().UtcDateTime;
        if (mail.SendAt > now) throw new TryLater("", mail.SendAt - now);
        var waiting = mail.Recipients.Where(r => r.State == RecipientState.Waiting).Select(r => r.Address).ToList();
        var outcome = server is not null && blob is not null && waiting.Count > 0
            ? await Submit(server, mail.From.Length == 0 ? null : new Mailbox(mail.From), [.. waiting.Select(a => new Mailbox(a))], await blobs.Read(blob, stop), stop)
            : null;
        var later = await write.Run(Me, null, async db =>
        {
            var row = await db.Set<OutgoingMail>().AsTracking().Include(m => m.Recipients).FirstAsync(m => m.Id == id, CancellationToken.None);
            // Taken back while it was on its way: nothing more is done.
            if (row.State == OutgoingState.Queued)
            {
                string? trouble = null;
                foreach (var recipient in row.Recipients.Where(r => waiting.Contains(r.Address)))
                {
                    if (outcome is null) { recipient.Accept(null, null); continue; }
                    var said = outcome.Recipients.First(o => o.Recipient.Address == recipient.Address);
                    var text = said.EnhancedCode is { } code ? $"{code} {said.Text}" : said.Text;
                    if (said.State == Amends.Mail.RecipientState.Accepted) recipient.Accept(said.Code, text);
                    else if (said.State == Amends.Mail.RecipientState.Permanent) recipient.Refuse(said.Code, text);
                    else recipient.Delay(said.Code == 0 ? null : said.Code, text);
                    if (said.State != Amends.Mail.RecipientState.Accepted) trouble ??= text;
                }
                if (row.Recipients.Exists(r => r.State == RecipientState.Waiting) && db.At - row.SendAt > Longest) row.GiveUp(trouble ?? "", db.At);
                else row.Tried(db.At, trouble);
            }
            if (row.State == OutgoingState.Queued) return Pause(db.At - row.SendAt);
            await run.Finish(db);
            return (TimeSpan?)null;
        }, CancellationToken.None);
        if (later is { } pause) throw new TryLater("", pause);
    }

    async Task<SmtpOutcome> Submit(SmtpServer server, Mailbox? from, List<Mailbox> to, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var mailbox = house.Get(HouseSettings.SmtpAs);
        try { server = await SignedIn(server, mailbox, sendAs, stop); }
        // The mail waits until somebody has signed in again.
        catch (NoToken why) { return new([.. to.Select(t => new RecipientOutcome(t, Amends.Mail.RecipientState.Temporary, 0, null, why.Message))], ""); }
        var outcome = await new SmtpSubmission(server, clock).SendAsync(from, to, bytes, stop);
        if (mailbox != 0 && outcome.Recipients.Any(r => r.Code is 535 or 334)) await sendAs.Refused(mailbox);
        return outcome;
    }

    // Soon at first, then rarely: a minute after the first try, an hour after the first day.
    static TimeSpan Pause(TimeSpan since) => since < TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(1)
        : since < TimeSpan.FromHours(2) ? TimeSpan.FromMinutes(10) : since < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(1);
}
