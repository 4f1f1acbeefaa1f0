using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A tag with the number of cases that bear it.</summary>
public sealed record TagRow(long Id, string Name, bool Retired, int Version, int Cases);

/// <summary>The settings page of tags.</summary>
public sealed record TagsModel(IReadOnlyList<TagRow> Tags, long? Editing, FormState Form);

/// <summary>Tags: made, renamed, retired and brought back. A retired tag stays on its cases and is no longer offered.</summary>
static class TagSettings
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/tags", (Databases databases) => Show(null, null, databases)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/tags", (HttpContext http, Databases databases, Writer write) => Save(null, http, databases, write)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/tags/{id:long}", (long id, HttpContext http, Databases databases, Writer write) => Save(id, http, databases, write)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/tags/{id:long}/retire", Retire).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> Show(long? id, FormState? form, Databases databases)
    {
        using var db = databases.Open();
        var tags = await db.Set<Tag>().OrderBy(t => t.Retired).ThenBy(t => t.Name).Select(t => new TagRow(t.Id, t.Name, t.Retired, t.Version, db.Set<CaseTag>().Count(c => c.TagId == t.Id))).ToListAsync();
        var model = new TagsModel(tags, id, form ?? new FormState());
        return form is { IsValid: false } ? View.Invalid<TagsPage>(model) : View.Page<TagsPage>(model);
    }

    static async Task<IResult> Save(long? id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 60);
        if (!form.IsValid) return await Show(id, form, databases);
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                if (id is null)
                {
                    var folded = TagCase.Fold(name);
                    if (await db.Set<Tag>().AnyAsync(t => t.Folded == folded)) throw new Refused("name", Words.TagTaken);
                    await TagCase.Named(db, name);
                    return;
                }
                var tag = await db.Load<Tag>(id.Value, form.Version);
                var renamed = TagCase.Fold(name);
                if (await db.Set<Tag>().AnyAsync(t => t.Folded == renamed && t.Id != tag.Id)) throw new Refused("name", Words.TagTaken);
                (tag.Name, tag.Folded) = (name, renamed);
                tag.Changed();
            });
        }
        catch (Refused no) { return await Show(id, form.Wrong("name", no.Message), databases); }
        catch (ArgumentException) { return await Show(id, form.Wrong("name", Words.TagUnreadable), databases); }
        return View.Go(http, "/settings/tags");
    }

    static async Task<IResult> Retire(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var tag = await db.Load<Tag>(id);
            tag.Retired = form["on"] != "false";
            tag.Changed();
        });
        return View.Go(http, "/settings/tags");
    }
}
