using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The page of a case: alone for htmx, inside of the desk for everybody else.</summary>
static class CasePage
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}", Show).Needs(Verb.SeeCases);
        app.MapGet("/cases", () => Results.Redirect("/desk")).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, TimeProvider clock, PresenceBoard presence, Openings openings)
    {
        using var db = databases.Open();
        var asked = Desk.Asked(db, http, clock);
        var one = await FindOrFollow(db, asked.Who, number);
        // A merged case's number leads to the case that it went into.
        if (one.Number != number) return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{one.Number}"));
        var query = http.Request.Query;
        var view = query["in"].ToString() is { Length: > 0 } key && await DeskViews.Find(db, asked.Who, key) is { } known ? known.Key : "mine";
        var did = long.TryParse(query["did"], NumberStyles.None, CultureInfo.InvariantCulture, out var fact) ? fact : (long?)null;
        presence.Look(one.Id, asked.Who, asked.Now);
        var model = await CaseReader.Read(asked, one, http.RequestServices, view, did);
        openings.Note(one.Id, asked.Who, asked.Now);
        if (model.Did is { } line) http.Items[typeof(Toast)] = new Toast(typeof(UndoToast), new UndoOffer(line.Yours, $"{model.Path}/undo/{line.Id}", null, null, And: UndoFact.Ids(query["and"]) is { Count: > 0 } and ? string.Join('.', and) : null));
        if (http.IsHtmx()) return View.Fragment<CaseFragment>(model);
        return View.Page<DeskPage>(new DeskModel(await Desk.Views(asked, http, view), await Desk.List(asked, http, view, one.Id), model));
    }

    /// <summary>A case by its number; where it was merged away, the one that it went into.</summary>
    /// <exception cref="NotThere">There is none, or not for him.</exception>
    internal static async Task<Case> FindOrFollow(Database db, Who who, long number)
    {
        var all = db.CasesVisibleToWithDeleted(who).Include(c => c.Watchers).Include(c => c.Tags).AsSingleQuery();
        var one = await all.FirstOrDefaultAsync(c => c.Number == number);
        if (one is { MergedInto: null }) return one;
        // Asked apart from what he may see: one that he may not see can lead to one that he may.
        var into = one?.MergedInto ?? await db.Set<Case>().Where(c => c.Number == number).Select(c => c.MergedInto).FirstOrDefaultAsync();
        return into is { } id ? await all.FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere() : throw new NotThere();
    }
}
