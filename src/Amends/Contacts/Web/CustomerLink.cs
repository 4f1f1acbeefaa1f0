using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Opens a customer's page by the token in its address, for the slices that stand on it.</summary>
static class CustomerLink
{
    static readonly TimeSpan EndsAfterClosing = TimeSpan.FromDays(90);
    static readonly Who House_ = Who.House("case link");

    /// <summary>The customer's own language; null where it is not known, or the link leads nowhere.</summary>
    internal static async Task<string?> LanguageOf(HttpContext http)
    {
        if (http.Request.RouteValues["token"] is not string { Length: 22 } token) return null;
        var hash = Gate.Digest(token);
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var his = await (from l in db.Set<CaseLetter>() join c in db.Set<Customer>() on l.CustomerId equals c.Id where l.TokenHash == hash select c.Language).FirstOrDefaultAsync(http.RequestAborted);
        return Speech.ToCustomers.Contains(his) ? his : null;
    }

    /// <summary>What a link leads to.</summary>
    /// <param name="AsReporter">It is the reporter's, not the customer's: <see cref="LetterSight"/> says what he sees.</param>
    internal sealed record Found(CaseLetter Letter, Case Case, Brand? Brand, bool AsReporter);

    /// <summary>Finds it, and dresses the page as its brand.</summary>
    /// <exception cref="NotThere">No such link, revoked, or its time is over.</exception>
    internal static async Task<Found> Find(HttpContext http, Database db, string token, House house, TimeProvider clock)
    {
        if (token.Length != 22) throw new NotThere();
        var hash = Gate.Digest(token);
        var letter = await db.Set<CaseLetter>().AsNoTracking().FirstOrDefaultAsync(l => l.TokenHash == hash && l.RevokedAt == null) ?? throw new NotThere();
        var one = await db.CasesVisibleTo(House_).FirstOrDefaultAsync(c => c.Id == letter.CaseId) ?? throw new NotThere();
        // The case was another customer's matter after all, and is now his.
        if (one.CustomerId != letter.CustomerId && one.ReporterId != letter.CustomerId) throw new NotThere();
        var reporter = one.CustomerId != letter.CustomerId;
        for (var hop = 0; one.MergedInto is { } into && hop < 20; hop++) one = await db.CasesVisibleTo(House_).FirstOrDefaultAsync(c => c.Id == into) ?? throw new NotThere();
        if (one.ClosedAt is { } closed && closed + EndsAfterClosing < clock.GetUtcNow().UtcDateTime) throw new NotThere();
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == one.BrandId);
        PublicFrame.Set(http, house, brand, string.Format(CultureInfo.CurrentCulture, Words.LetterTitle, one.Number), $"#{one.Number.ToString(CultureInfo.InvariantCulture)}");
        return new(letter, one, brand, reporter);
    }

    /// <summary>Who writes there.</summary>
    internal static Actor Customer(Found found, string? name) => new(ActorKind.Customer, found.Letter.CustomerId, name ?? "");
}
