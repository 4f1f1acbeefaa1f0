using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>Something that happened to a person's entry, as it is shown.</summary>
public sealed record HistoryLine(DateTime At, string What, string? By, IReadOnlyList<(string Field, string? Before, string? After)> Texts);

/// <summary>Reads what happened to customers, organisations and holdings.</summary>
static class History
{
    /// <summary>The newest facts about these, at most 30.</summary>
    public static async Task<List<HistoryLine>> Of(Database db, IReadOnlyList<long> subjects)
    {
        var facts = await db.Set<Fact>().Where(f => subjects.Contains(f.Subject)).OrderByDescending(f => f.Id).Take(30).ToListAsync();
        var ids = facts.ConvertAll(f => f.Id);
        var texts = (await db.Set<FactText>().Where(t => ids.Contains(t.FactId)).OrderBy(t => t.Id).ToListAsync()).ToLookup(t => t.FactId);
        var colleagues = facts.Where(f => f.ActorKind == ActorKind.Colleague).Select(f => f.ActorId).Distinct().ToList();
        var names = await db.Set<Colleague>().Where(c => colleagues.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name);
        return [.. facts.Select(f => (Fact: f, What: Say(f.Read()))).Where(f => f.What is not null).Select(f => new HistoryLine(f.Fact.At, f.What!,
            f.Fact.ActorKind == ActorKind.Colleague ? names.GetValueOrDefault(f.Fact.ActorId) : null, [.. texts[f.Fact.Id].Select(t => (Field(t.Field), t.Before, t.After))]))];
    }

    static string? Say(IFact fact) => fact switch
    {
        CustomerChanged { New: true } => Words.FactMade,
        CustomerChanged or OrganisationChanged => Words.FactChanged,
        CustomerChecked => Words.FactDataRight,
        CustomerMerged { Undone: true } => Words.FactUnmerged,
        CustomerMerged => Words.FactMerged,
        HoldingChanged => Words.FactHolding,
        _ => null
    };

    static string Field(string field) => field switch
    {
        "name" => Words.Name,
        "address" => Words.Address,
        "language" => Words.Language,
        "zone" => Words.Zone,
        "prefers" => Words.Prefers,
        "needs" => Words.Needs,
        "about" => Words.About,
        "organisation" => Words.Organisation,
        "domains" => Words.Domains,
        "place" => Words.Place,
        "product" => Words.Product,
        "variant" => Words.Variant,
        "batch" => Words.Batch,
        "serial" => Words.Serial,
        "contract" => Words.Contract,
        "site" => Words.Site,
        "since" => Words.Since,
        "until" => Words.Until,
        _ => field
    };

    /// <summary>A day as it stands in this person's zone.</summary>
    public static string Day(DateTime utc, string zone) =>
        Dates.Year(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var there) ? TimeZoneInfo.ConvertTimeFromUtc(utc, there) : utc);
}

/// <summary>What happened, newest first, and the zone in which days are shown.</summary>
public sealed record HistoryModel(IReadOnlyList<HistoryLine> Lines, string Zone);
