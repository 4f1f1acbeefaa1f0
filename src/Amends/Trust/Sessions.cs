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

    /// <summary>
    /// Makes a session inside of the write that signs in. The token is made before (<see cref="Token"/>) and never answered by a write:
    /// what a write answers may be kept with its key, and the token stands nowhere but in the cookie.
    /// </summary>
    public static void Begin(Database db, string token, long colleague, string? from) =>
        db.Add(new Session { TokenHash = Gate.Digest(token), ColleagueId = colleague, MadeAt = db.At, SeenAt = db.At, EndsAt = db.At + Idle, From = from, ProvedAt = db.At });

    /// <summary>Where a request came from, for the list of one's own sessions: address and browser, as told, cut and cleaned.</summary>
    public static string FromOf(HttpContext http)
    {
        var agent = new string([.. http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c)).Take(300)]);
        return $"{http.Connection.RemoteIpAddress} {agent}";
    }

    /// <summary>“Firefox · Windows · 203.0.113.7”: what is known of a browser, in words; its name and system are names everywhere.</summary>
    public static string Told(string? from)
    {
        var (address, agent) = (from ?? "").Split(' ', 2) is [var a, var b] ? (a, b) : (from ?? "", "");
        // Order matters: most call themselves by the names of others besides.
        (string Mark, string Name)[] browsers = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
        (string Mark, string Name)[] systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")];
        var names = new[] { Array.Find(browsers, x => agent.Contains(x.Mark, StringComparison.Ordinal)).Name, Array.Find(systems, x => agent.Contains(x.Mark, StringComparison.Ordinal)).Name, address };
        return string.Join(" · ", names.Where(n => !string.IsNullOrEmpty(n)));
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
