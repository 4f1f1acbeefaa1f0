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

/// <summary>The bar above the composer: all that is needed to call.</summary>
/// <param name="Numbers">As shown, and for a link.</param>
public sealed record CallBarModel(string Case, string Customer, IReadOnlyList<(string Shown, string Tel)> Numbers, bool Good, string Now, string? Language, CallScript Script, bool May);

/// <summary>The form of a reason not to call.</summary>
public sealed record DeclineCallModel(FormState Form, string Case, string Customer);

/// <summary>The rule of three on a case: <em>pick up the phone</em>, or decline with a reason.</summary>
static class PickUpThePhone
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/call-declined", Show).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/call-declined", Decline).Needs(Verb.WorkCases);
    }

    /// <summary>The bar; asks for nothing where no call is proposed.</summary>
    public static async Task<Piece?> Bar(CaseAsked asked)
    {
        var one = asked.Case;
        if (one.PhoneSince is null || !one.IsOpen || one.DeletedAt is not null) return null;
        var (customer, house) = (asked.Customer, asked.Services.GetRequiredService<House>());
        // Said since then that it shall be in writing.
        if (WritingOnly.Of(customer.Prefers, customer.Needs)) return null;
        var now = asked.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var zone = customer.Zone ?? house.Get(HouseSettings.Zone);
        var next = CallTimes.Next(now, asked.Services.GetRequiredService<TargetBook>().CalendarOf(one.BrandId).Calendar, zone);
        var contacts = (asked.Read.GetValueOrDefault(nameof(Contact)) as List<Contact>) ?? [];
        var ids = asked.CaseIds.ToList();
        var promises = await asked.Db.Set<Promise>().AsNoTracking().Where(p => ids.Contains(p.CaseId) && p.State == PromiseState.Open).ToListAsync();
        var officer = await Officers.For(asked.Db, one, house, now);
        var numbers = customer.Addresses.Where(a => a.Kind == AddressKind.Phone).OrderBy(a => a.Id).Select(a => (a.Shown, Tel: CallBacks.Tel(a.Shown) ?? "")).Where(a => a.Tel.Length > 0).Take(5).ToList();
        return new Piece(typeof(CallBar), new CallBarModel(one.Number.ToString(CultureInfo.InvariantCulture), customer.Name, numbers, next == now, CallTimes.Says(now, next, zone, new LocalTimes(asked.Who.Zone, now)),
            customer.Language is { } language ? Languages.NameOf(language) : null, CallScript.Of(one, contacts, promises, customer.Language, asked.Who.Name, officer?.Name, house), Visibility.MayDo(asked.Who, Verb.WorkCases, one)));
    }

    static async Task<DeclineCallModel> Model(long number, HttpContext http, Databases databases, FormState form)
    {
        using var db = databases.Open();
        var one = await db.FindCase(http.Who(), number);
        if (one.PhoneSince is null) throw new NotThere();
        return new(form, number.ToString(CultureInfo.InvariantCulture), await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Name).FirstAsync());
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases) => View.Page<DeclineCallPage>(await Model(number, http, databases, FormState.With(("why", "writing"))));

    static async Task<IResult> Decline(long number, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        CallAdviceEnd? how = form["why"] switch { "writing" => CallAdviceEnd.WritingOnly, "number" => CallAdviceEnd.NoNumber, "other" => CallAdviceEnd.Other, _ => null };
        if (how is null) form.Wrong("why", Words.ChooseWhy);
        var said = CallBacks.Clean(how == CallAdviceEnd.Other ? form.Need("text", 300, () => Words.SayWhy) : form.May("text", 300));
        if (how == CallAdviceEnd.Other && said is null) form.Wrong("text", Words.SayWhy);
        if (!form.IsValid) return View.Invalid<DeclineCallPage>(await Model(number, http, databases, form));
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null);
            // Twice, or called meanwhile: it is over.
            one.EndCallAdvice(how!.Value, said, db.At);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }
}
