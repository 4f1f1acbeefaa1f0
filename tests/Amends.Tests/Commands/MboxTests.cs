using System.Text;
using Amends.Commands;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

public class MboxTests
{
    [Theory, InlineData("\n"), InlineData("\r\n")]
    public void Messages_are_cut_at_From_lines_after_an_empty_one_and_unquoted(string end)
    {
        using var scratch = new Scratch();
        string[] lines = ["From a@b Sat Nov 21 10:00:00 2026", "Subject: One", "", "Hello", ">From here on", ">>From there", "From within a paragraph", "", "From c@d Sat Nov 21 10:01:00 2026", "Subject: Two", "", "Bye"];
        File.WriteAllText(scratch.Under("box"), string.Join(end, lines) + end);
        var mails = ImportCommand.Mbox(scratch.Under("box")).Select(one => Encoding.UTF8.GetString(one.Mail)).ToList();
        mails.ShouldBe([string.Join(end, "Subject: One", "", "Hello", "From here on", ">From there", "From within a paragraph", ""), string.Join(end, "Subject: Two", "", "Bye", "")]);
    }

    [Fact]
    public void An_empty_file_has_no_messages()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch.Under("box"), "");
        ImportCommand.Mbox(scratch.Under("box")).ShouldBeEmpty();
    }
}
