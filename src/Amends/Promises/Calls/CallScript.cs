using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>A short script for a call: how to begin, in the customer's language; what they said, what we said, what is open, what we may offer.</summary>
public sealed record CallScript(string? Opening, string? TheySaid, string? WeSaid, IReadOnlyList<string> Open, IReadOnlyList<string> Offer)
{
    const int MostQuoted = 400;

    /// <summary>Made of what was said last on either side.</summary>
    /// <param name="contacts">Those of the case, in the order in which they came.</param>
    /// <param name="promises">Its open promises.</param>
    /// <param name="officer">Who could call with authority, or null.</param>
    public static CallScript Of(Case one, IReadOnlyList<Contact> contacts, IEnumerable<Promise> promises, string? language, string me, string? officer, House house)
    {
        static bool Said(Contact c) => c is { Automatic: false, IsReport: false, OnlyThanks: false, State: ContactState.Done or ContactState.Sending };
        var they = contacts.LastOrDefault(c => c.Direction == Direction.In && Said(c));
        var we = contacts.LastOrDefault(c => c.Direction == Direction.Out && Said(c));
        var opening = Speech.In(Speech.ForCustomer(language, house.Get(HouseSettings.Language)), () => string.Format(CultureInfo.CurrentCulture, Words.Opening, me, house.Get(HouseSettings.Company), one.Number));
        List<string> open = [.. promises.OrderBy(p => p.DueAt).Select(p => $"{p.What}, {PromiseHooks.Said(p)}")];
        if (one.FirstAnsweredAt is null) open.Insert(0, Words.NeverAnswered);
        List<string> offer = [Words.OfferDate];
        if (officer is not null) offer.Add(string.Format(CultureInfo.CurrentCulture, Words.OfferOfficer, officer));
        return new(opening, Quote(they?.Text), Quote(we?.Text), open, offer);
    }

    /// <summary>The same read from the database: for a form.</summary>
    public static async Task<CallScript> Read(Database db, Case one, string? language, string me, string? officer, House house)
    {
        var set = await PromiseHooks.SetOf(db, one.Id);
        var contacts = new List<Contact>();
        foreach (var way in new[] { Direction.In, Direction.Out })
            if (await db.Set<Contact>().AsNoTracking().Where(c => set.Contains(c.CaseId) && c.Direction == way && !c.Automatic && !c.OnlyThanks && (c.State == ContactState.Done || c.State == ContactState.Sending)).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).FirstOrDefaultAsync() is { } last) contacts.Add(last);
        var promises = await db.Set<Promise>().AsNoTracking().Where(p => set.Contains(p.CaseId) && p.State == PromiseState.Open).ToListAsync();
        return Of(one, contacts, promises, language, me, officer, house);
    }

    /// <summary>As text, for a form.</summary>
    public string Text
    {
        get
        {
            var parts = new List<string?> { Opening };
            if (TheySaid is not null) parts.Add($"{Words.TheySaid}: “{TheySaid}”");
            if (WeSaid is not null) parts.Add($"{Words.WeSaid}: “{WeSaid}”");
            parts.Add($"{Words.IsOpen}: {(Open.Count == 0 ? Words.NothingOpen : string.Join("; ", Open))}");
            parts.Add($"{Words.MayOffer}: {string.Join("; ", Offer)}");
            return string.Join("\n", parts.OfType<string>());
        }
    }

    static string? Quote(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var line = string.Join(' ', Intake.Cut(text, MostQuoted * 2).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostQuoted ? line : Intake.Cut(line, MostQuoted) + " …";
    }
}
