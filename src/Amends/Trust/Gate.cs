using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>This route is for colleagues who hold a verb; with <see cref="None"/>, for everyone signed in.</summary>
public sealed class NeedsVerb(Verb? verb)
{
    /// <summary>The verb, or null for anyone signed in.</summary>
    public Verb? Verb { get; } = verb;
}

/// <summary>This route is for programs that show a key of a scope (<c>Authorization: Bearer …</c>).</summary>
public sealed class NeedsKey(KeyScope scope)
{
    /// <summary>What the key must open.</summary>
    public KeyScope Scope { get; } = scope;
}

/// <summary>Who asks, and whether he may: read anew for each request, checked before every route. A route without a mark is refused.</summary>
public static class Gate
{
    static readonly Hot<Func<Database, byte[], DateTime, Task<Signed?>>> bySession = new(() => EF.CompileAsyncQuery((Database db, byte[] hash, DateTime now) =>
        (from session in db.Set<Session>()
         join colleague in db.Set<Colleague>() on session.ColleagueId equals colleague.Id
         where session.TokenHash == hash && session.EndsAt > now && colleague.State == ColleagueState.Active
         select new Signed(session.Id, session.SeenAt, session.ProvedAt, colleague.Id, colleague.Name, colleague.RoleId, colleague.Zone, colleague.Language, colleague.Theme, colleague.KeysOff)).FirstOrDefault()));
    // Rights of a role and teams of a colleague in one statement: it stands before every page.
    static readonly Hot<Func<Database, long, long, IAsyncEnumerable<Held>>> heldBy = new(() => EF.CompileAsyncQuery((Database db, long role, long colleague) =>
        db.Set<RolePermission>().Where(p => p.RoleId == role).Select(p => new Held { Team = 0L, Verb = (int)p.Verb, Scope = (int)p.Scope })
            .Concat(db.Set<TeamMember>().Where(m => m.ColleagueId == colleague).Select(m => new Held { Team = m.TeamId, Verb = 0, Scope = 0 }))));
    static readonly Hot<Func<Database, byte[], KeyScope, Task<AccessKey?>>> byKey = new(() => EF.CompileAsyncQuery((Database db, byte[] hash, KeyScope scope) => db.Set<AccessKey>().FirstOrDefault(k => k.Hash == hash && k.Scope == scope && k.RevokedAt == null)));

    sealed record Signed(long Session, DateTime SeenAt, DateTime ProvedAt, long Id, string Name, long RoleId, string? Zone, string? Language, string? Theme, bool KeysOff);

    // A right, or a team.
    sealed class Held
    {
        public long Team { get; init; }
        public int Verb { get; init; }
        public int Scope { get; init; }
    }

    /// <summary>The session that a request came with.</summary>
    public sealed record CurrentSession(long Id, DateTime ProvedAt);

    /// <summary>For colleagues who hold this verb.</summary>
    public static T Needs<T>(this T route, Verb verb) where T : IEndpointConventionBuilder => route.WithMetadata(new NeedsVerb(verb));

