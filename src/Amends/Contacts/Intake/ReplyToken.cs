using System.Buffers.Binary;
using System.Security.Cryptography;
using Amends.Foundation.Blobs;

namespace Amends.Contacts;

/// <summary>
/// What proves that a message answers one of ours: case number and a MAC of 128 bits over case, recipient and purpose. It stands in the plus part of
/// the Reply-To address and in the Message-ID of each mail that we send. Letters and digits that survive servers that change case.
/// </summary>
public static class ReplyToken
{
    const byte Form = 1;
    const int Bytes = 1 + 5 + 16, Signs = 36;
    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const string Purpose = "reply token";

    /// <summary>The token for one recipient of one case.</summary>
    /// <param name="recipient">The address, as compared (<see cref="Amends.Mail.Mailbox.Key"/>).</param>
    public static string For(HouseKey key, long number, string recipient)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Form;
        Write(bytes[1..6], number);
        Mac(key, number, recipient).CopyTo(bytes[6..]);
        return Encode(bytes);
    }

    /// <summary>Reads the form of a token; proves nothing yet. Anything not written by <see cref="For"/> to the bit is refused.</summary>
    public static bool TryRead(string? text, out long number, out byte[] mac)
    {
        (number, mac) = (0, []);
        if (text is not { Length: Signs }) return false;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (!Decode(text, bytes) || bytes[0] != Form) return false;
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes[1..6].CopyTo(wide[3..]);
        number = BinaryPrimitives.ReadInt64BigEndian(wide);
        mac = bytes[6..].ToArray();
        return true;
    }

    /// <summary>True when the MAC was made for this case and one of these recipients. Compared in constant time, each of them.</summary>
    public static bool Proves(HouseKey key, long number, byte[] mac, IEnumerable<string> recipients)
    {
        var proved = false;
        foreach (var recipient in recipients) proved |= CryptographicOperations.FixedTimeEquals(mac, Mac(key, number, recipient));
        return proved;
    }

    /// <summary>The tokens among addresses (plus parts) and message ids.</summary>
    public static IEnumerable<string> Among(IEnumerable<string> addresses, IEnumerable<string> messageIds)
    {
        foreach (var address in addresses)
        {
            var at = address.LastIndexOf('@');
            var plus = at > 0 ? address.LastIndexOf('+', at) : -1;
            if (plus >= 0 && at - plus - 1 == Signs) yield return address[(plus + 1)..at];
        }
        foreach (var id in messageIds)
            if (id.Length > Signs && id[Signs] == '.') yield return id[..Signs];
    }

    static byte[] Mac(HouseKey key, long number, string recipient) =>
        key.Mac(Purpose, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}\n{recipient}"))[..16];

    static void Write(Span<byte> five, long number)
    {
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(wide, number);
        wide[3..].CopyTo(five);
    }

    static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Signs];
        for (int i = 0, bit = 0; i < Signs; i++, bit += 5)
        {
            var five = 0;
            for (var b = bit; b < bit + 5; b++) five = five << 1 | (b < Bytes * 8 ? bytes[b / 8] >> (7 - b % 8) & 1 : 0);
            text[i] = Alphabet[five];
        }
        return new string(text);
    }

    static bool Decode(string text, Span<byte> bytes)
    {
        bytes.Clear();
        for (int i = 0, bit = 0; i < Signs; i++, bit += 5)
        {
            var five = Alphabet.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            if (five < 0) return false;
            for (var b = 0; b < 5; b++)
            {
                if ((five >> (4 - b) & 1) == 0) continue;
                // Spare bits at the end are none: one token has one form.
                if (bit + b >= Bytes * 8) return false;
                bytes[(bit + b) / 8] |= (byte)(1 << (7 - (bit + b) % 8));
            }
        }
        return true;
    }
}
