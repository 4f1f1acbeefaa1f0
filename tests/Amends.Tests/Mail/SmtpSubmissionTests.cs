using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Conversations replayed over a loopback socket: the script says what the server says, and the tests see what we said.</summary>
public class SmtpSubmissionTests
{
    static readonly Mailbox Desk = new("desk@example.com"), Ann = new("ann@example.com"), Bob = new("bob@example.com");
    static readonly byte[] Message = "From: desk@example.com\r\nSubject: s\r\n\r\nHello\r\n.\r\n..dots\nbare\rends"u8.ToArray();

    // Sockets wait in real time, so these tests do too.
    sealed class RealClock : TimeProvider;

    static readonly TimeProvider Clock = new RealClock();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static SmtpSubmission Client(ReplayServer server, MailSecurity security = MailSecurity.None, string? user = null, int seconds = 20) =>
        new(new SmtpServer("localhost", server.Port) { Security = security, UserName = user, Password = "secret", Timeout = TimeSpan.FromSeconds(seconds), TrustedRoot = ReplayServer.Certificate }, Clock);

    static readonly string[] Good = ["220 hi", "250-me\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES", "250 2.1.0 ok", "250 2.1.5 ok", "354 go", "250 2.0.0 queued as ABC123", "221 bye"];

    [Fact]
    public async Task A_message_is_handed_over_with_its_dots_stuffed_and_its_lines_ended()
    {
        await using var server = new ReplayServer(Good);
        var outcome = await Client(server).SendAsync(Desk, [Ann], Message, Stop);
        outcome.AllAccepted.ShouldBeTrue();
        outcome.Answer.ShouldBe("queued as ABC123");
        outcome.Recipients[0].EnhancedCode.ShouldBe("2.0.0");
        var said = await server.SaidAsync();
        said.ShouldStartWith("EHLO localhost\r\nMAIL FROM:<desk@example.com> SIZE=");
        said.ShouldContain("RCPT TO:<ann@example.com>\r\nDATA\r\n");
        said.ShouldContain("Hello\r\n..\r\n...dots\r\nbare\r\nends\r\n.\r\nQUIT\r\n");
    }

    [Fact]
    public async Task Each_recipient_has_an_outcome_of_its_own()
    {
        await using var server = new ReplayServer("220 hi", "250 me", "250 ok", "450 4.2.1 greylisted", "250 ok", "550-5.1.1 nobody\r\n550 5.1.1 here", "354 go", "250 ok", "221 bye");
        var outcome = await Client(server).SendAsync(Desk, [Ann, Bob, new Mailbox("no@example.com")], Message, Stop);
        outcome.Recipients.Select(r => $"{r.State} {r.Code} {r.EnhancedCode}").ShouldBe(["Temporary 450 4.2.1", "Accepted 250 ", "Permanent 550 5.1.1"]);
        outcome.Recipients[2].Text.ShouldBe("nobody here");
    }

    [Theory]
    [InlineData("554 5.7.1 no spam", RecipientState.Permanent)]
    [InlineData("451 4.3.0 later", RecipientState.Temporary)]
    public async Task A_refusal_behind_the_data_counts_for_those_who_were_accepted(string answer, RecipientState state)
    {
        await using var server = new ReplayServer([.. Good[..5], answer, "221 bye"]);
        (await Client(server).SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].State.ShouldBe(state);
    }

    [Fact]
    public async Task A_lost_last_answer_is_unknown_not_failed()
    {
        await using var server = new ReplayServer([.. Good[..5], ReplayServer.Drop]);
        var outcome = await Client(server).SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Unknown);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_connection_lost_before_the_data_is_a_reason_to_try_again(int answers)
    {
        await using var server = new ReplayServer([.. Good[..answers], ReplayServer.Drop]);
        (await Client(server).SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].State.ShouldBe(RecipientState.Temporary);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        await using var server = new ReplayServer(ReplayServer.Silence);
        var outcome = await Client(server, seconds: 1).SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Temporary);
        outcome.Recipients[0].Text.ShouldContain("in time");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK")]
    [InlineData("22")]
    [InlineData("999 what")]
    [InlineData("")]
    public async Task A_server_that_speaks_something_else_is_given_up(string greeting)
    {
        await using var server = new ReplayServer(greeting);
        (await Client(server).SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].State.ShouldBe(RecipientState.Temporary);
    }

