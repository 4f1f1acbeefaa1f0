namespace Amends.Mail;

/// <summary>Why a message did not arrive, as far as its report says (RFC 3463).</summary>
public enum BounceReason
{
    /// <summary>Not said, or in a way nobody knows.</summary>
    Unknown,
    /// <summary>There is no such address.</summary>
    NoSuchAddress,
    /// <summary>The address is there and takes no mail: closed, disabled, moved away.</summary>
    Disabled,
    /// <summary>The mailbox is full.</summary>
    MailboxFull,
    /// <summary>The message is too large.</summary>
    TooLarge,
    /// <summary>The domain does not exist or takes no mail.</summary>
    NoSuchDomain,
    /// <summary>The far server could not be reached or had no room or time; or the waiting took too long.</summary>
    NotReachable,
    /// <summary>The far server would not have it: spam, policy, no right to relay, sender not proven.</summary>
    Refused,
    /// <summary>Its form or content could not be handled.</summary>
    Content,
}

/// <summary>What became of one recipient, as a report says (RFC 3464 section 2.3).</summary>
/// <param name="FinalRecipient">The address that was tried, with its type: "rfc822; a@b".</param>
/// <param name="OriginalRecipient">The address that the sender gave, likewise, or null.</param>
/// <param name="Action">"failed", "delayed", "delivered", "relayed", "expanded"; lower case.</param>
/// <param name="Status">The enhanced code, "5.1.1", or null.</param>
/// <param name="DiagnosticCode">What the far server said, or null.</param>
/// <param name="RemoteMta">Which server said it, or null.</param>
/// <param name="Fields">All fields of the group.</param>
public sealed record DeliveryOutcome(string? FinalRecipient, string? OriginalRecipient, string? Action, string? Status, string? DiagnosticCode, string? RemoteMta, MailHeaders Fields)
{
    /// <summary>The address alone.</summary>
    public string? Address => Bare(OriginalRecipient) ?? Bare(FinalRecipient);

    /// <summary>True for a failure that will not pass by itself (status 5.x.x).</summary>
    public bool IsPermanent => Action is null or "failed" && Status is null or ['5', ..];

    /// <summary>Why, by the status; by the words of the far server where the status says nothing (x.0.0, x.5.0).</summary>
    public BounceReason Reason
    {
        get
        {
            // Exchange says 5.1.10, a domain without mail (RFC 7505), of an address that it does not know.
            if (Status is "5.1.10" && DiagnosticCode?.Contains("not found", StringComparison.OrdinalIgnoreCase) == true)
                return BounceReason.NoSuchAddress;
            var found = ByStatus(Status);
            return found == BounceReason.Unknown && DiagnosticCode is { } said ? ByStatus(BounceWords.Status(said)) : found;
        }
    }

    static BounceReason ByStatus(string? status)
    {
        if (status?.Split('.') is not [_, var subject, var detail])
            return BounceReason.Unknown;
        return (subject, detail) switch
        {
            ("1", "2" or "10") => BounceReason.NoSuchDomain,
            ("1", "6") => BounceReason.Disabled,
            ("1", "7" or "8" or "9") => BounceReason.Refused,
            ("1", not "0") => BounceReason.NoSuchAddress,
            ("2", "1") => BounceReason.Disabled,
            ("2", "2") => BounceReason.MailboxFull,
            ("2", "3") or ("3", "4") => BounceReason.TooLarge,
            ("3", "1" or "2") or ("4", _) => BounceReason.NotReachable,
            ("6", _) => BounceReason.Content,
            ("7", _) => BounceReason.Refused,
            _ => BounceReason.Unknown,
        };
    }

    static string? Bare(string? typed) => ReportParts.Bare(typed);
}

/// <summary>A delivery report (RFC 3464): which addresses, with what outcome, about which message.</summary>
public sealed class DeliveryReport
{
    const int MostGroups = 1_000;

    DeliveryReport(MailHeaders message, List<DeliveryOutcome> recipients, string? originalId, string? originalSubject) =>
        (Message, Recipients, OriginalMessageId, OriginalSubject) = (message, recipients, originalId, originalSubject);

    /// <summary>The fields about the message as a whole (Reporting-MTA, Arrival-Date ...).</summary>
    public MailHeaders Message { get; }

    /// <summary>One for each recipient the report names, in order.</summary>
    public IReadOnlyList<DeliveryOutcome> Recipients { get; }

    /// <summary>The Message-ID of the message that the report is about, where the report returns its headers.</summary>
    public string? OriginalMessageId { get; }

    /// <summary>Its subject, likewise.</summary>
    public string? OriginalSubject { get; }

    /// <summary>The headers of that message, as far as the report returns them; else none.</summary>
    public MailHeaders Original { get; private init; } = MailHeaders.None;

    /// <summary>True when the report has no fields for machines and was understood from its words.</summary>
    public bool FromWords { get; private init; }

