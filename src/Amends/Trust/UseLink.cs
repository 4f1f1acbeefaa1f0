using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The page behind a link: says who asks and for whom, takes a password.</summary>
public sealed record UseLinkModel(FormState Form, string? Token, LinkPurpose Purpose, string Name, string Address, string Company, bool HasCode);

/// <summary>Invitations and resets: looking at the link uses nothing up, the button does.</summary>
static class UseLink
{
    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var path in (string[])["/invitation/{token}", "/new-password/{token}"])
        {
            app.MapGet(path, Show).Public("opened by the 256-bit token of an invitation or reset");
            app.MapPost(path, Choose).Public("opened by the 256-bit token of an invitation or reset");
        }
    }

    static async Task<(MailLink Link, Colleague Of)?> Find(Database db, string? token, DateTime now)
    {
        if (await MailLinks.Find(db, token, now) is not { } link) return null;
        var colleague = await db.Set<Colleague>().FirstOrDefaultAsync(c => c.Id == link.ColleagueId && c.State != ColleagueState.Disabled);
        return colleague is null ? null : (link, colleague);
    }

    static UseLinkModel Model(FormState form, string token, (MailLink Link, Colleague Of) found, House house) =>
        new(form, token, found.Link.Purpose, found.Of.Name, found.Of.Address, house.Get(HouseSettings.Company), found.Of.TotpKey is not null);

    static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult Over(House house) =>
        View.Page<UseLinkPage>(new UseLinkModel(FormState.With(), null, default, "", "", house.Get(HouseSettings.Company), false), StatusCodes.Status404NotFound);

    static async Task<IResult> Show(string token, Databases databases, House house, TimeProvider clock)
    {
        using var db = databases.Open();
        return await Find(db, token, clock.GetUtcNow().UtcDateTime) is { } found ? View.Page<UseLinkPage>(Model(FormState.With(), token, found, house)) : Over(house);
    }

    static async Task<IResult> Choose(string token, HttpContext http, Databases databases, Writer write, House house, TimeProvider clock, ServeOptions options, KnownBrowser known, Guesses guesses)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        (MailLink Link, Colleague Of) found;
        using (var db = databases.Open())
        {
            if (await Find(db, token, clock.GetUtcNow().UtcDateTime) is not { } it) return Over(house);
            found = it;
        }
        if (Passwords.Wrong(form["password"], found.Of.TotpKey is not null, found.Of.Name, found.Of.Address, house.Get(HouseSettings.Company)) is { } wrong) form.Wrong("password", wrong);
        else if (guesses.Ask("link " + found.Of.Address, http.Connection.RemoteIpAddress) is { } wait) form.Wrong("password", SignIn.SlowWords(wait));
        if (!form.IsValid) return View.Invalid<UseLinkPage>(Model(form, token, found, house));
        var (hash, session, from) = (Passwords.Hash(form["password"]), Sessions.Token(), Sessions.FromOf(http));
        // A second factor is asked for as always: a link is no proof of the phone.
        var signIn = found.Of.TotpKey is null && found.Link.Purpose == LinkPurpose.Invitation;
        var used = await write.Run(new Actor(ActorKind.Colleague, found.Of.Id, found.Of.Name), null, async db =>
        {
            if (await Find(db, token, db.At) is not { } still) return false;
            // The row itself says who was first.
            if (await db.Set<MailLink>().Where(l => l.Id == still.Link.Id && l.UsedAt == null).ExecuteUpdateAsync(l => l.SetProperty(x => x.UsedAt, db.At)) == 0) return false;
            var one = await db.Load<Colleague>(still.Of.Id);
            (one.PasswordHash, one.State) = (hash, ColleagueState.Active);
            one.Did(still.Link.Purpose == LinkPurpose.Invitation ? ColleagueDeed.Accepted : ColleagueDeed.PasswordSet);
            await Sessions.EndAll(db, one.Id);
            if (signIn) Sessions.Begin(db, session, one.Id, from);
            return true;
        });
        if (!used) return Over(house);
        guesses.Right("link " + found.Of.Address, http.Connection.RemoteIpAddress);
        if (!signIn) return View.Go(http, "/sign-in?done=password");
        SessionCookie.Give(http, options, session, keep: false);
        known.Remember(http, found.Of.Address);
        return View.Go(http, "/");
    }
}
