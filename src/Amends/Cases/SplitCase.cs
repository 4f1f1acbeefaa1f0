using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Puts a contact into a new case of its own. The contact is copied there by the module that has it, and stays where it is.</summary>
static class SplitCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/split/{contact:long}", (long number, long contact, HttpContext http) => Show(http, number, contact, null)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/split/{contact:long}", Split).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Show(HttpContext http, long number, long contact, FormState? form)
    {
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var model = new SplitModel(await CaseChange.Sheet(http, db, number, form), contact);
        return form is null ? View.Page<SplitCaseSheet>(model) : View.Invalid<SplitCaseSheet>(model);
    }

    static Task<IResult> Split(long number, long contact, HttpContext http, TargetBook targets, CaseHooks hooks, CaseSearch search) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
    {
        var into = new Case
        {
            Id = db.Ids!.Next(),
            Number = await db.NextNumber("case", 1001),
            Subject = form["subject"].Trim(),
            HeardBy = one.HeardBy,
            HeardAt = db.At,
            CustomerId = one.CustomerId,
            OrganisationId = one.OrganisationId,
            TeamId = one.TeamId,
            BrandId = one.BrandId,
            Kind = one.Kind,
            Confidential = one.Confidential,
            LastContactAt = db.At,
            CustomerWaitsSince = db.At
        };
        targets.First(into);
        into.Hear(db.At);
        // Whoever splits keeps sight of both.
        if (one.OwnerId is { } owner) into.Assign(owner, one.TeamId, db.At);
        db.Add(into);
        await db.SaveChangesAsync();
        var ids = await db.Set<Case>().Where(c => c.MergedInto == one.Id).Select(c => c.Id).ToListAsync();
        var asked = new SplitAsked(db, one, [one.Id, .. ids], into, contact);
        var copied = false;
        foreach (var hook in hooks.SplitContact) copied |= await hook(asked);
        if (!copied) throw new NotThere();
        one.SplitOff(into.Id, contact, db.At);
        await search.Index(db, into);
    }, form => Show(http, number, contact, form), form => form.Need("subject", 300));

    /// <summary>Takes a split back: the new case is deleted, as long as nothing was done with it.</summary>
    internal static async Task Undo(Database db, Case one, CaseSplit done, long fact)
    {
        var into = await db.Set<Case>().AsTracking().FirstOrDefaultAsync(c => c.Id == done.Into) ?? throw new NotThere();
        var since = await db.Set<Foundation.Facts.Fact>().CountAsync(f => f.Subject == into.Id && f.Id > fact);
        Case.Still(into.DeletedAt is null && into.MergedInto is null && since == 0);
        into.Delete(true, db.At);
        one.Took(fact, db.At);
    }
}

/// <summary>A contact that goes into a new case.</summary>
public sealed record SplitModel(SheetModel Sheet, long Contact);
