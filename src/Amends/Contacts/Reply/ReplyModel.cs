using Amends.Cases;
using Amends.Foundation.Web;

namespace Amends.Contacts;

/// <summary>A file that lies with a draft.</summary>
public sealed record UploadShown(long Id, string Name, long Length, bool Picture, string Number);

/// <summary>A contact that came while the colleague wrote.</summary>
public sealed record CameMeanwhile(long Id, string Who, string When, string Text);

/// <summary>A next step that a reply can leave with.</summary>
/// <param name="Value">What the button sends.</param>
/// <param name="Says">“wait until Tue 24 Nov 09:00”.</param>
public sealed record NextChoice(string Value, string Says);

/// <summary>The button that sends, with what else it could be followed by.</summary>
/// <param name="Next">The first is the usual one.</param>
/// <param name="Anyway">Something came meanwhile, and was seen.</param>
/// <param name="Beside">Comes with another piece of the page and takes the place of the old one.</param>
public sealed record NextButtonModel(IReadOnlyList<NextChoice> Next, bool Anyway, bool Beside = false);

/// <summary>A piece within the form of a reply that knows what comes next once it is sent.</summary>
public interface ISaysNext
{
    /// <summary>What comes next, as the button says it (“Call by Mon 30 Nov 12:00”), or null.</summary>
    string? Next { get; }
}

/// <summary>The composer's form for a reply.</summary>
/// <param name="Seen">The newest contact that the writer had before his eyes.</param>
/// <param name="Held">What came since; the reply waits until the writer has seen it.</param>
/// <param name="Copied">Whom the customer had in copy: told, never taken unasked (A15).</param>
public sealed record ReplyModel(string Number, string Subject, string Customer, FormState Form, long Seen, IReadOnlyList<UploadShown> Files, IReadOnlyList<CameMeanwhile> Held,
    IReadOnlyList<NextChoice> Next, IReadOnlyList<string> Copied)
{
    /// <summary>Addresses of the customer that mail came back from: what to say of each.</summary>
    public IReadOnlyList<string> Bounced { get; init; } = [];

    /// <summary>Where somebody reported it: the customer's and the reporter's name and address, with what each is called.</summary>
    public IReadOnlyList<(string Whom, string Is, string Name, string Address)> Both { get; init; } = [];

    /// <summary>What later modules add.</summary>
    public IReadOnlyList<Piece> Pieces { get; init; } = [];

    /// <summary>How many of the team's cases were heard earlier and wait for their first answer, where nothing but the writer can say why this one is first; else 0.</summary>
    public int Before { get; init; }

    /// <summary>In which zones “send at” can be said.</summary>
    public SendZones Zones { get; init; } = new("Etc/UTC", null);

    /// <summary>From which address it goes and what is set under it.</summary>
    public SignedAs Signed { get; init; } = new(null, null, null);
    public string Action => $"/cases/{Number}/reply";
}
