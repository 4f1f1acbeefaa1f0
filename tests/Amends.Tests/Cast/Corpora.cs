using Xunit;

namespace Amends.Tests.Cast;

/// <summary>Public test data that lies beside the repository and is no part of it. Where it is absent, the test says so and is skipped.</summary>
static class Corpora
{
    /// <summary><c>AMENDS_TEST_DATA</c>, or the nearest <c>shared/data</c> beside a folder above the repository.</summary>
    static string? Root { get; } = FindRoot();

    /// <summary>The path of a file or folder of the corpora; skips the running test where it is absent.</summary>
    public static string Need(params string[] parts)
    {
        Assert.SkipUnless(Find(parts) is not null, "corpora not present");
        return Find(parts)!;
    }

    /// <summary>The path of a file or folder of the corpora, or null where it is absent: for a test that can do without.</summary>
    public static string? Find(params string[] parts) => Root is not null && Path.Combine([Root, .. parts]) is var path && (File.Exists(path) || Directory.Exists(path)) ? path : null;

    static string? FindRoot()
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
