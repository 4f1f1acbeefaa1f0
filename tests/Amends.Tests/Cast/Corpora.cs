using Xunit;

namespace Amends.Tests.Cast;

/// <summary>Public test data that lies beside the repository and is no part of it. Where it is absent, the test says so and is skipped.</summary>
static class Corpora
{
    /// <summary><c>AMENDS_TEST_DATA</c>, or the nearest <c>shared/data</c> beside a folder above the repository.</summary>
    static string? Root { get; } = Find();

    /// <summary>The path of a file or folder of the corpora; skips the running test where it is absent.</summary>
    public static string Need(params string[] parts)
    {
        var path = Root is null ? null : Path.Combine([Root, .. parts]);
        Assert.SkipUnless(path is not null && (File.Exists(path) || Directory.Exists(path)), "corpora not present");
        return path!;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("AMENDS_TEST_DATA") is { Length: > 0 } told)
            return told;
        for (var folder = new DirectoryInfo(RepoRoot.Path).Parent; folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(path))
                return path;
        }
        return null;
    }
}
