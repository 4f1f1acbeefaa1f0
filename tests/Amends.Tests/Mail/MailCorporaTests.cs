using System.Text.Json;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>The expectations that other projects hold about their own mails; see the SOURCE.md of each set.</summary>
public class MailCorporaTests
{
    [Theory]
    [InlineData("mail-ruby")]
    [InlineData("mail-freescout")]
    [InlineData("mail-libredesk")]
    public void Every_expectation_of_the_peer_is_met(string set)
    {
        var folder = Corpora.Need(set);
        var wrong = new List<string>();
        var checks = 0;
        foreach (var row in Corpora.Rows(folder, "expected.jsonl"))
        {
            var file = row.GetProperty("file").GetString()!;
            var message = MailMessage.Read(File.ReadAllBytes(Path.Combine(folder, file)));
            foreach (var miss in MailExpectations.Check(message, row, ref checks))
                wrong.Add($"{file}: {miss}");
        }
        checks.ShouldBeGreaterThan(3);
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public void Every_file_of_every_corpus_is_read_without_a_fault_and_all_its_parts_can_be_taken_out()
    {
        Corpora.Need("mail-ruby");
        var files = 0;
        foreach (var file in Corpora.MailFiles())
        {
            var message = MailMessage.Read(File.ReadAllBytes(file));
            MailProbe.Everything(message);
            message.Defects.ShouldNotContain(d => d.Kind == DefectKind.ReaderFault, file);
            files++;
        }
        files.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("mail-ruby", 0.98)]
    [InlineData("mail-rt", 0.99)]
    [InlineData("mail-mimekit", 0.97)]
    [InlineData("mail-freescout", 1.0)]
    [InlineData("mail-libredesk", 1.0)]
    public void A_second_parser_sees_the_same_addresses_dates_and_bytes_nearly_everywhere(string set, double share)
    {
        var folder = Corpora.Need(set);
        int same = 0, all = 0;
        var differences = new List<string>();
        foreach (var row in Corpora.Rows(folder, "second-opinion.jsonl"))
        {
            var file = row.GetProperty("file").GetString()!;
            var message = MailMessage.Read(File.ReadAllBytes(Path.Combine(folder, file)));
            Compare("from", row.TryGetProperty("from_addresses", out var from) ? string.Join(',', from.EnumerateArray().Select(a => a.GetString()!.ToLowerInvariant())) : "",
                string.Join(',', message.From.Select(f => f.Address.ToLowerInvariant())));
            if (row.TryGetProperty("date_iso", out var iso) && iso.GetString() is { } date)
                Compare("date", DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal).ToUniversalTime().ToString("O"), message.Date?.ToUniversalTime().ToString("O"));
            foreach (var part in row.GetProperty("parts").EnumerateArray())
            {
                // That parser makes parts of a report's field groups and of an mbox's second message; ours are elsewhere.
                if (!part.TryGetProperty("decoded_sha256", out var hash) || part.GetProperty("decoded_bytes").GetInt32() == 0 || message.DeliveryReport is not null || file.Contains("mbox") || file.Contains("partial"))
                    continue;
                var expected = hash.GetString();
                var found = message.Root.All(intoMessages: true).Any(p => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(p.Decode().Span)) == expected);
                Compare($"bytes of {part.GetProperty("type")} {part.GetProperty("decoded_bytes")}", "True", found.ToString());
            }
            void Compare(string what, string? theirs, string? ours)
            {
                all++;
                if (theirs == ours)
                    same++;
                else
                    differences.Add($"{file} {what}: theirs [{theirs}] ours [{ours}]");
            }
        }
        ((double)same / all).ShouldBeGreaterThanOrEqualTo(share, $"{same} of {all}\n{string.Join('\n', differences)}");
    }
}
