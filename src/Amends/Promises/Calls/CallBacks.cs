using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Promises.Finding;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>What is needed to make a call, as pages show it.</summary>
/// <param name="Tel">The number for a <c>tel:</c> link; null where none is known.</param>
/// <param name="Now">Whether this is an hour to call, in words.</param>
/// <param name="Next">When to try again, for a datetime-local field in the zone of who looks.</param>
public sealed record CallShown(long Promise, string Case, string? Number, string? Tel, string? Hours, bool Good, string Now, string? Language, string? Script, bool ByOfficer, bool ByCustomer, string? Tried, string? TryAgain, string Next, IReadOnlyList<(string Value, string Shown)> Officers)
{
    /// <summary>Who looks may write down that nobody was reached.</summary>
    public bool May { get; init; }
}

/// <summary>Call-backs inside of writes, and as they are shown.</summary>
static class CallBacks
{
    /// <summary>Whether a logged call keeps a promise: one by a person with authority only where that person called.</summary>
    public static async Task<bool> Keeps(Database db, Promise one, Contact call) =>
        call.ColleagueId == one.KeeperId || (await Of(db, one.Id))?.ByOfficer != true;

    /// <summary>The row beside a promise, also one of this very write.</summary>
    public static async Task<CallBack?> Of(Database db, long promise) =>
        db.Set<CallBack>().Local.FirstOrDefault(c => c.PromiseId == promise) ?? await db.Set<CallBack>().AsTracking().FirstOrDefaultAsync(c => c.PromiseId == promise);

    /// <summary>Another time was agreed: what is needed to call goes with the promise.</summary>
    public static async Task Follow(Database db, Promise from, Promise to)
    {
        if (await Of(db, from.Id) is not { } was) return;
        db.Add(new CallBack { PromiseId = to.Id, CaseId = to.CaseId, Number = was.Number, FromMinute = was.FromMinute, UntilMinute = was.UntilMinute, Language = was.Language, Script = was.Script, ByOfficer = was.ByOfficer, ByCustomer = was.ByCustomer, MadeAt = db.At, Attempts = was.Attempts, TriedAt = was.TriedAt });
    }

    /// <summary>Adds what is needed to a promise that was just made; what the desk proposed is followed by it.</summary>
    public static void Plan(Database db, Case one, Promise promise, CallBack row)
    {
        db.Add(row);
        db.Record(new CallPlanned(one.Id, promise.Id, row.ByOfficer, row.ByCustomer));
        one.EndCallAdvice(CallAdviceEnd.Promised, null, db.At);
    }

    /// <summary>Inside of each write, before its commit: what the desk proposed is kept in rows to be counted, and a call that reached nobody is an attempt.</summary>
    public static async Task BeforeCommit(Database db)
    {
        foreach (var fact in db.Facts.ToList())
        {
            switch (fact)
            {
                case CallProposed proposed:
                    db.Add(new CallAdvice { Id = db.Ids!.Next(), CaseId = proposed.Case, At = db.At });
                    break;
                case CallAdviceEnded ended:
                    await db.SaveChangesAsync();
                    foreach (var row in await db.Set<CallAdvice>().AsTracking().Where(a => a.CaseId == ended.Case && a.EndedAt == null).ToListAsync()) (row.EndedAt, row.How) = (db.At, ended.How);
                    break;
                case ContactSent { Channel: Channel.Phone } call when db.Set<Contact>().Local.FindEntry(call.Contact)?.Entity is { Outcome: not CallOutcome.Talked }:
                    foreach (var one in (await Promising.Open(db, await PromiseHooks.SetOf(db, call.Case))).Where(p => p.Kind == PromiseKind.Call)) await NotReached(db, one, call.Contact);
                    break;
                default: continue;
            }
            await db.SaveChangesAsync();
        }
    }

    static async Task NotReached(Database db, Promise one, long contact)
    {
        if (await Of(db, one.Id) is not { } row)
        {
            // Found in a letter: what is needed begins with the first attempt.
            row = new CallBack { PromiseId = one.Id, CaseId = one.CaseId, MadeAt = db.At };
            db.Add(row);
        }
        row.Attempts++;
        row.TriedAt = db.At;
        if (row.NextTryAt <= db.At) row.NextTryAt = null;
        db.Record(new CallNotReached(one.CaseId, one.Id, contact));
    }

