using System.Globalization;
using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>One signed-in browser of one's own.</summary>
public sealed record SessionRow(long Id, string From, DateTime SeenAt, bool This);

/// <summary>One's own account. <paramref name="Password"/> is the second form of the page.</summary>
public sealed record MeModel(FormState Form, FormState Password, string Name, string Address, int Version, bool HasCode, int CodesLeft, IReadOnlyList<SessionRow> Sessions, string Zone, bool AskPassword, string? Said)
{
    /// <summary>When one is absent, and who is asked then.</summary>
    public IReadOnlyList<AbsenceRow> Absences { get; init; } = [];
}

/// <summary>Setting up the second factor: a picture for the app, and the key carried along, sealed.</summary>
public sealed record EnrolModel(FormState Form, string Sealed, string Picture, string Key, bool AskPassword);

/// <summary>Recovery codes that were just made: shown this once.</summary>
public sealed record CodesModel(IReadOnlyList<string> Codes);

/// <summary>One's own account: how the desk looks and speaks, what is told by mail, password, second factor, sessions.</summary>
static class Me
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/me", async (HttpContext http, Databases databases, string? done) => View.Page<MePage>(await Model(http, databases, said: done switch { "saved" => Words.Saved, "password" => Words.PasswordSaved, "code-off" => Words.CodeIsOff, _ => null }))).NeedsSignIn();
        app.MapPost("/me", Save).NeedsSignIn();
        app.MapPost("/me/theme", Theme).NeedsSignIn();
        app.MapPost("/me/password", ChangePassword).NeedsSignIn();
        app.MapGet("/me/second-factor", ShowEnrol).NeedsSignIn();
        app.MapPost("/me/second-factor", Enrol).NeedsSignIn();
        app.MapPost("/me/second-factor/off", CodeOff).NeedsSignIn();
        app.MapPost("/me/recovery-codes", NewCodes).NeedsSignIn();
        app.MapPost("/me/sessions/{id:long}/end", EndSession).NeedsSignIn();
        app.MapPost("/me/sessions/end-others", EndOthers).NeedsSignIn();
    }

    static async Task<MeModel> Model(HttpContext http, Databases databases, FormState? typed = null, FormState? password = null, string? said = null)
    {
        using var db = databases.Open();
        var who = http.Who();
        var one = await db.Set<Colleague>().FirstAsync(c => c.Id == who.Id);
        var form = typed ?? FormState.With(("name", one.Name), ("zone", one.Zone), ("language", one.Language), ("theme", one.Theme), ("keys-off", Tick(one.KeysOff)), ("signature", one.Signature),
            ("page-assigned", Tick(one.PageWhenAssigned)), ("page-mentioned", Tick(one.PageWhenMentioned)), ("page-answered", Tick(one.PageWhenAnswered)), ("page-reopened", Tick(one.PageWhenReopened)),
            ("mail-assigned", Tick(one.MailWhenAssigned)), ("mail-mentioned", Tick(one.MailWhenMentioned)), ("mail-answered", Tick(one.MailWhenAnswered)), ("mail-reopened", Tick(one.MailWhenReopened)));
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var current = Colleagues.CurrentSession(http);
        var sessions = await db.Set<Session>().Where(s => s.ColleagueId == who.Id && s.EndsAt > now).OrderByDescending(s => s.SeenAt).Take(100).ToListAsync();
        return new(form, password ?? FormState.With(), one.Name, one.Address, one.Version, one.TotpKey is not null, await db.Set<RecoveryCode>().CountAsync(r => r.ColleagueId == who.Id),
            sessions.ConvertAll(s => new SessionRow(s.Id, Sessions.Told(s.From), s.SeenAt, s.Id == current)), who.Zone, Proof.Needed(http), said)
        { Absences = await Absences.Of(db, who.Id, who.Zone, now) };
        static string Tick(bool on) => on ? "true" : "";
    }

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 200);
        var zone = form.May("zone", 80);
        var signature = form.May("signature", 2000);
        var language = form.May("language", 2);
        var theme = form["theme"] is "light" or "dark" ? form["theme"] : null;
        if (zone is not null && !Zones.Knows(zone)) form.Wrong("zone", Words.NoZone);
        if (language is not null && !Speech.All.Contains(language)) form.Wrong("language", Words.NoLanguage);
        if (!form.IsValid) return View.Invalid<MePage>(await Model(http, databases, form));
        await write.Run(http.Who(), form.Once, async db =>
        {
            var me = await db.Load<Colleague>(http.Who().Id, form.Version);
            (me.Name, me.Zone, me.Signature, me.Language, me.Theme, me.KeysOff) = (name, zone, signature, language, theme, form.On("keys-off"));
            (me.PageWhenAssigned, me.PageWhenMentioned, me.PageWhenAnswered, me.PageWhenReopened) = (form.On("page-assigned"), form.On("page-mentioned"), form.On("page-answered"), form.On("page-reopened"));
            (me.MailWhenAssigned, me.MailWhenMentioned, me.MailWhenAnswered, me.MailWhenReopened) = (form.On("mail-assigned"), form.On("mail-mentioned"), form.On("mail-answered"), form.On("mail-reopened"));
            me.Did(ColleagueDeed.PreferencesChanged);
        });
        return View.Go(http, "/me?done=saved");
    }

    static async Task<IResult> Theme(HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var me = await db.Load<Colleague>(http.Who().Id);
            me.Theme = form["theme"] is "light" or "dark" ? form["theme"] : null;
            me.Did(ColleagueDeed.PreferencesChanged);
        });
        return http.IsHtmx() ? Results.NoContent() : View.Go(http, "/me");
    }

    static async Task<IResult> ChangePassword(HttpContext http, Databases databases, Writer write, House house, ServeOptions options)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var who = http.Who();
        Colleague me;
        using (var db = databases.Open()) me = await db.Set<Colleague>().FirstAsync(c => c.Id == who.Id);
        if (Passwords.Wrong(form["new-password"], me.TotpKey is not null, me.Name, me.Address, house.Get(HouseSettings.Company)) is { } wrong) form.Wrong("new-password", wrong);
        else if (form["again-password"] != form["new-password"]) form.Wrong("again-password", Words.NotTheSame);
        // The old one is always asked: who finds an open desk does not get to keep the account.
        if (form.IsValid) await Proof.Given(http, form, always: true);
        if (!form.IsValid) return View.Invalid<MePage>(await Model(http, databases, password: form));
        var (hash, token, from) = (Passwords.Hash(form["new-password"]), Sessions.Token(), Sessions.FromOf(http));
        var letter = await Letters.PreparePasswordChanged(http, me.Name, me.Address, me.Language);
        await write.Run(who, null, async db =>
        {
            var one = await db.Load<Colleague>(who.Id);
            one.PasswordHash = hash;
            one.Did(ColleagueDeed.PasswordSet);
            await Sessions.EndAll(db, who.Id);
            await MailLinks.End(db, who.Id);
            Sessions.Begin(db, token, who.Id, from);
            Letters.Queue(db, letter);
        });
        SessionCookie.Give(http, options, token, keep: false);
        return View.Go(http, "/me?done=password");
    }

    static EnrolModel EnrolForm(HttpContext http, FormState form, byte[] key) => new(form,
        Convert.ToBase64String(http.RequestServices.GetRequiredService<HouseKey>().Seal("enrol", key)),
        Totp.Picture(key, http.RequestServices.GetRequiredService<House>().Get(HouseSettings.Company) is { Length: > 0 } company ? company : Amends.Foundation.Web.Words.Product, http.Who().Name),
        string.Join(' ', Totp.Base32(key).Chunk(4).Select(c => new string(c))), Proof.Needed(http));

    static async Task<IResult> ShowEnrol(HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        var has = await db.Set<Colleague>().AnyAsync(c => c.Id == http.Who().Id && c.TotpKey != null);
        return has ? View.Go(http, "/me") : View.Page<EnrolPage>(EnrolForm(http, FormState.With(), Totp.NewKey()));
    }

    static async Task<IResult> Enrol(HttpContext http, HouseKey house, Writer write, TimeProvider clock)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        byte[] key;
        try { key = house.Open("enrol", Convert.FromBase64String(form["key"])); }
        catch (Exception why) when (why is FormatException or CryptographicException) { return View.Go(http, "/me/second-factor"); }
        var step = Totp.Check(key, form["code"], clock.GetUtcNow().UtcDateTime, 0);
        if (step is null) form.Wrong("code", Words.EnrolCodeWrong);
        else await Proof.Given(http, form);
        if (!form.IsValid) return View.Invalid<EnrolPage>(EnrolForm(http, form, key));
        var codes = SecondFactor.NewCodes();
        var who = http.Who();
        await write.Run(who, null, async db =>
        {
            var me = await db.Load<Colleague>(who.Id);
            if (me.TotpKey is not null) throw new Refused("", Words.CodeIsOn);
            (me.TotpKey, me.TotpUsed) = (house.Seal("totp", key), step!.Value);
            me.Did(ColleagueDeed.SecondFactorOn);
            await SecondFactor.Keep(db, who.Id, codes);
            await Sessions.EndAll(db, who.Id, Colleagues.CurrentSession(http));
        });
        return View.Page<CodesPage>(new CodesModel(codes));
    }

    static async Task<IResult> CodeOff(HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        // Asked always, since the password stands alone from now on and its length is only known when it is typed.
        if (await Proof.Given(http, form, always: true) && Passwords.Wrong(form[Proof.Field], false) is not null) form.Wrong(Proof.Field, Words.LongerFirst);
        if (!form.IsValid) return View.Invalid<MePage>(await Model(http, databases, password: FormState.With().Wrong("code-off", form.Error(Proof.Field)!)));
        var who = http.Who();
        await write.Run(who, form.Once, async db =>
        {
            var me = await db.Load<Colleague>(who.Id);
            if (me.TotpKey is null) return;
            (me.TotpKey, me.TotpUsed) = (null, 0);
            me.Did(ColleagueDeed.SecondFactorOff);
            await db.Set<RecoveryCode>().Where(r => r.ColleagueId == who.Id).ExecuteDeleteAsync();
            await Sessions.EndAll(db, who.Id, Colleagues.CurrentSession(http));
        });
        return View.Go(http, "/me?done=code-off");
    }

    static async Task<IResult> NewCodes(HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        if (!await Proof.Given(http, form)) return View.Invalid<MePage>(await Model(http, databases, password: FormState.With().Wrong("new-codes", form.Error(Proof.Field)!)));
        var (codes, who) = (SecondFactor.NewCodes(), http.Who());
        await write.Run(who, null, async db =>
        {
            var me = await db.Load<Colleague>(who.Id);
            if (me.TotpKey is null) throw new Refused("", Words.CodeIsOff);
            me.Did(ColleagueDeed.SecondFactorOn);
            await SecondFactor.Keep(db, who.Id, codes);
        });
        return View.Page<CodesPage>(new CodesModel(codes));
    }

    static async Task<IResult> EndSession(long id, HttpContext http, Writer write)
    {
        var who = http.Who();
        await write.Run(who, null, async db =>
        {
            if (await db.Set<Session>().Where(s => s.Id == id && s.ColleagueId == who.Id).ExecuteDeleteAsync() == 0) throw new NotThere();
            db.Record(new ColleagueChanged(who.Id, ColleagueDeed.SignedOut));
            db.Tell(new Hint("colleague", who.Id, 0));
        });
        return View.Go(http, "/me");
    }

    static async Task<IResult> EndOthers(HttpContext http, Writer write)
    {
        var who = http.Who();
        await write.Run(who, null, async db =>
        {
            await Sessions.EndAll(db, who.Id, Colleagues.CurrentSession(http));
            db.Record(new ColleagueChanged(who.Id, ColleagueDeed.SignedOut));
            db.Tell(new Hint("colleague", who.Id, 0));
        });
        return View.Go(http, "/me");
    }
}
