namespace Amends.Mail;

/// <summary>What may stand in values that go into headers or protocol lines.</summary>
static class MailText
{
    /// <summary>Refuses control characters, CR, LF and NUL before all: with them a value could become a second header or command.</summary>
    public static void Refuse(string? value, string name)
    {
        if (value is not null && HasControl(value))
            throw new ArgumentException("Control characters (CR, LF, NUL ...) are not allowed.", name);
    }

    /// <summary>Refuses CR, LF and NUL only.</summary>
    public static void RefuseLineEnds(string? value, string name)
    {
        if (value is not null && value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException("CR, LF and NUL are not allowed.", name);
    }

    public static bool HasControl(ReadOnlySpan<char> value)
    {
        if (value.IndexOfAnyInRange('\0', '\u001F') >= 0 || value.IndexOfAnyInRange('\u007F', '\u009F') >= 0)
            return true;
        // The line and paragraph separators end lines for some.
        return value.IndexOfAny('\u2028', '\u2029') >= 0;
    }

    /// <summary>True when half of a surrogate pair stands alone: it cannot be written in any encoding.</summary>
    public static bool HasHalfPair(ReadOnlySpan<char> value)
    {
        for (var at = value.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0 && at < value.Length; at++)
        {
            if (char.IsHighSurrogate(value[at]) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]))
                at++;
            else if (char.IsSurrogate(value[at]))
                return true;
        }
        return false;
    }

    public static string WithoutControl(string value)
    {
        if (!HasControl(value))
            return value;
        return string.Concat(value.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
    }
}
