using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>What may be chosen for many cases at once.</summary>
public sealed record BulkChoices(Choices Choices, bool MayDelete, string Back)
{
    public static async Task<BulkChoices> Read(Database db) => new(await Choices.Read(db), false, "/desk");
}

/// <summary>One step for many cases: each under its own permission, all in one write, with one undo.</summary>
static class BulkCases
{
    const int Most = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/desk/bulk", Do).Needs(Verb.WorkCases);
        app.MapPost("/desk/undo", Undo).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Do(HttpContext http, Writer write, House house, CaseHooks hooks, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var numbers = FollowCase.Ids(form["pick"]).Take(Most).ToList();
        var view = form["view"];
        if (numbers.Count == 0) return View.Go(http, $"/desk/{Uri.EscapeDataString(view)}?pick=1");
        var facts = await write.Run(who, form.Once, async db =>
        {
            var done = new List<long>();
            foreach (var number in numbers)
            {
                var before = db.FactIds.Count;
                try
                {
                    var one = await db.LoadCase(who, number, null, form["do"] == "delete" ? Verb.DeleteCases : Verb.WorkCases);
                    if (one.MergedInto is not null) continue;
                    await Step(db, one, form, who, house, hooks, search);
                    await db.SaveChangesAsync();
                }
                // One that cannot be done stays as it is; the rules refuse before they change anything.
                catch (Refused) { continue; }
                catch (NotThere) { continue; }
                var done1 = db.Facts.Zip(db.FactIds).Skip(before).Where(f => CaseUndo.Has(f.First)).Select(f => f.Second).FirstOrDefault();
                if (done1 != 0) done.Add(done1);
            }
            return done;
        });
        return View.Go(http, facts.Count == 0 ? $"/desk/{Uri.EscapeDataString(view)}" : string.Create(CultureInfo.InvariantCulture, $"/desk/{Uri.EscapeDataString(view)}?did={string.Join('_', facts.Take(80))}"));
    }

    static async Task Step(Database db, Case one, FormState form, Who who, House house, CaseHooks hooks, CaseSearch search)
    {
        switch (form["do"])
        {
            case "take": await AssignCase.To(db, one, who.Id, one.TeamId); break;
            case "assign": await AssignCase.To(db, one, form.Id("owner"), form.Id("team") ?? one.TeamId); break;
            case "tag": one.Mark((await TagCase.Named(db, form["tag"])).Id, true, db.At); break;
            case "wait":
                var hours = WorkingHours.Of(house);
                one.Wait(hours.OpeningFrom(DateOnly.FromDateTime(hours.Local(db.At)).AddDays(form["days"] == "7" ? 7 : 1)), null, db.At);
                break;
            case "resolve": await ResolveCase.Resolve(db, one, null, who.Id, hooks, search); break;
            case "close": one.Close(db.At); break;
            case "spam": one.Spam(true, db.At); break;
            case "delete": one.Delete(true, db.At); break;
            default: throw new Refused("", Words.Choose);
        }
    }

    static async Task<IResult> Undo(HttpContext http, Writer write, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var facts = form["facts"].Split('_').Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Take(Most).ToList();
        await write.Run(who, form.Once, async db =>
        {
            var undone = 0;
            foreach (var fact in facts)
            {
                try { await CaseUndo.Apply(db, who, fact, search); await db.SaveChangesAsync(); undone++; }
                catch (Refused) when (facts.Count > 1) { }
                catch (NotThere) when (facts.Count > 1) { }
            }
            if (undone == 0) throw new Refused("", Words.UndoTooLate);
            return undone;
        });
        return View.Go(http, $"/desk/{Uri.EscapeDataString(form["view"])}");
    }
}
