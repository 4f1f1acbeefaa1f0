using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>One thing that the palette offers.</summary>
public sealed record PaletteEntry(string Href, string Icon, string Name, string About);

/// <summary>What the palette found, by group.</summary>
public sealed record PaletteModel(IReadOnlyList<(string Heading, IReadOnlyList<PaletteEntry> Entries)> Groups);

/// <summary>The palette: cases, people, commands.</summary>
static class Palette
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/palette", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(HttpContext http, Databases databases, MenuBook menu)
    {
        var (who, typed) = (http.Who(), http.Request.Query["q"].ToString().Trim());
        if (typed.Length > 200) typed = typed[..200];
        using var db = databases.Open();
        var groups = new List<(string, IReadOnlyList<PaletteEntry>)>();
        if (typed.Length > 0)
        {
            var rows = new List<CaseRowModel>();
            if (CaseSearching.NumberIn(typed) is { } number && await CaseSearching.ByNumber(db, who, number) is { } exact) rows.Add(exact);
            using var find = databases.OpenToFind();
            var ids = await CaseFinding.First(find, who, Question.Read(typed), 6);
            rows.AddRange((await CaseRowModel.Read(db, who, ids)).Where(r => rows.All(o => o.Id != r.Id)));
            groups.Add((Words.PaletteCases, [.. rows.Select(r => new PaletteEntry($"/cases/{r.Number}", "mail", r.Subject, $"{CaseWords.Number(r.Number)} · {r.Customer}"))]));
            groups.Add((Words.PalettePeople, [.. (await Customers.Suggest(db, who, typed)).Select(p => p.Kind == PersonKind.Customer
                ? new PaletteEntry($"/people/{p.Id}", "user", p.Name, p.Below ?? "") : new PaletteEntry($"/people/organisations/{p.Id}", "house", p.Name, p.Below ?? ""))]));
        }
        var commands = DeskViews.Fixed.Where(v => v.Key != "deleted" || who.Can(Verb.DeleteCases)).Select(v => new PaletteEntry($"/desk/{v.Key}", "desk", v.Name(), Words.DeskTitle))
            .Concat(menu.Rail.Concat(menu.Commands).Concat(menu.Settings.Select(s => s.Entry)).Where(e => e.For(who)).Select(e => new PaletteEntry(e.Href, e.Icon, e.Words(), "")))
            .Where(e => typed.Length == 0 || e.Name.Contains(typed, StringComparison.CurrentCultureIgnoreCase)).DistinctBy(e => e.Href).Take(8);
        groups.Add((Words.PaletteCommands, [.. commands]));
        return View.Fragment<PaletteList>(new PaletteModel([.. groups.Where(g => g.Item2.Count > 0)]));
    }
}
