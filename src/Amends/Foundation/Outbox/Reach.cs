using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Amends.Foundation.Outside;
using Amends.Foundation.Settings;

namespace Amends.Foundation.Outbox;

/// <summary>Certificate authorities that are trusted besides those of the system. None in the product: a company's own belongs into the system's store.</summary>
public sealed record MailTrust(X509Certificate2? Root = null);

/// <summary>Entries that hold besides those of the settings. None in the product.</summary>
public sealed record AlsoInReach(params string[] Entries);

/// <summary>Somebody wanted a connection that the house does not allow. Says the same for every address and port, open or not.</summary>
public sealed class OutOfReach() : IOException("This house does not connect there.");

/// <summary>
/// The one way to connections that a person named the other end of: mail servers, and the servers that give tokens. A name is resolved once and the connection goes to
/// the address that was looked at; it must be a public one, and its port one of those that the errand has. What lies elsewhere is allowed by
/// <see cref="HouseSettings.Inner"/>: names, addresses or networks divided by blanks, each with a port behind it (<c>10.0.0.5:1993</c>, <c>localhost:*</c>) or for the ordinary ports (A11).
/// </summary>
public sealed class Reach(House house, AlsoInReach also)
{
    /// <summary>The ports of mail: sending, IMAP, POP.</summary>
    public static readonly IReadOnlySet<int> MailPorts = new HashSet<int> { 25, 110, 143, 465, 587, 993, 995 };

    /// <summary>The port of https.</summary>
    public static readonly IReadOnlySet<int> WebPorts = new HashSet<int> { 443 };

    /// <summary>Opens a connection.</summary>
    /// <exception cref="OutOfReach">Not allowed; nobody was asked.</exception>
    /// <exception cref="SocketException">There is no such name, or nobody answers.</exception>
    public async Task<Socket> Dial(string host, int port, IReadOnlySet<int> ports, CancellationToken stop)
    {
        var entries = Entries();
        var named = entries.Any(e => e.Named(host, port, ports));
        // Before a name server is asked: an unusual port is refused whatever lies there.
        if (!named && !ports.Contains(port) && !entries.Any(e => e.Port == port || e.AnyPort)) throw new OutOfReach();
        var addresses = IPAddress.TryParse(host, out var one) ? [one] : await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
        var allowed = named ? addresses : [.. addresses.Where(a => ports.Contains(port) && PublicAddress.Is(a) || entries.Any(e => e.Has(a, port, ports)))];
        // All or none: who answers with both leads somewhere else the next time.
        if (addresses.Length == 0 || allowed.Length != addresses.Length) throw new OutOfReach();
        SocketException? last = null;
        foreach (var address in allowed.Take(8))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, stop).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException why)
            {
                socket.Dispose();
                last = why;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last!;
    }

    /// <summary>The same for mail.</summary>
    public Task<Socket> DialMail(string host, int port, CancellationToken stop) => Dial(host, port, MailPorts, stop);

    /// <summary>True for the names of this machine.</summary>
    public static bool IsHere(string? host) => host is not null && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The first of the entries that is none, or null.</summary>
    public static string? Wrong(string text) => Split(text).FirstOrDefault(part => Entry.Read(part) is null);

    static string[] Split(string text) => text.Split([' ', ',', ';', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);

    List<Entry> Entries() => [.. Split(house.Get(HouseSettings.Inner)).Concat(also.Entries).Select(Entry.Read).OfType<Entry>()];

    sealed record Entry(string? Name, IPNetwork? Network, int? Port, bool AnyPort)
    {
        public static Entry? Read(string text)
        {
            var (place, port) = (text, "");
            if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
            {
                (place, port) = (text[1..close], text[(close + 1)..]);
                if (port.Length > 0 && port[0] != ':') return null;
                port = port.TrimStart(':');
            }
            else if (text.Count(c => c == ':') == 1 && text.Split(':') is [var before, var after]) (place, port) = (before, after);
            int? number = null;
            if (port is not ("" or "*"))
            {
                if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var read) || read is < 1 or > 65535) return null;
                number = read;
            }
            if (place.Length is 0 or > 255 || text.EndsWith(':')) return null;
            if (IPAddress.TryParse(place, out var address)) return new(null, new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), number, port == "*");
            if (place.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(place, out var network) ? new(null, network, number, port == "*") : null;
            return place.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? new(place, null, number, port == "*") : null;
        }

        bool Takes(int port, IReadOnlySet<int> ports) => AnyPort || (Port is { } own ? own == port : ports.Contains(port));

        // This machine has three names and is meant by each of them.
        public bool Named(string host, int port, IReadOnlySet<int> ports) => Name is not null && Takes(port, ports) && (Name.Equals(host, StringComparison.OrdinalIgnoreCase) || IsHere(Name) && IsHere(host));

        public bool Has(IPAddress address, int port, IReadOnlySet<int> ports)
        {
            if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
            return Network is { } network && network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address) && Takes(port, ports);
        }
    }
}
