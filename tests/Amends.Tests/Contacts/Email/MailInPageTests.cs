using System.Globalization;
using System.Net;
using System.Text;
using Amends.Contacts;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>The page on which a mailbox gets its server.</summary>
public class MailInPageTests
{
    // What the world knows of domains, in these tests.
    sealed class Directory : IMailDirectory
    {
        public readonly Dictionary<string, DnsService> Said = [];
        public readonly Dictionary<string, string[]> Taken = [];
        public readonly HashSet<string> Open = [];
        public Task<IReadOnlyList<DnsService>> Services(string name, CancellationToken stop) => Task.FromResult<IReadOnlyList<DnsService>>(Said.TryGetValue(name, out var one) ? [one] : []);
        public Task<IReadOnlyList<string>> Takers(string domain, CancellationToken stop) => Task.FromResult<IReadOnlyList<string>>(Taken.GetValueOrDefault(domain, []));
        public Task<bool> Answers(string host, int port, CancellationToken stop) => Task.FromResult(Open.Contains(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}")));
    }

    static string Page(long box) => string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{box}/server");

    static async Task<Mailbox> Row(MailStand stand)
    {
        using var db = stand.House.Databases.Open();
        return await db.Set<Mailbox>().SingleAsync(m => m.Id == stand.Box);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mailbox_gets_its_server_and_mail_comes_in(On on)
    {
        await using var stand = await MailStand.Open(on);
        using var ben = await stand.House.ClientOf(stand.Ben);
        stand.Arrive(2);
        var page = Page(stand.Box);
        var port = stand.Imap.Port.ToString(CultureInfo.InvariantCulture);
        (await ben.See("/settings/mailboxes")).Body.ShouldContain("handed in");
        var first = await ben.See(page);
        first.Value("folder").ShouldBe("INBOX");
        first.Value("user").ShouldBe("service@amends.example");
        first.Value("owner").ShouldBe(stand.Ben.ToString(CultureInfo.InvariantCulture), "who sets it up is told");
        (string, string?)[] typed = [("on", "true"), ("host", "localhost"), ("port", port), ("security", "none"), ("user", "desk"), ("password", FakeImap.Password), ("folder", "INBOX"), ("then", "mark"), ("begin", "all"), ("owner", stand.Ben.ToString(CultureInfo.InvariantCulture))];
        var tried = await ben.Post(page, [.. typed, ("do", "test")]);
        tried.Text(".banner.good").ShouldBe("localhost let us in. INBOX has 2 messages. Nothing was changed.");
        tried.Value("host").ShouldBe("localhost");
        (await stand.Stored()).ShouldBe(0);
        stand.Seen.ShouldBeEmpty();
        var saved = await ben.Post(page, [.. typed, ("do", "save")]);
        saved.Location.ShouldBe("/settings/mail-health", saved.Body);
        await stand.AllIsWell();
        var health = await ben.See("/settings/mail-health");
        health.Text(".chip.good").ShouldBe("well");
        health.Body.ShouldContain("2 messages, 0 of them not here yet");
        // The password is in no page, and not in the clear in the row.
        foreach (var path in new[] { page, "/settings/mail-health", "/settings/mailboxes" }) (await ben.See(path)).Body.ShouldNotContain(FakeImap.Password);
        var row = await Row(stand);
        row.ImapSecret.ShouldNotBeNull().AsSpan().IndexOf(Encoding.UTF8.GetBytes(FakeImap.Password)).ShouldBe(-1);
        // Left empty it stays; for another server or user it has to be given again: a kept password goes to nobody new.
        (await ben.Post(page, ("folder", "INBOX"), ("do", "save"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Row(stand)).ImapSecret.ShouldBe(row.ImapSecret);
        foreach (var other in new[] { ("host", "127.0.0.1"), ("user", "mallory") })
            foreach (var what in new[] { "save", "test" })
                (await ben.Post(page, other, ("do", what))).Error("password").ShouldBe("For another server or user the password has to be given again.");
        stand.Imap.Heard.ShouldNotContain(h => h.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0mallory\0{FakeImap.Password}")), StringComparison.Ordinal));
        // Switched off it is fetched no more.
        (await ben.Post(page, ("on", null), ("do", "save"))).Location.ShouldBe("/settings/mailboxes");
        await stand.Until(() => stand.Imap.Open == 0, "it lets go");
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_the_field_and_what_was_typed_stays()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        using var ben = await stand.House.ClientOf(stand.Ben);
        var page = Page(stand.Box);
        var bad = await ben.Post(page, ("on", "true"), ("host", "imap example"), ("port", "0"), ("security", "none"), ("user", ""), ("password", ""), ("folder", "Post/Neu"), ("then", "move"), ("move", "Post/Neu"), ("owner", "999"), ("do", "save"));
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Error("host").ShouldBe("A server's name has no blanks.");
        bad.Error("port").ShouldBe("A number from 1 to 65535.");
        bad.Error("security").ShouldBe("Without protection a password goes to this machine only. Choose TLS or STARTTLS.");
        bad.Error("user").ShouldNotBeNull();
        bad.Error("password").ShouldBe("Give the password of the mailbox.");
        bad.Error("move").ShouldBe("Choose another folder than the one that is read.");
        (bad.Value("host"), bad.Value("folder"), bad.Value("then")).ShouldBe(("imap example", "Post/Neu", "move"));
        foreach (var host in new[] { "imap.example.com", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "0.0.0.0" })
            (await ben.Post(page, ("on", "true"), ("host", host), ("security", "none"), ("user", "a"), ("password", "b"), ("do", "test"))).Error("security").ShouldNotBeNull(host);
        (await ben.Post(page, ("on", "true"), ("host", "localhost"), ("user", "a"), ("password", "b"), ("owner", "999"), ("do", "save"))).Error("owner").ShouldBe("Choose a colleague who may change settings.");
        // Two at once: the second is told.
        var (one, two) = (await ben.See(page), await ben.See(page));
        (await ben.Send(one, page, ("folder", "A"), ("do", "save"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ben.Send(two, page, ("folder", "B"), ("do", "save"))).Status.ShouldBe(HttpStatusCode.Conflict);
        // Who may not change settings reaches none of it.
        using var nobody = await stand.House.ClientOf(await Some.Colleague(stand.House, "Nora None", await Some.Role(stand.House, "Nothing"), stand.Team));
        foreach (var path in new[] { page, "/settings/mail-health" }) (await nobody.See(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_server_is_found_from_the_address_and_what_was_typed_stays()
    {
        var directory = new Directory();
        await using var stand = await MailStand.Open(On.Sqlite, services => services.AddSingleton<IMailDirectory>(directory));
        using var ben = await stand.House.ClientOf(stand.Ben);
        var page = Page(stand.Box);
        Task<Seen> Find() => ben.Post(page, ("host", "typed before"), ("user", "me"), ("folder", "Kept"), ("then", "delete"), ("do", "find"));
        (await Find()).Text(".banner.broken").ShouldBe("Nothing was found for service@amends.example. Ask whoever runs its mail for the name of the IMAP server.");
        directory.Open.Add("mail.amends.example:993");
        var found = await Find();
        (found.Value("host"), found.Value("port"), found.Value("security"), found.Value("user"), found.Value("folder"), found.Value("then")).ShouldBe(("mail.amends.example", "993", "tls", "me", "Kept", "delete"));
        found.Text(".banner.good").ShouldNotBeNull().ShouldStartWith("Somebody answers at mail.amends.example, the usual name.");
        directory.Taken["amends.example"] = ["mx1.notgoogle.com", "ASPMX.L.GOOGLE.COM"];
        (await Find()).Text(".banner").ShouldBe("Google takes mail for this domain; its server is imap.gmail.com. It wants an app password in place of your own one. (Mail out: smtp.gmail.com, port 465.)");
        directory.Taken["amends.example"] = ["amends-example.mail.protection.outlook.com"];
        (await Find()).Text(".banner").ShouldNotBeNull().ShouldStartWith("Microsoft 365 takes mail for this domain; its server is outlook.office365.com. Save, and then sign in there; no password is kept here.");
        directory.Said["_imap._tcp.amends.example"] = new(0, 0, 1143, "old.amends.example");
        found = await Find();
        (found.Value("host"), found.Value("port"), found.Value("security")).ShouldBe(("old.amends.example", "1143", "starttls"));
        directory.Said["_imaps._tcp.amends.example"] = new(0, 0, 9933, "imap.amends.example");
        directory.Said["_submission._tcp.amends.example"] = new(0, 0, 587, "out.amends.example");
        found = await Find();
        (found.Value("host"), found.Value("port"), found.Value("security")).ShouldBe(("imap.amends.example", "9933", "tls"));
        found.Text(".banner").ShouldBe("The domain itself names imap.amends.example. Give the password and try it. (Mail out: out.amends.example, port 587.)");
        (await Row(stand)).ImapHost.ShouldBeNull("nothing is saved by looking");
    }
}
