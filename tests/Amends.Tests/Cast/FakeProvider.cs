using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amends.Tests.Cast;

/// <summary>An authorisation server in the test's own hand, strict in all that the specifications ask of it (RFC 6749, 7636, 9700): what comes and is not exactly right is refused and kept in
/// <see cref="Faults"/>. Codes are good once and for a minute, lasting tokens once each (the next comes with the answer); a code that comes twice ends what it had given.</summary>
sealed class FakeProvider : IAsyncDisposable
{
    public const string Client = "app-of-the-house", Secret = "canary-app-secret-6b1f", Tenant = "8d2f1c3a-5a0e-4a7d-9b52-0c6a4a1d7e11";

    readonly WebApplication app;
    readonly TimeProvider clock;
    readonly Lock truth = new();
    readonly Dictionary<string, Code> codes = [];
    readonly Dictionary<string, string> lasting = [];
    readonly Dictionary<string, (string Account, DateTimeOffset Until)> access = [];
    readonly List<string> faults = [];

    sealed class Code
    {
        public required string Redirect, Challenge, Nonce, Account;
        public required DateTimeOffset Until;
        public bool Used;
        public List<string> Gave = [];
    }

    FakeProvider(WebApplication app, TimeProvider clock) => (this.app, this.clock) = (app, clock);

    public static async Task<FakeProvider> Open(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var one = new FakeProvider(app, clock);
        app.MapGet("/authorize", (Delegate)one.Authorize);
        app.MapPost("/token", (Delegate)one.Token);
        app.MapGet("/elsewhere", () => "x");
        await app.StartAsync();
        one.Root = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return one;
    }

    public string Root { get; private set; } = "";

    /// <summary>Who is signed in at the provider, in this browser.</summary>
    public string Account { get; set; } = "service@amends.example";

    /// <summary>The only address to come back to that is entered here.</summary>
    public string Redirect { get; set; } = "";

    /// <summary>What must be asked for.</summary>
    public string Scopes { get; set; } = "openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";

    /// <summary>How long an access token lasts.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>False for providers that give no new lasting token with each use (Google).</summary>
    public bool Rotates { get; set; } = true;

    /// <summary>Changes an answer that would be right; null for the answer as it is.</summary>
    public Func<JsonObject, JsonObject>? Bend { get; set; }

    /// <summary>Changes who the provider says it was.</summary>
    public Func<JsonObject, JsonObject>? BendWho { get; set; }

    /// <summary>Answers instead; the token was made all the same.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>What was asked of the token address, by kind of grant.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What came and was not as it must be.</summary>
    public IReadOnlyList<string> Faults { get { lock (truth) return [.. faults]; } }

    /// <summary>All tokens that were ever given.</summary>
    public ConcurrentQueue<string> Given { get; } = [];

    /// <summary>Whether a mail server should let this user in with it.</summary>
    public bool IsGood(string user, string token)
    {
        lock (truth) return access.TryGetValue(token, out var one) && one.Account == user && one.Until > clock.GetUtcNow();
    }

    /// <summary>The owner of the account takes our rights away.</summary>
    public void TakeAway()
    {
        lock (truth)
        {
            lasting.Clear();
            access.Clear();
        }
    }

    /// <summary>Access tokens end now, before they said they would.</summary>
    public void EndAccess() { lock (truth) access.Clear(); }

    IResult Fault(string why, string error = "invalid_request")
    {
        lock (truth) faults.Add(why);
        return Results.Json(new { error, error_description = why }, statusCode: error == "invalid_client" ? 401 : 400);
    }

