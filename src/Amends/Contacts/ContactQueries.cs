using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>What others ask of contacts.</summary>
static class ContactQueries
{
    /// <summary>What was said on cases, for the search index.</summary>
    public static async Task<IEnumerable<string?>> SearchTexts(Database db, IReadOnlyList<long> cases)
    {
        var said = await db.Set<Contact>().AsNoTracking().Where(c => cases.Contains(c.CaseId) && c.State != ContactState.TakenBack)
            .Select(c => new { c.Subject, c.Text, c.FromName, c.FromAddress, c.To, c.Cc, c.Number }).ToListAsync();
        return said.SelectMany(c => new[] { c.Subject, c.Text, c.FromName, c.FromAddress, c.To, c.Cc, c.Number });
    }
}
