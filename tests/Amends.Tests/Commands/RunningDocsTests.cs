using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>The examples in docs/running, tried by the programs that they are for.</summary>
public class RunningDocsTests
{
    static string? Program(string name) => new[] { "/usr/bin", "/usr/sbin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    static async Task<(int Code, string Said)> Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    [Fact]
    public async Task The_systemd_unit_is_understood_by_systemd()
    {
        var analyze = Program("systemd-analyze");
        Assert.SkipUnless(analyze is not null, "systemd-analyze is not installed");
        using var scratch = new Scratch();
        var unit = await File.ReadAllTextAsync(RepoRoot.Under("docs", "running", "amends.service"));
        // The program itself is not installed here, nor is its user.
        unit = unit.Replace("/opt/amends/amends", "/bin/true", StringComparison.Ordinal).Replace("User=amends", "User=daemon", StringComparison.Ordinal).Replace("Group=amends", "Group=daemon", StringComparison.Ordinal);
        await File.WriteAllTextAsync(scratch.Under("amends.service"), unit);
        var (code, said) = await Run(analyze!, "verify", "--man=no", scratch.Under("amends.service"));
        said.Split('\n').Where(line => line.Contains("amends.service", StringComparison.Ordinal)).ShouldBeEmpty();
        code.ShouldBe(0, said);
        // How much it is fenced in, as systemd judges it: 0 is best, 10 is nothing at all. (Times ten here.)
        (code, said) = await Run(analyze!, "security", "--no-pager", "--offline=true", "--threshold=20", scratch.Under("amends.service"));
        code.ShouldBe(0, said);
    }

    // The names of all groups of system calls that systemd knows, each with what is in it.
    static async Task<Dictionary<string, List<string>>> Groups(string analyze)
    {
        var groups = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? now = null;
        foreach (var line in (await Run(analyze, "--no-pager", "syscall-filter")).Said.Split('\n'))
            if (line.StartsWith('@')) groups.Add(line.Trim(), now = []);
            else if (line.StartsWith(' ') && line.Trim() is { Length: > 0 } name && name[0] != '#') now!.Add(name);
            // After the groups come the calls that are in none.
            else if (line.StartsWith('#')) now = [];
        return groups;
    }

    // As systemd reads it: the first line says what is allowed, later ones take away (~) or add.
    static HashSet<string> Allowed(string unit, Dictionary<string, List<string>> groups)
    {
        IEnumerable<string> Calls(string name) => name[0] == '@' ? groups[name].SelectMany(Calls) : [name];
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in unit.Split('\n').Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal)).Select(line => line["SystemCallFilter=".Length..]))
        {
            var calls = line.TrimStart('~').Split(' ').SelectMany(Calls);
            if (line.StartsWith('~')) allowed.ExceptWith(calls);
            else allowed.UnionWith(calls);
        }
        return allowed;
    }

    [Fact]
    public async Task With_no_more_system_calls_and_rights_than_the_systemd_unit_leaves_it_the_program_serves_and_backs_up()
    {
        var analyze = Program("systemd-analyze");
        Assert.SkipUnless(analyze is not null && NativeLibrary.TryLoad("libseccomp.so.2", out _), "systemd-analyze is not installed");
        using var scratch = new Scratch();
        var allowed = Allowed(await File.ReadAllTextAsync(RepoRoot.Under("docs", "running", "amends.service")), await Groups(analyze!));
        allowed.Count.ShouldBeInRange(200, 400);
        await File.WriteAllLinesAsync(scratch.Under("allowed"), allowed);
        ProcessStartInfo Fenced(params string[] words)
        {
            string[] line = [Environment.ProcessPath!, typeof(Fence).Assembly.Location, Fence.Child, scratch.Under("allowed"), Environment.ProcessPath!, RealProgram.Built, .. words];
            // Where we are root, all that root may do more than others is given up too, as in the unit.
            if (Environment.UserName == "root") line = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", .. line];
            return new(line[0], line[1..]) { WorkingDirectory = scratch.Path };
        }
        var port = RealProgram.FreePort();
        await using var server = await RealProgram.Serve(Fenced("serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", scratch.Under("data")));
        // It stands behind the fence indeed.
        (await File.ReadAllTextAsync($"/proc/{server.Id.ToString(CultureInfo.InvariantCulture)}/status")).ShouldMatch(@"Seccomp:\s+2\n");
        using var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")) };
        (await client.GetAsync("/first-run")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetStringAsync("/health/ready")).ShouldBe("ok");
        foreach (var words in new[] { new[] { "doctor" }, ["backup", scratch.Under("b.tar.gz")] })
        {
            var (code, said, failed) = await RealProgram.Run(Fenced([.. words, "--data", scratch.Under("data")]));
            code.ShouldBe(0, said + failed);
        }
        (await server.Terminate()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Through_the_nginx_example_pages_uploads_and_the_live_stream_reach_the_house()
    {
        var nginx = Program("nginx");
        Assert.SkipUnless(nginx is not null, "nginx is not installed");
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        using var anna = await house.ClientOf(await Some.Colleague(house, "Anna Berg", await Some.AdminRole(house)));
        using var scratch = new Scratch();
        var port = RealProgram.FreePort();
        var example = await File.ReadAllTextAsync(RepoRoot.Under("docs", "running", "nginx.conf"));
        // Our port in place of the certificate's; everything else as it stands. The second server only redirects to the first.
        var server = string.Join('\n', example[..example.IndexOf("server {\n    listen 80", StringComparison.Ordinal)].Split('\n').Where(line => !line.Contains("ssl_certificate", StringComparison.Ordinal)))
            .Replace("listen 443 ssl http2", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port}"), StringComparison.Ordinal)
            .Replace("service.example.com", "localhost", StringComparison.Ordinal)
            .Replace("127.0.0.1:5080", house.Url.Authority, StringComparison.Ordinal);
        // The same again in front of a listener that keeps what it hears.
        using var behind = new TcpListener(IPAddress.Loopback, 0);
        behind.Start();
        var second = RealProgram.FreePort();
        server += "\n" + server.Replace(string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port}"), string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{second}"), StringComparison.Ordinal)
            .Replace(house.Url.Authority, behind.LocalEndpoint.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(scratch.Under("nginx.conf"), $"daemon off; pid {scratch.Under("pid")}; error_log {scratch.Under("error.log")}; events {{}} http {{ access_log off; client_body_temp_path {scratch.Under("body")}; proxy_temp_path {scratch.Under("proxy")}; fastcgi_temp_path {scratch.Under("f")}; uwsgi_temp_path {scratch.Under("u")}; scgi_temp_path {scratch.Under("s")};\n{server}\n}}");
        if (Environment.UserName == "root") File.SetUnixFileMode(scratch.Path, (UnixFileMode)0b111_111_111);
        var start = new ProcessStartInfo(nginx!, ["-c", scratch.Under("nginx.conf"), "-e", scratch.Under("error.log")]);
        using var process = Process.Start(start)!;
        try
        {
            await HandsOn(house, port, second, behind, "nginx", process);
        }
        finally
        {
            // The workers with their master.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    // What a proxy in front of us must do: pages, large uploads, the live stream, and whom it speaks for. A second way leads to a listener that keeps what it hears.
    static async Task HandsOn(TestHouse house, int port, int second, TcpListener behind, string name, Process proxy)
    {
        using var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")) };
        for (var i = 0; ; i++)
        {
            try { (await client.GetStringAsync("/health/ready")).ShouldBe("ok"); break; }
            catch (HttpRequestException) when (i < 300 && !proxy.HasExited) { await Task.Delay(100); }
        }
        (await client.GetAsync("/sign-in")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Limits count by the address that the proxy saw: what a client claims for itself is overwritten.
        using var forged = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://localhost:{second}/live"));
        forged.Headers.Add("X-Forwarded-For", "203.0.113.9");
        var answering = Heard(behind);
        (await client.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var heard = await answering;
        heard.ShouldMatch(@"X-Forwarded-For: (127\.0\.0\.1|::1)\n");
        heard.ShouldNotContain("203.0.113.9");
        // Larger than nginx's default of 1 MB: it is the house that answers, not the proxy.
        var big = await client.PostAsync("/sign-in", new ByteArrayContent(new byte[3 * 1024 * 1024]));
        (big.Headers.Server.ToString() + big.Headers.Via).ShouldContain(name, Case.Insensitive);
        ((int)big.StatusCode).ShouldNotBe(413);
        using var live = new HttpRequestMessage(HttpMethod.Get, "/live");
        var session = await house.Write.Run(Amends.Foundation.Actor.System("test"), null, db =>
        {
            var token = Amends.Trust.Sessions.Token();
            Amends.Trust.Sessions.Begin(db, token, db.Set<Amends.Trust.Colleague>().Select(c => c.Id).First(), "test");
            return Task.FromResult(token);
        });
        live.Headers.Add("Cookie", "amends=" + session);
        using var stream = await client.SendAsync(live, HttpCompletionOption.ResponseHeadersRead, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token)).ShouldNotBeNull().ShouldStartWith("event:");
    }

    static async Task<string> Heard(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        var heard = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line) heard.Append(line).Append('\n');
        await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
        return heard.ToString();
    }

    [Fact]
    public async Task The_Caddy_example_is_understood_by_Caddy()
    {
        var caddy = Program("caddy");
        Assert.SkipUnless(caddy is not null, "caddy is not installed");
        var (code, said) = await Run(caddy!, "validate", "--adapter", "caddyfile", "--config", RepoRoot.Under("docs", "running", "Caddyfile"));
        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task Through_the_Caddy_example_pages_uploads_and_the_live_stream_reach_the_house()
    {
        var caddy = Program("caddy");
        Assert.SkipUnless(caddy is not null, "caddy is not installed");
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        using var anna = await house.ClientOf(await Some.Colleague(house, "Anna Berg", await Some.AdminRole(house)));
        using var scratch = new Scratch();
        var (port, second) = (RealProgram.FreePort(), RealProgram.FreePort());
        var example = await File.ReadAllTextAsync(RepoRoot.Under("docs", "running", "Caddyfile"));
        using var behind = new TcpListener(IPAddress.Loopback, 0);
        behind.Start();
        // An address of ours in place of the name for which it would fetch a certificate; everything else as it stands.
        string Server(int at, string to) => example.Replace("service.example.com {", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{at} {{\n\tbind 127.0.0.1"), StringComparison.Ordinal).Replace("127.0.0.1:5080", to, StringComparison.Ordinal);
        // The listener answers one who asks once: it is not asked for its health.
        var heard = string.Join('\n', Server(second, behind.LocalEndpoint.ToString()!).Split('\n').Where(line => !line.Contains("health_", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(scratch.Under("Caddyfile"), "{\n\tadmin off\n\tauto_https off\n}\n" + Server(port, house.Url.Authority) + "\n" + heard);
        var start = new ProcessStartInfo(caddy!, ["run", "--adapter", "caddyfile", "--config", scratch.Under("Caddyfile")]) { RedirectStandardError = true };
        (start.Environment["XDG_DATA_HOME"], start.Environment["XDG_CONFIG_HOME"]) = (scratch.Path, scratch.Path);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try { await HandsOn(house, port, second, behind, "caddy", process); }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }
}
