using Amends.Foundation.Outside;
using Amends.Foundation.Web;

namespace Amends.Contacts.Email;

/// <summary>A picture from elsewhere.</summary>
public sealed record RemotePicture(FileKind Kind, ReadOnlyMemory<byte> Bytes);

/// <summary>Why there is no picture at an address.</summary>
public enum NoPicture : byte
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary>Such an address is not fetched: no public server, an unusual port, too long, or one too many.</summary>
    NotAllowed = 1,

    /// <summary>Nobody answered, or not in time.</summary>
    NoAnswer = 2,

    /// <summary>The server answered that there is none.</summary>
    Refused = 3,

    /// <summary>What came is no image that can be shown.</summary>
    NoImage = 4,

    /// <summary>Larger than <see cref="RemotePictures.MostBytes"/>.</summary>
    TooLarge = 5
}

/// <summary>What was found at an address.</summary>
public sealed record FoundPicture(RemotePicture? Picture, NoPicture Why);

/// <summary>
/// Remote images of mails, fetched by the house when somebody asks to see them (A07): the sender's server sees the house, once, and neither who reads nor
/// from where. Only raster images come through, by their bytes. Kept in memory for an hour, up to <see cref="MostKept"/>.
/// </summary>
public sealed class RemotePictures(OutsideCalls calls, TimeProvider clock) : IDisposable
{
    /// <summary>Bytes of one.</summary>
    public const int MostBytes = 5 * 1024 * 1024;

    /// <summary>Bytes of all that are kept.</summary>
    public const long MostKept = 32L * 1024 * 1024;

    /// <summary>Images of one mail that are fetched.</summary>
    public const int MostOfOne = 200;

    /// <summary>Characters of an address; what is longer is not fetched.</summary>
    public const int MostAddress = 2000;

