using Microsoft.AspNetCore.Identity;

namespace Amends.Trust;

/// <summary>
/// Passwords of colleagues: the framework's PBKDF2 (HMAC-SHA-512, 100,000 rounds), and what may be one. Length is what counts (NIST SP 800-63B-4):
/// at least <see cref="Shortest"/> characters, or <see cref="ShortestWithCode"/> beside a second factor; no rules of composition; no well-known ones.
/// </summary>
public static class Passwords
{
    /// <summary>Characters, where the password is the only proof.</summary>
    public const int Shortest = 15;

    /// <summary>Characters, where a code is asked besides.</summary>
    public const int ShortestWithCode = 8;

    /// <summary>Characters; looked at before anything is reckoned (A40).</summary>
    public const int Longest = 1000;

    static readonly PasswordHasher<Colleague> Hasher = new();

    // Tried for addresses that nobody has: the same work, so that time tells nothing (A33).
    static readonly string Nobodys = Hasher.HashPassword(null!, Sessions.Token());

    // Parts of the passwords that are tried first everywhere. What is left beside them must carry the password.
    static readonly string[] Known =
    [
        "qwertyuiop", "qwertzuiop", "asdfghjkl", "1q2w3e4r5t6y", "1q2w3e4r", "1qaz2wsx", "zaq12wsx", "password", "passwort", "passw0rd", "p@ssw0rd", "passphrase", "motdepasse", "contraseña",
        "iloveyou", "letmein", "welcome", "willkommen", "bienvenue", "sunshine", "princess", "football", "baseball", "superman", "trustno1", "whatever", "starwars", "computer",
        "internet", "changeme", "default", "monkey", "dragon", "master", "shadow", "michael", "charlie", "jordan", "hunter", "secret", "geheim", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "abc123",
        "administrator", "admin", "service", "support", "helpdesk", "amends", "summer", "winter", "spring", "autumn", "sommer", "hallo", "hello", "login", "access", "test", "user", "1234567890", "123456", "654321", "111111", "000000", "abcdef"
    ];

    /// <summary>The stored form. Takes some tens of milliseconds, on purpose.</summary>
    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    /// <summary>Whether a password is the one that was stored. With no hash (nobody, or no password yet) the work is the same and the answer no.</summary>
    public static bool Fits(string? hash, string password)
    {
        if (password.Length is 0 or > Longest) return false;
        return Hasher.VerifyHashedPassword(null!, hash ?? Nobodys, password) != PasswordVerificationResult.Failed && hash is not null;
    }

    /// <summary>Why this may not be a password, as a sentence for people; null when it may.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="hasCode">A second factor is set.</param>
    /// <param name="own">Name, address, company: what a guesser knows of this person.</param>
    public static string? Wrong(string password, bool hasCode, params string?[] own)
    {
        var least = hasCode ? ShortestWithCode : Shortest;
        if (password.Length > Longest) return string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.PasswordTooLong, Longest);
        if (password.EnumerateRunes().Count() < least) return string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.PasswordTooShort, least);
        var left = password.ToLowerInvariant();
        if (left.EnumerateRunes().Distinct().Count() < 5 || Runs(left) > left.Length * 0.6) return Words.PasswordTooPlain;
        foreach (var word in own.SelectMany(Parts).Concat(Known).OrderByDescending(w => w.Length)) left = left.Replace(word, "", StringComparison.Ordinal);
        return left.Count(char.IsLetterOrDigit) + 2 * left.EnumerateRunes().Count(r => r.Value > 0x2000) < 5 ? Words.PasswordKnown : null;
    }

    static IEnumerable<string> Parts(string? text) => (text ?? "").ToLowerInvariant().Split([' ', '.', '@', '-', '_', '+', ','], StringSplitOptions.RemoveEmptyEntries).Where(p => p.Length >= 3);

    // Steps of one up, down or none: 12345, edcba, aaaa.
    static int Runs(string text)
    {
        var runs = 0;
        for (var i = 1; i < text.Length; i++) if (Math.Abs(text[i] - text[i - 1]) <= 1) runs++;
        return runs;
    }
}
