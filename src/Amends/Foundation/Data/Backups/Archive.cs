using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Amends.Foundation.Data.Backups;

/// <summary>Writes and unpacks archives (tar, gzip). Each entry is a plain file at a known place; anything else is refused.</summary>
static class Archive
{
    /// <summary>Writes files of a folder into an archive, the manifest last.</summary>
    public static async Task<Manifest> Write(string target, IReadOnlyList<(string Name, string File)> files, Func<SortedDictionary<string, ManifestFile>, Manifest> describe, Action<double> tell, CancellationToken stop)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(target, options);
        Manifest manifest;
        await using (var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip, TarEntryFormat.Pax, leaveOpen: true))
        {
            var known = new SortedDictionary<string, ManifestFile>(StringComparer.Ordinal);
            for (var i = 0; i < files.Count; i++)
            {
                await using var source = new HashingStream(File.OpenRead(files[i].File));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, files[i].Name) { DataStream = source, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, stop);
                known[files[i].Name] = new ManifestFile(source.Length, source.Digest());
                if (i % 50 == 0) tell((double)i / files.Count);
            }
            manifest = describe(known);
            using var last = new MemoryStream(manifest.Write());
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Manifest.Name) { DataStream = last, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite }, stop);
        }
        file.Flush(flushToDisk: true);
        return manifest;
    }

    /// <summary>Unpacks into a folder and compares each file with the manifest.</summary>
    /// <exception cref="Trouble">It is no archive of ours, cut, or changed.</exception>
    public static async Task<Manifest> Unpack(string archive, string folder, Action<double> tell, CancellationToken stop)
    {
        Manifest? manifest = null;
        var seen = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        try
        {
            await using var file = File.OpenRead(archive);
            await using var zip = new GZipStream(file, CompressionMode.Decompress);
            await using var tar = new TarReader(zip);
            while (await tar.GetNextEntryAsync(copyData: false, stop) is { } entry)
            {
                if (manifest is not null || entry.EntryType != TarEntryType.RegularFile || !Allowed(entry.Name)) throw Wrong(archive, $"it holds “{entry.Name}”");
                if (entry.Name == Manifest.Name)
                {
                    manifest = Manifest.Read(entry.DataStream ?? Stream.Null);
                    continue;
                }
                var path = Path.Combine(folder, entry.Name);
                MakeFolder(Path.GetDirectoryName(path)!);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                await using var target = new FileStream(path, options);
                if (entry.DataStream is { } content)
                {
                    await using var hashing = new HashingStream(content);
                    await hashing.CopyToAsync(target, stop);
                    seen[entry.Name] = new ManifestFile(target.Length, hashing.Digest());
                }
                else seen[entry.Name] = new ManifestFile(0, Convert.ToHexStringLower(SHA256.HashData([])));
                tell(file.Length == 0 ? 1 : (double)file.Position / file.Length);
            }
        }
        catch (Exception why) when (why is InvalidDataException or EndOfStreamException or FormatException or JsonException or NotSupportedException)
        {
            throw Wrong(archive, why is JsonException ? "its list of contents cannot be read" : "it is cut or damaged");
        }
        if (manifest is null) throw Wrong(archive, "its list of contents is missing, so it is cut or something else");
        if (manifest.Format != 1) throw new Trouble(Speech.Say(Web.Words.BackupNewerThis, archive, manifest.Program));
        foreach (var (name, expected) in manifest.Files)
            if (!seen.TryGetValue(name, out var found) || found != expected) throw Wrong(archive, $"{name} is {(found is null ? "missing" : "not what was written")}");
        if (seen.Keys.FirstOrDefault(name => !manifest.Files.ContainsKey(name)) is { } extra) throw Wrong(archive, $"{extra} is not in its list of contents");
        return manifest;
    }

    static Trouble Wrong(string archive, string what) => new($"{archive} cannot be restored: {what}. Nothing was changed; take another backup.");

    /// <summary>A folder for its owner only.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static bool Allowed(string name) => name is Manifest.Name or "amends.db"
        || name.Split('/') is ["keys", { Length: > 0 } key] && IsPlain(key)
        || name.Split('/') is ["tables", { Length: > 0 } table] && IsPlain(table)
        || name.Split('/') is ["blobs", { Length: 2 } two, { Length: > 0 } blob] && IsPlain(two) && IsPlain(blob);

    static bool IsPlain(string name) => name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    // Digests what passes through.
    sealed class HashingStream(Stream inner) : Stream
    {
        readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Digest() => Convert.ToHexStringLower(hash.GetHashAndReset());

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            hash.AppendData(buffer[..read]);
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override bool CanRead => true;
        public override bool CanSeek => inner.CanSeek;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => inner.Position = value == inner.Position ? value : throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                hash.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
