using System.Numerics;
using System.Security.Cryptography;

namespace Amends.Mail;

/// <summary>Checks Ed25519 signatures (RFC 8032 section 5.1.7), which the run time cannot. Only what everybody may know goes in here, so its time need not hide anything;
/// that is why there is no signing.</summary>
static class Ed25519
{
    const int Bytes = 32;

    static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    static readonly BigInteger D = Mod(-121_665 * Inverse(121_666));
    static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    static readonly Point Base = Decode(Convert.FromHexString("5866666666666666666666666666666666666666666666666666666666666666"))!.Value;

    /// <summary>x = X/Z, y = Y/Z, xy = T/Z.</summary>
    readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);

    /// <summary>True when the signature is good. False for anything else, whatever it looks like.</summary>
    /// <param name="key">The public key, 32 bytes.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">64 bytes.</param>
    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != Bytes || signature.Length != 2 * Bytes || Decode(key) is not { } a)
            return false;
        var s = new BigInteger(signature[Bytes..], isUnsigned: true);
        if (s >= L)
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(signature[..Bytes]);
        hash.AppendData(key);
        hash.AppendData(message);
        var k = new BigInteger(hash.GetHashAndReset(), isUnsigned: true) % L;
        // sB = R + kA, so sB - kA must be R, to the byte.
        var negative = a with { X = Mod(-a.X), T = Mod(-a.T) };
        return Encode(Add(Times(s, Base), Times(k, negative))).AsSpan().SequenceEqual(signature[..Bytes]);
    }

    static BigInteger Mod(BigInteger value)
    {
        value %= P;
        return value.Sign < 0 ? value + P : value;
    }

    static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, P - 2, P);

    // RFC 8032 section 5.1.4.
    static Point Add(in Point p, in Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(Mod(2 * p.T * q.T) * D);
        var d = Mod(2 * p.Z * q.Z);
        BigInteger e = b - a, f = d - c, g = d + c, h = b + a;
        return new(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    static Point Times(BigInteger times, Point point)
    {
        var sum = new Point(0, 1, 1, 0);
        for (; !times.IsZero; times >>= 1)
        {
            if (!times.IsEven)
                sum = Add(sum, point);
            point = Add(point, point);
        }
        return sum;
    }

    static byte[] Encode(in Point point)
    {
        var inverse = Inverse(point.Z);
        var bytes = new byte[Bytes];
        Mod(point.Y * inverse).TryWriteBytes(bytes, out _, isUnsigned: true);
        if (!Mod(point.X * inverse).IsEven)
            bytes[^1] |= 0x80;
        return bytes;
    }

    // RFC 8032 section 5.1.3.
    static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> plain = stackalloc byte[Bytes];
        bytes.CopyTo(plain);
        var odd = (plain[^1] & 0x80) != 0;
        plain[^1] &= 0x7F;
        var y = new BigInteger(plain, isUnsigned: true);
        if (y >= P)
            return null;
        var square = Mod((y * y - 1) * Inverse(Mod(D * y * y + 1)));
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x - square) != 0)
            x = Mod(x * RootOfMinusOne);
        if (Mod(x * x - square) != 0 || x.IsZero && odd)
            return null;
        if (x.IsEven == odd)
            x = P - x;
        return new(x, y, 1, Mod(x * y));
    }
}
