using System.Globalization;
using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Contacts.Email;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Amends.Contacts;

/// <summary>
/// What colleagues write in replies and notes: paragraphs, emphasis, links, lists, code and quotes; a line end is a line end. HTML in it is text.
/// It is stored as written; this makes of it what is shown, and the two parts of an outgoing mail.
/// </summary>
public static class LightMarkdown
{
    /// <summary>Characters that are read as Markdown; what is longer is shown as it stands.</summary>
    public const int MaxLength = 200_000;

    const int MaxDepth = MarkdownLimit.MaxDepth;

    static readonly MarkdownPipeline Pipeline = Make();

    /// <summary>
    /// HTML for the page and for the HTML part of a mail, passed through <see cref="SafeHtml"/>. A picture (<c>![name](address)</c>) is shown where
    /// <paramref name="picture"/> knows its address (a pasted one of ours), else its name stands there; nothing is ever fetched from elsewhere.
    /// </summary>
    public static string ToHtml(string text, Func<string, string?>? picture = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        string html;
        if (Read(text) is { } document)
        {
            foreach (var link in document.Descendants<LinkInline>().Where(link => link.IsImage).ToList())
            {
                // The way of inline images through the allow list: by an id that only we can resolve.
                if (picture is not null && link.Url is { } url && picture(url) is not null)
                    link.Url = "cid:" + Uri.EscapeDataString(url);
                else
                    link.ReplaceBy(new LiteralInline(Plain(link)), copyChildren: false);
            }
            using var writer = new StringWriter(CultureInfo.InvariantCulture);
            var renderer = new HtmlRenderer(writer);
            Pipeline.Setup(renderer);
            renderer.Render(document);
            html = writer.ToString();
        }
        else
        {
            html = "<p>" + WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>") + "</p>";
        }
        return SafeHtml.Clean(html, new() { InlineImage = id => picture?.Invoke(id), FoldQuotesUnder = null }).Html.Trim();
    }

    /// <summary>Plain text for the text part of a mail: without marks of emphasis, with the addresses of links, lists and quotes as people write them.</summary>
    public static string ToPlainText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Read(text) is not { } document)
            return text.ReplaceLineEndings("\n").Trim();
        var lines = new List<string>();
        Blocks(document, lines);
        return string.Join('\n', lines).Trim();
    }

    static MarkdownPipeline Make()
    {
        var builder = new MarkdownPipelineBuilder { MaximumNestingDepth = 4 * MaxDepth }
            .DisableHtml().UseSoftlineBreakAsHardlineBreak().UseAutoLinks().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough);
        return builder.Build();
    }

    // Null where it is too much to be read as Markdown.
    static MarkdownDocument? Read(string text)
    {
        if (text.Length > MaxLength || MarkdownLimit.IsTooDeep(text))
            return null;
        try
        {
            return Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // How the library says that its nesting limit was passed.
            return null;
        }
    }

    static void Blocks(ContainerBlock container, List<string> lines)
    {
        foreach (var block in container)
        {
            if (lines.Count > 0 && container is not ListItemBlock && lines[^1].Length > 0)
                lines.Add("");
            switch (block)
            {
                case LinkReferenceDefinitionGroup:
                    break;
                case QuoteBlock quote:
                    Indented(quote, lines, "> ", "> ");
                    break;
                case ListBlock list:
                    var number = int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
                    foreach (var item in list.OfType<ListItemBlock>())
                    {
                        var mark = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
                        Indented(item, lines, mark, new string(' ', mark.Length));
                    }
                    break;
                case ContainerBlock other:
                    Blocks(other, lines);
                    break;
                case ThematicBreakBlock:
                    lines.Add("---");
                    break;
                case CodeBlock code:
                    lines.AddRange(code.Lines.ToString().Split('\n').Select(line => "    " + line));
                    break;
                case LeafBlock { Inline: { } inline }:
                    lines.AddRange(Plain(inline).Split('\n'));
                    break;
            }
        }
    }

    static void Indented(ContainerBlock container, List<string> lines, string first, string next)
    {
        var inner = new List<string>();
        Blocks(container, inner);
        for (var i = 0; i < inner.Count; i++)
            lines.Add(((i == 0 ? first : next) + inner[i]).TrimEnd());
    }

    static string Plain(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (var inline in container)
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline:
                    text.Append('\n');
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline auto:
                    text.Append(auto.Url);
                    break;
                case LinkInline { IsImage: false } link:
                    var words = Plain(link);
                    text.Append(words);
                    if (link.Url is { Length: > 0 } url && words != url && "mailto:" + words != url && !link.IsAutoLink)
                        text.Append(CultureInfo.InvariantCulture, $" <{url}>");
                    break;
                case ContainerInline other:
                    text.Append(Plain(other));
                    break;
            }
        return text.ToString();
    }
}
