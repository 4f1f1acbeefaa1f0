using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Amends.Mail;

/// <summary>How a question to the domain name system ended.</summary>
public enum DnsState
{
    /// <summary>There are records.</summary>
    Found,
    /// <summary>The name exists or not, but has no record of that type.</summary>
    None,
    /// <summary>Nobody could say just now: no answer in time, or every server failed. Ask again later.</summary>
    Unavailable,
}

/// <summary>The answer to a question.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Records">The records; empty unless <see cref="DnsState.Found"/>.</param>
public sealed record DnsAnswer<T>(DnsState State, IReadOnlyList<T> Records);

/// <summary>A server that takes mail for a domain (RFC 5321 section 5).</summary>
/// <param name="Preference">The smallest is asked first.</param>
/// <param name="Host">Its name; empty when the domain takes no mail at all (RFC 7505).</param>
public readonly record struct DnsMail(int Preference, string Host);

/// <summary>A server of some service (RFC 2782; for mail RFC 6186).</summary>
/// <param name="Priority">The smallest is asked first.</param>
/// <param name="Weight">How often within a priority.</param>
/// <param name="Port">The port.</param>
/// <param name="Host">Its name; empty when the service is not offered.</param>
public readonly record struct DnsService(int Priority, int Weight, int Port, string Host);

/// <summary>Whom to ask, and how long.</summary>
public sealed record DnsSettings
{
    /// <summary>The resolvers, in order; empty for the system's (/etc/resolv.conf, else those of the network interfaces).</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long to wait for one answer. Default 3 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often all servers are asked. Default 2.</summary>
    public int Tries { get; init; } = 2;
}

/// <summary>Asks resolvers for TXT, MX and SRV records (RFC 1035): over UDP from a random port with a random id, over TCP where the answer is too long. Nothing is cached.
/// An answer counts only when it comes from the server asked and repeats id and question. Nothing throws but wrong names and cancellation.</summary>
/// <param name="settings">Whom to ask.</param>
/// <param name="time">The clock for time-outs.</param>
public sealed class DnsClient(DnsSettings settings, TimeProvider time)
{
    const int Txt = 16, Mx = 15, Srv = 33, Cname = 5, Opt = 41, Internet = 1;
    const int MostAliases = 8, MostStrays = 64, UdpBytes = 1232, MostRecords = 200;

    static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    IReadOnlyList<IPEndPoint>? _servers;

    /// <summary>The TXT records of a name, each with its strings joined (RFC 7208 section 3.3).</summary>
    /// <exception cref="ArgumentException">Not a domain name.</exception>
    public async Task<DnsAnswer<string>> TextAsync(string name, CancellationToken cancel = default)
    {
        var (state, records) = await AskAsync(name, Txt, cancel).ConfigureAwait(false);
        return new(state, [.. records.Select(r => JoinStrings(r.Span))]);
    }

    /// <summary>The servers that take mail for a domain, those to ask first in front.</summary>
    /// <exception cref="ArgumentException">Not a domain name.</exception>
    public async Task<DnsAnswer<DnsMail>> MailAsync(string domain, CancellationToken cancel = default)
    {
        var (state, records) = await AskAsync(domain, Mx, cancel).ConfigureAwait(false);
        return new(state, [.. records.Select(r => Mail(r.Span)).Where(r => r is not null).Select(r => r!.Value).OrderBy(r => r.Preference)]);
    }

    /// <summary>The servers of a service ("_imaps._tcp.example.com"), those to ask first in front.</summary>
    /// <exception cref="ArgumentException">Not a domain name.</exception>
    public async Task<DnsAnswer<DnsService>> ServiceAsync(string name, CancellationToken cancel = default)
    {
        var (state, records) = await AskAsync(name, Srv, cancel).ConfigureAwait(false);
        return new(state, [.. records.Select(r => Service(r.Span)).Where(r => r is not null).Select(r => r!.Value).OrderBy(r => r.Priority).ThenByDescending(r => r.Weight)]);
    }

