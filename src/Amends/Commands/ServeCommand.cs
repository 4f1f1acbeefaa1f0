using System.CommandLine;
using System.Net.Sockets;
using System.Reflection;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;

namespace Amends.Commands;

/// <summary><c>amends serve</c>.</summary>
static class ServeCommand
{
    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(ServeCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var port = PortOption(5080);
        var url = new Option<string?>("--public-url") { Description = Words.PublicUrlOption, HelpName = "URL", DefaultValueFactory = _ => CommandLine.Environment("PUBLIC_URL") };
        url.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Url(result.Tokens[0].Value) is null) result.AddError(Sentences.Say(Words.UrlWrong, result.Tokens[0].Value));
        });
        var lan = new Option<bool>("--insecure-lan") { Description = Words.InsecureOption, DefaultValueFactory = _ => CommandLine.Environment("INSECURE_LAN") is "1" or "true" };
        var command = place.On(new Command("serve", Words.ServeSays) { port, url, lan });
        command.SetAction((parsed, stop) =>
        {
            var given = parsed.GetValue(url);
            var publicUrl = string.IsNullOrEmpty(given) ? null : Url(given) ?? throw new Trouble(Sentences.Say(Words.UrlWrong, given));
            var options = new ServeOptions(place.Of(parsed), Port(parsed.GetRequiredValue(port)), publicUrl, parsed.GetValue(lan));
            // A name of this very machine is no network; anything else over plain http is.
            if (publicUrl is { Scheme: "http", IsLoopback: false } && !options.InsecureLan) throw new Trouble(Sentences.Say(Words.PlainHttp, publicUrl.GetLeftPart(UriPartial.Authority)));
            return Serve(options, clock, greet: Greet, stop: stop);
        });
        return command;
    }

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="prepare">Run after the upgrade, before the first page is served.</param>
    /// <param name="greet">Says more once it serves.</param>
    public static async Task<int> Serve(ServeOptions options, TimeProvider clock, Func<IServiceProvider, Task>? prepare = null, Action<WebApplication, Uri>? greet = null, CancellationToken stop = default)
    {
        using var only = ServerLock.Take(options.Place);
        TryPort(options);
        await using var app = Serving.Build(options, clock, services => services
            .AddSingleton<IHostLifetime, GracefulStop>()
            .AddHostedService<LineServer>());
        var done = await app.Services.GetRequiredService<Upgrade>().RunAsync(stop);
        if (done.Count > 0) Console.WriteLine(Sentences.Say(Words.Upgraded, done[^1]));
        if (prepare is not null) await prepare(app.Services);
        try { await app.StartAsync(stop); }
        catch (Exception why) when (Deepest(why) is SocketException socket) { throw PortTrouble(options, socket); }
        var here = new Uri(app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("127.0.0.1", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));
        Console.WriteLine(Sentences.Say(Words.Serving, Version, options.PublicUrl is { } outside ? $"{outside.GetLeftPart(UriPartial.Authority)} ({here.GetLeftPart(UriPartial.Authority)})" : here.GetLeftPart(UriPartial.Authority)));
        if (options.InsecureLan) Console.WriteLine(Words.ServingLan);
        Console.WriteLine(Sentences.Say(Words.DataAt, options.Place.Folder, options.Place.Postgres is null ? "SQLite" : "PostgreSQL"));
        greet?.Invoke(app, here);
        Console.WriteLine(Words.StopBy);
        await app.WaitForShutdownAsync(stop);
        return 0;
    }

    static void Greet(WebApplication app, Uri here)
    {
        if (app.Services.GetRequiredService<House>().Get(HouseSettings.SetUp)) return;
        Console.WriteLine(Sentences.Say(Words.FirstRun, new Uri(here, "/first-run"), app.Services.GetRequiredService<FirstRun>().Code));
    }

    // Asked before the database is touched: who started it twice by mistake changes nothing.
    static void TryPort(ServeOptions options)
    {
        if (options.Port == 0) return;
        try
        {
            using var probe = new TcpListener(options.InsecureLan ? System.Net.IPAddress.Any : System.Net.IPAddress.Loopback, options.Port);
            probe.Start();
        }
        catch (SocketException why) { throw PortTrouble(options, why); }
    }

    static Trouble PortTrouble(ServeOptions options, SocketException why) => new(why.SocketErrorCode == SocketError.AccessDenied
        ? Sentences.Say(Words.PortForbidden, options.Port, Environment.UserName) : Sentences.Say(Words.PortTaken, options.Port), why);

    /// <summary>The port as an option, so that a wrong number is wrong use.</summary>
    public static Option<string> PortOption(int otherwise)
    {
        var port = new Option<string>("--port")
        {
            Description = Words.PortOption,
            HelpName = "PORT",
            DefaultValueFactory = _ => CommandLine.Environment("PORT") ?? otherwise.ToString(System.Globalization.CultureInfo.InvariantCulture)
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ushort.TryParse(result.Tokens[0].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
                result.AddError(Sentences.Say(Words.PortWrong, result.Tokens[0].Value));
        });
        return port;
    }

    /// <summary>The port that was typed.</summary>
    public static int Port(string typed) => ushort.TryParse(typed, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? number : throw new Trouble(Sentences.Say(Words.PortWrong, typed));

    static Uri? Url(string typed) => Uri.TryCreate(typed, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } ? url : null;

    static Exception Deepest(Exception why)
    {
        while (why.InnerException is { } inner) why = inner;
        return why;
    }
}
