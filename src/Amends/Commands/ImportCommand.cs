using System.CommandLine;
using System.Text;
using System.Text.Json;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Amends.Commands;

/// <summary><c>amends import eml|mbox|maildir PATH --mailbox ADDRESS</c>. The bytes go to the house some at a time; what it has already is not stored again, so a broken-off import is simply begun again.</summary>
static class ImportCommand
{
    public const string Some = "import";
    const int MostMails = 40, MostBytes = 4 * 1024 * 1024;

    sealed record Asked(string Mailbox, List<byte[]> Mails);
    sealed record Taken(int Stored, int Known, int TooLarge);

    public static Command Command(TimeProvider clock) => new("import", Words.ImportSays)
    {
        One("eml", Words.ImportEmlSays, clock, Eml, path => File.Exists(path) ? new FileInfo(path).Length : Files(path).Sum(file => new FileInfo(file).Length)),
        One("mbox", Words.ImportMboxSays, clock, Mbox, path => new FileInfo(path).Length),
        One("maildir", Words.ImportMaildirSays, clock, path => Maildir.Mails(path), path => Maildir.Folders(path).Taken.Sum(folder => Maildir.Files(folder).Sum(file => Maildir.Length(file)))),
    };

    static Command One(string name, string says, TimeProvider clock, Func<string, IEnumerable<(byte[] Mail, long Read)>> read, Func<string, long> size)
    {
        var place = new PlaceOptions();
        var path = new Argument<string>("PATH") { Description = Words.ImportPath };
        var mailbox = new Option<string>("--mailbox") { Description = Words.MailboxOption, HelpName = "ADDRESS", Required = true };
        var command = place.On(new Command(name, says) { path, mailbox });
        command.SetAction(async (parsed, stop) =>
        {
            var from = Path.GetFullPath(parsed.GetRequiredValue(path));
            if (name == "mbox" ? !File.Exists(from) : !Path.Exists(from)) throw new Trouble(Sentences.Say(Words.FileMissing, from));
            if (name == "maildir" && Maildir.Folders(from) is { Taken.Count: 0, LeftOut.Count: 0 }) throw new Trouble(Sentences.Say(Words.NoMaildir, from));
            if (name == "mbox" && !StartsAsMbox(from)) throw new Trouble(Sentences.Say(Words.NoMbox, from));
            var total = Math.Max(1, size(from));
            await using var house = await LineClient.Open(place.Of(parsed), clock);
            var to = parsed.GetRequiredValue(mailbox);
            var sum = await Bars.Show(async tell =>
            {
                var sum = new Taken(0, 0, 0);
                var some = new List<byte[]>();
                long done = 0, waiting = 0;
                async Task Send()
                {
                    var taken = await house.Ask<Taken>(Some, new Asked(to, some), stop: stop);
                    sum = new Taken(sum.Stored + taken.Stored, sum.Known + taken.Known, sum.TooLarge + taken.TooLarge);
                    tell(new LineProgress((double)done / total, Sentences.Say(Words.ImportSoFar, sum.Stored + sum.Known)));
                    (some, waiting) = ([], 0);
                }
                // An empty call first: a wrong mailbox is said before anything is read.
                await Send();
                foreach (var (mail, soFar) in read(from))
                {
                    some.Add(mail);
                    (done, waiting) = (soFar, waiting + mail.Length);
                    if (some.Count >= MostMails || waiting > MostBytes) await Send();
                }
                if (some.Count > 0) await Send();
                return sum;
            });
            Console.WriteLine(Sentences.Say(Words.ImportDone, sum.Stored, sum.Known));
            if (sum.TooLarge > 0) Console.WriteLine(Sentences.Say(Words.ImportTooLarge, sum.TooLarge, MailboxImport.Largest / (1024 * 1024)));
            if (name == "maildir" && Maildir.Folders(from).LeftOut is { Count: > 0 } left) Console.WriteLine(Sentences.Say(Words.MaildirLeftOut, string.Join(", ", left)));
            if (!house.ByServer && sum.Stored > 0) Console.WriteLine(Words.ImportLater);
            return 0;
        });
        return command;
    }

    public static async Task<object> Do(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop)
    {
        var asked = with.Deserialize<Asked>(LineCalls.Json)!;
        var address = asked.Mailbox.Trim().ToLowerInvariant();
        List<Mailbox> all;
        using (var db = services.GetRequiredService<Databases>().Open()) all = await db.Set<Mailbox>().Where(m => !m.Retired).OrderBy(m => m.Address).ToListAsync(stop);
        var box = all.Find(m => m.Address == address) ?? throw new Trouble(all.Count == 0 ? Words.NoMailboxes : Sentences.Say(Words.NoMailbox, asked.Mailbox, string.Join(", ", all.Select(m => m.Address))));
        var import = services.GetRequiredService<MailboxImport>();
        int stored = 0, known = 0, large = 0;
        foreach (var mail in asked.Mails)
        {
            try
            {
                var taken = await import.Take(Actor.System("import"), box.Id, new MemoryStream(mail, writable: false), null, null, MailboxImport.Imported, stop);
                if (taken.Known) known++;
                else stored++;
            }
            catch (TooLarge) { large++; }
        }
        return new Taken(stored, known, large);
    }

    static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    static IEnumerable<(byte[], long)> Eml(string path)
    {
        long read = 0;
        foreach (var file in File.Exists(path) ? [path] : Files(path))
        {
            var mail = File.ReadAllBytes(file);
            read += mail.Length;
            yield return (mail, read);
        }
    }

    static bool StartsAsMbox(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> first = stackalloc byte[5];
        return file.ReadAtLeast(first, 5, throwOnEndOfStream: false) == 0 || first.SequenceEqual("From "u8);
    }

    /// <summary>The messages of an mbox file: each begins with a line “From …” after an empty one; “&gt;From ” within is unquoted (mboxrd, RFC 4155 and qmail's mbox(5)).</summary>
    internal static IEnumerable<(byte[] Mail, long Read)> Mbox(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var mail = new MemoryStream();
        var line = new MemoryStream();
        var (inside, blank) = (false, true);
        long read = 0;
        while (true)
        {
            line.SetLength(0);
            int b;
            while ((b = file.ReadByte()) >= 0)
            {
                line.WriteByte((byte)b);
                if (b == '\n') break;
            }
            read += line.Length;
            var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
            if (bytes.Length == 0) break;
            if (blank && bytes.StartsWith("From "u8))
            {
                if (inside && mail.Length > 0) yield return (Whole(mail), read - line.Length);
                mail = new MemoryStream();
                (inside, blank) = (true, false);
                continue;
            }
            blank = bytes.SequenceEqual("\n"u8) || bytes.SequenceEqual("\r\n"u8);
            var quoted = bytes.IndexOfAnyExcept((byte)'>');
            mail.Write(quoted > 0 && bytes[quoted..].StartsWith("From "u8) ? bytes[1..] : bytes);
        }
        if (inside && mail.Length > 0) yield return (Whole(mail), read);
    }

    // The empty line before the next message belongs to the file, not to the message.
    static byte[] Whole(MemoryStream mail)
    {
        var bytes = mail.ToArray();
        if (bytes.AsSpan().EndsWith("\r\n\r\n"u8)) return bytes[..^2];
        return bytes.AsSpan().EndsWith("\n\n"u8) ? bytes[..^1] : bytes;
    }
}
