using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

public class CommandLineTests
{
    [Theory]
    [InlineData("serve", "--port", "http")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--public-url", "example.com")]
    [InlineData("key", "add", "x", "--scope", "everything")]
    [InlineData("key", "add", "x")]
    [InlineData("fly")]
    [InlineData]
    public async Task Wrong_use_prints_help_and_ends_with_2(params string[] words)
    {
        var (code, said, failed) = await RealProgram.Run(words);
        code.ShouldBe(2);
        said.ShouldBeEmpty();
        failed.ShouldContain("Usage:");
        failed.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Trouble_of_the_machine_is_one_sentence_and_ends_with_1()
    {
        using var scratch = new Scratch();
        async Task Says(string sentence, params string[] words)
        {
            var (code, said, failed) = await RealProgram.Run(words);
            code.ShouldBe(1, failed);
            failed.Trim().ShouldContain(sentence);
            failed.Trim().Split('\n').Length.ShouldBe(1, failed);
            said.ShouldNotContain("   at ");
        }
        await File.WriteAllTextAsync(scratch.Under("file"), "");
        Directory.CreateDirectory(scratch.Under("damaged"));
        await File.WriteAllTextAsync(scratch.Under("damaged/amends.db"), new string('x', 9000));
        await Says("is a file, not a folder", "serve", "--data", scratch.Under("file"));
        await Says("The database file is damaged", "serve", "--data", scratch.Under("damaged"), "--port", "0");
        await Says("PostgreSQL cannot be reached", "serve", "--data", scratch.Under("a"), "--port", "0", "--database", "Host=127.0.0.1;Port=1;Database=amends;Username=amends");
        await Says("is not understood", "serve", "--data", scratch.Under("b"), "--database", "Haus=1");
        await Says("is plain http", "serve", "--data", scratch.Under("c"), "--public-url", "http://192.168.7.7");
        await Says("There is no file", "restore", scratch.Under("none.tar.gz"), "--data", scratch.Under("d"));
        await Says("is no mbox file", "import", "mbox", typeof(CommandLineTests).Assembly.Location, "--mailbox", "service@x.example", "--data", scratch.Under("e"));
        await Says("There is no mailbox yet", "import", "eml", scratch.Path, "--mailbox", "service@x.example", "--data", scratch.Under("f"));
    }

    [Fact]
    public async Task F10_a_second_server_on_the_same_file_refuses_to_start_and_commands_talk_to_the_first()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        var port = RealProgram.FreePort();
        await using var first = await RealProgram.Serve(port, data);
        first.Said.ShouldContain($"http://localhost:{port}");
        first.Said.ShouldContain(data);
        first.Said.ShouldContain("First run: open");
        Directory.GetDirectories(data, ".l*").ShouldBeEmpty("the folder in which the socket was made is gone");
        File.GetUnixFileMode(Path.Combine(data, "amends.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (code, _, failed) = await RealProgram.Run("serve", "--port", "0", "--data", data);
        code.ShouldBe(1);
        failed.ShouldContain("SQLite serves one process");
        (code, _, failed) = await RealProgram.Run("serve", "--port", $"{port}", "--data", scratch.Under("other"));
        code.ShouldBe(1);
        failed.ShouldContain($"Port {port} is in use");
        File.Exists(scratch.Under("other/amends.db")).ShouldBeFalse();

        // The key that the running server makes opens its intake.
        string said;
        (code, said, failed) = await RealProgram.Run("key", "add", "mail pipe", "--scope", "intake", "--data", data);
        code.ShouldBe(0, failed);
        var key = said.Trim().Split('\n')[^1].Trim();
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        using var post = new HttpRequestMessage(HttpMethod.Post, "/intake/mail?mailbox=none@x.example") { Content = new StringContent("From: a@b.example\r\n\r\nHello") };
        post.Headers.Authorization = new("Bearer", key);
        (await client.SendAsync(post)).StatusCode.ShouldNotBe(System.Net.HttpStatusCode.Unauthorized);

        (code, _, failed) = await RealProgram.Run("user", "add", "Ben", "ben@x.example", "--role", "Agent", "--data", data);
        code.ShouldBe(1);
        failed.ShouldContain("not set up yet");
        (code, _, failed) = await RealProgram.Run("restore", scratch.Under("x.tar.gz"), "--data", data);
        code.ShouldBe(1);
        failed.ShouldContain("Stop it first");
        (code, said, failed) = await RealProgram.Run("backup", scratch.Under("b.tar.gz"), "--data", data);
        code.ShouldBe(0, failed);
        said.ShouldContain("equal in count and hash");
        (code, said, failed) = await RealProgram.Run("doctor", "--data", data);
        code.ShouldBe(0, said + failed);
        said.ShouldContain("in use by this house");
        // What the commands made for their own use is gone. At its hour the server makes the night's backup, whatever the commands do.
        Directory.EnumerateFileSystemEntries(Path.Combine(data, "backups")).Select(Path.GetFileName).ShouldAllBe(name => name!.StartsWith("amends-night-", StringComparison.Ordinal));

        // After the end the folder is free, and the backup comes back.
        (await first.Terminate()).Code.ShouldBe(0);
        (code, _, failed) = await RealProgram.Run("restore", scratch.Under("b.tar.gz"), "--data", data);
        code.ShouldBe(1);
        failed.ShouldContain("--force");
        (code, said, failed) = await RealProgram.Run("restore", scratch.Under("b.tar.gz"), "--data", data, "--force");
        code.ShouldBe(0, failed);
        said.ShouldContain("Restored:");
    }

    [Fact]
    public async Task F15_on_SIGTERM_readiness_falls_first_and_nobody_who_hangs_keeps_the_program()
    {
        using var scratch = new Scratch();
        var port = RealProgram.FreePort();
        await using var server = await RealProgram.Serve(port, scratch.Under("data"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        (await client.GetStringAsync("/health/live")).ShouldBe("ok");
        (await client.GetStringAsync("/health/ready")).ShouldBe("ok");
        // One who has sent half of what he announced, and sends no more.
        using var hangs = new System.Net.Sockets.TcpClient();
        await hangs.ConnectAsync(System.Net.IPAddress.Loopback, port);
        await hangs.GetStream().WriteAsync("POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nname="u8.ToArray());
        var (broken, answered, notReady) = (0, 0, 0);
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, 3).Select(n => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    // One watches, as a proxy does; the others are customers.
                    if (n == 0)
                    {
                        if ((int)(await client.GetAsync("/health/ready")).StatusCode == 503) Interlocked.Increment(ref notReady);
                        continue;
                    }
                    var page = await client.GetAsync("/sign-in");
                    if (page.IsSuccessStatusCode && (await page.Content.ReadAsStringAsync()).EndsWith("</html>", StringComparison.Ordinal)) Interlocked.Increment(ref answered);
                    else if ((int)page.StatusCode >= 500) Interlocked.Increment(ref broken);
                }
                // Refused before it began: nothing was acknowledged.
                catch (HttpRequestException) { await Task.Delay(20); }
            }
        })).ToList();
        while (Volatile.Read(ref answered) < 20) await Task.Delay(20);
        // It ends by itself, though one hangs: Terminate waits for that, and gives up at last.
        var (_, code) = await server.Terminate();
        await end.CancelAsync();
        await Task.WhenAll(load);
        code.ShouldBe(0);
        broken.ShouldBe(0);
        notReady.ShouldBeGreaterThan(0);
    }
}
