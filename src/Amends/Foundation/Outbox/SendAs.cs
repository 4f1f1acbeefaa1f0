namespace Amends.Foundation.Outbox;

/// <summary>Signs in for sending as a mailbox of ours that its owner has signed in to at its provider. Given by the module that has mailboxes.</summary>
public interface ISendAs
{
    /// <summary>The user to name and a token that is good now.</summary>
    /// <param name="mailbox">Its id.</param>
    /// <param name="host">The server it is for: to others no token goes.</param>
    /// <exception cref="NoToken">There is none, with the reason in words.</exception>
    Task<(string User, string Token)> Token(long mailbox, string host, CancellationToken stop);

    /// <summary>The server did not take it: the next one is fetched anew.</summary>
    Task Refused(long mailbox);
}

/// <summary>No token can be had now. The message is for people.</summary>
public class NoToken(string why) : Exception(why);
