using System.Globalization;

namespace Amends.Mail;

/// <summary>What somebody answered to an invitation (RFC 5545 section 3.2.12).</summary>
public enum Participation
{
    /// <summary>Nothing yet, or a word nobody knows.</summary>
    NeedsAction,
    /// <summary>Comes.</summary>
    Accepted,
    /// <summary>Does not come.</summary>
    Declined,
    /// <summary>May come.</summary>
    Tentative,
    /// <summary>Somebody else comes.</summary>
    Delegated,
}

/// <summary>Somebody who is invited.</summary>
/// <param name="Address">The mail address, without "mailto:".</param>
/// <param name="Name">The name, or empty.</param>
/// <param name="Answer">What he answered.</param>
public sealed record Attendee(string Address, string Name, Participation Answer);

/// <summary>The first event of an invitation, an answer to one, or its cancelling (iTIP, RFC 5546). Reading never throws.</summary>
/// <param name="Method">"REQUEST", "REPLY", "CANCEL" and the like, upper case; empty where none is said.</param>
/// <param name="Uid">The event's id; answers carry the id of their invitation.</param>
/// <param name="Summary">What it is about; empty when not said.</param>
/// <param name="Location">Where, or empty.</param>
/// <param name="Start">The beginning as written, without zone for a local or whole-day one; null when it cannot be read.</param>
/// <param name="StartZone">"UTC", the zone's id, or null for a floating time and whole days.</param>
/// <param name="Organizer">Who invites, or null.</param>
/// <param name="Attendees">Who is invited; in an answer, who answers.</param>
/// <param name="Comment">What the answer says besides, or empty.</param>
public sealed record CalendarItem(string Method, string? Uid, string Summary, string Location, DateTime? Start, string? StartZone, string? Organizer, IReadOnlyList<Attendee> Attendees, string Comment)
{
    const int MostLines = 20_000, MostAttendees = 1_000;

    /// <summary>True for an answer to an invitation.</summary>
    public bool IsAnswer => Method == "REPLY";

    /// <summary>Reads iCalendar text (RFC 5545); null when it holds no event, task or the like.</summary>
    /// <param name="text">The text of a text/calendar part.</param>
    /// <param name="method">The method parameter of its Content-Type, for where the text says none.</param>
    public static CalendarItem? Parse(string? text, string? method = null)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var item = new CalendarItem(method?.Trim().ToUpperInvariant() ?? "", null, "", "", null, null, null, [], "");
        var attendees = new List<Attendee>();
        var depth = 0;
        bool inside = false, found = false;
        foreach (var line in Unfold(text))
        {
            var colon = Colon(line);
            if (colon < 0)
                continue;
            var (left, value) = (line[..colon], line[(colon + 1)..]);
            var semicolon = left.IndexOf(';', StringComparison.Ordinal);
            var name = (semicolon < 0 ? left : left[..semicolon]).Trim().ToUpperInvariant();
            var parameters = semicolon < 0 ? "" : left[(semicolon + 1)..];
            switch (name)
            {
                case "METHOD" when !inside:
                    item = item with { Method = value.Trim().ToUpperInvariant() };
                    break;
                case "BEGIN" when inside:
                    depth++;
                    break;
                case "BEGIN" when value.Trim().ToUpperInvariant() is "VEVENT" or "VTODO" or "VJOURNAL" or "VFREEBUSY":
                    (inside, found) = (true, true);
                    break;
                case "END" when inside && depth > 0:
                    depth--;
                    break;
                case "END" when inside:
                    return item with { Attendees = attendees };
                case "UID" when inside && depth == 0:
                    item = item with { Uid = value.Trim() };
                    break;
                case "SUMMARY" when inside && depth == 0:
                    item = item with { Summary = Unescape(value) };
                    break;
                case "LOCATION" when inside && depth == 0:
                    item = item with { Location = Unescape(value) };
                    break;
                case "COMMENT" when inside && depth == 0:
                    item = item with { Comment = Unescape(value) };
                    break;
                case "ORGANIZER" when inside && depth == 0:
                    item = item with { Organizer = Address(value) };
                    break;
                case "ATTENDEE" when inside && depth == 0 && attendees.Count < MostAttendees:
                    attendees.Add(new(Address(value), Parameter(parameters, "CN") ?? "", AnswerOf(Parameter(parameters, "PARTSTAT"))));
                    break;
                case "DTSTART" when inside && depth == 0:
                    var utc = value.Trim().EndsWith('Z');
                    item = item with { Start = When(value.Trim().TrimEnd('Z')), StartZone = utc ? "UTC" : Parameter(parameters, "TZID") };
                    break;
            }
        }
        return found ? item with { Attendees = attendees } : null;
    }

    static IEnumerable<string> Unfold(string text)
    {
        var line = "";
        System.Text.StringBuilder? longer = null;
        var count = 0;
        foreach (var raw in text.Split('\n', MostLines + 1))
        {
            if (count++ >= MostLines)
                break;
            var one = raw.TrimEnd('\r');
            if (one is [' ' or '\t', ..])
            {
                (longer ??= new(line)).Append(one, 1, one.Length - 1);
                continue;
            }
            yield return longer?.ToString() ?? line;
            (line, longer) = (one, null);
        }
        yield return longer?.ToString() ?? line;
    }

    // The first colon that stands in no quotes.
    static int Colon(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ':' && !quoted)
                return i;
        }
        return -1;
    }

    static string? Parameter(string parameters, string name)
    {
        var at = 0;
        while (at < parameters.Length)
        {
            var equals = parameters.IndexOf('=', at);
            if (equals < 0)
                return null;
            var start = equals + 1;
            int end;
            if (start < parameters.Length && parameters[start] == '"')
            {
                start++;
                end = parameters.IndexOf('"', start);
            }
            else
                end = parameters.IndexOf(';', start);
            if (end < 0)
                end = parameters.Length;
            if (parameters.AsSpan(at, equals - at).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return MailText.WithoutControl(parameters[start..end]);
            var next = parameters.IndexOf(';', end);
            at = next < 0 ? parameters.Length : next + 1;
        }
        return null;
    }

    static string Address(string value)
    {
        value = MailText.WithoutControl(value).Trim();
        return value.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? value[7..].Trim() : value;
    }

    static Participation AnswerOf(string? word) => word?.ToUpperInvariant() switch
    {
        "ACCEPTED" => Participation.Accepted,
        "DECLINED" => Participation.Declined,
        "TENTATIVE" => Participation.Tentative,
        "DELEGATED" => Participation.Delegated,
        _ => Participation.NeedsAction,
    };

    static DateTime? When(string value) =>
        DateTime.TryParseExact(value, ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;

    static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return MailText.WithoutControl(value);
        var text = new System.Text.StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 >= value.Length)
                text.Append(char.IsControl(value[i]) ? ' ' : value[i]);
            else
                text.Append(value[++i] is 'n' or 'N' ? '\n' : value[i]);
        }
        return text.ToString();
    }
}
