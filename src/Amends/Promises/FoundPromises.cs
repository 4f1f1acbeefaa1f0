using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

namespace Amends.Promises;

/// <summary>A form of words that was said to be no promise: it is offered no more.</summary>
public sealed class NotPromise
{
    public long Id { get; set; }

    /// <summary>The words, folded: lower case, single spaces, 0 for each digit.</summary>
    public required string Words { get; set; }
    public long? ById { get; set; }
    public DateTime At { get; set; }
}

/// <summary>A promise found in what is being written.</summary>
/// <param name="Key">Names its fields.</param>
/// <param name="Due">For a datetime-local field, in <paramref name="Place"/>; what was said, or what we take where nothing was.</param>
/// <param name="Said">False where no time was said.</param>
/// <param name="Wrong">Why it cannot be promised so, or null.</param>
/// <param name="Warning">That nobody works on that day, or null.</param>
/// <param name="Refused">Ticked as no promise.</param>
public sealed record FoundShown(string Key, string Quote, string Kind, string Due, string When, bool Said, string? Wrong, string? Warning, bool Refused);

/// <summary>A promise of before, for which this reply tells a new time.</summary>
/// <param name="Id">Of the old one; names its fields.</param>
/// <param name="Old">What it was and by when: “Call” by Mon 30 Nov 12:00 (Berlin).</param>
/// <param name="Due">The new time, for a datetime-local field.</param>
/// <param name="Left">Ticked as not told.</param>
public sealed record ToldShown(long Id, string Old, string Kind, string Due, string? Wrong, string? Warning, bool Left);

/// <summary>Those found in a reply.</summary>
/// <param name="Place">Whose time: “Berlin”.</param>
/// <param name="Next">The first of them to come due.</param>
/// <param name="Button">The button that sends, where it says another next step than it does on the page.</param>
public sealed record FoundModel(string Number, string Place, IReadOnlyList<ToldShown> Told, IReadOnlyList<FoundShown> Found, string? Next = null, Piece? Button = null) : ISaysNext;

/// <summary>Promises in the text of a reply: shown while it is written, recorded when it is sent, unless they are refused.</summary>
static class FoundPromises
{
    const int MostText = 100_000, MostLearned = 5_000;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/promises/find", Find).Needs(Verb.ReplyToCases);

    sealed record One(string Key, PromiseKind Kind, string Quote, LocalDateTime? Said, LocalDateTime Due, int Start);

    // Written: what the text says of it, where it has been changed since it was drafted.
    sealed record Anew(Promise Old, NewTime Told, One? Written);

    sealed record Looked(string Zone, List<Anew> Told, List<One> Found);

    static async Task<IResult> Find(long number, HttpContext http, Databases databases, House house, TargetBook targets, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        using var db = databases.Open();
        var one = await db.FindCase(who, number);
        var found = await Model(db, who, one, form["text"], form, house, targets, clock.GetUtcNow().UtcDateTime);
        // Only where it says something else: a button that is replaced under the hand that presses it would send nothing.
        if ((found.Next ?? "") != form["next-was"]) found = found with { Button = NextStep.Button(house, clock, who, found.Next, form.On("anyway")) };
        return View.Fragment<FoundList>(found);
    }

    /// <summary>The piece in the form of a reply.</summary>
    public static Func<ReplyAsked, Task<Piece?>> Piece(House house, TargetBook targets, TimeProvider clock) => async asked =>
        new Piece(typeof(FoundList), await Model(asked.Db, asked.Who, asked.Case, asked.Text, asked.Form, house, targets, clock.GetUtcNow().UtcDateTime));

