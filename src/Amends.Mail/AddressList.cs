using System.Buffers;
using System.Text;

namespace Amends.Mail;

/// <summary>The addresses of a header (RFC 5322 section 3.4 with its obsolete forms, and what people write instead). Linear; never throws.</summary>
public sealed class AddressList
{
    AddressList(List<Mailbox> mailboxes, IReadOnlyList<string> groups, bool cut) => (Mailboxes, Groups, Cut) = (mailboxes, groups, cut);

    internal static AddressList None { get; } = new([], [], false);

    /// <summary>All addresses in order, those of groups included.</summary>
    public IReadOnlyList<Mailbox> Mailboxes { get; }

    /// <summary>The names of groups, "Undisclosed recipients" among them.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>True when there were more addresses than allowed.</summary>
    public bool Cut { get; }

    enum Kind { Atom, Quoted, Comment, Literal, Special }

    readonly record struct Token(Kind Kind, string Text, bool Spaced)
    {
        public bool Is(char c) => Kind == Kind.Special && Text[0] == c;
    }

    static readonly SearchValues<char> AtomEnd = SearchValues.Create("()<>:;@,\" \t\r\n");

    /// <summary>Reads a header's unfolded text in which words are still encoded.</summary>
    /// <param name="text">The text; null is an empty list.</param>
    /// <param name="limit">Addresses at most.</param>
    public static AddressList Parse(string? text, int limit = 1_000)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        if (TryPlain(text, limit, out var plain))
            return plain;
        // A thousand addresses have some ten thousand tokens; a hostile header could have a million.
        var tokens = Tokens(text, 40L * limit + 1_000, out var cutTokens);
        var mailboxes = new List<Mailbox>();
        var groups = new List<string>();
        var phrase = new List<Token>();
        var comments = new List<string>();
        List<Token>? angle = null;
        string? pendingName = null;
        var cut = cutTokens;
        for (var i = 0; i <= tokens.Count; i++)
        {
            if (mailboxes.Count >= limit)
            {
                cut |= i < tokens.Count - 1;
                break;
            }
            if (i == tokens.Count || tokens[i].Is(',') || tokens[i].Is(';'))
            {
                End(i < tokens.Count && tokens[i].Is(','));
                continue;
            }
            var token = tokens[i];
            if (token.Kind == Kind.Comment)
                comments.Add(token.Text);
            else if (token.Is('<'))
            {
                var inside = new List<Token>();
                var route = i + 1 < tokens.Count && tokens[i + 1].Is('@');
                for (i++; i < tokens.Count && !tokens[i].Is('>'); i++)
                {
                    if (tokens[i].Is(':') && route)
                    {
                        inside.Clear();
                        route = false;
                    }
                    else if (tokens[i].Is(';') || tokens[i].Is(',') && !route || tokens[i].Is('<'))
                    {
                        i--;
                        break;
                    }
                    else if (tokens[i].Kind != Kind.Comment)
                        inside.Add(tokens[i]);
                }
                // Never closed: the end of the text closes it.
                if (i >= tokens.Count)
                    i = tokens.Count - 1;
                // "<a@b> <c@d>": two addresses whose comma was forgotten.
                if (angle is { Count: > 0 } && angle.Exists(t => t.Is('@')) && inside.Exists(t => t.Is('@')))
                    End(false);
                if (angle is null || angle.Count == 0 || inside.Exists(t => t.Is('@')))
                {
                    if (angle is { Count: > 0 })
                        phrase.AddRange(angle);
                    angle = inside;
                }
            }
            else if (token.Is(':') && angle is null && !phrase.Exists(t => t.Is('@')))
            {
                var name = NameOf(phrase);
                if (name.Length > 0 && !name.Equals("mailto", StringComparison.OrdinalIgnoreCase))
                    groups.Add(name);
                phrase.Clear();
                comments.Clear();
                pendingName = null;
            }
            else if (!token.Is('>'))
                phrase.Add(token);
        }
        return new(mailboxes, groups, cut);

        void End(bool comma)
        {
            if (angle is not null)
            {
                var name = NameOf(phrase);
                if (pendingName is not null)
                    name = name.Length == 0 ? pendingName : EncodedWords.Decode($"{pendingName}, {name}");
                if (name.Length == 0)
                    name = CommentName();
                pendingName = null;
                if (Address(angle) is var (local, domain) && local.Length > 0)
                    mailboxes.Add(Mailbox.Read(local, domain, name));
                else if (phrase.Exists(t => t.Is('@')))
                    Bare();
            }
            else if (phrase.Exists(t => t.Is('@')))
            {
                pendingName = null;
                Bare();
            }
            else if (phrase.Count > 0)
                // "Doe, John <john@...>": a comma that nobody quoted. Only what directly precedes counts.
                pendingName = comma ? NameOf(phrase) : null;
            phrase.Clear();
            comments.Clear();
            angle = null;
        }

