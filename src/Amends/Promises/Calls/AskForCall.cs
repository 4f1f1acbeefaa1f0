using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>The form in which a customer asks for a call.</summary>
/// <param name="Asked">One is open already.</param>
public sealed record AskForCallModel(FormState Form, string Path, bool Asked, string Clock);

/// <summary>The quiet link on the customer's page.</summary>
public sealed record AskForCallLinkModel(string Path);

/// <summary>
/// <c>/c/{token}/call</c>: a customer asks for a call by a person with authority, where the house has switched it on. One at a time for a case, three in thirty days,
/// ten tries an hour for a link. The number that we know is not shown: a link may have been passed on.
/// </summary>
static class AskForCall
{
    static readonly TimeSpan Span = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder app)
    {
        const string why = "a customer's page, opened by the token in its address";
        app.MapGet("/c/{token}/call", Show).Public(why).ForCustomers(CustomerLink.LanguageOf);
        app.MapPost("/c/{token}/call", Ask).Public(why).ForCustomers(CustomerLink.LanguageOf);
    }

    /// <summary>The link, where it may be asked for and somebody is there.</summary>
    public static Func<LetterAsked, Task<Piece?>> Link(House house, TimeProvider clock) => async asked =>
        house.Get(Officers.Ask) && asked.Case.State != CaseState.Closed && !await Officers.IsAsked(asked.Db, asked.Case.Id) && await Officers.For(asked.Db, asked.Case, house, clock.GetUtcNow().UtcDateTime) is not null
            ? new Piece(typeof(AskForCallLink), new AskForCallLinkModel(asked.Path + "/call")) : null;

    static async Task<CustomerLink.Found> Find(HttpContext http, Database db, string token, House house, TimeProvider clock)
    {
        if (!house.Get(Officers.Ask)) throw new NotThere();
        var found = await CustomerLink.Find(http, db, token, house, clock);
        return found.AsReporter || found.Case.State == CaseState.Closed || found.Case.SpamAt is not null || await Officers.For(db, found.Case, house, clock.GetUtcNow().UtcDateTime) is null ? throw new NotThere() : found;
    }

    static AskForCallModel Model(string token, House house, bool asked, FormState form) => new(form, $"/c/{token}", asked, string.Format(CultureInfo.CurrentCulture, house.Get(Officers.Hours) == 1 ? Words.CustomerClockOne : Words.CustomerClock, house.Get(Officers.Hours)));

    static async Task<IResult> Show(string token, HttpContext http, Databases databases, House house, TimeProvider clock)
    {
        using var db = databases.Open();
        var found = await Find(http, db, token, house, clock);
        return View.Page<AskForCallPage>(Model(token, house, await Officers.IsAsked(db, found.Case.Id), FormState.With()));
    }

    static async Task<IResult> Ask(string token, HttpContext http, Databases databases, Writer write, Intake intake, House house, Throttle throttle, TimeProvider clock)
    {
        CustomerLink.Found found;
        string? name, language;
        bool asked, known;
        using (var db = databases.Open())
        {
            found = await Find(http, db, token, house, clock);
            var customer = await db.Set<Customer>().Where(c => c.Id == found.Letter.CustomerId).Select(c => new { c.Name, c.Language }).FirstOrDefaultAsync();
            (name, language) = (customer?.Name, customer?.Language);
            known = await db.Set<CustomerAddress>().AnyAsync(a => a.CustomerId == found.Letter.CustomerId && a.Kind == AddressKind.Phone);
            asked = await Officers.IsAsked(db, found.Case.Id);
        }
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var phone = CallBacks.Number(form, needed: !known);
        var (from, until) = CallTimes.Read(form);
        var about = CallBacks.Clean(form.May("about", 500));
        if (form.IsValid && !throttle.Take("call " + found.Letter.Id.ToString(CultureInfo.InvariantCulture), 10, TimeSpan.FromHours(1))) form.Wrong("", Words.AskedTooOften);
        if (!form.IsValid) return View.Invalid<AskForCallPage>(Model(token, house, asked, form));
        try
        {
            await write.Run(CustomerLink.Customer(found, name), form.Once, async db =>
            {
                var one = await db.LoadCase(Who.House("case link"), found.Case.Number, null);
                if (await Officers.IsAsked(db, one.Id)) throw new Refused("", Words.CustomerAskedAlready);
                var since = db.At - Span;
                if (await db.Set<CallBack>().CountAsync(c => c.CaseId == one.Id && c.ByCustomer && c.MadeAt >= since) >= Officers.MostAsked) throw new Refused("", Words.AskedTooOften);
                // What he asks is a contact of his, and opens what was done.
                var span = CallTimes.Span(from, until);
                var text = string.Join("\n", new[] { Words.AskedText, phone is null ? null : string.Format(CultureInfo.CurrentCulture, Words.AskedNumber, phone), span is null ? null : string.Format(CultureInfo.CurrentCulture, Words.AskedHours, span), about }.OfType<string>());
                var spoken = Speech.Now;
                await intake.Take(db, new IncomingContact { Channel = Channel.Portal, At = db.At, CustomerId = found.Letter.CustomerId, CaseId = one.Id, Why = WhyHere.Link, FromName = name, Text = text, BrandId = one.BrandId, TeamId = one.TeamId });
                var number = phone ?? await db.Set<CustomerAddress>().Where(a => a.CustomerId == found.Letter.CustomerId && a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync();
                // The promise is for colleagues: in the house's language.
                Speech.Speak(house.Get(HouseSettings.Language));
                await Officers.AskFor(db, one, Who.House("case link"), house, http.RequestServices.GetRequiredService<TargetBook>(), byCustomer: true, id => new CallBack
                {
                    PromiseId = id,
                    CaseId = one.Id,
                    Number = number,
                    FromMinute = from,
                    UntilMinute = until,
                    Language = language ?? spoken,
                    Script = about,
                    ByOfficer = true,
                    ByCustomer = true,
                    MadeAt = db.At
                });
                one.Touch(db.At);
            }, http.RequestAborted);
        }
        catch (Refused no)
        {
            Speech.Again(http);
            return View.Invalid<AskForCallPage>(Model(token, house, asked, form.Wrong("", no.Message)));
        }
        return View.Go(http, $"/c/{token}");
    }
}
