namespace Amends.Mail;

/// <summary>How sure it is that the domain of From sent a mail.</summary>
public enum SenderProof
{
    /// <summary>Nothing says so: what such a mail asks for must trigger nothing.</summary>
    NotVerified,
    /// <summary>The domain of From stands for it.</summary>
    Verified,
    /// <summary>The domain of From says how its mail is known, and this is none of it.</summary>
    Failed,
}

/// <summary>What one method found.</summary>
/// <param name="Method">"spf", "dkim", "dmarc", "arc" ...; lower case.</param>
/// <param name="Result">"pass", "fail", "none", "softfail", "temperror" ...; lower case.</param>
/// <param name="Reason">What the receiver says about it, or null.</param>
/// <param name="Properties">What was looked at: "smtp.mailfrom", "header.d"; names in lower case, in order.</param>
public sealed record AuthenticationMethod(string Method, string Result, string? Reason, IReadOnlyList<KeyValuePair<string, string>> Properties)
{
    /// <summary>A property, or null.</summary>
    public string? this[string property]
    {
        get
        {
            foreach (var (key, value) in Properties)
            {
                if (key == property)
                    return value;
            }
            return null;
        }
    }
}

/// <summary>What a receiving server found about a mail (RFC 8601). Anybody can write such a header: only those of a named receiver may be believed, see <see cref="Trusted"/>.</summary>
/// <param name="ServerId">Who says so, lower case.</param>
/// <param name="Methods">What it found; empty for "none".</param>
public sealed record AuthenticationResults(string ServerId, IReadOnlyList<AuthenticationMethod> Methods)
{
    const int MostMethods = 100, MostProperties = 50, MostText = 16 * 1024;

    /// <summary>The headers of a message that a receiver of ours wrote. All others are as if they were not there.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receivers">The authserv-ids of the servers that receive for us. They must remove headers with their own name from what comes in (RFC 8601 section 5);
    /// as some do not, only those above the first Received header below the topmost one count.</param>
    public static IReadOnlyList<AuthenticationResults> Trusted(MailMessage message, IReadOnlyCollection<string> receivers)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(receivers);
        var found = new List<AuthenticationResults>();
        foreach (var header in message.Headers)
        {
            // A forged one came with the mail, so it stands below the line our receiver wrote when it took the mail.
            if (found.Count > 0 && header.Name.Equals("Received", StringComparison.OrdinalIgnoreCase))
                break;
            if (header.Name.Equals("Authentication-Results", StringComparison.OrdinalIgnoreCase) && Parse(header.Text) is { } one
                && receivers.Any(r => r.Equals(one.ServerId, StringComparison.OrdinalIgnoreCase)))
                found.Add(one);
        }
        return found;
    }

    /// <summary>What trusted headers say about the From of a message: DMARC where there is one, else a DKIM or SPF pass of the domain of From itself.</summary>
    /// <param name="message">The message. One with several From is never verified.</param>
    /// <param name="receivers">As for <see cref="Trusted"/>.</param>
    public static SenderProof ProofOf(MailMessage message, IReadOnlyCollection<string> receivers)
    {
        var results = Trusted(message, receivers);
        if (message.From is not [{ IsValid: true } from])
            return SenderProof.NotVerified;
        var domain = from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..];
        var proof = SenderProof.NotVerified;
        foreach (var method in results.SelectMany(r => r.Methods))
        {
            if (method.Method == "dmarc" && DomainOf(method["header.from"]) is var looked && (looked is null || looked.Equals(domain, StringComparison.OrdinalIgnoreCase)))
            {
                if (method.Result == "fail")
                    return SenderProof.Failed;
                if (method.Result == "pass")
                    proof = SenderProof.Verified;
            }
            else if (method is { Method: "dkim", Result: "pass" } && DomainOf(method["header.d"] ?? method["header.i"]) is { } signer && Domains.IsSameOrBelow(domain, signer))
                proof = SenderProof.Verified;
            else if (method is { Method: "spf", Result: "pass" } && DomainOf(method["smtp.mailfrom"]) is { } envelope && envelope.Equals(domain, StringComparison.OrdinalIgnoreCase))
                proof = SenderProof.Verified;
        }
        return proof;

        static string? DomainOf(string? value) => value is null ? null : value[(value.LastIndexOf('@') + 1)..].Trim('<', '>', ' ').TrimEnd('.') is { Length: > 0 } bare ? bare : null;
    }

    /// <summary>Reads a header's unfolded text; null when it is none. Never throws.</summary>
    public static AuthenticationResults? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MostText)
            return null;
        var pieces = Pieces(text);
        if (pieces.Count == 0 || pieces[0] is not [var server, ..] || server.Length == 0)
            return null;
        var methods = new List<AuthenticationMethod>();
        foreach (var words in pieces.Skip(1))
        {
            if (methods.Count >= MostMethods || words.Count == 0)
                continue;
            if (words is ["none"] or not [_, "=", _, ..])
                continue;
            var method = words[0].ToLowerInvariant();
            var slash = method.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0)
                method = method[..slash];
            string? reason = null;
            var properties = new List<KeyValuePair<string, string>>();
            for (var i = 3; i + 2 < words.Count && properties.Count < MostProperties;)
            {
                if (words[i + 1] != "=")
                {
                    i++;
                    continue;
                }
                var name = words[i].ToLowerInvariant();
                if (name == "reason")
                    reason ??= words[i + 2];
                else
                    properties.Add(new(name, words[i + 2]));
                i += 3;
            }
            methods.Add(new(method, words[2].ToLowerInvariant(), reason, properties));
        }
        return new(server.ToLowerInvariant(), methods);
    }

    /// <summary>Words between semicolons; "=" is a word, comments are gone, quotes too.</summary>
    static List<List<string>> Pieces(string text)
    {
        var pieces = new List<List<string>> { new() };
        var word = new System.Text.StringBuilder();
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (depth > 0)
            {
                if (c == '\\')
                    i++;
                else
                    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                continue;
            }
            switch (c)
            {
                case '(':
                    depth++;
                    break;
                case '"':
                    for (i++; i < text.Length && text[i] != '"'; i++)
                    {
                        if (text[i] == '\\' && i + 1 < text.Length)
                            i++;
                        word.Append(text[i]);
                    }
                    break;
                case ';':
                    End();
                    pieces.Add([]);
                    break;
                // Within a value ("header.i=@a.b", "x=a=b") only the first one divides.
                case '=' when !(pieces[^1] is [.., "="]):
                    End();
                    pieces[^1].Add("=");
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    // "spf = pass" and "smtp . mailfrom" are allowed forms; blanks around the sign mean nothing.
                    End();
                    break;
                default:
                    word.Append(c);
                    break;
            }
        }
        End();
        return pieces;

        void End()
        {
            if (word.Length == 0)
                return;
            pieces[^1].Add(MailText.WithoutControl(word.ToString()));
            word.Clear();
        }
    }
}
