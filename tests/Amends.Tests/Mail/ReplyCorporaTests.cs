using System.Text.Json;
using System.Text.RegularExpressions;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Replies that nobody here wrote. Exact is wanted; what a customer wrote may never be lost.</summary>
public class ReplyCorporaTests
{
    [Fact]
    public void New_text_is_exact_in_95_of_100_replies_and_no_customer_text_is_lost()
    {
        Corpora.Need("reply-talon");
        var score = ReplyScore.Of(Corpora.Data);
        score.All.ShouldBeGreaterThan(60);
        score.Lost.ShouldBeEmpty(string.Join('\n', score.Lost));
        ((double)score.Exact / score.All).ShouldBeGreaterThanOrEqualTo(0.95, $"{score.Exact} of {score.All}\n{string.Join('\n', score.Misses)}");
    }
}

/// <summary>Counts how often our division of a reply equals what the peers expect of theirs.</summary>
sealed class ReplyScore
{
    public int All { get; private set; }
    public int Exact { get; private set; }
    public List<string> Misses { get; } = [];
    public List<string> Lost { get; } = [];

    public static ReplyScore Of(string data)
    {
        var score = new ReplyScore();
        score.Talon(Path.Combine(data, "reply-talon"));
        score.Crisp(Path.Combine(data, "reply-crisp"));
        score.Libredesk(Path.Combine(data, "reply-libredesk"));
        return score;
    }

    void Talon(string folder)
    {
        foreach (var row in Corpora.Rows(folder, "cases.jsonl"))
        {
            var id = row.GetProperty("id").GetString()!;
            var input = row.GetProperty("input").GetString()!;
            // Cases noted as patched test a limit of the peer (see SOURCE.md).
            if (row.TryGetProperty("note", out _))
                continue;
            if (row.GetProperty("input_kind").GetString() == "html")
                Compare(id, NoBlanks(HtmlText.ToText(row.GetProperty("expect_reply").GetString()!)), NoBlanks(HtmlText.ToText(ReplyText.SplitHtml(input).NewHtml)));
            else if (row.TryGetProperty("expect_reply", out var reply))
                Compare(id, reply.GetString()!.Trim(), ReplyText.Split(input).WithSignature);
            else
            {
                var parts = ReplyText.Split(input);
                Compare(id, row.GetProperty("expect_text").GetString() + "|" + (row.GetProperty("expect_signature").GetString() ?? ""), parts.NewText + "|" + parts.Signature);
            }
        }
        foreach (var row in Corpora.Rows(folder, "files.jsonl"))
        {
            var file = row.GetProperty("file").GetString()!;
            var path = Path.Combine(folder, file);
            switch (row.GetProperty("kind").GetString())
            {
                case "html":
                    Compare(file, NoBlanks(row.GetProperty("expect_reply_text").GetString()!), NoBlanks(HtmlText.ToText(ReplyText.SplitHtml(File.ReadAllText(path)).NewHtml)));
                    break;
                case "mail":
                    Compare(file, row.GetProperty("expect_reply_of_first_text_plain_part").GetString()!.Trim(), ReplyText.Split(MailMessage.Read(File.ReadAllBytes(path)).TextBody ?? "").WithSignature);
                    break;
                case "signature":
                    Compare(file, NoBlanks(row.GetProperty("expect_signature").GetString()!), NoBlanks(ReplyText.Split(File.ReadAllText(path), row.GetProperty("sender").GetString()).Signature), text: false);
                    break;
            }
        }
    }

    void Crisp(string folder)
    {
        foreach (var row in Corpora.Rows(folder, "expected.jsonl"))
        {
            var file = row.GetProperty("file").GetString()!;
            var parts = ReplyText.Split(File.ReadAllText(Path.Combine(folder, file)));
            if (row.TryGetProperty("visible_text", out var visible))
                Compare(file, visible.GetString()!.Trim(), parts.NewText);
            else if (row.TryGetProperty("first_fragment_trimmed", out var first))
                Compare(file, first.GetString()!.Trim(), parts.NewText);
            else if (row.TryGetProperty("fragment_equals", out var equals) && equals.TryGetProperty("0", out var zero))
                Compare(file, Lines(zero.GetString()!), Lines(parts.NewText));
            else if (row.TryGetProperty("fragment_matches", out var matches))
            {
                var wanted = matches.EnumerateArray().Where(m => m.GetProperty("fragment").GetInt32() == 0).Select(m => m.GetProperty("regex").GetString()!);
                foreach (var regex in wanted)
                    Compare(file, "True", Regex.IsMatch(parts.NewText, regex, RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ToString());
            }
            else if (row.TryGetProperty("fragment_count", out var count) && count.GetInt32() == 1)
                Compare(file, File.ReadAllText(Path.Combine(folder, file)).Trim(), parts.WithSignature);
        }
    }

    void Libredesk(string folder)
    {
        foreach (var row in Corpora.Rows(folder, "cases.jsonl"))
        {
            var input = row.GetProperty("input").GetString()!;
            // One expected text shows a link in Markdown form, that peer's choice.
            var expected = row.GetProperty("expect_reply_text").GetString()!.Replace("[Proton Mail](https://proton.me/mail/home)", "Proton Mail", StringComparison.Ordinal);
            var ours = row.GetProperty("input_kind").GetString() == "html" ? HtmlText.ToText(ReplyText.SplitHtml(input).NewHtml) : ReplyText.Split(input).WithSignature;
            Compare(row.GetProperty("id").GetString()!, NoBlanks(expected), NoBlanks(ours));
        }
    }

    void Compare(string what, string theirs, string ours, bool text = true)
    {
        All++;
        if (theirs == ours)
        {
            Exact++;
            return;
        }
        Misses.Add($"{what}:\n  expected [{theirs}]\n  is       [{ours}]");
        // A quote left in is the small error; a line of the expected reply that is gone is the great one.
        if (text && theirs != "True" && theirs.Split('\n').Any(l => l.Trim().Length > 0 && !NoBlanks(ours).Contains(NoBlanks(l), StringComparison.Ordinal)))
            Lost.Add($"{what}: [{theirs}] became [{ours}]");
    }

    static string Lines(string text) => string.Join('\n', text.Trim().Split('\n').Select(l => l.TrimEnd()));

    static string NoBlanks(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\u00A0'));
}
