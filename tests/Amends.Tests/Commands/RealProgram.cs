using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Tests.Cast;

namespace Amends.Tests.Commands;

/// <summary>The real program as a process of its own.</summary>
sealed class RealProgram : IAsyncDisposable
{
    readonly Process process;
    readonly StringBuilder said = new(), failed = new();

    RealProgram(string[] words, string? folder) : this(new ProcessStartInfo("dotnet", [Built, .. words]) { WorkingDirectory = folder ?? Path.GetTempPath() }) { }

    RealProgram(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => { lock (said) if (line.Data is { } text) said.AppendLine(text); };
        process.ErrorDataReceived += (_, line) => { lock (failed) if (line.Data is { } text) failed.AppendLine(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The program as the build left it.</summary>
    public static string Built => RepoRoot.Under("artifacts", "bin", "Amends", "release", "amends.dll");

    public string Said { get { lock (said) return said.ToString(); } }
    public string Failed { get { lock (failed) return failed.ToString(); } }
    public int Id => process.Id;
    public bool HasEnded => process.HasExited;

    /// <summary>Runs it to its end: exit code, what it said, what went wrong.</summary>
    public static Task<(int Code, string Said, string Failed)> Run(params string[] words) => Run(new ProcessStartInfo("dotnet", [Built, .. words]) { WorkingDirectory = Path.GetTempPath() });

    /// <summary>The same of any other command that stands for it: a script, the published program.</summary>
    public static async Task<(int Code, string Said, string Failed)> Run(ProcessStartInfo start)
    {
        await using var one = new RealProgram(start);
        await one.process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(4)).Token);
        one.process.WaitForExit();
        return (one.process.ExitCode, one.Said, one.Failed);
    }

    /// <summary>Starts a server and waits until it says that it serves.</summary>
    public static Task<RealProgram> Serve(int port, string data, params string[] more) => Serve(new ProcessStartInfo("dotnet", [Built, "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--data", data, .. more]) { WorkingDirectory = Path.GetTempPath() });

    /// <summary>The same of any other command that serves.</summary>
    public static async Task<RealProgram> Serve(ProcessStartInfo start)
    {
        var one = new RealProgram(start);
        for (var i = 0; !one.Said.Contains("Ctrl+C", StringComparison.Ordinal); i++)
        {
            if (one.HasEnded || i > 2400) throw new InvalidOperationException($"The server does not serve: {one.Said} {one.Failed}");
            await Task.Delay(100);
        }
        return one;
    }

    /// <summary>Starts a command and does not wait for it.</summary>
    public static RealProgram Begin(params string[] words) => new(words, null);

    /// <summary>The same with certificates of its own authority, which it trusts beside none.</summary>
    public static RealProgram BeginTrusting(string rootFile, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Built, .. words]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["SSL_CERT_FILE"] = rootFile;
        return new(start);
    }

    /// <summary>SIGKILL: nothing of it goes on.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }

    /// <summary>Waits for its end, at most so long. True when it ended by itself.</summary>
    public async Task<bool> Ends(TimeSpan within)
    {
        try { await process.WaitForExitAsync(new CancellationTokenSource(within).Token); }
        catch (OperationCanceledException) { return false; }
        return true;
    }

    /// <summary>SIGTERM, as a service manager sends it. Answers how long it took to end, and its exit code.</summary>
    public async Task<(TimeSpan Took, int Code)> Terminate()
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        return (clock.Elapsed, process.ExitCode);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A folder that is gone afterwards.</summary>
sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("amends-t-").FullName;
    public string Under(string name) => System.IO.Path.Combine(Path, name);
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
