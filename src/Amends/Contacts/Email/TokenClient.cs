using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Amends.Foundation.Outbox;

namespace Amends.Contacts;

/// <summary>Why there is no token: one of the troubles of a mailbox, with what the provider said.</summary>
public sealed class MailTokenTrouble(MailTrouble kind, string? said = null) : NoToken(said ?? kind.ToString())
{
    /// <summary>Which.</summary>
    public MailTrouble Kind { get; } = kind;

    /// <summary>What the provider said, cleaned; null where that explains nothing.</summary>
    public string? Said { get; } = said;
}

/// <summary>What a provider gave.</summary>
/// <param name="Refresh">Null where it gave none: then the one of before holds on.</param>
/// <param name="Lifetime">Of the access token, from now; an hour at most a day.</param>
/// <param name="IdToken">Who signed in, as the provider says it; null after a refresh.</param>
public sealed record TokenAnswer(string Access, string? Refresh, TimeSpan Lifetime, string? IdToken)
{
    /// <summary>Says nothing of what is in it.</summary>
    public override string ToString() => nameof(TokenAnswer);
}

/// <summary>How long an answer is waited for.</summary>
public sealed record TokenPatience(TimeSpan Wait)
{
    /// <summary>Twenty seconds.</summary>
    public TokenPatience() : this(TimeSpan.FromSeconds(20)) { }
}

/// <summary>
/// Asks a provider for tokens (RFC 6749 sections 4.1.3 and 6; the client's secret in the body). Follows no redirect, keeps no cookie, reads no more than 64 KB, and takes
/// nothing for granted: whatever comes that is no token becomes a <see cref="MailTokenTrouble"/>.
/// </summary>
public sealed class TokenClient : IDisposable
{
    const int MostBytes = 64 * 1024, LongestToken = 16 * 1024;
    readonly HttpClient http;

