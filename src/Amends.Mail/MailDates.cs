using System.Globalization;

namespace Amends.Mail;

/// <summary>Dates of mail in all the ways people break them (RFC 5322 section 3.3, its obsolete forms, ISO 8601, ctime). Never throws.</summary>
public static class MailDates
{
    /// <summary>The instant with the offset it was written with, or null. A missing or unknown zone reads as UTC; a missing time as midnight.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (TryPlain(text.AsSpan().Trim(), out var plain))
            return plain;
        int? day = null, month = null, year = null, hour = null, minute = null;
        int second = 0;
        TimeSpan? offset = null;
        bool? afternoon = null;
        var span = TightColons(WithoutComments(text.AsSpan(0, Math.Min(text.Length, 200))));
        var at = 0;
        while (at < span.Length)
        {
            var c = span[at];
            if (char.IsAsciiDigit(c))
            {
                var digits = Digits(span, at);
                var number = Number(span.Slice(at, digits));
                var after = at + digits;
                var follows = after < span.Length ? span[after] : '\0';
                if (follows is ':' || follows is '.' && hour is null && day is not null && digits <= 2 && LooksLikeTime(span, after))
                {
                    if (hour is not null || number > 24)
                        return Build();
                    hour = number;
                    at = after + 1;
                    digits = Digits(span, at);
                    if (digits == 0)
                        return null;
                    minute = Number(span.Slice(at, digits));
                    at += digits;
                    if (at + 1 < span.Length && span[at] is ':' or '.' && char.IsAsciiDigit(span[at + 1]))
                    {
                        at++;
                        digits = Digits(span, at);
                        second = Number(span.Slice(at, Math.Min(digits, 2)));
                        at += digits;
                        if (at + 1 < span.Length && span[at] is '.' or ',' && char.IsAsciiDigit(span[at + 1]))
                            at += 1 + Digits(span, at + 1);
                    }
                    continue;
                }
                if (follows is '-' or '/' or '.' && month is null && TryNumeric(span, at, digits, number, ref day, ref month, ref year, out var end))
                {
                    at = end;
                    continue;
                }
                at = after;
                if (digits == 4 && year is null && (month is not null || number > 31))
                    year = number;
                else if (day is null && digits <= 2)
                    day = number;
                else if (year is null && month is not null)
                    year = digits <= 2 ? number + (number < 50 ? 2000 : 1900) : digits == 3 ? number + 1900 : number;
                continue;
            }
            if (c is '+' or '-' && hour is not null && at + 1 < span.Length && char.IsAsciiDigit(span[at + 1]))
            {
                offset = Offset(span, ref at) ?? offset;
                continue;
            }
            if (char.IsLetter(c))
            {
                var length = 1;
                while (at + length < span.Length && char.IsLetter(span[at + length]))
                    length++;
                var word = span.Slice(at, length);
                at += length;
                if (word.Length == 1 && word[0] is 'T' or 't' && year is not null)
                    continue;
                if (word.Equals("am", StringComparison.OrdinalIgnoreCase))
                    afternoon = false;
                else if (word.Equals("pm", StringComparison.OrdinalIgnoreCase))
                    afternoon = true;
                else if (month is null && MonthOf(word) is int m)
                    month = m;
                else if (hour is not null && offset is null)
                    offset = Zone(word);
                continue;
            }
            at++;
        }
        return Build();

