namespace Amends.Mail;

/// <summary>How the connection to the server is protected.</summary>
public enum MailSecurity
{
    /// <summary>TLS from the first byte (RFC 8314), port 465. The default.</summary>
    Tls,
    /// <summary>Plain at first, then STARTTLS (RFC 3207), port 587. When the server does not offer it nothing is sent.</summary>
    StartTls,
    /// <summary>No protection at all: only for a server on the same machine. No password is sent unless <see cref="SmtpServer.AllowPlainPassword"/> says so.</summary>
    None,
}

/// <summary>A server that takes our mail (RFC 6409).</summary>
/// <param name="Host">Name or address. The certificate must be for this name.</param>
/// <param name="Port">Port; 465 for TLS, 587 for STARTTLS.</param>
public sealed record SmtpServer(string Host, int Port)
{
    /// <summary>How the connection is protected.</summary>
    public MailSecurity Security { get; init; } = MailSecurity.Tls;

    /// <summary>The user, or null to send without signing in.</summary>
    public string? UserName { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>Gives a fresh OAuth token whenever one is needed (XOAUTH2, OAUTHBEARER; RFC 7628); null to sign in with the password.</summary>
    public Func<CancellationToken, Task<string>>? AccessToken { get; init; }

    /// <summary>True to send a password without TLS, where <see cref="Security"/> is <see cref="MailSecurity.None"/>. Default false.</summary>
    public bool AllowPlainPassword { get; init; }

    /// <summary>What we call ourselves in EHLO: our host name.</summary>
    public string ClientName { get; init; } = "localhost";

    /// <summary>How long to wait for the connection and for each answer. Default 60 s. The last answer may take ten times as long (RFC 5321 section 4.5.3.2.6).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A certificate authority of our own that is trusted besides those of the system, or null. Names and dates are checked all the same.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? TrustedRoot { get; init; }
}

/// <summary>What became of one recipient.</summary>
public enum RecipientState
{
    /// <summary>The server has taken the message for this address.</summary>
    Accepted,
    /// <summary>Not now (4xx, no connection, no answer in time): try again later.</summary>
    Temporary,
    /// <summary>Never (5xx, or an address that cannot be sent to): a person must act.</summary>
    Permanent,
    /// <summary>The message was handed over and the server's last answer was lost: it may have been taken. Retry with the same Message-ID only.</summary>
    Unknown,
}

/// <summary>The outcome for one recipient.</summary>
/// <param name="Recipient">The address.</param>
/// <param name="State">What became of it.</param>
/// <param name="Code">The server's three digits; 0 when it gave none.</param>
/// <param name="EnhancedCode">"5.1.1" (RFC 3463), or null.</param>
/// <param name="Text">What the server said, or what went wrong; for people, at most 1,000 characters, without control characters.</param>
public sealed record RecipientOutcome(Mailbox Recipient, RecipientState State, int Code, string? EnhancedCode, string Text);

/// <summary>The outcome of handing over one message.</summary>
/// <param name="Recipients">One for each recipient, in the order given.</param>
/// <param name="Answer">The server's last answer, in which its queue id stands; empty when there is none.</param>
public sealed record SmtpOutcome(IReadOnlyList<RecipientOutcome> Recipients, string Answer)
{
    /// <summary>True when all recipients were accepted.</summary>
    public bool AllAccepted => Recipients.All(r => r.State == RecipientState.Accepted);

    /// <summary>True when at least one recipient should be tried again.</summary>
    public bool AnyTemporary => Recipients.Any(r => r.State == RecipientState.Temporary);
}

/// <summary>One answer of the server.</summary>
readonly record struct SmtpAnswer(int Code, string? Enhanced, IReadOnlyList<string> Lines)
{
    public string Text => string.Join(' ', Lines).Trim();
    public bool IsGood => Code is >= 200 and < 400;
}

/// <summary>A conversation that cannot go on. Within the library only; outcomes are data.</summary>
sealed class SmtpBreak(RecipientState state, int code, string? enhanced, string text) : Exception(text)
{
    public RecipientState State { get; } = state;
    public int Code { get; } = code;
    public string? Enhanced { get; } = enhanced;
}