    public TokenClient(Reach reach, TokenPatience patience) => http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = async (to, stop) => new System.Net.Sockets.NetworkStream(await reach.Dial(to.DnsEndPoint.Host, to.DnsEndPoint.Port, Reach.WebPorts, stop), ownsSocket: true)
    })
    { Timeout = patience.Wait, MaxResponseContentBufferSize = MostBytes };

    /// <summary>For the code that the browser brought back.</summary>
    /// <exception cref="MailTokenTrouble">There is none.</exception>
    public Task<TokenAnswer> ForCode(SignInServer server, string code, string verifier, string redirect) =>
        Ask(server, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier)]);

    /// <summary>Another one for the lasting token.</summary>
    /// <exception cref="MailTokenTrouble">There is none.</exception>
    public Task<TokenAnswer> ForRefresh(SignInServer server, string refresh) => Ask(server, [("grant_type", "refresh_token"), ("refresh_token", refresh)]);

    // Not ended with whoever waits for it: an answer that was on its way may hold the only token that is still good.
    async Task<TokenAnswer> Ask(SignInServer server, IEnumerable<(string Name, string Value)> words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Tokens)
        {
            Content = new FormUrlEncodedContent([.. words.Select(w => KeyValuePair.Create(w.Name, w.Value)), new("client_id", server.ClientId), new("client_secret", server.Secret)])
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        HttpStatusCode status;
        string? type;
        byte[] body;
        try
        {
            using var answer = await http.SendAsync(request);
            (status, type, body) = (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
        }
        catch (HttpRequestException why) when (why.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded) { throw new MailTokenTrouble(MailTrouble.TokenServerOdd, Words.TokenTooLong); }
        catch (HttpRequestException why) when (why.InnerException is OutOfReach) { throw new MailTokenTrouble(MailTrouble.TokenServerOdd, why.InnerException.Message); }
        catch (HttpRequestException why) { throw new MailTokenTrouble(MailTrouble.TokenServerAway, Clean((why.InnerException ?? why).Message)); }
        catch (OperationCanceledException) { throw new MailTokenTrouble(MailTrouble.TokenServerAway, Words.TokenNoAnswer); }
        if ((int)status is 429 or >= 500) throw new MailTokenTrouble(MailTrouble.TokenServerAway, string.Create(CultureInfo.InvariantCulture, $"{(int)status}"));
        if (type is not "application/json") throw new MailTokenTrouble(MailTrouble.TokenServerOdd, string.Format(CultureInfo.CurrentCulture, Words.TokenNotJson, (int)status));
        JsonElement said;
        try
        {
            using var read = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            said = read.RootElement.Clone();
        }
        catch (JsonException) { throw new MailTokenTrouble(MailTrouble.TokenServerOdd, string.Format(CultureInfo.CurrentCulture, Words.TokenNotJson, (int)status)); }
        if (said.ValueKind != JsonValueKind.Object) throw new MailTokenTrouble(MailTrouble.TokenServerOdd, string.Format(CultureInfo.CurrentCulture, Words.TokenNotJson, (int)status));
        if (Text(said, "error") is { } error) throw Trouble(error, Text(said, "error_description"));
        if (status != HttpStatusCode.OK) throw new MailTokenTrouble(MailTrouble.TokenServerOdd, string.Format(CultureInfo.CurrentCulture, Words.TokenNotJson, (int)status));
        return Read(server, said);
    }

    static TokenAnswer Read(SignInServer server, JsonElement said)
    {
        static MailTokenTrouble Odd(string why) => new(MailTrouble.TokenServerOdd, why);
        if (Token(said, "access_token") is not { } access) throw Odd(Words.TokenMissing);
        if (!"Bearer".Equals(Text(said, "token_type"), StringComparison.OrdinalIgnoreCase)) throw Odd(Words.TokenOtherType);
        // What is not said lasts five minutes: asking once too often harms nobody.
        var seconds = said.TryGetProperty("expires_in", out var lasts) ? lasts.ValueKind switch
        {
            JsonValueKind.Number when lasts.TryGetDouble(out var number) => number,
            JsonValueKind.String when double.TryParse(lasts.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
            _ => 0
        } : 300;
        if (!(seconds >= 1)) throw Odd(Words.TokenOver);
        // A person may tick less than was asked for; where the answer names what was given, mail must be among it (RFC 6749 section 5.1).
        if (Text(said, "scope") is { } scope && server.Provider.Mail.Except(scope.Split(' '), StringComparer.OrdinalIgnoreCase).Any()) throw new MailTokenTrouble(MailTrouble.SignInAgain, Words.TokenNoMail);
        var refresh = said.TryGetProperty("refresh_token", out var kept) && kept.ValueKind != JsonValueKind.Null ? Token(said, "refresh_token") ?? throw Odd(Words.TokenMissing) : null;
        return new(access, refresh, TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), Text(said, "id_token"));
    }

    // RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6, and what the two providers add.
    static MailTokenTrouble Trouble(string error, string? words) => error switch
    {
        "invalid_grant" or "interaction_required" or "consent_required" or "login_required" => new(MailTrouble.SignInAgain, Clean($"{error}: {words}")),
        "temporarily_unavailable" or "server_error" or "slow_down" => new(MailTrouble.TokenServerAway, Clean($"{error}: {words}")),
        _ => new(MailTrouble.TokenServerRefuses, Clean($"{error}: {words}"))
    };

    static string? Text(JsonElement said, string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // RFC 6749 appendix A: printable ASCII.
    static string? Token(JsonElement said, string name) => Text(said, name) is { Length: > 0 and <= LongestToken } token && token.All(c => c is >= '!' and <= '~') ? token : null;

    /// <summary>Words of a stranger, for one line of a page: no control characters, no more than 300.</summary>
    internal static string Clean(string text)
    {
        var kept = new StringBuilder();
        foreach (var c in text.Trim().TrimEnd(':'))
        {
            if (kept.Length >= 300) break;
            if (!char.IsControl(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)) kept.Append(c);
            else if ((c is '\r' or '\n' or '\t') && kept.Length > 0 && kept[^1] != ' ') kept.Append(' ');
        }
        return kept.ToString().Trim();
    }

    public void Dispose() => http.Dispose();
}
