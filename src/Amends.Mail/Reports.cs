namespace Amends.Mail;

/// <summary>A receipt for reading (RFC 8098): what became of a message after it had been delivered.</summary>
/// <param name="Address">Whose receipt it is, or null.</param>
/// <param name="OriginalMessageId">The message it is about, without brackets, or null.</param>
/// <param name="Disposition">"displayed", "deleted", "dispatched" or "processed", lower case; null where the mail says none.</param>
/// <param name="IsAutomatic">True when the program did it without the person (automatic-action): a receipt that proves little.</param>
/// <param name="Fields">All fields.</param>
public sealed record ReadReceipt(string? Address, string? OriginalMessageId, string? Disposition, bool IsAutomatic, MailHeaders Fields)
{
    internal static ReadReceipt? Of(MailMessage message)
    {
        if (ReportParts.Find(message, "message/disposition-notification", "message/global-disposition-notification") is not { } part
            || FieldGroups.Read(part.Decode(), 1) is not [var fields, ..])
            return null;
        var said = fields["Disposition"] ?? "";
        var semicolon = said.IndexOf(';', StringComparison.Ordinal);
        var type = (semicolon < 0 ? said : said[(semicolon + 1)..]).Trim();
        var end = type.AsSpan().IndexOfAny("/, ");
        type = (end < 0 ? type : type[..end]).ToLowerInvariant();
        return new(ReportParts.Bare(fields["Final-Recipient"] ?? fields["Original-Recipient"]), MessageIds.First(fields.First("Original-Message-ID")?.Text) ?? ReportParts.OriginalId(message),
            type.Length == 0 ? null : type, said.Contains("automatic-action", StringComparison.OrdinalIgnoreCase), fields);
    }
}

/// <summary>A complaint that a provider passes on (ARF, RFC 5965).</summary>
/// <param name="FeedbackType">"abuse", "fraud", "virus", "not-spam", "opt-out", "auth-failure", "other"; lower case.</param>
/// <param name="Recipient">Who complained, where the provider says so, or null.</param>
/// <param name="OriginalFrom">The envelope sender of the message complained about, or null.</param>
/// <param name="OriginalMessageId">Its Message-ID, without brackets, or null.</param>
/// <param name="SourceIp">The address it came from, as written, or null.</param>
/// <param name="Fields">All fields.</param>
public sealed record FeedbackReport(string FeedbackType, string? Recipient, string? OriginalFrom, string? OriginalMessageId, string? SourceIp, MailHeaders Fields)
{
    internal static FeedbackReport? Of(MailMessage message)
    {
        if (ReportParts.Find(message, "message/feedback-report") is not { } part || FieldGroups.Read(part.Decode(), 1) is not [var fields, ..])
            return null;
        return new(fields["Feedback-Type"]?.Trim().ToLowerInvariant() is { Length: > 0 } type ? type : "other", ReportParts.Bare(fields["Original-Rcpt-To"] ?? fields["Removal-Recipient"]),
            ReportParts.Bare(fields["Original-Mail-From"]), ReportParts.OriginalId(message), fields["Source-IP"]?.Trim(), fields);
    }
}

static class ReportParts
{
    public static MailPart? Find(MailMessage message, params ReadOnlySpan<string> types)
    {
        foreach (var part in message.Root.All())
        {
            foreach (var type in types)
            {
                if (part.MediaType == type)
                    return part;
            }
        }
        return null;
    }

    /// <summary>The headers of the message that a report returns, whole or headers alone.</summary>
    public static MailHeaders? Original(MailMessage message) =>
        Find(message, "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "message/rfc822-headers") is not { } part ? null
        : part.Message?.Headers ?? (FieldGroups.Read(part.Decode(), 1) is [var first, ..] ? first : null);

    public static string? OriginalId(MailMessage message) => MessageIds.First(Original(message)?.First("Message-ID")?.Text);

    /// <summary>The address of "rfc822; a@b", brackets removed.</summary>
    public static string? Bare(string? typed)
    {
        if (typed is null)
            return null;
        var address = typed[(typed.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>').Trim();
        return address.Length == 0 ? null : address;
    }
}
