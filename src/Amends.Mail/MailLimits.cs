namespace Amends.Mail;

/// <summary>How much of a message is read. What lies beyond a limit is cut there and noted as a <see cref="Defect"/>; nothing throws.</summary>
public sealed record MailLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static MailLimits Default { get; } = new();

    /// <summary>Bytes of the whole message. Default 50 MB.</summary>
    public int MessageBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>How deep parts and attached messages may lie in each other. Default 50.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>Parts in the whole message, containers included. Default 1,000.</summary>
    public int Parts { get; init; } = 1_000;

    /// <summary>Header fields of one part. Default 1,000.</summary>
    public int Headers { get; init; } = 1_000;

    /// <summary>Bytes of all header fields of all parts together. Default 1 MB.</summary>
    public int HeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of one line. A longer header line is cut; a longer body line is noted and kept, for it may be somebody's attachment. Default 1 MB.</summary>
    public int LineBytes { get; init; } = 1024 * 1024;

    /// <summary>Addresses read from one address header. Default 1,000.</summary>
    public int Recipients { get; init; } = 1_000;
}
