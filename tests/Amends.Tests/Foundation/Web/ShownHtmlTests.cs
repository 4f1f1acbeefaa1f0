using System.Text.Encodings.Web;
using Amends.Foundation.Web;
using Amends.Tests.Cases;
using Amends.Tests.Cast;
using AngleSharp.Html.Parser;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation.Web;

public class ShownHtmlTests
{
    [Fact]
    public void Only_the_control_characters_of_Windows_differ_from_the_frameworks_rule()
    {
        var ours = new ShownHtml();
        for (var c = 0; c < 0x10000; c++)
        {
            var text = $"a{(char)c}b";
            var shown = ours.Encode(text);
            if (c is >= 0x80 and <= 0x9F) shown.ShouldBe(text);
            else shown.ShouldBe(HtmlEncoder.Default.Encode(text));
        }
        ours.Encode("<script>\u0085\"'&\U0001F600").ShouldBe(HtmlEncoder.Default.Encode("<script>") + "\u0085" + HtmlEncoder.Default.Encode("\"'&\U0001F600"));
    }

    [Fact]
    public async Task A_page_shows_them_as_they_are()
    {
        await using var cast = await DeskCast.Open(On.Sqlite);
        const string subject = "Cost: \u0080 5 \u0099 <b>";
        var one = await cast.Case(subject);
        var page = (await cast.Get($"/cases/{one.Number}")).Text;
        page.ShouldNotContain("&#x80;", Case.Insensitive);
        new HtmlParser().ParseDocument(page).QuerySelector(".case-head h1")!.TextContent.ShouldBe(subject);
    }
}
