using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Amends.Contacts;

/// <summary>Shows what colleagues wrote in light Markdown, made safe by <see cref="LightMarkdown"/>. Pasted pictures are ours alone.</summary>
public sealed class WrittenText : ComponentBase
{
    /// <summary>The text.</summary>
    [Parameter, EditorRequired] public required string Model { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, LightMarkdown.ToHtml(Model, Picture));

    static string? Picture(string address) => address.StartsWith("/files/", StringComparison.Ordinal) && address.Length is > 7 and < 30 && address.AsSpan(7).IndexOfAnyExceptInRange('0', '9') < 0 ? address : null;
}

/// <summary>
/// Shows plain text as it was written: paragraphs, line ends, links to http and https made live. It builds elements and text, never markup, so nothing that
/// somebody wrote can become any (A02).
/// </summary>
public sealed class PlainText : ComponentBase
{
    const int Most = 60_000;

    /// <summary>The text.</summary>
    [Parameter, EditorRequired] public required string Model { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var text = Intake.Cut(Model, Most);
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.IsNullOrWhiteSpace(paragraph)) continue;
            builder.OpenElement(0, "p");
            Linked(builder, paragraph.Trim('\n'));
            builder.CloseElement();
        }
        if (Model.Length > Most)
        {
            builder.OpenElement(3, "p");
            builder.AddContent(4, Words.TextCutHere);
            builder.CloseElement();
        }
    }

    static void Linked(RenderTreeBuilder builder, string text)
    {
        var from = 0;
        while (from < text.Length)
        {
            var at = text.IndexOf("http", from, StringComparison.OrdinalIgnoreCase);
            if (at < 0) break;
            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('<' or '>' or '"' or '\u201C' or '\u201D')) end++;
            while (end > at && text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '\'') end--;
            var address = text[at..end];
            if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            {
                builder.AddContent(1, text[from..(at + 4)]);
                from = at + 4;
                continue;
            }
            builder.AddContent(1, text[from..at]);
            builder.OpenElement(2, "a");
            builder.AddAttribute(3, "href", url.AbsoluteUri);
            builder.AddAttribute(4, "rel", "noopener noreferrer nofollow");
            builder.AddAttribute(5, "target", "_blank");
            builder.AddContent(6, address);
            builder.CloseElement();
            from = end;
        }
        builder.AddContent(1, text[from..]);
    }
}
