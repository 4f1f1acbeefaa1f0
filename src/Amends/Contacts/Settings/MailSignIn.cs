using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The way to the provider, shown for the moment that the browser needs to go there.</summary>
public sealed record MailSignInModel(long Mailbox, string Address, string Wanted, string Provider, string Url);

/// <summary>A sign-in that came to nothing.</summary>
public sealed record MailSignInFailedModel(long? Mailbox, string Provider, string Said);

/// <summary>
/// A mailbox is signed in to at its provider (OAuth 2.0 with a code, RFC 6749 and 9700): state bound to the session and used once, PKCE with S256, an address to come back to for each
/// provider, and of the answer only what is about us. A sign-in as another account than the mailbox's is not kept.
/// </summary>
static class MailSignIn
{
    const string Purpose = "mail-sign-in";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/settings/mailboxes/{id:long}/sign-in", Begin).Needs(Verb.ManageSettings);
        // The provider sends the browser here, which it can do by GET only. Nothing is done without a state that this session has sent out itself.
        foreach (var provider in MailProvider.All)
            app.MapGet(provider.BackPath, (HttpContext http, string? state, string? code, string? error, string? error_description, string? iss, Databases databases, Writer write, HouseKey key, House house, TokenClient client, MailTokens tokens) =>
                Back(provider, http, new(state, code, error, error_description, iss), databases, write, key, house, client, tokens)).Needs(Verb.ManageSettings);
    }

    sealed record Answer(string? State, string? Code, string? Error, string? Description, string? Issuer);

    static long Session(HttpContext http) => ((Gate.CurrentSession)http.Items[typeof(Gate.CurrentSession)]!).Id;

    static async Task<IResult> Begin(long id, HttpContext http, Databases databases, Writer write, HouseKey key, House house, HouseAddress ours)
    {
        Mailbox box;
        using (var db = databases.Open()) box = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == id && !m.Retired, http.RequestAborted) ?? throw new NotThere();
        if (MailProvider.Of(box.ImapLogin) is not { } provider) throw new NotThere();
        if (provider.Server(house) is not { } server) return View.Page<MailSignInFailedPage>(new MailSignInFailedModel(id, provider.Name, string.Format(CultureInfo.CurrentCulture, Words.SignInNoApp, provider.Name)), StatusCodes.Status422UnprocessableEntity);
        var (state, verifier, nonce, redirect, session) = (Sessions.Token(), Sessions.Token(), Sessions.Token(), ours.Link(provider.BackPath), Session(http));
        await write.Run(http.Who(), null, async db =>
        {
            await db.Set<PendingSignIn>().Where(p => p.MailboxId == id && p.SessionId == session || p.EndsAt < db.At).ExecuteDeleteAsync();
            db.Add(new PendingSignIn { StateHash = Gate.Digest(state), SessionId = session, MailboxId = id, Login = provider.Login, Secret = key.Seal(Purpose, Encoding.UTF8.GetBytes($"{verifier} {nonce}")), Redirect = redirect, ClientId = server.ClientId, EndsAt = db.At + Patience });
        }, http.RequestAborted);
        (string, string)[] words =
        [
            ("response_type", "code"), ("client_id", server.ClientId), ("redirect_uri", redirect), ("scope", provider.Scopes), ("state", state), ("nonce", nonce),
            ("code_challenge", Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), ("code_challenge_method", "S256"), ("login_hint", box.SignsInAs), .. provider.Extra
        ];
        var url = server.Authorize.AbsoluteUri + (server.Authorize.Query.Length == 0 ? "?" : "&") + string.Join('&', words.Select(w => $"{w.Item1}={Uri.EscapeDataString(w.Item2)}"));
        // A form may lead to this house only; so the page that answers it leads on.
        http.Response.Headers["Refresh"] = "0;url=" + url;
        return View.Page<MailSignInPage>(new MailSignInModel(id, box.Address, box.SignsInAs, provider.Name, url));
    }

    static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    static async Task<IResult> Back(MailProvider provider, HttpContext http, Answer answer, Databases databases, Writer write, HouseKey key, House house, TokenClient client, MailTokens tokens)
    {
        PendingSignIn? pending = null;
        IResult No(string said) => View.Page<MailSignInFailedPage>(new MailSignInFailedModel(pending?.MailboxId, provider.Name, said), StatusCodes.Status422UnprocessableEntity);
        if (answer.State is not { Length: > 20 and < 100 }) return No(Words.SignInNotBegun);
        var (hash, session) = (Gate.Digest(answer.State), Session(http));
        pending = await write.Run(http.Who(), null, async db =>
        {
            var row = await db.Set<PendingSignIn>().FirstOrDefaultAsync(p => p.StateHash == hash && p.SessionId == session && p.Login == provider.Login);
            // Of two that come with the same state only one finds it still there.
            return row is not null && await db.Set<PendingSignIn>().Where(p => p.Id == row.Id).ExecuteDeleteAsync() == 1 && row.EndsAt > db.At ? row : null;
        }, http.RequestAborted);
        if (pending is null) return No(Words.SignInNotBegun);
        if (provider.Server(house) is not { } server || server.ClientId != pending.ClientId) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInNoApp, provider.Name));
        // Where the answer says whose it is (RFC 9207) it must be theirs whom we asked.
        if (answer.Issuer is { } issuer && (!Uri.TryCreate(issuer, UriKind.Absolute, out var from) || !from.Host.Equals(server.Authorize.Host, StringComparison.OrdinalIgnoreCase))) return No(Words.SignInNotBegun);
        if (answer.Error == "access_denied") return No(string.Format(CultureInfo.CurrentCulture, Words.SignInDenied, provider.Name));
        if (answer.Error is { } error) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInError, provider.Name, TokenClient.Clean($"{error}: {answer.Description}")));
        if (answer.Code is not { Length: > 0 and <= 4096 } code) return No(Words.SignInNoCode);
        Mailbox box;
        using (var db = databases.Open()) box = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == pending.MailboxId && m.ImapLogin == provider.Login, http.RequestAborted) ?? throw new NotThere();
        var secret = Encoding.UTF8.GetString(key.Open(Purpose, pending.Secret)).Split(' ');
        TokenAnswer given;
        try { given = await client.ForCode(server, code, secret[0], pending.Redirect); }
        catch (MailTokenTrouble why) { return No($"{(why is { Kind: MailTrouble.SignInAgain, Said: { } said } ? string.Format(CultureInfo.CurrentCulture, Words.SignInError, provider.Name, said) : MailTroubles.Says(why.Kind, box, why.Said))} {MailTroubles.Remedy(why.Kind)}"); }
        if (given.Refresh is not { } refresh) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInNotLasting, provider.Name));
        if (Account(server, given.IdToken, secret[1], tokens.Now) is not { } account) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInWho, provider.Name));
        if (account.Tenant is { } tenant && !server.Tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase)) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInTenant, account.Name, tenant));
        if (!account.Name.Equals(box.SignsInAs, StringComparison.OrdinalIgnoreCase)) return No(string.Format(CultureInfo.CurrentCulture, Words.SignInOther, account.Name, box.SignsInAs, provider.Name));
        await write.Run(http.Who(), null, async db =>
        {
            var row = await db.Load<Mailbox>(box.Id);
            // Changed meanwhile: what was just signed in to is not what stands there now.
            if (row.ImapLogin != provider.Login || row.SignsInAs != box.SignsInAs) throw new NotThere();
            var grant = await db.Set<MailGrant>().AsTracking().FirstOrDefaultAsync(g => g.MailboxId == row.Id);
            if (grant is null) db.Add(grant = new MailGrant { MailboxId = row.Id, Account = account.Name, Refresh = tokens.Seal(refresh) });
            (grant.Login, grant.Account, grant.At) = (provider.Login, account.Name, db.At);
            grant.Fence++;
            tokens.Fill(grant, given, db.At);
            await db.Set<MailboxState>().Where(s => s.MailboxId == row.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.FailsSince, (DateTime?)null).SetProperty(s => s.Trouble, (MailTrouble?)null).SetProperty(s => s.Said, (string?)null).SetProperty(s => s.ToldAt, (DateTime?)null).SetProperty(s => s.NextTry, (DateTime?)null));
            // A change of the mailbox: it is read anew, at once.
            row.Changed();
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{box.Id}/server"));
    }

    sealed record SignedIn(string Name, string? Tenant);

    // The token came from the provider itself over TLS, so its signature says nothing more (OpenID Connect Core section 3.1.3.7, point 6); what it says must be for us, for
    // this sign-in, and not over.
    static SignedIn? Account(SignInServer server, string? idToken, string nonce, DateTime now)
    {
        if (idToken is not { Length: < 32 * 1024 } || idToken.Split('.') is not [_, var middle, _]) return null;
        try
        {
            using var read = JsonDocument.Parse(FromBase64Url(middle));
            var said = read.RootElement;
            string? Text(string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            var forUs = said.TryGetProperty("aud", out var to) && (to.ValueKind == JsonValueKind.Array ? to.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && a.GetString() == server.ClientId) : Text("aud") == server.ClientId);
            var over = !said.TryGetProperty("exp", out var until) || !until.TryGetInt64(out var seconds) || seconds < new DateTimeOffset(now).ToUnixTimeSeconds() - 300;
            if (!forUs || over || Text("nonce") is not { } named || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(named), Encoding.UTF8.GetBytes(nonce))) return null;
            if (server.Provider.HasTenants) return Text("tid") is { } tenant && (Text("preferred_username") ?? Text("upn")) is { Length: > 0 and <= 320 } user ? new(user, tenant) : null;
            // An address that nobody has confirmed could be anybody's.
            var confirmed = said.TryGetProperty("email_verified", out var yes) && (yes.ValueKind == JsonValueKind.True || yes.ValueKind == JsonValueKind.String && yes.GetString() == "true");
            return confirmed && Text("email") is { Length: > 0 and <= 320 } address ? new(address, null) : null;
        }
        catch (Exception why) when (why is JsonException or FormatException or InvalidOperationException) { return null; }
    }

    static byte[] FromBase64Url(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
    }
}
