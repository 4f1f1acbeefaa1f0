using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Amends.Mail;

/// <summary>Hands mail to a server (RFC 5321, 6409): TLS with the certificate always checked, AUTH PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER (RFC 4954, 7628), SIZE (1870),
/// PIPELINING (2920), 8BITMIME (6152), SMTPUTF8 (6531), DSN (3461), enhanced codes (2034). Whatever the network and the server do comes back as an outcome per recipient; nothing throws but
/// wrong arguments and cancellation.</summary>
/// <param name="server">The server.</param>
/// <param name="time">The clock for time-outs.</param>
public sealed class SmtpSubmission(SmtpServer server, TimeProvider time)
{
    const int LongestLine = 4_096, MostLines = 200, MostAtOnce = 50;

    /// <summary>Sends one message over a connection of its own.</summary>
    /// <param name="sender">The envelope sender; null for the empty one of reports.</param>
    /// <param name="recipients">Each gets an outcome.</param>
    /// <param name="message">The message as bytes; line ends are made CRLF and dots stuffed here.</param>
    /// <param name="cancel">Ends the attempt; after DATA was handed over the outcome is then unknown, so this throws only before.</param>
    /// <exception cref="ArgumentException">No recipients, or an address with control characters, blanks or brackets (nothing has been sent then).</exception>
    public Task<SmtpOutcome> SendAsync(Mailbox? sender, IReadOnlyList<Mailbox> recipients, ReadOnlyMemory<byte> message, CancellationToken cancel = default) => SendAsync(sender, recipients, message, null, cancel);

