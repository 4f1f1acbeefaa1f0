using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Conversations with servers as they are: what the client says is checked to the letter, what the server says is played back, whole and byte by byte.</summary>
public class ImapClientTests
{
    sealed class RealClock : TimeProvider;

    static readonly TimeProvider Clock = new RealClock();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static ImapServer Server(double seconds = 20, MailSecurity security = MailSecurity.None) =>
        new("localhost", 143, "ann") { Password = "secret", Security = security, AllowPlainPassword = true, Timeout = TimeSpan.FromSeconds(seconds), TrustedRoot = ReplayServer.Certificate };

    static Task<ImapClient> Open(Conversation with, ImapServer? server = null) => ImapClient.OpenAsync(server ?? Server(), with, Clock, Stop);

    const string SignIn = """
        S: * OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+] hi
        C: A0001 LOGIN "ann" "secret"
        S: A0001 OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+] in

        """;

    const string Select = SignIn + """
        C: A0002 SELECT "INBOX"
        S: * FLAGS (\Answered \Seen)
        S: * 3 EXISTS
        S: * 0 RECENT
        S: * OK [UIDVALIDITY 77] UIDs valid
        S: * OK [UIDNEXT 105] next
        S: A0002 OK [READ-WRITE] done

        """;

    static async Task<(ImapClient, Conversation)> Selected(string more, int chunk = 0, ImapServer? server = null)
    {
        var with = new Conversation(Select + more, chunk);
        var client = await Open(with, server);
        var opened = await client.SelectAsync("INBOX", cancel: Stop);
        opened.ShouldBe(new ImapSelected(77, 105, 3, false));
        return (client, with);
    }

