using System.Security.Cryptography;
using System.Text;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// Tokens of mailboxes that were signed in to. One is kept until shortly before its end and is the same for all who ask; another is fetched once, however many wait for it,
/// in however many processes. A lasting token that came with it is committed before the new one is used: who is killed in between has lost nothing, or is told by the
/// provider that he has to sign in again.
/// </summary>
public sealed class MailTokens(Databases databases, Writer write, HouseKey key, House house, TokenClient client, TimeProvider clock, ILogger<MailTokens> log) : ISendAs
{
    const string Purpose = "mail-grant";

    // A token that is about to end would end in the middle of a conversation.
    static readonly TimeSpan Before = TimeSpan.FromMinutes(2), Least = TimeSpan.FromSeconds(10), Leased = TimeSpan.FromMinutes(1);
    static readonly Actor Me = Actor.System("mail sign-in");

    /// <summary>By the clock of the house, UTC.</summary>
    internal DateTime Now => clock.GetUtcNow().UtcDateTime;

    readonly string node = Guid.NewGuid().ToString("N");
    readonly Lock gate = new();
    readonly Dictionary<long, Task<string>> running = [];

    /// <summary>The token of a mailbox for one of its provider's mail servers.</summary>
    /// <exception cref="MailTokenTrouble">There is none now.</exception>
    /// <exception cref="CryptographicException">It was sealed with another house key.</exception>
    public async Task<string> For(long mailbox, string host, CancellationToken stop)
    {
        var (grant, server) = await Look(mailbox, stop);
        if (!server.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)) throw new MailTokenTrouble(MailTrouble.TokenOtherHost, server.Provider.Name);
        var now = clock.GetUtcNow().UtcDateTime;
        if (grant.Access is { } fresh && grant.RenewAt > now) return Open(fresh);
        // The one of before is good to its end, though no other can be had now.
        var old = grant.Access is { } still && grant.AccessUntil - Least > now && grant.RenewAt is not null ? Open(still) : null;
        if (grant.NextTry > now) return old ?? throw new MailTokenTrouble(grant.Trouble ?? MailTrouble.TokenServerAway, grant.Said);
        try { return await Refreshed(mailbox).WaitAsync(stop); }
        catch (MailTokenTrouble) when (old is not null) { return old; }
    }

    async Task<(MailGrant, SignInServer)> Look(long mailbox, CancellationToken stop)
    {
        using var db = databases.Open();
        var found = await (from m in db.Set<Mailbox>() where m.Id == mailbox select new { m.ImapLogin, Grant = db.Set<MailGrant>().FirstOrDefault(g => g.MailboxId == m.Id) }).FirstOrDefaultAsync(stop);
        if (found?.Grant is not { } grant || grant.Login != found.ImapLogin) throw new MailTokenTrouble(MailTrouble.NotSignedIn);
        return (grant, MailProvider.Of(grant.Login)?.Server(house) ?? throw new MailTokenTrouble(MailTrouble.TokenServerRefuses, Words.ProviderNotSetUp));
    }

    // One for all that wait; not ended with any of them.
    Task<string> Refreshed(long mailbox)
    {
        lock (gate)
        {
            if (running.TryGetValue(mailbox, out var one) && !one.IsCompleted) return one;
            return running[mailbox] = Task.Run(() => Refresh(mailbox), CancellationToken.None);
        }
    }

    sealed record Step(string? Token, string? Refresh, int Fence, byte[]? Used = null);

    async Task<string> Refresh(long mailbox)
    {
        while (true)
        {
            var step = await write.Run(Me, null, async db =>
            {
                var row = await db.Set<MailGrant>().AsTracking().FirstOrDefaultAsync(g => g.MailboxId == mailbox) ?? throw new MailTokenTrouble(MailTrouble.NotSignedIn);
                if (row.Access is { } done && row.RenewAt > db.At) return new Step(Open(done), null, 0);
                if (row.NextTry > db.At) throw new MailTokenTrouble(row.Trouble ?? MailTrouble.TokenServerAway, row.Said);
                // One process serves SQLite: the lease there is that of one that was killed. One that lasts longer than any is of a clock that was ahead.
                if (!databases.IsSqlite && row.LeasedUntil > db.At && row.LeasedUntil <= db.At + Leased + TimeSpan.FromMinutes(1) && row.LeasedBy != node) return new Step(null, null, 0);
                (row.LeasedBy, row.LeasedUntil) = (node, db.At + Leased);
                row.Fence++;
                return new Step(null, Open(row.Refresh), row.Fence, row.Refresh);
            }, CancellationToken.None);
            if (step.Token is { } token) return token;
            if (step.Refresh is null)
            {
                // Another process is at it.
                await Task.Delay(TimeSpan.FromMilliseconds(300));
                continue;
            }
            var (grant, server) = await Look(mailbox, CancellationToken.None);
            TokenAnswer answer;
            try { answer = await client.ForRefresh(server, step.Refresh); }
            catch (MailTokenTrouble why)
            {
                log.LogWarning("No token for mailbox {Mailbox} ({Account}): {Why}", mailbox, grant.Account, why.Said ?? why.Kind.ToString());
                if (await Failed(mailbox, step.Fence, why)) throw;
                continue;
            }
            if (await Keep(mailbox, step, answer)) return answer.Access;
        }
    }

    // The old lasting token may be worth nothing any more: the new one is stored, whatever it takes, before anybody uses what came with it.
    async Task<bool> Keep(long mailbox, Step step, TokenAnswer answer)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write.Run(Me, null, async db =>
                {
                    var row = await db.Set<MailGrant>().AsTracking().FirstOrDefaultAsync(g => g.MailboxId == mailbox);
                    if (row is null) return false;
                    if (row.Fence != step.Fence)
                    {
                        // It took longer than the lease, and somebody else asks with the same: while no other has come this one is all there is, and his "no" says nothing of it.
                        if (!row.Refresh.AsSpan().SequenceEqual(step.Used)) return false;
                        row.Fence++;
                    }
                    Fill(row, answer, db.At);
                    return true;
                }, CancellationToken.None);
            }
            catch (StoreAway) when (attempt < 20) { await Task.Delay(TimeSpan.FromSeconds(Math.Min(10, attempt))); }
        }
    }

    /// <summary>What a provider gave, into the row.</summary>
    internal void Fill(MailGrant row, TokenAnswer answer, DateTime at)
    {
        if (answer.Refresh is { } refresh) row.Refresh = Seal(refresh);
        var margin = answer.Lifetime / 4 < Before ? answer.Lifetime / 4 : Before;
        (row.Access, row.AccessAt, row.AccessUntil, row.RenewAt) = (Seal(answer.Access), at, at + answer.Lifetime, at + answer.Lifetime - margin);
        (row.LeasedBy, row.LeasedUntil, row.Trouble, row.Said, row.Failures, row.NextTry) = (null, null, null, null, 0, null);
    }

    Task<bool> Failed(long mailbox, int fence, MailTokenTrouble why) => write.Run(Me, null, async db =>
    {
        var row = await db.Set<MailGrant>().AsTracking().FirstOrDefaultAsync(g => g.MailboxId == mailbox && g.Fence == fence);
        if (row is null) return false;
        (row.Trouble, row.Said, row.LeasedBy, row.LeasedUntil) = (why.Kind, why.Said, null, null);
        row.Failures++;
        row.NextTry = db.At + Mail.ImapPauses.After(row.Failures, FaultOf(why.Kind));
        return true;
    }, CancellationToken.None);

    /// <summary>How long is waited after it: seconds where the provider is away, minutes where a person has to do something.</summary>
    internal static Mail.ImapFault FaultOf(MailTrouble kind) => kind == MailTrouble.TokenServerAway ? Mail.ImapFault.Closed : Mail.ImapFault.WrongPassword;

    /// <summary>A mail server refused the token though it should be good: the next one is fetched anew, and its provider says what is wrong. Not of one that is minutes old: then it is the server
    /// that lets nobody in, and many mails that are refused would each fetch another.</summary>
    public Task Doubt(long mailbox) => write.Run(Me, null, db =>
    {
        var before = db.At - TimeSpan.FromMinutes(5);
        return db.Set<MailGrant>().Where(g => g.MailboxId == mailbox && g.AccessAt < before).ExecuteUpdateAsync(set => set.SetProperty(g => g.RenewAt, (DateTime?)null));
    }, CancellationToken.None);

    /// <summary>A person says: try now.</summary>
    internal static Task Hurry(Database db, long mailbox) => db.Set<MailGrant>().Where(g => g.MailboxId == mailbox).ExecuteUpdateAsync(set => set.SetProperty(g => g.NextTry, (DateTime?)null));

    internal byte[] Seal(string token) => key.Seal(Purpose, Encoding.UTF8.GetBytes(token));

    string Open(byte[] secret) => Encoding.UTF8.GetString(key.Open(Purpose, secret));

    async Task<(string User, string Token)> ISendAs.Token(long mailbox, string host, CancellationToken stop)
    {
        Mailbox? box;
        using (var db = databases.Open()) box = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == mailbox, stop);
        if (box is null) throw new NoToken(Words.SendAsNobody);
        try { return (box.ImapUser ?? box.Address, await For(mailbox, host, stop)); }
        catch (MailTokenTrouble why) { throw new NoToken($"{MailTroubles.Says(why.Kind, box, why.Said)} {MailTroubles.Remedy(why.Kind)}"); }
        catch (CryptographicException) { throw new NoToken(MailTroubles.Says(MailTrouble.NoSecret, box, null)); }
    }

    Task ISendAs.Refused(long mailbox) => Doubt(mailbox);
}
