using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Foundation;
using Amends.Tests.Cases;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>What the machine and its neighbours do wrong: one clear sentence each, on the command line or the page, and nothing lost. More of them: CommandLineTests, FaultTests.</summary>
public class BadWorldTests
{
    static async Task Says(string sentence, params string[] words)
    {
        var (code, said, failed) = await RealProgram.Run(words);
        code.ShouldBe(1, failed);
        failed.Trim().ShouldContain(sentence);
        failed.Trim().Split('\n').Length.ShouldBe(1, failed);
        (said + failed).ShouldNotContain("   at ");
    }

    static int Sh(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    static void FillUp(string file)
    {
        using var fill = new FileStream(file, FileMode.Create);
        try { while (true) { fill.Write(new byte[4096]); fill.Flush(); } }
        catch (IOException) { }
    }

    [Fact]
    public async Task A_connection_string_that_leads_nowhere_is_told_by_what_is_wrong_with_it()
    {
        using var scratch = new Scratch();
        var there = new Npgsql.NpgsqlConnectionStringBuilder(await Postgres.CreateDatabase());
        var nowhere = new Npgsql.NpgsqlConnectionStringBuilder(there.ConnectionString) { Database = "no_such_house" }.ConnectionString;
        await Says("no_such_house", "serve", "--data", scratch.Under("a"), "--port", "0", "--database", nowhere);
        var (code, said, failed) = await RealProgram.Run("doctor", "--data", scratch.Under("a"), "--database", nowhere);
        code.ShouldBe(1);
        (said + failed).ShouldContain("no_such_house");
        (said + failed).ShouldNotContain("   at ");
        await Says("no_such_user", "serve", "--data", scratch.Under("b"), "--port", "0", "--database", new Npgsql.NpgsqlConnectionStringBuilder(there.ConnectionString) { Username = "no_such_user" }.ConnectionString);
        await Says("PostgreSQL cannot be reached", "import", "eml", scratch.Path, "--mailbox", "x@x.example", "--data", scratch.Under("c"), "--database", "Host=no-such-host.invalid;Username=x");
        await Postgres.DropDatabase(there.ConnectionString);
    }

    [Fact]
    public async Task A_damaged_database_is_told_by_every_command_and_left_as_it_is()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Under("data"));
        var file = scratch.Under("data/amends.db");
        await File.WriteAllTextAsync(file, "SQLite format 3\0" + new string('x', 9000));
        var before = await File.ReadAllBytesAsync(file);
        foreach (var words in (string[][])[["serve", "--port", "0"], ["backup", scratch.Under("b.tar.gz")], ["import", "eml", scratch.Path, "--mailbox", "x@x.example"], ["key", "add", "x", "--scope", "intake"], ["user", "add", "Ben", "ben@x.example", "--role", "Agent"]])
            await Says("database file is damaged", [.. words, "--data", scratch.Under("data")]);
        (await File.ReadAllBytesAsync(file)).ShouldBe(before);
    }

    [Fact]
    public async Task F03_a_full_disk_is_told_on_the_page_with_what_was_typed_and_on_the_command_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs the right to mount a small disk");
        var mount = Directory.CreateTempSubdirectory("amends-disk-").FullName;
        if (Sh("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mount) != 0) Assert.Skip("no small disk can be mounted here");
        try
        {
            var data = Path.Combine(mount, "data");
            await using (var house = await TestHouse.OpenAt(data, null, serve: true, stays: true))
            {
                var (brand, team) = (await Some.Brand(house), await Some.Team(house, "Service"));
                var ben = await Some.Colleague(house, "Ben Kim", await Some.AdminRole(house), team);
                var one = await Some.Case(house, await Some.Customer(house, "Maria", "maria@a.example"), team, brand);
                using var web = await house.ClientOf(ben);
                var page = await web.See($"/cases/{one.Number}");
                FillUp(Path.Combine(mount, "filler"));
                Seen? refused = null;
                for (var i = 0; i < 60 && refused is null; i++)
                {
                    var answer = await web.Send(page, $"/cases/{one.Number}/notes", ("text", new string('n', 40_000) + $" typed {i}"), ("once", $"k{i}"));
                    if ((int)answer.Status >= 400) refused = answer;
                }
                refused.ShouldNotBeNull();
                refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                refused.Body.ShouldContain("The disk is full: nothing was saved. Free some space in the data folder and try again.");
                refused.Body.ShouldContain("nnn typed ");
                // Looking goes on all the while.
                (await web.See($"/cases/{one.Number}")).Status.ShouldBe(HttpStatusCode.OK);
            }
            FillUp(Path.Combine(mount, "filler2"));
            await Says("The disk is full", "serve", "--port", "0", "--data", Path.Combine(mount, "other"));
        }
        finally { Sh("umount", "-l", mount); }
    }

    // Speaks SMTP up to one word, and says no there.
    static async Task<(TcpListener Listener, int Port)> Refusing(string at, string says)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await using var stream = client.GetStream();
                    using var reader = new StreamReader(stream);
                    async Task Say(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
                    await Say(at == "connect" ? says : "220 mx.test");
                    while (at != "connect" && await reader.ReadLineAsync() is { } line)
                    {
                        if (line.StartsWith(at, StringComparison.OrdinalIgnoreCase)) { await Say(says); continue; }
                        if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase)) { await Say("221 bye"); break; }
                        await Say(line.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase) ? "250-mx.test\r\n250 AUTH PLAIN LOGIN" : line == "DATA" ? "354 go on" : "250 ok");
                    }
                }
            }
            catch (Exception why) when (why is IOException or ObjectDisposedException or SocketException or OperationCanceledException) { }
        });
        await Task.Yield();
        return (listener, ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    [Theory]
    [InlineData("connect", "554 no service for you", "no service for you")]
    [InlineData("MAIL", "550 5.7.1 sender not allowed", "sender not allowed")]
    [InlineData("RCPT", "550 5.7.1 relaying denied", "relaying denied")]
    [InlineData("AUTH", "535 5.7.8 wrong credentials", "wrong credentials")]
    public async Task A_mail_server_that_refuses_is_told_by_its_own_words_and_what_to_do(string at, string answer, string says)
    {
        await using var post = await Post.Open(On.Sqlite);
        var (listener, port) = await Refusing(at, answer);
        using var _ = listener;
        (string, string?)[] user = at == "AUTH" ? [("user", "me"), ("password", "wrong-canary-password")] : [];
        var test = await post.Desk.Post("/settings/mail-out", [("host", "127.0.0.1"), ("port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("security", "none"), ("do", "test"), .. user]);
        test.Status.ShouldBe(HttpStatusCode.OK, test.Body);
        // Without TLS no password leaves the house: then that is what is told.
        if (at == "AUTH") test.Text(".banner")!.ShouldMatch("TLS|wrong credentials");
        else test.Text(".banner")!.ShouldContain(says);
        test.Text(".banner")!.Length.ShouldBeLessThan(500);
        test.Body.ShouldNotContain("wrong-canary-password");
    }

    [Fact]
    public async Task A_file_that_is_no_mail_is_seen_with_words_and_its_raw_form()
    {
        await using var post = await Post.Open(On.Sqlite);
        await post.Send([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2]);
        await post.Send("hello"u8.ToArray());
        await post.Quiet();
        var list = await post.Desk.See("/quarantine");
        var links = list.Document.QuerySelectorAll("a.row-link").Select(a => a.GetAttribute("href")!).ToList();
        links.Count.ShouldBe(2);
        foreach (var link in links)
        {
            (await post.Desk.See(link)).Status.ShouldBe(HttpStatusCode.OK);
            (await post.Desk.GetByteArrayAsync(link + "/raw")).Length.ShouldBeGreaterThan(4);
        }
        list.Body.ShouldNotContain("Exception");
    }
}
