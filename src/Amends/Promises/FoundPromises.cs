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
/// <param name="Refused">Ticked as no promise.</param>
public sealed record FoundShown(string Key, string Quote, string Kind, string Due, string When, bool Said, string? Wrong, bool Refused);

/// <summary>Those found in a reply.</summary>
/// <param name="Place">Whose time: “Berlin”.</param>
public sealed record FoundModel(string Number, string Customer, string Place, IReadOnlyList<FoundShown> Found);

/// <summary>Promises in the text of a reply: shown while it is written, recorded when it is sent, unless they are refused.</summary>
static class FoundPromises
{
    const int MostText = 100_000, MostLearned = 5_000;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/{number:long}/promises/find", Find).Needs(Verb.ReplyToCases);

    sealed record One(string Key, PromiseKind Kind, string Quote, LocalDateTime? Said, LocalDateTime Due);

    sealed record Looked(string Zone, string Customer, List<One> Found);

    static async Task<IResult> Find(long number, HttpContext http, Databases databases, House house, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        using var db = databases.Open();
        var one = await db.FindCase(who, number);
        return View.Fragment<FoundList>(await Model(db, one, form["text"], form, house, clock.GetUtcNow().UtcDateTime));
    }

    /// <summary>The piece in the form of a reply.</summary>
    public static Func<ReplyAsked, Task<Piece?>> Piece(House house, TimeProvider clock) => async asked =>
        new Piece(typeof(FoundList), await Model(asked.Db, asked.Case, asked.Text, asked.Form, house, clock.GetUtcNow().UtcDateTime));

    static async Task<FoundModel> Model(Database db, Case one, string text, FormState form, House house, DateTime now)
    {
        var looked = await Look(db, one, text, house, now);
        var shown = looked.Found.ConvertAll(f =>
        {
            var due = Due(form, f) ?? f.Due;
            return new FoundShown(f.Key, f.Quote, KindWords.Of(f.Kind), due.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), due.ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture), f.Said is not null, Wrong(due, looked.Zone, now), form.On("no-" + f.Key));
        });
        return new FoundModel(one.Number.ToString(CultureInfo.InvariantCulture), looked.Customer, Promising.Place(looked.Zone), shown);
    }

    static async Task<Looked> Look(Database db, Case one, string text, House house, DateTime now)
    {
        var customer = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => new { c.Name, c.Zone }).FirstOrDefaultAsync();
        var zone = customer?.Zone is { } theirs && DateTimeZoneProviders.Tzdb.GetZoneOrNull(theirs) is not null ? theirs : house.Get(HouseSettings.Zone);
        if (string.IsNullOrWhiteSpace(text)) return new(zone, customer?.Name ?? "", []);
        var there = DateTimeZoneProviders.Tzdb[zone];
        var hours = new HousesHours(HouseCalendar.Of(house), there);
        var sent = Instant.FromDateTimeUtc(DateTime.SpecifyKind(now, DateTimeKind.Utc)).InZone(there).LocalDateTime;
        var learned = (await db.Set<NotPromise>().OrderByDescending(n => n.Id).Take(MostLearned).Select(n => n.Words).ToListAsync()).ToHashSet();
        var found = new List<One>();
        foreach (var promise in PromiseFinder.Find(Promising.Cut(text, MostText), null, sent, hours))
        {
            var quote = text.Substring(promise.Start, promise.Length).Trim();
            var words = Fold(quote);
            if (learned.Contains(words)) continue;
            var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)))[..12];
            if (found.Exists(f => f.Key == key)) continue;
            found.Add(new(key, promise.Kind, quote, promise.Due, promise.Due ?? InTwoDays(sent, hours)));
        }
        return new(zone, customer?.Name ?? "", found);
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

    static LocalDateTime? Due(FormState form, One one) =>
        DateTime.TryParseExact(form["due-" + one.Key], ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 2000 and < 3000 ? LocalDateTime.FromDateTime(local) : null;

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
    public static Func<ReplySent, Task> Record(House house) => async sent =>
    {
        var (db, form) = (sent.Db, sent.Form);
        var looked = await Look(db, sent.Case, form["text"], house, db.At);
        foreach (var one in looked.Found)
        {
            if (form.On("no-" + one.Key))
            {
                db.Add(new NotPromise { Words = Fold(one.Quote), ById = sent.Who.Id, At = db.At });
                continue;
            }
            var due = Due(form, one) ?? one.Due;
            // Said of a case that was done it opens it again: otherwise nothing would remind of it.
            if (!sent.Case.IsOpen) sent.Case.Reopen(ReopenWhy.ByHand, db.At);
            try { await Promising.Make(db, sent.Case, new PromiseDraft(one.Kind, null, due.ToDateTimeUnspecified(), looked.Zone, null, sent.Contact.Id, one.Quote), sent.Who, house); }
            catch (Refused no) when (no.Field == "due") { throw new Refused("text", string.Format(CultureInfo.CurrentCulture, Words.FoundRefused, one.Quote, no.Message)); }
        }
    };

    static string Fold(string text) => Promising.Cut(string.Join(' ', string.Concat(text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Select(c => char.IsDigit(c) ? '0' : c)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), 400);
}
