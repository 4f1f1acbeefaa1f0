using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Amends.Foundation.Blobs;

namespace Amends.Trust;

/// <summary>A password was right, a code is owed: who, until when, and how often it was tried.</summary>
public sealed record Challenge(string Nonce, long Colleague, bool Keep, DateTime Ends);

/// <summary>
/// Carries a sign-in from the password to the code, sealed with the house key so that it needs no row. Good for five minutes and five tries,
/// then the password is asked again (A34). Tries are counted in memory, so per process; the limit per account holds besides.
/// </summary>
public sealed class Challenges(HouseKey key, TimeProvider clock)
{
    /// <summary>Tries of one challenge.</summary>
    public const int MostTries = 5;

    readonly ConcurrentDictionary<string, (int Tries, DateTime Ends)> tried = [];

    /// <summary>A new one, as text for the form.</summary>
    public string Make(long colleague, bool keep) => Convert.ToBase64String(key.Seal("challenge", JsonSerializer.SerializeToUtf8Bytes(
        new Challenge(Sessions.Token(), colleague, keep, clock.GetUtcNow().UtcDateTime.AddMinutes(5)))));

    /// <summary>Counts a try and opens it; null when it is not ours, over, or tried too often.</summary>
    public Challenge? Try(string text)
    {
        if (text.Length is 0 or > 1000) return null;
        try
        {
            var challenge = JsonSerializer.Deserialize<Challenge>(key.Open("challenge", Convert.FromBase64String(text)))!;
            var now = clock.GetUtcNow().UtcDateTime;
            if (challenge.Ends <= now) return null;
            foreach (var (nonce, row) in tried) if (row.Ends <= now) tried.TryRemove(nonce, out _);
            return tried.AddOrUpdate(challenge.Nonce, (1, challenge.Ends), (_, row) => (row.Tries + 1, row.Ends)).Tries <= MostTries ? challenge : null;
        }
        catch (Exception why) when (why is FormatException or CryptographicException or JsonException) { return null; }
    }

    /// <summary>It was answered: nobody uses it again.</summary>
    public void Done(Challenge challenge) => tried[challenge.Nonce] = (MostTries, challenge.Ends);
}
