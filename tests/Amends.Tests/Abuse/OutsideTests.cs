using System.Diagnostics;
using System.Net;
using Amends.Foundation.Outside;
using Amends.Tests.Cast;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>The one way by which the house asks servers that somebody else names (A10).</summary>
public class OutsideTests
{
    static readonly string[] Inside =
    [
        "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.255.255.254/",
        "http://127.000.000.001/", "http://%31%32%37.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/", "http://0.1.2.3/", "http://10.0.0.5/", "http://10.255.255.255/", "http://100.64.0.1/",
        "http://100.127.255.254/", "http://169.254.169.254/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.169.254:80/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
        "http://192.0.0.8/", "http://192.0.2.1/", "http://192.88.99.1/", "http://198.18.0.1/", "http://198.19.255.255/", "http://198.51.100.1/", "http://203.0.113.9/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/",
        "http://255.255.255.255/", "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:a9fe:a9fe]/",
        "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fd00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::8.8.8.8]/", "http://[2002:7f00:1::1]/", "http://[2002:a00:1::1]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:53aa:64c:0:fbff:af0:5679]/", "http://[2001:10::1]/", "http://[3fff::1]/",
        "http://[100::1]/", "http://[5f00::1]/", "https://127.0.0.1/", "https://[::1]/",
        // No address of the web at all, another door, or a name before it that only looks like one.
        "gopher://93.184.216.34/", "file:///etc/passwd", "ftp://93.184.216.34/", "dict://93.184.216.34:11211/", "http://93.184.216.34:22/", "http://93.184.216.34:8080/", "https://93.184.216.34:6379/", "http://93.184.216.34@127.0.0.1/",
        "http://user:word@93.184.216.34/", "http://user@shop.example/", "http://127.0.0.1\\@93.184.216.34/", "http://127.0.0.1#@93.184.216.34/", "http://[::ffff:93.184.216.34@127.0.0.1]/", "data:image/png;base64,AA==", "javascript:alert(1)",
    ];

