using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Amends.Mail;

namespace Amends.Tests.Cast;

/// <summary>How a server misbehaves.</summary>
enum Trick
{
    /// <summary>The connection ends, after <see cref="Mischief.Bytes"/> more bytes.</summary>
    Cut,
    /// <summary>What is no IMAP comes instead of the answer.</summary>
    Garbage,
    /// <summary>The literal of a message is said to be <see cref="Mischief.Bytes"/> longer than it is.</summary>
    LongerLiteral,
    /// <summary>The literal of a message is said to be <see cref="Mischief.Bytes"/> shorter than it is.</summary>
    ShorterLiteral,
    /// <summary>BYE, and the connection ends.</summary>
    Bye,
    /// <summary>Nothing is said any more; the connection stays.</summary>
    Silence,
    /// <summary>The command is refused: NO.</summary>
    No,
    /// <summary>The command is not understood: BAD.</summary>
    Bad,
    /// <summary>The message that is sent is another one than the one asked for.</summary>
    OtherMessage,
    /// <summary>All goes well but the last line, which never comes: the connection ends before it.</summary>
    CutBeforeDone,
}

/// <summary>A misdeed that waits for its moment, and happens once.</summary>
/// <param name="Trick">What happens.</param>
/// <param name="At">The command at which it happens ("FETCH", "GREETING", "STORE"), or null for the next whatever it is.</param>
/// <param name="Bytes">How many bytes, where that has a meaning.</param>
/// <param name="Text">What is said with it.</param>
sealed record Mischief(Trick Trick, string? At = null, int Bytes = 0, string Text = "Not today");

