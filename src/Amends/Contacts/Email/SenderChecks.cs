using Amends.Mail;

namespace Amends.Contacts;

/// <summary>
/// Whether a mail is from whom it says (A16): by the word of a receiver that the mailbox names (Authentication-Results of anybody else are as if they were not
/// there), else by a DKIM signature of the sender's own domain, whose key is asked of the domain name system. Nothing of it stops a mail from being taken in.
/// </summary>
public sealed class SenderChecks(DkimKeySource keys, TimeProvider clock, ILogger<SenderChecks> log)
{
    // For all keys of one mail: a slow name server makes a sender not verified, and no queue long.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>Checks.</summary>
    /// <param name="fresh">True to ask for the keys of signatures.</param>
    public async Task<SenderTrust> Of(MailMessage mail, ReadOnlyMemory<byte> raw, Mailbox mailbox, bool fresh, CancellationToken stop)
    {
        if (mail.From is not [{ IsValid: true } from]) return SenderTrust.NotVerified;
        var receivers = (mailbox.Receivers ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (receivers.Length > 0)
        {
            var proof = AuthenticationResults.ProofOf(mail, receivers);
            if (proof == SenderProof.Failed) return SenderTrust.Failed;
            if (proof == SenderProof.Verified) return SenderTrust.Verified;
        }
        if (!fresh || !mail.Headers.Has("DKIM-Signature")) return SenderTrust.NotVerified;
        using var limit = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            foreach (var signature in await new DkimVerifier(keys, clock).VerifyAsync(raw, both.Token))
                if (signature.Verifies(from)) return SenderTrust.Verified;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { log.LogInformation("The keys of {Domain} could not be asked in time", from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..]); }
        return SenderTrust.NotVerified;
    }
}