    static string Fresh() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    IResult Authorize(HttpContext http)
    {
        var asked = http.Request.Query;
        string One(string name) => asked[name].Count == 1 ? asked[name].ToString() : "";
        if (One("client_id") != Client) return Fault("client_id");
        if (One("redirect_uri") != Redirect) return Fault($"redirect_uri {One("redirect_uri")}");
        if (One("response_type") != "code") return Fault("response_type");
        if (One("scope") != Scopes) return Fault($"scope {One("scope")}");
        if (One("state").Length < 40) return Fault("state");
        if (One("nonce").Length < 40) return Fault("nonce");
        if (One("code_challenge_method") != "S256" || One("code_challenge").Length != 43) return Fault("code_challenge");
        var code = Fresh();
        lock (truth) codes[code] = new Code { Redirect = Redirect, Challenge = One("code_challenge"), Nonce = One("nonce"), Account = Account, Until = clock.GetUtcNow().AddMinutes(1) };
        return Results.Redirect($"{Redirect}?code={code}&state={Uri.EscapeDataString(One("state"))}&session_state={Fresh()}");
    }

    async Task<IResult> Token(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return Fault("content type");
        var form = await http.Request.ReadFormAsync();
        string One(string name) => form[name].Count == 1 ? form[name].ToString() : "";
        Asked.Enqueue(One("grant_type"));
        if (http.Request.QueryString.HasValue) return Fault("secrets in the address");
        if (One("client_id") != Client || One("client_secret") != Secret) return Fault("client", "invalid_client");
        JsonObject answer;
        lock (truth)
        {
            var now = clock.GetUtcNow();
            string account, refresh;
            Code? from = null;
            if (One("grant_type") == "authorization_code")
            {
                if (!codes.TryGetValue(One("code"), out from)) return Fault("no such code", "invalid_grant");
                if (from.Used)
                {
                    foreach (var gave in from.Gave)
                    {
                        lasting.Remove(gave);
                        access.Remove(gave);
                    }
                    return Fault("the code came twice", "invalid_grant");
                }
                from.Used = true;
                if (from.Until <= now) return Fault("the code is over", "invalid_grant");
                if (One("redirect_uri") != from.Redirect) return Fault("another redirect_uri", "invalid_grant");
                if (Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(One("code_verifier")))).TrimEnd('=').Replace('+', '-').Replace('/', '_') != from.Challenge) return Fault("code_verifier", "invalid_grant");
                (account, refresh) = (from.Account, "refresh-" + Fresh());
            }
            else if (One("grant_type") == "refresh_token")
            {
                if (!lasting.TryGetValue(One("refresh_token"), out account!)) return Fault("the lasting token is none", "invalid_grant");
                refresh = One("refresh_token");
                if (Rotates)
                {
                    lasting.Remove(refresh);
                    refresh = "refresh-" + Fresh();
                }
            }
            else return Fault("grant_type", "unsupported_grant_type");
            var token = "access-" + Fresh();
            access[token] = (account, now + Lifetime);
            lasting[refresh] = account;
            from?.Gave.AddRange([token, refresh]);
            Given.Enqueue(token);
            Given.Enqueue(refresh);
            answer = new JsonObject { ["token_type"] = "Bearer", ["access_token"] = token, ["expires_in"] = (int)Lifetime.TotalSeconds, ["scope"] = Scopes };
            if (Rotates || from is not null) answer["refresh_token"] = refresh;
            if (from is not null)
            {
                var who = new JsonObject { ["aud"] = Client, ["iss"] = Root, ["exp"] = now.AddHours(1).ToUnixTimeSeconds(), ["nonce"] = from.Nonce, ["tid"] = Tenant, ["preferred_username"] = account, ["email"] = account, ["email_verified"] = true };
                answer["id_token"] = "e30." + Convert.ToBase64String(Encoding.UTF8.GetBytes((BendWho?.Invoke(who) ?? who).ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".sig";
            }
        }
        if (Instead is { } other)
        {
            await other(http);
            return Results.Empty;
        }
        return Results.Text((Bend?.Invoke(answer) ?? answer).ToJsonString(), "application/json");
    }

    /// <summary>The port.</summary>
    public string Port => new Uri(Root).Port.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
