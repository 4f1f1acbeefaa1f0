using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What others ask of contacts.</summary>
static class ContactQueries
{
    /// <summary>Hints about contacts go to those who see their cases.</summary>
    public static readonly HintRule Hints = new("contact", async (all, who, ids) =>
    {
        if (who is not Who me) return [];
        using var db = all.GetRequiredService<Databases>().Open();
        var cases = db.CasesVisibleTo(me);
        return [.. await db.Set<Contact>().Where(c => ids.Contains(c.Id) && cases.Any(one => one.Id == c.CaseId)).Select(c => c.Id).ToListAsync()];
    });

    /// <summary>What was said on cases, for the search index.</summary>
    public static async Task<IEnumerable<string?>> SearchTexts(Database db, IReadOnlyList<long> cases)
    {
        var said = await db.Set<Contact>().AsNoTracking().Of(cases, c => c.CaseId).Where(c => c.State != ContactState.TakenBack)
            .Select(c => new { c.Subject, c.Text, c.FromName, c.FromAddress, c.To, c.Cc, c.Number }).ToListAsync();
        return said.SelectMany(c => new[] { c.Subject, c.Text, c.FromName, c.FromAddress, c.To, c.Cc, c.Number });
    }

    /// <summary>The same of one that this write has made.</summary>
    public static IEnumerable<string?> WordsOf(Contact c) => [c.Subject, c.Text, c.FromName, c.FromAddress, c.To, c.Cc, c.Number];
}
