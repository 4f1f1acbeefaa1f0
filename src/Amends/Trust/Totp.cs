using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QRCoder;

namespace Amends.Trust;

/// <summary>Codes of authenticator apps: RFC 6238 over RFC 4226, six digits, steps of 30 seconds, HMAC-SHA-1 as all apps expect.</summary>
public static class Totp
{
    /// <summary>A new key of 160 bits.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(20);

    /// <summary>The step of time that a moment lies in.</summary>
    public static long StepOf(DateTime utc) => (long)Math.Floor((utc - DateTime.UnixEpoch).TotalSeconds / 30);

    /// <summary>The code of one step.</summary>
    public static string Code(ReadOnlySpan<byte> key, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[8], mac = stackalloc byte[20];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 as the apps speak it; HMAC-SHA-1 is not broken by collisions.
        HMACSHA1.HashData(key, counter, mac);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[19] & 15)..]) & 0x7FFFFFFF;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is: now, one before or one after, and later than <paramref name="used"/>, since a code counts once. Null when none.</summary>
    public static long? Check(ReadOnlySpan<byte> key, string typed, DateTime utc, long used)
    {
        var code = new string([.. typed.Where(char.IsAsciiDigit)]);
        if (code.Length != 6 || typed.Length > 20) return null;
        long? found = null;
        for (var step = StepOf(utc) - 1; step <= StepOf(utc) + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(key, step)), Encoding.ASCII.GetBytes(code)) && step > used) found ??= step;
        return found;
    }

    /// <summary>The key as people type it: base 32 (RFC 4648).</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int bits = 0, held = 0;
        foreach (var b in bytes)
        {
            held = held << 8 | b;
            for (bits += 8; bits >= 5; bits -= 5) text.Append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[held >> (bits - 5) & 31]);
            held &= 255;
        }
        if (bits > 0) text.Append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[held << (5 - bits) & 31]);
        return text.ToString();
    }

    /// <summary>The picture that an app scans, as an address that holds its own bytes.</summary>
    public static string Picture(byte[] key, string issuer, string account)
    {
        var text = $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32(key)}&issuer={Uri.EscapeDataString(issuer)}";
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(5));
    }
}
