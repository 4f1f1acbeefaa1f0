using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>The form of a promised call.</summary>
/// <param name="Zone">Whose time it is said in, in words.</param>
/// <param name="Officer">Who would call with authority, or null where nobody is named.</param>
public sealed record PromiseCallModel(FormState Form, string Number, string Customer, string Zone, string Now, bool Good, IReadOnlyList<(string Value, string Shown)> Languages, IReadOnlyList<(string Value, string Shown)> Keepers, string? Officer, string OfficerClock);

/// <summary><c>/cases/{number}/call-back</c>: a call is promised, with all that is needed to keep it.</summary>
static class PromiseCall
{
    /// <summary>Characters of a script.</summary>
    public const int MostScript = 4000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/cases/{number:long}/call-back", Show).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/call-back", Make).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Show(long number, HttpContext http, Databases databases, House house, TimeProvider clock) => View.Page<PromiseCallPage>(await Model(number, http, databases, house, clock, null));

    static async Task<PromiseCallModel> Model(long number, HttpContext http, Databases databases, House house, TimeProvider clock, FormState? typed)
    {
        var who = http.Who();
        using var db = databases.Open();
        var one = await db.FindCase(who, number);
        var now = clock.GetUtcNow().UtcDateTime;
        var name = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Name).FirstAsync();
        var whom = (await CallBacks.Customers(db, [one.CustomerId], house))[one.CustomerId];
        var calendar = http.RequestServices.GetRequiredService<TargetBook>().CalendarOf(one.BrandId).Calendar;
        var officer = await Officers.For(db, one, house, now);
        var next = CallTimes.Next(now, calendar, whom.Zone);
        var form = typed ?? FormState.With(("number", whom.Number), ("due", Contacts.Times.Field(CallBacks.Again(now, calendar, whom.Zone, null), whom.Zone)), ("language", whom.Language ?? house.Get(HouseSettings.Language)),
            ("script", (await CallScript.Read(db, one, whom.Language, who.Name, officer?.Name, house)).Text));
        return new(form, number.ToString(CultureInfo.InvariantCulture), name, string.Format(CultureInfo.CurrentCulture, Words.DueIn, Contacts.Times.Place(whom.Zone)), CallTimes.Says(now, next, whom.Zone, new LocalTimes(who.Zone, now)), next == now,
            People.Languages.All, await MakePromise.Keepers(http, db, one, null), officer?.Name, string.Format(CultureInfo.CurrentCulture, Words.OfficerClock, house.Get(Officers.Hours)));
    }

    static async Task<IResult> Make(long number, HttpContext http, Databases databases, Writer write, House house, TargetBook targets, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var officer = form.On("officer");
        var phone = CallBacks.Number(form, needed: true);
        var (from, until) = CallTimes.Read(form);
        var due = officer ? null : MakePromise.Due(form);
        if (due is { } at && from is { } f && until is { } u && (at.TimeOfDay.TotalMinutes < f || at.TimeOfDay.TotalMinutes > u)) form.Wrong("due", Words.DueOutside);
        var language = form.May("language", 2);
        if (language is not null && !Languages.Knows(language)) form.Wrong("language", Words.NoLanguage);
        var script = CallBacks.Clean(form.May("script", MostScript));
        var keeper = form.MayId("keeper", () => Promises.Words.KeeperGone);
        if (!form.IsValid) return View.Invalid<PromiseCallPage>(await Model(number, http, databases, house, clock, form));
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var one = await db.LoadCase(who, number, null);
                if (!one.IsOpen) throw new Refused("", Promises.Words.CaseIsDone);
                CallBack Row(long promise, bool byOfficer) => new() { PromiseId = promise, CaseId = one.Id, Number = phone, FromMinute = from, UntilMinute = until, Language = language, Script = script, ByOfficer = byOfficer, MadeAt = db.At };
                if (officer) await Officers.AskFor(db, one, who, house, targets, byCustomer: false, id => Row(id, true));
                else
                {
                    var zone = (await CallBacks.Customers(db, [one.CustomerId], house))[one.CustomerId].Zone;
                    var promise = await Promising.Make(db, one, new PromiseDraft(PromiseKind.Call, null, due!.Value, zone, keeper), who, house);
                    CallBacks.Plan(db, one, promise, Row(promise.Id, false));
                }
                one.Touch(db.At);
            }, http.RequestAborted);
        }
        catch (Refused no) { return View.Invalid<PromiseCallPage>(await Model(number, http, databases, house, clock, form.Wrong(no))); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }
}