    /// <summary>Of the six lines of the house those that one mail may have.</summary>
    const int LinesOfOne = 2;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10), Keep = TimeSpan.FromHours(1), KeepFailure = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly LinkedList<Entry> newest = new();
    readonly Dictionary<string, LinkedListNode<Entry>> known = new(StringComparer.Ordinal);
    readonly SemaphoreSlim lines = new(6);
    readonly Dictionary<long, Line> ofOne = [];
    long kept;

    sealed class Line
    {
        public SemaphoreSlim Free { get; } = new(LinesOfOne);
        public int Users { get; set; }
    }

    sealed record Entry(string Address, Task<FoundPicture> Picture, DateTimeOffset From)
    {
        public long Bytes { get; set; }
    }

    /// <summary>Bytes that are kept now.</summary>
    public long Kept { get { lock (gate) return kept; } }

    /// <summary>The picture at an address, or null where there is none that may be shown.</summary>
    /// <param name="contact">Whose mail names it: what one mail names does not hold up the pictures of the others.</param>
    public async Task<RemotePicture?> Get(Uri address, long contact) => (await Find(address, contact)).Picture;

    /// <summary>The same, and why there is none.</summary>
    public Task<FoundPicture> Find(Uri address, long contact)
    {
        ArgumentNullException.ThrowIfNull(address);
        var name = address.AbsoluteUri;
        lock (gate)
        {
            if (known.TryGetValue(name, out var node))
            {
                var failed = node.Value.Picture is { IsCompletedSuccessfully: true, Result.Picture: null };
                if (clock.GetUtcNow() - node.Value.From < (failed ? KeepFailure : Keep)) return node.Value.Picture;
                Forget(node);
            }
            // Not under the request that asked first: who comes second waits for the same.
            var entry = new Entry(name, Task.Run(() => Fetch(address, contact)), clock.GetUtcNow());
            var added = known[name] = newest.AddFirst(entry);
            _ = entry.Picture.ContinueWith(done => Weigh(added, done.Result.Picture?.Bytes.Length ?? 0), TaskScheduler.Default);
            return entry.Picture;
        }
    }

    void Weigh(LinkedListNode<Entry> node, long bytes)
    {
        lock (gate)
        {
            if (node.List is null) return;
            // Some for the entry itself, so that failures do not pile up for nothing.
            kept += node.Value.Bytes = bytes + 1024;
            while (kept > MostKept && newest.Last is { } oldest) Forget(oldest);
        }
    }

    void Forget(LinkedListNode<Entry> node)
    {
        newest.Remove(node);
        known.Remove(node.Value.Address);
        kept -= node.Value.Bytes;
    }

    async Task<FoundPicture> Fetch(Uri address, long contact)
    {
        Line? line;
        lock (gate)
        {
            if (!ofOne.TryGetValue(contact, out line)) ofOne[contact] = line = new();
            line.Users++;
        }
        // The time that it waits for its turn counts: somebody sits before it.
        using var limit = new CancellationTokenSource(Longest);
        try { return await Turn(line.Free, () => Turn(lines, () => Take(address, limit.Token), limit.Token), limit.Token); }
        catch (NotCalled why) { return new(null, Why(why.Message)); }
        catch (OperationCanceledException) when (limit.IsCancellationRequested) { return new(null, NoPicture.NoAnswer); }
        finally
        {
            lock (gate)
                if (--line.Users == 0)
                {
                    ofOne.Remove(contact);
                    line.Free.Dispose();
                }
        }
    }

    // What was said there is for programs; a number is what the server answered (RFC 9110 section 15).
    static NoPicture Why(string said) => said switch
    {
        "address" or "port" => NoPicture.NotAllowed,
        "size" => NoPicture.TooLarge,
        "redirect" => NoPicture.Refused,
        _ => said.Length == 3 && said.All(char.IsAsciiDigit) ? NoPicture.Refused : NoPicture.NoAnswer
    };

    static async Task<T> Turn<T>(SemaphoreSlim free, Func<Task<T>> act, CancellationToken stop)
    {
        await free.WaitAsync(stop);
        try { return await act(); }
        finally { free.Release(); }
    }

    async Task<FoundPicture> Take(Uri address, CancellationToken stop)
    {
        var bytes = await calls.Fetch(address, "image/png, image/jpeg, image/gif, image/webp", MostBytes, Longest, redirects: 3, stop);
        var kind = FileKind.Of(bytes.AsSpan(0, Math.Min(bytes.Length, FileKind.Head)));
        return kind.Inline ? new(new(kind, bytes), NoPicture.None) : new(null, NoPicture.NoImage);
    }

    public void Dispose() => lines.Dispose();

    const int LongestTag = 20_000;

    /// <summary>True where HTML names images that lie elsewhere: a quick look, for whether to offer them; what is shown is decided at display.</summary>
    public static bool AreNamed(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        int next;
        for (var at = html.IndexOf("<img", StringComparison.OrdinalIgnoreCase); at >= 0; at = html.IndexOf("<img", next, StringComparison.OrdinalIgnoreCase))
        {
            // Each character is looked at a few times at most, whatever stands there: what is in the tag is not looked through again.
            var tag = html.AsSpan(at, Math.Min(LongestTag, html.Length - at));
            if (tag.IndexOf('>') is >= 0 and var end) tag = tag[..end];
            next = at + Math.Max(4, tag.Length);
            var src = tag.IndexOf("src", StringComparison.OrdinalIgnoreCase);
            while (src >= 0)
            {
                var value = tag[(src + 3)..].TrimStart();
                if (value.StartsWith("=") && value[1..].TrimStart(" \t\r\n\"'") is var from && (from.StartsWith("http", StringComparison.OrdinalIgnoreCase) || from.StartsWith("//"))) return true;
                tag = tag[(src + 3)..];
                src = tag.IndexOf("src", StringComparison.OrdinalIgnoreCase);
            }
        }
        return false;
    }
}
