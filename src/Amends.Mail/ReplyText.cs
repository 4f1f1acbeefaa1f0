using System.Buffers;
using System.Text;

namespace Amends.Mail;

/// <summary>What a reply consists of.</summary>
/// <param name="NewText">What the writer wrote this time, signature removed.</param>
/// <param name="Quoted">What was quoted, with the lines that announce it; empty when nothing was.</param>
/// <param name="Signature">The signature; empty when there is none.</param>
/// <param name="WithSignature">The new text with its signature still in place.</param>
public sealed record ReplyParts(string NewText, string Quoted, string Signature, string WithSignature);

/// <summary>Finds what is new in a reply. When in doubt a text is the customer's: text lost is the worst error, a quote left in the small one.
/// Works without patterns that can run away: linear in the text.</summary>
public static class ReplyText
{
    const int LongestAttribution = 400, AttributionLines = 6, LongestSignatureLine = 80;

    static readonly SearchValues<char> LinkSigns = SearchValues.Create("/=_&?)");

    /// <summary>Divides a plain text (line ends \n or \r\n).</summary>
    /// <param name="plain">The text.</param>
    /// <param name="sender">The display name of the sender, by which a signature without any closing words can be known; or null.</param>
    public static ReplyParts Split(string plain, string? sender = null)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var lines = plain.ReplaceLineEndings("\n").Split('\n');
        var (kept, quoted) = CutQuote(lines);
        var whole = Join(kept);
        var at = SignatureStart(kept, sender);
        return at < 0
            ? new(whole, Join(quoted), "", whole)
            : new(Join(kept.AsSpan(0, at)), Join(quoted), Join(kept.AsSpan(at)), whole);
    }

    static string Join(ReadOnlySpan<string> lines)
    {
        while (lines.Length > 0 && string.IsNullOrWhiteSpace(lines[0]))
            lines = lines[1..];
        while (lines.Length > 0 && string.IsNullOrWhiteSpace(lines[^1]))
            lines = lines[..^1];
        return string.Join('\n', lines).TrimEnd();
    }

    static (string[] Kept, string[] Quoted) CutQuote(string[] lines)
    {
        var written = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (IsQuoteLine(line))
                continue;
            if (IsForward(line))
                return (lines, []);
            // "reply--- On Wed ... wrote:" on one line.
            var inner = line.IndexOf("--- On ", StringComparison.Ordinal);
            if (inner > 0 && AttributionEnd(lines, i, line[inner..].TrimStart('-', ' ')) == i)
                return ([.. lines[..i], line[..inner].TrimEnd('-')], [line[inner..], .. lines[(i + 1)..]]);
            if (IsSeparator(line) || IsHeaderBlock(lines, i))
            {
                var start = i;
                while (start > 0 && (IsRule(lines[start - 1]) || lines[start - 1].Length == 0 && start > 1 && IsRule(lines[start - 2])))
                    start--;
                if (!written)
                    return (lines, []);
                return (lines[..start], lines[start..]);
            }
            var end = AttributionEnd(lines, i, line);
            if (end >= 0)
                return CutAttribution(lines, i, end, written);
            written |= !string.IsNullOrWhiteSpace(line);
        }
        return CutTrailingQuote(lines);
    }

    static (string[] Kept, string[] Quoted) CutAttribution(string[] lines, int start, int end, bool written)
    {
        var at = end + 1;
        while (at < lines.Length && string.IsNullOrWhiteSpace(lines[at]))
            at++;
        if (at >= lines.Length)
            return written ? (lines[..start], lines[start..]) : (lines, []);
        if (!IsQuoteLine(lines[at]))
            // Nothing marks the quote: all below it is, if anything stands above.
            return written ? (lines[..start], lines[start..]) : (lines, []);
        while (at < lines.Length && (IsQuoteLine(lines[at]) || string.IsNullOrWhiteSpace(lines[at]) || IsWrapped(lines, at)))
            at++;
        var rest = lines[at..];
        // Answers between quotes belong to them: all stays.
        if (Array.Exists(rest, IsQuoteLine))
            return (lines, []);
        return ([.. lines[..start], .. rest], lines[start..at]);
    }

    /// <summary>A line that a program broke off the quoted line above it.</summary>
    static bool IsWrapped(string[] lines, int at)
    {
        if (at == 0 || at + 1 >= lines.Length || !IsQuoteLine(lines[at - 1]) || !(IsQuoteLine(lines[at + 1]) || string.IsNullOrWhiteSpace(lines[at + 1])))
            return false;
        var line = lines[at].Trim();
        var above = lines[at - 1].TrimEnd();
        return IsQuoteLine(lines[at + 1]) && (!line.Contains(' ', StringComparison.Ordinal) && above.Length > 30 && line.Length > 3 && line.AsSpan().IndexOfAny(LinkSigns) >= 0
            || above.Length >= 60 && line.Length > 0 && char.IsLower(line[0]));
    }

    static (string[] Kept, string[] Quoted) CutTrailingQuote(string[] lines)
    {
        var end = lines.Length;
        while (end > 0 && string.IsNullOrWhiteSpace(lines[end - 1]))
            end--;
        var start = end;
        while (start > 0 && (IsQuoteLine(lines[start - 1]) || string.IsNullOrWhiteSpace(lines[start - 1])))
            start--;
        if (start == 0 || start == end || Array.Exists(lines[..start], IsQuoteLine))
            return (lines, []);
        return (lines[..start], lines[start..]);
    }

    static bool IsQuoteLine(string line) => line.AsSpan().TrimStart() is ['>', ..] || line is ['|', ' ', ..];

    static bool IsRule(string line)
    {
        var trimmed = line.AsSpan().Trim();
        return trimmed.Length >= 4 && trimmed.IndexOfAnyExcept("-_=*—") < 0;
    }

    static bool IsForward(string line)
    {
        var lower = line.Length > 120 ? "" : line.Trim(' ', '-', '_', '*', '=', ':', '>').ToLowerInvariant();
        return lower.Length > 0 && Array.Exists(ReplyWords.Forwarded, w => lower.StartsWith(w, StringComparison.Ordinal)) && (line.Contains("--", StringComparison.Ordinal) || lower.Length < 40);
    }

    static bool IsSeparator(string line)
    {
        var trimmed = line.AsSpan().Trim();
        if (trimmed.Length is < 6 or > 120)
            return false;
        if (trimmed.Contains("reply above this line", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!(trimmed.StartsWith("--") || trimmed.StartsWith("__") || trimmed.StartsWith("==") || trimmed.StartsWith("**")))
            return false;
        var words = trimmed.Trim("-_=* \u00A0").ToString().ToLowerInvariant();
        return Array.Exists(ReplyWords.OriginalMessage, w => words.StartsWith(w, StringComparison.Ordinal));
    }

    /// <summary>From, Sent, To, Subject as Outlook writes them: two labels and an address, or three labels with a subject.</summary>
    static bool IsHeaderBlock(string[] lines, int at)
    {
        if (Label(lines[at]) is not { } first)
            return false;
        var isFrom = ReplyWords.FromLabels.Contains(first);
        if (!isFrom && first is not ("date" or "datum" or "sent" or "gesendet" or "data" or "dato" or "fecha" or "subject" or "betreff" or "objet"))
            return false;
        var labels = 1;
        var address = HasAddress(lines[at]);
        var seen = new HashSet<string> { first };
        for (int i = at + 1, gaps = 0; i < lines.Length && i < at + 8 && gaps < 3; i++)
        {
            if (Label(lines[i]) is { } label && (ReplyWords.OtherLabels.Contains(label) || ReplyWords.FromLabels.Contains(label)) && seen.Add(label))
            {
                labels++;
                address |= HasAddress(lines[i]);
            }
            else
            {
                // A long address on the line below its label.
                address |= gaps == 0 && HasAddress(lines[i]);
                gaps++;
            }
        }
        return labels >= 2 && address || labels >= 4 && isFrom;
    }

    static bool HasAddress(string line)
    {
        var at = line.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at + 3 < line.Length && char.IsLetterOrDigit(line[at - 1]) && char.IsLetterOrDigit(line[at + 1]) && line.IndexOf('.', at) > 0;
    }

    static string? Label(string line)
    {
        var colon = line.AsSpan(0, Math.Min(line.Length, 30)).IndexOfAny(':', '：');
        if (colon <= 0)
            return null;
        var label = line.AsSpan(0, colon).Trim("* \u00A0\t").ToString().ToLowerInvariant();
        return ReplyWords.FromLabels.Contains(label) || ReplyWords.OtherLabels.Contains(label) ? label : null;
    }

    /// <summary>The last line of "On such a day Bob wrote:" that begins here, or -1.</summary>
    static int AttributionEnd(string[] lines, int at, string first)
    {
        var head = first.TrimStart(' ', '\t', '-', '*', '\u00A0');
        if (head.Length < 4 || head.Length > LongestAttribution)
            return -1;
        var lower = head.ToLowerInvariant();
        var dated = char.IsDigit(head[0]) || Array.Exists(ReplyWords.Leads, l => lower.StartsWith(l, StringComparison.Ordinal));
        var digit = head.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
        // The telephone's line stands above the announcement far more often than in it.
        if (lower.StartsWith("sent from", StringComparison.Ordinal) && !HasAddress(head))
            return -1;
        if (!dated && !HasAddress(head) && !(digit && ContainsWrote(lower)))
            return -1;
        var text = new StringBuilder();
        for (var i = at; i < lines.Length && i < at + AttributionLines; i++)
        {
            var line = i == at ? head : lines[i].Trim();
            // "> wrote:" is the end of a broken address, not a quote.
            if (i > at && line is ['>', ..] && !(line.Length < 40 && (line.EndsWith(':') || ContainsWrote(line.ToLowerInvariant()))))
                return -1;
            if (i > at + 3 && line.Length == 0)
                return -1;
            text.Append(line).Append(' ');
            if (text.Length > LongestAttribution)
                return -1;
            if (line.Length == 0)
                continue;
            var colon = line[^1] is ':' or '：';
            var bare = line.EndsWith("wrote", StringComparison.Ordinal) || line.EndsWith("написал", StringComparison.Ordinal);
            if (!colon && !bare)
            {
                // A finished sentence is prose.
                if (line[^1] is '!' or '?' || line[^1] == '.' && !HasAddress(line) && !char.IsDigit(line[Math.Max(0, line.Length - 2)]))
                    return -1;
                continue;
            }
            var all = text.ToString().ToLowerInvariant();
            var hasDigit = all.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
            var hasAddress = HasAddress(all);
            if (ContainsWrote(all))
                return hasAddress || hasDigit && dated && (colon || hasAddress) && LooksDated(all) ? i : -1;
            // "30.09.2017, 18:30, Bob <bob@example.com>:"
            return colon && hasAddress && hasDigit && LooksDated(all) && (line.EndsWith(">:", StringComparison.Ordinal) || line.EndsWith("> :", StringComparison.Ordinal)) ? i : -1;
        }
        return -1;
    }

    static bool ContainsWrote(string lower)
    {
        foreach (var verb in ReplyWords.Wrote)
        {
            var at = lower.IndexOf(verb, StringComparison.Ordinal);
            if (at >= 0 && (at == 0 || !char.IsAsciiLetter(lower[at - 1])) && (at + verb.Length == lower.Length || !char.IsAsciiLetter(lower[at + verb.Length])))
                return true;
        }
        return false;
    }

    /// <summary>A time (12:30), a year, or a date in digits.</summary>
    static bool LooksDated(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                continue;
            var run = 1;
            while (i + run < text.Length && char.IsAsciiDigit(text[i + run]))
                run++;
            var next = i + run < text.Length ? text[i + run] : ' ';
            if (run == 4 && text[i] is '1' or '2' || run <= 2 && next is ':' or '/' or '.' or '-' && i + run + 1 < text.Length && (char.IsAsciiDigit(text[i + run + 1]) || text[i + run + 1] == ' '))
                return true;
            // "Dec 9," with nothing else.
            if (run <= 2 && next is ',')
                return true;
            i += run;
        }
        return false;
    }

    static int SignatureStart(string[] lines, string? sender)
    {
        var end = lines.Length;
        while (end > 0 && string.IsNullOrWhiteSpace(lines[end - 1]))
            end--;
        var found = -1;
        // Several kinds stand above each other: a greeting, the lines after two dashes, the telephone's advertisement.
        for (var round = 0; round < 4; round++)
        {
            var next = OneSignature(lines, end, sender);
            if (next <= 0 || !Array.Exists(lines[..next], l => !string.IsNullOrWhiteSpace(l)))
                break;
            found = next;
            end = next;
            while (end > 0 && string.IsNullOrWhiteSpace(lines[end - 1]))
                end--;
        }
        return found;
    }

    static int OneSignature(string[] lines, int end, string? sender)
    {
        const int most = 14, mostBelowMark = 60;
        var dashes = -1;
        var count = 0;
        for (var i = end - 1; i >= 0; i--)
        {
            var line = lines[i];
            if (line is "-- " or "\u2014 ")
                return i;
            var trimmed = line.Trim();
            if (trimmed.Length == 0)
                continue;
            if (count <= most && (trimmed is "--" or "__" or "—" or "---" || trimmed.Length > 3 && trimmed.AsSpan().IndexOfAnyExcept("-_") < 0))
            {
                if (dashes < 0 && count > 0 && IsSignatureBlock(lines, i + 1, end, trimmed.Length > 2))
                {
                    dashes = i;
                    // "--" twice belongs together.
                    while (dashes > 0 && lines[dashes - 1].Trim() is "--" or "---" or "__")
                        dashes--;
                    break;
                }
            }
            // Only the mark of RFC 3676 may have a long text below it: disclaimers.
            if (++count > mostBelowMark)
                break;
        }
        if (dashes >= 0)
            return dashes;
        count = 0;
        for (var i = end - 1; i >= 0 && count <= 2; i--)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
                continue;
            count++;
            if (line.Length < 100 && StartsMobile(line) && (i == 0 || count > 1 || string.IsNullOrWhiteSpace(lines[i - 1]) || lines[i - 1].Length < 60))
                return count == 1 || !lines[i..end].Any(l => l.Trim().EndsWith('?')) ? i : -1;
        }
        count = 0;
        for (var i = end - 1; i >= 0 && count <= 7; i--)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
                continue;
            if (line.Length > LongestSignatureLine || line.EndsWith('?'))
                break;
            var (closing, alone) = Closing(line);
            if (closing && (alone ? count is >= 1 and <= 6 : count == 0) && (i == 0 || count == 0 || IsNameLike(NextText(lines, i + 1, end))))
                return i;
            count++;
        }
        // "-Roman" below all.
        var last = end - 1;
        if (last > 0 && lines[last].Trim() is ['-', .. var name] && name.Trim() is { Length: > 1 and <= 20 } word && !word.Contains(' ', StringComparison.Ordinal) && char.IsLetter(word[0]) && string.IsNullOrWhiteSpace(lines[last - 1]))
            return last;
        return BySender(lines, end, sender);
    }

    static int BySender(string[] lines, int end, string? sender)
    {
        if (sender is not { Length: > 2 })
            return -1;
        for (int i = end - 1, count = 0; i > 0 && count < 8; i--)
        {
            var line = lines[i].Trim();
            if (line.Length > 60)
                return -1;
            if (line.Length == 0)
                continue;
            count++;
            if (line.TrimStart('-', ' ').StartsWith(sender, StringComparison.OrdinalIgnoreCase) && line.Length < sender.Length + 15)
                return i;
        }
        return -1;
    }

    static string NextText(string[] lines, int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
                return lines[i].Trim();
        }
        return "";
    }

    // A name, a company: few words, no sentence.
    static bool IsNameLike(string line) =>
        line.Length is > 0 and <= 50 && line.Count(c => c == ' ') <= 5 && !(line[^1] is '?' or ':') && (char.IsUpper(line[0]) || char.IsLetter(line[0]) && line.Length <= 20 || line[0] > 0x2E80);

    static bool IsSignatureBlock(string[] lines, int from, int end, bool ruleOnly)
    {
        for (var i = from; i < end; i++)
        {
            var line = lines[i].Trim();
            // Rules divide texts as well: below a long one nothing may read like a sentence or a list.
            if (line.Length > (ruleOnly ? 50 : 200) || ruleOnly && line.Length > 0 && (line[^1] is '.' or '?' && line.Contains(' ', StringComparison.Ordinal) || line[^1] == '?' || char.IsDigit(line[0]) && line.Length > 2 && line[1] is '.' or ')'))
                return false;
        }
        return true;
    }

    static bool StartsMobile(string line)
    {
        var lower = line.ToLowerInvariant();
        return Array.Exists(ReplyWords.Mobile, m => lower.StartsWith(m, StringComparison.Ordinal))
            || line.Length < 60 && (lower.EndsWith("から送信", StringComparison.Ordinal) || lower.EndsWith("gönderildi", StringComparison.Ordinal) || lower.EndsWith("에서 보냄", StringComparison.Ordinal));
    }

    /// <summary>Whether a line is a closing, and whether it is nothing else.</summary>
    static (bool Is, bool Alone) Closing(string line)
    {
        if (line.Length > 60)
            return default;
        var lower = line.ToLowerInvariant().TrimEnd(',', '.', '!', ' ', ';', '-');
        if (Array.IndexOf(ReplyWords.Closings, lower) >= 0)
            return (true, true);
        // "Regards, Roman": a closing, a comma, one to three words.
        var comma = lower.IndexOf(',', StringComparison.Ordinal);
        if (comma > 0 && Array.IndexOf(ReplyWords.Closings, lower[..comma].TrimEnd()) >= 0 && lower[(comma + 1)..].Trim().Count(c => c == ' ') <= 2 && char.IsUpper(line[(comma + 1)..].Trim() is { Length: > 0 } name ? name[0] : ' '))
            return (true, false);
        return default;
    }

    /// <summary>Divides HTML: what known programs mark as quote is taken out of the source, the rest stays as it was. Nothing is made safe here.</summary>
    /// <param name="html">The HTML of the mail.</param>
    /// <returns>The HTML without the quotes, and what was taken out.</returns>
    public static (string NewHtml, string QuotedHtml) SplitHtml(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return ReplyHtml.Split(html);
    }

    /// <summary>Where in the HTML of a mail its quotes stand, as <see cref="SplitHtml"/> finds them: for who shows the mail whole and folds them.</summary>
    /// <returns>Ranges of characters, in order, none within another; empty where nothing of the writer's would be left.</returns>
    public static IReadOnlyList<(int From, int To)> QuotesIn(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return ReplyHtml.Ranges(html);
    }

    internal static bool IsAttribution(string[] lines, int at) => AttributionEnd(lines, at, lines[at]) >= 0;

    internal static bool IsQuoteHeader(string[] lines, int at) => IsSeparator(lines[at]) || IsHeaderBlock(lines, at);

    internal static bool IsForwardLine(string line) => IsForward(line);
}
