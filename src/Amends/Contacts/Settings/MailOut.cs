using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The settings of mail out, and what a test said.</summary>
public sealed record MailOutModel(FormState Form, bool HasPassword, string? Tested, bool TestGood);

/// <summary>The server that takes our mail, with a test that says in words what is wrong.</summary>
static class MailOut
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-out", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-out", Save).Needs(Verb.ManageSettings);
    }

    static MailOutModel Model(House house, FormState form) => new(form, house.Get(HouseSettings.SmtpPassword).Length > 0, null, false);

    static IResult Show(House house) => View.Page<MailOutPage>(Model(house, FormState.With(("on", house.Get(HouseSettings.SmtpOn) ? "true" : ""), ("host", house.Get(HouseSettings.SmtpHost)), ("port", house.Get(HouseSettings.SmtpPort)),
        ("security", house.Get(HouseSettings.SmtpSecurity)), ("user", house.Get(HouseSettings.SmtpUser)), ("undo", house.Get(HouseSettings.UndoSend)))));

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write, House house, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var on = form.On("on");
        var test = form["do"] == "test";
        var host = on || test ? form.Need("host", 255) : form.May("host", 255) ?? "";
        var security = form["security"] is "starttls" or "none" ? form["security"] : "tls";
        if (!int.TryParse(form["port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) form.Wrong("port", Words.PortWrong);
        if (!int.TryParse(form["undo"], NumberStyles.None, CultureInfo.InvariantCulture, out var undo) || undo > 600) form.Wrong("undo", Words.UndoWrong);
        if (host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) form.Wrong("host", Words.HostWrong);
        var user = form.May("user", 320) ?? "";
        var password = form["password"];
        if (!form.IsValid) return View.Invalid<MailOutPage>(Model(house, form));
        if (test)
        {
            var (good, says) = await Test(who, databases, house, new SmtpServer(host, port)
            {
                Security = security switch { "starttls" => MailSecurity.StartTls, "none" => MailSecurity.None, _ => MailSecurity.Tls },
                UserName = user.Length > 0 ? user : null,
                Password = password.Length > 0 ? password : house.Get(HouseSettings.SmtpPassword) is { Length: > 0 } kept ? kept : null,
                Timeout = TimeSpan.FromSeconds(15)
            }, clock, http.RequestAborted);
            return View.Page<MailOutPage>(Model(house, form) with { Tested = says, TestGood = good });
        }
        await write.Run(who, form.Once, async db =>
        {
            await house.Set(db, HouseSettings.SmtpOn, on);
            await house.Set(db, HouseSettings.SmtpHost, host);
            await house.Set(db, HouseSettings.SmtpPort, port);
            await house.Set(db, HouseSettings.SmtpSecurity, security);
            await house.Set(db, HouseSettings.SmtpUser, user);
            await house.Set(db, HouseSettings.UndoSend, undo);
            // An empty field keeps the password that stands; without a user there is none.
            if (password.Length > 0) await house.Set(db, HouseSettings.SmtpPassword, password);
            else if (user.Length == 0 && house.Get(HouseSettings.SmtpPassword).Length > 0) await house.Set(db, HouseSettings.SmtpPassword, "");
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/mail-out");
    }

    // A real message to the one who asks, from the address that customers would see.
    static async Task<(bool Good, string Says)> Test(Who who, Databases databases, House house, SmtpServer server, TimeProvider clock, CancellationToken stop)
    {
        using var db = databases.Open();
        var mine = await db.Set<Colleague>().Where(c => c.Id == who.Id).Select(c => c.Address).FirstOrDefaultAsync(stop);
        var box = await db.Set<Mailbox>().Where(m => !m.Retired).OrderBy(m => m.Id).Select(m => m.Address).FirstOrDefaultAsync(stop) ?? await db.Set<Brand>().Where(b => b.Address != null).Select(b => b.Address).FirstOrDefaultAsync(stop);
        if (box is null) return (false, Words.NoSenderAddress);
        if (!Amends.Mail.Mailbox.TryParse(mine, out var to)) return (false, Words.TestNoAddress);
        var draft = new MailDraft { From = new Amends.Mail.Mailbox(box), Subject = Words.TestSubject, Date = clock.GetUtcNow(), AutoSubmitted = "auto-generated", Text = Words.TestText };
        draft.To.Add(to);
        var outcome = await new SmtpSubmission(server, clock).SendAsync(draft.From, [to], draft.Write(), stop);
        var said = outcome.Recipients[0];
        return said.State == Amends.Mail.RecipientState.Accepted ? (true, string.Format(CultureInfo.CurrentCulture, Words.TestGood, to.Address)) : (false, Why(server, said));
    }

    // What went wrong, and the way to mend it.
    static string Why(SmtpServer server, RecipientOutcome said)
    {
        var text = said.Text;
        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        var advice = said.Code is 535 or 534 or 530 || Has("sign in") || Has("auth") ? Words.TestWhySignIn
            : Has("TLS") || Has("certificate") ? Words.TestWhyTls
            : Has("refused") && said.Code == 0 || Has("No such host") || Has("Name or service") || Has("resolve") ? Words.TestWhyHost
            : Has("in time") ? Words.TestWhyTime
            : said.Code is 550 or 551 or 553 or 554 ? Words.TestWhyRelay : Words.TestWhyOther;
        return string.Format(CultureInfo.CurrentCulture, Words.TestBad, server.Host, server.Port, said.Code == 0 ? text : $"{said.Code} {text}", advice);
    }
}