        DateTimeOffset? Build()
        {
            if (day is not int d || month is not int m || year is not int y || y is < 1900 or > 9998 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m))
                return null;
            var h = hour ?? 0;
            if (afternoon == true && h < 12)
                h += 12;
            else if (afternoon == false && h == 12)
                h = 0;
            var plusDay = h == 24;
            if (plusDay)
                h = 0;
            if (h > 23 || minute is > 59 || second > 61)
                return null;
            var local = new DateTime(y, m, d, h, minute ?? 0, Math.Min(second, 59), DateTimeKind.Unspecified);
            return new DateTimeOffset(plusDay ? local.AddDays(1) : local, offset ?? TimeSpan.Zero);
        }
    }

    /// <summary>"Fri, 21 Nov 1997 09:55:06 -0600 (CST)" exactly: what nearly all mail says.</summary>
    static bool TryPlain(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        if (text.Length < 25 || text[3] != ',' || text[4] != ' ')
            return false;
        text = text[5..];
        if (text[1] == ' ')
        {
            if (!char.IsAsciiDigit(text[0]))
                return false;
        }
        else if (!char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[1]) || text[2] != ' ')
            return false;
        var day = text[1] == ' ' ? text[0] - '0' : (text[0] - '0') * 10 + text[1] - '0';
        text = text[(text[1] == ' ' ? 2 : 3)..];
        // "Nov 1997 09:55:06 -0600"
        if (text.Length < 23 || text[3] != ' ' || text[8] != ' ' || text[11] != ':' || text[14] != ':' || text[17] != ' ' || text[18] is not ('+' or '-')
            || MonthOf(text[..3]) is not int month)
            return false;
        var (year, hour, minute, second) = (Plain(text.Slice(4, 4)), Plain(text.Slice(9, 2)), Plain(text.Slice(12, 2)), Plain(text.Slice(15, 2)));
        var zone = Plain(text.Slice(19, 4));
        if (text.Length > 23 && (text.Length < 26 || text[23] != ' ' || text[24] != '(' || text[^1] != ')' || text[25..^1].IndexOfAny("()") >= 0))
            return false;
        if (year is < 1900 or > 9998 || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || zone is < 0 or > 1400 || zone % 100 > 59
            || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        var offset = new TimeSpan(zone / 100, zone % 100, 0);
        date = new DateTimeOffset(year, month, day, hour, minute, second, text[18] == '-' ? -offset : offset);
        return true;

        static int Plain(ReadOnlySpan<char> digits)
        {
            var number = 0;
            foreach (var c in digits)
            {
                if (!char.IsAsciiDigit(c))
                    return -1;
                number = number * 10 + c - '0';
            }
            return number;
        }
    }

    static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('(') < 0)
            return text;
        var kept = new char[text.Length];
        int length = 0, depth = 0;
        foreach (var c in text)
        {
            if (c == '(')
                depth++;
            else if (c == ')' && depth > 0)
            {
                depth--;
                kept[length++] = ' ';
            }
            else if (depth == 0)
                kept[length++] = c;
        }
        return kept.AsSpan(0, length);
    }

    // "09 : 55 : 06" is the obsolete form.
    static ReadOnlySpan<char> TightColons(ReadOnlySpan<char> text)
    {
        if (text.IndexOf(" :") < 0 && text.IndexOf(": ") < 0)
            return text;
        var kept = new char[text.Length];
        var length = 0;
        foreach (var c in text)
        {
            if (c == ':')
            {
                while (length > 0 && kept[length - 1] == ' ')
                    length--;
            }
            else if (c == ' ' && length > 0 && kept[length - 1] == ':')
                continue;
            kept[length++] = c;
        }
        return kept.AsSpan(0, length);
    }

    static bool LooksLikeTime(ReadOnlySpan<char> span, int dot) =>
        Digits(span, dot + 1) == 2 && (dot + 3 >= span.Length || span[dot + 3] is ' ' or '.' && Digits(span, dot + 4) == 2);

    // 2011-03-01, 2011/03/01, 01.03.2011, 01-Mar-2011, 3/1/2011 (month first where it can only be).
    static bool TryNumeric(ReadOnlySpan<char> span, int at, int digits, int number, ref int? day, ref int? month, ref int? year, out int end)
    {
        end = at;
        var separator = span[at + digits];
        var second = at + digits + 1;
        var middle = Digits(span, second);
        if (middle is 0 or > 2 || second + middle >= span.Length || span[second + middle] != separator)
            return false;
        var third = second + middle + 1;
        var last = Digits(span, third);
        if (last is 0 or > 4)
            return false;
        var (b, c) = (Number(span.Slice(second, middle)), Number(span.Slice(third, last)));
        end = third + last;
        if (digits == 4)
            (year, month, day) = (number, b, c);
        else
        {
            year = last == 2 ? c + (c < 50 ? 2000 : 1900) : c;
            (day, month) = separator == '/' && number <= 12 || b > 12 ? (b, number) : (number, b);
        }
        return true;
    }

    static int Digits(ReadOnlySpan<char> span, int at)
    {
        var n = 0;
        while (at + n < span.Length && char.IsAsciiDigit(span[at + n]) && n < 9)
            n++;
        return n;
    }

    static int Number(ReadOnlySpan<char> digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;

    static TimeSpan? Offset(ReadOnlySpan<char> span, ref int at)
    {
        var sign = span[at] == '-' ? -1 : 1;
        at++;
        var digits = Digits(span, at);
        var number = Number(span.Slice(at, digits));
        at += digits;
        int minutes;
        if (digits <= 2)
        {
            minutes = number * 60;
            if (at < span.Length && span[at] == ':' && Digits(span, at + 1) == 2)
            {
                minutes += Number(span.Slice(at + 1, 2));
                at += 3;
            }
        }
        else
            minutes = number / 100 * 60 + number % 100;
        // .NET takes up to 14 hours; wilder offsets are lies.
        return minutes is >= 0 and <= 14 * 60 ? TimeSpan.FromMinutes(sign * minutes) : null;
    }

    static TimeSpan? Zone(ReadOnlySpan<char> word)
    {
        if (word.Length == 1)
            return word[0] is 'Z' or 'z' ? TimeSpan.Zero : null;
        Span<char> upper = stackalloc char[8];
        if (word.Length > upper.Length)
            return null;
        word.ToUpperInvariant(upper);
        double? hours = upper[..word.Length] switch
        {
            "GMT" or "UT" or "UTC" or "WET" => 0,
            "EST" => -5,
            "EDT" => -4,
            "CST" => -6,
            "CDT" => -5,
            "MST" => -7,
            "MDT" => -6,
            "PST" => -8,
            "PDT" => -7,
            "CET" or "MEZ" or "BST" or "WEST" => 1,
            "CEST" or "MESZ" or "EET" => 2,
            "EEST" or "MSK" => 3,
            "IST" => 5.5,
            "JST" or "KST" => 9,
            "HKT" or "SGT" or "AWST" => 8,
            "AEST" => 10,
            "AEDT" => 11,
            "NZST" => 12,
            "NZDT" => 13,
            "NST" => -3.5,
            "NDT" => -2.5,
            "AST" => -4,
            "ADT" => -3,
            "HST" => -10,
            "AKST" => -9,
            "AKDT" => -8,
            "BRT" => -3,
            _ => null,
        };
        return hours is null ? null : TimeSpan.FromHours(hours.Value);
    }

    static int? MonthOf(ReadOnlySpan<char> word)
    {
        if (word.Length < 3)
            return null;
        Span<char> three = stackalloc char[3];
        word[..3].ToLowerInvariant(three);
        return three switch
        {
            "jan" => 1,
            "feb" => 2,
            "mar" or "mär" => 3,
            "apr" => 4,
            "may" or "mai" => 5,
            "jun" => 6,
            "jul" => 7,
            "aug" => 8,
            "sep" => 9,
            "oct" or "okt" => 10,
            "nov" => 11,
            "dec" or "dez" => 12,
            _ => null,
        };
    }

    /// <summary>The date as a header says it: "Fri, 21 Nov 1997 09:55:06 -0600".</summary>
    public static string Format(DateTimeOffset date)
    {
        var offset = date.Offset;
        return string.Create(CultureInfo.InvariantCulture,
            $"{date:ddd, d MMM yyyy HH:mm:ss} {(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}");
    }
}
