using System.Diagnostics;
using Amends.Contacts.Email;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

public class SafeHtmlTests
{
    // Written down apart from the product's lists: what a reader of mail has to be content with.
    static readonly HashSet<string> Elements = [.. ("a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em "
        + "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th "
        + "thead time tr tt u ul var wbr").Split(' ')];

    static readonly HashSet<string> Attributes = [.. ("style title alt summary abbr lang dir href rel target src align valign width height border cellpadding cellspacing hspace vspace bgcolor "
        + "color face size colspan rowspan span start value type nowrap noshade reversed open clear").Split(' ')];

    const string Canary = "http://127.0.0.1:9";

    static readonly SafeHtmlOptions Options = new() { InlineImage = id => "/inline/" + Uri.EscapeDataString(id) };

    /// <summary>Null when the fragment is harmless, else what is wrong with it. Read twice, as a browser with and without scripts does.</summary>
    static string? Fault(string html)
    {
        foreach (var scripting in (ReadOnlySpan<bool>)[true, false])
        {
            var document = new HtmlParser(new HtmlParserOptions { IsScripting = scripting }).ParseDocument("<!doctype html><html><head></head><body>" + html + "</body></html>");
            foreach (var node in document.Body!.Descendants())
            {
                if (node is IComment or IProcessingInstruction or IDocumentType)
                    return $"a {node.NodeType}";
                if (node is not IElement element)
                    continue;
                if (element.NamespaceUri != "http://www.w3.org/1999/xhtml" || !Elements.Contains(element.LocalName))
                    return $"<{element.LocalName}>";
                foreach (var attribute in element.Attributes)
                {
                    var value = attribute.Value;
                    var fault = !Attributes.Contains(attribute.Name) || attribute.Name switch
                    {
                        "href" => !(value.StartsWith("http://", StringComparison.Ordinal) || value.StartsWith("https://", StringComparison.Ordinal)
                            || value.StartsWith("mailto:", StringComparison.Ordinal) || value.StartsWith("tel:", StringComparison.Ordinal))
                            || element.GetAttribute("rel") != "noopener noreferrer nofollow" || element.GetAttribute("target") != "_blank",
                        "src" => !(value.StartsWith("/inline/", StringComparison.Ordinal) || value.StartsWith("/proxy?", StringComparison.Ordinal)
                            || new[] { "png", "jpeg", "gif", "webp" }.Any(kind => value.StartsWith($"data:image/{kind};base64,", StringComparison.Ordinal))),
                        "style" => new[] { "url", "\\", "@", "expression", "position", "javascript", "{", "}", "<", "/*", "behavior", "binding", "--", "var(", "image", "content", "animation" }
                            .Any(bad => value.Contains(bad, StringComparison.OrdinalIgnoreCase)),
                        _ => false,
                    };
                    if (fault)
                        return $"<{element.LocalName} {attribute.Name}=\"{value}\">";
                }
            }
            if (document.Head?.Children.Length > 0 || document.DocumentElement.Attributes.Length > 0 || document.Body!.Attributes.Length > 0)
                return "something left the body";
        }
        return null;
    }

    static void AllHarmless(IEnumerable<string> payloads, int atLeast)
    {
        var faults = new List<string>();
        var count = 0;
        foreach (var payload in payloads)
        {
            count++;
            var clean = SafeHtml.Clean(HostileHtml.At(payload, Canary), Options);
            if (Fault(clean.Html) is { } fault)
                faults.Add($"{fault}\n  from {payload}\n  to   {clean.Html}");
            else if (SafeHtml.Rewrite(clean.Html) != clean.Html)
                faults.Add($"not stable\n  from {payload}\n  to   {clean.Html}");
        }
        faults.ShouldBeEmpty();
        count.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Fact]
    public void The_oracle_sees_what_is_harmful()
    {
        // Straight through, without the sanitizer, nearly all vectors must be called harmful: else the tests below show nothing.
        // (The rest are harmless to this reader: text that only looks like a tag, or an attribute that a parser drops by itself.)
        var seen = HostileHtml.All().Count(payload => Fault(HostileHtml.At(payload, Canary)) is not null);
        seen.ShouldBeGreaterThan(HostileHtml.All().Count() * 88 / 100);
    }

    [Fact]
    public void A01_published_vectors_leave_only_listed_elements() => AllHarmless(HostileHtml.Published().Select(row => row.Payload), 111);

    [Fact]
    public void A01_our_own_vectors_leave_only_listed_elements() => AllHarmless(HostileHtml.All(), 1000);

    [Fact]
    public void A01_made_mutations_leave_only_listed_elements() => AllHarmless(HostileHtml.Mutations(), 600);

