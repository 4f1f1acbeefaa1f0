using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>The settings page of the company: name, address, zone, hours.</summary>
public sealed record CompanyModel(FormState Form, string? NowThere, IReadOnlyList<string> Zones);

/// <summary>Company, zone and business hours.</summary>
static class CompanySettings
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/company", (HttpContext http, House house, TimeProvider clock) => Show(null, house, clock)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/company", Save).Needs(Verb.ManageSettings);
    }

    static IResult Show(FormState? form, House house, TimeProvider clock)
    {
        var shown = form ?? FormState.With(("name", house.Get(HouseSettings.Company)), ("address", house.Get(HouseSettings.Address)), ("zone", house.Get(HouseSettings.Zone)), ("hours", house.Get(HouseSettings.Hours)), ("language", house.Get(HouseSettings.Language)), ("calling-code", CodeShown(house.Get(PeopleSettings.CallingCode))));
        var times = new LocalTimes(house.Get(HouseSettings.Zone), clock.GetUtcNow().UtcDateTime);
        var model = new CompanyModel(shown, times.Clock(times.Now), [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
        return shown.IsValid ? View.Page<CompanyPage>(model) : View.Invalid<CompanyPage>(model);
    }

    static async Task<IResult> Save(HttpContext http, House house, Writer write, TimeProvider clock)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (name, address, zone, hours) = (form.Need("name", 200), form.May("address", 1000), form.Need("zone", 80), form.Need("hours", Calendars.LongestHours));
        var language = form["language"];
        if (zone.Length > 0 && NodaTime.DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null) form.Wrong("zone", Words.ZoneUnknown);
        if (form.Error("hours") is null && WorkingCalendar.FaultOf(hours) is { } fault) form.Wrong("hours", fault);
        if (!Speech.All.Contains(language)) form.Wrong("language", Words.Choose);
        if (CodeOf(form.May("calling-code", 10)) is not { } code) { form.Wrong("calling-code", Words.CallingCodeUnknown); code = ""; }
        if (!form.IsValid) return Show(form, house, clock);
        await write.Run(http.Who(), form.Once, async db =>
        {
            await house.Set(db, HouseSettings.Company, name);
            await house.Set(db, HouseSettings.Address, address ?? "");
            await house.Set(db, HouseSettings.Zone, zone);
            await house.Set(db, HouseSettings.Hours, hours);
            await house.Set(db, HouseSettings.Language, language);
            await house.Set(db, PeopleSettings.CallingCode, code);
        });
        house.Forget();
        return View.Go(http, "/settings/company?saved=1");
    }

    static string CodeShown(string code) => code.Length == 0 ? "" : "+" + code;

    // +49, 0049, 49: the digits; empty for none; null when it is no country's code (one to three digits, none begins with nought).
    static string? CodeOf(string? typed)
    {
        var digits = (typed ?? "").Trim().TrimStart('+');
        if (digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        return digits.Length == 0 ? "" : digits.Length <= 3 && digits[0] != '0' && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
