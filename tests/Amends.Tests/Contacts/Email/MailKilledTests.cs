using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Tests.Commands;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>The real program, killed while it sends, and while it fetches from a real server: a few times, with <c>AMENDS_TEST_NIGHTLY=1</c> 200 times each.</summary>
public class MailKilledTests
{
    static readonly Actor Me = Actor.System("test");
    static readonly bool Nightly = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string Root(Scratch scratch)
    {
        var file = scratch.Under("root.pem");
        File.WriteAllText(file, Certificates.Root.ExportCertificatePem());
        return file;
    }

    static RealProgram Begin(string data, string? root) => root is null
        ? RealProgram.Begin("serve", "--port", RealProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--data", data)
        : RealProgram.BeginTrusting(root, "serve", "--port", RealProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--data", data);

    static async Task<List<T>> Ask<T>(string data, string sql, Func<Microsoft.Data.Sqlite.SqliteDataReader, T> row)
    {
        await using var line = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "amends.db")};Mode=ReadWrite;Pooling=False");
        await line.OpenAsync();
        await using var ask = line.CreateCommand();
        ask.CommandText = sql;
        var found = new List<T>();
        await using var rows = await ask.ExecuteReaderAsync();
        while (await rows.ReadAsync()) found.Add(row(rows));
        return found;
    }

    /// <summary>Queues mails, to be sent to a server on this machine.</summary>
    static async Task Queue(string data, int count, int port, MailSecurity security, string from, string to, string? user)
    {
        await KilledTests.Prepare(data);
        await using var house = await TestHouse.OpenAt(data, null, stays: true);
        house.Clock.Set(RealClock.Now);
        await house.Write.Run(Me, null, async db =>
        {
            var settings = house.Get<House>();
            await settings.Set(db, HouseSettings.Inner, "localhost:*");
            await settings.Set(db, HouseSettings.SmtpOn, true);
            await settings.Set(db, HouseSettings.SmtpHost, "localhost");
            await settings.Set(db, HouseSettings.SmtpPort, port);
            await settings.Set(db, HouseSettings.SmtpSecurity, security == MailSecurity.Tls ? "tls" : "none");
            if (user is null) return;
            await settings.Set(db, HouseSettings.SmtpUser, user);
            await settings.Set(db, HouseSettings.SmtpPassword, Dovecot.Password);
        });
        for (var n = 0; n < count; n++)
        {
            var draft = new MailDraft { From = new(from), Subject = $"Answer {n}", Date = RealClock.Now, Text = new string('x', n % 7 * 4000) + $"\nYour pump is on its way, number {n}.\n" };
            draft.To.Add(new(to));
            var ready = await house.Get<Outbox>().Prepare(draft);
            await house.Write.Run(Me, null, db => { Outbox.Queue(db, ready); return Task.CompletedTask; });
        }
    }

    static Task<List<string>> Unsent(string data) => Ask(data, "SELECT \"MessageId\" FROM \"OutgoingMail\" WHERE \"State\" = 0", r => r.GetString(0));

    static async Task AllIsSent(string data, string? root, int count)
    {
        await using var server = Begin(data, root);
        var patience = new Patience();
        for (var left = count; left > 0; left = (await Unsent(data)).Count)
        {
            patience.Look(left, () => $"{left} of {count} are not sent. {server.Said} {server.Failed}");
            await Task.Delay(50);
        }
        (await server.Terminate()).Code.ShouldBe(0, server.Failed);
        (await Ask(data, "SELECT \"State\" FROM \"OutgoingMail\"", r => r.GetInt32(0))).ShouldAllBe(state => state == (int)OutgoingState.Sent);
        (await Ask(data, "SELECT \"Kind\" FROM \"Job\" WHERE \"Kind\" = 'send mail'", r => r.GetString(0))).ShouldBeEmpty("none is stuck");
        (await Ask(data, "SELECT integrity_check FROM pragma_integrity_check", r => r.GetString(0))).ShouldBe(["ok"]);
    }

    static string IdOf(byte[] mail) => MailMessage.Read(mail).MessageId.ShouldNotBeNull();

