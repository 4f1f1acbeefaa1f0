using System.Net.Sockets;
using System.Text.Json;
using Amends.Foundation.Data;

namespace Amends.Commands;

/// <summary>One thing that the command line asks of a house.</summary>
/// <param name="Do">Which command.</param>
/// <param name="With">Its input.</param>
sealed record LineCall(string Do, JsonElement With);

/// <summary>How far a command is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Says">What is being done.</param>
sealed record LineProgress(double Share, string Says);

/// <summary>One line of an answer: progress, or the answer, or one sentence of what went wrong.</summary>
sealed record LineAnswer(LineProgress? Progress = null, JsonElement? Answer = null, string? Error = null);

/// <summary>What the command line can ask, whether a server runs (then by its socket) or not (then in this process).</summary>
static class LineCalls
{
    public delegate Task<object> Work(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop);

    static readonly Dictionary<string, Work> All = new()
    {
        [UserCommand.Add] = UserCommand.Do,
        [KeyCommand.Add] = KeyCommand.Do,
        [ImportCommand.Some] = ImportCommand.Do,
        [BackupCommand.Make] = BackupCommand.Do,
        [DoctorCommand.Look] = DoctorCommand.Do,
    };

    public static Task<object> Do(IServiceProvider services, LineCall call, Action<LineProgress> tell, CancellationToken stop) =>
        All.TryGetValue(call.Do, out var work) ? work(services, call.With, tell, stop) : throw new Foundation.Trouble(Words.LineSaysNothing);

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}

/// <summary>
/// The running server's ear for the command line: <c>amends.sock</c> in the data folder, for its owner only (0600). A line of JSON asks, lines of
/// JSON answer; several calls may follow each other on one connection.
/// </summary>
sealed class LineServer(IServiceProvider services, DataPlace place, ILogger<LineServer> log) : BackgroundService
{
    /// <summary>The socket of a data folder.</summary>
    public static string PathOf(DataPlace place) => Path.Combine(place.Folder, "amends.sock");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var path = PathOf(place);
        if (System.Text.Encoding.UTF8.GetByteCount(path) > 100)
        {
            log.LogWarning("The path of the data folder is too long for a socket: commands need the server stopped");
            return;
        }
        // Several processes may serve one PostgreSQL from one folder: the first one listens.
        if (place.Postgres is not null && await LineClient.Reaches(path)) return;
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Bind(listener, path);
        listener.Listen(8);
        try
        {
            while (!stoppingToken.IsCancellationRequested) _ = Talk(await listener.AcceptAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally { File.Delete(path); }
    }

    // A socket is made with the rights that the umask leaves: it is made where only its owner comes, and put in its place when it is his alone.
    static void Bind(Socket listener, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            return;
        }
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, ".l" + Random.Shared.Next(0x10000).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var made = Path.Combine(folder.FullName, "s");
            listener.Bind(new UnixDomainSocketEndPoint(made));
            File.SetUnixFileMode(made, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Move(made, path, overwrite: true);
        }
        finally { folder.Delete(recursive: true); }
    }

    async Task Talk(Socket socket, CancellationToken stop)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
            var gate = new Lock();
            void Say(LineAnswer answer)
            {
                lock (gate) writer.WriteLine(JsonSerializer.Serialize(answer, LineCalls.Json));
            }
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                try
                {
                    var call = JsonSerializer.Deserialize<LineCall>(line, LineCalls.Json)!;
                    var answer = await LineCalls.Do(services, call, progress => Say(new LineAnswer(Progress: progress)), stop);
                    Say(new LineAnswer(Answer: JsonSerializer.SerializeToElement(answer, answer.GetType(), LineCalls.Json)));
                }
                catch (Exception why) when (why is not (IOException or OperationCanceledException))
                {
                    if (why is not (Foundation.Trouble or Foundation.Refused)) log.LogWarning(why, "A command failed");
                    Say(new LineAnswer(Error: Sentences.Of(why)));
                }
            }
        }
        catch (Exception why) when (why is IOException or OperationCanceledException or SocketException or ObjectDisposedException) { }
    }
}
