using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The page on which a view is made or changed.</summary>
public sealed record SavedViewModel(long? Id, int? Version, FormState Form, Choices Choices, bool MayShare)
{
    public IReadOnlyList<(string Value, string Shown)> States => [("", Words.AnyOpen), .. Enum.GetValues<CaseState>().Select(s => (s.ToString(), CaseWords.Of(s)))];
    public IReadOnlyList<(string Value, string Shown)> Kinds => [("", Words.Any), .. Enum.GetValues<CaseKind>().Select(s => (s.ToString(), CaseWords.Of(s)))];
    public IReadOnlyList<(string Value, string Shown)> Severities => [("", Words.Any), .. Enum.GetValues<Severity>().Select(s => (s.ToString(), CaseWords.Of(s)))];
    public static IReadOnlyList<(string Value, string Shown)> Of(IReadOnlyList<(long Id, string Name)> all) => [("", Words.Any), .. all.Select(a => (a.Id.ToString(CultureInfo.InvariantCulture), a.Name))];
}

/// <summary>Views of one's own, and shared ones: typed rows, no query text.</summary>
static class SavedViews
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/desk/saved/new", (HttpContext http, Databases databases) => Show(null, http, databases, null)).Needs(Verb.SeeCases);
        app.MapGet("/desk/saved/{id:long}", (long id, HttpContext http, Databases databases) => Show(id, http, databases, null)).Needs(Verb.SeeCases);
        app.MapPost("/desk/saved", (HttpContext http, Databases databases, Writer write) => Save(null, http, databases, write)).Needs(Verb.SeeCases);
        app.MapPost("/desk/saved/{id:long}", (long id, HttpContext http, Databases databases, Writer write) => Save(id, http, databases, write)).Needs(Verb.SeeCases);
        app.MapPost("/desk/saved/{id:long}/delete", Delete).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Show(long? id, HttpContext http, Databases databases, FormState? form)
    {
        using var db = databases.Open();
        var who = http.Who();
        SavedView? view = null;
        if (id is { } known)
        {
            view = await db.Set<SavedView>().FirstOrDefaultAsync(v => v.Id == known && (v.OwnerId == null || v.OwnerId == who.Id)) ?? throw new NotThere();
            form ??= FormState.With(("name", view.Name), ("state", view.State), ("kind", view.Kind), ("severity", view.Severity), ("team", view.TeamId), ("owner", view.CaseOwnerId), ("tag", view.TagId), ("words", view.Words),
                ("shared", view.OwnerId is null ? "true" : ""));
        }
        var model = new SavedViewModel(id, view?.Version, form ?? new FormState(), await Choices.Read(db), who.Can(Verb.ManageSettings));
        return form is { IsValid: false } ? View.Invalid<SavedViewSheet>(model) : View.Page<SavedViewSheet>(model);
    }

    static async Task<IResult> Save(long? id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 120);
        var words = form.May("words", 200);
        T? Of<T>(string field) where T : struct, Enum => form[field].Length == 0 ? null : CaseChange.Chosen<T>(form, field);
        var (state, kind, severity) = (Of<CaseState>("state"), Of<CaseKind>("kind"), Of<Severity>("severity"));
        var (team, owner, tag) = (form.MayId("team", () => Words.NoSuchTeam), form.MayId("owner", () => Words.NoSuchColleague), form.MayId("tag", () => Words.Choose));
        if (!form.IsValid) return await Show(id, http, databases, form);
        try
        {
            var saved = await write.Run(who, form.Once, async db =>
            {
                if (team is { } t && !await db.Set<Team>().AnyAsync(x => x.Id == t)) throw new Refused("team", Words.NoSuchTeam);
                if (owner is { } o && !await db.Set<Colleague>().AnyAsync(x => x.Id == o)) throw new Refused("owner", Words.NoSuchColleague);
                if (tag is { } g && !await db.Set<Tag>().AnyAsync(x => x.Id == g)) throw new Refused("tag", Words.Choose);
                SavedView view;
                if (id is { } known) view = Mine(await db.Load<SavedView>(known, form.Version), who);
                else db.Add(view = new SavedView { Id = db.Ids!.Next(), Name = name, OwnerId = who.Id });
                (view.Name, view.Words, view.State, view.Kind, view.Severity, view.TeamId, view.CaseOwnerId, view.TagId) = (name, words, state, kind, severity, team, owner, tag);
                if (who.Can(Verb.ManageSettings)) view.OwnerId = form.On("shared") ? null : who.Id;
                view.Changed();
                return view.Id;
            });
            return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/desk/v{saved}"));
        }
        catch (Refused no) { return await Show(id, http, databases, form.Wrong(no)); }
    }

    // A shared view belongs to all: only who keeps the settings changes it.
    static SavedView Mine(SavedView view, Who who) => view.OwnerId == who.Id ? view
        : view.OwnerId is null ? who.Can(Verb.ManageSettings) ? view : throw new Refused("", Words.ViewShared) : throw new NotThere();

    static async Task<IResult> Delete(long id, HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(who, form.Once, async db =>
        {
            var view = Mine(await db.Load<SavedView>(id), who);
            view.Changed();
            db.Remove(view);
        });
        return View.Go(http, "/desk");
    }
}
