using System.Net.Sockets;
using System.Text;
using Amends.Mail;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>The client against a real Dovecot.</summary>
public class RealImapTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static byte[] Mail(string subject, int more = 0) => Encoding.ASCII.GetBytes($"From: a@b.c\r\nSubject: {subject}\r\nMessage-ID: <{subject}@b.c>\r\n\r\n{string.Concat(Enumerable.Range(0, more / 10).Select(n => $"{n:00000000}\r\n"))}");

    static async Task<(ImapClient Client, ImapServer Server)> OpenAsync(MailSecurity security = MailSecurity.None)
    {
        var server = (await Dovecot.SharedAsync()).Server(Dovecot.NewBox(), security);
        return (await ImapClient.ConnectAsync(server, RealClock.It, Stop), server);
    }

    /// <summary>The real server, as if it did not offer some things.</summary>
    static async Task<ImapClient> WithoutAsync(ImapServer server, params string[] offers)
    {
        var client = new TcpClient();
        await client.ConnectAsync("localhost", server.Port, Stop);
        return await ImapClient.OpenAsync(server, new Hiding(client.GetStream(), offers), RealClock.It, Stop);
    }

    static async Task<byte[]> ContentAsync(ImapClient client, uint uid)
    {
        using var sink = new MemoryStream();
        (await client.FetchAsync(uid, sink, cancel: Stop)).ShouldNotBeNull();
        return sink.ToArray();
    }

    [Theory]
    [InlineData(MailSecurity.Tls)]
    [InlineData(MailSecurity.StartTls)]
    [InlineData(MailSecurity.None)]
    public async Task Signs_in_and_finds_the_inbox(MailSecurity security)
    {
        var (client, _) = await OpenAsync(security);
        await using (client)
        {
            var inbox = await client.SelectAsync("INBOX", cancel: Stop);
            (inbox.Exists, inbox.UidNext, inbox.IsReadOnly).ShouldBe((0, 1u, false));
            inbox.UidValidity.ShouldBeGreaterThan(0u);
            (await client.SearchAsync(cancel: Stop)).ShouldBeEmpty();
            client.Offers("IDLE").ShouldBeTrue();
            client.Offers("MOVE").ShouldBeTrue();
            await client.LeaveAsync(Stop);
            client.IsClosed.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("PLAIN at once")]
    [InlineData("PLAIN when asked", "SASL-IR")]
    [InlineData("LOGIN, the password as a literal at once", "AUTH=PLAIN")]
    [InlineData("LOGIN, the password as a literal when asked", "AUTH=PLAIN", "LITERAL+")]
    public async Task Signs_in_by_every_way_that_is_offered(string way, params string[] without)
    {
        var server = (await Dovecot.SharedAsync()).Server(Dovecot.NewBox(), MailSecurity.None);
        await using var client = await WithoutAsync(server, without);
        (await client.SelectAsync("INBOX", cancel: Stop)).Exists.ShouldBe(0, way);
        var e = await Should.ThrowAsync<ImapException>(() => WithoutAsync(server with { Password = "wrong" }, without));
        e.Fault.ShouldBe(ImapFault.WrongPassword, e.Message);
    }

    [Theory]
    [InlineData("OAUTHBEARER")]
    [InlineData("XOAUTH2", "AUTH=OAUTHBEARER")]
    [InlineData("XOAUTH2 when asked", "AUTH=OAUTHBEARER", "SASL-IR")]
    public async Task Signs_in_by_tokens(string way, params string[] without)
    {
        var dovecot = await Dovecot.SharedAsync();
        var box = Dovecot.NewBox();
        var until = RealClock.Now.AddHours(1);
        var server = dovecot.Server(box, MailSecurity.None) with { Password = null, AccessToken = _ => Task.FromResult(dovecot.Token(box, until)) };
        await using (var client = await WithoutAsync(server, without))
            (await client.SelectAsync("INBOX", cancel: Stop)).Exists.ShouldBe(0, way);
        until = RealClock.Now.AddHours(-1);
        (await Should.ThrowAsync<ImapException>(() => WithoutAsync(server, without))).Fault.ShouldBe(ImapFault.WrongPassword);
        until = RealClock.Now.AddHours(1);
        (await Should.ThrowAsync<ImapException>(() => WithoutAsync(server with { AccessToken = _ => Task.FromResult(dovecot.Token(box, until) + "x") }, without))).Fault.ShouldBe(ImapFault.WrongPassword);
    }

    [Fact]
    public async Task A_certificate_for_another_name_gets_no_password()
    {
        var server = (await Dovecot.SharedAsync()).Server(Dovecot.NewBox());
        foreach (var wrong in new[] { server with { Host = "localhost.localdomain" }, server with { TrustedRoot = null } })
        {
            var client = new TcpClient();
            await client.ConnectAsync("localhost", server.Port, Stop);
            (await Should.ThrowAsync<ImapException>(() => ImapClient.OpenAsync(wrong, client.GetStream(), RealClock.It, Stop))).Fault.ShouldBe(ImapFault.NotTrusted);
        }
    }

    [Fact]
    public async Task Folders_with_odd_names_are_made_listed_opened_and_written_to()
    {
        var (client, _) = await OpenAsync();
        await using var open = client;
        string[] names = ["Done", "two words", "quo\"te", "back\\slash", "Entwürfe & mehr", "日本語", "Sub/Sub/Ünder", "100%", "a*b", "(x)", "{3}", "[x]", "😀", "til~de", "semi;colon", "'single'", "trailing "];
        foreach (var name in names)
        {
            await client.CreateAsync(name, Stop);
            (await client.AppendAsync(name, Mail("x"), ["\\Seen"], Stop)).ShouldNotBeNull(name);
        }
        var folders = await client.ListAsync(cancel: Stop);
        folders.Select(f => f.Name).Except(["INBOX", "Sub", "Sub/Sub"]).Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
        folders.ShouldAllBe(f => f.Delimiter == '/');
        foreach (var folder in folders.Where(f => names.Contains(f.Name)))
        {
            (await client.SelectAsync(folder, cancel: Stop)).Exists.ShouldBe(1, folder.Name);
            (await client.SelectAsync(folder.Name, readOnly: true, cancel: Stop)).ShouldSatisfyAllConditions(s => s.Exists.ShouldBe(1), s => s.IsReadOnly.ShouldBeTrue());
        }
        (await Should.ThrowAsync<ImapException>(() => client.CreateAsync("Done", Stop))).Fault.ShouldBe(ImapFault.Refused);
        (await Should.ThrowAsync<ImapException>(() => client.SelectAsync("Nowhere", cancel: Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        client.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_made_anew_has_another_validity_and_uids_only_rise()
    {
        var (client, server) = await OpenAsync();
        await using var open = client;
        await client.CreateAsync("Work", Stop);
        for (var i = 1; i <= 3; i++)
            (await client.AppendAsync("Work", Mail($"m{i}"), [], Stop)).ShouldBe((uint)i);
        var first = await client.SelectAsync("Work", cancel: Stop);
        (first.Exists, first.UidNext).ShouldBe((3, 4u));
        (await client.SearchAsync(2, Stop)).ShouldBe([2u, 3u]);
        (await client.SearchAsync(4, Stop)).ShouldBeEmpty();
        await using (var again = await ImapClient.ConnectAsync(server, RealClock.It, Stop))
            (await again.SelectAsync("Work", cancel: Stop)).UidValidity.ShouldBe(first.UidValidity);
        await Raw.DoAsync(server, "DELETE Work", "CREATE Work");
        await using var later = await ImapClient.ConnectAsync(server, RealClock.It, Stop);
        (await later.SelectAsync("Work", cancel: Stop)).ShouldSatisfyAllConditions(s => s.UidValidity.ShouldNotBe(first.UidValidity), s => s.Exists.ShouldBe(0));
    }

    [Fact]
    public async Task Every_mail_of_the_corpora_comes_back_byte_for_byte_and_unread()
    {
        var files = OwnMails.All().Concat(Corpora.MailFiles().Select(File.ReadAllBytes)).Where(b => b.Length > 0).ToList();
        var (client, _) = await OpenAsync();
        await using var open = client;
        var uids = new List<uint>();
        foreach (var file in files)
            uids.Add((await client.AppendAsync("INBOX", file, [], Stop)).ShouldNotBeNull());
        (await client.SelectAsync("INBOX", cancel: Stop)).Exists.ShouldBe(files.Count);
        (await client.SearchAsync(cancel: Stop)).ShouldBe(uids);
        foreach (var (file, uid) in files.Zip(uids))
        {
            using var sink = new MemoryStream();
            var fetched = (await client.FetchAsync(uid, sink, cancel: Stop)).ShouldNotBeNull();
            // What this server does to mail when it takes it: bare line feeds become line ends, and NUL, which IMAP cannot say, becomes 0x80.
            var kept = AsKept(file);
            sink.ToArray().AsSpan().SequenceEqual(kept).ShouldBeTrue($"mail {uid}");
            (fetched.Bytes, fetched.Info.Size, fetched.IsCut).ShouldBe((kept.Length, kept.Length, false));
        }
        (await client.InfoAsync(uids, Stop)).ShouldAllBe(i => !i.Flags.Contains("\\Seen"));
        using var some = new MemoryStream();
        (await client.FetchAsync(uids[0], some, 7, Stop)).ShouldNotBeNull().ShouldSatisfyAllConditions(f => f.Bytes.ShouldBe(7), f => f.IsCut.ShouldBeTrue());
    }

    static byte[] AsKept(byte[] mail)
    {
        var kept = new List<byte>(mail.Length + 100);
        for (var i = 0; i < mail.Length; i++)
        {
            if (mail[i] == '\n' && (i == 0 || mail[i - 1] != '\r'))
                kept.Add((byte)'\r');
            kept.Add(mail[i] == 0 ? (byte)0x80 : mail[i]);
        }
        return [.. kept];
    }

    [Fact]
    public async Task A_waiting_client_hears_of_a_new_mail()
    {
        var (client, server) = await OpenAsync(MailSecurity.Tls);
        await using var open = client;
        await client.SelectAsync("INBOX", cancel: Stop);
        var waiting = client.WaitAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), Stop);
        await using (var other = await ImapClient.ConnectAsync(server, RealClock.It, Stop))
            await other.AppendAsync("INBOX", Mail("new"), [], Stop);
        (await waiting).ShouldBeTrue();
        client.Exists.ShouldBe(1);
        (await client.SearchAsync(cancel: Stop)).ShouldHaveSingleItem();
        // Where there is no IDLE, asking finds the same.
        await using var poor = await WithoutAsync(server with { Port = (await Dovecot.SharedAsync()).Port, Security = MailSecurity.None, AllowPlainPassword = true }, "IDLE");
        await poor.SelectAsync("INBOX", cancel: Stop);
        var asking = poor.WaitAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(50), Stop);
        await client.AppendAsync("INBOX", Mail("newer"), [], Stop);
        (await asking).ShouldBeTrue();
        poor.Exists.ShouldBe(2);
    }

    [Theory]
    [InlineData(ImapMoved.Moved)]
    [InlineData(ImapMoved.CopiedAndRemoved, "MOVE")]
    [InlineData(ImapMoved.CopiedAndMarked, "MOVE", "UIDPLUS")]
    public async Task Messages_are_put_away_and_no_other_is_touched(ImapMoved how, params string[] without)
    {
        var server = (await Dovecot.SharedAsync()).Server(Dovecot.NewBox(), MailSecurity.None);
        await using var client = await WithoutAsync(server, without);
        await client.CreateAsync("Fertig – ü", Stop);
        for (var i = 1; i <= 6; i++)
            await client.AppendAsync("INBOX", Mail($"m{i}"), i == 6 ? ["\\Deleted"] : [], Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        (await client.MoveAsync([2, 3, 5], "Fertig – ü", Stop)).ShouldBe(how);
        // Number six was marked by somebody else and is theirs.
        (await client.SearchAsync(cancel: Stop)).ShouldBe(how == ImapMoved.CopiedAndMarked ? [1, 2, 3, 4, 5, 6] : [1u, 4u, 6u]);
        if (how == ImapMoved.CopiedAndMarked)
            (await client.InfoAsync([2, 3, 5, 6], Stop)).ShouldAllBe(i => i.Flags.Contains("\\Deleted"));
        (await client.SelectAsync("Fertig – ü", cancel: Stop)).Exists.ShouldBe(3);
        var subjects = new List<string>();
        foreach (var uid in await client.SearchAsync(cancel: Stop))
            subjects.Add(MailMessage.Read(await ContentAsync(client, uid)).Subject);
        subjects.ShouldBe(["m2", "m3", "m5"]);
        (await Should.ThrowAsync<ImapException>(() => client.MoveAsync([1], "Nowhere", Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        (await client.SearchAsync(cancel: Stop)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Flags_are_set_and_taken_away()
    {
        var (client, _) = await OpenAsync();
        await using var open = client;
        await client.AppendAsync("INBOX", Mail("a"), ["\\Flagged"], Stop);
        await client.AppendAsync("INBOX", Mail("b"), [], Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        await client.FlagAsync([1, 2], true, ["\\Seen", "$Forwarded"], Stop);
        await client.FlagAsync([2], false, ["\\Seen"], Stop);
        var infos = await client.InfoAsync([1, 2, 99], Stop);
        infos.Select(i => string.Join(' ', i.Flags.Where(f => f != "\\Recent").Order(StringComparer.Ordinal))).ShouldBe(["$Forwarded \\Flagged \\Seen", "$Forwarded"]);
        infos[0].Size.ShouldBe(Mail("a").Length);
        await client.SelectAsync("INBOX", readOnly: true, cancel: Stop);
        (await Should.ThrowAsync<ImapException>(() => client.FlagAsync([1], false, ["\\Seen"], Stop))).Fault.ShouldBe(ImapFault.Refused);
        (await Should.ThrowAsync<ImapException>(() => client.MoveAsync([1], "INBOX", Stop))).Fault.ShouldBe(ImapFault.Refused);
        (await client.InfoAsync([1], Stop))[0].Flags.ShouldContain("\\Seen");
    }

    [Theory]
    [InlineData("DELETE Work")]
    [InlineData("RENAME Work Elsewhere")]
    public async Task A_folder_that_goes_meanwhile_is_a_fault_and_not_an_empty_folder(string change)
    {
        var (client, server) = await OpenAsync();
        await using var open = client;
        await client.CreateAsync("Work", Stop);
        await client.AppendAsync("Work", Mail("a", 300_000), [], Stop);
        await client.SelectAsync("Work", cancel: Stop);
        await Raw.DoAsync(server, change);
        // Whether this connection still sees it is the server's affair; but never half a mail, and never a mail of another folder.
        try
        {
            using var sink = new MemoryStream();
            if (await client.FetchAsync(1, sink, cancel: Stop) is { IsEmpty: false })
                sink.ToArray().ShouldBe(Mail("a", 300_000));
        }
        catch (ImapException e)
        {
            e.Fault.ShouldBeOneOf(ImapFault.Closed, ImapFault.Refused, ImapFault.NoSuchFolder, ImapFault.Throttled);
        }
        await using var again = await ImapClient.ConnectAsync(server, RealClock.It, Stop);
        (await Should.ThrowAsync<ImapException>(() => again.SelectAsync("Work", cancel: Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        if (change.StartsWith("RENAME", StringComparison.Ordinal))
            (await again.SelectAsync("Elsewhere", cancel: Stop)).Exists.ShouldBe(1);
    }

    /// <summary>F05 at the level of the library: whoever keeps what was fetched whole, and asks again for the rest, has each mail once.</summary>
    [Fact]
    public async Task A_server_that_dies_in_the_middle_again_and_again_costs_no_mail_and_doubles_none()
    {
        var most = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1" ? 100 : 10;
        await using var dovecot = await Dovecot.OwnAsync();
        var server = dovecot.Server("box1");
        var mails = Enumerable.Range(1, 30).Select(n => Mail($"m{n}", 400_000 + n * 1_000)).ToList();
        await using (var client = await ImapClient.ConnectAsync(server, RealClock.It, Stop))
        {
            foreach (var mail in mails)
                await client.AppendAsync("INBOX", mail, [], Stop);
            await client.LeaveAsync(Stop);
        }
        var kept = new Dictionary<uint, byte[]>();
        var random = new Random(7);
        int deaths = 0, connections = 0;
        uint? validity = null;
        while (kept.Count < mails.Count || deaths < most)
        {
            // What the server had sent before it died may still arrive whole: then another round.
            if (kept.Count == mails.Count) Whole();
            connections++.ShouldBeLessThan(1_000);
            try
            {
                await using var client = await ImapClient.ConnectAsync(server, RealClock.It, Stop);
                var opened = await client.SelectAsync("INBOX", cancel: Stop);
                (validity ??= opened.UidValidity).ShouldBe(opened.UidValidity);
                foreach (var uid in await client.SearchAsync(kept.Keys.DefaultIfEmpty().Max() + 1, Stop))
                {
                    // Anywhere within two of three mails, until it has died often enough.
                    var at = deaths < most && (kept.Count > 20 || random.Next(3) > 0) ? random.Next(1, 380_000) : long.MaxValue;
                    using var sink = new Deadly(at, () =>
                    {
                        deaths++;
                        dovecot.Kill();
                    });
                    var fetched = await client.FetchAsync(uid, sink, cancel: Stop);
                    kept.TryAdd(uid, sink.ToArray()).ShouldBeTrue("doubled");
                    fetched.ShouldNotBeNull().IsEmpty.ShouldBeFalse();
                }
            }
            catch (ImapException e)
            {
                e.Fault.ShouldBeOneOf(ImapFault.Closed, ImapFault.NoConnection);
                await dovecot.StartAgainAsync();
            }
        }
        deaths.ShouldBe(most);
        Whole();

        void Whole()
        {
            kept.Count.ShouldBe(mails.Count);
            foreach (var (uid, mail) in kept)
                mail.AsSpan().SequenceEqual(mails[(int)uid - 1]).ShouldBeTrue($"torn: {uid}");
            kept.Clear();
        }
    }

    sealed class Deadly(long at, Action kill) : MemoryStream
    {
        bool done;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            if (!done && Length >= at)
            {
                done = true;
                kill();
            }
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Commands that the client has no need for.</summary>
    static class Raw
    {
        public static async Task DoAsync(ImapServer server, params string[] commands)
        {
            var dovecot = await Dovecot.SharedAsync();
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", dovecot.Port, Stop);
            using var reader = new StreamReader(client.GetStream());
            (await reader.ReadLineAsync(Stop)).ShouldNotBeNull();
            var n = 0;
            foreach (var command in commands.Prepend($"AUTHENTICATE PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{server.UserName}\0{server.Password}"))}"))
            {
                var tag = $"r{++n}";
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{tag} {command}\r\n"), Stop);
                string? line;
                do
                    line = await reader.ReadLineAsync(Stop);
                while (line is not null && !line.StartsWith(tag, StringComparison.Ordinal));
                line.ShouldNotBeNull().ShouldStartWith($"{tag} OK");
            }
        }
    }

    /// <summary>A stream in which some words of the server cannot be recognised.</summary>
    sealed class Hiding(Stream inner, string[] words) : Stream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            foreach (var word in words.Select(Encoding.ASCII.GetBytes))
            {
                var span = buffer.Span[..count];
                for (int at; (at = span.IndexOf(word)) >= 0; span = span[(at + word.Length)..])
                    span[at] = (byte)'X';
            }
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
