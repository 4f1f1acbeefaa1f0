using System.Text.Json;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Real mails that nobody here wrote, read where they lie beside the repository.</summary>
static class Corpora
{
    public static string Root { get; } = FindRoot();

    public static string Data { get; } = Path.Combine(Root, "..", "shared", "data");

    static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Amends.slnx")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("Amends.slnx not found above the test program.");
    }

    public static string Need(string set)
    {
        var folder = Path.Combine(Data, set);
        Assert.SkipUnless(Directory.Exists(folder), "corpora not present");
        return folder;
    }

    public static IEnumerable<JsonElement> Rows(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement);

    public static IEnumerable<string> MailFiles()
    {
        foreach (var set in new[] { "mail-ruby", "mail-rt", "mail-mimekit", "mail-freescout", "mail-libredesk", "arc-validation" })
        {
            var folder = Path.Combine(Data, set, "files");
            if (Directory.Exists(folder))
            {
                foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                    yield return file;
            }
        }
    }
}
