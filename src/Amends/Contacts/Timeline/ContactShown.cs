using Amends.Cases;

namespace Amends.Contacts;

/// <summary>A contact as its entry on the timeline shows it.</summary>
/// <param name="When">In the zone of who looks; <paramref name="Iso"/> for machines.</param>
public sealed record ContactShown(long Id, string Case, bool Ours, string Who, string Hue, Channel Channel, string? Told, string When, string Iso, SenderTrust Trust, bool Automatic, ContactState State,
    string Text, string? Quoted, bool HasHtml, bool HasRaw, IReadOnlyList<string> Remarks, string? Why, IReadOnlyList<FileShown> Files, IReadOnlyList<OutcomeShown> Outcomes, WaitingMailModel? Waiting, string? Call, bool MaySplit, bool MaySendAgain)
{
    /// <summary>A few lines and no picture: its frame need not be tall. (What is in the frame tells nobody how tall it is.)</summary>
    public bool IsShort => Pictures is null && Files.Count == 0 && string.IsNullOrEmpty(Quoted) && Text.Length < 400 && Text.Count(c => c == '\n') < 6;

    /// <summary>What is offered where its HTML names remote images.</summary>
    public PictureBarModel? Pictures { get; init; }

    /// <summary>What it is, where a machine sent it, and until when somebody is away, in words.</summary>
    public Nature Nature { get; init; }
    public string? Machine { get; init; }

    /// <summary>It thanks and says nothing else; who may work on the case can say otherwise.</summary>
    public bool OnlyThanks { get; init; }
    public bool MaySayOtherwise { get; init; }

    /// <summary>Whether the sender is who he says, for mail that came in.</summary>
    public TrustBadge? Badge => Ours || Channel != Channel.Mail ? null : Trust switch
    {
        SenderTrust.Verified => new("good", "check", Words.TrustVerified, Words.BadgeVerifiedWhy),
        SenderTrust.Failed => new("broken", "close", Words.TrustFailed, Words.BadgeFailedWhy),
        _ => new("plain", null, Words.TrustNone, Words.TrustNoneWhy)
    };

    /// <summary>The apology in it that nothing stands behind yet; null for none.</summary>
    public string? Apology { get; init; }

    /// <summary>A report about mail of ours: shown small.</summary>
    public bool IsReport { get; init; }

    /// <summary>The icon of its channel.</summary>
    public string Icon => Channel switch { Channel.Mail => "mail", Channel.Phone => "phone", Channel.Web or Channel.Portal => "web", Channel.Counter => "people", _ => "desk" };
}

/// <summary>A badge beside the sender.</summary>
/// <param name="Why">What it means, in a sentence.</param>
public sealed record TrustBadge(string Tone, string? Icon, string Says, string Why);

/// <summary>A file of a contact.</summary>
public sealed record FileShown(long Id, string Name, string Size, bool Picture);

/// <summary>What became of one recipient.</summary>
/// <param name="Tone"><c>good</c>, <c>broken</c>, <c>risk</c> or empty.</param>
public sealed record OutcomeShown(string Tone, string Says);
