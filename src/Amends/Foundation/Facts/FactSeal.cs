using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Facts;

/// <summary>A fact that no seal covers yet; a trigger adds the row with the fact, sealing removes it.</summary>
public sealed class UnsealedFact
{
    public long FactId { get; set; }
}

/// <summary>One block of the audit chain: SHA-256 over the previous block's hash and over each of its facts, in order of their ids.</summary>
public sealed class FactSeal
{
    public long Id { get; set; }
    public int Block { get; set; }
    public DateTime At { get; set; }

    /// <summary>The ids of the facts, eight bytes each, big endian, ascending. Listed because transactions commit out of order.</summary>
    public required byte[] FactIds { get; set; }
    public required byte[] Previous { get; set; }
    public required byte[] Hash { get; set; }
}

/// <summary>Chains unsealed facts into blocks, and checks the chain.</summary>
public sealed class Sealing(Databases databases, Writer write)
{
    const int BlockSize = 2000;

    /// <summary>Seals what is unsealed, a block at a time. Answers how many facts were sealed.</summary>
    public async Task<int> SealAsync(CancellationToken stop)
    {
        var total = 0;
        while (!stop.IsCancellationRequested)
        {
            var done = await write.Run(Actor.System("seal facts"), null, async db =>
            {
                var ids = await db.Set<UnsealedFact>().OrderBy(row => row.FactId).Take(BlockSize).Select(row => row.FactId).ToListAsync(stop);
                if (ids.Count == 0) return 0;
                var last = await db.Set<FactSeal>().OrderByDescending(seal => seal.Block).FirstOrDefaultAsync(stop);
                var facts = await db.Set<Fact>().AsNoTracking().Where(fact => ids.Contains(fact.Id)).OrderBy(fact => fact.Id).ToListAsync(stop);
                var previous = last?.Hash ?? new byte[32];
                db.Add(new FactSeal
                {
                    Block = (last?.Block ?? 0) + 1,
                    At = db.At,
                    FactIds = Pack(ids),
                    Previous = previous,
                    Hash = HashOf(previous, facts)
                });
                await db.Set<UnsealedFact>().Where(row => ids.Contains(row.FactId)).ExecuteDeleteAsync(stop);
                return ids.Count;
            }, stop);
            total += done;
            if (done < BlockSize) break;
        }
        return total;
    }

    /// <summary>The first block whose facts or hash do not agree, or null when the chain is whole.</summary>
    public async Task<int?> FirstBrokenAsync(CancellationToken stop)
    {
        using var db = databases.Open();
        var previous = new byte[32];
        await foreach (var seal in db.Set<FactSeal>().AsNoTracking().OrderBy(seal => seal.Block).AsAsyncEnumerable().WithCancellation(stop))
        {
            var ids = Unpack(seal.FactIds);
            using var inner = databases.Open();
            var facts = await inner.Set<Fact>().AsNoTracking().Where(fact => ids.Contains(fact.Id)).OrderBy(fact => fact.Id).ToListAsync(stop);
            if (!seal.Previous.AsSpan().SequenceEqual(previous) || facts.Count != ids.Count || !HashOf(previous, facts).AsSpan().SequenceEqual(seal.Hash))
                return seal.Block;
            previous = seal.Hash;
        }
        return null;
    }

    static byte[] HashOf(byte[] previous, IEnumerable<Fact> facts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<byte> head = stackalloc byte[8 + 8 + 1 + 8 + 4 + 8];
        foreach (var fact in facts)
        {
            BinaryPrimitives.WriteInt64BigEndian(head, fact.Id);
            BinaryPrimitives.WriteInt64BigEndian(head[8..], fact.At.Ticks / TimeSpan.TicksPerMillisecond);
            head[16] = (byte)fact.ActorKind;
            BinaryPrimitives.WriteInt64BigEndian(head[17..], fact.ActorId);
            BinaryPrimitives.WriteInt32BigEndian(head[25..], fact.KindVersion);
            BinaryPrimitives.WriteInt64BigEndian(head[29..], fact.Subject);
            hash.AppendData(head);
            Append(hash, Encoding.UTF8.GetBytes(fact.Kind));
            Append(hash, Encoding.UTF8.GetBytes(fact.Body));
            Append(hash, fact.TextDigest ?? []);
        }
        return hash.GetHashAndReset();
    }

    static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    static byte[] Pack(List<long> ids)
    {
        var packed = new byte[ids.Count * 8];
        for (var i = 0; i < ids.Count; i++) BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(i * 8), ids[i]);
        return packed;
    }

    static List<long> Unpack(byte[] packed)
    {
        var ids = new List<long>(packed.Length / 8);
        for (var i = 0; i < packed.Length; i += 8) ids.Add(BinaryPrimitives.ReadInt64BigEndian(packed.AsSpan(i)));
        return ids;
    }
}