        void Bare()
        {
            var first = phrase.FindIndex(t => t.Is('@'));
            var start = first;
            // Backwards over "john . doe" (obsolete blanks), but not over a name without brackets.
            while (start > 0 && phrase[start - 1].Kind is Kind.Atom or Kind.Quoted
                && (start == first || phrase[start - 1].Text.EndsWith('.') || phrase[start].Text.StartsWith('.')))
                start--;
            var end = first;
            while (end < phrase.Count)
            {
                if (phrase[end].Is('@'))
                    end++;
                else if (phrase[end].Kind is Kind.Atom or Kind.Literal or Kind.Quoted
                    && (phrase[end - 1].Is('@') || phrase[end - 1].Text.EndsWith('.') || phrase[end].Text.StartsWith('.')))
                    end++;
                else
                    break;
            }
            var (local, domain) = Address(phrase.GetRange(start, end - start));
            if (local.Length == 0)
                return;
            var name = NameOf(phrase.GetRange(0, start));
            mailboxes.Add(Mailbox.Read(local, domain, name.Length > 0 ? name : CommentName()));
        }

        string CommentName() => comments.Count == 0 ? "" : EncodedWords.Decode(string.Join(' ', comments)).Trim();
    }

    // What can stand in a bare address or an unquoted name without meaning anything else.
    static readonly SearchValues<char> NotPlain = SearchValues.Create("()<>[]:;@,\\\" \t\r\n");
    static readonly SearchValues<char> NotInName = SearchValues.Create("()<>[]:;@,\\\"\t\r\n");

    /// <summary>"a@b", "Name &lt;a@b&gt;" and "\"Name\" &lt;a@b&gt;", one or several: what nearly all mail has. Anything else is left to the tokens.</summary>
    static bool TryPlain(string text, int limit, out AddressList list)
    {
        list = None;
        if (limit < 1)
            return false;
        List<Mailbox>? mailboxes = null;
        var rest = text.AsSpan().Trim(' ');
        while (true)
        {
            if (mailboxes?.Count >= limit)
                return false;
            var name = default(ReadOnlySpan<char>);
            var quoted = rest is ['"', ..];
            if (quoted)
            {
                var close = rest[1..].IndexOfAny('"', '\\');
                if (close < 0 || rest[close + 1] == '\\')
                    return false;
                name = rest.Slice(1, close);
                rest = rest[(close + 2)..];
                if (rest is not [' ', '<', ..] and not ['<', ..])
                    return false;
                rest = rest[(rest[0] == ' ' ? 1 : 0)..];
            }
            else if (rest is not ['<', ..])
            {
                var stop = rest.IndexOfAny(NotInName);
                if (stop <= 0)
                    return false;
                if (rest[stop] == '<')
                {
                    name = rest[..stop];
                    if (name[^1] != ' ' || name.IndexOf("  ") >= 0)
                        return false;
                    name = name[..^1];
                    rest = rest[stop..];
                }
                else if (rest[stop] != '@')
                    return false;
            }
            var angle = rest is ['<', ..];
            if (angle)
                rest = rest[1..];
            var at = rest.IndexOfAny(NotPlain);
            if (at <= 0 || rest[at] != '@')
                return false;
            var local = rest[..at];
            rest = rest[(at + 1)..];
            var end = rest.IndexOfAny(NotPlain);
            var domain = end < 0 ? rest : rest[..end];
            if (domain.IsEmpty || domain[^1] == '.' || local.StartsWith("=?") || domain.StartsWith("=?") || angle && (end < 0 || rest[end] != '>'))
                return false;
            rest = end < 0 ? default : rest[(angle ? end + 1 : end)..];
            (mailboxes ??= new(1)).Add(Mailbox.Read(local.ToString(), domain.ToString(), name.IsEmpty ? "" : EncodedWords.Decode(name.ToString()).Trim()));
            rest = rest.TrimStart(' ');
            if (rest.IsEmpty)
                break;
            if (rest[0] != ',')
                return false;
            rest = rest[1..].TrimStart(' ');
            if (rest.IsEmpty)
                return false;
        }
        list = new(mailboxes, [], false);
        return true;
    }

    static (string Local, string Domain) Address(List<Token> tokens)
    {
        var at = tokens.FindLastIndex(t => t.Is('@'));
        if (at < 0)
            return (Join(tokens, 0, tokens.Count), "");
        return (Join(tokens, 0, at), Join(tokens, at + 1, tokens.Count).TrimEnd('.'));

        static string Join(List<Token> tokens, int from, int to)
        {
            if (to - from == 1 && tokens[from].Kind != Kind.Quoted)
                return tokens[from].Text;
            var text = new StringBuilder();
            for (var i = from; i < to; i++)
            {
                if (tokens[i].Kind == Kind.Quoted)
                    text.Append('"').Append(tokens[i].Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
                else
                    text.Append(tokens[i].Text);
            }
            return text.ToString();
        }
    }

    static string NameOf(List<Token> phrase)
    {
        if (phrase.Count == 0)
            return "";
        if (phrase.Count == 1)
            return EncodedWords.Decode(phrase[0].Text).Trim();
        var text = new StringBuilder();
        foreach (var token in phrase)
        {
            if (token.Spaced && text.Length > 0)
                text.Append(' ');
            text.Append(token.Text);
        }
        return EncodedWords.Decode(text.ToString()).Trim();
    }

    static List<Token> Tokens(string text, long most, out bool cut)
    {
        cut = false;
        var tokens = new List<Token>();
        var spaced = false;
        bool noQuote = false, noComment = false;
        for (var i = 0; i < text.Length;)
        {
            if (tokens.Count >= most)
            {
                cut = true;
                break;
            }
            var c = text[i];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                spaced = true;
                i++;
                continue;
            }
            if (c == '"' && !noQuote)
            {
                if (Quoted(text, i, out var quoted) is var after and >= 0)
                {
                    tokens.Add(new(Kind.Quoted, quoted, spaced));
                    i = after;
                    spaced = false;
                    continue;
                }
                noQuote = true;
            }
            if (c == '(' && !noComment)
            {
                if (Comment(text, i, out var comment) is var after and >= 0)
                {
                    tokens.Add(new(Kind.Comment, comment, spaced));
                    i = after;
                    spaced = true;
                    continue;
                }
                noComment = true;
            }
            if (c == '[' && tokens.Count > 0 && tokens[^1].Is('@'))
            {
                var close = text.AsSpan(i, Math.Min(text.Length - i, 300)).IndexOf(']');
                if (close > 0)
                {
                    tokens.Add(new(Kind.Literal, text.Substring(i, close + 1).Replace(" ", "", StringComparison.Ordinal), spaced));
                    i += close + 1;
                    spaced = false;
                    continue;
                }
            }
            if (c is '<' or '>' or ':' or ';' or '@' or ',')
            {
                tokens.Add(new(Kind.Special, SpecialText(c), spaced));
                i++;
                spaced = false;
                continue;
            }
            var length = WordLength(text, i);
            if (length == 0)
            {
                var rest = text.AsSpan(i + 1);
                var end = rest.IndexOfAny(AtomEnd);
                length = 1 + (end < 0 ? rest.Length : end);
            }
            tokens.Add(new(Kind.Atom, text.Substring(i, length), spaced));
            i += length;
            spaced = false;
        }
        return tokens;
    }

    static string SpecialText(char c) => c switch { '<' => "<", '>' => ">", ':' => ":", ';' => ";", '@' => "@", _ => "," };

    /// <summary>An encoded word stays whole even when a comma or bracket stands in it unencoded.</summary>
    static int WordLength(string text, int at)
    {
        if (text[at] != '=' || at + 8 > text.Length || text[at + 1] != '?')
            return 0;
        var window = text.AsSpan(at, Math.Min(text.Length - at, 400));
        var charset = window[2..].IndexOf('?');
        if (charset <= 0 || charset + 5 > window.Length || (window[charset + 3] | 0x20) is not ('b' or 'q') || window[charset + 4] != '?')
            return 0;
        var end = window[(charset + 5)..].IndexOf("?=");
        if (end < 0 || window.Slice(charset + 5, end).IndexOfAny(' ', '\t', '@') >= 0)
            return 0;
        return charset + 5 + end + 2;
    }

    static int Quoted(string text, int at, out string content)
    {
        var rest = text.AsSpan(at + 1);
        var stop = rest.IndexOfAny('"', '\\');
        if (stop >= 0 && rest[stop] == '"')
        {
            content = rest[..stop].ToString();
            return at + stop + 2;
        }
        var result = new StringBuilder();
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                result.Append(text[++i]);
            else if (text[i] == '"')
            {
                content = result.ToString();
                return i + 1;
            }
            else
                result.Append(text[i]);
        }
        content = "";
        return -1;
    }

    static int Comment(string text, int at, out string content)
    {
        var depth = 0;
        var result = new StringBuilder();
        for (var i = at; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
                result.Append(text[++i]);
            else if (c == '(')
            {
                if (depth++ > 0)
                    result.Append(c);
            }
            else if (c == ')')
            {
                if (--depth == 0)
                {
                    content = result.ToString();
                    return i + 1;
                }
                result.Append(c);
            }
            else
                result.Append(c);
        }
        content = "";
        return -1;
    }
}
