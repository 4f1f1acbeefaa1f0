using System.Text.Json;

namespace Amends.Foundation.Data.Backups;

/// <summary>What stands in an archive: its last entry, <c>manifest.json</c>. A restore believes nothing that is not in it.</summary>
/// <param name="Format">1.</param>
/// <param name="Program">The version that wrote it.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Schema">The last migration that the database had.</param>
/// <param name="At">The moment of the snapshot, UTC.</param>
/// <param name="Tables">Rows of each table.</param>
/// <param name="Sequences">On PostgreSQL: the last value of each sequence.</param>
/// <param name="Files">Length and SHA-256 (hex) of each entry.</param>
/// <param name="Missing">Files that the database knows and that were not there already before the backup.</param>
public sealed record Manifest(int Format, string Program, string Database, string Schema, DateTime At, SortedDictionary<string, long> Tables, SortedDictionary<string, long> Sequences,
    SortedDictionary<string, ManifestFile> Files, List<string> Missing)
{
    internal const string Name = "manifest.json";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>All rows.</summary>
    public long Rows => Tables.Values.Sum();

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
    internal static Manifest Read(Stream json) => JsonSerializer.Deserialize<Manifest>(json, Json) ?? throw new JsonException("empty");
}

/// <summary>One file of an archive.</summary>
public sealed record ManifestFile(long Length, string Sha256);

/// <summary>A consistent picture of the database, laid into a folder.</summary>
/// <param name="Blobs">Places of the blobs that it refers to.</param>
sealed record Snapshot(string Database, string Schema, SortedDictionary<string, long> Tables, SortedDictionary<string, long> Sequences, List<string> Blobs);
