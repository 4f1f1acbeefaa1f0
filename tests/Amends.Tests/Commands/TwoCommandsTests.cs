using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Amends.Commands.Demo;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>The two commands of the README as they stand in the checkout, and who reaches what they serve.</summary>
public class TwoCommandsTests
{
    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static ProcessStartInfo Script(string folder, string script, params string[] words) => new(script, words) { WorkingDirectory = folder };

    // Addresses of this machine that are not the one that is served: its own in the network, where it has one, and another of loopback.
    static IEnumerable<IPAddress> Elsewhere()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().Where(one => one.OperationalStatus == OperationalStatus.Up)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        if (own is not null) yield return own;
        if (OperatingSystem.IsLinux()) yield return IPAddress.Parse("127.0.0.2");
    }

    // The page that a stranger is led to, or null where nobody listens.
    static async Task<string?> Page(IPAddress address, int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}:{Text(port)}") };
        try { return await client.GetStringAsync("/"); }
        catch (HttpRequestException why) when (why.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) { return null; }
    }

    [Fact]
    public async Task Run_builds_and_serves_this_machine_and_nobody_else()
    {
        using var scratch = new Scratch();
        var port = RealProgram.FreePort();
        await using var house = await RealProgram.Serve(Script(scratch.Path, RepoRoot.Under("run"), "--port", Text(port), "--data", "mine", "--public-url", "https://service.example.com"));
        house.Said.ShouldContain($"http://localhost:{Text(port)}");
        // A path is read from where one stands.
        house.Said.ShouldContain(scratch.Under("mine"));
        File.Exists(scratch.Under("mine/amends.db")).ShouldBeTrue();
        (await Page(IPAddress.Loopback, port)).ShouldNotBeNull().ShouldContain("</html>");
        // A public address does not open the door: the proxy stands on this machine.
        foreach (var address in Elsewhere()) (await Page(address, port)).ShouldBeNull(address.ToString());
        // SIGTERM reaches the program, not only the script.
        (await house.Terminate()).Code.ShouldBe(0);
        house.Said.ShouldContain("what has begun is finished");
    }

    [Fact]
    public async Task Other_machines_are_served_over_plain_http_only_when_that_is_asked_for()
    {
        using var scratch = new Scratch();
        var (code, _, failed) = await RealProgram.Run("serve", "--port", "0", "--data", scratch.Under("data"), "--public-url", "http://192.168.7.7");
        code.ShouldBe(1);
        failed.ShouldContain("passwords and letters could be read and changed on the way");
        failed.ShouldContain("--insecure-lan");
        File.Exists(scratch.Under("data/amends.db")).ShouldBeFalse();

        var port = RealProgram.FreePort();
        await using var house = await RealProgram.Serve(port, scratch.Under("data"), "--insecure-lan");
        house.Said.ShouldContain("because --insecure-lan was given");
        foreach (var address in Elsewhere().Append(IPAddress.Loopback)) (await Page(address, port)).ShouldNotBeNull(address.ToString()).ShouldContain("</html>");
    }

    // A dotnet of our own in front of the real one: it writes down what it was asked, and builds nothing.
    static async Task<string> Shim(Scratch scratch, string version)
    {
        var folder = Directory.CreateDirectory(scratch.Under("bin")).FullName;
        var real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(one => Path.Combine(one, "dotnet")).First(File.Exists);
        var shim = Path.Combine(folder, "dotnet");
        await File.WriteAllTextAsync(shim, $"""
            #!/bin/sh
            echo "$@" >>'{scratch.Under("asked")}'
            case $1 in
                --version) echo {version} ;;
                --list-sdks) echo '{version} [/usr/lib/dotnet/sdk]' ;;
                build) ;;
                *) exec '{real}' "$@" ;;
            esac

            """);
        File.SetUnixFileMode(shim, (UnixFileMode)0b111_101_101);
        return folder;
    }

    // The script with what the build made, in a folder that nobody else uses.
    static string Checkout(Scratch scratch)
    {
        var root = Directory.CreateDirectory(scratch.Under("checkout")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "artifacts", "bin", "Amends"));
        Directory.CreateSymbolicLink(Path.Combine(root, "artifacts", "bin", "Amends", "release"), Path.GetDirectoryName(RealProgram.Built)!);
        File.Copy(RepoRoot.Under("run"), Path.Combine(root, "run"));
        return root;
    }

    [Theory]
    [InlineData(null, "no dotnet command was found")]
    [InlineData("8.0.404", "found 8.0.404")]
    public async Task Run_says_what_to_install_where_the_SDK_is_missing_or_too_old(string? version, string found)
    {
        using var scratch = new Scratch();
        var folder = version is null ? Directory.CreateDirectory(scratch.Under("bin")).FullName : await Shim(scratch, version);
        // What the script itself needs, and no dotnet.
        foreach (var tool in new[] { "dirname", "cut", "tr", "mktemp", "cat", "rm" }) File.CreateSymbolicLink(Path.Combine(folder, tool), new[] { "/usr/bin", "/bin" }.Select(one => Path.Combine(one, tool)).First(File.Exists));
        var start = Script(scratch.Path, "/bin/sh", RepoRoot.Under("run"), "--port", "0", "--data", scratch.Under("data"));
        start.Environment["PATH"] = folder;
        var (code, said, failed) = await RealProgram.Run(start);
        code.ShouldBe(1);
        said.ShouldBeEmpty();
        failed.ShouldContain("Amends needs the .NET SDK 10");
        failed.ShouldContain(found);
        failed.ShouldContain("https://dotnet.microsoft.com/download/dotnet/10.0");
        failed.ShouldContain("apt-get install dotnet-sdk-10.0");
        Directory.Exists(scratch.Under("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_demo_has_its_own_folder_and_port_and_prints_whom_to_sign_in_as()
    {
        using var scratch = new Scratch();
        var (root, shim) = (Checkout(scratch), await Shim(scratch, "10.0.401"));
        async Task<string> Asked(params string[] words)
        {
            // A connection string that is none ends it before it serves; what was handed on counts.
            var start = Script(scratch.Path, Path.Combine(root, "run"), words);
            start.Environment["PATH"] = $"{shim}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["AMENDS_DATABASE"] = "Haus=1";
            (await RealProgram.Run(start)).Code.ShouldBe(1);
            return (await File.ReadAllLinesAsync(scratch.Under("asked")))[^1];
        }
        var program = Path.Combine(root, "artifacts/bin/Amends/release/amends.dll");
        (await Asked()).ShouldBe($"{program} serve --data {root}/data");
        (await Asked("demo")).ShouldBe($"{program} demo --port 5081 --data {root}/data-demo");
        (await Asked("--port", "7000")).ShouldBe($"{program} serve --port 7000 --data {root}/data");
        (await File.ReadAllLinesAsync(scratch.Under("asked"))).ShouldContain("build src/Amends -c Release -v q -nologo");

        var port = RealProgram.FreePort();
        var demo = Script(scratch.Path, Path.Combine(root, "run"), "demo", "--port", Text(port));
        demo.Environment["PATH"] = $"{shim}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var house = await RealProgram.Serve(demo);
        File.Exists(Path.Combine(root, "data-demo", "amends.db")).ShouldBeTrue();
        Directory.Exists(Path.Combine(root, "data")).ShouldBeFalse();
        house.Said.ShouldContain(DemoHouse.Password);
        DemoHouse.Names.Select(one => one.Role).Distinct().Order().ShouldBe(["Administrator", "Agent", "Lead", "Reader"]);
        foreach (var one in DemoHouse.Names) house.Said.Split('\n').ShouldContain(line => line.Contains(one.Role, StringComparison.Ordinal) && line.Contains(one.Name, StringComparison.Ordinal) && line.Contains(one.Address, StringComparison.Ordinal));
        // With what is printed one is in: a reader too.
        foreach (var role in DemoHouse.Names.GroupBy(one => one.Role))
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{Text(port)}") };
            var sent = await client.Post("/sign-in", ("address", role.First().Address), ("password", role.First().Password));
            (sent.Status, sent.Location).ShouldBe((HttpStatusCode.SeeOther, "/"), sent.Body);
            sent.Answer.Headers.GetValues("Set-Cookie").ShouldContain(cookie => cookie.StartsWith("amends=", StringComparison.Ordinal));
        }
        (await house.Terminate()).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Publish_throws_no_data_away()
    {
        using var scratch = new Scratch();
        // A house that was served from the published folder keeps its data there.
        Directory.CreateDirectory(scratch.Under("out/data"));
        foreach (var file in new[] { "out/amends.dll", "out/data/amends.db" }) await File.WriteAllTextAsync(scratch.Under(file), "kept");
        foreach (var typed in new[] { "out", "out/", "out//" })
        {
            var (code, _, failed) = await RealProgram.Run(Script(scratch.Path, RepoRoot.Under("publish"), typed));
            code.ShouldBe(1, typed);
            failed.ShouldContain("holds the data of a house");
            (await File.ReadAllTextAsync(scratch.Under("out/data/amends.db"))).ShouldBe("kept");
        }
    }

    // In this class because ./run builds too: two builds of one checkout at a time would disturb each other.
    [Fact]
    public async Task Publish_makes_a_folder_that_serves_where_there_is_no_dotnet()
    {
        using var scratch = new Scratch();
        var (code, said, failed) = await RealProgram.Run(Script(scratch.Path, RepoRoot.Under("publish"), "made here"));
        code.ShouldBe(0, said + failed);
        said.ShouldContain(scratch.Under("made here/amends"));
        ProcessStartInfo Published(params string[] words)
        {
            var start = Script(scratch.Path, scratch.Under("made here/amends"), words);
            (start.Environment["PATH"], start.Environment["HOME"]) = (scratch.Path, scratch.Path);
            foreach (var name in new[] { "DOTNET_ROOT", "DOTNET_HOST_PATH", "DOTNET_ROOT_X64" }) start.Environment.Remove(name);
            return start;
        }
        var port = RealProgram.FreePort();
        await using var house = await RealProgram.Serve(Published("serve", "--port", Text(port), "--data", scratch.Under("data")));
        using var client = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = new Uri($"http://localhost:{Text(port)}") };
        foreach (var page in new[] { "/sign-in", "/ask" })
        {
            var seen = await client.See(page);
            seen.Status.ShouldBe(HttpStatusCode.OK, page);
            var files = seen.Document.QuerySelectorAll("link[href],script[src],img[src]").Select(one => one.GetAttribute("href") ?? one.GetAttribute("src")!).Where(one => one.StartsWith('/')).Distinct().ToList();
            files.ShouldContain(one => one.Contains(".css", StringComparison.Ordinal), page);
            foreach (var file in files)
            {
                using var answer = await client.GetAsync(file);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, file);
                (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(50, file);
            }
            seen.Document.QuerySelectorAll("script[src]").Length.ShouldBeGreaterThan(page == "/sign-in" ? 0 : -1, page);
        }
        (code, said, failed) = await RealProgram.Run(Published("doctor", "--data", scratch.Under("data")));
        code.ShouldBe(0, said + failed);
        said.ShouldContain("in use by this house");
        (await house.Terminate()).Code.ShouldBe(0);
    }
}
