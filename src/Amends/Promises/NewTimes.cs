using System.Globalization;
using Amends.Cases;
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
using Speech = Amends.Foundation.Speech;

namespace Amends.Promises;

/// <summary>A new time that a drafted reply tells: when that reply goes, it stands in the place of the old one. A plain row, which ends with its draft.</summary>
public sealed class NewTime
{
    public long Id { get; set; }
    public long PromiseId { get; init; }
    public long DraftId { get; init; }

    /// <summary>Local time of <see cref="Zone"/>.</summary>
    public DateTime DueLocal { get; set; }

    /// <summary>IANA name: the customer's where we know it, else the house's.</summary>
    public required string Zone { get; set; }
    public DateTime At { get; set; }
}

/// <summary>
/// <c>/promises/{id}/new-time</c>: before a promise breaks the customer is told another time. A reply in his language is drafted that owns it and says what and when; it goes when its writer
/// sends it, and not before. Then the old promise is changed into the new one; where the reply is taken back all is as before.
/// </summary>
static class NewTimes
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/promises/{id:long}/new-time", Draft).Needs(Verb.ReplyToCases);

    /// <summary>The zone in which a customer of ours is told times: his own where we know it, else the house's.</summary>
    public static string ZoneOf(string? his, House house) => his is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(his) is not null ? his : house.Get(HouseSettings.Zone);

    static async Task<IResult> Draft(long id, HttpContext http, Databases databases, Writer write, House house, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var due = MakePromise.Due(form, "new-due");
        if (!form.IsValid) return View.Invalid<PromisePageView>(await PromisePage.Model(id, http, databases, house, clock, form));
        long number = 0;
        try
        {
            number = await write.Run(who, form.Once, async db =>
            {
                var (one, of) = await PromisePage.Find(db, who, id);
                if (!one.IsOpen) throw new Refused("", Words.AlreadyEnded);
                // What was merged away is answered where it went.
                if (of.MergedInto is { } into) of = await db.CasesVisibleTo(who).FirstOrDefaultAsync(c => c.Id == into) ?? throw new NotThere();
                var row = await db.LoadCase(who, of.Number, null, Verb.ReplyToCases);
                var customer = await db.Set<Customer>().AsNoTracking().Where(c => c.Id == row.CustomerId).Select(c => new { c.Name, c.Zone, c.Language }).FirstAsync();
                var zone = ZoneOf(customer.Zone, house);
                var at = Promising.Instant(due!.Value, zone);
                Promise.MayBeDue(at, db.At);
                var language = Speech.ForCustomer(customer.Language, house.Get(HouseSettings.Language));
                var draft = await db.Set<Draft>().AsTracking().FirstOrDefaultAsync(d => d.CaseId == row.Id && d.ColleagueId == who.Id && !d.IsNote);
                if (draft is null) db.Add(draft = new Draft { Id = db.Ids!.Next(), CaseId = row.Id, ColleagueId = who.Id, SeenVersion = row.Version });
                var says = NewTimeText.Says(one, due.Value, zone, language);
                var told = await db.Set<NewTime>().AsTracking().FirstOrDefaultAsync(n => n.DraftId == draft.Id && n.PromiseId == id);
                var before = told is null ? null : NewTimeText.Says(one, told.DueLocal, told.Zone, language);
                draft.Text = draft.Text.ReplaceLineEndings("\n");
                // Chosen again, the time stands in the place of the one before; what was begun meanwhile is not thrown away.
                if (before is not null && draft.Text.Contains(before, StringComparison.Ordinal)) draft.Text = draft.Text.Replace(before, says, StringComparison.Ordinal);
                else draft.Text = string.IsNullOrWhiteSpace(draft.Text) ? $"{NewTimeText.Greeting(customer.Name, language)}\n\n{says}" : $"{draft.Text}\n\n{says}";
                // To whom it was promised, whoever wrote last.
                if (row.ReporterId is not null) draft.To ??= await db.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId && a.Kind == AddressKind.Mail).OrderBy(a => a.BouncedAt != null).ThenBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync();
                draft.At = db.At;
                if (told is null) db.Add(told = new NewTime { PromiseId = id, DraftId = draft.Id, Zone = zone });
                (told.DueLocal, told.Zone, told.At) = (due.Value, zone, db.At);
                return row.Number;
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<PromisePageView>(await PromisePage.Model(id, http, databases, house, clock, form.Wrong(no.Field == "due" ? "new-due" : no.Field, no.Message))); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}/reply"));
    }

    /// <summary>What the draft of this colleague tells anew of a case; asked only where something is written.</summary>
    public static async Task<List<(NewTime Told, Promise Old)>> Of(Database db, Case one, long colleague)
    {
        var rows = await (from n in db.Set<NewTime>().AsNoTracking()
                          join d in db.Set<Draft>() on n.DraftId equals d.Id
                          join p in db.Set<Promise>() on n.PromiseId equals p.Id
                          where d.CaseId == one.Id && d.ColleagueId == colleague && !d.IsNote
                          orderby n.Id
                          select new { n, p }).ToListAsync();
        return rows.ConvertAll(r => (r.n, r.p));
    }

    /// <summary>A reply was taken back: what it told is as before, and lies in the draft with its words.</summary>
    public static async Task TakeBack(Database db, long caseId, long contact)
    {
        foreach (var old in await db.Set<Promise>().AsTracking().Where(p => p.ToldIn == contact).ToListAsync())
        {
            // What came of the new one meanwhile stands.
            if (await db.Set<Promise>().AsTracking().FirstOrDefaultAsync(p => p.Id == old.Into) is not { IsOpen: true } next) continue;
            next.Withdraw(db.At);
            old.OpenAgain();
            if (db.Set<Draft>().Local.FirstOrDefault(d => d.CaseId == caseId && !d.IsNote) is not { } draft || await db.Set<NewTime>().AnyAsync(n => n.DraftId == draft.Id && n.PromiseId == old.Id)) continue;
            db.Add(new NewTime { PromiseId = old.Id, DraftId = draft.Id, DueLocal = next.DueLocal, Zone = next.Zone, At = db.At });
        }
    }
}

/// <summary>What customers read when we tell them a new time.</summary>
static class NewTimeText
{
    /// <summary>The first line of a letter.</summary>
    public static string Greeting(string name, string language) => Speech.In(language, () => Speech.Say(Words.TellGreeting, name));

    /// <summary>The words that own a promise which will not be kept in time, and say the new one, in a customer's language and zone.</summary>
    public static string Says(Promise one, DateTime dueLocal, string zone, string language) => Speech.In(language, () =>
    {
        string When(DateTime local) => $"{Dates.WeekdayLong(local)}, {local.ToString("HH:mm", CultureInfo.InvariantCulture)} ({Times.Place(zone)})";
        var what = one.Kind == PromiseKind.Other ? one.Quote ?? one.What : one.Quote is null && one.Named.Length > 0 ? Speech.Say(Words.TellAbout, one.What) : "";
        return Speech.Say(one.Kind switch
        {
            PromiseKind.Answer => Words.TellAnswer,
            PromiseKind.Call => Words.TellCall,
            PromiseKind.Visit => Words.TellVisit,
            PromiseKind.Delivery => Words.TellDelivery,
            PromiseKind.Refund => Words.TellRefund,
            _ => Words.TellOther
        }, When(Times.In(one.DueAt, zone)), When(dueLocal), what);
    });
}
