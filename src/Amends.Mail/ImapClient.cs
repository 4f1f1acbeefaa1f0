using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Amends.Mail;

/// <summary>One connection to a mailbox (RFC 3501; of 9051 and its extensions what the server offers: IDLE 2177, MOVE 6851, UIDPLUS 4315, LITERAL+/- 7888, SASL-IR 4959).
/// Not for several callers at once. Whatever the server does comes as <see cref="ImapException"/>; after any fault but a plain refusal the connection is closed and a new one is needed.
/// Nothing is ever marked as read: messages are fetched with BODY.PEEK.</summary>
public sealed class ImapClient : IAsyncDisposable
{
    const int ChunkBytes = 64 * 1024, ShortLiteral = 4_096, MostUids = 500, MostFound = 2_000_000;

    static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(28);

    readonly ImapServer _server;
    readonly TimeProvider _time;
    readonly HashSet<string> _offers = new(StringComparer.OrdinalIgnoreCase);
    readonly byte[] _buffer = new byte[ChunkBytes];
    int _from, _to, _tags;
    Task<int>? _reading;
    Socket? _socket;
    Stream _stream;
    bool _secure, _closed, _readOnly, _offersKnown;
    string? _bye;

    ImapClient(ImapServer server, Stream stream, TimeProvider time) => (_server, _stream, _time) = (server, stream, time);

    /// <summary>How many messages the open folder has, as far as the server has said.</summary>
    public int Exists { get; private set; }

    /// <summary>Of the open folder; null when none is open.</summary>
    public uint? UidValidity { get; private set; }

    /// <summary>What the server wants people to read (ALERT), or null.</summary>
    public string? Alert { get; private set; }

    /// <summary>True when this connection cannot be used any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>True when the server offers an extension ("IDLE", "MOVE").</summary>
    public bool Offers(string capability) => _offers.Contains(capability);

