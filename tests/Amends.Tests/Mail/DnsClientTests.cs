using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Mail;
using Shouldly;
using Xunit;

namespace Amends.Tests.Mail;

/// <summary>Questions to a name server on loopback that answers well, badly, late, cut, forged or not at all.</summary>
public class DnsClientTests
{
    sealed class RealClock : TimeProvider;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static DnsClient Client(NameServer server, double seconds = 5) => new(new DnsSettings { Servers = [server.End], Timeout = TimeSpan.FromSeconds(seconds), Tries = 1 }, new RealClock());

    static byte[] Txt(params string[] strings) => [.. strings.SelectMany(s => (byte[])[(byte)s.Length, .. Encoding.ASCII.GetBytes(s)])];

    static byte[] Labels(string name) => [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)]), 0];

    static byte[] Record(byte[] owner, int type, byte[] data) => [.. owner, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    // The owner as a pointer to the question, as servers write it.
    static readonly byte[] Asked = [0xC0, 12];

    [Fact]
    public async Task Text_records_are_joined_and_long_ones_come_over_tcp()
    {
        await using var server = new NameServer((query, tcp) => tcp
            ? [NameServer.Answer(query, 0, Record(Asked, 16, Txt("v=DKIM1; ", "p=", new string('A', 200))), Record(Asked, 16, Txt("second")))]
            : [NameServer.Answer(query, 2)]);
        var answer = await Client(server).TextAsync("s1._domainkey.Example.com.", Stop);
        answer.State.ShouldBe(DnsState.Found);
        answer.Records.ShouldBe([$"v=DKIM1; p={new string('A', 200)}", "second"]);
        server.Questions.ShouldAllBe(q => q == "s1._domainkey.example.com");
    }

    [Fact]
    public async Task Mail_and_service_records_come_in_order_with_their_names_unpacked()
    {
        await using var server = new NameServer((query, _) => query[^14] == 15
            ? [NameServer.Answer(query, 0, Record(Asked, 15, [0, 20, .. Labels("mx2.example.net")]), Record(Asked, 15, [0, 10, 3, (byte)'m', (byte)'x', (byte)'1', 0xC0, 12]))]
            : [NameServer.Answer(query, 0, Record(Asked, 33, [0, 1, 0, 5, 0x03, 0xE1, .. Labels("imap.example.com")]))]);
        (await Client(server).MailAsync("example.com", Stop)).Records.ShouldBe([new DnsMail(10, "mx1.example.com"), new DnsMail(20, "mx2.example.net")]);
        (await Client(server).ServiceAsync("_imaps._tcp.example.com", Stop)).Records.ShouldBe([new DnsService(1, 5, 993, "imap.example.com")]);
    }

    [Fact]
    public async Task Aliases_are_followed_and_not_for_ever()
    {
        await using var server = new NameServer((query, _) => [NameServer.NameOf(query) switch
        {
            "a.example" => NameServer.Answer(query, 0, Record(Asked, 5, Labels("b.example")), Record(Labels("b.example"), 16, Txt("within"))),
            "c.example" => NameServer.Answer(query, 0, Record(Asked, 5, Labels("d.example"))),
            "d.example" => NameServer.Answer(query, 0, Record(Asked, 16, Txt("asked again"))),
            "loop.example" => NameServer.Answer(query, 0, Record(Asked, 5, Labels("loop.example"))),
            _ => NameServer.Answer(query, 0, Record(Asked, 5, Labels("x" + NameServer.NameOf(query)))),
        }]);
        (await Client(server).TextAsync("a.example", Stop)).Records.ShouldBe(["within"]);
        (await Client(server).TextAsync("c.example", Stop)).Records.ShouldBe(["asked again"]);
        (await Client(server).TextAsync("loop.example", Stop)).State.ShouldBe(DnsState.None);
        (await Client(server).TextAsync("endless.example", Stop)).State.ShouldBe(DnsState.None);
        server.Questions.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task No_such_name_is_an_answer_and_a_failing_server_is_none()
    {
        await using var server = new NameServer((query, _) => [NameServer.NameOf(query) == "no.example" ? NameServer.Answer(query, 0, 3) : NameServer.Answer(query, 0, 2)]);
        (await Client(server).TextAsync("no.example", Stop)).State.ShouldBe(DnsState.None);
        (await Client(server).TextAsync("failing.example", Stop)).State.ShouldBe(DnsState.Unavailable);
        var second = new DnsClient(new DnsSettings { Servers = [new IPEndPoint(IPAddress.Loopback, 1), server.End], Timeout = TimeSpan.FromSeconds(2) }, new RealClock());
        (await second.TextAsync("no.example", Stop)).State.ShouldBe(DnsState.None);
    }

    [Fact]
    public async Task A_forged_answer_is_passed_over_and_the_real_one_counts()
    {
        await using var server = new NameServer((query, _) =>
        {
            var real = NameServer.Answer(query, 0, Record(Asked, 16, Txt("real")));
            var wrongId = NameServer.Answer(query, 0, Record(Asked, 16, Txt("forged")));
            wrongId[0] ^= 1;
            var wrongName = NameServer.Answer(query, 0, Record(Asked, 16, Txt("forged")));
            wrongName[13] ^= 1;
            var question = (byte[])query.Clone();
            return [wrongId, wrongName, question, [1, 2, 3], real];
        });
        (await Client(server).TextAsync("name.example", Stop)).Records.ShouldBe(["real"]);
        // Records of other names within the answer are nobody's.
        await using var other = new NameServer((query, _) => [NameServer.Answer(query, 0, Record(Labels("other.example"), 16, Txt("not yours")))]);
        (await Client(other).TextAsync("name.example", Stop)).State.ShouldBe(DnsState.None);
    }

    [Fact]
    public async Task Silence_ends_in_time()
    {
        await using var server = new NameServer((_, _) => []);
        (await Client(server, 0.2).TextAsync("name.example", Stop)).State.ShouldBe(DnsState.Unavailable);
        using var cancel = new CancellationTokenSource(50);
        await Should.ThrowAsync<OperationCanceledException>(() => Client(server, 30).TextAsync("name.example", cancel.Token));
    }

    [Fact]
    public async Task Names_that_point_in_circles_or_out_of_the_answer_are_refused()
    {
        foreach (var evil in new byte[][] { [0xC0, 44], [0xC0, 46], [0xC0, 0xFF], [63, 1, 2], [0x80, 1], [0xC0] })
        {
            await using var server = new NameServer((query, _) => [NameServer.Answer(query, 0, Record(Asked, 15, [0, 10, .. evil]))]);
            (await Client(server, 1).MailAsync("name.example", Stop)).Records.ShouldBeEmpty();
        }
        await using var command = new NameServer((query, _) => [NameServer.Answer(query, 0, Record(Asked, 15, [0, 10, 5, (byte)'a', 13, 10, (byte)' ', (byte)'b', 0]))]);
        (await Client(command, 1).MailAsync("name.example", Stop)).Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damaged_answers_do_no_harm()
    {
        var random = new Random(3);
        await using var server = new NameServer((query, tcp) =>
        {
            var answer = NameServer.Answer(query, 0, Record(Asked, 5, Labels("b.example")), Record(Labels("b.example"), 15, [0, 10, .. Labels("mx.example")]));
            for (var n = random.Next(1, 4); n > 0; n--)
                answer[random.Next(2, answer.Length)] = (byte)random.Next(256);
            return [answer[..random.Next(12, answer.Length + 1)]];
        });
        for (var i = 0; i < 60; i++)
            _ = await Client(server, 0.02).MailAsync("a.example", Stop);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a b.example")]
    [InlineData("a\r\nb.example")]
    public async Task What_is_no_name_is_not_asked(string name) =>
        await Should.ThrowAsync<ArgumentException>(() => new DnsClient(new DnsSettings(), new RealClock()).TextAsync(name, Stop));

    [Fact]
    public void The_resolvers_of_the_system_are_read() =>
        DnsClient.Resolvers("# c\nsearch x\nnameserver 192.0.2.1\nnameserver\tfe80::1%eth0 \nnameserver nonsense\nnameserver ::1\nnameserver 192.0.2.9\n").Count.ShouldBe(3);

    /// <summary>A name server: UDP and TCP on one port of loopback.</summary>
    sealed class NameServer : IAsyncDisposable
    {
        readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        readonly TcpListener _tcp;
        readonly CancellationTokenSource _end = new();
        readonly Func<byte[], bool, IReadOnlyList<byte[]>> _answer;
        readonly Task _work;
        readonly List<string> _questions = [];

        public NameServer(Func<byte[], bool, IReadOnlyList<byte[]>> answer)
        {
            _answer = answer;
            while (true)
            {
                _tcp = new TcpListener(IPAddress.Loopback, 0);
                _tcp.Start();
                try
                {
                    _udp.Bind(_tcp.LocalEndpoint);
                    break;
                }
                catch (SocketException)
                {
                    _tcp.Stop();
                }
            }
            End = (IPEndPoint)_tcp.LocalEndpoint;
            _work = Task.WhenAll(UdpAsync(), TcpAsync());
        }

        public IPEndPoint End { get; }

        public IReadOnlyList<string> Questions
        {
            get
            {
                lock (_questions)
                    return [.. _questions];
            }
        }

        IReadOnlyList<byte[]> Say(byte[] query, bool tcp)
        {
            lock (_questions)
                _questions.Add(NameOf(query));
            return _answer(query, tcp);
        }

        async Task UdpAsync()
        {
            var buffer = new byte[4_096];
            try
            {
                while (true)
                {
                    var got = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, End, _end.Token);
                    foreach (var answer in Say(buffer[..got.ReceivedBytes], false))
                        await _udp.SendToAsync(answer, SocketFlags.None, got.RemoteEndPoint, _end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        async Task TcpAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _tcp.AcceptTcpClientAsync(_end.Token);
                    var stream = client.GetStream();
                    var length = new byte[2];
                    await stream.ReadExactlyAsync(length, _end.Token);
                    var query = new byte[length[0] << 8 | length[1]];
                    await stream.ReadExactlyAsync(query, _end.Token);
                    foreach (var answer in Say(query, true))
                        await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], _end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }

        public static string NameOf(byte[] query)
        {
            var labels = new List<string>();
            for (var at = 12; query[at] != 0; at += 1 + query[at])
                labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
            return string.Join('.', labels);
        }

        public static byte[] Answer(byte[] query, int flags, params byte[][] records) => Answer(query, flags, 0, records);

        public static byte[] Answer(byte[] query, int flags, int code, params byte[][] records)
        {
            var question = query[12..^11];
            return [query[0], query[1], (byte)(0x81 | flags), (byte)(0x80 | code), 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. question, .. records.SelectMany(r => r)];
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _tcp.Stop();
            _udp.Dispose();
            await _work;
            _end.Dispose();
        }
    }
}
