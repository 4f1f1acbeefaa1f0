using System.Text;
using Amends.Commands;
using Amends.Contacts;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

public class MaildirTests
{
    static void Lay(string root, string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    // As Dovecot leaves it: Maildir++ beside folders of their own, flags, sizes, its own files, and what is not there yet.
    static string Make(Scratch scratch)
    {
        var root = scratch.Under("Maildir");
        void Folder(string name)
        {
            foreach (var part in new[] { "cur", "new", "tmp" }) Directory.CreateDirectory(Path.Combine(root, name, part));
        }
        foreach (var name in new[] { "", ".Archive.2024", ".Sent", ".Entw&APw-rfe", ".Work.Trash", "Projects", "Projects/Junk" }) Folder(name);
        Lay(root, "dovecot-uidlist", "3 V1 N2");
        Lay(root, "new/1700000300.M3P1.host", "third");
        Lay(root, "cur/1700000100.M1P1.host,S=5:2,RS", "first");
        Lay(root, "cur/1700000200.M2P1.host;2,", "second");
        Lay(root, "cur/1700000150.M9P1.host:2,ST", "marked as deleted");
        Lay(root, "cur/1700000151.M9P1.host:2,D", "a draft");
        Lay(root, "cur/no-time-at-all", "last, for nobody knows when");
        Lay(root, "cur/.nfs001", "not a message");
        Lay(root, "tmp/1700000001.M1P1.host", "not there yet");
        Lay(root, ".Archive.2024/cur/1600000000.M1P1.host:2,S", "archived");
        Lay(root, ".Sent/cur/1600000001.M1P1.host:2,S", "sent");
        Lay(root, ".Work.Trash/new/1600000002.M1P1.host", "thrown away");
        Lay(root, "Projects/new/1600000003.M1P1.host", "project");
        Lay(root, "Projects/Junk/new/1600000004.M1P1.host", "junk");
        return root;
    }

    [Fact]
    public void Each_message_that_came_in_is_read_once_in_order_and_the_rest_is_told()
    {
        using var scratch = new Scratch();
        var root = Make(scratch);
        Maildir.Mails(root).Select(one => Encoding.UTF8.GetString(one.Mail)).ShouldBe(["first", "second", "third", "last, for nobody knows when", "archived", "project"]);
        Maildir.Folders(root).LeftOut.ShouldBe(["Entwürfe", "Sent", "Work.Trash", "Projects/Junk"]);
        // Named itself it is taken.
        Maildir.Mails(Path.Combine(root, ".Sent")).ShouldHaveSingleItem();
        Maildir.Folders(scratch.Path).Taken.Count.ShouldBe(3, "a folder above it will do");
        Maildir.Folders(Path.Combine(root, "cur")).Taken.ShouldBeEmpty();
        // A link that leads round in a circle is not followed.
        Directory.CreateSymbolicLink(Path.Combine(root, ".Loop"), root);
        Maildir.Mails(root).Count().ShouldBe(6);
        // Nor one that stands in the place of a folder's messages.
        foreach (var (part, other) in new[] { ("cur", "new"), ("new", "cur") })
        {
            var odd = Path.Combine(root, ".Odd" + part);
            Directory.CreateDirectory(Path.Combine(odd, other));
            Directory.CreateSymbolicLink(Path.Combine(odd, part), Path.Combine(root, ".Sent", "cur"));
        }
        Maildir.Mails(root).Count().ShouldBe(6);
    }

    [Fact]
    public void A_message_that_is_read_by_somebody_meanwhile_is_still_found()
    {
        using var scratch = new Scratch();
        var root = Make(scratch);
        var said = new List<string>();
        foreach (var (mail, _) in Maildir.Mails(root))
        {
            if (said.Count == 0)
            {
                File.Move(Path.Combine(root, "new", "1700000300.M3P1.host"), Path.Combine(root, "cur", "1700000300.M3P1.host:2,S"));
                File.Delete(Path.Combine(root, "cur", "1700000200.M2P1.host;2,"));
            }
            said.Add(Encoding.UTF8.GetString(mail));
        }
        said.ShouldBe(["first", "third", "last, for nobody knows when", "archived", "project"]);
    }

    [Fact]
    public async Task The_command_takes_it_once_however_often_it_is_begun()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        await KilledTests.Prepare(data);
        var root = scratch.Under("Maildir");
        foreach (var part in new[] { "cur", "new", "tmp" }) Directory.CreateDirectory(Path.Combine(root, part));
        for (var n = 0; n < 90; n++) File.WriteAllBytes(Path.Combine(root, n % 2 == 0 ? "cur" : "new", $"17000{n:00000}.M1P1.host{(n % 2 == 0 ? ":2,S" : "")}"), Amends.Tests.Contacts.Email.MailStand.Mail(n));
        string[] words = ["import", "maildir", root, "--mailbox", "service@amends.example", "--data", data];
        // Broken off somewhere, then begun again, then once more.
        await using (var first = RealProgram.Begin(words))
        {
            for (var i = 0; i < 400 && !first.HasEnded && first.Said.Length == 0; i++) await Task.Delay(25);
            await first.Kill();
        }
        var (code, said, failed) = await RealProgram.Run(words);
        code.ShouldBe(0, failed);
        (code, said, failed) = await RealProgram.Run(words);
        code.ShouldBe(0, failed);
        said.ShouldContain("0 messages stored, 90 were here already.");
        await using (var house = await TestHouse.OpenAt(data, null, stays: true))
        {
            using var db = house.Databases.Open();
            (await db.Set<Delivery>().CountAsync()).ShouldBe(90);
        }
        (code, _, failed) = await RealProgram.Run("import", "maildir", scratch.Path + "/data/blobs", "--mailbox", "service@amends.example", "--data", data);
        (code, failed.Contains("is no Maildir", StringComparison.Ordinal)).ShouldBe((1, true), failed);
    }
}
