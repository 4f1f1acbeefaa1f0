using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Amends.Mail;

/// <summary>What is wrong with a mailbox on a server: enough to say one sentence to its owner.</summary>
public enum ImapFault
{
    /// <summary>The server cannot be reached: no such host, nobody listens, no network.</summary>
    NoConnection,
    /// <summary>TLS failed: the certificate is expired, for another name or of nobody we trust. No password was sent.</summary>
    NotTrusted,
    /// <summary>The connection would be without TLS, or the server takes no password this way. No password was sent.</summary>
    NotSecure,
    /// <summary>User name, password or token are refused.</summary>
    WrongPassword,
    /// <summary>The folder does not exist (any more).</summary>
    NoSuchFolder,
    /// <summary>Too many connections or requests, over quota, or the server asks to come back later.</summary>
    Throttled,
    /// <summary>The server ended the connection.</summary>
    Closed,
    /// <summary>The server did not answer in time.</summary>
    TimedOut,
    /// <summary>The server said something that is not IMAP, or answers what was not asked.</summary>
    NotUnderstood,
    /// <summary>The server said more than anybody should hold in memory.</summary>
    TooLarge,
    /// <summary>The server says no, for a reason of its own (read-only, no right, folder full).</summary>
    Refused,
}

/// <summary>The only exception of <see cref="ImapClient"/> but cancellation, wrong arguments, and what the caller's own stream throws.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="text">For people: what the server said, without control characters, at most 500 characters.</param>
/// <param name="cause">What happened below, or null.</param>
public sealed class ImapException(ImapFault fault, string text, Exception? cause = null) : Exception(Clean(text), cause)
{
    /// <summary>What is wrong.</summary>
    public ImapFault Fault { get; } = fault;

    static string Clean(string text)
    {
        text = MailText.WithoutControl(text).Trim();
        return text.Length > 500 ? text[..500] : text;
    }
}

/// <summary>A mailbox on a server.</summary>
/// <param name="Host">Name or address. The certificate must be for this name.</param>
/// <param name="Port">993 for TLS, 143 for STARTTLS.</param>
/// <param name="UserName">Who signs in.</param>
public sealed record ImapServer(string Host, int Port, string UserName)
{
    /// <summary>How the connection is protected.</summary>
    public MailSecurity Security { get; init; } = MailSecurity.Tls;

    /// <summary>The password; null where <see cref="AccessToken"/> is given.</summary>
    public string? Password { get; init; }

    /// <summary>Gives a fresh OAuth token whenever one is needed (XOAUTH2, OAUTHBEARER; RFC 7628), or null to sign in with the password.</summary>
    public Func<CancellationToken, Task<string>>? AccessToken { get; init; }

    /// <summary>True to send a password without TLS, where <see cref="Security"/> is <see cref="MailSecurity.None"/>. Default false.</summary>
    public bool AllowPlainPassword { get; init; }

    /// <summary>Opens the connection, for who decides himself where connections may go; null for the ordinary way. What it throws as <see cref="IOException"/> or <see cref="System.Net.Sockets.SocketException"/> counts as no connection.</summary>
    public Func<string, int, CancellationToken, Task<System.Net.Sockets.Socket>>? Dial { get; init; }

    /// <summary>How long to wait for the connection and for each piece of an answer. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of one answer, messages not counted. Default 8 MB (a search over half a million messages).</summary>
    public int AnswerBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of all answers to one command, messages not counted. Default 64 MB.</summary>
    public long CommandBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>A certificate authority of our own that is trusted besides those of the system, or null. Names and dates are checked all the same.</summary>
    public X509Certificate2? TrustedRoot { get; init; }
}

