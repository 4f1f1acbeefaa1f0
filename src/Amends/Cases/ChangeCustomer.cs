using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>It is another customer's matter.</summary>
static class ChangeCustomer
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/customer", (long number, HttpContext http) => Show(http, number, null)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/customer", (long number, HttpContext http, CaseSearch search) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
        {
            var id = form.Id("customer")!.Value;
            // Whoever may not look at people chooses none by an id: the case would show whom it belongs to.
            if (!http.Who().Can(Verb.SeePeople)) throw new Refused("customer", Foundation.Web.Words.NotAllowed);
            if (!await db.Set<Customer>().AnyAsync(c => c.Id == id && c.MergedInto == null)) throw new Refused("customer", Words.NoSuchCustomer);
            var organisation = await db.Set<Membership>().Where(m => m.CustomerId == id).Select(m => (long?)m.OrganisationId).OrderBy(o => o).FirstOrDefaultAsync();
            one.BelongsTo(id, organisation, db.At);
            await search.Index(db, one);
        }, form => Show(http, number, form), form => { if (form.Id("customer") is null) form.Wrong("customer", Words.Choose); })).Needs(Verb.WorkCases);
    }

    static Task<IResult> Show(HttpContext http, long number, FormState? form) => CaseChange.Show<ChangeCustomerSheet>(http, number, form, async (db, model) =>
    {
        var typed = http.Request.Query["q"].ToString().Trim();
        return model with { Form = form ?? FormState.With(("q", typed)), People = http.Who().Can(Verb.SeePeople) ? await Find(db, typed) : [] };
    });

    /// <summary>Customers whose name or address begins so, or has it in a later word.</summary>
    internal static async Task<IReadOnlyList<(long, string, string?)>> Find(Database db, string typed)
    {
        // PostgreSQL knows no NUL in a text.
        typed = typed.Replace("\0", "", StringComparison.Ordinal).Trim();
        if (typed.Length is < 2 or > 200) return [];
        var (low, like) = (typed.ToLowerInvariant(), "%" + Escape(typed.ToLowerInvariant()) + "%");
        var start = Escape(low) + "%";
#pragma warning disable CA1304, CA1311 // Becomes lower() in SQL.
        var found = await db.Set<Customer>().Where(c => c.MergedInto == null && (EF.Functions.Like(c.Name.ToLower(), like, "\\") || c.Addresses.Any(a => EF.Functions.Like(a.Value, start, "\\"))))
            .OrderBy(c => c.Name).Take(8).Select(c => new { c.Id, c.Name, Where = c.Addresses.Select(a => a.Shown).FirstOrDefault() }).ToListAsync();
#pragma warning restore CA1304, CA1311
        return [.. found.Select(f => (f.Id, f.Name, (string?)f.Where))];
    }

    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
