using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

public class SendingTests
{
    /// <summary>A mail server that keeps what it is told: one envelope for each message.</summary>
    sealed class Sink : IDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        public ConcurrentQueue<(string From, string[] To, string Data)> Messages { get; } = [];
        public ConcurrentQueue<string> Lines { get; } = [];
        public Func<string, string> AnswerTo { get; set; } = _ => "250 2.1.5 OK";

        public Sink()
        {
            listener.Start();
            _ = Task.Run(async () => { try { while (true) _ = Serve(await listener.AcceptTcpClientAsync()); } catch (SocketException) { } catch (ObjectDisposedException) { } });
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        async Task Serve(TcpClient client)
        {
            using var _ = client;
            using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Task Say(string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n")).AsTask();
            await Say("220 sink ESMTP");
            var (from, to) = ("", new List<string>());
            while (await reader.ReadLineAsync() is { } line)
            {
                Lines.Enqueue(line);
                var verb = line.ToUpperInvariant();
                if (verb.StartsWith("EHLO", StringComparison.Ordinal)) await Say("250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES");
                else if (verb.StartsWith("MAIL FROM:", StringComparison.Ordinal)) { from = line[10..].Split(' ')[0]; to.Clear(); await Say("250 2.1.0 OK"); }
                else if (verb.StartsWith("RCPT TO:", StringComparison.Ordinal))
                {
                    var answer = AnswerTo(line[8..].Split(' ')[0]);
                    if (answer[0] == '2') to.Add(line[8..].Split(' ')[0]);
                    await Say(answer);
                }
                else if (verb == "DATA")
                {
                    await Say(to.Count == 0 ? "554 5.5.1 nobody" : "354 go");
                    if (to.Count == 0) continue;
                    var data = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } text && text != ".") data.Append(text).Append("\r\n");
                    Messages.Enqueue((from, [.. to], data.ToString()));
                    await Say("250 2.0.0 queued as 7");
                }
                else if (verb == "QUIT") { await Say("221 bye"); return; }
                else await Say("250 OK");
            }
        }

