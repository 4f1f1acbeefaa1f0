using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>One promise, and what can be done with it.</summary>
/// <param name="EndedWhy">What was said at its end, or null.</param>
/// <param name="MayTell">The customer can be told another time by a reply.</param>
/// <param name="Place">In whose time that is said: “Berlin”.</param>
/// <param name="Asked">The keeper has been asked what will be.</param>
/// <param name="Warning">That nobody works on its day, or null.</param>
/// <param name="Into">The promise that stands in its place, or null.</param>
/// <param name="NeedsCall">A promised call is kept by a logged one and by nothing else.</param>
public sealed record PromisePageModel(FormState Form, PromiseShown One, string Subject, string Customer, bool May, bool MayTell, string Place, bool Asked, string? Warning, long? Into, bool NeedsCall, string? EndedWhy, IReadOnlyList<(string Value, string Shown)> Keepers)
{
    /// <summary>That its keeper is absent; null where that is not so.</summary>
    public KeeperAway? Away { get; init; }

    /// <summary>What is needed to call, where a call was promised.</summary>
    public Calls.CallShown? Call { get; init; }
}

/// <summary><c>/promises/{id}</c>: keep, hand over, tell another time, release, break. Where the keeper is asked before it breaks, this is the page.</summary>
static class PromisePage
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/promises/{id:long}", Show).Needs(Verb.SeeCases);
        app.MapPost("/promises/{id:long}", Do).Needs(Verb.WorkCases);
    }

    // A promise is seen by who sees its case.
    internal static async Task<(Promise One, Case Case)> Find(Database db, Who who, long id)
    {
        var one = await db.Set<Promise>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == id && p.State != PromiseState.Withdrawn) ?? throw new NotThere();
        return (one, await db.CasesVisibleTo(who).FirstOrDefaultAsync(c => c.Id == one.CaseId) ?? throw new NotThere());
    }

    static async Task<IResult> Show(long id, HttpContext http, Databases databases, House house, TimeProvider clock) => View.Page<PromisePageView>(await Model(id, http, databases, house, clock, FormState.With()));

    internal static async Task<PromisePageModel> Model(long id, HttpContext http, Databases databases, House house, TimeProvider clock, FormState form)
    {
        var who = http.Who();
        using var db = databases.Open();
        var (one, of) = await Find(db, who, id);
        var keeper = await db.Set<Colleague>().Where(c => c.Id == one.KeeperId).Select(c => c.Name).FirstAsync();
        var customer = await db.Set<People.Customer>().Where(c => c.Id == one.CustomerId).Select(c => new { c.Name, c.Zone }).FirstAsync();
        var now = clock.GetUtcNow().UtcDateTime;
        var call = await Calls.CallsDue.Of(db, one, of, who, house, http.RequestServices.GetRequiredService<TargetBook>(), now);
        return new(form, PromiseHooks.Shown(one, of.Number, keeper, now), of.Subject, customer.Name, one.IsOpen && Visibility.MayDo(who, Verb.WorkCases, of), one.IsOpen && Visibility.MayDo(who, Verb.ReplyToCases, of),
            Times.Place(NewTimes.ZoneOf(customer.Zone, house)), one.IsOpen && one.AskAt <= now && one.DueAt > now, one.IsOpen ? Promising.Warning(http.RequestServices.GetRequiredService<TargetBook>().CalendarOf(of.BrandId).Calendar, one.DueLocal) : null, one.Into, one.Kind == PromiseKind.Call, one.EndedWhy, await MakePromise.Keepers(http, db, of, one.KeeperId))
        { Away = one.IsOpen ? KeeperAway.Of(http.RequestServices, of, one, who.Zone, now, call?.ByOfficer == true) : null, Call = call };
    }

    static async Task<IResult> Do(long id, HttpContext http, Databases databases, Writer write, House house, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var act = form["do"];
        var said = act is "keep" or "release" or "break" or "change" ? form.Need("said", 300) : null;
        var due = act == "change" ? MakePromise.Due(form) : null;
        var keeper = act == "hand-over" ? form.MayId("keeper", () => Words.KeeperGone) : null;
        if (act == "hand-over" && keeper is null) form.Wrong("keeper", Words.KeeperGone);
        if (act is not ("keep" or "release" or "break" or "change" or "hand-over")) form.Wrong("", Words.ChooseAct);
        if (!form.IsValid) return View.Invalid<PromisePageView>(await Model(id, http, databases, house, clock, form));
        long number = 0;
        try
        {
            number = await write.Run(who, form.Once, async db =>
            {
                var (seen, of) = await Find(db, who, id);
                var row = await db.LoadCase(who, of.Number, null);
                var one = await db.Load<Promise>(id);
                switch (act)
                {
                    case "keep":
                        if (one.Kind == PromiseKind.Call) throw new Refused("", Words.CallKeepsIt);
                        one.Keep(db.At, null, said, db.At);
                        break;
                    case "release": one.Release(said!, db.At); break;
                    case "break": one.Break(said!, db.At); break;
                    case "hand-over":
                        await Calls.Officers.MayHandOver(db, one);
                        await Promising.MayKeep(db, row, keeper!.Value, house);
                        one.HandOver(keeper.Value);
                        break;
                    default:
                        var next = await Promising.Make(db, row, new PromiseDraft(one.Kind, one.Named, due!.Value, one.Zone, one.KeeperId), who, house);
                        await Calls.CallBacks.Follow(db, one, next);
                        one.Change(next.Id, said!, db.At);
                        break;
                }
                row.Touch(db.At);
                return row.Number;
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<PromisePageView>(await Model(id, http, databases, house, clock, form.Wrong(no))); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }
}
