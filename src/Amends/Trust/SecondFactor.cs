using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The second factor of an account: codes of an app, and ten recovery codes for the day the phone is lost.</summary>
public static class SecondFactor
{
    /// <summary>How many recovery codes are made at once.</summary>
    public const int Codes = 10;

    /// <summary>Uses a code, in the write that signs in: an app's code counts once, a recovery code is gone then. False when it is neither.</summary>
    internal static async Task<bool> Use(Database db, HouseKey key, Colleague colleague, string typed)
    {
        if (colleague.TotpKey is null || typed.Length is 0 or > 100) return false;
        if (Totp.Check(key.Open("totp", colleague.TotpKey), typed, db.At, colleague.TotpUsed) is { } step)
        {
            colleague.TotpUsed = step;
            colleague.Did(ColleagueDeed.SignedIn);
            return true;
        }
        var hash = HashOf(colleague.Id, typed);
        if (await db.Set<RecoveryCode>().Where(r => r.ColleagueId == colleague.Id && r.Hash == hash).ExecuteDeleteAsync() == 0) return false;
        db.Record(new ColleagueChanged(colleague.Id, ColleagueDeed.RecoveryCodeUsed));
        return true;
    }

    /// <summary>Ten new codes of 49 bits, like <c>k7m2x-9xqpb</c>.</summary>
    public static string[] NewCodes() => [.. Enumerable.Range(0, Codes).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10)).Select(c => $"{c[..5]}-{c[5..]}")];

    /// <summary>Puts these in place of the ones before.</summary>
    internal static async Task Keep(Database db, long colleague, string[] codes)
    {
        await db.Set<RecoveryCode>().Where(r => r.ColleagueId == colleague).ExecuteDeleteAsync();
        foreach (var code in codes) db.Add(new RecoveryCode { Id = db.Ids!.Next(), ColleagueId = colleague, Hash = HashOf(colleague, code) });
    }

    // 49 random bits, tried at most some tens of times an hour: a plain digest over the account is enough, and equal codes of two people differ.
    static byte[] HashOf(long colleague, string code) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{colleague}:{new string([.. code.ToLowerInvariant().Where(char.IsLetterOrDigit)])}")));
}
