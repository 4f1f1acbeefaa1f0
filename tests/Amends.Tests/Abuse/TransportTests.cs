using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Amends.Mail;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>A53: servers, or somebody before them, that would have a password by a connection that is not safe. Each records every byte that it is told, before TLS and within it.</summary>
public class TransportTests
{
    const string User = "desk-user-7", Password = "pass-word-93";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public enum Fault
    {
        None,
        NoStartTlsOffered,
        StartTlsRefused,
        PlainTextBehindStartTls,
        AnswersBeforeTheQuestions,
        StartTlsAndThenPlainText,
        SignedInBeforeTls,
        Expired,
        NotYetValid,
        OtherHostName,
        OtherAuthority,
        SelfSigned,
        CertificateForClients,
        OldProtocol,
        PlainTextOnTheTlsPort,
        ClosedInTheHandshake,
        NoWayToSignInWithTls,
    }

    public static TheoryData<bool, MailSecurity, Fault> Faults()
    {
        var all = new TheoryData<bool, MailSecurity, Fault>();
        foreach (var imap in new[] { true, false })
        {
            foreach (var fault in Enum.GetValues<Fault>().Where(f => f != Fault.None))
            {
                var startTlsOnly = fault is Fault.NoStartTlsOffered or Fault.StartTlsRefused or Fault.PlainTextBehindStartTls or Fault.AnswersBeforeTheQuestions or Fault.StartTlsAndThenPlainText or Fault.SignedInBeforeTls;
                if (fault == Fault.SignedInBeforeTls && !imap)
                    continue;
                if (fault != Fault.PlainTextOnTheTlsPort)
                    all.Add(imap, MailSecurity.StartTls, fault);
                if (!startTlsOnly)
                    all.Add(imap, MailSecurity.Tls, fault);
            }
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task No_password_and_no_name_is_said_where_the_way_is_not_safe(bool imap, MailSecurity security, Fault fault)
    {
        await using var server = new Listener(imap, security, fault);
        if (imap)
        {
            var e = await Should.ThrowAsync<ImapException>(() => ImapAsync(server.Port, security));
            e.Fault.ShouldBeOneOf(ImapFault.NotSecure, ImapFault.NotTrusted, ImapFault.Closed, ImapFault.NotUnderstood, ImapFault.Refused);
            if (fault is Fault.Expired or Fault.NotYetValid or Fault.OtherHostName or Fault.OtherAuthority or Fault.SelfSigned or Fault.CertificateForClients)
                e.Fault.ShouldBe(ImapFault.NotTrusted, e.Message);
        }
        else
        {
            var outcome = await SmtpAsync(server.Port, security);
            outcome.Recipients[0].State.ShouldBe(RecipientState.Temporary, outcome.Recipients[0].Text);
        }
        NothingSecret(await server.EndAsync());
        server.Reached.ShouldBeTrue("the fault never came about");
    }

    [Theory]
    [InlineData(true, MailSecurity.StartTls)]
    [InlineData(true, MailSecurity.Tls)]
    [InlineData(false, MailSecurity.StartTls)]
    [InlineData(false, MailSecurity.Tls)]
    public async Task Where_it_is_safe_the_same_server_hears_the_password(bool imap, MailSecurity security)
    {
        await using var server = new Listener(imap, security, Fault.None);
        if (imap)
            await (await ImapAsync(server.Port, security)).DisposeAsync();
        else
            (await SmtpAsync(server.Port, security)).AllAccepted.ShouldBeTrue();
        var (plain, within) = await server.EndAsync();
        Secrets.ShouldContain(s => within.Contains(s, StringComparison.Ordinal));
        Secrets.ShouldAllBe(s => !plain.Contains(s, StringComparison.Ordinal));
    }

    static string[] Secrets { get; } =
    [
        User, Password, Base64(User), Base64(Password), Base64($"\0{User}\0{Password}"),
    ];

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    static void NothingSecret((string Plain, string Within) said)
    {
        foreach (var secret in Secrets)
        {
            said.Plain.ShouldNotContain(secret);
            said.Within.ShouldNotContain(secret);
        }
        foreach (var command in new[] { "LOGIN", "AUTH ", "AUTHENTICATE", "MAIL FROM" })
        {
            said.Plain.ShouldNotContain(command);
            said.Within.ShouldNotContain(command);
        }
    }

    static Task<ImapClient> ImapAsync(int port, MailSecurity security) =>
        ImapClient.ConnectAsync(new ImapServer("localhost", port, User) { Password = Password, Security = security, TrustedRoot = Certificates.Root, Timeout = TimeSpan.FromSeconds(20) }, RealClock.It, Stop);

    static Task<SmtpOutcome> SmtpAsync(int port, MailSecurity security) =>
        new SmtpSubmission(new SmtpServer("localhost", port) { UserName = User, Password = Password, Security = security, TrustedRoot = Certificates.Root, Timeout = TimeSpan.FromSeconds(20) }, RealClock.It)
            .SendAsync(new Mailbox("a@example.com"), [new Mailbox("b@example.com")], "From: a@example.com\r\n\r\nx"u8.ToArray(), Stop);

    /// <summary>A server with one fault.</summary>
    sealed class Listener : IAsyncDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource end = new();
        readonly StringBuilder plain = new(), within = new();
        readonly bool imap;
        readonly MailSecurity security;
        readonly Fault fault;
        readonly Task work;

        public Listener(bool imap, MailSecurity security, Fault fault)
        {
            (this.imap, this.security, this.fault) = (imap, security, fault);
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            work = ServeAsync();
        }

        public int Port { get; }

        /// <summary>The client came to where the fault lies.</summary>
        public bool Reached { get; private set; }

        X509Certificate2 Certificate => fault switch
        {
            Fault.Expired => Certificates.Expired,
            Fault.NotYetValid => Certificates.NotYet,
            Fault.OtherHostName => Certificates.OtherName,
            Fault.OtherAuthority => Certificates.OtherAuthority,
            Fault.SelfSigned => Certificates.SelfSigned,
            Fault.CertificateForClients => Certificates.ForClients,
            _ => Certificates.Good,
        };

        async Task ServeAsync()
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                Stream stream = client.GetStream();
                if (security == MailSecurity.Tls)
                {
                    if (fault == Fault.PlainTextOnTheTlsPort)
                    {
                        Reached = true;
                        await TalkAsync(stream, plain, withTls: false);
                        return;
                    }
                    stream = await SecureAsync(stream);
                    await TalkAsync(stream, within, withTls: true);
                    return;
                }
                if (await TalkAsync(stream, plain, withTls: false))
                {
                    if (fault == Fault.StartTlsAndThenPlainText)
                    {
                        Reached = true;
                        await SayAsync(stream, imap ? "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA0003 OK" : "250-me\r\n250 AUTH PLAIN LOGIN");
                        await TalkAsync(stream, plain, withTls: true);
                        return;
                    }
                    stream = await SecureAsync(stream);
                    await TalkAsync(stream, within, withTls: true);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
            {
                // The client went away, as it should.
            }
        }

        async Task<Stream> SecureAsync(Stream stream)
        {
            if (fault == Fault.ClosedInTheHandshake)
            {
                Reached = true;
                await HearAsync(stream, plain);
                throw new IOException("closed");
            }
            if (fault == Fault.OldProtocol)
            {
                await HearAsync(stream, plain);
                Reached = true;
                // A ServerHello of TLS 1.0 with RSA and AES, as an old server sends it: record, handshake 2, version 3.1, 32 bytes of chance, no session, 0x002F, no compression.
                byte[] hello = [2, 0, 0, 38, 3, 1, .. new byte[32], 0, 0, 0x2F, 0];
                await stream.WriteAsync((byte[])[22, 3, 1, 0, (byte)hello.Length, .. hello], end.Token);
                while (await HearAsync(stream, plain))
                {
                }
                throw new IOException("refused");
            }
            var tls = new SslStream(stream);
            Reached |= fault is not (Fault.None or Fault.NoWayToSignInWithTls);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, end.Token);
            return tls;
        }

        /// <summary>Speaks as far as the client goes; true when TLS is next.</summary>
        async Task<bool> TalkAsync(Stream stream, StringBuilder heard, bool withTls)
        {
            var startTls = !withTls && security == MailSecurity.StartTls && fault != Fault.NoStartTlsOffered;
            var ways = withTls && fault == Fault.NoWayToSignInWithTls ? "X" : imap ? "AUTH=PLAIN" : "AUTH PLAIN LOGIN";
            if (fault == Fault.NoWayToSignInWithTls && withTls || fault == Fault.NoStartTlsOffered)
                Reached = true;
            var offers = imap
                ? $"IMAP4rev1 {(startTls ? "STARTTLS " : "")}{(ways == "X" ? "LOGINDISABLED" : ways)}"
                : $"250-me\r\n{(startTls ? "250-STARTTLS\r\n" : "")}250 {ways}";
            // Over TLS that began with STARTTLS nobody greets again.
            if (!(withTls && security == MailSecurity.StartTls))
            {
                if (fault == Fault.SignedInBeforeTls)
                {
                    Reached = true;
                    await SayAsync(stream, $"* PREAUTH [CAPABILITY {offers}] hi");
                }
                else
                    await SayAsync(stream, imap ? "* OK hi" : "220 hi");
                if (fault == Fault.AnswersBeforeTheQuestions)
                {
                    // All that would be asked is answered beforehand, and the ways to sign in are promised for later.
                    Reached = true;
                    await SayAsync(stream, imap ? $"* CAPABILITY {offers}\r\nA0001 OK\r\nA0002 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA0003 OK" : $"{offers}\r\n220 go\r\n250-me\r\n250 AUTH PLAIN LOGIN");
                }
            }
            while (await LineAsync(stream, heard) is { } line)
            {
                var words = line.Split(' ');
                var (tag, verb) = imap ? (words[0], words.ElementAtOrDefault(1) ?? "") : ("", words[0]);
                switch (verb.ToUpperInvariant())
                {
                    case "CAPABILITY":
                        await SayAsync(stream, $"* CAPABILITY {offers}\r\n{tag} OK done");
                        break;
                    case "EHLO":
                        await SayAsync(stream, offers);
                        break;
                    case "STARTTLS" when fault == Fault.StartTlsRefused:
                        Reached = true;
                        await SayAsync(stream, imap ? $"{tag} NO not now" : "454 not now");
                        break;
                    case "STARTTLS" when fault == Fault.PlainTextBehindStartTls:
                        Reached = true;
                        await SayAsync(stream, imap ? $"{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA0003 OK" : "220 go\r\n250-me\r\n250 AUTH PLAIN LOGIN");
                        return true;
                    case "STARTTLS":
                        await SayAsync(stream, imap ? $"{tag} OK go" : "220 go");
                        return true;
                    case "AUTHENTICATE" when words.Length == 3:
                        await SayAsync(stream, "+ ");
                        if (await LineAsync(stream, heard) is not null)
                            await SayAsync(stream, $"{tag} OK in");
                        break;
                    case "AUTH":
                        await SayAsync(stream, "235 in");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go");
                        while (await LineAsync(stream, heard) is { } data && data != ".")
                        {
                        }
                        await SayAsync(stream, "250 taken");
                        break;
                    default:
                        await SayAsync(stream, imap ? $"{tag} OK done" : "250 done");
                        break;
                }
            }
            return false;
        }

        async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), end.Token);

        async Task<bool> HearAsync(Stream stream, StringBuilder heard)
        {
            var buffer = new byte[4_096];
            var count = await stream.ReadAsync(buffer, end.Token);
            heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return count > 0;
        }

        async Task<string?> LineAsync(Stream stream, StringBuilder heard)
        {
            var line = new StringBuilder();
            var one = new byte[1];
            while (await stream.ReadAsync(one, end.Token) > 0)
            {
                heard.Append((char)one[0]);
                if (one[0] == '\n')
                    return line.ToString().TrimEnd('\r');
                line.Append((char)one[0]);
            }
            return null;
        }

        /// <summary>All that it was told, once the client has gone.</summary>
        public async Task<(string Plain, string Within)> EndAsync()
        {
            await work.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            return (plain.ToString(), within.ToString());
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Stop();
            await work;
            end.Dispose();
        }
    }
}
