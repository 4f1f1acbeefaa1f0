using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>From which address a reply of this colleague goes, for which brand, and with which signature.</summary>
/// <param name="Address">Null where none is set up.</param>
/// <param name="Signature">Its fields filled; null for none.</param>
public sealed record SignedAs(string? Address, Brand? Brand, string? Signature);

/// <summary>
/// Signatures: the mailbox's, else the colleague's own, else the brand's. In the first and the last stand named fields and nothing else (A36): the names
/// that are put into them are never read for fields again.
/// </summary>
static class SignatureText
{
    /// <summary>What may stand in braces.</summary>
    public static readonly IReadOnlyList<string> Fields = ["agent.name", "agent.firstName", "team.name", "brand.name"];

    /// <summary>The same in a sentence.</summary>
    public static string Named => string.Join(", ", Fields.Select(f => "{" + f + "}"));

    /// <summary>Longest, in characters.</summary>
    public const int Longest = 2000;

    /// <summary>The signature with its fields filled.</summary>
    public static string Fill(string text, string agent, string team, string brand) => Filling.Fill(text, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["agent.name"] = agent,
        ["agent.firstName"] = agent.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? agent,
        ["team.name"] = team,
        ["brand.name"] = brand
    });

    /// <summary>The brand's signature under what no person wrote; null where there is none, or where it names who wrote.</summary>
    public static string? OfHouse(Brand? brand, string team) =>
        string.IsNullOrWhiteSpace(brand?.Signature) || Fields.Any(f => f.StartsWith("agent.", StringComparison.Ordinal) && brand.Signature.Contains("{" + f + "}", StringComparison.Ordinal)) ? null : Fill(brand.Signature, "", team, brand.Name);

    /// <summary>What looks like a field in it and is none.</summary>
    public static string? Unknown(string? text) => text is not null && Filling.Unknown(text, Fields) is [var first, ..] ? "{" + first + "}" : null;

    /// <summary>As whom this colleague answers a case of this brand and team.</summary>
    public static async Task<SignedAs> Of(Database db, Who who, long brandId, long teamId)
    {
        var found = await db.Set<Brand>().Where(b => b.Id == brandId).Select(b => new
        {
            Brand = b,
            Own = db.Set<Colleague>().Where(c => c.Id == who.Id).Select(c => c.Signature).FirstOrDefault(),
            Team = db.Set<Team>().Where(t => t.Id == teamId).Select(t => t.Name).FirstOrDefault()
        }).FirstOrDefaultAsync();
        if (found is null) return new(null, null, null);
        // The team's own, where a brand has several.
        var box = await db.Set<Mailbox>().Where(m => m.BrandId == brandId && !m.Retired).OrderBy(m => m.TeamId == teamId ? 0 : 1).ThenBy(m => m.Id).Select(m => new { m.Address, m.Signature }).FirstOrDefaultAsync();
        string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : Fill(text, who.Name, found.Team ?? "", found.Brand.Name);
        return new(box?.Address ?? found.Brand.Address, found.Brand, Filled(box?.Signature) ?? (string.IsNullOrWhiteSpace(found.Own) ? null : found.Own) ?? Filled(found.Brand.Signature));
    }
}
