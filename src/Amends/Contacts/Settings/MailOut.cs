using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation;
using Amends.Foundation.Blobs;
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
public sealed record MailOutModel(FormState Form, bool HasPassword, IReadOnlyList<(string Value, string Shown)> As, string? Tested, bool TestGood)
{
    /// <summary>What lies in the Outbox and went nowhere, where mail does not go out now; null for nothing.</summary>
    public KeptBack? Kept { get; init; }

    /// <summary>The server was tried before saving and something is wrong: it can be saved all the same.</summary>
    public bool MaySaveAnyway { get; init; }

    /// <summary>The password that was typed, sealed for this server and user, so that it need not be typed again; null for none.</summary>
    public string? Typed { get; init; }

    /// <summary>What may be connected to besides public servers.</summary>
    public string Inner { get; init; } = "";
}

/// <summary>Mail that was kept back: laid into the Outbox while none went out.</summary>
/// <param name="Oldest">The day of the oldest, in words.</param>
/// <param name="Automatic">How many of them the house wrote by itself.</param>
/// <param name="Scheduled">How many more go at a time of their own.</param>
public sealed record KeptBack(int Count, string Oldest, int Automatic, int Scheduled);

/// <summary>The server that takes our mail, with a test that says in words what is wrong.</summary>
static class MailOut
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-out", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-out", Save).Needs(Verb.ManageSettings);
    }

    static async Task<MailOutModel> Model(Databases databases, House house, FormState form, Who who, TimeProvider clock)
    {
        using var db = databases.Open();
        var signed = await (from m in db.Set<Mailbox>() join g in db.Set<MailGrant>() on m.Id equals g.MailboxId where !m.Retired && m.ImapLogin == g.Login orderby m.Address select new { m.Id, m.Address, m.ImapLogin }).ToListAsync();
        var kept = house.Get(HouseSettings.SmtpOn) ? null : await Kept(db, who, clock.GetUtcNow().UtcDateTime);
        return new(form, house.Get(HouseSettings.SmtpPassword).Length > 0, [("", Words.SendAsPassword), .. signed.Select(m => (m.Id.ToString(CultureInfo.InvariantCulture), string.Format(CultureInfo.CurrentCulture, Words.SendAsMailbox, m.Address, MailProvider.Of(m.ImapLogin)?.Name)))], null, false) { Kept = kept, Inner = house.Get(HouseSettings.Inner) };
    }

    // No server has ever said a word about it.
    static IQueryable<OutgoingMail> KeptBack(Database db) => db.Set<OutgoingMail>().Where(m => m.State == OutgoingState.Sent && !m.Recipients.Any(r => r.Code != null));

    static async Task<KeptBack?> Kept(Database db, Who who, DateTime now)
    {
        var found = await KeptBack(db).GroupBy(m => 1).Select(g => new { Count = g.Count(), Oldest = g.Min(m => m.QueuedAt), Automatic = g.Count(m => m.Automatic != null) }).FirstOrDefaultAsync();
        return found is null ? null : new(found.Count, Dates.Year(Times.In(found.Oldest, who.Zone)), found.Automatic, await db.Set<OutgoingMail>().CountAsync(m => m.State == OutgoingState.Queued && m.SendAt > now));
    }

    // Some at a time: each goes as if a person had pressed the button beside it.
    static async Task SendKept(Writer write, Who who, DateTime? since, CancellationToken stop)
    {
        for (var after = 0L; ;)
        {
            var from = after;
            after = await write.Run(who, null, async db =>
            {
                var some = await KeptBack(db).AsTracking().Include(m => m.Recipients).Where(m => m.Id > from && (since == null || m.QueuedAt >= since)).OrderBy(m => m.Id).Take(MostAtOnce).ToListAsync(stop);
                foreach (var mail in some)
                {
                    mail.Retry(db.At);
                    await SendMail.EnqueueAgain(db, mail.Id);
                }
                return some.Count == 0 ? 0 : some[^1].Id;
            }, stop);
            if (after == 0) return;
        }
    }

    const int MostAtOnce = 100;

    const string TypedPurpose = "mail out typed";

    static readonly TimeSpan TypedFor = TimeSpan.FromMinutes(30);

    // For the server and the user that it was typed for, and not for ever.
    static string Seal(HouseKey key, string host, string user, string password, DateTime now) =>
        Base64Url.EncodeToString(key.Seal(TypedPurpose, Encoding.UTF8.GetBytes(string.Join('\n', (now + TypedFor).Ticks.ToString(CultureInfo.InvariantCulture), host, user, password))));

    static string? Open(HouseKey key, string typed, string host, string user, DateTime now)
    {
        if (typed.Length is 0 or > 8000 || !Base64Url.IsValid(typed)) return null;
        try
        {
            var parts = Encoding.UTF8.GetString(key.Open(TypedPurpose, Base64Url.DecodeFromChars(typed))).Split('\n', 4);
            return parts.Length == 4 && long.Parse(parts[0], CultureInfo.InvariantCulture) > now.Ticks && parts[1].Equals(host, StringComparison.OrdinalIgnoreCase) && parts[2] == user ? parts[3] : null;
        }
        catch (CryptographicException) { return null; }
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, House house, TimeProvider clock) => View.Page<MailOutPage>(await Model(databases, house, FormState.With(("as", house.Get(HouseSettings.SmtpAs) is var mailbox and not 0 ? mailbox : null), ("on", house.Get(HouseSettings.SmtpOn) ? "true" : ""), ("host", house.Get(HouseSettings.SmtpHost)), ("port", house.Get(HouseSettings.SmtpPort)),
        ("security", house.Get(HouseSettings.SmtpSecurity)), ("user", house.Get(HouseSettings.SmtpUser)), ("undo", house.Get(HouseSettings.UndoSend))), http.Who(), clock));

    static async Task<IResult> Save(HttpContext http, Databases databases, Writer write, House house, MailTrust trust, Reach reach, ISendAs sendAs, Throttle throttle, HouseKey key, TimeProvider clock)
    {
        var (who, now) = (http.Who(), clock.GetUtcNow().UtcDateTime);
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var on = form.On("on");
        var test = form["do"] == "test";
        var host = on || test ? form.Need("host", 255) : form.May("host", 255) ?? "";
        var security = form["security"] is "starttls" or "none" ? form["security"] : "tls";
        if (!int.TryParse(form["port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) form.Wrong("port", Words.PortWrong);
        if (!int.TryParse(form["undo"], NumberStyles.None, CultureInfo.InvariantCulture, out var undo) || undo > 600) form.Wrong("undo", Words.UndoWrong);
        if (host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) form.Wrong("host", Words.HostWrong);
        var user = form.May("user", 320) ?? "";
        var password = form["password"].Length > 0 ? form["password"] : Open(key, form["typed"], host, user, now) ?? "";
        var mailbox = form.MayId("as", () => Words.ChooseSendAs) ?? 0;
        var model = (await Model(databases, house, form, who, clock)) with { Typed = password.Length > 0 ? Seal(key, host, user, password, now) : null };
        if (mailbox != 0 && !model.As.Any(m => m.Value == form["as"])) form.Wrong("as", Words.ChooseSendAs);
        if (mailbox != 0 && security == "none") form.Wrong("security", Words.TokenNeedsTls);
        // A kept password goes to the server and the user that it was given for, and to nobody else.
        var same = host.Equals(house.Get(HouseSettings.SmtpHost), StringComparison.OrdinalIgnoreCase) && user == house.Get(HouseSettings.SmtpUser);
        var kept = house.Get(HouseSettings.SmtpPassword) is { Length: > 0 } one ? one : null;
        if (mailbox == 0 && (on || test) && user.Length > 0 && password.Length == 0 && kept is not null && !same) form.Wrong("password", Words.PasswordAgain);
        // Nothing goes out unasked: what lies there is asked about when mail begins to go out.
        var begins = on && !test && model.Kept is not null;
        var days = 0;
        if (begins && form["kept"] is not ("all" or "young" or "none")) form.Wrong("kept", Words.KeptChoose);
        else if (begins && form["kept"] == "young" && (!int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > 3650)) form.Wrong("days", Words.KeptDaysWrong);
        var trial = on && !test && form["do"] != "anyway";
        if (form.IsValid && (test || trial) && !MailIn.MayTry(throttle, who)) form.Wrong("", Words.TryTooOften);
        if (!form.IsValid) return View.Invalid<MailOutPage>(model);
        if (test || trial)
        {
            var server = new SmtpServer(host, port)
            {
                Security = security switch { "starttls" => MailSecurity.StartTls, "none" => MailSecurity.None, _ => MailSecurity.Tls },
                UserName = user.Length > 0 ? user : null,
                Password = password.Length > 0 ? password : kept,
                TrustedRoot = trust.Root,
                Dial = reach.DialMail,
                Timeout = TimeSpan.FromSeconds(15)
            };
            if (test)
            {
                var (good, says) = await Test(who, databases, mailbox, sendAs, server, clock, http.RequestAborted);
                return View.Page<MailOutPage>(model with { Tested = says, TestGood = good });
            }
            if (await Trouble(mailbox, sendAs, server, clock, http.RequestAborted) is { } trouble) return View.Page<MailOutPage>(model with { Tested = string.Format(CultureInfo.CurrentCulture, Words.NotSaved, trouble), MaySaveAnyway = true }, StatusCodes.Status422UnprocessableEntity);
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
        if (begins && form["kept"] != "none") await SendKept(write, who, form["kept"] == "young" ? now.AddDays(-days) : null, http.RequestAborted);
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

    // Connects, protects, signs in; nothing is sent. Null where all is well.
    static async Task<string?> Trouble(long mailbox, ISendAs sendAs, SmtpServer server, TimeProvider clock, CancellationToken stop)
    {
        try { server = await SendMail.SignedIn(server, mailbox, sendAs, stop); }
        catch (NoToken why) { return why.Message; }
        var trial = await new SmtpSubmission(server, clock).TryAsync(stop);
        return trial.IsGood ? null : Why(server, trial.Code, trial.Text);
    }

    static string Why(SmtpServer server, RecipientOutcome said) => Why(server, said.Code, said.Text);

    // What went wrong, and the way to mend it.
    static string Why(SmtpServer server, int code, string text)
    {
        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        var advice = code == 0 && Has(new OutOfReach().Message) ? MailTroubles.Remedy(MailTrouble.OutOfReach)
            : code is 535 or 534 or 530 || Has("sign in") || Has("auth") ? Words.TestWhySignIn
            : Has("TLS") || Has("certificate") ? Words.TestWhyTls
            : Has("refused") && code == 0 || Has("No such host") || Has("Name or service") || Has("resolve") ? Words.TestWhyHost
            : Has("in time") ? Words.TestWhyTime
            : code is 550 or 551 or 553 or 554 ? Words.TestWhyRelay : Words.TestWhyOther;
        return string.Format(CultureInfo.CurrentCulture, Words.TestBad, server.Host, server.Port, (code == 0 ? text : $"{code} {text}").TrimEnd('.', ' '), advice);
    }
}
