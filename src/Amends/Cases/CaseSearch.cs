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
        said.AddRange(await db.Set<Customer>().AsNoTracking().Where(c => c.Id == one.CustomerId || c.Id == one.ReporterId).Select(c => c.Name).ToListAsync());
        said.AddRange(await db.Set<CustomerAddress>().AsNoTracking().Where(a => a.CustomerId == one.CustomerId).Select(a => a.Shown).ToListAsync());
        if (one.OrganisationId is { } organisation) said.AddRange(await db.Set<Organisation>().AsNoTracking().Where(o => o.Id == organisation).Select(o => o.Name).ToListAsync());
        said.AddRange(await db.Set<CaseFile>().AsNoTracking().Where(f => ids.Contains(f.CaseId) && f.Of == FileOf.Contact).Select(f => f.Name).ToListAsync());
        foreach (var hook in hooks.SearchTexts) said.AddRange(await hook(db, ids));
        var noted = await db.Set<Note>().AsNoTracking().Where(n => ids.Contains(n.CaseId) && n.DeletedAt == null).Select(n => n.Text).ToListAsync();
        await CaseIndex.Write(db, one.Id, said, noted);
    }
}
