using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.TimeZones;

namespace Amends.Promises;

/// <summary>What a promise is made of, before it is one.</summary>
/// <param name="What">In words; empty for the words of its kind.</param>
/// <param name="DueLocal">Local time of <paramref name="Zone"/>.</param>
/// <param name="To">Whom it is made to; null for the customer of the case.</param>
/// <param name="Keeper">The colleague; null for the owner of the case, or where that one may not, who makes it.</param>
sealed record PromiseDraft(PromiseKind Kind, string? What, DateTime DueLocal, string Zone, long? Keeper, long? SaidIn = null, string? Quote = null, long? To = null);

/// <summary>Makes promises, inside of a write, and finds those of cases.</summary>
static class Promising
{
    /// <summary>Makes one on a case.</summary>
    /// <exception cref="Refused">The time is past, too far, or none of that zone; the keeper may not see the case.</exception>
    public static async Task<Promise> Make(Database db, Case one, PromiseDraft draft, Who who, House house)
    {
        if (!one.IsOpen) throw new Refused("", Words.CaseIsDone);
        var due = Instant(draft.DueLocal, draft.Zone);
        var keeper = draft.Keeper ?? (one.OwnerId is { } owner && (who.Kind != ActorKind.Colleague || await MayKeepNow(db, one, owner, house)) ? owner : who.Id);
        await MayKeep(db, one, keeper, house);
        var left = due - db.At;
        var promise = new Promise
        {
            Id = db.Ids!.Next(),
            CaseId = one.Id,
            CustomerId = draft.To ?? one.CustomerId,
            Kind = draft.Kind,
            Named = Intake.Cut(draft.What ?? "", 200),
            Quote = draft.Quote is null ? null : Intake.Cut(draft.Quote, 400),
            SaidIn = draft.SaidIn,
            MadeAt = db.At,
            MadeBy = who.Kind == ActorKind.Colleague ? who.Id : null,
            DueAt = due,
            DueLocal = draft.DueLocal,
            Zone = draft.Zone,
            HalfAt = db.At + left / 2,
            AskAt = db.At + left * 4 / 5
        };
        promise.Make(keeper, db.At);
        db.Add(promise);
        return promise;
    }

    /// <summary>The instant of a local time, UTC.</summary>
    /// <exception cref="Refused">No such zone, or the clocks of that night leave the time out or have it twice.</exception>
    public static DateTime Instant(DateTime local, string zone)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not { } there) throw new Refused("due", Words.NoSuchZone);
        var mapping = there.MapLocal(LocalDateTime.FromDateTime(local));
        return mapping.Count switch
        {
            1 => mapping.Single().ToDateTimeUtc(),
            0 => throw new Refused("due", string.Format(CultureInfo.CurrentCulture, Words.TimeLeftOut, Times.Place(zone))),
            _ => throw new Refused("due", string.Format(CultureInfo.CurrentCulture, Words.TimeTwice, Times.Place(zone)))
        };
    }

    /// <summary>What to say of a day on which nobody works, by the calendar of the brand or of the house: it is warned of, and may be meant. Null on any other.</summary>
    public static string? Warning(WorkingCalendar hours, DateTime dueLocal)
    {
        var day = DateOnly.FromDateTime(dueLocal);
        if (day.Year is < WorkingCalendar.FirstYear or > WorkingCalendar.LastYear || hours.IsWorkingDay(day)) return null;
        return hours.HolidayOn(day) is { } holiday ? string.Format(CultureInfo.CurrentCulture, Words.OnHoliday, Dates.Weekday(day), holiday.Name) : string.Format(CultureInfo.CurrentCulture, Words.OnFreeDay, Dates.Weekday(day));
    }

    /// <summary>Whether a colleague can keep a promise on a case: active, and he sees it.</summary>
    /// <exception cref="Refused">He cannot.</exception>
    public static async Task MayKeep(Database db, Case one, long keeper, House house)
    {
        if (await db.Set<Colleague>().AsNoTracking().Include(c => c.Teams).FirstOrDefaultAsync(c => c.Id == keeper && c.State == ColleagueState.Active) is not { } colleague) throw new Refused("keeper", Words.KeeperGone);
        var who = await Gate.Of(db, colleague, house);
        if (one.OwnerId != keeper && !await db.CasesVisibleTo(who).AnyAsync(c => c.Id == one.Id)) throw new Refused("keeper", string.Format(CultureInfo.CurrentCulture, Words.KeeperBlind, colleague.Name));
    }

    /// <summary>The same, asked.</summary>
    public static async Task<bool> MayKeepNow(Database db, Case one, long keeper, House house)
    {
        try
        {
            await MayKeep(db, one, keeper, house);
            return true;
        }
        catch (Refused) { return false; }
    }

    /// <summary>The open ones of these cases and of what was merged into them, as this write leaves them.</summary>
    public static async Task<List<Promise>> Open(Database db, IReadOnlyList<long> cases)
    {
        var ids = cases.ToList();
        var kept = await db.Set<Promise>().AsTracking().Where(p => ids.Contains(p.CaseId) && p.State == PromiseState.Open).ToListAsync();
        return [.. kept.Union(db.Set<Promise>().Local.Where(p => ids.Contains(p.CaseId))).Where(p => p.IsOpen).OrderBy(p => p.DueAt)];
    }
}

/// <summary>Kinds and states in words.</summary>
static class KindWords
{
    public static string Of(PromiseKind kind) => kind switch
    {
        PromiseKind.Answer => Words.KindAnswer,
        PromiseKind.Call => Words.KindCall,
        PromiseKind.Visit => Words.KindVisit,
        PromiseKind.Delivery => Words.KindDelivery,
        PromiseKind.Refund => Words.KindRefund,
        _ => Words.KindOther
    };

    public static string Of(PromiseState state, bool late, bool told = false) => state switch
    {
        PromiseState.Open => late ? Words.StatePassed : Words.StateOpen,
        PromiseState.Kept => Words.StateKept,
        PromiseState.Late => Words.StateLate,
        PromiseState.Broken => Words.StateBroken,
        PromiseState.Changed => told ? Words.StateTold : Words.StateChanged,
        PromiseState.Released => Words.StateReleased,
        _ => Words.StateWithdrawn
    };

    public static string Tone(PromiseState state, bool late) => state switch
    {
        PromiseState.Open => late ? "broken" : "promised",
        PromiseState.Kept => "good",
        PromiseState.Late or PromiseState.Broken => "broken",
        _ => ""
    };
}
