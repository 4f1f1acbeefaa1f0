using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>An entry of the views: address, words, number, tone.</summary>
public sealed record ViewLink(string Href, string Name, int? Count, string? Tone, bool Here);

/// <summary>The views at the left.</summary>
public sealed record ViewsModel(IReadOnlyList<(string? Heading, IReadOnlyList<ViewLink> Links)> Groups, string ViewHere);

/// <summary>The list of one view.</summary>
public sealed record ListModel(DeskView View, DeskSort Sort, IReadOnlyList<CaseRowModel> Rows, LocalTimes Times, DeskKey? After, DeskKey? Next, long? Open, bool Picking, bool MayDelete, BulkChoices? Bulk, BulkStep? Did, bool MayExport)
{
    /// <summary>The address of this list with another order, page or mode.</summary>
    public string Address(DeskSort? sort = null, DeskKey? after = null, bool? picking = null)
    {
        var parts = new List<string>();
        if ((sort ?? Sort) != View.Sort) parts.Add("sort=" + Name(sort ?? Sort));
        if (after is { } key) parts.Add("after=" + key);
        if (picking ?? Picking) parts.Add("pick=1");
        return $"/desk/{View.Key}" + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));
    }

    /// <summary>The address of its rows alone, for when something changes.</summary>
    public string RowsAddress
    {
        get
        {
            var rows = Address().Replace($"/desk/{View.Key}", $"/desk/{View.Key}/rows", StringComparison.Ordinal);
            return Open is null ? rows : rows + (rows.Contains('?', StringComparison.Ordinal) ? "&beside=1" : "?beside=1");
        }
    }

    /// <summary>The address of a case out of this list.</summary>
    public string CaseAddress(long number) => string.Create(CultureInfo.InvariantCulture, $"/cases/{number}?in={View.Key}{(Sort == View.Sort ? "" : "&sort=" + Name(Sort))}");

    public static string Name(DeskSort sort) => sort == DeskSort.Newest ? "newest" : "next";
}

/// <summary>The whole desk.</summary>
public sealed record DeskModel(ViewsModel Views, ListModel List, CaseModel? Case = null)
{
    public string Show => Case is null ? "list" : "case";
}

/// <summary>The desk: views, list, and no case yet.</summary>
static class Desk
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Results.Redirect("/desk")).NeedsSignIn();
        app.MapGet("/desk", (HttpContext http, Databases databases, TimeProvider clock) => Show("mine", http, databases, clock)).Needs(Verb.SeeCases);
        app.MapGet("/desk/{view}", Show).Needs(Verb.SeeCases);
        app.MapGet("/desk/{view}/views", ViewsOnly).Needs(Verb.SeeCases);
        app.MapGet("/desk/{view}/rows", Rows).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Show(string view, HttpContext http, Databases databases, TimeProvider clock)
    {
        using var db = databases.Open();
        var asked = Asked(db, http, clock);
        var list = await List(asked, http, view, null);
        if (list.Did is { } did)
        {
            var done = did.Facts().Count;
            var says = string.Format(CultureInfo.CurrentCulture, did.Left == 0 ? Words.BulkDone : Words.BulkDoneLeft, done, did.Left);
            http.Items[typeof(Toast)] = new Toast(typeof(UndoToast), new UndoOffer(says, "/desk/undo", did.Id, list.View.Key, done > 0));
        }
        // A step was taken back, but not for all: how many were left is said.
        else if (Number(http, "undone") is { } undone && Number(http, "left") is { } left)
            http.Items[typeof(Toast)] = new Toast(typeof(UndoToast), new UndoOffer(string.Format(CultureInfo.CurrentCulture, Words.BulkUndoneLeft, undone, left), "/desk/undo", null, list.View.Key, MayUndo: false));
        return View.Page<DeskPage>(new DeskModel(await Views(asked, http, list.View.Key), list));
    }

    static int? Number(HttpContext http, string name) => int.TryParse(http.Request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static async Task<IResult> ViewsOnly(string view, HttpContext http, Databases databases, TimeProvider clock)
    {
        using var db = databases.Open();
        return View.Fragment<ViewsPane>(await Views(Asked(db, http, clock), http, view));
    }

    static async Task<IResult> Rows(string view, HttpContext http, Databases databases, TimeProvider clock)
    {
        using var db = databases.Open();
        // Beside an open case its rows open in place; which of them is open the page knows.
        return View.Fragment<CaseRows>(await List(Asked(db, http, clock), http, view, http.Request.Query["beside"] == "1" ? 0 : null));
    }

    internal static DeskAsked Asked(Database db, HttpContext http, TimeProvider clock)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        return new DeskAsked(db, who, now, new LocalTimes(who.Zone, now).EndOfToday);
    }

    /// <summary>The list that an address asks for. What it does not know in the address it leaves aside; an unknown view is not there.</summary>
    internal static async Task<ListModel> List(DeskAsked asked, HttpContext http, string key, long? open)
    {
        var query = http.Request.Query;
        var view = await DeskViews.Find(asked.Db, asked.Who, key) ?? throw new NotThere();
        var sort = query["sort"].ToString() switch { "newest" => DeskSort.Newest, "next" => DeskSort.NextStep, _ => view.Sort };
        var after = open is null ? DeskKey.Read(query["after"]) : null;
        var (ids, next) = await DeskViews.Page(view.Cases(asked), sort, after);
        var rows = await CaseRowModel.Read(asked.Db, asked.Who, ids);
        var picking = open is null && query["pick"] == "1";
        return new ListModel(view, sort, rows, new LocalTimes(asked.Who.Zone, asked.Now), after, next, open, picking, asked.Who.Can(Verb.DeleteCases),
            picking ? await BulkChoices.Read(http, asked.Db) : null, open is null ? await BulkCases.Find(asked.Db, asked.Who, query["did"]) : null, asked.Who.Can(Verb.ExportCases));
    }

    /// <summary>The views with their numbers.</summary>
    internal static async Task<ViewsModel> Views(DeskAsked asked, HttpContext http, string here)
    {
        var (counts, saved) = await http.RequestServices.GetRequiredService<KeptCounts>().Of(asked);
        ViewLink Link(DeskView view, int? count) => new($"/desk/{view.Key}", view.Name(), count, count > 0 ? view.Key switch { "today" => "warm", "none" or "late" or "apologies" or "lost" => "hot", "risk" => "warm", _ => null } : null, view.Key == here);
        IReadOnlyList<ViewLink> Some(params string[] keys) => [.. keys.Select(k => DeskViews.Fixed.First(v => v.Key == k)).Select(v => Link(v, counts.Of(v.Key)))];
        var groups = new List<(string?, IReadOnlyList<ViewLink>)>
        {
            (null, Some("mine", "team", "new", "following")),
            (Words.GroupActing, Some("today", "call", "waiting", "resolved")),
            // Whoever sees a team's cases has a page of what stands still in it, by whose it is.
            (Words.GroupNotActing, [.. Some("none", "late", "risk", "apologies", "lost"), .. NothingHappens.IsFor(asked.Who) ? [new ViewLink("/nothing-happens", Words.NothingTitle, null, null, false)] : (ViewLink[])[]]),
            (Words.GroupAll, asked.Who.Can(Verb.DeleteCases) ? Some("open", "closed", "spam", "deleted") : Some("open", "closed", "spam")),
            (Words.GroupSaved, [.. saved.Select(s => Link(s.View, s.Count))])
        };
        return new ViewsModel(groups, here);
    }
}
