using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.People;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Keeps a case's row of the search index true: written in the transaction of each change of its words.</summary>
public sealed class CaseSearch(CaseHooks hooks)
{
    /// <summary>Writes the row of a case anew, from its subject, number, customer, organisation, notes and what other modules add.</summary>
    public async Task Index(Database db, Case one)
    {
        // What this write has added is not in the database yet.
        await db.SaveChangesAsync();
        var merged = await db.Set<Case>().AsNoTracking().Where(c => c.MergedInto == one.Id).Select(c => new { c.Id, c.Number, c.Subject }).ToListAsync();
        List<long> ids = [one.Id, .. merged.Select(c => c.Id)];
        var said = new List<string?> { one.Subject, one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Summary };
        // A case that was merged away is found by its number and subject where it went.
        foreach (var gone in merged) said.AddRange([gone.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), gone.Subject]);
        // Asked at once: this stands in nearly every write.
        var found = await db.Set<Customer>().Where(c => c.Id == one.CustomerId || c.Id == one.ReporterId).Select(c => new { Text = c.Name, Noted = false })
            .Concat(db.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId).Select(a => new { Text = a.Shown, Noted = false }))
            .Concat(db.Set<Organisation>().Where(o => o.Id == one.OrganisationId).Select(o => new { Text = o.Name, Noted = false }))
            .Concat(db.Set<CaseFile>().Where(f => ids.Contains(f.CaseId) && f.Of == FileOf.Contact).Select(f => new { Text = f.Name, Noted = false }))
            .Concat(db.Set<Note>().Where(n => ids.Contains(n.CaseId) && n.DeletedAt == null).Select(n => new { n.Text, Noted = true }))
            .AsNoTracking().ToListAsync();
        said.AddRange(found.Where(f => !f.Noted).Select(f => f.Text));
        foreach (var hook in hooks.SearchTexts) said.AddRange(await hook(db, ids));
        await CaseIndex.Write(db, one.Id, said, found.Where(f => f.Noted).Select(f => f.Text));
    }
}