    [Fact]
    public async Task F02_killed_again_and_again_while_it_sends_it_loses_none_and_repeats_only_what_it_could_not_know()
    {
        var kills = Nightly ? 200 : 10;
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        await using var smtp = new FakeSmtp();
        var count = kills * 12;
        await Queue(data, count, smtp.Port, MailSecurity.None, "service@amends.example", "maria@casaverde.example", null);
        // A word takes a moment, as on the way to a real server: there is something to be cut off.
        smtp.Answers = _ => { SpinWait.SpinUntil(() => false, 3); return null; };
        var random = new Random(20261122);
        var unknown = new List<string>();
        var taken = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using (var server = Begin(data, null))
            {
                // At a word of the talk; or just when a mail was taken, before its answer has come or been written down.
                var (heard, had, atTaking) = (smtp.Heard.Count + random.Next(1, 30), smtp.Taken.Count + random.Next(1, 8), kill % 2 == 0);
                var patience = new Patience();
                while (atTaking ? smtp.Taken.Count < had : smtp.Heard.Count < heard)
                {
                    patience.Look(smtp.Heard.Count, () => $"{server.Said} {server.Failed}");
                    server.HasEnded.ShouldBeFalse(server.Failed);
                    await Task.Delay(1);
                }
                await server.Kill();
            }
            // What the server took last, it writes down after the line is cut.
            await Task.Delay(50);
            var unsent = (await Unsent(data)).ToHashSet();
            var all = smtp.Taken;
            unknown.AddRange(all.Skip(taken).Select(t => IdOf(t.Data)).Where(unsent.Contains));
            // Nothing counts as sent that no server took.
            (await Ask(data, "SELECT \"MessageId\" FROM \"OutgoingMail\" WHERE \"State\" = 1", r => r.GetString(0))).Except(all.Select(t => IdOf(t.Data))).ShouldBeEmpty();
            taken = all.Count;
        }
        await AllIsSent(data, null, count);
        smtp.Malformed.ShouldBeEmpty();
        var came = smtp.Taken.GroupBy(t => IdOf(t.Data)).ToList();
        came.Count.ShouldBe(count, "0 lost");
        foreach (var one in came)
        {
            one.Count().ShouldBeLessThanOrEqualTo(1 + unknown.Count(id => id == one.Key), "again only where the last answer was lost");
            one.Select(t => Convert.ToHexString(SHA256.HashData(t.Data))).Distinct().Count().ShouldBe(1, "the same bytes");
        }
        unknown.ShouldNotBeEmpty("it was killed between the taking and the writing down at least once");
    }

    [Fact]
    public async Task F02_killed_again_and_again_while_it_sends_to_a_real_server_it_loses_none()
    {
        var kills = Nightly ? 200 : 3;
        var postfix = await Postfix.SharedAsync();
        var (from, to) = (Dovecot.NewBox(), Dovecot.NewBox());
        using var scratch = new Scratch();
        var (data, root, count) = (scratch.Under("data"), Root(scratch), kills * 12);
        await Queue(data, count, postfix.Server(MailSecurity.Tls).Port, MailSecurity.Tls, $"{from}@amends.test", $"{to}@amends.test", from);
        var random = new Random(20261122);
        var flying = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var server = Begin(data, root);
            var left = (await Unsent(data)).Count - random.Next(1, 8);
            var patience = new Patience();
            for (var now = int.MaxValue; now > left; now = (await Unsent(data)).Count)
            {
                patience.Look(now, () => $"{server.Said} {server.Failed}");
                server.HasEnded.ShouldBeFalse(server.Failed);
                await Task.Delay(1);
            }
            await server.Kill();
            flying.AddRange(await Ask(data, "SELECT m.\"MessageId\" FROM \"OutgoingMail\" AS m JOIN \"Job\" AS j ON j.\"DedupeKey\" = 'send mail:' || m.\"Id\" WHERE m.\"State\" = 0 AND j.\"LeasedUntil\" IS NOT NULL", r => r.GetString(0)));
        }
        await AllIsSent(data, root, count);
        await using var client = await ImapClient.ConnectAsync((await Dovecot.SharedAsync()).Server(to), RealClock.It, Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        var came = new Dictionary<string, int>();
        var read = 0u;
        var patient = new Patience();
        while (came.Count < count)
        {
            patient.Look(came.Count, () => $"{came.Count} of {count} have come");
            foreach (var uid in await client.SearchAsync(read + 1, Stop))
            {
                using var sink = new MemoryStream();
                await client.FetchAsync(uid, sink, cancel: Stop);
                var id = IdOf(sink.ToArray());
                (came[id], read) = (came.GetValueOrDefault(id) + 1, uid);
            }
            await client.PingAsync(Stop);
            await Task.Delay(100, Stop);
        }
        came.Count.ShouldBe(count, "0 lost");
        foreach (var (id, times) in came) times.ShouldBeLessThanOrEqualTo(1 + flying.Count(f => f == id), "again only what was on its way at a kill");
    }

    [Fact]
    public async Task F01_killed_again_and_again_while_it_fetches_from_a_real_server_it_takes_each_mail_once()
    {
        var kills = Nightly ? 200 : 5;
        var dovecot = await Dovecot.SharedAsync();
        var box = Dovecot.NewBox();
        using var scratch = new Scratch();
        var (data, root) = (scratch.Under("data"), Root(scratch));
        await KilledTests.Prepare(data);
        await using (var house = await TestHouse.OpenAt(data, null, stays: true))
            await house.Write.Run(Me, null, async db =>
            {
                var one = await db.Set<Mailbox>().AsTracking().SingleAsync();
                (one.ImapOn, one.ImapHost, one.ImapPort, one.ImapSecurity, one.ImapUser, one.ImapFolder) = (true, "localhost", dovecot.TlsPort, MailSecurity.Tls, box, "INBOX");
                one.ImapSecret = house.Get<MailServers>().Seal(Dovecot.Password);
                one.Changed();
                await house.Get<House>().Set(db, HouseSettings.Inner, "localhost:*");
            });
        await using var client = await ImapClient.ConnectAsync(dovecot.Server(box), RealClock.It, Stop);
        await client.SelectAsync("INBOX", cancel: Stop);
        var sent = new List<string>();
        Task<List<string>> Stored() => Ask(data, "SELECT hex(\"Sha256\") FROM \"Delivery\"", r => r.GetString(0));
        var random = new Random(20261122);
        for (var kill = 0; kill < kills; kill++)
        {
            for (var n = 0; n < 15; n++)
            {
                var raw = MailStand.Mail(sent.Count + 1, text: new string('x', sent.Count % 10 * 3000), withId: sent.Count % 5 != 0);
                await client.AppendAsync("INBOX", raw, [], Stop);
                sent.Add(Convert.ToHexString(SHA256.HashData(raw)));
            }
            var want = (await Stored()).Count + random.Next(1, 15);
            await using (var server = Begin(data, root))
            {
                var patience = new Patience();
                for (var now = 0; now < want; now = (await Stored()).Count)
                {
                    patience.Look(now, () => $"{server.Said} {server.Failed}");
                    server.HasEnded.ShouldBeFalse(server.Failed);
                    await Task.Delay(2);
                }
                if (random.Next(2) == 0) await Task.Delay(random.Next(1, 25));
                await server.Kill();
            }
            (await Stored()).Distinct().Count().ShouldBe((await Stored()).Count, "0 doubled");
        }
        await using (var server = Begin(data, root))
        {
            var patience = new Patience();
            for (var (here, seen) = (0, 0); here < sent.Count || seen < sent.Count; (here, seen) = ((await Ask(data, "SELECT COUNT(*) FROM \"Contact\"", r => r.GetInt32(0)))[0], await Seen()))
            {
                patience.Look(here + seen, () => $"{here} of {sent.Count} are here, {seen} are marked. {server.Failed}");
                await Task.Delay(100);
            }
            (await server.Terminate()).Code.ShouldBe(0, server.Failed);
        }
        (await Stored()).Order().ShouldBe(sent.Order(), "0 lost, 0 doubled");
        (await Ask(data, "SELECT COUNT(*) FROM \"Contact\"", r => r.GetInt32(0))).ShouldBe([sent.Count]);
        (await Ask(data, "SELECT integrity_check FROM pragma_integrity_check", r => r.GetString(0))).ShouldBe(["ok"]);

        async Task<int> Seen()
        {
            await client.PingAsync(Stop);
            return (await client.InfoAsync(await client.SearchAsync(cancel: Stop), Stop)).Count(info => info.Flags.Contains("\\Seen"));
        }
    }
}
