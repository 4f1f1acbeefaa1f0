using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amends.Mail;
using Xunit;

namespace Amends.Tests.Cast;

/// <summary>A real Dovecot with its own configuration in a folder of its own, on free ports of loopback. Mailboxes box1 to box400 exist, all with the password <see cref="Password"/>.
/// The package's own instance is never touched. Where Dovecot is not installed the test is skipped and says what to install.</summary>
sealed class Dovecot : IAsyncDisposable
{
    public const string Password = "pä\"ss\\ wörd{3}";

    const string Program = "/usr/sbin/dovecot";

    static readonly Lazy<Task<Dovecot>> One = new(async () =>
    {
        var started = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.End();
        return started;
    });

    static int boxes;

    readonly byte[] tokenKey = RandomNumberGenerator.GetBytes(32);
    Process? process;

    Dovecot()
    {
        // A short path: a socket's name has some hundred bytes at most.
        Folder = Directory.CreateTempSubdirectory("amends-dc-").FullName;
        (Port, TlsPort) = (Ports.Free(), Ports.Free());
    }

    public string Folder { get; }

    /// <summary>Plain, with STARTTLS.</summary>
    public int Port { get; }

    /// <summary>TLS from the first byte.</summary>
    public int TlsPort { get; }

    public static string? Missing => !File.Exists(Program) ? "Dovecot is not installed: apt-get install -y --no-install-recommends dovecot-imapd" : Environment.UserName != "root" ? "Dovecot is started as root only" : null;

    /// <summary>The server that all tests of the run share; each takes mailboxes of its own.</summary>
    public static Task<Dovecot> SharedAsync()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        return One.Value;
    }

    /// <summary>A server of the test's own, that may be ended in the middle.</summary>
    public static Task<Dovecot> OwnAsync()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        return StartAsync();
    }

    /// <summary>A mailbox that no other test has.</summary>
    public static string NewBox() => string.Create(CultureInfo.InvariantCulture, $"box{Interlocked.Increment(ref boxes)}");

    /// <summary>How to reach a mailbox.</summary>
    public ImapServer Server(string box, MailSecurity security = MailSecurity.Tls) => new("localhost", security == MailSecurity.Tls ? TlsPort : Port, box)
    {
        Password = Password,
        Security = security,
        AllowPlainPassword = security == MailSecurity.None,
        TrustedRoot = Certificates.Root,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>An access token as an authorisation server gives it (JWT, RFC 7519), which Dovecot checks by the key that it has.</summary>
    public string Token(string box, DateTimeOffset until)
    {
        var head = Base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);
        var body = Base64(JsonSerializer.SerializeToUtf8Bytes(new { sub = box, email = box, exp = until.ToUnixTimeSeconds(), iat = until.AddHours(-1).ToUnixTimeSeconds(), nbf = until.AddHours(-1).ToUnixTimeSeconds() }));
        return $"{head}.{body}.{Base64(HMACSHA256.HashData(tokenKey, Encoding.ASCII.GetBytes($"{head}.{body}")))}";

        static string Base64(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    static async Task<Dovecot> StartAsync()
    {
        var made = new Dovecot();
        made.Configure();
        await made.StartAgainAsync();
        return made;
    }

    void Configure()
    {
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var home = Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;
        Programs.Do("chown", "nobody:nogroup", home);
        Certificates.Write(Certificates.Good, Path.Combine(Folder, "cert.pem"), Path.Combine(Folder, "key.pem"));
        File.WriteAllLines(Path.Combine(Folder, "users"), Enumerable.Range(1, 400).Select(n => string.Create(CultureInfo.InvariantCulture, $"box{n}:{{PLAIN.b64}}{Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))}")));
        var keys = Directory.CreateDirectory(Path.Combine(Folder, "keys", "default", "HS256")).FullName;
        File.WriteAllText(Path.Combine(keys, "default"), Convert.ToBase64String(tokenKey));
        File.WriteAllText(Path.Combine(Folder, "oauth2.conf"), $"""
            introspection_mode = local
            local_validation_key_dict = fs:posix:prefix={Folder}/keys/
            username_attribute = email

            """);
        File.WriteAllText(Path.Combine(Folder, "dovecot.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            base_dir = {{Folder}}/run
            state_dir = {{Folder}}/state
            instance_name = {{Path.GetFileName(Folder)}}
            log_path = {{Folder}}/log
            protocols = imap
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <{{Folder}}/cert.pem
            ssl_key = <{{Folder}}/key.pem
            disable_plaintext_auth = no
            auth_mechanisms = plain login xoauth2 oauthbearer
            auth_failure_delay = 0
            first_valid_uid = 1
            mail_location = maildir:{{home}}/%u/Maildir
            mail_max_userip_connections = 100
            mail_fsync = never
            passdb {
              driver = oauth2
              mechanisms = xoauth2 oauthbearer
              args = {{Folder}}/oauth2.conf
            }
            passdb {
              driver = passwd-file
              mechanisms = plain login
              args = username_format=%u {{Folder}}/users
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home={{home}}/%u
            }
            service imap-login {
              chroot =
              inet_listener imap {
                address = 127.0.0.1
                port = {{Port}}
              }
              inet_listener imaps {
                address = 127.0.0.1
                port = {{TlsPort}}
                ssl = yes
              }
            }
            service anvil {
              chroot =
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            service stats {
              chroot =
            }
            service auth {
              unix_listener auth-amends {
                mode = 0666
              }
            }
            namespace inbox {
              inbox = yes
              separator = /
            }

            """));
    }

    /// <summary>Where other servers ask whether a password is right (SASL).</summary>
    public string AuthSocket => Path.Combine(Folder, "run", "auth-amends");

    /// <summary>Starts it; again, after it was ended.</summary>
    public async Task StartAgainAsync()
    {
        if (process is { HasExited: false })
            return;
        process = Programs.Start(Program, Folder, "-F", "-c", Path.Combine(Folder, "dovecot.conf"));
        await Ports.AnswersAsync(Port, process, () => File.Exists(Path.Combine(Folder, "log")) ? File.ReadAllText(Path.Combine(Folder, "log")) : "no log");
    }

    /// <summary>Ends it, with all connections, as when the machine goes down.</summary>
    public void Kill()
    {
        if (process is null)
            return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process = null;
        // Its parts have been told to go as well, and take a moment to.
        SpinWait.SpinUntil(() => !Ports.Answers(Port), TimeSpan.FromSeconds(10));
        // It would hold itself for running.
        File.Delete(Path.Combine(Folder, "run", "master.pid"));
    }

    void End()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Ports of loopback.</summary>
static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool Answers(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until somebody listens; says what the program said when it ended instead.</summary>
    public static async Task AnswersAsync(int port, Process? process, Func<string> log)
    {
        for (var tries = 0; ; tries++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (tries < 1_000 && process is not { HasExited: true })
            {
                await Task.Delay(10);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"The server did not start: {log()}", e);
            }
        }
    }
}

/// <summary>Programs that the tests start beside themselves.</summary>
static class Programs
{
    /// <summary>Starts a server. It says nothing to our own output: whoever reads that would wait for the server's end too.</summary>
    public static Process Start(string program, string folder, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]) { WorkingDirectory = folder })!;

    /// <summary>Runs a program to its end; what it said is told when it failed.</summary>
    public static string Do(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var told = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        var text = string.Concat(told.GetAwaiter().GetResult());
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}. {text}");
    }
}