    static DeliveryReport? OfWords(MailMessage message)
    {
        if (message.Origin.Kind != MailKind.Bounce)
            return null;
        var recipients = BounceWords.Read(message);
        // Words that give no reason are not enough to call a text a report.
        if (!recipients.Exists(r => r.Status is not null))
            return null;
        var original = ReportParts.Original(message);
        var id = MessageIds.First(original?.First("Message-ID")?.Text) ?? IdInText(message);
        // An empty return path alone may be any notice: it must come from a mail system, or say which message it is about.
        if (id is null && !message.Headers.Has("X-Failed-Recipients") && !message.From.Any(f => MailOrigin.IsMailSystem(f.LocalPart)))
            return null;
        return new(MailHeaders.None, recipients, id, original?["Subject"]) { FromWords = true, Original = original ?? MailHeaders.None };
    }

    /// <summary>The Message-ID of the original where it stands in the text of the report.</summary>
    static string? IdInText(MailMessage message)
    {
        var text = message.ReadableText;
        var at = text.IndexOf("Message-ID:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var line = text.AsSpan(at + 11, Math.Min(text.Length - at - 11, 1_000)).TrimStart();
        var end = line.IndexOf('\n');
        return line.Length > 0 && line[0] == '<' ? MessageIds.First((end < 0 ? line : line[..end]).ToString()) : null;
    }

    internal static DeliveryReport? Of(MailMessage message)
    {
        MailPart? status = null, original = null;
        foreach (var part in message.Root.All())
        {
            if (part.MediaType is "message/delivery-status" or "message/global-delivery-status")
                status ??= part;
            else if (part.MediaType is "message/rfc822" or "text/rfc822-headers" or "message/global" or "message/global-headers")
                original ??= part;
        }
        if (status is null)
            return OfWords(message);
        var groups = FieldGroups.Read(status.Decode(), MostGroups);
        if (groups.Count == 0)
            return new(MailHeaders.None, [], null, null);
        var first = 0;
        var whole = MailHeaders.None;
        if (!IsRecipient(groups[0]))
            (whole, first) = (groups[0], 1);
        var recipients = new List<DeliveryOutcome>();
        foreach (var group in groups.Skip(first))
        {
            if (IsRecipient(group))
                recipients.Add(Outcome(group));
        }
        // Some put all fields into one group.
        if (recipients.Count == 0 && whole.Has("Action"))
            recipients.Add(Outcome(whole));
        var headers = original?.Message?.Headers ?? (original is null ? null : FieldGroups.Read(original.Decode(), 1).FirstOrDefault());
        return new(whole, recipients, MessageIds.First(headers?.First("Message-ID")?.Text), headers?["Subject"]) { Original = headers ?? MailHeaders.None };

        static bool IsRecipient(MailHeaders group) => group.Has("Final-Recipient") || group.Has("Original-Recipient");
        static DeliveryOutcome Outcome(MailHeaders g)
        {
            var action = g["Action"]?.Trim().ToLowerInvariant();
            var status = g["Status"]?.Trim();
            if (status?.IndexOfAny([' ', '(']) is > 0 and var end)
                status = status[..end];
            return new(g["Final-Recipient"], g["Original-Recipient"], action, status, g["Diagnostic-Code"], g["Remote-MTA"], g);
        }
    }
}

/// <summary>Groups of header-like fields divided by blank lines, as reports have.</summary>
static class FieldGroups
{
    public static List<MailHeaders> Read(ReadOnlyMemory<byte> bytes, int most)
    {
        var groups = new List<MailHeaders>();
        var state = new ReadState(MailLimits.Default);
        var at = 0;
        while (at < bytes.Length && groups.Count < most)
        {
            var fields = new List<MailHeader>();
            var next = HeaderReader.Read(bytes, at, bytes.Length, fields, state, null, out _);
            if (fields.Count > 0)
                Divide(fields, groups);
            if (next <= at)
                next = HeaderReader.LineEnd(bytes.Span, at).Next;
            at = next;
        }
        return groups;
    }

    // Where the blank line between recipients was forgotten, a second Final-Recipient begins the next group.
    static void Divide(List<MailHeader> fields, List<MailHeaders> groups)
    {
        var current = new List<MailHeader>();
        var hasFinal = false;
        foreach (var field in fields)
        {
            var isFinal = field.Name.Equals("Final-Recipient", StringComparison.OrdinalIgnoreCase);
            var isOriginal = field.Name.Equals("Original-Recipient", StringComparison.OrdinalIgnoreCase);
            if ((isFinal && hasFinal || (isFinal || isOriginal) && !hasFinal && current.Exists(f => f.Name.Equals("Reporting-MTA", StringComparison.OrdinalIgnoreCase))
                && !current[^1].Name.Equals("Original-Recipient", StringComparison.OrdinalIgnoreCase)) && current.Count > 0)
            {
                // An Original-Recipient directly above belongs to the new group.
                var carry = current[^1].Name.Equals("Original-Recipient", StringComparison.OrdinalIgnoreCase) ? current[^1] : null;
                if (carry is not null)
                    current.RemoveAt(current.Count - 1);
                groups.Add(new(current));
                current = carry is null ? [] : [carry];
                hasFinal = false;
            }
            hasFinal |= isFinal;
            current.Add(field);
        }
        groups.Add(new(current));
    }
}
