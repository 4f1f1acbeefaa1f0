using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Notes for colleagues: written, edited and deleted by their writer; a mention puts the case before the one who is meant.</summary>
static class Notes
{
    const int Longest = 50_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/cases/{number:long}/notes", Add).Needs(Verb.SeeCases);
        app.MapGet("/cases/{number:long}/notes/{id:long}", (long number, long id, HttpContext http) => Show(number, id, http, null)).Needs(Verb.SeeCases);
        app.MapPost("/cases/{number:long}/notes/{id:long}", Edit).Needs(Verb.SeeCases);
        app.MapPost("/cases/{number:long}/notes/{id:long}/delete", (long number, long id, HttpContext http, CaseSearch search) => CaseChange.Do(http, number, Verb.SeeCases, async (db, one, form) =>
        {
            var note = Seen(await Own(db, http.Who(), one, id), form);
            if (note.DeletedAt is not null) throw new NotThere();
            note.DeletedAt = db.At;
            note.Did(NoteDeed.Deleted, new FactTextDraft("text", note.Text, null, note.AuthorId));
            one.Touch(db.At);
            await search.Index(db, one);
        }, stale: form => Both(number, id, http, form))).Needs(Verb.SeeCases);
        app.MapGet("/mentions", Mention).Needs(Verb.SeeCases);
    }

    // Whoever sees a case may note on it: a colleague who is asked must be able to answer.
    static Task<IResult> Add(long number, HttpContext http, CaseSearch search) => CaseChange.Do(http, number, Verb.SeeCases, async (db, one, form) =>
    {
        var text = form["text"].Trim();
        var note = new Note { Id = db.Ids!.Next(), CaseId = one.Id, AuthorId = http.Who().Id, Text = text, At = db.At };
        note.Did(NoteDeed.Written, new FactTextDraft("text", null, text, http.Who().Id));
        db.Add(note);
        await Tell(db, one, text, "");
        one.Touch(db.At);
        await db.Set<Draft>().Where(d => d.CaseId == one.Id && d.ColleagueId == http.Who().Id && d.IsNote).ExecuteDeleteAsync();
        await search.Index(db, one);
    }, async form =>
    {
        // What was typed stays: it is kept as the draft and stands in the composer again.
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var one = await db.FindCase(http.Who(), number);
        if (form["text"].Trim().Length > 0) await Drafts.Keep(http, one, isNote: true, form);
        throw new Refused("text", form.Error("text") ?? form.Whole ?? "");
    }, form => form.Need("text", Longest, () => Words.NoteEmpty));

    // Mentioned colleagues see the case from now on.
    static async Task Tell(Database db, Case one, string text, string before)
    {
        if (!text.Contains('@', StringComparison.Ordinal)) return;
        var colleagues = await db.Set<Colleague>().AsNoTracking().Where(c => c.State == ColleagueState.Active).Select(c => new { c.Id, c.Name }).ToListAsync();
        var names = colleagues.Select(c => c.Name).Distinct().ToList();
        var already = Mentions.In(before, names);
        foreach (var name in Mentions.In(text, names).Where(n => !already.Contains(n)))
            foreach (var meant in colleagues.Where(c => c.Name == name)) one.Watch(meant.Id, Watching.Mentioned, true, db.At);
    }

    static async Task<Note> Own(Database db, Who who, Case one, long id)
    {
        var ids = await db.Set<Case>().Where(c => c.MergedInto == one.Id).Select(c => c.Id).ToListAsync();
        ids.Add(one.Id);
        var note = await db.Set<Note>().AsTracking().FirstOrDefaultAsync(n => n.Id == id && ids.Contains(n.CaseId)) ?? throw new NotThere();
        return note.AuthorId == who.Id ? note : throw new Refused("", Words.NoteNotYours);
    }

    // Its writer may have it open in two windows.
    static Note Seen(Note note, FormState form) => Database.Checked(note, form.Id("noteVersion") is { } seen and >= 0 and <= int.MaxValue ? (int)seen : null);

    // The note as it stands now beside what was typed: saving again saves what was typed.
    static async Task<IResult> Both(long number, long id, HttpContext http, FormState form)
    {
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var one = await db.FindCase(http.Who(), number);
        var note = await Own(db, http.Who(), one, id);
        return View.Page<NoteSheet>(new NoteEdit(one.Number, note, (form["text"].Length > 0 ? form : FormState.With(("text", note.Text))).Wrong("", Words.NoteChanged), Changed: true), StatusCodes.Status409Conflict);
    }

    static async Task<IResult> Show(long number, long id, HttpContext http, FormState? form)
    {
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var one = await db.FindCase(http.Who(), number);
        var note = await Own(db, http.Who(), one, id);
        if (note.DeletedAt is not null) throw new NotThere();
        var model = new NoteEdit(one.Number, note, form ?? FormState.With(("text", note.Text)));
        return form is null ? View.Page<NoteSheet>(model) : View.Invalid<NoteSheet>(model);
    }

    static Task<IResult> Edit(long number, long id, HttpContext http, CaseSearch search) => CaseChange.Do(http, number, Verb.SeeCases, async (db, one, form) =>
    {
        var note = Seen(await Own(db, http.Who(), one, id), form);
        if (note.DeletedAt is not null) throw new NotThere();
        var text = form["text"].Trim();
        if (text == note.Text) return;
        note.Did(NoteDeed.Edited, new FactTextDraft("text", note.Text, text, note.AuthorId));
        await Tell(db, one, text, note.Text);
        (note.Text, note.EditedAt) = (text, db.At);
        one.Touch(db.At);
        await search.Index(db, one);
    }, form => Show(number, id, http, form), form => form.Need("text", Longest, () => Words.NoteEmpty), form => Both(number, id, http, form));

    static async Task<IResult> Mention(HttpContext http, Databases databases)
    {
        var q = http.Request.Query["q"].ToString().Trim().TrimStart('@');
        if (q.Length > 100) q = q[..100];
        using var db = databases.Open();
        var all = await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Name, c.Address }).ToListAsync();
        var found = all.Where(c => q.Length == 0 || c.Name.Split(' ').Any(n => n.StartsWith(q, StringComparison.CurrentCultureIgnoreCase)) || c.Name.StartsWith(q, StringComparison.CurrentCultureIgnoreCase)).Take(8);
        return View.Fragment<Suggestions>(found.Select(c => new Suggestion($"@{c.Name} ", c.Name, "")).ToList());
    }

    /// <summary>Takes back what was done with a note.</summary>
    internal static async Task Undo(Database db, Who who, Case one, NoteWritten done, string? before, string? after)
    {
        var note = await db.Set<Note>().AsTracking().FirstOrDefaultAsync(n => n.Id == done.Note) ?? throw new NotThere();
        if (note.AuthorId != who.Id) throw new Refused("", Words.NoteNotYours);
        switch (done.Deed)
        {
            case NoteDeed.Written:
                Case.Still(note.DeletedAt is null);
                note.DeletedAt = db.At;
                note.Did(NoteDeed.Deleted, new FactTextDraft("text", note.Text, null, note.AuthorId));
                break;
            case NoteDeed.Deleted:
                Case.Still(note.DeletedAt is not null);
                note.DeletedAt = null;
                note.Did(NoteDeed.Restored, new FactTextDraft("text", null, note.Text, note.AuthorId));
                break;
            default:
                Case.Still(note.DeletedAt is null && note.Text == after && before is not null);
                note.Did(NoteDeed.Edited, new FactTextDraft("text", note.Text, before, note.AuthorId));
                (note.Text, note.EditedAt) = (before!, db.At);
                break;
        }
        one.Touch(db.At);
    }
}

/// <summary>A note that its writer changes.</summary>
/// <param name="Changed">It was changed in another window since the form was drawn: both are shown.</param>
public sealed record NoteEdit(long Number, Note Note, FormState Form, bool Changed = false);

/// <summary>One entry of the composer's pop-up.</summary>
public sealed record Suggestion(string Insert, string Name, string About);
