using System.Globalization;
using System.Linq.Expressions;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>What came of a promise whose time has come.</summary>
public enum CameOf : byte
{
    /// <summary>Done by the moment that was said.</summary>
    Kept = 0,

    /// <summary>Done later.</summary>
    Late = 1,

    /// <summary>Not done: said so, still open past its time, or another time was told when it was too late.</summary>
    Broken = 2,

    /// <summary>Another time, agreed or told before this one came.</summary>
    Changed = 3,

    /// <summary>The customer needed it no more.</summary>
    Released = 4
}

/// <summary>How many of what came of the promises of one team, kind or channel.</summary>
/// <param name="Is">Its value in addresses.</param>
/// <param name="Counts">By <see cref="CameOf"/>.</param>
public sealed record KeptRow(string Is, string Name, IReadOnlyList<int> Counts)
{
    /// <summary>Those that were kept of those that had to be; null where none had.</summary>
    public double? Rate => Counts[0] + Counts[1] + Counts[2] is > 0 and var due ? (double)Counts[0] / due : null;
}

/// <summary>The rows by one thing.</summary>
/// <param name="By">Its value in addresses: <c>team</c>, <c>kind</c>, <c>channel</c>.</param>
public sealed record KeptTable(string By, string Name, IReadOnlyList<KeptRow> Rows);

/// <summary>How promises of some days were kept.</summary>
public sealed record KeptRateModel(FormState Form, DateOnly From, DateOnly Until, string Place, KeptRow All, IReadOnlyList<KeptTable> Tables)
{
    /// <summary>The days, for addresses.</summary>
    public string Days => string.Create(CultureInfo.InvariantCulture, $"from={From:yyyy-MM-dd}&until={Until:yyyy-MM-dd}");
}

/// <summary>The promises behind a number.</summary>
public sealed record KeptBehindModel(string Back, string Name, string Says, IReadOnlyList<PromiseShown> Promises, bool More);

/// <summary>A row of the export.</summary>
sealed record KeptExported(string By, string Name, int Kept, int Late, int Broken, int Changed, int Released, double? Rate);

