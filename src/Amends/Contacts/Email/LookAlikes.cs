using System.Globalization;

namespace Amends.Contacts;

/// <summary>Names of senders that are made to be taken for somebody else (A16): another address in the name, letters of several alphabets in one word, signs that nobody sees.</summary>
public static class LookAlikes
{
    /// <summary>What is odd about a sender, for people.</summary>
    public static IEnumerable<string> Of(Amends.Mail.Mailbox from)
    {
        foreach (var word in from.DisplayName.Split([' ', '<', '>', '(', ')', '"', '\'', ',', ';', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.Contains('@', StringComparison.Ordinal) || !Amends.Mail.Mailbox.TryParse(word, out var named) || named.Key == from.Key) continue;
            yield return string.Format(CultureInfo.CurrentCulture, Words.RemarkOtherAddress, named.Address, from.Address);
            break;
        }
        if (from.DisplayName.Any(IsUnseen)) yield return Words.RemarkUnseen;
        if (from.DisplayName.Split(' ').Any(IsMixed)) yield return Words.RemarkMixedName;
        if (Domain(from).Split('.').Any(IsMixed)) yield return string.Format(CultureInfo.CurrentCulture, Words.RemarkMixedDomain, from.AsciiAddress);
    }

    // As it looks to people: also where it came as xn--.
    static string Domain(Amends.Mail.Mailbox from)
    {
        try { return new IdnMapping().GetUnicode(from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..]); }
        catch (ArgumentException) { return ""; }
    }

    // Of no width, or turning the direction.
    static bool IsUnseen(char c) => c is '\u00AD' or >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2060' and <= '\u2069' or '\uFEFF';

    static bool IsMixed(string word)
    {
        var seen = 0;
        foreach (var c in word)
        {
            seen |= c switch
            {
                >= 'A' and <= 'Z' or >= 'a' and <= 'z' or >= '\u00C0' and <= '\u024F' => 1,
                >= '\u0370' and <= '\u03FF' => 2,
                >= '\u0400' and <= '\u052F' => 4,
                >= '\u0530' and <= '\u058F' => 8,
                _ => 0
            };
        }
        return (seen & (seen - 1)) != 0;
    }
}
