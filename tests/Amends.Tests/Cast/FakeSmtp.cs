using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Mail;

namespace Amends.Tests.Cast;

/// <summary>A message as the server has taken it.</summary>
/// <param name="From">The envelope sender, as said.</param>
/// <param name="To">The recipients that were accepted, as said.</param>
/// <param name="Data">The message, without the dots that were put in.</param>
sealed record TakenMail(string From, IReadOnlyList<string> To, byte[] Data);

/// <summary>An SMTP server in the test's own hand. It reads commands strictly (what is no clean command is kept in <see cref="Malformed"/>), keeps what it took, and answers as it is told:
/// by recipient, by command, or by going away.</summary>
sealed class FakeSmtp : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly Lock truth = new();
    readonly List<TakenMail> taken = [];
    readonly List<string> heard = [], malformed = [];
    readonly List<Task> sessions = [];
    readonly Task accepting;

    public FakeSmtp()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public SmtpServer Server => new("localhost", Port) { Security = MailSecurity.None, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>The certificate with which TLS begins at the first byte; null for plain text.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Tls { get; set; }

    /// <summary>Whether a token (XOAUTH2), or with AUTH PLAIN a password, is good for a user; with it nobody sends unsigned in.</summary>
    public Func<string, string, bool>? SignIn { get; set; }

    /// <summary>Waits before it answers to a command, or before it takes the message ("."): a server that hangs.</summary>
    public Func<string, Task> Slow { get; set; } = _ => Task.CompletedTask;

    /// <summary>What EHLO offers.</summary>
    public IReadOnlyList<string> Offers { get; set; } = ["PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "SIZE 50000000", "ENHANCEDSTATUSCODES"];

    /// <summary>The answer to a command ("RCPT TO:&lt;a@b.c&gt;", "DATA", "." for the end of the message), or null for the ordinary one; "" to close the connection without an answer.</summary>
    public Func<string, string?> Answers { get; set; } = _ => null;

    public IReadOnlyList<TakenMail> Taken
    {
        get
        {
            lock (truth)
                return [.. taken];
        }
    }

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (truth)
                return [.. heard];
        }
    }

    public IReadOnlyList<string> Malformed
    {
        get
        {
            lock (truth)
                return [.. malformed];
        }
    }

    /// <summary>Forgets what was taken and heard.</summary>
    public void Forget()
    {
        lock (truth)
        {
            taken.Clear();
            heard.Clear();
            malformed.Clear();
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                client.NoDelay = true;
                lock (truth)
                    sessions.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (Stream plain = client.GetStream())
            {
                if (Tls is not { } certificate)
                {
                    await TalkAsync(plain);
                    return;
                }
                await using var tls = new System.Net.Security.SslStream(plain);
                await tls.AuthenticateAsServerAsync(new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
                await TalkAsync(tls);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away.
        }
    }

    async Task TalkAsync(Stream stream)
    {
        var reader = new Lines(stream, end.Token);
        string? from = null;
        var signedIn = false;
        var to = new List<string>();
        if (!await SayAsync("GREETING", "220 fake"))
            return;
        while (await reader.NextAsync() is { } bytes)
        {
            var line = Encoding.UTF8.GetString(bytes);
            var clean = line.All(c => !char.IsControl(c)) && !line.Contains('\uFFFD', StringComparison.Ordinal);
            lock (truth)
                heard.Add(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            string answer;
            switch (verb)
            {
                case "EHLO" when clean && line.Split(' ') is [_, _]:
                    (from, answer) = (null, string.Concat(Offers.Prepend("fake").Select((o, i) => $"250{(i < Offers.Count ? '-' : ' ')}{o}\r\n")).TrimEnd());
                    to.Clear();
                    break;
                case "AUTH" when clean && SignIn is { } good:
                    signedIn = ByWord(line, good);
                    answer = signedIn ? "235 2.7.0 in" : "535 5.7.8 not in";
                    break;
                case "MAIL" when SignIn is not null && !signedIn:
                    answer = "530 5.7.0 sign in first";
                    break;
                case "MAIL" when clean && from is null && Path(line, "MAIL FROM:") is { } path:
                    (from, answer) = (path, "250 2.1.0 ok");
                    break;
                case "RCPT" when clean && from is not null && Path(line, "RCPT TO:") is { } path:
                    answer = Answers(line) ?? "250 2.1.5 ok";
                    if (answer.StartsWith('2'))
                        to.Add(path);
                    break;
                case "DATA" when line == "DATA" && to.Count > 0:
                    if (!await SayAsync(line, "354 go"))
                        return;
                    if (Answers(line) is not null)
                        continue;
                    var data = await reader.MessageAsync();
                    if (data is null)
                        return;
                    var mail = new TakenMail(from!, [.. to], data);
                    // What is refused is not kept; what is accepted is, even when the answer gets lost.
                    if (Answers(".") is null or "" or ['2', ..])
                    {
                        lock (truth)
                            taken.Add(mail);
                    }
                    from = null;
                    to.Clear();
                    (line, answer) = (".", "250 2.0.0 taken");
                    break;
                case "DATA" when line == "DATA":
                    answer = "554 5.5.1 No valid recipients";
                    break;
                case "RSET" or "NOOP" when clean:
                    answer = "250 ok";
                    break;
                case "QUIT" when line == "QUIT":
                    await SayAsync(line, "221 bye");
                    return;
                default:
                    lock (truth)
                        malformed.Add(line);
                    answer = "500 5.5.2 What";
                    break;
            }
            if (!await SayAsync(line, answer))
                return;
        }

        async Task<bool> SayAsync(string about, string ordinary)
        {
            await Slow(about);
            var answer = Answers(about) ?? ordinary;
            if (answer.Length == 0)
                return false;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), end.Token);
            return true;
        }
    }

    static bool ByWord(string line, Func<string, string, bool> good)
    {
        if (line.Split(' ') is not ["AUTH", var way, var word])
            return false;
        var said = Encoding.UTF8.GetString(Convert.FromBase64String(word));
        if (way == "PLAIN")
            return said.Split('\0') is ["", var user, var password] && good(user, password);
        return way == "XOAUTH2" && said.Split('\u0001') is [var who, var bearer, "", ""] && who.StartsWith("user=", StringComparison.Ordinal) && bearer.StartsWith("auth=Bearer ", StringComparison.Ordinal) && good(who[5..], bearer[12..]);
    }

    /// <summary>What stands in the brackets, where they end and only parameters follow.</summary>
    static string? Path(string line, string begin)
    {
        if (!line.StartsWith(begin + "<", StringComparison.Ordinal))
            return null;
        var quoted = false;
        for (var i = begin.Length + 1; i < line.Length; i++)
        {
            if (quoted && line[i] == '\\')
                i++;
            else if (line[i] == '"')
                quoted = !quoted;
            else if (!quoted && line[i] == '<' || !quoted && line[i] == ' ')
                return null;
            else if (!quoted && line[i] == '>')
                return line[(i + 1)..].Split(' ') is ["", .. var more] && more.All(p => p.Length > 0 && p.All(c => c is >= '!' and <= '~')) ? line[(begin.Length + 1)..i] : null;
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        Task[] running;
        lock (truth)
            running = [.. sessions];
        await Task.WhenAll(running);
        end.Dispose();
    }

    /// <summary>Lines ended by CRLF and by nothing else.</summary>
    sealed class Lines(Stream stream, CancellationToken end)
    {
        readonly byte[] buffer = new byte[16 * 1024];
        int from, to;

        public async Task<byte[]?> NextAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                for (; from < to; from++)
                {
                    line.Add(buffer[from]);
                    if (line is [.., (byte)'\r', (byte)'\n'])
                    {
                        from++;
                        return [.. line[..^2]];
                    }
                }
                (from, to) = (0, await stream.ReadAsync(buffer, end));
                if (to == 0)
                    return null;
            }
        }

        public async Task<byte[]?> MessageAsync()
        {
            var message = new MemoryStream();
            while (await NextAsync() is { } line)
            {
                if (line is [(byte)'.'])
                    return message.ToArray();
                message.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
                message.Write("\r\n"u8);
            }
            return null;
        }
    }
}