    /// <summary>The resolvers that a resolv.conf names (resolv.conf(5)), at most three as its readers take.</summary>
    public static IReadOnlyList<IPEndPoint> Resolvers(string resolvConf)
    {
        ArgumentNullException.ThrowIfNull(resolvConf);
        var found = new List<IPEndPoint>();
        foreach (var line in resolvConf.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && words[0] == "nameserver" && found.Count < 3 && IPAddress.TryParse(words[1], out var address))
                found.Add(new(address, 53));
        }
        return found;
    }

    static IReadOnlyList<IPEndPoint> OfSystem()
    {
        try
        {
            if (File.Exists("/etc/resolv.conf") && Resolvers(File.ReadAllText("/etc/resolv.conf")) is { Count: > 0 } named)
                return named;
            return [.. NetworkInterface.GetAllNetworkInterfaces().Where(n => n.OperationalStatus == OperationalStatus.Up)
                .SelectMany(n => n.GetIPProperties().DnsAddresses).Where(a => !a.IsIPv6SiteLocal).Distinct().Take(3).Select(a => new IPEndPoint(a, 53))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NetworkInformationException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    async Task<(DnsState, List<ReadOnlyMemory<byte>>)> AskAsync(string name, int type, CancellationToken cancel)
    {
        var asked = Encode(name);
        _servers ??= settings.Servers.Count > 0 ? settings.Servers : OfSystem();
        for (var alias = 0; alias <= MostAliases; alias++)
        {
            Reply? reply = null;
            for (var n = 0; n < Math.Max(1, settings.Tries) && reply is null; n++)
            {
                foreach (var server in _servers)
                {
                    reply = await AskAsync(server, asked, type, cancel).ConfigureAwait(false);
                    if (reply is not null)
                        break;
                }
            }
            if (reply is null)
                return (DnsState.Unavailable, []);
            if (reply.Records.Count > 0)
                return (DnsState.Found, reply.Records);
            if (reply.Alias is not { } next)
                return (DnsState.None, []);
            asked = next;
        }
        // Aliases that lead on and on lead nowhere.
        return (DnsState.None, []);
    }

    /// <summary>One question to one server; null when it gives no answer that counts.</summary>
    async Task<Reply?> AskAsync(IPEndPoint server, byte[] name, int type, CancellationToken cancel)
    {
        using var clock = new CancellationTokenSource(settings.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
        try
        {
            var query = Query(name, type);
            // A socket of its own has a port of its own; connected, it hears only the server asked.
            using var udp = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await udp.ConnectAsync(server, both.Token).ConfigureAwait(false);
            await udp.SendAsync(query, SocketFlags.None, both.Token).ConfigureAwait(false);
            var buffer = new byte[4_096];
            for (var strays = 0; strays < MostStrays; strays++)
            {
                var length = await udp.ReceiveAsync(buffer, SocketFlags.None, both.Token).ConfigureAwait(false);
                var (verdict, reply) = Read(buffer.AsMemory(0, length), query, name, type);
                if (verdict == Verdict.Stray)
                    continue;
                return verdict == Verdict.Cut ? await OverTcpAsync(server, query, name, type, both.Token).ConfigureAwait(false) : reply;
            }
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    static async Task<Reply?> OverTcpAsync(IPEndPoint server, byte[] query, byte[] name, int type, CancellationToken cancel)
    {
        using var tcp = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await tcp.ConnectAsync(server, cancel).ConfigureAwait(false);
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        var stream = new NetworkStream(tcp);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(framed, cancel).ConfigureAwait(false);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, cancel).ConfigureAwait(false);
            var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(answer, cancel).ConfigureAwait(false);
            var (verdict, reply) = Read(answer, query, name, type);
            return verdict == Verdict.Good ? reply : null;
        }
    }

    /// <summary>A name as labels with their lengths, lower case.</summary>
    static byte[] Encode(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var plain = name.TrimEnd('.');
        if (!Ascii.IsValid(plain))
        {
            try
            {
                plain = Idn.GetAscii(plain);
            }
            catch (ArgumentException)
            {
                plain = "";
            }
        }
        using var bytes = new MemoryStream();
        foreach (var label in plain.Split('.'))
        {
            if (label.Length is 0 or > 63 || !label.All(IsNameCharacter))
                throw new ArgumentException("Not a domain name.", nameof(name));
            bytes.WriteByte((byte)label.Length);
            bytes.Write(Encoding.ASCII.GetBytes(label.ToLowerInvariant()));
        }
        bytes.WriteByte(0);
        if (bytes.Length > 255)
            throw new ArgumentException("Not a domain name.", nameof(name));
        return bytes.ToArray();
    }

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    static byte[] Query(byte[] name, int type)
    {
        var query = new byte[12 + name.Length + 4 + 11];
        RandomNumberGenerator.Fill(query.AsSpan(0, 2));
        query[2] = 1;
        query[5] = 1;
        query[11] = 1;
        name.CopyTo(query, 12);
        var at = 12 + name.Length;
        (query[at + 1], query[at + 3]) = ((byte)type, Internet);
        // EDNS (RFC 6891): how much fits into one datagram without being cut on the way.
        at += 4;
        query[at + 2] = Opt;
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(at + 3), UdpBytes);
        return query;
    }

    internal enum Verdict { Good, Stray, Cut, Failed }

    internal sealed record Reply(List<ReadOnlyMemory<byte>> Records, byte[]? Alias);

    /// <summary>Reads an answer. MX and SRV records come back with their name written out, so that no one needs the whole message any more.</summary>
    internal static (Verdict, Reply?) Read(ReadOnlyMemory<byte> answer, byte[] query, byte[] name, int type)
    {
        var span = answer.Span;
        if (span.Length < 12 || span[0] != query[0] || span[1] != query[1] || (span[2] & 0xF8) != 0x80 || BinaryPrimitives.ReadUInt16BigEndian(span[4..]) != 1)
            return (Verdict.Stray, null);
        var at = 12;
        if (Name(span, ref at) is not { } question || !question.AsSpan().SequenceEqual(name) || at + 4 > span.Length
            || BinaryPrimitives.ReadUInt16BigEndian(span[at..]) != type || BinaryPrimitives.ReadUInt16BigEndian(span[(at + 2)..]) != Internet)
            return (Verdict.Stray, null);
        at += 4;
        var code = span[3] & 15;
        if (code is not (0 or 3))
            return (Verdict.Failed, null);
        if ((span[2] & 2) != 0)
            return (Verdict.Cut, null);
        var count = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(span[6..]), MostRecords);
        var all = new List<(byte[] Owner, int Type, int At, int Length)>();
        for (var i = 0; i < count; i++)
        {
            if (Name(span, ref at) is not { } owner || at + 10 > span.Length)
                return (Verdict.Failed, null);
            var kind = BinaryPrimitives.ReadUInt16BigEndian(span[at..]);
            var net = BinaryPrimitives.ReadUInt16BigEndian(span[(at + 2)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(span[(at + 8)..]);
            at += 10;
            if (at + length > span.Length)
                return (Verdict.Failed, null);
            if (net == Internet)
                all.Add((owner, kind, at, length));
            at += length;
        }
        // From alias to alias within the answer, as far as it goes.
        var current = name;
        for (var alias = 0; alias <= MostAliases; alias++)
        {
            var found = new List<ReadOnlyMemory<byte>>();
            foreach (var record in all)
            {
                if (record.Type == type && record.Owner.AsSpan().SequenceEqual(current) && Record(span, type, record.At, record.Length) is { } content)
                    found.Add(content);
            }
            if (found.Count > 0)
                return (Verdict.Good, new(found, null));
            byte[]? next = null;
            foreach (var record in all)
            {
                var from = record.At;
                if (record.Type == Cname && record.Owner.AsSpan().SequenceEqual(current))
                    next ??= Name(span, ref from);
            }
            if (next is null)
                return (Verdict.Good, new([], alias > 0 && code == 0 ? current : null));
            current = next;
        }
        return (Verdict.Good, new([], null));
    }

    static byte[]? Record(ReadOnlySpan<byte> span, int type, int at, int length)
    {
        var fixedPart = type switch { Mx => 2, Srv => 6, _ => -1 };
        if (fixedPart < 0)
            return span.Slice(at, length).ToArray();
        if (length <= fixedPart)
            return null;
        var from = at + fixedPart;
        return Name(span, ref from) is { } host && from <= at + length ? [.. span.Slice(at, fixedPart), .. host] : null;
    }

    /// <summary>A name at a place, pointers followed, lower case. A pointer must point before everything read so far, so that none can lead in a circle.</summary>
    static byte[]? Name(ReadOnlySpan<byte> span, ref int at)
    {
        Span<byte> name = stackalloc byte[256];
        int length = 0, from = at, lowest = at;
        var jumped = false;
        while (from < span.Length)
        {
            var label = span[from];
            if (label == 0)
            {
                name[length++] = 0;
                if (!jumped)
                    at = from + 1;
                return name[..length].ToArray();
            }
            if ((label & 0xC0) == 0xC0)
            {
                if (from + 1 >= span.Length)
                    return null;
                var target = ((label & 0x3F) << 8) | span[from + 1];
                if (!jumped)
                    at = from + 2;
                if (target >= lowest)
                    return null;
                (from, lowest, jumped) = (target, target, true);
                continue;
            }
            if ((label & 0xC0) != 0 || from + 1 + label > span.Length || length + 1 + label > 254)
                return null;
            name[length++] = label;
            foreach (var b in span.Slice(from + 1, label))
                name[length++] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
            from += 1 + label;
        }
        return null;
    }

    /// <summary>The name of a host, or null when it holds what no host's name may: it could reach a command line or a log.</summary>
    static string? Host(ReadOnlySpan<byte> labels)
    {
        var text = new StringBuilder();
        while (labels is [not 0, ..])
        {
            foreach (var b in labels.Slice(1, labels[0]))
            {
                if (!IsNameCharacter((char)b))
                    return null;
                text.Append((char)b);
            }
            labels = labels[(1 + labels[0])..];
            if (labels is [not 0, ..])
                text.Append('.');
        }
        return text.ToString();
    }

    static string JoinStrings(ReadOnlySpan<byte> record)
    {
        var bytes = new byte[record.Length];
        var length = 0;
        while (record.Length > 0 && record[0] < record.Length)
        {
            record.Slice(1, record[0]).CopyTo(bytes.AsSpan(length));
            length += record[0];
            record = record[(1 + record[0])..];
        }
        return MailText.WithoutControl(Charsets.Guess(bytes.AsSpan(0, length)));
    }

    static DnsMail? Mail(ReadOnlySpan<byte> record) => Host(record[2..]) is { } host ? new(BinaryPrimitives.ReadUInt16BigEndian(record), host) : null;

    static DnsService? Service(ReadOnlySpan<byte> record) => Host(record[6..]) is { } host
        ? new(BinaryPrimitives.ReadUInt16BigEndian(record), BinaryPrimitives.ReadUInt16BigEndian(record[2..]), BinaryPrimitives.ReadUInt16BigEndian(record[4..]), host)
        : null;
}
