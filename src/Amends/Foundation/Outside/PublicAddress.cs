using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Amends.Foundation.Outside;

/// <summary>Tells addresses of the internet from those of this machine, of the house's own network and of the cloud below it (A10).</summary>
public static class PublicAddress
{
    // By the registries of special addresses (RFC 6890 and what came after): first address, bits.
    static readonly (uint First, int Bits)[] NotPublic =
    [
        (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12), (0xC0000000, 24), (0xC0000200, 24), (0xC0586300, 24),
        (0xC0A80000, 16), (0xC6120000, 15), (0xC6336400, 24), (0xCB007100, 24), (0xE0000000, 4), (0xF0000000, 4),
    ];

    /// <summary>
    /// True for an address that anybody on the internet can reach. An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4) is what the carried one is;
    /// tunnels that hide it (Teredo) and all that is not global unicast are not public.
    /// </summary>
    public static bool Is(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> four = stackalloc byte[4];
            return address.TryWriteBytes(four, out _) && Is(BinaryPrimitives.ReadUInt32BigEndian(four));
        }
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || !address.TryWriteBytes(bytes, out _) || address.ScopeId != 0) return false;
        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        // 64:ff9b::/96 (RFC 6052); its local sister 64:ff9b:1::/48 (RFC 8215) leads into the house.
        if (first == 0x0064FF9B) return bytes[4..12].IndexOfAnyExcept((byte)0) < 0 && Is(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
        if (first >> 16 == 0x2002) return Is(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
        // 2000::/3 is all that is given out; 2001::/23 are protocols of their own, 2001:db8::/32 and 3fff::/20 are for documents.
        return first >> 29 == 1 && first >> 9 != 0x20010000 >> 9 && first != 0x20010DB8 && first >> 12 != 0x3FFF0000 >> 12;
    }

    static bool Is(uint address)
    {
        foreach (var (first, bits) in NotPublic)
            if (address >> (32 - bits) == first >> (32 - bits)) return false;
        return true;
    }
}