    /// <summary>Connects, makes the connection secure, and signs in.</summary>
    /// <exception cref="ImapException">It did not work; see its fault.</exception>
    public static async Task<ImapClient> ConnectAsync(ImapServer server, TimeProvider time, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        var socket = server.Dial is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true } : null;
        try
        {
            using var clock = new CancellationTokenSource(server.Timeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
            if (socket is null)
                socket = await server.Dial!(server.Host, server.Port, both.Token).ConfigureAwait(false);
            else
                await socket.ConnectAsync(server.Host, server.Port, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            socket?.Dispose();
            throw e is OperationCanceledException ? new ImapException(ImapFault.TimedOut, "Nobody answered in time.") : new ImapException(ImapFault.NoConnection, e.Message, e);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
        return await OpenAsync(server, new NetworkStream(socket, ownsSocket: true), time, socket, cancel).ConfigureAwait(false);
    }

    /// <summary>As <see cref="ConnectAsync"/>, over a stream that is connected already (a tunnel, a test). The stream is closed with the client.</summary>
    /// <exception cref="ImapException">It did not work; see its fault.</exception>
    public static Task<ImapClient> OpenAsync(ImapServer server, Stream stream, TimeProvider time, CancellationToken cancel = default) => OpenAsync(server, stream, time, null, cancel);

    static async Task<ImapClient> OpenAsync(ImapServer server, Stream stream, TimeProvider time, Socket? socket, CancellationToken cancel)
    {
        var client = new ImapClient(server, stream, time) { _socket = socket };
        try
        {
            await client.GreetAsync(cancel).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    async Task GreetAsync(CancellationToken cancel)
    {
        if (_server.Security == MailSecurity.Tls)
            await SecureAsync(cancel).ConfigureAwait(false);
        var greeting = await AnswerAsync(null, 0, cancel).ConfigureAwait(false);
        if (greeting is not { Kind: ImapAnswerKind.Status, Tag: "*" })
            throw Broken(ImapFault.NotUnderstood, "The server does not greet as IMAP servers do.");
        if (greeting.Status == "BYE")
            throw Broken(FaultOfBye(greeting.Text), greeting.Text);
        Note(greeting);
        if (_server.Security == MailSecurity.StartTls)
        {
            // PREAUTH before TLS is how somebody in the middle keeps TLS from coming about (RFC 9051 section 11.1).
            if (greeting.Status == "PREAUTH")
                throw Broken(ImapFault.NotSecure, "The server signed us in before TLS; nothing was sent.");
            await OffersAsync(cancel).ConfigureAwait(false);
            if (!Offers("STARTTLS"))
                throw Broken(ImapFault.NotSecure, "The server does not offer STARTTLS; no password was sent.");
            await DoAsync("STARTTLS", null, cancel).ConfigureAwait(false);
            // Anything behind the answer was not encrypted and must not be believed (CVE-2011-0411).
            if (_from != _to)
                throw Broken(ImapFault.NotSecure, "The server sent plain text behind STARTTLS; no password was sent.");
            await SecureAsync(cancel).ConfigureAwait(false);
            _offersKnown = false;
        }
        if (greeting.Status == "PREAUTH")
            return;
        await OffersAsync(cancel).ConfigureAwait(false);
        _offersKnown = false;
        await SignInAsync(cancel).ConfigureAwait(false);
        await OffersAsync(cancel).ConfigureAwait(false);
    }

    async Task SecureAsync(CancellationToken cancel)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions { TargetHost = _server.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (_server.TrustedRoot is { } root)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.Add(root);
        }
        try
        {
            using var clock = new CancellationTokenSource(_server.Timeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
            await tls.AuthenticateAsClientAsync(options, both.Token).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            throw Broken(ImapFault.NotTrusted, e.Message, e);
        }
        catch (IOException e)
        {
            throw Broken(ImapFault.Closed, e.Message, e);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Broken(ImapFault.TimedOut, "TLS did not come about in time.");
        }
        _stream = tls;
        _secure = true;
    }

    async Task OffersAsync(CancellationToken cancel)
    {
        if (!_offersKnown)
            await DoAsync("CAPABILITY", null, cancel).ConfigureAwait(false);
    }

    async Task SignInAsync(CancellationToken cancel)
    {
        if (!_secure && !_server.AllowPlainPassword)
            throw Broken(ImapFault.NotSecure, "Without TLS no password is sent.");
        // Names and tokens are divided by such characters on the wire.
        MailText.Refuse(_server.UserName, nameof(ImapServer.UserName));
        try
        {
            if (_server.AccessToken is { } token)
                await SignInByTokenAsync(token, cancel).ConfigureAwait(false);
            else
                await SignInByPasswordAsync(_server.Password ?? "", cancel).ConfigureAwait(false);
        }
        catch (ImapException e) when (e.Fault is ImapFault.Refused or ImapFault.NoSuchFolder)
        {
            throw Broken(ImapFault.WrongPassword, e.Message, e);
        }
    }

    async Task SignInByPasswordAsync(string password, CancellationToken cancel)
    {
        var user = _server.UserName;
        if (Offers("AUTH=PLAIN"))
        {
            if (user.Contains('\0', StringComparison.Ordinal) || password.Contains('\0', StringComparison.Ordinal))
                throw Broken(ImapFault.WrongPassword, "A name and a password have no NUL.");
            await AuthenticateAsync("PLAIN", Encoding.UTF8.GetBytes($"\0{user}\0{password}"), null, cancel).ConfigureAwait(false);
            return;
        }
        if (!Offers("LOGINDISABLED"))
        {
            await DoAsync(new Command("LOGIN ").Text(user).Raw(" ").Text(password), null, cancel).ConfigureAwait(false);
            return;
        }
        if (!Offers("AUTH=LOGIN"))
            throw Broken(ImapFault.NotSecure, "The server takes no password in a way we know (PLAIN, LOGIN).");
        var steps = new Queue<string>([user, password]);
        await DoAsync(new Command("AUTHENTICATE LOGIN"), null, cancel, go: _ => steps.TryDequeue(out var step) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(step)) : "*").ConfigureAwait(false);
    }

    async Task SignInByTokenAsync(Func<CancellationToken, Task<string>> source, CancellationToken cancel)
    {
        var token = await source(cancel).ConfigureAwait(false);
        if (token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            throw Broken(ImapFault.WrongPassword, "The token is none.");
        if (Offers("AUTH=OAUTHBEARER"))
        {
            // "," and "=" have a meaning in the header (RFC 5801).
            var who = _server.UserName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
            var text = string.Create(CultureInfo.InvariantCulture, $"n,a={who},\u0001host={_server.Host}\u0001port={_server.Port}\u0001auth=Bearer {token}\u0001\u0001");
            await AuthenticateAsync("OAUTHBEARER", Encoding.UTF8.GetBytes(text), "AQ==", cancel).ConfigureAwait(false);
        }
        else if (Offers("AUTH=XOAUTH2"))
            await AuthenticateAsync("XOAUTH2", Encoding.UTF8.GetBytes($"user={_server.UserName}\u0001auth=Bearer {token}\u0001\u0001"), "", cancel).ConfigureAwait(false);
        else
            throw Broken(ImapFault.NotSecure, "The server takes no token (XOAUTH2, OAUTHBEARER).");
    }

    /// <summary>One mechanism whose first word is all it needs. A further question is the server's way to say why not: it is answered with <paramref name="onRefusal"/>.</summary>
    async Task AuthenticateAsync(string mechanism, byte[] first, string? onRefusal, CancellationToken cancel)
    {
        var word = Convert.ToBase64String(first);
        if (Offers("SASL-IR"))
        {
            await DoAsync(new Command($"AUTHENTICATE {mechanism} {(word.Length == 0 ? "=" : word)}"), null, cancel, go: _ => onRefusal ?? "*").ConfigureAwait(false);
            return;
        }
        var said = false;
        await DoAsync(new Command($"AUTHENTICATE {mechanism}"), null, cancel, go: _ =>
        {
            if (said)
                return onRefusal ?? "*";
            said = true;
            return word;
        }).ConfigureAwait(false);
    }

    /// <summary>The folders of the mailbox.</summary>
    /// <param name="pattern">"*" for all, "%" for the upmost level.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<IReadOnlyList<ImapFolder>> ListAsync(string pattern = "*", CancellationToken cancel = default)
    {
        var folders = new List<ImapFolder>();
        await DoAsync(new Command("LIST \"\" ").Name(ImapNames.Encode(pattern)), answer =>
        {
            if (answer.Word is not ("LIST" or "XLIST"))
                return;
            var tokens = answer.Tokens;
            var close = tokens.FindIndex(t => t.Kind == ImapTokenKind.Close);
            if (close < 0 || tokens.Count < close + 3 || tokens[1].Kind != ImapTokenKind.Open)
                return;
            var delimiter = tokens[close + 1] is { Kind: ImapTokenKind.String, Text: [var one] } ? one : (char?)null;
            var wire = tokens[close + 2];
            if (wire.Kind is ImapTokenKind.Open or ImapTokenKind.Close || folders.Count >= 10_000)
                return;
            // Names beyond ASCII that nobody encoded are UTF-8.
            var name = ImapNames.Decode(Ascii.IsValid(wire.Text) ? wire.Text : Charsets.Guess(Encoding.Latin1.GetBytes(wire.Text)));
            folders.Add(new(MailText.WithoutControl(name), wire.Text, delimiter, [.. tokens[2..close].Select(t => t.Text)]));
        }, cancel).ConfigureAwait(false);
        return folders;
    }

    /// <summary>Opens a folder by its name for people.</summary>
    /// <param name="name">"INBOX" is every mailbox's first.</param>
    /// <param name="readOnly">True to open it without the right to change anything (EXAMINE).</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ImapException">See its fault.</exception>
    public Task<ImapSelected> SelectAsync(string name, bool readOnly = false, CancellationToken cancel = default) => SelectWireAsync(ImapNames.Encode(name), readOnly, cancel);

    /// <summary>Opens a folder of <see cref="ListAsync"/>, by the very name the server gave.</summary>
    /// <exception cref="ImapException">See its fault.</exception>
    public Task<ImapSelected> SelectAsync(ImapFolder folder, bool readOnly = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return SelectWireAsync(folder.WireName, readOnly, cancel);
    }

    async Task<ImapSelected> SelectWireAsync(string wire, bool readOnly, CancellationToken cancel)
    {
        var command = new Command(readOnly ? "EXAMINE " : "SELECT ").Name(wire);
        (Exists, UidValidity, _readOnly) = (0, null, readOnly);
        uint? next = null;
        ImapAnswer done;
        try
        {
            done = await DoAsync(command, answer =>
            {
                if (answer.Code == "UIDNEXT")
                    next = ImapAnswer.ToNumber(answer.CodeText);
            }, cancel).ConfigureAwait(false);
        }
        catch (ImapException e) when (e.Fault == ImapFault.Refused && !_closed)
        {
            // Most servers have no code for it, and words of their own.
            throw new ImapException(ImapFault.NoSuchFolder, e.Message, e);
        }
        _readOnly |= done.Code == "READ-ONLY";
        if (UidValidity is not { } validity || validity == 0)
            throw Broken(ImapFault.NotUnderstood, "The folder has no UIDVALIDITY, so its messages cannot be told apart.");
        return new(validity, next, Exists, _readOnly);
    }

    /// <summary>The UIDs of the open folder from one on, rising.</summary>
    /// <param name="first">The first that is wanted; 1 for all.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<IReadOnlyList<uint>> SearchAsync(uint first = 1, CancellationToken cancel = default)
    {
        Opened();
        var found = new List<uint>();
        var from = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(first, 1)}:*");
        try
        {
            await DoAsync($"UID SEARCH UID {from}", answer =>
            {
                if (answer.Word == "ESEARCH")
                    All(answer.Tokens);
                if (answer.Word != "SEARCH")
                    return;
                foreach (var token in answer.Tokens.Skip(1))
                {
                    if (token.Kind == ImapTokenKind.Atom)
                        Found(ImapAnswer.ToNumber(token.Text));
                }
            }, cancel).ConfigureAwait(false);
        }
        catch (ImapException e) when (e.Fault is ImapFault.Refused or ImapFault.NotUnderstood && !_closed)
        {
            // A server that cannot search can still say which there are.
            found.Clear();
            await DoAsync($"UID FETCH {from} (UID)", answer =>
            {
                if (answer.Word == "FETCH" && Item(answer, "UID") is { } token)
                    Found(ImapAnswer.ToNumber(token.Text));
            }, cancel).ConfigureAwait(false);
        }
        found.Sort();
        return [.. found.Distinct()];

        // Servers of the newer version answer with ranges: "ESEARCH (TAG "A3") UID ALL 4:18,21" (RFC 9051 section 7.3.4).
        void All(List<ImapToken> tokens)
        {
            var at = tokens.FindIndex(t => t.Is("ALL"));
            if (at < 0 || at + 1 >= tokens.Count)
                return;
            foreach (var range in tokens[at + 1].Text.Split(','))
            {
                var ends = range.Split(':').Select(ImapAnswer.ToNumber).ToArray();
                if (ends is [{ } one])
                    Found(one);
                else if (ends is [{ } a, { } b])
                {
                    for (ulong uid = Math.Min(a, b), last = Math.Max(a, b); uid <= last; uid++)
                    {
                        if (found.Count >= MostFound)
                            throw Broken(ImapFault.TooLarge, "The server finds more messages than there can be.");
                        Found((uint)uid);
                    }
                }
            }
        }

        void Found(uint? uid)
        {
            // "*" is the last message, which may stand before the first that was asked for.
            if (uid is > 0 && uid >= first)
                found.Add(uid.Value);
        }
    }

    /// <summary>Size, flags and date of messages. Those that are gone are not in the answer.</summary>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<IReadOnlyList<ImapInfo>> InfoAsync(IReadOnlyList<uint> uids, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(uids);
        Opened();
        var found = new Dictionary<uint, ImapInfo>();
        foreach (var some in uids.Chunk(MostUids))
        {
            var wanted = some.ToHashSet();
            await DoAsync($"UID FETCH {Set(some)} (UID FLAGS INTERNALDATE RFC822.SIZE)", answer =>
            {
                // Others may be mentioned unasked: their flags have changed.
                if (answer.Word == "FETCH" && InfoOf(answer) is { } info && wanted.Contains(info.Uid) && Has(answer, "RFC822.SIZE"))
                    found[info.Uid] = info;
            }, cancel).ConfigureAwait(false);
        }
        return [.. uids.Where(found.ContainsKey).Select(u => found[u])];
    }

    /// <summary>Writes one message to a stream, unread as it was. Null when the folder has it no more.</summary>
    /// <param name="uid">Which.</param>
    /// <param name="sink">Where the bytes go, as they come. When this method throws, what it holds is worth nothing.</param>
    /// <param name="limit">Bytes that are written at most. Default 50 MB.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ImapException">See its fault. What the stream throws comes as it is, and closes the connection.</exception>
    public async Task<ImapFetched?> FetchAsync(uint uid, Stream sink, long limit = 50 * 1024 * 1024, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        Opened();
        ImapFetched? fetched = null;
        await DoAsync(new Command(string.Create(CultureInfo.InvariantCulture, $"UID FETCH {uid} (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")), null, cancel, sink, limit, async answer =>
        {
            if (answer.Word != "FETCH")
                return;
            var content = Content(answer);
            if (content is null && answer.Streamed is null)
                return;
            if (InfoOf(answer) is not { } info || info.Uid != uid)
                throw Broken(ImapFault.NotUnderstood, "The server sent another message than the one asked for.");
            if (fetched is not null)
                throw Broken(ImapFault.NotUnderstood, "The server sent the message twice.");
            if (answer.Streamed is { } bytes)
            {
                fetched = new(info, bytes, answer.IsCut, false);
                return;
            }
            // Short ones may come in quotes, broken ones as NIL.
            var text = content!.Value.IsNil ? [] : Encoding.Latin1.GetBytes(content.Value.Text);
            var kept = (int)Math.Min(limit, text.Length);
            await sink.WriteAsync(text.AsMemory(0, kept), cancel).ConfigureAwait(false);
            fetched = new(info, kept, kept < text.Length, content.Value.IsNil);
        }).ConfigureAwait(false);
        return fetched;
    }

    /// <summary>Waits until something happens in the open folder: IDLE where it is offered, renewed in time, else asking now and then.</summary>
    /// <param name="most">How long at most.</param>
    /// <param name="poll">How often to ask where IDLE is not offered.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <returns>True when messages have come, gone or changed.</returns>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<bool> WaitAsync(TimeSpan most, TimeSpan poll, CancellationToken cancel = default)
    {
        Opened();
        var begun = _time.GetTimestamp();
        var changed = false;
        while (!changed)
        {
            var left = most - _time.GetElapsedTime(begun);
            // Timers may ring a little early: the rest is not worth another command.
            if (left < TimeSpan.FromMilliseconds(20))
                return false;
            if (Offers("IDLE"))
            {
                try
                {
                    changed = await IdleAsync(left < LongestIdle ? left : LongestIdle, cancel).ConfigureAwait(false);
                    continue;
                }
                catch (ImapException e) when (e.Fault is ImapFault.Refused or ImapFault.NotUnderstood && !_closed)
                {
                    // It offers what it does not do.
                    _offers.Remove("IDLE");
                }
            }
            await Task.Delay(left < poll ? left : poll, _time, cancel).ConfigureAwait(false);
            var before = Exists;
            await DoAsync("NOOP", answer => changed |= IsChange(answer), cancel).ConfigureAwait(false);
            changed |= Exists != before;
        }
        return true;
    }

    static bool IsChange(ImapAnswer answer) => answer.Kind == ImapAnswerKind.Data && answer.Word is "EXISTS" or "EXPUNGE" or "VANISHED" or "FETCH";

    async Task<bool> IdleAsync(TimeSpan most, CancellationToken cancel)
    {
        var tag = await SendAsync(new Command("IDLE"), cancel).ConfigureAwait(false);
        var before = Exists;
        bool changed = false, ending = false;
        var begun = _time.GetTimestamp();
        while (true)
        {
            // The pause is ours; once DONE is said the server has the ordinary time to answer.
            if (!ending && _from == _to)
            {
                var left = most - _time.GetElapsedTime(begun);
                if (changed || left <= TimeSpan.Zero || !await HearsAsync(left, cancel).ConfigureAwait(false))
                {
                    await WriteAsync("DONE\r\n"u8.ToArray(), cancel).ConfigureAwait(false);
                    ending = true;
                }
            }
            var answer = await AnswerAsync(null, 0, cancel).ConfigureAwait(false);
            if (answer.Kind == ImapAnswerKind.Go)
                continue;
            if (answer.Tag == tag)
            {
                Settle(answer);
                return changed || Exists != before;
            }
            Note(answer);
            changed |= IsChange(answer) && !(answer.Word == "EXISTS" && Exists == before);
        }
    }

    /// <summary>Puts messages into another folder: moved where that is offered, else copied and removed one by one, else copied and marked.</summary>
    /// <param name="uids">Which; nothing happens for none.</param>
    /// <param name="folder">The folder's name for people.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ImapException">See its fault; <see cref="ImapFault.NoSuchFolder"/> when it must be created first.</exception>
    public async Task<ImapMoved> MoveAsync(IReadOnlyList<uint> uids, string folder, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(uids);
        Changeable();
        var wire = ImapNames.Encode(folder);
        var how = Offers("MOVE") ? ImapMoved.Moved : Offers("UIDPLUS") ? ImapMoved.CopiedAndRemoved : ImapMoved.CopiedAndMarked;
        foreach (var some in uids.Chunk(MostUids))
        {
            var set = Set(some);
            if (how == ImapMoved.Moved)
            {
                await DoAsync(new Command($"UID MOVE {set} ").Name(wire), null, cancel).ConfigureAwait(false);
                continue;
            }
            await DoAsync(new Command($"UID COPY {set} ").Name(wire), null, cancel).ConfigureAwait(false);
            await DoAsync($"UID STORE {set} +FLAGS.SILENT (\\Deleted)", null, cancel).ConfigureAwait(false);
            // Without UIDPLUS only everything that is marked could be removed, somebody else's too.
            if (how == ImapMoved.CopiedAndRemoved)
                await DoAsync($"UID EXPUNGE {set}", null, cancel).ConfigureAwait(false);
        }
        return how;
    }

    /// <summary>Deletes messages: marked, then removed one by one (UIDPLUS, RFC 4315).</summary>
    /// <param name="uids">Which; nothing happens for none.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <returns>False where they are only marked: removing all marked ones could hit somebody else's.</returns>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<bool> RemoveAsync(IReadOnlyList<uint> uids, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(uids);
        Opened();
        foreach (var some in uids.Chunk(MostUids))
        {
            var set = Set(some);
            await DoAsync($"UID STORE {set} +FLAGS.SILENT (\\Deleted)", null, cancel).ConfigureAwait(false);
            if (Offers("UIDPLUS"))
                await DoAsync($"UID EXPUNGE {set}", null, cancel).ConfigureAwait(false);
        }
        return Offers("UIDPLUS");
    }

    /// <summary>Sets or takes away flags.</summary>
    /// <param name="uids">Of which messages.</param>
    /// <param name="set">True to set, false to take away.</param>
    /// <param name="flags">"\Seen", "$Forwarded" and the like.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <exception cref="ArgumentException">A flag is none.</exception>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task FlagAsync(IReadOnlyList<uint> uids, bool set, IReadOnlyList<string> flags, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(uids);
        ArgumentNullException.ThrowIfNull(flags);
        Changeable();
        foreach (var some in uids.Chunk(MostUids))
            await DoAsync($"UID STORE {Set(some)} {(set ? '+' : '-')}FLAGS.SILENT ({Flags(flags)})", null, cancel).ConfigureAwait(false);
    }

