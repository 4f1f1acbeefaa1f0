using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Architecture;

/// <summary>What the documents name is there.</summary>
public class DocumentsTests
{
    static IEnumerable<(string Name, string Text)> All() =>
        Directory.GetFiles(RepoRoot.Path, "*.md").Concat(Directory.GetFiles(RepoRoot.Under("docs"), "*.md", SearchOption.AllDirectories)).Select(file => (Path.GetRelativePath(RepoRoot.Path, file), File.ReadAllText(file)));

    static IEnumerable<string> Between(string text, string open, char close)
    {
        for (var at = text.IndexOf(open, StringComparison.Ordinal); at >= 0; at = text.IndexOf(open, at + 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf(close, at + open.Length);
            if (end > 0 && !text[at..end].Contains('\n', StringComparison.Ordinal)) yield return text[(at + open.Length)..end];
        }
    }

    [Fact]
    public void Their_links_lead_somewhere()
    {
        var broken = from document in All()
                     from link in Between(document.Text, "](", ')')
                     where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#') && link.Any(char.IsAsciiLetter)
                     let target = Path.Combine(RepoRoot.Path, Path.GetDirectoryName(document.Name)!, link.Split('#')[0])
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{document.Name}: {link}";
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Paths_that_they_name_exist()
    {
        string[] roots = ["src/", "docs/", "tests/", "tools/", "bench/"];
        var missing = from document in All()
                      from path in Between(document.Text, "`", '`')
                      where roots.Any(root => path.StartsWith(root, StringComparison.Ordinal)) && !path.Contains(' ', StringComparison.Ordinal) && path.All(c => c is not ('{' or '*' or '<'))
                      where !File.Exists(RepoRoot.Under(path.Split('/'))) && !Directory.Exists(RepoRoot.Under(path.Split('/')))
                      select $"{document.Name}: {path}";
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void The_roadmap_has_each_row_once()
    {
        var rows = File.ReadLines(RepoRoot.Under("docs", "roadmap.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()).Where(row => row.Length is 2 or 3 && char.IsAsciiDigit(row[^1])).ToList();
        string[] asked = [.. new[] { ("A", 19), ("B", 10), ("C", 13), ("D", 13), ("E", 8) }.SelectMany(part => Enumerable.Range(1, part.Item2).Select(n => part.Item1 + n))];
        rows.ShouldBe(asked);
    }

    [Fact]
    public void Pictures_are_small_and_each_is_shown_somewhere()
    {
        var texts = All().ToList();
        foreach (var picture in Directory.GetFiles(RepoRoot.Under("docs", "pictures")))
        {
            new FileInfo(picture).Length.ShouldBeLessThan(300_000, picture);
            texts.Exists(t => t.Text.Contains(Path.GetFileName(picture), StringComparison.Ordinal)).ShouldBeTrue(picture);
        }
    }
}
