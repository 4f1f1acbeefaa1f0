using System.Net;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class ProxyTests
{
    static async Task<WebApplication> Serve(Uri? publicUrl)
    {
        var place = new DataPlace(Directory.CreateTempSubdirectory("amends-test-").FullName, null);
        var app = Serving.Build(new ServeOptions(place, 0, publicUrl, Quiet: true), new FakeTime());
        await app.Services.GetRequiredService<Upgrade>().RunAsync();
        return app;
    }

    [Fact]
    public async Task A30_headers_of_proxies_are_heard_from_this_machine_only_and_only_with_a_public_address()
    {
        await using var open = await Serve(new Uri("https://help.casaverde.example"));
        await using var closed = await Serve(null);
        string Heard(WebApplication app, string near, string forwarded)
        {
            var http = new DefaultHttpContext();
            http.Connection.RemoteIpAddress = IPAddress.Parse(near);
            http.Request.Headers["X-Forwarded-For"] = forwarded;
            http.Request.Headers["X-Forwarded-Host"] = "evil.example";
            http.Request.Headers["X-Forwarded-Proto"] = "gopher";
            http.Request.Headers["X-Remote-User"] = "ada";
            http.Request.Scheme = "http";
            app.Services.GetRequiredService<HouseAddress>().HearTheProxy(http);
            return $"{http.Request.Scheme} {http.Connection.RemoteIpAddress} {http.Request.Host}".Trim();
        }
        Heard(open, "127.0.0.1", "1.2.3.4, 203.0.113.9").ShouldBe("https 203.0.113.9");
        Heard(open, "::1", "2001:db8::7").ShouldBe("https 2001:db8::7");
        Heard(open, "127.0.0.1", "unknown").ShouldBe("https 127.0.0.1");
        Heard(open, "198.51.100.2", "203.0.113.9").ShouldBe("https 198.51.100.2");
        Heard(closed, "127.0.0.1", "203.0.113.9").ShouldBe("http 127.0.0.1");
    }

    [Fact]
    public async Task A28_behind_a_proxy_that_ends_TLS_forms_work_and_every_cookie_is_bound_to_the_host()
    {
        await using var app = await Serve(new Uri("https://help.casaverde.example"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First().Replace("localhost", "127.0.0.1", StringComparison.Ordinal)) };
        client.DefaultRequestHeaders.Host = "help.casaverde.example";
        var page = await client.See("/first-run");
        page.Status.ShouldBe(HttpStatusCode.OK);
        var cookie = page.Answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-amends-form=");
        cookie.ShouldContain("secure");
        page.Answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        client.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        var wrong = await client.Send(page, "/first-run/open", ("code", "AAAA-BBBB-CCCC"));
        wrong.Error("code").ShouldNotBeNull();
        var open = await client.Send(page, "/first-run/open", ("code", app.Services.GetRequiredService<FirstRun>().Code));
        var done = await client.Send(open, "/first-run", ("name", "Ada Lund"), ("address", "ada@casaverde.example"), ("password", "violet harbour tram nine"), ("company", "Casa Verde"));
        done.Location.ShouldBe("/first-run/ready");
        var cookies = done.Answer.Headers.GetValues("Set-Cookie").ToList();
        cookies.Count.ShouldBe(2);
        cookies.ShouldAllBe(c => c.StartsWith("__Host-", StringComparison.Ordinal) && c.Contains("secure", StringComparison.Ordinal) && c.Contains("httponly", StringComparison.Ordinal) && c.Contains("path=/", StringComparison.Ordinal) && !c.Contains("domain", StringComparison.Ordinal));
        using var evil = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        evil.Headers.Host = "evil.example";
        (await client.SendAsync(evil, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
