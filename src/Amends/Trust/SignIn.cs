using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The page that asks for address and password.</summary>
public sealed record SignInModel(FormState Form, string Return, string Company, IReadOnlyList<DemoName> Demo, string? Said = null);

/// <summary>The page that asks for the code.</summary>
public sealed record SignInCodeModel(FormState Form, string Challenge, string Return);

/// <summary>Sign-in by address and password, then a code where a second factor is set; sign-out.</summary>
static class SignIn
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in", Show).Public("where one signs in");
        app.MapPost("/sign-in", Check).Public("where one signs in");
        app.MapPost("/sign-in/code", CheckCode).Public("the second half of signing in");
        app.MapPost("/sign-out", Out).Public("ends what there is; nothing when there is nothing");
    }

    static IResult Show(HttpContext http, House house, DemoNames demo, string? @return, string? done)
    {
        if (http.WhoOrNull() is not null) return View.Go(http, LocalPath.Or(@return, "/"));
        if (!house.Get(HouseSettings.SetUp)) return View.Go(http, "/first-run");
        return View.Page<SignInPage>(Model(FormState.With(), house, demo, @return, done == "password" ? Words.PasswordIsSet : null));
    }

    static SignInModel Model(FormState form, House house, DemoNames demo, string? to, string? said = null) =>
        new(form, LocalPath.Or(to, "/"), house.Get(HouseSettings.Company), house.Get(HouseSettings.IsDemo) ? demo.All : [], said);

    static async Task<IResult> Check(HttpContext http, Databases databases, Writer write, House house, DemoNames demo, Guesses guesses, Challenges challenges, KnownBrowser known, ServeOptions options)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var address = form["address"].Trim().ToLower(CultureInfo.InvariantCulture);
        var password = form["password"];
        if (address.Length == 0) form.Wrong("address", Amends.Foundation.Web.Words.Needed);
        if (password.Length == 0) form.Wrong("password", Amends.Foundation.Web.Words.Needed);
        if (!form.IsValid) return View.Invalid<SignInPage>(Model(form, house, demo, form["return"]));
        // Neither is anybody's: no work for it, and no hint either.
        var tooLong = address.Length > 320 || password.Length > Passwords.Longest;
        var isKnown = !tooLong && known.Is(http, address);
        var from = http.Connection.RemoteIpAddress;
        if (guesses.Ask(tooLong ? "too long" : address, from, isKnown) is { } wait) return Slow(http, form, house, demo, wait);
        Colleague? colleague = null;
        if (!tooLong)
        {
            using var db = databases.Open();
            colleague = await db.Set<Colleague>().FirstOrDefaultAsync(c => c.Address == address && c.State == ColleagueState.Active);
        }
        if (tooLong || !Passwords.Fits(colleague?.PasswordHash, password))
            return View.Invalid<SignInPage>(Model(form.Wrong("password", Words.NotTogether), house, demo, form["return"]));
        guesses.Right(address, from, isKnown);
        if (colleague!.TotpKey is not null)
            return View.Page<SignInCodePage>(new SignInCodeModel(FormState.With(), challenges.Make(colleague.Id, form.On("keep")), LocalPath.Or(form["return"], "/")));
        await Begin(http, write, options, known, colleague, form.On("keep"), null);
        return View.Go(http, LocalPath.Or(form["return"], "/"));
    }

    static IResult Slow(HttpContext http, FormState form, House house, DemoNames demo, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Seconds(wait);
        return View.Page<SignInPage>(Model(form.Wrong("", SlowWords(wait)), house, demo, form["return"]), StatusCodes.Status429TooManyRequests);
    }

    static string Seconds(TimeSpan wait) => ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>How long to wait, in words.</summary>
    internal static string SlowWords(TimeSpan wait) => wait > TimeSpan.FromSeconds(90)
        ? string.Format(CultureInfo.CurrentCulture, Words.WaitMinutes, (int)Math.Ceiling(wait.TotalMinutes))
        : string.Format(CultureInfo.CurrentCulture, Words.WaitSeconds, (int)Math.Ceiling(wait.TotalSeconds));

    static async Task<IResult> CheckCode(HttpContext http, Databases databases, Writer write, House house, DemoNames demo, Guesses guesses, Challenges challenges, KnownBrowser known, HouseKey key, ServeOptions options)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var to = LocalPath.Or(form["return"], "/");
        var challenge = challenges.Try(form["challenge"]);
        Colleague? colleague = null;
        if (challenge is not null)
        {
            using var db = databases.Open();
            colleague = await db.Set<Colleague>().FirstOrDefaultAsync(c => c.Id == challenge.Colleague && c.State == ColleagueState.Active);
        }
        if (challenge is null || colleague?.TotpKey is null)
            return View.Page<SignInPage>(Model(FormState.With(("address", "")).Wrong("", Words.CodeOver), house, demo, to), StatusCodes.Status422UnprocessableEntity);
        if (guesses.Ask("code " + colleague.Address, http.Connection.RemoteIpAddress) is { } wait)
        {
            http.Response.Headers.RetryAfter = Seconds(wait);
            return View.Page<SignInCodePage>(new SignInCodeModel(form.Wrong("code", SlowWords(wait)), form["challenge"], to), StatusCodes.Status429TooManyRequests);
        }
        if (!await Begin(http, write, options, known, colleague, challenge.Keep, new Proof(key, form["code"])))
            return View.Invalid<SignInCodePage>(new SignInCodeModel(form.Wrong("code", Words.CodeWrong), form["challenge"], to));
        challenges.Done(challenge);
        guesses.Right("code " + colleague.Address, http.Connection.RemoteIpAddress);
        return View.Go(http, to);
    }

    sealed record Proof(HouseKey Key, string Code);

    /// <summary>A new session under a new token; the one that the browser came with ends (A28). False when the code was not right.</summary>
    static async Task<bool> Begin(HttpContext http, Writer write, ServeOptions options, KnownBrowser known, Colleague colleague, bool keep, Proof? proof)
    {
        // Made outside of the write: what a write answers may be kept for a day, and a token is written nowhere.
        var token = Sessions.Token();
        var old = SessionCookie.Of(http, options) is { } before ? Gate.Digest(before) : null;
        var from = Sessions.FromOf(http);
        var begun = await write.Run(new Actor(ActorKind.Colleague, colleague.Id, colleague.Name), null, async db =>
        {
            var fresh = await db.Set<Colleague>().AsTracking().FirstOrDefaultAsync(c => c.Id == colleague.Id && c.State == ColleagueState.Active);
            // Changed between the check and here: the check does not count.
            if (fresh is null || fresh.PasswordHash != colleague.PasswordHash || proof is null && fresh.TotpKey is not null) return false;
            if (proof is not null && !await SecondFactor.Use(db, proof.Key, fresh, proof.Code)) return false;
            if (old is not null) await db.Set<Session>().Where(s => s.TokenHash == old).ExecuteDeleteAsync();
            Sessions.Begin(db, token, colleague.Id, from);
            db.Record(new ColleagueChanged(colleague.Id, ColleagueDeed.SignedIn));
            return true;
        });
        if (!begun) return false;
        SessionCookie.Give(http, options, token, keep);
        known.Remember(http, colleague.Address);
        return true;
    }

    static async Task<IResult> Out(HttpContext http, Writer write, ServeOptions options)
    {
        if (http.WhoOrNull() is { } who && SessionCookie.Of(http, options) is { } token)
        {
            var hash = Gate.Digest(token);
            await write.Run(who, null, async db =>
            {
                await db.Set<Session>().Where(s => s.TokenHash == hash).ExecuteDeleteAsync();
                db.Record(new ColleagueChanged(who.Id, ColleagueDeed.SignedOut));
                db.Tell(new Hint("colleague", who.Id, 0));
            });
        }
        SessionCookie.Take(http, options);
        return View.Go(http, "/sign-in");
    }
}