    [Fact]
    public async Task A10_eighty_ways_to_write_an_address_of_the_house_lead_nowhere()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        Inside.Length.ShouldBeGreaterThanOrEqualTo(80);
        foreach (var text in Inside)
        {
            // What is no address for the run time is refused before us.
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) continue;
            await Should.ThrowAsync<NotCalled>(() => Fetch(calls, address), text);
        }
        far.Dialled.ShouldBeEmpty();
        far.Asked.ShouldBeEmpty();
        // The same way works for what is outside: else the above says nothing.
        foreach (var text in (string[])["http://93.184.216.34/p.png", "http://shop.example/p.png", "http://[::ffff:93.184.216.34]/p.png"]) (await Fetch(calls, new(text))).ShouldBe(FarServer.Png);
        far.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A10_names_that_lead_inside_are_refused_whichever_of_their_addresses_does()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        far.Names["inside.example"] = [[IPAddress.Loopback]];
        far.Names["half.example"] = [[FarServer.Public, IPAddress.Parse("10.0.0.5")]];
        far.Names["six.example"] = [[IPAddress.Parse("::ffff:192.168.1.1")]];
        far.Names["none.example"] = [[]];
        foreach (var name in (string[])["inside.example", "half.example", "six.example", "none.example"]) await Should.ThrowAsync<NotCalled>(() => Fetch(calls, new($"http://{name}/p.png")), name);
        far.Dialled.ShouldBeEmpty();
    }

    [Fact]
    public async Task A10_a_name_that_flips_is_asked_once_and_the_address_that_was_checked_is_dialled()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        // Public when it is looked at, of the house when it is connected to: there is no second question.
        far.Names["flips.example"] = [[FarServer.Public], [IPAddress.Loopback]];
        (await Fetch(calls, new("http://flips.example/p.png"))).ShouldBe(FarServer.Png);
        far.Resolved.ShouldBe(["flips.example"]);
        far.Dialled.ShouldBe([new IPEndPoint(FarServer.Public, 80)]);
        // Asked anew for a new connection, and refused then.
        using var later = far.Calls();
        await Should.ThrowAsync<NotCalled>(() => Fetch(later, new("http://flips.example/p.png")));
        far.Dialled.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A10_each_step_of_a_redirect_is_checked_as_the_first()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        far.Names["inside.example"] = [[IPAddress.Parse("169.254.169.254")]];
        foreach (var (path, to) in new[] { ("/meta", "http://169.254.169.254/latest/meta-data/"), ("/name", "http://inside.example/"), ("/file", "file:///etc/passwd"), ("/port", "http://shop.example:22/"), ("/user", "http://a:b@shop.example/"), ("/self", "/self") })
            far.Paths[path] = http => { http.Response.StatusCode = 302; http.Response.Headers.Location = to; return Task.CompletedTask; };
        foreach (var path in (string[])["/meta", "/name", "/file", "/port", "/user", "/self"]) await Should.ThrowAsync<NotCalled>(() => Fetch(calls, new("http://shop.example" + path)), path);
        far.Dialled.ShouldAllBe(to => to.Equals(new IPEndPoint(FarServer.Public, 80)));
        // Three steps and no more.
        far.Asked.Count(path => path == "/self").ShouldBe(4);
        far.Paths["/good"] = http => { http.Response.StatusCode = 301; http.Response.Headers.Location = "http://other.example/p.png"; return Task.CompletedTask; };
        (await Fetch(calls, new("http://shop.example/good"))).ShouldBe(FarServer.Png);
    }

    [Fact]
    public async Task A10_what_is_too_much_too_slow_or_an_error_ends()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        far.Paths["/says"] = http => { http.Response.ContentLength = 6_000_000; return Task.CompletedTask; };
        far.Paths["/streams"] = async http => { while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(new byte[64 * 1024]); };
        far.Paths["/drips"] = async http => { while (!http.RequestAborted.IsCancellationRequested) { await http.Response.Body.WriteAsync(new byte[1]); await http.Response.Body.FlushAsync(); await Task.Delay(100); } };
        far.Paths["/gone"] = http => { http.Response.StatusCode = 410; return Task.CompletedTask; };
        var watch = Stopwatch.StartNew();
        foreach (var path in (string[])["/says", "/streams", "/drips", "/gone"]) await Should.ThrowAsync<NotCalled>(() => Fetch(calls, new("http://shop.example" + path)), path);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A07_a_call_says_nothing_of_who_it_is_made_for()
    {
        await using var far = await FarServer.Start();
        using var calls = far.Calls();
        using var activity = new Activity("a request of ours").Start();
        await Fetch(calls, new("http://shop.example/one.png"));
        await Fetch(calls, new("http://shop.example/two.png"));
        far.Headers.Count.ShouldBe(2);
        // The second carries no cookie that the first was given.
        foreach (var headers in far.Headers)
        {
            headers.Keys.ShouldBe(["Host", "Accept", "User-Agent"], ignoreOrder: true);
            headers["User-Agent"].ShouldBe("Amends");
        }
    }

    // Ways to write addresses, as another project tests them.
    [Fact]
    public void A10_the_published_hosts_are_judged_as_expected()
    {
        var rows = File.ReadLines(Corpora.Need("ssrf-hosts", "hosts.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        rows.Count.ShouldBe(30);
        foreach (var row in rows)
        {
            var host = row[0].Contains(':', StringComparison.Ordinal) && !row[0].StartsWith('[') ? $"[{row[0]}]" : row[0];
            // A number that is no host for the run time is not called either.
            var may = Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address) && OutsideCalls.MayBe(address) && (address.HostNameType != UriHostNameType.Dns || address.IdnHost == "example.org");
            // Addresses for documents (RFC 3849) belong to nobody whom a mail could mean: there we are stricter than the list.
            may.ShouldBe(row[1] == "allow" && !row[0].StartsWith("2001:0db8:", StringComparison.Ordinal), row[0]);
        }
    }

    static Task<byte[]> Fetch(OutsideCalls calls, Uri address) => calls.Fetch(address, "image/png", 5 * 1024 * 1024, TimeSpan.FromSeconds(2), redirects: 3, TestContext.Current.CancellationToken);
}