    [Fact]
    public async Task Nothing_listens_and_nothing_is_lost()
    {
        int port;
        await using (var server = new ReplayServer("220 hi"))
            port = server.Port;
        var outcome = await new SmtpSubmission(new SmtpServer("localhost", port) { Security = MailSecurity.None }, Clock).SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Temporary);
    }

    [Fact]
    public async Task Without_the_offer_of_starttls_no_password_and_no_mail_is_sent()
    {
        await using var server = new ReplayServer("220 hi", "250-me\r\n250 AUTH PLAIN LOGIN", "235 ok", "250 ok", "250 ok");
        var outcome = await Client(server, MailSecurity.StartTls, "user").SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Temporary);
        (await server.SaidAsync()).ShouldBe("EHLO localhost\r\n");
    }

    [Fact]
    public async Task Plain_text_behind_starttls_is_not_believed()
    {
        await using var server = new ReplayServer("220 hi", "250-me\r\n250 STARTTLS", "220 go\r\n250-me\r\n250 AUTH PLAIN");
        var outcome = await Client(server, MailSecurity.StartTls, "user").SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].Text.ShouldContain("behind STARTTLS");
        (await server.SaidAsync()).ShouldBe("EHLO localhost\r\nSTARTTLS\r\n");
    }

    [Fact]
    public async Task Without_tls_no_password_is_sent_unless_allowed()
    {
        await using var server = new ReplayServer("220 hi", "250-me\r\n250 AUTH PLAIN LOGIN", "235 ok");
        var outcome = await Client(server, user: "user").SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].Text.ShouldContain("no password");
        (await server.SaidAsync()).ShouldBe("EHLO localhost\r\n");
    }

    [Fact]
    public async Task Starttls_protects_the_password_and_the_greeting_is_made_anew()
    {
        await using var server = new ReplayServer("220 hi", "250-me\r\n250 STARTTLS", ReplayServer.StartTls, "250-me\r\n250 AUTH LOGIN PLAIN", "235 2.7.0 ok", "250 ok", "250 ok", "354 go", "250 ok", "221 bye");
        (await Client(server, MailSecurity.StartTls, "user").SendAsync(Desk, [Ann], Message, Stop)).AllAccepted.ShouldBeTrue();
        var said = await server.SaidAsync();
        said.ShouldStartWith("EHLO localhost\r\nSTARTTLS\r\nEHLO localhost\r\nAUTH PLAIN " + Convert.ToBase64String("\0user\0secret"u8) + "\r\nMAIL FROM:");
    }

    [Fact]
    public async Task Login_is_used_where_plain_is_not_offered()
    {
        await using var server = new ReplayServer(ReplayServer.Tls, "220 hi", "250-me\r\n250 AUTH=LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "535 5.7.8 wrong");
        var outcome = await Client(server, MailSecurity.Tls, "user").SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Temporary);
        outcome.Recipients[0].Code.ShouldBe(535);
        (await server.SaidAsync()).ShouldContain("AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\n");
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_ends_it()
    {
        await using var server = new ReplayServer(ReplayServer.Tls, "220 hi", "250 me", "250 ok");
        var client = new SmtpSubmission(new SmtpServer("localhost", server.Port) { Security = MailSecurity.Tls, Timeout = TimeSpan.FromSeconds(20) }, Clock);
        var outcome = await client.SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].Text.ShouldStartWith("TLS failed");
        (await server.SaidAsync()).ShouldBe("");
    }

    [Fact]
    public async Task A_certificate_for_another_name_ends_it()
    {
        await using var server = new ReplayServer(ReplayServer.Tls, "220 hi", "250 me", "250 ok");
        var client = new SmtpSubmission(new SmtpServer("127.0.0.1", server.Port) { Security = MailSecurity.Tls, Timeout = TimeSpan.FromSeconds(20), TrustedRoot = ReplayServer.Certificate }, Clock);
        (await client.SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].Text.ShouldStartWith("TLS failed");
    }

    [Fact]
    public async Task A_message_too_large_is_not_begun()
    {
        await using var server = new ReplayServer("220 hi", "250-me\r\n250 SIZE 10", "221 bye");
        var outcome = await Client(server).SendAsync(Desk, [Ann], Message, Stop);
        outcome.Recipients[0].State.ShouldBe(RecipientState.Permanent);
        (await server.SaidAsync()).ShouldNotContain("MAIL");
    }

    [Fact]
    public async Task An_address_beyond_ascii_goes_only_where_it_is_taken()
    {
        await using var server = new ReplayServer("220 hi", "250 me", "250 ok", "250 ok", "354 go", "250 ok", "221 bye");
        var outcome = await Client(server).SendAsync(Desk, [new Mailbox("jörg@example.com"), new Mailbox("ann@bücher.example")], Message, Stop);
        outcome.Recipients.Select(r => r.State).ShouldBe([RecipientState.Permanent, RecipientState.Accepted]);
        (await server.SaidAsync()).ShouldContain("RCPT TO:<ann@xn--bcher-kva.example>\r\n");

        await using var able = new ReplayServer("220 hi", "250-me\r\n250 SMTPUTF8", "250 ok", "250 ok", "354 go", "250 ok", "221 bye");
        (await Client(able).SendAsync(Desk, [new Mailbox("jörg@example.com")], Message, Stop)).AllAccepted.ShouldBeTrue();
        (await able.SaidAsync()).ShouldContain(" SMTPUTF8\r\nRCPT TO:<jörg@example.com>");
    }

    [Theory]
    [InlineData("250-me\r\n250 AUTH XOAUTH2", "235 ok", RecipientState.Accepted)]
    [InlineData("250-me\r\n250 AUTH XOAUTH2 PLAIN", "334 eyJzdGF0dXMiOiI0MDEifQ==", RecipientState.Temporary)]
    [InlineData("250-me\r\n250 AUTH PLAIN LOGIN", "235 ok", RecipientState.Temporary)]
    public async Task A_token_signs_in_where_the_server_takes_one(string offers, string answer, RecipientState state)
    {
        var refused = answer.StartsWith("334", StringComparison.Ordinal);
        await using var server = new ReplayServer(["220 hi", offers, answer, .. refused ? ["535 5.7.3 no", "221 bye"] : new[] { "250 ok", "250 ok", "354 go", "250 ok", "221 bye" }]);
        var asked = 0;
        var client = new SmtpSubmission(new SmtpServer("localhost", server.Port) { Security = MailSecurity.None, UserName = "desk", AllowPlainPassword = true, AccessToken = _ => Task.FromResult($"token{++asked}") }, Clock);
        (await client.SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].State.ShouldBe(state);
        asked.ShouldBe(1);
        if (offers.Contains("XOAUTH2", StringComparison.Ordinal))
            (await server.SaidAsync()).ShouldContain($"AUTH XOAUTH2 {Convert.ToBase64String("user=desk\u0001auth=Bearer token1\u0001\u0001"u8)}\r\n");
    }

    [Fact]
    public async Task No_address_can_become_a_second_command()
    {
        await using var server = new ReplayServer(Good);
        foreach (var evil in new[] { "a\r\nRCPT TO:<x@y.z>@b.c", "\"a\r\nRCPT TO:<x>\"@b.c", "a@b.c>\r\nRCPT TO:<x@y.z", "a b@c.d" })
            Should.Throw<ArgumentException>(() => new Mailbox(evil));
        // An address that a mail brought along, not made by the constructor.
        var read = MailMessage.Read(Encoding.ASCII.GetBytes("From: <a b <c>@d.e>\r\n\r\n")).From;
        foreach (var box in read.Where(b => !b.IsValid))
            await Should.ThrowAsync<ArgumentException>(() => Client(server).SendAsync(Desk, [box], Message, Stop));
        await Should.ThrowAsync<ArgumentException>(() => Client(server).SendAsync(Desk, [], Message, Stop));
        (await server.SaidAsync()).ShouldBe("");
    }

    [Fact]
    public async Task What_the_server_says_is_made_harmless()
    {
        await using var server = new ReplayServer("220 hi", "250 me", "250 ok", $"550 5.1.1 no\u0007\u001b[31m such {new string('x', 3_000)}", "221 bye");
        var text = (await Client(server).SendAsync(Desk, [Ann], Message, Stop)).Recipients[0].Text;
        text.Length.ShouldBeLessThanOrEqualTo(1_000);
        text.Any(char.IsControl).ShouldBeFalse();
    }
}

