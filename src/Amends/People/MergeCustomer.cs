using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>Who is merged into whom: first the other is looked for, then both are shown.</summary>
public sealed record MergeModel(Customer One, string Asked, IReadOnlyList<Customer> Found, Customer? Into, FormState Form);

static class MergeCustomer
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/{id:long}/merge", Show).Needs(Verb.ChangePeople);
        app.MapPost("/people/{id:long}/merge", Merge).Needs(Verb.ChangePeople);
        app.MapPost("/people/{id:long}/unmerge", Undo).Needs(Verb.ChangePeople);
    }

    static async Task<IResult> Show(long id, string? q, long? into, Databases databases)
    {
        using var db = databases.Open();
        return View.Page<MergePage>(await Model(db, id, q, into, new FormState()));
    }

    static async Task<MergeModel> Model(Database db, long id, string? q, long? into, FormState form)
    {
        var one = await With(db).FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere();
        if (into is { } other) return new(one, q ?? "", [], await With(db).FirstOrDefaultAsync(c => c.Id == other && c.Id != id && c.MergedInto == null) ?? throw new NotThere(), form);
        // Before anything is typed: who has the same name.
        var asked = string.IsNullOrWhiteSpace(q) ? one.Name : q.Replace("\0", "", StringComparison.Ordinal);
        var words = PeopleIndex.Read(asked, await Customers.CallingCode(db));
        var found = words.Count == 0 ? [] : await PeopleIndex.Match(db, With(db).Where(c => c.MergedInto == null), PersonKind.Customer, words, c => c.Id).Where(c => c.Id != id).OrderBy(c => c.Sort).ThenBy(c => c.Id).Take(20).ToListAsync();
        return new(one, asked, found, null, form);
    }

    static IQueryable<Customer> With(Database db) => db.Set<Customer>().Include(c => c.Addresses);

    static async Task<IResult> Merge(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        using (var look = databases.Open())
            if (form.Id("into") is not { } there || !await look.Standing().AnyAsync(c => c.Id == there))
                return View.Invalid<MergePage>(await Model(look, id, null, null, form.Wrong("", Words.MergeNobody)));
        var into = form.Id("into")!.Value;
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var one = await db.Load<Customer>(id, form.Version);
                one.MergeInto(await db.Load<Customer>(into));
                // What was merged into this one is merged into the other: one step from any to the one that stands.
                foreach (var before in await db.Set<Customer>().AsTracking().Where(c => c.MergedInto == id).ToListAsync()) { before.Unmerge(); before.MergeInto(await db.Load<Customer>(into)); }
            });
        }
        catch (Refused no)
        {
            using var db = databases.Open();
            return View.Invalid<MergePage>(await Model(db, id, null, into, form.Wrong("", no.Message)));
        }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{into}"));
    }

    static async Task<IResult> Undo(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db => (await db.Load<Customer>(id, form.Version)).Unmerge());
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/people/{id}"));
    }
}