        public void Dispose() => listener.Dispose();
    }

    static Task SmtpTo(Post post, int port) => post.House.Write.Run(Actor.System("test"), null, async db =>
    {
        var house = post.House.Get<House>();
        await house.Set(db, HouseSettings.SmtpOn, true);
        await house.Set(db, HouseSettings.SmtpHost, "127.0.0.1");
        await house.Set(db, HouseSettings.SmtpPort, port);
        await house.Set(db, HouseSettings.SmtpSecurity, "none");
    });

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A12_the_server_sees_exactly_the_intended_envelope_whatever_is_typed(On on)
    {
        using var sink = new Sink();
        await using var post = await Post.Open(on);
        await SmtpTo(post, sink.Port);
        post.House.Get<House>().Forget();
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        var page = await post.Desk.See($"/cases/{number}/reply");
        string[] bad = ["a\r\nRCPT TO:<x@evil.example>@d", "\"a\r\nRCPT TO:<x@evil.example>\"@d.example", "maria@casaverde.example\0", "a b@c d", "<x@evil.example", "a@b\u2028RCPT"];
        foreach (var to in bad)
        {
            var answer = await post.Desk.Send(page, $"/cases/{number}/reply", ("to", to), ("text", "Hello"), ("next", "open"), ("once", Guid.NewGuid().ToString("N")));
            // Either refused with words, or read as a list of plain addresses.
            if (answer.Status == HttpStatusCode.UnprocessableEntity) answer.Value("text").ShouldBe("Hello");
        }
        await post.Pass(TimeSpan.FromSeconds(11));
        var before = sink.Messages.Count;
        foreach (var line in sink.Lines.Where(l => l.StartsWith("RCPT", StringComparison.Ordinal))) line.ShouldMatch("^RCPT TO:<[^<>\\s]+>( .*)?$");
        var good = await post.Desk.Send(await post.Desk.See($"/cases/{number}/reply"), $"/cases/{number}/reply", ("to", "Maria <maria@casaverde.example>"), ("cc", "olga@casaverde.example"), ("text", "Hello.\n.\nMAIL FROM:<x@evil.example>\nBye"), ("next", "open"), ("anyway", "true"));
        good.Status.ShouldBe(HttpStatusCode.SeeOther, good.Body);
        await post.Pass(TimeSpan.FromSeconds(11));
        sink.Messages.Count.ShouldBe(before + 1);
        var message = sink.Messages.Last();
        (message.From, string.Join(' ', message.To)).ShouldBe(("<service@amends.example>", "<maria@casaverde.example> <olga@casaverde.example>"));
        message.Data.ShouldNotContain("\r\nBcc:");
    }

    [Fact]
    public async Task A12_random_words_in_every_field_make_no_header_and_no_recipient_of_their_own()
    {
        using var sink = new Sink();
        await using var post = await Post.Open(On.Sqlite);
        await SmtpTo(post, sink.Port);
        post.House.Get<House>().Forget();
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        var random = new Random(1212);
        string[] pieces = ["\r\n", "\n", "\r", "\0", "\u0085", "\u2028", "\u001b[31m", "\r\nBcc: eve@evil.example\r\n", "\r\nRCPT TO:<eve@evil.example>\r\n", "\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n", "\nX-Evil: eve@evil.example\n\n", "=?utf-8?q?=0D=0AX-Evil:_1?=",
            "<", ">", "(", ")", "\"", "\\", ":", ";", ",", "@", "ö", "東京", "\U0001F600", "\uD83D", "\u202E", " ", "\t", "a", "b.c", "%0d%0a"];
        string Words(int most) => string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => pieces[random.Next(pieces.Length)]));
        // A form carries whole signs and no NUL: with one it is refused before it is read.
        string AsForm(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 40; i++)
        {
            await post.Desk.PostFrom($"/cases/{number}/rename", $"/cases/{number}/rename", ("subject", AsForm("Pump " + Words(5))));
            // Every third time the address itself is one among such words: it is read as a plain one, or refused.
            var to = i % 3 == 0 ? AsForm(Words(2).Replace("eve@evil.example", "evil", StringComparison.Ordinal) + " <maria@casaverde.example>") : "maria@casaverde.example";
            var answer = await post.Desk.Send(await post.Desk.See($"/cases/{number}/reply"), $"/cases/{number}/reply", ("to", to), ("cc", i % 4 == 0 ? "olga@casaverde.example" : ""), ("text", AsForm("Hello " + Words(6))), ("next", "open"), ("anyway", "true"));
            if (answer.Status == HttpStatusCode.SeeOther) taken++;
            else { answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, to + " " + answer.Text("main")); refused++; }
        }
        await post.Pass(TimeSpan.FromSeconds(11));
        taken.ShouldBeGreaterThan(25);
        (taken + refused).ShouldBe(40);
        sink.Messages.Count.ShouldBe(taken);
        string[] known = ["from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding", "auto-submitted"];
        foreach (var (from, recipients, data) in sink.Messages)
        {
            from.ShouldBe("<service@amends.example>");
            recipients.Except(["<maria@casaverde.example>", "<olga@casaverde.example>"]).ShouldBeEmpty();
            recipients.ShouldContain("<maria@casaverde.example>");
            var head = data[..data.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
            foreach (var line in head)
            {
                line.Where(c => c != '\t' && char.IsControl(c)).ShouldBeEmpty(line);
                if (line[0] is not (' ' or '\t')) known.ShouldContain(line.Split(':')[0].ToLowerInvariant(), line);
            }
            head.Count(line => line.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase)).ShouldBe(1);
        }
        sink.Lines.Where(line => line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) || line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase)).ShouldAllBe(line => !line.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_test_button_says_that_the_server_took_it_or_what_it_said_and_saves_nothing()
    {
        using var sink = new Sink();
        await using var post = await Post.Open(On.Sqlite);
        (string, string?)[] typed = [("host", "127.0.0.1"), ("port", sink.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("security", "none"), ("undo", "10"), ("do", "test")];
        var good = await post.Desk.Post("/settings/mail-out", typed);
        good.Status.ShouldBe(HttpStatusCode.OK);
        good.Text(".banner.good").ShouldBe("The server took a test message for ben.kim@amends.example. Nothing was saved yet.");
        good.Value("host").ShouldBe("127.0.0.1", "what was typed stays");
        var message = sink.Messages.ShouldHaveSingleItem();
        (message.From, string.Join(' ', message.To)).ShouldBe(("<service@amends.example>", "<ben.kim@amends.example>"));
        message.Data.ShouldContain("Subject: Test message from Amends");
        message.Data.ShouldContain("Auto-Submitted: auto-generated");

        sink.AnswerTo = _ => "550 5.7.1 relaying denied";
        var bad = await post.Desk.Post("/settings/mail-out", typed);
        bad.Text(".banner.broken").ShouldNotBeNull().ShouldContain("550 relaying denied");
        bad.Text(".banner.broken").ShouldNotBeNull().ShouldEndWith("The server does not send for this address. Check that the mailbox belongs to the user.");
        sink.Messages.Count.ShouldBe(1);
        post.House.Get<House>().Get(HouseSettings.SmtpOn).ShouldBeFalse();
        post.House.Get<House>().Get(HouseSettings.SmtpHost).ShouldBe(HouseSettings.SmtpHost.Default);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_the_server_says_of_each_recipient_stands_on_the_case_and_later_is_tried_again(On on)
    {
        using var sink = new Sink { AnswerTo = to => to.Contains("gone", StringComparison.Ordinal) ? "550 5.1.1 no such user" : to.Contains("full", StringComparison.Ordinal) ? "452 4.2.2 mailbox full" : "250 OK" };
        await using var post = await Post.Open(on);
        await SmtpTo(post, sink.Port);
        post.House.Get<House>().Forget();
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        await post.Desk.Send(await post.Desk.See($"/cases/{number}/reply"), $"/cases/{number}/reply", ("to", "maria@casaverde.example"), ("cc", "gone@casaverde.example, full@casaverde.example"), ("text", "Hello"), ("next", "open"));
        await post.Pass(TimeSpan.FromSeconds(11));
        async Task<OutgoingMail> Row()
        {
            using var db = post.House.Databases.Open();
            return await db.Set<OutgoingMail>().Include(m => m.Recipients).SingleAsync(m => m.ContactId != null);
        }
        var row = await Row();
        row.State.ShouldBe(OutgoingState.Queued);
        row.Recipients.Select(r => (r.Address.Split('@')[0], r.State, r.Code)).Order().ShouldBe([("full", RecipientState.Waiting, 452), ("gone", RecipientState.Refused, 550), ("maria", RecipientState.Accepted, 250)]);
        (await post.Desk.See($"/cases/{number}")).Body.ShouldContain("refused for gone@casaverde.example");
        sink.AnswerTo = _ => "250 OK";
        await post.Pass(TimeSpan.FromMinutes(2));
        row = await Row();
        row.State.ShouldBe(OutgoingState.Failed, "one was refused for good");
        (await post.Desk.See($"/outbox/{row.Id}")).Text(".outbox-list [aria-current]")!.ShouldContain("partly refused: gone@casaverde.example did not get it");
        sink.Messages.Count.ShouldBe(2);
        sink.Messages.Last().To.ShouldBe(["<full@casaverde.example>"]);
        var ids = sink.Messages.Select(m => m.Data.Split("\r\n").Single(l => l.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))).Distinct().ToList();
        ids.Count.ShouldBe(1, "the same Message-ID on each try");
    }

    [Fact]
    public async Task Before_mail_out_is_saved_the_server_is_tried_and_nothing_is_sent()
    {
        using var sink = new Sink();
        await using var post = await Post.Open(On.Sqlite);
        var port = sink.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (string, string?)[] Typed(string to, string what) => [("on", "true"), ("host", "127.0.0.1"), ("port", to), ("security", "none"), ("undo", "10"), ("do", what)];
        bool On_() { post.House.Get<House>().Forget(); return post.House.Get<House>().Get(HouseSettings.SmtpOn); }
        // Nobody there.
        var bad = await post.Desk.Post("/settings/mail-out", Typed("9", "save"));
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Text(".banner.broken")!.ShouldStartWith("Not saved yet. 127.0.0.1, port 9: ");
        bad.Value("host").ShouldBe("127.0.0.1", "what was typed stays");
        bad.Document.QuerySelector("button[name=do][value=anyway]").ShouldNotBeNull();
        On_().ShouldBeFalse();
        // A password without protection: it goes nowhere, and is kept for the next try, for this server and user, and readable to nobody.
        var secret = await post.Desk.Post("/settings/mail-out", [.. Typed(port, "save"), ("user", "me"), ("password", "s3cret-canary")]);
        secret.Text(".banner.broken")!.ShouldContain("Without TLS no password is sent");
        secret.Body.ShouldNotContain("s3cret-canary");
        sink.Lines.ShouldAllBe(line => !line.Contains("AUTH", StringComparison.OrdinalIgnoreCase));
        var anyway = await post.Desk.Send(secret, "/settings/mail-out", ("do", "anyway"));
        anyway.Status.ShouldBe(HttpStatusCode.SeeOther, anyway.Body);
        On_().ShouldBeTrue();
        post.House.Get<House>().Get(HouseSettings.SmtpPassword).ShouldBe("s3cret-canary");
        // For another user the sealed one is none.
        (await post.Desk.Send(secret, "/settings/mail-out", ("do", "anyway"), ("user", "eve"), ("once", "other"))).Error("password").ShouldNotBeNull();
        // A server that answers is saved, and has heard no mail.
        (await post.Desk.Post("/settings/mail-out", [.. Typed(port, "save"), ("user", "")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        On_().ShouldBeTrue();
        sink.Messages.ShouldBeEmpty();
        sink.Lines.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task When_mail_begins_to_go_out_it_is_asked_what_becomes_of_what_lies_in_the_outbox(On on)
    {
        using var sink = new Sink();
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops."));
        var number = (await post.CaseOf(first!.CaseId)).Number;
        async Task Reply(string text)
        {
            (await post.Desk.Post($"/cases/{number}/reply", ("text", text), ("next", "open"))).Status.ShouldBe(HttpStatusCode.SeeOther);
            await post.Pass(TimeSpan.FromSeconds(11));
        }
        await Reply("The old one.");
        var before = post.House.Now.AddDays(-10);
        await post.House.Write.Run(Actor.System("test"), null, db => db.Set<OutgoingMail>().ExecuteUpdateAsync(set => set.SetProperty(m => m.QueuedAt, before)));
        await Reply("The new one.");
        var settings = await post.Desk.See("/settings/mail-out");
        settings.Text("#kept legend")!.ShouldStartWith("2 messages lie in the Outbox and went nowhere, the oldest of ");
        (string, string?)[] typed = [("on", "true"), ("host", "127.0.0.1"), ("port", sink.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("security", "none"), ("undo", "10"), ("do", "save")];
        // Nothing is decided for anybody.
        var asked = await post.Desk.Send(settings, "/settings/mail-out", typed);
        (asked.Status, asked.Error("kept")).ShouldBe((HttpStatusCode.UnprocessableEntity, "Say what becomes of the messages in the Outbox."));
        (await post.Desk.Send(settings, "/settings/mail-out", [.. typed, ("kept", "young"), ("days", "0")])).Error("days").ShouldNotBeNull();
        sink.Lines.ShouldBeEmpty();
        // The latest go, the others lie there and can be sent one by one.
        (await post.Desk.Send(settings, "/settings/mail-out", [.. typed, ("kept", "young"), ("days", "3")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        sink.Messages.ShouldHaveSingleItem().Data.ShouldContain("The new one.");
        long old;
        using (var db = post.House.Databases.Open()) old = await db.Set<OutgoingMail>().Where(m => m.ContactId != null).OrderBy(m => m.Id).Select(m => m.Id).FirstAsync();
        (await post.Desk.See("/settings/mail-out")).Document.QuerySelector("#kept").ShouldBeNull("mail goes out already");
        (await post.Desk.PostFrom($"/outbox/{old}", $"/outbox/{old}/retry")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        sink.Messages.Count.ShouldBe(2);
        // Off and on again with nothing that lies there: nothing is asked.
        (await post.Desk.Post("/settings/mail-out", [.. typed.Where(t => t.Item1 != "on"), ("on", null)])).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.Desk.Post("/settings/mail-out", typed)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        sink.Messages.Count.ShouldBe(2);
        // All at once.
        (await post.Desk.Post("/settings/mail-out", [.. typed.Where(t => t.Item1 != "on"), ("on", null)])).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Reply("The third.");
        (await post.Desk.Post("/settings/mail-out", [.. typed, ("kept", "all")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Quiet();
        sink.Messages.Count.ShouldBe(3);
    }
}
