using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>
/// Merges a case into another one and takes it back. Contacts and notes never change their case: a merge is a pointer, the timeline reads the
/// whole set. The merges that stand make a forest; <see cref="Case.MergedInto"/> is its root, so that one look is enough. Taking back any merge,
/// in any order, leaves each case in exactly one set.
/// </summary>
static class MergeCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/merge", (long number, HttpContext http) => Show(http, number, null)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/merge", Merge).Needs(Verb.WorkCases);
    }

    static Task<IResult> Show(HttpContext http, long number, FormState? form) => CaseChange.Show<MergeCaseSheet>(http, number, form, async (db, model) =>
    {
        var who = http.Who();
        var typed = http.Request.Query["q"].ToString();
        if (form is null && typed.Length == 0)
        {
            // Mostly it is another case of the same customer.
            var others = await db.CasesVisibleTo(who).Where(c => c.CustomerId == model.Case.CustomerId && c.Id != model.Case.Id && c.MergedInto == null).OrderByDescending(c => c.Id).Take(6).Select(c => c.Id).ToListAsync();
            return model with { Form = FormState.With(("q", "")), Found = await Rows(db, who, others) };
        }
        var target = form?.Id("target") is { } id ? await db.CasesVisibleTo(who).Where(c => c.Number == id).Select(c => c.Id).FirstOrDefaultAsync() : 0;
        return model with
        {
            Form = form ?? FormState.With(("q", typed)),
            Found = await Search(db, who, typed, model.Case.Id),
            Target = target == 0 ? null : (await CaseRowModel.Read(db, who, [target])).FirstOrDefault()
        };
    });

    /// <summary>Cases by a typed number or by words, for pickers.</summary>
    internal static async Task<IReadOnlyList<(long Number, string Subject, string Customer)>> Search(Database db, Who who, string typed, long but)
    {
        var ids = new List<long>();
        if (CaseSearching.NumberIn(typed) is { } number) ids.AddRange(await db.CasesVisibleTo(who).Where(c => c.Number == number && c.MergedInto == null).Select(c => c.Id).ToListAsync());
        ids.AddRange(await CaseFinding.First(db, who, Question.Read(typed), 8));
        return await Rows(db, who, [.. ids.Distinct().Where(i => i != but).Take(8)]);
    }

    static async Task<IReadOnlyList<(long, string, string)>> Rows(Database db, Who who, IReadOnlyList<long> ids) => [.. (await CaseRowModel.Read(db, who, ids)).Select(r => (r.Number, r.Subject, r.Customer))];

    static async Task<IResult> Merge(long number, HttpContext http, Writer write, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var target = form.Id("target");
        if (target is null) return await Show(http, number, form.Wrong("target", Words.MergeChoose));
        try
        {
            var fact = await write.Run(who, form.Once, async db =>
            {
                var from = await db.LoadCase(who, number, form.Version);
                var into = await db.LoadCase(who, target.Value, null);
                await Into(db, from, into, who.Id, search);
                await db.SaveChangesAsync();
                return CaseChange.Done(db);
            });
            return View.Go(http, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/cases/{target}?did={fact}"));
        }
        catch (NotThere) { return await Show(http, number, form.Wrong("target", Words.NoSuchCase)); }
        catch (VersionConflict) { return await CaseChange.Conflict(http, number, form); }
        catch (Refused no) { return await Show(http, number, form.Wrong("target", no.Message)); }
    }

    /// <summary>Merges, inside of a write.</summary>
    internal static async Task<CaseMerge> Into(Database db, Case from, Case into, long by, CaseSearch search)
    {
        if (from.Id == into.Id) throw new Refused("target", Words.MergeSelf);
        if (from.MergedInto is not null || into.MergedInto is not null) throw new Refused("target", Words.UndoMergedAway);
        if (from.DeletedAt is not null || into.DeletedAt is not null) throw new Refused("target", Words.MergeDeleted);
        if (from.Confidential && !into.Confidential) throw new Refused("target", Words.MergeConfidential);
        if (from.IsOpen && !into.IsOpen) throw new Refused("target", Words.MergeIntoDone);
        var with = await db.Set<Case>().AsTracking().Where(c => c.MergedInto == from.Id).ToListAsync();
        var merge = new CaseMerge { Id = db.Ids!.Next(), FromId = from.Id, IntoId = into.Id, At = db.At, By = by, Moved = string.Join(',', with.Select(c => c.Id)) };
        foreach (var one in with.Append(from)) one.GoesInto(into.Id, db.At);
        merge.Did(undone: false);
        db.Add(merge);
        into.Touch(db.At);
        await search.Index(db, into);
        return merge;
    }

    /// <summary>Takes a merge back, inside of a write.</summary>
    internal static async Task Undo(Database db, Case shown, long mergeId, CaseSearch search)
    {
        var merge = await db.Set<CaseMerge>().AsTracking().FirstOrDefaultAsync(m => m.Id == mergeId) ?? throw new NotThere();
        Case.Still(merge.UndoneAt is null);
        merge.UndoneAt = db.At;
        merge.Did(undone: true);
        // All that hangs below the case that comes out goes with it, whatever was merged since.
        var set = new List<long> { merge.FromId };
        for (var level = set; level.Count > 0;)
        {
            var above = level;
            level = await db.Set<CaseMerge>().AsNoTracking().Where(m => m.UndoneAt == null && m.Id != merge.Id && above.Contains(m.IntoId)).Select(m => m.FromId).ToListAsync();
            set = [.. set, .. level];
        }
        var cases = await db.Set<Case>().AsTracking().Where(c => set.Contains(c.Id)).ToListAsync();
        var root = cases.First(c => c.Id == merge.FromId);
        var left = root.MergedInto ?? shown.Id;
        foreach (var one in cases) one.GoesInto(one == root ? null : root.Id, db.At);
        var into = shown.Id == left ? shown : await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == left);
        into.Touch(db.At);
        if (shown != into) shown.Touch(db.At);
        await search.Index(db, root);
        await search.Index(db, into);
    }
}
