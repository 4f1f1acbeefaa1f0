using System.Text.Json;
using System.Text.RegularExpressions;
using Amends.Mail;

namespace Amends.Bench;

/// <summary>Counts how often our division of a reply equals what is expected of it, and how often text of the customer is gone (the rows are described in the SOURCE.md of each set).</summary>
static class RepliesBench
{
    sealed class Score
    {
        public int All, Exact, Lost, Left;

        public void Compare(string what, string theirs, string ours, bool text = true)
        {
            All++;
            if (theirs == ours)
            {
                Exact++;
                return;
            }
            Console.Error.WriteLine($"not exact: {what}");
            // A quote left in is the small error; a line of the expected reply that is gone is the great one.
            if (!text)
                return;
            if (theirs.Split('\n').Any(l => l.Trim().Length > 0 && !NoBlanks(ours).Contains(NoBlanks(l), StringComparison.Ordinal)))
            {
                Lost++;
                Console.Error.WriteLine($"  LOST: [{theirs}] became [{ours}]");
            }
            else
                Left++;
        }
    }

    /// <summary>"reply PATH [--json]": all rows of all lists under PATH. 0 when the bars hold, 1 when one does not, 2 for a wrong call.</summary>
    public static int Run(Asked asked)
    {
        if (asked.Words is not [var path, ..] || !Directory.Exists(path))
        {
            Console.Error.WriteLine("reply PATH [--json]: PATH is a folder of replies.");
            return 2;
        }
        var score = new Score();
        foreach (var (row, folder) in Rows.Under(path))
            Row(score, row, folder);
        var figures = new Figures("reply", Path.GetFileName(Path.GetFullPath(path).TrimEnd('/')), asked.Json);
        figures.Say("replies compared", score.All, "replies", 1, atLeast: true);
        figures.Say("new text exact", score.All == 0 ? 0 : 100.0 * score.Exact / score.All, "%", 95, atLeast: true);
        figures.Say("customer text lost", score.Lost, "replies", 0);
        figures.Say("quote left in", score.Left, "replies");
        return figures.End();
    }

    static void Row(Score score, JsonElement row, string folder)
    {
        if (Text(row, "input") is { } input)
        {
            // Rows with a note test a limit of the peer they come from.
            if (row.TryGetProperty("note", out _))
                return;
            var id = Text(row, "id") ?? "?";
            var html = Text(row, "input_kind") == "html";
            if (Text(row, "expect_reply_text") is { } plain)
                // One expected text shows a link in Markdown form, that peer's choice.
                score.Compare(id, NoBlanks(plain.Replace("[Proton Mail](https://proton.me/mail/home)", "Proton Mail", StringComparison.Ordinal)), NoBlanks(html ? OfHtml(input) : ReplyText.Split(input).WithSignature));
            else if (Text(row, "expect_reply") is { } reply)
                score.Compare(id, html ? NoBlanks(HtmlText.ToText(reply)) : reply.Trim(), html ? NoBlanks(OfHtml(input)) : ReplyText.Split(input).WithSignature);
            else if (row.TryGetProperty("expect_text", out _))
            {
                var parts = ReplyText.Split(input);
                score.Compare(id, $"{Text(row, "expect_text")}|{Text(row, "expect_signature")}", $"{parts.NewText}|{parts.Signature}");
            }
            return;
        }
        if (Text(row, "file") is not { } file || Path.Combine(folder, file) is var at && !File.Exists(at))
            return;
        switch (Text(row, "kind"))
        {
            case "html":
                score.Compare(file, NoBlanks(Text(row, "expect_reply_text") ?? ""), NoBlanks(OfHtml(File.ReadAllText(at))));
                return;
            case "mail":
                score.Compare(file, (Text(row, "expect_reply_of_first_text_plain_part") ?? "").Trim(), ReplyText.Split(MailMessage.Read(File.ReadAllBytes(at)).TextBody ?? "").WithSignature);
                return;
            case "signature":
                score.Compare(file, NoBlanks(Text(row, "expect_signature") ?? ""), NoBlanks(ReplyText.Split(File.ReadAllText(at), Text(row, "sender")).Signature), text: false);
                return;
        }
        var whole = File.ReadAllText(at);
        var split = ReplyText.Split(whole);
        if (Text(row, "visible_text") is { } visible)
            score.Compare(file, visible.Trim(), split.NewText);
        else if (Text(row, "first_fragment_trimmed") is { } first)
            score.Compare(file, first.Trim(), split.NewText);
        else if (row.TryGetProperty("fragment_equals", out var equals) && Text(equals, "0") is { } zero)
            score.Compare(file, Lines(zero), Lines(split.NewText));
        else if (row.TryGetProperty("fragment_matches", out var matches))
        {
            foreach (var match in matches.EnumerateArray().Where(m => m.GetProperty("fragment").GetInt32() == 0))
                score.Compare(file, "True", Regex.IsMatch(split.NewText, match.GetProperty("regex").GetString()!, RegexOptions.Multiline, TimeSpan.FromSeconds(1)).ToString(), text: false);
        }
        else if (row.TryGetProperty("fragment_count", out var count) && count.GetInt32() == 1)
            score.Compare(file, whole.Trim(), split.WithSignature);
    }

    static string OfHtml(string html) => HtmlText.ToText(ReplyText.SplitHtml(html).NewHtml);

    static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string Lines(string text) => string.Join('\n', text.Trim().Split('\n').Select(l => l.TrimEnd()));

    static string NoBlanks(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\u00A0'));
}

/// <summary>The lists of expectations under a folder.</summary>
static class Rows
{
    public static IEnumerable<(JsonElement Row, string Folder)> Under(string path) =>
        from file in Directory.EnumerateFiles(path, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        where Path.GetFileName(file) != "second-opinion.jsonl"
        from line in File.ReadLines(file)
        where line.Length > 0
        select (JsonDocument.Parse(line).RootElement, Path.GetDirectoryName(file)!);
}