    [Fact]
    public void A01_pairs_of_vectors_leave_only_listed_elements()
    {
        // One vector may open what another closes: a seeded walk through the pairs.
        var all = HostileHtml.All().ToArray();
        var random = new Random(20260312);
        AllHarmless(Enumerable.Range(0, 1500).Select(_ => all[random.Next(all.Length)] + all[random.Next(all.Length)]), 1500);
    }

    [Fact]
    public void A01_random_tag_soup_is_harmless_and_stable()
    {
        var pieces = Gen.Elements(
            "<p>", "</p>", "<b>", "</b>", "<a href=https://x.example>", "</a>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>",
            "<style>", "</style>", "<script>", "</script>", "<template>", "</template>", "<select>", "<option>", "</select>", "<form>", "</form>", "<noscript>", "</noscript>",
            "<textarea>", "</textarea>", "<title>", "</title>", "<xmp>", "<plaintext>", "<foreignObject>", "<desc>", "<annotation-xml encoding=text/html>", "<!--", "-->", "<![CDATA[", "]]>",
            "<img src=x onerror=alert(1)>", "\" ", "' ", ">", "<", "&lt;", "&amp;", "&#0;", "&#13;", "\0", "\r\n", "text", "<pre>\n", "<li>", "<ul>", "</ul>", "<h1>", "</h2>", "<button>", "</button>",
            "<object>", "</object>", "<marquee>", "<caption>", "<col>", "<frameset>", "<body onload=x>", "<html>", "<head>", "</body>", "<br>", "</br>", "<font color=red>", "</font>",
            "<details>", "<summary>", "<dd>", "<nobr>", "<blockquote type=cite>", "<div class=gmail_quote>", "</div>", "<div id=divRplyFwdMsg>", "<isindex>", "<ruby><rt>", "\ud800");
        var soup = pieces.ListOf(40).Select(list => string.Concat(list));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(soup.ToArbitrary(), text =>
        {
            var clean = SafeHtml.Clean(text, Options).Html;
            return Fault(clean) is null && SafeHtml.Rewrite(clean) == clean;
        }));
    }

    [Fact]
    public void A01_cleaning_twice_changes_nothing()
    {
        var options = Options with { InlineImage = id => "/inline/" + id };
        foreach (var payload in HostileHtml.All().Concat(["Fine.<div class=gmail_quote>On Monday Ann wrote:<blockquote>old</blockquote></div>"]))
        {
            var once = SafeHtml.Clean(HostileHtml.At(payload, Canary), options).Html;
            // Our own addresses are relative, and relative addresses of a mail are removed: compared without images.
            if (!once.Contains("src=", StringComparison.Ordinal))
                SafeHtml.Clean(once, options).Html.ShouldBe(once, payload);
        }
    }

    [Theory]
    [InlineData("nested div", "<div>", "", 100_000)]
    [InlineData("nested quotes", "<blockquote>", "", 100_000)]
    [InlineData("nested tables", "<table><tr><td>", "", 30_000)]
    [InlineData("nested spans with ends", "<span>", "</span>", 100_000)]
    [InlineData("formatting that never ends", "<b><p>", "", 50_000)]
    [InlineData("fonts, each its own", "<font size={0}><p>", "", 30_000)]
    [InlineData("text before a table", "<table>", "", 1, "<i>x</i>", 60_000)]
    [InlineData("attributes of one tag", "<p ", "", 1, "a{0}=1 ", 60_000)]
    [InlineData("open tags", "<", "", 500_000)]
    [InlineData("open comments", "<!--", "", 200_000)]
    [InlineData("open entities", "&", "", 500_000)]
    [InlineData("nested svg", "<svg>", "", 100_000)]
    [InlineData("nested select", "<select><option>", "", 50_000)]
    [InlineData("links in links", "<a href=https://x.example/{0}>", "", 50_000)]
    [InlineData("styles", "<i style='color:red;;;((((' >x</i>", "", 20_000)]
    [InlineData("list items", "<li>", "", 100_000)]
    [InlineData("quotes side by side", "x<div class=gmail_quote>y</div>", "", 30_000)]
    [InlineData("outlook heads side by side", "x<div id=divRplyFwdMsg>y</div>", "", 30_000)]
    [InlineData("buttons", "<p><button>", "", 50_000)]
    public void A01_deep_and_endless_markup_is_answered_in_time(string what, string open, string close, int times, string? inner = null, int innerTimes = 0)
    {
        static IEnumerable<string> Many(string text, int times) =>
            Enumerable.Range(0, times).Select(i => text.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var html = string.Concat(Many(open, times)) + "kept" + (inner is null ? "" : string.Concat(Many(inner, innerTimes))) + string.Concat(Many(close, close.Length > 0 ? times : 0));
        var watch = Stopwatch.StartNew();
        var clean = SafeHtml.Clean(html, Options);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), what);
        TestContext.Current.SendDiagnosticMessage($"{what}: {html.Length / 1000} kB in {watch.ElapsedMilliseconds} ms{(clean.AsText ? ", as text" : "")}");
        Fault(clean.Html).ShouldBeNull();
    }

    [Fact]
    public void A06_style_vectors_leave_nothing_that_loads_or_covers()
    {
        HostileHtml.StyleCount.ShouldBeGreaterThanOrEqualTo(60);
        AllHarmless(HostileHtml.StyleVectors(), 240);
    }

    [Fact]
    public void A06_plain_styles_stay() =>
        SafeHtml.Clean("<p style=\"COLOR: #FF0000 !important; font: bold 12px/1.5 'Segoe UI', Arial; margin:0 0 1em; background:#eee url(https://x.example/a.png) repeat-x; mso-style:x; width:50%\">x</p>").Html
            .ShouldBe("<p style=\"color:#ff0000;font:bold 12px/1.5 'Segoe UI',Arial;margin:0 0 1em;background-color:#eee;width:50%\">x</p>");

    [Theory]
    [InlineData("<img src=\"https://x.example/p.gif\" alt=Logo>", 1, "<img alt=\"Logo\">")]
    [InlineData("<img src=\"//x.example/p.gif\">", 1, "<img>")]
    [InlineData("<img srcset=\"https://x.example/p.gif 2x\">", 1, "<img>")]
    [InlineData("<table background=https://x.example/p.gif><tbody><tr><td>x</td></tr></tbody></table>", 1, "<table><tbody><tr><td>x</td></tr></tbody></table>")]
    [InlineData("<div style=\"background:url(https://x.example/p.gif)\">x</div>", 1, "<div>x</div>")]
    [InlineData("<img src=/api/logout>", 0, "<img>")]
    [InlineData("<img src=\"data:image/svg+xml,<svg/>\">", 0, "<img>")]
    [InlineData("<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\">", 0,
        "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\">")]
    public void A07_remote_images_are_blocked_and_counted(string html, int blocked, string expected)
    {
        var clean = SafeHtml.Clean(html);
        clean.Html.ShouldBe(expected);
        clean.BlockedImages.ShouldBe(blocked);
    }

    [Fact]
    public void A07_remote_images_go_through_the_proxy_when_allowed()
    {
        var clean = SafeHtml.Clean("<img src=\"http://x.example/a b.png?c=1&amp;d=2\"><img src=//y.example/z>", new() { RemoteImage = uri => "/proxy?u=" + Uri.EscapeDataString(uri.AbsoluteUri) });
        clean.Html.ShouldBe("<img src=\"/proxy?u=http%3A%2F%2Fx.example%2Fa%2520b.png%3Fc%3D1%26d%3D2\"><img src=\"/proxy?u=https%3A%2F%2Fy.example%2Fz\">");
        clean.BlockedImages.ShouldBe(0);
    }

    [Fact]
    public void Inline_images_are_ours_and_named()
    {
        var clean = SafeHtml.Clean("<img src=\"cid:logo%40x\"><img src=CID:none>", new() { InlineImage = id => id == "logo@x" ? "/inline/1" : null });
        clean.Html.ShouldBe("<img src=\"/inline/1\"><img>");
        clean.Cids.ShouldBe(["logo@x"]);
    }

    [Theory]
    [InlineData("<a href=\" https://x.example/?a=1&b=2 \">x</a>", "<a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>")]
    [InlineData("<a href=mailto:a@x.example>x</a>", "<a href=\"mailto:a@x.example\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>")]
    [InlineData("<a href=tel:+4930123>x</a>", "<a href=\"tel:+4930123\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>")]
    [InlineData("<a href=/cases/1>x</a>", "<a>x</a>")]
    [InlineData("<a href=#top name=top id=top class=x>x</a>", "<a>x</a>")]
    [InlineData("<a href=//x.example>x</a>", "<a>x</a>")]
    public void Links_are_absolute_and_open_elsewhere(string html, string expected) => SafeHtml.Clean(html).Html.ShouldBe(expected);

    [Fact]
    public void Quotes_are_folded_where_something_new_stands_before_them()
    {
        var folded = new SafeHtmlOptions { FoldQuotesUnder = "Quote" };
        SafeHtml.Clean("<p>Thanks!</p><div class=\"gmail_quote\">On Monday Ann wrote:<blockquote class=gmail_quote>old</blockquote></div>", folded).Html
            .ShouldBe("<p>Thanks!</p><details><summary>Quote</summary><div>On Monday Ann wrote:<blockquote>old</blockquote></div></details>");
        SafeHtml.Clean("<div>Thanks!</div><hr id=appendonsend><div id=divRplyFwdMsg><b>From:</b> Ann</div><div>old</div>", folded).Html
            .ShouldBe("<div>Thanks!</div><details><summary>Quote</summary><hr><div><b>From:</b> Ann</div><div>old</div></details>");
        SafeHtml.Clean("<div class=moz-cite-prefix>Ann wrote:</div><blockquote type=cite>old</blockquote><p>below</p>", folded).Html
            .ShouldBe("<div>Ann wrote:</div><details><summary>Quote</summary><blockquote type=\"cite\">old</blockquote></details><p>below</p>");
        // Nothing but the quote, or a mail that is passed on: open.
        SafeHtml.Clean("<div class=gmail_quote>all there is</div>", folded).Html.ShouldBe("<div>all there is</div>");
        SafeHtml.Clean("See below<div class=gmail_quote><div>---------- Forwarded message ---------</div>news</div>", folded).Html
            .ShouldBe("See below<div><div>---------- Forwarded message ---------</div>news</div>");
    }

    [Fact]
    public void Ordinary_mail_keeps_its_words_and_looks()
    {
        var clean = SafeHtml.Clean("""
            <html><head><title>t</title><style>p{color:red}</style></head><body bgcolor="#ffffff" text=black><div dir=ltr>Hello&nbsp;Ann,<br>the <b>washing machine</b> &amp; dryer:
            <ul><li>leaks</li><li>is loud</li></ul><table border=1 cellpadding="4"><tr><td colspan=2 align=RIGHT>No. 4711</td></tr></table>
            <form><label>Your <o:p>answer</o:p></label></form><pre>
              a
               b</pre></div></body></html>
            """);
        foreach (var words in (ReadOnlySpan<string>)["Hello&nbsp;Ann,<br>", "<b>washing machine</b> &amp; dryer", "<ul><li>leaks</li><li>is loud</li></ul>",
            "<table border=\"1\" cellpadding=\"4\"><tbody><tr><td colspan=\"2\" align=\"right\">No. 4711</td></tr></tbody></table>", "Your answer", "<div style=\"color:black;background-color:#ffffff\">"])
            clean.Html.ShouldContain(words);
        clean.PlainText.ShouldContain("the washing machine & dryer:\n- leaks\n- is loud\nNo. 4711\nYour answer\n");
        clean.PlainText.ShouldEndWith("  a\n   b");
        clean.HasColours.ShouldBeTrue();
        clean.PlainText.ShouldNotContain("color:red");
    }

    [Fact]
    public void Real_mails_keep_their_words()
    {
        var folder = Corpora.Need("reply-talon");
        var files = Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories).ToList();
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            var html = File.ReadAllText(file);
            var document = new HtmlParser().ParseDocument(html);
            foreach (var unseen in document.QuerySelectorAll("style,script,title,head").ToList())
                unseen.Remove();
            var clean = SafeHtml.Clean(html, new() { FoldQuotesUnder = null });
            static string Letters(string text) => new([.. text.Where(char.IsLetterOrDigit)]);
            Letters(new HtmlParser().ParseDocument(clean.Html).Body!.TextContent).ShouldBe(Letters(document.DocumentElement.TextContent), file);
            Fault(clean.Html).ShouldBeNull();
        }
    }

    [Fact]
    public void The_viewer_names_where_images_come_from_and_keeps_coloured_mail_on_light_paper()
    {
        var plain = SafeHtml.ViewerDocument(SafeHtml.Clean("<p>x"), "https://desk.example/cases/1?x", ViewerPaper.Dark);
        plain.ShouldContain("default-src 'none'; img-src https://desk.example data:; style-src 'unsafe-inline'; form-action 'none'");
        plain.ShouldContain("<html class=dark>");
        SafeHtml.ViewerDocument(SafeHtml.Clean("<p style=color:red>x"), null, ViewerPaper.Dark).ShouldContain("<html><head>");
        Should.Throw<ArgumentException>(() => SafeHtml.ViewerDocument(SafeHtml.Clean("x"), "x; script-src *", ViewerPaper.Light));
    }

    [Fact]
    public void Speed_of_ordinary_mail()
    {
        var html = string.Concat(Enumerable.Repeat("<tr><td style=\"font-family:Arial,sans-serif;font-size:13px;padding:0 4px\"><a href=\"https://x.example/track?id=123456789\">Some words of a newsletter that is long</a></td></tr>", 350));
        SafeHtml.Clean(html);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
            SafeHtml.Clean(html);
        TestContext.Current.SendDiagnosticMessage($"{html.Length / 1000} kB in {watch.Elapsed.TotalMilliseconds / 20:0.0} ms");
        // A figure to see, and a bound only against a slip of an order of magnitude.
        (watch.Elapsed / 20).ShouldBeLessThan(TimeSpan.FromMilliseconds(400));
    }
}