/// <summary>A message as the server has it.</summary>
sealed class FakeMessage(uint uid, byte[] raw, DateTimeOffset received)
{
    public uint Uid { get; set; } = uid;
    public byte[] Raw { get; } = raw;
    public DateTimeOffset Received { get; } = received;
    public HashSet<string> Flags { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A folder as the server has it.</summary>
sealed class FakeFolder(string name, uint validity)
{
    public string Name { get; set; } = name;
    public uint UidValidity { get; set; } = validity;
    public uint UidNext { get; set; } = 1;
    public List<FakeMessage> Messages { get; } = [];
    public bool IsReadOnly { get; set; }
    internal TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An IMAP server in the test's own hand. It keeps the truth (folders, messages, UIDs, flags) and reads commands strictly: what is no clean command is kept in
/// <see cref="Malformed"/>. What it is told to do wrong it does once, at its moment. Everything may be changed while clients are connected.</summary>
sealed class FakeImap : IAsyncDisposable
{
    public const string Password = "secret";

    static readonly DateTimeOffset When = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly List<Task> sessions = [];
    readonly Lock truth = new();
    readonly Dictionary<string, FakeFolder> folders = new(StringComparer.Ordinal);
    readonly List<Mischief> waiting = [];
    readonly List<string> heard = [], malformed = [];
    readonly HashSet<string> offers = new(["IMAP4rev1", "IDLE", "MOVE", "UIDPLUS", "LITERAL+", "SASL-IR", "AUTH=PLAIN"], StringComparer.OrdinalIgnoreCase);
    readonly Task accepting;
    int connections, open;
    uint nextValidity = 1_000;

    public FakeImap()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        AddFolder("INBOX");
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How to reach it.</summary>
    public ImapServer Server => new("localhost", Port, "desk") { Password = Password, Security = Tls ? MailSecurity.Tls : MailSecurity.None, AllowPlainPassword = !Tls, TrustedRoot = Certificates.Root, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>True for TLS from the first byte; else it speaks plain text, for it is in this process.</summary>
    public bool Tls { get; set; }

    /// <summary>Whether a token is good for a user. With it the server takes tokens (XOAUTH2) and no password.</summary>
    public Func<string, string, bool>? Tokens { get; set; }

    /// <summary>False for servers that do not say RECENT, FLAGS and UIDNEXT.</summary>
    public bool SaysMore { get; set; } = true;

    /// <summary>How often somebody has connected.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>How many connections are open now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>All commands that were understood, without their tags, in order: name and arguments divided by "|".</summary>
    public IReadOnlyList<string> Heard => Look(() => heard.ToArray());

    /// <summary>Lines that are no clean commands.</summary>
    public IReadOnlyList<string> Malformed => Look(() => malformed.ToArray());

    public FakeFolder Inbox => Folder("INBOX");

    public IReadOnlyList<string> Folders => Look(() => folders.Keys.Order(StringComparer.Ordinal).ToArray());

    public FakeFolder Folder(string name) => Look(() => folders[name]);

    /// <summary>What the truth is, while nobody changes it.</summary>
    public T Look<T>(Func<T> look)
    {
        lock (truth)
            return look();
    }

    public FakeFolder AddFolder(string name)
    {
        lock (truth)
            return folders[name] = new(name, ++nextValidity);
    }

    public void RemoveFolder(string name)
    {
        lock (truth)
        {
            folders.Remove(name, out var gone);
            gone?.Messages.Clear();
        }
    }

    public void RenameFolder(string name, string to)
    {
        lock (truth)
        {
            folders.Remove(name, out var folder);
            folders[to] = folder!;
            folder!.Name = to;
        }
    }

    /// <summary>A mail comes in; clients that wait hear of it.</summary>
    /// <returns>Its UID.</returns>
    public uint Deliver(ReadOnlySpan<byte> raw, string folder = "INBOX", DateTimeOffset? received = null)
    {
        lock (truth)
        {
            var to = folders[folder];
            to.Messages.Add(new(to.UidNext, raw.ToArray(), received ?? When));
            Tell(to);
            return to.UidNext++;
        }
    }

    static void Tell(FakeFolder folder)
    {
        folder.Changed.TrySetResult();
        folder.Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A mail is taken out by somebody else.</summary>
    public void Remove(uint uid, string folder = "INBOX")
    {
        lock (truth)
        {
            folders[folder].Messages.RemoveAll(m => m.Uid == uid);
            Tell(folders[folder]);
        }
    }

    /// <summary>The UIDs begin anew, and the server says so by another UIDVALIDITY.</summary>
    public void ChangeUidValidity(string folder = "INBOX", uint first = 1)
    {
        lock (truth)
        {
            folders[folder].UidValidity = ++nextValidity;
            Renumber(folder, first);
        }
    }

    /// <summary>The UIDs begin anew and the server says nothing of it, as it must not.</summary>
    public void Renumber(string folder = "INBOX", uint first = 1)
    {
        lock (truth)
        {
            foreach (var message in folders[folder].Messages)
                message.Uid = first++;
            folders[folder].UidNext = first;
        }
    }

    /// <summary>The server offers something no more ("MOVE", "IDLE"), as from the next connection.</summary>
    public void Lose(params string[] capabilities)
    {
        lock (truth)
            offers.ExceptWith(capabilities);
    }

    /// <summary>The server offers something more ("LOGINDISABLED", "X").</summary>
    public void Offer(params string[] capabilities)
    {
        lock (truth)
            offers.UnionWith(capabilities);
    }

    /// <summary>Something goes wrong, once for each time that it is said.</summary>
    public void Next(params Mischief[] mischief)
    {
        lock (truth)
            waiting.AddRange(mischief);
    }

    /// <summary>What is still to go wrong.</summary>
    public int Waiting => Look(() => waiting.Count);

    Mischief? Take(string command)
    {
        lock (truth)
        {
            var found = waiting.FindIndex(m => m.At is null || m.At == command);
            if (found < 0)
                return null;
            var one = waiting[found];
            waiting.RemoveAt(found);
            return one;
        }
    }

    /// <summary>All connections end at once, as when the machine goes down.</summary>
    public void HangUp()
    {
        lock (truth)
        {
            foreach (var socket in sockets)
                socket.Dispose();
            sockets.Clear();
        }
    }

    readonly List<Socket> sockets = [];

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(end.Token);
                socket.NoDelay = true;
                Interlocked.Increment(ref connections);
                lock (truth)
                {
                    sockets.Add(socket);
                    sessions.Add(Task.Run(() => ServeAsync(socket)));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref open);
        try
        {
            await using Stream plain = new NetworkStream(socket, ownsSocket: true);
            var stream = plain;
            if (Tls)
            {
                var tls = new SslStream(plain);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificates.Good }, end.Token);
                stream = tls;
            }
            await new Session(this, stream).RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException or Ended)
        {
            // The client went away, or the trick was to end here.
        }
        finally
        {
            lock (truth)
                sockets.Remove(socket);
            Interlocked.Decrement(ref open);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        HangUp();
        await accepting;
        await Task.WhenAll(Look(() => sessions.ToArray()));
        end.Dispose();
    }

    sealed class Ended : Exception;

    sealed class NotClean(string why) : Exception(why);

    /// <summary>One connection.</summary>
    sealed class Session(FakeImap house, Stream stream)
    {
        readonly byte[] buffer = new byte[16 * 1024];
        int from, to;
        long? left;
        Mischief? trick;
        FakeFolder? selected;
        int told;
        bool readOnly, signedIn;

        CancellationToken End => house.end.Token;

        public async Task RunAsync()
        {
            trick = house.Take("GREETING");
            if (!await BeginAsync("* OK ready"))
                return;
            if (trick is not { Trick: Trick.Garbage })
                await SayAsync($"* OK [CAPABILITY {Offers()}] ready");
            while (true)
            {
                var (tag, words) = await CommandAsync();
                if (words is null)
                {
                    await SayAsync($"{tag} BAD Not a command");
                    continue;
                }
                var name = words[0].Text.ToUpperInvariant();
                var at = 1;
                if (name == "UID" && words.Count > 1)
                    name = words[at++].Text.ToUpperInvariant();
                lock (house.truth)
                    house.heard.Add(string.Join('|', words.Select(w => w.Text)));
                trick = house.Take(name);
                if (!await BeginAsync($"{tag} OK"))
                    return;
                if (trick is { Trick: Trick.No } no)
                {
                    await SayAsync($"{tag} NO {no.Text}");
                    continue;
                }
                if (trick is { Trick: Trick.Bad } bad)
                {
                    await SayAsync($"{tag} BAD {bad.Text}");
                    continue;
                }
                string done;
                try
                {
                    done = await DoAsync(name, words, at, tag);
                }
                catch (NotClean e)
                {
                    lock (house.truth)
                        house.malformed.Add(string.Join('|', words.Select(w => w.Text)));
                    done = $"BAD {e.Message}";
                }
                if (trick is { Trick: Trick.CutBeforeDone })
                    throw new Ended();
                await SayAsync($"{tag} {done}");
                if (name == "LOGOUT")
                    return;
            }
        }

        /// <summary>What happens before the answer; false when the connection is to end.</summary>
        async Task<bool> BeginAsync(string ok)
        {
            switch (trick?.Trick)
            {
                case Trick.Cut:
                    left = trick.Bytes;
                    return trick.Bytes > 0 || await Over();
                case Trick.Garbage:
                    var bytes = new byte[Math.Max(trick.Bytes, 40)];
                    new Random(trick.Bytes).NextBytes(bytes);
                    await SayAsync([.. bytes, .. Encoding.ASCII.GetBytes($"\r\n)) {{9}}\r\n{ok} done\r\n")]);
                    return true;
                case Trick.Bye:
                    await SayAsync($"* BYE {trick.Text}");
                    return await Over();
                case Trick.Silence:
                    // Until the client goes; what it still says is thrown away.
                    while (await stream.ReadAsync(buffer, End) > 0)
                    {
                    }
                    return await Over();
                default:
                    return true;
            }

            static Task<bool> Over() => Task.FromResult(false);
        }

        string Offers()
        {
            lock (house.truth)
                return string.Join(' ', house.Tokens is null ? house.offers : house.offers.Except(["AUTH=PLAIN"]).Append("AUTH=XOAUTH2"));
        }

        Task SayAsync(string line) => SayAsync(Encoding.Latin1.GetBytes(line + "\r\n"));

        async Task SayAsync(byte[] bytes)
        {
            if (left is { } most && bytes.Length >= most)
            {
                await stream.WriteAsync(bytes.AsMemory(0, (int)most), End);
                await stream.FlushAsync(End);
                throw new Ended();
            }
            left -= bytes.Length;
            await stream.WriteAsync(bytes, End);
            await stream.FlushAsync(End);
        }

        async Task<string> DoAsync(string name, List<Word> words, int at, string tag)
        {
            switch (name)
            {
                case "CAPABILITY":
                    await SayAsync($"* CAPABILITY {Offers()}");
                    return "OK done";
                case "NOOP":
                    await NewsAsync();
                    return "OK done";
                case "LOGOUT":
                    await SayAsync("* BYE see you");
                    return "OK done";
                case "LOGIN":
                    return SignIn(Arg(words, at), Arg(words, at + 1));
                case "AUTHENTICATE":
                    if (house.Tokens is { } good)
                        return await ByTokenAsync(words, at, good);
                    if (!Arg(words, at).Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
                        return "NO Not this way";
                    var word = words.Count > at + 1 ? words[at + 1].Text : null;
                    if (word is null)
                    {
                        await SayAsync("+ ");
                        word = Encoding.Latin1.GetString(await LineAsync());
                    }
                    var parts = Encoding.UTF8.GetString(Convert.FromBase64String(word)).Split('\0');
                    return parts is [_, var user, var password] ? SignIn(user, password) : "BAD Three parts";
            }
            if (!signedIn)
                return "BAD Sign in first";
            switch (name)
            {
                case "LIST":
                    Arg(words, at);
                    var pattern = Name(words, at + 1);
                    foreach (var folder in house.Folders.Where(f => pattern is "*" or "%" || pattern == f))
                        await SayAsync($"* LIST (\\HasNoChildren) \"/\" \"{ImapNames.Encode(folder).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
                    return "OK done";
                case "CREATE":
                    var made = Name(words, at);
                    if (house.Folders.Contains(made))
                        return "NO [ALREADYEXISTS] It is there";
                    house.AddFolder(made);
                    return "OK done";
                case "SELECT" or "EXAMINE":
                    return await SelectAsync(Name(words, at), name == "EXAMINE");
                case "APPEND":
                    return Append(words, at);
            }
            if (selected is null)
                return "BAD Select first";
            switch (name)
            {
                case "SEARCH":
                    if (words.Count != at + 2 || words[at].Text != "UID")
                        throw new NotClean("Only UID is searched");
                    var found = house.Look(() => In(words[at + 1].Text).Select(m => m.Uid).ToArray());
                    await SayAsync($"* SEARCH{string.Concat(found.Select(u => string.Create(CultureInfo.InvariantCulture, $" {u}")))}");
                    return "OK done";
                case "FETCH":
                    await FetchAsync(Arg(words, at), [.. words.Skip(at + 1).Select(w => w.Text)]);
                    return "OK done";
                case "STORE":
                    return Store(Arg(words, at), Arg(words, at + 1), [.. words.Skip(at + 2).Where(w => w.Text is not ("(" or ")")).Select(w => w.Text)]);
                case "COPY" or "MOVE":
                    return await CopyAsync(Arg(words, at), Name(words, at + 1), name == "MOVE");
                case "EXPUNGE":
                    var set = words.Count > at ? words[at].Text : "1:*";
                    var gone = house.Look(() => In(set).Where(m => m.Flags.Contains("\\Deleted")).ToArray());
                    await TakeOutAsync(gone);
                    return "OK done";
                case "IDLE":
                    await IdleAsync();
                    return "OK done";
                default:
                    throw new NotClean($"Not known: {tag}");
            }
        }

        // "user=…^Aauth=Bearer …^A^A"; who is refused is told why in base64, and answers with an empty line.
        async Task<string> ByTokenAsync(List<Word> words, int at, Func<string, string, bool> good)
        {
            if (!Arg(words, at).Equals("XOAUTH2", StringComparison.OrdinalIgnoreCase))
                return "NO Not this way";
            var said = Encoding.UTF8.GetString(Convert.FromBase64String(words[at + 1].Text)).Split('\u0001');
            if (said is not [['u', 's', 'e', 'r', '=', .. var user], var bearer, "", ""] || !bearer.StartsWith("auth=Bearer ", StringComparison.Ordinal))
                throw new NotClean("Not XOAUTH2");
            signedIn = good(user, bearer["auth=Bearer ".Length..]);
            if (signedIn)
                return $"OK [CAPABILITY {Offers()}] in";
            await SayAsync("+ eyJzdGF0dXMiOiI0MDAifQ==");
            if ((await LineAsync()).Length != 0)
                throw new NotClean("An empty line ends it");
            return "NO [AUTHENTICATIONFAILED] Wrong";
        }

        string SignIn(string user, string password)
        {
            if (house.Tokens is not null)
                return "NO [AUTHENTICATIONFAILED] Tokens only";
            signedIn = user == "desk" && password == Password;
            return signedIn ? $"OK [CAPABILITY {Offers()}] in" : "NO [AUTHENTICATIONFAILED] Wrong";
        }

        async Task<string> SelectAsync(string name, bool examine)
        {
            selected = null;
            var folder = house.Look(() => house.folders.GetValueOrDefault(name));
            if (folder is null)
                return "NO [NONEXISTENT] No such folder";
            var (count, validity, next) = house.Look(() => (folder.Messages.Count, folder.UidValidity, folder.UidNext));
            if (house.SaysMore)
            {
                await SayAsync("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
                await SayAsync("* 0 RECENT");
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"* OK [UIDNEXT {next}] next"));
            }
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"* {count} EXISTS"));
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"* OK [UIDVALIDITY {validity}] valid"));
            (selected, told, readOnly) = (folder, count, examine || folder.IsReadOnly);
            return readOnly ? "OK [READ-ONLY] done" : "OK [READ-WRITE] done";
        }

        /// <summary>What has changed in the open folder since it was last told.</summary>
        async Task NewsAsync()
        {
            if (selected is null)
                return;
            var count = house.Look(() => selected.Messages.Count);
            for (; told > count; told--)
                await SayAsync("* 1 EXPUNGE");
            if (count > told)
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"* {count} EXISTS"));
            told = count;
        }

        async Task IdleAsync()
        {
            await SayAsync("+ idling");
            var line = LineAsync();
            while (true)
            {
                var changed = house.Look(() => selected!.Changed.Task);
                await NewsAsync();
                if (await Task.WhenAny(line, changed) == line)
                    break;
            }
            if (Encoding.Latin1.GetString(await line) is not "DONE" and var other)
                throw new NotClean(other);
        }

        IEnumerable<FakeMessage> In(string set)
        {
            var last = selected!.Messages.LastOrDefault()?.Uid ?? 0;
            var ranges = set.Split(',').Select(r => r.Split(':')).Select(r => r is [var a] ? (Number(a), Number(a)) : r is [var b, var c] ? (Math.Min(Number(b), Number(c)), Math.Max(Number(b), Number(c))) : throw new NotClean("Not a set")).ToList();
            return selected.Messages.Where(m => ranges.Exists(r => m.Uid >= r.Item1 && m.Uid <= r.Item2));

            uint Number(string text) => text == "*" ? last : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : throw new NotClean("Not a number");
        }

        async Task FetchAsync(string set, string[] items)
        {
            if (items is not (["(", .., ")"] or [not "("]))
                throw new NotClean("Not items");
            items = [.. items.Where(i => i is not ("(" or ")"))];
            if (items.Except(["UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[]"]).Any())
                throw new NotClean("Only what leaves mail unread is fetched");
            var found = house.Look(() => In(set).Select(m => (m.Uid, m.Raw, Flags: string.Join(' ', m.Flags), m.Received, Number: selected!.Messages.IndexOf(m) + 1)).ToArray());
            foreach (var (uid, raw, flags, received, number) in found)
            {
                var said = trick is { Trick: Trick.OtherMessage } ? uid + 1 : uid;
                var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"* {number} FETCH (UID {said}");
                if (items.Contains("FLAGS"))
                    text.Append(CultureInfo.InvariantCulture, $" FLAGS ({flags})");
                if (items.Contains("INTERNALDATE"))
                    text.Append(CultureInfo.InvariantCulture, $" INTERNALDATE \"{received:dd-MMM-yyyy HH:mm:ss} +0000\"");
                if (items.Contains("RFC822.SIZE"))
                    text.Append(CultureInfo.InvariantCulture, $" RFC822.SIZE {raw.Length}");
                if (!items.Contains("BODY.PEEK[]"))
                {
                    await SayAsync($"{text})");
                    continue;
                }
                var length = raw.Length + (trick?.Trick switch { Trick.LongerLiteral => trick.Bytes, Trick.ShorterLiteral => -Math.Min(trick.Bytes, raw.Length), _ => 0 });
                text.Append(CultureInfo.InvariantCulture, $" BODY[] {{{length}}}\r\n");
                await SayAsync([.. Encoding.Latin1.GetBytes(text.ToString()), .. raw, .. ")\r\n"u8]);
            }
        }

        string Store(string set, string how, string[] flags)
        {
            if (readOnly)
                return "NO [READ-ONLY] Nothing can be changed";
            if (how is not ("+FLAGS.SILENT" or "-FLAGS.SILENT") || flags.Length == 0)
                throw new NotClean("Not a way to store");
            lock (house.truth)
            {
                foreach (var message in In(set))
                {
                    if (how[0] == '+')
                        message.Flags.UnionWith(flags);
                    else
                        message.Flags.ExceptWith(flags);
                }
            }
            return "OK done";
        }

        async Task<string> CopyAsync(string set, string folder, bool move)
        {
            if (move && !Offers().Split(' ').Contains("MOVE"))
                return "BAD No MOVE here";
            if (readOnly && move)
                return "NO [READ-ONLY] Nothing can be changed";
            if (house.Look(() => house.folders.GetValueOrDefault(folder)) is not { } into)
                return "NO [TRYCREATE] No such folder";
            FakeMessage[] which;
            lock (house.truth)
            {
                which = [.. In(set)];
                foreach (var message in which)
                {
                    var copy = new FakeMessage(into.UidNext++, message.Raw, message.Received);
                    copy.Flags.UnionWith(message.Flags);
                    into.Messages.Add(copy);
                }
                Tell(into);
            }
            if (move)
                await TakeOutAsync(which);
            return "OK done";
        }

        async Task TakeOutAsync(FakeMessage[] which)
        {
            foreach (var message in which)
            {
                var number = house.Look(() =>
                {
                    var at = selected!.Messages.IndexOf(message);
                    selected.Messages.RemoveAt(at);
                    return at + 1;
                });
                told--;
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"* {number} EXPUNGE"));
            }
        }

        string Append(List<Word> words, int at)
        {
            var folder = Name(words, at);
            var flags = words.Skip(at + 1).TakeWhile(w => w.Literal is null).Where(w => w.Text is not ("(" or ")")).Select(w => w.Text).ToList();
            if (words[^1].Literal is not { } raw)
                throw new NotClean("No message");
            if (!house.Folders.Contains(folder))
                return "NO [TRYCREATE] No such folder";
            var uid = house.Deliver(raw, folder);
            lock (house.truth)
                house.folders[folder].Messages[^1].Flags.UnionWith(flags);
            return string.Create(CultureInfo.InvariantCulture, $"OK [APPENDUID {house.Folder(folder).UidValidity} {uid}] done");
        }

        static string Arg(List<Word> words, int at) => at < words.Count ? words[at].Text : throw new NotClean("Too little said");

        static string Name(List<Word> words, int at) => ImapNames.Decode(Arg(words, at));

        /// <summary>A command, its literals within; no words where it is none.</summary>
        async Task<(string Tag, List<Word>? Words)> CommandAsync()
        {
            var words = new List<Word>();
            var line = Encoding.Latin1.GetString(await LineAsync());
            var whole = line;
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            var tag = blank > 0 ? line[..blank] : "";
            var clean = blank > 0 && tag.All(char.IsAsciiLetterOrDigit);
            line = line[(blank + 1)..];
            while (true)
            {
                var literal = line.EndsWith('}') && line.LastIndexOf('{') is >= 0 and var open ? line[(open + 1)..^1] : null;
                var bytes = literal is not null && int.TryParse(literal.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (int?)null;
                clean &= Cut(bytes is null ? line : line[..line.LastIndexOf('{')], words);
                if (bytes is null)
                    break;
                if (!literal!.EndsWith('+'))
                    await SayAsync("+ go");
                var content = new byte[bytes.Value];
                for (var got = 0; got < content.Length; got += await SomeAsync(content.AsMemory(got)))
                {
                }
                words.Add(new(Encoding.UTF8.GetString(content), content));
                line = Encoding.Latin1.GetString(await LineAsync());
                whole += "…" + line;
            }
            if (clean && words.Count > 0)
                return (tag, words);
            lock (house.truth)
                house.malformed.Add(whole);
            return (tag.Length > 0 && tag.All(char.IsAsciiLetterOrDigit) ? tag : "*", null);
        }

        static bool Cut(string line, List<Word> words)
        {
            for (var i = 0; i < line.Length;)
            {
                if (line[i] == ' ')
                    i++;
                else if (line[i] is '(' or ')')
                    words.Add(new(line[i++].ToString(), null));
                else if (line[i] == '"')
                {
                    var text = new StringBuilder();
                    for (i++; i < line.Length && line[i] != '"'; i++)
                    {
                        if (line[i] == '\\' && ++i >= line.Length)
                            return false;
                        text.Append(line[i]);
                    }
                    if (i >= line.Length || text.ToString().Any(c => c is '\0' or '\r' or > '\u007F'))
                        return false;
                    i++;
                    words.Add(new(text.ToString(), null));
                }
                else
                {
                    var begin = i;
                    // BODY[HEADER.FIELDS (A B)] is one word.
                    var body = line.AsSpan(i).StartsWith("BODY", StringComparison.OrdinalIgnoreCase);
                    for (var depth = 0; i < line.Length && (depth > 0 || line[i] is not (' ' or '(' or ')')); i++)
                        depth += !body ? 0 : line[i] == '[' ? 1 : line[i] == ']' ? -1 : 0;
                    var atom = line[begin..i];
                    if (atom.Any(c => c is <= ' ' or > '~' or '"' or '{'))
                        return false;
                    words.Add(new(atom, null));
                }
            }
            return true;
        }

        async Task<byte[]> LineAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                for (; from < to; from++)
                {
                    if (buffer[from] != '\n')
                    {
                        line.Add(buffer[from]);
                        continue;
                    }
                    from++;
                    if (line is [.., (byte)'\r'])
                        line.RemoveAt(line.Count - 1);
                    return [.. line];
                }
                await FillAsync();
            }
        }

        async Task<int> SomeAsync(Memory<byte> into)
        {
            if (from == to)
                await FillAsync();
            var some = Math.Min(into.Length, to - from);
            buffer.AsMemory(from, some).CopyTo(into);
            from += some;
            return some;
        }

        async Task FillAsync()
        {
            (from, to) = (0, await stream.ReadAsync(buffer, End));
            if (to == 0)
                throw new Ended();
        }

        readonly record struct Word(string Text, byte[]? Literal);
    }
}
