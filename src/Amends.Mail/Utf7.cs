using System.Text;

namespace Amends.Mail;

/// <summary>UTF-7 to text (RFC 2152), of our own because .NET refuses the encoding. Broken runs are kept as they stand.</summary>
static class Utf7
{
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '+')
            {
                text.Append((char)bytes[i]);
                continue;
            }
            if (i + 1 < bytes.Length && bytes[i + 1] == '-')
            {
                text.Append('+');
                i++;
                continue;
            }
            int bits = 0, value = 0, start = i, units = 0;
            for (i++; i < bytes.Length && TransferDecoding.SixBits(bytes[i]) is >= 0 and var six; i++)
            {
                value = (value << 6) | six;
                bits += 6;
                if (bits >= 16)
                {
                    bits -= 16;
                    text.Append((char)((value >> bits) & 0xFFFF));
                    value &= (1 << bits) - 1;
                    units++;
                }
            }
            if (units == 0)
                text.Append(Encoding.Latin1.GetString(bytes[start..i]));
            else if (i < bytes.Length && bytes[i] == '-')
                continue;
            i--;
        }
        return text.ToString();
    }
}
