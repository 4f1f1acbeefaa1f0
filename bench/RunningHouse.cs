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
    readonly bool postgres;

    RunningHouse(Process process, bool postgres, Uri url, string cookie, double started) => (this.process, this.postgres, Url, Cookie, Started) = (process, postgres, url, cookie, started);

    public Uri Url { get; }
    public string Cookie { get; }

    /// <summary>Milliseconds from starting the process to the first whole page.</summary>
    public double Started { get; }

    /// <summary>Starts it. The session is written straight into the database, as the first administrator's.</summary>
    public static async Task<RunningHouse> Start(DataPlace place)
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
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { program, "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", place.Folder }) start.ArgumentList.Add(word);
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
        var house = new RunningHouse(process, place.Postgres is not null, url, token, 0);
        using var client = house.Client();
        while (true)
        {
            if (process.HasExited) throw new InvalidOperationException($"The program ended: {errors}");
            try
            {
                var answer = await client.GetAsync("/desk");
                if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Length > 1000) return new RunningHouse(process, place.Postgres is not null, url, token, clock.Elapsed.TotalMilliseconds);
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
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies, AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Resident memory of the program, MiB.</summary>
    public double Memory()
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>Processor milliseconds used so far, by the program and, on PostgreSQL, by its server's processes.</summary>
    public double Cpu() => Ticks(process.Id) + (postgres ? Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Sum(name => IsPostgres(name!) ? Ticks(int.Parse(name!, CultureInfo.InvariantCulture)) : 0) : 0);

    static bool IsPostgres(string pid)
    {
        try { return File.ReadAllText($"/proc/{pid}/comm").StartsWith("postgres", StringComparison.Ordinal); }
        catch (IOException) { return false; }
    }

    // utime and stime in clock ticks of 10 ms (proc(5)); the name may hold blanks, so what follows its bracket is read.
    static double Ticks(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return 10.0 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (IOException) { return 0; }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var stop = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