    // What five kinds of servers say for the same things, in their own order and spelling.
    public static TheoryData<string, string> Kinds() => new()
    {
        {
            "Dovecot", """
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=LOGIN] Dovecot (Debian) ready.
            C: A0001 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
            S: * CAPABILITY IMAP4rev1 SASL-IR IDLE UIDPLUS MOVE LITERAL+ SPECIAL-USE
            S: A0001 OK Logged in
            C: A0002 SELECT "INBOX"
            S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
            S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * OK [UNSEEN 1] First unseen.
            S: * OK [UIDVALIDITY 1700000000] UIDs valid
            S: * OK [UIDNEXT 9] Predicted next UID
            S: * OK [HIGHESTMODSEQ 12] Highest
            S: A0002 OK [READ-WRITE] Select completed (0.001 + 0.000 secs).
            C: A0003 UID SEARCH UID 5:*
            S: * SEARCH 8 5
            S: A0003 OK Search completed (0.001 + 0.000 secs).
            C: A0004 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 1 FETCH (UID 5 FLAGS (\Recent) INTERNALDATE "22-Nov-2026 01:02:03 +0100" RFC822.SIZE 13 BODY[] {13}
            S: From: a@b.c
            S| )
            S: A0004 OK Fetch completed.

            """
        },
        {
            "Gmail", """
            S: * OK Gimap ready for requests from 192.0.2.1 x1
            C: A0001 CAPABILITY
            S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN
            S: A0001 OK Thats all she wrote! x1
            C: A0002 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
            S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT
            S: A0002 OK ann authenticated (Success)
            C: A0003 SELECT "INBOX"
            S: * FLAGS (\Answered \Flagged \Draft \Deleted \Seen $NotPhishing $Phishing)
            S: * OK [UIDVALIDITY 1700000000] UIDs valid.
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * OK [UIDNEXT 9] Predicted next UID.
            S: A0003 OK [READ-WRITE] INBOX selected. (Success)
            C: A0004 UID SEARCH UID 5:*
            S: * SEARCH 5 8
            S: A0004 OK SEARCH completed (Success)
            C: A0005 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 2 FETCH (FLAGS (\Seen) UID 8)
            S: * 1 FETCH (UID 5 RFC822.SIZE 13 INTERNALDATE "22-Nov-2026 01:02:03 +0100" FLAGS (\Recent) BODY[] {13}
            S: From: a@b.c
            S| )
            S: A0005 OK Success

            """
        },
        {
            "Exchange", """
            S: * OK The Microsoft Exchange IMAP4 service is ready.
            C: A0001 CAPABILITY
            S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 UIDPLUS ID CHILDREN IDLE NAMESPACE LITERAL+
            S: A0001 OK CAPABILITY completed.
            C: A0002 AUTHENTICATE PLAIN
            S: +
            C: AGFubgBzZWNyZXQ=
            S: A0002 OK AUTHENTICATE completed.
            C: A0003 CAPABILITY
            S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE ID CHILDREN IDLE NAMESPACE LITERAL+
            S: A0003 OK CAPABILITY completed.
            C: A0004 SELECT "INBOX"
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $MDNSent)
            S: * OK [PERMANENTFLAGS (\Seen \Answered)] Permanent flags
            S: * OK [UIDVALIDITY 1700000000] UIDVALIDITY value
            S: * OK [UIDNEXT 9] The next unique identifier value
            S: A0004 OK [READ-WRITE] SELECT completed.
            C: A0005 UID SEARCH UID 5:*
            S: * SEARCH 5 8
            S: A0005 OK SEARCH completed.
            C: A0006 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 1 FETCH (BODY[] {13}
            S: From: a@b.c
            S|  FLAGS (\Recent) INTERNALDATE "22-Nov-2026 01:02:03 +0100" RFC822.SIZE 999 UID 5)
            S: A0006 OK FETCH completed.

            """
        },
        {
            "Courier", """
            S: * OK [CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT SORT QUOTA IDLE ACL] Courier-IMAP ready. Copyright 1998-2018. See COPYING.
            C: A0001 LOGIN "ann" "secret"
            S: A0001 OK LOGIN Ok.
            C: A0002 CAPABILITY
            S: * CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE ACL
            S: A0002 OK CAPABILITY completed
            C: A0003 SELECT "INBOX"
            S: * FLAGS (\Draft \Answered \Flagged \Deleted \Seen \Recent)
            S: * OK [PERMANENTFLAGS (\* \Draft)] Limited
            S: * 2 EXISTS
            S: * 0 RECENT
            S: * OK [UIDVALIDITY 1700000000] Ok
            S: * OK [MYRIGHTS "acdilrsw"] ACL
            S: A0003 OK [READ-WRITE] Ok
            C: A0004 UID SEARCH UID 5:*
            S: * SEARCH 5 8
            S: A0004 OK SEARCH done.
            C: A0005 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 1 FETCH (UID 5 FLAGS (\Recent) INTERNALDATE "22-Nov-2026 01:02:03 +0100" RFC822.SIZE 13 BODY[] {13}
            S: From: a@b.c
            S| )
            S: A0005 OK FETCH completed.

            """
        },
        {
            "Zimbra", """
            S: * OK zimbra IMAP4rev1 server ready
            C: A0001 CAPABILITY
            S: * capability IMAP4rev1 ACL BINARY CATENATE CHILDREN CONDSTORE ENABLE ESEARCH ID IDLE LITERAL+ LOGIN-REFERRALS UIDPLUS UNSELECT WITHIN XLIST AUTH=PLAIN SASL-IR
            S: A0001 ok completed
            C: A0002 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
            S: A0002 OK [CAPABILITY IMAP4rev1 IDLE LITERAL+ UIDPLUS] AUTHENTICATE completed
            C: A0003 SELECT "INBOX"
            S: * 2 EXISTS
            S: * 1 RECENT
            S: * OK [UIDVALIDITY 1700000000] UIDs are valid for this mailbox
            S: * OK [UIDNEXT 9] next expected UID is 9
            S: * FLAGS (\Answered \Deleted \Draft \Flagged \Seen $Forwarded)
            S: A0003 OK [READ-WRITE] SELECT completed
            C: A0004 UID SEARCH UID 5:*
            S: * SEARCH 5
            S: * SEARCH 8
            S: A0004 OK SEARCH completed
            C: A0005 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 1 FETCH (UID 5 INTERNALDATE "22-Nov-2026 01:02:03 +0100" FLAGS (\Recent) RFC822.SIZE 13 BODY[] "From: a@b.c  ")
            S: A0005 OK FETCH completed

            """
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_message_comes_out_of_every_kind_of_server(string kind, string script)
    {
        foreach (var chunk in new[] { 0, 1, 7 })
        {
            var with = new Conversation(script, chunk);
            await using var client = await Open(with);
            (await client.SelectAsync("INBOX", cancel: Stop)).ShouldSatisfyAllConditions(s => s.UidValidity.ShouldBe(1_700_000_000u), s => s.Exists.ShouldBe(2));
            (await client.SearchAsync(5, Stop)).ShouldBe([5u, 8u], kind);
            using var sink = new MemoryStream();
            var fetched = (await client.FetchAsync(5, sink, cancel: Stop)).ShouldNotBeNull();
            Encoding.ASCII.GetString(sink.ToArray()).TrimEnd().ShouldBe("From: a@b.c");
            fetched.Bytes.ShouldBe(13);
            fetched.Info.Flags.ShouldBe(["\\Recent"]);
            fetched.Info.Received.ShouldBe(new DateTimeOffset(2026, 11, 22, 1, 2, 3, TimeSpan.FromHours(1)));
            with.Check();
        }
    }

    [Theory]
    [InlineData("S: A0001 NO [AUTHENTICATIONFAILED] Authentication failed.", ImapFault.WrongPassword)]
    [InlineData("S: A0001 NO LOGIN failed.", ImapFault.WrongPassword)]
    [InlineData("S: A0001 NO [ALERT] Invalid credentials (Failure)", ImapFault.WrongPassword)]
    [InlineData("S: A0001 NO [UNAVAILABLE] Temporary authentication failure.", ImapFault.Throttled)]
    [InlineData("S: A0001 NO [ALERT] Too many simultaneous connections. (Failure)", ImapFault.Throttled)]
    [InlineData("S: * BYE Maximum number of connections from user+IP exceeded", ImapFault.Throttled)]
    [InlineData("S: * BYE Server shutting down.", ImapFault.Closed)]
    [InlineData("S: A0001 BAD Command Argument Error.", ImapFault.NotUnderstood)]
    [InlineData("S: A0001 NO \u0001\u001b[31m", ImapFault.WrongPassword)]
    [InlineData("S: HTTP/1.1 400 Bad Request", ImapFault.NotUnderstood)]
    [InlineData("S: + go on", ImapFault.NotUnderstood)]
    [InlineData("S: A0001 BYE what", ImapFault.NotUnderstood)]
    [InlineData("EOF", ImapFault.Closed)]
    public async Task A_refused_sign_in_says_why(string answer, ImapFault fault)
    {
        var with = new Conversation($"S: * OK [CAPABILITY IMAP4rev1] hi\nC: A0001 LOGIN \"ann\" \"secret\"\n{answer}\nEOF\n");
        var e = await Should.ThrowAsync<ImapException>(() => Open(with));
        e.Fault.ShouldBe(fault, e.Message);
        e.Message.Any(char.IsControl).ShouldBeFalse();
        e.Message.ShouldNotContain("secret");
        with.Check();
    }

    [Theory]
    [InlineData("S: * BYE Too many connections", ImapFault.Throttled)]
    [InlineData("S: * BYE Autologout", ImapFault.Closed)]
    [InlineData("S: 220 smtp.example ESMTP", ImapFault.NotUnderstood)]
    [InlineData("S: * 5 EXISTS", ImapFault.NotUnderstood)]
    [InlineData("EOF", ImapFault.Closed)]
    public async Task A_bad_greeting_says_why(string greeting, ImapFault fault)
    {
        var with = new Conversation(greeting + "\n");
        (await Should.ThrowAsync<ImapException>(() => Open(with))).Fault.ShouldBe(fault);
        with.Check();
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        (await Should.ThrowAsync<ImapException>(() => Open(new Conversation("WAIT\n"), Server(0.2)))).Fault.ShouldBe(ImapFault.TimedOut);
        using var cancel = new CancellationTokenSource(50);
        await Should.ThrowAsync<OperationCanceledException>(() => ImapClient.OpenAsync(Server(), new Conversation("WAIT\n"), Clock, cancel.Token));
    }

    [Theory]
    [InlineData("S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\n")]
    [InlineData("S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\n")]
    [InlineData("S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: A0001 STARTTLS\nS: A0001 OK go\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\n")]
    public async Task Without_tls_no_password_is_sent(string script)
    {
        var with = new Conversation(script);
        (await Should.ThrowAsync<ImapException>(() => Open(with, Server(security: MailSecurity.StartTls)))).Fault.ShouldBe(ImapFault.NotSecure);
        with.Check();
        var plain = new Conversation("S: * OK [CAPABILITY IMAP4rev1] hi\n");
        (await Should.ThrowAsync<ImapException>(() => Open(plain, Server() with { AllowPlainPassword = false }))).Fault.ShouldBe(ImapFault.NotSecure);
        plain.Check();
        var disabled = new Conversation("S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\n");
        (await Should.ThrowAsync<ImapException>(() => Open(disabled))).Fault.ShouldBe(ImapFault.NotSecure);
        disabled.Check();
    }

    [Fact]
    public async Task A_foreign_certificate_gets_no_password_and_a_good_one_does()
    {
        string[] script = [ReplayServer.Tls, "* OK [CAPABILITY IMAP4rev1] hi", "A0001 OK [CAPABILITY IMAP4rev1] in", "* BYE\r\nA0002 OK bye"];
        await using (var server = new ReplayServer(script))
        {
            var client = await ImapClient.ConnectAsync(Server(security: MailSecurity.Tls) with { Port = server.Port }, Clock, Stop);
            await client.LeaveAsync(Stop);
            (await server.SaidAsync()).ShouldBe("A0001 LOGIN \"ann\" \"secret\"\r\nA0002 LOGOUT\r\n");
        }
        foreach (var wrong in new[] { Server(security: MailSecurity.Tls) with { TrustedRoot = null }, Server(security: MailSecurity.Tls) with { Host = "127.0.0.1" } })
        {
            await using var server = new ReplayServer(script);
            (await Should.ThrowAsync<ImapException>(() => ImapClient.ConnectAsync(wrong with { Port = server.Port }, Clock, Stop))).Fault.ShouldBe(ImapFault.NotTrusted);
            (await server.SaidAsync()).ShouldBe("");
        }
        await using (var server = new ReplayServer("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi", "A0001 OK go", ReplayServer.Tls, "* CAPABILITY IMAP4rev1\r\nA0002 OK", "A0003 OK [CAPABILITY IMAP4rev1] in"))
        {
            await using var client = await ImapClient.ConnectAsync(Server(security: MailSecurity.StartTls) with { Port = server.Port }, Clock, Stop);
            client.IsClosed.ShouldBeFalse();
        }
        int port;
        await using (var server = new ReplayServer("x"))
            port = server.Port;
        (await Should.ThrowAsync<ImapException>(() => ImapClient.ConnectAsync(Server() with { Port = port }, Clock, Stop))).Fault.ShouldBe(ImapFault.NoConnection);
    }

    [Fact]
    public async Task Tokens_are_fresh_and_their_refusal_is_heard_to_the_end()
    {
        var asked = 0;
        var server = Server() with { Password = null, AccessToken = _ => Task.FromResult($"token{++asked}") };
        var good = new Conversation($"""
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi
            C: A0001 AUTHENTICATE XOAUTH2 {Convert.ToBase64String("user=ann\u0001auth=Bearer token1\u0001\u0001"u8)}
            S: A0001 OK [CAPABILITY IMAP4rev1] in

            """);
        await using (await Open(good, server))
            good.Check();
        var bad = new Conversation($"""
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi
            C: A0001 AUTHENTICATE XOAUTH2 {Convert.ToBase64String("user=ann\u0001auth=Bearer token2\u0001\u0001"u8)}
            S: + eyJzdGF0dXMiOiI0MDAifQ==
            C: 
            S: A0001 NO AUTHENTICATE failed.

            """);
        (await Should.ThrowAsync<ImapException>(() => Open(bad, server))).Fault.ShouldBe(ImapFault.WrongPassword);
        bad.Check();
        var bearer = new Conversation($"""
            S: * OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2] hi
            C: A0001 AUTHENTICATE OAUTHBEARER
            S: +
            C: {Convert.ToBase64String("n,a=ann,\u0001host=localhost\u0001port=143\u0001auth=Bearer token3\u0001\u0001"u8)}
            S: + eyJzdGF0dXMiOiI0MDAifQ==
            C: AQ==
            S: A0001 NO no

            """);
        (await Should.ThrowAsync<ImapException>(() => Open(bearer, server))).Fault.ShouldBe(ImapFault.WrongPassword);
        bearer.Check();
    }

    [Fact]
    public async Task Names_and_passwords_go_as_they_are_in_quotes_or_as_literals()
    {
        var with = new Conversation("""
            S: * OK [CAPABILITY IMAP4rev1] hi
            C: A0001 LOGIN "a\"n\\n" {7}
            S: + go
            C: pÃ¤ssÃ¶
            S: A0001 OK [CAPABILITY IMAP4rev1 LITERAL-] in
            C: A0002 SELECT "Entw&APw-rfe & more"
            S: * OK [UIDVALIDITY 1]
            S: A0002 OK [READ-ONLY] done

            """.Replace("& more", "&- more"));
        await using var client = await Open(with, new ImapServer("localhost", 143, "a\"n\\n") { Password = "pässö", Security = MailSecurity.None, AllowPlainPassword = true });
        (await client.SelectAsync("Entwürfe & more", cancel: Stop)).IsReadOnly.ShouldBeTrue();
        with.Check();
    }

    [Theory]
    [InlineData("a\r\nA9 DELETE x")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public async Task No_value_can_become_a_second_command(string evil)
    {
        var with = new Conversation(Select);
        await using var client = await Open(with);
        await client.SelectAsync("INBOX", cancel: Stop);
        await Should.ThrowAsync<ArgumentException>(() => client.SelectAsync(new ImapFolder(evil, evil, '/', []), cancel: Stop));
        await Should.ThrowAsync<ArgumentException>(() => client.FlagAsync([1], true, [evil], Stop));
        await Should.ThrowAsync<ArgumentException>(() => Open(new Conversation("S: * OK [CAPABILITY IMAP4rev1] hi\n"), Server() with { Password = evil }));
        // A name for people is encoded: whatever it is, it is one word on one line.
        ImapNames.Encode(evil).ShouldAllBe(c => c >= ' ' && c <= '~');
        with.Check();
    }

    [Fact]
    public async Task Folders_are_listed_with_names_for_people()
    {
        var with = new Conversation(SignIn + """
            C: A0002 LIST "" "*"
            S: * LIST (\HasNoChildren) "/" INBOX
            S: * LIST (\Noselect \HasChildren) "/" "[Gmail]"
            S: * LIST (\HasNoChildren \Trash) "/" "[Gmail]/Papierkorb &AOQ-"
            S: * LIST () NIL {5}
            S| a"b\c
            S: * LIST (\HasNoChildren) "." "Ã¼ber"
            S: * LIST
            S: * LIST (broken "/" x
            S: A0002 OK done

            """);
        await using var client = await Open(with);
        var folders = await client.ListAsync(cancel: Stop);
        folders.Select(f => f.Name).ShouldBe(["INBOX", "[Gmail]", "[Gmail]/Papierkorb ä", "a\"b\\c", "über"]);
        folders.Select(f => f.CanSelect).ShouldBe([true, false, true, true, true]);
        folders[2].Attributes.ShouldContain("\\Trash");
        folders[3].Delimiter.ShouldBeNull();
        with.Check();
    }

    [Theory]
    [InlineData("S: A0002 NO [NONEXISTENT] Unknown Mailbox: Gone (now in authenticated state) (Failure)", ImapFault.NoSuchFolder)]
    [InlineData("S: A0002 NO Mailbox doesn't exist: Gone", ImapFault.NoSuchFolder)]
    [InlineData("S: A0002 NO [INUSE] locked", ImapFault.Throttled)]
    [InlineData("S: A0002 BAD User is authenticated but not connected.", ImapFault.Throttled)]
    [InlineData("S: * OK [UIDVALIDITY 0] x\nS: A0002 OK done", ImapFault.NotUnderstood)]
    [InlineData("S: A0002 OK done", ImapFault.NotUnderstood)]
    public async Task A_folder_that_cannot_be_opened_says_why(string answer, ImapFault fault)
    {
        var with = new Conversation($"{SignIn}C: A0002 SELECT \"Gone\"\n{answer}\n");
        await using var client = await Open(with);
        (await Should.ThrowAsync<ImapException>(() => client.SelectAsync("Gone", cancel: Stop))).Fault.ShouldBe(fault);
        with.Check();
    }

    const string Fetch = "C: A0003 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])\n";

    [Fact]
    public async Task What_comes_unasked_is_heard_and_confuses_nothing()
    {
        var (client, with) = await Selected(Fetch + """
            S: * 4 EXISTS
            S: * 2 FETCH (FLAGS (\Seen) UID 9)
            S: * OK Still here
            S: * 1 EXPUNGE
            S: * CAPABILITY IMAP4rev1
            S: * OK [ALERT] Disk is full soon
            S: * LIST (\Noselect) "/" "body[] {3}"
            S: * 1 FETCH (UID 5 FLAGS () RFC822.SIZE 3 BODY[] {3}
            S| abc)
            S: * 1 FETCH (FLAGS (\Seen))
            S: A0003 OK done {4}
            C: A0004 UID FETCH 6 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: A0004 OK nothing there
            C: A0005 NOOP
            S: * 9 EXISTS
            S: A0005 OK

            """, chunk: 3);
        using var sink = new MemoryStream();
        (await client.FetchAsync(5, sink, cancel: Stop)).ShouldNotBeNull().Bytes.ShouldBe(3);
        client.Exists.ShouldBe(3);
        client.Alert.ShouldBe("Disk is full soon");
        (await client.FetchAsync(6, sink, cancel: Stop)).ShouldBeNull();
        await client.PingAsync(Stop);
        client.Exists.ShouldBe(9);
        with.Check();
    }

    [Fact]
    public async Task A_message_without_content_and_one_that_is_too_long_are_told()
    {
        var (client, with) = await Selected(Fetch + """
            S: * 1 FETCH (UID 5 FLAGS () RFC822.SIZE 3 BODY[] NIL)
            S: A0003 OK done
            C: A0004 UID FETCH 5 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
            S: * 1 FETCH (UID 5 BODY[] {10}
            S| 0123456789)
            S: A0004 OK done

            """);
        using var sink = new MemoryStream();
        (await client.FetchAsync(5, sink, cancel: Stop)).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
        var cut = (await client.FetchAsync(5, sink, 4, Stop)).ShouldNotBeNull();
        (cut.Bytes, cut.IsCut).ShouldBe((4L, true));
        Encoding.ASCII.GetString(sink.ToArray()).ShouldBe("0123");
        client.IsClosed.ShouldBeFalse();
        with.Check();
    }

    [Theory]
    [InlineData("S: * 1 FETCH (UID 6 BODY[] {3}\nS| abc)\nS: A0003 OK", ImapFault.NotUnderstood)]
    [InlineData("S: * 1 FETCH (BODY[] {3}\nS| abc)\nS: A0003 OK", ImapFault.NotUnderstood)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {3}\nS| abc)\nS: * 1 FETCH (UID 5 BODY[] {3}\nS| abc)\nS: A0003 OK", ImapFault.NotUnderstood)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {99999999999}\nS| abc", ImapFault.TooLarge)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {99999999999999999999999}\nS| abc", ImapFault.TooLarge)]
    [InlineData("S: * 1 FETCH (UID 5 X {99999999}\nS| abc", ImapFault.TooLarge)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {3}\nS| abcdef)\nS: A0003 OK\nS: rubbish", ImapFault.NotUnderstood)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {300}\nS| abc)\nS: A0003 OK\nEOF", ImapFault.Closed)]
    [InlineData("S: * 1 FETCH (UID 5 BODY[] {300}\nS| abc)\nS: A0003 OK\nWAIT", ImapFault.TimedOut)]
    [InlineData("S: * BYE Too many connections\nEOF", ImapFault.Throttled)]
    [InlineData("S: * BYE\nEOF", ImapFault.Closed)]
    [InlineData("S: A0003 NO [UNAVAILABLE] later", ImapFault.Throttled)]
    [InlineData("S: A0003 NO cannot", ImapFault.Refused)]
    [InlineData("S: A0003 MAYBE", ImapFault.NotUnderstood)]
    [InlineData("S: ", ImapFault.TimedOut)]
    public async Task A_fetch_that_goes_wrong_says_why(string answer, ImapFault fault)
    {
        var (client, with) = await Selected($"{Fetch}{answer}\nWAIT\n", server: Server(1.5));
        using var sink = new MemoryStream();
        // More than was announced comes as words of no command, in this answer or the next.
        var e = await Should.ThrowAsync<ImapException>(async () =>
        {
            await client.FetchAsync(5, sink, cancel: Stop);
            await client.PingAsync(Stop);
        });
        e.Fault.ShouldBe(fault, e.Message);
        if (fault is not (ImapFault.Refused or ImapFault.Throttled))
        {
            client.IsClosed.ShouldBeTrue();
            await Should.ThrowAsync<ImapException>(() => client.SearchAsync(cancel: Stop));
        }
    }

