using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Blobs;
using Amends.Foundation.Outbox;
using Amends.Mail;

namespace Amends.Contacts;

/// <summary>Makes of what stands at a mailbox what a connection needs, and seals passwords.</summary>
public sealed class MailServers(HouseKey key, MailTrust trust, MailTokens tokens, Reach reach)
{
    const string Purpose = "mailbox";

    /// <summary>Seals a password for the row.</summary>
    public byte[] Seal(string password) => key.Seal(Purpose, Encoding.UTF8.GetBytes(password));

    /// <summary>The server of a mailbox.</summary>
    /// <param name="password">One that was just typed; null for the one that is kept.</param>
    /// <exception cref="CryptographicException">The kept password was sealed with another house key.</exception>
    public ImapServer Of(Mailbox box, string? password = null, TimeSpan? timeout = null) => new(box.ImapHost ?? "", box.ImapPort, box.ImapUser ?? "")
    {
        Security = box.ImapSecurity,
        AccessToken = box.ImapLogin == MailLogin.Password ? null : stop => tokens.For(box.Id, box.ImapHost ?? "", stop),
        Password = box.ImapLogin != MailLogin.Password ? null : password ?? (box.ImapSecret is { } secret ? Encoding.UTF8.GetString(key.Open(Purpose, secret)) : ""),
        // Whatever the row says: in the clear a password goes to this machine only.
        AllowPlainPassword = Reach.IsHere(box.ImapHost),
        Dial = reach.DialMail,
        Timeout = timeout ?? TimeSpan.FromSeconds(60),
        // What is longer than we take is passed over, up to this.
        CommandBytes = 256L * 1024 * 1024,
        TrustedRoot = trust.Root
    };
}
