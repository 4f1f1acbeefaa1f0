using System.Net.Sockets;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;

namespace Amends.Commands;

/// <summary>A command's way to the house: by the socket of the server that runs, else in this process, with the house for itself meanwhile.</summary>
sealed class LineClient : IAsyncDisposable
{
    readonly Stream? stream;
    readonly StreamReader? reader;
    readonly ServerLock? only;
    readonly WebApplication? house;

    LineClient(Stream? stream, ServerLock? only, WebApplication? house)
    {
        (this.stream, this.only, this.house) = (stream, only, house);
        if (stream is not null) reader = new StreamReader(stream);
    }

    /// <summary>True when a running server is asked.</summary>
    public bool ByServer => stream is not null;

    /// <summary>Opens the way.</summary>
    /// <param name="upgrade">Brings the database to this version first, where no server runs; without, nothing is changed or made.</param>
    /// <exception cref="Trouble">The house is held by another process that does not listen, or cannot be opened.</exception>
    public static async Task<LineClient> Open(DataPlace place, TimeProvider clock, int port = 0, bool upgrade = true)
    {
        ServerLock.Reach(place);
        if (await Connect(LineServer.PathOf(place)) is { } socket) return new LineClient(new NetworkStream(socket, ownsSocket: true), null, null);
        var only = ServerLock.Take(place);
        try
        {
            var house = Serving.Build(new ServeOptions(place, port, Quiet: true, Looks: !upgrade), clock);
            if (upgrade) await house.Services.GetRequiredService<Upgrade>().RunAsync();
            return new LineClient(null, only, house);
        }
        catch
        {
            only.Dispose();
            throw;
        }
    }

    /// <summary>True when a server listens there.</summary>
    public static async Task<bool> Reaches(string path)
    {
        using var socket = await Connect(path);
        return socket is not null;
    }

    static async Task<Socket?> Connect(string path)
    {
        if (!File.Exists(path) || System.Text.Encoding.UTF8.GetByteCount(path) > 100) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            // Left behind by a server that was killed.
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="Trouble">It could not be done; one sentence.</exception>
    public async Task<T> Ask<T>(string what, object with, Action<LineProgress>? tell = null, CancellationToken stop = default)
    {
        var call = new LineCall(what, JsonSerializer.SerializeToElement(with, with.GetType(), LineCalls.Json));
        if (house is not null)
        {
            var answer = await LineCalls.Do(house.Services, call, tell ?? (_ => { }), stop);
            return (T)answer;
        }
        try
        {
            await stream!.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(call, LineCalls.Json).Append((byte)'\n').ToArray(), stop);
            while (await reader!.ReadLineAsync(stop) is { } line)
            {
                var said = JsonSerializer.Deserialize<LineAnswer>(line, LineCalls.Json)!;
                if (said.Progress is { } progress) tell?.Invoke(progress);
                else if (said.Error is { } error) throw new Trouble(error);
                else return said.Answer!.Value.Deserialize<T>(LineCalls.Json)!;
            }
        }
        catch (IOException why) { throw new Trouble(Words.LineBroken, why); }
        throw new Trouble(Words.LineBroken);
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
        {
            reader!.Dispose();
            await stream.DisposeAsync();
        }
        if (house is not null) await house.DisposeAsync();
        only?.Dispose();
    }
}
