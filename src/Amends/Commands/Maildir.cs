using System.Globalization;
using Amends.Mail;

namespace Amends.Commands;

/// <summary>
/// The messages of a Maildir: files in <c>new</c> and <c>cur</c>, those in <c>tmp</c> are not there yet. Subfolders lie beside them as <c>.Name.Sub</c> (Maildir++) or as folders of their own. It
/// may be in use: a file that is renamed meanwhile, because somebody has read it, is found by the part of its name that stays.
/// </summary>
static class Maildir
{
    // No mail of customers to us, by the usual names; matched by any level of the name.
    static readonly HashSet<string> NotIncoming = new(StringComparer.OrdinalIgnoreCase)
    {
        "Drafts", "Templates", "Outbox", "Sent", "Sent Items", "Sent Messages", "Trash", "Deleted Items", "Deleted Messages", "Junk", "Junk E-mail", "Spam",
        "Entwürfe", "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Papierkorb", "Gelöschte Elemente", "Gelöschte Objekte"
    };

    static readonly EnumerationOptions Plain = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The folders that are read, and the names of those that are left out. A folder that was named itself is always read.</summary>
    public static (IReadOnlyList<string> Taken, IReadOnlyList<string> LeftOut) Folders(string root)
    {
        var (taken, left) = (new List<string>(), new List<string>());
        void Look(string folder, string name, int depth)
        {
            if (IsOwn(Path.Combine(folder, "cur")) && IsOwn(Path.Combine(folder, "new")))
            {
                if (name.Split('.', '/').Any(NotIncoming.Contains)) left.Add(name);
                else taken.Add(folder);
            }
            if (depth >= 20) return;
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", Plain).Order(StringComparer.Ordinal))
            {
                var own = Path.GetFileName(inner);
                if (own is not ("cur" or "new" or "tmp")) Look(inner, name.Length == 0 ? ImapNames.Decode(own.TrimStart('.')) : $"{name}/{ImapNames.Decode(own.TrimStart('.'))}", depth + 1);
            }
        }
        if (Directory.Exists(root)) Look(root, "", 0);
        return (taken, left);
    }

    // A link leads to another folder's mail, or out of the Maildir.
    static bool IsOwn(string part) => new DirectoryInfo(part) is { Exists: true, LinkTarget: null };

    /// <summary>The messages of one folder in the order in which they came, without drafts and those marked as deleted.</summary>
    public static IEnumerable<string> Files(string folder) => ((string[])["new", "cur"]).SelectMany(part => Directory.EnumerateFiles(Path.Combine(folder, part), "*", Plain))
        .Where(file => !Path.GetFileName(file).StartsWith('.') && Flags(Path.GetFileName(file)).IndexOfAny(['D', 'T']) < 0).OrderBy(file => Came(Path.GetFileName(file))).ThenBy(Path.GetFileName, StringComparer.Ordinal);

    /// <summary>Its size; 0 where it is gone.</summary>
    public static long Length(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;

    /// <summary>All messages, each with the bytes that were read so far.</summary>
    public static IEnumerable<(byte[] Mail, long Read)> Mails(string root)
    {
        long read = 0;
        foreach (var folder in Folders(root).Taken)
            foreach (var file in Files(folder).ToList())
            {
                if (Bytes(folder, file) is not { } mail) continue;
                read += mail.Length;
                yield return (mail, read);
            }
    }

    static byte[]? Bytes(string folder, string file)
    {
        try { return File.ReadAllBytes(file); }
        catch (FileNotFoundException)
        {
            var stays = Unique(Path.GetFileName(file));
            return Directory.EnumerateFiles(Path.Combine(folder, "cur"), "*", Plain).FirstOrDefault(other => Unique(Path.GetFileName(other)) == stays) is { } renamed ? File.ReadAllBytes(renamed) : null;
        }
    }

    // "1700000000.M1P2.host,S=123:2,RS": a time, what makes it unique, and the flags; where ":" may not stand in a name, ";" or "!".
    static int InfoAt(string name) => name.LastIndexOf("2,", StringComparison.Ordinal) is > 0 and var at && (name[at - 1] is ':' or ';' or '!') ? at - 1 : -1;

    static string Unique(string name) => InfoAt(name) is >= 0 and var at ? name[..at] : name;

    static string Flags(string name) => InfoAt(name) is >= 0 and var at ? name[(at + 3)..] : "";

    static long Came(string name) => long.TryParse(name.AsSpan(0, Math.Max(0, name.AsSpan().IndexOfAnyExceptInRange('0', '9'))), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : long.MaxValue;
}
