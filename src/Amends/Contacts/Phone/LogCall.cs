using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A customer found while typing, with open cases.</summary>
public sealed record FoundPerson(long Id, string Name, string Below, string Initials, string Hue, IReadOnlyList<(string Number, string Subject)> Open);

/// <summary>Those found for what was typed.</summary>
/// <param name="Cases">True to offer their open cases below.</param>
public sealed record FoundPeople(IReadOnlyList<FoundPerson> People, string Chosen, string ChosenCase, bool Typed, bool Cases)
{
    /// <summary>What is wrong with the one chosen, or null.</summary>
    public string? Wrong { get; init; }
}

/// <summary>The form of a call. On a case it is short: customer and case are known.</summary>
public sealed record CallModel(FormState Form, string? Number, string? Customer, string Began, FoundPeople Found, IReadOnlyList<(string Value, string Shown)> Teams)
{
    public string Action => Number is null ? "/calls/new" : $"/cases/{Number}/call";
}

/// <summary>The phone call log: who, which way, how long, what came of it, what was said, for whom, when to call back.</summary>
static class LogCall
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/calls/new", Show).Needs(Verb.WorkCases);
        app.MapPost("/calls/new", (HttpContext http, Databases databases, Writer write, Intake intake, TimeProvider clock) => Save(http, null, databases, write, intake, clock)).Needs(Verb.WorkCases);
        app.MapGet("/calls/find", Find).Needs(Verb.WorkCases);
        app.MapGet("/cases/{number:long}/call", ShowOnCase).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/call", (long number, HttpContext http, Databases databases, Writer write, Intake intake, TimeProvider clock) => Save(http, number, databases, write, intake, clock)).Needs(Verb.WorkCases);
    }

    /// <summary>The composer's tab.</summary>
    public static async Task<ComposerTab?> Tab(CaseAsked asked)
    {
        if (!Visibility.MayDo(asked.Who, Verb.WorkCases, asked.Case)) return null;
        var model = await OnCase(asked.Db, asked.Case, asked.Services.GetRequiredService<TimeProvider>(), FormState.With(("direction", "in"), ("outcome", "1")), asked.Customer);
        return new ComposerTab("l", Words.CallLog, 20, new Piece(typeof(CallForm), model));
    }

    static async Task<CallModel> OnCase(Database db, Case one, TimeProvider clock, FormState form, Customer? known = null)
    {
        var customer = known ?? await db.Set<Customer>().Include(c => c.Addresses).FirstOrDefaultAsync(c => c.Id == one.CustomerId);
        if (form.IsValid && form["number"].Length == 0 && form["text"].Length == 0)
        {
            var number = customer?.Addresses.Where(a => a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefault();
            form = FormState.With(("number", number), ("direction", form["direction"]), ("outcome", "1"));
        }
        return new CallModel(form, one.Number.ToString(CultureInfo.InvariantCulture), customer?.Name ?? "", Times.Iso(clock.GetUtcNow().UtcDateTime), new([], "", "", false, true), []);
    }

    static async Task<IResult> ShowOnCase(long number, HttpContext http, Databases databases, TimeProvider clock, string? way)
    {
        using var db = databases.Open();
        return View.Page<CallPage>(await OnCase(db, await db.FindCase(http.Who(), number), clock, FormState.With(("direction", way == "out" ? "out" : "in"), ("outcome", "1"))));
    }

    static async Task<CallModel> Model(Database db, Who who, FormState form, TimeProvider clock) => new(form, null, null, form["began"] is { Length: > 0 } began ? began : Times.Iso(clock.GetUtcNow().UtcDateTime),
        await People(db, who, form["number"], form["customer"], form["case"], cases: true) with { Wrong = form.Error("customer") ?? form.Error("case") }, await TeamsOf(db, who));

    internal static async Task<List<(string Value, string Shown)>> TeamsOf(Database db, Who who) =>
        [.. (await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).ToListAsync()).OrderByDescending(t => who.Teams.Contains(t.Id)).Select(t => (t.Id.ToString(CultureInfo.InvariantCulture), t.Name))];

    static async Task<IResult> Show(HttpContext http, Databases databases, TimeProvider clock, string? number)
    {
        using var db = databases.Open();
        return View.Page<CallPage>(await Model(db, http.Who(), FormState.With(("number", number), ("direction", "in"), ("outcome", "1")), clock));
    }

    static async Task<IResult> Find(HttpContext http, Databases databases, string? number, string? customer, string? q, bool? cases)
    {
        using var db = databases.Open();
        return View.Fragment<FoundPeopleList>(await People(db, http.Who(), q ?? number ?? "", customer ?? "", "", cases ?? true));
    }

    internal static async Task<FoundPeople> People(Database db, Who who, string typed, string chosen, string chosenCase, bool cases)
    {
        if (!who.Can(Verb.SeePeople)) return new([], chosen, chosenCase, typed.Length > 0, cases);
        var digits = typed.Count(char.IsAsciiDigit);
        var ids = digits >= 3 && !typed.Contains('@', StringComparison.Ordinal) ? (await Customers.ByNumber(db, typed)).ConvertAll(c => c.Id)
            : [.. (await Customers.Suggest(db, who, typed)).Where(s => s.Kind == PersonKind.Customer).Select(s => s.Id)];
        if (long.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var one) && !ids.Contains(one)) ids.Add(one);
        var people = await db.Set<Customer>().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Name, Address = c.Addresses.OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefault() }).ToListAsync();
        var open = await db.CasesVisibleTo(who).Where(c => ids.Contains(c.CustomerId) && c.MergedInto == null && c.SpamAt == null && (c.State == CaseState.Open || c.State == CaseState.Waiting)).OrderByDescending(c => c.LastContactAt).Take(30)
            .Select(c => new { c.CustomerId, c.Number, c.Subject }).ToListAsync();
        return new([.. people.OrderBy(p => ids.IndexOf(p.Id)).Select(p => new FoundPerson(p.Id, p.Name, p.Address ?? "", Shell.InitialsOf(p.Name), "h" + (p.Id % 8 + 1).ToString(CultureInfo.InvariantCulture),
            [.. open.Where(c => c.CustomerId == p.Id).Take(5).Select(c => (c.Number.ToString(CultureInfo.InvariantCulture), c.Subject))]))], chosen, chosenCase, typed.Length > 0, cases);
    }

    static async Task<IResult> Save(HttpContext http, long? number, Databases databases, Writer write, Intake intake, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var phone = form.May("number", 60);
        var text = form.Need("text", 50_000);
        var name = form.May("name", 200);
        var others = form["whom"] == "other";
        var forName = others ? form.Need("for-name", 200, () => Words.AskForWhomMissing) : null;
        var forAddress = others ? form.May("for-address", 320) : null;
        if (forAddress is not null && CustomerAddresses.Read(forAddress) is not { Kind: AddressKind.Mail or AddressKind.Phone }) form.Wrong("for-address", Words.AskForAddressWrong);
        var (chosen, team) = (form.MayId("customer", () => Words.NoSuchCustomer), form.MayId("team", () => Words.ChooseTeam));
        if (chosen is not null && !who.Can(Verb.SeePeople)) form.Wrong("customer", Foundation.Web.Words.NotAllowed);
        var seconds = Seconds(form, clock);
        DateTime? back = null;
        if (form["back"].Length > 0)
        {
            back = Times.Local(form["back"], who.Zone);
            if (back is null) form.Wrong("back", Words.ChooseMoment);
            else if (back <= clock.GetUtcNow().UtcDateTime) form.Wrong("back", Words.MomentPast);
        }
        if (phone is not null && CustomerAddresses.Phone(phone, "") is null) form.Wrong("number", Words.NumberWrong);
        // The case that a colleague chose is one of the customer's open ones: its number stands in the radio button.
        var join = number ?? (form["case"] is "new" ? null : form.MayId("case", () => Words.NoSuchCase));
        if (join is null && chosen is null && phone is null && name is null) form.Wrong("name", Words.WhoCalled);
        if (!form.IsValid) return await Again(http, databases, number, form, clock);
        try
        {
            var taken = await write.Run(who, form.Once, async db =>
            {
                Case? one;
                try { one = join is { } n ? await db.LoadCase(who, n, null) : null; }
                catch (NotThere) when (number is null) { throw new Refused("case", Words.NoSuchCase); }
                if (one is null && chosen is { } c && !await db.Standing().AnyAsync(x => x.Id == c)) throw new Refused("customer", Words.NoSuchCustomer);
                if (one is null && team is { } t && !await db.Set<Team>().AnyAsync(x => x.Id == t && !x.Retired)) throw new Refused("team", Words.ChooseTeam);
                var customer = one?.CustomerId ?? chosen;
                // By its number it was who reported it, and not the customer.
                if (one is { ReporterId: { } reporter } && reporter != one.CustomerId && phone is not null && CustomerAddresses.Phone(phone, await Customers.CallingCode(db)) is { } dialled
                    && await db.Set<CustomerAddress>().Where(a => a.Kind == AddressKind.Phone && a.Value == dialled && (a.CustomerId == reporter || a.CustomerId == one.CustomerId)).Select(a => a.CustomerId).ToListAsync() is var of && of.Contains(reporter) && !of.Contains(one.CustomerId)) customer = reporter;
                if (one is null && customer is null && phone is null) customer = (await Customers.Make(db, name, [])).Id;
                var taken = await intake.Take(db, new IncomingContact
                {
                    Channel = Channel.Phone,
                    At = db.At,
                    CustomerId = customer,
                    FromName = name,
                    Number = phone,
                    Text = text,
                    ForName = forName,
                    ForAddress = forAddress,
                    CaseId = one?.Id,
                    Subject = form.May("subject", 300) ?? "",
                    Direction = form["direction"] == "out" ? Direction.Out : Direction.In,
                    Seconds = seconds,
                    Outcome = Enum.TryParse<CallOutcome>(form["outcome"], out var outcome) && Enum.IsDefined(outcome) ? outcome : CallOutcome.Talked,
                    ColleagueId = who.Id,
                    BrandId = one?.BrandId ?? await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Id).Select(b => b.Id).FirstAsync(),
                    TeamId = one?.TeamId ?? team ?? await db.Set<Team>().Where(x => !x.Retired).OrderBy(x => x.Id).Select(x => x.Id).FirstAsync(),
                    OwnerId = one is null ? who.Id : null
                });
                var row = await db.LoadCase(Who.House("call log"), taken.CaseNumber, null);
                // Who was talked to was answered.
                if (form["outcome"] == "1") await OutOfTurn.Answer(db, row, who, spoken: true, said: null);
                if (back is { } until && row.IsOpen) row.Wait(until, string.Format(CultureInfo.CurrentCulture, Words.CallBack, phone ?? name ?? ""), db.At);
                return taken;
            }, http.RequestAborted);
            return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{taken.CaseNumber}#contact-{taken.ContactId}"));
        }
        catch (Refused no) { return await Again(http, databases, number, form.Wrong(no), clock); }
    }

    static async Task<IResult> Again(HttpContext http, Databases databases, long? number, FormState form, TimeProvider clock)
    {
        using var db = databases.Open();
        return View.Invalid<CallPage>(number is { } n ? await OnCase(db, await db.FindCase(http.Who(), n), clock, form) : await Model(db, http.Who(), form, clock));
    }

    // Minutes as typed; else what the page's clock says.
    static int? Seconds(FormState form, TimeProvider clock)
    {
        if (form["minutes"].Trim() is { Length: > 0 } typed)
        {
            var parts = typed.Split(':');
            if (parts.Length <= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var m) && m < 1000 && (parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var s) && s < 60)))
                return m * 60 + (parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
            form.Wrong("minutes", Words.MinutesWrong);
            return null;
        }
        if (!form.On("timed") || !DateTime.TryParse(form["began"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var began)) return null;
        var length = (clock.GetUtcNow().UtcDateTime - began).TotalSeconds;
        return length is > 0 and < 36_000 ? (int)length : null;
    }
}