    static string Flags(IReadOnlyList<string> flags)
    {
        foreach (var flag in flags)
        {
            var bare = flag.AsSpan(flag.StartsWith('\\') ? 1 : 0);
            if (bare.IsEmpty || bare.IndexOfAnyExceptInRange('!', '~') >= 0 || bare.IndexOfAny("(){%*\"\\]") >= 0)
                throw new ArgumentException("Not a flag.", nameof(flags));
        }
        return string.Join(' ', flags);
    }

    /// <summary>Makes a folder.</summary>
    /// <exception cref="ImapException">See its fault.</exception>
    public Task CreateAsync(string folder, CancellationToken cancel = default) => DoAsync(new Command("CREATE ").Name(ImapNames.Encode(folder)), null, cancel);

    /// <summary>Puts a message into a folder.</summary>
    /// <param name="folder">The folder's name for people.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <returns>Its UID there, where the server says it (UIDPLUS).</returns>
    /// <exception cref="ImapException">See its fault.</exception>
    public async Task<uint?> AppendAsync(string folder, ReadOnlyMemory<byte> message, IReadOnlyList<string> flags, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(flags);
        var done = await DoAsync(new Command("APPEND ").Name(ImapNames.Encode(folder)).Raw($" ({Flags(flags)}) ").Literal(message), null, cancel).ConfigureAwait(false);
        return done.Code == "APPENDUID" && done.CodeText.Split(' ') is [_, var uid, ..] ? ImapAnswer.ToNumber(uid) : null;
    }

