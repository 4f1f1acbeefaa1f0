using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Web;

namespace Amends.Contacts;

/// <summary>Rows of files from what was uploaded.</summary>
static class FileRows
{
    /// <summary>A row; its type is decided from the bytes.</summary>
    public static async Task<CaseFile> New(BlobStore blobs, Blob blob, long caseId, long of, FileOf kind, string name, Ids ids)
    {
        blob.CaseId = caseId;
        return new CaseFile { Id = ids.Next(), CaseId = caseId, OfId = of, Of = kind, BlobId = blob.Id, Name = FileAnswer.SafeName(name), ContentType = (await KindOf(blobs, blob)).MediaType, Length = blob.Length };
    }

    /// <summary>What a stored file is.</summary>
    public static async Task<FileKind> KindOf(BlobStore blobs, Blob blob)
    {
        var head = new byte[(int)Math.Min(blob.Length, FileKind.Head)];
        await using var stream = blobs.Open(blob);
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
        return FileKind.Of(head.AsSpan(0, read));
    }
}
