using System.Globalization;
using System.Security.Cryptography;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>The form of a mailbox's server, and what looking or trying said.</summary>
public sealed record MailInModel(long Id, int Version, string Address, FormState Form, bool HasPassword, IReadOnlyList<(string Value, string Shown)> Owners, MailSignInState? SignIn, string? Said, bool Good)
{
    /// <summary>The ways to sign in.</summary>
    public static IReadOnlyList<(string, string)> Logins => [("password", Words.LoginPassword), .. MailProvider.All.Select(p => (p.Key, string.Format(CultureInfo.CurrentCulture, Words.LoginWith, p.Name)))];


    public string Action => string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{Id}/server");
}

/// <summary>How it stands with the sign-in of a mailbox at its provider.</summary>
/// <param name="IsSetUp">The house has an app there.</param>
/// <param name="Account">Who signed in, or null while nobody has.</param>
public sealed record MailSignInState(long Mailbox, string Provider, string Key, bool IsSetUp, string Wanted, string? Account, string? At)
{
    public string Action => string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{Mailbox}/sign-in");
}

/// <summary><c>/settings/mailboxes/…/server</c>: the server that a mailbox is fetched from. It is found from the address, tried on a button, and what is wrong is said in one sentence.</summary>
static class MailIn
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mailboxes/{id:long}/server", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mailboxes/{id:long}/server", Save).Needs(Verb.ManageSettings);
    }

    /// <summary>Colleagues who may see what is wrong with a mailbox, and mend it.</summary>
    static async Task<IReadOnlyList<(string, string)>> Owners(Database db) =>
        [("", Words.NobodyIsTold), .. (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active && db.Set<Role>().Any(r => r.Id == c.RoleId && r.Permissions.Any(p => p.Verb == Verb.ManageSettings))).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).ToListAsync())
            .Select(c => (c.Id.ToString(CultureInfo.InvariantCulture), c.Name))];

    static async Task<IResult> Show(long id, HttpContext http, Databases databases, House house)
    {
        using var db = databases.Open();
        var one = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == id) ?? throw new NotThere();
        var form = FormState.With(("on", one.ImapOn ? "true" : ""), ("host", one.ImapHost), ("port", one.ImapPort), ("security", Name(one.ImapSecurity)), ("login", MailProvider.Of(one.ImapLogin)?.Key ?? "password"), ("account", one.ImapAccount), ("user", one.ImapUser ?? one.Address), ("folder", one.ImapFolder ?? "INBOX"),
            ("then", one.ImapThen switch { AfterFetch.Move => "move", AfterFetch.Delete => "delete", _ => "mark" }), ("move", one.ImapMoveTo), ("begin", one.ImapOn && one.ImapFrom is null ? "all" : "now"), ("owner", one.OwnerId ?? (one.ImapOn ? null : http.Who().Id)));
        return View.Page<MailInPage>(await Model(db, house, http.Who(), one, form));
    }

    static async Task<MailInModel> Model(Database db, House house, Who who, Mailbox one, FormState form) =>
        new(one.Id, form.Version ?? one.Version, one.Address, form, one.ImapSecret is not null, await Owners(db), await SignIn(db, house, who, one), null, false);

    static async Task<MailSignInState?> SignIn(Database db, House house, Who who, Mailbox one)
    {
        if (MailProvider.Of(one.ImapLogin) is not { } provider) return null;
        var grant = await db.Set<MailGrant>().Where(g => g.MailboxId == one.Id && g.Login == one.ImapLogin).Select(g => new { g.Account, g.At }).FirstOrDefaultAsync();
        return new(one.Id, provider.Name, provider.Key, provider.Server(house) is not null, one.SignsInAs, grant?.Account, grant is null ? null : Times.Full(grant.At, who.Zone));
    }

    /// <summary>Whether this colleague may try a server once more now: what answers and what does not is not to be asked for a whole network (A11).</summary>
    internal static bool MayTry(Throttle throttle, Who who) => throttle.Take(string.Create(CultureInfo.InvariantCulture, $"try server {who.Id}"), MostTries, TimeSpan.FromMinutes(10));

    /// <summary>Tries of servers, by one colleague in ten minutes.</summary>
    internal const int MostTries = 30;

    static string Name(MailSecurity security) => security switch { MailSecurity.StartTls => "starttls", MailSecurity.None => "none", _ => "tls" };

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write, House house, MailServers servers, IMailDirectory directory, Throttle throttle, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        Mailbox one;
        using (var db = databases.Open()) one = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == id, http.RequestAborted) ?? throw new NotThere();
        async Task<IResult> Answer(FormState shown, string? said = null, bool good = false)
        {
            using var db = databases.Open();
            var model = await Model(db, house, who, one, shown) with { Said = said, Good = good };
            return shown.IsValid ? View.Page<MailInPage>(model) : View.Invalid<MailInPage>(model);
        }
        if (form["do"] is "find" or "test" && !MayTry(throttle, who)) return await Answer(form.Wrong("", Words.TryTooOften));
        if (form["do"] == "find") return await Find(one, form, house, directory, Answer, http.RequestAborted);
        var (on, test) = (form.On("on"), form["do"] == "test");
        var needed = on || test;
        var host = needed ? form.Need("host", 255) : form.May("host", 255) ?? "";
        if (host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) form.Wrong("host", Words.HostWrong);
        if (!int.TryParse(form["port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) form.Wrong("port", Words.PortWrong);
        var security = form["security"] switch { "starttls" => MailSecurity.StartTls, "none" => MailSecurity.None, _ => MailSecurity.Tls };
        if (security == MailSecurity.None && needed && !Reach.IsHere(host)) form.Wrong("security", Words.PlainOnlyHere);
        var user = needed ? form.Need("user", 320) : form.May("user", 320) ?? "";
        var login = MailProvider.All.FirstOrDefault(p => p.Key == form["login"])?.Login ?? MailLogin.Password;
        var account = form.May("account", 320);
        if (login != MailLogin.Password && account is not null && WhichCase.MailKey(account) is null) form.Wrong("account", Words.AskAddressWrong);
        var folder = form.May("folder", 200) ?? "INBOX";
        var then = form["then"] switch { "move" => AfterFetch.Move, "delete" => AfterFetch.Delete, _ => AfterFetch.MarkRead };
        var move = then == AfterFetch.Move && needed ? form.Need("move", 200) : form.May("move", 200);
        if (then == AfterFetch.Move && move is not null && move.Equals(folder, StringComparison.OrdinalIgnoreCase)) form.Wrong("move", Words.MoveElsewhere);
        foreach (var (field, value) in new[] { ("user", user), ("account", account ?? ""), ("folder", folder), ("move", move ?? "") })
            if (value.Any(char.IsControl)) form.Wrong(field, Words.NoControl);
        var password = form["password"];
        if (password.Length > 1000 || password.Any(char.IsControl)) form.Wrong("password", Words.PasswordWrong);
        // A kept password goes to the server and the user that it was given for, and to nobody else: who changes them gives it again.
        var same = one.ImapSecret is not null && string.Equals(one.ImapHost, host, StringComparison.OrdinalIgnoreCase) && one.ImapUser == user;
        if (login == MailLogin.Password && needed && password.Length == 0 && !same) form.Wrong("password", one.ImapSecret is null ? Words.PasswordNeeded : Words.PasswordAgain);
        if (!form.IsValid) return await Answer(form);
        void Fill(Mailbox box) => (box.ImapLogin, box.ImapAccount, box.ImapHost, box.ImapPort, box.ImapSecurity, box.ImapUser, box.ImapFolder, box.ImapThen, box.ImapMoveTo) = (login, login == MailLogin.Password ? null : account, host.Length == 0 ? null : host, port, security, user.Length == 0 ? null : user, folder, then, move);
        if (test)
        {
            // A token of another account or provider than the form names would say nothing of it.
            if (login != MailLogin.Password && (login != one.ImapLogin || !string.Equals(account ?? user, one.SignsInAs, StringComparison.OrdinalIgnoreCase))) return await Answer(form.Wrong("login", Words.SaveThenSignIn));
            Fill(one);
            var (good, says) = await Try(one, password.Length > 0 ? password : null, servers, clock, http.RequestAborted);
            return await Answer(form, says, good);
        }
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var row = await db.Load<Mailbox>(id, form.Version);
                var owner = form.MayId("owner", () => Words.ChooseMailOwner);
                if (form.Error("owner") is { } no || owner is not null && !(await Owners(db)).Any(o => o.Item1 == form["owner"])) throw new Refused("owner", Words.ChooseMailOwner);
                Fill(row);
                // What arrives from the moment on at which it was first set so.
                row.ImapFrom = form["begin"] == "all" ? null : row.ImapFrom ?? db.At;
                (row.ImapOn, row.OwnerId) = (on, owner);
                if (login != MailLogin.Password) row.ImapSecret = null;
                else if (password.Length > 0) row.ImapSecret = servers.Seal(password);
                else if (!same) row.ImapSecret = null;
                // Who signed in for another account, or elsewhere, has not signed in for this one.
                var grant = await db.Set<MailGrant>().AsTracking().FirstOrDefaultAsync(g => g.MailboxId == id);
                if (grant is not null && (grant.Login != login || !string.Equals(grant.Account, row.SignsInAs, StringComparison.OrdinalIgnoreCase))) db.Remove(grant);
                // What was said of the settings before says nothing of these.
                await db.Set<MailboxState>().Where(s => s.MailboxId == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.FailsSince, (DateTime?)null).SetProperty(s => s.Trouble, (MailTrouble?)null).SetProperty(s => s.Said, (string?)null).SetProperty(s => s.ToldAt, (DateTime?)null).SetProperty(s => s.NextTry, (DateTime?)null));
                row.Changed();
            }, http.RequestAborted);
        }
        catch (Refused no)
        {
            form.Wrong(no);
            return await Answer(form);
        }
        using (var db = databases.Open())
            if (login != MailLogin.Password && !await db.Set<MailGrant>().AnyAsync(g => g.MailboxId == id, http.RequestAborted)) return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{id}/server"));
        return View.Go(http, on ? "/settings/mail-health" : "/settings/mailboxes");
    }

    // Fills what was found into the form, and keeps all else as it was typed.
    static async Task<IResult> Find(Mailbox one, FormState form, House house, IMailDirectory directory, Func<FormState, string?, bool, Task<IResult>> answer, CancellationToken stop)
    {
        if (await FindServer.Look(one.Address, directory, stop) is not { } found) return await answer(form, string.Format(CultureInfo.CurrentCulture, Words.FindNothing, one.Address), false);
        string Keep(string field) => form[field];
        var provider = found.Provider switch { "Microsoft 365" => MailProvider.Of(MailLogin.Microsoft), "Google" => MailProvider.Of(MailLogin.Google), _ => null };
        // Microsoft lets nobody in otherwise; Google takes app passwords too, and where the house has no app there that is less work.
        var login = provider is { Login: MailLogin.Microsoft } || provider?.Server(house) is not null ? provider!.Key : "password";
        var filled = FormState.With(("on", Keep("on")), ("host", found.Host), ("port", found.Port), ("security", Name(found.Security)), ("login", login), ("account", Keep("account")), ("user", Keep("user") is { Length: > 0 } typed ? typed : one.Address), ("folder", Keep("folder")), ("then", Keep("then")), ("move", Keep("move")), ("begin", Keep("begin")), ("owner", Keep("owner")), ("version", Keep("version")));
        var says = found.By switch
        {
            FoundBy.Records => string.Format(CultureInfo.CurrentCulture, Words.FoundByRecords, found.Host),
            FoundBy.Provider => string.Format(CultureInfo.CurrentCulture, login != "password" ? Words.FoundSignIn : found.Provider is "Google" or "Yahoo" or "iCloud" ? Words.FoundAppPassword : Words.FoundByProvider, found.Provider, found.Host),
            _ => string.Format(CultureInfo.CurrentCulture, Words.FoundByGuess, found.Host)
        };
        if (found.SubmitHost is { } submit) says += " " + string.Format(CultureInfo.CurrentCulture, Words.FoundSubmit, submit, found.SubmitPort);
        return await answer(filled, says, true);
    }

    // Signs in and opens the folder as the real reading will; nothing is fetched, nothing changed.
    static async Task<(bool Good, string Says)> Try(Mailbox one, string? password, MailServers servers, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            await using var imap = await ImapClient.ConnectAsync(servers.Of(one, password, TimeSpan.FromSeconds(15)), clock, stop);
            var opened = await imap.SelectAsync(one.ImapFolder ?? "INBOX", cancel: stop);
            if (opened.IsReadOnly) return (false, Sentences(MailTrouble.ReadOnly, one, null));
            var missing = one is { ImapThen: AfterFetch.Move, ImapMoveTo: { } to } && !(await imap.ListAsync(cancel: stop)).Any(f => f.Name.Equals(to, StringComparison.Ordinal));
            await imap.LeaveAsync(stop);
            return (true, string.Format(CultureInfo.CurrentCulture, Words.TryGood, one.ImapHost, one.ImapFolder, opened.Exists) + (missing ? " " + string.Format(CultureInfo.CurrentCulture, Words.TryWillMake, one.ImapMoveTo) : ""));
        }
        catch (ImapException why) { return (false, Sentences(why.Fault == ImapFault.WrongPassword && one.ImapLogin != MailLogin.Password ? MailTrouble.TokenRefused : MailTroubles.OfAll(why), one, why.Message)); }
        catch (MailTokenTrouble why) { return (false, Sentences(why.Kind, one, why.Said)); }
        catch (CryptographicException) { return (false, Sentences(MailTrouble.NoSecret, one, null)); }
    }

    static string Sentences(MailTrouble trouble, Mailbox one, string? said) => $"{MailTroubles.Says(trouble, one, said)} {MailTroubles.Remedy(trouble)}";
}