    /// <summary>Asks whether the server is still there; what has changed meanwhile is taken note of.</summary>
    /// <exception cref="ImapException">See its fault.</exception>
    public Task PingAsync(CancellationToken cancel = default) => DoAsync("NOOP", null, cancel);

    /// <summary>Says good-bye and closes. How the server answers changes nothing.</summary>
    public async Task LeaveAsync(CancellationToken cancel = default)
    {
        try
        {
            if (!_closed)
                await DoAsync("LOGOUT", null, cancel).ConfigureAwait(false);
        }
        catch (ImapException)
        {
            // We are leaving anyway.
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    static string Set(IEnumerable<uint> uids)
    {
        var text = new StringBuilder();
        uint from = 0, to = 0;
        foreach (var uid in uids.Distinct().Order())
        {
            if (from != 0 && uid == to + 1)
            {
                to = uid;
                continue;
            }
            Run();
            (from, to) = (uid, uid);
        }
        Run();
        return text.Length == 0 ? throw new ArgumentException("No messages.", nameof(uids)) : text.ToString();

        void Run()
        {
            if (from == 0)
                return;
            if (text.Length > 0)
                text.Append(',');
            text.Append(from.ToString(CultureInfo.InvariantCulture));
            if (to != from)
                text.Append(':').Append(to.ToString(CultureInfo.InvariantCulture));
        }
    }

    static bool Has(ImapAnswer answer, string item) => Item(answer, item) is not null;

    /// <summary>The token behind an item of the upmost level of a FETCH answer.</summary>
    static ImapToken? Item(ImapAnswer answer, string item)
    {
        var tokens = answer.Tokens;
        var depth = 0;
        for (var i = 2; i < tokens.Count; i++)
        {
            if (tokens[i].Kind == ImapTokenKind.Open)
                depth++;
            else if (tokens[i].Kind == ImapTokenKind.Close)
                depth--;
            else if (depth == 1 && tokens[i].Is(item))
                return i + 1 < tokens.Count ? tokens[i + 1] : null;
            else if (depth == 1 && i + 1 < tokens.Count && tokens[i + 1].Kind != ImapTokenKind.Open)
                i++;
        }
        return null;
    }

    static ImapToken? Content(ImapAnswer answer) => Item(answer, "BODY[]") ?? Item(answer, "RFC822");

    static ImapInfo? InfoOf(ImapAnswer answer)
    {
        if (Item(answer, "UID") is not { } token || ImapAnswer.ToNumber(token.Text) is not { } uid || uid == 0)
            return null;
        var flags = new List<string>();
        var at = answer.Tokens.FindIndex(t => t.Is("FLAGS"));
        for (at += 2; at > 1 && at < answer.Tokens.Count && answer.Tokens[at].Kind == ImapTokenKind.Atom && flags.Count < 200; at++)
            flags.Add(MailText.WithoutControl(answer.Tokens[at].Text));
        var size = Item(answer, "RFC822.SIZE") is { } said && long.TryParse(said.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        // "17-Jul-1996 02:44:25 -0700"
        return new(uid, size, flags, Item(answer, "INTERNALDATE") is { } date ? MailDates.Parse(date.Text) : null);
    }

    void Opened()
    {
        if (_closed)
            throw new ImapException(_bye is null ? ImapFault.Closed : FaultOfBye(_bye), _bye ?? "The connection is closed.");
        if (UidValidity is null)
            throw new InvalidOperationException("No folder is open.");
    }

    void Changeable()
    {
        Opened();
        // Some servers say OK to changes that they do not make.
        if (_readOnly)
            throw new ImapException(ImapFault.Refused, "The folder is open for reading only.");
    }

    /// <summary>A command: text, and strings that may have to go as literals.</summary>
    sealed class Command
    {
        readonly List<object> _pieces = [];

        public Command(string text) => Raw(text);

        public IReadOnlyList<object> Pieces => _pieces;

        public Command Raw(string text)
        {
            // The last place at which a second command could be smuggled in.
            if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
                throw new ArgumentException("A command is one line.", nameof(text));
            _pieces.Add(text);
            return this;
        }

        /// <summary>A string: in quotes where that can be, else as a literal.</summary>
        public Command Text(string text)
        {
            if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
                throw new ArgumentException("CR, LF and NUL are not allowed.", nameof(text));
            if (Ascii.IsValid(text) && text.Length < 1_000)
                return Raw($"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
            return Literal(Encoding.UTF8.GetBytes(text));
        }

        /// <summary>The name of a folder as the server writes it: one byte in each character.</summary>
        public Command Name(string wire) => Ascii.IsValid(wire) ? Text(wire) : wire.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? throw new ArgumentException("Not a folder name.", nameof(wire)) : Literal(Encoding.Latin1.GetBytes(wire));

        public Command Literal(ReadOnlyMemory<byte> bytes)
        {
            _pieces.Add(bytes);
            return this;
        }
    }

    Task<ImapAnswer> DoAsync(string command, Action<ImapAnswer>? data, CancellationToken cancel) => DoAsync(new Command(command), data, cancel);

    /// <summary>Sends a command and hears the answers up to its own.</summary>
    async Task<ImapAnswer> DoAsync(Command command, Action<ImapAnswer>? data, CancellationToken cancel, Stream? sink = null, long limit = 0, Func<ImapAnswer, Task>? dataAsync = null, Func<string, string>? go = null)
    {
        var tag = await SendAsync(command, cancel).ConfigureAwait(false);
        var asked = 0;
        long heard = 0;
        while (true)
        {
            var answer = await AnswerAsync(sink, limit, cancel).ConfigureAwait(false);
            heard += _lastBytes;
            if (heard > _server.CommandBytes)
                throw Broken(ImapFault.TooLarge, "The server answers without end.");
            if (answer.Kind == ImapAnswerKind.Go)
            {
                if (go is null || asked++ >= 10)
                    throw Broken(ImapFault.NotUnderstood, "The server waits for something that nobody announced.");
                await WriteAsync(Encoding.UTF8.GetBytes(go(answer.Text) + "\r\n"), cancel).ConfigureAwait(false);
                continue;
            }
            if (answer.Tag == tag)
            {
                Note(answer);
                Settle(answer);
                return answer;
            }
            Note(answer);
            data?.Invoke(answer);
            if (dataAsync is not null)
            {
                try
                {
                    await dataAsync(answer).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not ImapException)
                {
                    Close();
                    throw;
                }
            }
        }
    }

    async Task<string> SendAsync(Command command, CancellationToken cancel)
    {
        if (_closed)
            throw new ImapException(_bye is null ? ImapFault.Closed : FaultOfBye(_bye), _bye ?? "The connection is closed.");
        var tag = string.Create(CultureInfo.InvariantCulture, $"A{++_tags:0000}");
        var line = new MemoryStream();
        line.Write(Encoding.ASCII.GetBytes($"{tag} "));
        foreach (var piece in command.Pieces)
        {
            if (piece is string text)
            {
                line.Write(Encoding.Latin1.GetBytes(text));
                continue;
            }
            var bytes = (ReadOnlyMemory<byte>)piece;
            var atOnce = Offers("LITERAL+") || Offers("LITERAL-") && bytes.Length <= ShortLiteral;
            line.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{{bytes.Length}{(atOnce ? "+" : "")}}}\r\n")));
            if (!atOnce)
            {
                await WriteAsync(line.ToArray(), cancel).ConfigureAwait(false);
                line.SetLength(0);
                await WordToGoOnAsync(tag, cancel).ConfigureAwait(false);
            }
            line.Write(bytes.Span);
        }
        line.Write("\r\n"u8);
        await WriteAsync(line.ToArray(), cancel).ConfigureAwait(false);
        return tag;
    }

    async Task WordToGoOnAsync(string tag, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await AnswerAsync(null, 0, cancel).ConfigureAwait(false);
            if (answer.Kind == ImapAnswerKind.Go)
                return;
            if (answer.Tag == tag)
            {
                Settle(answer);
                throw Broken(ImapFault.NotUnderstood, "The server ended a command that had not been said.");
            }
            Note(answer);
        }
    }

    /// <summary>What stands in an answer that nobody asked for, wherever it comes.</summary>
    void Note(ImapAnswer answer)
    {
        if (answer.Kind == ImapAnswerKind.Data)
        {
            switch (answer.Word)
            {
                case "EXISTS" when answer.Number is { } count:
                    Exists = (int)Math.Min(count, int.MaxValue);
                    break;
                case "EXPUNGE" when Exists > 0:
                    Exists--;
                    break;
                case "CAPABILITY":
                    TakeOffers(answer.Tokens.Skip(1).Select(t => t.Text));
                    break;
            }
            return;
        }
        switch (answer.Code)
        {
            case "CAPABILITY":
                TakeOffers(answer.CodeText.Split(' '));
                break;
            case "UIDVALIDITY":
                UidValidity = ImapAnswer.ToNumber(answer.CodeText);
                break;
            case "READ-ONLY":
                _readOnly = true;
                break;
            case "ALERT":
                Alert = MailText.WithoutControl(answer.Text.Length > 500 ? answer.Text[..500] : answer.Text);
                break;
        }
        if (answer.Status == "BYE")
            _bye = answer.Text.Length == 0 ? "The server said good-bye." : answer.Text;
    }

    void TakeOffers(IEnumerable<string> words)
    {
        _offers.Clear();
        foreach (var word in words.Where(w => w.Length is > 0 and < 100).Take(500))
            _offers.Add(word);
        _offersKnown = true;
    }

    /// <summary>A command's own answer: nothing when it went well, else its fault.</summary>
    void Settle(ImapAnswer answer)
    {
        switch (answer.Status)
        {
            case "OK":
                return;
            case "NO":
                throw new ImapException(FaultOfNo(answer), answer.Text.Length == 0 ? "The server says no." : answer.Text);
            case "BAD":
                throw new ImapException(IsThrottle(answer.Text) ? ImapFault.Throttled : ImapFault.NotUnderstood, answer.Text.Length == 0 ? "The server does not understand." : answer.Text);
            default:
                throw Broken(ImapFault.NotUnderstood, $"The server ended a command with {answer.Status}.");
        }
    }

    static ImapFault FaultOfNo(ImapAnswer answer) => answer.Code switch
    {
        "AUTHENTICATIONFAILED" or "AUTHORIZATIONFAILED" or "EXPIRED" or "PRIVACYREQUIRED" or "WEBALERT" => ImapFault.WrongPassword,
        "NONEXISTENT" or "TRYCREATE" => ImapFault.NoSuchFolder,
        "UNAVAILABLE" or "INUSE" or "LIMIT" or "OVERQUOTA" or "THROTTLED" => ImapFault.Throttled,
        _ when IsThrottle(answer.Text) => ImapFault.Throttled,
        _ => ImapFault.Refused,
    };

    // Servers without codes: Exchange, Gmail, Yahoo, Dovecot, Courier, Zimbra in their words.
    static readonly string[] ThrottleWords =
        ["too many", "authenticated but not connected", "throttl", "rate limit", "try again later", "temporar", "bandwidth limit", "exceeded command", "maximum number of connections", "max connections", "server unavailable", "server busy", "service unavailable", "system error", "over quota", "account exceeded"];

    static bool IsThrottle(string text) => Array.Exists(ThrottleWords, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    static ImapFault FaultOfBye(string text) => IsThrottle(text) ? ImapFault.Throttled : ImapFault.Closed;

    ImapException Broken(ImapFault fault, string text, Exception? cause = null)
    {
        Close();
        return new(fault, text, cause);
    }

    void Close()
    {
        _closed = true;
        UidValidity = null;
        // A read that still waits ends with this; nobody hears of it any more.
        _reading?.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _socket?.Dispose();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            // Each piece has its own time, so that a large message over a slow line is not cut off while it moves.
            for (var at = 0; at < bytes.Length; at += ChunkBytes)
            {
                using var clock = new CancellationTokenSource(_server.Timeout, _time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
                await _stream.WriteAsync(bytes.Slice(at, Math.Min(ChunkBytes, bytes.Length - at)), both.Token).ConfigureAwait(false);
                await _stream.FlushAsync(both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Broken(ImapFault.TimedOut, "The server does not take what we say.");
        }
        catch (OperationCanceledException)
        {
            Close();
            throw;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // What the server said last may say why.
            throw Broken(_bye is null ? ImapFault.Closed : FaultOfBye(_bye), _bye ?? e.Message, e);
        }
    }

    /// <summary>Waits for bytes, this long; false when none came. A wait that ends so loses nothing: the read goes on, and the next one has it.</summary>
    async Task<bool> HearsAsync(TimeSpan most, CancellationToken cancel)
    {
        if (_from < _to)
            return true;
        try
        {
            _reading ??= _stream.ReadAsync(_buffer, CancellationToken.None).AsTask();
            int count;
            try
            {
                count = await _reading.WaitAsync(most, _time, cancel).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
            _reading = null;
            if (count == 0)
                throw Broken(_bye is null ? ImapFault.Closed : FaultOfBye(_bye), _bye ?? "The server closed the connection.");
            (_from, _to) = (0, count);
            return true;
        }
        catch (OperationCanceledException)
        {
            Close();
            throw;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw Broken(_bye is null ? ImapFault.Closed : FaultOfBye(_bye), _bye ?? e.Message, e);
        }
    }

    async Task FillAsync(CancellationToken cancel)
    {
        if (!await HearsAsync(_server.Timeout, cancel).ConfigureAwait(false))
            throw Broken(ImapFault.TimedOut, "The server did not answer in time.");
    }

    long _lastBytes;

    /// <summary>Reads one answer. The content of a message goes to the sink as it comes.</summary>
    async Task<ImapAnswer> AnswerAsync(Stream? sink, long limit, CancellationToken cancel)
    {
        _lastBytes = 0;
        var line = await LineAsync(cancel).ConfigureAwait(false);
        // Some send an empty line between answers.
        for (var blank = 0; line.Length == 0 && blank < 10; blank++)
            line = await LineAsync(cancel).ConfigureAwait(false);
        if (ImapAnswer.Plain(line) is { } plain)
            return plain;
        if (!line.StartsWith("* ", StringComparison.Ordinal))
            throw Broken(ImapFault.NotUnderstood, $"The server says what is not IMAP: {line[..Math.Min(line.Length, 100)]}");
        var answer = new ImapAnswer();
        var rest = line[2..];
        while (true)
        {
            var literal = ImapAnswer.Cut(rest, answer.Tokens);
            if (literal < 0)
            {
                // A literal of the wrong length swallows the end of its own answer, or leaves some of the message for it.
                if (answer.Streamed is not null && answer.Tokens.Count(t => t.Kind == ImapTokenKind.Open) != answer.Tokens.Count(t => t.Kind == ImapTokenKind.Close))
                    throw Broken(ImapFault.NotUnderstood, "The server said another length than the message has.");
                return answer;
            }
            if (sink is not null && answer.Streamed is null && answer.Word == "FETCH" && answer.Tokens is [.., var item] && (item.Is("BODY[]") || item.Is("RFC822")))
            {
                answer.IsCut = literal > limit;
                answer.Streamed = await StreamAsync(literal, sink, limit, cancel).ConfigureAwait(false);
                answer.Tokens.Add(new(ImapTokenKind.String, ""));
            }
            else
            {
                if (literal > _server.AnswerBytes - _lastBytes)
                    throw Broken(ImapFault.TooLarge, "The server says more than anybody should hold.");
                answer.Tokens.Add(new(ImapTokenKind.String, await LiteralAsync((int)literal, cancel).ConfigureAwait(false)));
            }
            rest = await LineAsync(cancel).ConfigureAwait(false);
        }
    }

    async Task<long> StreamAsync(long length, Stream sink, long limit, CancellationToken cancel)
    {
        // The rest of a message that is too long is passed over, up to a length at which a new connection is cheaper.
        if (length > limit && length - limit > _server.CommandBytes)
            throw Broken(ImapFault.TooLarge, "The message is far longer than is taken.");
        long written = 0;
        while (length > 0)
        {
            await FillAsync(cancel).ConfigureAwait(false);
            var some = (int)Math.Min(length, _to - _from);
            var kept = (int)Math.Min(some, limit - written);
            if (kept > 0)
            {
                try
                {
                    await sink.WriteAsync(_buffer.AsMemory(_from, kept), cancel).ConfigureAwait(false);
                }
                catch
                {
                    Close();
                    throw;
                }
                written += kept;
            }
            _from += some;
            length -= some;
        }
        return written;
    }

    async Task<string> LiteralAsync(int length, CancellationToken cancel)
    {
        // As much as really comes, not as much as was announced.
        using var bytes = new MemoryStream();
        while (length > 0)
        {
            await FillAsync(cancel).ConfigureAwait(false);
            var some = Math.Min(length, _to - _from);
            bytes.Write(_buffer, _from, some);
            _from += some;
            length -= some;
        }
        _lastBytes += bytes.Length;
        return Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    async Task<string> LineAsync(CancellationToken cancel)
    {
        string? begun = null;
        StringBuilder? longer = null;
        while (true)
        {
            await FillAsync(cancel).ConfigureAwait(false);
            var end = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
            var some = end < 0 ? _to - _from : end + 1;
            _lastBytes += some;
            if (_lastBytes > _server.AnswerBytes)
                throw Broken(ImapFault.TooLarge, "The server says more than anybody should hold.");
            var text = Encoding.Latin1.GetString(_buffer, _from, some);
            _from += some;
            if (begun is null && end >= 0)
                return text.TrimEnd('\r', '\n');
            (longer ??= new()).Append(text);
            begun = "";
            if (end >= 0)
                return longer.ToString().TrimEnd('\r', '\n');
        }
    }
}
