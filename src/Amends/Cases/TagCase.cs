using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Puts tags on a case and takes them off; new ones are made on the way.</summary>
static class TagCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/tags", (long number, HttpContext http) => CaseChange.Show<TagCaseSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/tags", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
        {
            var wanted = FollowCase.Ids(form["tags"]);
            foreach (var name in Names(form["new"])) wanted.Add((await Named(db, name)).Id);
            var known = (await db.Set<Tag>().Select(t => t.Id).ToListAsync()).ToHashSet();
            foreach (var tag in one.Tags.Select(t => t.TagId).Where(t => !wanted.Contains(t)).ToList()) one.Mark(tag, false, db.At);
            foreach (var tag in wanted.Where(t => known.Contains(t) || db.Set<Tag>().Local.Any(l => l.Id == t))) one.Mark(tag, true, db.At);
        }, form => CaseChange.Show<TagCaseSheet>(http, number, form), Check)).Needs(Verb.WorkCases);
    }

    static void Check(FormState form)
    {
        if (Names(form["new"]).Any(n => n.Length > 60)) form.Wrong("new", string.Format(System.Globalization.CultureInfo.CurrentCulture, Foundation.Web.Words.TooLong, 60));
    }

    static IEnumerable<string> Names(string typed) => typed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(20);

    /// <summary>How names are compared.</summary>
    internal static string Fold(string name) => name.Trim().Normalize(System.Text.NormalizationForm.FormKC).ToLowerInvariant();

    /// <summary>The tag of a name, made where there is none.</summary>
    internal static async Task<Tag> Named(Database db, string name)
    {
        string folded;
        try { folded = Fold(name); }
        catch (ArgumentException) { throw new Refused("new", Words.TagUnreadable); }
        if (folded.Length is 0 or > 60) throw new Refused("new", Words.TagUnreadable);
        var tag = db.Set<Tag>().Local.FirstOrDefault(t => t.Folded == folded) ?? await db.Set<Tag>().AsTracking().FirstOrDefaultAsync(t => t.Folded == folded);
        if (tag is null)
        {
            db.Add(tag = new Tag { Id = db.Ids!.Next(), Name = name.Trim(), Folded = folded });
            tag.Changed();
        }
        else if (tag.Retired)
        {
            tag.Retired = false;
            tag.Changed();
        }
        return tag;
    }
}
