using System.Text;

namespace Amends.Mail;

/// <summary>Joins the soft lines of format=flowed (RFC 3676).</summary>
static class FlowedText
{
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