    [Fact]
    public async Task A_server_that_talks_without_end_is_given_up()
    {
        var endless = "S: * " + new string('x', 200_000) + "\n";
        var (client, _) = await Selected($"{Fetch}{endless}", server: Server() with { AnswerBytes = 100_000 });
        (await Should.ThrowAsync<ImapException>(() => client.FetchAsync(5, Stream.Null, cancel: Stop))).Fault.ShouldBe(ImapFault.TooLarge);
        var many = string.Concat(Enumerable.Repeat("S: * 1 FETCH (FLAGS (\\Seen) UID 9)\n", 2_000));
        (client, _) = await Selected($"{Fetch}{many}", server: Server() with { CommandBytes = 50_000 });
        (await Should.ThrowAsync<ImapException>(() => client.FetchAsync(5, Stream.Null, cancel: Stop))).Fault.ShouldBe(ImapFault.TooLarge);
    }

    [Fact]
    public async Task The_callers_own_stream_may_fail_and_says_so_itself()
    {
        var (client, _) = await Selected(Fetch + "S: * 1 FETCH (UID 5 BODY[] {3}\nS| abc)\nS: A0003 OK\n");
        using var full = new MemoryStream(new byte[1], writable: true);
        await Should.ThrowAsync<NotSupportedException>(() => client.FetchAsync(5, full, cancel: Stop));
        client.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Size_and_flags_are_told_for_those_that_are_there()
    {
        var (client, with) = await Selected("""
            C: A0003 UID FETCH 1:3,7 (UID FLAGS INTERNALDATE RFC822.SIZE)
            S: * 1 FETCH (UID 1 FLAGS (\Seen $X) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286)
            S: * 4 FETCH (FLAGS (\Seen) UID 7)
            S: * 3 FETCH (UID 3 RFC822.SIZE 12 FLAGS () INTERNALDATE " 7-Jul-1996 02:44:25 -0700" ENVELOPE ("UID" NIL (("a" NIL "b" "c"))))
            S: A0003 OK

            """);
        var infos = await client.InfoAsync([7, 1, 3, 2, 1], Stop);
        infos.Select(i => i.Uid).Distinct().ShouldBe([1u, 3u]);
        infos[0].ShouldSatisfyAllConditions(i => i.Size.ShouldBe(4286), i => i.Flags.ShouldBe(["\\Seen", "$X"]), i => i.Received.ShouldBe(new DateTimeOffset(1996, 7, 17, 2, 44, 25, TimeSpan.FromHours(-7))));
        with.Check();
    }

    [Theory]
    [InlineData("MOVE UIDPLUS", "C: A0003 UID MOVE 5:6 \"Done\"\nS: * OK [COPYUID 1 5:6 1:2] x\nS: * 1 EXPUNGE\nS: A0003 OK\n", ImapMoved.Moved)]
    [InlineData("UIDPLUS", "C: A0003 UID COPY 5:6 \"Done\"\nS: A0003 OK [COPYUID 1 5:6 1:2]\nC: A0004 UID STORE 5:6 +FLAGS.SILENT (\\Deleted)\nS: A0004 OK\nC: A0005 UID EXPUNGE 5:6\nS: A0005 OK\n", ImapMoved.CopiedAndRemoved)]
    [InlineData("X", "C: A0003 UID COPY 5:6 \"Done\"\nS: A0003 OK\nC: A0004 UID STORE 5:6 +FLAGS.SILENT (\\Deleted)\nS: A0004 OK\n", ImapMoved.CopiedAndMarked)]
    public async Task Messages_are_put_away_with_what_the_server_offers(string offers, string more, ImapMoved how)
    {
        var with = new Conversation(Select.Replace("A0001 OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+] in", $"A0001 OK [CAPABILITY IMAP4rev1 {offers}] in") + more);
        await using var client = await Open(with);
        await client.SelectAsync("INBOX", cancel: Stop);
        (await client.MoveAsync([6, 5], "Done", Stop)).ShouldBe(how);
        with.Check();
    }

    [Fact]
    public async Task A_copy_that_fails_marks_nothing_as_deleted()
    {
        var with = new Conversation(Select.Replace("UIDPLUS MOVE LITERAL+] in", "UIDPLUS] in") + "C: A0003 UID COPY 5 \"Done\"\nS: A0003 NO [TRYCREATE] no such folder\n");
        await using var client = await Open(with);
        await client.SelectAsync("INBOX", cancel: Stop);
        (await Should.ThrowAsync<ImapException>(() => client.MoveAsync([5], "Done", Stop))).Fault.ShouldBe(ImapFault.NoSuchFolder);
        client.IsClosed.ShouldBeFalse();
        with.Check();
    }

    [Fact]
    public async Task A_message_is_put_into_a_folder_as_it_is()
    {
        var with = new Conversation(SignIn.Replace("LITERAL+] in", "] in") + """
            C: A0002 APPEND "Sent" (\Seen) {6}
            S: + go
            C: a
            C: b
            C: 
            S: A0002 OK [APPENDUID 38505 3955] done
            C: A0003 APPEND "Full" () {1}
            S: A0003 NO [OVERQUOTA] full

            """);
        await using var client = await Open(with);
        (await client.AppendAsync("Sent", "a\r\nb\r\n"u8.ToArray(), ["\\Seen"], Stop)).ShouldBe(3955u);
        (await Should.ThrowAsync<ImapException>(() => client.AppendAsync("Full", "x"u8.ToArray(), [], Stop))).Fault.ShouldBe(ImapFault.Throttled);
        with.Check();
    }

    [Fact]
    public async Task Idle_ends_when_something_comes_and_is_renewed_when_nothing_does()
    {
        var (client, with) = await Selected("""
            C: A0003 IDLE
            S: + idling
            S: * OK Still here
            S: * 3 EXISTS
            S: * 4 EXISTS
            C: DONE
            S: A0003 OK Idle completed
            C: A0004 IDLE
            S: + idling
            C: DONE
            S: * 4 EXISTS
            S: A0004 OK
            C: A0005 IDLE
            S: A0005 BAD no IDLE here
            C: A0006 NOOP
            S: * 5 EXISTS
            S: A0006 OK

            """);
        (await client.WaitAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), Stop)).ShouldBeTrue();
        (await client.WaitAsync(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(30), Stop)).ShouldBeFalse();
        // What is offered and refused is done by asking.
        (await client.WaitAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.05), Stop)).ShouldBeTrue();
        client.Exists.ShouldBe(5);
        with.Check();
    }

    [Fact]
    public async Task A_server_of_the_newer_version_finds_in_ranges()
    {
        var (client, with) = await Selected("""
            C: A0003 UID SEARCH UID 4:*
            S: * ESEARCH (TAG "A0003") UID MIN 2 MAX 21 ALL 2,17:15,4:6,21 COUNT 8
            S: A0003 OK
            C: A0004 UID SEARCH UID 4:*
            S: * ESEARCH (TAG "A0004") UID
            S: A0004 OK
            C: A0005 UID SEARCH UID 1:*
            S: * ESEARCH (TAG "A0005") UID ALL 1:4294967295
            S: A0005 OK

            """);
        (await client.SearchAsync(4, Stop)).ShouldBe([4u, 5u, 6u, 15u, 16u, 17u, 21u]);
        (await client.SearchAsync(4, Stop)).ShouldBeEmpty();
        (await Should.ThrowAsync<ImapException>(() => client.SearchAsync(cancel: Stop))).Fault.ShouldBe(ImapFault.TooLarge);
        with.Check();
    }

    [Theory]
    [InlineData("Entwürfe", "Entw&APw-rfe")]
    [InlineData("A & B", "A &- B")]
    [InlineData("日本語", "&ZeVnLIqe-")]
    [InlineData("台北/日本語", "&U,BTFw-/&ZeVnLIqe-")]
    [InlineData("😀", "&2D3eAA-")]
    public void Folder_names_are_written_in_modified_utf_7(string name, string wire)
    {
        ImapNames.Encode(name).ShouldBe(wire);
        ImapNames.Decode(wire).ShouldBe(name);
    }

    [Theory]
    [InlineData("&")]
    [InlineData("a&b")]
    [InlineData("&!!-")]
    public void What_is_no_modified_utf_7_stays(string wire) => ImapNames.Decode(wire).ShouldBe(wire);

    [Fact]
    public async Task Damaged_answers_end_in_faults_and_nothing_else()
    {
        var script = Select + Fetch + "S: * 1 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE \"22-Nov-2026 01:02:03 +0100\" RFC822.SIZE 3 BODY[] {3}\nS| abc)\nS: A0003 OK done\nEOF\n";
        var random = new Random(5);
        string[] pieces = ["{", "}", "{3}", "{99}", "\"", "(", ")", "\\", "[", "]", "*", "+", "A0003 OK", "NIL", "BODY[]", "\u0000", "\u00FF", "\r", " "];
        for (var i = 0; i < 600; i++)
        {
            var with = new Conversation(script, random.Next(4), bytes =>
            {
                var list = new List<byte>(bytes);
                for (var n = random.Next(3); n > 0 && list.Count > 0; n--)
                {
                    var at = random.Next(list.Count);
                    if (random.Next(2) == 0)
                        list[at] = (byte)random.Next(256);
                    else
                        list.InsertRange(at, Encoding.Latin1.GetBytes(pieces[random.Next(pieces.Length)]));
                }
                return [.. list];
            });
            try
            {
                await using var client = await Open(with, Server(0.05));
                await client.SelectAsync("INBOX", cancel: Stop);
                await client.FetchAsync(5, Stream.Null, cancel: Stop);
            }
            catch (ImapException)
            {
                // The only thing that may come out.
            }
        }
    }

    [Fact]
    public void Pauses_grow_and_have_an_end()
    {
        ImapPauses.After(1, ImapFault.Closed).ShouldBe(TimeSpan.FromSeconds(2));
        ImapPauses.After(3, ImapFault.Closed).ShouldBe(TimeSpan.FromSeconds(8));
        ImapPauses.After(1_000, ImapFault.Closed).ShouldBe(TimeSpan.FromSeconds(60));
        ImapPauses.After(1, ImapFault.WrongPassword).ShouldBe(TimeSpan.FromMinutes(5));
        ImapPauses.After(1_000, ImapFault.WrongPassword).ShouldBe(TimeSpan.FromMinutes(60));
    }
}

