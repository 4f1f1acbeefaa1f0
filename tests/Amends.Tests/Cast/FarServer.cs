using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Amends.Foundation.Outside;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amends.Tests.Cast;

/// <summary>
/// Servers of the internet, as this house sees them: names have the addresses that a test gives them, one for each question, and whoever dials one of the
/// public addresses reaches a server on loopback that keeps what it was asked. Dialling any other address is noted, and refused.
/// </summary>
sealed class FarServer : IAsyncDisposable
{
    /// <summary>A public address.</summary>
    public static readonly IPAddress Public = IPAddress.Parse("93.184.216.34");

    /// <summary>A PNG of one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    readonly WebApplication app;

    FarServer(WebApplication app) => this.app = app;

    /// <summary>What each name answers, one entry for each question; the last stays.</summary>
    public ConcurrentDictionary<string, List<IPAddress[]>> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is answered under a path; else a picture.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests: their path.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Headers of each request.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Headers { get; } = new();

    /// <summary>Addresses that were dialled.</summary>
    public ConcurrentQueue<IPEndPoint> Dialled { get; } = new();

    /// <summary>Names that were asked for.</summary>
    public ConcurrentQueue<string> Resolved { get; } = new();

    public static async Task<FarServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var far = new FarServer(builder.Build());
        far.app.Run(async http =>
        {
            far.Asked.Enqueue(http.Request.Path.Value!);
            far.Headers.Enqueue(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            if (far.Paths.TryGetValue(http.Request.Path.Value!, out var answer)) { await answer(http); return; }
            http.Response.ContentType = "image/png";
            http.Response.Headers.SetCookie = "track=1";
            await http.Response.Body.WriteAsync(Png);
        });
        await far.app.StartAsync();
        return far;
    }

    public AskAddresses Ask => (host, _) =>
    {
        Resolved.Enqueue(host);
        if (!Names.TryGetValue(host, out var answers)) return Task.FromResult<IPAddress[]>([Public]);
        lock (answers)
        {
            var answer = answers[0];
            if (answers.Count > 1) answers.RemoveAt(0);
            return Task.FromResult(answer);
        }
    };

    public Dial Dial => async (to, stop) =>
    {
        Dialled.Enqueue(to);
        if (!to.Address.Equals(Public)) throw new SocketException((int)SocketError.ConnectionRefused);
        return await OutsideCalls.BySocket(new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.First()).Port), stop);
    };

    /// <summary>Puts these servers in the place of the internet.</summary>
    public void Into(IServiceCollection services) => services.AddSingleton(Ask).AddSingleton(Dial);

    public OutsideCalls Calls() => new(Ask, Dial);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
