namespace Amends.Mail;

/// <summary>Delivery reports that are written in words only, by servers older than RFC 3464 or that never read it: qmail, Exim, old Exchange, Yahoo and the like.</summary>
static class BounceWords
{
    const int MostText = 64 * 1024, MostRecipients = 100, MostLine = 2_000;

    // What the words mean; the first that occurs in what is said of an address decides. Codes of RFC 3463.
    static readonly (string Words, string Status)[] Reasons =
    [
        ("mailbox full", "4.2.2"), ("mailbox is full", "4.2.2"), ("over quota", "4.2.2"), ("quota exceeded", "4.2.2"), ("exceeded storage", "4.2.2"), ("insufficient storage", "4.2.2"), ("postfach ist voll", "4.2.2"), ("over its quota", "4.2.2"),
        ("greylist", "4.7.1"), ("try again later", "4.4.0"), ("temporarily", "4.4.0"), ("delayed", "4.4.0"), ("will be retried", "4.4.0"), ("still trying", "4.4.0"), ("retry timeout exceeded", "5.4.7"), ("too long", "5.4.7"),
        ("user unknown", "5.1.1"), ("unknown user", "5.1.1"), ("no such user", "5.1.1"), ("no such recipient", "5.1.1"), ("recipient unknown", "5.1.1"), ("does not exist", "5.1.1"), ("doesn't exist", "5.1.1"), ("doesn't have a", "5.1.1"), ("no mailbox here", "5.1.1"),
        ("mailbox unavailable", "5.1.1"), ("mailbox not found", "5.1.1"), ("user not found", "5.1.1"), ("address rejected", "5.1.1"), ("recipient rejected", "5.1.1"), ("invalid recipient", "5.1.1"), ("unrouteable address", "5.1.2"), ("not a valid mailbox", "5.1.1"),
        ("unbekannt", "5.1.1"), ("existiert nicht", "5.1.1"), ("n'existe pas", "5.1.1"), ("no existe", "5.1.1"), ("non esiste", "5.1.1"), ("bestaat niet", "5.1.1"),
        ("account disabled", "5.2.1"), ("account is disabled", "5.2.1"), ("mailbox disabled", "5.2.1"), ("inactive", "5.2.1"), ("deactivated", "5.2.1"),
        ("host not found", "5.1.2"), ("host unknown", "5.1.2"), ("domain not found", "5.1.2"), ("couldn't find any host", "5.1.2"), ("name or service not known", "5.1.2"), ("no mail server", "5.1.2"), ("nxdomain", "5.1.2"),
        ("connection timed out", "4.4.1"), ("connection refused", "4.4.1"), ("timed out", "4.4.1"), ("unable to connect", "4.4.1"), ("wasn't able to establish an smtp connection", "4.4.1"),
        ("message too large", "5.3.4"), ("too big", "5.3.4"), ("size limit", "5.3.4"), ("exceeds the maximum", "5.3.4"),
        ("relay", "5.7.1"), ("spam", "5.7.1"), ("blocked", "5.7.1"), ("blacklist", "5.7.1"), ("denied", "5.7.1"), ("not permitted", "5.7.1"), ("policy", "5.7.1"), ("rejected", "5.7.1"),
    ];

    // Behind these lines stands the returned message, whose addresses are not the failed ones.
    static readonly string[] Original =
    [
        "--- below this line is a copy", "------ this is a copy of", "----- original message", "-----original message", "--- original message", "----- unsent message follows", "----- message header follows", "message headers follow", "original message follows",
        "original message headers", "--- the header of the original", "--- enclosed is a copy", "included is a copy", "returned message follows", "ursprüngliche nachricht", "received: from ", "return-path: <",
    ];

