using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

public class BlobTests
{
    const int Piece = 64 * 1024, Sealed = Piece + 16;
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(0), InlineData(1), InlineData(65535), InlineData(65536), InlineData(65537), InlineData(131072), InlineData(1024 * 1024)]
    public async Task What_was_put_comes_back_and_lies_there_unreadable(int size)
    {
        await using var house = await TestHouse.Open(On.Sqlite);
        var store = house.Get<BlobStore>();
        var bytes = RandomNumberGenerator.GetBytes(size);
        var blob = await store.Put(bytes, Stop);
        (blob.Length, blob.Sha256).ShouldBe((size, SHA256.HashData(bytes)), Comparer);
        (await store.Read(blob, Stop)).ShouldBe(bytes);
        var copy = new MemoryStream();
        await using (var stream = store.Open(blob)) await stream.CopyToAsync(copy, Stop);
        copy.ToArray().ShouldBe(bytes);
        var onDisk = await File.ReadAllBytesAsync(store.FileOf(blob.Place), Stop);
        if (size > 16) onDisk.AsSpan().IndexOf(bytes.AsSpan(0, 16)).ShouldBe(-1);
    }

    static readonly IEqualityComparer<(long, byte[])> Comparer = EqualityComparer<(long, byte[])>.Create((a, b) => a.Item1 == b.Item1 && a.Item2.AsSpan().SequenceEqual(b.Item2));

    static async Task<(TestHouse, BlobStore, Blob, string, byte[])> With(int size)
    {
        var house = await TestHouse.Open(On.Sqlite);
        var store = house.Get<BlobStore>();
        var blob = await store.Put(RandomNumberGenerator.GetBytes(size), Stop);
        var file = store.FileOf(blob.Place);
        return (house, store, blob, file, await File.ReadAllBytesAsync(file, Stop));
    }

    static async Task Refused(BlobStore store, Blob blob) => await Should.ThrowAsync<Exception>(async () =>
    {
        await using var stream = store.Open(blob);
        await stream.CopyToAsync(Stream.Null, Stop);
    });

    [Fact]
    public async Task A_changed_byte_a_cut_a_swap_and_an_addition_are_seen()
    {
        var (house, store, blob, file, whole) = await With(3 * Piece);
        await using var _ = house;
        foreach (var at in new[] { 0, 17, Piece, Sealed, whole.Length - 1 })
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(file, changed, Stop);
            await Refused(store, blob);
        }
        foreach (var length in new[] { 0, 5, 16, Sealed - 1, Sealed, 2 * Sealed, 3 * Sealed, whole.Length - 1 })
        {
            await File.WriteAllBytesAsync(file, whole[..length], Stop);
            await Refused(store, blob);
        }
        await File.WriteAllBytesAsync(file, [.. whole[Sealed..(2 * Sealed)], .. whole[..Sealed], .. whole[(2 * Sealed)..]], Stop);
        await Refused(store, blob);
        await File.WriteAllBytesAsync(file, [.. whole, .. whole[..Sealed]], Stop);
        await Refused(store, blob);
        // A piece of the same place from another blob.
        var other = await store.Put(RandomNumberGenerator.GetBytes(3 * Piece), Stop);
        await File.WriteAllBytesAsync(file, [.. (await File.ReadAllBytesAsync(store.FileOf(other.Place), Stop))[..Sealed], .. whole[Sealed..]], Stop);
        await Refused(store, blob);
        await File.WriteAllBytesAsync(file, whole, Stop);
        (await store.Read(blob, Stop)).Length.ShouldBe(3 * Piece);
    }

    [Fact]
    public async Task Without_its_key_nobody_reads_it_and_a_file_too_large_leaves_nothing()
    {
        var (house, store, blob, _, _) = await With(100);
        await using var _1 = house;
        blob.Key = [];
        Should.Throw<NotThere>(() => store.Open(blob));
        var folder = Path.Combine(house.Place.Folder, "blobs");
        var before = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
        await Should.ThrowAsync<TooLarge>(store.Put(new MemoryStream(new byte[200_000]), 199_999, Stop));
        (await store.Put(new MemoryStream(new byte[200_000]), 200_000, Stop)).Length.ShouldBe(200_000);
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length.ShouldBe(before + 1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_no_row_refers_to_is_swept_after_a_day_and_nothing_else(On on)
    {
        await using var house = await TestHouse.Open(on);
        var store = house.Get<BlobStore>();
        var (kept, orphan, young) = (await store.Put(new byte[10], Stop), await store.Put(new byte[10], Stop), await store.Put(new byte[10], Stop));
        await house.Write.Run(Actor.System("test"), null, db => { db.Add(kept); return Task.CompletedTask; });
        foreach (var blob in new[] { kept, orphan }) File.SetLastWriteTimeUtc(store.FileOf(blob.Place), house.Now.AddHours(-25));
        File.SetLastWriteTimeUtc(store.FileOf(young.Place), house.Now.AddHours(-23));
        (await store.Sweep(Stop)).ShouldBe(1);
        File.Exists(store.FileOf(kept.Place)).ShouldBeTrue();
        File.Exists(store.FileOf(orphan.Place)).ShouldBeFalse();
        File.Exists(store.FileOf(young.Place)).ShouldBeTrue();
    }
}
