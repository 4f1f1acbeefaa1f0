using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>One row of the list.</summary>
public sealed record PersonRow(string Href, string Name, string? Organisations, string? Mail, string? Phone, string? More, bool Bounced, int Count);

/// <summary>The list of customers or of organisations, a page of it.</summary>
/// <param name="Counts">How many of each fit, at most <see cref="ListPeople.CountsTo"/> are counted.</param>
/// <param name="Next">Where the next page begins, or null.</param>
public sealed record PeopleList(PersonKind Kind, string Asked, IReadOnlyList<PersonRow> Rows, (int Customers, int Organisations) Counts, string? Next, bool IsFirst, Who Who)
{
    /// <summary>The address of this list for a kind.</summary>
    public string Href(PersonKind kind) => (kind == PersonKind.Customer ? "/people" : "/people/organisations") + (Asked.Length == 0 ? "" : "?q=" + Uri.EscapeDataString(Asked));

    /// <summary>A count in words.</summary>
    public static string Shown(int count) => count > ListPeople.CountsTo ? string.Format(CultureInfo.CurrentCulture, Words.MoreThan, ListPeople.CountsTo) : count.ToString("N0", CultureInfo.CurrentCulture);
}

static class ListPeople
{
    public const int PageSize = 50, CountsTo = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people", (string? q, string? after, HttpContext http, Databases databases) => Show(PersonKind.Customer, q, after, http, databases)).Needs(Verb.SeePeople);
        app.MapGet("/people/organisations", (string? q, string? after, HttpContext http, Databases databases) => Show(PersonKind.Organisation, q, after, http, databases)).Needs(Verb.SeePeople);
    }

    static async Task<IResult> Show(PersonKind kind, string? q, string? after, HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        q = Customers.Cut((q ?? "").Trim().Replace("\0", "", StringComparison.Ordinal), 200);
        var words = PeopleIndex.Read(q, await Customers.CallingCode(db));
        // Something was typed that holds no word: nobody is called so.
        var nobody = q.Length > 0 && words.Count == 0;
        var customers = PeopleIndex.Match(db, db.Standing(), PersonKind.Customer, words, c => c.Id).Where(_ => !nobody);
        var organisations = PeopleIndex.Match(db, db.Set<Organisation>(), PersonKind.Organisation, words, o => o.Id).Where(_ => !nobody);
        var counts = (await customers.Select(c => c.Id).Take(CountsTo + 1).CountAsync(), await organisations.Select(o => o.Id).Take(CountsTo + 1).CountAsync());
        var from = Place.Read(after);
        var (rows, next) = kind == PersonKind.Customer ? await CustomerRows(db, customers, from) : await OrganisationRows(db, organisations, from);
        return View.Page<PeoplePage>(new PeopleList(kind, q, rows, counts, next is null ? null : Link(kind, q, next), from is null, http.Who()));
    }

    static string Link(PersonKind kind, string q, string next) =>
        (kind == PersonKind.Customer ? "/people" : "/people/organisations") + "?after=" + Uri.EscapeDataString(next) + (q.Length == 0 ? "" : "&q=" + Uri.EscapeDataString(q));

    // Where a page begins: after this name and id.
    sealed record Place(string Sort, long Id)
    {
        public static Place? Read(string? text)
        {
            var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
            return dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new Place(Customers.Cut(text![(dot + 1)..].Replace("\0", "", StringComparison.Ordinal), 200), id) : null;
        }

        public static string Of(string sort, long id) => string.Create(CultureInfo.InvariantCulture, $"{id}.{sort}");
    }

    static async Task<(List<PersonRow>, string?)> CustomerRows(Database db, IQueryable<Customer> all, Place? from)
    {
#pragma warning disable CA1309 // Becomes SQL: the order of the list's own index.
        if (from is not null) all = all.Where(c => string.Compare(c.Sort, from.Sort) > 0 || (c.Sort == from.Sort && c.Id > from.Id));
#pragma warning restore CA1309
        var page = await all.OrderBy(c => c.Sort).ThenBy(c => c.Id).Take(PageSize + 1).Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().ToListAsync();
        var next = page.Count > PageSize ? Place.Of(page[PageSize - 1].Sort, page[PageSize - 1].Id) : null;
        var organisationIds = page.SelectMany(c => c.Memberships.Select(m => m.OrganisationId)).Distinct().ToList();
        var names = await db.Set<Organisation>().Where(o => organisationIds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name);
        return ([.. page.Take(PageSize).Select(c => new PersonRow($"/people/{c.Id}", c.Name,
            string.Join(", ", c.Memberships.Select(m => names.GetValueOrDefault(m.OrganisationId)).Where(n => n is not null)),
            First(c, AddressKind.Mail), First(c, AddressKind.Phone) ?? First(c, AddressKind.Handle), c.Needs, c.Addresses.Exists(a => a.BouncedAt is not null), 0))], next);
    }

    static string? First(Customer c, AddressKind kind) => c.Addresses.Where(a => a.Kind == kind).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefault();

    static async Task<(List<PersonRow>, string?)> OrganisationRows(Database db, IQueryable<Organisation> all, Place? from)
    {
#pragma warning disable CA1309 // Becomes SQL: the order of the list's own index.
        if (from is not null) all = all.Where(o => string.Compare(o.Sort, from.Sort) > 0 || (o.Sort == from.Sort && o.Id > from.Id));
#pragma warning restore CA1309
        var page = await all.OrderBy(o => o.Sort).ThenBy(o => o.Id).Take(PageSize + 1)
            .Select(o => new { o.Id, o.Name, o.Sort, o.Place, o.Domains, Members = db.Set<Membership>().Count(m => m.OrganisationId == o.Id) }).ToListAsync();
        var next = page.Count > PageSize ? Place.Of(page[PageSize - 1].Sort, page[PageSize - 1].Id) : null;
        return ([.. page.Take(PageSize).Select(o => new PersonRow($"/people/organisations/{o.Id}", o.Name, o.Place, o.Domains, null, null, false, o.Members))], next);
    }
}
