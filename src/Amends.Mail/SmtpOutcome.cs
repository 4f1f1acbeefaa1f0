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

    /// <summary>Opens the connection, for who decides himself where connections may go; null for the ordinary way. What it throws as <see cref="IOException"/> or <see cref="System.Net.Sockets.SocketException"/> counts as no connection.</summary>
    public Func<string, int, CancellationToken, Task<System.Net.Sockets.Socket>>? Dial { get; init; }

    /// <summary>What we call ourselves in EHLO: our host name.</summary>
    public string ClientName { get; init; } = "localhost";

    /// <summary>How long to wait for the connection and for each answer. Default 60 s. The last answer may take ten times as long (RFC 5321 section 4.5.3.2.6).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A certificate authority of our own that is trusted besides those of the system, or null. Names and dates are checked all the same.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? TrustedRoot { get; init; }
}

/// <summary>When the server shall report to the envelope sender (RFC 3461 section 4.1).</summary>
[Flags]
public enum ReportWhen
{
    /// <summary>Never, whatever happens.</summary>
    Never = 0,
    /// <summary>When it has been delivered.</summary>
    Delivered = 1,
    /// <summary>When it cannot be delivered.</summary>
    Failed = 2,
    /// <summary>When it takes long.</summary>
    Delayed = 4,
}

/// <summary>What servers on the way shall report (DSN, RFC 3461).</summary>
/// <param name="When">At which events.</param>
public sealed record ReportWish(ReportWhen When)
{
    /// <summary>Our own word for this sending, which every report brings back (Original-Envelope-Id); at most 100 characters of printable ASCII, or null.</summary>
    /// <exception cref="ArgumentException">It is longer or holds something else.</exception>
    public string? EnvelopeId
    {
        get;
        init => field = value is null || value.Length is > 0 and <= 100 && value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? value : throw new ArgumentException("Printable ASCII, at most 100 characters.", nameof(value));
    }

    /// <summary>True to get back only the headers of the message, false for the whole. Default true.</summary>
    public bool HeadersOnly { get; init; } = true;

    internal string OfMail() => $" RET={(HeadersOnly ? "HDRS" : "FULL")}{(EnvelopeId is { } id ? $" ENVID={XText(id)}" : "")}";

    internal string OfRecipient(Mailbox recipient)
    {
        var events = new List<string>(3);
        if (When.HasFlag(ReportWhen.Delivered))
            events.Add("SUCCESS");
        if (When.HasFlag(ReportWhen.Failed))
            events.Add("FAILURE");
        if (When.HasFlag(ReportWhen.Delayed))
            events.Add("DELAY");
        // An address beyond ASCII has a form of its own here (RFC 6533), which few servers read: it is left out.
        var address = recipient.AsciiAddress;
        return $" NOTIFY={(events.Count == 0 ? "NEVER" : string.Join(',', events))}{(System.Text.Ascii.IsValid(address) ? $" ORCPT=rfc822;{XText(address)}" : "")}";
    }

    // RFC 3461 section 4.
    static string XText(string text) => string.Concat(text.Select(c => c is >= '!' and <= '~' and not ('+' or '=') ? c.ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"+{(int)c:X2}")));
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

/// <summary>What came of trying a server without sending anything.</summary>
/// <param name="IsGood">It answers, protects the connection as was asked, and takes the user where there is one.</param>
/// <param name="Code">The server's three digits; 0 when it gave none.</param>
/// <param name="Text">What went wrong, for people, at most 1,000 characters; empty where nothing did.</param>
public sealed record SmtpTrial(bool IsGood, int Code, string Text);

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
