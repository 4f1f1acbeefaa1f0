using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The form of a case that a colleague makes.</summary>
public sealed record NewCaseModel(FormState Form, FoundPeople Found, IReadOnlyList<(string Value, string Shown)> Teams, IReadOnlyList<(string Value, string Shown)> Owners, IReadOnlyList<(string Value, string Shown)> Brands,
    IReadOnlyList<(string Value, string Shown)> Kinds, IReadOnlyList<(string Value, string Shown)> Severities, IReadOnlyList<(string Value, string Shown)> Ways);

/// <summary>A case by a colleague: what was told at the counter, by phone, on paper; or a first mail of ours, which then lies in the composer ready to be sent.</summary>
static class NewCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/new", Show).Needs(Verb.WorkCases);
        app.MapPost("/cases/new", Make).Needs(Verb.WorkCases);
    }

    static async Task<NewCaseModel> Model(Database db, Who who, FormState form) => new(form, await LogCall.People(db, who, form["q"], form["customer"], "", cases: false) with { Wrong = form.Error("customer") }, await LogCall.TeamsOf(db, who),
        [("", Words.NobodyYetOption), .. (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).ToListAsync()).OrderByDescending(c => c.Id == who.Id).Select(c => (c.Id.ToString(CultureInfo.InvariantCulture), c.Name))],
        [.. (await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Name).Select(b => new { b.Id, b.Name }).ToListAsync()).Select(b => (b.Id.ToString(CultureInfo.InvariantCulture), b.Name))],
        [("0", Words.KindQuestion), ("1", Words.KindFailure), ("2", Words.KindComplaint), ("3", Words.KindRequest)], [("1", Words.SeverityMinor), ("0", Words.SeverityNormal), ("2", Words.SeveritySerious), ("3", Words.SeverityCritical)],
        [("counter", Words.WayCounter), ("phone", Words.WayPhone), ("mail", Words.WayMail), ("out", Words.WayOut)]);

    static async Task<IResult> Show(HttpContext http, Databases databases, string? customer)
    {
        var who = http.Who();
        using var db = databases.Open();
        return View.Page<NewCasePage>(await Model(db, who, FormState.With(("owner", who.Id), ("severity", "0"), ("kind", "0"), ("way", "counter"), ("customer", customer))));
    }

    static async Task<IResult> Make(HttpContext http, Databases databases, Writer write, Intake intake, CaseSearch search, TargetBook targets)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var subject = form.Need("subject", 300);
        var text = form.Need("text", 50_000);
        var name = form.May("name", 200);
        var address = form.May("address", 320);
        var customer = form.MayId("customer", () => Words.NoSuchCustomer);
        var (chosenBrand, owner) = (form.MayId("brand", () => Words.ChooseBrand), form.MayId("owner", () => Words.ChooseOwner));
        // Whoever may not look at people chooses none by an id: the case would show whom it belongs to.
        if (customer is not null && !who.Can(Verb.SeePeople)) form.Wrong("customer", Foundation.Web.Words.NotAllowed);
        var outgoing = form["way"] == "out";
        // A first mail of ours goes to the customer himself.
        var others = !outgoing && form["whom"] == "other";
        var (forName, forAddress) = others ? (form.Need("for-name", 200, () => Words.AskForWhomMissing), form.May("for-address", 320)) : (null, null);
        if (forAddress is not null && CustomerAddresses.Read(forAddress) is not { Kind: AddressKind.Mail or AddressKind.Phone }) form.Wrong("for-address", Words.AskForAddressWrong);
        if (customer is null && name is null && address is null) form.Wrong("name", Words.WhoIsIt);
        if (address is not null && CustomerAddresses.Read(address) is not { Kind: AddressKind.Mail or AddressKind.Phone }) form.Wrong("address", Words.AskForAddressWrong);
        if (outgoing && !who.Can(Verb.ReplyToCases)) form.Wrong("way", Foundation.Web.Words.NotAllowed);
        if (!Enum.TryParse<CaseKind>(form["kind"], out var kind) || !Enum.IsDefined(kind)) kind = CaseKind.Question;
        if (!Enum.TryParse<Severity>(form["severity"], out var severity) || !Enum.IsDefined(severity)) severity = Severity.Normal;
        if (!form.IsValid) return await Again(http, databases, form);
        try
        {
            var number = await write.Run(who, form.Once, async db =>
            {
                if (form.Id("team") is not { } team || !await db.Set<Team>().AnyAsync(t => t.Id == team && !t.Retired)) throw new Refused("team", Words.ChooseTeam);
                if (owner is { } o && !await db.Set<Colleague>().AnyAsync(c => c.Id == o && c.State == ColleagueState.Active)) throw new Refused("owner", Words.ChooseOwner);
                if (chosenBrand is { } b && !await db.Set<Brand>().AnyAsync(x => x.Id == b)) throw new Refused("brand", Words.ChooseBrand);
                if (customer is { } c && !await db.Standing().AnyAsync(x => x.Id == c)) throw new Refused("customer", Words.NoSuchCustomer);
                var brand = chosenBrand ?? await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Id).Select(b => b.Id).FirstAsync();
                var person = customer ?? (address is not null ? (await Customers.FindOrMake(db, name, address)).Customer.Id : (await Customers.Make(db, name, [])).Id);
                // A person who was made just now is seen only once saved.
                await db.SaveChangesAsync();
                if (outgoing) return await WithDraft(db, targets, search, who, person, brand, team, owner, subject, text, kind, severity);
                return (await intake.Take(db, new IncomingContact
                {
                    Channel = form["way"] switch { "phone" => Channel.Phone, "mail" => Channel.Mail, _ => Channel.Counter },
                    At = db.At,
                    CustomerId = person,
                    ForName = forName,
                    ForAddress = forAddress,
                    Subject = subject,
                    Text = text,
                    ColleagueId = who.Id,
                    BrandId = brand,
                    TeamId = team,
                    OwnerId = owner,
                    Kind = kind,
                    Severity = severity
                })).CaseNumber;
            }, http.RequestAborted);
            return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}{(outgoing ? "/reply" : "")}"));
        }
        catch (Refused no) { return await Again(http, databases, form.Wrong(no)); }
    }

    static async Task<long> WithDraft(Database db, TargetBook targets, CaseSearch search, Who who, long customer, long brand, long team, long? owner, string subject, string text, CaseKind kind, Severity severity)
    {
        var organisation = await db.Set<Membership>().Where(m => m.CustomerId == customer).Select(m => (long?)m.OrganisationId).FirstOrDefaultAsync();
        var one = new Case
        {
            Id = db.Ids!.Next(),
            Number = await db.NextNumber("case", 1001),
            Subject = subject,
            HeardBy = Channel.Desk,
            HeardAt = db.At,
            CustomerId = customer,
            OrganisationId = organisation,
            BrandId = brand,
            TeamId = team,
            OwnerId = owner,
            OwnedAt = owner is null ? null : db.At,
            Kind = kind,
            Severity = severity,
            LastContactAt = db.At
        };
        targets.First(one);
        one.Hear(db.At);
        db.Add(one);
        var to = await db.Set<CustomerAddress>().Where(a => a.CustomerId == customer && a.Kind == AddressKind.Mail).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync();
        db.Add(new Draft { CaseId = one.Id, ColleagueId = who.Id, Text = text, To = to, At = db.At });
        await search.Index(db, one);
        return one.Number;
    }

    static async Task<IResult> Again(HttpContext http, Databases databases, FormState form)
    {
        using var db = databases.Open();
        return View.Invalid<NewCasePage>(await Model(db, http.Who(), form));
    }
}
