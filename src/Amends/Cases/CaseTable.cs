using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The cases of a view as a table.</summary>
/// <param name="Shown">Columns that are shown, in their order; the subject always stands first.</param>
public sealed record CaseTableModel(DeskView View, IReadOnlyList<CaseRowModel> Rows, LocalTimes Times, IReadOnlyList<CaseColumn> Shown, CaseColumn Sort, bool Down, int Page, bool More)
{
    /// <summary>This table in another order or on another page.</summary>
    public string Address(CaseColumn? sort = null, bool? down = null, int page = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"/desk/{View.Key}/table?cols={string.Join(',', Shown.Select(CaseTable.Name))}&sort={CaseTable.Name(sort ?? Sort)}{((down ?? Down) ? "&down=1" : "")}{(page > 1 ? $"&page={page}" : "")}");

    /// <summary>A click on the head of a column: sorted by it, or turned around.</summary>
    public string Turned(CaseColumn column) => Address(column, column == Sort ? !Down : column is CaseColumn.Contact or CaseColumn.Number or CaseColumn.Severity);
}

/// <summary>What a table of cases can show; all of it can be sorted by, but for tags.</summary>
public enum CaseColumn : byte { Subject = 0, Number = 1, Customer = 2, Organisation = 3, Owner = 4, State = 5, Kind = 6, Severity = 7, Next = 8, Contact = 9, Tags = 10 }

/// <summary>Cases as a table: columns are chosen and sorted, and the address says which, so that it can be given to others.</summary>
static class CaseTable
{
    // Beyond this a table is no way to find anything.
    const int MostPages = 40;

    static readonly CaseColumn[] Usual = [CaseColumn.Number, CaseColumn.Customer, CaseColumn.Owner, CaseColumn.Next, CaseColumn.Contact];

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/desk/{view}/table", Show).Needs(Verb.SeeCases);

    /// <summary>As it stands in an address.</summary>
    public static string Name(CaseColumn column) => column.ToString().ToLowerInvariant();

    /// <summary>In words.</summary>
    public static string Says(CaseColumn column) => column switch
    {
        CaseColumn.Number => Words.ColumnNumber,
        CaseColumn.Customer => Words.CustomerTitle,
        CaseColumn.Organisation => Words.ColumnOrganisation,
        CaseColumn.Owner => Words.FieldOwner,
        CaseColumn.State => Words.FieldState,
        CaseColumn.Kind => Words.FieldKind,
        CaseColumn.Severity => Words.FieldSeverity,
        CaseColumn.Next => Words.ColumnNext,
        CaseColumn.Contact => Words.ColumnContact,
        CaseColumn.Tags => Words.Tags,
        _ => Words.FieldSubject
    };

    static async Task<IResult> Show(string view, HttpContext http, Databases databases, TimeProvider clock)
    {
        using var db = databases.Open();
        var asked = Desk.Asked(db, http, clock);
        var found = await DeskViews.Find(db, asked.Who, view) ?? throw new NotThere();
        var query = http.Request.Query;
        var named = query["cols"].SelectMany(c => (c ?? "").Split(',')).Select(Read).OfType<CaseColumn>().Where(c => c != CaseColumn.Subject).Distinct().ToList();
        var shown = named.Count == 0 && !query.ContainsKey("cols") ? [.. Usual] : named;
        var (sort, down) = Read(query["sort"]) is { } chosen and not CaseColumn.Tags ? (chosen, query["down"] == "1") : found.Sort == DeskSort.Newest ? (CaseColumn.Contact, true) : (CaseColumn.Next, false);
        var page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? Math.Clamp(typed, 1, MostPages) : 1;
        var ids = await Sorted(db, found.Cases(asked), sort, down).Skip((page - 1) * DeskViews.PageSize).Take(DeskViews.PageSize + 1).Select(c => c.Id).ToListAsync();
        var rows = await CaseRowModel.Read(db, asked.Who, [.. ids.Take(DeskViews.PageSize)]);
        return View.Page<CaseTablePage>(new CaseTableModel(found, rows, new LocalTimes(asked.Who.Zone, asked.Now), shown, sort, down, page, ids.Count > DeskViews.PageSize && page < MostPages));
    }

    static CaseColumn? Read(string? name) => Enum.TryParse<CaseColumn>(name, ignoreCase: true, out var column) && Enum.IsDefined(column) && !int.TryParse(name, out _) ? column : null;

    // What is equal is ordered by age, so that pages do not overlap.
    static IQueryable<Case> Sorted(Database db, IQueryable<Case> cases, CaseColumn sort, bool down)
    {
        IOrderedQueryable<Case> By<T>(System.Linq.Expressions.Expression<Func<Case, T>> key) => down ? cases.OrderByDescending(key) : cases.OrderBy(key);
        var sorted = sort switch
        {
            CaseColumn.Number => By(c => c.Number),
            CaseColumn.Customer => By(c => db.Set<Customer>().Where(p => p.Id == c.CustomerId).Select(p => p.Name).FirstOrDefault()),
            CaseColumn.Organisation => By(c => db.Set<Organisation>().Where(o => o.Id == c.OrganisationId).Select(o => o.Name).FirstOrDefault()),
            CaseColumn.Owner => By(c => db.Set<Colleague>().Where(o => o.Id == c.OwnerId).Select(o => o.Name).FirstOrDefault()),
            CaseColumn.State => By(c => c.State),
            CaseColumn.Kind => By(c => c.Kind),
            CaseColumn.Severity => By(c => c.Severity),
            // Without a step at the end either way.
            CaseColumn.Next => down ? cases.OrderBy(c => c.NextStepAt == null).ThenByDescending(c => c.NextStepAt) : cases.OrderBy(c => c.NextStepAt == null).ThenBy(c => c.NextStepAt),
            CaseColumn.Contact => By(c => c.LastContactAt),
            _ => By(c => c.Subject)
        };
        return sorted.ThenBy(c => c.Id);
    }
}
