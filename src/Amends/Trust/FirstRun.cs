using System.Net;
using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Amends.Trust;

/// <summary>The code that opens the first run: made at each start, printed on the console, kept nowhere else. Only who sees the console sets the house up.</summary>
public sealed class FirstRun
{
    /// <summary>Twelve letters in three groups: 58 bits.</summary>
    public string Code { get; } = string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString("ABCDEFGHJKMNPQRSTUVWXYZ23456789", 4)));

    /// <summary>Whether this is the code; small letters and missing lines do no harm.</summary>
    public bool Fits(string? typed)
    {
        if (typed is null || typed.Length > 40) return false;
        static byte[] Plain(string text) => Gate.Digest(new string([.. text.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]));
        return CryptographicOperations.FixedTimeEquals(Plain(typed), Plain(Code));
    }
}

/// <summary>Sends a sample message through the real intake, and says where its case is. Registered by the module that takes messages in.</summary>
public delegate Task<string> TryIt(HttpContext http);

/// <summary>What is wrong with weekly hours, as a sentence; null where they can be used. Registered by the module that reckons with them: one check for all who ask for hours.</summary>
public delegate string? HoursFault(string hours);

/// <summary>The page that asks for the code and the first answers.</summary>
public sealed record FirstRunModel(FormState Form, bool Open, IReadOnlyList<(string Value, string Shown)> Zones);

/// <summary>The page after it.</summary>
public sealed record FirstRunReadyModel(bool CanTry);

/// <summary>Sets a new house up, once.</summary>
static class FirstRunPages
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/first-run", Show).Public("sets a new house up; opened by the code of the console; closed for ever afterwards");
        app.MapPost("/first-run/open", (Delegate)Open).Public("takes the code of the console");
        app.MapPost("/first-run", SetUp).Public("sets a new house up; opened by the code of the console; closed for ever afterwards");
        app.MapGet("/first-run/ready", Ready).Needs(Verb.ManageSettings);
        app.MapPost("/first-run/try", (Delegate)Try).Needs(Verb.ManageSettings);
    }

    // Once it is closed it is not there.
    static void MustBeOpen(House house) { if (house.Get(HouseSettings.SetUp)) throw new NotThere(); }

    static IResult Show(HttpContext http, House house, FirstRun first, Guesses guesses, string? code)
    {
        MustBeOpen(house);
        var form = FormState.With(("code", code), ("zone", HouseSettings.Zone.Default), ("hours", HouseSettings.Hours.Default));
        return code is null ? View.Page<FirstRunPage>(Model(form, false)) : Opened(http, form, first, guesses);
    }

    static async Task<IResult> Open(HttpContext http, House house, FirstRun first, Guesses guesses)
    {
        MustBeOpen(house);
        var posted = FormState.Of(await http.Request.ReadFormAsync());
        return Opened(http, FormState.With(("code", posted["code"]), ("zone", HouseSettings.Zone.Default), ("hours", HouseSettings.Hours.Default)), first, guesses);
    }

    static IResult Opened(HttpContext http, FormState form, FirstRun first, Guesses guesses) =>
        CodeIsRight(http, form, first, guesses) ? View.Page<FirstRunPage>(Model(form, true)) : View.Invalid<FirstRunPage>(Model(form, false));

    static bool CodeIsRight(HttpContext http, FormState form, FirstRun first, Guesses guesses)
    {
        var from = http.Connection.RemoteIpAddress;
        if (guesses.Ask("first run", from) is { } wait) form.Wrong("code", SignIn.SlowWords(wait));
        else if (first.Fits(form["code"])) guesses.Right("first run", from);
        else form.Wrong("code", Words.FirstCodeWrong);
        return form.IsValid;
    }

    static FirstRunModel Model(FormState form, bool open) => new(form, open, open ? Zones.All : []);

    static async Task<IResult> SetUp(HttpContext http, House house, FirstRun first, Guesses guesses, Writer write, ServeOptions options, KnownBrowser known, HoursFault faultOf)
    {
        MustBeOpen(house);
        var form = FormState.Of(await http.Request.ReadFormAsync());
        if (!CodeIsRight(http, form, first, guesses)) return View.Invalid<FirstRunPage>(Model(form, false));
        var name = form.Need("name", 200);
        var address = form.Need("address", 320);
        var company = form.Need("company", 200);
        var companyAddress = form.May("company-address", 1000) ?? "";
        var hours = form.Need("hours", 200);
        var zone = form.Need("zone", 80);
        if (address.Length > 0 && Addresses.Clean(address) is null) form.Wrong("address", Words.NoAddress);
        if (!Zones.Knows(zone)) form.Wrong("zone", Words.NoZone);
        if (form.Error("hours") is null && faultOf(hours) is { } fault) form.Wrong("hours", fault);
        if (Passwords.Wrong(form["password"], false, name, address, company) is { } wrong) form.Wrong("password", wrong);
        if (!form.IsValid) return View.Invalid<FirstRunPage>(Model(form, true));
        var (hash, token, from) = (Passwords.Hash(form["password"]), Sessions.Token(), Sessions.FromOf(http));
        try
        {
            await write.Run(Actor.System("first run"), form.Once, async db =>
            {
                // Two who press at once: the second finds the door closed.
                if (await db.Set<Colleague>().AnyAsync()) throw new NotThere();
                var made = await HouseStart.Make(db, house, new HouseAnswers(company, companyAddress, hours, zone, Speech.Now));
                var one = await HouseStart.AddColleague(db, name, address, hash, made.Administrator, made.Team);
                Sessions.Begin(db, token, one.Id, from);
                await HouseStart.Close(db, house);
            });
        }
        catch (Refused no) { return View.Invalid<FirstRunPage>(Model(form.Wrong(no), true)); }
        house.Forget();
        SessionCookie.Give(http, options, token, keep: false);
        known.Remember(http, Addresses.Clean(address)!);
        return View.Go(http, "/first-run/ready");
    }

    static IResult Ready(HttpContext http) => View.Page<FirstRunReadyPage>(new FirstRunReadyModel(http.RequestServices.GetService<TryIt>() is not null));

    static async Task<IResult> Try(HttpContext http)
    {
        var tryIt = http.RequestServices.GetService<TryIt>() ?? throw new NotThere();
        return View.Go(http, await tryIt(http));
    }
}

/// <summary>Time zones that can be chosen: IANA names.</summary>
public static class Zones
{
    /// <summary>Those with a place, by name.</summary>
    public static IReadOnlyList<(string Value, string Shown)> All { get; } =
        [.. DateTimeZoneProviders.Tzdb.Ids.Where(id => id == "Etc/UTC" || id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal) && !id.StartsWith("SystemV/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(id => (id, id.Replace('_', ' ')))];

    /// <summary>True for a zone that is known: looked up in a list. The system's own look-up takes a name for a file's path, and <c>/dev/zero</c> for a long one.</summary>
    public static bool Knows(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;
}
