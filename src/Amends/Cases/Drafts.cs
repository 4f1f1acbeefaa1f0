using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Drafts are kept on the server while they are typed: one for each case, colleague and kind. An empty text ends it.</summary>
static class Drafts
{
    const int Longest = 100_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/cases/{number:long}/draft", (long number, HttpContext http, Databases databases) => Save(number, http.Request.Query["kind"].ToString(), http, databases)).Needs(Verb.SeeCases);
        app.MapPost("/cases/{number:long}/drafts/{kind}", Save).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Save(long number, string kind, HttpContext http, Databases databases)
    {
        if (kind is not ("note" or "reply")) throw new NotThere();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        using var db = databases.Open();
        await Keep(http, await db.FindCase(http.Who(), number), kind == "note", form);
        return Results.NoContent();
    }

    // Half typed is no mistake yet: kept as far as a draft goes.
    static string? Cut(string typed) => typed.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 2000)] : null;

    /// <summary>Keeps what stands in a form.</summary>
    internal static Task Keep(HttpContext http, Case one, bool isNote, FormState form)
    {
        var (text, who) = (form["text"].Length > Longest ? form["text"][..Longest] : form["text"], http.Who());
        return http.RequestServices.GetRequiredService<Writer>().Run(who, null, async db =>
        {
            var draft = await db.Set<Draft>().AsTracking().FirstOrDefaultAsync(d => d.CaseId == one.Id && d.ColleagueId == who.Id && d.IsNote == isNote);
            if (string.IsNullOrWhiteSpace(text))
            {
                if (draft is not null) db.Remove(draft);
                return;
            }
            if (draft is null) db.Add(draft = new Draft { CaseId = one.Id, ColleagueId = who.Id, IsNote = isNote, SeenVersion = form.Version ?? one.Version });
            (draft.Text, draft.To, draft.Cc, draft.At) = (text, Cut(form["to"]), Cut(form["cc"]), db.At);
        });
    }
}
