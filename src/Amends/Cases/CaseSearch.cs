using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.People;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Keeps a case's row of the search index true: written in the transaction of each change of its words.</summary>
public sealed class CaseSearch(CaseHooks hooks)
{
    /// <summary>Writes the row of a case anew, from its subject, number, customer, organisation, notes and what other modules add.</summary>
    /// <param name="isNew">Made by this write: nothing was merged into it.</param>
    public async Task Index(Database db, Case one, bool isNew = false)
    {
        // What this write has added is not in the database yet.
        await db.SaveChangesAsync();
        var merged = isNew ? [] : await db.Set<Case>().AsNoTracking().Where(c => c.MergedInto == one.Id).Select(c => new { c.Id, c.Number, c.Subject }).ToListAsync();
        List<long> ids = [one.Id, .. merged.Select(c => c.Id)];
        var said = new List<string?> { one.Subject, one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Summary };
        // A case that was merged away is found by its number and subject where it went.
        foreach (var gone in merged) said.AddRange([gone.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), gone.Subject]);
        // Asked at once: this stands in nearly every write.
        said.AddRange(await db.Set<Customer>().Where(c => c.Id == one.CustomerId || c.Id == one.ReporterId).Select(c => c.Name)
            .Concat(db.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId).Select(a => a.Shown))
            .Concat(db.Set<Organisation>().Where(o => o.Id == one.OrganisationId).Select(o => o.Name))
            .Concat(db.Set<CaseFile>().Of(ids, f => f.CaseId).Where(f => f.Of == FileOf.Contact).Select(f => f.Name))
            .Concat(db.Set<Note>().Of(ids, n => n.CaseId).Where(n => n.DeletedAt == null).Select(n => n.Text))
            .ToListAsync());
        foreach (var hook in hooks.SearchTexts) said.AddRange(await hook(db, ids));
        await CaseIndex.Write(db, one.Id, said);
    }
}
