using System.Text;

namespace Amends.Mail;

/// <summary>Joins the soft lines of format=flowed (RFC 3676), and folds long lines into such.</summary>
static class FlowedText
{
    const int Width = 72;

    /// <summary>
    /// Folds what is longer than 72 characters at its blanks, so that whoever knows the format sees the lines as they were and whoever does not sees short ones.
    /// A word is never torn, lines that begin with four blanks (code) or with marks that fill them stay as they are, blanks at the end of a line go, quote marks are written as <c>&gt;&gt; text</c>.
    /// </summary>
    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length + text.Length / 40);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (range.Start.Value > 0)
                result.Append('\n');
            Fold(text.AsSpan()[range], result);
        }
        return result.ToString();
    }

    static void Fold(ReadOnlySpan<char> line, StringBuilder into)
    {
        if (line.SequenceEqual("-- "))
        {
            into.Append(line);
            return;
        }
        line = line.TrimEnd(' ');
        var depth = 0;
        var rest = line;
        while (rest is ['>', ..])
        {
            depth++;
            rest = rest[1..];
            if (rest is [' ', ..])
                rest = rest[1..];
        }
        // Where the marks alone fill a line, breaking would write them again for each word and make no line short.
        var whole = depth == 0 && rest.StartsWith("    ") || depth >= Width - 1;
        while (true)
        {
            var cut = whole ? -1 : BreakAt(rest, Width - depth - 1);
            var piece = cut < 0 ? rest : rest[..cut];
            into.Append('>', depth);
            if (depth > 0 && piece.Length > 0 || piece is [' ' or '>', ..] || piece.StartsWith("From "))
                into.Append(' ');
            into.Append(piece);
            if (cut < 0)
                return;
            into.Append('\n');
            rest = rest[cut..];
        }
    }

    // Behind the blank at which the line is broken; -1 where it fits, or cannot be.
    static int BreakAt(ReadOnlySpan<char> rest, int width)
    {
        if (rest.Length <= width)
            return -1;
        var blank = rest[..width].LastIndexOf(' ');
        if (blank <= 0)
            blank = rest.IndexOf(' ');
        // “-- ” alone on a line would begin a signature.
        while (blank >= 0 && (blank == 0 || rest[..blank].SequenceEqual("--")))
        {
            var next = rest[(blank + 1)..].IndexOf(' ');
            blank = next < 0 ? -1 : blank + 1 + next;
        }
        return blank < 0 || blank + 1 >= rest.Length ? -1 : blank + 1;
    }

    public static string Join(string text, bool deleteSpace)
    {
        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        var openDepth = -1;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var depth = line.IndexOfAnyExcept('>');
            if (depth < 0)
                depth = line.Length;
            var content = line[depth..];
            // Space-stuffing: one blank stands in front of what would be misread.
            if (content is [' ', ..])
                content = content[1..];
            var signature = content.SequenceEqual("-- ");
            if (openDepth >= 0 && (depth != openDepth || signature))
            {
                result.Append('\n');
                openDepth = -1;
            }
            if (openDepth < 0 && depth > 0)
                result.Append(line[..depth]).Append(' ');
            var soft = content is [.., ' '] && !signature && end >= 0;
            result.Append(soft && deleteSpace ? content[..^1] : content);
            if (soft)
            {
                openDepth = depth;
                continue;
            }
            openDepth = -1;
            if (end >= 0)
                result.Append('\n');
        }
        if (openDepth >= 0 && text.EndsWith('\n'))
            result.Append('\n');
        return result.ToString();
    }
}
