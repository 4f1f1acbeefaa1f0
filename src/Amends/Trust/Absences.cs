using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>An absence that runs or lies ahead, in words.</summary>
public sealed record AbsenceRow(long Id, string From, string Until, bool Runs, string? StandIn, string? Why);

/// <summary>The list of them.</summary>
/// <param name="Path">Where they are ended; null where they are only shown.</param>
public sealed record AbsenceListModel(IReadOnlyList<AbsenceRow> Rows, string? Path);

/// <summary>The page of one colleague's absences.</summary>
/// <param name="Name">Of the colleague; null for oneself.</param>
/// <param name="Back">The page that it belongs to.</param>
public sealed record AbsenceModel(FormState Form, string? Name, string Path, string Back, string Zone, IReadOnlyList<AbsenceRow> Rows, IReadOnlyList<(string Value, string Shown)> StandIns);

/// <summary><c>/me/absence</c> and <c>/settings/colleagues/{id}/absence</c>: plans absences with a stand-in, and ends them.</summary>
static class Absences
{
    const string Mine = "/me/absence";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/me/absence", (HttpContext http, Databases databases) => Show(http, databases, http.Who().Id, true)).NeedsSignIn();
        app.MapPost("/me/absence", (HttpContext http, Databases databases, Writer write) => Plan(http, databases, write, http.Who().Id, true)).NeedsSignIn();
        app.MapPost("/me/absence/{absence:long}/end", (long absence, HttpContext http, Databases databases, Writer write) => End(http, databases, write, http.Who().Id, true, absence)).NeedsSignIn();
        app.MapGet("/settings/colleagues/{id:long}/absence", (long id, HttpContext http, Databases databases) => Show(http, databases, id, false)).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/absence", (long id, HttpContext http, Databases databases, Writer write) => Plan(http, databases, write, id, false)).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/absence/{absence:long}/end", (long id, long absence, HttpContext http, Databases databases, Writer write) => End(http, databases, write, id, false, absence)).Needs(Verb.ManageColleagues);
    }

    static string PathOf(long id, bool mine) => mine ? Mine : string.Create(CultureInfo.InvariantCulture, $"/settings/colleagues/{id}/absence");

    /// <summary>“absent until Fri 27 Nov”.</summary>
    public static string UntilWords(DateTime until, string zone) => string.Format(CultureInfo.CurrentCulture, Words.AbsentUntil, Moments.Until(until, zone));

    /// <summary>Those that run or lie ahead.</summary>
    public static async Task<IReadOnlyList<AbsenceRow>> Of(Database db, long colleague, string zone, DateTime now) =>
        [.. (await (from a in db.Set<Absence>() where a.ColleagueId == colleague && a.RemovedAt == null && a.UntilAt > now orderby a.FromAt select new { Absence = a, StandIn = db.Set<Colleague>().Where(c => c.Id == a.StandInId).Select(c => c.Name).FirstOrDefault() }).Take(50).ToListAsync())
            .Select(a => new AbsenceRow(a.Absence.Id, Moments.From(a.Absence.FromAt, zone), Moments.Until(a.Absence.UntilAt, zone), a.Absence.FromAt <= now, a.StandIn, a.Absence.Why))];

    /// <summary>The zone in which a colleague's days begin and end.</summary>
    public static async Task<string> ZoneOf(Database db, HttpContext http, long colleague) =>
        await db.Set<Colleague>().Where(c => c.Id == colleague).Select(c => c.Zone).FirstOrDefaultAsync() ?? http.RequestServices.GetRequiredService<House>().Get(HouseSettings.Zone);

    static async Task<AbsenceModel> Model(HttpContext http, Databases databases, long id, bool mine, FormState? typed = null)
    {
        using var db = databases.Open();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var one = await db.Set<Colleague>().Where(c => c.Id == id).Select(c => new { c.Name, c.RoleId, c.State }).FirstOrDefaultAsync() ?? throw new NotThere();
        // The account of somebody who may do more is touched by nobody who may do less (A26).
        if (!mine) await Ranks.MustCover(db, http.Who(), one.RoleId, "", () => Words.HigherAccount);
        var zone = await ZoneOf(db, http, id);
        var here = http.RequestServices.GetRequiredService<WhoIsHere>();
        var others = await db.Set<Colleague>().Where(c => c.Id != id && c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).Take(1000).ToListAsync();
        return new(typed ?? FormState.With(("from", Text(Moments.Today(now, zone).AddDays(1))), ("until", Text(Moments.Today(now, zone).AddDays(1)))), mine ? null : one.Name, PathOf(id, mine), mine ? "/me" : string.Create(CultureInfo.InvariantCulture, $"/settings/colleagues/{id}"), zone,
            await Of(db, id, zone, now), [("", Words.AbsenceLeadStandsIn), .. others.Select(o => (o.Id.ToString(CultureInfo.InvariantCulture), here.Named(o.Id, o.Name, now, zone)))]);
        static string Text(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, long id, bool mine) => View.Page<AbsencePage>(await Model(http, databases, id, mine));

    // A day, and an hour of it or null for the whole.
    static (DateTime Day, TimeSpan? Hour) Read(FormState form, string day, string hour)
    {
        if (!DateTime.TryParseExact(form[day], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 2000 or > 2299) form.Wrong(day, Words.AbsenceNoDay);
        if (form[hour].Length == 0) return (local, null);
        if (TimeSpan.TryParseExact(form[hour], @"hh\:mm", CultureInfo.InvariantCulture, out var time)) return (local, time);
        form.Wrong(hour, Words.AbsenceNoHour);
        return (local, null);
    }

    static async Task<IResult> Plan(HttpContext http, Databases databases, Writer write, long id, bool mine)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var ((from, fromHour), (until, untilHour)) = (Read(form, "from", "from-hour"), Read(form, "until", "until-hour"));
        var standIn = form.MayId("stand-in", () => Words.AbsenceNobody);
        var why = form.May("why", 200);
        if (!form.IsValid) return View.Invalid<AbsencePage>(await Model(http, databases, id, mine, form));
        var who = http.Who();
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var one = await db.Load<Colleague>(id);
                if (!mine) await Ranks.MustCover(db, who, one.RoleId, "", () => Words.HigherAccount);
                if (one.State == ColleagueState.Disabled) throw new Refused("", Words.EnableFirst);
                if (standIn is { } other && !await db.Set<Colleague>().AnyAsync(c => c.Id == other && c.State == ColleagueState.Active)) throw new Refused("stand-in", Words.AbsenceNobody);
                var zone = await ZoneOf(db, http, id);
                var (begin, end) = (Moments.Utc(from + (fromHour ?? TimeSpan.Zero), zone), Moments.Utc(untilHour is { } hour ? until + hour : until.AddDays(1), zone));
                db.Add(Absence.Plan(db.Ids!.Next(), id, begin, end, Moments.Utc(Moments.Today(db.At, zone), zone), standIn, why, await db.Set<Absence>().AsNoTracking().Where(a => a.ColleagueId == id && a.UntilAt > db.At).ToListAsync(), db.At));
                // Two at once: the second sees the first.
                db.Entry(one).Property(c => c.Name).IsModified = true;
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<AbsencePage>(await Model(http, databases, id, mine, form.Wrong(no))); }
        return View.Go(http, PathOf(id, mine));
    }

    static async Task<IResult> End(HttpContext http, Databases databases, Writer write, long id, bool mine, long absence)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var who = http.Who();
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var one = await db.Load<Colleague>(id);
                if (!mine) await Ranks.MustCover(db, who, one.RoleId, "", () => Words.HigherAccount);
                var row = await db.Load<Absence>(absence);
                if (row.ColleagueId != id) throw new NotThere();
                row.End(db.At);
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<AbsencePage>(await Model(http, databases, id, mine, FormState.With().Wrong(no))); }
        return View.Go(http, PathOf(id, mine));
    }
}
