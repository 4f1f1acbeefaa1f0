using System.Diagnostics;
using System.Globalization;
using Amends.Mail;
using Xunit;

namespace Amends.Tests.Cast;

/// <summary>A real Postfix in a folder of its own, on free ports of loopback, that delivers box1@amends.test to box400@amends.test into the mailboxes of a <see cref="Dovecot"/> and
/// hands all other mail to a fake server in this process. It asks Dovecot for passwords. Where it is not installed the test is skipped and says what to install.</summary>
sealed class Postfix : IAsyncDisposable
{
    /// <summary>All other domains: mail for them goes here and nowhere else.</summary>
    public FakeSmtp Outside => outside;

    /// <summary>What it takes at most, in bytes.</summary>
    public const int SizeLimit = 2_000_000;

    const string Program = "/usr/sbin/postfix";

    static readonly Lazy<Task<Postfix>> One = new(async () =>
    {
        var started = await StartAsync(await Dovecot.SharedAsync());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.End();
        return started;
    });

    readonly Dovecot boxes;
    readonly FakeSmtp outside = new();

    Postfix(Dovecot boxes)
    {
        this.boxes = boxes;
        Folder = Directory.CreateTempSubdirectory("amends-pf-").FullName;
        (Port, SubmissionPort, TlsPort) = (Ports.Free(), Ports.Free(), Ports.Free());
    }

    public string Folder { get; }

    /// <summary>As on port 25: for our own domain, without signing in.</summary>
    public int Port { get; }

    /// <summary>As on port 587: STARTTLS, then signing in.</summary>
    public int SubmissionPort { get; }

    /// <summary>As on port 465: TLS from the first byte, then signing in.</summary>
    public int TlsPort { get; }

    public static string? Missing => Dovecot.Missing ?? (File.Exists(Program) ? null : "Postfix is not installed: apt-get install -y --no-install-recommends postfix");

    /// <summary>The server that all tests of the run share.</summary>
    public static Task<Postfix> SharedAsync()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        return One.Value;
    }

    /// <summary>How to hand mail to it.</summary>
    public SmtpServer Server(MailSecurity security, string? box = null) => new("localhost", security switch { MailSecurity.Tls => TlsPort, MailSecurity.StartTls => SubmissionPort, _ => Port })
    {
        Security = security,
        UserName = box,
        Password = Dovecot.Password,
        TrustedRoot = Certificates.Root,
        ClientName = "client.amends.test",
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>What it has written about its work.</summary>
    public string Log => Read(Path.Combine(Folder, "log"));

    // It holds its files locked while it works, and the run time keeps to such locks.
    static string Read(string path) => Programs.Do("cat", path);

    static async Task<Postfix> StartAsync(Dovecot boxes)
    {
        var made = new Postfix(boxes);
        made.Configure();
        await made.StartAgainAsync();
        return made;
    }

    string Etc => Path.Combine(Folder, "etc");

    void Configure()
    {
        const UnixFileMode open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(Folder, open);
        Directory.CreateDirectory(Etc, open);
        Directory.CreateDirectory(Path.Combine(Folder, "spool"), open);
        Programs.Do("chown", "postfix", Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName);
        Certificates.Write(Certificates.Good, Path.Combine(Folder, "cert.pem"), Path.Combine(Folder, "key.pem"));
        File.WriteAllLines(Path.Combine(Etc, "boxes"), Enumerable.Range(1, 400).Select(n => string.Create(CultureInfo.InvariantCulture, $"box{n}@amends.test box{n}/Maildir/")));
        var others = string.Create(CultureInfo.InvariantCulture, $"smtp:[127.0.0.1]:{outside.Port}");
        File.WriteAllText(Path.Combine(Etc, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {Folder}/spool
            data_directory = {Folder}/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            maillog_file = {Folder}/log
            maillog_file_prefixes = {Folder}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mx.amends.test
            mydestination =
            alias_maps =
            alias_database =
            local_recipient_maps =
            virtual_mailbox_domains = amends.test
            virtual_mailbox_base = {boxes.Folder}/home
            virtual_mailbox_maps = texthash:{Etc}/boxes
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            virtual_minimum_uid = 1
            default_transport = {others}
            relay_transport = {others}
            smtp_dns_support_level = disabled
            smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
            message_size_limit = {SizeLimit.ToString(CultureInfo.InvariantCulture)}
            mailbox_size_limit = 0
            virtual_mailbox_limit = 0
            disable_vrfy_command = yes
            notify_classes =
            smtputf8_enable = yes
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {Folder}/cert.pem
            smtpd_tls_key_file = {Folder}/key.pem
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {boxes.AuthSocket}
            smtpd_tls_auth_only = yes
            smtpd_client_connection_rate_limit = 0
            smtpd_client_connection_count_limit = 0
            smtpd_error_sleep_time = 0

            """);
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port} inet n - n - - smtpd") };
        foreach (var (port, security) in new[] { (SubmissionPort, "smtpd_tls_security_level=encrypt"), (TlsPort, "smtpd_tls_wrappermode=yes") })
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port} inet n - n - - smtpd\n  -o {security}\n  -o smtpd_sasl_auth_enable=yes\n  -o smtpd_recipient_restrictions=reject_unlisted_recipient,permit_sasl_authenticated,reject"));
        lines.AddRange("""
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            proxywrite unix - - n - 1 proxymap
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """.Split('\n'));
        File.WriteAllText(Path.Combine(Etc, "master.cf"), string.Join('\n', lines) + "\n");
    }

    /// <summary>Starts it; again, after it was ended.</summary>
    public async Task StartAgainAsync()
    {
        // The program "postfix" starts the master and goes; its output is not redirected, because the master would keep it open.
        using var starting = Programs.Start(Program, "/", "-c", Etc, "start");
        await starting.WaitForExitAsync();
        if (starting.ExitCode != 0)
            throw new InvalidOperationException($"Postfix did not start: {Log}");
        await Ports.AnswersAsync(Port, null, () => Log);
    }

    /// <summary>Ends it and all its parts at once.</summary>
    public void Kill()
    {
        var pid = Path.Combine(Folder, "spool", "pid", "master.pid");
        if (!File.Exists(pid))
            return;
        try
        {
            using var master = Process.GetProcessById(int.Parse(Read(pid).Trim(), CultureInfo.InvariantCulture));
            master.Kill(entireProcessTree: true);
            master.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It has gone already.
        }
        File.Delete(pid);
    }

    void End()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await outside.DisposeAsync();
    }
}