/// <summary>A folder of a mailbox.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="WireName">Its name as the server writes it (modified UTF-7): what is asked for.</param>
/// <param name="Delimiter">What divides levels in the name, or null.</param>
/// <param name="Attributes">"\Noselect", "\Trash" (RFC 6154) and the like, as written.</param>
public sealed record ImapFolder(string Name, string WireName, char? Delimiter, IReadOnlyList<string> Attributes)
{
    /// <summary>False for a mere level of the tree.</summary>
    public bool CanSelect => !Attributes.Any(a => a.Equals("\\Noselect", StringComparison.OrdinalIgnoreCase) || a.Equals("\\NonExistent", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A folder that was opened.</summary>
/// <param name="UidValidity">When this is another than last time, all UIDs known from before mean nothing any more.</param>
/// <param name="UidNext">The UID the next message will have, or null where the server does not say.</param>
/// <param name="Exists">How many messages there are.</param>
/// <param name="IsReadOnly">Nothing can be moved or flagged.</param>
public sealed record ImapSelected(uint UidValidity, uint? UidNext, int Exists, bool IsReadOnly);

/// <summary>What a server knows of a message.</summary>
/// <param name="Uid">Its number in the folder, for ever (as long as UIDVALIDITY stays).</param>
/// <param name="Size">Bytes, as the server counts them; wrong on some servers.</param>
/// <param name="Flags">"\Seen", "\Deleted" and the like.</param>
/// <param name="Received">When it came in, or null.</param>
public sealed record ImapInfo(uint Uid, long Size, IReadOnlyList<string> Flags, DateTimeOffset? Received);

/// <summary>A message that was fetched into a stream.</summary>
/// <param name="Info">What the server says of it.</param>
/// <param name="Bytes">How many bytes were written.</param>
/// <param name="IsCut">It was longer than the limit; the rest was not kept.</param>
/// <param name="IsEmpty">The server has the message and gives no content (NIL), as Exchange does with broken ones.</param>
public sealed record ImapFetched(ImapInfo Info, long Bytes, bool IsCut, bool IsEmpty);

/// <summary>How a message was put away.</summary>
public enum ImapMoved
{
    /// <summary>Moved (RFC 6851).</summary>
    Moved,
    /// <summary>Copied, and the old one removed (UIDPLUS, RFC 4315).</summary>
    CopiedAndRemoved,
    /// <summary>Copied, and the old one marked as deleted: removing only this one is not offered, and removing all marked ones could hit somebody else's.</summary>
    CopiedAndMarked,
}

/// <summary>How long to wait before the next try.</summary>
public static class ImapPauses
{
    /// <summary>The pause after so many failures in a row: seconds growing to a minute for a lost connection, minutes growing to an hour where trying more makes it worse.</summary>
    public static TimeSpan After(int failures, ImapFault fault)
    {
        var doubled = Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return fault switch
        {
            // Accounts are locked after wrong passwords, and throttling is prolonged by asking.
            ImapFault.WrongPassword or ImapFault.NotSecure or ImapFault.NotTrusted => TimeSpan.FromMinutes(Math.Min(60, 5 * doubled)),
            ImapFault.Throttled or ImapFault.Refused or ImapFault.NoSuchFolder or ImapFault.TooLarge => TimeSpan.FromMinutes(Math.Min(60, doubled)),
            _ => TimeSpan.FromSeconds(Math.Min(60, 2 * doubled)),
        };
    }
}

/// <summary>Folder names on the wire: modified UTF-7 (RFC 3501 section 5.1.3).</summary>
public static class ImapNames
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

    /// <summary>The name as servers write it.</summary>
    public static string Encode(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder(name.Length);
        int bits = 0, value = 0;
        var inside = false;
        foreach (var c in name)
        {
            if (c is >= ' ' and <= '~')
            {
                Leave();
                text.Append(c);
                if (c == '&')
                    text.Append('-');
                continue;
            }
            if (!inside)
            {
                text.Append('&');
                inside = true;
            }
            value = (value << 16) | c;
            for (bits += 16; bits >= 6; bits -= 6)
                text.Append(Alphabet[(value >> (bits - 6)) & 63]);
            value &= (1 << bits) - 1;
        }
        Leave();
        return text.ToString();

        void Leave()
        {
            if (!inside)
                return;
            if (bits > 0)
                text.Append(Alphabet[(value << (6 - bits)) & 63]);
            text.Append('-');
            (bits, value, inside) = (0, 0, false);
        }
    }

    /// <summary>The name for people. What is no modified UTF-7 stays as it is.</summary>
    public static string Decode(string wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        if (!wire.Contains('&', StringComparison.Ordinal))
            return wire;
        var text = new StringBuilder(wire.Length);
        for (var i = 0; i < wire.Length; i++)
        {
            if (wire[i] != '&')
            {
                text.Append(wire[i]);
                continue;
            }
            var end = wire.IndexOf('-', i);
            if (end < 0)
                return wire;
            if (end == i + 1)
                text.Append('&');
            int bits = 0, value = 0;
            for (var j = i + 1; j < end; j++)
            {
                var six = Alphabet.IndexOf(wire[j], StringComparison.Ordinal);
                if (six < 0)
                    return wire;
                value = (value << 6) | six;
                bits += 6;
                if (bits < 16)
                    continue;
                bits -= 16;
                text.Append((char)((value >> bits) & 0xFFFF));
                value &= (1 << bits) - 1;
            }
            i = end;
        }
        return MailText.WithoutControl(text.ToString());
    }
}
