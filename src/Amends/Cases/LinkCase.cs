using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Says that two cases belong together and stay two; and takes it back.</summary>
static class LinkCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/link", (long number, HttpContext http) => Show(http, number, null)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/link", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases,
            async (db, one, form) => await Set(db, http.Who(), one, await Other(db, http.Who(), form.Id("target")), true), form => Show(http, number, form))).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/unlink", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases,
            async (db, one, form) => await Set(db, http.Who(), one, await Other(db, http.Who(), form.Id("other")), false))).Needs(Verb.WorkCases);
    }

    static Task<IResult> Show(HttpContext http, long number, FormState? form) => CaseChange.Show<LinkCaseSheet>(http, number, form, async (db, model) =>
    {
        var typed = http.Request.Query["q"].ToString();
        return model with { Form = form ?? FormState.With(("q", typed)), Found = await MergeCase.Search(db, http.Who(), typed.Length == 0 && form is null ? model.Case.Subject : typed, model.Case.Id) };
    });

    static async Task<long> Other(Database db, Who who, long? number) =>
        number is { } n && await db.CasesVisibleTo(who).Where(c => c.Number == n).Select(c => c.Id).FirstOrDefaultAsync() is var id and > 0 ? id : throw new Refused("target", Words.NoSuchCase);

    /// <summary>Links or unlinks; both cases tell it.</summary>
    internal static async Task Set(Database db, Who who, Case one, long otherId, bool linked)
    {
        if (one.Id == otherId) throw new Refused("target", Words.LinkSelf);
        var other = await db.CasesVisibleTo(who).AsTracking().FirstOrDefaultAsync(c => c.Id == otherId) ?? throw new Refused("target", Words.NoSuchCase);
        var row = await db.Set<CaseLink>().AsTracking().FirstOrDefaultAsync(l => (l.CaseId == one.Id && l.OtherId == otherId) || (l.CaseId == otherId && l.OtherId == one.Id));
        if (linked == row is not null) throw new Refused("target", linked ? Words.LinkedAlready : Words.UndoTooLate);
        if (linked) db.Add(new CaseLink { CaseId = one.Id, OtherId = otherId, At = db.At });
        else db.Remove(row!);
        one.Linked(otherId, linked, db.At);
        other.Linked(one.Id, linked, db.At);
    }
}
