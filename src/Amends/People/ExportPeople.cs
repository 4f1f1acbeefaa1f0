using System.Globalization;
using System.Runtime.CompilerServices;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>What can be taken along.</summary>
public sealed record ExportModel(int Customers, int Organisations, int Holdings);

static class ExportPeople
{
    const int Some = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/export", async (Databases databases) =>
        {
            using var db = databases.Open();
            return View.Page<ExportPage>(new ExportModel(await db.Standing().CountAsync(), await db.Set<Organisation>().CountAsync(), await db.Set<Holding>().CountAsync()));
        }).Needs(Verb.ExportPeople);
        // By POST, because it leaves a fact: who took what along.
        app.MapPost("/people/export", Export).Needs(Verb.ExportPeople);
    }

    static async Task Export(HttpContext http, Databases databases, Writer write, CancellationToken stop)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(stop));
        var kind = form["kind"] switch { "organisations" => PersonKind.Organisation, "holdings" => PersonKind.Holding, _ => PersonKind.Customer };
        await write.Run(http.Who(), null, db => { db.Record(new PeopleExported(kind)); return Task.CompletedTask; }, stop);
        using var db = databases.Open();
        FileAnswer.Guard(http.Response.Headers, new FileKind("text/csv; charset=utf-8", false, 0, 0), kind switch { PersonKind.Customer => "customers.csv", PersonKind.Organisation => "organisations.csv", _ => "holdings.csv" }, show: false);
        var to = http.Response.Body;
        await (kind switch
        {
            PersonKind.Customer => CsvOut.Write(to, CustomerColumns, AllCustomers(db, stop), mark: true, stop),
            PersonKind.Organisation => CsvOut.Write(to, OrganisationColumns, AllOrganisations(db, stop), mark: true, stop),
            _ => CsvOut.Write(to, HoldingColumns, AllHoldings(db, stop), mark: true, stop)
        });
    }

    sealed record CustomerRow(Customer One, string? Organisation, string? Role);
    sealed record HoldingRow(Holding One, string? Customer, string? Organisation);

    // The headings are those that the import knows.
    static readonly IReadOnlyList<CsvColumn<CustomerRow>> CustomerColumns =
    [
        new("id", r => r.One.Id.ToString(CultureInfo.InvariantCulture)), new("name", r => r.One.Name), new("mail", r => Nth(r.One, AddressKind.Mail, 0)), new("mail 2", r => Nth(r.One, AddressKind.Mail, 1)),
        new("phone", r => Nth(r.One, AddressKind.Phone, 0)), new("phone 2", r => Nth(r.One, AddressKind.Phone, 1)), new("handle", r => Nth(r.One, AddressKind.Handle, 0)),
        new("other addresses", r => string.Join(" ", r.One.Addresses.GroupBy(a => a.Kind).SelectMany(g => g.OrderBy(a => a.Id).Skip(g.Key == AddressKind.Handle ? 1 : 2)).Select(a => a.Shown))),
        new("language", r => r.One.Language), new("zone", r => r.One.Zone), new("prefers", r => r.One.Prefers), new("needs", r => r.One.Needs), new("about", r => r.One.About),
        new("organisation", r => r.Organisation), new("role", r => r.Role), new("known since", r => r.One.MadeAt)
    ];

    static string? Nth(Customer one, AddressKind kind, int n) => one.Addresses.Where(a => a.Kind == kind).OrderBy(a => a.Id).Skip(n).Select(a => a.Shown).FirstOrDefault();

    static readonly IReadOnlyList<CsvColumn<Organisation>> OrganisationColumns =
        [new("id", o => o.Id.ToString(CultureInfo.InvariantCulture)), new("name", o => o.Name), new("domains", o => o.Domains), new("place", o => o.Place), new("about", o => o.About)];

    static readonly IReadOnlyList<CsvColumn<HoldingRow>> HoldingColumns =
    [
        new("id", r => r.One.Id.ToString(CultureInfo.InvariantCulture)), new("owner mail", r => r.Customer), new("organisation", r => r.Organisation), new("product", r => r.One.Product), new("variant", r => r.One.Variant),
        new("batch", r => r.One.Batch), new("serial", r => r.One.Serial), new("contract", r => r.One.Contract), new("site", r => r.One.Site),
        new("since", r => r.One.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), new("until", r => r.One.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
    ];

    static async IAsyncEnumerable<CustomerRow> AllCustomers(Database db, [EnumeratorCancellation] CancellationToken stop)
    {
        for (long after = 0; ;)
        {
            var page = await db.Standing().Where(c => c.Id > after).OrderBy(c => c.Id).Take(Some).Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().ToListAsync(stop);
            var ids = page.SelectMany(c => c.Memberships.Select(m => m.OrganisationId)).Distinct().ToList();
            var names = await db.Set<Organisation>().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, stop);
            foreach (var one in page)
            {
                var member = one.Memberships.OrderBy(m => m.OrganisationId).FirstOrDefault();
                yield return new(one, member is null ? null : names.GetValueOrDefault(member.OrganisationId), member?.Role);
            }
            if (page.Count < Some) yield break;
            after = page[^1].Id;
        }
    }

    static async IAsyncEnumerable<Organisation> AllOrganisations(Database db, [EnumeratorCancellation] CancellationToken stop)
    {
        for (long after = 0; ;)
        {
            var page = await db.Set<Organisation>().Where(o => o.Id > after).OrderBy(o => o.Id).Take(Some).ToListAsync(stop);
            foreach (var one in page) yield return one;
            if (page.Count < Some) yield break;
            after = page[^1].Id;
        }
    }

    static async IAsyncEnumerable<HoldingRow> AllHoldings(Database db, [EnumeratorCancellation] CancellationToken stop)
    {
        for (long after = 0; ;)
        {
            var page = await db.Set<Holding>().Where(h => h.Id > after).OrderBy(h => h.Id).Take(Some)
                .Select(h => new
                {
                    One = h,
                    Customer = db.Set<CustomerAddress>().Where(a => a.CustomerId == h.CustomerId).OrderBy(a => a.Kind).ThenBy(a => a.Id).Select(a => a.Shown).FirstOrDefault(),
                    Organisation = db.Set<Organisation>().Where(o => o.Id == h.OrganisationId).Select(o => o.Name).FirstOrDefault()
                }).ToListAsync(stop);
            foreach (var row in page) yield return new(row.One, row.Customer, row.Organisation);
            if (page.Count < Some) yield break;
            after = page[^1].One.Id;
        }
    }
}
