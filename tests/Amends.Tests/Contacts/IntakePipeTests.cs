using System.Diagnostics;
using System.Net;
using System.Text;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

/// <summary>The script for mail servers' pipes, against a stand-in that answers as told: in any doubt it ends with 75, so that the server keeps the mail.</summary>
public sealed class IntakePipeTests
{
    [Theory]
    [InlineData(201, 0), InlineData(200, 0), InlineData(503, 75), InlineData(500, 75), InlineData(401, 75), InlineData(404, 75), InlineData(413, 65), InlineData(422, 65), InlineData(302, 75)]
    public async Task The_pipe_ends_as_the_answer_says(int status, int exit)
    {
        using var listener = new HttpListener();
        var port = 21_000 + Environment.ProcessId % 1000 * 10 + status % 10 + status / 100;
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var asked = listener.GetContextAsync();
        var running = Run(port, "Subject: Hello\r\n\r\nWe are the mail.\0\r\n");
        var context = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        using (var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1)) (await reader.ReadToEndAsync()).ShouldBe("Subject: Hello\r\n\r\nWe are the mail.\0\r\n");
        context.Request.QueryString["mailbox"].ShouldBe("service@example.com");
        context.Request.QueryString["from"].ShouldBe("o'brien&co+x@example.org");
        context.Request.Headers["Authorization"].ShouldBe("Bearer the-secret-key");
        context.Response.StatusCode = status;
        context.Response.Close();
        (await running).ShouldBe(exit);
    }

    [Fact]
    public async Task With_nobody_there_the_mail_server_keeps_the_mail() => (await Run(1, "Subject: x\r\n\r\n")).ShouldBe(75);

    static async Task<int> Run(int port, string mail)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "no curl on this machine");
        var key = Path.GetTempFileName();
        await File.WriteAllTextAsync(key, "the-secret-key");
        try
        {
            var info = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardError = true };
            foreach (var argument in new[] { RepoRoot.Under("tools", "intake-pipe"), "service@example.com", "o'brien&co+x@example.org", "service@example.com" }) info.ArgumentList.Add(argument);
            info.Environment["AMENDS_URL"] = $"http://127.0.0.1:{port}";
            info.Environment["AMENDS_KEY_FILE"] = key;
            info.Environment["no_proxy"] = "127.0.0.1";
            using var process = Process.Start(info)!;
            await process.StandardInput.BaseStream.WriteAsync(Encoding.Latin1.GetBytes(mail));
            process.StandardInput.Close();
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally { File.Delete(key); }
    }
}