    /// <summary>For everyone signed in: one's own account, the desk's frame.</summary>
    public static T NeedsSignIn<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new NeedsVerb(null));

    /// <summary>For programs with a key; takes no cookie, so needs no form token.</summary>
    public static T Needs<T>(this T route, KeyScope scope) where T : IEndpointConventionBuilder =>
        route.WithMetadata(new NeedsKey(scope), new WithoutToken("opened by a key in a header, never by a cookie"));

    /// <summary>A page for customers, in the language that <paramref name="language"/> answers; null: the house's.</summary>
    public static T ForCustomers<T>(this T route, Func<HttpContext, Task<string?>> language) where T : IEndpointConventionBuilder => route.WithMetadata(new ForCustomers(language));

    /// <summary>Who asks. Only on routes that need a sign-in or a key.</summary>
    public static Who Who(this HttpContext http) => (Who)http.Items[typeof(Who)]!;

    /// <summary>Who asks, or null from outside.</summary>
    public static Who? WhoOrNull(this HttpContext http) => http.Items[typeof(Who)] as Who;

    /// <summary>The session cookie's name: bound to the host where the house is served over https.</summary>
    public static string CookieName(ServeOptions options) => options.PublicUrl?.Scheme == "https" ? "__Host-amends" : "amends";

    /// <summary>The digest under which a token stands in the database.</summary>
    public static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Checks each request.</summary>
    public static void UseGate(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ServeOptions>();
        var databases = app.Services.GetRequiredService<Databases>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var house = app.Services.GetRequiredService<House>();
        var address = app.Services.GetRequiredService<HouseAddress>();
        app.Use(async (http, next) =>
        {
            address.HearTheProxy(http);
            if (!address.Answers(http.Request.Host))
            {
                await Problems.Answer(http, StatusCodes.Status400BadRequest, Words.UnknownHost);
                return;
            }
            var endpoint = http.GetEndpoint();
            var isPublic = endpoint?.Metadata.GetMetadata<PublicRoute>();
            if (isPublic is { Nameless: true }) { await next(http); return; }
            var key = endpoint?.Metadata.GetMetadata<NeedsKey>();
            string? own = null;
            if (key is null && http.Request.Cookies.TryGetValue(CookieName(options), out var token) && token.Length is > 20 and < 100)
                own = await SignIn(http, databases, clock, house, token);
            // Here and not below: a language that is chosen inside of an asynchronous call is forgotten at its end.
            if (endpoint?.Metadata.GetMetadata<ForCustomers>() is { } customers) Speech.Speak(http, await customers.Language(http) ?? house.Get(HouseSettings.Language));
            else Speech.Speak(http, (http.WhoOrNull() is { Kind: ActorKind.Colleague } ? own : Speech.Wanted(http.Request, Speech.All)) ?? house.Get(HouseSettings.Language));
            if (endpoint is null && http.Request.Path == "/" && http.WhoOrNull() is null) { await AskToSignIn(http); return; }
            // Not a route of ours: what routing itself answers, 405 say.
            if (endpoint is not RouteEndpoint || isPublic is not null) { await next(http); return; }
            if (key is not null)
            {
                if (await ByKey(http, databases, key.Scope)) await next(http);
                else
                {
                    http.Response.Headers.WWWAuthenticate = "Bearer";
                    await Problems.Answer(http, StatusCodes.Status401Unauthorized, Words.KeyNeeded);
                }
                return;
            }
            if (endpoint.Metadata.GetMetadata<NeedsVerb>() is not { } needs)
            {
                // Nobody said who may: nobody may.
                await Problems.Answer(http, StatusCodes.Status404NotFound, Amends.Foundation.Web.Words.NotFound);
                return;
            }
            var who = http.WhoOrNull();
            if (who is null) await AskToSignIn(http);
            else if (needs.Verb is { } verb && !who.Can(verb)) await Problems.Answer(http, StatusCodes.Status403Forbidden, Amends.Foundation.Web.Words.NotAllowed);
            else await next(http);
        });
    }

    // Answers the language that the colleague has chosen.
    static async Task<string?> SignIn(HttpContext http, Databases databases, TimeProvider clock, House house, string token)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        using var db = databases.Open();
        if (await bySession.On(db)(db, Digest(token), now) is not { } signed) return null;
        var who = await Read(db, signed, house);
        http.Items[typeof(Who)] = who;
        http.Items[typeof(CurrentSession)] = new CurrentSession(signed.Session, signed.ProvedAt);
        http.Items[typeof(Shell)] = new Shell(who, signed.Theme, signed.KeysOff, now);
        // Seen is kept to the quarter of an hour: not every page is a write.
        if (now - signed.SeenAt > TimeSpan.FromMinutes(15)) await Sessions.Seen(http.RequestServices.GetRequiredService<Writer>(), signed.Session);
        return signed.Language;
    }

    static Task<Who> Read(Database db, Signed signed, House house) => Read(db, signed.Id, signed.Name, signed.RoleId, signed.Zone, house);

    /// <summary>A colleague with the rights that he has now, who does not ask himself: whom a job is about to tell something.</summary>
    public static Task<Who> Of(Database db, Colleague one, House house) => Read(db, one.Id, one.Name, one.RoleId, one.Zone, house);

    static async Task<Who> Read(Database db, long id, string name, long role, string? zone, House house)
    {
        var may = new Dictionary<Verb, Scope>();
        var teams = new HashSet<long>();
        await foreach (var held in heldBy.On(db)(db, role, id))
        {
            if (held.Team != 0) teams.Add(held.Team);
            else may[(Verb)held.Verb] = (Scope)held.Scope;
        }
        return new Who(ActorKind.Colleague, id, name, may.ToFrozenDictionary(), teams.ToFrozenSet(), zone ?? house.Get(HouseSettings.Zone));
    }

    /// <summary>The colleague's rights as they stand now, or null when he may do nothing any more: for what lasts longer than a request.</summary>
    public static async Task<Who?> Again(HttpContext http)
    {
        if (http.Items[typeof(CurrentSession)] is not CurrentSession session) return null;
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        return await OfSession(db, http.RequestServices, session.Id);
    }

    /// <summary>Whose session this is, with the rights that he has now; null when it has ended.</summary>
    public static async Task<Who?> OfSession(Database db, IServiceProvider services, long session)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var hash = await db.Set<Session>().Where(s => s.Id == session).Select(s => s.TokenHash).FirstOrDefaultAsync();
        return hash is not null && await bySession.On(db)(db, hash, now) is { } signed ? await Read(db, signed, services.GetRequiredService<House>()) : null;
    }

    static async Task<bool> ByKey(HttpContext http, Databases databases, KeyScope scope)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.Length is < 30 or > 200) return false;
        var hash = Digest(header["Bearer ".Length..].Trim());
        using var db = databases.Open();
        var key = await byKey.On(db)(db, hash, scope);
        if (key is null) return false;
        // Kept to the hour, so that a busy program is not a write for each of its calls.
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        if (key.UsedAt is null || now - key.UsedAt > TimeSpan.FromHours(1))
            await http.RequestServices.GetRequiredService<Writer>().Run(Actor.System("keys"), null, async w => { await w.Set<AccessKey>().Where(k => k.Id == key.Id).ExecuteUpdateAsync(k => k.SetProperty(x => x.UsedAt, w.At)); });
        http.Items[typeof(Who)] = new Who(ActorKind.AccessKey, key.Id, key.Name, FrozenDictionary<Verb, Scope>.Empty, []);
        return true;
    }

    static Task AskToSignIn(HttpContext http)
    {
        if (http.IsHtmx() || !HttpMethods.IsGet(http.Request.Method) || http.Request.Headers.Accept.ToString().Contains("event-stream", StringComparison.Ordinal))
            return Problems.Answer(http, StatusCodes.Status401Unauthorized, Amends.Foundation.Web.Words.SignedOut);
        if (!http.RequestServices.GetRequiredService<House>().Get(HouseSettings.SetUp)) http.Response.Redirect("/first-run");
        else http.Response.Redirect("/sign-in?return=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
        return Task.CompletedTask;
    }
}

/// <summary>Marks a route whose page customers read.</summary>
/// <param name="Language">Their language, two letters; null where it is not known.</param>
sealed record ForCustomers(Func<HttpContext, Task<string?>> Language);
