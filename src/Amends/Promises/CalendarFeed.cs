using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Speech = Amends.Foundation.Speech;

namespace Amends.Promises;

/// <summary>A colleague's open promises as a calendar that other programs fetch: one address for each colleague. Only the digest of its token is kept.</summary>
public sealed class PromiseFeed : Noun
{
    public long ColleagueId { get; init; }

    /// <summary>SHA-256 of the token in the address.</summary>
    public required byte[] Hash { get; set; }
    public DateTime MadeAt { get; private set; }
    public DateTime? EndedAt { get; private set; }

    /// <summary>There is an address from now on; the one before opens nothing any more.</summary>
    public void Make(byte[] hash, DateTime at)
    {
        Record(new PromiseFeedChanged(ColleagueId, Made: true));
        (Hash, MadeAt, EndedAt) = (hash, at, null);
    }

    /// <summary>The address opens nothing any more.</summary>
    public void End(DateTime at)
    {
        if (EndedAt is not null) return;
        Record(new PromiseFeedChanged(ColleagueId, Made: false));
        EndedAt = at;
    }
}

/// <summary>
/// <c>/promises/feed/{token}</c>: the calendar (RFC 5545), opened by the token in its address and by nothing else. It holds what is promised and the number of its case, of cases that the colleague
/// may see now; of confidential ones only what kind of thing it is, since the calendar leaves the house.
/// </summary>
static class CalendarFeed
{
    const int Most = 1000;

    // A calendar asks each quarter of an hour at most; who guesses is stopped long before 256 bits.
    const int MostOfOne = 60, MostOfNetwork = 600, TokenLength = 43;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/promises/feed/{token}", Feed).Public("a colleague's calendar, opened by the token in its address");
        app.MapPost("/promises/feed", Make).Needs(Verb.SeeCases);
        app.MapPost("/promises/feed/end", EndMine).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Make(HttpContext http, Databases databases, Writer write, TimeProvider clock, HouseAddress ours)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var (token, ran) = (Sessions.Token(), false);
        await write.Run(who, form.Once, async db =>
        {
            ran = true;
            var feed = await db.Set<PromiseFeed>().AsTracking().FirstOrDefaultAsync(f => f.ColleagueId == who.Id);
            if (feed is null) db.Add(feed = new PromiseFeed { Id = db.Ids!.Next(), ColleagueId = who.Id, Hash = [] });
            feed.Make(Gate.Digest(token), db.At);
        }, http.RequestAborted);
        return ran ? View.Page<MyPromisesPage>(await MyPromises.Model(http, databases, clock, team: false, ours.Link("/promises/feed/" + token))) : View.Go(http, "/promises");
    }

    static async Task<IResult> EndMine(HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(who, form.Once, db => End(db, who.Id), http.RequestAborted);
        return View.Go(http, "/promises");
    }

    /// <summary>Ends the address of a colleague, where there is one.</summary>
    public static async Task End(Database db, long colleague) => (await db.Set<PromiseFeed>().AsTracking().FirstOrDefaultAsync(f => f.ColleagueId == colleague))?.End(db.At);

    static async Task<IResult> Feed(string token, HttpContext http, Databases databases, House house, HouseKey key, HouseAddress ours, Throttle throttle)
    {
        if (!throttle.Take("feeds from " + Throttle.Network(http.Connection.RemoteIpAddress), MostOfNetwork, TimeSpan.FromMinutes(10))) return TooMany(http);
        if (token.Length != TokenLength) throw new NotThere();
        var hash = Gate.Digest(token);
        using var db = databases.Open();
        var colleague = await (from f in db.Set<PromiseFeed>() join c in db.Set<Colleague>() on f.ColleagueId equals c.Id where f.Hash == hash && f.EndedAt == null && c.State == ColleagueState.Active select c).FirstOrDefaultAsync(http.RequestAborted) ?? throw new NotThere();
        if (!throttle.Take("feed " + colleague.Id.ToString(CultureInfo.InvariantCulture), MostOfOne, TimeSpan.FromHours(1))) return TooMany(http);
        var who = await Gate.Of(db, colleague, house);
        if (!who.Can(Verb.SeeCases)) throw new NotThere();
        var rows = await (from p in db.Set<Promise>()
                          join c in db.CasesVisibleTo(who) on p.CaseId equals c.Id
                          where p.KeeperId == colleague.Id && p.State == PromiseState.Open
                          orderby p.DueAt, p.Id
                          select new { p, c.Number, c.Confidential }).Take(Most).ToListAsync(http.RequestAborted);
        Speech.Speak(colleague.Language ?? house.Get(HouseSettings.Language));
        var home = Convert.ToHexStringLower(key.For("promise calendar").AsSpan(0, 8));
        var text = new IcsText();
        text.Line("BEGIN:VCALENDAR").Line("VERSION:2.0").Line("PRODID:-//Amends//Promises//EN").Line("CALSCALE:GREGORIAN").Line("METHOD:PUBLISH").Text("X-WR-CALNAME", Words.FeedName).Line("REFRESH-INTERVAL;VALUE=DURATION:PT30M").Line("X-PUBLISHED-TTL:PT30M");
        foreach (var row in rows)
        {
            var (one, number) = (row.p, row.Number.ToString(CultureInfo.InvariantCulture));
            var what = row.Confidential ? KindWords.Of(one.Kind) : one.What;
            text.Line("BEGIN:VEVENT").Line(string.Create(CultureInfo.InvariantCulture, $"UID:promise-{one.Id}@{home}.amends")).Line("DTSTAMP:" + IcsText.Utc(one.MadeAt))
                // The half hour before: at its end it must be done.
                .Line("DTSTART:" + IcsText.Utc(one.DueAt.AddMinutes(-30))).Line("DTEND:" + IcsText.Utc(one.DueAt))
                .Text("SUMMARY", Speech.Say(Words.FeedEntry, what, number)).Text("DESCRIPTION", Speech.Say(Words.FeedDue, PromiseHooks.Said(one))).Line("URL:" + ours.Link(string.Create(CultureInfo.InvariantCulture, $"/promises/{one.Id}")))
                .Line("STATUS:CONFIRMED").Line("TRANSP:TRANSPARENT").Line("END:VEVENT");
        }
        text.Line("END:VCALENDAR");
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Bytes(text.Bytes, "text/calendar; charset=utf-8", "promises.ics");
    }

    static IResult TooMany(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "600";
        return Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }
}

/// <summary>Lines of a calendar as RFC 5545 has them: CRLF at their ends, folded at 75 octets and within no character (3.1), texts escaped (3.3.11). What cannot be seen is left out.</summary>
sealed class IcsText
{
    const int Longest = 75;
    readonly StringBuilder all = new();

    /// <summary>An instant in UTC (3.3.5).</summary>
    public static string Utc(DateTime at) => at.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A line whose value is ours.</summary>
    public IcsText Line(string line)
    {
        var room = Longest;
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room)
            {
                // The space that a folded line begins with is one of its octets.
                all.Append("\r\n ");
                room = Longest - 1;
            }
            all.Append(rune);
            room -= rune.Utf8SequenceLength;
        }
        all.Append("\r\n");
        return this;
    }

    /// <summary>A line with what somebody wrote.</summary>
    public IcsText Text(string name, string value)
    {
        var said = new StringBuilder(name).Append(':');
        foreach (var rune in value.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n') said.Append("\\n");
            else if (rune.Value is '\\' or ';' or ',') said.Append('\\').Append(rune);
            else if (!Rune.IsControl(rune)) said.Append(rune);
        }
        return Line(said.ToString());
    }

    /// <summary>UTF-8.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(all.ToString());
}
