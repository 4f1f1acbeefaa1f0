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
/// <param name="As">Mailboxes whose sign-in may send.</param>
public sealed record MailOutModel(FormState Form, bool HasPassword, IReadOnlyList<(string Value, string Shown)> As, string? Tested, bool TestGood);

/// <summary>The server that takes our mail, with a test that says in words what is wrong.</summary>
static class MailOut
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-out", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-out", Save).Needs(Verb.ManageSettings);
    }

    static async Task<MailOutModel> Model(Databases databases, House house, FormState form)
    {
        using var db = databases.Open();
        var signed = await (from m in db.Set<Mailbox>() join g in db.Set<MailGrant>() on m.Id equals g.MailboxId where !m.Retired && m.ImapLogin == g.Login orderby m.Address select new { m.Id, m.Address, m.ImapLogin }).ToListAsync();
        return new(form, house.Get(HouseSettings.SmtpPassword).Length > 0, [("", Words.SendAsPassword), .. signed.Select(m => (m.Id.ToString(CultureInfo.InvariantCulture), string.Format(CultureInfo.CurrentCulture, Words.SendAsMailbox, m.Address, MailProvider.Of(m.ImapLogin)?.Name)))], null, false);
    }

    static async Task<IResult> Show(Databases databases, House house) => View.Page<MailOutPage>(await Model(databases, house, FormState.With(("as", house.Get(HouseSettings.SmtpAs) is var mailbox and not 0 ? mailbox : null), ("on", house.Get(HouseSettings.SmtpOn) ? "true" : ""), ("host", house.Get(HouseSettings.SmtpHost)), ("port", house.Get(HouseSettings.SmtpPort)),
        ("security", house.Get(HouseSettings.SmtpSecurity)), ("user", house.Get(HouseSettings.SmtpUser)), ("undo", house.Get(HouseSettings.UndoSend)))));

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write, House house, MailTrust trust, Reach reach, ISendAs sendAs, Throttle throttle, TimeProvider clock)
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
        var mailbox = form.MayId("as", () => Words.ChooseSendAs) ?? 0;
        var model = await Model(databases, house, form);
        if (mailbox != 0 && !model.As.Any(m => m.Value == form["as"])) form.Wrong("as", Words.ChooseSendAs);
        if (mailbox != 0 && security == "none") form.Wrong("security", Words.TokenNeedsTls);
        // A kept password goes to the server and the user that it was given for, and to nobody else.
        var same = host.Equals(house.Get(HouseSettings.SmtpHost), StringComparison.OrdinalIgnoreCase) && user == house.Get(HouseSettings.SmtpUser);
        var kept = house.Get(HouseSettings.SmtpPassword) is { Length: > 0 } one ? one : null;
        if (mailbox == 0 && (on || test) && user.Length > 0 && password.Length == 0 && kept is not null && !same) form.Wrong("password", Words.PasswordAgain);
        if (form.IsValid && test && !MailIn.MayTry(throttle, who)) form.Wrong("", Words.TryTooOften);
        if (!form.IsValid) return View.Invalid<MailOutPage>(model);
        if (test)
        {
            var (good, says) = await Test(who, databases, mailbox, sendAs, new SmtpServer(host, port)
            {
                Security = security switch { "starttls" => MailSecurity.StartTls, "none" => MailSecurity.None, _ => MailSecurity.Tls },
                UserName = user.Length > 0 ? user : null,
                Password = password.Length > 0 ? password : kept,
                TrustedRoot = trust.Root,
                Dial = reach.DialMail,
                Timeout = TimeSpan.FromSeconds(15)
            }, clock, http.RequestAborted);
            return View.Page<MailOutPage>(model with { Tested = says, TestGood = good });
        }
        await write.Run(who, form.Once, async db =>
        {
            await house.Set(db, HouseSettings.SmtpOn, on);
            await house.Set(db, HouseSettings.SmtpHost, host);
            await house.Set(db, HouseSettings.SmtpPort, port);
            await house.Set(db, HouseSettings.SmtpSecurity, security);
            await house.Set(db, HouseSettings.SmtpUser, user);
            await house.Set(db, HouseSettings.UndoSend, undo);
            await house.Set(db, HouseSettings.SmtpAs, mailbox);
            // An empty field keeps the password that stands; without a user there is none.
            if (password.Length > 0) await house.Set(db, HouseSettings.SmtpPassword, password);
            else if ((user.Length == 0 || !same) && house.Get(HouseSettings.SmtpPassword).Length > 0) await house.Set(db, HouseSettings.SmtpPassword, "");
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/mail-out");
    }

    // A real message to the one who asks, from the address that customers would see.
    static async Task<(bool Good, string Says)> Test(Who who, Databases databases, long mailbox, ISendAs sendAs, SmtpServer server, TimeProvider clock, CancellationToken stop)
    {
        using var db = databases.Open();
        var mine = await db.Set<Colleague>().Where(c => c.Id == who.Id).Select(c => c.Address).FirstOrDefaultAsync(stop);
        var box = await db.Set<Mailbox>().Where(m => !m.Retired).OrderBy(m => m.Id).Select(m => m.Address).FirstOrDefaultAsync(stop) ?? await db.Set<Brand>().Where(b => b.Address != null).Select(b => b.Address).FirstOrDefaultAsync(stop);
        if (box is null) return (false, Words.NoSenderAddress);
        if (!Amends.Mail.Mailbox.TryParse(mine, out var to)) return (false, Words.TestNoAddress);
        var draft = new MailDraft { From = new Amends.Mail.Mailbox(box), Subject = Words.TestSubject, Date = clock.GetUtcNow(), Text = Words.TestText };
        AutomaticMail.Mark(draft, AutomaticKind.Letter);
        draft.To.Add(to);
        try { server = await SendMail.SignedIn(server, mailbox, sendAs, stop); }
        catch (NoToken why) { return (false, why.Message); }
        var outcome = await new SmtpSubmission(server, clock).SendAsync(draft.From, [to], draft.Write(), stop);
        var said = outcome.Recipients[0];
        return said.State == Amends.Mail.RecipientState.Accepted ? (true, string.Format(CultureInfo.CurrentCulture, Words.TestGood, to.Address)) : (false, Why(server, said));
    }

    // What went wrong, and the way to mend it.
    static string Why(SmtpServer server, RecipientOutcome said)
    {
        var text = said.Text;
        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        var advice = said.Code == 0 && Has(new OutOfReach().Message) ? MailTroubles.Remedy(MailTrouble.OutOfReach)
            : said.Code is 535 or 534 or 530 || Has("sign in") || Has("auth") ? Words.TestWhySignIn
            : Has("TLS") || Has("certificate") ? Words.TestWhyTls
            : Has("refused") && said.Code == 0 || Has("No such host") || Has("Name or service") || Has("resolve") ? Words.TestWhyHost
            : Has("in time") ? Words.TestWhyTime
            : said.Code is 550 or 551 or 553 or 554 ? Words.TestWhyRelay : Words.TestWhyOther;
        return string.Format(CultureInfo.CurrentCulture, Words.TestBad, server.Host, server.Port, (said.Code == 0 ? text : $"{said.Code} {text}").TrimEnd('.', ' '), advice);
    }
}