/// <summary>
/// <c>/promises/kept</c>: of the promises whose time came in these days, how many were kept; by team, kind and channel, each number opening those behind it. Counted is what this person may see.
/// Nobody is ranked: a keeper is no row.
/// </summary>
static class KeptRate
{
    const int Most = 500;
    static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    static readonly IReadOnlyList<CsvColumn<KeptExported>> Columns =
    [
        new("by", r => r.By), new("name", r => r.Name), new("kept", r => r.Kept), new("late", r => r.Late), new("broken", r => r.Broken), new("changed", r => r.Changed), new("released", r => r.Released), new("rate", r => r.Rate)
    ];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/promises/kept", Show).Needs(Verb.SeeCases);
        app.MapGet("/promises/kept/behind", Behind).Needs(Verb.SeeCases);
        app.MapGet("/promises/kept.csv", Csv).Needs(Verb.SeeCases);
    }

    sealed record Days(DateOnly From, DateOnly Until, DateTime Begin, DateTime End, FormState Form);

    // The last thirty days, unless others are asked for; what is no day, or the wrong way round, is said beside its field.
    static Days Read(HttpContext http, LocalTimes times)
    {
        var today = DateOnly.FromDateTime(times.Local(times.Now));
        var query = http.Request.Query;
        var form = FormState.With(("from", query["from"].ToString()), ("until", query["until"].ToString()));
        DateOnly Day(string field, DateOnly usual)
        {
            if (form[field].Length == 0) return usual;
            if (DateOnly.TryParseExact(form[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 2200) return day;
            form.Wrong(field, Words.ChooseDay);
            return usual;
        }
        var until = Day("until", today);
        var from = Day("from", until.AddDays(-(int)Usual.TotalDays + 1));
        if (from > until)
        {
            form.Wrong("until", Words.DaysTurned);
            (from, until) = (until, from);
        }
        DateTime Begins(DateOnly one) => times.Instant(one.ToDateTime(TimeOnly.MinValue));
        var days = FormState.With(("from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("until", until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        foreach (var (field, why) in form.Errors) days.Wrong(field, why);
        var end = Begins(until.AddDays(1));
        return new(from, until, Begins(from), end < times.Now ? end : times.Now, days);
    }

    sealed class Row
    {
        public required Promise Promise { get; init; }
        public required long Number { get; init; }
        public required long TeamId { get; init; }

        /// <summary>Where it was said; null by hand.</summary>
        public Channel? Channel { get; init; }
    }

    // Those whose time came, on cases that this person sees.
    static IQueryable<Row> Rows(Database db, Who who, Days days) =>
        from p in db.Set<Promise>()
        join c in db.CasesVisibleTo(who) on p.CaseId equals c.Id
        where p.DueAt >= days.Begin && p.DueAt < days.End && p.State != PromiseState.Withdrawn
        select new Row { Promise = p, Number = c.Number, TeamId = c.TeamId, Channel = db.Set<Contact>().Where(x => x.Id == p.SaidIn).Select(x => (Channel?)x.Channel).FirstOrDefault() };

    static readonly Expression<Func<Row, CameOf>> came = r =>
        r.Promise.State == PromiseState.Kept ? CameOf.Kept
        : r.Promise.State == PromiseState.Late ? CameOf.Late
        : r.Promise.State == PromiseState.Released ? CameOf.Released
        : r.Promise.State == PromiseState.Changed && r.Promise.EndedAt <= r.Promise.DueAt ? CameOf.Changed
        : CameOf.Broken;

    static Expression<Func<Row, bool>> Is(CameOf what) => Expression.Lambda<Func<Row, bool>>(Expression.Equal(Expression.Convert(came.Body, typeof(int)), Expression.Constant((int)what)), came.Parameters);

    static string Name(Channel? channel) => channel switch
    {
        Channel.Mail => Words.ByMail,
        Channel.Phone => Words.ByPhone,
        Channel.Web => Words.ByWeb,
        Channel.Portal => Words.ByPortal,
        Channel.Counter => Words.ByCounter,
        Channel.Desk => Words.ByDesk,
        _ => Words.ByHand
    };

    static string Value(Channel? channel) => channel is { } said ? ((int)said).ToString(CultureInfo.InvariantCulture) : "none";

    static async Task<KeptRateModel> Model(Database db, Who who, Days days, CancellationToken stop)
    {
        var counted = await (from r in Rows(db, who, days).Select(r => new { r.TeamId, r.Promise.Kind, r.Channel, r.Promise.State, InTime = r.Promise.State == PromiseState.Changed && r.Promise.EndedAt <= r.Promise.DueAt })
                             group r by new { r.TeamId, r.Kind, r.Channel, r.State, r.InTime } into g
                             select new { g.Key.TeamId, g.Key.Kind, g.Key.Channel, g.Key.State, g.Key.InTime, Count = g.Count() }).ToListAsync(stop);
        var teams = await db.Set<Team>().Select(t => new { t.Id, t.Name }).ToDictionaryAsync(t => t.Id, t => t.Name, stop);
        var all = counted.ConvertAll(c => (c.TeamId, c.Kind, c.Channel, c.Count, Came: c.State switch { PromiseState.Kept => CameOf.Kept, PromiseState.Late => CameOf.Late, PromiseState.Released => CameOf.Released, PromiseState.Changed when c.InTime => CameOf.Changed, _ => CameOf.Broken }));
        static KeptRow Of(string value, string name, IEnumerable<(CameOf Came, int Count)> some)
        {
            var counts = new int[5];
            foreach (var (came, count) in some) counts[(int)came] += count;
            return new(value, name, counts);
        }
        return new(days.Form, days.From, days.Until, Times.Place(who.Zone), Of("", Words.Altogether, all.Select(a => (a.Came, a.Count))),
        [
            new("team", Words.TeamHead, [.. all.GroupBy(a => a.TeamId).Select(g => Of(g.Key.ToString(CultureInfo.InvariantCulture), teams.GetValueOrDefault(g.Key, ""), g.Select(a => (a.Came, a.Count)))).OrderBy(r => r.Name, StringComparer.CurrentCulture)]),
            new("kind", Words.KindHead, [.. all.GroupBy(a => a.Kind).OrderBy(g => g.Key).Select(g => Of(((int)g.Key).ToString(CultureInfo.InvariantCulture), KindWords.Of(g.Key), g.Select(a => (a.Came, a.Count))))]),
            new("channel", Words.ChannelHead, [.. all.GroupBy(a => a.Channel).OrderBy(g => g.Key ?? (Channel)255).Select(g => Of(Value(g.Key), Name(g.Key), g.Select(a => (a.Came, a.Count))))])
        ]);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock)
    {
        var who = http.Who();
        var days = Read(http, new LocalTimes(who.Zone, clock.GetUtcNow().UtcDateTime));
        using var db = databases.Open();
        return View.Page<KeptRatePage>(await Model(db, who, days, http.RequestAborted));
    }

    static async Task<IResult> Csv(HttpContext http, Databases databases, TimeProvider clock)
    {
        var who = http.Who();
        var days = Read(http, new LocalTimes(who.Zone, clock.GetUtcNow().UtcDateTime));
        using var db = databases.Open();
        var model = await Model(db, who, days, http.RequestAborted);
        static KeptExported Row(string by, KeptRow r) => new(by, r.Name, r.Counts[0], r.Counts[1], r.Counts[2], r.Counts[3], r.Counts[4], r.Rate is { } rate ? Math.Round(rate, 4) : null);
        var rows = model.Tables.SelectMany(t => t.Rows.Select(r => Row(t.By, r))).Prepend(Row("all", model.All));
        return Results.Stream(to => CsvOut.Write(to, Columns, rows.ToAsyncEnumerable(), mark: true, http.RequestAborted), "text/csv; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"promises-kept-{days.From:yyyyMMdd}-{days.Until:yyyyMMdd}.csv"));
    }

    static async Task<IResult> Behind(HttpContext http, Databases databases, TimeProvider clock, string? by, string? @is, string? came)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        var days = Read(http, new LocalTimes(who.Zone, now));
        using var db = databases.Open();
        var rows = Rows(db, who, days);
        var number = long.TryParse(@is, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : -1;
        string name;
        switch (by)
        {
            case "team":
                name = await db.Set<Team>().Where(t => t.Id == number).Select(t => t.Name).FirstOrDefaultAsync(http.RequestAborted) ?? throw new NotThere();
                rows = rows.Where(r => r.TeamId == number);
                break;
            case "kind" when Enum.IsDefined((PromiseKind)number):
                var kind = (PromiseKind)number;
                name = KindWords.Of(kind);
                rows = rows.Where(r => r.Promise.Kind == kind);
                break;
            case "channel" when @is == "none" || number is >= 0 and < 255 && Enum.IsDefined((Channel)number):
                Channel? channel = @is == "none" ? null : (Channel)number;
                name = Name(channel);
                rows = channel is null ? rows.Where(r => r.Channel == null) : rows.Where(r => r.Channel == channel);
                break;
            case null or "": name = Words.Altogether; break;
            default: throw new NotThere();
        }
        var what = Enum.TryParse<CameOf>(came, ignoreCase: true, out var one) && Enum.IsDefined(one) ? one : (CameOf?)null;
        if (what is { } only) rows = rows.Where(Is(only));
        var found = await rows.OrderBy(r => r.Promise.DueAt).ThenBy(r => r.Promise.Id).Select(r => new { r.Promise, r.Number, Keeper = db.Set<Colleague>().Where(c => c.Id == r.Promise.KeeperId).Select(c => c.Name).FirstOrDefault() }).Take(Most + 1).ToListAsync(http.RequestAborted);
        var says = string.Format(CultureInfo.CurrentCulture, Words.BehindSays, Dates.Year(days.From), Dates.Year(days.Until));
        return View.Page<KeptBehindPage>(new KeptBehindModel(string.Create(CultureInfo.InvariantCulture, $"/promises/kept?from={days.From:yyyy-MM-dd}&until={days.Until:yyyy-MM-dd}"), what is { } w ? $"{name}: {CameWords.Of(w)}" : name, says,
            [.. found.Take(Most).Select(r => PromiseHooks.Shown(r.Promise, r.Number, r.Keeper ?? "", now))], found.Count > Most));
    }
}

/// <summary>What came of promises, in words.</summary>
static class CameWords
{
    public static string Of(CameOf what) => what switch
    {
        CameOf.Kept => Words.StateKept,
        CameOf.Late => Words.StateLate,
        CameOf.Broken => Words.CameBroken,
        CameOf.Changed => Words.CameChanged,
        _ => Words.StateReleased
    };

    /// <summary>The part of the bar that it is drawn as.</summary>
    public static string Tone(CameOf what) => what switch { CameOf.Kept => "good", CameOf.Late => "risk", CameOf.Broken => "broken", CameOf.Changed => "promised", _ => "plain" };
}
