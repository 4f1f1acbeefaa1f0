using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Blobs;

/// <summary>A file is larger than allowed.</summary>
public sealed class TooLarge(long most) : Exception($"Larger than {most} bytes.")
{
    /// <summary>The limit, in bytes.</summary>
    public long Most { get; } = most;
}

/// <summary>
/// Writes bytes first, durably, under a random name; the row that makes them part of the house is added by the write that refers to
/// them. What no row refers to is swept after a day. Format: pieces of 64 KiB, each AES-256-GCM under the blob's key, the nonce
/// being the piece's number with the last piece marked, so that a cut or a swap is seen.
/// </summary>
public sealed class BlobStore(Databases databases, HouseKey house, Ids ids, TimeProvider clock)
{
    const int Piece = 64 * 1024, Tag = 16;

    string Folder => Path.Combine(databases.Place.Folder, "blobs");

    /// <summary>Writes a stream and answers the row to add in the write that uses it.</summary>
    /// <exception cref="TooLarge">More than <paramref name="most"/> bytes; nothing is left behind.</exception>
    public async Task<Blob> Put(Stream content, long most, CancellationToken stop)
    {
        var place = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var file = FileOf(place);
        try { Directory.CreateDirectory(Path.GetDirectoryName(file)!); }
        catch (Exception why) when (StoreTrouble.OfFiles(why) is { } trouble) { throw new StoreAway(trouble, why); }
        var key = RandomNumberGenerator.GetBytes(32);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var plain = ArrayPool<byte>.Shared.Rent(Piece);
        var secret = ArrayPool<byte>.Shared.Rent(Piece + Tag);
        long length = 0;
        try
        {
            using var aes = new AesGcm(key, Tag);
            await using (var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous }))
            {
                for (var number = 0u; ; number++)
                {
                    var read = await content.ReadAtLeastAsync(plain.AsMemory(0, Piece), Piece, throwOnEndOfStream: false, stop);
                    length += read;
                    if (length > most) throw new TooLarge(most);
                    hash.AppendData(plain, 0, read);
                    Crypt(aes, number, read < Piece, plain, read, secret);
                    await target.WriteAsync(secret.AsMemory(0, read + Tag), stop);
                    if (read < Piece) break;
                }
                target.Flush(flushToDisk: true);
            }
        }
        catch (Exception why)
        {
            File.Delete(file);
            if (StoreTrouble.OfFiles(why) is { } trouble) throw new StoreAway(trouble, why);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
            ArrayPool<byte>.Shared.Return(secret);
        }
        return new Blob
        {
            Id = ids.Next(),
            Place = place,
            Key = house.Seal("blob", key),
            Length = length,
            Sha256 = hash.GetHashAndReset(),
            At = clock.GetUtcNow().UtcDateTime
        };
    }

    /// <summary>Writes bytes.</summary>
    public Task<Blob> Put(ReadOnlyMemory<byte> content, CancellationToken stop = default) => Put(new MemoryStream(content.ToArray(), writable: false), long.MaxValue, stop);

    /// <summary>Opens a blob for reading, decrypted as it is read.</summary>
    /// <exception cref="NotThere">It was erased, or its file is gone.</exception>
    public Stream Open(Blob blob)
    {
        var file = FileOf(blob.Place);
        if (blob.ErasedAt is not null || blob.Key.Length == 0 || !File.Exists(file)) throw new NotThere();
        return new Reading(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1), house.Open("blob", blob.Key), blob.Length);
    }

    /// <summary>The whole content. For what is known to be small.</summary>
    public async Task<byte[]> Read(Blob blob, CancellationToken stop = default)
    {
        var bytes = new byte[blob.Length];
        await using var stream = Open(blob);
        await stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    /// <summary>Deletes files that no row refers to and that are older than a day. Answers how many.</summary>
    public async Task<int> Sweep(CancellationToken stop)
    {
        if (!Directory.Exists(Folder)) return 0;
        var old = clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(1);
        var gone = 0;
        foreach (var chunk in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(f => File.GetLastWriteTimeUtc(f) < old).Chunk(500))
        {
            using var db = databases.Open();
            var names = chunk.ToDictionary(file => Path.GetFileName(file));
            var places = names.Keys.ToList();
            var known = await db.Set<Blob>().Where(b => places.Contains(b.Place) && b.ErasedAt == null).Select(b => b.Place).ToListAsync(stop);
            foreach (var orphan in places.Except(known))
            {
                File.Delete(names[orphan]);
                gone++;
            }
        }
        return gone;
    }

    /// <summary>Where a blob's bytes lie.</summary>
    internal string FileOf(string place) => Path.Combine(Folder, place[..2], place);

    static void Crypt(AesGcm aes, uint number, bool last, byte[] plain, int length, byte[] secret)
    {
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, number, last);
        aes.Encrypt(nonce, plain.AsSpan(0, length), secret.AsSpan(0, length), secret.AsSpan(length, Tag));
    }

    static void Nonce(Span<byte> nonce, uint number, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], number);
        nonce[0] = last ? (byte)1 : (byte)0;
    }

    sealed class Reading(FileStream source, byte[] key, long length) : Stream
    {
        readonly AesGcm aes = new(key, Tag);
        readonly byte[] secret = new byte[Piece + Tag], plain = new byte[Piece];
        uint number;
        int at, filled;
        bool ended;

        public override int Read(Span<byte> buffer)
        {
            if (at == filled && !Fill(source.ReadAtLeast(secret, Piece + Tag, throwOnEndOfStream: false))) return 0;
            var take = Math.Min(buffer.Length, filled - at);
            plain.AsSpan(at, take).CopyTo(buffer);
            at += take;
            return take;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (at == filled && !Fill(ended ? 0 : await source.ReadAtLeastAsync(secret, Piece + Tag, throwOnEndOfStream: false, cancellationToken))) return 0;
            var take = Math.Min(buffer.Length, filled - at);
            plain.AsMemory(at, take).CopyTo(buffer);
            at += take;
            return take;
        }

        bool Fill(int read)
        {
            if (ended) return false;
            if (read < Tag) throw new CryptographicException("A blob's file is cut.");
            filled = read - Tag;
            at = 0;
            ended = filled < Piece;
            Span<byte> nonce = stackalloc byte[12];
            Nonce(nonce, number++, ended);
            aes.Decrypt(nonce, secret.AsSpan(0, filled), secret.AsSpan(filled, Tag), plain.AsSpan(0, filled));
            return filled > 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                aes.Dispose();
                source.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
