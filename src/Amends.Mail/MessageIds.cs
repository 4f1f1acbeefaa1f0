using System.Security.Cryptography;

namespace Amends.Mail;

/// <summary>Message-IDs (RFC 5322 section 3.6.4), kept as they come: a mail with a strange id must not lose its thread.</summary>
public static class MessageIds
{
    const int MostIds = 1_000;
    const string Letters = "ghjkmnpqrstvwxyz";
    const string Signs = "23456789abcdefghjkmnpqrstvwxyz";

    /// <summary>All ids of a References or In-Reply-To text, without brackets, in order, each once.</summary>
    public static IReadOnlyList<string> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        var ids = new List<string>(2);
        HashSet<string>? seen = null;
        var rest = text.AsSpan();
        while (!rest.IsEmpty && ids.Count < MostIds)
        {
            var open = rest.IndexOf('<');
            if (open < 0)
                break;
            rest = rest[(open + 1)..];
            var close = rest.IndexOfAny('<', '>');
            if (close < 0)
                break;
            if (rest[close] == '>')
                Add(rest[..close]);
            rest = rest[(rest[close] == '>' ? close + 1 : close)..];
        }
        if (ids.Count == 0 && text.IndexOf('<', StringComparison.Ordinal) < 0)
        {
            // Without brackets only what looks like an id: In-Reply-To once held phrases ("Your message of ...").
            foreach (var word in text.AsSpan().Tokenize())
            {
                if (word.IndexOf('@') > 0 && ids.Count < MostIds)
                    Add(word.Trim(",;\""));
            }
        }
        return ids;

        void Add(ReadOnlySpan<char> id)
        {
            var clean = Clean(id);
            if (clean.Length == 0)
                return;
            if (ids.Count >= 16)
                seen ??= new(ids, StringComparer.Ordinal);
            if (seen?.Add(clean) ?? !ids.Contains(clean))
                ids.Add(clean);
        }
    }

    /// <summary>The id of a Message-ID text without brackets, or null when there is none.</summary>
    public static string? First(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var span = text.AsSpan().Trim();
        var open = span.IndexOf('<');
        if (open >= 0)
        {
            span = span[(open + 1)..];
            var close = span.IndexOf('>');
            if (close >= 0)
                span = span[..close];
        }
        var id = Clean(span);
        return id.Length == 0 ? null : id;
    }

    static string Clean(ReadOnlySpan<char> id)
    {
        id = id.Trim();
        // Some fold ids in the middle; the blank is none of theirs.
        return id.IndexOfAny(' ', '\t') < 0 ? id.ToString() : id.ToString().Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
    }

    /// <summary>A new id, without brackets: 100 random bits and more, in a shape that no spam filter's list knows.</summary>
    /// <param name="domain">The domain of the sender.</param>
    /// <exception cref="ArgumentException">The domain is empty or holds control characters.</exception>
    public static string New(string domain)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        MailText.Refuse(domain, nameof(domain));
        // Each fourth sign is a letter from g on: no runs of digits or hex words can come about.
        Span<char> id = stackalloc char[29];
        for (var i = 0; i < id.Length; i++)
        {
            var signs = i % 4 == 0 ? Letters : Signs;
            id[i] = i == 14 ? '.' : signs[RandomNumberGenerator.GetInt32(signs.Length)];
        }
        return $"{id}@{domain}";
    }
}

static class SpanWords
{
    public ref struct Words(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> _rest = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly Words GetEnumerator() => this;

        public bool MoveNext()
        {
            _rest = _rest.TrimStart();
            if (_rest.IsEmpty)
                return false;
            var end = _rest.IndexOfAny(" \t\r\n");
            Current = end < 0 ? _rest : _rest[..end];
            _rest = _rest[Current.Length..];
            return true;
        }
    }

    public static Words Tokenize(this ReadOnlySpan<char> text) => new(text);
}
