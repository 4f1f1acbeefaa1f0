namespace Amends.Contacts;

/// <summary>That somebody signed in to a mailbox at its provider: the lasting token, and the short one of now. Both sealed, shown to nobody. A plain row of the machinery.</summary>
public sealed class MailGrant
{
    public long MailboxId { get; set; }
    public MailLogin Login { get; set; }

    /// <summary>Who signed in, as the provider says.</summary>
    public required string Account { get; set; }
    public DateTime At { get; set; }

    /// <summary>The refresh token. Each use may bring another, which is stored before anything else is done with the answer.</summary>
    public required byte[] Refresh { get; set; }
    public byte[]? Access { get; set; }

    /// <summary>When it was given.</summary>
    public DateTime? AccessAt { get; set; }

    /// <summary>Until when the access token is good, and from when on another one is fetched.</summary>
    public DateTime? AccessUntil { get; set; }
    public DateTime? RenewAt { get; set; }

    /// <summary>Rises with each refresh that begins and each sign-in: an answer of before is not stored.</summary>
    public int Fence { get; set; }

    /// <summary>The process that refreshes now.</summary>
    public string? LeasedBy { get; set; }
    public DateTime? LeasedUntil { get; set; }

    /// <summary>Why the last refresh failed; null while all is well.</summary>
    public MailTrouble? Trouble { get; set; }
    public string? Said { get; set; }
    public int Failures { get; set; }

    /// <summary>Until then nobody asks again.</summary>
    public DateTime? NextTry { get; set; }
}

/// <summary>A sign-in that was begun in a session and has not come back. Used once.</summary>
public sealed class PendingSignIn
{
    public long Id { get; set; }

    /// <summary>SHA-256 of the state that went with the browser.</summary>
    public required byte[] StateHash { get; set; }
    public long SessionId { get; set; }
    public long MailboxId { get; set; }
    public MailLogin Login { get; set; }

    /// <summary>What the code must come with (RFC 7636) and what the answer must name, sealed.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>Where the provider was told to send the browser back to, and to which app of ours.</summary>
    public required string Redirect { get; set; }
    public required string ClientId { get; set; }
    public DateTime EndsAt { get; set; }
}
