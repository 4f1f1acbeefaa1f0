using System.Globalization;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>One line of what is known of a customer; null where it is not.</summary>
public sealed record KnownOf(string Label, string? Value);

/// <summary>What customers with such a matter came back about.</summary>
/// <param name="Of">How many such cases were resolved.</param>
/// <param name="About">Names of tags, and how many of those cases were followed by one so tagged; the most frequent first.</param>
public sealed record CameBackAbout(int Of, IReadOnlyList<(string Tag, int Times)> About);

/// <summary>A minute before a case is resolved: is the customer's data right, is the entry good enough, what will they call about next.</summary>
/// <param name="Ask">False where somebody said lately that the data is right.</param>
/// <param name="Next">Null where we know too little.</param>
public sealed record WrapUp(long CustomerId, IReadOnlyList<KnownOf> Customer, bool Ask, bool MayChange, EntryQuality Entry, CameBackAbout? Next)
{
    /// <summary>Below so many like cases nothing is said of what comes next.</summary>
    public const int FewestLike = 10;

    /// <summary>Who comes back within this time of the resolving comes back about it.</summary>
    public static readonly TimeSpan Back = TimeSpan.FromDays(14);

    // Data that was looked through half a year ago need not be asked about again; what lies further back than a year says little of today.
    static readonly TimeSpan AskAgain = TimeSpan.FromDays(180), History = TimeSpan.FromDays(365);
    const int MostLike = 500, MostLater = 5_000, MostSaid = 3;

    /// <summary>Reads it for a case.</summary>
    public static async Task<WrapUp> Read(Database db, Who who, Case one, string? summary, DateTime now)
    {
        var customer = await db.Set<Customer>().Include(c => c.Addresses).FirstAsync(c => c.Id == one.CustomerId);
        var organisation = one.OrganisationId is { } id ? await db.Set<Organisation>().Where(o => o.Id == id).Select(o => o.Name).FirstOrDefaultAsync() : null;
        string? Addresses(AddressKind kind) => string.Join(", ", customer.Addresses.Where(a => a.Kind == kind).Select(a => a.BouncedAt is null ? a.Shown : $"{a.Shown} ({Words.CameBack})")) is { Length: > 0 } all ? all : null;
        List<KnownOf> known =
        [
            new(Words.WrapName, customer.Name.Contains('@', StringComparison.Ordinal) ? null : customer.Name),
            new(Words.WrapMail, Addresses(AddressKind.Mail)),
            new(Words.WrapPhone, Addresses(AddressKind.Phone)),
            new(Words.WrapOrganisation, organisation),
            new(Words.WrapLanguage, customer.Language is { } language ? CultureInfo.GetCultureInfo(language).DisplayName : null),
        ];
        return new(customer.Id, known, customer.CheckedAt is not { } at || now - at > AskAgain, who.Can(Verb.ChangePeople), EntryQuality.Of(one, customer.Name, summary), await WhatNext(db, who, one, now));
    }

    // Like is what bears the same tags and is of the same kind: all of it seen by who asks.
    static async Task<CameBackAbout?> WhatNext(Database db, Who who, Case one, DateTime now)
    {
        var tags = one.Tags.ConvertAll(t => t.TagId);
        if (tags.Count == 0) return null;
        var since = now - History;
        var like = await db.CasesVisibleTo(who).Where(c => c.Id != one.Id && c.Kind == one.Kind && c.ResolvedAt > since && c.Tags.Any(t => tags.Contains(t.TagId)))
            .OrderByDescending(c => c.Id).Take(MostLike).Select(c => new { c.Id, c.CustomerId, At = c.ResolvedAt!.Value }).ToListAsync();
        if (like.Count < FewestLike) return null;
        var customers = like.Select(l => l.CustomerId).Distinct().ToList();
        var later = (await db.CasesVisibleTo(who).Where(c => customers.Contains(c.CustomerId) && c.HeardAt > since).OrderByDescending(c => c.Id).Take(MostLater)
            .Select(c => new { c.Id, c.CustomerId, c.HeardAt, Tags = c.Tags.Select(t => t.TagId).ToList() }).ToListAsync()).ToLookup(c => c.CustomerId);
        var counts = like.SelectMany(l => later[l.CustomerId].Where(c => c.Id != l.Id && c.HeardAt > l.At && c.HeardAt <= l.At + Back).SelectMany(c => c.Tags).Distinct()).CountBy(t => t).OrderByDescending(t => t.Value).ThenBy(t => t.Key).Take(MostSaid).ToList();
        if (counts.Count == 0) return null;
        var named = counts.ConvertAll(c => c.Key);
        var names = await db.Set<Tag>().Where(t => named.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.Name);
        return new(like.Count, [.. counts.Where(c => names.ContainsKey(c.Key)).Select(c => (names[c.Key], c.Value))]);
    }
}
