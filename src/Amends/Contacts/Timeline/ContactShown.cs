using Amends.Cases;

namespace Amends.Contacts;

/// <summary>A contact as its entry on the timeline shows it.</summary>
/// <param name="When">In the zone of who looks; <paramref name="Iso"/> for machines.</param>
/// <param name="ToUndo">Seconds in which it can still be taken back, or null.</param>
public sealed record ContactShown(long Id, string Case, bool Ours, string Who, string Hue, Channel Channel, string? Told, string When, string Iso, SenderTrust Trust, bool Automatic, ContactState State,
    string Text, string? Quoted, bool HasHtml, bool HasRaw, IReadOnlyList<string> Remarks, string? Why, IReadOnlyList<FileShown> Files, IReadOnlyList<OutcomeShown> Outcomes, string? SendsAt, bool MayTakeBack, string? Call, bool MaySplit)
{
    /// <summary>The icon of its channel.</summary>
    public string Icon => Channel switch { Channel.Mail => "mail", Channel.Phone => "phone", Channel.Web or Channel.Portal => "web", Channel.Counter => "people", _ => "desk" };
}

/// <summary>A file of a contact.</summary>
public sealed record FileShown(long Id, string Name, string Size, bool Picture);

/// <summary>What became of one recipient.</summary>
/// <param name="Tone"><c>good</c>, <c>broken</c>, <c>risk</c> or empty.</param>
public sealed record OutcomeShown(string Tone, string Says);
