using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>One who is named.</summary>
/// <param name="Absence">Where absences are planned; null for who may not.</param>
public sealed record OfficerRow(long Id, string Name, string Brand, string? Away, string? Absence);

/// <summary>The settings of calls by a person with authority.</summary>
public sealed record OfficersModel(FormState Form, IReadOnlyList<OfficerRow> Rows, IReadOnlyList<(string Value, string Shown)> Colleagues, IReadOnlyList<(string Value, string Shown)> Brands);

/// <summary>Settings › Calls with authority: who is named, and in which order; the clock; whether customers may ask.</summary>
static class OfficerSettings
{
    const int Most = 100, MostHours = 80;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/officers", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/officers", Save).Needs(Verb.ManageSettings);
        app.MapPost("/settings/officers/new", Add).Needs(Verb.ManageSettings);
        app.MapPost("/settings/officers/{id:long}", Change).Needs(Verb.ManageSettings);
    }

    static async Task<OfficersModel> Model(HttpContext http, Databases databases, House house, FormState? typed = null)
    {
        using var db = databases.Open();
        var (who, here, now) = (http.Who(), http.RequestServices.GetRequiredService<WhoIsHere>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var brands = await db.Set<Brand>().OrderBy(b => b.Name).Select(b => new { b.Id, b.Name }).ToListAsync();
        var rows = await (from o in db.Set<Officer>() join c in db.Set<Colleague>() on o.ColleagueId equals c.Id select new { o, c.Name, c.State }).ToListAsync();
        return new(typed ?? FormState.With(("hours", house.Get(Officers.Hours)), ("ask", house.Get(Officers.Ask) ? "true" : "")),
            [.. rows.OrderBy(r => r.o.BrandId is null).ThenBy(r => r.o.BrandId).ThenBy(r => r.o.Rank).ThenBy(r => r.o.Id).Select(r => new OfficerRow(r.o.Id, r.Name, brands.Find(b => b.Id == r.o.BrandId)?.Name ?? Words.AllBrands, here.Says(r.o.ColleagueId, now, who.Zone), who.Can(Verb.ManageColleagues) ? string.Create(CultureInfo.InvariantCulture, $"/settings/colleagues/{r.o.ColleagueId}/absence") : null))],
            [.. (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).Take(1000).ToListAsync()).Select(c => (c.Id.ToString(CultureInfo.InvariantCulture), c.Name))],
            [("", Words.AllBrands), .. brands.Select(b => (b.Id.ToString(CultureInfo.InvariantCulture), b.Name))]);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, House house) => View.Page<OfficersPage>(await Model(http, databases, house));

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        if (!int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours is < 1 or > MostHours) form.Wrong("hours", string.Format(CultureInfo.CurrentCulture, Words.HoursWrong, MostHours));
        if (!form.IsValid) return View.Invalid<OfficersPage>(await Model(http, databases, house, form));
        await write.Run(http.Who(), form.Once, async db =>
        {
            await house.Set(db, Officers.Hours, hours);
            await house.Set(db, Officers.Ask, form.On("ask"));
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/officers");
    }

    static async Task<IResult> Add(HttpContext http, Databases databases, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var (colleague, brand) = (form.Id("colleague"), form.MayId("brand", () => Words.NoSuchBrand));
        if (colleague is null) form.Wrong("colleague", Words.ChooseColleague);
        if (!form.IsValid) return View.Invalid<OfficersPage>(await Model(http, databases, house, form));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                if (!await db.Set<Colleague>().AnyAsync(c => c.Id == colleague && c.State == ColleagueState.Active)) throw new Refused("colleague", Words.ChooseColleague);
                if (brand is { } b && !await db.Set<Brand>().AnyAsync(x => x.Id == b)) throw new Refused("brand", Words.NoSuchBrand);
                var all = await db.Set<Officer>().AsNoTracking().ToListAsync();
                if (all.Exists(o => o.ColleagueId == colleague && o.BrandId == brand)) throw new Refused("colleague", Words.NamedAlready);
                if (all.Count >= Most) throw new Refused("colleague", Words.TooManyNamed);
                var officer = new Officer { Id = db.Ids!.Next(), ColleagueId = colleague!.Value, BrandId = brand, Rank = all.Where(o => o.BrandId == brand).Select(o => o.Rank).DefaultIfEmpty().Max() + 1 };
                officer.Did(removed: false);
                db.Add(officer);
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<OfficersPage>(await Model(http, databases, house, form.Wrong(no))); }
        return View.Go(http, "/settings/officers");
    }

    static async Task<IResult> Change(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        if (form["do"] is not ("remove" or "up")) throw new Refused("", Foundation.Web.Words.BadRequest);
        await write.Run(http.Who(), form.Once, async db =>
        {
            var one = await db.Load<Officer>(id);
            var removed = form["do"] == "remove";
            one.Did(removed);
            if (removed) db.Remove(one);
            else if (await db.Set<Officer>().AsTracking().Where(o => o.BrandId == one.BrandId && o.Rank < one.Rank).OrderByDescending(o => o.Rank).FirstOrDefaultAsync() is { } before)
            {
                (one.Rank, before.Rank) = (before.Rank, one.Rank);
                before.Did(removed: false);
            }
        }, http.RequestAborted);
        return View.Go(http, "/settings/officers");
    }
}
