using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Contacts;

/// <summary>How much mail one sender may send, and how much the house sends by itself.</summary>
public sealed record MailLimitsModel(FormState Form);

/// <summary><c>/settings/mail-limits</c>.</summary>
static class MailLimitsSettings
{
    static readonly (string Field, SettingName<int> Name, int Least, int Most)[] all = [("most", SenderLoad.Most, 10, 1_000_000), ("megabytes", SenderLoad.MostMegabytes, 50, 1_000_000), ("automatic", AutomaticMail.Most, 1, 100_000)];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-limits", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-limits", Save).Needs(Verb.ManageSettings);
    }

    static IResult Show(House house) => View.Page<MailLimitsPage>(new MailLimitsModel(FormState.With([.. all.Select(a => (a.Field, (object?)house.Get(a.Name)))])));

    static async Task<IResult> Save(HttpContext http, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var values = new List<(SettingName<int> Name, int Value)>();
        foreach (var (field, name, least, most) in all)
        {
            if (int.TryParse(form[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) values.Add((name, value));
            else form.Wrong(field, string.Format(CultureInfo.CurrentCulture, Words.LimitWrong, least, most));
        }
        if (!form.IsValid) return View.Invalid<MailLimitsPage>(new MailLimitsModel(form));
        await write.Run(http.Who(), form.Once, async db =>
        {
            foreach (var (name, value) in values) await house.Set(db, name, value);
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/mail-limits");
    }
}
