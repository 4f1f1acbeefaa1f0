using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cast;

/// <summary>The client against each misdeed of the fake server (F05, F06 at the level of the library). What is shown each time: no half mail is called whole, the fault says what it was,
/// a new connection finds everything, and the truth at the server is as it was.</summary>
public class FakeImapTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static byte[] Mail(int n) => Encoding.ASCII.GetBytes($"From: a@b.c\r\nSubject: m{n}\r\n\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i} of {n}\r\n"))}");

    static Task<ImapClient> OpenAsync(FakeImap server, double seconds = 20) => ImapClient.ConnectAsync(server.Server with { Timeout = TimeSpan.FromSeconds(seconds) }, RealClock.It, Stop);

    /// <summary>Fetches all that is not kept yet; what is fetched whole is kept, once.</summary>
    static async Task CollectAsync(FakeImap server, Dictionary<(uint, uint), byte[]> kept, double seconds = 20)
    {
        await using var client = await OpenAsync(server, seconds);
        var opened = await client.SelectAsync("INBOX", cancel: Stop);
        foreach (var uid in await client.SearchAsync(cancel: Stop))
        {
            if (kept.ContainsKey((opened.UidValidity, uid)))
                continue;
            using var sink = new MemoryStream();
            if (await client.FetchAsync(uid, sink, cancel: Stop) is { IsEmpty: false, IsCut: false })
                kept.Add((opened.UidValidity, uid), sink.ToArray());
        }
        await client.LeaveAsync(Stop);
    }

    static void IsWhole(FakeImap server, Dictionary<(uint, uint), byte[]> kept)
    {
        kept.Count.ShouldBe(server.Inbox.Messages.Count);
        foreach (var message in server.Inbox.Messages)
        {
            kept[(server.Inbox.UidValidity, message.Uid)].AsSpan().SequenceEqual(message.Raw).ShouldBeTrue($"torn: {message.Uid}");
            message.Flags.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task The_fake_does_what_a_server_does()
    {
        await using var server = new FakeImap { Tls = true };
        server.Deliver(Mail(1));
        server.Deliver(Mail(2));
        await using var client = await OpenAsync(server);
        await client.CreateAsync("Fertig ü", Stop);
        (await client.ListAsync(cancel: Stop)).Select(f => f.Name).ShouldBe(["Fertig ü", "INBOX"]);
        (await client.SelectAsync("INBOX", cancel: Stop)).ShouldBe(new ImapSelected(1_001, 3, 2, false));
        await client.FlagAsync([1], true, ["\\Seen"], Stop);
        (await client.InfoAsync([1, 2, 3], Stop)).Select(i => (i.Uid, i.Size, string.Join(' ', i.Flags))).ShouldBe([(1u, Mail(1).Length, "\\Seen"), (2u, Mail(2).Length, "")]);
        (await client.AppendAsync("Fertig ü", Mail(9), ["\\Seen"], Stop)).ShouldBe(1u);
        (await client.MoveAsync([1], "Fertig ü", Stop)).ShouldBe(ImapMoved.Moved);
        server.Folder("Fertig ü").Messages.Select(m => m.Uid).ShouldBe([1u, 2u]);
        (await client.SearchAsync(cancel: Stop)).ShouldBe([2u]);
        (await client.SearchAsync(3, Stop)).ShouldBeEmpty();
        using var sink = new MemoryStream();
        (await client.FetchAsync(2, sink, cancel: Stop)).ShouldNotBeNull().Info.Received.ShouldBe(new DateTimeOffset(2026, 11, 22, 1, 2, 3, TimeSpan.Zero));
        sink.ToArray().ShouldBe(Mail(2));
        (await client.FetchAsync(7, sink, cancel: Stop)).ShouldBeNull();
        (await Should.ThrowAsync<ImapException>(() => client.SelectAsync("Nowhere", cancel: Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        (await Should.ThrowAsync<ImapException>(() => ImapClient.ConnectAsync(server.Server with { Password = "no" }, RealClock.It, Stop))).Fault.ShouldBe(ImapFault.WrongPassword);
        server.Malformed.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cut_behind_any_byte_loses_nothing_and_doubles_nothing()
    {
        await using var server = new FakeImap();
        for (var n = 1; n <= 3; n++)
            server.Deliver(Mail(n));
        // Each byte of the small steps, and then wider ones through the mails.
        var cuts = Enumerable.Range(0, 420).Concat(Enumerable.Range(0, 120).Select(n => 420 + n * 97)).ToList();
        foreach (var bytes in cuts)
        {
            var kept = new Dictionary<(uint, uint), byte[]>();
            server.Next(new Mischief(Trick.Cut, "GREETING", bytes));
            try
            {
                await CollectAsync(server, kept);
            }
            catch (ImapException e)
            {
                e.Fault.ShouldBeOneOf(ImapFault.Closed, ImapFault.NotUnderstood);
            }
            // What was called whole is whole, however little it is.
            foreach (var (id, mail) in kept)
                mail.AsSpan().SequenceEqual(Mail((int)id.Item2)).ShouldBeTrue($"torn behind {bytes} bytes");
            await CollectAsync(server, kept);
            IsWhole(server, kept);
        }
        server.Waiting.ShouldBe(0);
    }

    public static TheoryData<string, string, ImapFault> Misdeeds() => new()
    {
        { nameof(Trick.Garbage), "GREETING", ImapFault.NotUnderstood },
        { nameof(Trick.Garbage), "AUTHENTICATE", ImapFault.NotUnderstood },
        { nameof(Trick.Garbage), "SELECT", ImapFault.NotUnderstood },
        { nameof(Trick.Garbage), "SEARCH", ImapFault.NotUnderstood },
        { nameof(Trick.Garbage), "FETCH", ImapFault.NotUnderstood },
        { nameof(Trick.Bye), "GREETING", ImapFault.Closed },
        { nameof(Trick.Bye), "AUTHENTICATE", ImapFault.Closed },
        { nameof(Trick.Bye), "SELECT", ImapFault.Closed },
        { nameof(Trick.Bye), "SEARCH", ImapFault.Closed },
        { nameof(Trick.Bye), "FETCH", ImapFault.Closed },
        { nameof(Trick.Silence), "GREETING", ImapFault.TimedOut },
        { nameof(Trick.Silence), "AUTHENTICATE", ImapFault.TimedOut },
        { nameof(Trick.Silence), "SELECT", ImapFault.TimedOut },
        { nameof(Trick.Silence), "SEARCH", ImapFault.TimedOut },
        { nameof(Trick.Silence), "FETCH", ImapFault.TimedOut },
        { nameof(Trick.CutBeforeDone), "SELECT", ImapFault.Closed },
        { nameof(Trick.CutBeforeDone), "SEARCH", ImapFault.Closed },
        { nameof(Trick.CutBeforeDone), "FETCH", ImapFault.Closed },
        { nameof(Trick.No), "SELECT", ImapFault.NoSuchFolder },
        { nameof(Trick.No), "FETCH", ImapFault.Refused },
        { nameof(Trick.Bad), "FETCH", ImapFault.NotUnderstood },
        { nameof(Trick.No), "AUTHENTICATE", ImapFault.WrongPassword },
        { nameof(Trick.OtherMessage), "FETCH", ImapFault.NotUnderstood },
        { nameof(Trick.LongerLiteral), "FETCH", ImapFault.NotUnderstood },
        { nameof(Trick.ShorterLiteral), "FETCH", ImapFault.NotUnderstood },
    };

    [Theory]
    [MemberData(nameof(Misdeeds))]
    public async Task A_misdeed_ends_in_its_fault_and_the_next_connection_has_all(string trick, string at, ImapFault fault)
    {
        await using var server = new FakeImap();
        for (var n = 1; n <= 3; n++)
            server.Deliver(Mail(n));
        var kept = new Dictionary<(uint, uint), byte[]>();
        server.Next(new Mischief(Enum.Parse<Trick>(trick), at, 5, "Going down"));
        var e = await Should.ThrowAsync<ImapException>(() => CollectAsync(server, kept, trick == nameof(Trick.Silence) ? 0.3 : 20));
        e.Fault.ShouldBe(fault, e.Message);
        e.Message.ShouldNotContain(FakeImap.Password);
        kept.ShouldBeEmpty("the first mail was hit, and with it the connection");
        await CollectAsync(server, kept);
        IsWhole(server, kept);
        server.Waiting.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(3_000)]
    public async Task A_literal_of_the_wrong_length_is_never_a_whole_mail(int bytes)
    {
        foreach (var trick in new[] { Trick.LongerLiteral, Trick.ShorterLiteral })
        {
            await using var server = new FakeImap();
            for (var n = 1; n <= 3; n++)
                server.Deliver(Mail(n));
            var kept = new Dictionary<(uint, uint), byte[]>();
            server.Next(new Mischief(trick, "FETCH", bytes));
            // Longer by so much that the next answers are swallowed: then nobody says anything any more.
            await Should.ThrowAsync<ImapException>(() => CollectAsync(server, kept, 0.5));
            kept.ShouldBeEmpty();
            await CollectAsync(server, kept);
            IsWhole(server, kept);
        }
    }

    [Fact]
    public async Task Another_validity_means_that_all_uids_are_new()
    {
        await using var server = new FakeImap();
        server.Deliver(Mail(1));
        server.Deliver(Mail(2));
        var kept = new Dictionary<(uint, uint), byte[]>();
        await CollectAsync(server, kept);
        server.ChangeUidValidity(first: 2);
        await CollectAsync(server, kept);
        // By validity and UID they are four; by their bytes still two. Which of them are known is for the caller to say.
        kept.Count.ShouldBe(4);
        kept.Values.Select(Convert.ToHexString).Distinct().Count().ShouldBe(2);
        var first = server.Inbox.UidValidity;
        server.Renumber(first: 11);
        await using var client = await OpenAsync(server);
        (await client.SelectAsync("INBOX", cancel: Stop)).UidValidity.ShouldBe(first);
        (await client.SearchAsync(cancel: Stop)).ShouldBe([11u, 12u]);
    }

    [Fact]
    public async Task A_poor_server_is_enough()
    {
        await using var server = new FakeImap { SaysMore = false };
        server.Lose("IDLE", "MOVE", "UIDPLUS", "LITERAL+", "SASL-IR");
        server.AddFolder("Done");
        server.Deliver(Mail(1));
        server.Deliver(Mail(2));
        await using var client = await OpenAsync(server);
        (await client.SelectAsync("INBOX", cancel: Stop)).UidNext.ShouldBeNull();
        // It cannot search: then it says which there are.
        server.Next(new Mischief(Trick.Bad, "SEARCH"), new Mischief(Trick.No, "SEARCH"));
        (await client.SearchAsync(cancel: Stop)).ShouldBe([1u, 2u]);
        (await client.SearchAsync(2, Stop)).ShouldBe([2u]);
        (await client.SearchAsync(3, Stop)).ShouldBeEmpty();
        (await client.MoveAsync([1], "Done", Stop)).ShouldBe(ImapMoved.CopiedAndMarked);
        server.Folder("Done").Messages.Count.ShouldBe(1);
        server.Inbox.Messages.Select(m => string.Join(' ', m.Flags)).ShouldBe(["\\Deleted", ""]);
        var waiting = client.WaitAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(20), Stop);
        server.Deliver(Mail(3));
        (await waiting).ShouldBeTrue();
        client.Exists.ShouldBe(3);
        (await client.AppendAsync("Done", Mail(9), [], Stop)).ShouldNotBeNull();
        server.Malformed.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_move_that_a_server_does_not_know_after_all_moves_nothing_twice()
    {
        await using var server = new FakeImap();
        server.AddFolder("Done");
        server.Deliver(Mail(1));
        await using var client = await OpenAsync(server);
        await client.SelectAsync("INBOX", cancel: Stop);
        server.Next(new Mischief(Trick.Bad, "MOVE"));
        (await Should.ThrowAsync<ImapException>(() => client.MoveAsync([1], "Done", Stop))).Fault.ShouldBe(ImapFault.NotUnderstood);
        (server.Folder("Done").Messages.Count, server.Inbox.Messages.Count).ShouldBe((0, 1));
        (await client.MoveAsync([1], "Done", Stop)).ShouldBe(ImapMoved.Moved);
        (server.Folder("Done").Messages.Count, server.Inbox.Messages.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Idle_tells_and_ends_when_the_server_hangs_up()
    {
        await using var server = new FakeImap();
        await using var client = await OpenAsync(server);
        await client.SelectAsync("INBOX", cancel: Stop);
        var waiting = client.WaitAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), Stop);
        server.Deliver(Mail(1));
        (await waiting).ShouldBeTrue();
        waiting = client.WaitAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), Stop);
        server.HangUp();
        (await Should.ThrowAsync<ImapException>(() => waiting)).Fault.ShouldBe(ImapFault.Closed);
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Idle_is_renewed_before_servers_take_the_client_for_dead()
    {
        await using var server = new FakeImap();
        var clock = new FakeTime();
        await using var client = await ImapClient.ConnectAsync(server.Server, clock, Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        var waiting = client.WaitAsync(TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(1), Stop);
        for (var n = 1; n <= 3; n++)
        {
            await IdlesAsync(n);
            // Not before: twenty-nine minutes are what servers bear (RFC 2177).
            clock.Advance(TimeSpan.FromMinutes(27));
            waiting.IsCompleted.ShouldBeFalse();
            server.Heard.Count(h => h == "IDLE").ShouldBe(n);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        await IdlesAsync(4);
        server.Deliver(Mail(1));
        (await waiting).ShouldBeTrue();

        async Task IdlesAsync(int times)
        {
            // It has said IDLE, and waits for news: a timer of ours stands.
            for (var tries = 0; server.Heard.Count(h => h == "IDLE") < times || !clock.HasTimer(TimeSpan.FromMinutes(5)); tries++)
            {
                tries.ShouldBeLessThan(4_000, $"no IDLE number {times}");
                await Task.Delay(5, Stop);
            }
        }
    }

    [Fact]
    public async Task A_folder_that_is_read_only_or_gone_says_so()
    {
        await using var server = new FakeImap();
        server.AddFolder("Work");
        server.Folder("Work").IsReadOnly = true;
        server.Deliver(Mail(1), "Work");
        await using var client = await OpenAsync(server);
        (await client.SelectAsync("Work", cancel: Stop)).IsReadOnly.ShouldBeTrue();
        (await Should.ThrowAsync<ImapException>(() => client.FlagAsync([1], true, ["\\Seen"], Stop))).Fault.ShouldBe(ImapFault.Refused);
        server.RenameFolder("Work", "Elsewhere");
        (await Should.ThrowAsync<ImapException>(() => client.SelectAsync("Work", cancel: Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        server.RemoveFolder("Elsewhere");
        (await Should.ThrowAsync<ImapException>(() => client.SelectAsync("Elsewhere", cancel: Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
    }

    [Fact]
    public async Task A_server_that_hangs_keeps_nobody_else_waiting()
    {
        await using var hanging = new FakeImap();
        await using var good = new FakeImap();
        for (var n = 1; n <= 3; n++)
            good.Deliver(Mail(n));
        hanging.Next(new Mischief(Trick.Silence, "SELECT"));
        var stuck = CollectAsync(hanging, [], 60);
        var kept = new Dictionary<(uint, uint), byte[]>();
        await CollectAsync(good, kept);
        IsWhole(good, kept);
        stuck.IsCompleted.ShouldBeFalse();
        // It may still be on its way where the machine is busy.
        while (!hanging.Heard.Any(line => line.StartsWith("SELECT", StringComparison.Ordinal))) await Task.Delay(20, Stop);
        hanging.HangUp();
        (await Should.ThrowAsync<ImapException>(() => stuck)).Fault.ShouldBe(ImapFault.Closed);
    }
}
