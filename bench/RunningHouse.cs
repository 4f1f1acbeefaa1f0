using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Bench;

/// <summary>The real program as a process of its own on a seeded house, a signed-in client, and what processor time the program and its database take.</summary>
sealed class RunningHouse : IAsyncDisposable
{
    readonly Process process;
    readonly int server;

    RunningHouse(Process process, int server, Uri url, string cookie, double started) => (this.process, this.server, Url, Cookie, Started) = (process, server, url, cookie, started);

    public Uri Url { get; }
    public string Cookie { get; }

    /// <summary>Milliseconds from starting the process to the first whole page.</summary>
    public double Started { get; }

    /// <summary>Starts it. The session is written straight into the database, as the first administrator's.</summary>
    /// <param name="published">A program made by <c>./publish</c>; null for the build beside us.</param>
    public static async Task<RunningHouse> Start(DataPlace place, string? published = null)
    {
        var token = Sessions.Token();
        await using (var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), TimeProvider.System))
        {
            await app.Services.GetRequiredService<Upgrade>().RunAsync();
            await app.Services.GetRequiredService<Writer>().Run(Actor.System("bench"), null, async db =>
            {
                var admin = await db.Set<Colleague>().OrderBy(c => c.Id).Select(c => c.Id).FirstAsync();
                Sessions.Begin(db, token, admin, "bench");
            });
        }
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Amends/release/amends.dll"));
        var start = new ProcessStartInfo(published is null ? "dotnet" : Path.GetFullPath(published)) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (published is null) start.ArgumentList.Add(program);
        foreach (var word in new[] { "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", place.Folder }) start.ArgumentList.Add(word);
        if (place.Postgres is { } database)
        {
            start.ArgumentList.Add("--database");
            start.ArgumentList.Add(database);
        }
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var errors = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var server = await ServerOf(place);
        var house = new RunningHouse(process, server, url, token, 0);
        using var client = house.Client();
        while (true)
        {
            if (process.HasExited) throw new InvalidOperationException($"The program ended: {errors}");
            try
            {
                var answer = await client.GetAsync("/desk");
                if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Length > 1000) return new RunningHouse(process, server, url, token, clock.Elapsed.TotalMilliseconds);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) throw new InvalidOperationException($"/desk answered {(int)answer.StatusCode} {answer.Headers.Location}");
            }
            catch (HttpRequestException) { await Task.Delay(20); }
        }
    }

    /// <summary>A browser's connection with the session.</summary>
    public HttpClient Client()
    {
        var cookies = new CookieContainer();
        cookies.Add(Url, new Cookie("amends", Cookie));
        // Compressed, as every browser asks; what it costs to unpack is ours and is not counted.
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies, AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Resident memory of the program, MiB.</summary>
    public double Memory()
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Processor milliseconds used so far, by the program and, on PostgreSQL, by this one server: its processes, and those that ended.</summary>
    public double Cpu() => Ticks(process.Id) + (server == 0 ? 0 : Ticks(server, withEnded: true) + Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(pid => ParentOf(pid) == server).Sum(pid => Ticks(pid)));

    // The parent of the backend that answers us; 0 on SQLite, and where the server is another machine's.
    static async Task<int> ServerOf(DataPlace place)
    {
        if (place.Postgres is null) return 0;
        await using var connection = new Npgsql.NpgsqlConnection(place.Postgres);
        await connection.OpenAsync();
        return ParentOf(connection.ProcessID);
    }

    static int ParentOf(int pid) => Stat(pid) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    // What follows the name (which may hold blanks) in proc(5): state, parent, …
    static string[]? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException) { return null; }
    }

    // utime and stime, and those of children that ended, in clock ticks of 10 ms.
    static double Ticks(int pid, bool withEnded = false) =>
        Stat(pid) is { } fields ? 10.0 * fields.AsSpan(11, withEnded ? 4 : 2).ToArray().Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) : 0;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
