namespace Amends.Foundation.Blobs;

/// <summary>
/// Bytes outside of the database (raw mail, attachments, recordings, photos), encrypted with a key of their own that stands here,
/// wrapped by the house key. Erasing is deleting the key. The name that people gave stands with what uses the blob, never in a path.
/// </summary>
public sealed class Blob
{
    public long Id { get; set; }

    /// <summary>Random name under <c>blobs/</c>, hex.</summary>
    public required string Place { get; set; }

    /// <summary>The blob's key, wrapped by the house key. Empty once erased.</summary>
    public required byte[] Key { get; set; }

    /// <summary>Bytes of the content.</summary>
    public long Length { get; set; }

    /// <summary>SHA-256 of the content.</summary>
    public required byte[] Sha256 { get; set; }
    public DateTime At { get; set; }

    /// <summary>The case whose visibility guards it, where there is one.</summary>
    public long? CaseId { get; set; }

    /// <summary>The customer whose data it holds: erased with the person.</summary>
    public long? PersonId { get; set; }
    public DateTime? ErasedAt { get; set; }
}

/// <summary>An id that was erased: replayed after a restore, so that nothing erased comes back.</summary>
public sealed class ErasedId
{
    public long Id { get; set; }
    public required string What { get; set; }
    public DateTime At { get; set; }
}
