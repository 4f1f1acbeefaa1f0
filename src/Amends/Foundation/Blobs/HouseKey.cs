using System.Security.Cryptography;
using System.Text;

namespace Amends.Foundation.Blobs;

/// <summary>
/// The key of the house: 32 random bytes in <c>keys/house.key</c>, readable by the owner only, made on first use, part of each backup.
/// Purposes get keys of their own by HKDF (RFC 5869).
/// </summary>
public sealed class HouseKey
{
    readonly byte[]? key;
    readonly string file;

    /// <param name="looks">Makes none where there is none: for who only looks. What needs the key then says that it is missing.</param>
    public HouseKey(Data.DataPlace place, bool looks = false)
    {
        var folder = Path.Combine(place.Folder, "keys");
        file = FileOf(place);
        if (!File.Exists(file))
        {
            if (looks) return;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var fresh = file + "." + Guid.NewGuid().ToString("N");
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(RandomNumberGenerator.GetBytes(32));
                stream.Flush(true);
            }
            // Two programs that start together: the first name wins.
            try { File.Move(fresh, file, overwrite: false); }
            catch (IOException) when (File.Exists(file)) { File.Delete(fresh); }
        }
        try { key = File.ReadAllBytes(file); }
        catch (Exception why) when (looks && why is (IOException or UnauthorizedAccessException)) { return; }
        if (key.Length == 32) return;
        key = null;
        if (!looks) throw new InvalidOperationException($"{file} is not a key of 32 bytes. Restore it from a backup: without it files and secrets cannot be read.");
    }

    /// <summary>Where it lies.</summary>
    public static string FileOf(Data.DataPlace place) => Path.Combine(place.Folder, "keys", "house.key");

    /// <summary>A key of 32 bytes for one purpose.</summary>
    /// <exception cref="Trouble">There is none, and none was to be made.</exception>
    public byte[] For(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key ?? throw new Trouble(Speech.Say(Web.Words.NoHouseKey, file)), 32, info: Encoding.UTF8.GetBytes("amends:" + purpose));

    /// <summary>Encrypts a small secret (AES-256-GCM): nonce, tag, text.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> secret)
    {
        var sealedBytes = new byte[12 + 16 + secret.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(For(purpose), 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), secret, sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16));
        return sealedBytes;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">Another key, or changed bytes.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < 28) throw new CryptographicException("Too short to be sealed.");
        var secret = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(For(purpose), 16);
        aes.Decrypt(sealedBytes[..12], sealedBytes[28..], sealedBytes.Slice(12, 16), secret);
        return secret;
    }

    /// <summary>A keyed digest (HMAC-SHA-256) of a text, for tokens that prove themselves.</summary>
    public byte[] Mac(string purpose, string text) => HMACSHA256.HashData(For(purpose), Encoding.UTF8.GetBytes(text));
}