/// <summary>Answers a script, one answer for each command, and keeps what it was told.</summary>
sealed class ReplayServer : IAsyncDisposable
{
    public const string Drop = "<drop>", Silence = "<silence>", StartTls = "<starttls>", Tls = "<tls>";

    public static X509Certificate2 Certificate { get; } = Create();

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly StringBuilder _said = new();
    readonly CancellationTokenSource _end = new();
    readonly Task _work;

    public ReplayServer(params string[] script)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _work = ServeAsync(script);
    }

    public int Port { get; }

    static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    async Task ServeAsync(string[] script)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            Stream stream = client.GetStream();
            var first = true;
            var data = false;
            foreach (var step in script)
            {
                if (step == Tls)
                {
                    stream = await SecureAsync(stream);
                    continue;
                }
                if (!first)
                    await ReadAsync(stream, data);
                first = false;
                if (step == Drop)
                    return;
                if (step == Silence)
                {
                    await Task.Delay(Timeout.Infinite, _end.Token);
                    return;
                }
                await stream.WriteAsync(Encoding.UTF8.GetBytes((step == StartTls ? "220 go" : step) + "\r\n"), _end.Token);
                if (step == StartTls)
                    stream = await SecureAsync(stream);
                data = step.StartsWith("354", StringComparison.Ordinal);
            }
            // Whatever still comes is kept: it must not be there.
            await ReadAsync(stream, data: false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, as some tests want.
        }
    }

    async Task<Stream> SecureAsync(Stream plain)
    {
        var tls = new SslStream(plain);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _end.Token);
        return tls;
    }

    async Task ReadAsync(Stream stream, bool data)
    {
        var end = data ? "\r\n.\r\n" : "\r\n";
        var text = "";
        var buffer = new byte[4_096];
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, _end.Token);
            if (count == 0)
                throw new IOException("gone");
            text += Encoding.UTF8.GetString(buffer, 0, count);
            _said.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }

    public async Task<string> SaidAsync()
    {
        // The client has gone when this is asked; what is on the way arrives or the connection ends.
        await Task.WhenAny(_work, Task.Delay(500));
        return _said.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _work;
        _end.Dispose();
    }
}
