using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Amends.Mail;

/// <summary>What became of one signature (RFC 6376 section 6).</summary>
public enum DkimResult
{
    /// <summary>The signature is good.</summary>
    Pass,
    /// <summary>The message is not the one that was signed, or the signature has expired.</summary>
    Fail,
    /// <summary>The key could not be fetched just now: ask again later.</summary>
    TemporaryError,
    /// <summary>The signature or its key is unusable for ever: wrong form, no key, revoked, too short.</summary>
    PermanentError,
}

/// <summary>One checked signature.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Domain">Who signs (d=), lower case; empty when unreadable.</param>
/// <param name="Selector">Which key (s=).</param>
/// <param name="Identity">For whom (i=), "@domain" where nothing is said.</param>
/// <param name="Algorithm">"rsa-sha256", as written.</param>
/// <param name="SignedHeaders">The names of h=, lower case, in order.</param>
/// <param name="UnsignedBytes">Bytes of the body behind those signed (l=); more than 0 means that somebody may have added text.</param>
/// <param name="IsTesting">The key says that the domain is only trying (t=y).</param>
/// <param name="Reason">Why not, for people; empty for a good one.</param>
public sealed record DkimSignature(DkimResult Result, string Domain, string Selector, string Identity, string Algorithm, IReadOnlyList<string> SignedHeaders, long UnsignedBytes, bool IsTesting, string Reason)
{
    /// <summary>True when this signature shows that the domain of From sent the whole message: good, nothing added, no trial, and d= the domain of From or one above it.</summary>
    public bool Verifies(Mailbox from)
    {
        ArgumentNullException.ThrowIfNull(from);
        return Result == DkimResult.Pass && UnsignedBytes == 0 && !IsTesting && Domains.IsSameOrBelow(from.AsciiAddress[(from.AsciiAddress.LastIndexOf('@') + 1)..], Domain);
    }
}

/// <summary>What a key's name in the domain name system holds.</summary>
/// <param name="State">Whether it could be asked.</param>
/// <param name="Records">Its TXT records.</param>
public readonly record struct DkimKey(DnsState State, IReadOnlyList<string> Records);

/// <summary>Fetches the TXT records of "selector._domainkey.domain".</summary>
public delegate Task<DkimKey> DkimKeySource(string name, CancellationToken cancel);

