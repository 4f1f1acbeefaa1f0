using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Takes back what a fact says, from the toast or from the history.</summary>
static class UndoFact
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/undo/{fact:long}", Undo).Needs(Verb.SeeCases);

    static async Task<IResult> Undo(long number, long fact, HttpContext http, Writer write, CaseSearch search)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var seen = await write.Run(who, form.Once, async db =>
        {
            var one = await CaseUndo.Apply(db, who, fact, search);
            await db.SaveChangesAsync();
            var ids = Ids(form["and"]).ToList();
            if (ids.Count > 0)
            {
                // What stands beside it in one step was done by the same hand in the same write: an address made up by somebody else names nothing more.
                var main = await db.Set<Fact>().AsNoTracking().FirstAsync(f => f.Id == fact);
                var step = db.Set<Fact>().Where(f => f.Kind == main.Kind && f.At == main.At && f.ActorKind == main.ActorKind && f.ActorId == main.ActorId);
                if (await step.CountAsync(f => ids.Contains(f.Id)) != ids.Count) throw new Foundation.Refused("", Words.UndoNotThis);
                // The address names the last of them; ids rise, so all between were done in that step too.
                var last = ids.Max();
                ids.AddRange(await step.Where(f => f.Subject == main.Subject && f.Id > fact && f.Id < last && !ids.Contains(f.Id)).OrderBy(f => f.Id).Select(f => f.Id).ToListAsync());
            }
            foreach (var beside in ids)
            {
                if ((await CaseUndo.Apply(db, who, beside, search)).Id != one.Id) throw new Foundation.Refused("", Words.UndoNotThis);
                await db.SaveChangesAsync();
            }
            // What was just deleted is left; all else is shown again.
            return one.DeletedAt is null || who.Can(Verb.DeleteCases) ? one.Number : 0;
        });
        return View.Go(http, seen == 0 ? "/desk" : string.Create(CultureInfo.InvariantCulture, $"/cases/{seen}"));
    }

    /// <summary>Facts that are named together, at most a hundred: numbers with dots between. With each are meant those between it and the main one.</summary>
    internal static IReadOnlyList<long> Ids(string? text) =>
        [.. (text ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries).Take(100).Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct()];
}
