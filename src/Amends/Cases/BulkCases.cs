using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>What may be chosen for many cases at once.</summary>
public sealed record BulkChoices(Choices Choices, bool MayDelete, string Back)
{
    public static async Task<BulkChoices> Read(HttpContext http, Database db) => new(await Choices.Read(db, CaseChange.WithAbsence(http)), false, "/desk");
}

/// <summary>One step for many cases: each under its own permission, all in one write, with one undo.</summary>
static class BulkCases
{
    const int Most = 200;
    static readonly string[] Steps = ["take", "assign", "tag", "wait", "resolve", "close", "spam", "delete"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/desk/bulk", Do).Needs(Verb.WorkCases);
        app.MapPost("/desk/undo", Undo).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Do(HttpContext http, Databases databases, Writer write, House house, CaseHooks hooks, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var picked = Picked(form["pick"]);
        var view = form["view"];
        if (picked.Count == 0) return View.Go(http, $"/desk/{Uri.EscapeDataString(view)}?pick=1");
        if (picked.Count > Most) throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.BulkTooMany, Most));
        if (!Steps.Contains(form["do"])) throw new Refused("", Words.Choose);
        // What is wrong for all of them is told; what does not fit one of them leaves that one as it is.
        if (form["do"] == "assign")
        {
            var (owner, team) = (form.MayId("owner", () => Words.NoSuchColleague), form.MayId("team", () => Words.NoSuchTeam));
            using var look = databases.Open();
            if (owner is { } o && !await look.Set<Colleague>().AnyAsync(c => c.Id == o && c.State == ColleagueState.Active)) form.Wrong("owner", Words.NoSuchColleague);
            if (team is { } t && !await look.Set<Team>().AnyAsync(x => x.Id == t && !x.Retired)) form.Wrong("team", Words.NoSuchTeam);
        }
        if (form["do"] == "tag" && form["tag"].Trim().Length is 0 or > 60) form.Wrong("tag", Words.TagUnreadable);
        if (!form.IsValid) throw new Refused("", form.Errors.Values.First());
        var step = await write.Run(who, form.Once, async db =>
        {
            var done = new List<long>();
            foreach (var (number, version) in picked)
            {
                var before = db.FactIds.Count;
                try
                {
                    var one = await db.LoadCase(who, number, version, form["do"] == "delete" ? Verb.DeleteCases : Verb.WorkCases);
                    if (one.MergedInto is not null) continue;
                    await Step(db, one, form, who, house, hooks, search);
                    await db.SaveChangesAsync();
                }
                // One that cannot be done stays as it is; the rules refuse before they change anything.
                catch (Refused) { continue; }
                catch (NotThere) { continue; }
                // Somebody wrote since the list was drawn: nobody resolves or deletes what he has not seen. It is told, and stands there to be looked at.
                catch (VersionConflict) { continue; }
                var done1 = db.Facts.Zip(db.FactIds).Skip(before).Where(f => CaseUndo.Has(f.First)).Select(f => f.Second).FirstOrDefault();
                if (done1 != 0) done.Add(done1);
            }
            // The address carries the row alone: two hundred facts would be longer than some proxies let through.
            var row = new BulkStep { Id = db.Ids!.Next(), ColleagueId = who.Id, At = db.At, FactIds = string.Join(',', done), Left = picked.Count - done.Count };
            db.Add(row);
            return row.Id;
        });
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/desk/{Uri.EscapeDataString(view)}?did={step}"));
    }

    // “20418” or “20418-17”: a case, and the version that stood in the list.
    static List<(long Number, int? Version)> Picked(string ticked)
    {
        var picked = new Dictionary<long, int?>();
        foreach (var one in ticked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = one.Split('-', 2);
            if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            picked[number] = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
        }
        return [.. picked.Select(p => (p.Key, p.Value))];
    }

    /// <summary>The step of many that a page offers to take back: one's own.</summary>
    internal static Task<BulkStep?> Find(Database db, Who who, string? id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
        ? db.Set<BulkStep>().FirstOrDefaultAsync(b => b.Id == step && b.ColleagueId == who.Id) : Task.FromResult<BulkStep?>(null);

    static async Task Step(Database db, Case one, FormState form, Who who, House house, CaseHooks hooks, CaseSearch search)
    {
        switch (form["do"])
        {
            case "take": await AssignCase.To(db, one, who.Id, one.TeamId); break;
            case "assign": await AssignCase.To(db, one, form.Id("owner"), form.Id("team") ?? one.TeamId); break;
            case "tag": one.Mark((await TagCase.Named(db, form["tag"])).Id, true, db.At); break;
            case "wait":
                var hours = HouseCalendar.Of(house);
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
        var (done, left) = await write.Run(who, form.Once, async db =>
        {
            var undone = 0;
            var facts = (await Find(db, who, form["step"]) ?? throw new Refused("", Words.UndoTooLate)).Facts();
            foreach (var fact in facts)
            {
                try { await CaseUndo.Apply(db, who, fact, search); await db.SaveChangesAsync(); undone++; }
                catch (Refused) when (facts.Count > 1) { }
                catch (NotThere) when (facts.Count > 1) { }
            }
            if (undone == 0) throw new Refused("", Words.UndoTooLate);
            return (undone, facts.Count - undone);
        });
        return View.Go(http, $"/desk/{Uri.EscapeDataString(form["view"])}" + (left == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?undone={done}&left={left}")));
    }
}