    /// <summary>As the other, and says of what the server shall report to the sender. Servers that do not offer DSN are not told: they report failures as they always do.</summary>
    /// <param name="sender">The envelope sender; null for the empty one of reports.</param>
    /// <param name="recipients">Each gets an outcome.</param>
    /// <param name="message">The message as bytes; line ends are made CRLF and dots stuffed here.</param>
    /// <param name="reports">What is to be reported, or null.</param>
    /// <param name="cancel">Ends the attempt; after DATA was handed over the outcome is then unknown, so this throws only before.</param>
    /// <exception cref="ArgumentException">No recipients, or an address with control characters, blanks or brackets (nothing has been sent then).</exception>
    public async Task<SmtpOutcome> SendAsync(Mailbox? sender, IReadOnlyList<Mailbox> recipients, ReadOnlyMemory<byte> message, ReportWish? reports, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 0)
            throw new ArgumentException("A message needs a recipient.", nameof(recipients));
        Check(sender, nameof(sender));
        foreach (var recipient in recipients)
            Check(recipient, nameof(recipients));
        Check(server);
        var wire = Stuffed(message.Span, out var size);
        var outcomes = new RecipientOutcome?[recipients.Count];
        bool handedOver = false, finished = false;
        var answer = "";
        try
        {
            var session = new Session(server, time, cancel);
            await using (session.ConfigureAwait(false))
            {
                await session.OpenAsync().ConfigureAwait(false);
                await session.SignInAsync().ConfigureAwait(false);
                answer = await ConverseAsync(session, sender, recipients, message, wire, size, reports, outcomes, () => handedOver = true).ConfigureAwait(false);
                finished = true;
                await session.QuitAsync().ConfigureAwait(false);
            }
        }
        catch (SmtpBreak stop)
        {
            Fill(outcomes, recipients, handedOver && stop.Code == 0 ? RecipientState.Unknown : stop.State, stop.Code, stop.Enhanced, stop.Message);
        }
        catch (AuthenticationException e)
        {
            // A wrong certificate may be put right, and mail must not be lost meanwhile.
            Fill(outcomes, recipients, RecipientState.Temporary, 0, null, $"TLS failed: {e.Message}");
        }
        catch (IOException) when (finished)
        {
            // The outcome stands; only the farewell broke.
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException || e is OperationCanceledException && (handedOver || !cancel.IsCancellationRequested))
        {
            var what = e is OperationCanceledException ? "The server did not answer in time." : e.Message;
            Fill(outcomes, recipients, handedOver ? RecipientState.Unknown : RecipientState.Temporary, 0, null, what);
        }
        return new SmtpOutcome([.. outcomes.Select(o => o!)], answer);
    }

    /// <summary>Connects, protects the connection and signs in as sending would, and says farewell: nothing is sent.</summary>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="ArgumentException">The server's record holds what cannot be said on the wire.</exception>
    public async Task<SmtpTrial> TryAsync(CancellationToken cancel = default)
    {
        Check(server);
        var finished = false;
        try
        {
            var session = new Session(server, time, cancel);
            await using (session.ConfigureAwait(false))
            {
                await session.OpenAsync().ConfigureAwait(false);
                await session.SignInAsync().ConfigureAwait(false);
                finished = true;
                await session.QuitAsync().ConfigureAwait(false);
            }
        }
        catch (SmtpBreak stop) { return new(false, stop.Code, Clean(stop.Message)); }
        catch (AuthenticationException e) { return new(false, 0, Clean($"TLS failed: {e.Message}")); }
        catch (IOException) when (finished) { }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(false, 0, Clean(e is OperationCanceledException ? "The server did not answer in time." : e.Message));
        }
        return new(true, 0, "");
    }

    static void Check(SmtpServer server)
    {
        if (server.ClientName.Length == 0 || server.ClientName.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            throw new ArgumentException("What we call ourselves is a host name.", nameof(server));
        // Names and passwords are divided by such characters on the wire.
        MailText.Refuse(server.UserName, nameof(server));
        if (server.Password?.Contains('\0', StringComparison.Ordinal) == true)
            throw new ArgumentException("A password has no NUL.", nameof(server));
    }

    static void Check(Mailbox? mailbox, string name)
    {
        if (mailbox is null)
            return;
        // The type has refused control characters already; the envelope is checked once more where a mistake would be a second command.
        if (!mailbox.IsValid || MailText.HasControl(mailbox.AsciiAddress) || !mailbox.LocalPart.StartsWith('"') && mailbox.AsciiAddress.AsSpan().IndexOfAny("<> ") >= 0)
            throw new ArgumentException("Not an address that can stand in an envelope.", name);
    }

    static void Fill(RecipientOutcome?[] outcomes, IReadOnlyList<Mailbox> recipients, RecipientState state, int code, string? enhanced, string text)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            // What the server refused stays refused; what it accepted at RCPT only is as open as the rest.
            if (outcomes[i] is null or { State: RecipientState.Accepted })
                outcomes[i] = new(recipients[i], state, code, enhanced, Clean(text));
        }
    }

    static string Clean(string text)
    {
        text = MailText.WithoutControl(text).Trim();
        return text.Length > 1_000 ? text[..1_000] : text;
    }

    async Task<string> ConverseAsync(Session session, Mailbox? sender, IReadOnlyList<Mailbox> recipients, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> wire, int size, ReportWish? reports, RecipientOutcome?[] outcomes, Action handingOver)
    {
        var utf8 = sender?.NeedsUtf8 == true || recipients.Any(r => r.NeedsUtf8) || HasEightBitHeader(message.Span);
        if (utf8 && !session.Offers("SMTPUTF8"))
        {
            // Those with plain addresses may still get it when only others need it.
            if (sender?.NeedsUtf8 == true || HasEightBitHeader(message.Span))
                throw new SmtpBreak(RecipientState.Permanent, 0, "5.6.7", "The server does not take addresses beyond ASCII (SMTPUTF8).");
            utf8 = false;
            for (var i = 0; i < recipients.Count; i++)
            {
                if (recipients[i].NeedsUtf8)
                    outcomes[i] = new(recipients[i], RecipientState.Permanent, 0, "5.6.7", "The server does not take addresses beyond ASCII (SMTPUTF8).");
            }
        }
        var eightBit = !Ascii.IsValid(message.Span);
        if (eightBit && !session.Offers("8BITMIME"))
            throw new SmtpBreak(RecipientState.Permanent, 0, "5.6.3", "The message is 8-bit and the server does not take that (8BITMIME).");
        if (session.SizeLimit is long limit and > 0 && size > limit)
            throw new SmtpBreak(RecipientState.Permanent, 0, "5.3.4", string.Create(CultureInfo.InvariantCulture, $"The message has {size} bytes, the server takes {limit}."));
        if (!session.Offers("DSN"))
            reports = null;
        var mail = $"MAIL FROM:<{sender?.AsciiAddress}>";
        if (session.Offers("SIZE"))
            mail += string.Create(CultureInfo.InvariantCulture, $" SIZE={size}");
        if (eightBit)
            mail += " BODY=8BITMIME";
        if (utf8)
            mail += " SMTPUTF8";
        if (reports is not null)
            mail += reports.OfMail();
        var open = Enumerable.Range(0, recipients.Count).Where(i => outcomes[i] is null).ToList();
        if (open.Count == 0)
            return "";
        var go = session.Offers("PIPELINING") ? await AllAtOnceAsync().ConfigureAwait(false) : await OneByOneAsync().ConfigureAwait(false);
        if (go is not { } begin)
            return "";
        if (begin.Code != 354)
            Break(begin.IsGood ? new(0, null, ["The server answered DATA with a code that has no meaning here."]) : begin);
        await session.SendDataAsync(wire, handingOver).ConfigureAwait(false);
        var done = await session.ReadAsync(server.Timeout * 10).ConfigureAwait(false);
        if (!done.IsGood)
            Break(done);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is { State: RecipientState.Accepted } one)
                outcomes[i] = one with { Code = done.Code, EnhancedCode = done.Enhanced, Text = Clean(done.Text) };
        }
        return Clean(done.Text);

        string To(int i) => $"RCPT TO:<{recipients[i].AsciiAddress}>{reports?.OfRecipient(recipients[i])}";

        bool Took(int i, SmtpAnswer reply)
        {
            outcomes[i] = new(recipients[i], StateOf(reply), reply.Code, reply.Enhanced, Clean(reply.Text));
            // 421: the server closes.
            if (reply.Code == 421)
                Break(reply);
            return reply.IsGood;
        }

        async Task<SmtpAnswer?> OneByOneAsync()
        {
            Break(await session.AskAsync(mail).ConfigureAwait(false));
            var accepted = false;
            foreach (var i in open)
                accepted |= Took(i, await session.AskAsync(To(i)).ConfigureAwait(false));
            return accepted ? await session.AskAsync("DATA").ConfigureAwait(false) : null;
        }

        // Sender, recipients and DATA go together, and then the answers are heard: one way to the server and back instead of one for each (RFC 2920).
        // Groups are small, so that neither side waits for the other to take what it has said.
        async Task<SmtpAnswer?> AllAtOnceAsync()
        {
            var accepted = false;
            for (var from = 0; from < open.Count; from += MostAtOnce)
            {
                var some = open.GetRange(from, Math.Min(MostAtOnce, open.Count - from));
                var last = from + some.Count == open.Count;
                await session.SayAsync([.. from == 0 ? [mail] : Array.Empty<string>(), .. some.Select(To), .. last ? ["DATA"] : Array.Empty<string>()]).ConfigureAwait(false);
                if (from == 0)
                    Break(await session.ReadAsync(server.Timeout).ConfigureAwait(false));
                foreach (var i in some)
                    accepted |= Took(i, await session.ReadAsync(server.Timeout).ConfigureAwait(false));
            }
            var begin = await session.ReadAsync(server.Timeout).ConfigureAwait(false);
            if (accepted)
                return begin;
            // A server that wants the message for nobody gets none (RFC 2920 section 3.1).
            if (begin.Code == 354)
                await session.AskAsync(".").ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The message as it goes over the wire, and its size as servers count it: line ends as CRLF, the dots that were put in left out (RFC 1870 section 6).</summary>
    static byte[] Stuffed(ReadOnlySpan<byte> message, out int size)
    {
        var wire = new ArrayBufferWriter<byte>(message.Length + message.Length / 32 + 64);
        var dots = 0;
        while (!message.IsEmpty)
        {
            // Bare CR and bare LF become line ends too: servers disagree about them, and that is how smuggling works.
            var end = message.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? message : message[..end];
            if (line is [(byte)'.', ..])
            {
                wire.Write("."u8);
                dots++;
            }
            wire.Write(line);
            wire.Write("\r\n"u8);
            if (end < 0)
                break;
            message = message[(end + (message[end] == '\r' && end + 1 < message.Length && message[end + 1] == '\n' ? 2 : 1))..];
        }
        size = wire.WrittenCount - dots;
        return wire.WrittenSpan.ToArray();
    }

    static bool HasEightBitHeader(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        return !Ascii.IsValid(end < 0 ? message : message[..end]);
    }

    static RecipientState StateOf(SmtpAnswer answer) => answer.Code switch
    {
        >= 200 and < 400 => RecipientState.Accepted,
        >= 500 and < 600 => RecipientState.Permanent,
        _ => RecipientState.Temporary,
    };

    static void Break(SmtpAnswer answer)
    {
        if (!answer.IsGood)
            throw new SmtpBreak(StateOf(answer), answer.Code, answer.Enhanced, answer.Text);
    }

    sealed class Session(SmtpServer server, TimeProvider time, CancellationToken cancel) : IAsyncDisposable
    {
        readonly byte[] _buffer = new byte[8_192];
        readonly HashSet<string> _offers = new(StringComparer.OrdinalIgnoreCase);
        string _auth = "";
        int _from, _to;
        Socket? _socket;
        Stream _stream = Stream.Null;
        bool _secure;

        public long? SizeLimit { get; private set; }

        public bool Offers(string keyword) => _offers.Contains(keyword);

        public async Task OpenAsync()
        {
            using (var limit = Limit(server.Timeout))
            {
                if (server.Dial is { } dial)
                    _socket = await dial(server.Host, server.Port, limit.Token).ConfigureAwait(false);
                else
                {
                    _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await _socket.ConnectAsync(server.Host, server.Port, limit.Token).ConfigureAwait(false);
                }
            }
            _stream = new NetworkStream(_socket, ownsSocket: true);
            if (server.Security == MailSecurity.Tls)
                await SecureAsync().ConfigureAwait(false);
            Break(await ReadAsync(server.Timeout).ConfigureAwait(false));
            await GreetAsync().ConfigureAwait(false);
            if (server.Security == MailSecurity.StartTls)
            {
                // Somebody in the middle may have stripped the offer: without TLS nothing goes on, no password and no mail.
                if (!Offers("STARTTLS"))
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, "The server does not offer STARTTLS; nothing was sent.");
                Break(await AskAsync("STARTTLS").ConfigureAwait(false));
                // Anything that came behind the answer was not encrypted and must not be believed (CVE-2011-0411).
                if (_from != _to)
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, "The server sent plain text behind STARTTLS; nothing was sent.");
                await SecureAsync().ConfigureAwait(false);
                await GreetAsync().ConfigureAwait(false);
            }
        }

        async Task SecureAsync()
        {
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
            var options = new SslClientAuthenticationOptions { TargetHost = server.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
            if (server.TrustedRoot is { } root)
            {
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.Add(root);
            }
            using var limit = Limit(server.Timeout);
            await tls.AuthenticateAsClientAsync(options, limit.Token).ConfigureAwait(false);
            _stream = tls;
            _secure = true;
        }

        async Task GreetAsync()
        {
            _offers.Clear();
            (_auth, SizeLimit) = ("", null);
            var answer = await AskAsync($"EHLO {server.ClientName}").ConfigureAwait(false);
            if (answer.Code is 500 or 502)
            {
                Break(await AskAsync($"HELO {server.ClientName}").ConfigureAwait(false));
                return;
            }
            Break(answer);
            foreach (var line in answer.Lines.Skip(1))
            {
                var blank = line.IndexOfAny([' ', '=']);
                var word = blank < 0 ? line : line[..blank];
                var rest = blank < 0 ? "" : line[(blank + 1)..];
                _offers.Add(word);
                if (word.Equals("AUTH", StringComparison.OrdinalIgnoreCase))
                    _auth += " " + rest.ToUpperInvariant();
                else if (word.Equals("SIZE", StringComparison.OrdinalIgnoreCase) && long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                    SizeLimit = size;
            }
        }

        public async Task SignInAsync()
        {
            if (server.UserName is not { } user)
                return;
            if (!_secure && !server.AllowPlainPassword)
                throw new SmtpBreak(RecipientState.Permanent, 0, null, "Without TLS no password is sent.");
            var password = server.Password ?? "";
            var ways = _auth.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            SmtpAnswer answer;
            if (server.AccessToken is { } source)
            {
                var token = await source(cancel).ConfigureAwait(false);
                if (token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, "Signing in failed: the token is none.");
                if (ways.Contains("XOAUTH2"))
                    answer = await AskAsync($"AUTH XOAUTH2 {Base64($"user={user}\u0001auth=Bearer {token}\u0001\u0001")}").ConfigureAwait(false);
                else if (ways.Contains("OAUTHBEARER"))
                    answer = await AskAsync($"AUTH OAUTHBEARER {Base64($"n,a={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},\u0001auth=Bearer {token}\u0001\u0001")}").ConfigureAwait(false);
                else
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, "The server takes no token (XOAUTH2, OAUTHBEARER).");
                // A further question is the reason why not; it ends when it is answered.
                if (answer.Code == 334)
                    answer = await AskAsync(ways.Contains("XOAUTH2") ? "" : "AQ==").ConfigureAwait(false);
            }
            else if (ways.Contains("PLAIN"))
                answer = await AskAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}").ConfigureAwait(false);
            else if (ways.Contains("LOGIN"))
            {
                answer = await AskAsync("AUTH LOGIN").ConfigureAwait(false);
                if (answer.Code == 334)
                    answer = await AskAsync(Base64(user)).ConfigureAwait(false);
                if (answer.Code == 334)
                    answer = await AskAsync(Base64(password)).ConfigureAwait(false);
            }
            else
                throw new SmtpBreak(RecipientState.Temporary, 0, null, "The server offers no way to sign in that we know (PLAIN, LOGIN).");
            if (answer.Code != 235)
            {
                // A refused password is for a person to put right; the mail waits.
                throw new SmtpBreak(RecipientState.Temporary, answer.Code, answer.Enhanced, $"Signing in failed: {answer.Text}");
            }
        }

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

        public async Task<SmtpAnswer> AskAsync(string command)
        {
            await SayAsync([command]).ConfigureAwait(false);
            return await ReadAsync(server.Timeout).ConfigureAwait(false);
        }

        public async Task SayAsync(IReadOnlyList<string> commands)
        {
            // The last place at which a second command could be smuggled in.
            if (commands.Any(c => c.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0))
                throw new ArgumentException("A command is one line.");
            using var limit = Limit(server.Timeout);
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(commands.Select(c => c + "\r\n"))), limit.Token).ConfigureAwait(false);
            await _stream.FlushAsync(limit.Token).ConfigureAwait(false);
        }

        public async Task<SmtpAnswer> ReadAsync(TimeSpan wait)
        {
            using var limit = Limit(wait);
            var lines = new List<string>();
            string? enhanced = null;
            while (true)
            {
                var line = await LineAsync(limit.Token).ConfigureAwait(false);
                if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || line.Length > 3 && line[3] is not (' ' or '-'))
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, $"The server gave an answer that is none: {line[..Math.Min(line.Length, 100)]}");
                var text = line.Length > 4 ? line[4..] : "";
                if (Enhanced(text) is { } found)
                {
                    enhanced = found;
                    text = text[found.Length..].TrimStart();
                }
                if (lines.Count < MostLines)
                    lines.Add(text);
                if (line.Length == 3 || line[3] == ' ')
                    return new(code, enhanced, lines);
            }
        }

        // RFC 2034: class.subject.detail, only where text begins with one.
        static string? Enhanced(string text)
        {
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            var code = end < 0 ? text : text[..end];
            if (code.Length is < 5 or > 9 || code[0] is not ('2' or '4' or '5') || code[1] != '.')
                return null;
            var parts = code.Split('.');
            return parts.Length == 3 && parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit)) ? code : null;
        }

        async Task<string> LineAsync(CancellationToken token)
        {
            var line = new ArrayBufferWriter<byte>(128);
            while (true)
            {
                var found = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
                var length = found < 0 ? _to - _from : found + 1;
                line.Write(_buffer.AsSpan(_from, length));
                _from += length;
                if (line.WrittenCount > LongestLine)
                    throw new SmtpBreak(RecipientState.Temporary, 0, null, "The server gave an endless line.");
                if (found >= 0)
                    return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r', '\n');
                _from = 0;
                _to = await _stream.ReadAsync(_buffer, token).ConfigureAwait(false);
                if (_to == 0)
                    throw new IOException("The server closed the connection.");
            }
        }

        public async Task SendDataAsync(ReadOnlyMemory<byte> wire, Action handingOver)
        {
            // All but the final dot first: as long as that has not gone, the server cannot have taken the message.
            using (var limit = Limit(server.Timeout * 10))
            {
                for (var at = 0; at < wire.Length; at += 64 * 1024)
                    await _stream.WriteAsync(wire.Slice(at, Math.Min(64 * 1024, wire.Length - at)), limit.Token).ConfigureAwait(false);
                await _stream.FlushAsync(limit.Token).ConfigureAwait(false);
            }
            handingOver();
            using (var limit = Limit(server.Timeout))
            {
                await _stream.WriteAsync(".\r\n"u8.ToArray(), limit.Token).ConfigureAwait(false);
                await _stream.FlushAsync(limit.Token).ConfigureAwait(false);
            }
        }

        public async Task QuitAsync()
        {
            try
            {
                await AskAsync("QUIT").ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or SmtpBreak)
            {
                // The message has been taken or refused already; how the server says good-bye changes nothing.
            }
        }

        TimeLimit Limit(TimeSpan wait) => new(wait, time, cancel);

        public async ValueTask DisposeAsync()
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _socket?.Dispose();
        }
    }

    /// <summary>A token that ends by the given clock or with the caller's.</summary>
    sealed class TimeLimit : IDisposable
    {
        readonly CancellationTokenSource _clock;
        readonly CancellationTokenSource _both;

        public TimeLimit(TimeSpan wait, TimeProvider time, CancellationToken outer)
        {
            _clock = new CancellationTokenSource(wait, time);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_clock.Token, outer);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _clock.Dispose();
        }
    }
}
