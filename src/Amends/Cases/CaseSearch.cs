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
        said.AddRange(await db.Set<Customer>().Where(c => c.Id == one.CustomerId || c.Id == one.ReporterId).Select(c => c.Name)
            .Concat(db.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId).Select(a => a.Shown))
            .Concat(db.Set<Organisation>().Where(o => o.Id == one.OrganisationId).Select(o => o.Name))
            .Concat(db.Set<CaseFile>().Of(ids, f => f.CaseId).Where(f => f.Of == FileOf.Contact).Select(f => f.Name))
            .Concat(db.Set<Note>().Of(ids, n => n.CaseId).Where(n => n.DeletedAt == null).Select(n => n.Text))
            .ToListAsync());
        foreach (var hook in hooks.SearchTexts) said.AddRange(await hook(db, ids));
        await CaseIndex.Write(db, one.Id, said);
    }

    /// <summary>Writes the rows of cases that this write has made and saved: all that is to be found in them is at hand.</summary>
    /// <param name="said">What was said, and the names of files, of each.</param>
    public static async Task IndexNew(Database db, IReadOnlyList<(Case Case, IEnumerable<string?> Said)> cases)
    {
        var organisations = cases.Select(c => c.Case.OrganisationId).OfType<long>().Distinct().ToList();
        var names = organisations.Count == 0 ? [] : await db.Set<Organisation>().Where(o => organisations.Contains(o.Id)).Select(o => new { o.Id, o.Name }).ToDictionaryAsync(o => o.Id, o => o.Name);
        var people = new Dictionary<long, Customer>();
        foreach (var id in cases.SelectMany(c => new[] { c.Case.CustomerId, c.Case.ReporterId ?? 0 }).Where(id => id != 0).Distinct())
        {
            var person = db.Set<Customer>().Local.FindEntry(id)?.Entity ?? await db.Set<Customer>().AsTracking().FirstOrDefaultAsync(c => c.Id == id);
            if (person is null) continue;
            // Of one who was made in this write all is at hand.
            if (!(person.Version == 1 && db.ChangedNouns.Contains(person)) && db.Entry(person).Collection(c => c.Addresses) is { IsLoaded: false } addresses) await addresses.LoadAsync();
            people[id] = person;
        }
        await CaseIndex.WriteNew(db, [.. cases.Select(c => (c.Case.Id, WordsOf(c.Case, c.Said)))]);

        IEnumerable<string?> WordsOf(Case one, IEnumerable<string?> said)
        {
            var (customer, reporter) = (people.GetValueOrDefault(one.CustomerId), people.GetValueOrDefault(one.ReporterId ?? 0));
            return new[] { one.Subject, one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Summary, customer?.Name, reporter?.Name }
                .Concat(customer?.Addresses.Select(a => a.Shown) ?? []).Append(one.OrganisationId is { } of ? names.GetValueOrDefault(of) : null).Concat(said);
        }
    }
}
