using Amends.Mail;

namespace Amends.Tests.Mail;

/// <summary>Touches all that a message offers, so that nothing lazy stays unread.</summary>
static class MailProbe
{
    public static int Everything(MailMessage message)
    {
        var sum = message.Subject.Length + message.From.Count + message.To.Count + message.References.Count + message.InReplyTo.Count;
        sum += message.Files.Count + (message.TextBody?.Length ?? 0) + (message.HtmlBody?.Length ?? 0) + message.ReadableText.Length;
        sum += message.Origin.Signs.Count + (message.MessageId?.Length ?? 0) + (message.DeliveryReport?.Recipients.Count ?? 0) + (message.Priority is null ? 0 : 1);
        sum += (message.ReadReceipt is null ? 0 : 1) + (message.FeedbackReport is null ? 0 : 1) + (message.CalendarItem?.Attendees.Count ?? 0);
        foreach (var header in message.Headers)
        {
            sum += header.Value.Length;
            if (header.Value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
                throw new InvalidOperationException($"A line end came through in {header.Name}.");
        }
        foreach (var box in message.From.Concat(message.To).Concat(message.Cc))
            sum += box.Key.Length + box.AsciiAddress.Length + box.ToString().Length;
        foreach (var part in message.Root.All(intoMessages: true))
        {
            sum += part.Decode().Length + (part.FileName?.Length ?? 0) + (part.ContentId?.Length ?? 0);
            if (part.IsText)
                sum += part.Text().Length;
        }
        return sum;
    }
}
