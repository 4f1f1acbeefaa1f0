using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>What was found, newest first.</summary>
public sealed record SearchModel(string Typed, IReadOnlyList<CaseRowModel> Rows, int Count, long? Next, LocalTimes Times, IReadOnlyList<string> Marked, CaseRowModel? ByNumber)
{
    public string CountSays => Count > CaseFinding.CountTo ? string.Format(CultureInfo.CurrentCulture, Words.MoreThan, CaseFinding.CountTo) : string.Format(CultureInfo.CurrentCulture, Count == 1 ? Words.OneFound : Words.Found, Count);
}

/// <summary>The search page: words over all that was said and noted on cases; a typed number leads.</summary>
static class CaseSearching
{
    const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/search", Show).Needs(Verb.SeeCases);

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock)
    {
        var typed = http.Request.Query["q"].ToString();
        var before = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue;
        using var db = databases.Open();
        var who = http.Who();
        var question = Question.Read(typed);
        using var find = databases.OpenToFind();
        var (ids, count) = await CaseFinding.Find(find, who, question, before, PageSize + 1);
        var next = ids.Count > PageSize ? ids[PageSize - 1] : (long?)null;
        var byNumber = before == long.MaxValue && NumberIn(typed) is { } number ? await ByNumber(db, who, number) : null;
        return View.Page<SearchPage>(new SearchModel(typed, await CaseRowModel.Read(db, who, [.. ids.Take(PageSize)]), count, next,
            new LocalTimes(who.Zone, clock.GetUtcNow().UtcDateTime), [.. question.Words, .. question.Prefixes], byNumber));
    }

    /// <summary>The case of a typed number, as this person may see it; one that was merged away leads where it went.</summary>
    internal static async Task<CaseRowModel?> ByNumber(Database db, Who who, long number)
    {
        var found = await db.Set<Case>().Where(c => c.Number == number).Select(c => new { c.Id, c.MergedInto }).FirstOrDefaultAsync();
        if (found is null) return null;
        var wanted = found.MergedInto ?? found.Id;
        return await db.CasesVisibleTo(who).AnyAsync(c => c.Id == wanted) ? (await CaseRowModel.Read(db, who, [wanted])).FirstOrDefault() : null;
    }

    /// <summary>A case number as people type it: 20418, #20 418, #20,418.</summary>
    internal static long? NumberIn(string typed)
    {
        var digits = typed.Trim().TrimStart('#');
        if (digits.Length is 0 or > 20 || digits.Any(c => !char.IsAsciiDigit(c) && c is not (' ' or ',' or '.' or '\u00A0' or '\u202F'))) return null;
        return long.TryParse(string.Concat(digits.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

/// <summary>Cuts a text into parts that match what was searched and parts that do not.</summary>
static class Marking
{
    /// <summary>The parts, in order.</summary>
    public static IEnumerable<(string Text, bool Hit)> Parts(string text, IReadOnlyList<string> asked)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (inside) continue;
            if (i > start) yield return (text[start..i], Tokens.Of(text[start..i]).Any(t => asked.Any(a => t.StartsWith(a, StringComparison.Ordinal))));
            if (i < text.Length) yield return (text[i].ToString(), false);
            start = i + 1;
        }
    }
}
