using System.Buffers;
using System.Text;

namespace Amends.Mail;

/// <summary>Encoded words of headers (RFC 2047): split, adjacent, too long, in the middle of words, of unknown charset. Linear; never throws.</summary>
public static class EncodedWords
{
    /// <summary>The text with all encoded words decoded. CR, LF and NUL that were encoded become blanks.</summary>
    public static string Decode(string text)
    {
        var at = text.IndexOf("=?", StringComparison.Ordinal);
        if (at < 0)
            return text;
        var result = new StringBuilder(Math.Min(text.Length, 1_000));
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length * 3 + 8);
        var pending = new Pending(bytes);
        var copied = 0;
        // Once no further "?=" exists, no further word can: each search must not run to the end again.
        var lastTerminator = text.LastIndexOf("?=", StringComparison.Ordinal);
        while (at >= 0 && at < lastTerminator)
        {
            if (!TryWord(text, at, lastTerminator, out var word))
            {
                at = Next(text, at + 2);
                continue;
            }
            var between = text.AsSpan(copied, at - copied);
            // Blanks between two words are no text (RFC 2047 section 6.2).
            if (!(pending.Any && between.IndexOfAnyExcept(' ', '\t') < 0))
            {
                pending.Flush(result);
                result.Append(between);
            }
            pending.Add(text, word, result);
            copied = word.End;
            at = Next(text, copied);
        }
        pending.Flush(result);
        ArrayPool<byte>.Shared.Return(bytes);
        result.Append(text, copied, text.Length - copied);
        var decoded = result.ToString();
        return decoded.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? decoded : decoded.Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');

        static int Next(string text, int from) => from >= text.Length ? -1 : text.IndexOf("=?", from, StringComparison.Ordinal);
    }

    readonly record struct Word(Range Charset, bool Base64, Range Text, int End);

    static bool TryWord(string text, int at, int lastTerminator, out Word word)
    {
        word = default;
        var rest = text.AsSpan(at + 2);
        var charset = rest[..Math.Min(rest.Length, 80)].IndexOf('?');
        if (charset < 0 || rest[..charset].IndexOfAny(" \t\"") >= 0 || charset + 2 >= rest.Length || rest[charset + 2] != '?')
            return false;
        var kind = (char)(rest[charset + 1] | 0x20);
        if (kind is not ('b' or 'q'))
            return false;
        var begin = at + 2 + charset + 3;
        if (begin > lastTerminator)
            return false;
        var end = text.IndexOf("?=", begin, StringComparison.Ordinal);
        if (end < 0)
            return false;
        // "?==?" between words without a blank: the first "?=" is the end; "=?Q?=3F?=41": cannot be told and is left.
        word = new(new(at + 2, at + 2 + charset), kind == 'b', new(begin, end), end + 2);
        return true;
    }

    /// <summary>Bytes of adjacent words of one charset, decoded together so that characters split between words are whole again.</summary>
    ref struct Pending(byte[] bytes)
    {
        int _length;
        string? _charset;
        int _value, _bits;

        public readonly bool Any => _charset is not null;

        public void Add(string text, Word word, StringBuilder into)
        {
            var charset = text.AsSpan(word.Charset);
            // RFC 2231 section 5: charset*language.
            var star = charset.IndexOf('*');
            if (star >= 0)
                charset = charset[..star];
            if (_charset is null || !charset.Equals(_charset, StringComparison.OrdinalIgnoreCase))
            {
                Flush(into);
                _charset = charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? "utf-8" : charset.ToString();
            }
            if (word.Base64)
                AddBase64(text.AsSpan(word.Text));
            else
                AddQ(text.AsSpan(word.Text));
        }

        void AddBase64(ReadOnlySpan<char> text)
        {
            var span = bytes.AsSpan(_length);
            var written = 0;
            // What is left over of the word before is carried on only when it cannot be its end: nonzero bits, or a lone character.
            if (_bits < 6 && _value == 0)
                (_value, _bits) = (0, 0);
            foreach (var c in text)
            {
                if (c == '=')
                {
                    (_value, _bits) = (0, 0);
                    continue;
                }
                var six = TransferDecoding.SixBits(c);
                if (six < 0)
                    continue;
                _value = (_value << 6) | six;
                _bits += 6;
                if (_bits >= 8)
                {
                    _bits -= 8;
                    span[written++] = (byte)(_value >> _bits);
                    _value &= (1 << _bits) - 1;
                }
            }
            _length += written;
        }

        void AddQ(ReadOnlySpan<char> text)
        {
            (_value, _bits) = (0, 0);
            var span = bytes.AsSpan(_length);
            var written = 0;
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '=' && i + 2 < text.Length && TransferDecoding.Hex(text[i + 1]) is >= 0 and var high && TransferDecoding.Hex(text[i + 2]) is >= 0 and var low)
                {
                    span[written++] = (byte)((high << 4) | low);
                    i += 2;
                }
                else if (c == '_')
                    span[written++] = (byte)' ';
                else if (c < 0x80)
                    span[written++] = (byte)c;
                else if (Rune.DecodeFromUtf16(text[i..], out var rune, out _) == OperationStatus.Done)
                {
                    // Raw 8-bit within a word: keep the character, whatever the word says.
                    if (written + 4 <= span.Length)
                        written += rune.EncodeToUtf8(span[written..]);
                    i += rune.Utf16SequenceLength - 1;
                }
            }
            _length += written;
        }

        public void Flush(StringBuilder into)
        {
            if (_charset is null)
                return;
            into.Append(Charsets.Decode(bytes.AsSpan(0, _length), _charset));
            _length = 0;
            _charset = null;
            (_value, _bits) = (0, 0);
        }
    }
}
