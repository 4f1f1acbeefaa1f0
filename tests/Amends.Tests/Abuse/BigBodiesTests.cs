using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Amends.Trust;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>Nobody makes the house read what it will not take: forms are refused by their length, before a byte of them is read.</summary>
public class BigBodiesTests
{
    // Announces forty megabytes, sends a hundred kilobytes of them, and waits for an answer: one who reads the whole first gives none.
    static async Task<(string Head, TimeSpan Took, bool Closed)> Knock(Uri url, string path, string more = "", long length = 40L * 1024 * 1024)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        await using var stream = client.GetStream();
        var head = $"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\n{more}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "text=" + new string('a', 100_000)));
        var clock = Stopwatch.StartNew();
        var buffer = new byte[64 * 1024];
        var read = await stream.ReadAsync(buffer, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        var took = clock.Elapsed;
        var answer = Encoding.ASCII.GetString(buffer, 0, read);
        var closed = answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
        return (answer.Split("\r\n")[0], took, closed);
    }

    [Fact]
    public async Task A_stranger_is_refused_before_his_form_is_read()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        foreach (var door in full.Doors.Where(d => d is { Method: "POST", IsPublic: false }))
        {
            var (head, took, closed) = await Knock(full.House.Url, (await full.Addresses(door))[0]);
            head.ShouldContain("401", Shouldly.Case.Sensitive, door.ToString());
            took.ShouldBeLessThan(TimeSpan.FromSeconds(5), door.ToString());
            closed.ShouldBeTrue(door.ToString());
        }
    }

    [Fact]
    public async Task A_form_without_files_has_a_limit_for_everybody()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var token = Sessions.Token();
        await full.House.Write.Run(Amends.Foundation.Actor.System("test"), null, db => { Sessions.Begin(db, token, full.Ada, "test"); return Task.CompletedTask; });
        var takes = 0;
        foreach (var door in full.Doors.Where(d => d is { Method: "POST", ByKey: false }))
        {
            if (door.Route.Metadata.GetMetadata<TakesFiles>() is not null) { takes++; continue; }
            var (head, took, _) = await Knock(full.House.Url, (await full.Addresses(door))[0], $"Cookie: amends={token}\r\n");
            head.ShouldContain("413", Shouldly.Case.Sensitive, door.ToString());
            took.ShouldBeLessThan(TimeSpan.FromSeconds(5), door.ToString());
        }
        takes.ShouldBe(8);
    }

    [Fact]
    public async Task What_was_typed_over_an_ended_session_is_shown_and_files_need_not_come_first()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        using var outside = full.House.Client();
        using var words = new FormUrlEncodedContent([new("text", new string('w', 90_000) + " end")]);
        var answer = await outside.PostAsync($"/cases/{full.Ordinal()}/reply", words);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("www end");
    }
}