    /// <summary>What their facts say.</summary>
    public static FactSaid? Sentence(IFact fact) => fact switch
    {
        CallPlanned { ByOfficer: true, ByCustomer: true } planned => new(Words.FactOfficerByCustomer, planned.Promise),
        CallPlanned { ByOfficer: true } planned => new(Words.FactOfficerByUs, planned.Promise),
        CallPlanned planned => new(Words.FactPlanned, planned.Promise),
        CallNotReached not => new(Words.FactNotReached, not.Promise),
        OfficerAsked asked => new(Words.FactOfficerAsked, asked.Promise),
        OfficerInstead instead => new(Words.FactOfficerInstead, instead.Promise),
        _ => null
    };

    /// <summary>Who is called: zone, language and number.</summary>
    public sealed record Called(string Zone, string? Language, string? Number);

    /// <summary>Those of customers, by one question.</summary>
    public static async Task<Dictionary<long, Called>> Customers(Database db, IReadOnlyList<long> ids, House house)
    {
        var found = await db.Set<Customer>().AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Zone, c.Language, Number = c.Addresses.Where(a => a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefault() }).ToListAsync();
        return found.ToDictionary(c => c.Id, c => new Called(c.Zone ?? house.Get(HouseSettings.Zone), c.Language, c.Number));
    }

    /// <summary>One as pages show it.</summary>
    /// <param name="calendar">Of the brand.</param>
    public static CallShown Shown(Promise one, CallBack? row, Called whom, string number, WorkingCalendar calendar, string zone, DateTime now, IReadOnlyList<(string, string)> officers)
    {
        var mine = new LocalTimes(zone, now);
        var next = CallTimes.Next(now, calendar, one.Zone, row?.FromMinute, row?.UntilMinute);
        var phone = row?.Number ?? whom.Number;
        var language = row?.Language ?? whom.Language;
        var tried = row is { Attempts: > 0, TriedAt: { } last } ? string.Format(CultureInfo.CurrentCulture, row.Attempts == 1 ? Words.TriedOnce : Words.TriedOften, row.Attempts, mine.Moment(last)) : null;
        var again = row?.NextTryAt is { } at && one.IsOpen ? string.Format(CultureInfo.CurrentCulture, Words.TryAgain, mine.Moment(at)) : null;
        return new(one.Id, number, phone, Tel(phone), CallTimes.Span(row?.FromMinute, row?.UntilMinute), next == now, CallTimes.Says(now, next, one.Zone, mine), language is null ? null : Languages.NameOf(language), row?.Script,
            row?.ByOfficer ?? false, row?.ByCustomer ?? false, tried, again, Times.Field(Again(now, calendar, one.Zone, row), zone), officers);
    }

    /// <summary>The next time that is proposed after nobody was reached: two working hours on, at an hour that suits the customer.</summary>
    public static DateTime Again(DateTime now, WorkingCalendar house, string zone, CallBack? row)
    {
        var soon = house.After(now, TimeSpan.FromHours(2));
        return CallTimes.Next(soon, house, zone, row?.FromMinute, row?.UntilMinute) ?? soon;
    }

    /// <summary>A number as a link takes it: digits with a leading plus; null where it is none.</summary>
    public static string? Tel(string? shown) => CustomerAddresses.Phone(shown, "");

    /// <summary>Text of people as it is kept: without control characters but for the ends of lines.</summary>
    public static string? Clean(string? text)
    {
        if (text is null) return null;
        var clean = string.Concat(text.ReplaceLineEndings("\n").Where(c => c == '\n' || !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)).Trim();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>Reads the number of a form: on one line, up to 60 characters, and one that can be called.</summary>
    public static string? Number(Foundation.Web.FormState form, bool needed)
    {
        var typed = needed ? form.Need("number", 60, () => Words.NumberNeeded) : form.May("number", 60);
        if (string.IsNullOrEmpty(typed) || form.Error("number") is not null) return null;
        if (typed.Any(char.IsControl) || Tel(typed) is null)
        {
            form.Wrong("number", Words.NumberWrong);
            return null;
        }
        return typed;
    }
}
