namespace Amends.Cases;

/// <summary>Looked at before Markdown is parsed: nested quotes, lists, brackets and emphasis cost the reader more than their length (A05).</summary>
static class MarkdownLimit
{
    /// <summary>Levels of nesting that are drawn.</summary>
    public const int MaxDepth = 24;

    /// <summary>True for what is shown as it stands.</summary>
    public static bool IsTooDeep(string text)
    {
        var marks = 0;
        var run = 0;
        var definitions = 0;
        var emphasis = 0;
        var before = '\0';
        foreach (var c in text)
        {
            // So does emphasis that is opened and never closed (3 s for 150 kB). Its marks are looked at paragraph by paragraph.
            if (c == '\n' && before == '\n')
                emphasis = 0;
            if (c is '*' or '_' or '~' && before != c && ++emphasis > 2000)
                return true;
            // Link definitions cost the reader their square (measured: 3 s for 140 kB of them).
            if (c == ':' && before == ']' && ++definitions > 200)
                return true;
            before = c;
            if (c is '\n' or '\r')
                marks = 0;
            // A line that begins with so many marks of quotes and lists, or brackets that are not closed, comes from no hand.
            if (c == '>')
                marks++;
            if (c is '[' or '(' or '<')
                run++;
            else if (c is ']' or ')' or '>')
                run = Math.Max(0, run - 1);
            if (marks > MaxDepth * 2 || run > 500)
                return true;
        }
        return false;
    }
}
