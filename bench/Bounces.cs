using System.Text.Json;
using Amends.Mail;

namespace Amends.Bench;

/// <summary>Holds what is understood of reports and automatic mail against a list: kind, status, reason, hard or soft, address, the original's id.</summary>
static class BouncesBench
{
    /// <summary>"bounces PATH [--json]": PATH holds files/*.eml and expected.jsonl; each row has "file" and any of kind, status, reason, hard, soft, severity, address, original_id.
    /// 0 when all are met, 1 when one is not, 2 for a wrong call.</summary>
    public static int Run(Asked asked)
    {
        if (asked.Words is not [var path, ..] || !Directory.Exists(path))
        {
            Console.Error.WriteLine("bounces PATH [--json]: PATH is a folder with files/*.eml and expected.jsonl.");
            return 2;
        }
        var counts = new SortedDictionary<string, (int All, int Met)>(StringComparer.Ordinal);
        var mails = 0;
        foreach (var (row, folder) in Rows.Under(path))
        {
            if (!row.TryGetProperty("file", out var file) || Found(folder, file.GetString()!) is not { } at)
                continue;
            mails++;
            var message = MailMessage.Read(File.ReadAllBytes(at));
            foreach (var property in row.EnumerateObject())
            {
                if (property.Name is "file" or "note" or "source" or "why")
                    continue;
                var met = IsMet(message, property);
                var (all, good) = counts.GetValueOrDefault(property.Name);
                counts[property.Name] = (all + 1, good + (met ? 1 : 0));
                if (!met)
                    Console.Error.WriteLine($"not met: {file} {property}");
            }
        }
        var figures = new Figures("bounces", Path.GetFileName(Path.GetFullPath(path).TrimEnd('/')), asked.Json);
        figures.Say("mails", mails, "mails", 1, atLeast: true);
        foreach (var (name, (all, met)) in counts)
            figures.Say($"{name} right, of {all}", 100.0 * met / all, "%", 100, atLeast: true);
        return figures.End();
    }

    static string? Found(string folder, string file) => new[] { Path.Combine(folder, file), Path.Combine(folder, "files", file) }.FirstOrDefault(File.Exists);

    static bool IsMet(MailMessage m, JsonProperty expected)
    {
        var value = expected.Value;
        var outcomes = m.DeliveryReport?.Recipients ?? [];
        return expected.Name switch
        {
            "kind" => Word(value) is var kind && (kind == Word(m.Origin.Kind.ToString()) || kind is "dsn" or "deliveryreport" or "bounce" && m.Origin.Kind == MailKind.Bounce
                || kind is "outofoffice" or "ooo" or "vacation" && m.Origin.IsOutOfOffice || kind is "automatic" or "auto" && m.Origin.IsAutomatic || kind is "arf" or "complaint" or "feedback" && m.Origin.Kind == MailKind.FeedbackReport
                || kind is "mdn" or "receipt" && m.Origin.Kind == MailKind.ReadReceipt || kind is "none" or "human" && m.Origin.Kind == MailKind.Personal),
            "status" => value.ValueKind == JsonValueKind.Null ? outcomes.All(o => o.Status is null) : outcomes.Any(o => o.Status == value.ToString()),
            "reason" => outcomes.Any(o => Word(value) == Word(o.Reason.ToString()) || (Names.TryGetValue(Word(value), out var named) && named == o.Reason) || o.DiagnosticCode?.Contains(value.ToString(), StringComparison.OrdinalIgnoreCase) == true),
            "hard" or "permanent" => outcomes.Any(o => o.IsPermanent) == value.GetBoolean(),
            "soft" => outcomes.Any(o => !o.IsPermanent) == value.GetBoolean(),
            "severity" or "type" or "hard_soft" or "hardness" => outcomes.Any(o => Word(value) == (o.IsPermanent ? "hard" : "soft")),
            "address" or "recipient" => outcomes.Any(o => value.ToString().Equals(o.Address, StringComparison.OrdinalIgnoreCase)),
            "addresses" or "recipients" => value.EnumerateArray().Select(a => a.GetString()!.ToLowerInvariant()).Order().SequenceEqual(outcomes.Select(o => o.Address?.ToLowerInvariant() ?? "").Order()),
            "original_id" or "original_message_id" => m.DeliveryReport?.OriginalMessageId == value.GetString(),
            // An expectation nobody here knows is one not met: nothing is passed over silently.
            _ => false,
        };
    }

    // What others call the same reasons.
    static readonly Dictionary<string, BounceReason> Names = new (BounceReason Reason, string Words)[]
    {
        (BounceReason.NoSuchAddress, "userunknown unknownuser nosuchuser nosuchmailbox badmailbox mailboxunknown invalidrecipient recipientunknown badaddress addressunknown doesnotexist"),
        (BounceReason.Disabled, "suspend suspended inactive accountdisabled mailboxdisabled hasmoved moved mailboxinactive"),
        (BounceReason.MailboxFull, "mailboxfull full overquota quota quotaexceeded"),
        (BounceReason.TooLarge, "mesgtoobig messagetoobig messagetoolarge toobig exceedlimit sizelimit emailtoolarge"),
        (BounceReason.NoSuchDomain, "hostunknown unknownhost nosuchhost baddomain domainunknown notaccept nullmx dnserror"),
        (BounceReason.NotReachable, "networkerror expired timeout timedout connectionfailed unreachable systemerror systemfull mailererror toomanyconn congestion hostdown temporary"),
        (BounceReason.Refused, "blocked rejected spam spamdetected spamblock policyviolation policy policyrelated norelaying relaydenied securityerror authfailure badreputation requireptr virusdetected speeding ratelimited ratelimit greylisted greylist filtered denied accessdenied"),
        (BounceReason.Content, "contenterror contentrejected syntaxerror malformed notcompliantrfc"),
        (BounceReason.Unknown, "undefined unknown onhold other"),
    }.SelectMany(n => n.Words.Split(' ').Select(word => KeyValuePair.Create(word, n.Reason))).ToDictionary();

    static string Word(object value) => string.Concat(value.ToString()!.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
