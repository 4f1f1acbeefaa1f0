namespace Amends.Tests.Cast;

/// <summary>The folder that holds Amends.slnx, found by walking up from the test program.</summary>
static class RepoRoot
{
    /// <summary>Full path, without a separator at its end.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path below the root: <c>RepoRoot.Under("src", "Amends")</c>.</summary>
    public static string Under(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Amends.slnx")))
                return folder.FullName;
        throw new DirectoryNotFoundException("The tests must run from inside the repository: no Amends.slnx above " + AppContext.BaseDirectory);
    }
}
