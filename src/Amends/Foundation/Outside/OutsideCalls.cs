using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Amends.Foundation.Outside;

/// <summary>Asks for the addresses of a name. Its own type, so that a name can be given any address without a network.</summary>
public delegate Task<IPAddress[]> AskAddresses(string host, CancellationToken stop);

/// <summary>Opens a connection to an address that was checked.</summary>
public delegate ValueTask<Stream> Dial(IPEndPoint to, CancellationToken stop);

/// <summary>What is to be called is no address of the internet, or answered too much, too late or wrongly.</summary>
public sealed class NotCalled(string why) : Exception(why);

/// <summary>
/// The one way by which the house asks servers that somebody else names (A10). A name is resolved once; it is refused if one of its addresses is not public,
/// and the connection goes to the address that was checked, whatever the name says a moment later. Ports 80 and 443; no cookies, no referrer, nothing that
/// names who asks; each step of a redirect is a call of its own.
/// </summary>
public sealed class OutsideCalls : IDisposable
{
    readonly HttpClient http;

    public OutsideCalls(AskAddresses ask, Dial dial)
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would connect for us, to an address that nobody checked.
            UseProxy = false,
            Credentials = null,
            // No header that ties this call to the request for which it is made.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 32,
            MaxConnectionsPerServer = 4,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            ConnectCallback = async (context, stop) => await dial(await Checked(context.DnsEndPoint, ask, stop), stop)
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>By the system's resolver.</summary>
    public static AskAddresses BySystem { get; } = (host, stop) => Dns.GetHostAddressesAsync(host, stop);

    /// <summary>By a socket.</summary>
    public static Dial BySocket { get; } = static async (to, stop) =>
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    };

    static async Task<IPEndPoint> Checked(DnsEndPoint to, AskAddresses ask, CancellationToken stop)
    {
        if (to.Port is not (80 or 443)) throw new NotCalled("port");
        // Asked once. Another answer a moment later changes nothing: who connects is given an address, not a name.
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await ask(to.Host, stop);
        if (addresses.Length == 0 || Array.Exists(addresses, a => !PublicAddress.Is(a))) throw new NotCalled("address");
        var chosen = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        return new(chosen.IsIPv4MappedToIPv6 ? chosen.MapToIPv4() : chosen, to.Port);
    }

    /// <summary>True for an address that may be called at all: before a name is resolved, that is.</summary>
    public static bool MayBe(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Host.Length: > 0, Port: 80 or 443 }
        && (IPAddress.TryParse(address.DnsSafeHost, out var literal) ? PublicAddress.Is(literal) : !EndsInNumber(address.IdnHost));

    // No domain of the internet does: it is an address, written so that only some read it as one (URL Standard, “ends in a number”).
    static bool EndsInNumber(string host)
    {
        var last = host.AsSpan().TrimEnd('.');
        last = last[(last.LastIndexOf('.') + 1)..];
        return last.Length == 0 || last.IndexOfAnyExceptInRange('0', '9') < 0 || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Fetches what lies at an address.</summary>
    /// <param name="accepts">The media types that are asked for.</param>
    /// <param name="most">Bytes; more are an error.</param>
    /// <param name="longest">For all of it, redirects among it.</param>
    /// <param name="redirects">Steps that are followed, each checked as the first.</param>
    /// <exception cref="NotCalled">It may not be called, or there is nothing good there.</exception>
    public async Task<byte[]> Fetch(Uri address, string accepts, int most, TimeSpan longest, int redirects, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(longest);
        try
        {
            for (var at = address; ; redirects--)
            {
                if (!MayBe(at)) throw new NotCalled("address");
                using var request = new HttpRequestMessage(HttpMethod.Get, at);
                request.Headers.Accept.ParseAdd(accepts);
                request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Amends", null));
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308)
                {
                    if (redirects == 0 || answer.Headers.Location is not { } next) throw new NotCalled("redirect");
                    at = new Uri(at, next);
                    continue;
                }
                if (!answer.IsSuccessStatusCode) throw new NotCalled(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}"));
                return await Read(answer, most, limit.Token);
            }
        }
        catch (HttpRequestException why) when (why.InnerException is NotCalled refused) { throw refused; }
        catch (Exception why) when (why is HttpRequestException or IOException or SocketException or UriFormatException or InvalidOperationException || why is OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new NotCalled(why is OperationCanceledException ? "time" : why.GetType().Name);
        }
    }

    static async Task<byte[]> Read(HttpResponseMessage answer, int most, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentLength > most) throw new NotCalled("size");
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        using var bytes = new MemoryStream();
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(piece, stop)) > 0)
        {
            if (bytes.Length + read > most) throw new NotCalled("size");
            bytes.Write(piece, 0, read);
        }
        return bytes.ToArray();
    }

    public void Dispose() => http.Dispose();
}
