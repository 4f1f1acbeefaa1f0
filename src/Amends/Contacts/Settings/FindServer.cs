using System.Net.Sockets;
using Amends.Foundation.Outbox;
using Amends.Mail;

namespace Amends.Contacts;

/// <summary>Asks what the world knows of a domain's mail. Its own type, so that it can be asked without a network.</summary>
public interface IMailDirectory
{
    /// <summary>The servers of a service (SRV, RFC 6186), those to ask first in front; empty when there are none, or nobody could say.</summary>
    Task<IReadOnlyList<DnsService>> Services(string name, CancellationToken stop);

    /// <summary>The names of the servers that take mail for a domain (MX); empty when there are none, or nobody could say.</summary>
    Task<IReadOnlyList<string>> Takers(string domain, CancellationToken stop);

    /// <summary>True when somebody answers at this name and port within a few seconds. Nothing is said to them.</summary>
    Task<bool> Answers(string host, int port, CancellationToken stop);
}

/// <summary>Over the system's resolvers.</summary>
public sealed class MailDirectory(Reach reach, TimeProvider clock) : IMailDirectory
{
    readonly DnsClient dns = new(new DnsSettings(), clock);

    public async Task<IReadOnlyList<DnsService>> Services(string name, CancellationToken stop) => [.. (await dns.ServiceAsync(name, stop)).Records.Where(r => r.Host.Length > 0)];

    public async Task<IReadOnlyList<string>> Takers(string domain, CancellationToken stop) => [.. (await dns.MailAsync(domain, stop)).Records.Select(r => r.Host).Where(h => h.Length > 0)];

    public async Task<bool> Answers(string host, int port, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(4), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var socket = await reach.DialMail(host, port, both.Token);
            return true;
        }
        catch (Exception why) when (why is SocketException or OutOfReach or OperationCanceledException && !stop.IsCancellationRequested) { return false; }
    }
}

/// <summary>How a server was found.</summary>
public enum FoundBy : byte { Records = 1, Provider = 2, Guess = 3 }

/// <summary>A server that may be the one of an address.</summary>
/// <param name="Provider">Whose it is, where it is one of the known ones.</param>
/// <param name="SubmitHost">Where mail is handed in for sending, where that was found.</param>
public sealed record FoundServer(FoundBy By, string Host, int Port, MailSecurity Security, string? Provider = null, string? SubmitHost = null, int SubmitPort = 0);

/// <summary>From an address to the server of its mailbox: what the domain itself says (SRV), else whose servers take its mail (MX), else the usual names.</summary>
static class FindServer
{
    // End of an MX name, who that is, and the servers that they publish.
    static readonly (string End, string Who, string Imap, string Smtp, int SmtpPort)[] Providers =
    [
        (".google.com", "Google", "imap.gmail.com", "smtp.gmail.com", 465),
        (".googlemail.com", "Google", "imap.gmail.com", "smtp.gmail.com", 465),
        (".mail.protection.outlook.com", "Microsoft 365", "outlook.office365.com", "smtp.office365.com", 587),
        (".mx.microsoft", "Microsoft 365", "outlook.office365.com", "smtp.office365.com", 587),
        (".messagingengine.com", "Fastmail", "imap.fastmail.com", "smtp.fastmail.com", 465),
        (".yahoodns.net", "Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465),
        (".mail.icloud.com", "iCloud", "imap.mail.me.com", "smtp.mail.me.com", 587),
        (".zoho.eu", "Zoho", "imappro.zoho.eu", "smtppro.zoho.eu", 465),
        (".zoho.com", "Zoho", "imappro.zoho.com", "smtppro.zoho.com", 465),
        (".kundenserver.de", "IONOS", "imap.ionos.de", "smtp.ionos.de", 465),
        (".ionos.de", "IONOS", "imap.ionos.de", "smtp.ionos.de", 465),
        (".ionos.com", "IONOS", "imap.ionos.com", "smtp.ionos.com", 465),
        (".rzone.de", "Strato", "imap.strato.de", "smtp.strato.de", 465),
        (".mailbox.org", "mailbox.org", "imap.mailbox.org", "smtp.mailbox.org", 465),
        (".infomaniak.ch", "Infomaniak", "mail.infomaniak.com", "mail.infomaniak.com", 465),
        (".mail.ovh.net", "OVH", "ssl0.ovh.net", "ssl0.ovh.net", 465),
        (".gandi.net", "Gandi", "mail.gandi.net", "mail.gandi.net", 465),
        (".migadu.com", "Migadu", "imap.migadu.com", "smtp.migadu.com", 465),
        (".gmx.net", "GMX", "imap.gmx.net", "mail.gmx.net", 465),
        (".web.de", "WEB.DE", "imap.web.de", "smtp.web.de", 587)
    ];

    /// <summary>Looks. Null when nothing was found.</summary>
    public static async Task<FoundServer?> Look(string address, IMailDirectory directory, CancellationToken stop)
    {
        if (!Amends.Mail.Mailbox.TryParse(address, out var box) || box.Address.LastIndexOf('@') is var at && at < 1) return null;
        var domain = box.Address[(at + 1)..];
        try
        {
            var submit = (await directory.Services("_submissions._tcp." + domain, stop)).Concat(await directory.Services("_submission._tcp." + domain, stop)).FirstOrDefault();
            foreach (var (name, security) in new[] { ("_imaps._tcp.", MailSecurity.Tls), ("_imap._tcp.", MailSecurity.StartTls) })
                if (await directory.Services(name + domain, stop) is [var said, ..]) return new(FoundBy.Records, said.Host.TrimEnd('.'), said.Port, security, null, submit.Host?.TrimEnd('.') is { Length: > 0 } host ? host : null, submit.Port);
            foreach (var taker in await directory.Takers(domain, stop))
                foreach (var one in Providers)
                    if (("." + taker.TrimEnd('.')).EndsWith(one.End, StringComparison.OrdinalIgnoreCase)) return new(FoundBy.Provider, one.Imap, 993, MailSecurity.Tls, one.Who, one.Smtp, one.SmtpPort);
            foreach (var (host, port, security) in new[] { ("imap." + domain, 993, MailSecurity.Tls), ("mail." + domain, 993, MailSecurity.Tls), ("imap." + domain, 143, MailSecurity.StartTls), ("mail." + domain, 143, MailSecurity.StartTls), (domain, 993, MailSecurity.Tls) })
                if (await directory.Answers(host, port, stop)) return new(FoundBy.Guess, host, port, security);
        }
        // A domain that no question can be made of.
        catch (ArgumentException) { }
        return null;
    }
}