    /// <summary>The outcomes that the words name, one for each address; empty when they name none.</summary>
    public static List<DeliveryOutcome> Read(MailMessage message)
    {
        var found = new List<DeliveryOutcome>();
        var failed = message.Headers["X-Failed-Recipients"];
        var named = failed is null ? [] : AddressList.Parse(failed, MostRecipients).Mailboxes.Where(m => m.IsValid).ToList();
        var text = message.ReadableText;
        if (text.Length > MostText)
            text = text[..MostText];
        var end = text.Length;
        foreach (var line in Original)
        {
            if (text.IndexOf(line, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                end = Math.Min(end, at);
        }
        var words = text[..end];
        var own = message.To.Concat(message.From).Concat(message.Cc).Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        var places = named.Count > 0
            ? named.Select(m => (Box: m, At: words.IndexOf(m.Address, StringComparison.OrdinalIgnoreCase))).ToList()
            : Addresses(words).Where(a => !own.Contains(a.Box.Key) && !a.Box.LocalPart.StartsWith("postmaster", StringComparison.OrdinalIgnoreCase) && !a.Box.LocalPart.StartsWith("mailer-daemon", StringComparison.OrdinalIgnoreCase)).ToList();
        foreach (var (box, at) in places.DistinctBy(p => p.Box.Key).Take(MostRecipients))
        {
            // What is said of an address stands around it: on its line and below, up to the next address.
            var from = at < 0 ? 0 : words.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;
            var next = places.Where(p => p.At > at && p.Box.Key != box.Key).Select(p => p.At).DefaultIfEmpty(words.Length).Min();
            var about = words[from..Math.Min(words.Length, Math.Max(from, Math.Min(next, from + MostLine)))];
            var status = Status(about) ?? Status(words);
            var diagnostic = Diagnostic(about);
            var delayed = status is ['4', ..] && (message.Subject.Contains("delay", StringComparison.OrdinalIgnoreCase) || message.Subject.Contains("warning", StringComparison.OrdinalIgnoreCase));
            found.Add(new($"rfc822; {box.Address}", null, delayed ? "delayed" : "failed", status, diagnostic, null, MailHeaders.None));
        }
        return found;
    }

    static IEnumerable<(Mailbox Box, int At)> Addresses(string text)
    {
        var from = 0;
        for (var n = 0; n < MostRecipients * 4; n++)
        {
            var at = text.IndexOf('@', from);
            if (at < 0)
                yield break;
            int start = at, end = at + 1;
            while (start > 0 && at - start < 64 && IsAtom(text[start - 1]))
                start--;
            while (end < text.Length && end - at < 255 && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-'))
                end++;
            from = end;
            // An id has an @ too.
            if (start > 11 && text.AsSpan(Math.Max(0, start - 14), Math.Min(14, start)).Contains("message-id", StringComparison.OrdinalIgnoreCase))
                continue;
            if (Mailbox.TryParse(text[start..end].TrimEnd('.'), out var box))
                yield return (box, start);
        }

        static bool IsAtom(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '=' or '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '/' or '?' or '^' or '`' or '{' or '|' or '}' or '~';
    }

    /// <summary>The enhanced code the text names; else what its three digits or its words mean.</summary>
    public static string? Status(string text)
    {
        string? byDigits = null;
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] is not ('4' or '5') || i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] is '.' or '-'))
                continue;
            if (text[i + 1] == '.')
            {
                var at = i + 2;
                var subject = Digits(at);
                if (subject is 0 or > 3 || at + subject >= text.Length || text[at + subject] != '.')
                    continue;
                var detail = Digits(at + subject + 1);
                var end = at + subject + 1 + detail;
                // Not an IP address, and not a version.
                if (detail is > 0 and <= 3 && !(end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1])))
                    return text[i..end];
                continue;
            }
            if (byDigits is null && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i + 2]) && text[i + 1] <= '5' && (i + 3 >= text.Length || text[i + 3] is ' ' or '-' or '\n' or ':' or '#'))
                byDigits = text[i..(i + 3)];
        }
        foreach (var (words, status) in Reasons)
        {
            if (!text.Contains(words, StringComparison.OrdinalIgnoreCase))
                continue;
            // The digits outrank the words where they disagree about how lasting it is.
            return byDigits is not null && byDigits[0] != status[0] ? byDigits[0] + status[1..] : status;
        }
        return byDigits switch { null => null, "550" or "551" or "553" => "5.1.1", "552" => "5.2.2", "450" => "4.2.1", "452" => "4.2.2", _ => $"{byDigits[0]}.0.0" };

        int Digits(int at)
        {
            var n = 0;
            while (at + n < text.Length && n < 4 && char.IsAsciiDigit(text[at + n]))
                n++;
            return n;
        }
    }

    static string? Diagnostic(string about)
    {
        string? best = null;
        foreach (var raw in about.Split('\n').Take(30))
        {
            var line = raw.Trim();
            if (line.Length == 0)
                continue;
            if (HasCode(line))
                return Short(line);
            if (best is null && Array.Exists(Reasons, r => line.Contains(r.Words, StringComparison.OrdinalIgnoreCase)))
                best = line;
        }
        return best is null ? null : Short(best);

        static bool HasCode(string line)
        {
            for (var i = 0; i + 3 < line.Length; i++)
            {
                if (line[i] is '4' or '5' && char.IsAsciiDigit(line[i + 1]) && char.IsAsciiDigit(line[i + 2]) && line[i + 3] is ' ' or '-' && (i == 0 || line[i - 1] is ' ' or ':' or '(' or '<' or '['))
                    return true;
            }
            return false;
        }

        static string Short(string line) => line.Length > 500 ? line[..500] : line;
    }
}
