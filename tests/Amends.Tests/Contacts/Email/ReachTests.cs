using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Foundation.Outside;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

/// <summary>The button that tries a mail server is no scanner of somebody's network (A11).</summary>
public class ReachTests
{
    static readonly CancellationToken Stop = CancellationToken.None;

    static Task Allow(TestHouse house, string inner) => house.Write.Run(Actor.System("test"), null, async db => await house.Get<House>().Set(db, HouseSettings.Inner, inner));

    // As the product has it: nothing besides what the settings say.
    static Task<MailStand> Strict(On on) => MailStand.Open(on, services => services.AddSingleton(new MailTrust(Certificates.Root)).AddSingleton(new AlsoInReach()));

    [Fact]
    public async Task A11_only_public_servers_and_ports_of_mail_unless_the_house_names_more()
    {
        await using var stand = await Strict(On.Sqlite);
        var reach = stand.House.Get<Reach>();
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        var port = ((IPEndPoint)open.LocalEndpoint).Port;
        async Task<bool> Refused(string host, int at)
        {
            try { (await reach.DialMail(host, at, new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token)).Dispose(); }
            catch (OutOfReach) { return true; }
            catch (Exception why) when (why is SocketException or OperationCanceledException) { }
            return false;
        }
        // All that is no public address, however it is written, at a port of mail.
        foreach (var host in (string[])["10.0.0.5", "172.16.3.4", "192.168.0.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "192.0.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[::]", "::", "::ffff:10.0.0.5", "::ffff:a00:5", "fd00::8", "fe80::1", "fec0::1", "ff02::1", "64:ff9b::a00:5", "2002:a00:5::1", "2001:0:a00:5::1", "2001:db8::1", "3fff::1", "2002:7f00:1::1", "64:ff9b:1::1", "64:ff9b::7f00:1", "::10.0.0.5", "0x0a.5", "167772165", "012.0.0.5"])
            (await Refused(host.Trim('[', ']'), 993)).ShouldBeTrue(host);
        // A public one at a port that is none of mail's, and this machine at any such: nobody is asked for the name even.
        foreach (var at in (int[])[1, 22, 80, 443, 3306, 5432, 6379, 8080, 65535, port])
            foreach (var host in (string[])["1.1.1.1", "localhost", "127.0.0.1", "127.8.9.1", "::1", "no-such-host.invalid"]) (await Refused(host, at)).ShouldBeTrue($"{host}:{at}");
        // This machine's own mail server may be named; others only when the house says so.
        (await Refused("localhost", 993)).ShouldBeFalse();
        (await Refused("127.0.0.1", 143)).ShouldBeFalse();
        await Allow(stand.House, string.Create(CultureInfo.InvariantCulture, $"127.0.0.0/8:{port} 10.0.0.0/8"));
        (await Refused("127.0.0.1", port)).ShouldBeFalse();
        (await Refused("127.0.0.1", port + 1)).ShouldBeTrue();
        (await Refused("127.0.0.1", 993)).ShouldBeTrue("the entry is for its port");
        await Allow(stand.House, "");
        (await Refused("localhost", 993)).ShouldBeTrue("taken out of the list");
        await Allow(stand.House, "localhost:*");
        (await Refused("localhost", port)).ShouldBeFalse();
        // Names that lead inside are looked at behind the name, and one address that is not public spoils all.
        await Allow(stand.House, "");
        (await Refused("localhost", 143)).ShouldBeTrue();
        foreach (var wrong in (string[])["10.0.0.0/99", "host:0", "host:65536", "host:x", "a/b", "[::1", "host:", ":25", "ho st\u0000", "../x"]) Reach.Wrong(wrong).ShouldNotBeNull(wrong);
        Reach.Wrong("localhost 10.0.0.5 10.0.0.0/8:1993, imap.intern:* [fd00::1]:993\nfd00::/8").ShouldBeNull();
        foreach (var address in (string[])["1.1.1.1", "8.8.8.8", "2606:4700::1111", "2a01:4f8::1", "::ffff:1.1.1.1", "2001:db9::1"]) PublicAddress.Is(IPAddress.Parse(address)).ShouldBeTrue(address);
        foreach (var address in (string[])["2001:db8::1", "2001:db8:ffff::1", "3fff:fff::1", "192.0.2.1"]) PublicAddress.Is(IPAddress.Parse(address)).ShouldBeFalse(address);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A11_the_look_at_the_house_knocks_nowhere_else_and_says_what_to_do(On on)
    {
        await using var stand = await Strict(on);
        using var ben = await stand.House.ClientOf(stand.Ben);
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        var port = ((IPEndPoint)open.LocalEndpoint).Port;
        await stand.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var set = stand.House.Get<House>();
            await set.Set(db, HouseSettings.SmtpOn, true);
            await set.Set(db, HouseSettings.SmtpHost, "127.0.0.1");
            await set.Set(db, HouseSettings.SmtpPort, port);
        });
        async Task<Amends.Commands.Check> Look() => (await stand.House.Get<Amends.Commands.Doctor>().Look(serving: true, thorough: false, Stop)).Single(c => c.Name == "Mail out");
        var (check, to) = (await Look(), port.ToString(CultureInfo.InvariantCulture));
        check.Is.ShouldBe(Amends.Commands.Finding.Broken);
        check.Found.ShouldContain("This house does not connect there.");
        check.Remedy.ShouldNotBeNull().ShouldContain("Servers of your own network");
        open.Pending().ShouldBeFalse("nobody knocked");
        // The button that sends a test says the same.
        var tested = await ben.Post("/settings/mail-out", ("on", "true"), ("host", "127.0.0.1"), ("port", to), ("security", "none"), ("undo", "0"), ("do", "test"));
        tested.Text(".banner").ShouldNotBeNull().ShouldContain("Servers of your own network");
        open.Pending().ShouldBeFalse("nobody knocked");
        await Allow(stand.House, "127.0.0.1:" + to);
        (await Look()).Is.ShouldBe(Amends.Commands.Finding.Good);
        open.Pending().ShouldBeTrue();
    }

    [Fact]
    public async Task A11_the_button_says_the_same_of_open_and_closed_ports_and_not_often()
    {
        await using var stand = await Strict(On.Sqlite);
        using var ben = await stand.House.ClientOf(stand.Ben);
        using var nora = await stand.House.ClientOf(await Some.Colleague(stand.House, "Nora None", await Some.Role(stand.House, "Nothing"), stand.Team));
        var page = string.Create(CultureInfo.InvariantCulture, $"/settings/mailboxes/{stand.Box}/server");
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        var knocked = 0;
        _ = Task.Run(async () => { try { while (true) { using var one = await open.AcceptTcpClientAsync(); Interlocked.Increment(ref knocked); } } catch (Exception why) when (why is SocketException or ObjectDisposedException) { } });
        var port = ((IPEndPoint)open.LocalEndpoint).Port;
        (string, string?)[] Typed(int at, string host = "127.0.0.1") => [("on", "true"), ("host", host), ("port", at.ToString(CultureInfo.InvariantCulture)), ("security", "tls"), ("user", "a"), ("password", "b"), ("do", "test")];
        // Who may not change settings learns nothing, whatever he asks: a hundred ports, one answer.
        var token = await nora.See("/me");
        var said = new HashSet<string>();
        for (var n = 0; n < 100; n++)
        {
            var answer = await nora.Send(token, page, Typed(n % 2 == 0 ? port : 1 + n * 600));
            answer.Status.ShouldBe(HttpStatusCode.Forbidden);
            said.Add(answer.Text("main") ?? "");
        }
        said.Count.ShouldBe(1);
        // Who may gets one sentence for open and closed, for here and elsewhere; nobody is connected to.
        var shown = new HashSet<string>();
        foreach (var at in new[] { port, port + 1, 22, 6379 })
            shown.Add((await ben.Post(page, Typed(at))).Text(".banner").ShouldNotBeNull().Replace(at.ToString(CultureInfo.InvariantCulture), "PORT", StringComparison.Ordinal));
        foreach (var host in new[] { "10.0.0.5", "169.254.169.254", "192.168.0.1" })
            shown.Add((await ben.Post(page, Typed(993, host))).Text(".banner").ShouldNotBeNull().Replace(host, "127.0.0.1", StringComparison.Ordinal).Replace("993", "PORT", StringComparison.Ordinal));
        shown.ShouldHaveSingleItem().ShouldStartWith("This house does not connect to 127.0.0.1:PORT. If it is a mail server of your own network, or at an unusual port, name it under Settings");
        (await ben.Post("/settings/mail-out", ("on", "true"), ("host", "127.0.0.1"), ("port", port.ToString(CultureInfo.InvariantCulture)), ("do", "test"))).Text(".banner").ShouldNotBeNull().ShouldContain("This house does not connect there.");
        // Saved, it is not connected to either, neither for reading nor for sending.
        await stand.Connect(box => (box.ImapHost, box.ImapPort) = ("127.0.0.1", port));
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.OutOfReach, "out of reach");
        knocked.ShouldBe(0);
        // Thirty times in ten minutes, for both pages together and for looking for a server too.
        var tried = 8;
        while (tried < MailIn.MostTries) { (await ben.Post(page, Typed(22))).Text(".banner").ShouldNotBeNull($"try {tried}"); tried++; }
        foreach (var what in new[] { "test", "find" }) (await ben.Post(page, [.. Typed(22).Where(t => t.Item1 != "do"), ("do", what)])).Text(".form-errors").ShouldBe("That was often. Wait ten minutes before you try servers again.");
        (await ben.Post("/settings/mail-out", ("host", "127.0.0.1"), ("do", "test"))).Text(".form-errors").ShouldBe("That was often. Wait ten minutes before you try servers again.");
        stand.House.Clock.Advance(TimeSpan.FromMinutes(11));
        (await ben.Post(page, Typed(22))).Text(".banner").ShouldNotBeNull();
        // On the page the house names it, and then it is tried.
        (await ben.Post("/settings/mail-sign-in", ("inner", "10.0.0.0/99"))).Error("inner").ShouldBe("10.0.0.0/99 is neither a name nor an address nor a network.");
        (await ben.Post("/settings/mail-sign-in", ("inner", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")))).Location.ShouldBe("/settings/mail-sign-in");
        (await ben.Post(page, Typed(port))).Text(".banner").ShouldNotBeNull().ShouldNotStartWith("This house does not connect");
        knocked.ShouldBeGreaterThan(0);
    }
}
