using System.Diagnostics;
using Amends.Contacts;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

public class LightMarkdownTests
{
    const string Away = " rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

    [Theory]
    [InlineData("Hello *Ann*,\nthe **pump** is ~~broken~~ fixed.", "<p>Hello <em>Ann</em>,<br>\nthe <strong>pump</strong> is <del>broken</del> fixed.</p>")]
    [InlineData("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>")]
    [InlineData("3. one\n4. two", "<ol start=\"3\">\n<li>one</li>\n<li>two</li>\n</ol>")]
    [InlineData("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>")]
    [InlineData("`a < b`", "<p><code>a &lt; b</code></p>")]
    [InlineData("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>")]
    [InlineData("[our page](https://x.example/a?b=1&c=2)", "<p><a href=\"https://x.example/a?b=1&amp;c=2\"" + Away + ">our page</a></p>")]
    [InlineData("See https://x.example/a.", "<p>See <a href=\"https://x.example/a\"" + Away + ">https://x.example/a</a>.</p>")]
    [InlineData("1 < 2 & <b>bold</b>", "<p>1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;</p>")]
    [InlineData("", "")]
    public void What_colleagues_write_is_shown_as_they_mean_it(string text, string html) => LightMarkdown.ToHtml(text).ShouldBe(html);

    [Fact]
    public void Pasted_pictures_of_ours_are_shown_and_no_others()
    {
        static string? Ours(string address) => address == "/files/7" ? "/files/7?signed" : null;
        LightMarkdown.ToHtml("![plan](/files/7)", Ours).ShouldBe("<p><img src=\"/files/7?signed\" alt=\"plan\"></p>");
        LightMarkdown.ToHtml("![plan](/files/8) ![x](https://x.example/p.gif)", Ours).ShouldBe("<p>plan x</p>");
    }

    [Theory]
    [InlineData("Hello *Ann*,\nthe **pump** is fixed.", "Hello Ann,\nthe pump is fixed.")]
    [InlineData("- one\n- two\n\n1. a\n2. b", "- one\n- two\n\n1. a\n2. b")]
    [InlineData("> quoted\n> more\n\nanswer", "> quoted\n> more\n\nanswer")]
    [InlineData("[our page](https://x.example) and https://y.example and <a@x.example>", "our page <https://x.example> and https://y.example and a@x.example")]
    [InlineData("# Title\n\n`code` &amp; <b>", "Title\n\ncode & <b>")]
    [InlineData("```\n a\nb\n```", "     a\n    b")]
    [InlineData("see ![plan](/files/7)", "see plan")]
    public void The_text_part_of_a_mail_reads_like_a_letter(string text, string plain) => LightMarkdown.ToPlainText(text).ShouldBe(plain.Trim());

    static readonly string[] Tricks =
    [
        "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java\tscript:alert(1))", "[a](&#106;avascript:alert(1))", "[a](data:text/html,<script>alert(1)</script>)",
        "[a](vbscript:x)", "<javascript:alert(1)>", "[a]: javascript:alert(1)\n\n[a]", "![a](javascript:alert(1))", "![](//canary.example/p.gif)", "![](https://canary.example/p.gif)",
        "![a][b]\n\n[b]: https://canary.example/p.gif", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[a](https://x.example \"onmouseover=alert(1) x='\")", "[a](https://x.example\" onclick=\"alert(1))", "[<img src=x onerror=alert(1)>](https://x.example)", "`<script>`",
        "```\n</code></pre><script>alert(1)</script>\n```", "```\" onclick=\"alert(1)\nx\n```", "https://x.example/\"onmouseover=\"alert(1)", "https://x.example/<script>alert(1)</script>",
        "www.x.example/'\"><img src=x onerror=alert(1)>", "<https://x.example/\"><script>alert(1)</script>>", "[a](file:///etc/passwd)", "[a](/cases/1/delete)", "[a](//x.example)",
        "<!-- <script>alert(1)</script> -->", "<?php x ?>", "<![CDATA[<script>alert(1)</script>]]>", "***<b onclick=x>***", "| a | b |\n|--|--|\n| <script> | x |", "\\<script>alert(1)\\</script>",
        "[a](<javascript:alert(1)>)", "{onclick=alert(1)}", "# x {onclick=alert(1)}", "[x](http:javascript:alert(1))", "mailto:a@x.example?\"onclick=x",
    ];

    [Fact]
    public void A05_no_markdown_becomes_active()
    {
        Tricks.Length.ShouldBeGreaterThanOrEqualTo(40);
        foreach (var text in Tricks.Concat(Tricks.Select(trick => "> - " + trick)).Concat(HostileHtml.All()))
        {
            var html = LightMarkdown.ToHtml(text);
            var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument("<body>" + html);
            foreach (var element in document.Body!.QuerySelectorAll("*"))
            {
                "p em strong del code pre ul ol li blockquote a br h1 h2 h3 h4 h5 h6 hr".Split(' ').ShouldContain(element.LocalName, text);
                foreach (var attribute in element.Attributes)
                {
                    new[] { "href", "rel", "target", "title", "start" }.ShouldContain(attribute.Name, text);
                    if (attribute.Name == "href")
                        new Uri(attribute.Value).Scheme.ShouldBeOneOf("http", "https", "mailto", "tel");
                }
            }
            LightMarkdown.ToPlainText(text).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData("quotes", ">", 100_000)]
    [InlineData("quotes on lines", "> \n>> ", 20_000)]
    [InlineData("brackets", "[", 100_000)]
    [InlineData("picture brackets", "![", 50_000)]
    [InlineData("links in links", "[a](", 40_000)]
    [InlineData("stars", "*a ", 50_000)]
    [InlineData("stars without end", "*", 100_000)]
    [InlineData("mixed emphasis", "*a **b ", 25_000)]
    [InlineData("backticks", "`a``b", 40_000)]
    [InlineData("lists", "- ", 50_000)]
    [InlineData("list lines, deeper and deeper", "\n  - x", 20_000)]
    [InlineData("angles", "<", 100_000)]
    [InlineData("ampersands", "&", 100_000)]
    [InlineData("definitions", "[a]: b\n", 20_000)]
    [InlineData("addresses", "http://a", 20_000)]
    [InlineData("mail addresses", "<a@", 50_000)]
    [InlineData("underscores", "_a__b_", 30_000)]
    [InlineData("tildes", "~~a", 60_000)]
    public void A05_deep_and_endless_markdown_is_answered_in_time(string what, string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));
        var watch = Stopwatch.StartNew();
        LightMarkdown.ToHtml(text).ShouldNotBeNull();
        LightMarkdown.ToPlainText(text).ShouldNotBeNull();
        TestContext.Current.SendDiagnosticMessage($"{what}: {text.Length / 1000} kB in {watch.ElapsedMilliseconds} ms");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), what);
    }

    [Fact]
    public void A05_lists_that_indent_for_ever_are_answered_in_time()
    {
        var text = string.Concat(Enumerable.Range(0, 600).Select(i => new string(' ', 2 * i)[..Math.Min(2 * i, 300)] + "- x\n"));
        var watch = Stopwatch.StartNew();
        LightMarkdown.ToHtml(text).ShouldContain("x");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }
}