/// <summary>A server that follows a script. "S: " says a line, "S| " says what stands there without a line end when the next line is "S| " or begins with it,
/// "C: " demands a line, EOF closes, WAIT says nothing more.</summary>
sealed class Conversation : Stream
{
    readonly Queue<(char Who, byte[] Bytes)> _steps = new();
    readonly int _chunk;
    readonly SemaphoreSlim _news = new(0);
    readonly Lock _lock = new();
    readonly Queue<byte> _out = new();
    readonly List<byte> _in = [];
    string? _problem;
    bool _closed;

    public Conversation(string script, int chunk = 0, Func<byte[], byte[]>? damage = null)
    {
        _chunk = chunk;
        foreach (var line in script.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line is "EOF" or "WAIT")
                _steps.Enqueue((line[0], []));
            else if (line.StartsWith('S'))
            {
                // "S| abc)" is content and what follows it on the same line of the protocol.
                var bytes = Encoding.Latin1.GetBytes(line[Math.Min(3, line.Length)..] + "\r\n");
                _steps.Enqueue(('S', damage is null ? bytes : damage(bytes)));
            }
            else if (line.StartsWith('C'))
                _steps.Enqueue(('C', Encoding.Latin1.GetBytes(line[Math.Min(3, line.Length)..] + "\r\n")));
        }
        Play();
    }

    /// <summary>Fails when the client said something else than was demanded, or not all of it.</summary>
    public void Check()
    {
        lock (_lock)
        {
            _problem.ShouldBeNull();
            _steps.ShouldNotContain(s => s.Who == 'C', "The client has not said all.");
            Encoding.Latin1.GetString([.. _in]).ShouldBe("");
        }
    }

    void Play()
    {
        while (_steps.TryPeek(out var step))
        {
            if (step.Who == 'S')
            {
                foreach (var b in step.Bytes)
                    _out.Enqueue(b);
            }
            else if (step.Who == 'C')
            {
                if (_in.Count < step.Bytes.Length)
                    break;
                var said = _in.GetRange(0, step.Bytes.Length).ToArray();
                if (!said.AsSpan().SequenceEqual(step.Bytes))
                {
                    _problem ??= $"Demanded: {Encoding.Latin1.GetString(step.Bytes)} said: {Encoding.Latin1.GetString([.. _in])}";
                    _closed = true;
                    break;
                }
                _in.RemoveRange(0, said.Length);
            }
            else if (step.Who == 'E')
                _closed = true;
            else
                break;
            _steps.Dequeue();
        }
        _news.Release();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_out.Count > 0)
                {
                    var count = Math.Min(Math.Min(_out.Count, buffer.Length), _chunk > 0 ? _chunk : int.MaxValue);
                    for (var i = 0; i < count; i++)
                        buffer.Span[i] = _out.Dequeue();
                    return count;
                }
                if (_closed)
                    return 0;
            }
            await _news.WaitAsync(cancellationToken);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _in.AddRange(buffer.ToArray());
            Play();
        }
        return ValueTask.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
            _closed = true;
        _news.Release();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
