using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>Links by which a password is chosen (A32): 256 random bits, only their digest stored, used once by a button, an invitation for 72 hours, a reset for 15 minutes.</summary>
public static class MailLinks
{
    /// <summary>How long a link lasts.</summary>
    public static TimeSpan Life(LinkPurpose purpose) => purpose == LinkPurpose.Invitation ? TimeSpan.FromHours(72) : TimeSpan.FromMinutes(15);

    /// <summary>The path of a link.</summary>
    public static string Path(LinkPurpose purpose, string token) => (purpose == LinkPurpose.Invitation ? "/invitation/" : "/new-password/") + token;

    /// <summary>Keeps a link inside of a write; those before it end. The token is made outside (<see cref="Sessions.Token"/>).</summary>
    public static async Task Keep(Database db, string token, LinkPurpose purpose, long colleague)
    {
        await End(db, colleague);
        db.Add(new MailLink { TokenHash = Gate.Digest(token), Purpose = purpose, ColleagueId = colleague, EndsAt = db.At + Life(purpose) });
    }

    /// <summary>Ends all links of an account.</summary>
    public static Task End(Database db, long colleague) => db.Set<MailLink>().Where(l => l.ColleagueId == colleague && l.UsedAt == null).ExecuteDeleteAsync();

    /// <summary>The link of a token while it can be used, or null. What does not look like one of ours is not even asked for.</summary>
    internal static async Task<MailLink?> Find(Database db, string? token, DateTime now)
    {
        if (token is null || token.Length != 43 || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        var hash = Gate.Digest(token);
        return await db.Set<MailLink>().FirstOrDefaultAsync(l => l.TokenHash == hash && l.UsedAt == null && l.EndsAt > now);
    }
}