static class Domains
{
    public static bool IsSameOrBelow(string domain, string above) =>
        above.Contains('.', StringComparison.Ordinal) && (domain.Equals(above, StringComparison.OrdinalIgnoreCase)
            || domain.Length > above.Length && domain[^(above.Length + 1)] == '.' && domain.EndsWith(above, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Checks the DKIM signatures of a message (RFC 6376, 8301, 8463: RSA and Ed25519 with SHA-256). Nothing throws but cancellation.</summary>
/// <param name="keys">Where keys come from.</param>
/// <param name="time">The clock that signatures expire by.</param>
public sealed class DkimVerifier(DkimKeySource keys, TimeProvider time)
{
    const int MostSignatures = 10, MostSigned = 200, LeastBits = 1024, MostBits = 8192;

    static readonly TimeSpan Skew = TimeSpan.FromHours(24);

    /// <summary>A verifier that takes its keys from the domain name system.</summary>
    public DkimVerifier(DnsClient dns, TimeProvider time) : this(From(dns), time)
    {
    }

    static DkimKeySource From(DnsClient dns)
    {
        ArgumentNullException.ThrowIfNull(dns);
        return async (name, cancel) =>
        {
            var answer = await dns.TextAsync(name, cancel).ConfigureAwait(false);
            return new(answer.State, answer.Records);
        };
    }

    /// <summary>Checks all signatures, the first ten at most, in the order they stand. Empty when there is none.</summary>
    /// <param name="raw">The message as it came; bare line feeds are taken as line ends.</param>
    /// <param name="cancel">Ends the checking.</param>
    public async Task<IReadOnlyList<DkimSignature>> VerifyAsync(ReadOnlyMemory<byte> raw, CancellationToken cancel = default)
    {
        var message = DkimMessage.Of(raw);
        var results = new List<DkimSignature>();
        foreach (var field in message.Fields)
        {
            if (!field.Is("dkim-signature"))
                continue;
            if (results.Count >= MostSignatures)
                break;
            results.Add(await CheckAsync(message, field, cancel).ConfigureAwait(false));
        }
        return results;
    }

    async Task<DkimSignature> CheckAsync(DkimMessage message, DkimField field, CancellationToken cancel)
    {
        var tags = DkimTags.Parse(Encoding.Latin1.GetString(field.Value(message.Raw.Span)));
        var nothing = new DkimSignature(DkimResult.PermanentError, "", "", "", "", [], 0, false, "The signature cannot be read.");
        if (tags is null)
            return nothing;
        var domain = tags["d"]?.ToLowerInvariant() ?? "";
        var result = nothing with
        {
            Domain = MailText.WithoutControl(domain),
            Selector = MailText.WithoutControl(tags["s"] ?? ""),
            Identity = MailText.WithoutControl(tags["i"] ?? $"@{domain}"),
            Algorithm = MailText.WithoutControl(tags["a"]?.ToLowerInvariant() ?? ""),
            SignedHeaders = [.. (tags["h"] ?? "").Split(':').Select(h => h.Trim().ToLowerInvariant()).Where(h => h.Length > 0).Take(MostSigned + 1)],
        };
        if (tags["v"] != "1" || domain.Length == 0 || result.Selector.Length == 0 || tags["b"] is not { Length: > 0 } b || tags["bh"] is not { Length: > 0 } bh)
            return result with { Reason = "A part of the signature that must be there is missing." };
        if (result.Algorithm is not "rsa-sha256" and not "ed25519-sha256")
            return result with { Reason = result.Algorithm == "rsa-sha1" ? "SHA-1 proves nothing any more (RFC 8301)." : "Nobody knows this algorithm." };
        if (!result.SignedHeaders.Contains("from") || result.SignedHeaders.Count > MostSigned)
            return result with { Reason = "From is not signed." };
        var at = result.Identity.LastIndexOf('@');
        if (at < 0 || !(domain.Contains('.', StringComparison.Ordinal) && Domains.IsSameOrBelow(result.Identity[(at + 1)..], domain)))
            return result with { Reason = "It signs for another domain than its own." };
        if (tags["q"] is { } ways && !ways.Split(':').Any(q => q.Trim() == "dns/txt"))
            return result with { Reason = "The key is kept where nobody can fetch it." };
        if (Canonical(tags["c"]) is not var (relaxedHeader, relaxedBody))
            return result with { Reason = "Nobody knows this canonicalisation." };
        long? signedAt = null, expires = null, length = null;
        if (!Number(tags["t"], ref signedAt) || !Number(tags["x"], ref expires) || !Number(tags["l"], ref length) || expires is not null && signedAt is not null && expires < signedAt)
            return result with { Reason = "A number in the signature is none." };
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (expires < now)
            return result with { Result = DkimResult.Fail, Reason = "The signature has expired." };
        if (signedAt > now + (long)Skew.TotalSeconds)
            return result with { Result = DkimResult.Fail, Reason = "The signature was made in the future." };
        // A second From could be the one that people see (RFC 6376 section 8.15).
        if (message.Fields.Count(f => f.Is("from")) != 1)
            return result with { Result = DkimResult.Fail, Reason = "The message has not one From but several, or none." };

        DkimKey key;
        try
        {
            key = await keys($"{result.Selector}._domainkey.{domain}", cancel).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            return result with { Reason = "The key's name is no name." };
        }
        if (key.State == DnsState.Unavailable)
            return result with { Result = DkimResult.TemporaryError, Reason = "The key could not be fetched." };
        if (key.State == DnsState.None || key.Records.Count == 0)
            return result with { Reason = "There is no key." };
        var record = key.Records.Select(DkimTags.Parse).FirstOrDefault(r => r is not null && r["p"] is not null && r["v"] is null or "DKIM1");
        if (record is null)
            return result with { Reason = "The key cannot be read." };
        if (record["p"]!.Length == 0)
            return result with { Reason = "The key was revoked." };
        var flags = (record["t"] ?? "").Split(':').Select(f => f.Trim()).ToList();
        result = result with { IsTesting = flags.Contains("y") };
        if (flags.Contains("s") && !result.Identity[(at + 1)..].Equals(domain, StringComparison.OrdinalIgnoreCase))
            return result with { Reason = "The key is for its own domain only." };
        if (record["h"] is { } hashes && !hashes.Split(':').Any(h => h.Trim().Equals("sha256", StringComparison.OrdinalIgnoreCase)))
            return result with { Reason = "The key is not for SHA-256." };
        if (record["s"] is { } services && !services.Split(':').Any(s => s.Trim() is "*" or "email"))
            return result with { Reason = "The key is not for mail." };
        var kind = record["k"]?.ToLowerInvariant() ?? "rsa";
        if (kind != (result.Algorithm == "rsa-sha256" ? "rsa" : "ed25519"))
            return result with { Reason = "The key is of another kind than the signature." };
        if (!DkimTags.TryBase64(record["p"]!, out var spki) || !DkimTags.TryBase64(b, out var signature) || !DkimTags.TryBase64(bh, out var wanted))
            return result with { Reason = "Base64 in the signature or the key is broken." };

        var (hash, total, covered) = DkimBody.Hash(message.Body.Span, relaxedBody, length);
        if (length > total)
            return result with { Result = DkimResult.Fail, Reason = "The body is shorter than what was signed." };
        result = result with { UnsignedBytes = total - covered };
        if (!CryptographicOperations.FixedTimeEquals(hash, wanted))
            return result with { Result = DkimResult.Fail, Reason = "The body was changed." };
        var headers = DkimHeaders.Hash(message, result.SignedHeaders, field, relaxedHeader);
        if (kind == "ed25519")
        {
            // The bare key, and what is signed is the hash (RFC 8463 section 3).
            if (spki.Length != 32)
                return result with { Reason = "The key cannot be used." };
            return Ed25519.Verify(spki, headers, signature)
                ? result with { Result = DkimResult.Pass, Reason = "" }
                : result with { Result = DkimResult.Fail, Reason = "The signature does not fit the headers." };
        }
        using var rsa = RSA.Create();
        try
        {
            Import(rsa, spki);
            if (rsa.KeySize < LeastBits)
                return result with { Reason = $"The key has {rsa.KeySize} bits; below {LeastBits} it proves nothing (RFC 8301)." };
            if (rsa.KeySize > MostBits)
                return result with { Reason = "The key is longer than anybody needs." };
            return rsa.VerifyHash(headers, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? result with { Result = DkimResult.Pass, Reason = "" }
                : result with { Result = DkimResult.Fail, Reason = "The signature does not fit the headers." };
        }
        catch (CryptographicException)
        {
            return result with { Reason = "The key cannot be used." };
        }
    }

    static void Import(RSA rsa, byte[] bytes)
    {
        try
        {
            rsa.ImportSubjectPublicKeyInfo(bytes, out _);
        }
        catch (CryptographicException)
        {
            // Some publish the bare key, as the first wording of the standard let them.
            rsa.ImportRSAPublicKey(bytes, out _);
        }
    }

    static (bool Header, bool Body)? Canonical(string? c)
    {
        var ways = (c ?? "simple/simple").ToLowerInvariant().Split('/');
        if (ways.Length > 2 || ways.Any(w => w is not ("simple" or "relaxed")))
            return null;
        return (ways[0] == "relaxed", ways.Length > 1 && ways[1] == "relaxed");
    }

    static bool Number(string? text, ref long? value)
    {
        if (text is null)
            return true;
        // Up to 76 digits are allowed; nobody's time or length has more than 18.
        if (text.Length is 0 or > 76 || !text.All(char.IsAsciiDigit))
            return false;
        value = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        return true;
    }
}

/// <summary>Signs messages (RFC 6376): rsa-sha256, which every receiver checks, relaxed/relaxed, From signed once more than it stands there so that none can be added.</summary>
public sealed class DkimSigner : IDisposable
{
    static readonly string[] Names =
    [
        "from", "sender", "reply-to", "subject", "date", "message-id", "to", "cc", "mime-version", "content-type", "content-transfer-encoding", "in-reply-to", "references",
        "list-unsubscribe", "list-unsubscribe-post", "list-id", "auto-submitted",
    ];

    readonly RSA _key;

    /// <summary>A signer for a domain.</summary>
    /// <param name="domain">d=: who signs.</param>
    /// <param name="selector">s=: the key stands at "selector._domainkey.domain".</param>
    /// <param name="privateKeyPem">The RSA key, PKCS#8 or PKCS#1, at least 1024 bits (2048 is what one takes).</param>
    /// <exception cref="ArgumentException">The key is none or too short, or a name is none.</exception>
    public DkimSigner(string domain, string selector, string privateKeyPem)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        ArgumentException.ThrowIfNullOrEmpty(selector);
        if (!IsName(domain) || !domain.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException("Not a domain.", nameof(domain));
        if (!IsName(selector))
            throw new ArgumentException("Not a selector.", nameof(selector));
        (Domain, Selector) = (domain.ToLowerInvariant(), selector);
        _key = RSA.Create();
        try
        {
            _key.ImportFromPem(privateKeyPem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            _key.Dispose();
            throw new ArgumentException("Not an RSA key.", nameof(privateKeyPem), e);
        }
        if (_key.KeySize < 1024)
        {
            _key.Dispose();
            throw new ArgumentException("A key below 1024 bits proves nothing (RFC 8301).", nameof(privateKeyPem));
        }
    }

    static bool IsName(string name) => name.Length <= 253 && name.Split('.').All(l => l.Length is > 0 and <= 63 && l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    /// <summary>Who signs.</summary>
    public string Domain { get; }

    /// <summary>Which key.</summary>
    public string Selector { get; }

    /// <summary>The TXT record to publish at "selector._domainkey.domain".</summary>
    public string Record => $"v=DKIM1; k=rsa; p={Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())}";

    /// <summary>The message with its signature above it. Line ends become CRLF.</summary>
    /// <param name="message">A whole message. It must have a From.</param>
    /// <param name="at">When it is signed (t=).</param>
    /// <exception cref="ArgumentException">No From, or several.</exception>
    public byte[] Sign(ReadOnlyMemory<byte> message, DateTimeOffset at)
    {
        var lines = Lines(message.Span);
        var parsed = DkimMessage.Of(lines);
        if (parsed.Fields.Count(f => f.Is("from")) != 1)
            throw new ArgumentException("A message to sign has one From.", nameof(message));
        var names = new List<string>();
        foreach (var name in Names)
        {
            var count = parsed.Fields.Count(f => f.Is(name));
            names.AddRange(Enumerable.Repeat(name, count));
        }
        names.Add("from");
        names.Add("subject");
        var (hash, _, _) = DkimBody.Hash(parsed.Body.Span, relaxed: true, null);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={Domain};\r\n s={Selector}; t={at.ToUnixTimeSeconds()};\r\n h=");
        var column = 3;
        for (var i = 0; i < names.Count; i++)
        {
            var piece = names[i] + (i < names.Count - 1 ? ":" : ";");
            if (column + piece.Length > 74)
            {
                head.Append("\r\n  ");
                column = 2;
            }
            head.Append(piece);
            column += piece.Length;
        }
        head.Append(CultureInfo.InvariantCulture, $"\r\n bh={Convert.ToBase64String(hash)};\r\n b=");
        var unsigned = Encoding.ASCII.GetBytes(head + "\r\n");
        var whole = DkimMessage.Of((byte[])[.. unsigned, .. lines]);
        var digest = DkimHeaders.Hash(whole, names, whole.Fields[0], relaxed: true);
        var signature = Convert.ToBase64String(_key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        for (var i = 0; i < signature.Length; i += 72)
            head.Append(i == 0 ? "" : "\r\n  ").Append(signature, i, Math.Min(72, signature.Length - i));
        head.Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. lines];
    }

    static byte[] Lines(ReadOnlySpan<byte> message)
    {
        var result = new ArrayBufferWriter<byte>(message.Length + 64);
        while (!message.IsEmpty)
        {
            // As the submission does: bare CR and bare LF are line ends, or the signature would not fit what arrives.
            var end = message.IndexOfAny((byte)'\r', (byte)'\n');
            result.Write(end < 0 ? message : message[..end]);
            result.Write("\r\n"u8);
            if (end < 0)
                break;
            message = message[(end + (message[end] == '\r' && end + 1 < message.Length && message[end + 1] == '\n' ? 2 : 1))..];
        }
        return result.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

/// <summary>A field by where it stands: name, and everything from its first byte to its last line end.</summary>
readonly record struct DkimField(string Name, int Start, int Colon, int End)
{
    public bool Is(string lower) => Name == lower;

    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> raw) => raw[(Colon + 1)..End];
}

/// <summary>A message as signatures see it: fields in order, byte for byte, and a body.</summary>
sealed record DkimMessage(ReadOnlyMemory<byte> Raw, IReadOnlyList<DkimField> Fields, ReadOnlyMemory<byte> Body)
{
    const int MostFields = 2_000;

    public static DkimMessage Of(ReadOnlyMemory<byte> raw)
    {
        var span = raw.Span;
        var fields = new List<DkimField>();
        var at = 0;
        while (at < span.Length)
        {
            var line = HeaderReader.LineEnd(span, at);
            if (line.Content == at)
                return new(raw, fields, raw[line.Next..]);
            var next = line.Next;
            while (next < span.Length && span[next] is (byte)' ' or (byte)'\t')
                next = HeaderReader.LineEnd(span, next).Next;
            var colon = span[at..line.Content].IndexOf((byte)':');
            if (colon > 0 && fields.Count < MostFields)
                fields.Add(new(Encoding.Latin1.GetString(span.Slice(at, colon)).TrimEnd(' ', '\t').ToLowerInvariant(), at, at + colon, next));
            at = next;
        }
        return new(raw, fields, ReadOnlyMemory<byte>.Empty);
    }
}

/// <summary>"tag=value; tag=value" (RFC 6376 section 3.2). White space in values goes: no tag we read needs it.</summary>
sealed class DkimTags
{
    readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    public string? this[string tag] => _tags.GetValueOrDefault(tag);

    /// <summary>Null when a tag stands twice or has no "=".</summary>
    public static DkimTags? Parse(string text)
    {
        if (text.Length > 64 * 1024)
            return null;
        var tags = new DkimTags();
        foreach (var piece in text.Split(';'))
        {
            var trimmed = piece.Trim();
            if (trimmed.Length == 0)
                continue;
            var equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !tags._tags.TryAdd(trimmed[..equals].Trim(), string.Concat(trimmed[(equals + 1)..].Where(c => c is not (' ' or '\t' or '\r' or '\n')))))
                return null;
        }
        return tags;
    }

    public static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) && !Convert.TryFromBase64String(text + new string('=', (4 - text.Length % 4) % 4), bytes, out length))
            return false;
        bytes = bytes[..length];
        return true;
    }
}

/// <summary>Canonical headers (RFC 6376 section 3.4.1, 3.4.2) and their hash (3.7).</summary>
static class DkimHeaders
{
    public static byte[] Hash(DkimMessage message, IReadOnlyList<string> names, DkimField signature, bool relaxed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var span = message.Raw.Span;
        // From the bottom up: the second naming of a header means the next one above.
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var from = used.GetValueOrDefault(name, message.Fields.Count);
            while (--from >= 0 && !(message.Fields[from].Name == name && message.Fields[from].Start != signature.Start))
            {
            }
            used[name] = Math.Max(from, 0);
            if (from < 0)
            {
                used[name] = 0;
                continue;
            }
            Append(hash, span, message.Fields[from], relaxed);
            hash.AppendData("\r\n"u8);
        }
        // The signature itself last, without the value of b= and without its line end.
        var bare = WithoutB(span[signature.Start..signature.End], signature.Colon - signature.Start);
        var field = new DkimField(signature.Name, 0, signature.Colon - signature.Start, bare.Length);
        Append(hash, bare, field, relaxed);
        return hash.GetHashAndReset();
    }

    static void Append(IncrementalHash hash, ReadOnlySpan<byte> raw, DkimField field, bool relaxed)
    {
        var text = raw[field.Start..field.End];
        if (!relaxed)
        {
            while (!text.IsEmpty)
            {
                var end = text.IndexOf((byte)'\n');
                var line = end < 0 ? text : text[..end];
                hash.AppendData(line is [.., (byte)'\r'] ? line[..^1] : line);
                text = end < 0 ? default : text[(end + 1)..];
                if (!text.IsEmpty)
                    hash.AppendData("\r\n"u8);
            }
            return;
        }
        hash.AppendData(Encoding.Latin1.GetBytes(field.Name));
        hash.AppendData(":"u8);
        var value = raw[(field.Colon + 1)..field.End];
        var buffer = ArrayPool<byte>.Shared.Rent(value.Length + 1);
        int length = 0;
        var blank = false;
        foreach (var b in value)
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                // Line ends go; the blank of a fold stays.
                blank |= b is (byte)' ' or (byte)'\t';
                continue;
            }
            if (blank && length > 0)
                buffer[length++] = (byte)' ';
            blank = false;
            buffer[length++] = b;
        }
        hash.AppendData(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    static byte[] WithoutB(ReadOnlySpan<byte> field, int colon)
    {
        var at = colon + 1;
        while (at < field.Length)
        {
            var end = field[at..].IndexOf((byte)';');
            end = end < 0 ? field.Length : at + end;
            var equals = field[at..end].IndexOf((byte)'=');
            if (equals >= 0 && field.Slice(at, equals).Trim(" \t\r\n"u8).SequenceEqual("b"u8))
            {
                // The line end of the field belongs to no value.
                var rest = field[end..];
                return [.. field[..(at + equals + 1)], .. rest];
            }
            at = end + 1;
        }
        return field.ToArray();
    }
}

/// <summary>Canonical bodies (RFC 6376 section 3.4.3, 3.4.4), hashed as they go by.</summary>
static class DkimBody
{
    /// <summary>The hash, how many canonical bytes the body has, and how many of them were hashed.</summary>
    public static (byte[] Hash, long Total, long Covered) Hash(ReadOnlySpan<byte> body, bool relaxed, long? limit)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0, covered = 0;
        long blanks = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(4_096);
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            if (relaxed)
                line = line.TrimEnd(" \t"u8);
            if (line.IsEmpty)
            {
                blanks++;
                continue;
            }
            for (; blanks > 0; blanks--)
                Add("\r\n"u8);
            if (relaxed && (line.IndexOf((byte)'\t') >= 0 || line.IndexOf("  "u8) >= 0))
            {
                if (buffer.Length < line.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(line.Length);
                }
                var length = 0;
                var blank = false;
                foreach (var b in line)
                {
                    if (b is (byte)' ' or (byte)'\t')
                    {
                        if (!blank)
                            buffer[length++] = (byte)' ';
                        blank = true;
                        continue;
                    }
                    blank = false;
                    buffer[length++] = b;
                }
                Add(buffer.AsSpan(0, length));
            }
            else
                Add(line);
            Add("\r\n"u8);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        // An empty body is a line end in the simple form, and nothing in the relaxed one.
        if (total == 0 && !relaxed)
            Add("\r\n"u8);
        return (hash.GetHashAndReset(), total, covered);

        void Add(ReadOnlySpan<byte> bytes)
        {
            total += bytes.Length;
            if (limit is long most)
                bytes = bytes[..(int)Math.Clamp(most - covered, 0, bytes.Length)];
            covered += bytes.Length;
            hash.AppendData(bytes);
        }
    }
}
