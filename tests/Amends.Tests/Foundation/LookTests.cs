using System.Text.RegularExpressions;
using Amends.Foundation.Web;
using Xunit;

namespace Amends.Tests.Foundation;

/// <summary>What the browser is given: sizes that a slow phone can carry, and only names that exist.</summary>
public class LookTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Web = Path.Combine(Root, "src", "Amends", "wwwroot");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Amends.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from inside the source tree.");
    }

    [Fact]
    public void The_one_script_stays_small() => Assert.InRange(new FileInfo(Path.Combine(Web, "app.js")).Length, 1_000, 40_000);

    [Fact]
    public void The_script_knows_no_eval() =>
        Assert.DoesNotMatch(new Regex(@"\beval\s*\(|new\s+Function|\.innerHTML\s*=|insertAdjacentHTML|document\.write", RegexOptions.NonBacktracking), File.ReadAllText(Path.Combine(Web, "app.js")));

    [Fact]
    public void Style_sheets_have_no_side_that_would_be_wrong_from_right_to_left()
    {
        // Physical sides break right-to-left; gradients and the drawing of arrows name their own sides.
        var physical = new Regex(@"[;{\s](margin|padding|border)-(left|right)\s*:|[;{]\s*(left|right)\s*:|text-align\s*:\s*(left|right)|float\s*:", RegexOptions.NonBacktracking);
        foreach (var sheet in Directory.EnumerateFiles(Web, "*.css"))
        {
            Assert.DoesNotMatch(physical, File.ReadAllText(sheet));
        }
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere()
    {
        foreach (var file in Directory.EnumerateFiles(Web).Where(f => f.EndsWith(".css", StringComparison.Ordinal) || f.EndsWith(".js", StringComparison.Ordinal)))
        {
            Assert.DoesNotMatch(new Regex(@"https?://|url\((?!/)", RegexOptions.None, TimeSpan.FromSeconds(5)), File.ReadAllText(file));
        }
    }

    [Fact]
    public void Every_icon_a_view_names_is_drawn()
    {
        var used = new Regex("<Icon Model=\"(?<name>[a-z]+)\"", RegexOptions.NonBacktracking);
        var views = Directory.EnumerateFiles(Path.Combine(Root, "src", "Amends"), "*.razor", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "docs", "decisions", "0002-look.md"));
        var names = views.SelectMany(f => used.Matches(File.ReadAllText(f))).Select(m => m.Groups["name"].Value).Distinct().ToList();
        Assert.NotEmpty(names);
        Assert.Empty(names.Except(IconShapes.Names));
    }

    [Fact]
    public void An_icon_that_does_not_exist_is_a_slip_that_shows() => Assert.Throws<ArgumentException>(() => IconShapes.Of("unicorn"));
}
