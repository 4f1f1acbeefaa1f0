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
        return model with { Form = form ?? FormState.With(("q", typed)), People = [.. (await Customers.Suggest(db, http.Who(), typed)).Where(p => p.Kind == PersonKind.Customer).Select(p => (p.Id, p.Name, p.Below))] };
    });
}
