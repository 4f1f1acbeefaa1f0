using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>The persons with authority: who is asked for a call, by when, and who stands in.</summary>
static class Officers
{
    /// <summary>Working hours within which the officer calls.</summary>
    public static readonly SettingName<int> Hours = new("calls.officer-hours", 4);

    /// <summary>Customers may ask for the call on their page.</summary>
    public static readonly SettingName<bool> Ask = new("calls.officer-ask", false);

    /// <summary>Calls that one case may be given within 30 days, whoever asks on the customer's page.</summary>
    public const int MostAsked = 3;

    /// <summary>Those who are named for a brand, in the order in which they are asked.</summary>
    /// <param name="here">Only those who are not absent at this moment; null: all.</param>
    public static async Task<List<Officer>> Named(Database db, long brand, DateTime? here = null) =>
        [.. (await db.Set<Officer>().AsNoTracking().Where(o => (o.BrandId == null || o.BrandId == brand) && (here == null || !db.Set<Absence>().Any(a => a.ColleagueId == o.ColleagueId && a.RemovedAt == null && a.FromAt <= here && a.UntilAt > here))).ToListAsync())
            .OrderBy(o => o.BrandId is null).ThenBy(o => o.Rank).ThenBy(o => o.Id)];

    /// <summary>The first who is here, active and may have this case before him; null where nobody is.</summary>
    /// <param name="sees">Only who sees the case already: he is asked about it, and not let in.</param>
    /// <param name="but">Not these.</param>
    public static async Task<Colleague?> For(Database db, Case one, House house, DateTime now, bool sees = false, params long[] but)
    {
        foreach (var id in (await Named(db, one.BrandId, now)).Where(o => !but.Contains(o.ColleagueId)).Select(o => o.ColleagueId).Distinct())
        {
            if (await db.Set<Colleague>().AsNoTracking().Include(c => c.Teams).FirstOrDefaultAsync(c => c.Id == id && c.State == ColleagueState.Active) is not { } colleague) continue;
            var who = await Gate.Of(db, colleague, house);
            // What is confidential is shown to nobody because he was asked for: it may be about him.
            if (!who.Can(Verb.SeeCases) || (sees || one.Confidential) && one.OwnerId != id && !await db.CasesVisibleTo(who).AnyAsync(c => c.Id == one.Id)) continue;
            return colleague;
        }
        return null;
    }

    /// <summary>Who can take such a call over: those who are named and here.</summary>
    public static async Task<IReadOnlyList<(string Value, string Shown)>> Others(Database db, Case one, long but)
    {
        var ids = (await Named(db, one.BrandId)).Select(o => o.ColleagueId).Where(id => id != but).Distinct().ToList();
        return ids.Count == 0 ? [] : [.. (await db.Set<Colleague>().Where(c => ids.Contains(c.Id) && c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).ToListAsync()).Select(c => (c.Id.ToString(CultureInfo.InvariantCulture), c.Name))];
    }

    /// <summary>Whether a call by a person with authority is open on a case or on one that was merged into it.</summary>
    public static async Task<bool> IsAsked(Database db, long of)
    {
        var set = await PromiseHooks.SetOf(db, of);
        return await db.Set<Promise>().AnyAsync(p => set.Contains(p.CaseId) && p.State == PromiseState.Open && db.Set<CallBack>().Any(c => c.PromiseId == p.Id && c.ByOfficer));
    }

    /// <summary>Asks the officer: a promise of a call, with a clock, kept by nobody else.</summary>
    /// <param name="plan">Number, hours, language and script.</param>
    /// <exception cref="Refused">One is open already, or nobody is named who could.</exception>
    public static async Task<Promise> AskFor(Database db, Case one, Who who, House house, TargetBook targets, bool byCustomer, Func<long, CallBack> plan)
    {
        if (await IsAsked(db, one.Id)) throw new Refused("", Words.OfficerAskedAlready);
        var officer = await For(db, one, house, db.At) ?? throw new Refused("", Words.NoOfficer);
        await LetSee(db, one, officer.Id);
        var row = plan(0);
        var calendar = targets.CalendarOf(one.BrandId).Calendar;
        var due = calendar.After(db.At, TimeSpan.FromHours(Math.Max(1, house.Get(Hours))));
        var zone = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Zone).FirstOrDefaultAsync() ?? house.Get(HouseSettings.Zone);
        // Not before an hour that suits the customer.
        if (row.FromMinute is not null) due = CallTimes.Next(due, calendar, zone, row.FromMinute, row.UntilMinute) ?? due;
        Promise promise;
        try { promise = await Make(zone); }
        // In the night in which an hour is there twice.
        catch (Refused no) when (no.Field == "due") { promise = await Make("Etc/UTC"); }
        CallBacks.Plan(db, one, promise, plan(promise.Id));
        db.Record(new OfficerAsked(one.Id, promise.Id, officer.Id, byCustomer));
        return promise;

        Task<Promise> Make(string there) => Promising.Make(db, one, new PromiseDraft(PromiseKind.Call, Speech.In(house.Get(HouseSettings.Language), () => Words.OfficerCall), Times.In(due, there), there, officer.Id), who, house);
    }

    /// <summary>Another person with authority takes it, for a reason that stands with the fact.</summary>
    /// <exception cref="Refused">Nobody with authority.</exception>
    public static async Task Instead(Database db, Case one, Promise promise, long to, string why)
    {
        if ((await CallBacks.Of(db, promise.Id))?.ByOfficer != true || !(await Named(db, one.BrandId)).Exists(o => o.ColleagueId == to)) throw new Refused("officer", Words.NotNamed);
        await LetSee(db, one, to);
        db.Record(new OfficerInstead(one.Id, promise.Id, promise.KeeperId, to), new Foundation.Facts.FactTextDraft("why", null, why, one.CustomerId));
        promise.HandOver(to);
    }

    /// <summary>A call by a person with authority is handed to nobody else.</summary>
    /// <exception cref="Refused">It is one.</exception>
    public static async Task MayHandOver(Database db, Promise promise)
    {
        if ((await CallBacks.Of(db, promise.Id))?.ByOfficer == true) throw new Refused("keeper", Words.OnlyOfficers);
    }

    /// <summary>Who keeps it where its officer is here no longer: the next one; null where it is no such call, or nobody is named.</summary>
    public static async Task<long?> After(Database db, Case one, Promise promise, House house)
    {
        if ((await CallBacks.Of(db, promise.Id))?.ByOfficer != true || await For(db, one, house, db.At, sees: false, promise.KeeperId) is not { } next) return null;
        if (one.DeletedAt is null) await LetSee(db, await db.LoadCase(Who.House("promises"), one.Number, null), next.Id);
        return next.Id;
    }

    // Who is asked for sees what it is about.
    static async Task LetSee(Database db, Case one, long colleague)
    {
        if (one.Confidential) return;
        one.Watch(colleague, Watching.Follows, true, db.At);
        await db.SaveChangesAsync();
    }
}

/// <summary>The officer is told that a call was asked for.</summary>
sealed class TellOfficer(Notices notices) : IHear<OfficerAsked>
{
    public Task Hear(OfficerAsked fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.OfficerAsked, _ => [fact.Officer], stop);
}
