using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Amends.Tests.Cast;

/// <summary>A PostgreSQL server in a folder of its own on a free port of loopback; thrown away at the end.</summary>
sealed class OwnPostgres : IDisposable
{
    readonly string programs, folder, data, options;
    readonly bool root = Environment.UserName == "root";

    OwnPostgres(string programs, string more)
    {
        this.programs = programs;
        // A short path: a socket's name has some hundred bytes at most.
        folder = Directory.CreateTempSubdirectory("amends-pg-").FullName;
        data = Path.Combine(folder, "data");
        var port = FreePort();
        options = string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=300 {more}");
        Connection = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres");
        Port = port;
    }

    /// <summary>The connection string to the server's own database.</summary>
    public string Connection { get; }

    public int Port { get; }

    public static OwnPostgres Start(string programs, string more)
    {
        var own = new OwnPostgres(programs, more);
        if (own.root) Do("chown", ["postgres:", own.folder]);
        own.AsPostgres("initdb", ["-D", own.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], quiet: true);
        own.AsPostgres("pg_ctl", ["-D", own.data, "-w", "-t", "60", "-s", "-l", Path.Combine(own.folder, "log"), "-o", own.options, "start"]);
        return own;
    }

    /// <summary>Ends it as a crash does, and starts it again.</summary>
    public void Crash() => AsPostgres("pg_ctl", ["-D", data, "-w", "-t", "60", "-s", "-m", "immediate", "-l", Path.Combine(folder, "log"), "-o", options, "restart"]);

    /// <summary>Ends it, as for maintenance: whoever is connected is thrown out.</summary>
    public void Stop() => AsPostgres("pg_ctl", ["-D", data, "-m", "fast", "-w", "-s", "stop"]);

    /// <summary>Starts it again after <see cref="Stop"/>.</summary>
    public void StartAgain() => AsPostgres("pg_ctl", ["-D", data, "-w", "-t", "60", "-s", "-l", Path.Combine(folder, "log"), "-o", options, "start"]);

    public void Dispose()
    {
        AsPostgres("pg_ctl", ["-D", data, "-m", "immediate", "-w", "-s", "stop"]);
        Directory.Delete(folder, recursive: true);
    }

    void AsPostgres(string program, string[] arguments, bool quiet = false)
    {
        // The server refuses to run as root.
        if (root)
            Do("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", Path.Combine(programs, program), .. arguments], quiet);
        else
            Do(Path.Combine(programs, program), arguments, quiet);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void Do(string program, string[] arguments, bool quiet = false)
    {
        // From / because the postgres user cannot read root's folders. Output is inherited, not redirected, where a server comes of it: that would keep
        // the pipes open, and reading them would never end. What initdb tells is of use only when it fails.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = quiet, RedirectStandardError = quiet })!;
        var told = quiet ? Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()) : Task.FromResult<string[]>([]);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}. {string.Join('\n', told.GetAwaiter().GetResult())}");
    }
}
