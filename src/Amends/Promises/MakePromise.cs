using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>The form of a promise: what, by when and whose time, who keeps it.</summary>
/// <param name="Zones">Whose time it is said in: value and words; the first is the customer's where we know it.</param>
public sealed record MakePromiseModel(FormState Form, string Number, string Customer, IReadOnlyList<(string Value, string Shown)> Kinds, IReadOnlyList<(string Value, string Shown)> Zones, IReadOnlyList<(string Value, string Shown)> Keepers);

/// <summary>A promise by hand.</summary>
static class MakePromise
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/promises/new", Show).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/promises/new", Make).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, House house) => View.Page<MakePromisePage>(await Model(http, databases, number, house, FormState.With(("kind", "2"))));

    static async Task<MakePromiseModel> Model(HttpContext http, Databases databases, long number, House house, FormState form)
    {
        var who = http.Who();
        using var db = databases.Open();
        var one = await db.FindCase(who, number);
        var customer = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => new { c.Name, c.Zone }).FirstAsync();
        return new(form, number.ToString(CultureInfo.InvariantCulture), customer.Name, [.. Enum.GetValues<PromiseKind>().Select(k => (((int)k).ToString(CultureInfo.InvariantCulture), KindWords.Of(k)))],
            Zones(customer.Zone ?? house.Get(HouseSettings.Zone), customer.Zone is not null, who), await Keepers(http, db, one, null));
    }

    /// <summary>Whose time: the customer's, then one's own where it differs.</summary>
    static List<(string, string)> Zones(string theirs, bool known, Who who)
    {
        List<(string, string)> zones = [(theirs, string.Format(CultureInfo.CurrentCulture, known ? Words.ZoneTheirs : Words.ZoneHouse, Times.Place(theirs)))];
        if (who.Zone != theirs) zones.Add((who.Zone, string.Format(CultureInfo.CurrentCulture, Words.ZoneMine, Times.Place(who.Zone))));
        return zones;
    }

    /// <summary>Who may keep it: the owner first, then oneself, then the team.</summary>
    internal static async Task<List<(string, string)>> Keepers(HttpContext http, Database db, Case one, long? but)
    {
        var (who, here, now) = (http.Who(), http.RequestServices.GetRequiredService<WhoIsHere>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var people = await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active && c.Id != but && (c.Id == one.OwnerId || c.Id == who.Id || c.Teams.Any(t => t.TeamId == one.TeamId))).OrderBy(c => c.Name).Take(200).Select(c => new { c.Id, c.Name }).ToListAsync();
        return [.. people.OrderByDescending(p => p.Id == one.OwnerId).ThenByDescending(p => p.Id == who.Id).Select(p => (p.Id.ToString(CultureInfo.InvariantCulture), here.Named(p.Id, p.Name, now, who.Zone)))];
    }

    /// <summary>Reads the moment of a form; notes what is wrong.</summary>
    internal static DateTime? Due(FormState form, string field = "due")
    {
        if (DateTime.TryParseExact(form[field], ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 2000 and < 3000) return local;
        form.Wrong(field, Words.ChooseDue);
        return null;
    }

    static async Task<IResult> Make(long number, HttpContext http, Databases databases, Writer write, House house)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var due = Due(form);
        var what = form.May("what", 200);
        if (!Enum.TryParse<PromiseKind>(form["kind"], out var kind) || !Enum.IsDefined(kind)) form.Wrong("kind", Words.ChooseKind);
        var keeper = form.MayId("keeper", () => Words.KeeperGone);
        var zones = (await Model(http, databases, number, house, form)).Zones;
        if (!zones.Any(z => z.Value == form["zone"])) form.Wrong("zone", Words.NoSuchZone);
        if (!form.IsValid) return View.Invalid<MakePromisePage>(await Model(http, databases, number, house, form));
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var one = await db.LoadCase(who, number, null);
                await Promising.Make(db, one, new PromiseDraft(kind, what, due!.Value, form["zone"], keeper), who, house);
                one.Touch(db.At);
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<MakePromisePage>(await Model(http, databases, number, house, form.Wrong(no))); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }
}