    static async Task<FoundModel> Model(Database db, Who who, Case one, string text, FormState form, House house, TargetBook targets, DateTime now)
    {
        var number = one.Number.ToString(CultureInfo.InvariantCulture);
        // Most composers stand empty: nothing is asked for them.
        if (string.IsNullOrWhiteSpace(text)) return new(number, "", [], []);
        var looked = await Look(db, who, one, text, form, house, targets, now);
        var hours = targets.CalendarOf(one.BrandId).Calendar;
        static string Field(LocalDateTime due) => due.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        var told = looked.Told.ConvertAll(t =>
        {
            var due = Due(form, t);
            var wrong = t.Old.IsOpen ? Wrong(due, t.Told.Zone, now) : string.Format(CultureInfo.CurrentCulture, Words.TellEnded, t.Old.What);
            return new ToldShown(t.Old.Id, string.Format(CultureInfo.CurrentCulture, Words.Called, t.Old.What, PromiseHooks.Said(t.Old)), KindWords.Of(t.Old.Kind), Field(due), wrong, wrong is null ? Promising.Warning(hours, due.ToDateTimeUnspecified()) : null, Left(form, t.Old.Id));
        });
        var found = looked.Found.ConvertAll(f =>
        {
            var due = Due(form, f) ?? f.Due;
            var wrong = Wrong(due, looked.Zone, now);
            return new FoundShown(f.Key, f.Quote, KindWords.Of(f.Kind), Field(due), due.ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture), f.Said is not null, wrong, wrong is null ? Promising.Warning(hours, due.ToDateTimeUnspecified()) : null, form.On("no-" + f.Key));
        });
        var next = told.Where(t => !t.Left && t.Wrong is null).Select(t => (t.Due, t.Kind)).Concat(found.Where(f => !f.Refused && f.Wrong is null).Select(f => (f.Due, f.Kind))).OrderBy(n => n.Due, StringComparer.Ordinal).FirstOrDefault();
        return new FoundModel(number, Times.Place(looked.Zone), told, found,
            next.Due is null ? null : string.Format(CultureInfo.CurrentCulture, Words.NextPromise, next.Kind, DateTime.Parse(next.Due, CultureInfo.InvariantCulture).ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture), Times.Place(looked.Zone)));
    }

    static async Task<Looked> Look(Database db, Who who, Case one, string text, FormState form, House house, TargetBook targets, DateTime now)
    {
        // Browsers send line ends of their own.
        text = Intake.Cut(text, MostText).ReplaceLineEndings("\n");
        var customer = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => new { c.Zone, c.Language }).FirstOrDefaultAsync();
        var zone = NewTimes.ZoneOf(customer?.Zone, house);
        var there = DateTimeZoneProviders.Tzdb[zone];
        var hours = new HousesHours(targets.CalendarOf(one.BrandId).Calendar, there);
        var sent = Instant.FromDateTimeUtc(DateTime.SpecifyKind(now, DateTimeKind.Utc)).InZone(there).LocalDateTime;
        var learned = (await db.Set<NotPromise>().OrderByDescending(n => n.Id).Take(MostLearned).Select(n => n.Words).ToListAsync()).ToHashSet();
        var found = new List<One>();
        foreach (var promise in PromiseFinder.Find(text, null, sent, hours))
        {
            var quote = text.Substring(promise.Start, promise.Length).Trim();
            if (learned.Contains(Fold(quote))) continue;
            // With its digits: another hour or day is another promise, and what was set for the one is not set for the other.
            var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Even(quote))))[..12];
            if (found.Exists(f => f.Key == key)) continue;
            found.Add(new(key, promise.Kind, quote, promise.Due, promise.Due ?? InTwoDays(sent, hours), promise.Start));
        }
        // A new time that the draft tells is no promise beside the old one: it is taken out of what was found, within the words that were drafted, or, where those were changed, the first of its kind.
        var told = new List<Anew>();
        foreach (var (anew, old) in await NewTimes.Of(db, one, who.Id))
        {
            if (Left(form, old.Id)) { told.Add(new(old, anew, null)); continue; }
            var says = NewTimeText.Says(old, anew.DueLocal, anew.Zone, Amends.Foundation.Speech.ForCustomer(customer?.Language, house.Get(HouseSettings.Language)));
            var at = text.IndexOf(says, StringComparison.Ordinal);
            if (at >= 0)
            {
                told.Add(new(old, anew, null));
                found.RemoveAll(f => f.Start >= at && f.Start < at + says.Length);
                continue;
            }
            var written = found.Find(f => f.Kind == old.Kind && f.Said is not null);
            if (written is not null) found.Remove(written);
            told.Add(new(old, anew, written));
        }
        return new(zone, told, found);
    }

    static bool Left(FormState form, long old) => form.On(string.Create(CultureInfo.InvariantCulture, $"keep-{old}"));

    // What the writer has set; else what he has written, where he changed the drafted words; else what was drafted.
    static LocalDateTime Due(FormState form, Anew one)
    {
        var drafted = LocalDateTime.FromDateTime(one.Told.DueLocal);
        return Field(form, string.Create(CultureInfo.InvariantCulture, $"tell-{one.Old.Id}")) is { } set && set != drafted ? set : one.Written?.Said ?? drafted;
    }

    // Where no time was said it is taken as the end of the second working day after: the writer sees it and can say another.
    static LocalDateTime InTwoDays(LocalDateTime sent, IOfficeHours hours)
    {
        var day = sent.Date;
        for (var (left, n) = (2, 0); left > 0 && n < 30; n++)
        {
            day = day.PlusDays(1);
            if (hours.IsWorkingDay(day)) left--;
        }
        return day + hours.Closes(day);
    }

    static LocalDateTime? Due(FormState form, One one) => Field(form, "due-" + one.Key);

    static LocalDateTime? Field(FormState form, string name) =>
        DateTime.TryParseExact(form[name], ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 2000 and < 3000 ? LocalDateTime.FromDateTime(local) : null;

    static string? Wrong(LocalDateTime due, string zone, DateTime now)
    {
        try
        {
            var at = Promising.Instant(due.ToDateTimeUnspecified(), zone);
            return at <= now ? Words.DuePast : at - now > Promise.Furthest ? Words.DueFar : null;
        }
        catch (Refused no) { return no.Message; }
    }

    /// <summary>Records what was found and not refused, in the write of the reply; what was refused is learned.</summary>
    public static Func<ReplySent, Task> Record(House house, TargetBook targets) => async sent =>
    {
        var (db, form) = (sent.Db, sent.Form);
        var looked = await Look(db, sent.Who, sent.Case, form["text"], form, house, targets, db.At);
        // What is written to who reported it, and not to the customer, is promised to that one.
        long? to = looked.Found.Count > 0 && sent.Case.ReporterId is { } reporter && reporter != sent.Case.CustomerId && !await PromiseHooks.Reaches(db, sent.Case.CustomerId, sent.Contact) && await PromiseHooks.Reaches(db, reporter, sent.Contact) ? reporter : null;
        async Task<Promise> Make(PromiseDraft draft)
        {
            // Said of a case that was done it opens it again: otherwise nothing would remind of it.
            if (!sent.Case.IsOpen) sent.Case.Reopen(ReopenWhy.ByHand, db.At);
            try { return await Promising.Make(db, sent.Case, draft, sent.Who, house); }
            // The form of a reply has no field for it but its text.
            catch (Refused no) when (no.Field is "due" or "keeper") { throw new Refused("text", string.Format(CultureInfo.CurrentCulture, Words.FoundRefused, draft.Quote ?? draft.What, no.Message)); }
        }
        foreach (var (seen, anew, written) in looked.Told.Where(t => !Left(form, t.Old.Id)))
        {
            // A form that was drawn before the new time was chosen tells none.
            if (form[string.Create(CultureInfo.InvariantCulture, $"tell-{seen.Id}")].Length == 0) continue;
            var old = await db.Load<Promise>(seen.Id);
            if (!old.IsOpen) throw new Refused("text", string.Format(CultureInfo.CurrentCulture, Words.TellEnded, old.What));
            if (!await PromiseHooks.Reaches(db, old.CustomerId, sent.Contact)) throw new Refused("to", string.Format(CultureInfo.CurrentCulture, Words.TellMisses, old.What));
            var next = await Make(new PromiseDraft(old.Kind, old.Named, Due(form, new Anew(old, anew, written)).ToDateTimeUnspecified(), anew.Zone, await Promising.MayKeepNow(db, sent.Case, old.KeeperId, house) ? old.KeeperId : null, sent.Contact.Id, written?.Quote ?? old.Quote));
            old.Tell(next.Id, sent.Contact.Id, db.At);
        }
        foreach (var one in looked.Found)
        {
            if (form.On("no-" + one.Key))
            {
                db.Add(new NotPromise { Words = Fold(one.Quote), ById = sent.Who.Id, At = db.At });
                continue;
            }
            var due = Due(form, one) ?? one.Due;
            await Make(new PromiseDraft(one.Kind, null, due.ToDateTimeUnspecified(), looked.Zone, null, sent.Contact.Id, one.Quote, to));
        }
    };

    static string Fold(string text) => Intake.Cut(string.Concat(Even(text).Select(c => char.IsDigit(c) ? '0' : c)), 400);

    static string Even(string text) => string.Join(' ', text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
