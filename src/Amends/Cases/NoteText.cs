using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Amends.Cases;

/// <summary>
/// Shows a note's light Markdown: paragraphs, emphasis, lists, quotes, code, links to http, https and mailto, mentions. It builds elements and text,
/// never markup, so nothing that somebody wrote can become any (A02).
/// </summary>
public sealed class NoteText : ComponentBase
{
    const int Deepest = 24;

    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseAutoLinks().Build();

    /// <summary>The note.</summary>
    [Parameter, EditorRequired] public required NoteModel Model { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (MarkdownLimit.IsTooDeep(Model.Text)) { builder.OpenElement(0, "p"); builder.AddContent(1, Model.Text); builder.CloseElement(); return; }
        MarkdownDocument document;
        try { document = Markdown.Parse(Model.Text, Pipeline); }
        // Nested too deep to be read: then as it stands.
        catch (ArgumentException) { builder.OpenElement(0, "p"); builder.AddContent(1, Model.Text); builder.CloseElement(); return; }
        foreach (var block in document) Put(builder, block, 0);
    }

    void Put(RenderTreeBuilder b, Block block, int depth)
    {
        if (depth > Deepest) return;
        switch (block)
        {
            case ListBlock list: Container(b, list.IsOrdered ? "ol" : "ul", list, depth); break;
            case ListItemBlock item: Container(b, "li", item, depth); break;
            case QuoteBlock quote: Container(b, "blockquote", quote, depth); break;
            case CodeBlock code: Element(b, "pre", () => b.AddContent(1, code.Lines.ToString())); break;
            case ThematicBreakBlock: b.OpenElement(0, "hr"); b.CloseElement(); break;
            case HeadingBlock heading: Element(b, "p", () => Element(b, "b", () => Inlines(b, heading.Inline, depth))); break;
            case LeafBlock { Inline: { } inline }: Element(b, "p", () => Inlines(b, inline, depth)); break;
            case ContainerBlock other: foreach (var child in other) Put(b, child, depth + 1); break;
        }
    }

    void Container(RenderTreeBuilder b, string name, ContainerBlock block, int depth) => Element(b, name, () => { foreach (var child in block) Put(b, child, depth + 1); });

    static void Element(RenderTreeBuilder b, string name, Action inside)
    {
        b.OpenElement(0, name);
        inside();
        b.CloseElement();
    }

    void Inlines(RenderTreeBuilder b, ContainerInline? container, int depth)
    {
        if (container is null || depth > Deepest) return;
        foreach (var inline in container)
            switch (inline)
            {
                case LiteralInline text: Said(b, text.Content.ToString()); break;
                case LineBreakInline: b.AddContent(1, "\n"); break;
                case CodeInline code: Element(b, "code", () => b.AddContent(1, code.Content)); break;
                case EmphasisInline em: Element(b, em.DelimiterChar == '~' ? "s" : em.DelimiterCount > 1 ? "strong" : "em", () => Inlines(b, em, depth + 1)); break;
                case LinkInline { IsImage: false, Url: { } url } link when IsSafe(url): Link(b, url, () => Inlines(b, link, depth + 1)); break;
                case AutolinkInline auto when IsSafe((auto.IsEmail ? "mailto:" : "") + auto.Url): Link(b, (auto.IsEmail ? "mailto:" : "") + auto.Url, () => b.AddContent(1, auto.Url)); break;
                case AutolinkInline auto: b.AddContent(1, auto.Url); break;
                case HtmlEntityInline entity: b.AddContent(1, entity.Transcoded.ToString()); break;
                case ContainerInline more: Inlines(b, more, depth + 1); break;
            }
    }

    static void Link(RenderTreeBuilder b, string url, Action inside)
    {
        b.OpenElement(0, "a");
        b.AddAttribute(1, "href", url);
        b.AddAttribute(2, "rel", "noopener noreferrer nofollow");
        b.AddAttribute(3, "target", "_blank");
        inside();
        b.CloseElement();
    }

    static bool IsSafe(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";

    void Said(RenderTreeBuilder b, string text)
    {
        while (text.Length > 0)
        {
            var at = text.IndexOf('@', StringComparison.Ordinal);
            var name = at < 0 ? null : Mentions.NameAt(text, at, Model.Colleagues);
            if (name is null)
            {
                var until = at < 0 ? text.Length : at + 1;
                b.AddContent(1, text[..until]);
                text = text[until..];
                continue;
            }
            b.AddContent(1, text[..at]);
            b.OpenElement(2, "span");
            b.AddAttribute(3, "class", "mention");
            b.AddContent(4, "@" + name);
            b.CloseElement();
            text = text[(at + 1 + name.Length)..];
        }
    }
}

/// <summary>Finds who is mentioned in a text: <c>@</c> and a colleague's whole name.</summary>
static class Mentions
{
    /// <summary>The longest name that stands behind the sign, or null.</summary>
    public static string? NameAt(string text, int at, IEnumerable<string> names) => at > 0 && char.IsLetterOrDigit(text[at - 1]) ? null : names
        .Where(n => n.Length > 0 && string.Compare(text, at + 1, n, 0, n.Length, StringComparison.OrdinalIgnoreCase) == 0 && (at + 1 + n.Length >= text.Length || !char.IsLetterOrDigit(text[at + 1 + n.Length])))
        .MaxBy(n => n.Length);

    /// <summary>All names that are mentioned.</summary>
    public static HashSet<string> In(string text, IReadOnlyCollection<string> names)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
            if (NameAt(text, at, names) is { } name) found.Add(name);
        return found;
    }
}
