using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>Sessions: made at sign-in with a new token, ended on sign-out, on disabling, on a change of role or password.</summary>
public static class Sessions
{
    /// <summary>How long a session lasts without being used, and at most.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(7), Longest = TimeSpan.FromDays(30);

    /// <summary>Makes a session inside of the write that signs in, and answers the cookie's token: 256 random bits.</summary>
    public static string Begin(Database db, long colleague, string? from)
    {
        var token = Token();
        db.Add(new Session { TokenHash = Gate.Digest(token), ColleagueId = colleague, MadeAt = db.At, SeenAt = db.At, EndsAt = db.At + Idle, From = from, ProvedAt = db.At });
        return token;
    }

    /// <summary>Ends all sessions of a colleague, but for one.</summary>
    public static Task EndAll(Database db, long colleague, long? but = null) =>
        db.Set<Session>().Where(s => s.ColleagueId == colleague && s.Id != but).ExecuteDeleteAsync();

    /// <summary>256 random bits, for addresses and cookies.</summary>
    public static string Token() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    internal static Task Seen(Writer write, long session) => write.Run(Actor.System("sessions"), null, async db =>
    {
        var row = await db.Set<Session>().AsTracking().FirstOrDefaultAsync(s => s.Id == session);
        if (row is null) return;
        row.SeenAt = db.At;
        row.EndsAt = db.At + Idle < row.MadeAt + Longest ? db.At + Idle : row.MadeAt + Longest;
    });
}
