using System.Globalization;
using System.Text;

namespace Amends.People;

/// <summary>
/// How addresses are compared. Mail (architecture.md, Decided 16): domain in lower case and ASCII (IDNA 2008 by the framework), local part without case,
/// plus-part kept. Phone: digits with a leading plus where the country is known. What was typed is kept beside, as it was.
/// </summary>
public static class CustomerAddresses
{
    /// <summary>Characters of an address, as written and as compared (RFC 5321 allows 254 for mail; handles may be longer).</summary>
    public const int Longest = 320;

    /// <summary>So many digits at the end tell numbers apart where a country is missing.</summary>
    public const int TailDigits = 9;

    static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    // Countries that write no 0 in front of a national number; elsewhere a number without it has no area code and stays as it is.
    static readonly HashSet<string> NoTrunk = ["30", "34", "45", "47", "48", "351", "352", "354", "356", "371", "372", "377", "378", "420"];

    /// <summary>What was typed, as it is compared, and what it is; null when it is neither mail nor number nor handle.</summary>
    /// <param name="callingCode">The house's country as digits (<c>49</c>), or empty when not set.</param>
    public static (AddressKind Kind, string Value)? Read(string? typed, string callingCode = "")
    {
        if (string.IsNullOrWhiteSpace(typed) || typed.Length > Longest) return null;
        if (Mail(typed) is { } mail) return (AddressKind.Mail, mail);
        if (Phone(typed, callingCode) is { } phone) return (AddressKind.Phone, phone);
        return Handle(typed) is { } handle ? (AddressKind.Handle, handle) : null;
    }

    /// <summary>The same for an address whose kind is known.</summary>
    public static string? As(AddressKind kind, string? typed, string callingCode = "") => kind switch
    {
        AddressKind.Mail => Mail(typed),
        AddressKind.Phone => Phone(typed, callingCode),
        _ => Handle(typed)
    };

    /// <summary>A mail address as it is compared, or null when it is none.</summary>
    public static string? Mail(string? typed)
    {
        var text = (typed ?? "").Trim().TrimEnd('.');
        if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) text = text[7..];
        if (text.Length > 1 && text[0] == '<' && text[^1] == '>') text = text[1..^1].Trim();
        var at = text.LastIndexOf('@');
        if (at < 1 || at == text.Length - 1 || text.Length > Longest) return null;
        if (Local(text[..at]) is not { } local || Domain(text[(at + 1)..]) is not { } domain) return null;
        var whole = local + "@" + domain;
        return whole.Length <= Longest ? whole : null;
    }

    /// <summary>A domain as it is compared, or null when it is none.</summary>
    public static string? Domain(string? typed)
    {
        var text = (typed ?? "").Trim().TrimEnd('.').TrimStart('@');
        if (text.Length is 0 or > 255 || text.StartsWith('.') || text.Contains("..", StringComparison.Ordinal)) return null;
        if (text[0] == '[') return text[^1] == ']' && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '@') ? text.ToLowerInvariant() : null;
        try { text = Idn.GetAscii(text).ToLowerInvariant(); }
        // Too long a label, or letters that no domain can have.
        catch (ArgumentException) { return null; }
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? text : null;
    }

    static string? Local(string text)
    {
        if (text.Length > 128) return null;
        if (text.Length > 2 && text[0] == '"' && text[^1] == '"')
        {
            // "maria"@x and maria@x are one box; a quoted space is not ours to judge.
            var bare = text[1..^1];
            if (bare.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '+')) text = bare;
        }
        else if (text.Any(c => char.IsWhiteSpace(c) || c is '<' or '>' or '(' or ')' or ',' or ';' or ':' or '\\' or '"' or '[' or ']' or '@')) return null;
        if (text.Any(char.IsControl)) return null;
        try { return text.Normalize(NormalizationForm.FormC).ToLowerInvariant(); }
        catch (ArgumentException) { return null; }
    }

    /// <summary>
    /// A number as it is compared: <c>+</c> and digits where the country is known, else digits. Null when it is none: fewer than 3 or more than 20 digits,
    /// or with letters. An extension (<c>ext. 12</c>, <c>x12</c>, <c>;ext=12</c>) is left out.
    /// </summary>
    public static string? Phone(string? typed, string callingCode = "")
    {
        var text = (typed ?? "").Trim();
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) text = text[4..];
        var cut = text.IndexOfAny(['x', 'X', ';', 'e']);
        if (cut > 2) text = text[..cut];
        // +44 (0)20: the bracketed nought is said at home only.
        text = text.Replace("(0)", "", StringComparison.Ordinal);
        var digits = new StringBuilder();
        var plus = false;
        foreach (var c in text)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(c);
            if (digit >= 0) digits.Append((char)('0' + digit));
            else if (c is '+' or '\uFF0B' && digits.Length == 0) plus = true;
            else if (!(c is '-' or '.' or '/' or '(' or ')' or '[' or ']' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)) return null;
        }
        var number = digits.ToString();
        if (!plus && number.StartsWith("00", StringComparison.Ordinal)) (plus, number) = (true, number[2..]);
        if (number.Length is < 3 or > 20) return null;
        if (plus) return "+" + number;
        return WithCountry(number, callingCode) ?? number;
    }

    static string? WithCountry(string number, string code) => code switch
    {
        "" => null,
        "1" => number.Length == 10 ? "+1" + number : number.Length == 11 && number[0] == '1' ? "+" + number : null,
        "7" => number.Length == 11 && number[0] is '8' or '7' ? "+7" + number[1..] : number.Length == 10 ? "+7" + number : null,
        // Italy keeps its nought.
        "39" => number.Length >= 6 ? "+39" + number : null,
        _ when number[0] == '0' && number.Length >= 5 => "+" + code + number[1..],
        _ when NoTrunk.Contains(code) && number.Length is >= 7 and <= 10 => "+" + code + number,
        _ => null
    };

    /// <summary>The last digits of a compared number: what two ways of writing one number share. Null where there are too few to tell.</summary>
    public static string? Tail(string? number)
    {
        var digits = number?.TrimStart('+') ?? "";
        return digits.Length >= 7 ? digits[Math.Max(0, digits.Length - TailDigits)..] : null;
    }

    /// <summary>A name on some other channel as it is compared: without case and space around, composed.</summary>
    public static string? Handle(string? typed)
    {
        var text = (typed ?? "").Trim();
        if (text.Length is 0 or > Longest || text.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !HasPair(text))) return null;
        try { return text.Normalize(NormalizationForm.FormC).ToLowerInvariant() is { Length: <= Longest } handle ? handle : null; }
        catch (ArgumentException) { return null; }
    }

    static bool HasPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i])) { if (++i == text.Length || !char.IsLowSurrogate(text[i])) return false; }
            else if (char.IsLowSurrogate(text[i])) return false;
        return true;
    }
}
